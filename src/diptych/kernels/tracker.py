"""The tracking machine of one complex: detections scan by scan, tracks that start, are confirmed, burn out and end.

A *scan* is all detections of one radar at one time. In each scan live tracks compete for the detections by gates and
global nearest neighbour; what nobody takes starts a tentative track. Nothing here knows which object a detection came
from. A track's numbers depend on its own detections alone: it is predicted from its last update to the scan in one go,
however many scans lie between, so objects whose gates never contain another's detections can be tracked apart with the
same result; `track_scans` says whether that holds.

Read `track_scans` first; what happens to one track is `_take`. Gates and costs: `gate`; the assignment: `assign`.

Source: Bar-Shalom, Li, Kirubarajan, Estimation with Applications to Tracking and Navigation, ch. 5 and 10; Blackman and
Popoli, Design and Analysis of Modern Tracking Systems, 1999, sections 6.3 and 6.4; assignment by shortest augmenting
paths after Jonker and Volgenant, Computing 38, 1987.
"""

from math import exp, log, sqrt

import numpy as np
from numpy.typing import NDArray

from diptych.kernels.ballistic import VACUUM_M, density_kg_m3, rk4
from diptych.kernels.earth import radial_height_m
from diptych.kernels.filters import (
    DECIDE_SIGMA,
    DRAG,
    LOG_DRAG_MAX,
    NIS_LIMIT,
    NIS_MEMORY,
    PLAIN,
    RETURN_POSITION_M,
    RETURN_SPEED_MPS,
    STEP_AIR_S,
    STEP_VACUUM_S,
    THRUST,
    advance,
    open_window,
    settle,
    update,
    update_rate,
    verdict,
)
from diptych.kernels.jit import kernel

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

# Places in the array of settings, `model.tracker.TrackerSettings.as_array`.
BOOST, BETA, LOG_BETA_DOUBT, NOISE, SPEED_PRIOR, FIRST, WITHIN, CONFIRM, LOOKS, DROP, GATE = range(11)

FASTEST_MPS = 8500.0  # nothing that comes down is faster: circular speed at the surface 7.9 km/s and the Earth's turn
HARDEST_MPS2 = 100.0  # bound on the change of a predicted velocity, for looking away only
DEEP_M = -2000.0  # a rough path below this has come down for certain
RING = 16  # detections remembered for confirmation, so `confirm_count` is at most that
LAUNCH_SPEED_SHARE = 0.5  # of the mean speed since launch: doubt of the speed at the first detection, assumed


@kernel
def track_scans(
    time_s: Floats, radar: Ints, z: Floats, r: Floats, rate: Floats, site: Floats, revisit_s: Floats, launch: Floats,
    params: Floats, other_s: Floats, other_radar: Ints, other_of: Ints, other_row: Ints,
    other_z: Floats, other_r: Floats, other_spread: Floats, mine: int, track: Ints, held: Ints, state: Floats,
    cov: Floats, drag: Floats, is_ballistic: Bools, innovation: Floats, confirmed_s: Floats, clash_s: Floats,
) -> int:  # fmt: skip
    """Track n detections; return how many tracks were started, tentative ones included.

    time_s (n,) increasing, equal times by radar (n,); z (n, 3), r (n, 3, 3) positions ECEF; rate (n, 2) range rate from
    site (n, 3) and its standard deviation, NaN for none; revisit_s (n,) of the radar; launch (k, 6): known from s,
    launched at s, ECEF point, standard deviation m; params: see the places above.

    Written for every detection: track (n,) the number of its track, held (n,) how many detections that track then has,
    state (n, 6), cov (n, 6, 6) after the update, drag (n, 2) ln(drag / modelled) and its standard deviation,
    is_ballistic (n,), innovation (n, 3) whitened (NaN for the first of a track); confirmed_s (n,) by track, inf: never.

    The `other_` arrays are looks (m of them, in the same order; position and covariance in row other_row of other_z and
    other_r, root of the trace in other_spread) that are never taken; but clash_s[k] becomes the last time at which one
    at object other_of = k, not `mine`, lay in a gate and was not dearer than what the track took in that scan.  If none
    ever does, those objects can be tracked apart with the same result: every track has its own detection at the
    smallest cost of its row, so giving each its own is the best assignment of all.
    """
    n = time_s.shape[0]
    m = other_s.shape[0]
    room = 4
    x = np.zeros((room, 7))
    p = np.zeros((room, 7, 7))
    x7 = np.zeros((room, 7))
    p7 = np.zeros((room, 7, 7))
    ahead = np.zeros((room, 7))
    ahead_p = np.zeros((room, 7, 7))
    memory = np.zeros((room, MEMORY))
    ring = np.zeros((room, RING, 2))
    path = np.zeros((room, PATH))
    number = np.full(room, -1, np.int64)
    seen = np.zeros(room, np.int64)  # candidates of a scan
    work = np.zeros((4, 7, 7))
    aside = np.zeros(3)
    pick = np.zeros(room, np.int64)
    width = 1
    height = room
    cost = np.empty((height, width))
    white = np.zeros((height, width, 3))
    root = sqrt(params[GATE])
    used = 0
    count = 0
    a = 0
    f = 0
    while f < m and (n == 0 or other_s[f] < time_s[0]):
        f += 1  # nothing is tracked yet
    while a < n or f < m:
        is_own = a < n
        if is_own and f < m:
            is_own = time_s[a] < other_s[f] or (time_s[a] == other_s[f] and radar[a] <= other_radar[f])
        now = time_s[a] if is_own else other_s[f]
        eye = radar[a] if is_own else other_radar[f]
        b = a
        while b < n and time_s[b] == now and radar[b] == eye:
            b += 1
        g = f
        while g < m and other_s[g] == now and other_radar[g] == eye:
            g += 1
        if b - a > width or used > height:
            width = max(width, b - a)
            height = max(height, room)
            cost = np.empty((height, width))
            white = np.zeros((height, width, 3))
        tracks = 0
        live = 0
        for k in range(used):
            if number[k] < 0:
                continue
            if is_lost(memory[k], now, params):
                number[k] = -1
                continue
            live += 1
            is_near = b > a and g == f and used == 1
            if not is_near:
                coefficient = _strength(x[k], params) if memory[k, BALLISTIC] > 0.0 else params[BETA]
                reach = _reach_m(memory[k], path[k], coefficient, now, params)
                if memory[k, BALLISTIC] > 0.0 and radial_height_m(path[k, 0], path[k, 1], path[k, 2]) < DEEP_M:
                    number[k] = -1  # it came down long ago
                    continue
                for j in range(a, b):
                    spread = sqrt(r[j, 0, 0] + r[j, 1, 1] + r[j, 2, 2])
                    is_near = is_near or _is_close(path[k], now, reach, z[j], spread, root)
                for q in range(f, g):
                    if not is_near and other_of[q] != mine:
                        is_near = _is_close(path[k], now, reach, other_z[other_row[q]], other_spread[q], root)
            if not is_near:
                continue
            ahead[k] = x[k]
            ahead_p[k] = p[k]
            _look_ahead(ahead[k], ahead_p[k], memory[k], now, params, work)
            if radial_height_m(ahead[k, 0], ahead[k, 1], ahead[k, 2]) < 0.0 and memory[k, BALLISTIC] > 0.0:
                number[k] = -1  # it has come down
                continue
            is_any = g > f
            for j in range(b - a):
                cost[tracks, j] = np.inf
                if is_reachable(x[k], p[k], memory[k], now, z[a + j], r[a + j]):
                    cost[tracks, j] = gate(ahead[k], ahead_p[k], z[a + j], r[a + j], params[GATE], white[tracks, j])
                    is_any = is_any or cost[tracks, j] < np.inf
            if is_any:
                seen[tracks] = k
                tracks += 1
        if tracks == 1 and b - a == 1:
            pick[0] = 0 if cost[0, 0] < np.inf else -1
        elif tracks > 0:
            if tracks > pick.shape[0]:
                pick = np.empty(room, np.int64)
            pick[:tracks] = assign(cost[:tracks, : b - a])
        for c in range(tracks):
            k = seen[c]
            j = pick[c]
            for q in range(f, g):
                at = other_row[q]
                if other_of[q] != mine and is_reachable(x[k], p[k], memory[k], now, other_z[at], other_r[at]):
                    theirs = gate(ahead[k], ahead_p[k], other_z[at], other_r[at], params[GATE], aside)
                    if theirs < np.inf and (j < 0 or theirs <= cost[c, j]):
                        clash_s[other_of[q]] = now
            if j < 0:
                continue
            i = a + j
            x[k] = ahead[k]
            p[k] = ahead_p[k]
            _take(x[k], p[k], x7[k], p7[k], memory[k], ring[k], now, z[i], r[i], rate[i], site[i], revisit_s[i],
                  params, work)  # fmt: skip
            innovation[i] = white[c, j]
            if memory[k, FIRM] > 0.0 and confirmed_s[number[k]] == np.inf:
                confirmed_s[number[k]] = now
            _renew(x[k], p[k], now, params, path[k])
            _write(i, number[k], x[k], p[k], memory[k], track, held, state, cov, drag, is_ballistic)
        for j in range(b - a):
            is_taken = False
            for c in range(tracks):
                is_taken = is_taken or pick[c] == j
            if is_taken:
                continue
            k = 0
            while k < used and number[k] >= 0:
                k += 1
            if k == room:
                room, x, p, x7, p7, ahead, ahead_p, memory, ring, path, number, seen = _more(
                    x, p, x7, p7, ahead, ahead_p, memory, ring, path, number, seen
                )
            used = max(used, k + 1)
            i = a + j
            number[k] = count
            live += 1
            confirmed_s[count] = np.inf
            count += 1
            _start(x[k], p[k], memory[k], ring[k], now, z[i], r[i], rate[i], site[i], revisit_s[i], launch, params,
                   work)  # fmt: skip
            _renew(x[k], p[k], now, params, path[k])
            innovation[i, :] = np.nan
            _write(i, number[k], x[k], p[k], memory[k], track, held, state, cov, drag, is_ballistic)
        a = b
        f = g
        if live == 0 and a < n:
            while f < m and other_s[f] < time_s[a]:
                f += 1
        elif live == 0 and a == n and b == a:
            break
    return count


# What a track remembers beside its filters.
BALLISTIC, HELD, SINCE, LAST, IN_WINDOW, NIS_SUM, NIS_MEAN, FIRM, AIR = range(9)
MEMORY = 9


@kernel
def _more(
    x: Floats, p: Floats, x7: Floats, p7: Floats, ahead: Floats, ahead_p: Floats, memory: Floats, ring: Floats,
    path: Floats, number: Ints, seen: Ints,
) -> tuple[int, Floats, Floats, Floats, Floats, Floats, Floats, Floats, Floats, Floats, Ints, Ints]:  # fmt: skip
    """Return the same arrays with twice the room."""
    old = x.shape[0]
    room = 2 * old
    x_ = np.zeros((room, 7))
    p_ = np.zeros((room, 7, 7))
    x7_ = np.zeros((room, 7))
    p7_ = np.zeros((room, 7, 7))
    ahead_ = np.zeros((room, 7))
    ahead_p_ = np.zeros((room, 7, 7))
    memory_ = np.zeros((room, MEMORY))
    ring_ = np.zeros((room, RING, 2))
    path_ = np.zeros((room, PATH))
    number_ = np.full(room, -1, np.int64)
    seen_ = np.zeros(room, np.int64)
    x_[:old] = x
    p_[:old] = p
    x7_[:old] = x7
    p7_[:old] = p7
    ahead_[:old] = ahead
    ahead_p_[:old] = ahead_p
    memory_[:old] = memory
    ring_[:old] = ring
    path_[:old] = path
    number_[:old] = number
    seen_[:old] = seen
    return room, x_, p_, x7_, p7_, ahead_, ahead_p_, memory_, ring_, path_, number_, seen_


@kernel
def _write(
    i: int, number: int, x: Floats, p: Floats, memory: Floats, track: Ints, held: Ints, state: Floats, cov: Floats,
    drag: Floats, is_ballistic: Bools,
) -> None:  # fmt: skip
    """Write what a track is after detection i."""
    track[i] = number
    held[i] = int(memory[HELD])
    for a in range(6):
        state[i, a] = x[a]
        for b in range(6):
            cov[i, a, b] = p[a, b]
    is_ballistic[i] = memory[BALLISTIC] > 0.0
    drag[i, 0] = x[6] if memory[BALLISTIC] > 0.0 else 0.0
    drag[i, 1] = sqrt(p[6, 6]) if memory[BALLISTIC] > 0.0 else np.nan


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


# A rough path of a track, for looking away from what is far: position and velocity at AT (s), seconds in the air since
# the last update, what drag has taken off speed and way there (m/s, m), standard deviations at the last update, growth
# of errors until the path is renewed, the most the drag can be wrong by as a factor.
AT, IN_AIR, SLOWED, BEHIND, POSITION, SPEED, GROWTH, DOUBT = range(6, 14)
PATH = 14
RENEW_S = 15.0


@kernel
def _reach_m(memory: Floats, path: Floats, beta_kg_m2: float, now_s: float, params: Floats) -> float:
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
def _renew(x: Floats, p: Floats, now_s: float, params: Floats, path: Floats) -> None:
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
def _is_close(path: Floats, now_s: float, reach_m: float, z: Floats, spread_m: float, root: float) -> bool:
    """Whether a detection of a total standard deviation can lie in the gate of a track that reaches so far."""
    dt = now_s - path[AT]
    dx = z[0] - path[0] - dt * path[3]
    dy = z[1] - path[1] - dt * path[4]
    dz = z[2] - path[2] - dt * path[5]
    bound = reach_m + root * spread_m
    return bool(dx * dx + dy * dy + dz * dz <= bound * bound)


@kernel
def _strength(x: Floats, params: Floats) -> float:
    """Return the ballistic coefficient that a coasting track has found out (kg/m2)."""
    return float(params[BETA] * exp(-min(LOG_DRAG_MAX, max(-LOG_DRAG_MAX, x[6]))))


@kernel
def _look_ahead(x: Floats, p: Floats, memory: Floats, now_s: float, params: Floats, work: Floats) -> None:
    """Predict a track from its last update to now_s, in place."""
    if memory[BALLISTIC] > 0.0:
        advance(x, p, now_s - memory[LAST], DRAG, 0.0, params[BETA], params[NOISE], work)
    else:
        advance(x, p, now_s - memory[LAST], PLAIN, params[BOOST], params[BETA], params[NOISE], work)


@kernel
def gate(x: Floats, p: Floats, z: Floats, r: Floats, limit: float, white: Floats) -> float:
    """Return the cost d^2 + ln|S| of a detection for a predicted track, inf outside d^2 <= limit; write L^-1 y (3,).

    S = H P H^T + R = L L^T, y the innovation, so d^2 is the sum of squares of what is written.
    """
    l00 = sqrt(p[0, 0] + r[0, 0])
    l10 = (p[1, 0] + r[1, 0]) / l00
    l20 = (p[2, 0] + r[2, 0]) / l00
    l11 = sqrt(p[1, 1] + r[1, 1] - l10 * l10)
    l21 = (p[2, 1] + r[2, 1] - l20 * l10) / l11
    l22 = sqrt(p[2, 2] + r[2, 2] - l20 * l20 - l21 * l21)
    white[0] = (z[0] - x[0]) / l00
    white[1] = (z[1] - x[1] - l10 * white[0]) / l11
    white[2] = (z[2] - x[2] - l20 * white[0] - l21 * white[1]) / l22
    d2 = white[0] * white[0] + white[1] * white[1] + white[2] * white[2]
    if d2 <= limit:
        return float(d2 + 2.0 * log(l00 * l11 * l22))
    return np.inf


@kernel
def assign(cost: Floats) -> Ints:
    """Return for each of n tracks its detection of m, or -1: as many pairs as possible, then the smallest sum of costs.

    cost (n, m), inf where a pair is outside the gate.  The same rule as `tracking.associate`; equal sums go to the
    first index where one track or one detection decides.
    """
    n, m = cost.shape
    pick = np.full(n, -1, np.int64)
    if n == 0 or m == 0:
        return pick
    if n == 1 or m == 1:
        best = np.inf
        for i in range(n):
            for j in range(m):
                if cost[i, j] < best:
                    best = cost[i, j]
                    pick[:] = -1
                    pick[i] = j
        return pick
    low = np.inf
    high = -np.inf
    for i in range(n):
        for j in range(m):
            if cost[i, j] < np.inf:
                low = min(low, cost[i, j])
                high = max(high, cost[i, j])
    if low == np.inf:
        return pick
    # Leaving a track alone costs more than all that a rearrangement of the others could save.
    alone = low + (high - low + 1.0) * (min(n, m) + 1.0)
    u = np.zeros(n + 1)
    v = np.zeros(m + n + 1)
    owner = np.zeros(m + n + 1, np.int64)
    way = np.zeros(m + n + 1, np.int64)
    for i in range(1, n + 1):
        owner[0] = i
        j0 = 0
        least = np.full(m + n + 1, np.inf)
        done = np.zeros(m + n + 1, np.bool_)
        while True:
            done[j0] = True
            i0 = owner[j0]
            delta = np.inf
            j1 = -1
            for j in range(1, m + n + 1):
                if done[j]:
                    continue
                here = np.inf
                if j <= m:
                    here = cost[i0 - 1, j - 1]
                elif j == m + i0:
                    here = alone
                reduced = here - u[i0] - v[j]
                if reduced < least[j]:
                    least[j] = reduced
                    way[j] = j0
                if least[j] < delta:
                    delta = least[j]
                    j1 = j
            for j in range(m + n + 1):
                if done[j]:
                    u[owner[j]] += delta
                    v[j] -= delta
                else:
                    least[j] -= delta
            j0 = j1
            if owner[j0] == 0:
                break
        while j0 != 0:
            j1 = way[j0]
            owner[j0] = owner[j1]
            j0 = j1
    for j in range(1, m + 1):
        if owner[j] > 0:
            pick[owner[j] - 1] = j - 1
    return pick


@kernel
def _start(
    x: Floats, p: Floats, memory: Floats, ring: Floats, now_s: float, z: Floats, r: Floats, rate: Floats, site: Floats,
    revisit_s: float, launch: Floats, params: Floats, work: Floats,
) -> None:  # fmt: skip
    """Start a tentative track from one detection.

    Where exactly one launch that is known by now can be the cause, its point gives a first velocity: since the launch
    the object has come d in T seconds, and a body that accelerates steadily has 2 d / T.
    """
    x[:] = 0.0
    p[:, :] = 0.0
    for a in range(3):
        x[a] = z[a]
        for b in range(3):
            p[a, b] = r[a, b]
        p[a + 3, a + 3] = params[SPEED_PRIOR] ** 2
    cause = -1
    for k in range(launch.shape[0]):
        took = now_s - launch[k, 1]
        if now_s < launch[k, 0] or took <= 0.0:
            continue
        dx = z[0] - launch[k, 2]
        dy = z[1] - launch[k, 3]
        dz = z[2] - launch[k, 4]
        if sqrt(dx * dx + dy * dy + dz * dz) <= FASTEST_MPS * took + 3.0 * launch[k, 5]:
            cause = k if cause == -1 else -2
    if cause >= 0:
        took = now_s - launch[cause, 1]
        far2 = 0.0
        for a in range(3):
            d = z[a] - launch[cause, 2 + a]
            far2 += d * d
            x[a + 3] = 2.0 * d / took
        doubt = LAUNCH_SPEED_SHARE**2 * far2 / took**2 + (2.0 * launch[cause, 5] / took) ** 2
        for a in range(3):
            p[a + 3, a + 3] = min(p[a + 3, a + 3], doubt + 4.0 * r[a, a] / took**2)
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
def _take(
    x: Floats, p: Floats, x7: Floats, p7: Floats, memory: Floats, ring: Floats, now_s: float, z: Floats, r: Floats,
    rate: Floats, site: Floats, revisit_s: float, params: Floats, work: Floats,
) -> None:  # fmt: skip
    """Give a predicted track (x, p at now_s) its detection: update, then burnout, return to boost, confirmation."""
    dt = now_s - memory[LAST]
    n = 7 if memory[BALLISTIC] > 0.0 else 6
    nis = update(x, p, z, r, n, work)
    if rate[1] > 0.0:
        update_rate(x, p, rate[0], rate[1], site, n, work)
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
            _begin_window(x, p, x7, p7, memory, params)
    elif held == int(params[FIRST]):
        _begin_window(x, p, x7, p7, memory, params)
    else:
        advance(x7, p7, dt, THRUST, 0.0, params[BETA], params[NOISE], work)
        memory[NIS_SUM] += update(x7, p7, z, r, 7, work)
        if rate[1] > 0.0:
            update_rate(x7, p7, rate[0], rate[1], site, 7, work)
        memory[IN_WINDOW] += 1.0
        sigma = sqrt(p7[6, 6])
        said = verdict(x7[6], sigma, memory[NIS_SUM], int(memory[IN_WINDOW]))
        if said < 0:
            _begin_window(x, p, x7, p7, memory, params)
        elif said > 0:
            memory[BALLISTIC] = 1.0
            memory[NIS_MEAN] = 3.0
            doubt = max(memory[AIR], drag_of(x7, params[BETA])) * (exp(params[LOG_BETA_DOUBT]) - 1.0)
            settle(x7, p7, abs(x7[6]) <= DECIDE_SIGMA * sigma, doubt, x, p)
            x[6] = 0.0
            for a in range(6):
                p[a, 6] = 0.0
                p[6, a] = 0.0
            p[6, 6] = params[LOG_BETA_DOUBT] ** 2
    wanted = min(int(params[CONFIRM]), RING)
    if held >= wanted and memory[FIRM] == 0.0:
        slowest = 0.0
        for k in range(held - wanted, held):
            slowest = max(slowest, ring[k % RING, 1])
        if now_s - ring[(held - wanted) % RING, 0] <= params[LOOKS] * slowest:
            memory[FIRM] = 1.0


@kernel
def _begin_window(x: Floats, p: Floats, x7: Floats, p7: Floats, memory: Floats, params: Floats) -> None:
    """Ask anew whether there is thrust."""
    open_window(x, p, x7, p7)
    memory[IN_WINDOW] = 0.0
    memory[NIS_SUM] = 0.0
    memory[AIR] = drag_of(x, params[BETA])


@kernel
def drag_of(x: Floats, beta_kg_m2: float) -> float:
    """Return the drag (m/s2) that the tracker's air gives a state."""
    height = radial_height_m(x[0], x[1], x[2])
    if height >= VACUUM_M:
        return 0.0
    return float(0.5 * density_kg_m3(max(0.0, height)) * (x[3] * x[3] + x[4] * x[4] + x[5] * x[5]) / beta_kg_m2)
