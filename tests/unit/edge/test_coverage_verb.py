"""`diptych coverage`: table, JSON, GeoJSON and map; bad numbers are refused by name."""

from __future__ import annotations

import json
from itertools import pairwise
from xml.etree import ElementTree

import pytest

from diptych.edge.coverage_text import coverage_verb
from diptych.edge.settings import numbers_of
from diptych.model.errors import LocalError, ScenarioError

NAME = "europe-2012"


def test_json_has_a_contour_for_each_radar_height_and_probability():
    found = json.loads(coverage_verb(NAME, {}, (100.0, 300.0), (0.5, 0.9), 1.0, None, as_json=True))
    rows = [c for c in found["contours"] if c["radar"] == "kurecik"]
    assert [(c["height_m"], c["detection"]) for c in rows] == [
        (100e3, 0.5), (100e3, 0.9), (300e3, 0.5), (300e3, 0.9),
    ]  # fmt: skip
    easy, hard = (max(x for x in c["farthest_m"] if x) for c in rows[2:])
    assert hard < easy
    assert found["false_alarms"]["kurecik"]["hits_per_scan"] > 1.0


def test_a_map_is_written_with_the_marking_and_the_boundary_policy(tmp_path):
    out = tmp_path / "cover.svg"
    text = coverage_verb(NAME, {}, (150.0,), (0.9,), 1.0, out, as_json=False)
    assert f"Written to {out}" in text
    drawn = out.read_text(encoding="utf-8")
    assert ElementTree.fromstring(drawn).tag.endswith("svg")
    for words in ("OPEN - notional raid", "68/262", "NATO: blue, solid", "150 km"):
        assert words in drawn


def test_geojson_rings_are_closed_and_run_against_the_clock(tmp_path):
    out = tmp_path / "cover.geojson"
    coverage_verb(NAME, {}, (150.0,), (0.5,), 1.0, out, as_json=False)
    features = json.loads(out.read_text(encoding="utf-8"))["features"]
    assert {f["properties"]["radar"] for f in features} >= {"kurecik", "armavir-1", "rostov-upper"}
    for feature in features:
        (ring,) = feature["geometry"]["coordinates"]
        assert ring[0] == ring[-1]
        area = sum(a[0] * b[1] - b[0] * a[1] for a, b in pairwise(ring))
        assert area > 0.0, feature["properties"]["radar"]


@pytest.mark.parametrize(
    ("heights", "detections", "rcs", "out", "expected"),
    [
        ((0.0,), (0.5,), 1.0, None, "--altitude-km: expected a number above 0 and below 20000, found 0"),
        ((100.0,), (1.0,), 1.0, None, "--pd: expected a number above 0 and below 1, found 1"),
        ((100.0,), (1e-9,), 1.0, None, "--pd: expected a number above the false-alarm probability of armavir-1, 1e-06"),
        ((100.0,), (0.5,), float("nan"), None, "--rcs-m2: expected a number above 0 and below 1e+06, found nan"),
        ((100.0,), (0.5,), 1.0, "map.png", "--out: expected a name that ends in .svg or .geojson, found 'map.png'"),
    ],
)
def test_numbers_and_names_out_of_range_are_refused(tmp_path, heights, detections, rcs, out, expected):
    with pytest.raises(ScenarioError) as caught:
        coverage_verb(NAME, {}, heights, detections, rcs, tmp_path / out if out else None, as_json=True)
    assert expected in str(caught.value)


def test_a_map_that_cannot_be_written_says_where_to_put_it(tmp_path):
    with pytest.raises(LocalError, match=r"x\.svg: no such file or directory; choose an --out in a folder"):
        coverage_verb(NAME, {}, (150.0,), (0.9,), 1.0, tmp_path / "none" / "x.svg", as_json=False)


def test_false_tracks_are_those_of_the_tracker_of_the_scenario():
    def tracks(settings):
        found = json.loads(coverage_verb(NAME, settings, (100.0,), (0.5,), 1.0, None, as_json=True))
        return found["false_alarms"]["kurecik"]["tracks_per_hour"]

    assert tracks({"tracker.confirm_count": 6.0}) < 0.1 * tracks({})


def test_an_option_with_commas_gives_numbers_or_says_which_part_is_none():
    assert numbers_of("--pd", "0.5, 0.9") == (0.5, 0.9)
    with pytest.raises(ScenarioError, match=r"--pd: expected numbers with commas, got 'half'"):
        numbers_of("--pd", "0.5,half")
