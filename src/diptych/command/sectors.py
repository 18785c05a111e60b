"""Whose sector a point lies in, for the sectoral arrangements.

Polygons are small and few: a ray-casting test in latitude and longitude is exact enough for notional borders. The
last sector may be the rest of the region (no corners).
"""

from collections.abc import Mapping

from diptych.model.arrangement import Sector

Ground = Mapping[str, tuple[tuple[float, float], ...]]
"""Points of land (lat_rad, lon_rad), evenly spread, by state."""


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


def owners_over(states: frozenset[str], sectors: tuple[Sector, ...], ground: Ground | None) -> dict[str, float]:
    """Return the share of some states' land that lies in the sectors of each owner ("": in no sector), largest first.

    Without `ground` every owner is taken to hold a part, which is the cautious reading.
    """
    if ground is None:
        owners = tuple(dict.fromkeys(sector.owner for sector in sectors))
        return dict.fromkeys(owners, 1.0 / len(owners)) if owners else {"": 1.0}
    count: dict[str, int] = {}
    for state in sorted(states):
        for lat_rad, lon_rad in ground.get(state, ()):
            owner = sector_owner(lat_rad, lon_rad, sectors) or ""
            count[owner] = count.get(owner, 0) + 1
    total = sum(count.values())
    return {owner: count[owner] / total for owner in sorted(count, key=lambda o: (-count[o], o))}
