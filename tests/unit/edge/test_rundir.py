"""Run directories: whole or not there, ours or left alone."""

from __future__ import annotations

import errno
import json
import os
from pathlib import Path

import pytest

from diptych.edge import rundir
from diptych.edge.rundir import canonical_json, check_target, read_run, write_run
from diptych.model.errors import LocalError

FILES = {"summary.json": b"{}\n", "events.parquet": b"PAR1"}
BESIDE = {"log.txt": b"hello\n"}


def write(target: Path, *, force: bool = False, files: dict[str, bytes] | None = None) -> None:
    write_run(target, {"version": "1"}, FILES if files is None else files, BESIDE, force=force)


def test_what_was_written_is_read_back_with_its_manifest(tmp_path: Path) -> None:
    write(tmp_path / "a" / "run")
    manifest, files = read_run(tmp_path / "a" / "run")
    assert files == FILES
    assert manifest["schema"] == "diptych/run/1"
    assert manifest["version"] == "1"
    assert sorted(manifest["files"]) == sorted(FILES)
    assert (tmp_path / "a" / "run" / "log.txt").read_bytes() == b"hello\n"
    assert os.listdir(tmp_path / "a") == ["run"]


def test_a_run_is_not_replaced_without_force(tmp_path: Path) -> None:
    write(tmp_path / "run")
    with pytest.raises(LocalError, match="a run is there already; choose another --out, or replace it with --force"):
        write(tmp_path / "run")


def test_force_replaces_a_run_and_leaves_nothing_of_the_old_one(tmp_path: Path) -> None:
    write(tmp_path / "run")
    write(tmp_path / "run", force=True, files={"summary.json": b"new"})
    _, files = read_run(tmp_path / "run")
    assert files == {"summary.json": b"new"}
    assert os.listdir(tmp_path) == ["run"]


def test_force_replaces_nothing_that_is_no_run(tmp_path: Path) -> None:
    (tmp_path / "thesis").mkdir()
    (tmp_path / "thesis" / "chapter.txt").write_text("years of work")
    with pytest.raises(LocalError, match=r"is not a run of Diptych .* left alone, --force or not"):
        write(tmp_path / "thesis", force=True)
    assert (tmp_path / "thesis" / "chapter.txt").read_text() == "years of work"


def test_a_manifest_of_something_else_makes_no_run(tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "run.json").write_text('{"schema": "somebody/else/1", "files": {}}')
    with pytest.raises(LocalError, match="is not a run of Diptych"):
        check_target(tmp_path / "other", force=True)
    with pytest.raises(LocalError, match="expected a run directory"):
        read_run(tmp_path / "other")


def test_a_file_somebody_put_into_a_run_survives_its_replacement(tmp_path: Path) -> None:
    write(tmp_path / "run")
    (tmp_path / "run" / "notes.txt").write_text("mine")
    write(tmp_path / "run", force=True)
    kept = list(tmp_path.rglob("notes.txt"))
    assert [path.read_text() for path in kept] == ["mine"]
    assert not (kept[0].parent / "run.json").exists()


def test_an_empty_directory_may_become_a_run(tmp_path: Path) -> None:
    (tmp_path / "run").mkdir()
    write(tmp_path / "run")
    assert read_run(tmp_path / "run")[1] == FILES


def test_a_file_at_the_target_is_refused(tmp_path: Path) -> None:
    (tmp_path / "run").write_text("x")
    with pytest.raises(LocalError, match="got something else there"):
        write(tmp_path / "run", force=True)


def test_a_target_below_a_file_is_refused_before_anything_runs(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(LocalError, match=r"Not a directory .* Next: choose an --out with folders only above it; noth"):
        check_target(tmp_path / "file" / "run", force=False)


def test_a_name_that_is_too_long_is_refused_before_anything_runs(tmp_path: Path) -> None:
    with pytest.raises(LocalError, match="Next: choose a shorter name; nothing was written"):
        check_target(tmp_path / ("x" * 250), force=False)


def test_a_folder_one_may_not_write_to_is_refused_before_anything_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(self: Path, *_: object, **__: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied", str(self))

    monkeypatch.setattr(Path, "mkdir", refuse)
    with pytest.raises(LocalError, match=r"Permission denied .* choose an --out in a folder that you may write to; no"):
        check_target(tmp_path / "new" / "run", force=False)


def test_a_trial_leaves_nothing_behind(tmp_path: Path) -> None:
    check_target(tmp_path / "a" / "b" / "run", force=False)
    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize("broken", ["events.parquet", "log.txt", "run.json"])
def test_a_full_disk_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, broken: str) -> None:
    real = rundir._write

    def full(path: Path, body: bytes) -> None:
        if path.name == broken:
            path.write_bytes(body[: len(body) // 2])
            raise OSError(errno.ENOSPC, "No space left on device")
        real(path, body)

    monkeypatch.setattr(rundir, "_write", full)
    with pytest.raises(
        LocalError, match=r"nothing is left of this run: No space left on device .* Next: free space there"
    ):
        write(tmp_path / "run")
    assert os.listdir(tmp_path) == []


def test_a_full_disk_keeps_the_run_that_was_to_be_replaced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path / "run")

    def full(path: Path, body: bytes) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(rundir, "_write", full)
    with pytest.raises(LocalError):
        write(tmp_path / "run", force=True, files={"summary.json": b"new"})
    assert read_run(tmp_path / "run")[1] == FILES


def test_ctrl_c_while_writing_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(path: Path, body: bytes) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(rundir, "_write", interrupted)
    with pytest.raises(KeyboardInterrupt):
        write(tmp_path / "run")
    assert os.listdir(tmp_path) == []


def test_a_killed_writer_leaves_something_that_is_no_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """SIGKILL before the manifest: what lies there has no manifest and another name."""
    pid = os.fork()
    if pid == 0:
        real = rundir._write

        def killed(path: Path, body: bytes) -> None:
            if path.name == "run.json":
                os.kill(os.getpid(), 9)
            real(path, body)

        rundir._write = killed
        write(tmp_path / "run")
        os._exit(0)
    os.waitpid(pid, 0)
    assert not (tmp_path / "run").exists()
    left = [tmp_path / name for name in os.listdir(tmp_path)]
    assert len(left) == 1
    with pytest.raises(LocalError, match="expected a run directory"):
        read_run(left[0])


@pytest.mark.parametrize("change", ["cut", "changed", "missing"])
def test_a_damaged_run_is_refused(tmp_path: Path, change: str) -> None:
    write(tmp_path / "run")
    victim = tmp_path / "run" / "events.parquet"
    if change == "missing":
        victim.unlink()
    else:
        victim.write_bytes(b"PA" if change == "cut" else b"PAR2")
    with pytest.raises(LocalError, match="events"):
        read_run(tmp_path / "run")


def test_a_manifest_cannot_point_outside_its_directory(tmp_path: Path) -> None:
    write(tmp_path / "run")
    (tmp_path / "secret").write_bytes(b"s")
    path = tmp_path / "run" / "run.json"
    manifest = json.loads(path.read_text())
    manifest["files"]["../secret"] = {"sha256": "x", "bytes": 1}
    path.write_text(json.dumps(manifest))
    with pytest.raises(LocalError, match=r"lists \.\./secret, which is not there"):
        read_run(tmp_path / "run")


def test_json_is_canonical() -> None:
    assert (
        canonical_json({"b": 0.1, "a": [None, "é"]})
        == '{\n  "a": [\n    null,\n    "é"\n  ],\n  "b": 0.1\n}\n'.encode()
    )


def test_json_holds_no_number_that_json_lacks() -> None:
    with pytest.raises(ValueError, match="Out of range float"):
        canonical_json({"a": float("nan")})
