"""Plain twin of `diptych.kernels.looks`: one look at a time in NumPy, the mode walk as a small object with a state.

Unlike the kernel, elevation comes from a triangle drawn over the 4/3 Earth, azimuth and frames from pyproj-style trig
written out here, and the walk keeps its own count of misses slot by slot instead of comparing slot numbers.
"""

from __future__ import annotations

import itertools

import numpy as np
from scipy.special import ndtri

from diptych.kernels.draws import draw4
from diptych.kernels.earth import ecef_to_geodetic
from diptych.model.scenario import Radar

RADIUS = 6371008.8 * 4 / 3
REFERENCE = 10**1.3183490056794499


def hermite(truth, at_s):
    from scipy.interpolate import CubicHermiteSpline

    grid = np.arange(len(truth))
    return CubicHermiteSpline(grid, truth[:, :3], truth[:, 3:])(at_s)


def is_seen(radar: Radar, point) -> bool:
    """Whether a straight ray over the 4/3 Earth from the radar to the point stays above ground and in the fan."""
    site = np.array(radar.place.ecef_m)
    lat, lon = radar.place.lat_rad, radar.place.lon_rad
    north = np.array([-np.sin(lat) * np.cos(lon), -np.sin(lat) * np.sin(lon), np.cos(lat)])
    east = np.array([-np.sin(lon), np.cos(lon), 0.0])
    azimuth = np.arctan2((point - site) @ east, (point - site) @ north)
    off = np.angle(np.exp(1j * (azimuth - radar.boresight_az_rad)))
    if abs(off) > radar.az_half_width_rad:
        return False
    central = np.arctan2(np.linalg.norm(np.cross(site, point)), site @ point)
    phi = central * 6371008.8 / RADIUS
    antenna = np.array([0.0, RADIUS + radar.place.alt_m])
    height = ecef_to_geodetic(*point)[2]
    target = (RADIUS + height) * np.array([np.sin(phi), np.cos(phi)])
    ray = target - antenna
    elevation = np.arctan2(ray[1], ray[0])
    # Closest approach of the ray to the centre of the Earth, if it lies between the two ends.
    along = -(antenna @ ray) / (ray @ ray)
    if 0.0 < along < 1.0 and np.linalg.norm(antenna + along * ray) < RADIUS:
        return False
    return radar.el_min_rad <= elevation <= radar.el_max_rad


def direction(radar: Radar, point):
    """Return (angle off the face, apparent elevation) of a point that is in view, radians, by vectors in the local
    frame.

    The face's normal is turned to each of the faces in turn; the nearest one is taken.
    """
    site = np.array(radar.place.ecef_m)
    lat, lon = radar.place.lat_rad, radar.place.lon_rad
    north = np.array([-np.sin(lat) * np.cos(lon), -np.sin(lat) * np.sin(lon), np.cos(lat)])
    east = np.array([-np.sin(lon), np.cos(lon), 0.0])
    azimuth = np.arctan2((point - site) @ east, (point - site) @ north)
    phi = np.arctan2(np.linalg.norm(np.cross(site, point)), site @ point) * 6371008.8 / RADIUS
    height = ecef_to_geodetic(*point)[2]
    up = (RADIUS + height) * np.cos(phi) - RADIUS - radar.place.alt_m
    elevation = np.arctan2(up, (RADIUS + height) * np.sin(phi))

    def pointing(az, el):
        return np.array([np.cos(el) * np.sin(az), np.cos(el) * np.cos(az), np.sin(el)])

    if radar.faces == 0:
        normals = [azimuth]
    else:
        spacing = 2 * radar.az_half_width_rad / radar.faces
        normals = [radar.boresight_az_rad + spacing * (i - (radar.faces - 1) / 2) for i in range(radar.faces)]
    beam = pointing(azimuth, elevation)
    return min(np.arccos(min(1.0, beam @ pointing(az, radar.tilt_rad))) for az in normals), elevation


def pd_of(radar: Radar, snr):
    """Return the detection probability by averaging scipy's noncentral chi-square over the fading."""
    from scipy import integrate, stats

    n = radar.pulses
    threshold = stats.gamma(n).isf(radar.false_alarm)
    shape = {1: 1, 2: n, 3: 2, 4: 2 * n}[radar.swerling]
    if shape == n:
        return stats.gamma(n, scale=1 + snr / n).sf(threshold)
    energy = stats.gamma(shape, scale=snr / shape)
    edges = energy.ppf([0.0, 1e-6, 1e-3, 0.05, 0.3, 0.7, 0.95, 0.999, 1 - 1e-9])
    steady = lambda s: stats.ncx2(2 * n, 2 * s).sf(2 * threshold) * energy.pdf(s)  # noqa: E731
    return sum(integrate.quad(steady, a, b, epsrel=1e-9)[0] for a, b in itertools.pairwise(edges))


def rows(radar: Radar, echo, truth, t0_s, seed, replicate, purpose, sensor, target):
    """Return a list of (slot, time, pd search, pd track, chance, position, covariance, normals, range rate, its
    sigma) of the looks in view.
    """
    out = []
    k = int(np.ceil(t0_s / radar.track_revisit_s))
    while k * radar.track_revisit_s <= t0_s + len(truth) - 1:
        time = k * radar.track_revisit_s
        point = hermite(truth, time - t0_s)
        if is_seen(radar, point):
            d = point - np.array(radar.place.ecef_m)
            distance = np.linalg.norm(d)
            angle, elevation = direction(radar, point)
            second = time - t0_s
            velocity = np.array([np.interp(second, np.arange(len(truth)), truth[:, 3 + i]) for i in range(3)])
            across = np.linalg.norm(np.cross(velocity, d)) / np.linalg.norm(velocity) / distance
            payload = echo.payload_m2 + (echo.broadside_m2 - echo.payload_m2) * across**2
            rcs_m2 = echo.body_m2 if second < echo.separation_s else payload
            snr = REFERENCE * (radar.reference_range_m / distance) ** 4 * rcs_m2 / radar.reference_rcs_m2
            snr *= np.cos(angle) ** radar.scan_loss_exponent
            if angle > radar.scan_limit_rad:
                k += 1
                continue
            if snr < 0.25:
                k += 1
                continue
            factor = max(radar.error_floor, np.sqrt(REFERENCE / snr))
            u = d / distance
            chance, *others = draw4(seed, replicate, purpose, sensor, target, k)
            cov = (radar.range_error_m * factor) ** 2 * np.outer(u, u) + (
                radar.angle_error_rad * factor * distance
            ) ** 2 * (np.eye(3) - np.outer(u, u))
            pd = [pd_of(radar, snr * share) for share in (radar.search_range_factor**4, 1.0)]
            if elevation > radar.search_el_max_rad:
                pd[0] = 0.0
            rate, sigma = np.nan, np.nan
            if radar.range_rate_error_mps is not None:
                sigma = radar.range_rate_error_mps * factor
                rate = velocity @ u + sigma * ndtri(draw4(seed, replicate, purpose + 1, sensor, target, k)[0])
            out.append((k, time, *pd, chance, point, cov, ndtri(others), rate, sigma))
        k += 1
    return out


def walk(slots, times, pd_search, pd_track, chance, every, phase, cue_from_s):
    """Return (mode, is a detection) per row, stepping through every slot of the clock, seen or not."""
    found = {}
    by_slot = {int(s): i for i, s in enumerate(slots)}
    if not by_slot:
        return found
    misses = None  # None: searching
    for slot in range(min(by_slot), max(by_slot) + 1):
        i = by_slot.get(slot)
        if i is None:
            if misses is not None:
                misses += 1
        else:
            cued = times[i] >= cue_from_s
            wanted = cued or misses is not None
            mode = 2 if wanted and pd_track[i] > 0 else (1 if (slot + phase) % every == 0 else 0)
            hit = mode > 0 and chance[i] < (pd_track[i] if mode == 2 else pd_search[i])
            found[i] = (mode, bool(hit))
            if hit:
                misses = 0
            elif misses is not None and mode == 2:
                misses += 1
        if misses is not None and misses >= 5:
            misses = None
    return found
