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
from diptych.kernels.filters import STEP_AIR_S, STEP_VACUUM_S
from diptych.kernels.jit import kernel
from diptych.kernels.tracks import BALLISTIC, BOOST, FASTEST_MPS, GATE, LAST

Floats = NDArray[np.float64]

HARDEST_MPS2 = 100.0  # bound on the change of a predicted velocity, for looking away only
DEEP_M = -2000.0  # a rough path below this has come down for certain

# A rough path of a track, for looking away from what is far: position and velocity at AT (s), seconds in the air since
# the last update, what drag has taken off speed and way there (m/s, m), standard deviations at the last update, growth
# of errors until the path is renewed, the most the drag can be wrong by as a factor.
AT, IN_AIR, SLOWED, BEHIND, POSITION, SPEED, GROWTH, DOUBT = range(6, 14)
PATH = 14
RENEW_S = 15.0


@kernel
def reach_m(memory: Floats, path: Floats, beta_kg_m2: float, now_s: float, params: Floats) -> float:
    """Return how far from straight on along the rough path a track's gate can begin to reach at now_s (m).

    Never too short.  In boost: what accelerations up to `HARDEST_MPS2` do in the time, and the gate's root times a sum
    of standard deviations.  Coasting: the path is renewed by a few steps every `RENEW_S` outside the air and every
    second in it; errors grow no faster than exp(sqrt(2 mu / r^3) t), and in the air by the way that drag has cost times
    the most it can be wrong by, at most as far as the object can have flown there.
    """
    dt = now_s - memory[LAST]
    root = sqrt(params[GATE])
    if memory[BALLISTIC] == 0.0:
        spread = 1.1 * (path[POSITION] + dt * path[SPEED]) + params[BOOST] * 1.7320508 * dt * dt
        return float(0.5 * HARDEST_MPS2 * dt * dt + root * spread)
    wait = RENEW_S if path[IN_AIR] == 0.0 else STEP_AIR_S
    if now_s - path[AT] > wait:
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
        path[GROWTH] = exp(1.8e-3 * (dt + RENEW_S))
    bend = now_s - path[AT]
    if path[IN_AIR] == 0.0 and bend > 0.0:
        # It may have met the air since: 5 is half of gravity, the rest what drag could have taken away by then.
        low = radial_height_m(path[0], path[1], path[2]) - FASTEST_MPS * bend < VACUUM_M
        if low:
            return float(500.0 + FASTEST_MPS * bend + root * path[GROWTH] * (path[POSITION] + dt * path[SPEED]))
    flown = 5.0 * bend * bend
    if path[IN_AIR] > 0.0:
        cost = path[DOUBT] * (path[BEHIND] + (path[SLOWED] + 200.0 * bend) * bend)
        flown = min(FASTEST_MPS * (path[IN_AIR] + bend), flown + cost)
    return float(500.0 + flown + root * path[GROWTH] * (path[POSITION] + dt * path[SPEED]))


@kernel
def renew(x: Floats, p: Floats, now_s: float, params: Floats, path: Floats) -> None:
    """Begin the rough path at a new update."""
    for i in range(6):
        path[i] = x[i]
    path[AT] = now_s
    path[IN_AIR] = STEP_AIR_S if radial_height_m(x[0], x[1], x[2]) < VACUUM_M else 0.0
    path[SLOWED] = 0.0
    path[BEHIND] = 0.0
    path[DOUBT] = 2.0 * sqrt(params[GATE] * (p[6, 6] + 0.16))  # twice the linear gate; 0.16: what the way down adds
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
