"""One phase of a flight in time: Dormand-Prince 8(5,3) with step control, samples and events between the steps.

Between steps a quintic Hermite polynomial through position, velocity and acceleration gives samples and events, which
keeps its error far below a metre because a step is capped at 60 s.  Read `_step` (one step), `_between` (the state
inside a step), `_root_between` (apogee and ground), then `arc`, which takes steps until a time or the ground.

Not here: what accelerates the body (`forces`) and which phases make a flight (`flight`).

Source: Hairer, Norsett, Wanner, Solving Ordinary Differential Equations I, 2nd ed., section II.5 and DOP853.
"""

from math import sqrt

import numpy as np
from numpy.typing import NDArray

from diptych.kernels.atmosphere import us76_smooth_density
from diptych.kernels.earth import WGS84_A_M, WGS84_B_M, radial_height_m
from diptych.kernels.forces import MODE, rates
from diptych.kernels.jit import kernel
from diptych.kernels.status import OK, TOO_MANY_STEPS

F8 = NDArray[np.float64]

MAX_STEP_S = 60.0  # keeps the quintic between steps below 1 mm in coast
MAX_STEPS = 4000
TOLERANCE = 4e-9  # local error per step, in units of the Earth's radius and of circular speed: 26 mm and 32 um/s
SPEED_UNIT_MPS = 7905.365  # sqrt(mu / a)

_GROUND, _APOGEE = 0, 1


@kernel
def _step(t: float, h: float, y: F8, k: F8, p: F8, new: F8, phase: F8) -> float:
    """Try one DOP853 step from y (6,) at t with slopes in k[0]; fill new (6,) and k[12]; return the error over the
    tolerance.
    """
    for c in range(6):
        p[c] = y[c] + h * (0.05260015195876773 * k[0, c])
    rates(t + 0.05260015195876773 * h, p, k, 1, phase)
    for c in range(6):
        p[c] = y[c] + h * (0.0197250569845379 * k[0, c] + 0.0591751709536137 * k[1, c])
    rates(t + 0.0789002279381516 * h, p, k, 2, phase)
    for c in range(6):
        p[c] = y[c] + h * (0.02958758547680685 * k[0, c] + 0.08876275643042054 * k[2, c])
    rates(t + 0.1183503419072274 * h, p, k, 3, phase)
    for c in range(6):
        p[c] = y[c] + h * (0.2413651341592667 * k[0, c] - 0.8845494793282861 * k[2, c] + 0.924834003261792 * k[3, c])
    rates(t + 0.2816496580927726 * h, p, k, 4, phase)
    for c in range(6):
        p[c] = y[c] + h * (
            0.037037037037037035 * k[0, c] + 0.17082860872947386 * k[3, c] + 0.12546768756682242 * k[4, c]
        )
    rates(t + 0.3333333333333333 * h, p, k, 5, phase)
    for c in range(6):
        p[c] = y[c] + h * (
            0.037109375 * k[0, c]
            + 0.17025221101954405 * k[3, c]
            + 0.06021653898045596 * k[4, c]
            - 0.017578125 * k[5, c]
        )
    rates(t + 0.25 * h, p, k, 6, phase)
    for c in range(6):
        p[c] = y[c] + h * (
            0.03709200011850479 * k[0, c]
            + 0.17038392571223998 * k[3, c]
            + 0.10726203044637328 * k[4, c]
            - 0.015319437748624402 * k[5, c]
            + 0.008273789163814023 * k[6, c]
        )
    rates(t + 0.3076923076923077 * h, p, k, 7, phase)
    for c in range(6):
        p[c] = y[c] + h * (
            0.6241109587160757 * k[0, c]
            - 3.3608926294469414 * k[3, c]
            - 0.868219346841726 * k[4, c]
            + 27.59209969944671 * k[5, c]
            + 20.154067550477894 * k[6, c]
            - 43.48988418106996 * k[7, c]
        )
    rates(t + 0.6512820512820513 * h, p, k, 8, phase)
    for c in range(6):
        p[c] = y[c] + h * (
            0.47766253643826434 * k[0, c]
            - 2.4881146199716677 * k[3, c]
            - 0.590290826836843 * k[4, c]
            + 21.230051448181193 * k[5, c]
            + 15.279233632882423 * k[6, c]
            - 33.28821096898486 * k[7, c]
            - 0.020331201708508627 * k[8, c]
        )
    rates(t + 0.6 * h, p, k, 9, phase)
    for c in range(6):
        p[c] = y[c] + h * (
            -0.9371424300859873 * k[0, c]
            + 5.186372428844064 * k[3, c]
            + 1.0914373489967295 * k[4, c]
            - 8.149787010746927 * k[5, c]
            - 18.52006565999696 * k[6, c]
            + 22.739487099350505 * k[7, c]
            + 2.4936055526796523 * k[8, c]
            - 3.0467644718982196 * k[9, c]
        )
    rates(t + 0.8571428571428571 * h, p, k, 10, phase)
    for c in range(6):
        p[c] = y[c] + h * (
            2.273310147516538 * k[0, c]
            - 10.53449546673725 * k[3, c]
            - 2.0008720582248625 * k[4, c]
            - 17.9589318631188 * k[5, c]
            + 27.94888452941996 * k[6, c]
            - 2.8589982771350235 * k[7, c]
            - 8.87285693353063 * k[8, c]
            + 12.360567175794303 * k[9, c]
            + 0.6433927460157636 * k[10, c]
        )
    rates(t + 1.0 * h, p, k, 11, phase)
    for c in range(6):
        new[c] = y[c] + h * (
            0.054293734116568765 * k[0, c]
            + 4.450312892752409 * k[5, c]
            + 1.8915178993145003 * k[6, c]
            - 5.801203960010585 * k[7, c]
            + 0.3111643669578199 * k[8, c]
            - 0.1521609496625161 * k[9, c]
            + 0.20136540080403034 * k[10, c]
            + 0.04471061572777259 * k[11, c]
        )
    rates(t + h, new, k, 12, phase)
    e5 = 0.0
    e3 = 0.0
    for c in range(6):
        unit = WGS84_A_M if c < 3 else SPEED_UNIT_MPS
        a = (
            0.01312004499419488 * k[0, c]
            - 1.2251564463762044 * k[5, c]
            - 0.4957589496572502 * k[6, c]
            + 1.6643771824549864 * k[7, c]
            - 0.35032884874997366 * k[8, c]
            + 0.3341791187130175 * k[9, c]
            + 0.08192320648511571 * k[10, c]
            - 0.022355307863886294 * k[11, c]
        )
        b = (
            -0.18980075407240762 * k[0, c]
            + 4.450312892752409 * k[5, c]
            + 1.8915178993145003 * k[6, c]
            - 5.801203960010585 * k[7, c]
            - 0.4226823213237919 * k[8, c]
            - 0.1521609496625161 * k[9, c]
            + 0.20136540080403034 * k[10, c]
            + 0.02265179219836082 * k[11, c]
        )
        e5 += (a / unit) ** 2
        e3 += (b / unit) ** 2
    return h * e5 / (sqrt((e5 + 0.01 * e3) * 6.0) + 1e-300) / TOLERANCE


@kernel
def _between(w: float, h: float, y: F8, k: F8, new: F8, out: F8) -> None:
    """Write into out (6,) the state at fraction w of a step of length h: quintic Hermite on position, its slope for
    velocity.
    """
    for c in range(3):
        p0 = y[c]
        v0 = h * y[3 + c]
        a0 = 0.5 * h * h * k[0, 3 + c]
        d = new[c] - p0 - v0 - a0
        dv = h * new[3 + c] - v0 - 2.0 * a0
        da = 0.5 * h * h * k[12, 3 + c] - a0
        c3 = 10.0 * d - 4.0 * dv + da
        c4 = -15.0 * d + 7.0 * dv - 2.0 * da
        c5 = 6.0 * d - 3.0 * dv + da
        out[c] = p0 + w * (v0 + w * (a0 + w * (c3 + w * (c4 + w * c5))))
        out[3 + c] = (v0 + w * (2.0 * a0 + w * (3.0 * c3 + w * (4.0 * c4 + w * 5.0 * c5)))) / h


@kernel
def _climb(y: F8) -> float:
    """Return d(radial height)/dt, m/s, of an ECEF state."""
    q = y[0] * y[0] + y[1] * y[1]
    r = sqrt(q + y[2] * y[2])
    rdot = (y[0] * y[3] + y[1] * y[4] + y[2] * y[5]) / r
    s = sqrt(q / (WGS84_A_M * WGS84_A_M) + y[2] * y[2] / (WGS84_B_M * WGS84_B_M))
    qdot = y[0] * y[3] + y[1] * y[4]
    sdot = (qdot / (WGS84_A_M * WGS84_A_M) + y[2] * y[5] / (WGS84_B_M * WGS84_B_M)) / s
    return float(rdot * (1.0 - 1.0 / s) + r * sdot / (s * s))


@kernel
def _root_between(kind: int, h: float, y: F8, k: F8, new: F8, out: F8) -> float:
    """Return the fraction of the step where the climb rate (or the height) changes sign, by bisection and secant; out
    holds the state.

    The fraction is good to 1e-12 of a step, so to well under a microsecond.
    """
    lo, hi = 0.0, 1.0
    flo = _climb(y) if kind == _APOGEE else radial_height_m(y[0], y[1], y[2])
    fhi = _climb(new) if kind == _APOGEE else radial_height_m(new[0], new[1], new[2])
    w = 1.0
    for i in range(80):
        w = 0.5 * (lo + hi)
        if i % 3 != 0 and flo != fhi:
            w = max(lo, min(hi, lo + (hi - lo) * flo / (flo - fhi)))
        _between(w, h, y, k, new, out)
        f = _climb(out) if kind == _APOGEE else radial_height_m(out[0], out[1], out[2])
        if f > 0.0:
            lo, flo = w, f
        else:
            hi, fhi = w, f
        if hi - lo < 1e-12 or f == 0.0:
            break
    return w


@kernel
def arc(
    t0: float, t1: float, y: F8, phase: F8, k: F8, work: F8, t_grid: F8, next_sample: int, samples: F8, events: F8
) -> tuple[float, int, int, bool]:
    """Advance y (6,) in place from t0 until t1 or the ground.

    Fills samples (k, 6) from index `next_sample` for grid times in (t0, t]; notes apogee and greatest dynamic
    pressure in events (8,).  `work` is (3, 6) scratch: trial state, new state, point between.  Returns the time
    reached, the next sample, a status and whether the ground was met (y is then the impact state).
    """
    t = t0
    trial, new, point = work[0], work[1], work[2]
    rates(t, y, k, 0, phase)
    h = min(1.0, t1 - t0)
    height = radial_height_m(y[0], y[1], y[2])
    climb = _climb(y)
    steps = 0
    growth = 5.0
    while t < t1:
        steps += 1
        if steps > MAX_STEPS:
            return t, next_sample, TOO_MANY_STEPS, False
        last = t1 - t <= h * (1.0 + 1e-12)
        if last:
            h = t1 - t
        error = _step(t, h, y, k, trial, new, phase)
        new_height = radial_height_m(new[0], new[1], new[2])
        if not (error <= 1.0 and new_height > -20000.0):  # also catches nan and trial states deep underground
            h *= max(0.2, 0.9 * error**-0.125) if 1.0 < error < 1e30 else 0.2
            growth = 1.0  # no growth right after a refusal
            if h < 1e-9:
                return t, next_sample, TOO_MANY_STEPS, False
            continue
        new_climb = _climb(new)
        is_down = new_height < 0.0 and new_climb < 0.0
        end = 1.0
        if is_down and height >= 0.0:
            end = _root_between(_GROUND, h, y, k, new, point)
        elif is_down:
            end = 0.0
        if climb > 0.0 and new_climb <= 0.0:
            w = _root_between(_APOGEE, h, y, k, new, point)
            top = radial_height_m(point[0], point[1], point[2])
            if not (top < events[1]):
                events[0] = t + w * h
                events[1] = top
        reached = t + end * h
        if last and end == 1.0:
            reached = t1
        while next_sample < t_grid.shape[0] and t_grid[next_sample] <= reached:
            _between((t_grid[next_sample] - t) / h, h, y, k, new, point)
            for c in range(6):
                samples[next_sample, c] = point[c]
            next_sample += 1
        if is_down:
            _between(end, h, y, k, new, point)
            for c in range(6):
                y[c] = point[c]
            return reached, next_sample, OK, True
        t = reached
        for c in range(6):
            y[c] = new[c]
            k[0, c] = k[12, c]
        height = new_height
        climb = new_climb
        if height < 60000.0:
            speed2 = y[3] * y[3] + y[4] * y[4] + y[5] * y[5]
            pressure = 0.5 * us76_smooth_density(height) * speed2
            if phase[MODE] > 0.5 and not (pressure < events[2]):
                events[2] = pressure
        h = min(MAX_STEP_S, h * min(growth, max(0.3, 0.9 * (error + 1e-16) ** -0.125)))
        growth = 5.0
    return t, next_sample, OK, False
