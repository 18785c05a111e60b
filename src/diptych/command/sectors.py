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

    Without `ground` every owner is taken to hold a part, and nobody another where the sectors leave a rest: the
    cautious reading.
    """
    if ground is None:
        owners = possible_owners(sectors)
        return dict.fromkeys(owners, 1.0 / len(owners))
    count: dict[str, int] = {}
    for state in sorted(states):
        for lat_rad, lon_rad in ground.get(state, ()):
            owner = sector_owner(lat_rad, lon_rad, sectors) or ""
            count[owner] = count.get(owner, 0) + 1
    total = sum(count.values())
    return {owner: count[owner] / total for owner in sorted(count, key=lambda o: (-count[o], o))}


def possible_owners(sectors: tuple[Sector, ...]) -> tuple[str, ...]:
    """Return every owner of a sector, and "" where no sector takes the rest of the region."""
    owners = tuple(dict.fromkeys(sector.owner for sector in sectors))
    return owners if any(not sector.corners_rad for sector in sectors) else (*owners, "")


def overlap_of(sectors: tuple[Sector, ...]) -> tuple[Sector, Sector] | None:
    """Return two sectors of different owners that share an area; None where every place has one owner.

    Borders may be shared. A sector that takes the rest takes nothing from others, but two such sectors have the same.
    """
    for i, one in enumerate(sectors):
        for other in sectors[i + 1 :]:
            if one.owner != other.owner and _share_area(one.corners_rad, other.corners_rad):
                return one, other
    return None


Corners = tuple[tuple[float, float], ...]


def _share_area(a: Corners, b: Corners) -> bool:
    if not a or not b:
        return not a and not b
    edges_a, edges_b = list(zip(a, (*a[1:], a[0]), strict=True)), list(zip(b, (*b[1:], b[0]), strict=True))
    if any(_cross(p, q, r, s) for p, q in edges_a for r, s in edges_b):
        return True
    return any(is_inside(*point, b) for point in _inner_points(a)) or any(
        is_inside(*point, a) for point in _inner_points(b)
    )


def _cross(p: tuple[float, float], q: tuple[float, float], r: tuple[float, float], s: tuple[float, float]) -> bool:
    """Whether two edges cross in a point that is an end of neither."""
    return _side(p, q, r) * _side(p, q, s) < 0.0 and _side(r, s, p) * _side(r, s, q) < 0.0


def _side(a: tuple[float, float], b: tuple[float, float], c: tuple[float, float]) -> float:
    turn = (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])
    return turn if abs(turn) > 1e-12 else 0.0


def _inner_points(corners: Corners) -> list[tuple[float, float]]:
    """Return points inside a polygon: the middles of its corner triangles that lie within it."""
    n = len(corners)
    triples = ((corners[i - 1], corners[i], corners[(i + 1) % n]) for i in range(n))
    middles = [(sum(p[0] for p in t) / 3.0, sum(p[1] for p in t) / 3.0) for t in triples]
    return [m for m in middles if is_inside(*m, corners)]
