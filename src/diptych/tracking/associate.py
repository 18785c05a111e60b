"""Which detection of a scan belongs to which track: global nearest neighbour by statistical distance.

The cost of a pair is d^2 + ln|S|: twice the negative logarithm of the Gaussian density of the detection where the track
expects it, up to a constant, so that a vague track does not win detections merely by being vague. Gates come from
`kernels.filter_lanes.gate`; what is connected through gates is assigned together, everything else on its own, which
gives the same answer as one assignment of the whole and costs far less.

Source: Blackman and Popoli, Design and Analysis of Modern Tracking Systems, 1999, sections 6.3 and 6.4.
"""

import math

import numpy as np
from numpy.typing import NDArray

from diptych.kernels.clusters import split

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

NONE = -1  # in the answer: this track gets no detection
DENSE_MAX = 150  # beyond this many tracks or detections in one part the sparse solver is the faster one (measured)


def associate(distance2: Floats, log_det_s: Floats, miss_cost: float = math.inf) -> Ints:
    """Return the detection of each track, or `NONE`; a detection goes to one track at most.

    As many pairs as the gates allow, and among those answers the one with the smallest sum of costs d^2 + ln|S|.
    With a finite `miss_cost` instead the smallest sum of costs where every track without a detection pays that much,
    so that a pair at or above it is never made.

    Parameters
    ----------
    distance2 : (n, m)
        Squared statistical distance of detection j from track i; inf (or NaN) outside the gate.
    log_det_s : (n,) or (n, m)
        ln of the determinant of the innovation covariance: of the track, or of the pair where detections differ in
        accuracy.
    miss_cost : float
        In the unit of the costs; inf makes as many pairs as possible.

    Notes
    -----
    Equal sums: where one track or one detection decides, the first index; else the solver's order, which is the same
    for the same arrays. A part that is connected through gates is answered from its own rows and columns alone, in
    their order, so other tracks and detections never change it.

    *Check*: tracks at 0 and 3, detections at 1 and -3 (one axis, unit variance, gate 9): the pairs with the smallest
    single distance (0, 1) would leave track 1 alone; the answer is 0 to -3 and 1 to 1.
    """
    if distance2.size == 0:
        return np.full(distance2.shape[0], NONE, np.int64)
    cost = distance2 + (log_det_s if log_det_s.ndim == 2 else log_det_s[:, None])
    if miss_cost < math.inf:
        cost[cost >= miss_cost] = math.inf
    pick, of_track, of_detection, count = split(cost)
    for part in range(count):
        rows = np.flatnonzero(of_track == part)
        columns = np.flatnonzero(of_detection == part)
        pick[rows] = _solve(cost[np.ix_(rows, columns)], columns, miss_cost)
    return pick


def unused(pick: Ints, count: int) -> Ints:
    """Return, in order, which of `count` detections no track took: each may start a new track."""
    is_free = np.ones(count, np.bool_)
    is_free[pick[pick != NONE]] = False
    return np.flatnonzero(is_free)


def _solve(cost: Floats, columns: Ints, miss_cost: float) -> Ints:
    """Return the columns of the best assignment of one connected part, `NONE` for rows without one."""
    in_gate = np.isfinite(cost)
    size = min(cost.shape)
    if miss_cost < math.inf:
        worth = miss_cost
    else:
        # Worth more than all that a rearrangement of the others could save: the number of pairs comes first.
        low, high = cost[in_gate].min(), cost[in_gate].max()
        worth = low + (high - low + 1.0) * (size + 1.0)
    if size > DENSE_MAX:
        return _solve_sparse(cost, in_gate, columns, worth)
    # Imported here: scipy.optimize takes half a second to load and most scans need no solver.
    from scipy.optimize import linear_sum_assignment

    rows, taken = linear_sum_assignment(np.where(in_gate, cost - worth, 0.0))
    pick = np.full(cost.shape[0], NONE, np.int64)
    made = in_gate[rows, taken]
    pick[rows[made]] = columns[taken[made]]
    return pick


def _solve_sparse(cost: Floats, in_gate: NDArray[np.bool_], columns: Ints, worth: float) -> Ints:
    """Return the same for a big part with few pairs: every row also has a column of its own, at the price `worth`."""
    # Imported here for the same reason as above.
    from scipy.sparse import csr_matrix
    from scipy.sparse.csgraph import min_weight_full_bipartite_matching

    n, m = cost.shape
    row, column = np.nonzero(in_gate)
    lift = 1.0 - cost[row, column].min()  # the solver takes a stored zero for "no pair"
    weight = np.concatenate([cost[row, column] + lift, np.full(n, worth + lift)])
    graph = csr_matrix(
        (weight, (np.concatenate([row, np.arange(n)]), np.concatenate([column, m + np.arange(n)]))), shape=(n, m + n)
    )
    _, taken = min_weight_full_bipartite_matching(graph)
    return np.where(taken < m, np.append(columns, np.full(n, NONE))[taken], NONE).astype(np.int64)
