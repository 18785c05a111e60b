"""What accelerates a point mass over the rotating Earth: gravity, rotation, drag, thrust; in ECEF.

Gravity of WGS-84 with J2 on a switch; Coriolis and centrifugal terms; drag on the smooth standard atmosphere that
turns with the Earth; thrust along a fixed direction or along the velocity over the ground, on a mass that falls with
the flow.  A phase says which of these act: ten numbers with one meaning each, constant between two switch times.

Here: the layout of a phase and `rates`, one point at a time and readable; `lane_step` says the same for many at once.
Not here: how a step is taken (`debris`, `lanes`).

Sources: Vallado, sections 8.6 and 8.7 (perturbations); kernels `earth`, `atmosphere`.
"""

from math import sqrt

import numpy as np
from numpy.typing import NDArray

from diptych.kernels.atmosphere import US76_VACUUM_M, us76_smooth_density
from diptych.kernels.earth import J2, MU_M3_S2, OMEGA_RAD_S, WGS84_A_M, WGS84_B_M
from diptych.kernels.jit import kernel

F8 = NDArray[np.float64]
_IA2 = 1.0 / (WGS84_A_M * WGS84_A_M)
_IB2 = 1.0 / (WGS84_B_M * WGS84_B_M)

# A phase (10,): mode, thrust N, flow kg/s, mass kg at `since`, since s, drag area Cd A m2 (a coasting body: 1 / beta,
# with a mass of 1), direction of thrust in ECEF (FIXED only), and whether J2 acts.
MODE, THRUST, FLOW, MASS, SINCE, AREA, UX, UY, UZ, WITH_J2 = 0, 1, 2, 3, 4, 5, 6, 7, 8, 9
# Modes: no thrust, thrust along (UX, UY, UZ), thrust along the velocity over the ground.
COAST, FIXED, TURN = 0.0, 1.0, 2.0


@kernel
def rates(t: float, y: F8, k: F8, i: int, phase: F8) -> None:
    """Write d(state)/dt (6,) in ECEF into row i of k."""
    x, yy, z = y[0], y[1], y[2]
    u, v, w = y[3], y[4], y[5]
    q = x * x + yy * yy
    z2 = z * z
    r2 = q + z2
    r = sqrt(r2)
    ir2 = 1.0 / r2
    g = -MU_M3_S2 * ir2 * ir2 * r
    c = phase[WITH_J2] * (1.5 * J2 * WGS84_A_M * WGS84_A_M) * ir2
    e = 5.0 * z2 * ir2
    gxy = g * (1.0 + c * (1.0 - e)) + OMEGA_RAD_S * OMEGA_RAD_S
    gz = g * (1.0 + c * (3.0 - e))
    ax = gxy * x + 2.0 * OMEGA_RAD_S * v
    ay = gxy * yy - 2.0 * OMEGA_RAD_S * u
    az = gz * z
    mode = phase[MODE]
    mass = 1.0
    if mode > 0.5:
        mass = phase[MASS] - phase[FLOW] * (t - phase[SINCE])
    height = r - r / sqrt(q * _IA2 + z2 * _IB2)  # as `radial_height_m`
    if height < US76_VACUUM_M:
        d = -0.5 * us76_smooth_density(height) * phase[AREA] / mass * sqrt(u * u + v * v + w * w)
        ax += d * u
        ay += d * v
        az += d * w
    if mode > 1.5:
        f = phase[THRUST] / (mass * sqrt(u * u + v * v + w * w))
        ax += f * u
        ay += f * v
        az += f * w
    elif mode > 0.5:
        f = phase[THRUST] / mass
        ax += f * phase[UX]
        ay += f * phase[UY]
        az += f * phase[UZ]
    k[i, 0], k[i, 1], k[i, 2] = u, v, w
    k[i, 3], k[i, 4], k[i, 5] = ax, ay, az
