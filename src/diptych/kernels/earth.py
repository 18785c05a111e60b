"""The Earth as a body: constants, the WGS-84 ellipsoid, local frames, and the spin between ECEF and ECI.

Read in this order: constants, geodetic and local frames, the density altitude used in flight, rotation.  Distances
along the surface live in `geodesic.py`.  Frames: ECEF is fixed to the ground; ECI coincides with ECEF at `t_s = 0`
and does not turn.  Polar motion, precession and nutation are left out: over the hour a raid lasts they move nothing
by more than a few metres.
"""

from math import atan2, cos, hypot, sin, sqrt

import numpy as np
from numpy.typing import NDArray

from diptych.kernels.jit import kernel

WGS84_A_M = 6378137.0  # semi-major axis, m; NIMA TR8350.2, defining
WGS84_F = 1.0 / 298.257223563  # flattening; NIMA TR8350.2, defining
WGS84_B_M = WGS84_A_M * (1.0 - WGS84_F)  # semi-minor axis, m
WGS84_E2 = WGS84_F * (2.0 - WGS84_F)  # first eccentricity squared
WGS84_EP2 = WGS84_E2 / (1.0 - WGS84_E2)  # second eccentricity squared
MU_M3_S2 = 3.986004418e14  # geocentric gravitational constant with atmosphere; NIMA TR8350.2
OMEGA_RAD_S = 7.292115e-5  # Earth rotation rate; NIMA TR8350.2
J2 = 1.08262982e-3  # from C20 = -4.84166774985e-4 (EGM96), J2 = -sqrt(5) C20
EARTH_MEAN_RADIUS_M = 6371008.8  # (2 a + b) / 3; IUGG mean radius R1
G0_MPS2 = 9.80665  # standard gravity, exact by definition


@kernel
def geodetic_to_ecef(lat_rad: float, lon_rad: float, height_m: float) -> tuple[float, float, float]:
    """Return x, y, z (m, ECEF) of a geodetic position on WGS-84.

    Check: 42 N, 82 W, 200 m gives 660675.252, -4700948.683, 4245737.662 m.
    """
    s = sin(lat_rad)
    c = cos(lat_rad)
    n = WGS84_A_M / sqrt(1.0 - WGS84_E2 * s * s)
    return (
        (n + height_m) * c * cos(lon_rad),
        (n + height_m) * c * sin(lon_rad),
        (n * (1.0 - WGS84_E2) + height_m) * s,
    )


@kernel
def ecef_to_geodetic(x_m: float, y_m: float, z_m: float) -> tuple[float, float, float]:
    """Return lat (rad), lon (rad), height (m) over WGS-84.

    Bowring's parametric latitude iterated to a fixed point; from 5000 km below to geostationary height four rounds
    leave less than 1e-8 m.  Within 1 m of the Earth's axis the longitude is 0 by convention of atan2.

    Source: Bowring (1976), Survey Review 23, 323-327.
    """
    p = hypot(x_m, y_m)
    lon = atan2(y_m, x_m)
    beta = atan2(z_m, p * (1.0 - WGS84_F))
    lat = 0.0
    for _ in range(5):
        sb = sin(beta)
        cb = cos(beta)
        lat = atan2(z_m + WGS84_EP2 * WGS84_B_M * sb * sb * sb, p - WGS84_E2 * WGS84_A_M * cb * cb * cb)
        beta = atan2((1.0 - WGS84_F) * sin(lat), cos(lat))
    s = sin(lat)
    c = cos(lat)
    height = p * c + z_m * s - WGS84_A_M * sqrt(1.0 - WGS84_E2 * s * s)
    return lat, lon, height


@kernel
def ecef_to_geodetic_many(points_ecef_m: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return (n, 3): lat rad, lon rad, height m, for the first three columns of ECEF rows (n, 3) or (n, 6)."""
    out = np.empty((points_ecef_m.shape[0], 3))
    for i in range(points_ecef_m.shape[0]):
        lat, lon, height = ecef_to_geodetic(points_ecef_m[i, 0], points_ecef_m[i, 1], points_ecef_m[i, 2])
        out[i, 0] = lat
        out[i, 1] = lon
        out[i, 2] = height
    return out


@kernel
def enu_basis(lat_rad: float, lon_rad: float) -> NDArray[np.float64]:
    """Return (3, 3): rows are the local east, north and up unit vectors in ECEF, so that `enu = basis @ ecef`."""
    sl = sin(lat_rad)
    cl = cos(lat_rad)
    so = sin(lon_rad)
    co = cos(lon_rad)
    basis = np.empty((3, 3))
    basis[0, 0] = -so
    basis[0, 1] = co
    basis[0, 2] = 0.0
    basis[1, 0] = -sl * co
    basis[1, 1] = -sl * so
    basis[1, 2] = cl
    basis[2, 0] = cl * co
    basis[2, 1] = cl * so
    basis[2, 2] = sl
    return basis


@kernel
def ecef_to_aer(
    x_m: float, y_m: float, z_m: float, lat_rad: float, lon_rad: float, height_m: float
) -> tuple[float, float, float]:
    """Return azimuth (rad, 0..2 pi from north over east), elevation (rad) and range (m) of an ECEF point seen from a
    site.
    """
    x0, y0, z0 = geodetic_to_ecef(lat_rad, lon_rad, height_m)
    dx = x_m - x0
    dy = y_m - y0
    dz = z_m - z0
    sl = sin(lat_rad)
    cl = cos(lat_rad)
    so = sin(lon_rad)
    co = cos(lon_rad)
    e = -so * dx + co * dy
    n = -sl * co * dx - sl * so * dy + cl * dz
    u = cl * co * dx + cl * so * dy + sl * dz
    azimuth = atan2(e, n)
    if azimuth < 0.0:
        azimuth += 2.0 * np.pi
    return azimuth, atan2(u, hypot(e, n)), sqrt(e * e + n * n + u * u)


@kernel
def aer_to_ecef(
    azimuth_rad: float, elevation_rad: float, range_m: float, lat_rad: float, lon_rad: float, height_m: float
) -> tuple[float, float, float]:
    """Return the ECEF point (m) at azimuth, elevation and range from a geodetic site.

    Check: 33 deg, 70 deg, 1000 m from 42 N 82 W 200 m gives 660930.193, -4701424.223, 4246579.605 m.
    """
    e = range_m * cos(elevation_rad) * sin(azimuth_rad)
    n = range_m * cos(elevation_rad) * cos(azimuth_rad)
    u = range_m * sin(elevation_rad)
    x0, y0, z0 = geodetic_to_ecef(lat_rad, lon_rad, height_m)
    sl = sin(lat_rad)
    cl = cos(lat_rad)
    so = sin(lon_rad)
    co = cos(lon_rad)
    return (
        x0 - so * e - sl * co * n + cl * co * u,
        y0 + co * e - sl * so * n + cl * so * u,
        z0 + cl * n + sl * u,
    )


@kernel
def radial_height_m(x_m: float, y_m: float, z_m: float) -> float:
    """Return the height above WGS-84 along the geocentric radius, m: the altitude that flight kernels use.

    Zero exactly on the ellipsoid and cheaper than the geodetic height; below 1500 km it exceeds that height by less
    than 6 m per 1000 km of height (the two directions differ by at most 0.19 degree).
    """
    q = x_m * x_m + y_m * y_m
    r = sqrt(q + z_m * z_m)
    s = sqrt(q / (WGS84_A_M * WGS84_A_M) + z_m * z_m / (WGS84_B_M * WGS84_B_M))
    return r - r / s
