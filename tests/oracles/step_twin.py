"""Plain twin of `diptych.kernels.lane_step`: one Dormand-Prince 8(5,3) step with scipy's tables and numpy, in ECEF.

Deliberately unlike the lanes: accelerations as vectors, rotation by cross products, sums as matrix
products, division and square root where the lanes multiply.
"""

import numpy as np
from numpy.typing import NDArray
from scipy.integrate._ivp import dop853_coefficients as dop

from diptych.kernels.atmosphere import us76_smooth_density
from tests.oracles.flight_twin import A_M, J2, MU, OMEGA, height

F8 = NDArray[np.float64]
SPEED_MPS = 7905.365


def rates(t: float, y: F8, *, area: float, j2_on: bool, thrust: float = 0.0, mass: float = 1.0, flow: float = 0.0,
          direction: F8 | None = None) -> F8:  # fmt: skip
    """Return d(state)/dt (6,), ECEF; thrust along `direction`, or along the velocity where it is None."""
    r, v = y[:3], y[3:]
    n = float(np.linalg.norm(r))
    gravity = -MU * r / n**3
    if j2_on:
        z = 5.0 * r[2] ** 2 / n**2
        gravity = gravity - 1.5 * J2 * MU * A_M**2 / n**5 * np.array([r[0] * (1 - z), r[1] * (1 - z), r[2] * (3 - z)])
    mass = mass - flow * t
    speed = float(np.linalg.norm(v))
    push = thrust / mass * (v / speed if direction is None else direction) if thrust else np.zeros(3)
    drag = -0.5 * us76_smooth_density(height(r)) * area / mass * speed * v
    spin = -2.0 * np.cross(OMEGA, v) - np.cross(OMEGA, np.cross(OMEGA, r))
    return np.concatenate([v, gravity + spin + drag + push])


def step(y: F8, h: float, **forces: object) -> tuple[F8, float]:
    """Return the state after one step of h seconds from time 0, and the error in Earth radii and circular speeds."""
    k = np.zeros((13, 6))
    k[0] = rates(0.0, y, **forces)  # type: ignore[arg-type]
    for i in range(1, 12):
        k[i] = rates(dop.C[i] * h, y + h * dop.A[i, :i] @ k[:i], **forces)  # type: ignore[arg-type]
    new = y + h * dop.B @ k[:12]
    k[12] = rates(h, new, **forces)  # type: ignore[arg-type]
    unit = np.array([A_M] * 3 + [SPEED_MPS] * 3)
    e5 = float(np.sum((dop.E5 @ k / unit) ** 2))
    e3 = float(np.sum((dop.E3 @ k / unit) ** 2))
    return new, h * e5 / np.sqrt((e5 + 0.01 * e3) * 6.0)
