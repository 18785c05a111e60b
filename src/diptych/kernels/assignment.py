"""Gates and the assignment of one scan: which detection can belong to which track, and which best does.

Source: Blackman and Popoli, Design and Analysis of Modern Tracking Systems, 1999, section 6.4; assignment by shortest
augmenting paths after Jonker and Volgenant, Computing 38, 1987. The plain one, over SciPy, is `tracking.associate`.
"""

from math import log, sqrt

import numpy as np
from numpy.typing import NDArray

from diptych.kernels.jit import kernel

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


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
