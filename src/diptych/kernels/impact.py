"""Where a ballistic track will come down, how sure that is, and whose land the error ellipse touches.

The point itself: RK4 with J2 outside the air, generic drag inside (`fall`). Its covariance: three parts added up, the
track's own through a Jacobian, the unknown ballistic coefficient, and a floor. The Jacobian is taken by central
differences of the closed two-body form (`kepler_impact`), which is thirty times cheaper than flying twelve more
paths and within about 1 % of them. `ballistic_path` gives the way down for engagement windows.
"""

from math import acos, atan2, ceil, cos, floor, pi, sin, sqrt

import numpy as np
from numpy.typing import NDArray

from diptych.kernels import status as st
from diptych.kernels.ballistic import GENERIC_BETA_KG_M2, VACUUM_M, rk4
from diptych.kernels.earth import (
    EARTH_MEAN_RADIUS_M,
    MU_M3_S2,
    OMEGA_RAD_S,
    ecef_to_geodetic,
    enu_basis,
    radial_height_m,
)
from diptych.kernels.filter_lanes import pack, predict, unpack
from diptych.kernels.jit import kernel

Floats = NDArray[np.float64]

OK = st.OK
NO_IMPACT = st.NO_IMPACT
LONGEST_FALL_S = 3600.0  # an object that has not come down after an hour is not ballistic
BETA_DOUBT = 1.8  # one standard deviation, as a factor; assumed, see `model.tracker`
IMPACT_FLOOR_M = 2000.0  # one standard deviation per axis added to every impact point: winds, re-entry, assumed
STEP_LONG_S = 40.0  # outside the air; with the two below the impact is within 3 m of steps of 0.1 s up to 7 km/s
STEP_HIGH_S = 5.0  # from 120 to 50 km
STEP_LOW_S = 3.0  # below
THIN_AIR_M = 50_000.0
DIFFERENCE_M = 100.0  # steps of the Jacobian
DIFFERENCE_MPS = 0.1


@kernel
def _step_s(s: Floats, height_m: float) -> float:
    """Return a safe step: long outside the air but not past the way into it, short inside."""
    if height_m < THIN_AIR_M:
        return STEP_LOW_S
    if height_m < VACUUM_M:
        return STEP_HIGH_S
    r = sqrt(s[0] * s[0] + s[1] * s[1] + s[2] * s[2])
    climb = (s[0] * s[3] + s[1] * s[4] + s[2] * s[5]) / r
    reach = (climb + sqrt(climb * climb + 2.0 * 9.0 * (height_m - VACUUM_M))) / 9.0
    return float(min(STEP_LONG_S, max(STEP_LOW_S, reach)))


@kernel
def fall_in_place(s: Floats, beta_kg_m2: float, limit_s: float, is_to_air: bool) -> tuple[float, int]:
    """Fly the state s (6,) down in place; return the time taken (s) and a status.

    Ends on the ellipsoid, or, with `is_to_air`, at the first point below 120 km on the way down.  A state already below
    the surface returns at once.  The last step is shortened by the secant of the height; the metres that leaves are
    walked along the velocity.
    """
    t = 0.0
    height = radial_height_m(s[0], s[1], s[2])
    before = np.empty(6)
    while t < limit_s:
        if height <= 0.0:
            return t, OK
        is_down = s[0] * s[3] + s[1] * s[4] + s[2] * s[5] < 0.0
        if is_to_air and is_down and height < VACUUM_M:
            return t, OK
        h = _step_s(s, height)
        for i in range(6):
            before[i] = s[i]
        rk4(s, h, beta_kg_m2, 0.0)
        last = height
        height = radial_height_m(s[0], s[1], s[2])
        if height <= 0.0:
            part = h * last / (last - height)
            for i in range(6):
                s[i] = before[i]
            rk4(s, part, beta_kg_m2, 0.0)
            r = sqrt(s[0] * s[0] + s[1] * s[1] + s[2] * s[2])
            climb = (s[0] * s[3] + s[1] * s[4] + s[2] * s[5]) / r
            rest = -radial_height_m(s[0], s[1], s[2]) / climb if climb < -1.0 else 0.0
            for i in range(3):
                s[i] += rest * s[3 + i]
            return t + part + rest, OK
        t += h
    return t, NO_IMPACT


@kernel
def fall(state_ecef: Floats, beta_kg_m2: float, limit_s: float) -> tuple[float, float, float, int]:
    """Return flight time (s), latitude and longitude of impact (rad) and a status, for an ECEF state (6,)."""
    s = state_ecef.copy()
    t, status = fall_in_place(s, beta_kg_m2, limit_s, is_to_air=False)
    lat, lon, _ = ecef_to_geodetic(s[0], s[1], s[2])
    return t, lat, lon, status


@kernel
def ballistic_path(state_ecef: Floats, dt_s: Floats, out: Floats, beta_kg_m2: float = GENERIC_BETA_KG_M2) -> int:
    """Write the path (k, 3) ECEF m of the state (6,) and return how many points are aloft.

    dt_s (k,): seconds after the state, increasing, >= 0.  Rows after the impact are NaN.  Same motion as `fall`, with
    generic drag below 120 km.  Outside the air steps are long and points between them come from a cubic, within a
    metre.
    """
    s = state_ecef.copy()
    before = s.copy()
    t = 0.0
    step = 0.0  # length of the last long step; before is its beginning
    aloft = 0
    height = radial_height_m(s[0], s[1], s[2])
    for k in range(dt_s.shape[0]):
        while t < dt_s[k] and height > 0.0:
            step = _step_s(s, height)
            if height < VACUUM_M or step <= STEP_LOW_S:
                step = min(step, dt_s[k] - t)
            before[:] = s
            rk4(s, step, beta_kg_m2, 0.0)
            height = radial_height_m(s[0], s[1], s[2])
            t = dt_s[k] if abs(dt_s[k] - t - step) < 1e-9 else t + step
        if t > dt_s[k]:
            u = 1.0 - (t - dt_s[k]) / step
            for i in range(3):
                out[k, i] = (
                    (1.0 + 2.0 * u) * (1.0 - u) * (1.0 - u) * before[i]
                    + u * (1.0 - u) * (1.0 - u) * step * before[3 + i]
                    + u * u * (3.0 - 2.0 * u) * s[i]
                    + u * u * (u - 1.0) * step * s[3 + i]
                )
            aloft += 1
            continue
        for i in range(3):
            out[k, i] = s[i] if height > 0.0 else np.nan
        if height > 0.0:
            aloft += 1
    return aloft


@kernel
def advance(state_ecef: Floats, dt_s: float, out: Floats, beta_kg_m2: float) -> None:
    """Write into out (6,) the ECEF state dt_s >= 0 seconds after state_ecef (6,)."""
    for i in range(6):
        out[i] = state_ecef[i]
    t = 0.0
    while t < dt_s:
        h = min(_step_s(out, radial_height_m(out[0], out[1], out[2])), dt_s - t)
        rk4(out, h, beta_kg_m2, 0.0)
        t = dt_s if dt_s - t - h < 1e-9 else t + h


@kernel
def kepler_impact(s: Floats, radius_m: float, out: Floats) -> int:
    """Write the ECEF point (3,) where the two-body path of the ECEF state s (6,) meets a sphere on the way down.

    No J2, no drag; the turning Earth is in.  Status NO_IMPACT if the orbit is open or stays above or below the sphere.
    Source: Vallado, Fundamentals of Astrodynamics, 4th ed., ch. 2 (orbit equation, Kepler's equation).
    """
    x, y, z = s[0], s[1], s[2]
    u = s[3] - OMEGA_RAD_S * y
    v = s[4] + OMEGA_RAD_S * x
    w = s[5]
    r = sqrt(x * x + y * y + z * z)
    rv = x * u + y * v + z * w
    hx = y * w - z * v
    hy = z * u - x * w
    hz = x * v - y * u
    h2 = hx * hx + hy * hy + hz * hz
    h = sqrt(h2)
    p = h2 / MU_M3_S2
    ecos = p / r - 1.0
    esin = rv * h / (MU_M3_S2 * r)
    e2 = ecos * ecos + esin * esin
    e = sqrt(e2)
    if e >= 1.0 or e < 1e-9:
        return NO_IMPACT
    cosine = (p / radius_m - 1.0) / e
    if cosine < -1.0 or cosine > 1.0:
        return NO_IMPACT
    nu0 = atan2(esin, ecos)
    if nu0 < 0.0:
        nu0 += 2.0 * pi  # already on the way down: the impact is ahead on the same revolution
    nu1 = 2.0 * pi - acos(cosine)
    turn = nu1 - nu0
    # Mean anomalies: tan(E / 2) = sqrt((1 - e) / (1 + e)) tan(nu / 2), kept on the branch of nu.
    k = sqrt((1.0 - e) / (1.0 + e))
    ecc0 = 2.0 * atan2(k * sin(0.5 * nu0), cos(0.5 * nu0))
    ecc1 = 2.0 * atan2(k * sin(0.5 * nu1), cos(0.5 * nu1))
    a = p / (1.0 - e2)
    t = sqrt(a * a * a / MU_M3_S2) * ((ecc1 - e * sin(ecc1)) - (ecc0 - e * sin(ecc0)))
    # Unit vectors in the plane: along the radius, and ahead of it.
    ax = (hy * z - hz * y) / (h * r)
    ay = (hz * x - hx * z) / (h * r)
    az = (hx * y - hy * x) / (h * r)
    c = cos(turn)
    d = sin(turn)
    px = radius_m * (c * x / r + d * ax)
    py = radius_m * (c * y / r + d * ay)
    pz = radius_m * (c * z / r + d * az)
    c = cos(OMEGA_RAD_S * t)
    d = sin(OMEGA_RAD_S * t)
    out[0] = c * px + d * py
    out[1] = -d * px + c * py
    out[2] = pz
    return OK


@kernel
def _track_part(state: Floats, p: Floats, radius_m: float, basis: Floats, cov2: Floats) -> int:
    """Add J P J^T (2, 2), east and north, m2, to cov2; J by central differences of `kepler_impact`."""
    jac = np.empty((2, 6))
    moved = np.empty(6)
    plus = np.empty(3)
    minus = np.empty(3)
    for k in range(6):
        step = DIFFERENCE_M if k < 3 else DIFFERENCE_MPS
        for i in range(6):
            moved[i] = state[i]
        moved[k] = state[k] + step
        first = kepler_impact(moved, radius_m, plus)
        moved[k] = state[k] - step
        second = kepler_impact(moved, radius_m, minus)
        if first != OK or second != OK:
            return NO_IMPACT
        for j in range(2):
            acc = 0.0
            for i in range(3):
                acc += basis[j, i] * (plus[i] - minus[i])
            jac[j, k] = acc / (2.0 * step)
    for i in range(2):
        for j in range(2):
            acc = 0.0
            for k in range(6):
                for m in range(6):
                    acc += jac[i, k] * p[k, m] * jac[j, m]
            cov2[i, j] += acc
    return OK


@kernel
def impact_row(
    state_ecef: Floats, p: Floats, out: Floats, beta_kg_m2: float = GENERIC_BETA_KG_M2, beta_doubt: float = BETA_DOUBT
) -> int:
    """Write flight time s, latitude, longitude rad, 2-sigma semi-axes m (major, minor), azimuth of the major axis rad.

    state_ecef (6,), p (6, 6): the track; out (6,); beta_doubt: one standard deviation of the coefficient, as a factor.
    Status NO_IMPACT if it does not come down within an hour.
    """
    s = state_ecef.copy()
    t_air, status = fall_in_place(s, beta_kg_m2, LONGEST_FALL_S, is_to_air=True)
    if status != OK:
        return status
    other = s.copy()
    t_low, status = fall_in_place(s, beta_kg_m2, LONGEST_FALL_S, is_to_air=False)
    if status != OK:
        return status
    _, status = fall_in_place(other, beta_kg_m2 / beta_doubt, LONGEST_FALL_S, is_to_air=False)
    if status != OK:
        return status
    lat, lon, _ = ecef_to_geodetic(s[0], s[1], s[2])
    basis = enu_basis(lat, lon)
    cov2 = np.zeros((2, 2))
    radius = sqrt(s[0] * s[0] + s[1] * s[1] + s[2] * s[2])
    status = _track_part(state_ecef, p, radius, basis, cov2)
    if status != OK:
        return status
    east = 0.0
    north = 0.0
    for i in range(3):
        east += basis[0, i] * (other[i] - s[i])
        north += basis[1, i] * (other[i] - s[i])
    a = cov2[0, 0] + east * east + IMPACT_FLOOR_M**2
    b = cov2[0, 1] + east * north
    d = cov2[1, 1] + north * north + IMPACT_FLOOR_M**2
    middle = 0.5 * (a + d)
    spread = sqrt(0.25 * (a - d) ** 2 + b * b)
    out[0] = t_air + t_low
    out[1] = lat
    out[2] = lon
    out[3] = 2.0 * sqrt(middle + spread)
    out[4] = 2.0 * sqrt(max(0.0, middle - spread))
    # The axis at angle phi from east has tan(2 phi) = 2 b / (a - d); azimuth counts from north over east.
    azimuth = 0.5 * pi - 0.5 * atan2(2.0 * b, a - d)
    out[5] = azimuth - pi if azimuth >= pi else azimuth
    return OK


@kernel
def impact_rows(
    state_ecef: Floats, cov: Floats, row: NDArray[np.int64], later_s: Floats, then: Floats, then_cov: Floats,
    out: Floats, status: NDArray[np.int64], beta_kg_m2: float, beta_doubt: float,
) -> None:  # fmt: skip
    """Evaluate m moments: moment j uses track row row[j] and lies later_s[j] after it.

    state_ecef (n, 6), cov (n, 6, 6); writes then (m, 6) and then_cov (m, 6, 6), the track at the moment, out (m, 6) as
    `impact_row` (the flight time counts from the row), status (m,).
    """
    m = row.shape[0]
    bank = pack(state_ecef[row], cov[row])
    predict(bank, later_s, np.zeros(m), np.full(m, beta_kg_m2))
    then_cov[:] = unpack(bank, m)[1]
    for j in range(m):
        status[j] = impact_row(state_ecef[row[j]], cov[row[j]], out[j], beta_kg_m2, beta_doubt)
        advance(state_ecef[row[j]], later_s[j], then[j], beta_kg_m2)


@kernel
def touched(
    index: NDArray[np.uint8],
    lat0_rad: float,
    lon0_rad: float,
    step_rad: float,
    ellipse: Floats,
    mask: NDArray[np.bool_],
) -> None:
    """Mark in mask (a place for each value) which raster values the ellipse touches: centre and rings, a cell apart.

    index (rows from south, columns from west), cell centres at lat0 + row * step; ellipse (5,): latitude, longitude,
    semi-axes m, azimuth, as `impact_row` gives them.  At least 2 rings of 8 points, at most 12 rings of 64, so an
    ellipse of more than 12 cells is sampled more coarsely than the raster.
    """
    lat, lon, major, minor = ellipse[0], ellipse[1], ellipse[2], ellipse[3]
    cell = step_rad * EARTH_MEAN_RADIUS_M
    rings = int(min(12.0, max(2.0, ceil(major / cell))))
    along = sin(ellipse[4])
    across = cos(ellipse[4])
    n_rows, n_columns = index.shape
    for ring in range(rings + 1):
        share = ring / rings
        points = 1 if ring == 0 else int(min(64.0, max(8.0, ceil(2.0 * pi * share * major / cell))))
        for i in range(points):
            angle = 2.0 * pi * i / points
            q = share * major * cos(angle)
            w = share * minor * sin(angle)
            east = q * along + w * across
            north = q * across - w * along
            at_lat = lat + north / EARTH_MEAN_RADIUS_M
            at_lon = lon + east / (EARTH_MEAN_RADIUS_M * max(0.01, cos(lat)))
            turn = at_lon - lon0_rad + 0.5 * step_rad
            turn -= 2.0 * pi * floor(turn / (2.0 * pi))
            r = floor((at_lat - lat0_rad) / step_rad + 0.5)
            c = floor(turn / step_rad)
            if 0 <= r < n_rows and 0 <= c < n_columns:
                mask[index[r, c]] = True


@kernel
def touched_rows(
    index: NDArray[np.uint8],
    lat0_rad: float,
    lon0_rad: float,
    step_rad: float,
    ellipses: Floats,
    masks: NDArray[np.bool_],
) -> None:
    """`touched` for each of m ellipses (m, 5); masks (m, values of the raster)."""
    for j in range(ellipses.shape[0]):
        touched(index, lat0_rad, lon0_rad, step_rad, ellipses[j], masks[j])
