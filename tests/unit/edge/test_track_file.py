"""A file of one's own tracks: what it means, and what is refused in which words."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from diptych.edge.track_file import read_reports
from diptych.edge.track_text import track_verb
from diptych.kernels.earth import ecef_to_geodetic_many
from diptych.model.errors import LocalError, ScenarioError
from tests.helpers.seen import BURN_S, flight

EXAMPLE = Path(__file__).parents[3] / "docs/how-to/detections.csv"


def written(tmp_path, text):
    path = tmp_path / "own.csv"
    path.write_text(text)
    return path


def trajectory(tmp_path, step=2, last=400, header="object,time_s,lat_deg,lon_deg,alt_km"):
    truth = flight()
    place = ecef_to_geodetic_many(truth)
    lines = [header]
    for t in range(30, last, step):
        lat, lon, height = np.degrees(place[t, 0]), np.degrees(place[t, 1]), place[t, 2] / 1e3
        lines.append(f"alpha,{t},{lat:.7f},{lon:.7f},{height:.6f}")
    return written(tmp_path, "\n".join(lines) + "\n"), truth


def complaints(tmp_path, text):
    with pytest.raises(ScenarioError) as caught:
        read_reports(written(tmp_path, text), 10.0)
    return [str(p).removeprefix(str(tmp_path) + "/") for p in caught.value.problems]


def test_a_trajectory_is_tracked_to_its_impact(tmp_path):
    path, truth = trajectory(tmp_path)
    answer = json.loads(track_verb(path, tmp_path / "out.csv", 10.0, as_json=True))
    assert answer["assumed_error_m"] == 10.0
    (row,) = answer["objects"]
    assert row["purity"] == 1.0
    assert BURN_S < row["burnt_out_by_s"] < BURN_S + 40.0
    end = ecef_to_geodetic_many(truth[-1:])[0]
    north_km = (row["impact"]["lat_deg"] - np.degrees(end[0])) * 111.2
    east_km = (row["impact"]["lon_deg"] - np.degrees(end[1])) * 111.2 * np.cos(end[0])
    assert np.hypot(north_km, east_km) < row["impact"]["ellipse_2_sigma_km"][0]
    assert row["impact"]["time_s"] == pytest.approx(len(truth), abs=10.0)
    lines = (tmp_path / "out.csv").read_text().splitlines()
    assert lines[0].startswith("object,time_s,sensor,x_ecef_m")
    assert len(lines) == 1 + row["detections"] - 2


def test_both_kinds_of_position_and_all_kinds_of_error_mean_the_same(tmp_path):
    head, tail = "object,time_s,", "\n"
    plain = read_reports(written(tmp_path, head + "lat_deg,lon_deg,alt_km,sigma_m" + tail + "a,1,0,90,100,50"), 10.0)
    ecef = (
        head
        + "x_ecef_km,y_ecef_km,z_ecef_km,sigma_east_m,sigma_north_m,sigma_up_m"
        + tail
        + "a,1,0,6478.137,0,50,50,50"
    )
    other = read_reports(written(tmp_path, ecef), 10.0)
    whole = head + "x_ecef_m,y_ecef_m,z_ecef_m,cov_xx_m2,cov_xy_m2,cov_xz_m2,cov_yy_m2,cov_yz_m2,cov_zz_m2" + tail
    third = read_reports(written(tmp_path, whole + "a,1,0,6478137,0,2500,0,0,2500,0,2500"), 10.0)
    for found in (other, third):
        np.testing.assert_allclose(found.streams[0][0].measured_ecef_m, plain.streams[0][0].measured_ecef_m, atol=1e-3)
        np.testing.assert_allclose(found.streams[0][0].cov_ecef_m2, plain.streams[0][0].cov_ecef_m2, atol=1e-6)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "object,time_s,lat_deg,lon_deg,alt_km\na,1,40,40,nan\n",
            "own.csv:2:11: alt_km: expected a finite number, found nan; leave the line out if nothing was measured",
        ),
        (
            "object,time_s,lat_deg,lon_deg,alt_km\na,5,40,40,90\na,4,40,40,91\n",
            (
                "own.csv:3:3: time_s: expected a time after 5 s of the line before for a, found 4; sort the lines, or "
                "drop one of two"
            ),
        ),
        (
            (
                "object,time_s,x_ecef_m,y_ecef_m,z_ecef_m,cov_xx_m2,cov_xy_m2,cov_xz_m2,cov_yy_m2,cov_yz_m2,cov_zz_m2\n"
                "a,1,6500000,0,0,1,2,0,1,0,1\n"
            ),
            (
                "own.csv:2:17: cov_xx_m2: expected a covariance that is positive definite, found one with the "
                "eigenvalue -1 m2; check signs and order (xx, xy, xz, yy, yz, zz)"
            ),
        ),
        (
            "object,time_s,lat_deg,lon_deg,alt_ft\na,1,40,40,90\n",
            "own.csv:1:31: alt_ft: expected a column of this kind of file, found 'alt_ft'; write alt_m or alt_km",
        ),
        (
            "object,lat_deg,lon_deg,alt_km\na,40,40,90\n",
            "own.csv:1:1: time_s: expected a column time_s, found object, lat_deg, lon_deg, alt_km; add it",
        ),
        (
            "object,time_s\na,1\n",
            (
                "own.csv:1:1: expected a position, found none; add lat_deg, lon_deg, alt_km or "
                "x_ecef_m, y_ecef_m, z_ecef_m"
            ),
        ),
        (
            "object,time_s,lat_deg,alt_km\na,1,40,90\n",
            "own.csv:1:1: lon_deg: expected lat_deg, lon_deg, alt together, found lat_deg, alt; add lon_deg",
        ),
        (
            "object,time_s,lat_deg,lon_deg,alt_km\na,1,95,40,90\n",
            "own.csv:2:5: lat_deg: expected a number from -90 to 90, found 95; correct it",
        ),
        (
            "object,time_s,lat_deg,lon_deg,alt_km\na,1,forty,40,90\n",
            "own.csv:2:5: lat_deg: expected a number, found 'forty'; write it with a decimal point and no unit",
        ),
        (
            "object,time_s,lat_deg,lon_deg,alt_km,sigma_m\na,1,40,40,90,0\n",
            "own.csv:2:14: sigma_m: expected a standard deviation above 0, found 0; correct it",
        ),
        (
            "object,time_s,lat_deg,lon_deg,alt_km\na,1,40,40\n",
            "own.csv:2:1: expected 5 values as in the header, found 4; correct the line",
        ),
        (
            "object,time_s,x_ecef_km,y_ecef_km,z_ecef_km\na,1,6500000,0,0\n",
            (
                "own.csv:2:1: object: expected a position above the ground, found 6500000 km from the centre of the "
                "Earth; check the unit"
            ),
        ),
        (
            "object,time_s,lat_deg,lon_deg,alt_km\n",
            "own.csv:1:1: expected at least one line below the header, found none; add reports",
        ),
    ],
)
def test_what_is_wrong_is_said_with_its_place_and_the_next_step(tmp_path, text, said):
    assert complaints(tmp_path, text) == [said]


def test_every_wrong_value_is_listed(tmp_path):
    text = "object,time_s,lat_deg,lon_deg,alt_km\na,1,x,40,90\na,2,40,y,90\n"
    assert len(complaints(tmp_path, text)) == 2


def test_a_file_that_is_not_there_is_a_message(tmp_path):
    with pytest.raises(ScenarioError, match="expected a CSV file, found none there; check the path"):
        read_reports(tmp_path / "none.csv", 10.0)


def test_the_example_of_the_documentation_is_read_and_tracked():
    answer = json.loads(track_verb(EXAMPLE, None, 10.0, as_json=True))
    assert {row["object"] for row in answer["objects"]} == {"alpha", "bravo"}
    assert all(row["impact"] is not None and row["purity"] == 1.0 for row in answer["objects"])
    assert answer["false_tracks"] == 0


def test_assumptions_of_the_tracker_are_set_and_said():
    plain = json.loads(track_verb(EXAMPLE, None, 10.0, as_json=True))
    slow = json.loads(track_verb(EXAMPLE, None, 10.0, {"tracker.confirm_count": "high"}, as_json=True))
    assert plain["assumptions_changed"] == []
    assert [(a["key"], a["shipped"], a["used"]) for a in slow["assumptions_changed"]] == [
        ("tracker.confirm_count", 4.0, 6.0)
    ]
    # two more detections are needed before a track is believed
    assert all(a["confirmed_s"] < b["confirmed_s"] for a, b in zip(plain["objects"], slow["objects"], strict=True))
    text = track_verb(EXAMPLE, None, 10.0, {"tracker.initiate_count": 1000}, as_json=False)
    assert "set by hand: tracker.initiate_count 1000" in text
    assert "1000 within 30 s start one" in text


def test_a_setting_of_something_else_than_the_tracker_is_refused():
    with pytest.raises(ScenarioError, match=r"expected a key that this scenario uses, found 'stages\.second-key'"):
        track_verb(EXAMPLE, None, 10.0, {"stages.second-key": 3.0}, as_json=True)


def test_numbers_beyond_all_bounds_and_endless_cells_are_refused(tmp_path):
    head = "object,time_s,lat_deg,lon_deg,alt_km,sigma_m\n"
    (text,) = complaints(tmp_path, head + "a,0,35,45,100,1e200\n")
    assert "expected a number up to 1e+18 in SI, found 1e+200; check the unit" in text
    (text,) = complaints(tmp_path, head + "a" * 200_000 + ",0,35,45,100,1\n")
    assert "expected lines of comma-separated values, found: field larger than field limit" in text


def test_tracks_that_cannot_be_written_say_where_to_put_them(tmp_path):
    path, _ = trajectory(tmp_path)
    with pytest.raises(LocalError, match="choose an --out in a folder that you may write to"):
        track_verb(path, tmp_path / "none" / "out.csv", 10.0, as_json=True)
