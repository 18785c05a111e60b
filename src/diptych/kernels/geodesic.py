"""Distances and bearings over the surface: exact geodesics on WGS-84 and closed forms on a sphere.

The ellipsoidal problems use Vincenty's iteration on the auxiliary sphere, with his truncated series replaced by the
integrals they approximate, taken by 16-point Gauss-Legendre quadrature (the integrands deviate from a constant by 0.3
%, so that is exact to rounding).  What stays of Vincenty is his limit: nearly antipodal points do not converge and
say so in the status.

Source: Vincenty (1975), Survey Review 22, 88-93; integrals as in Karney (2013), J. Geodesy 87, 43-55, eqs. 7-8.
"""

from math import asin, atan2, cos, hypot, pi, sin, sqrt

import numpy as np

from diptych.kernels.earth import WGS84_B_M, WGS84_EP2, WGS84_F
from diptych.kernels.jit import kernel
from diptych.kernels.status import NOT_CONVERGED, OK

_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(16)


@kernel
def _length_integral(k2: float, sigma1: float, sigma2: float) -> float:
    """Integral of sqrt(1 + k2 sin^2 sigma) from sigma1 to sigma2 (Karney eq. 7)."""
    half = 0.5 * (sigma2 - sigma1)
    mid = 0.5 * (sigma2 + sigma1)
    total = 0.0
    for i in range(16):
        s = sin(mid + half * _NODES[i])
        total += _WEIGHTS[i] * sqrt(1.0 + k2 * s * s)
    return half * total


@kernel
def _longitude_integral(k2: float, sigma1: float, sigma2: float) -> float:
    """Integral of (2 - f) / (1 + (1 - f) sqrt(1 + k2 sin^2 sigma)) from sigma1 to sigma2 (Karney eq. 8)."""
    half = 0.5 * (sigma2 - sigma1)
    mid = 0.5 * (sigma2 + sigma1)
    total = 0.0
    for i in range(16):
        s = sin(mid + half * _NODES[i])
        total += _WEIGHTS[i] * (2.0 - WGS84_F) / (1.0 + (1.0 - WGS84_F) * sqrt(1.0 + k2 * s * s))
    return half * total


@kernel
def _wrap_pi(angle_rad: float) -> float:
    """Return the angle in [-pi, pi)."""
    return (angle_rad + pi) % (2.0 * pi) - pi


@kernel
def geodesic_inverse(
    lat1_rad: float, lon1_rad: float, lat2_rad: float, lon2_rad: float
) -> tuple[float, float, float, int]:
    """Return distance (m), azimuth at 1 and at 2 (rad, both pointing forward), status.

    Coincident points: distance 0, azimuths 0, OK.  Nearly antipodal points (within about half a degree of the
    antipode): NOT_CONVERGED with nan.

    Check: 40.6 N 73.8 W to 49.01666667 N 2.55 E is 5 853 226 m, azimuths 53.47022 and 111.59367 deg.
    """
    u1 = atan2((1.0 - WGS84_F) * sin(lat1_rad), cos(lat1_rad))
    u2 = atan2((1.0 - WGS84_F) * sin(lat2_rad), cos(lat2_rad))
    s1 = sin(u1)
    c1 = cos(u1)
    s2 = sin(u2)
    c2 = cos(u2)
    difference = _wrap_pi(lon2_rad - lon1_rad)
    omega = difference
    for _ in range(200):
        so = sin(omega)
        co = cos(omega)
        ss = hypot(c2 * so, c1 * s2 - s1 * c2 * co)
        cs = s1 * s2 + c1 * c2 * co
        if ss < 1e-15 and cs > 0.0:
            return 0.0, 0.0, 0.0, OK
        sigma = atan2(ss, cs)
        alpha1 = atan2(c2 * so, c1 * s2 - s1 * c2 * co)
        alpha2 = atan2(c1 * so, -s1 * c2 + c1 * s2 * co)
        sa0 = sin(alpha1) * c1
        ca0sq = 1.0 - sa0 * sa0
        sigma1 = atan2(s1, c1 * cos(alpha1))
        k2 = WGS84_EP2 * ca0sq
        new = difference + WGS84_F * sa0 * _longitude_integral(k2, sigma1, sigma1 + sigma)
        change = abs(new - omega)
        omega = new
        if abs(omega) > pi:
            break
        if change < 1e-15:
            return WGS84_B_M * _length_integral(k2, sigma1, sigma1 + sigma), alpha1, alpha2, OK
    return np.nan, np.nan, np.nan, NOT_CONVERGED


@kernel
def geodesic_direct(
    lat1_rad: float, lon1_rad: float, azimuth1_rad: float, distance_m: float
) -> tuple[float, float, float]:
    """Return lat (rad), lon (rad, in [-pi, pi)) and forward azimuth (rad) at the end of a geodesic.

    Check: 40.63972222 N 73.77888889 W, 53.5 deg, 5850 km ends at 49.01467 N 2.56106 E, azimuth 111.62947 deg.
    """
    u1 = atan2((1.0 - WGS84_F) * sin(lat1_rad), cos(lat1_rad))
    s1 = sin(u1)
    c1 = cos(u1)
    sa = sin(azimuth1_rad)
    ca = cos(azimuth1_rad)
    sa0 = sa * c1
    ca0 = hypot(ca, sa * s1)
    sigma1 = atan2(s1, c1 * ca)
    omega1 = atan2(sa0 * sin(sigma1), cos(sigma1))
    k2 = WGS84_EP2 * ca0 * ca0
    target = distance_m / WGS84_B_M
    sigma = target
    for _ in range(20):  # Newton; the slope is within 0.3 % of one, so three rounds reach rounding
        s = sin(sigma1 + sigma)
        step = (target - _length_integral(k2, sigma1, sigma1 + sigma)) / sqrt(1.0 + k2 * s * s)
        sigma += step
        if abs(step) < 1e-15:
            break
    sigma2 = sigma1 + sigma
    beta2 = atan2(ca0 * sin(sigma2), hypot(ca0 * cos(sigma2), sa0))
    omega2 = atan2(sa0 * sin(sigma2), cos(sigma2))
    turns = 0.0  # omega grows with sigma; follow it through more than half a turn
    if sa0 != 0.0:
        direct = sigma * (1.0 if sa0 > 0.0 else -1.0)
        turns = np.round((direct - (omega2 - omega1)) / (2.0 * pi)) * 2.0 * pi
    lon2 = lon1_rad + (omega2 - omega1 + turns) - WGS84_F * sa0 * _longitude_integral(k2, sigma1, sigma2)
    lat2 = atan2(sin(beta2), (1.0 - WGS84_F) * cos(beta2))
    return lat2, _wrap_pi(lon2), atan2(sa0, ca0 * cos(sigma2))


@kernel
def central_angle(lat1_rad: float, lon1_rad: float, lat2_rad: float, lon2_rad: float) -> float:
    """Return the angle between two directions on a sphere, rad; accurate for small, right and flat angles alike
    (atan2 form).
    """
    d = lon2_rad - lon1_rad
    a = cos(lat2_rad) * sin(d)
    b = cos(lat1_rad) * sin(lat2_rad) - sin(lat1_rad) * cos(lat2_rad) * cos(d)
    c = sin(lat1_rad) * sin(lat2_rad) + cos(lat1_rad) * cos(lat2_rad) * cos(d)
    return atan2(hypot(a, b), c)


@kernel
def initial_bearing(lat1_rad: float, lon1_rad: float, lat2_rad: float, lon2_rad: float) -> float:
    """Return the bearing (rad, [0, 2 pi), from north over east) of the great circle from 1 to 2 on a sphere."""
    d = lon2_rad - lon1_rad
    bearing = atan2(cos(lat2_rad) * sin(d), cos(lat1_rad) * sin(lat2_rad) - sin(lat1_rad) * cos(lat2_rad) * cos(d))
    return bearing % (2.0 * pi)


@kernel
def spherical_destination(lat_rad: float, lon_rad: float, azimuth_rad: float, angle_rad: float) -> tuple[float, float]:
    """Return lat and lon (rad) reached on a sphere after `angle_rad` along a great circle."""
    lat2 = asin(sin(lat_rad) * cos(angle_rad) + cos(lat_rad) * sin(angle_rad) * cos(azimuth_rad))
    lon2 = lon_rad + atan2(sin(azimuth_rad) * sin(angle_rad) * cos(lat_rad), cos(angle_rad) - sin(lat_rad) * sin(lat2))
    return lat2, _wrap_pi(lon2)
