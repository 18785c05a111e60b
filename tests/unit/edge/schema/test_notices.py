"""Launches announced beforehand: from the file's words to records in SI, mistakes told where they stand."""

from math import radians
from pathlib import Path

import pytest

from diptych.edge.build import load_scenario
from diptych.model.errors import ScenarioError

HEAD = """schema: diptych/scenario/1
extends: europe-2012-four
id: with-notice
title: With a notice
notices:
  sounding-rocket: """


def written(folder: Path, notice: str) -> str:
    path = folder / "one.yaml"
    path.write_text(HEAD + notice + "\n", encoding="utf-8")
    return str(path)


def test_a_notice_becomes_a_record_in_metres_and_radians(tmp_path: Path) -> None:
    text = "{place: area-a, from_s: -60, to_s: 600, azimuth_deg: 300, azimuth_within_deg: 5, source: launch-areas}"
    (notice,) = load_scenario(written(tmp_path, text)).notices
    assert (notice.id, notice.place.name) == ("sounding-rocket", "Southern launch area A")
    assert (notice.within_m, notice.from_s, notice.to_s) == (50e3, -60.0, 600.0)
    assert notice.azimuth_rad == pytest.approx(radians(300.0))
    assert notice.azimuth_within_rad == pytest.approx(radians(5.0))


def test_every_mistake_in_a_notice_is_told_at_its_place(tmp_path: Path) -> None:
    text = "{place: nowhere, from_s: 10, to_s: 5, azimuth_deg: 300, source: launch-areas}"
    with pytest.raises(ScenarioError) as caught:
        load_scenario(written(tmp_path, text))
    said = str(caught.value)
    assert "one.yaml:6:3: notices.sounding-rocket: expected from_s <= to_s, found 10 and 5" in said
    assert "notices.sounding-rocket.place: expected an id of `places`, found 'nowhere'" in said
