"""What a radar finds that is told where to look: the volume a cue leaves open, the beams over it, who is inside.

A cue says where something was, how fast it went and how sure that is; or that something was launched, when and where.
It never says what is true. `find` lays its volume, moved on to each look, beside where the objects truly are: one that
lies inside is looked at once the beams have passed over the volume, one outside is not, whatever number the cue gave
it. Read `doubt_m` and `beams` (how large, how long), then `is_inside`, then `find`.
"""

from math import atan2, ceil, pi, sqrt

import numpy as np
from numpy.typing import NDArray

from diptych.kernels.impact import ballistic_path
from diptych.kernels.jit import kernel
from diptych.kernels.looks import sight

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

SIGMAS = 3.0  # half width of the volume looked at, in standard deviations: holds 98.9 % of a plane normal error
PATH_STEP_S = 10.0  # of the cue's own path; straight lines between lie within 125 m of it outside the air
PATH_ROWS = 181  # a cue is given up half an hour after it came
FASTEST_MPS = 8500.0  # of anything, over the ground: circular speed at the surface and the Earth's turn
HARDEST_MPS2 = 100.0  # of any object, gravity and thrust: the end of a small motor's burn

# Places in the array of a cue's numbers, `model.looks.Whereabouts`.
HELD_AT, IS_RISING, ACCELERATION, LASTS = range(4)
# Places in the array of a radar's numbers.
X, Y, Z, BEAM, CAPACITY, SCAN, LATENCY, WINDOW, REACH = range(9)


@kernel
def doubt_m(age_s: float, acceleration_mps2: float, lasts_s: float) -> float:
    """Return the standard deviation (m) that an unknown acceleration, lasting from now on, makes after an age.

    sigma_a p (age - p / 2) with p = min(age, lasts).  Check: 10 m/s2 for 100 s: 18 km after 60 s, 150 km after 200.
    """
    if age_s <= 0.0:
        return 0.0
    powered_s = min(age_s, lasts_s)
    return acceleration_mps2 * powered_s * (age_s - 0.5 * powered_s)


@kernel
def beams(wide: float, narrow: float, is_fence: bool) -> float:
    """Return how many beam positions cover an ellipse; half axes in beamwidths, the longer one first.

    max(pi a b, 2 a), rounded up, at least one; a fence that something must cross takes 2 a.  Check: 3 and 3: 29, a
    fence 6; 0.5 and 0.5: 1.
    """
    across = 2.0 * wide
    return max(1.0, ceil((across if is_fence else max(pi * wide * narrow, across)) - 1e-9))


@kernel
def _across(
    path: Floats, at_s: float, cov: Floats, age_s: float, extra_m2: float, radar: Floats, place: Floats, i: int,
) -> tuple[float, float, bool, float]:  # fmt: skip
    """Return the half axes of the volume (beamwidths), whether place[i] is inside, and how far outside at least (m).

    path (n, 3): the cue's own, `PATH_STEP_S` apart from the moment it came, at_s after which all this is asked.
    """
    k = min(int(at_s / PATH_STEP_S), path.shape[0] - 2)
    w = at_s / PATH_STEP_S - k
    m0 = path[k, 0] + w * (path[k + 1, 0] - path[k, 0])
    m1 = path[k, 1] + w * (path[k + 1, 1] - path[k, 1])
    m2 = path[k, 2] + w * (path[k + 1, 2] - path[k, 2])
    e0, e1, e2 = place[i, 0] - m0, place[i, 1] - m1, place[i, 2] - m2
    u0, u1, u2 = m0 - radar[X], m1 - radar[Y], m2 - radar[Z]
    slant = sqrt(u0 * u0 + u1 * u1 + u2 * u2)
    u0, u1, u2 = u0 / slant, u1 / slant, u2 / slant
    # Two unit vectors across the line of sight, the first one level with the equator.
    level = sqrt(u0 * u0 + u1 * u1)
    p0, p1 = (-u1 / level, u0 / level) if level > 1e-9 else (1.0, 0.0)
    q0, q1, q2 = -u2 * p1, u2 * p0, u0 * p1 - u1 * p0
    spp = spq = sqq = suu = trace = 0.0
    u = (u0, u1, u2)
    p = (p0, p1, 0.0)
    q = (q0, q1, q2)
    for a in range(3):
        for b in range(3):
            c = cov[a, b] + age_s * (cov[a, 3 + b] + cov[3 + a, b]) + age_s * age_s * cov[3 + a, 3 + b]
            if a == b:
                c += extra_m2
                trace += c
            spp += p[a] * c * p[b]
            spq += p[a] * c * q[b]
            sqq += q[a] * c * q[b]
            suu += u[a] * c * u[b]
    beam_m = slant * radar[BEAM]
    middle = 0.5 * (spp + sqq)
    apart = sqrt(max(0.0, 0.25 * (spp - sqq) ** 2 + spq * spq))
    wide = SIGMAS * sqrt(max(0.0, middle + apart)) / beam_m
    narrow = SIGMAS * sqrt(max(0.0, middle - apart)) / beam_m
    # Inside: in range within the doubt and the window, across within the ellipse and half a beam more.
    half2 = 0.25 * beam_m * beam_m
    spp = SIGMAS * SIGMAS * spp + half2
    sqq = SIGMAS * SIGMAS * sqq + half2
    spq = SIGMAS * SIGMAS * spq
    along = e0 * u0 + e1 * u1 + e2 * u2
    aside, above = e0 * p0 + e1 * p1, e0 * q0 + e1 * q1 + e2 * q2
    det = spp * sqq - spq * spq
    off2 = (sqq * aside * aside - 2.0 * spq * aside * above + spp * above * above) / det
    reach2 = SIGMAS * SIGMAS * suu + radar[WINDOW] * radar[WINDOW]
    is_in = off2 <= 1.0 and along * along <= reach2
    miss = sqrt(e0 * e0 + e1 * e1 + e2 * e2) - SIGMAS * sqrt(max(0.0, trace)) - 0.5 * beam_m - radar[WINDOW]
    return wide, narrow, is_in, miss


@kernel
def _beside(
    state: Floats, cov: Floats, extra_m2: float, radar: Floats, place: Floats, i: int
) -> tuple[float, bool, float]:
    """Return the half width of the disc round a launch as a radar sees it (beamwidths), whether place[i] is over it,
    and how far from it at least (m).
    """
    s0, s1, s2 = state[0], state[1], state[2]
    far = sqrt(s0 * s0 + s1 * s1 + s2 * s2)
    r0, r1, r2 = s0 - radar[X], s1 - radar[Y], s2 - radar[Z]
    disc_m = SIGMAS * sqrt((cov[0, 0] + cov[1, 1] + cov[2, 2]) / 3.0 + extra_m2)
    wide = disc_m / (max(1.0, sqrt(r0 * r0 + r1 * r1 + r2 * r2)) * radar[BEAM])
    e0, e1, e2 = place[i, 0] - s0, place[i, 1] - s1, place[i, 2] - s2
    up = (e0 * s0 + e1 * s1 + e2 * s2) / far
    aside = sqrt(max(0.0, e0 * e0 + e1 * e1 + e2 * e2 - up * up))
    return wide, aside <= disc_m, aside - disc_m


@kernel
def wait_s(count: float, at_s: float, radar: Floats, busy: Floats) -> float:
    """Return how long the beams of a volume take from a moment on, inf where a scan of all is over sooner.

    One beam: no time. Otherwise volumes are looked at in turn, beam by beam: the own beams and those of every other
    volume that the radar is busy with then, over its looks a second. busy (b, 3): from, until, beams.
    """
    if count <= 1.0:
        return 0.0
    total = count
    for k in range(busy.shape[0]):
        if busy[k, 0] <= at_s < busy[k, 1]:
            total += busy[k, 2]
    took = total / radar[CAPACITY]
    return took if took < radar[SCAN] else np.inf


@kernel
def first_found(
    radar: Floats, cue: Floats, state: Floats, cov: Floats, path: Floats, now_s: float, from_s: float, before_s: float,
    time_s: Floats, place: Floats, first: int, last: int, busy: Floats,
) -> tuple[float, float, float]:  # fmt: skip
    """Return from which look on a cue makes a radar look at one object, when the object came into the volume, and how
    many beams that took; inf, inf, 0 if never or not before `before_s`.

    Rows first to last (excluded) of time_s (n,) and place (n, 3) are its looks and where it truly is then.  Looks at
    which it cannot have come near are passed over.
    """
    nothing = np.inf, np.inf, 0.0
    low, high = first, last
    while low < high:
        middle = (low + high) // 2
        if time_s[middle] < from_s:
            low = middle + 1
        else:
            high = middle
    i = low
    until_s = min(before_s, now_s + (PATH_ROWS - 1) * PATH_STEP_S)
    while i < last and time_s[i] < until_s:
        age = time_s[i] - cue[HELD_AT]
        extra = doubt_m(age, cue[ACCELERATION], cue[LASTS])
        if cue[IS_RISING] > 0.0:
            wide, is_in, miss = _beside(state, cov, extra * extra, radar, place, i)
            count = beams(wide, wide, is_fence=i == first)  # what is above a fence already never crosses it
        else:
            wide, narrow, is_in, miss = _across(path, time_s[i] - now_s, cov, age, extra * extra, radar, place, i)
            if np.isnan(miss):
                return nothing  # its path has come down
            count = beams(wide, narrow, is_fence=False)
        took = wait_s(count, time_s[i], radar, busy)
        if took == np.inf:
            return nothing  # too large by now
        if is_in:
            start = time_s[i] + took
            j = i
            while j < last and time_s[j] < start:
                j += 1
            if j == last or time_s[j] >= before_s:
                return nothing
            return time_s[j], time_s[i], count
        i += 1
        if miss > 0.0 and i < last:
            # How fast it comes nearer now, and how much that can change: no sooner than that can it be inside.
            growth = SIGMAS * (doubt_m(age + 1.0, cue[ACCELERATION], cue[LASTS]) - extra)
            growth += SIGMAS * sqrt(max(0.0, cov[3, 3] + cov[4, 4] + cov[5, 5]))
            if cue[IS_RISING] > 0.0:
                nearer = FASTEST_MPS
            else:
                k = min(int((time_s[i - 1] - now_s) / PATH_STEP_S), path.shape[0] - 2)
                speed2 = 0.0
                for a in range(3):
                    cued = (path[k + 1, a] - path[k, a]) / PATH_STEP_S
                    true = (place[i, a] - place[i - 1, a]) / (time_s[i] - time_s[i - 1])
                    speed2 += (cued - true) ** 2
                nearer = sqrt(speed2)
            nearer += growth
            after = time_s[i - 1] + 2.0 * miss / (nearer + sqrt(nearer * nearer + 2.0 * HARDEST_MPS2 * miss))
            while i < last and time_s[i] < after:
                i += 1
    return nothing


@kernel
def find(
    now_s: float, cue: Floats, state: Floats, cov: Floats, about: int, rows: Ints, mine: Ints, radars: Floats,
    site: Floats, basis: Floats, view: Floats, edge: Ints, time_s: Floats, place: Floats, busy: Floats, start_s: Floats,
    changed: Bools,
) -> bool:  # fmt: skip
    """Let a cue point radars: write into start_s (m, objects) from which look on each is looked at because of it.

    rows (c,) are those of the m radars that are pointed; mine (m,) are rows of radars (all, 9), site (all, 3), basis
    (all, 3, 3) and view (all, 4), the last three as in `looks.sight`; the looks of radar r at object k are rows edge[r
    * objects + k] to the next edge of time_s (n,) and place (n, 3).  A start is only ever moved forward, and changed
    (objects,) says for which.  busy (m, b, 3) is what each radar covers from when to when with how many beams; a cue
    that finds nothing takes its beams for as long as a scan of all lasts.  Nothing is done for a radar that looks at
    object `about` by then: it has what it is told of.  Returns whether anything was changed.
    """
    objects = start_s.shape[1]
    path = np.empty((PATH_ROWS if cue[IS_RISING] == 0.0 else 0, 3))
    is_ready = path.shape[0] == 0
    is_any = False
    for j in rows:
        radar = radars[mine[j]]
        from_s = now_s + radar[LATENCY]
        if 0 <= about < objects and from_s >= start_s[j, about]:
            continue
        if not is_ready:
            is_ready = True
            _path_of(state, now_s - cue[HELD_AT], path)
        is_found = False
        for k in range(objects):
            if from_s >= start_s[j, k]:
                continue
            at = mine[j] * objects + k
            start, seen_s, count = first_found(
                radar, cue, state, cov, path, now_s, from_s, start_s[j, k], time_s, place, edge[at], edge[at + 1],
                busy[j],
            )  # fmt: skip
            if start < start_s[j, k]:
                start_s[j, k] = start
                changed[k] = True
                is_any = True
                is_found = True
                _note(busy[j], now_s, seen_s, start, count)
        is_new = not 0 <= about < objects or start_s[j, about] == np.inf
        if is_new and not is_found:
            r = mine[j]
            begin_s, count = _in_vain(radar, cue, state, cov, path, now_s, site[r], basis[r], view[r])
            if wait_s(count, begin_s, radar, busy[j]) < np.inf:
                _note(busy[j], now_s, begin_s, begin_s + radar[SCAN], count)
    return is_any


@kernel
def _path_of(state: Floats, age_s: float, path: Floats) -> None:
    """Write where a cue's object flies by itself from now on; NaN where the cue is no place near the Earth."""
    far = sqrt(state[0] ** 2 + state[1] ** 2 + state[2] ** 2)
    speed = sqrt(state[3] ** 2 + state[4] ** 2 + state[5] ** 2)
    if not (6.0e6 < far < 2.0e7 and speed < 1.5e4):
        path[:, :] = np.nan
        return
    dt = np.empty(path.shape[0])
    for k in range(dt.shape[0]):
        dt[k] = max(0.0, age_s) + k * PATH_STEP_S
    ballistic_path(state, dt, path)


@kernel
def _in_vain(
    radar: Floats, cue: Floats, state: Floats, cov: Floats, path: Floats, now_s: float, site: Floats, basis: Floats,
    view: Floats,
) -> tuple[float, float]:  # fmt: skip
    """Return when a radar would begin to cover a cue's volume and with how many beams; no beams if it never would.

    A fence at once, where the launch lies in the azimuths of the field and in reach; the volume of a track as soon as
    the cue's own path comes into view and into reach.
    """
    from_s = now_s + radar[LATENCY]
    if cue[IS_RISING] > 0.0:
        extra = doubt_m(from_s - cue[HELD_AT], cue[ACCELERATION], cue[LASTS])
        wide, _, _ = _beside(state, cov, extra * extra, radar, state.reshape(1, 6), 0)
        d = state[:3] - radar[:3]
        off = atan2(basis[0, 0] * d[0] + basis[0, 1] * d[1] + basis[0, 2] * d[2],
                    basis[1, 0] * d[0] + basis[1, 1] * d[1] + basis[1, 2] * d[2]) - view[0]  # fmt: skip
        off -= 2.0 * pi * np.floor((off + pi) / (2.0 * pi))
        is_near = d[0] * d[0] + d[1] * d[1] + d[2] * d[2] < radar[REACH] * radar[REACH]
        return from_s, beams(wide, wide, is_fence=True) if is_near and abs(off) <= view[1] else 0.0
    for k in range(0, path.shape[0] - 1, 2):
        if np.isnan(path[k + 1, 0]):
            break
        d = path[k] - radar[:3]
        if d[0] * d[0] + d[1] * d[1] + d[2] * d[2] >= radar[REACH] * radar[REACH]:
            continue
        is_seen, _, _, _ = sight(path[k, 0], path[k, 1], path[k, 2], site, radar[:3], basis, view)
        if is_seen:
            begin_s = max(from_s, now_s + k * PATH_STEP_S)
            age = begin_s - cue[HELD_AT]
            extra = doubt_m(age, cue[ACCELERATION], cue[LASTS])
            wide, narrow, _, _ = _across(path, begin_s - now_s, cov, age, extra * extra, radar, path, k)
            return begin_s, beams(wide, narrow, is_fence=False)
    return from_s, 0.0


@kernel
def _note(busy: Floats, now_s: float, from_s: float, until_s: float, count: float) -> None:
    """Write down that a volume takes beams of a radar for a while, in place of what is over."""
    if count <= 1.0:
        return
    for k in range(busy.shape[0]):
        if busy[k, 1] <= now_s:
            busy[k, 0] = from_s
            busy[k, 1] = until_s
            busy[k, 2] = count
            return
