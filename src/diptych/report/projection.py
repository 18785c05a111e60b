"""Put the Earth on paper: Lambert's azimuthal equal-area projection, and clipping and thinning of outlines.

The projection works on the sphere with geodetic latitude taken as spherical: an error of up to a fifth of a degree
beside exact authalic latitude, below one pixel on these maps, and the same for everything drawn on them.

Source: Snyder (1987), Map Projections: A Working Manual, USGS Professional Paper 1395, eqs. 24-2 to 24-4.
"""

from collections.abc import Sequence
from math import asin, atan2, cos, hypot, pi, sin

import numpy as np

from diptych.model.picture import Floats

AUTHALIC_RADIUS_M = 6_371_007.2
Box = tuple[float, float, float, float]
Points = list[tuple[float, float]]


def equal_area_m(lat_rad: Floats, lon_rad: Floats, centre_rad: tuple[float, float]) -> Floats:
    """Return the places on the map plane.

    Parameters
    ----------
    lat_rad, lon_rad : (n,) geographic, radians.
    centre_rad : latitude and longitude of the point where the map touches the Earth.

    Returns
    -------
    (n, 2) metres east and north of the centre on the paper.  The antipode has no place; points near it go far out.

    Check
    -----
    The north pole seen from (45 N, 0 E) lies 2 R sin(22.5 degrees) = 4 876 184 m north.
    """
    lat0, lon0 = centre_rad
    east = lon_rad - lon0
    facing = 1.0 + sin(lat0) * np.sin(lat_rad) + cos(lat0) * np.cos(lat_rad) * np.cos(east)
    scale = AUTHALIC_RADIUS_M * np.sqrt(2.0 / np.maximum(facing, 1e-9))
    x = scale * np.cos(lat_rad) * np.sin(east)
    y = scale * (cos(lat0) * np.sin(lat_rad) - sin(lat0) * np.cos(lat_rad) * np.cos(east))
    return np.column_stack((x, y))


def destination_rad(lat_rad: float, lon_rad: float, azimuth_rad: float, angle_rad: float) -> tuple[float, float]:
    """Return the place reached on the sphere from a point, in a direction, after an arc.

    *Check* From (0, 0) due east by a quarter of a circle: (0, 90 degrees).
    """
    up = sin(lat_rad) * cos(angle_rad) + cos(lat_rad) * sin(angle_rad) * cos(azimuth_rad)
    lat = asin(max(-1.0, min(1.0, up)))
    across = sin(azimuth_rad) * sin(angle_rad) * cos(lat_rad)
    return lat, lon_rad + atan2(across, cos(angle_rad) - sin(lat_rad) * sin(lat))


def ellipse_rad(
    lat_rad: float, lon_rad: float, semi_major_m: float, semi_minor_m: float, azimuth_rad: float, corners: int = 48
) -> list[tuple[float, float]]:
    """Return the outline of an ellipse on the sphere; the azimuth is that of the major axis, from north.

    *Check* An ellipse of 111.2 km by nothing at (0, 0), azimuth 90 degrees, reaches from 1 W to 1 E.
    """
    ring = []
    for k in range(corners):
        along, across = semi_major_m * cos(2.0 * pi * k / corners), semi_minor_m * sin(2.0 * pi * k / corners)
        angle = hypot(along, across) / AUTHALIC_RADIUS_M
        ring.append(destination_rad(lat_rad, lon_rad, azimuth_rad + atan2(across, along), angle))
    return ring


def clip_ring(ring: Sequence[tuple[float, float]], box: Box) -> Points:
    """Return a closed ring cut to a box (Sutherland and Hodgman 1974); first corner not repeated, empty if outside."""
    points: Points = list(ring)
    for axis, bound, keeps_above in ((0, box[0], True), (0, box[2], False), (1, box[1], True), (1, box[3], False)):
        if not points:
            return []
        cut: Points = []
        before = points[-1]
        before_in = (before[axis] >= bound) if keeps_above else (before[axis] <= bound)
        for here in points:
            here_in = (here[axis] >= bound) if keeps_above else (here[axis] <= bound)
            if here_in != before_in:
                share = (bound - before[axis]) / (here[axis] - before[axis])
                cut.append((before[0] + share * (here[0] - before[0]), before[1] + share * (here[1] - before[1])))
            if here_in:
                cut.append(here)
            before, before_in = here, here_in
        points = cut
    return points


def thin(points: Sequence[tuple[float, float]], least: float) -> Points:
    """Return the points without those nearer than `least` to the last one kept; the last point always stays."""
    kept: Points = []
    for point in points:
        if not kept or abs(point[0] - kept[-1][0]) + abs(point[1] - kept[-1][1]) >= least:
            kept.append(point)
    if len(points) > 1 and kept[-1] != points[-1]:
        kept.append(points[-1])
    return kept


def straighten(points: Sequence[tuple[float, float]], tolerance: float) -> Points:
    """Return a line with the fewest corners that stays within a distance of it (Douglas and Peucker 1973)."""
    keep = {0, len(points) - 1} if points else set()
    spans = [(0, len(points) - 1)] if len(points) > 2 else []
    while spans:
        first, last = spans.pop()
        (x1, y1), (x2, y2) = points[first], points[last]
        length = hypot(x2 - x1, y2 - y1)
        worst, place = tolerance, -1
        for i in range(first + 1, last):
            x, y = points[i]
            off = abs((x2 - x1) * (y1 - y) - (x1 - x) * (y2 - y1)) / length if length else hypot(x - x1, y - y1)
            if off > worst:
                worst, place = off, i
        if place >= 0:
            keep.add(place)
            spans += [(first, place), (place, last)]
    return [points[i] for i in sorted(keep)]


def area(ring: Sequence[tuple[float, float]]) -> float:
    """Return the area inside a ring, sign dropped."""
    total = 0.0
    for (x1, y1), (x2, y2) in zip(ring, [*ring[1:], *ring[:1]], strict=True):
        total += x1 * y2 - x2 * y1
    return abs(total) / 2.0
