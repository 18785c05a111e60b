"""What `arrangement check`, `compare` and `show --diagram` say of shipped arrangements and of bad files."""

import json
from pathlib import Path
from xml.etree import ElementTree

import pytest

from diptych.edge.arrangement_check import check_verb
from diptych.edge.arrangement_compare import compare_verb
from diptych.edge.arrangement_text import arrangement_diagram, arrangement_text, arrangement_yaml
from diptych.model.errors import ScenarioError

FOUR = "europe-2012-four"


def changed(tmp_path: Path, name: str, old: str, new: str) -> str:
    """Write a shipped file with one change under another name."""
    text = arrangement_yaml(name)
    assert old in text
    path = tmp_path / "mine.yaml"
    path.write_text(text.replace(old, new).replace(f"id: {name}\n", "id: mine\n"))
    return str(path)


def test_every_shipped_arrangement_is_listed_for_every_property_and_none_is_broken(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert check_verb(None, FOUR, as_json=True) == 0
    rows = json.loads(capsys.readouterr().out)
    assert len({r["arrangement"] for r in rows}) == 8
    assert len({r["property"] for r in rows}) == len(rows) / 8
    (veto,) = (r for r in rows if (r["arrangement"], r["property"]) == ("dual-key", "no-outside-veto"))
    assert (veto["claimed"], veto["holds"]) == (False, False)
    assert any("russia-key is asked (second-key)" in line for line in veto["counterexample"])
    claimed = [r for r in rows if r["claimed"]]
    assert claimed
    assert all(r["holds"] for r in claimed)


def test_a_property_that_is_not_claimed_and_fails_is_printed_and_the_exit_code_is_0(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert check_verb("dual-key", FOUR) == 0
    assert "dual-key lacks no-outside-veto:" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("name", "old", "new", "said"),
    [
        ("dual-key", "claims: []", "claims: [no-outside-veto]", "claims: claims no-outside-veto, which it lacks."),
        ("dual-key", "claims: []", "claims: [no-veto]", "claims 'no-veto'; there is no such property."),
        (
            "alliance",
            "nato: {rule: delegated, holder: saceur, under: agreed-rules, outside-rules: consult}",
            "nato: {rule: forbidden}",
            "responsibility, consent.intercept-over-own: lacks every-territory-has-an-owner.",
        ),
        (
            "sectoral-own-sector",
            "rest: true}",
            "corners_deg: [[30.0, -20.0], [60.0, -20.0], [60.0, 30.0], [30.0, 30.0]]}",
            "responsibility.sectors: lacks one-owner-per-sector. For example: t = 0 s: an object is known in a place",
        ),
        ("alliance", "holder: saceur,", "holder: saceurr,", "expected a role of this file, found 'saceurr'"),
        (
            "alliance",
            "  - {on: rule-lookup, silent-after: window, then: hold}",
            (
                "  - {on: rule-lookup, complex: nato, after_s: 20, then: pass-to, to: saceur}\n"
                "  - {on: rule-lookup, silent-after: window, then: hold}"
            ),
            "expected each role asked once, found 'saceur' again",
        ),
    ],
)
def test_a_bad_file_is_answered_with_its_place_and_an_example_and_exit_code_1(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, old: str, new: str, said: str
) -> None:
    path = changed(tmp_path, name, old, new)
    assert check_verb(path, FOUR) == 1
    message = capsys.readouterr().err
    assert said in message
    assert "mine.yaml:" in message


def test_a_file_that_cannot_be_read_is_one_json_finding(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert check_verb(changed(tmp_path, "alliance", "holder: saceur,", "holder: nobody,"), FOUR, as_json=True) == 1
    (row,) = json.loads(capsys.readouterr().out)
    assert (row["property"], row["holds"]) == ("well-formed", False)
    assert "found 'nobody'" in row["counterexample"][0]


def test_a_bad_scenario_is_not_blamed_on_the_arrangement() -> None:
    with pytest.raises(ScenarioError):
        check_verb("dual-key", "no-such-scenario")


def test_a_shorter_window_lets_the_clock_block(capsys: pytest.CaptureFixture[str]) -> None:
    text = arrangement_text("dual-key", FOUR, 200.0)
    assert "the clock, 240 s (hangs on assumed times: 95 s to 840 s)" in text
    check_verb("dual-key", FOUR, 200.0)
    assert "a physical window of 200 s" in capsys.readouterr().out


def test_a_comparison_names_what_differs_and_says_what_is_the_same() -> None:
    found = json.loads(compare_verb("separate", "coordinated", FOUR, 400.0, as_json=True))
    about = {(d["question"], d["about"]): (d["first"], d["second"]) for d in found["differences"]}
    assert about["Properties (* claimed)", "double-engagement-detected"] == ("no", "yes")
    assert about["Who is responsible", "where two are responsible"] == ("both-fire", "joint-plan")
    text = compare_verb("separate", "coordinated", FOUR, 400.0, as_json=False)
    assert "Who must consent: the same\n" in text
    assert "Time of the path: the same\n" in text


def test_an_arrangement_compared_with_itself_differs_in_nothing() -> None:
    found = json.loads(compare_verb("dual-key", "dual-key", FOUR, 400.0, as_json=True))
    assert found["differences"] == []


def test_the_diagram_draws_every_step_its_time_and_the_ways_out() -> None:
    drawn = arrangement_diagram("dual-key", FOUR)
    texts = [e.text for e in ElementTree.fromstring(drawn).iter("{http://www.w3.org/2000/svg}text")]
    wanted = ("classify", "authority", "second-key", "russia-key", "120 s (30 to 600)", "after 240 s (95 to 840)")
    assert [t for t in wanted if t not in texts] == []
    assert texts.count("a no: hold") == 3
    assert texts.count("silence to the end of the window: hold") == 3


def test_the_matrix_says_who_blocks_alone_and_who_only_with_others() -> None:
    lines = arrangement_text("dual-key", FOUR).splitlines()
    start = next(i for i, line in enumerate(lines) if line.startswith("Who can block what"))
    row = {line.split()[0].rstrip(","): line.split()[1:] for line in lines[start:] if line.startswith("    ")}
    assert row["intercept-over-own"][:5] == [".", ".", "alone", "alone", "alone"]
    assert row["stop-engagement"][:5] == [".", ".", "with", "with", "."]
