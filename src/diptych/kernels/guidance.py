"""What stands between a point in reach and a shot at it: how sure the predicted path is, and who guides.

`path_errors` carries a track's covariance along the predicted path; `expected_acquisition` finds when a battery's own
fire-control radar should have the object; `keep_guided` takes out the launch times that the battery's mode does not
allow. Modes are numbers, from the narrowest to the widest: `NO_MODE`, `ORGANIC`, `LAUNCH_ON_REMOTE`,
`ENGAGE_ON_REMOTE`.
"""

import math

import numpy as np
import numpy.typing as npt

from diptych.kernels.earth import MU_M3_S2, OMEGA_RAD_S
from diptych.kernels.jit import kernel
from diptych.kernels.looks import in_view, snr, swerling1_pd

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

NO_MODE = 0
ORGANIC = 1
LAUNCH_ON_REMOTE = 2
ENGAGE_ON_REMOTE = 3
STRIDE = 8  # points of a path from one reckoning of its error to the next


@kernel
def largest_eigenvalue(m: Floats) -> float:
    """Return the largest eigenvalue of a symmetric matrix m (3, 3).

    The trigonometric form of Cardano's solution (O. K. Smith, Communications of the ACM 4, 168, 1961).
    """
    off = m[0, 1] * m[0, 1] + m[0, 2] * m[0, 2] + m[1, 2] * m[1, 2]
    mean = (m[0, 0] + m[1, 1] + m[2, 2]) / 3.0
    a = m[0, 0] - mean
    b = m[1, 1] - mean
    c = m[2, 2] - mean
    size = math.sqrt((a * a + b * b + c * c + 2.0 * off) / 6.0)
    if size == 0.0:
        return float(mean)
    det = (
        a * (b * c - m[1, 2] * m[1, 2])
        - m[0, 1] * (m[0, 1] * c - m[1, 2] * m[0, 2])
        + m[0, 2] * (m[0, 1] * m[1, 2] - b * m[0, 2])
    )
    half = min(1.0, max(-1.0, 0.5 * det / (size * size * size)))
    return float(mean + 2.0 * size * math.cos(math.acos(half) / 3.0))


@kernel
def square_root(p: Floats, root: Floats) -> None:
    """Write the lower Cholesky factor of p (n, n) into root (n, n); a pivot not above zero gives a column of zeros."""
    n = p.shape[0]
    for j in range(n):
        for i in range(n):
            root[i, j] = 0.0
        pivot = p[j, j]
        for k in range(j):
            pivot -= root[j, k] * root[j, k]
        if not (pivot > 0.0):
            continue
        root[j, j] = math.sqrt(pivot)
        for i in range(j + 1, n):
            rest = p[i, j]
            for k in range(j):
                rest -= root[i, k] * root[j, k]
            root[i, j] = rest / root[j, j]


@kernel
def path_errors(path_ecef_m: Floats, time_s: Floats, start_s: float, cov_ecef: Floats, out: Floats) -> None:
    """Write the standard deviation (k,) m of the predicted position along its worst axis.

    path_ecef_m (k, 3): the predicted path, NaN rows at its end give NaN; time_s (k,) increasing, >= start_s, the moment
    of the covariance cov_ecef (6, 6). Six deviations are carried through the gradient of the central field in axes that
    do not turn, in steps of `STRIDE` points (32 s where points are 4 s apart: within 1e-3); between them the error is
    taken as straight. Drag and the doubt about it are left out, so the last 30 km look surer than they are. Check:
    1 m/s and nothing else grows to 100 m in 100 s.
    """
    root = np.empty((6, 6))
    square_root(cov_ecef, root)
    # To axes that do not turn: the velocity of a deviation gains Omega x deviation.
    for j in range(6):
        dx = root[0, j]
        root[3, j] -= OMEGA_RAD_S * root[1, j]
        root[4, j] += OMEGA_RAD_S * dx
    spread = np.empty((3, 3))
    last_s = start_s
    end = time_s.shape[0]
    while end > 0 and math.isnan(path_ecef_m[end - 1, 0]):
        end -= 1
        out[end] = math.nan
    done = -1
    for k in range(end):
        if k % STRIDE != 0 and k != end - 1:
            continue
        x = path_ecef_m[k, 0]
        y = path_ecef_m[k, 1]
        z = path_ecef_m[k, 2]
        h = time_s[k] - last_s
        last_s = time_s[k]
        turn = OMEGA_RAD_S * (time_s[k] - start_s)
        c = math.cos(turn)
        s = math.sin(turn)
        u = c * x - s * y
        v = s * x + c * y
        r2 = u * u + v * v + z * z
        g = MU_M3_S2 / (r2 * math.sqrt(r2))
        for j in range(6):
            # half a drift, a kick, half a drift
            a = root[0, j] + 0.5 * h * root[3, j]
            b = root[1, j] + 0.5 * h * root[4, j]
            d = root[2, j] + 0.5 * h * root[5, j]
            along = 3.0 * (a * u + b * v + d * z) / r2
            root[3, j] += h * g * (along * u - a)
            root[4, j] += h * g * (along * v - b)
            root[5, j] += h * g * (along * z - d)
            root[0, j] = a + 0.5 * h * root[3, j]
            root[1, j] = b + 0.5 * h * root[4, j]
            root[2, j] = d + 0.5 * h * root[5, j]
        for i in range(3):
            for m in range(i + 1):
                total = 0.0
                for j in range(6):
                    total += root[i, j] * root[m, j]
                spread[i, m] = total
                spread[m, i] = total
        out[k] = math.sqrt(max(0.0, largest_eigenvalue(spread)))
        for between in range(done + 1, k):
            w = (time_s[between] - time_s[done]) / (time_s[k] - time_s[done])
            out[between] = (1.0 - w) * out[done] + w * out[k]
        done = k


@kernel
def expected_acquisition(
    path_ecef_m: Floats,
    time_s: Floats,
    from_s: float,
    site: Floats,
    site_ecef_m: Floats,
    basis: Floats,
    view: Floats,
    reference_range_m: float,
    revisit_s: float,
    looks: float,
) -> float:
    """Return when a radar that looks from from_s on is expected to have had so many detections; inf: never.

    path_ecef_m (k, 3), time_s (k,); site, site_ecef_m, basis and view as `looks.in_view` takes them. Every look has the
    detection probability of an object of the radar's reference cross-section, and the expected number is added up.
    Check: at the reference range Pd is 0.532, so four detections take 7.5 looks.
    """
    expected = 0.0
    for k in range(1, time_s.shape[0]):
        if time_s[k] <= from_s or math.isnan(path_ecef_m[k, 0]):
            continue
        is_seen, away_m = in_view(
            path_ecef_m[k, 0], path_ecef_m[k, 1], path_ecef_m[k, 2], site, site_ecef_m, basis, view
        )
        if not is_seen:
            continue
        rate = swerling1_pd(snr(away_m, 1.0, reference_range_m, 1.0)) / revisit_s
        before = expected
        expected += rate * (time_s[k] - max(from_s, time_s[k - 1]))
        if expected >= looks:
            return float(time_s[k] - (expected - looks) / rate) if expected > before else float(time_s[k])
    return math.inf


@kernel
def keep_guided(launch_s: Floats, time_s: Floats, mode: Ints, ready_s: Floats, handover_s: Floats) -> None:
    """Set to NaN every launch time (b, k) that a battery's mode does not allow.

    time_s (k,) of the points; mode (b,); ready_s (b,) when the battery's own radar has the object, as expected;
    handover_s (b,) seconds before the intercept at which the seeker takes over. Organic: launch not before the own
    radar has the object. Launch on remote: the own radar must have it by the handover. Engage on remote: always.
    """
    for b in range(launch_s.shape[0]):
        for k in range(launch_s.shape[1]):
            if (
                mode[b] == NO_MODE
                or (mode[b] == ORGANIC and launch_s[b, k] < ready_s[b])
                or (mode[b] == LAUNCH_ON_REMOTE and time_s[k] - handover_s[b] < ready_s[b])
            ):
                launch_s[b, k] = math.nan
