"""A run directory: what one run leaves on disk, complete or not there at all.

| file | what |
|---|---|
| `run.json` | the manifest: what was asked, with which version, and the size and digest of every other result file |
| `scenario.yaml` | the scenario as resolved: `diptych run` on it asks the same question |
| `summary.json` | the table, differences, sweeps, sentences |
| `replicates.parquet` | every metric of every replicate, row and party |
| `obstruction.parquet` | with other conducts: effect of each, by arrangement and party, beside cooperation and alone |
| `engagements.parquet`, `shots.parquet` | the told replicate: how every complex dealt with every object |
| `events.parquet`, `tracks.parquet` | the told replicate: everything that happened; the tracks each complex held |
| `report.html`, `map.svg`, `story.svg` | the report and two of its pictures |
| `timing.json`, `log.txt` | machine, times, what was printed: never compared |

Everything is written under a temporary name beside the target and renamed at the end. `run.json` is written last. A
directory is a run only if its manifest is there and every file it lists has the listed digest, so neither a full disk
nor a kill leaves something that can be taken for a run. A directory that is not a run is never replaced.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Mapping
from errno import EDQUOT, EEXIST, ENAMETOOLONG, ENOSPC, ENOTDIR
from hashlib import sha256
from pathlib import Path
from typing import Any

from diptych.model.errors import LocalError

SCHEMA = "diptych/run/1"
MANIFEST = "run.json"
NOT_COMPARED = ("timing.json", "log.txt")


def canonical_json(value: object) -> bytes:
    """Return JSON with sorted keys, two spaces, shortest floats that read back the same, and one newline at the end.

    Raises
    ------
    ValueError
        A number is NaN or infinite: such a value must be written as null on purpose.
    """
    text = json.dumps(value, indent=2, sort_keys=True, ensure_ascii=False, allow_nan=False)
    return (text + "\n").encode("utf-8")


def check_target(target: Path, *, force: bool) -> None:
    """Refuse a target that must not be written, before any work is done.

    Raises
    ------
    LocalError
        It exists and is not a run, or is a run and `force` was not given, or nothing can be made
        in the folder it would stand in.
    """
    if target.is_symlink() or (target.exists() and not target.is_dir()):
        raise LocalError(
            f"writing {target}: expected a directory to make, got something else there; choose another --out"
        )
    if target.is_dir() and not _is_ours(target):
        if any(target.iterdir()):
            raise LocalError(
                f"writing {target}: the directory exists and is not a run of Diptych (no {MANIFEST} of schema "
                f"{SCHEMA}), so it is left alone, --force or not; choose another --out"
            )
    elif target.is_dir() and not force:
        raise LocalError(f"writing {target}: a run is there already; choose another --out, or replace it with --force")
    _try_to_write(target)


def _try_to_write(target: Path) -> None:
    """Make and remove the hidden folder a run is written under, in the nearest folder above the target that exists."""
    above = next(folder for folder in target.absolute().parents if folder.exists())
    trial = above / _partial(target).name
    try:
        trial.mkdir()
        trial.rmdir()
    except OSError as error:
        raise LocalError(f"writing {target}: {_refusal(error, above)}; nothing was written") from error


def _partial(target: Path) -> Path:
    return target.parent / f".{target.name}.partial-{os.getpid()}"


def _refusal(error: OSError, above: Path) -> str:
    """Return what the system said and what to do about it."""
    advice = {
        ENOSPC: "free space there, or choose another --out",
        EDQUOT: "free space of your quota there, or choose another --out",
        ENAMETOOLONG: "choose a shorter name",
        ENOTDIR: "choose an --out with folders only above it",
        EEXIST: "remove the folder that a killed run of the same number left there",
    }
    return (
        f"{error.strerror or error} ({above}). Next: "
        f"{advice.get(error.errno or 0, 'choose an --out in a folder that you may write to')}"
    )


def write_run(
    target: Path,
    manifest: Mapping[str, Any],
    files: Mapping[str, bytes],
    beside: Mapping[str, bytes],
    *,
    force: bool = False,
) -> None:
    """Write a run directory in one step.

    Parameters
    ----------
    target : Path
        The directory; its parents are made.
    manifest : mapping
        What `run.json` says besides `schema` and `files`.
    files, beside : mapping of name to bytes
        Result files, which are listed with digest and size, and files that are not compared (`NOT_COMPARED`).

    Raises
    ------
    LocalError
        See `check_target`; or the disk refused (full, read-only): nothing is left behind then.
    """
    check_target(target, force=force)
    partial = _partial(target)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        partial.mkdir()
        for name, body in sorted({**files, **beside}.items()):
            _write(partial / name, body)
        listed = {name: {"sha256": sha256(body).hexdigest(), "bytes": len(body)} for name, body in files.items()}
        _write(partial / MANIFEST, canonical_json({**manifest, "schema": SCHEMA, "files": listed}))
        _put_in_place(partial, target)
    except OSError as error:
        shutil.rmtree(partial, ignore_errors=True)
        raise LocalError(f"writing {target}: nothing is left of this run: {_refusal(error, target.parent)}") from error
    except BaseException:
        shutil.rmtree(partial, ignore_errors=True)
        raise


def read_run(target: Path) -> tuple[dict[str, Any], dict[str, bytes]]:
    """Return (manifest, result files) of a run directory after checking every listed digest.

    Raises
    ------
    LocalError
        It is not a run, or a file is missing, cut short or changed.
    """
    if not _is_ours(target):
        raise LocalError(
            f"reading {target}: expected a run directory with {MANIFEST} of schema {SCHEMA}, got none there"
        )
    manifest = json.loads((target / MANIFEST).read_text(encoding="utf-8"))
    files: dict[str, bytes] = {}
    for name, listed in sorted(manifest["files"].items()):
        path = target / name
        if Path(name).name != name or not path.is_file():
            raise LocalError(f"reading {target}: {MANIFEST} lists {name}, which is not there; the run is damaged")
        body = path.read_bytes()
        if sha256(body).hexdigest() != listed["sha256"]:
            raise LocalError(
                f"reading {target}: {name} is not what was written (expected sha256 {listed['sha256'][:12]}..., "
                f"{listed['bytes']} bytes; got {sha256(body).hexdigest()[:12]}..., {len(body)} bytes)"
            )
        files[name] = body
    return manifest, files


def _is_ours(target: Path) -> bool:
    try:
        manifest = json.loads((target / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return isinstance(manifest, dict) and manifest.get("schema") == SCHEMA and isinstance(manifest.get("files"), dict)


def _write(path: Path, body: bytes) -> None:
    with path.open("xb") as file:
        file.write(body)
        file.flush()
        os.fsync(file.fileno())


def _put_in_place(partial: Path, target: Path) -> None:
    """Rename `partial` to `target`; a run already there is moved aside first and removed last."""
    old = target.parent / f".{target.name}.old-{os.getpid()}"
    if target.is_dir() and any(target.iterdir()):
        target.rename(old)
        try:
            partial.rename(target)
        except OSError:
            old.rename(target)
            raise
        _remove_run(old)
    else:
        partial.rename(target)  # an empty directory is replaced by rename itself
    directory = os.open(target.parent, os.O_RDONLY)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)


def _remove_run(old: Path) -> None:
    """Remove the files a run has, manifest first; a file somebody added stays, in a directory that is no run."""
    names = json.loads((old / MANIFEST).read_text(encoding="utf-8"))["files"]
    (old / MANIFEST).unlink()
    for name in (*names, *NOT_COMPARED):
        if Path(name).name == name:
            (old / name).unlink(missing_ok=True)
    if not any(old.iterdir()):
        old.rmdir()
