"""Plain twin of `diptych.kernels.fusion`: NumPy's inverse and determinant, a search over the weight by SciPy.

Unlike the kernel: no Cholesky factors, no derivatives, no Newton; the weight comes from bounded scalar minimisation of
ln det P, the means from the textbook formula, and a record of the past is carried on by `filter_twin.Gaussian`.
"""

from __future__ import annotations

import numpy as np
from scipy.optimize import minimize_scalar

from diptych.kernels.filters import BOOST_ACCELERATION_MPS2
from tests.oracles.filter_twin import Gaussian


def scaled(p):
    """Return a covariance in units in which its own diagonal is 1, and the units: inverses lose fewer digits so."""
    unit = np.sqrt(np.diag(p))
    return p / np.outer(unit, unit), unit


def information(p):
    """Return the inverse of a covariance."""
    small, unit = scaled(p)
    return np.linalg.inv(small) / np.outer(unit, unit)


def log_det(p):
    """Return the logarithm of the determinant."""
    small, unit = scaled(p)
    return np.linalg.slogdet(small)[1] + 2 * np.log(unit).sum()


def distance(x1, p1, x2, p2):
    """Return d^2 and ln det of the sum."""
    e = x1 - x2
    return e @ information(p1 + p2) @ e, log_det(p1 + p2)


def weighted(x1, p1, x2, p2, w1, w2):
    """Return the mean and covariance of information w1 P1^-1 + w2 P2^-1."""
    a, b = w1 * information(p1), w2 * information(p2)
    unit = np.sqrt(np.diag(p1))
    p = np.linalg.inv((a + b) * np.outer(unit, unit)) * np.outer(unit, unit)
    return x1 + p @ b @ (x2 - x1), p


def intersect(x1, p1, x2, p2):
    """Return mean, covariance and weight of covariance intersection by determinant."""
    search = minimize_scalar(
        lambda w: log_det(weighted(x1, p1, x2, p2, w, 1 - w)[1]), bounds=(0, 1), options={"xatol": 1e-10}
    )
    best = min([search.x, 0.0, 1.0], key=lambda w: log_det(weighted(x1, p1, x2, p2, w, 1 - w)[1]))
    return (*weighted(x1, p1, x2, p2, best, 1 - best), best)


def prepare(x, p, dt_s, grid_m, grid_mps, is_boost):
    """Return the state and covariance of now of a rounded record of dt_s ago."""
    held = Gaussian(x.copy(), p + np.diag([grid_m**2 / 12] * 3 + [grid_mps**2 / 12] * 3))
    held.predict(dt_s, False)
    if is_boost:
        end = dt_s * (np.arange(20_000) + 0.5) / 20_000  # of thrust: any time, or not at all within the delay
        v, r = end, end * dt_s - end**2 / 2
        for moved, fast in ((r, v), (dt_s**2 / 2, dt_s)):
            pair = [[np.mean(moved * moved), np.mean(moved * fast)], [np.mean(moved * fast), np.mean(fast * fast)]]
            held.p = held.p + BOOST_ACCELERATION_MPS2**2 * np.kron(pair, np.eye(3))
    return held.x, held.p
