"""One track: what it remembers, how it starts, what its detections do to it, when it ends.

A track is followed by the boost filter until its window filter finds no thrust, then by the ballistic one
(`kernels.filters`). Which detection is its own is decided in `kernels.tracker`. Read `take` first.

Source: Bar-Shalom, Li, Kirubarajan, Estimation with Applications to Tracking and Navigation, ch. 5 and 10; Blackman and
Popoli, Design and Analysis of Modern Tracking Systems, 1999, section 6.4.
"""

from math import sqrt

import numpy as np
from numpy.typing import NDArray

from diptych.kernels.ballistic import VACUUM_M
from diptych.kernels.earth import radial_height_m
from diptych.kernels.filters import (
    DRAG,
    DRAG_LEAST,
    DRAG_MOST,
    NIS_LIMIT,
    NIS_MEMORY,
    PLAIN,
    REJECT_BELOW_MPS2,
    RETURN_POSITION_M,
    RETURN_SPEED_MPS,
    THRUST,
    advance,
    begin_coast,
    hold_drag,
    open_window,
    update,
    update_rate,
    verdict,
)
from diptych.kernels.jit import kernel

Floats = NDArray[np.float64]

# Places in the array of settings, `model.tracker.TrackerSettings.as_array`.
BOOST, BETA, LOG_BETA_DOUBT, NOISE, SPEED_PRIOR, FIRST, WITHIN, CONFIRM, LOOKS, DROP, GATE, DENSITY = range(12)

FASTEST_MPS = 8500.0  # nothing that comes down is faster: circular speed at the surface 7.9 km/s and the Earth's turn
RING = 16  # detections remembered for confirmation, so `confirm_count` is at most that
HARDEST_MPS2 = 60.0  # mean over the ground since its launch, of anything; the shipped classes stay below 30
LAUNCH_SPEED_SHARE = 0.5  # of the mean speed since launch: doubt of the speed at the first detection, assumed

# What a track remembers beside its filters.
BALLISTIC, HELD, SINCE, LAST, IN_WINDOW, NIS_SUM, NIS_MEAN, FIRM = range(8)
MEMORY = 8


@kernel
def is_lost(memory: Floats, now_s: float, params: Floats) -> bool:
    """Whether a track ends before a scan at now_s: too few detections to start it, or in boost too long without one.

    A track that coasts is kept until it has come down: it can be predicted.
    """
    if memory[HELD] < params[FIRST]:
        return bool(now_s - memory[SINCE] > params[WITHIN])
    if memory[BALLISTIC] > 0.0 and memory[FIRM] > 0.0:
        return False
    return bool(now_s - memory[LAST] > params[DROP])


@kernel
def is_reachable(x: Floats, p: Floats, memory: Floats, now_s: float, z: Floats, r: Floats) -> bool:
    """Whether a track of one detection can be what is seen at z (3,): nothing flies faster than `FASTEST_MPS`."""
    if memory[HELD] > 1.0:
        return True
    d2 = (z[0] - x[0]) ** 2 + (z[1] - x[1]) ** 2 + (z[2] - x[2]) ** 2
    error = 5.0 * sqrt(p[0, 0] + p[1, 1] + p[2, 2] + r[0, 0] + r[1, 1] + r[2, 2])
    reach = FASTEST_MPS * (now_s - memory[LAST]) + error
    return bool(d2 <= reach * reach)


@kernel
def strength(x: Floats, params: Floats) -> float:
    """Return the ballistic coefficient that a coasting track has found out (kg/m2)."""
    return float(params[BETA] / min(DRAG_MOST, max(DRAG_LEAST, x[6])))


@kernel
def look_ahead(x: Floats, p: Floats, memory: Floats, now_s: float, params: Floats, work: Floats) -> None:
    """Predict a track from its last update to now_s, in place."""
    if memory[BALLISTIC] > 0.0:
        advance(x, p, now_s - memory[LAST], DRAG, 0.0, params[BETA], params[NOISE], params[DENSITY], work)
    else:
        advance(x, p, now_s - memory[LAST], PLAIN, params[BOOST], params[BETA], params[NOISE], 0.0, work)


@kernel
def start(
    x: Floats, p: Floats, memory: Floats, ring: Floats, now_s: float, z: Floats, r: Floats, rate: Floats, site: Floats,
    revisit_s: float, launch: Floats, params: Floats, work: Floats,
) -> None:  # fmt: skip
    """Start a tentative track from one detection.

    Launches that are known by now and can be the cause give a first velocity: since the launch the object has come d in
    T seconds, and a body that accelerates steadily has 2 d / T. Of several it is the mean, and how far they differ is
    doubt as well.
    """
    x[:] = 0.0
    p[:, :] = 0.0
    for a in range(3):
        x[a] = z[a]
        for b in range(3):
            p[a, b] = r[a, b]
        p[a + 3, a + 3] = params[SPEED_PRIOR] ** 2
    causes = 0
    mean = np.zeros(3)
    square = np.zeros(3)
    for k in range(launch.shape[0]):
        took = now_s - launch[k, 1]
        if now_s < launch[k, 0] or took <= 0.0:
            continue
        dx = z[0] - launch[k, 2]
        dy = z[1] - launch[k, 3]
        dz = z[2] - launch[k, 4]
        far2 = dx * dx + dy * dy + dz * dz
        if sqrt(far2) > min(FASTEST_MPS * took, 0.5 * HARDEST_MPS2 * took * took) + 3.0 * launch[k, 5]:
            continue
        causes += 1
        doubt = LAUNCH_SPEED_SHARE**2 * far2 / took**2 + (2.0 * launch[k, 5] / took) ** 2
        for a in range(3):
            v = 2.0 * (z[a] - launch[k, 2 + a]) / took
            mean[a] += v
            square[a] += v * v + doubt + 4.0 * r[a, a] / took**2
    if causes > 0:
        for a in range(3):
            x[a + 3] = mean[a] / causes
            p[a + 3, a + 3] = min(p[a + 3, a + 3], square[a] / causes - x[a + 3] ** 2)
    if rate[1] > 0.0:
        update_rate(x, p, rate[0], rate[1], site, 6, work)
    memory[:] = 0.0
    memory[HELD] = 1.0
    memory[SINCE] = now_s
    memory[LAST] = now_s
    memory[NIS_MEAN] = 3.0
    ring[0, 0] = now_s
    ring[0, 1] = revisit_s


@kernel
def take(
    x: Floats, p: Floats, x7: Floats, p7: Floats, xc: Floats, pc: Floats, memory: Floats, ring: Floats, now_s: float,
    z: Floats, r: Floats, rate: Floats, site: Floats, revisit_s: float, params: Floats, work: Floats,
) -> None:  # fmt: skip
    """Give a predicted track (x, p at now_s) its detection: update, then burnout, return to boost, confirmation."""
    dt = now_s - memory[LAST]
    n = 7 if memory[BALLISTIC] > 0.0 else 6
    nis = update(x, p, z, r, n, work)
    if rate[1] > 0.0:
        update_rate(x, p, rate[0], rate[1], site, n, work)
    if n == 7:
        hold_drag(x, p)
    memory[HELD] += 1.0
    memory[LAST] = now_s
    held = int(memory[HELD])
    ring[(held - 1) % RING, 0] = now_s
    ring[(held - 1) % RING, 1] = revisit_s
    if held < params[FIRST]:
        return
    if memory[BALLISTIC] > 0.0:
        memory[NIS_MEAN] += NIS_MEMORY * (nis - memory[NIS_MEAN])
        rising = x[0] * x[3] + x[1] * x[4] + x[2] * x[5] > 0.0
        if memory[NIS_MEAN] > NIS_LIMIT and (rising or radial_height_m(x[0], x[1], x[2]) > VACUUM_M):
            memory[BALLISTIC] = 0.0
            for a in range(3):
                p[a, a] += RETURN_POSITION_M**2
                p[a + 3, a + 3] += RETURN_SPEED_MPS**2
            _begin_window(x, p, x7, p7, xc, pc, memory, params)
    elif held == int(params[FIRST]):
        _begin_window(x, p, x7, p7, xc, pc, memory, params)
    else:
        advance(x7, p7, dt, THRUST, 0.0, params[BETA], params[NOISE], 0.0, work)
        memory[NIS_SUM] += update(x7, p7, z, r, 7, work)
        if rate[1] > 0.0:
            update_rate(x7, p7, rate[0], rate[1], site, 7, work)
        memory[IN_WINDOW] += 1.0
        sigma = sqrt(p7[6, 6])
        if sigma > REJECT_BELOW_MPS2:
            begin_coast(x, p, params[LOG_BETA_DOUBT], xc, pc)
        else:
            advance(xc, pc, dt, DRAG, 0.0, params[BETA], params[NOISE], params[DENSITY], work)
            update(xc, pc, z, r, 7, work)
            if rate[1] > 0.0:
                update_rate(xc, pc, rate[0], rate[1], site, 7, work)
            hold_drag(xc, pc)
        said = verdict(x7[6], sigma, memory[NIS_SUM], int(memory[IN_WINDOW]))
        if said < 0:
            _begin_window(x, p, x7, p7, xc, pc, memory, params)
        elif said > 0:
            memory[BALLISTIC] = 1.0
            memory[NIS_MEAN] = 3.0
            x[:] = xc
            p[:, :] = pc
    wanted = min(int(params[CONFIRM]), RING)
    if held >= wanted and memory[FIRM] == 0.0:
        slowest = 0.0
        for k in range(held - wanted, held):
            slowest = max(slowest, ring[k % RING, 1])
        if now_s - ring[(held - wanted) % RING, 0] <= params[LOOKS] * slowest:
            memory[FIRM] = 1.0


@kernel
def _begin_window(
    x: Floats, p: Floats, x7: Floats, p7: Floats, xc: Floats, pc: Floats, memory: Floats, params: Floats
) -> None:
    """Ask anew whether there is thrust."""
    open_window(x, p, x7, p7)
    begin_coast(x, p, params[LOG_BETA_DOUBT], xc, pc)
    memory[IN_WINDOW] = 0.0
    memory[NIS_SUM] = 0.0
