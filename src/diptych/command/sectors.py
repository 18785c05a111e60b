"""Whose sector a point lies in, for the sectoral arrangements.

Polygons are small and few: a ray-casting test in latitude and longitude is exact enough for notional borders. The
last sector may be the rest of the region (no corners).
"""

from diptych.model.arrangement import Sector


def is_inside(lat_rad: float, lon_rad: float, corners_rad: tuple[tuple[float, float], ...]) -> bool:
    """Whether a point lies in a polygon of (latitude, longitude) corners; edges are straight in those coordinates."""
    inside = False
    j = len(corners_rad) - 1
    for i, (lat_i, lon_i) in enumerate(corners_rad):
        lat_j, lon_j = corners_rad[j]
        if (lat_i > lat_rad) != (lat_j > lat_rad):
            crossing = lon_i + (lat_rad - lat_i) / (lat_j - lat_i) * (lon_j - lon_i)
            if lon_rad < crossing:
                inside = not inside
        j = i
    return inside


def sector_owner(lat_rad: float, lon_rad: float, sectors: tuple[Sector, ...]) -> str | None:
    """Return the complex that owns the sector of a point, None where no sector covers it. First match wins."""
    for sector in sectors:
        if not sector.corners_rad or is_inside(lat_rad, lon_rad, sector.corners_rad):
            return sector.owner
    return None
