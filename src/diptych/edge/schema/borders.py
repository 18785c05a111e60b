"""Sector borders from a file of their own: one polygon as GeoJSON (RFC 7946), longitude first.

A bare geometry, a feature, or a collection of one feature. The outer ring counts; a polygon with holes is refused, as
are several polygons: write one sector for each.
"""

from pathlib import Path
from typing import Any

import msgspec

Corners = tuple[tuple[float, float], ...]


def read_borders(path: Path) -> Corners:
    """Return the corners (latitude, longitude in degrees) of the one polygon in a GeoJSON file, first not repeated.

    Raises
    ------
    ValueError
        The file cannot be read, or does not hold exactly one polygon without holes; says what was found.
    """
    try:
        found: Any = msgspec.json.decode(path.read_bytes())
    except OSError as error:
        text = f"expected a GeoJSON file at {path}, found none ({error.strerror}); correct the path"
        raise ValueError(text) from None
    except msgspec.DecodeError as error:
        raise ValueError(f"expected GeoJSON in {path}, found something else ({error}); correct it") from None
    geometries = _geometries(found)
    if len(geometries) != 1 or geometries[0].get("type") != "Polygon":
        kinds = ", ".join(str(g.get("type")) for g in geometries) or "nothing"
        raise ValueError(f"expected one Polygon in {path}, found {kinds}; write one sector for each polygon")
    rings = geometries[0].get("coordinates")
    if not isinstance(rings, list) or len(rings) != 1:
        count = len(rings) if isinstance(rings, list) else 0
        raise ValueError(f"expected one ring (no holes) in {path}, found {count}; take out the holes")
    try:
        corners = tuple((float(lat), float(lon)) for lon, lat, *_ in rings[0])
    except (TypeError, ValueError):
        raise ValueError(f"expected pairs [longitude, latitude] in {path}, found something else; correct it") from None
    return corners[:-1] if len(corners) > 1 and corners[0] == corners[-1] else corners


def corners_complaint(corners_deg: Corners) -> str:
    """Return what is wrong with the corners of a sector, "" if nothing is."""
    if len(corners_deg) < 3:
        return f"expected at least 3 corners, found {len(corners_deg)}; add corners"
    for lat_deg, lon_deg in corners_deg:
        if abs(lat_deg) > 90 or abs(lon_deg) > 180:
            return f"expected [latitude within 90, longitude within 180], found [{lat_deg:g}, {lon_deg:g}]; swapped?"
    return ""


def with_corners(values: dict[str, Any], beside: Path) -> dict[str, Any]:
    """Return the plain text of an arrangement with the borders of other files written into it as corners."""
    duty = values["responsibility"]
    if not any("borders" in sector for sector in duty.get("sectors", ())):
        return values
    sectors = []
    for sector in duty["sectors"]:
        if "borders" in sector:
            corners = [list(corner) for corner in read_borders(beside.parent / Path(sector["borders"]).expanduser())]
            sector = {**{k: v for k, v in sector.items() if k != "borders"}, "corners_deg": corners}
        sectors.append(sector)
    return {**values, "responsibility": {**duty, "sectors": sectors}}


def _geometries(found: object) -> list[dict[str, Any]]:
    if not isinstance(found, dict):
        return []
    match found.get("type"):
        case "FeatureCollection":
            return [g for feature in found.get("features") or [] for g in _geometries(feature)]
        case "Feature":
            return _geometries(found.get("geometry"))
        case _:
            return [found]
