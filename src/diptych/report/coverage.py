"""Where a radar could first see the raid: the footprint that a map draws round a sensor.

The footprint is the ground under which an object at `REFERENCE_HEIGHT_M` would be above the lowest elevation of the
radar and within the range of its search.  It is geometry for a picture; no result is computed from it.
"""

from math import acos, cos, pi, sqrt

from diptych.model.scenario import Radar
from diptych.report.projection import AUTHALIC_RADIUS_M, destination_rad

REFERENCE_HEIGHT_M = 150_000.0


def search_range_m(radar: Radar, rcs_m2: float) -> float:
    """Return the range at which one search dwell reaches 13.2 dB against a cross-section (fourth-root law).

    *Check* A sixteenth of the reference cross-section halves the range.
    """
    root = sqrt(sqrt(rcs_m2 / radar.reference_rcs_m2))
    return radar.reference_range_m * radar.search_range_factor * root


def ground_angle_rad(slant_m: float, elevation_rad: float, height_m: float) -> float:
    """Return the arc from the radar to below an object at a height that is both in range and above an elevation.

    Straight rays over a sphere; 0 when the object at that height is out of range even overhead.

    *Check* Elevation 0, height 150 km, range without end: arccos(R / (R + h)) = 0.2149 rad, 1369 km.
    """
    radius = AUTHALIC_RADIUS_M
    if slant_m <= height_m:
        return 0.0
    by_horizon = acos(radius * cos(elevation_rad) / (radius + height_m)) - elevation_rad
    ratio = (radius**2 + (radius + height_m) ** 2 - slant_m**2) / (2.0 * radius * (radius + height_m))
    by_range = acos(max(-1.0, min(1.0, ratio)))
    return min(by_horizon, by_range)


def footprint_rad(radar: Radar, rcs_m2: float, height_m: float = REFERENCE_HEIGHT_M) -> list[tuple[float, float]]:
    """Return the corners (lat, lon) of the ground a radar covers at a height; empty when it reaches none.

    A radar that looks all round gives a circle, another a sector with the radar as first corner.
    """
    arc = ground_angle_rad(search_range_m(radar, rcs_m2), radar.el_min_rad, height_m)
    if arc <= 0.0:
        return []
    half = min(radar.az_half_width_rad, pi)
    steps = max(8, round(72 * half / pi))
    all_round = half >= pi - 1e-9
    here = (radar.place.lat_rad, radar.place.lon_rad)
    corners = [] if all_round else [here]
    for i in range(steps if all_round else steps + 1):
        azimuth = radar.boresight_az_rad - half + 2.0 * half * i / steps
        corners.append(destination_rad(*here, azimuth, arc))
    return corners
