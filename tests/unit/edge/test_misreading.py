"""The verb `misreading`: its table, its JSON, its files and what it says of bad input."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from diptych.edge.cli import app
from diptych.edge.misreading import Asked, levels_of, misreading_verb
from diptych.model.errors import LocalError, ScenarioError

ASKED = Asked("black-brant-1995", None, "coordinated", 0.2, {}, 1, 2)


def verb(asked: Asked = ASKED, *, out: Path | None = None, as_json: bool = False) -> int:
    return misreading_verb(asked, workers=1, out=out, force=False, as_json=as_json, is_shown=False)


def test_json_has_every_level_and_way_with_intervals(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert verb(out=tmp_path / "out", as_json=True) == 0
    text = capsys.readouterr().out
    document = json.loads(text)
    assert document["schema"] == "diptych/misreading/1"
    assert {row["level"] for row in document["misreading"]} == set(levels_of(ASKED))
    assert {row["way"] for row in document["misreading"]} == set(document["ways"])
    hotline = [row["answer_s"] for row in document["misreading"] if row["way"] == "hotline" and row["level"] == 0.2]
    assert hotline == [30.0, 120.0, 900.0]
    for row in document["misreading"]:
        alarm = row["alarm"]
        assert 0.0 <= alarm["lo"] <= alarm["value"] <= alarm["hi"] <= 1.0
    assert (tmp_path / "out" / "misreading.json").read_text(encoding="utf-8") == text
    assert "a notice is at the watch" in (tmp_path / "out" / "misreading.svg").read_text(encoding="utf-8")


def test_table_says_what_the_notice_changes(capsys: pytest.CaptureFixture[str]) -> None:
    assert verb() == 0
    text = capsys.readouterr().out
    assert "never per year" in text
    assert "black-brant: a notice at the watch takes the time in doubt from" in text
    assert "as nothing, draw by draw" in text


def test_other_answer_time_is_used_and_starred(capsys: pytest.CaptureFixture[str]) -> None:
    assert verb(Asked("black-brant-1995", None, "separate", 0.1, {"stages.hotline-query": 45.0}, 1, 1)) == 0
    text = capsys.readouterr().out
    assert "hotline 45 s *" in text
    assert "under separate no track passes between the two" in text


def test_directory_that_is_not_empty_is_kept(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(LocalError, match="not empty"):
        verb(out=tmp_path)


def test_two_that_could_look_must_be_named() -> None:
    asked = Asked("europe-2012", None, "coordinated", 0.1, {}, 1, 1)
    with pytest.raises(
        ScenarioError, match="expected one party that launches nothing, found 2; name it with --observer"
    ):
        verb(asked)


def test_arrangement_without_a_partner_is_refused() -> None:
    with pytest.raises(ScenarioError, match="--arrangement alone"):
        verb(Asked("black-brant-1995", None, "alone", 0.1, {}, 1, 1))


def test_level_beyond_one_is_refused_by_the_command_line() -> None:
    result = CliRunner().invoke(app, ["misreading", "black-brant-1995", "--level", "1.5"])
    assert result.exit_code == 2
