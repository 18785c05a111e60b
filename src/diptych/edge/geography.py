"""Read the map data that ship with the package: territory raster, cities, borders.

The attributions must stand wherever the data are shown; `ATTRIBUTIONS` and `BOUNDARY_POLICY` are those texts.
"""

import csv
import math
from pathlib import Path

import msgspec
import numpy as np

from diptych.model.geography import Borders, Cities, DisputedLine, Floats, Outline, Territory

GEOGRAPHY = Path(__file__).resolve().parent.parent / "data" / "geography"

ATTRIBUTIONS = (
    "Borders made with Natural Earth (public domain), changed by the boundary policy",
    "Places and populations from GeoNames (CC BY 4.0), scaled to national totals",
)
BOUNDARY_POLICY = (
    "Borders are drawn to show whose territory the model means and are no statement on status: Crimea in Ukraine "
    "(UN General Assembly resolution 68/262), disputed lines dashed."
)


class _State(msgspec.Struct):
    code: str
    name: str
    polygons: list[list[list[int]]]


class _Line(msgspec.Struct):
    name: str
    why: str
    lines: list[list[int]]


class _BordersFile(msgspec.Struct):
    attribution: str
    unit_deg: float
    box_deg: tuple[float, float, float, float]
    states: list[_State]
    disputed: list[_Line]


def load_territory(folder: Path = GEOGRAPHY) -> Territory:
    """Return the raster of states (a few milliseconds)."""
    with np.load(folder / "territory.npz", allow_pickle=False) as data:
        lat0_deg, lon0_deg = data["origin_deg"]
        return Territory(
            lat0_rad=math.radians(lat0_deg),
            lon0_rad=math.radians(lon0_deg),
            step_rad=math.radians(float(data["step_deg"])),
            index=data["index"],
            codes=tuple(str(code) for code in data["codes"]),
        )


def load_cities(folder: Path = GEOGRAPHY) -> Cities:
    """Return places with people and the scale that brings each state to its national total."""
    with (folder / "national.csv").open(encoding="utf-8", newline="") as file:
        scale = {row["country"]: int(row["population"]) / int(row["listed"]) for row in csv.DictReader(file)}
    with (folder / "cities.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))[1:]
    country = tuple(row[3] for row in rows)
    return Cities(
        name=tuple(row[0] for row in rows),
        country=country,
        lat_rad=np.radians(np.array([row[1] for row in rows], dtype=np.float64)),
        lon_rad=np.radians(np.array([row[2] for row in rows], dtype=np.float64)),
        population=np.array([row[4] for row in rows], dtype=np.int64),
        scale=np.array([scale[code] for code in country], dtype=np.float64),
    )


def load_borders(folder: Path = GEOGRAPHY) -> Borders:
    """Return the outlines and dashed lines that maps draw."""
    file = msgspec.json.decode((folder / "countries.json").read_bytes(), type=_BordersFile)

    def points(flat: list[int]) -> Floats:
        lon_lat = np.array(flat, dtype=np.float64).reshape(-1, 2) * file.unit_deg
        return np.radians(lon_lat[:, ::-1])

    west, south, east, north = (math.radians(v) for v in file.box_deg)
    return Borders(
        attribution=file.attribution,
        box_rad=(west, south, east, north),
        outlines=tuple(
            Outline(s.code, s.name, tuple(points(ring) for polygon in s.polygons for ring in polygon))
            for s in file.states
        ),
        disputed=tuple(DisputedLine(d.name, d.why, tuple(points(line) for line in d.lines)) for d in file.disputed),
    )
