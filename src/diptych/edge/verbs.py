"""The verb `run` at the terminal: ask, show, write. What it computes is in `edge.comparison`."""

from __future__ import annotations

import shlex
import sys
import time
from pathlib import Path
from typing import Literal

import msgspec

from diptych.edge.comparison import Answer, Question, Unfinished, carry_out, load, manifest
from diptych.edge.compiling import announce, without_linear_algebra
from diptych.edge.progress import Progress
from diptych.edge.provenance import machine
from diptych.edge.rundir import canonical_json, check_target, write_run
from diptych.edge.terminal import comparison_text, story_text
from diptych.edge.workers import Interrupted


def run_verb(
    question: Question,
    *,
    workers: int | None,
    out: Path | None,
    force: bool,
    as_json: bool,
    quiet: bool,
    is_shown: bool,
) -> int:
    """Carry out `diptych run` and return its exit code."""
    progress = Progress(is_shown=is_shown)
    try:
        answer = _answer(question, progress, workers, out, force=force, as_json=as_json, quiet=quiet)
        if out is not None:
            write(question, answer, progress, out, force=force)
    except Unfinished as stop:
        if not (as_json or quiet):
            sys.stdout.write(comparison_text(stop.scenario, stop.comparison, note=str(stop)))
        again = command_of(msgspec.structs.replace(question, replicates=stop.done))
        print(f"diptych: {stop}; nothing was written. To write these: {again} --out DIR", file=sys.stderr)
        return 130
    except Interrupted as stop:
        print(f"diptych: {stop}; nothing was written", file=sys.stderr)
        return 130
    except KeyboardInterrupt:
        doing = progress.steps[-1][1] if progress.steps else "starting"
        print(f"diptych: interrupted while {doing}; nothing was written", file=sys.stderr)
        return 130
    _show(answer, out, as_json=as_json, quiet=quiet)
    return 0


def _answer(
    question: Question,
    progress: Progress,
    workers: int | None,
    out: Path | None,
    *,
    force: bool,
    as_json: bool,
    quiet: bool,
) -> Answer:
    """Check everything that can be wrong before anything is compiled or run, then carry the question out."""
    if out is not None:
        check_target(out, force=force)
    progress.step("reading the scenario")
    with without_linear_algebra():
        loaded = load(question)
    announce(progress, quiet=quiet)
    wanted: Literal["nothing", "summary", "everything"] = (
        "everything" if out is not None else "summary" if as_json else "nothing"
    )
    return carry_out(question, loaded, progress, workers, command_of(question), wanted=wanted)


def _show(answer: Answer, out: Path | None, *, as_json: bool, quiet: bool) -> None:
    """Print what was found; the run directory is written by then, so that a reader who stops reading loses nothing."""
    if as_json:
        sys.stdout.write(answer.files["summary.json"].decode("utf-8"))
    elif not quiet:
        sys.stdout.write(comparison_text(answer.scenario, answer.comparison))
        if answer.comparison.replicates == 1:
            sys.stdout.write(story_text(answer.scenario, answer.story))
        if out is not None:
            report = "report.html, " if "report.html" in answer.files else ""
            sys.stdout.write(f"\nWritten to {out}: {report}summary.json, *.parquet, scenario.yaml, run.json\n")


def write(question: Question, answer: Answer, progress: Progress, out: Path, *, force: bool) -> None:
    """Write the run directory of an answer."""
    timing = {
        "finished": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        "elapsed_s": round(progress.elapsed_s(), 3),
        "replicates_s": round(answer.run_seconds, 3),
        "runs": answer.runs,
        "runs_per_s": round(answer.runs / max(answer.run_seconds, 1e-9), 1),
        "wakes": answer.wakes,
        "machine": machine(),
        "command": command_of(question),
    }
    beside = {"timing.json": canonical_json(timing), "log.txt": progress.log().encode("utf-8")}
    write_run(out, manifest(question, answer), answer.files, beside, force=force)


def command_of(question: Question) -> str:
    """Return the command line that asks a question, as the report prints it; without options that change no result."""
    parts = ["diptych", "run", question.scenario]
    if question.arrangements:
        parts += ["--arrangement", ",".join(question.arrangements)]
    if question.conducts:
        parts += ["--conduct", ",".join(question.conducts)]
    parts += ["--seed", str(question.seed), "--replicates", str(question.replicates)]
    if question.raid_size is not None:
        parts += ["--raid-size", str(question.raid_size)]
    for key, value in sorted(question.settings.items()):
        parts += ["--set", f"{key}={value:g}" if isinstance(value, float) else f"{key}={value}"]
    if question.story is not None:
        parts += ["--story", str(question.story)]
    return shlex.join(parts)
