"""Point-mass flight over the rotating Earth: boost by stages, coast, re-entry, impact.

Three degrees of freedom, integrated in ECEF with Coriolis and centrifugal terms; gravity of WGS-84 with J2 on a
switch; drag on the smooth standard atmosphere that turns with the Earth.  Boost: vertical rise, then thrust tilted by
`kick` toward the azimuth for a few seconds, then a gravity turn (thrust along the velocity over the ground), stages
without a pause, until the cut-off.  After the cut-off the re-entry body flies alone under its ballistic coefficient.
Thrust is constant per stage (its mean over altitude).

Dormand-Prince 8(5,3) with step control; between steps a quintic Hermite polynomial through position, velocity and
acceleration gives samples and events, which keeps their error far below a metre because a step is capped at 60 s.
Read `_step` (one step), `_arc` (steps, samples, events until a time or the ground), then `fly` and `fly_from_state`;
`_many` versions loop.

Sources: Hairer, Norsett, Wanner, Solving Ordinary Differential Equations I, 2nd ed., section II.5 and DOP853;
Vallado, sections 8.6 and 8.7 (perturbations); kernels `earth`, `atmosphere`.
"""

from math import cos, sin, sqrt

import numpy as np
from numpy.typing import NDArray

from diptych.kernels.atmosphere import US76_VACUUM_M, us76_smooth_density
from diptych.kernels.earth import J2, MU_M3_S2, OMEGA_RAD_S, WGS84_A_M, WGS84_B_M, geodetic_to_ecef, radial_height_m
from diptych.kernels.jit import kernel
from diptych.kernels.status import (
    BAD_INPUT,
    BELOW_SURFACE,
    FELL_DURING_BOOST,
    NO_IMPACT,
    NO_LIFT_OFF,
    OK,
    TOO_MANY_STEPS,
)

F8 = NDArray[np.float64]
_IA2 = 1.0 / (WGS84_A_M * WGS84_A_M)
_IB2 = 1.0 / (WGS84_B_M * WGS84_B_M)

MAX_STEP_S = 60.0  # keeps the quintic between steps below 1 mm in coast
MAX_STEPS = 4000
MAX_FLIGHT_S = 7200.0  # nothing suborbital of interest stays up longer
TOLERANCE = 4e-9  # local error per step, in units of the Earth's radius and of circular speed: 26 mm and 32 um/s
SPEED_UNIT_MPS = 7905.365  # sqrt(mu / a)

# Steering vector, one row per vehicle.
AZIMUTH, KICK, RISE, KICK_DURATION, CUTOFF, SPARE = 0, 1, 2, 3, 4, 5

# What a phase carries, as one row of numbers: how it thrusts, at what mass, and the drag of the body.
_MODE, _THRUST, _FLOW, _MASS, _SINCE, _AREA, _UX, _UY, _UZ, _J2 = 0, 1, 2, 3, 4, 5, 6, 7, 8, 9
_COAST, _FIXED, _TURN = 0.0, 1.0, 2.0
_GROUND, _APOGEE = 0, 1


@kernel
def _rates(t: float, y: F8, k: F8, i: int, phase: F8) -> None:
    """Write d(state)/dt (6,) in ECEF into row i of k."""
    x, yy, z = y[0], y[1], y[2]
    u, v, w = y[3], y[4], y[5]
    q = x * x + yy * yy
    z2 = z * z
    r2 = q + z2
    r = sqrt(r2)
    ir2 = 1.0 / r2
    g = -MU_M3_S2 * ir2 * ir2 * r
    c = phase[_J2] * (1.5 * J2 * WGS84_A_M * WGS84_A_M) * ir2
    e = 5.0 * z2 * ir2
    gxy = g * (1.0 + c * (1.0 - e)) + OMEGA_RAD_S * OMEGA_RAD_S
    gz = g * (1.0 + c * (3.0 - e))
    ax = gxy * x + 2.0 * OMEGA_RAD_S * v
    ay = gxy * yy - 2.0 * OMEGA_RAD_S * u
    az = gz * z
    mode = phase[_MODE]
    mass = 1.0
    if mode > 0.5:
        mass = phase[_MASS] - phase[_FLOW] * (t - phase[_SINCE])
    height = r - r / sqrt(q * _IA2 + z2 * _IB2)  # as `radial_height_m`
    if height < US76_VACUUM_M:
        d = -0.5 * us76_smooth_density(height) * phase[_AREA] / mass * sqrt(u * u + v * v + w * w)
        ax += d * u
        ay += d * v
        az += d * w
    if mode > 1.5:
        f = phase[_THRUST] / (mass * sqrt(u * u + v * v + w * w))
        ax += f * u
        ay += f * v
        az += f * w
    elif mode > 0.5:
        f = phase[_THRUST] / mass
        ax += f * phase[_UX]
        ay += f * phase[_UY]
        az += f * phase[_UZ]
    k[i, 0], k[i, 1], k[i, 2] = u, v, w
    k[i, 3], k[i, 4], k[i, 5] = ax, ay, az


@kernel
def _step(t: float, h: float, y: F8, k: F8, p: F8, new: F8, phase: F8) -> float:
    """Try one DOP853 step from y (6,) at t with slopes in k[0]; fill new (6,) and k[12]; return the error over the
    tolerance.
    """
    for c in range(6):
        p[c] = y[c] + h * (0.05260015195876773 * k[0, c])
    _rates(t + 0.05260015195876773 * h, p, k, 1, phase)
    for c in range(6):
        p[c] = y[c] + h * (0.0197250569845379 * k[0, c] + 0.0591751709536137 * k[1, c])
    _rates(t + 0.0789002279381516 * h, p, k, 2, phase)
    for c in range(6):
        p[c] = y[c] + h * (0.02958758547680685 * k[0, c] + 0.08876275643042054 * k[2, c])
    _rates(t + 0.1183503419072274 * h, p, k, 3, phase)
    for c in range(6):
        p[c] = y[c] + h * (0.2413651341592667 * k[0, c] - 0.8845494793282861 * k[2, c] + 0.924834003261792 * k[3, c])
    _rates(t + 0.2816496580927726 * h, p, k, 4, phase)
    for c in range(6):
        p[c] = y[c] + h * (
            0.037037037037037035 * k[0, c] + 0.17082860872947386 * k[3, c] + 0.12546768756682242 * k[4, c]
        )
    _rates(t + 0.3333333333333333 * h, p, k, 5, phase)
    for c in range(6):
        p[c] = y[c] + h * (
            0.037109375 * k[0, c]
            + 0.17025221101954405 * k[3, c]
            + 0.06021653898045596 * k[4, c]
            - 0.017578125 * k[5, c]
        )
    _rates(t + 0.25 * h, p, k, 6, phase)
    for c in range(6):
        p[c] = y[c] + h * (
            0.03709200011850479 * k[0, c]
            + 0.17038392571223998 * k[3, c]
            + 0.10726203044637328 * k[4, c]
            - 0.015319437748624402 * k[5, c]
            + 0.008273789163814023 * k[6, c]
        )
    _rates(t + 0.3076923076923077 * h, p, k, 7, phase)
    for c in range(6):
        p[c] = y[c] + h * (
            0.6241109587160757 * k[0, c]
            - 3.3608926294469414 * k[3, c]
            - 0.868219346841726 * k[4, c]
            + 27.59209969944671 * k[5, c]
            + 20.154067550477894 * k[6, c]
            - 43.48988418106996 * k[7, c]
        )
    _rates(t + 0.6512820512820513 * h, p, k, 8, phase)
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
    _rates(t + 0.6 * h, p, k, 9, phase)
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
    _rates(t + 0.8571428571428571 * h, p, k, 10, phase)
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
    _rates(t + 1.0 * h, p, k, 11, phase)
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
    _rates(t + h, new, k, 12, phase)
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
def _arc(
    t0: float, t1: float, y: F8, phase: F8, k: F8, work: F8, t_grid: F8, next_sample: int, samples: F8, events: F8
) -> tuple[float, int, int, bool]:
    """Advance y (6,) in place from t0 until t1 or the ground.

    Fills samples (k, 6) from index `next_sample` for grid times in (t0, t]; notes apogee and greatest dynamic
    pressure in events (8,).  `work` is (3, 6) scratch: trial state, new state, point between.  Returns the time
    reached, the next sample, a status and whether the ground was met (y is then the impact state).
    """
    t = t0
    trial, new, point = work[0], work[1], work[2]
    _rates(t, y, k, 0, phase)
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
            if phase[_MODE] > 0.5 and not (pressure < events[2]):
                events[2] = pressure
        h = min(MAX_STEP_S, h * min(growth, max(0.3, 0.9 * (error + 1e-16) ** -0.125)))
        growth = 5.0
    return t, next_sample, OK, False


@kernel
def _coast(
    t0: float, y: F8, beta: float, j2_on: bool, k: F8, work: F8, t_grid: F8, first: int, samples: F8, ev: F8
) -> tuple[float, int]:
    """Fly a body free from y (6,) at t0 until the ground; y becomes the impact state.  Returns the impact time and a
    status.
    """
    phase = np.zeros(10)
    phase[_AREA] = 1.0 / beta
    phase[_J2] = 1.0 if j2_on else 0.0
    t, _, status, is_down = _arc(t0, t0 + MAX_FLIGHT_S, y, phase, k, work, t_grid, first, samples, ev)
    if status != OK:
        return t, status
    return (t, OK) if is_down else (t, NO_IMPACT)


@kernel
def fly_from_state(state_ecef: F8, t0_s: float, beta_kg_m2: float, j2_on: bool, t_grid_s: F8) -> tuple[F8, F8, F8, int]:
    """Return the free flight of a body from a state to the ground.

    state_ecef (6,) m, m/s at t0_s; t_grid_s (k,) rising, same clock.  Returns samples (k, 6) ECEF, nan before t0_s
    and after impact; events (4,): apogee s, apogee m (nan if it only falls), impact s, impact speed m/s over the
    ground; impact (3,) ECEF m; status.
    """
    samples = np.full((t_grid_s.shape[0], 6), np.nan)
    events = np.full(4, np.nan)
    impact = np.full(3, np.nan)
    ev = np.full(3, np.nan)
    y = state_ecef.copy()
    for c in range(6):
        if not np.isfinite(y[c]):
            return samples, events, impact, BAD_INPUT
    if not beta_kg_m2 > 0.0:
        return samples, events, impact, BAD_INPUT
    if radial_height_m(y[0], y[1], y[2]) < 0.0:
        return samples, events, impact, BELOW_SURFACE
    first = 0
    while first < t_grid_s.shape[0] and t_grid_s[first] < t0_s:
        first += 1
    if first < t_grid_s.shape[0] and t_grid_s[first] == t0_s:
        samples[first] = y
        first += 1
    k = np.empty((13, 6))
    work = np.empty((3, 6))
    t, status = _coast(t0_s, y, beta_kg_m2, j2_on, k, work, t_grid_s, first, samples, ev)
    events[0] = ev[0]
    events[1] = ev[1]
    if status == OK:
        events[2] = t
        events[3] = sqrt(y[3] ** 2 + y[4] ** 2 + y[5] ** 2)
        impact[:] = y[:3]
    return samples, events, impact, status


@kernel
def fly_from_states(
    states_ecef: F8, t0_s: F8, beta_kg_m2: F8, j2_on: bool, t_grid_s: F8
) -> tuple[F8, F8, F8, NDArray[np.int64]]:
    """Return `fly_from_state` for rows: samples (n, k, 6), events (n, 4), impacts (n, 3), statuses (n,)."""
    n = states_ecef.shape[0]
    samples = np.empty((n, t_grid_s.shape[0], 6))
    events = np.empty((n, 4))
    impacts = np.empty((n, 3))
    status = np.empty(n, np.int64)
    for i in range(n):
        samples[i], events[i], impacts[i], status[i] = fly_from_state(
            states_ecef[i], t0_s[i], beta_kg_m2[i], j2_on, t_grid_s
        )
    return samples, events, impacts, status


@kernel
def fly(
    lat_rad: float,
    lon_rad: float,
    height_m: float,
    stages: F8,
    payload_kg: float,
    beta_kg_m2: float,
    steering: F8,
    j2_on: bool,
    t_grid_s: F8,
) -> tuple[F8, F8, F8, F8, F8, int]:
    """Return a whole flight, launch to impact.

    stages (s, 5): thrust N, exhaust speed m/s, dry kg, propellant kg, drag area Cd A m2; rows of zero thrust are
    skipped. steering (6,): azimuth rad, kick rad from the vertical, rise s, kick duration s, cut-off s after launch,
    spare. t_grid_s (k,) rising, seconds after launch.

    Returns samples (k, 6) ECEF m, m/s (nan before launch and after impact); burnout_s (s,) when each stage stopped
    (nan: never lit); the state (6,) at the end of thrust; events (6,): end of thrust s, apogee s, apogee m, impact s,
    impact speed m/s over the ground, greatest dynamic pressure of the boost Pa (at step ends, within some 5 %);
    impact (3,) ECEF m; status.
    """
    samples = np.full((t_grid_s.shape[0], 6), np.nan)
    n = stages.shape[0]
    burnout_s = np.full(n, np.nan)
    burnout_state = np.full(6, np.nan)
    events = np.full(6, np.nan)
    impact = np.full(3, np.nan)
    ev = np.full(3, np.nan)
    mass = payload_kg
    for i in range(n):
        mass += stages[i, 2] + stages[i, 3]
    if not (beta_kg_m2 > 0.0 and payload_kg > 0.0 and n > 0 and steering[CUTOFF] > 0.0):
        return samples, burnout_s, burnout_state, events, impact, BAD_INPUT

    x, yy, z = geodetic_to_ecef(lat_rad, lon_rad, height_m)
    y = np.zeros(6)
    y[0], y[1], y[2] = x, yy, z
    sl, cl, so, co = sin(lat_rad), cos(lat_rad), sin(lon_rad), cos(lon_rad)
    sa, ca = sin(steering[AZIMUTH]), cos(steering[AZIMUTH])
    first = 0
    while first < t_grid_s.shape[0] and t_grid_s[first] < 0.0:
        first += 1
    if first < t_grid_s.shape[0] and t_grid_s[first] == 0.0:
        samples[first] = y
        first += 1

    phase = np.zeros(10)
    phase[_J2] = 1.0 if j2_on else 0.0
    k = np.empty((13, 6))
    work = np.empty((3, 6))
    t = 0.0
    rise_end = steering[RISE]
    kick_end = rise_end + steering[KICK_DURATION]
    for i in range(n):
        thrust, exhaust, dry, propellant, area = stages[i, 0], stages[i, 1], stages[i, 2], stages[i, 3], stages[i, 4]
        if not (thrust > 0.0):
            continue
        if t == 0.0 and thrust <= mass * 9.9:
            return samples, burnout_s, burnout_state, events, impact, NO_LIFT_OFF
        flow = thrust / exhaust
        stop = min(t + propellant / flow, steering[CUTOFF])
        phase[_THRUST], phase[_FLOW], phase[_MASS], phase[_SINCE], phase[_AREA] = thrust, flow, mass, t, area
        while t < stop:
            tilt = 0.0
            phase[_MODE] = _FIXED
            until = stop
            if t < rise_end:
                until = min(stop, rise_end)
            elif t < kick_end:
                tilt = steering[KICK]
                until = min(stop, kick_end)
            else:
                phase[_MODE] = _TURN
            e, nn, up = sin(tilt) * sa, sin(tilt) * ca, cos(tilt)
            phase[_UX] = -so * e - sl * co * nn + cl * co * up
            phase[_UY] = co * e - sl * so * nn + cl * so * up
            phase[_UZ] = cl * nn + sl * up
            t, first, status, is_down = _arc(t, until, y, phase, k, work, t_grid_s, first, samples, ev)
            if status != OK or is_down:
                return samples, burnout_s, burnout_state, events, impact, FELL_DURING_BOOST if is_down else status
        burnout_s[i] = t
        mass -= dry + propellant
        if t >= steering[CUTOFF]:
            break
    burnout_state[:] = y
    events[0] = t
    t, status = _coast(t, y, beta_kg_m2, j2_on, k, work, t_grid_s, first, samples, ev)
    events[1] = ev[0]
    events[2] = ev[1]
    events[5] = ev[2]
    if status == OK:
        events[3] = t
        events[4] = sqrt(y[3] ** 2 + y[4] ** 2 + y[5] ** 2)
        impact[:] = y[:3]
    return samples, burnout_s, burnout_state, events, impact, status


@kernel
def fly_many(
    lat_rad: F8,
    lon_rad: F8,
    height_m: F8,
    stages: F8,
    payload_kg: F8,
    beta_kg_m2: F8,
    steering: F8,
    launch_s: F8,
    j2_on: bool,
    t_grid_s: F8,
) -> tuple[F8, F8, F8, F8, F8, NDArray[np.int64]]:
    """Return `fly` for n objects on one absolute clock.

    stages (n, s, 5), steering (n, 6), other inputs (n,).  Launches at launch_s; the grid and all times returned are
    absolute. Returns samples (n, k, 6), burnout_s (n, s), burnout states (n, 6), events (n, 6), impacts (n, 3),
    statuses (n,).
    """
    n = lat_rad.shape[0]
    samples = np.empty((n, t_grid_s.shape[0], 6))
    burnout_s = np.empty((n, stages.shape[1]))
    burnout_states = np.empty((n, 6))
    events = np.empty((n, 6))
    impacts = np.empty((n, 3))
    status = np.empty(n, np.int64)
    for i in range(n):
        samples[i], burnout_s[i], burnout_states[i], events[i], impacts[i], status[i] = fly(
            lat_rad[i],
            lon_rad[i],
            height_m[i],
            stages[i],
            payload_kg[i],
            beta_kg_m2[i],
            steering[i],
            j2_on,
            t_grid_s - launch_s[i],
        )
        burnout_s[i] += launch_s[i]
        events[i, 0] += launch_s[i]
        events[i, 1] += launch_s[i]
        events[i, 3] += launch_s[i]
    return samples, burnout_s, burnout_states, events, impacts, status
