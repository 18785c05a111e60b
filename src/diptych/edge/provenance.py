"""How a result was made: versions, machine, and the CPU target that identical bytes are promised for."""

from __future__ import annotations

import platform
from importlib import metadata
from typing import Any

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
            {"key": a.key, "shipped": a.mid, "used": a.used, "unit": a.unit}
            for a in scenario.assumptions
            if a.is_changed
        ],
        "assumptions": len(scenario.assumptions),
    }


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
