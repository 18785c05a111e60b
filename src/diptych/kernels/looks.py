"""What one look of a radar gives: is the object in view, how likely is a detection, where would it be measured.

Read `horizon_height_m` and `apparent_elevation_rad` (is it in view), `snr` and `swerling1_pd` (is it detected), then
`look_rows`, which does everything for one radar and one object, and `pick_looks`, which walks the search and track
modes over those rows.  Nothing here knows who commands the radar: `look_rows` is computed once per replicate, and a
cue only changes which rows `pick_looks` takes.
"""

from math import acos, atan2, cos, log, pi, sin, sqrt

import numpy as np
from numpy.typing import NDArray

from diptych.kernels.draws import draw4, normal_quantile
from diptych.kernels.earth import EARTH_MEAN_RADIUS_M, enu_basis, geodetic_to_ecef, radial_height_m
from diptych.kernels.jit import kernel

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

REFRACTION = 4.0 / 3.0  # effective-Earth factor, gradient of -39 N-units/km (RAD-10); Skolnik, Radar Systems, ch. 8
EFFECTIVE_RADIUS_M = REFRACTION * EARTH_MEAN_RADIUS_M
REFERENCE_SNR = 10.0**1.32  # 13.2 dB: Pd 0.9 at Pfa 1e-6 on a steady target (RAD-03), the level of `reference_range_m`
FALSE_ALARM = 1e-6  # per look; the usual design point of surveillance radars, assumed
ERROR_FLOOR = 0.3  # share of the reference error that no signal strength removes (calibration, propagation), assumed
WEAKEST_SNR = 0.25  # -6 dB: looks weaker than this (Pd below 2e-5, three times the reference range) are left out
MISSES_TO_SEARCH = 5  # misses in a row after which an uncued radar goes back to searching, assumed


@kernel
def horizon_height_m(ground_range_m: float, antenna_height_m: float) -> float:
    """Return the lowest visible height (m) at a ground range (m), 4/3-Earth tangent ray over a smooth sphere.

    Zero inside the antenna's own horizon.  Check: 1000 km and antenna 0 gives 59.2 km (RAD-08).
    """
    own = 0.0
    if antenna_height_m > 0.0:
        own = EFFECTIVE_RADIUS_M * acos(EFFECTIVE_RADIUS_M / (EFFECTIVE_RADIUS_M + antenna_height_m))
    beyond = (ground_range_m - own) / EFFECTIVE_RADIUS_M
    if beyond <= 0.0:
        return 0.0
    if beyond >= 0.5 * pi:
        return np.inf
    return EFFECTIVE_RADIUS_M * (1.0 / cos(beyond) - 1.0)


@kernel
def apparent_elevation_rad(ground_range_m: float, height_m: float, antenna_height_m: float) -> float:
    """Return the elevation (rad) at which the refracted ray arrives, straight over the 4/3 Earth.

    The 4/3 Earth bends rays at all heights, so for targets above the atmosphere it lifts low elevations somewhat too
    much (some tenths of a degree near the horizon); it is kept because horizon and elevation then agree.
    """
    phi = ground_range_m / EFFECTIVE_RADIUS_M
    ratio = (EFFECTIVE_RADIUS_M + antenna_height_m) / (EFFECTIVE_RADIUS_M + height_m)
    return atan2(cos(phi) - ratio, sin(phi))


@kernel
def snr(range_m: float, rcs_m2: float, reference_range_m: float, reference_rcs_m2: float) -> float:
    """Return the mean signal-to-noise power ratio of one track dwell, by the radar equation in loop-gain form.

    Check: a tenth of the cross-section at 0.5623 of the range gives the same value (RAD-15).
    """
    ratio = reference_range_m / range_m
    ratio *= ratio
    return REFERENCE_SNR * ratio * ratio * rcs_m2 / reference_rcs_m2


@kernel
def swerling1_pd(snr_mean: float) -> float:
    """Return the detection probability of one dwell on a Swerling 1 target: Pd = Pfa^(1 / (1 + snr)), Pfa = 1e-6.

    The cross-section of a tumbling or slowly turning body fades between dwells but not within one.
    Source: Skolnik, Introduction to Radar Systems, 3rd ed., section 2.7.  Check: snr 20.9 (13.2 dB) gives 0.532.
    """
    return float(np.exp(log(FALSE_ALARM) / (1.0 + snr_mean)))


@kernel
def position_at(truth_ecef: Floats, at_s: float, rows: int) -> tuple[float, float, float]:
    """Return the position (m) `at_s` seconds after row 0 of a 1 s grid of states, cubic Hermite between rows.

    truth_ecef (T, 6); only its first `rows` >= 2 rows are used.
    """
    i = min(int(at_s), rows - 2)
    u = at_s - i
    h00 = (1.0 + 2.0 * u) * (1.0 - u) * (1.0 - u)
    h10 = u * (1.0 - u) * (1.0 - u)
    h01 = u * u * (3.0 - 2.0 * u)
    h11 = u * u * (u - 1.0)
    a = truth_ecef[i]
    b = truth_ecef[i + 1]
    return (
        h00 * a[0] + h10 * a[3] + h01 * b[0] + h11 * b[3],
        h00 * a[1] + h10 * a[4] + h01 * b[1] + h11 * b[4],
        h00 * a[2] + h10 * a[5] + h01 * b[2] + h11 * b[5],
    )


@kernel
def in_view(
    x_m: float, y_m: float, z_m: float, site: Floats, site_ecef_m: Floats, basis: Floats, view: Floats
) -> tuple[bool, float]:
    """Return whether an ECEF point is above the horizon and inside the field of view, and its slant range (m).

    site (3,): latitude, longitude rad, height m.  basis (3, 3): `enu_basis` of the site.  view (4,): boresight azimuth,
    half width, lowest and highest elevation, rad.
    """
    dx = x_m - site_ecef_m[0]
    dy = y_m - site_ecef_m[1]
    dz = z_m - site_ecef_m[2]
    slant = sqrt(dx * dx + dy * dy + dz * dz)
    azimuth = atan2(
        basis[0, 0] * dx + basis[0, 1] * dy + basis[0, 2] * dz, basis[1, 0] * dx + basis[1, 1] * dy + basis[1, 2] * dz
    )
    off = azimuth - view[0]
    off -= 2.0 * pi * np.floor((off + pi) / (2.0 * pi))
    if abs(off) > view[1]:
        return False, slant
    r_site = sqrt(site_ecef_m[0] ** 2 + site_ecef_m[1] ** 2 + site_ecef_m[2] ** 2)
    r_point = sqrt(x_m * x_m + y_m * y_m + z_m * z_m)
    cosine = (x_m * site_ecef_m[0] + y_m * site_ecef_m[1] + z_m * site_ecef_m[2]) / (r_site * r_point)
    ground = EARTH_MEAN_RADIUS_M * acos(min(1.0, max(-1.0, cosine)))
    height = radial_height_m(x_m, y_m, z_m)
    if height < horizon_height_m(ground, site[2]):
        return False, slant
    elevation = apparent_elevation_rad(ground, height, site[2])
    return view[2] <= elevation <= view[3], slant


@kernel
def measure(
    point_m: Floats, site_ecef_m: Floats, sigma_range_m: float, sigma_angle_rad: float, noise: Floats,
    out_m: Floats, cov_m2: Floats,
) -> None:  # fmt: skip
    """Write a noisy position (3,) and its covariance (3, 3): range along the line of sight, angle across it.

    The error is drawn in the plane tangent to the sphere of constant range; what this leaves out, R sigma^2 / 2, is
    below 15 m for 3 mrad at 3000 km.  The two cross directions have the same error.  noise (3,): standard normals.
    """
    d = point_m - site_ecef_m
    slant = sqrt(d[0] * d[0] + d[1] * d[1] + d[2] * d[2])
    u = d / slant
    # Two unit vectors across the line of sight, built on the axis that is least parallel to it.
    k = 0
    if abs(u[1]) < abs(u[k]):
        k = 1
    if abs(u[2]) < abs(u[k]):
        k = 2
    p = -u[k] * u
    p[k] += 1.0
    p /= sqrt(p[0] * p[0] + p[1] * p[1] + p[2] * p[2])
    qx = u[1] * p[2] - u[2] * p[1]
    qy = u[2] * p[0] - u[0] * p[2]
    qz = u[0] * p[1] - u[1] * p[0]
    cross = slant * sigma_angle_rad
    out_m[0] = point_m[0] + sigma_range_m * noise[0] * u[0] + cross * (noise[1] * p[0] + noise[2] * qx)
    out_m[1] = point_m[1] + sigma_range_m * noise[0] * u[1] + cross * (noise[1] * p[1] + noise[2] * qy)
    out_m[2] = point_m[2] + sigma_range_m * noise[0] * u[2] + cross * (noise[1] * p[2] + noise[2] * qz)
    along = sigma_range_m * sigma_range_m
    across = cross * cross
    for i in range(3):
        for j in range(3):
            cov_m2[i, j] = (along - across) * u[i] * u[j]
        cov_m2[i, i] += across


@kernel
def look_rows(
    truth_ecef: Floats, t0_s: float, revisit_s: float, site: Floats, view: Floats, power: Floats,
    seed: int, replicate: int, purpose: int, sensor: int, target: int,
) -> tuple[Ints, Floats, Floats, Floats, Floats, Floats, Floats]:  # fmt: skip
    """Return slot, time, search Pd, track Pd, chance (n,), measured position (n, 3), covariance (n, 3, 3).

    Only the looks with the object in view and stronger than `WEAKEST_SNR`.  Slot k of the radar is at k * revisit_s of
    the run whatever flies.  truth_ecef (T, 6): a 1 s grid from `t0_s`; rows from the first that is not finite on are
    ignored.  power (6,): reference range m, reference cross-section m2, search range factor, range error m, angle error
    rad, the object's cross-section m2.  The draw of a look is named (purpose, sensor, target, slot): one uniform
    decides the detection, three normals the measurement, and neither depends on the mode of the radar.
    """
    rows = 0
    while rows < truth_ecef.shape[0] and np.isfinite(truth_ecef[rows, 0]):
        rows += 1
    first = int(np.ceil(t0_s / revisit_s))
    last = int(np.floor((t0_s + rows - 1) / revisit_s))
    n_slots = max(0, last - first + 1) if rows >= 2 else 0
    slot = np.empty(n_slots, np.int64)
    values = np.empty((n_slots, 4))
    measured = np.empty((n_slots, 3))
    cov = np.empty((n_slots, 3, 3))
    site_ecef = np.empty(3)
    site_ecef[0], site_ecef[1], site_ecef[2] = geodetic_to_ecef(site[0], site[1], site[2])
    basis = enu_basis(site[0], site[1])
    search_energy = power[2] ** 4
    reach = power[0] * (REFERENCE_SNR / WEAKEST_SNR * power[5] / power[1]) ** 0.25
    point = np.empty(3)
    noise = np.empty(3)
    n = 0
    for k in range(first, last + 1):
        time = k * revisit_s
        if rows < 2:
            break
        point[0], point[1], point[2] = position_at(truth_ecef, max(0.0, time - t0_s), rows)
        dx = point[0] - site_ecef[0]
        dy = point[1] - site_ecef[1]
        dz = point[2] - site_ecef[2]
        if dx * dx + dy * dy + dz * dz > reach * reach:
            continue
        is_seen, slant = in_view(point[0], point[1], point[2], site, site_ecef, basis, view)
        if not is_seen:
            continue
        strength = snr(slant, power[5], power[0], power[1])
        factor = max(ERROR_FLOOR, sqrt(REFERENCE_SNR / strength))
        u0, u1, u2, u3 = draw4(seed, replicate, purpose, sensor, target, k)
        noise[0] = normal_quantile(u1)
        noise[1] = normal_quantile(u2)
        noise[2] = normal_quantile(u3)
        slot[n] = k
        values[n, 0] = time
        values[n, 1] = swerling1_pd(strength * search_energy)
        values[n, 2] = swerling1_pd(strength)
        values[n, 3] = u0
        measure(point, site_ecef, power[3] * factor, power[4] * factor, noise, measured[n], cov[n])
        n += 1
    return (
        slot[:n].copy(), values[:n, 0].copy(), values[:n, 1].copy(), values[:n, 2].copy(), values[:n, 3].copy(),
        measured[:n].copy(), cov[:n].copy(),
    )  # fmt: skip


@kernel
def pick_looks(
    slot: Ints, time_s: Floats, pd_search: Floats, pd_track: Floats, chance: Floats, every: int, phase: int,
    cue_from_s: float, mode: NDArray[np.int8],
) -> NDArray[np.bool_]:  # fmt: skip
    """Return which rows are detections (n,) bool, and write the mode of each look: 0 none, 1 search, 2 track.

    Search looks fall on slots with (slot + phase) % every == 0.  A detection puts the radar into track: every slot,
    until `MISSES_TO_SEARCH` slots in a row gave nothing (slots out of view count).  From `cue_from_s` on every slot is
    a track look.  Since the chance of a slot is one number and Pd in search <= Pd in track, a cue only adds detections.
    """
    n = slot.shape[0]
    hit = np.zeros(n, np.bool_)
    is_tracking = False
    last_hit = 0
    for i in range(n):
        mode[i] = 0
        if is_tracking and slot[i] - last_hit > MISSES_TO_SEARCH:
            is_tracking = False
        if is_tracking or time_s[i] >= cue_from_s:
            mode[i] = 2
            hit[i] = chance[i] < pd_track[i]
        elif (slot[i] + phase) % every == 0:
            mode[i] = 1
            hit[i] = chance[i] < pd_search[i]
        if hit[i]:
            is_tracking = True
            last_hit = slot[i]
    return hit
