"""The motion that a tracker assumes of an object that has burnt out: gravity with J2, the turning Earth, simple drag.

This is what a complex believes, not what the truth flies: its standard atmosphere is a polynomial within 3 % of the
published one, and the ballistic coefficient is a parameter. Frame: ECEF throughout, so Coriolis and centrifugal
terms stand in the equations. Used by `filters` (prediction) and `impact` (where it will come down).
"""

from math import exp, sqrt

import numpy as np
from numpy.typing import NDArray

from diptych.kernels.earth import J2, MU_M3_S2, OMEGA_RAD_S, WGS84_A_M, radial_height_m
from diptych.kernels.jit import kernel

Floats = NDArray[np.float64]

# Above this height drag is left out: below 3e-5 m/s2 for 6000 kg/m2 at 4 km/s.  From 100 km, 20 times more, a light
# body had lost 0.004 m/s before its drag was looked for, which a track of seven minutes notices.
VACUUM_M = 120_000.0
SCALE_HEIGHT_M = 7_200.0  # of the air on average, for rules of thumb
GENERIC_BETA_KG_M2 = 6_000.0  # what a tracker takes for granted; middle of the catalogue's 2000 to 20 000, assumed

# ln density in powers of x = height / 60 km - 1: least squares to the US Standard Atmosphere 1976 every 250 m from 0 to
# 120 km with weight (1 - 0.98 x^2)^-1/2 (the test repeats the fit); at most 2.9 % off, rms 0.8 %.
AIR_HALF_M = 60_000.0
AIR_LN = (
    -8.0906, -7.3463, -1.6878, -8.3129, 7.8189, 19.8534, -26.6384,
    -32.5497, 46.5029, 30.5281, -39.0955, -11.0893, 12.4834,
)  # fmt: skip
AIR_LOWEST_M = -2_000.0  # below, the density stays


@kernel
def density_kg_m3(height_m: float) -> float:
    """Return the density of the tracker's atmosphere up to 120 km.  Check: 30 km gives 0.0183 (US76: 0.0184)."""
    x = max(height_m, AIR_LOWEST_M) * (1.0 / AIR_HALF_M) - 1.0
    x2 = x * x
    x4 = x2 * x2
    a = (AIR_LN[0] + AIR_LN[1] * x) + (AIR_LN[2] + AIR_LN[3] * x) * x2
    b = (AIR_LN[4] + AIR_LN[5] * x) + (AIR_LN[6] + AIR_LN[7] * x) * x2
    c = (AIR_LN[8] + AIR_LN[9] * x) + (AIR_LN[10] + AIR_LN[11] * x) * x2
    return exp(a + b * x4 + (c + AIR_LN[12] * x4) * (x4 * x4))


@kernel
def thinning_per_m(height_m: float) -> float:
    """Return -d ln(density) / d(height), 1/m, of the same atmosphere.  Check: 1/6300 m at 20 km."""
    x = max(height_m, AIR_LOWEST_M) * (1.0 / AIR_HALF_M) - 1.0
    slope = 0.0
    for k in range(12, 0, -1):
        slope = slope * x + k * AIR_LN[k]
    return -slope / AIR_HALF_M


@kernel
def acceleration(
    x: float, y: float, z: float, vx: float, vy: float, vz: float, beta_kg_m2: float
) -> tuple[float, float, float, float]:
    """Return the ECEF acceleration (m/s2) and the size of its drag part.

    Gravity: mu / r^2 and the J2 term (Vallado, Fundamentals of Astrodynamics, 4th ed., eq. 8-30), centrifugal and
    Coriolis terms.  Drag: rho v^2 / (2 beta) against the velocity in the ECEF frame (air turns with the Earth).
    """
    r2 = x * x + y * y + z * z
    r = sqrt(r2)
    g = -MU_M3_S2 / (r2 * r)
    j = 1.5 * J2 * (WGS84_A_M * WGS84_A_M / r2)
    s = 5.0 * z * z / r2
    planar = g * (1.0 + j * (1.0 - s))
    ax = planar * x + OMEGA_RAD_S * OMEGA_RAD_S * x + 2.0 * OMEGA_RAD_S * vy
    ay = planar * y + OMEGA_RAD_S * OMEGA_RAD_S * y - 2.0 * OMEGA_RAD_S * vx
    az = g * (1.0 + j * (3.0 - s)) * z
    drag = 0.0
    # No point of the ellipsoid lies farther out than its equator, so this saves the height when far out.
    if r < WGS84_A_M + VACUUM_M:
        height = radial_height_m(x, y, z)
        if height < VACUUM_M:
            speed = sqrt(vx * vx + vy * vy + vz * vz)
            k = 0.5 * density_kg_m3(height) * speed / beta_kg_m2
            ax -= k * vx
            ay -= k * vy
            az -= k * vz
            drag = k * speed
    return ax, ay, az, drag


@kernel
def rk4(s: Floats, h: float, beta_kg_m2: float, thrust_mps2: float) -> float:
    """Advance the state s (6,) in place by h seconds, classical Runge-Kutta; return the drag at the start (m/s2).

    thrust_mps2 acts along the velocity.  In vacuum one step of 30 s errs by less than 0.01 m.
    """
    x0, y0, z0, u0, v0, w0 = s[0], s[1], s[2], s[3], s[4], s[5]
    x, y, z, u, v, w = x0, y0, z0, u0, v0, w0
    sx = sy = sz = su = sv = sw = 0.0
    first_drag = 0.0
    for stage in range(4):
        ax, ay, az, drag = acceleration(x, y, z, u, v, w, beta_kg_m2)
        if thrust_mps2 != 0.0:
            speed = sqrt(u * u + v * v + w * w) + 1e-9
            ax += thrust_mps2 * u / speed
            ay += thrust_mps2 * v / speed
            az += thrust_mps2 * w / speed
        if stage == 0:
            first_drag = drag
        weight = 2.0 if stage == 1 or stage == 2 else 1.0
        sx += weight * u
        sy += weight * v
        sz += weight * w
        su += weight * ax
        sv += weight * ay
        sw += weight * az
        c = h if stage == 2 else 0.5 * h
        x = x0 + c * u
        y = y0 + c * v
        z = z0 + c * w
        u = u0 + c * ax
        v = v0 + c * ay
        w = w0 + c * az
    c = h / 6.0
    s[0] = x0 + c * sx
    s[1] = y0 + c * sy
    s[2] = z0 + c * sz
    s[3] = u0 + c * su
    s[4] = v0 + c * sv
    s[5] = w0 + c * sw
    return first_drag


@kernel
def gradients(s: Floats, beta_kg_m2: float, thrust_mps2: float, g: Floats, c: Floats) -> None:
    """Write da/dr into g (3, 3) and da/dv into c (3, 3): two-body gradient, centrifugal, Coriolis, drag, thrust.

    The J2 part of da/dr (0.1 %) and the change of density with height are left out: they move a covariance only.
    """
    x, y, z, u, v, w = s[0], s[1], s[2], s[3], s[4], s[5]
    r2 = x * x + y * y + z * z
    r = sqrt(r2)
    m = MU_M3_S2 / (r2 * r)
    t = 3.0 * m / r2
    for i in range(3):
        for j in range(3):
            g[i, j] = t * s[i] * s[j]
            c[i, j] = 0.0
        g[i, i] -= m
    g[0, 0] += OMEGA_RAD_S * OMEGA_RAD_S
    g[1, 1] += OMEGA_RAD_S * OMEGA_RAD_S
    c[0, 1] = 2.0 * OMEGA_RAD_S
    c[1, 0] = -2.0 * OMEGA_RAD_S
    speed = sqrt(u * u + v * v + w * w) + 1e-9
    k = 0.0
    if r < WGS84_A_M + VACUUM_M:
        height = radial_height_m(x, y, z)
        if height < VACUUM_M:
            k = 0.5 * density_kg_m3(height) / beta_kg_m2
    b = thrust_mps2 / speed
    if k != 0.0 or b != 0.0:
        for i in range(3):
            for j in range(3):
                c[i, j] -= (k * speed + b) * (s[3 + i] / speed) * (s[3 + j] / speed)
            c[i, i] += b - k * speed
