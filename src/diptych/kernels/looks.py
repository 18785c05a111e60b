"""What one look of a radar gives: is the object in view, how likely is a detection, where would it be measured.

Read `horizon_height_m` and `apparent_elevation_rad` (is it in view), `snr` and `cross_section_m2` (how strong is it),
then `look_rows`, which does everything for one radar and one object, and `pick_looks`, which walks the search and track
modes over those rows.  Detection statistics are in `kernels.detection`.  Nothing here knows who commands the radar:
`look_rows` is computed once per replicate, and a cue only changes which rows `pick_looks` takes.
"""

from math import acos, atan2, cos, exp, log, pi, sin, sqrt

import numpy as np
from numpy.typing import NDArray

from diptych.kernels.detection import detection_probability
from diptych.kernels.draws import draw4, normal_quantile
from diptych.kernels.earth import EARTH_MEAN_RADIUS_M, enu_basis, geodetic_to_ecef, radial_height_m
from diptych.kernels.jit import kernel

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

REFRACTION = 4.0 / 3.0  # effective-Earth factor, gradient of -39 N-units/km (RAD-10); Skolnik, Radar Systems, ch. 8
EFFECTIVE_RADIUS_M = REFRACTION * EARTH_MEAN_RADIUS_M
REFERENCE_SNR = 10.0**1.3183490056794499  # Pd 0.9 at Pfa 1e-6 on a steady target (RAD-03): level of `reference_range_m`
PLANNED_FALSE_ALARM = 1e-6  # what a planner reckons with; the usual design point of surveillance radars, assumed
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
def cross_section_m2(nose_m2: float, broadside_factor: float, cos_aspect: float) -> float:
    """Return the mean cross-section seen at an angle from the axis: nose-on, rising with sin^2 to broadside.

    A stated simple law, not a scattering model: real lobes are narrow and depend on the wave.  Check: 60 degrees off
    the nose, 0.1 m2, factor 5: 0.1 (1 + 4 x 0.75) = 0.4 m2.
    """
    return nose_m2 * (1.0 + (broadside_factor - 1.0) * (1.0 - cos_aspect * cos_aspect))


@kernel
def swerling1_pd(snr_mean: float) -> float:
    """Return the detection probability of one dwell on a Swerling 1 target at a false-alarm probability of 1e-6.

    What a planner reckons with; the looks themselves use the class's own case and false alarm (`kernels.detection`).
    Source: Skolnik, Introduction to Radar Systems, 3rd ed., section 2.7.  Check: snr 20.8 (13.18 dB) gives 0.531.
    """
    return exp(log(PLANNED_FALSE_ALARM) / (1.0 + snr_mean))


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
def velocity_at(truth_ecef: Floats, at_s: float, rows: int) -> tuple[float, float, float]:
    """Return the velocity (m/s) `at_s` seconds after row 0 of a 1 s grid, linear between rows."""
    i = min(int(at_s), rows - 2)
    u = at_s - i
    a = truth_ecef[i]
    b = truth_ecef[i + 1]
    return a[3] + u * (b[3] - a[3]), a[4] + u * (b[4] - a[4]), a[5] + u * (b[5] - a[5])


@kernel
def time_at_height_s(truth_ecef: Floats, height_m: float) -> float:
    """Return the seconds after row 0 of a 1 s grid of states (T, 6) at which a height (m) is first reached; inf: never.

    Linear in height between rows: at 500 m/s upwards and 20 m/s2 the error is below 5 ms.
    """
    before = radial_height_m(truth_ecef[0, 0], truth_ecef[0, 1], truth_ecef[0, 2])
    if before >= height_m:
        return 0.0
    for i in range(1, truth_ecef.shape[0]):
        here = radial_height_m(truth_ecef[i, 0], truth_ecef[i, 1], truth_ecef[i, 2])
        if here >= height_m:
            return i - 1 + (height_m - before) / (here - before)
        before = here
    return np.inf


@kernel
def off_face_cosine(
    off_rad: float, elevation_rad: float, half_width_rad: float, faces: float, tilt_rad: float
) -> float:
    """Return the cosine of the angle between a beam and the normal of the face it leaves from.

    off_rad: azimuth from the middle of the whole field of view, within its half width; `faces` flat faces share the
    field evenly.  0 faces: the antenna turns with the beam.  Check: one face, 60 degrees off, level: 0.5.
    """
    beside = 0.0
    if faces > 0.0:
        spacing = 2.0 * half_width_rad / faces
        face = min(faces - 1.0, max(0.0, np.floor((off_rad + half_width_rad) / spacing)))
        beside = off_rad + half_width_rad - (face + 0.5) * spacing
    return cos(elevation_rad) * cos(tilt_rad) * cos(beside) + sin(elevation_rad) * sin(tilt_rad)


@kernel
def sight(
    x_m: float, y_m: float, z_m: float, site: Floats, site_ecef_m: Floats, basis: Floats, view: Floats
) -> tuple[bool, float, float, float]:
    """Return whether an ECEF point is above the horizon and inside the field of view, its slant range (m), its apparent
    elevation and its azimuth from the middle of the field (rad, both 0 when it is not in view).

    site (3,): latitude, longitude rad, height m.  basis (3, 3): `enu_basis` of the site.  view (4 or more,): azimuth of
    the middle of the field, half width, lowest and highest elevation, rad.
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
        return False, slant, 0.0, 0.0
    r_site = sqrt(site_ecef_m[0] ** 2 + site_ecef_m[1] ** 2 + site_ecef_m[2] ** 2)
    r_point = sqrt(x_m * x_m + y_m * y_m + z_m * z_m)
    cosine = (x_m * site_ecef_m[0] + y_m * site_ecef_m[1] + z_m * site_ecef_m[2]) / (r_site * r_point)
    ground = EARTH_MEAN_RADIUS_M * acos(min(1.0, max(-1.0, cosine)))
    height = radial_height_m(x_m, y_m, z_m)
    if height < horizon_height_m(ground, site[2]):
        return False, slant, 0.0, 0.0
    elevation = apparent_elevation_rad(ground, height, site[2])
    if not view[2] <= elevation <= view[3]:
        return False, slant, 0.0, 0.0
    return True, slant, elevation, off


@kernel
def in_view(
    x_m: float, y_m: float, z_m: float, site: Floats, site_ecef_m: Floats, basis: Floats, view: Floats
) -> tuple[bool, float]:
    """Return whether an ECEF point is above the horizon and inside the field of view, and its slant range (m).

    Arguments as `sight`; the faces and their scan limit are left to the caller.
    """
    is_seen, slant, _, _ = sight(x_m, y_m, z_m, site, site_ecef_m, basis, view)
    return is_seen, slant


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
    truth_ecef: Floats, t0_s: float, revisit_s: float, site: Floats, view: Floats, power: Floats, echo: Floats,
    seed: int, replicate: int, purpose: int, sensor: int, target: int,
) -> tuple[Ints, Floats, Floats, Floats, Floats]:  # fmt: skip
    """Return slot (n,), values (6, n), measured position (n, 3), covariance (n, 3, 3), true position (n, 3) of every
    look.

    values: time s, search Pd, track Pd, chance, measured range rate m/s and its sigma (NaN where power[7] is NaN).
    Only the looks with the object in view and stronger than `WEAKEST_SNR`.  Slot k of the radar is at k * revisit_s
    of the run whatever flies.  truth_ecef (T, 6): a 1 s grid from `t0_s`; rows from the first that is not finite on
    are ignored.

    view (9,): as in `sight`, then number of faces, their tilt rad, cosine of the scan limit, exponent of the scan loss,
    highest elevation that is searched.  power (11,): reference range m, reference
    cross-section m2, search range factor, range error m, angle error rad, error floor, false-alarm probability, range
    rate error m/s, Swerling case, pulses, detection threshold.  echo (4,): cross-section of the payload nose-on and
    of the whole missile m2, broadside over nose-on of the payload, seconds after t0_s until which the whole missile is
    seen; the payload's axis lies along the velocity over ground.

    The draw of a look is named (purpose, sensor, target, slot): one uniform decides the detection, three normals the
    position (a fourth, of purpose + 1, the range rate), and none depends on the mode of the radar.
    """
    rows = 0
    while rows < truth_ecef.shape[0] and np.isfinite(truth_ecef[rows, 0]):
        rows += 1
    first = int(np.ceil(t0_s / revisit_s))
    last = int(np.floor((t0_s + rows - 1) / revisit_s))
    n_slots = max(0, last - first + 1) if rows >= 2 else 0
    slot = np.empty(n_slots, np.int64)
    values = np.empty((6, n_slots))
    measured = np.empty((n_slots, 3))
    cov = np.empty((n_slots, 3, 3))
    place = np.empty((n_slots, 3))
    site_ecef = np.empty(3)
    site_ecef[0], site_ecef[1], site_ecef[2] = geodetic_to_ecef(site[0], site[1], site[2])
    basis = enu_basis(site[0], site[1])
    search_energy = power[2] ** 4
    case = int(power[8])
    pulses = int(power[9])
    is_plain = case == 1 and pulses == 1
    strongest = max(echo[0] * max(1.0, echo[2]), echo[1])
    reach = power[0] * (REFERENCE_SNR / WEAKEST_SNR * strongest / power[1]) ** 0.25
    is_round = echo[2] == 1.0
    has_rate = not np.isnan(power[7])
    point = np.empty(3)
    noise = np.empty(3)
    n = 0
    for k in range(first, first + n_slots):
        time = k * revisit_s
        at_s = max(0.0, time - t0_s)
        point[0], point[1], point[2] = position_at(truth_ecef, at_s, rows)
        dx = point[0] - site_ecef[0]
        dy = point[1] - site_ecef[1]
        dz = point[2] - site_ecef[2]
        if dx * dx + dy * dy + dz * dz > reach * reach:
            continue
        is_seen, slant, elevation, off = sight(point[0], point[1], point[2], site, site_ecef, basis, view)
        if not is_seen:
            continue
        cos_off = off_face_cosine(off, elevation, view[1], view[4], view[5])
        if cos_off < view[6]:
            continue
        is_whole = at_s < echo[3]
        rcs_m2 = echo[1] if is_whole else echo[0]
        rate = 0.0
        if has_rate or not (is_whole or is_round):
            vx, vy, vz = velocity_at(truth_ecef, at_s, rows)
            rate = (vx * dx + vy * dy + vz * dz) / slant
            speed = sqrt(vx * vx + vy * vy + vz * vz)
            if not is_whole:
                rcs_m2 = cross_section_m2(rcs_m2, echo[2], rate / speed if speed > 0.0 else 1.0)
        strength = snr(slant, rcs_m2, power[0], power[1])
        if view[7] > 0.0:
            strength *= cos_off ** view[7]
        if strength < WEAKEST_SNR:
            continue
        factor = max(power[5], sqrt(REFERENCE_SNR / strength))
        u0, u1, u2, u3 = draw4(seed, replicate, purpose, sensor, target, k)
        noise[0] = normal_quantile(u1)
        noise[1] = normal_quantile(u2)
        noise[2] = normal_quantile(u3)
        slot[n] = k
        place[n, :] = point
        values[0, n] = time
        if elevation > view[8]:
            values[1, n] = 0.0
        elif is_plain:
            values[1, n] = exp(-power[10] / (1.0 + strength * search_energy))
        else:
            values[1, n] = detection_probability(strength * search_energy, power[10], pulses, case)
        values[2, n] = (
            exp(-power[10] / (1.0 + strength)) if is_plain else detection_probability(strength, power[10], pulses, case)
        )
        values[3, n] = u0
        values[4, n] = np.nan
        values[5, n] = np.nan
        if has_rate:
            values[5, n] = power[7] * factor
            spare, _, _, _ = draw4(seed, replicate, purpose + 1, sensor, target, k)
            values[4, n] = rate + values[5, n] * normal_quantile(spare)
        measure(point, site_ecef, power[3] * factor, power[4] * factor, noise, measured[n], cov[n])
        n += 1
    return slot[:n].copy(), values[:, :n].copy(), measured[:n].copy(), cov[:n].copy(), place[:n].copy()


@kernel
def pick_looks(
    slot: Ints, time_s: Floats, pd_search: Floats, pd_track: Floats, chance: Floats, every: int, phase: int,
    cue_from_s: float, mode: NDArray[np.int8],
) -> NDArray[np.bool_]:  # fmt: skip
    """Return which rows are detections (n,) bool, and write the mode of each look: 0 none, 1 search, 2 track.

    Search looks fall on slots with (slot + phase) % every == 0.  A detection puts the radar into track: every slot,
    until `MISSES_TO_SEARCH` slots in a row gave nothing (slots out of view count).  From `cue_from_s` on every slot is
    a track look.  Where `pd_track` is 0 the radar's time for tracks is spent on other objects: no track look, no miss,
    but a search look if one is due.  Since the chance of a slot is one number and Pd in search <= Pd in track where
    there is one, a cue only adds detections.
    """
    n = slot.shape[0]
    hit = np.zeros(n, np.bool_)
    is_tracking = False
    misses = 0
    for i in range(n):
        mode[i] = 0
        if i > 0:
            misses += slot[i] - slot[i - 1] - 1
        if is_tracking and misses >= MISSES_TO_SEARCH:
            is_tracking = False
        if (is_tracking or time_s[i] >= cue_from_s) and pd_track[i] > 0.0:
            mode[i] = 2
            hit[i] = chance[i] < pd_track[i]
            misses += 1
        elif (slot[i] + phase) % every == 0:
            mode[i] = 1
            hit[i] = chance[i] < pd_search[i]
        if hit[i]:
            is_tracking = True
            misses = 0
    return hit
