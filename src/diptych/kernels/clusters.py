"""Which tracks and detections compete with one another: the connected parts of a gate matrix.

Two tracks that share no detection in their gates, directly or through others, cannot take anything from each other, so
the best assignment of the whole is the best assignment of each part. Parts with one track or one detection are solved
here by looking; the others are left to a solver (`tracking.associate`).
"""

import numpy as np
from numpy.typing import NDArray

from diptych.kernels.jit import kernel

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@kernel
def split(cost: Floats) -> tuple[Ints, Ints, Ints, int]:
    """Return the detection of each track that is decided by looking, and the parts that are not.

    cost (n, m): what it costs to give detection j to track i; anything but a finite number is out of the gate.

    Returns `pick` (n,) the detection or -1; `of_track` (n,) and `of_detection` (m,) the number of the undecided part,
    or -1; and how many parts there are, numbered by their first track. Equal costs: the first index wins.
    """
    n, m = cost.shape
    pick = np.full(n, -1, np.int64)
    of_track = np.full(n, -1, np.int64)
    of_detection = np.full(m, -1, np.int64)
    seen_track = np.zeros(n, np.bool_)
    seen_detection = np.zeros(m, np.bool_)
    tracks = np.empty(n, np.int64)  # the part being gathered
    detections = np.empty(m, np.int64)
    count = 0
    for first in range(n):
        if seen_track[first]:
            continue
        seen_track[first] = True
        tracks[0] = first
        held = 1
        found = 0
        at = 0
        while at < held:
            i = tracks[at]
            at += 1
            for j in range(m):
                if seen_detection[j] or not np.isfinite(cost[i, j]):
                    continue
                seen_detection[j] = True
                detections[found] = j
                found += 1
                for k in range(n):
                    if not seen_track[k] and np.isfinite(cost[k, j]):
                        seen_track[k] = True
                        tracks[held] = k
                        held += 1
        if found == 0:
            continue
        if held > 1 and found > 1:
            for a in range(held):
                of_track[tracks[a]] = count
            for b in range(found):
                of_detection[detections[b]] = count
            count += 1
            continue
        best_track = -1
        best_detection = -1
        best = np.inf
        for i in range(n) if held > 1 else range(first, first + 1):
            for b in range(found):
                j = detections[b]
                if cost[i, j] < best:
                    best = cost[i, j]
                    best_track = i
                    best_detection = j
        pick[best_track] = best_detection
    return pick, of_track, of_detection, count
