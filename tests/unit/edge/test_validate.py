"""The verb `validate`: what it prints, its exit codes, and how a bad file is refused."""

import json
from pathlib import Path
from typing import Any

import pytest

from diptych.edge.schema.documents import json_schema
from diptych.edge.validate import load_cases, validate_verb
from diptych.model.errors import ScenarioError

GOOD: dict[str, Any] = {
    "id": "MINE-1",
    "source": "a closed form",
    "kind": "leakage",
    "inputs": {"p_single": 0.5, "shots": [1, 2]},
    "expected": {"P_kill": [0.5, 0.75]},
    "tolerance": {"abs": 1e-9},
}


def written(folder: Path, *cases: dict[str, Any]) -> Path:
    path = folder / "mine.json"
    path.write_text(json.dumps(list(cases), indent=1), encoding="utf-8")
    return path


def refused(path: Path) -> list[str]:
    with pytest.raises(ScenarioError) as caught:
        validate_verb(path, only=[], kinds=[], as_json=False)
    return [line.removeprefix(str(path)) for line in str(caught.value).splitlines()]


def test_text_names_case_numbers_verdict_and_source(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert validate_verb(written(tmp_path, GOOD), only=[], kinds=[], as_json=False) == 0
    text = capsys.readouterr().out
    assert "MINE-1   computed-pass       1 of 1 compared  leakage" in text
    assert "P_kill: published [0.5, 0.75], ours [0.5, 0.75], error 0, tolerance 1e-09" in text
    assert "source: a closed form" in text
    counts = "1 computed-pass, 0 computed-fail, 0 known-wrong source, 0 catalogue-equal, 0 not run"
    assert text.rstrip().endswith(f"1 case: {counts}")


def test_json_is_a_list_with_the_keys_that_the_page_promises(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    validate_verb(written(tmp_path, GOOD), only=[], kinds=[], as_json=True)
    (row,) = json.loads(capsys.readouterr().out)
    assert list(row) == ["id", "kind", "verdict", "published", "ours", "error", "tolerance", "compared", "stated"]
    assert row["ours"] == {"P_kill": [0.5, 0.75]}
    assert (row["compared"], row["stated"]) == (1, 1)


def test_outputs_without_a_tolerance_or_a_method_are_counted_as_not_compared(
    capsys: pytest.CaptureFixture[str],
) -> None:
    validate_verb(None, only=["HIS-01", "BST-02", "INT-08"], kinds=[], as_json=True)
    rows = {row["id"]: (row["compared"], row["stated"]) for row in json.loads(capsys.readouterr().out)}
    # a parachute is not flown; of two burn times the catalogue has a class for one; INT-08 cannot be run at all
    assert rows == {"HIS-01": (2, 3), "BST-02": (0, 1), "INT-08": (0, 3)}
    validate_verb(None, only=["HIS-01", "INT-08"], kinds=[], as_json=False)
    text = capsys.readouterr().out
    assert "HIS-01   computed-pass       2 of 3 compared  suborbital_flight" in text
    assert "2 of 6 stated outputs compared; passed with one or more left out: HIS-01" in text


def test_a_failure_exits_with_1_and_a_figure_known_to_be_wrong_or_a_case_not_run_does_not(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    wrong = {**GOOD, "id": "MINE-2", "expected": {"P_kill": [0.5, 0.8]}}
    assert validate_verb(written(tmp_path, GOOD, wrong), only=[], kinds=[], as_json=False) == 1
    assert "! P_kill" in capsys.readouterr().out
    assert validate_verb(None, only=["RNG-04", "INT-08"], kinds=[], as_json=False) == 0
    assert "newspaper's 240 miles fits no point" in capsys.readouterr().out


def test_an_unknown_kind_is_not_run_and_never_a_pass(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert validate_verb(written(tmp_path, {**GOOD, "kind": "astrology"}), only=[], kinds=[], as_json=True) == 0
    (row,) = json.loads(capsys.readouterr().out)
    assert row["verdict"] == "not run"
    assert (row["published"], row["ours"]) == ({"P_kill": [0.5, 0.75]}, {"P_kill": None})


def test_cases_are_chosen_by_id_and_kind(capsys: pytest.CaptureFixture[str]) -> None:
    validate_verb(None, only=[], kinds=["geodesic_inverse"], as_json=True)
    assert [row["id"] for row in json.loads(capsys.readouterr().out)] == ["GEO-02", "GEO-04"]
    with pytest.raises(ScenarioError, match=r"--only.*expected a case's id, found 'GEO-2'; did you mean 'GEO-02'"):
        validate_verb(None, only=["GEO-2"], kinds=[], as_json=True)


def test_a_key_no_method_takes_is_placed_in_the_file_with_case_and_what_was_expected(tmp_path: Path) -> None:
    odd = {**GOOD, "inputs": {"p_single": 0.5, "shots": [1, 2], "salvo": 2}}
    (line,) = refused(written(tmp_path, GOOD | {"id": "A"}, odd))
    assert line == (
        ":33:4: [1].inputs.salvo: case MINE-1: expected no such key; this kind takes missiles with "
        "leak_probability_each, p_single with shots"
    )


def test_every_problem_of_form_is_told_at_once(tmp_path: Path) -> None:
    bad = {"id": "B", "kind": 3, "inputs": {}, "expected": {}, "tolerance": {"rel": -1}, "extra": 1}
    lines = refused(written(tmp_path, bad))
    assert [line.partition(": ")[2] for line in lines] == [
        "[0].source: case B: expected this key, found none; add `source: ...`",
        "[0].kind: case B: expected text, found 3; put it in quotes",
        "[0].expected: case B: expected at least 1 in it, found nothing between braces; correct it",
        "[0].tolerance.rel: case B: expected at least 0, found -1; correct it",
        "[0].extra: case B: expected a known key, found 'extra'; there is none",
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[{", ":1:3: expected JSON, found: expecting property name enclosed in double quotes; correct it"),
        ('[{"id": "A", "id": "B"}]', ":1:1: expected each key once, found 'id' again in case B"),
        ('[\n{"x": NaN}]', ":2:1: expected a finite number, found NaN; correct it"),
        ('[\n{"x": Infinity}]', ":2:1: expected a finite number, found Infinity; correct it"),
        ('{"cases": []}', ":1:1: expected a list, found keys and values (cases); correct it"),
        ("[" * 100_000, ":1:1: expected a list of cases, found brackets too deep to read; flatten it"),
    ],
)
def test_what_is_no_file_of_cases_is_refused(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "odd.json"
    path.write_text(text, encoding="utf-8")
    assert refused(path) == [message]


def test_the_same_id_twice_is_refused(tmp_path: Path) -> None:
    (line,) = refused(written(tmp_path, GOOD, GOOD))
    assert "[1].id: expected an id once, found 'MINE-1' again" in line


def test_a_file_indented_with_tabs_is_read(tmp_path: Path) -> None:
    path = tmp_path / "tabs.json"
    path.write_text(json.dumps([GOOD], indent="\t"), encoding="utf-8")
    assert load_cases(path) == [GOOD]


def test_editors_are_offered_every_kind() -> None:
    schema = json_schema("physics-cases")
    assert schema["type"] == "array"
    assert "icbm_flight" in schema["$defs"]["CaseFile"]["properties"]["kind"]["examples"]
