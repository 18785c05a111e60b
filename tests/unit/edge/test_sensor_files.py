"""Catalogue files of sensors: two forms of reach and of search, and numbers that make no sensor."""

from __future__ import annotations

import math

import pytest
from pydantic import ValidationError

from diptych.edge.build import load_scenario
from diptych.edge.schema.sensors import SensorFile
from diptych.model.errors import ScenarioError

SOURCES = {"ours": {"title": "Ours", "grade": "assumed", "reason": "for a test"}}


def number(value):
    return {"value": value, "source": "ours"}


PLAIN = {
    "schema": "diptych/sensor/1", "id": "plain", "title": "A plain radar", "kind": "radar", "sources": SOURCES,
    **{k: number(v) for k, v in {
        "cue_latency_s": 1, "reference_range_km": 1000, "reference_rcs_m2": 1, "search_range_factor": 0.7,
        "az_half_width_deg": 60, "el_min_deg": 2, "el_max_deg": 80, "search_revisit_s": 5, "track_revisit_s": 1,
        "range_error_m": 10, "angle_error_mrad": 1, "error_floor_fraction": 0.3, "beamwidth_mrad": 10,
        "range_resolution_m": 30, "track_capacity_hz": 20, "swerling_case": 1, "false_alarm_probability": 1e-6,
    }.items()},
}  # fmt: skip
PARTS = {
    "average_power_kw": 80, "aperture_m2": 9, "efficiency_fraction": 0.8, "frequency_mhz": 9500,
    "noise_temperature_k": 500, "loss_db": 6, "dwell_s": 0.1, "search_dwell_s": 0.01,
}  # fmt: skip
GAIN = ("reference_range_km", "reference_rcs_m2", "search_range_factor")


def refused(**changes):
    """Return the message with which a changed file is refused; None takes a key out."""
    given = {**PLAIN, **{k: number(v) for k, v in changes.items() if v is not None}}
    for key, value in changes.items():
        if value is None:
            del given[key]
    with pytest.raises(ValidationError) as caught:
        SensorFile.model_validate(given)
    return str(caught.value)


def test_the_plain_file_is_fine():
    assert SensorFile.model_validate(PLAIN).to_record({}).beamwidth_rad.mid == pytest.approx(0.01)


@pytest.mark.parametrize("value", [0.0, -3.0, math.nan, math.inf])
def test_a_beam_of_no_width_is_refused_with_the_reason(value):
    text = refused(beamwidth_mrad=value)
    assert "beamwidth_mrad: expected a" in text
    if value in (0.0, -3.0):
        assert f"expected a number above 0, found {value:g} (a beam of no width looks nowhere)" in text
    else:
        assert f"expected a finite number, found {value}" in text


def test_other_numbers_that_make_no_radar_are_refused():
    assert "false_alarm_probability: expected a number above 0, found 0" in refused(false_alarm_probability=0)
    assert "swerling_case: expected a Swerling case 0, 1, 2, 3 or 4, found 5" in refused(swerling_case=5)
    assert "expected el_min_deg below el_max_deg" in refused(el_min_deg=80)


def test_loop_gain_beside_its_parts_is_refused_and_half_of_the_parts_too():
    text = refused(average_power_kw=80)
    assert "expected either a loop gain" in text
    assert "search_range_factor beside average_power_kw; leave one form out" in text
    given = {**dict.fromkeys(GAIN), **PARTS}
    del given["dwell_s"]
    assert "missing dwell_s" in refused(**given)


def test_search_revisit_beside_its_budget_is_refused_and_none_of_them_too():
    both = refused(search_share_fraction=0.5, search_dwell_s=0.01)
    assert "expected either search_revisit_s or the budget it follows from" in both
    assert "expected either search_revisit_s" in refused(search_revisit_s=None)
    assert "search_dwell_s and search_share_fraction together" in refused(search_dwell_s=0.01)


def test_clouds_without_scans_are_refused():
    given = {
        "schema": "diptych/sensor/1", "id": "eye", "title": "An eye in space", "kind": "infrared", "sources": SOURCES,
        "cue_latency_s": number(1), "delay_s": number(3), "delay_spread": number(0.1), "cloud_top_km": number(7),
        "launch_point_error_km": number(3),
    }  # fmt: skip
    with pytest.raises(ValidationError, match="expected all of cloud_top_km, scan_period_s, scans_count"):
        SensorFile.model_validate(given)


@pytest.mark.parametrize("value", [0.0, -1.0, math.nan])
def test_a_beam_of_no_width_is_refused_as_a_setting_too(value):
    with pytest.raises(ScenarioError, match=r"sensors\.forward-x-band\.beamwidth_mrad"):
        load_scenario("europe-2012", settings={"sensors.forward-x-band.beamwidth_mrad": value})


def test_a_radar_stated_by_its_parts_reaches_a_scenario(tmp_path):
    """Reach by the radar equation, search by the time budget: 1095 beams of 10 ms in 0.8 of the time."""
    path = tmp_path / "parts.yaml"
    path.write_text(
        """schema: diptych/scenario/1
extends: europe-2012
id: parts
title: A radar stated by its parts
assets:
  add:
    second-eye:
      kind: land
      title: A second forward radar
      owner: US
      host: TR
      lat_deg: 38.35
      lon_deg: 37.79
      alt_m: 2000
      azimuth_deg: 110
      sensor: forward-x-band-parts
      source: launch-areas
""",
        encoding="utf-8",
    )
    radar = next(r for r in load_scenario(str(path)).radars if r.id == "second-eye")
    assert radar.reference_rcs_m2 == 1.0
    assert radar.reference_range_m == pytest.approx(2_789e3, rel=0.002)
    assert radar.search_range_factor == pytest.approx(0.1**0.25)
    assert radar.search_revisit_s == pytest.approx(1095 * 0.01 / 0.8)
    assert math.degrees(radar.search_el_max_rad) == pytest.approx(5.0)
    assert radar.faces == 1
