"""Two estimates of one object made into one, never surer than the two allow; and how well the two agree.

All matrices are 6 x 6 here, so the linear algebra is written out: Cholesky factors, no library, the same order of
operations everywhere. Read `cholesky` and `solve`, then `intersect` (correlation not known) and `add_information`
(errors independent), then `prepare`, which turns a partner's rounded and late record into an estimate of now. Twin:
`tests/oracles/fusion_twin.py`.

The weight of covariance intersection is the one with the smallest determinant. Unlike the trace, the determinant
does not depend on the units in which metres stand beside metres per second, and the fused ellipsoid can never have
more volume than the better of the two, because both ends (weight 0 and 1) are allowed.

Sources: Julier and Uhlmann, A non-divergent estimation algorithm in the presence of unknown correlations (American
Control Conference, 1997); Bar-Shalom, Li, Tracking with multiple sensors, 1995, section 8.4 (independent errors).
"""

from math import log, sqrt

import numpy as np
from numpy.typing import NDArray

from diptych.kernels.ballistic import GENERIC_BETA_KG_M2
from diptych.kernels.filters import BOOST_ACCELERATION_MPS2, COAST_NOISE_M2_S3, PLAIN, advance
from diptych.kernels.jit import kernel
from diptych.kernels.status import BAD_INPUT, OK

Floats = NDArray[np.float64]

WEIGHT_TOLERANCE = 1e-9  # of the weight of covariance intersection
MAX_STEPS = 60  # bisection alone needs 30


@kernel
def cholesky(a: Floats, low: Floats) -> bool:
    """Write L with L L^T = a into low, both (n, n), reading the lower triangle; say whether a is positive definite."""
    n = a.shape[0]
    for i in range(n):
        for j in range(i + 1):
            acc = a[i, j]
            for k in range(j):
                acc -= low[i, k] * low[j, k]
            if i == j:
                # A pivot this far below its diagonal element is rounding, not information. NaN fails too.
                if not acc > 1e-15 * abs(a[i, i]):
                    return False
                low[i, i] = sqrt(acc)
            else:
                low[i, j] = acc / low[j, j]
    return True


@kernel
def solve(low: Floats, b: Floats) -> None:
    """Solve L L^T x = b in place, b (n,)."""
    n = b.shape[0]
    for i in range(n):
        acc = b[i]
        for k in range(i):
            acc -= low[i, k] * b[k]
        b[i] = acc / low[i, i]
    for i in range(n - 1, -1, -1):
        acc = b[i]
        for k in range(i + 1, n):
            acc -= low[k, i] * b[k]
        b[i] = acc / low[i, i]


@kernel
def invert(low: Floats, out: Floats) -> None:
    """Write (L L^T)^-1 (n, n) into out, exactly symmetric."""
    n = low.shape[0]
    column = np.empty(n)
    for j in range(n):
        for i in range(n):
            column[i] = 1.0 if i == j else 0.0
        solve(low, column)
        for i in range(n):
            out[i, j] = column[i]
    for i in range(n):
        for j in range(i):
            out[i, j] = 0.5 * (out[i, j] + out[j, i])
            out[j, i] = out[i, j]


@kernel
def distance(x1: Floats, p1: Floats, x2: Floats, p2: Floats) -> tuple[float, float, int]:
    """Return d^2 = (x1 - x2)^T (P1 + P2)^-1 (x1 - x2), ln det (P1 + P2), and a status.

    x (6,), p (6, 6).  Not positive definite or not finite: BAD_INPUT and NaN.
    """
    total = np.empty((6, 6))
    low = np.empty((6, 6))
    e = np.empty(6)
    w = np.empty(6)
    for i in range(6):
        e[i] = x1[i] - x2[i]
        w[i] = e[i]
        for j in range(6):
            total[i, j] = p1[i, j] + p2[i, j]
    if not cholesky(total, low):
        return np.nan, np.nan, BAD_INPUT
    solve(low, w)
    d2 = 0.0
    log_det = 0.0
    for i in range(6):
        d2 += e[i] * w[i]
        log_det += 2.0 * log(low[i, i])
    return d2, log_det, OK if np.isfinite(d2) else BAD_INPUT


@kernel
def distances(x1: Floats, p1: Floats, x2: Floats, p2: Floats, d2: Floats, log_det: Floats) -> None:
    """`distance` for n x m pairs: x1 (n, 6), p1 (n, 6, 6), x2 (m, 6), p2 (m, 6, 6) into d2 and log_det (n, m)."""
    for i in range(x1.shape[0]):
        for j in range(x2.shape[0]):
            d2[i, j], log_det[i, j], _ = distance(x1[i], p1[i], x2[j], p2[j])


@kernel
def _slope(a: Floats, b: Floats, weight: float, mix: Floats, low: Floats, work: Floats) -> tuple[float, float, bool]:
    """Return the first and second derivative of -ln det M in the weight, M = w A + (1 - w) B written to mix.

    -tr(M^-1 (A - B)) and tr((M^-1 (A - B))^2) >= 0: the function is convex, so its least point is the only one.
    """
    column = np.empty(6)
    for i in range(6):
        for j in range(6):
            mix[i, j] = weight * a[i, j] + (1.0 - weight) * b[i, j]
    if not cholesky(mix, low):
        return np.nan, np.nan, False
    for j in range(6):
        for i in range(6):
            column[i] = a[i, j] - b[i, j]
        solve(low, column)
        for i in range(6):
            work[i, j] = column[i]
    first = 0.0
    second = 0.0
    for i in range(6):
        first -= work[i, i]
        for j in range(6):
            second += work[i, j] * work[j, i]
    return first, second, True


@kernel
def best_weight(a: Floats, b: Floats, mix: Floats, low: Floats, work: Floats) -> float:
    """Return the weight in [0, 1] of information A against B, both (6, 6), with the largest det(w A + (1 - w) B).

    Newton on the convex function, kept inside a shrinking bracket.  mix, low, work (6, 6) are scratch.
    """
    first, _, fine = _slope(a, b, 1.0, mix, low, work)
    if not fine or first <= 0.0:
        return 1.0
    first, _, fine = _slope(a, b, 0.0, mix, low, work)
    if not fine or first >= 0.0:
        return 0.0
    left, right, weight = 0.0, 1.0, 0.5
    for _ in range(MAX_STEPS):
        first, second, fine = _slope(a, b, weight, mix, low, work)
        if not fine:
            return 1.0
        if first > 0.0:
            right = weight
        else:
            left = weight
        step = -first / second if second > 0.0 else 0.0
        after = weight + step
        if not left < after < right:
            after = 0.5 * (left + right)
        if abs(after - weight) <= WEIGHT_TOLERANCE:
            return after
        weight = after
    return weight


@kernel
def _combine(
    x1: Floats, x2: Floats, mix: Floats, b: Floats, share: float, low: Floats, x: Floats, p: Floats
) -> bool:  # fmt: skip
    """Write P = M^-1 and x = x1 + P (share B) (x2 - x1): a weighted mean without the Earth's radius in its sums."""
    if not cholesky(mix, low):
        return False
    invert(low, p)
    pull = np.empty(6)
    for i in range(6):
        acc = 0.0
        for j in range(6):
            acc += share * b[i, j] * (x2[j] - x1[j])
        pull[i] = acc
    solve(low, pull)
    for i in range(6):
        x[i] = x1[i] + pull[i]
    return True


@kernel
def intersect(x1: Floats, p1: Floats, x2: Floats, p2: Floats, x: Floats, p: Floats) -> tuple[float, int]:
    """Write the covariance intersection of two estimates into x (6,), p (6, 6); return the weight of the first, status.

    P^-1 = w P1^-1 + (1 - w) P2^-1, P^-1 x = w P1^-1 x1 + (1 - w) P2^-1 x2, with w in [0, 1] of smallest det P.
    P is at least as large as the true error's covariance whatever the correlation of the two, if P1 and P2 are.
    Weights of 1 and 0 give the input back unchanged, bit by bit.  BAD_INPUT: an input is not positive definite.
    """
    a = np.empty((6, 6))
    b = np.empty((6, 6))
    mix = np.empty((6, 6))
    low = np.empty((6, 6))
    work = np.empty((6, 6))
    if not cholesky(p1, low):
        return np.nan, BAD_INPUT
    invert(low, a)
    if not cholesky(p2, low):
        return np.nan, BAD_INPUT
    invert(low, b)
    weight = best_weight(a, b, mix, low, work)
    if weight >= 1.0 or weight <= 0.0:
        for i in range(6):
            x[i] = x1[i] if weight >= 1.0 else x2[i]
            for j in range(6):
                p[i, j] = p1[i, j] if weight >= 1.0 else p2[i, j]
        return weight, OK
    for i in range(6):
        for j in range(6):
            mix[i, j] = weight * a[i, j] + (1.0 - weight) * b[i, j]
    if not _combine(x1, x2, mix, b, 1.0 - weight, low, x, p):
        return np.nan, BAD_INPUT
    return weight, OK


@kernel
def add_information(x1: Floats, p1: Floats, x2: Floats, p2: Floats, x: Floats, p: Floats) -> int:
    """Write the estimate of two with independent errors into x (6,), p (6, 6); return a status.

    P^-1 = P1^-1 + P2^-1, P^-1 x = P1^-1 x1 + P2^-1 x2.  Too sure of itself if the errors have anything in common.
    """
    a = np.empty((6, 6))
    b = np.empty((6, 6))
    mix = np.empty((6, 6))
    low = np.empty((6, 6))
    if not cholesky(p1, low):
        return BAD_INPUT
    invert(low, a)
    if not cholesky(p2, low):
        return BAD_INPUT
    invert(low, b)
    for i in range(6):
        for j in range(6):
            mix[i, j] = a[i, j] + b[i, j]
    return OK if _combine(x1, x2, mix, b, 1.0, low, x, p) else BAD_INPUT


@kernel
def prepare(
    x0: Floats, p0: Floats, dt_s: float, grid_m: float, grid_mps: float, is_boost: bool, x: Floats, p: Floats,
    beta_kg_m2: float = GENERIC_BETA_KG_M2,
) -> int:  # fmt: skip
    """Write what a record of dt_s seconds ago says of now into x (6,), p (6, 6); return a status.

    First the rounding: grid^2 / 12 on each axis, the variance of a value anywhere in its cell.  Then the delay: the
    ballistic model and its process noise.  In powered flight also an unknown acceleration a, the same all the time or
    until a burnout at any moment of the delay.  Both are added: a^2 (1/4 + 2/15) dt^4 of position, a^2 (1/2 + 5/24)
    dt^3 across, a^2 (1 + 1/3) dt^2 of velocity.  With the first alone position and velocity stay bound to each other as
    if burnout could not come, and a late record of powered flight contradicts the truth (seen).

    BAD_INPUT: not finite, from the future, or a covariance that is not symmetric and positive definite.
    """
    low = np.empty((6, 6))
    work = np.empty((4, 7, 7))
    if not (dt_s >= 0.0 and grid_m >= 0.0 and grid_mps >= 0.0 and dt_s < np.inf):
        return BAD_INPUT
    for i in range(6):
        if not np.isfinite(x0[i]):
            return BAD_INPUT
        x[i] = x0[i]
        for j in range(6):
            if not abs(p0[i, j] - p0[j, i]) <= 1e-9 * sqrt(abs(p0[i, i] * p0[j, j])):
                return BAD_INPUT
            p[i, j] = p0[i, j]
    if not cholesky(p, low):
        return BAD_INPUT
    for i in range(3):
        p[i, i] += grid_m * grid_m / 12.0
        p[i + 3, i + 3] += grid_mps * grid_mps / 12.0
    advance(x, p, dt_s, PLAIN, 0.0, beta_kg_m2, COAST_NOISE_M2_S3, 0.0, work)
    if is_boost:
        q = BOOST_ACCELERATION_MPS2**2
        for i in range(3):
            p[i, i] += q * (1.0 / 4.0 + 2.0 / 15.0) * dt_s**4
            p[i, i + 3] += q * (1.0 / 2.0 + 5.0 / 24.0) * dt_s**3
            p[i + 3, i] = p[i, i + 3]
            p[i + 3, i + 3] += q * (1.0 + 1.0 / 3.0) * dt_s**2
    return OK if cholesky(p, low) else BAD_INPUT
