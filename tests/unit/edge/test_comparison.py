"""The whole path of `run` and `replay` on the small shipped scenario: same bytes, honest ends."""

from __future__ import annotations

import json
import re
from pathlib import Path

import msgspec
import polars as pl
import pytest

import diptych
from diptych.edge import comparison, verbs
from diptych.edge.build import load_scenario
from diptych.edge.comparison import Question, carry_out, load, manifest, question_of
from diptych.edge.geography import load_cities, load_territory
from diptych.edge.progress import Progress
from diptych.edge.provenance import program_digest
from diptych.edge.replay import compare_files, differences_of_machine, replay_verb
from diptych.edge.rundir import write_run
from diptych.edge.terminal import party_table
from diptych.edge.verbs import command_of, run_verb
from diptych.edge.workers import Interrupted
from diptych.model.errors import ScenarioError
from diptych.sim.prepare import prepare
from diptych.sim.run import run
from diptych.sim.world import draw_world
from diptych.study.design import outcome_digest
from diptych.study.metrics import METRIC_IDS, TAIL_OF
from diptych.study.replicate import Plan, Result
from diptych.study.sweep import revalued

QUESTION = Question(
    scenario="europe-2012-four",
    arrangements=("separate", "coordinated", "dual-key"),
    seed=3,
    replicates=3,
    sweep_replicates=1,
    has_report=False,
)


def answer_of(question: Question, workers: int) -> comparison.Answer:
    return carry_out(question, load(question), Progress(is_shown=False), workers, command_of(question))


@pytest.fixture(scope="module")
def answer() -> comparison.Answer:
    return answer_of(QUESTION, 1)


@pytest.mark.slow
def test_two_workers_give_the_same_bytes_as_one(answer: comparison.Answer) -> None:
    assert compare_files(answer.files, answer_of(QUESTION, 2).files) == dict.fromkeys(sorted(answer.files), "equal")


def test_a_replicate_alone_equals_the_same_replicate_within_a_study(answer: comparison.Answer) -> None:
    frame = pl.read_parquet(answer.files["replicates.parquet"])
    number = pl.read_parquet(answer.files["events.parquet"])["replicate"][0]
    shots = pl.read_parquet(answer.files["shots.parquet"])
    for label in ("separate", "coordinated", "dual-key"):
        fired = frame.filter((pl.col("replicate") == number) & (pl.col("arrangement") == label))["shots_fired"].sum()
        assert shots.filter(pl.col("arrangement") == label).height == fired > 0


def test_the_summary_has_the_agreed_shape(answer: comparison.Answer) -> None:
    summary = json.loads(answer.files["summary.json"])
    assert (summary["scenario"], summary["seed"], summary["replicates"]) == ("europe-2012-four", 3, 3)
    assert re.fullmatch("[0-9a-f]{32,64}", summary["truth_digest"])
    assert sorted(summary["arrangements"]) == sorted(["alone", "separate", "coordinated", "dual-key"])
    for parties in summary["arrangements"].values():
        assert list(parties) == ["parties"]
        assert sorted(parties["parties"]) == ["nato", "russia"]
        for metrics in parties["parties"].values():
            assert sorted(metrics) == sorted(METRIC_IDS)
            for cell in metrics.values():
                assert sorted(cell) == ["hi", "lo", "n", "value"]
                assert type(cell["n"]) is int
                assert all(cell[key] is None or type(cell[key]) is float for key in ("value", "lo", "hi"))
    assert summary["differences"]
    for difference in summary["differences"]:
        assert {"arrangement", "against", "party", "metric", "value", "lo", "hi", "n"} <= set(difference)
        assert {difference["arrangement"], difference["against"]} <= set(summary["arrangements"])
        assert difference["metric"] in METRIC_IDS
    assert {"program", "version", "scenario_digest", "seed", "replicates"} <= set(summary["provenance"])
    assert {"sweeps", "sentences"} <= set(summary)


def test_every_replicate_is_in_the_table_with_every_metric(answer: comparison.Answer) -> None:
    frame = pl.read_parquet(answer.files["replicates.parquet"])
    assert frame.height == 3 * 4 * 2
    assert set(METRIC_IDS) - set(TAIL_OF) <= set(frame.columns)
    means = frame.filter(pl.col("party") == "nato").group_by("arrangement").agg(pl.col("leakage").mean())
    table = dict(means.iter_rows())
    for label, cells in answer.comparison.table.items():
        assert table[label] == pytest.approx(cells["nato"]["leakage"].value)


def test_the_told_replicate_has_events_in_order_for_every_arrangement(answer: comparison.Answer) -> None:
    events = pl.read_parquet(answer.files["events.parquet"])
    labels = ["alone/nato", "alone/russia", "separate", "coordinated", "dual-key"]
    assert events["arrangement"].unique(maintain_order=True).to_list() == labels
    for label in labels:
        times = events.filter(pl.col("arrangement") == label)["time_s"]
        assert times.is_sorted()
    assert events.filter(pl.col("kind") == "launch").height == 4 * len(labels)


def test_the_resolved_scenario_asks_the_same_question(answer: comparison.Answer, tmp_path: Path) -> None:
    path = tmp_path / "scenario.yaml"
    path.write_bytes(answer.files["scenario.yaml"])
    asked = question_of(json.loads(json.dumps(manifest(QUESTION, answer))), str(path))
    assert load(asked).scenario.digest == answer.scenario.digest
    assert msgspec.structs.replace(asked, scenario="", arrangements=None) == msgspec.structs.replace(
        QUESTION, scenario="", arrangements=None
    )


@pytest.mark.slow
def test_replay_finds_the_same_bytes_and_sees_a_changed_file(
    answer: comparison.Answer, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target = tmp_path / "run"
    write_run(target, manifest(QUESTION, answer), answer.files, {})
    assert replay_verb(target, workers=1, as_json=False, is_shown=False) == 0
    assert "the run is reproduced byte for byte" in capsys.readouterr().out
    other = {**answer.files, "shots.parquet": answer.files["shots.parquet"][:-1] + b"X"}
    write_run(target, manifest(QUESTION, answer), other, {}, force=True)
    assert replay_verb(target, workers=1, as_json=True, is_shown=False) == 1
    told = json.loads(capsys.readouterr().out)
    assert told["equal"] is False
    assert told["files"]["shots.parquet"].startswith(f"different from byte {len(other['shots.parquet']) - 1} on")
    assert told["files"]["summary.json"] == "equal"


def test_json_on_standard_output_is_the_summary_and_nothing_else(capsys: pytest.CaptureFixture[str]) -> None:
    question = msgspec.structs.replace(QUESTION, arrangements=("separate",), replicates=1, sweep_replicates=0)
    code = run_verb(question, workers=1, out=None, force=False, as_json=True, quiet=False, is_shown=False)
    assert code == 0
    assert json.loads(capsys.readouterr().out)["replicates"] == 1


def test_ctrl_c_shows_the_finished_replicates_and_how_to_have_them_again(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    question = msgspec.structs.replace(QUESTION, arrangements=("separate",), replicates=2, sweep_replicates=0)
    two = answer_of(question, 1).comparison
    real = comparison.run_replicate

    def interrupted(plan: Plan, replicate: int) -> Result:
        if replicate == 2:
            raise KeyboardInterrupt
        return real(plan, replicate)

    monkeypatch.setattr(comparison, "run_replicate", interrupted)
    asked = msgspec.structs.replace(question, replicates=9)
    target = tmp_path / "run"
    code = run_verb(asked, workers=1, out=target, force=False, as_json=False, quiet=False, is_shown=False)
    told = capsys.readouterr()
    assert code == 130
    assert told.out.splitlines()[1] == "Interrupted after 2 of 9 replicates."
    assert party_table(two, "nato") in told.out
    assert "nothing was written. To write these: diptych run europe-2012-four --arrangement separate" in told.err
    assert "--replicates 2 --out DIR" in told.err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("is_json", [True, False])
def test_ctrl_c_prints_no_table_where_none_was_wanted(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], is_json: bool
) -> None:
    question = msgspec.structs.replace(QUESTION, arrangements=("separate",), replicates=2, sweep_replicates=0)
    done = answer_of(msgspec.structs.replace(question, replicates=1), 1)
    stop = comparison.Unfinished(Interrupted([0], 9), done.scenario, done.comparison)
    monkeypatch.setattr(verbs, "carry_out", lambda *_, **__: (_ for _ in ()).throw(stop))
    asked = {"workers": 1, "out": None, "force": False, "is_shown": False}
    assert run_verb(question, as_json=is_json, quiet=not is_json, **asked) == 130  # type: ignore[arg-type]
    told = capsys.readouterr()
    assert told.out == ""
    assert "interrupted after 1 of 9 replicates" in told.err


def test_a_sweep_point_is_what_loading_with_that_setting_gives() -> None:
    """`revalued` must not drift from the way a setting is read from a file."""
    base = load_scenario("europe-2012-four", arrangements=("dual-key",))
    for key, value in (("stages.second-key.time_s", 321.0), ("interceptors.midcourse-30.kill_probability", 0.42)):
        loaded = load_scenario("europe-2012-four", arrangements=("dual-key",), settings={key: value})
        changed = revalued(base, {key: value})
        assert changed.stages == loaded.stages
        assert changed.interceptor_classes == loaded.interceptor_classes
        assert [(a.key, a.used) for a in changed.assumptions] == [(a.key, a.used) for a in loaded.assumptions]
        assert changed != base


def test_silent_without_a_party_stands_for_each_party_and_cooperation_always_runs() -> None:
    asked = msgspec.structs.replace(QUESTION, conducts=("silent",))
    assert load(asked).scenario.conducts == ("cooperative", "silent:nato", "silent:russia")
    with pytest.raises(ScenarioError, match="found 'mars'"):
        load(msgspec.structs.replace(QUESTION, conducts=("silent:mars",)))


def test_files_are_compared_by_name_and_byte() -> None:
    old = {"a": b"123", "b": b"1", "c": b"12"}
    new = {"a": b"123", "c": b"1x3", "d": b""}
    assert compare_files(old, new) == {
        "a": "equal",
        "b": "missing now",
        "c": "different from byte 1 on (2 bytes then, 3 now)",
        "d": "not in the run",
    }


def test_another_machine_or_version_is_said(answer: comparison.Answer) -> None:
    made = manifest(QUESTION, answer)
    assert differences_of_machine(made, made["cpu_target"]) == []
    made["version"] = "0.0.1"
    made["libraries"] = {**made["libraries"], "numpy": "1.0"}
    notes = differences_of_machine(made, "sparc")
    assert len(notes) == 3
    assert notes[0].startswith("made with diptych 0.0.1, this is ")
    assert "this is sparc: last bits may differ" in notes[1]
    assert notes[2].startswith("made with numpy 1.0, this is ")


def test_another_state_of_the_same_version_is_said_before_files_are_compared(answer: comparison.Answer) -> None:
    made = manifest(QUESTION, answer)
    assert made["program"] == program_digest()
    found = differences_of_machine({**made, "program": "0" * 64}, made["cpu_target"])
    assert len(found) == 1
    assert found[0].startswith(f"made by another state of the program ({'0' * 12}, this is {program_digest()[:12]})")
    del made["program"]
    assert "run.json does not say which" in differences_of_machine(made, made["cpu_target"])[0]


def test_the_digest_of_the_program_sees_every_byte_of_source_and_data_and_no_compiled_kernel(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / "diptych"
    (package / "data").mkdir(parents=True)
    for name in ("__init__.py", "report.css", "data/a.yaml"):
        (package / name).write_text("x")
    monkeypatch.setattr(diptych, "__file__", str(package / "__init__.py"))
    seen = [program_digest()]
    (package / "__pycache__").mkdir()
    (package / "__pycache__" / "flight.nbi").write_text("x")
    assert program_digest() == seen[0]
    for name, text in (("data/a.yaml", "y"), ("report.css", "xx"), ("data/b.csv", "")):
        (package / name).write_text(text)
        seen.append(program_digest())
    (package / "data" / "b.csv").rename(package / "data" / "c.csv")
    seen.append(program_digest())
    assert len(set(seen)) == 5


def test_the_command_line_of_a_question_asks_it_again() -> None:
    asked = msgspec.structs.replace(
        QUESTION, settings={"stages.classify": "low"}, raid_size=8, conducts=("silent:nato",)
    )
    assert command_of(asked) == (
        "diptych run europe-2012-four --arrangement separate,coordinated,dual-key --conduct silent:nato --seed 3 "
        "--replicates 3 --raid-size 8 --set stages.classify=low"
    )


def test_renaming_an_arrangement_changes_nothing_that_happens() -> None:
    scenario = load_scenario("europe-2012-four", arrangements=("coordinated",))
    world = draw_world(prepare(scenario, load_territory(), load_cities()), 5, 0)
    plain = next(a for a in scenario.arrangements if a.id == "coordinated")
    renamed = msgspec.structs.replace(plain, id="zzz", title="Another name", joined=99)
    one = run(world, plain, "cooperative", keep_events=True)
    other = run(world, renamed, "cooperative", keep_events=True)
    assert msgspec.structs.replace(other, arrangement="coordinated") == one
    assert outcome_digest(other) == outcome_digest(one)
