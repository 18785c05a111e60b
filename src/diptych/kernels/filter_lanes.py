"""Many tracks at once: the six-state filter of `filters` in lanes, and the gates between tracks and detections.

A *bank* holds the tracks the way a processor likes them: in blocks of `WIDTH`, and within a block the same number of
all its tracks side by side. `pack` makes one from states and covariances, `predict` and `update` change it in place,
`gate` reads it, `unpack` gives states and covariances back. Each track has its own time, its own status, and results
that do not depend on its neighbours, its place or the width of the lanes, to the last bit.

The arithmetic is that of `filters.predict` and `filters.update`, which stay as the plain twin; it is unrolled in
`filter_lane_vacuum` and `filter_lane_air` by `tools/build_filter_lanes.py`. Frame: ECEF.
"""

from math import log

import numpy as np
from numpy.typing import NDArray

from diptych.kernels.ballistic import VACUUM_M
from diptych.kernels.earth import WGS84_A_M
from diptych.kernels.filter_lane_air import predict_air
from diptych.kernels.filter_lane_vacuum import WIDTH, predict_vacuum, update_step
from diptych.kernels.filters import STEP_VACUUM_S
from diptych.kernels.jit import kernel
from diptych.kernels.status import BAD_INPUT, NOT_POSITIVE, OK

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

# Rows of a block; tools/build_filter_lanes.py counts the same.
COV = 6  # upper triangle, row by row
LEFT_S = 27  # of the interval that is being predicted
INVERSE_BETA = 28
USE = 29  # 1 where the lane has a detection
Z = 30
R = 33  # upper triangle, row by row
NIS = 39
IS_POSITIVE = 40
ROWS = 41

LONGEST_S = 7200.0  # no prediction of a track is longer: it would hold its neighbours up
FASTEST_MPS = 12_500.0  # above escape speed
# Beyond this distance from the Earth's centre nothing slower than FASTEST_MPS meets air within one step.
CLEAR_M = WGS84_A_M + VACUUM_M + (FASTEST_MPS + 100.0) * STEP_VACUUM_S


@kernel
def pack(state_ecef: Floats, cov_ecef: Floats) -> Floats:
    """Return the bank (blocks, ROWS * WIDTH) of tracks with states (n, 6) and covariances (n, 6, 6), upper half read.

    Places beyond the n-th hold a harmless object at rest.
    """
    n = state_ecef.shape[0]
    blocks = (n + WIDTH - 1) // WIDTH
    bank = np.zeros((blocks, ROWS * WIDTH))
    for b in range(blocks):
        s = bank[b]
        for lane in range(WIDTH):
            t = b * WIDTH + lane
            s[INVERSE_BETA * WIDTH + lane] = 0.0
            if t >= n:
                s[lane] = 2.0 * WGS84_A_M
            row = COV
            for i in range(6):
                if t < n:
                    s[i * WIDTH + lane] = state_ecef[t, i]
                for j in range(i, 6):
                    s[row * WIDTH + lane] = cov_ecef[t, i, j] if t < n else (1.0 if i == j else 0.0)
                    row += 1
    return bank


@kernel
def unpack(bank: Floats, n: int) -> tuple[Floats, Floats]:
    """Return the states (n, 6) and covariances (n, 6, 6) of the first n tracks of a bank."""
    state = np.empty((n, 6))
    cov = np.empty((n, 6, 6))
    for t in range(n):
        s = bank[t // WIDTH]
        lane = t % WIDTH
        row = COV
        for i in range(6):
            state[t, i] = s[i * WIDTH + lane]
            for j in range(i, 6):
                cov[t, i, j] = s[row * WIDTH + lane]
                cov[t, j, i] = s[row * WIDTH + lane]
                row += 1
    return state, cov


@kernel
def predict(bank: Floats, dt_s: Floats, boost_mps2: Floats, beta_kg_m2: Floats) -> Ints:
    """Advance each track by its own dt_s (n,) in place, as `filters.predict` does; return the status (n,).

    boost_mps2 (n,): standard deviation per axis of an unknown steady acceleration, 0 for an object that has burnt out.
    beta_kg_m2 (n,): ballistic coefficient taken for granted.

    A row with an interval that is negative, not finite or above `LONGEST_S`, a coefficient that is not positive, or a
    negative acceleration is left as it was and has the status `BAD_INPUT`; so has a state that is not finite.
    """
    n = dt_s.shape[0]
    room = bank.shape[0] * WIDTH
    dt = np.zeros(room)
    dt[:n] = dt_s
    boost = np.zeros(room)
    boost[:n] = boost_mps2
    beta = np.ones(room)
    beta[:n] = beta_kg_m2
    status = np.zeros(room, np.int64)
    for b in range(bank.shape[0]):
        s = bank[b]
        first = b * WIDTH
        boosted = 0
        for lane in range(WIDTH):
            t = first + lane
            is_good = (dt[t] >= 0.0) & (dt[t] <= LONGEST_S) & (beta[t] > 0.0) & (boost[t] >= 0.0)
            s[LEFT_S * WIDTH + lane] = dt[t] if is_good else 0.0
            s[INVERSE_BETA * WIDTH + lane] = 1.0 / (beta[t] if is_good else 1.0)
            status[t] = OK if is_good else BAD_INPUT
            boosted += 1 if boost[t] > 0.0 else 0
        while True:
            left = 0
            low = 0
            for lane in range(WIDTH):
                r2 = s[lane] ** 2 + s[WIDTH + lane] ** 2 + s[2 * WIDTH + lane] ** 2
                v2 = s[3 * WIDTH + lane] ** 2 + s[4 * WIDTH + lane] ** 2 + s[5 * WIDTH + lane] ** 2
                moves = 1 if s[LEFT_S * WIDTH + lane] > 0.0 else 0
                left += moves
                low += 0 if (r2 > CLEAR_M * CLEAR_M) & (v2 < FASTEST_MPS * FASTEST_MPS) else moves
            if left == 0:
                break
            if low > 0:
                predict_air(s)
            else:
                predict_vacuum(s)
        if boosted > 0:
            _shake(s, dt[first : first + WIDTH], boost[first : first + WIDTH], status[first : first + WIDTH])
        for lane in range(WIDTH):
            # Anything in a row that is not finite has reached its state or its variances by now.
            state = (s[lane] + s[WIDTH + lane] + s[2 * WIDTH + lane]) + (
                s[3 * WIDTH + lane] + s[4 * WIDTH + lane] + s[5 * WIDTH + lane]
            )
            variance = (s[COV * WIDTH + lane] + s[(COV + 6) * WIDTH + lane] + s[(COV + 11) * WIDTH + lane]) + (
                s[(COV + 15) * WIDTH + lane] + s[(COV + 18) * WIDTH + lane] + s[(COV + 20) * WIDTH + lane]
            )
            # What is not finite does not become zero.
            if (state + variance) * 0.0 != 0.0:
                status[first + lane] = BAD_INPUT
    return status[:n]


@kernel
def _shake(s: Floats, dt_s: Floats, boost_mps2: Floats, status: Ints) -> None:
    """Add to a block what an unknown steady acceleration does over the whole interval, as in `filters.advance`."""
    for lane in range(WIDTH):
        if status[lane] != OK:
            continue
        q = boost_mps2[lane] ** 2
        h = dt_s[lane]
        row = COV
        for i in range(6):
            for j in range(i, 6):
                if i == j:
                    s[row * WIDTH + lane] += q * h**4 / 4.0 if i < 3 else q * h * h
                elif j == i + 3:
                    s[row * WIDTH + lane] += q * h**3 / 2.0
                row += 1


@kernel
def update(bank: Floats, pick: Ints, z_ecef_m: Floats, r_ecef_m2: Floats) -> tuple[Floats, Ints]:
    """Take into each track the position that `pick` (n,) names, in place, as `filters.update` does.

    z_ecef_m (m, 3), r_ecef_m2 (m, 3, 3): the detections of a scan; `pick` is an index into them or -1 for none, which
    leaves the row as it is.

    Returns the normalised innovation squared (n,), NaN without a detection, and the status (n,): `BAD_INPUT` for an
    index that does not exist or a detection that is not finite, `NOT_POSITIVE` where the covariance of the innovation
    is not positive definite. Such rows are left as they were.
    """
    n = pick.shape[0]
    m = z_ecef_m.shape[0]
    nis = np.empty(n)
    status = np.zeros(n, np.int64)
    for t in range(bank.shape[0] * WIDTH):
        s = bank[t // WIDTH]
        lane = t % WIDTH
        use = 0.0
        j = pick[t] if t < n else -1
        if j >= m or j < -1:
            status[t] = BAD_INPUT
        elif j >= 0:
            total = 0.0
            row = R
            for i in range(3):
                s[(Z + i) * WIDTH + lane] = z_ecef_m[j, i]
                total += z_ecef_m[j, i]
                for k in range(i, 3):
                    s[row * WIDTH + lane] = r_ecef_m2[j, i, k]
                    total += r_ecef_m2[j, i, k]
                    row += 1
            if np.isfinite(total):
                use = 1.0
            else:
                status[t] = BAD_INPUT
        if use == 0.0:
            for i in range(3):
                s[(Z + i) * WIDTH + lane] = s[i * WIDTH + lane]
            for row in range(R, R + 6):
                s[row * WIDTH + lane] = 0.0
        s[USE * WIDTH + lane] = use
    for b in range(bank.shape[0]):
        update_step(bank[b])
    for t in range(n):
        s = bank[t // WIDTH]
        lane = t % WIDTH
        nis[t] = s[NIS * WIDTH + lane]
        if s[USE * WIDTH + lane] == 0.0:
            nis[t] = np.nan
        elif s[IS_POSITIVE * WIDTH + lane] == 0.0:
            nis[t] = np.nan
            status[t] = NOT_POSITIVE
    return nis, status


@kernel
def gate(bank: Floats, n: int, z_ecef_m: Floats, r_ecef_m2: Floats, limit: float) -> tuple[Floats, Floats]:
    """Return the squared statistical distance (n, m) of every detection from every track, and ln|S| (n, m).

    Distance d^2 = y^T S^-1 y with S the covariance of the innovation y; inf where it exceeds `limit` (and ln|S| = 0),
    where S is not positive definite or where anything is not finite. `limit` is a quantile of the chi-square
    distribution with three degrees of freedom: 16.27 lets 99.9 % of the true detections through.

    *Check*: a track known to 3 m in each axis and a detection to 4 m, 10 m away: S = 25 m2, d^2 = 4, ln|S| = ln 15625.
    """
    m = z_ecef_m.shape[0]
    distance2 = np.full((n, m), np.inf)
    log_det = np.zeros((n, m))
    zx = np.empty(m)
    zy = np.empty(m)
    zz = np.empty(m)
    wide = np.empty(m)
    far = np.empty(m)
    for j in range(m):
        zx[j] = z_ecef_m[j, 0]
        zy[j] = z_ecef_m[j, 1]
        zz[j] = z_ecef_m[j, 2]
        wide[j] = limit * (r_ecef_m2[j, 0, 0] + r_ecef_m2[j, 1, 1] + r_ecef_m2[j, 2, 2])
    for t in range(n):
        s = bank[t // WIDTH]
        lane = t % WIDTH
        x = s[lane]
        y = s[WIDTH + lane]
        z = s[2 * WIDTH + lane]
        p00 = s[COV * WIDTH + lane]
        p01 = s[(COV + 1) * WIDTH + lane]
        p02 = s[(COV + 2) * WIDTH + lane]
        p11 = s[(COV + 6) * WIDTH + lane]
        p12 = s[(COV + 7) * WIDTH + lane]
        p22 = s[(COV + 11) * WIDTH + lane]
        # No eigenvalue of S exceeds its trace, so |y|^2 > limit * trace S puts a detection outside without an inverse.
        own = limit * (p00 + p11 + p22)
        for j in range(m):
            far[j] = (zx[j] - x) ** 2 + (zy[j] - y) ** 2 + (zz[j] - z) ** 2 - wide[j]
        for j in range(m):
            if not far[j] <= own:
                continue
            s00 = p00 + r_ecef_m2[j, 0, 0]
            s01 = p01 + r_ecef_m2[j, 0, 1]
            s02 = p02 + r_ecef_m2[j, 0, 2]
            s11 = p11 + r_ecef_m2[j, 1, 1]
            s12 = p12 + r_ecef_m2[j, 1, 2]
            s22 = p22 + r_ecef_m2[j, 2, 2]
            c00 = s11 * s22 - s12 * s12
            c01 = s02 * s12 - s01 * s22
            c02 = s01 * s12 - s02 * s11
            c11 = s00 * s22 - s02 * s02
            c12 = s01 * s02 - s00 * s12
            c22 = s00 * s11 - s01 * s01
            det = s00 * c00 + s01 * c01 + s02 * c02
            if not (s00 > 0.0 and c22 > 0.0 and det > 0.0):
                continue
            a = zx[j] - x
            b = zy[j] - y
            c = zz[j] - z
            d2 = (a * (c00 * a + 2.0 * (c01 * b + c02 * c)) + b * (c11 * b + 2.0 * c12 * c) + c22 * c * c) / det
            if d2 <= limit:
                distance2[t, j] = d2
                log_det[t, j] = log(det)
    return distance2, log_det
