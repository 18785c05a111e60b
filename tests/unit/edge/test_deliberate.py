"""The verb `deliberate`: rows by hold-outs, what it says and refuses, and the files it leaves to run and change."""

import itertools
import json
from pathlib import Path
from xml.etree import ElementTree

import pytest
from msgspec.structs import replace
from typer.testing import CliRunner

from diptych.analysis.deliberation import NEVER, closed_form
from diptych.edge.build import load
from diptych.edge.cli import app
from diptych.edge.deliberate import Asked, deliberate_verb, rows_of, setting_of
from diptych.edge.progress import Progress
from diptych.edge.schema.deliberation import load_quantities
from diptych.model.errors import LocalError, ScenarioError

ASKED = Asked(
    scenario="europe-2012-four",
    arrangement="alliance",
    matter="set-rules",
    hold_outs=(0, 1, 2, 3),
    named=(),
    procedure=None,
    objection=None,
    deadline_h=None,
    redraft_h=None,
    answer_h=None,
    dilution=None,
    within_days=90.0,
    seed=1,
    replicates=400,
    settings={},
)
SILENT = Progress(is_shown=False)


def test_every_hold_out_costs_a_round_and_a_provision_and_one_to_the_end_leaves_no_text() -> None:
    setting = setting_of(ASKED)
    rows = rows_of(ASKED, setting, SILENT)
    assert [row.found.dropped for row in rows] == [0, 1, 2, 3, None]
    medians = [row.found.spread.median_s for row in rows[:4]]
    assert [round((b - a) / 3600.0) for a, b in itertools.pairwise(medians)] == [72, 72, 72]
    assert rows[-1].found.wishes == (NEVER,)
    assert rows[-1].found.spread.agreed == 0.0
    for row in rows[:4]:
        assert row.found.closed_s is not None
        assert row.found.spread.mean_s == pytest.approx(row.found.closed_s, rel=0.15)


def test_members_are_those_of_the_scenarios_date() -> None:
    setting = setting_of(ASKED)
    members = next(p for p in setting.scenario.parties if p.id == "nato").states
    assert len(setting.matters[0].roles) == len(members)


def test_a_joint_matter_waits_for_the_last_complex_and_has_no_closed_form() -> None:
    asked = replace(ASKED, arrangement="coordinated", matter="change-plan", hold_outs=(0,))
    setting = setting_of(asked)
    assert [d.complex_id for d in setting.matters] == ["nato", "russia"]
    (row, _) = rows_of(asked, setting, SILENT)
    assert closed_form(setting.matters, setting.manner, (), 3) is None
    alone = rows_of(replace(asked, matter="set-rules"), setting_of(replace(asked, matter="set-rules")), SILENT)[0]
    assert row.found.spread.median_s >= alone.found.spread.median_s


def test_a_named_member_holds_out_in_every_row() -> None:
    asked = replace(ASKED, named=(("TR", 2),), hold_outs=(0, 1))
    rows = rows_of(asked, setting_of(asked), SILENT)
    assert [row.found.dropped for row in rows[:2]] == [2, 2]


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"matter": "change-plan"}, "expected a matter that alliance has, got 'change-plan'; it has: set-rules"),
        ({"named": (("RU", 1),)}, "--hold-out RU: expected members that agree set-rules for nato"),
        ({"hold_outs": (40,)}, "expected at most 27 hold-outs of 28 voices"),
        ({"arrangement": "alliances"}, "did you mean"),
        ({"conduct": "objecting"}, "expected one actor's conduct, got 2: objecting:nato, objecting:russia"),
        ({"conduct": "objektive"}, "expected a shipped conduct"),
    ],
)
def test_what_cannot_be_played_is_refused_with_what_can(changed: dict[str, object], said: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        setting_of(replace(ASKED, **changed))
    assert said in str(caught.value)


def test_a_member_whose_conduct_is_to_object_leaves_no_text_and_a_partner_blocks_what_is_joint_only() -> None:
    objecting = replace(ASKED, conduct="member-objects:FR", hold_outs=(0,))
    (row, _) = rows_of(objecting, setting_of(objecting), SILENT)
    assert row.found.spread.agreed == 0.0
    assert row.found.closed_s == float("inf")
    sometimes = replace(ASKED, conduct="objecting:russia", hold_outs=(0,))
    (row, _) = rows_of(sometimes, setting_of(sometimes), SILENT)
    assert row.found.spread == rows_of(ASKED, setting_of(ASKED), SILENT)[0].found.spread
    joint = replace(sometimes, arrangement="coordinated", matter="change-plan")
    (slower, _) = rows_of(joint, setting_of(joint), SILENT)
    (plain, _) = rows_of(replace(joint, conduct=None), setting_of(replace(joint, conduct=None)), SILENT)
    assert (slower.found.spread.mean_s or 0.0) > (plain.found.spread.mean_s or 0.0)


def test_a_run_needs_agreed_rules_to_run_under() -> None:
    asked = replace(ASKED, arrangement="dual-key")
    with pytest.raises(ScenarioError, match="looks cases up in agreed rules"):
        deliberate_verb(asked, then_run=5, workers=1, out=None, force=False, as_json=False, is_shown=False)


def test_the_text_says_who_agrees_what_is_assumed_and_what_is_lost() -> None:
    text, code = deliberate_verb(ASKED, then_run=0, workers=None, out=None, force=False, as_json=False, is_shown=False)
    assert code == 0
    assert "nato: 28 voices, by silence of 48 h" in text
    assert "russia: general-staff decides alone" in text
    assert "Assumed, since no public source gives any figure" in text
    assert "3. No fire above states that were not asked." in text
    assert "one to the end     never" in text


def test_the_files_it_leaves_load_and_say_what_was_left(tmp_path: Path) -> None:
    out = tmp_path / "agreed"
    text, _ = deliberate_verb(ASKED, then_run=0, workers=None, out=out, force=False, as_json=True, is_shown=False)
    document = json.loads(text)
    assert (out / "deliberate.json").read_text(encoding="utf-8") == text
    assert [row["provisions_out"] for row in document["rows"]] == [0, 1, 2, 3, None]
    assert document["rows"][-1]["median_s"] is None
    assert document["assumed"][0]["key"] == "objection_probability"
    ElementTree.fromstring((out / "time-to-agree.svg").read_text(encoding="utf-8"))
    names = ["alliance-diluted-1", "alliance-diluted-2", "alliance-diluted-3", "alliance-no-text"]
    loaded = load("europe-2012-four", arrangements=tuple(str(out / f"{name}.yaml") for name in names))
    found = {a.id: a for a in loaded.scenario.arrangements if not a.is_baseline}
    assert sorted(found) == sorted(names)
    poorest = next(b for b in found["alliance-diluted-3"].rulebooks if b.id == "agreed-rules-3")
    assert [rule.number for rule in poorest.rules] == [1, 3, 4, 5, 6]
    with pytest.raises(LocalError, match="not empty"):
        deliberate_verb(ASKED, then_run=0, workers=None, out=out, force=False, as_json=True, is_shown=False)


def test_the_command_line_refuses_words_it_does_not_know() -> None:
    runner = CliRunner()
    for options in (["--hold-outs", "two"], ["--hold-out", "TR"], ["--procedure", "vote"]):
        assert runner.invoke(app, ["deliberate", "europe-2012-four", *options]).exit_code == 2
    assert runner.invoke(app, ["rules", "check", "agreed-rules-diluted"]).exit_code == 0
    assert "agreed-rules-diluted" in runner.invoke(app, ["rules", "list", "--json"]).stdout


def test_every_assumed_quantity_has_a_range_and_a_reason() -> None:
    for quantity in load_quantities().values():
        assert quantity.low <= quantity.mid <= quantity.high
        assert quantity.source.grade == "assumed"
        assert quantity.source.note
