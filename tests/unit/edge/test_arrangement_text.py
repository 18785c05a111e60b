"""What `arrangement show`, `catalogue stages` and `scenario list` print: properties, claims, whole files, acts."""

import json

import pytest

from diptych.edge.arrangement_text import arrangement_text, arrangement_yaml
from diptych.edge.catalogue import load_catalogue
from diptych.edge.catalogue_text import catalogue_json, catalogue_text
from diptych.edge.files import data_path, parse
from diptych.edge.scenario_text import scenarios_json, scenarios_text
from diptych.model.errors import ScenarioError


def test_an_arrangement_that_fires_by_silence_says_so_and_another_does_not(tmp_path):
    line = "  - {on: authority, silent-after: window, then: hold}\n"
    text = arrangement_yaml("dual-key")
    assert line in text
    path = tmp_path / "mine.yaml"
    path.write_text(text.replace(line, "  - {on: authority, after_s: 20, then: engage}\n"))
    shown = arrangement_text(str(path), "europe-2012-four")
    assert "fires-by-silence: yes. Silence fires: authority (over own territory, joint)." in " ".join(shown.split())
    assert "silence for 20 s -> engage" in shown
    assert "fires-by-silence: no." in arrangement_text("dual-key", "europe-2012-four")


def test_claims_are_judged_and_seconds_have_their_scenario():
    shown = " ".join(arrangement_text("coordinated", "europe-2012-four").split())
    assert "centre-loss-safe: holds, claimed." in shown
    assert "seconds as used in the scenario europe-2012-four" in shown


def test_who_goes_first_under_a_joint_plan_is_said(tmp_path):
    path = tmp_path / "mine.yaml"
    plan = "overlap: joint-plan, responses: [{states: [TR, GR], first: nato}]}"
    path.write_text(arrangement_yaml("coordinated").replace("overlap: joint-plan}", plan))
    shown = " ".join(arrangement_text(str(path), "europe-2012-four").split())
    said = "nato at what threatens only TR, GR; whose territory it is; whose claim comes first in the log"
    assert f"first to fire: {said}" in shown
    assert "first to fire" not in arrangement_text("separate", "europe-2012-four")


def test_the_file_of_an_arrangement_comes_as_it_is():
    assert arrangement_yaml("separate") == data_path("arrangements", "separate.yaml").read_text()


def test_a_name_whose_file_lies_in_the_folder_is_offered_the_file(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "my-idea.yaml").write_text("schema: diptych/arrangement/1\n")
    for show in (arrangement_yaml, lambda name: arrangement_text(name, "europe-2012-four")):
        with pytest.raises(ScenarioError, match=r"did you mean the file my-idea\.yaml\?"):
            show("my-idea")
    with pytest.raises(ScenarioError, match=r"shipped: alliance, (?!.*\ball\b)"):
        arrangement_yaml("quite-another")


def test_every_act_is_listed_with_who_performs_it_its_times_and_its_source():
    stages = parse(data_path("stages.yaml").read_text(), "stages.yaml").plain()["stages"]
    shown = catalogue_text(load_catalogue(), "stages")
    rows = {line.split()[0]: line.split() for line in shown.splitlines()[1:] if line and not line.startswith(" ")}
    for act, given in stages.items():
        times = [f"{given['time_s'][k]:g}" for k in ("low", "mid", "high")]
        assert rows[act][1:5] == [given["by"], *times]
        assert rows[act][6] == given["source"]["grade"]
        assert given["source"]["url"] in shown
    listed = json.loads(catalogue_json(load_catalogue(), "stages"))["stages"]
    assert [row["id"] for row in listed] == list(stages)
    (one,) = json.loads(catalogue_json(load_catalogue(), "second-key"))["stages"]
    assert one["time_s"] == {"low": 30.0, "mid": 120.0, "high": 600.0}


def test_every_shipped_scenario_has_a_line_with_its_date_and_title():
    rows = json.loads(scenarios_json())["scenarios"]
    assert {"europe-2012", "europe-2012-four"} <= {row["id"] for row in rows}
    for row, line in zip(rows, scenarios_text().splitlines(), strict=True):
        assert line.split(None, 2) == [row["id"], row["date"], row["title"]]
        assert row["title"]
