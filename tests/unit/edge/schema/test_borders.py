"""Sector borders in a file of their own give the same sector as corners, and bad ones are said with what was found."""

import json
import math
from pathlib import Path
from typing import Any

import pytest

from diptych.edge.files import data_path, parse
from diptych.edge.schema.arrange import read_arrangement
from diptych.edge.schema.borders import read_borders, with_corners
from tests.unit.edge.schema.test_arrange import SETTING

RING = [[20.0, 50.0], [40.0, 50.0], [40.0, 70.0], [20.0, 50.0]]
CORNERS = ((50.0, 20.0), (50.0, 40.0), (70.0, 40.0))
POLYGON: dict[str, Any] = {"type": "Polygon", "coordinates": [RING]}
FEATURE: dict[str, Any] = {"type": "Feature", "properties": {}, "geometry": POLYGON}
ALL: dict[str, Any] = {"type": "FeatureCollection", "features": [FEATURE]}


def written(path: Path, content: object) -> Path:
    path.write_text(json.dumps(content))
    return path


@pytest.mark.parametrize("content", [POLYGON, FEATURE, ALL], ids=lambda c: c["type"])
def test_geojson_is_longitude_first_and_repeats_its_first_corner(tmp_path: Path, content: object) -> None:
    assert read_borders(written(tmp_path / "east.geojson", content)) == CORNERS


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ({"type": "Point", "coordinates": [20.0, 50.0]}, "expected one Polygon"),
        ({**ALL, "features": [FEATURE, FEATURE]}, "found Polygon, Polygon; write one sector for each"),
        ({**POLYGON, "coordinates": [RING, RING]}, "(no holes)"),
        ({**POLYGON, "coordinates": [["a", "b"]]}, "expected pairs [longitude, latitude]"),
        ([], "found nothing"),
    ],
)
def test_what_is_not_one_polygon_is_refused(tmp_path: Path, content: object, said: str) -> None:
    with pytest.raises(ValueError) as caught:
        read_borders(written(tmp_path / "east.geojson", content))
    assert said in str(caught.value)


def test_an_arrangement_with_borders_is_that_with_corners_and_is_written_out_whole(tmp_path: Path) -> None:
    written(tmp_path / "east.geojson", ALL)
    text = data_path("arrangements", "sectoral-own-sector.yaml").read_text()
    start = text.index("corners_deg: ")
    old = text[start : text.index("]]", start) + 2]
    given = text.replace(old, "borders: east.geojson")
    tree = parse(given, str(tmp_path / "mine.yaml"))
    found = read_arrangement(tree, SETTING)
    assert found.problems == ()
    whole = read_arrangement(parse(text.replace(old, "corners_deg: [[50, 20], [50, 40], [70, 40]]"), "f.yaml"), SETTING)
    sectors = found.arrangements[0].responsibility.sectors
    assert sectors == whole.arrangements[0].responsibility.sectors
    assert sectors[0].corners_rad[0] == (math.radians(50.0), math.radians(20.0))
    plain: Any = with_corners(tree.plain(), tmp_path / "mine.yaml")
    assert plain["responsibility"]["sectors"][0]["corners_deg"] == [list(c) for c in CORNERS]
    assert "borders" not in str(plain["responsibility"])
