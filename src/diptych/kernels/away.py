"""Which detections lie too far from a track to be looked at: a rough path of it and a bound on its errors.

Predicting a track with its covariance for each look at anything in the sky would cost more than all the rest. Its
rough path is a few steps of the state alone, and no gate reaches farther from it than `reach_m` says; that is never
too short, so looking away changes no result (`tests/unit/tracking/test_tracker.py`).
"""

from math import exp, sqrt

import numpy as np
from numpy.typing import NDArray

from diptych.kernels.ballistic import VACUUM_M, rk4
from diptych.kernels.earth import radial_height_m
from diptych.kernels.filters import DRAG_LEAST, STEP_AIR_S, STEP_VACUUM_S
from diptych.kernels.jit import inlined, kernel
from diptych.kernels.tracks import BALLISTIC, BOOST, FASTEST_MPS, GATE, LAST, strength

Floats = NDArray[np.float64]

HARDEST_MPS2 = 100.0  # bound on the change of a predicted velocity, for looking away only
DEEP_M = -2000.0  # a rough path below this has come down for certain

# A rough path of a track, for looking away from what is far: position and velocity at AT (s), seconds in the air since
# the last update, what drag has taken off speed and way there (m/s, m), standard deviations at the last update, growth
# of errors until the path is renewed, the most the drag can be wrong by as a factor.
AT, IN_AIR, SLOWED, BEHIND, POSITION, SPEED, GROWTH, DOUBT = range(6, 14)
PATH = 14
RENEW_S = 15.0

BLOCK_S = 4.0  # looks at others are judged so many seconds at a time where that is enough
BALL = 5  # of the looks at each object in one block: centre, radius, widest standard deviation (m); none: radius -1


@kernel
def step_on(memory: Floats, path: Floats, beta_kg_m2: float, now_s: float) -> None:
    """Renew the rough path of a coasting track by a few steps to now_s, later than it is."""
    height = radial_height_m(path[0], path[1], path[2])
    while path[AT] < now_s and height > DEEP_M:
        h = min(now_s - path[AT], STEP_AIR_S if height < VACUUM_M else STEP_VACUUM_S)
        drag = rk4(path, h, beta_kg_m2, 0.0)
        path[AT] = now_s if now_s - path[AT] - h < 1e-9 else path[AT] + h
        height = radial_height_m(path[0], path[1], path[2])
        if height < VACUUM_M:
            path[IN_AIR] += h
            path[SLOWED] += 1.3 * drag * h  # the air thickens by up to a third in a second
            path[BEHIND] += path[SLOWED] * h
    path[AT] = now_s
    path[GROWTH] = exp(1.8e-3 * (now_s - memory[LAST] + RENEW_S))


@inlined
def reach_m(memory: Floats, path: Floats, k: int, now_s: float, params: Floats, root: float) -> float:
    """Return how far from straight on along its rough path the gate of track k can begin to reach at now_s (m).

    Never too short; root is the gate's.  In boost: what accelerations up to `HARDEST_MPS2` do in the time, and the
    gate's root times a sum of standard deviations.  Coasting: errors grow no faster than exp(sqrt(2 mu / r^3) t), and
    in the air by the way that drag has cost times the most it can be wrong by, at most as far as the object can have
    flown there.  now_s at most `longest_s` after the path's own time; until then this only grows.
    """
    dt = now_s - memory[k, LAST]
    if memory[k, BALLISTIC] == 0.0:
        spread = 1.1 * (path[k, POSITION] + dt * path[k, SPEED]) + params[BOOST] * 1.7320508 * dt * dt
        return float(0.5 * HARDEST_MPS2 * dt * dt + root * spread)
    error = root * path[k, GROWTH] * (path[k, POSITION] + dt * path[k, SPEED])
    bend = now_s - path[k, AT]
    if path[k, IN_AIR] == 0.0 and bend > 0.0:
        # It may have met the air since: 5 is half of gravity, the rest what drag could have taken away by then.
        low = radial_height_m(path[k, 0], path[k, 1], path[k, 2]) - FASTEST_MPS * bend < VACUUM_M
        if low:
            return float(500.0 + FASTEST_MPS * bend + error)
    flown = 5.0 * bend * bend
    if path[k, IN_AIR] > 0.0:
        cost = path[k, DOUBT] * (path[k, BEHIND] + (path[k, SLOWED] + 200.0 * bend) * bend)
        flown = min(FASTEST_MPS * (path[k, IN_AIR] + bend), flown + cost)
    return float(500.0 + flown + error)


@inlined
def longest_s(in_air_s: float) -> float:
    """Return how long a rough path may be followed straight on: `RENEW_S` outside the air, a second in it."""
    return RENEW_S if in_air_s == 0.0 else STEP_AIR_S


@kernel
def renew(x: Floats, p: Floats, now_s: float, params: Floats, path: Floats) -> None:
    """Begin the rough path at a new update."""
    for i in range(6):
        path[i] = x[i]
    path[AT] = now_s
    path[IN_AIR] = STEP_AIR_S if radial_height_m(x[0], x[1], x[2]) < VACUUM_M else 0.0
    path[SLOWED] = 0.0
    path[BEHIND] = 0.0
    # Twice the linear gate of the factor on the drag; 0.16: what the air's doubt adds on the way down.
    path[DOUBT] = 2.0 * sqrt(params[GATE] * (p[6, 6] / max(DRAG_LEAST, x[6]) ** 2 + 0.16))
    path[POSITION] = sqrt(p[0, 0] + p[1, 1] + p[2, 2])
    path[SPEED] = sqrt(p[3, 3] + p[4, 4] + p[5, 5])
    path[GROWTH] = exp(1.8e-3 * RENEW_S)


@kernel
def is_close(path: Floats, now_s: float, reach_m: float, z: Floats, spread_m: float, root: float) -> bool:
    """Whether a detection of a total standard deviation can lie in the gate of a track that reaches so far."""
    dt = now_s - path[AT]
    dx = z[0] - path[0] - dt * path[3]
    dy = z[1] - path[1] - dt * path[4]
    dz = z[2] - path[2] - dt * path[5]
    bound = reach_m + root * spread_m
    return bool(dx * dx + dy * dy + dz * dz <= bound * bound)


@kernel
def judge(
    number: NDArray[np.int64], used: int, memory: Floats, x: Floats, path: Floats, now_s: float, first_s: float,
    balls: Floats, params: Floats, root: float, near: NDArray[np.bool_],
) -> float:  # fmt: skip
    """Mark the objects of which a look can lie in the gate of a live track from now_s on; return until when that holds.

    number, memory, x, path: the tracks, `used` places of them; a track that has come down ends here (number -1).
    balls (blocks, BALL, objects): see `enclose`; first_s: time of the first look in them.  root: of the gate.

    A track stays within half of its way of the middle of that way, and what `reach_m` says only grows while the rough
    path is followed straight on.
    """
    count = near.shape[0]
    for i in range(count):
        near[i] = False
    block = block_of(now_s, first_s)
    until_s = first_s + (block + 1) * BLOCK_S - 1e-6
    for k in range(used):
        if number[k] >= 0 and memory[k, BALLISTIC] > 0.0:
            if now_s - path[k, AT] > 0.5 * longest_s(path[k, IN_AIR]):
                step_on(memory[k], path[k], strength(x[k], params), now_s)
            if path[k, IN_AIR] > 0.0 and radial_height_m(path[k, 0], path[k, 1], path[k, 2]) < DEEP_M:
                number[k] = -1
            until_s = min(until_s, path[k, AT] + 0.99 * longest_s(path[k, IN_AIR]))
    until_s = max(until_s, now_s)
    half = 0.5 * (until_s - now_s)
    for k in range(used):
        if number[k] < 0:
            continue
        middle = now_s + half - path[k, AT]
        u, v, w = path[k, 3], path[k, 4], path[k, 5]
        px = path[k, 0] + middle * u
        py = path[k, 1] + middle * v
        pz = path[k, 2] + middle * w
        reach = reach_m(memory, path, k, until_s, params, root) + half * sqrt(u * u + v * v + w * w)
        for i in range(count):
            bound = reach + balls[block, 3, i] + root * balls[block, 4, i]
            dx = px - balls[block, 0, i]
            dy = py - balls[block, 1, i]
            dz = pz - balls[block, 2, i]
            near[i] |= balls[block, 3, i] >= 0.0 and dx * dx + dy * dy + dz * dz <= bound * bound
    return until_s


@kernel
def enclose(
    time_s: Floats, of: NDArray[np.int64], row: NDArray[np.int64], where: Floats, spread_m: Floats, balls: Floats
) -> None:
    """Write balls (blocks, BALL, objects) around the looks in each block of `BLOCK_S` from the first look on.

    time_s, of, spread_m (m,) increasing times of looks at objects, positions in row row[k] of where (., 3).
    """
    for block in range(balls.shape[0]):
        balls[block] = 0.0
        balls[block, 3] = -1.0
    low = np.empty((balls.shape[2], 3))
    high = np.empty((balls.shape[2], 3))
    n = time_s.shape[0]
    first = 0
    while first < n:
        block = block_of(time_s[first], time_s[0])
        low[:] = np.inf
        high[:] = -np.inf
        last = first
        while last < n and block_of(time_s[last], time_s[0]) == block:
            for a in range(3):
                low[of[last], a] = min(low[of[last], a], where[row[last], a])
                high[of[last], a] = max(high[of[last], a], where[row[last], a])
            last += 1
        for k in range(first, last):
            i = of[k]
            d2 = 0.0
            for a in range(3):
                balls[block, a, i] = 0.5 * (low[i, a] + high[i, a])
                d2 += (where[row[k], a] - balls[block, a, i]) ** 2
            balls[block, 3, i] = max(balls[block, 3, i], 1.001 * sqrt(d2) + 1.0)  # more than rounding can take away
            balls[block, 4, i] = max(balls[block, 4, i], spread_m[k])
        first = last


@inlined
def block_of(time_s: float, first_s: float) -> int:
    """Return the number of the block that a time lies in."""
    return int((time_s - first_s) / BLOCK_S)
