"""The arrangements that `diptych cues` makes, what it prints, and what it refuses."""

from __future__ import annotations

import json
import math

import msgspec
import numpy as np
import pytest

from diptych.analysis.cues import CASES, MOMENTS, WAYS, CueTimes, Gain, compare_cues
from diptych.edge.build import load_scenario
from diptych.edge.cues import Asked, arrangement_of, cues_json, cues_text, cues_verb, gain_text, way_text
from diptych.model.errors import LocalError

ASKED = Asked("europe-2012-four", {}, None, 7, 3)


@pytest.fixture(scope="module")
def scenario():
    return load_scenario("europe-2012-four", arrangements=("separate",))


@pytest.fixture(scope="module")
def found(scenario):
    """Made-up times: telling gains 10 s more with each way, at every moment; the second complex never shoots."""
    shape = (len(CASES), len(WAYS), 2, len(scenario.raid), len(MOMENTS))
    times = 500.0 - 10.0 * np.broadcast_to(np.arange(len(WAYS))[None, :, None, None, None], shape)
    times[:, :, 1, :, 3] = math.inf
    own = np.ones((2, len(scenario.raid)))
    return compare_cues(WAYS, ["nato", "russia"], [True, False], [CueTimes(times, own)] * 3)


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.id)
def test_a_way_is_the_separate_arrangement_with_one_rule_more(scenario, way):
    base = next(a for a in scenario.arrangements if a.id == "separate")
    made = arrangement_of(way_text(way), way, scenario)
    more = [rule for rule in made.sharing if rule not in base.sharing]
    same = msgspec.structs.replace(
        made, id=base.id, title=base.title, sharing=base.sharing, partner_tracks=base.partner_tracks
    )
    assert same == base
    if not way.product:
        assert made == base
        return
    assert made.partner_tracks == "cue"
    assert {(r.sender, r.receiver) for r in more} == {("nato", "russia"), ("russia", "nato")}
    for rule in more:
        assert (rule.product, rule.period_s) == (way.product, way.period_s)
        assert (rule.position_m, rule.velocity_mps) == (way.position_km * 1e3, way.velocity_mps)


def test_the_table_has_a_row_for_each_way_and_no_second_panel_where_there_is_no_warning_to_take_away(scenario, found):
    shown = cues_text(ASKED, scenario, found, {"nato": "NATO complex", "russia": "Russian complex"})
    assert shown.count("NATO complex, ") == 2
    assert shown.count("Russian complex, ") == 1
    assert "Russian complex, no space warning of its own" in shown
    rows = [line for line in shown.splitlines() if line.startswith(WAYS[1].title)]
    assert len(rows) == 3
    assert shown.splitlines().count(WAYS[3].block) == 3
    assert shown.count("\n  every 10 s ") == 3 * len({way.block for way in WAYS if way.block})
    assert rows[0].count("10.0 [10, 10]") == 4
    assert rows[2].split()[-1] == "-"
    assert all(len(line) <= 120 for line in shown.splitlines())


def test_the_json_names_every_missile_and_has_null_where_there_is_nothing(scenario, found):
    document = json.loads(cues_json(ASKED, scenario, found))
    assert document["schema"] == "diptych/cues/1"
    way = document["cases"][0]["ways"][2]
    assert way["id"] == WAYS[2].id
    assert set(way["complexes"]["nato"]["missiles"]) == {m.id for m in scenario.raid}
    assert way["complexes"]["nato"]["gains"]["firm"]["middle_s"] == 20.0
    assert way["complexes"]["russia"]["gains"]["released"]["middle_s"] is None


@pytest.mark.parametrize(
    ("gain", "words"),
    [
        (Gain(12.3, 4.0, 20.0, 0.5, 0.0), "12.3 [4, 20] +0.5"),
        (Gain(0.0, 0.0, 0.0, 0.0, 1.0), "0 -1.0"),
        (Gain(math.nan, math.nan, math.nan, 2.0, 0.0), "- +2.0"),
        (Gain(-0.01, -0.3, 0.2, 0.0, 0.0), "0.0 [0, 0]"),
    ],
)
def test_a_gain_is_printed_short(gain, words):
    assert gain_text(gain) == words


def test_a_directory_with_something_in_it_is_left_alone(tmp_path):
    (tmp_path / "mine.txt").write_text("x")
    with pytest.raises(
        LocalError, match=r"the directory is not empty; choose another --out, or overwrite with --force"
    ):
        cues_verb(ASKED, workers=1, out=tmp_path, force=False, as_json=False, is_shown=False)
    with pytest.raises(LocalError, match="expected a directory to make, got a file there"):
        cues_verb(ASKED, workers=1, out=tmp_path / "mine.txt", force=False, as_json=False, is_shown=False)
