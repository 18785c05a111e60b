"""Conducts by name and by file: whose they are, what a resolved scenario says of them, and what the verbs print."""

import json
from pathlib import Path

import pytest

from diptych.edge.build import load, load_scenario
from diptych.edge.conduct_text import check_text, conduct_text, conduct_yaml, conducts_json, conducts_text
from diptych.edge.conducts import conduct_names, split_word
from diptych.edge.files import read_data
from diptych.edge.schema.conduct import ConductFile
from diptych.edge.schema.documents import new_text
from diptych.model.errors import ScenarioError

MINE = """\
schema: diptych/conduct/1
id: grudging
title: Grudging
says: Tells tracks a minute late, half of the time.
who: partner
from: {after: first-launch, after_s: 10}
changes:
  - do: delay
    product: track
    delay_s: {low: 30, mid: 60, high: 90, reason: "Mine."}
    with_probability: {low: 0.2, mid: 0.5, high: 0.8, reason: "Mine."}
"""


@pytest.mark.parametrize(
    ("word", "parts"),
    [
        ("silent", ("silent", "")),
        ("silent:russia", ("silent", "russia")),
        ("here/mine.yaml", ("here/mine.yaml", "")),
        ("here/mine.yaml:TR", ("here/mine.yaml", "TR")),
        ("C:/mine.yaml", ("C:/mine.yaml", "")),
    ],
)
def test_whose_a_conduct_is_stands_behind_the_last_colon(word: str, parts: tuple[str, str]) -> None:
    assert split_word(word) == parts


def test_every_shipped_conduct_has_a_reason_for_each_number() -> None:
    for name in conduct_names():
        file = ConductFile.model_validate(read_data("conducts", f"{name}.yaml").plain())
        assert file.id == name
        for change in file.changes:
            given = [v for v in change.model_dump().values() if isinstance(v, dict)]
            assert all(len(v["reason"]) > 15 for v in given), name


def test_all_is_every_conduct_for_everybody_it_can_mean() -> None:
    found = load_scenario("europe-2012-four", arrangements=("coordinated",), conducts=("all",)).conducts
    assert found[0] == "cooperative"
    assert {"silent:nato", "silent:russia", "link-lost", "member-objects:TR"} <= set(found)
    assert {c for c in found if c.startswith("centre-lost")} == {
        "centre-lost:data-fusion",
        "centre-lost:planning-and-operations",
    }
    apart = load_scenario("europe-2012-four", arrangements=("separate",), conducts=("all",)).conducts
    assert not [c for c in apart if c.startswith("centre-lost")]


def test_a_file_of_ones_own_runs_for_one_party_and_its_numbers_can_be_set(tmp_path: Path) -> None:
    path = tmp_path / "grudging.yaml"
    path.write_text(MINE, encoding="utf-8")
    key = "conducts.grudging.delay.delay_s"
    loaded = load(
        "europe-2012-four", arrangements=("coordinated",), conducts=(f"{path}:russia",), settings={key: "high"}
    )
    conduct = loaded.scenario.behaviours[1]
    assert (conduct.label, conduct.kind, conduct.actor) == ("grudging:russia", "party", "russia")
    assert (conduct.changes[0].delay_s, conduct.changes[0].probability) == (90.0, 0.5)
    assert {a.key: a.used for a in loaded.scenario.assumptions}[key] == 90.0
    again = tmp_path / "resolved.yaml"
    again.write_text(loaded.resolved_yaml, encoding="utf-8")
    assert load(str(again)).scenario.digest == loaded.scenario.digest


def test_numbers_of_conducts_that_do_not_run_are_no_assumptions() -> None:
    scenario = load_scenario("europe-2012-four")
    assert not [a.key for a in scenario.assumptions if a.key.startswith("conducts.")]
    assert [a.key for a in scenario.assumptions if a.key.startswith("trust.")]


def test_a_word_that_names_nobody_is_answered_with_who_there_is() -> None:
    with pytest.raises(ScenarioError, match=r"expected a centre .* found 'fussion'"):
        load_scenario("europe-2012-four", arrangements=("coordinated",), conducts=("centre-lost:fussion",))
    with pytest.raises(ScenarioError, match="expected no name behind link-lost, found 'all'; remove it"):
        load_scenario("europe-2012-four", conducts=("link-lost:all",))
    with pytest.raises(ScenarioError, match="expected a battery on another state's soil"):
        load_scenario("europe-2012-four", conducts=("host-withholds",))


def test_the_verbs_say_what_a_conduct_changes_and_where_it_cannot_matter() -> None:
    assert [line.split()[0] for line in conducts_text().splitlines()] == list(conduct_names())
    assert len(json.loads(conducts_json())["conducts"]) == len(conduct_names())
    text = conduct_text("defecting:russia", "europe-2012-four")
    assert "From: the first own release" in text
    assert "withdraw: takes back what it had agreed to" in text
    shown = conduct_text("deceptive", "europe-2012-four")
    assert "falsify: tells it 100 km away from where it is (track)" in shown
    assert "conducts.deceptive.falsify.offset_km: 10, 100, 500 km; 100" in shown
    nobody = conduct_text("host-withholds", "europe-2012-four")
    assert "Stands for nobody on europe-2012-four" in nobody
    assert "conducts.host-withholds.refuse.with_probability: 0.1, 0.5, 1; 0.5" in nobody
    checked = check_text("host-withholds:TR", "europe-2012-four")
    assert "nowhere: its runs are the cooperative ones" in checked
    assert conduct_yaml("silent").startswith("schema: diptych/conduct/1")


def test_the_commented_file_to_start_from_can_be_played(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text(new_text("conduct", "mine"), encoding="utf-8")
    found = load_scenario("europe-2012-four", conducts=(str(path),)).behaviours
    assert [c.label for c in found] == ["cooperative", "mine:nato", "mine:russia"]
    assert [c.kind for c in found[1].changes] == ["delay", "refuse"]
