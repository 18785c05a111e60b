"""The tracking filter as users of Stone Soup and dynamax would write it: same motion, same noise, same detections.

Motion in ECEF above the air: gravity with J2, Coriolis and centrifugal terms, one RK4 step; transition matrix
Phi = I + A h + A^2 h^2 / 2 with the two-body gradient, as `kernels.filters` documents it. Written again in plain NumPy
and JAX, not imported. Both libraries belong to the group `peers`: benchmarks and verification only.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

import numpy as np

MU, J2, A_M, SPIN = 3.986004418e14, 1.08262982e-3, 6378137.0, 7.292115e-5
START = datetime.datetime(2012, 1, 1)  # Stone Soup's clocks are naive


def rates(s: Any, np: Any = np) -> Any:  # noqa: ANN401  # NumPy or JAX
    """Time derivative of an ECEF state (6,) or (6, k)."""
    x, y, z, u, v, w = s
    r2 = x * x + y * y + z * z
    g = -MU / (r2 * np.sqrt(r2))
    j = 1.5 * J2 * A_M * A_M / r2
    t = 5.0 * z * z / r2
    planar = g * (1.0 + j * (1.0 - t)) + SPIN * SPIN
    return np.stack([u, v, w, planar * x + 2 * SPIN * v, planar * y - 2 * SPIN * u, g * (1.0 + j * (3.0 - t)) * z])


def rk4(s: Any, h: float, np: Any = np) -> Any:  # noqa: ANN401
    """One classical Runge-Kutta step."""
    a = rates(s, np)
    b = rates(s + 0.5 * h * a, np)
    c = rates(s + 0.5 * h * b, np)
    d = rates(s + h * c, np)
    return s + h / 6.0 * (a + 2.0 * b + 2.0 * c + d)


def transition(s: Any, h: float, np: Any = np) -> Any:  # noqa: ANN401
    """Phi (6, 6) at an ECEF state (6,)."""
    r = s[:3]
    r2 = r @ r
    m = MU / (r2 * np.sqrt(r2))
    eye, none = np.eye(3), np.zeros((3, 3))
    gradient = 3.0 * m / r2 * np.outer(r, r) - m * eye + np.diag(np.array([SPIN**2, SPIN**2, 0.0]))
    coriolis = np.array([[0.0, 2 * SPIN, 0.0], [-2 * SPIN, 0.0, 0.0], [0.0, 0.0, 0.0]])
    a = np.block([[none, eye], [gradient, coriolis]])
    return np.eye(6) + h * a + 0.5 * h * h * (a @ a)


def exact_transition(s: np.ndarray, h: float) -> np.ndarray:
    """Phi (6, 6) as the derivative of `rk4` itself, J2 included, by complex steps: exact to rounding."""
    phi = np.empty((6, 6))
    for k in range(6):
        moved = s.astype(complex)
        moved[k] += 1e-20j
        phi[:, k] = rk4(moved, h).imag / 1e-20
    return phi


def noise(h: float, q_m2_s3: float) -> np.ndarray:
    """White acceleration over h seconds."""
    eye = np.eye(3)
    return q_m2_s3 * np.block([[eye * h**3 / 3, eye * h * h / 2], [eye * h * h / 2, eye * h]])


class StoneSoup:
    """Stone Soup's extended Kalman filter on this model: tracks are its own objects.

    `phi` gives it the transition matrix, one of the two above; with None it differentiates the motion numerically, its
    default. In ECEF that costs accuracy: its step of 1e8 spacings is 5e-5 m/s while positions are rounded to 1e-9 m, so
    the derivatives carry errors of 2e-5, which a filter with next to no process noise adds up.
    """

    def __init__(self, q_m2_s3: float, phi: Callable[[np.ndarray, float], np.ndarray] | None) -> None:
        from stonesoup.models.base import TimeVariantModel
        from stonesoup.models.measurement.linear import LinearGaussian
        from stonesoup.models.transition.nonlinear import GaussianTransitionModel
        from stonesoup.predictor.kalman import ExtendedKalmanPredictor
        from stonesoup.types.array import CovarianceMatrix, StateVector
        from stonesoup.types.detection import Detection
        from stonesoup.types.hypothesis import SingleHypothesis
        from stonesoup.types.state import GaussianState
        from stonesoup.types.track import Track
        from stonesoup.updater.kalman import ExtendedKalmanUpdater

        class Numerical(GaussianTransitionModel, TimeVariantModel):
            @property
            def ndim_state(self) -> int:
                return 6

            def function(self, state: Any, noise: Any = False, **kwargs: Any) -> Any:  # noqa: ANN401
                h = kwargs["time_interval"].total_seconds()
                return state.state_vector.__class__(rk4(np.asarray(state.state_vector, float), h))

            def covar(self, time_interval: Any, **_: Any) -> Any:  # noqa: ANN401
                return CovarianceMatrix(noise(time_interval.total_seconds(), q_m2_s3))

        class Analytic(Numerical):
            def jacobian(self, state: Any, **kwargs: Any) -> Any:  # noqa: ANN401
                h = kwargs["time_interval"].total_seconds()
                return phi(np.asarray(state.state_vector, float).ravel(), h)

        self.predictor = ExtendedKalmanPredictor(Analytic() if phi else Numerical())
        self.updater = ExtendedKalmanUpdater(None)
        self._types = (GaussianState, StateVector, CovarianceMatrix, Detection, LinearGaussian, Track)
        self._hypothesis = SingleHypothesis

    def start(self, state: np.ndarray, cov: np.ndarray) -> list[Any]:
        """Return a track for each state (n, 6) and covariance (n, 6, 6) at second 0."""
        gaussian, vector, matrix, _, _, track = self._types
        return [track([gaussian(vector(x), matrix(p), timestamp=START)]) for x, p in zip(state, cov, strict=True)]

    def detections(self, second: float, z: np.ndarray, r: np.ndarray) -> list[Any]:
        """Return its detections of positions (m, 3) with covariances (m, 3, 3)."""
        _, vector, matrix, detection, linear, _ = self._types
        now = START + datetime.timedelta(seconds=second)
        return [
            detection(vector(z_i), timestamp=now, measurement_model=linear(6, (0, 1, 2), matrix(r_i)))
            for z_i, r_i in zip(z, r, strict=True)
        ]

    def step(self, tracks: list[Any], found: list[Any]) -> None:
        """Give each track its detection: association known."""
        for track, detection in zip(tracks, found, strict=True):
            prediction = self.predictor.predict(track[-1], timestamp=detection.timestamp)
            track.append(self.updater.update(self._hypothesis(prediction, detection)))

    def neighbours(self, *, missed_distance: float, squared: bool = False) -> Any:  # noqa: ANN401
        """Return its global nearest neighbour associator by Mahalanobis distance."""
        from stonesoup.dataassociator.neighbour import GNNWith2DAssignment
        from stonesoup.hypothesiser.distance import DistanceHypothesiser
        from stonesoup.measures import Mahalanobis, SquaredMahalanobis

        measure = SquaredMahalanobis() if squared else Mahalanobis()
        hypothesiser = DistanceHypothesiser(self.predictor, self.updater, measure, missed_distance=missed_distance)
        return GNNWith2DAssignment(hypothesiser)

    def associate(self, associator: Any, tracks: list[Any], found: list[Any]) -> list[int]:  # noqa: ANN401
        """Give the tracks what its associator says and return the detection of each, -1 for none."""
        at = {id(detection): j for j, detection in enumerate(found)}
        answers = associator.associate(set(tracks), set(found), found[0].timestamp)
        picks = []
        for track in tracks:
            answer = answers[track]
            picks.append(at[id(answer.measurement)] if answer else -1)
            track.append(self.updater.update(answer) if answer else answer.prediction)
        return picks

    @staticmethod
    def ends(tracks: list[Any]) -> tuple[np.ndarray, np.ndarray]:
        """Return the last states (n, 6) and covariances (n, 6, 6)."""
        last = [track[-1] for track in tracks]
        return np.array([np.asarray(e.state_vector, float).ravel() for e in last]), np.array([e.covar for e in last])


def dynamax_filter(q_m2_s3: float, h: float) -> Any:  # noqa: ANN401
    """Return f(x (n, 6), p (n, 6, 6), z (scans, n, 3), r (scans, n, 3, 3)) -> last states and covariances.

    Compiled over all scans and tracks at once. x and p are the predictions for the first scan: dynamax begins with an
    update. Its Jacobian is forward-mode; a custom rule gives it Phi: the same model, and no work wasted.
    """
    import jax

    jax.config.update("jax_enable_x64", True)  # noqa: FBT003
    import jax.numpy as jnp
    from dynamax.nonlinear_gaussian_ssm import ParamsNLGSSM, extended_kalman_filter

    @jax.custom_jvp
    def motion(x: Any) -> Any:  # noqa: ANN401
        return rk4(x, h, jnp)

    @motion.defjvp
    def _rule(primals: Any, tangents: Any) -> Any:  # noqa: ANN401
        (x,), (dx,) = primals, tangents
        return motion(x), transition(x, h, jnp) @ dx

    def one(x: Any, p: Any, z: Any, r: Any) -> Any:  # noqa: ANN401
        params = ParamsNLGSSM(
            initial_mean=x, initial_covariance=p, dynamics_function=motion,
            dynamics_covariance=jnp.asarray(noise(h, q_m2_s3)), emission_function=lambda s: s[:3],
            emission_covariance=r,
        )  # fmt: skip
        found = extended_kalman_filter(params, z)
        return found.filtered_means[-1], found.filtered_covariances[-1]

    return jax.jit(jax.vmap(one, in_axes=(0, 0, 1, 1)))
