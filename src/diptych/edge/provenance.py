"""How a result was made: versions, machine, and the CPU target that identical bytes are promised for."""

from __future__ import annotations

import platform
from hashlib import sha256
from importlib import metadata
from pathlib import Path
from typing import Any

import diptych
from diptych import __version__
from diptych.model.scenario import Scenario

LIBRARIES = ("numpy", "scipy", "numba", "llvmlite", "polars", "msgspec")


def provenance(scenario: Scenario, seed: int, replicates: int) -> dict[str, Any]:
    """Return what `summary.json` says of its origin: nothing of the machine, so that the bytes stay comparable."""
    return {
        "program": "diptych",
        "version": __version__,
        "scenario": scenario.id,
        "scenario_digest": scenario.digest,
        "date": scenario.date,
        "marking": scenario.marking,
        "seed": seed,
        "replicates": replicates,
        "assumptions_changed": [
            {"key": a.key, "shipped": a.said(a.mid), "used": a.said(a.used), "unit": a.unit}
            for a in scenario.assumptions
            if a.is_changed
        ],
        "assumptions": len(scenario.assumptions),
    }


def program_digest() -> str:
    """Return the SHA-256 of the program's own files, their names in order: source, data, page and style.

    Two installations with the same version and another digest are two states of the program. Compiled kernels and
    byte code are left out.
    """
    root = Path(diptych.__file__).resolve().parent
    names = sorted(
        path.relative_to(root).as_posix()
        for path in root.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts and path.suffix not in (".pyc", ".nbi", ".nbc")
    )
    digest = sha256()
    for name in names:
        body = (root / name).read_bytes()
        digest.update(f"{name}\n{len(body)}\n".encode())
        digest.update(body)
    return digest.hexdigest()


def libraries() -> dict[str, str]:
    """Return the versions of the libraries that numbers pass through, without importing them."""
    found = {"python": platform.python_version()}
    for name in LIBRARIES:
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            found[name] = "missing"
    return found


def machine() -> dict[str, str]:
    """Return what the timing file says of the machine; never part of a compared file."""
    from diptych.kernels.target import cpu_target

    return {"system": platform.system(), "release": platform.release(), "cpu_target": cpu_target()}
