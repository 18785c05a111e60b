"""The tracking machine of one complex: detections scan by scan, tracks that start, are confirmed, burn out and end.

A *scan* is all detections of one radar at one time. In each scan live tracks compete for the detections by gates and
global nearest neighbour; what nobody takes starts a tentative track. Nothing here knows which object a detection came
from. A track's numbers depend on its own detections alone: it is predicted from its last update to the scan in one go,
however many scans lie between, so objects whose gates never contain another's detections can be tracked apart with the
same result; `track_scans` says whether that holds.

Read `track_scans` first; what happens to one track is `tracks.take`; gates and the assignment are in `assignment`,
which detections are far enough to look away from in `away`.

Source: Bar-Shalom, Li, Kirubarajan, Estimation with Applications to Tracking and Navigation, ch. 10; Blackman and
Popoli, Design and Analysis of Modern Tracking Systems, 1999, sections 6.3 and 6.4.
"""

from math import sqrt

import numpy as np
from numpy.typing import NDArray

from diptych.kernels.assignment import assign, gate
from diptych.kernels.away import AT, DEEP_M, IN_AIR, PATH, is_close, judge, longest_s, reach_m, renew, step_on
from diptych.kernels.earth import radial_height_m
from diptych.kernels.jit import kernel
from diptych.kernels.tracks import (
    BALLISTIC,
    FIRM,
    GATE,
    HELD,
    MEMORY,
    RING,
    is_lost,
    is_reachable,
    look_ahead,
    start,
    strength,
    take,
)

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


@kernel
def track_scans(
    time_s: Floats, radar: Ints, z: Floats, r: Floats, rate: Floats, site: Floats, revisit_s: Floats, launch: Floats,
    params: Floats, other_s: Floats, other_radar: Ints, other_of: Ints, other_row: Ints,
    other_z: Floats, other_r: Floats, other_spread: Floats, balls: Floats, mine: int, track: Ints, held: Ints,
    state: Floats, cov: Floats, drag: Floats, is_ballistic: Bools, innovation: Floats, confirmed_s: Floats,
    clash_s: Floats,
) -> int:  # fmt: skip
    """Track n detections; return how many tracks were started, tentative ones included.

    time_s (n,) increasing, equal times by radar (n,); z (n, 3), r (n, 3, 3) positions ECEF; rate (n, 2) range rate from
    site (n, 3) and its standard deviation, NaN for none; revisit_s (n,) of the radar; launch (k, 6): known from s,
    launched at s, ECEF point, standard deviation m; params: see the places in `tracks`.

    Written for every detection: track (n,) the number of its track, held (n,) how many detections that track then has,
    state (n, 6), cov (n, 6, 6) after the update, drag (n, 2) drag / modelled and its standard deviation,
    is_ballistic (n,), innovation (n, 3) whitened (NaN for the first of a track); confirmed_s (n,) by track, inf: never.

    The `other_` arrays are looks (m of them, in the same order; position and covariance in row other_row of other_z and
    other_r, root of the trace in other_spread, enclosed in balls by `away.enclose`) that are never taken; but
    clash_s[k] becomes the last time at which one at object other_of = k, not `mine`, lay in a gate and was not dearer
    than what the track took in that scan.  If none ever does, those objects can be tracked apart with the same result:
    every track has its own detection at the smallest cost of its row, so giving each its own is the best assignment of
    all.
    """
    n = time_s.shape[0]
    m = other_s.shape[0]
    room = 4
    x = np.zeros((room, 7))
    p = np.zeros((room, 7, 7))
    x7 = np.zeros((room, 7))
    p7 = np.zeros((room, 7, 7))
    xc = np.zeros((room, 7))
    pc = np.zeros((room, 7, 7))
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
    near = np.zeros(balls.shape[2], np.bool_)  # objects whose looks until judged_s could lie in a gate
    judged_s = -np.inf
    used = 0
    count = 0
    a = 0
    f = 0
    while f < m and (n == 0 or other_s[f] < time_s[0]):
        f += 1  # nothing is tracked yet
    while a < n or f < m:
        while f < m and (a == n or other_s[f] < time_s[a] or (other_s[f] == time_s[a] and other_radar[f] <= radar[a])):
            if other_s[f] > judged_s:
                judged_s = judge(number, used, memory, x, path, other_s[f], other_s[0], balls, params, root, near)
                if mine >= 0:
                    near[mine] = False
            if near[other_of[f]]:
                break
            f += 1
        if a == n and f == m:
            break
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
                if memory[k, BALLISTIC] > 0.0 and now - path[k, AT] > longest_s(path[k, IN_AIR]):
                    step_on(memory[k], path[k], strength(x[k], params), now)
                reach = reach_m(memory, path, k, now, params, root)
                if memory[k, BALLISTIC] > 0.0 and radial_height_m(path[k, 0], path[k, 1], path[k, 2]) < DEEP_M:
                    number[k] = -1  # it came down long ago
                    continue
                for j in range(a, b):
                    spread = sqrt(r[j, 0, 0] + r[j, 1, 1] + r[j, 2, 2])
                    is_near = is_near or is_close(path[k], now, reach, z[j], spread, root)
                for q in range(f, g):
                    if not is_near and other_of[q] != mine:
                        is_near = is_close(path[k], now, reach, other_z[other_row[q]], other_spread[q], root)
            if not is_near:
                continue
            ahead[k] = x[k]
            ahead_p[k] = p[k]
            look_ahead(ahead[k], ahead_p[k], memory[k], now, params, work)
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
            take(x[k], p[k], x7[k], p7[k], xc[k], pc[k], memory[k], ring[k], now, z[i], r[i], rate[i], site[i],
                 revisit_s[i], params, work)  # fmt: skip
            innovation[i] = white[c, j]
            if memory[k, FIRM] > 0.0 and confirmed_s[number[k]] == np.inf:
                confirmed_s[number[k]] = now
            renew(x[k], p[k], now, params, path[k])
            judged_s = -np.inf
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
                room, x, p, x7, p7, xc, pc, ahead, ahead_p, memory, ring, path, number, seen = _more(
                    x, p, x7, p7, xc, pc, ahead, ahead_p, memory, ring, path, number, seen
                )
            used = max(used, k + 1)
            i = a + j
            number[k] = count
            live += 1
            confirmed_s[count] = np.inf
            count += 1
            start(x[k], p[k], memory[k], ring[k], now, z[i], r[i], rate[i], site[i], revisit_s[i], launch, params,
                   work)  # fmt: skip
            renew(x[k], p[k], now, params, path[k])
            judged_s = -np.inf
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


@kernel
def _more(
    x: Floats, p: Floats, x7: Floats, p7: Floats, xc: Floats, pc: Floats, ahead: Floats, ahead_p: Floats,
    memory: Floats, ring: Floats, path: Floats, number: Ints, seen: Ints,
) -> tuple[
    int, Floats, Floats, Floats, Floats, Floats, Floats, Floats, Floats, Floats, Floats, Floats, Ints, Ints
]:  # fmt: skip
    """Return the same arrays with twice the room."""
    old = x.shape[0]
    room = 2 * old
    x_ = np.zeros((room, 7))
    p_ = np.zeros((room, 7, 7))
    x7_ = np.zeros((room, 7))
    p7_ = np.zeros((room, 7, 7))
    xc_ = np.zeros((room, 7))
    pc_ = np.zeros((room, 7, 7))
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
    xc_[:old] = xc
    pc_[:old] = pc
    ahead_[:old] = ahead
    ahead_p_[:old] = ahead_p
    memory_[:old] = memory
    ring_[:old] = ring
    path_[:old] = path
    number_[:old] = number
    seen_[:old] = seen
    return room, x_, p_, x7_, p7_, xc_, pc_, ahead_, ahead_p_, memory_, ring_, path_, number_, seen_


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
    drag[i, 0] = x[6] if memory[BALLISTIC] > 0.0 else np.nan
    drag[i, 1] = sqrt(p[6, 6]) if memory[BALLISTIC] > 0.0 else np.nan
