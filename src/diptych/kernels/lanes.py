"""Many flights at once: the driver of the lanes of `lane_step`.

WIDTH trajectories advance together, each by its own step length; a lane whose flight is over takes the next one. A
flight is a state, a start time and a list of phases (coast, thrust along a direction, thrust along the velocity).
After each common step `_judge` says of every lane, in one vector loop, whether its step is good and whether anything
happened in it (end of a phase, ground, apogee, altitude, a sample due); only then is a lane looked at by itself.
`_judge` and `_commit` and the steps do the same arithmetic for a lane whatever its neighbours do, so results depend
neither on neighbours nor on order nor on WIDTH, to the last bit.

Ground and altitude crossings are met by taking the step again with the length that ends there, guessed from the
quintic Hermite polynomial inside the step and corrected by the remaining height over the climb rate; apogee is read
off that polynomial. All are good to well below a millisecond (tests measure it). Samples come from DOP853's own
polynomial of seventh degree.

Read `run` first. Not here: the step itself, and how vehicles become phases (`flight`).
"""

import numpy as np
from numpy.typing import NDArray

from diptych.kernels import lane_step as ls
from diptych.kernels.earth import WGS84_A_M
from diptych.kernels.jit import inlined, kernel
from diptych.kernels.lane_step import ROWS, WIDTH, boost_step, coast_step, dense_step, slope
from diptych.kernels.status import (
    BAD_INPUT,
    BELOW_SURFACE,
    FELL_DURING_BOOST,
    NO_IMPACT,
    OK,
    TOO_MANY_STEPS,
)

F8 = NDArray[np.float64]
I8 = NDArray[np.int64]

# A phase (PHASE_SIZE,): end s, thrust N, flow kg/s, mass kg at `since`, since s, drag area Cd A m2 (a coasting body:
# 1 / beta, with a mass of 1), direction of thrust in ECEF, and whether thrust follows the velocity, and is on at all.
END, THRUST, FLOW, MASS, SINCE, AREA, UX, UY, UZ, TURN, POWERED = 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10
PHASE_SIZE = 11
# Events (EVENTS,): apogee s and m, impact s and m/s over the ground, greatest dynamic pressure under thrust Pa (at step
# ends, within some 5 %), first time above and last time below the asked altitude s.
APOGEE_S, APOGEE_M, IMPACT_S, IMPACT_MPS, PRESSURE_PA, ABOVE_S, BELOW_S = 0, 1, 2, 3, 4, 5, 6
EVENTS = 7

TOLERANCE = 4e-9  # local error per step, in Earth radii and circular speeds: 26 mm, 32 um/s; 1e-8 radii at impact
MAX_STEP_S = 150.0  # keeps apogee on the quintic inside a step below 10 mm and 1 us
MAX_STEPS = 4000.0
COAST_START_S, BOOST_START_S = 2.0, 1.0  # first steps; step control takes over at once
DEEPEST_M = -20000.0  # a trial state below is refused: forces there mean nothing
_NOTHING, _GROUND, _ALTITUDE = 0.0, 1.0, 2.0  # what the step being taken again is to meet


@inlined
def _judge(z: F8, altitude_m: float, per_tolerance: float, factor: float) -> None:
    """Say of every lane whether its step is good, how long the next may be, and whether something happened in it."""
    for i in range(WIDTH):
        error = z[ls.ERROR * WIDTH + i] * per_tolerance
        change = z[ls.FACTOR * WIDTH + i] * factor
        height = z[ls.NEW_HEIGHT * WIDTH + i]
        climb = z[ls.NEW_CLIMB * WIDTH + i]
        h = z[ls.H * WIDTH + i]
        t0 = z[ls.T * WIDTH + i]
        growth = z[ls.GROWTH * WIDTH + i]
        t1 = t0 + h
        good = 1.0 if error <= 1.0 else 0.0  # also catches nan
        good = good if height > DEEPEST_M else 0.0
        up = change if change > 0.3 else 0.3
        up = up if up < growth else growth
        down = change if error > 1.0 else 0.2
        down = down if down > 0.2 else 0.2
        longer = h * (up if good > 0.0 else down)
        longer = longer if longer < MAX_STEP_S else MAX_STEP_S
        left = z[ls.END * WIDTH + i] - (t1 if good > 0.0 else t0)
        z[ls.NEXT_H * WIDTH + i] = longer if longer < left * (1.0 - 1e-12) else left
        z[ls.NEW_T * WIDTH + i] = t1
        z[ls.GOOD * WIDTH + i] = good
        steps = z[ls.STEPS * WIDTH + i] + 1.0
        z[ls.STEPS * WIDTH + i] = steps
        most = z[ls.MOST_PRESSURE * WIDTH + i]
        pressure = good * z[ls.POWERED * WIDTH + i] * z[ls.PRESSURE * WIDTH + i]
        z[ls.MOST_PRESSURE * WIDTH + i] = pressure if pressure > most else most
        # A step taken again to meet something and refused is forgotten: go on with shorter steps and meet it anew.
        flag = z[ls.LANDING * WIDTH + i] if good > 0.0 else 0.0
        z[ls.LANDING * WIDTH + i] = flag
        flag = 1.0 if left <= 1e-9 else flag
        flag = 1.0 if z[ls.SAMPLE * WIDTH + i] <= t1 else flag
        flag = 1.0 if (height - altitude_m) * z[ls.SIDE * WIDTH + i] < 0.0 else flag
        flag = flag if z[ls.CLIMB * WIDTH + i] <= 0.0 or climb > 0.0 else 1.0
        flag = flag if height >= 0.0 or climb >= 0.0 else 1.0
        trouble = 1.0 if longer < 1e-9 else 0.0
        flag = flag if good > 0.0 else trouble
        z[ls.FLAG * WIDTH + i] = 1.0 if steps > MAX_STEPS else flag


@inlined
def _commit(z: F8) -> None:
    """Go on from the end of every good step; begin the others again with the shorter length."""
    for i in range(WIDTH):
        good = z[ls.GOOD * WIDTH + i]
        for c in range(6):
            z[(ls.Y + c) * WIDTH + i] = z[(ls.NEW + c) * WIDTH + i] if good > 0.0 else z[(ls.Y + c) * WIDTH + i]
        for c in range(3):
            z[(ls.K0 + c) * WIDTH + i] = z[(ls.K12 + c) * WIDTH + i] if good > 0.0 else z[(ls.K0 + c) * WIDTH + i]
        z[ls.T * WIDTH + i] = z[ls.NEW_T * WIDTH + i] if good > 0.0 else z[ls.T * WIDTH + i]
        z[ls.HEIGHT * WIDTH + i] = z[ls.NEW_HEIGHT * WIDTH + i] if good > 0.0 else z[ls.HEIGHT * WIDTH + i]
        z[ls.CLIMB * WIDTH + i] = z[ls.NEW_CLIMB * WIDTH + i] if good > 0.0 else z[ls.CLIMB * WIDTH + i]
        z[ls.GROWTH * WIDTH + i] = 5.0 if good > 0.0 else 1.0  # no growth right after a refusal
        z[ls.H * WIDTH + i] = z[ls.NEXT_H * WIDTH + i]


@inlined
def _crossing(z: F8, i: int, level_m: float) -> float:
    """Return the fraction of the step at which the height passes a level, by the cubic through heights and climbs."""
    h = z[ls.H * WIDTH + i]
    a = z[ls.HEIGHT * WIDTH + i] - level_m
    b = z[ls.NEW_HEIGHT * WIDTH + i] - level_m
    da = h * z[ls.CLIMB * WIDTH + i]
    db = h * z[ls.NEW_CLIMB * WIDTH + i]
    c2 = 3.0 * (b - a) - 2.0 * da - db
    c3 = 2.0 * (a - b) + da + db
    low, high = 0.0, 1.0
    w: float = a / (a - b)
    for _ in range(40):
        f = a + w * (da + w * (c2 + w * c3))
        if (f > 0.0) == (b > 0.0):
            high = w
        else:
            low = w
        slope_w = da + w * (2.0 * c2 + w * 3.0 * c3)
        new: float = w - f / slope_w if slope_w != 0.0 else -1.0
        if not (low <= new <= high):
            new = 0.5 * (low + high)
        if abs(new - w) < 1e-6:  # the step is taken again anyway
            break
        w = new
    return w


@inlined
def _apogee(z: F8, i: int, work: F8) -> tuple[float, float]:
    """Return the fraction of the step at which the climb ends and the height there, by the quintic through both ends.

    Secant steps from both ends; work (24,) is scratch.  Within 1e-4 m/s of no climb, so 10 us.
    """
    h = z[ls.H * WIDTH + i]
    for c in range(3):
        p0 = z[(ls.Y + c) * WIDTH + i]
        v0 = h * z[(ls.Y + 3 + c) * WIDTH + i]
        a0 = 0.5 * h * h * z[(ls.K0 + c) * WIDTH + i]
        d = z[(ls.NEW + c) * WIDTH + i] - p0 - v0 - a0
        dv = h * z[(ls.NEW + 3 + c) * WIDTH + i] - v0 - 2.0 * a0
        da = 0.5 * h * h * z[(ls.K12 + c) * WIDTH + i] - a0
        k = 6 + 6 * c
        work[k], work[k + 1], work[k + 2] = p0, v0, a0
        work[k + 3] = 10.0 * d - 4.0 * dv + da
        work[k + 4] = -15.0 * d + 7.0 * dv - 2.0 * da
        work[k + 5] = 6.0 * d - 3.0 * dv + da
    low, high = 0.0, 1.0
    before, climb_before = 1.0, z[ls.NEW_CLIMB * WIDTH + i]
    w = z[ls.CLIMB * WIDTH + i] / (z[ls.CLIMB * WIDTH + i] - climb_before)
    height = 0.0
    for _ in range(50):
        for c in range(3):
            k = 6 + 6 * c
            work[c] = work[k] + w * (
                work[k + 1] + w * (work[k + 2] + w * (work[k + 3] + w * (work[k + 4] + w * work[k + 5])))
            )
            work[3 + c] = (
                work[k + 1]
                + w * (2.0 * work[k + 2] + w * (3.0 * work[k + 3] + w * (4.0 * work[k + 4] + w * 5.0 * work[k + 5])))
            ) / h
        height, climb = height_and_climb(work)
        if abs(climb) < 1e-4:
            break
        if climb > 0.0:
            low = w
        else:
            high = w
        new = w - climb * (w - before) / (climb - climb_before) if climb != climb_before else -1.0
        before, climb_before = w, climb
        w = new if low < new < high else 0.5 * (low + high)
    return w, height


@inlined
def height_and_climb(state_ecef: F8) -> tuple[float, float]:
    """Return radial height (m, as `earth.radial_height_m`) and its rate (m/s) of an ECEF state (6,)."""
    x, y, z, u, v, w = state_ecef[0], state_ecef[1], state_ecef[2], state_ecef[3], state_ecef[4], state_ecef[5]
    r = np.sqrt(x * x + y * y + z * z)
    s = (z / r) ** 2
    rise = (x * u + y * v + z * w) / r
    radius = ls.R0 + s * (ls.R1 + s * (ls.R2 + s * (ls.R3 + s * ls.R4)))
    change = ls.R1 + s * (2.0 * ls.R2 + s * (3.0 * ls.R3 + s * 4.0 * ls.R4))
    return r - radius, rise - change * 2.0 * z / (r * r) * (w - z / r * rise)


@inlined
def _sample(z: F8, i: int, t_s: float, row: F8) -> None:
    """Write the state at t_s inside the step of lane i into row (6,), by DOP853's polynomial of seventh degree."""
    w = (t_s - z[ls.T * WIDTH + i]) / z[ls.H * WIDTH + i]
    v = 1.0 - w
    f = ls.F * WIDTH + i
    for c in range(6):
        k = f + c * WIDTH
        inner = z[k + 24 * WIDTH] + v * (z[k + 30 * WIDTH] + w * z[k + 36 * WIDTH])
        inner = z[k + 6 * WIDTH] + w * (z[k + 12 * WIDTH] + v * (z[k + 18 * WIDTH] + w * inner))
        row[c] = z[(ls.Y + c) * WIDTH + i] + w * (z[k] + v * inner)


@inlined
def _enter(z: F8, i: int, phase: F8) -> None:
    """Begin a phase (PHASE_SIZE,) with lane i at its state NEW and time NEW_T."""
    z[ls.THRUST * WIDTH + i] = phase[THRUST]
    z[ls.FLOW * WIDTH + i] = phase[FLOW]
    z[ls.MASS * WIDTH + i] = phase[MASS]
    z[ls.SINCE * WIDTH + i] = phase[SINCE]
    z[ls.AREA * WIDTH + i] = phase[AREA]
    z[ls.UX * WIDTH + i] = phase[UX]
    z[ls.UY * WIDTH + i] = phase[UY]
    z[ls.UZ * WIDTH + i] = phase[UZ]
    z[ls.TURN * WIDTH + i] = phase[TURN]
    z[ls.POWERED * WIDTH + i] = phase[POWERED]
    z[ls.END * WIDTH + i] = phase[END]
    z[ls.LANDING * WIDTH + i] = _NOTHING
    z[ls.GROWTH * WIDTH + i] = 5.0
    slope(z, i)
    first = BOOST_START_S if phase[POWERED] > 0.0 else COAST_START_S
    z[ls.NEXT_H * WIDTH + i] = min(first, phase[END] - z[ls.NEW_T * WIDTH + i])
    z[ls.GOOD * WIDTH + i] = 1.0


@inlined
def _load(
    z: F8,
    i: int,
    job: I8,
    states: F8,
    start_s: F8,
    phases: F8,
    status: I8,
    altitude_m: float,
    t_grid_s: F8,
    offset_s: F8,
    samples: F8,
) -> None:
    """Put the next flight that can be flown into lane i, or a body at rest in a far orbit where there is none.

    job (3, WIDTH + 1): flight, phase and next sample of each lane; the last column is the next flight.
    """
    n = states.shape[0]
    o = job[0, WIDTH]
    while o < n and status[o] != OK:
        o += 1
    job[0, WIDTH] = o + 1
    job[0, i] = o if o < n else -1
    job[1, i] = 0
    z[ls.STEPS * WIDTH + i] = 0.0
    z[ls.MOST_PRESSURE * WIDTH + i] = -1.0
    z[ls.SAMPLE * WIDTH + i] = np.inf
    if o >= n:  # an idle lane goes round with steps of no length
        for c in range(6):
            z[(ls.NEW + c) * WIDTH + i] = 0.0
        z[ls.NEW * WIDTH + i] = 2.0 * WGS84_A_M
        z[(ls.NEW + 4) * WIDTH + i] = 1.0
        z[ls.NEW_T * WIDTH + i] = 0.0
        phase = np.zeros(PHASE_SIZE)
        phase[END], phase[MASS] = np.inf, 1.0
        z[ls.STEPS * WIDTH + i] = -np.inf
        z[ls.SIDE * WIDTH + i] = 0.0
        _enter(z, i, phase)
        z[ls.NEXT_H * WIDTH + i] = 0.0
        return
    for c in range(6):
        z[(ls.NEW + c) * WIDTH + i] = states[o, c]
    t = start_s[o]
    z[ls.NEW_T * WIDTH + i] = t
    _enter(z, i, phases[o, 0])
    z[ls.SIDE * WIDTH + i] = 1.0 if z[ls.NEW_HEIGHT * WIDTH + i] > altitude_m else -1.0
    k = 0
    while k < t_grid_s.shape[0] and t_grid_s[k] - offset_s[o] < t:
        k += 1
    if k < t_grid_s.shape[0] and t_grid_s[k] - offset_s[o] == t:
        for c in range(6):
            samples[o, k, c] = states[o, c]
        k += 1
    job[2, i] = k
    if k < t_grid_s.shape[0]:
        z[ls.SAMPLE * WIDTH + i] = t_grid_s[k] - offset_s[o]


@inlined
def _finish(z: F8, i: int, o: int, dt_s: float, is_powered: bool, events: F8, impacts: F8, status: I8) -> None:
    """Note the impact of flight o, dt_s after the end of lane i's step; a fraction of a millisecond."""
    speed2 = 0.0
    for c in range(3):
        a = z[(ls.K12 + c) * WIDTH + i]
        v = z[(ls.NEW + 3 + c) * WIDTH + i]
        impacts[o, c] = z[(ls.NEW + c) * WIDTH + i] + dt_s * (v + 0.5 * dt_s * a)
        speed2 += (v + dt_s * a) ** 2
    if is_powered:
        status[o] = FELL_DURING_BOOST
        impacts[o, :] = np.nan
        return
    events[o, IMPACT_S] = z[ls.NEW_T * WIDTH + i] + dt_s
    events[o, IMPACT_MPS] = np.sqrt(speed2)


@inlined
def _retake(z: F8, i: int, h_s: float, reason: float) -> None:
    """Have lane i take its step again with another length, for a reason that the next look at it is told."""
    if z[ls.LANDING * WIDTH + i] == _NOTHING:
        z[ls.KEPT_H * WIDTH + i] = z[ls.NEXT_H * WIDTH + i]
    z[ls.LANDING * WIDTH + i] = reason
    z[ls.NEXT_H * WIDTH + i] = max(h_s, 1e-9)
    z[ls.GOOD * WIDTH + i] = 0.0


@inlined
def _attend(
    z: F8,
    i: int,
    job: I8,
    phases: F8,
    counts: I8,
    altitude_m: float,
    t_grid_s: F8,
    offset_s: F8,
    samples: F8,
    events: F8,
    impacts: F8,
    ends: F8,
    status: I8,
    work: F8,
) -> bool:
    """Look at a lane in whose step something happened.  Returns whether its flight is over."""
    o = job[0, i]
    if o < 0:
        return False
    if z[ls.GOOD * WIDTH + i] == 0.0 or z[ls.STEPS * WIDTH + i] > MAX_STEPS:
        status[o] = TOO_MANY_STEPS
        return True
    height, climb = z[ls.NEW_HEIGHT * WIDTH + i], z[ls.NEW_CLIMB * WIDTH + i]
    h, t = z[ls.H * WIDTH + i], z[ls.T * WIDTH + i]
    reason = z[ls.LANDING * WIDTH + i]
    side = z[ls.SIDE * WIDTH + i]
    until = z[ls.NEW_T * WIDTH + i]
    # Altitude first: what lies below it happens later or is met again.
    if reason == _ALTITUDE:
        dt = (altitude_m - height) / climb
        if abs(dt) > 1e-5 and h + dt > 0.0 and z[ls.STEPS * WIDTH + i] < MAX_STEPS - 10.0:
            _retake(z, i, h + dt, _ALTITUDE)
            return False
        if side < 0.0 and not (events[o, ABOVE_S] <= until):
            events[o, ABOVE_S] = until + dt
        elif side > 0.0:
            events[o, BELOW_S] = until + dt
        z[ls.SIDE * WIDTH + i] = -side
        z[ls.LANDING * WIDTH + i] = _NOTHING
        z[ls.NEXT_H * WIDTH + i] = min(z[ls.KEPT_H * WIDTH + i], z[ls.END * WIDTH + i] - until)
    elif (height - altitude_m) * side < 0.0:
        _retake(z, i, h * _crossing(z, i, altitude_m), _ALTITUDE)
        return False
    is_over = False
    dt = 0.0
    is_powered = z[ls.POWERED * WIDTH + i] > 0.0
    if reason == _GROUND:
        dt = -height / climb
        if abs(dt) > 2e-3 and h + dt > 0.0 and z[ls.STEPS * WIDTH + i] < MAX_STEPS - 10.0:
            _retake(z, i, h + dt, _GROUND)
            return False
        is_over = True
    elif height < 0.0 and climb < 0.0:
        if z[ls.HEIGHT * WIDTH + i] > 0.0:
            _retake(z, i, h * _crossing(z, i, 0.0), _GROUND)
            return False
        is_over = True  # it started below the ellipsoid and never rose above
        dt = -h
    if z[ls.CLIMB * WIDTH + i] > 0.0 and climb <= 0.0:
        w, top = _apogee(z, i, work)
        if side < 0.0 and z[ls.SIDE * WIDTH + i] == side and top > altitude_m and reason == _NOTHING:
            _retake(z, i, w * h, _NOTHING)  # it rises above the altitude and sinks again within this step
            return False
        if not (top < events[o, APOGEE_M]):
            events[o, APOGEE_S] = t + w * h
            events[o, APOGEE_M] = top
    k = job[2, i]
    while k < t_grid_s.shape[0] and t_grid_s[k] - offset_s[o] <= until + dt:
        _sample(z, i, t_grid_s[k] - offset_s[o], samples[o, k])
        k += 1
    job[2, i] = k
    z[ls.SAMPLE * WIDTH + i] = t_grid_s[k] - offset_s[o] if k < t_grid_s.shape[0] else np.inf
    if is_over:
        _finish(z, i, o, dt, is_powered, events, impacts, status)
    elif z[ls.END * WIDTH + i] - until <= 1e-9:
        p = job[1, i]
        for c in range(6):
            ends[o, p, c] = z[(ls.NEW + c) * WIDTH + i]
        z[ls.NEW_T * WIDTH + i] = z[ls.END * WIDTH + i]
        if z[ls.MOST_PRESSURE * WIDTH + i] >= 0.0:
            events[o, PRESSURE_PA] = z[ls.MOST_PRESSURE * WIDTH + i]
        if p + 1 >= counts[o]:
            status[o] = NO_IMPACT
            return True
        job[1, i] = p + 1
        _enter(z, i, phases[o, p + 1])
    return is_over


@kernel
def run(
    states: F8,
    start_s: F8,
    phases: F8,
    counts: I8,
    status: I8,
    j2_on: bool,
    altitude_m: float,
    tolerance: float,
    t_grid_s: F8,
    offset_s: F8,
    samples: F8,
    events: F8,
    impacts: F8,
    ends: F8,
) -> int:
    """Fly n bodies to the ground.

    states (n, 6) ECEF m, m/s at start_s (n,); phases (n, p, PHASE_SIZE), the first counts (n,) of them, one after the
    other; status (n,) int64: rows that are not OK are left alone, and it says how each flight ended.  altitude_m: its
    passings are noted (nan: none).  tolerance: local error per step in Earth radii and circular speeds.  t_grid_s
    (k,) rising; flight o is sampled at t_grid_s - offset_s[o].  Fills samples (n, k, 6), events (n, EVENTS), impacts
    (n, 3) and ends (n, p, 6), the state at the end of each phase; all nan where there is nothing to say.  Returns the
    number of steps, refused ones included.
    """
    samples[:] = np.nan
    events[:] = np.nan
    impacts[:] = np.nan
    ends[:] = np.nan
    n = states.shape[0]
    is_boost = False
    for o in range(n):
        for c in range(6):
            if not np.isfinite(states[o, c]):
                status[o] = BAD_INPUT
        if status[o] == OK and height_and_climb(states[o])[0] < 0.0 and phases[o, 0, POWERED] == 0.0:
            status[o] = BELOW_SURFACE
        if status[o] == OK and phases[o, 0, POWERED] > 0.0:
            is_boost = True
    is_dense = t_grid_s.shape[0] > 0
    room = np.zeros(ROWS * WIDTH + 8)
    skip = (64 - room.ctypes.data % 64) % 64 // 8  # vectors of 64 bytes that straddle two lines of memory cost twice
    z = room[skip : skip + ROWS * WIDTH]
    job = np.zeros((3, WIDTH + 1), np.int64)
    work = np.empty(24)
    for i in range(WIDTH):
        z[ls.J2_TERM * WIDTH + i] = ls.FULL_J2_TERM if j2_on else 0.0
        _load(z, i, job, states, start_s, phases, status, altitude_m, t_grid_s, offset_s, samples)
    _commit(z)
    factor = 0.9 * tolerance**0.125
    per_tolerance = 1.0 / tolerance
    steps = 0
    flying = 0
    for i in range(WIDTH):
        flying += 1 if job[0, i] >= 0 else 0
    while flying > 0:
        if is_dense:
            dense_step(z)
        elif is_boost:
            boost_step(z)
        else:
            coast_step(z)
        steps += flying
        _judge(z, altitude_m, per_tolerance, factor)
        for i in range(WIDTH):
            if z[ls.FLAG * WIDTH + i] > 0.0 and _attend(
                z, i, job, phases, counts, altitude_m, t_grid_s, offset_s, samples, events, impacts, ends, status, work
            ):
                _load(z, i, job, states, start_s, phases, status, altitude_m, t_grid_s, offset_s, samples)
                flying -= 1 if job[0, i] < 0 else 0
        _commit(z)
    return steps
