"""The verb `replay`: ask a run directory's question again and compare bytes, file by file."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from diptych import __version__
from diptych.edge.comparison import carry_out, load, question_of
from diptych.edge.progress import Progress
from diptych.edge.provenance import libraries, program_digest
from diptych.edge.rundir import read_run
from diptych.edge.verbs import command_of
from diptych.edge.workers import Interrupted


def replay_verb(directory: Path, *, workers: int | None, as_json: bool, is_shown: bool) -> int:
    """Carry out `diptych replay` and return its exit code: 0 all equal, 1 a file differs."""
    from diptych.kernels.target import cpu_target

    manifest, old = read_run(directory)
    notes = differences_of_machine(manifest, cpu_target())
    question = question_of(manifest, str(directory / "scenario.yaml"))
    original = command_of(question_of(manifest, manifest["question"]["scenario"], as_asked=True))
    progress = Progress(is_shown=is_shown)
    if not as_json:
        for note in notes:
            print(f"note: {note}", flush=True)
    try:
        answer = carry_out(question, load(question), progress, workers, original)
    except Interrupted as stop:
        print(
            f"diptych: interrupted after {stop.done} of {stop.count} replicates; nothing was compared", file=sys.stderr
        )
        return 130
    verdicts = compare_files(old, answer.files)
    is_equal = all(verdict == "equal" for verdict in verdicts.values())
    if as_json:
        print(
            json.dumps(
                {"run": str(directory), "equal": is_equal, "files": verdicts, "notes": notes}, indent=2, sort_keys=True
            )
        )
    else:
        for name, verdict in verdicts.items():
            print(f"{name:<22} {verdict}")
        print("the run is reproduced byte for byte" if is_equal else "the run is NOT reproduced")
    return 0 if is_equal else 1


def compare_files(old: dict[str, bytes], new: dict[str, bytes]) -> dict[str, str]:
    """Return name -> "equal", "different ..." (with the first byte that differs), "missing now" or "not in the run"."""
    verdicts = {}
    for name in sorted({*old, *new}):
        if name not in new:
            verdicts[name] = "missing now"
        elif name not in old:
            verdicts[name] = "not in the run"
        elif old[name] == new[name]:
            verdicts[name] = "equal"
        else:
            a, b = old[name], new[name]
            first = next((i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))
            verdicts[name] = f"different from byte {first} on ({len(a)} bytes then, {len(b)} now)"
    return verdicts


def differences_of_machine(manifest: dict[str, object], target: str) -> list[str]:
    """Say what differs from the program, machine and versions of the run: the same bytes are promised without."""
    notes = []
    if manifest["version"] != __version__:
        notes.append(f"made with diptych {manifest['version']}, this is {__version__}")
    then, now = str(manifest.get("program", "")), program_digest()
    if then != now:
        which = f"{then[:12]}, this is {now[:12]}" if then else f"run.json does not say which, this is {now[:12]}"
        notes.append(f"made by another state of the program ({which}): files may differ for that reason alone")
    if manifest["cpu_target"] != target:
        notes.append(f"made on CPU target {manifest['cpu_target']}, this is {target}: last bits may differ")
    made, here = manifest["libraries"], libraries()
    assert isinstance(made, dict)
    for name in sorted(here):
        if made.get(name) != here[name]:
            notes.append(f"made with {name} {made.get(name)}, this is {here[name]}")
    return notes
