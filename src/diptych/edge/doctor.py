"""The verb `doctor`: does this installation have what a run needs? Each check says what it found and what to do."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Callable
from pathlib import Path

from diptych import __version__
from diptych.edge.provenance import libraries
from diptych.model.errors import DiptychError


def doctor_verb(*, as_json: bool) -> int:
    """Carry out `diptych doctor` and return its exit code."""
    results = [(name, *_answer(check)) for name, check in CHECKS.items()]
    if as_json:
        content = [{"check": name, "ok": is_ok, "found": text} for name, is_ok, text in results]
        print(json.dumps({"version": __version__, "checks": content}, indent=2, sort_keys=True))
    else:
        for name, is_ok, text in results:
            print(f"{'ok   ' if is_ok else 'WRONG'} {name:<10} {text}")
    return 0 if all(is_ok for _, is_ok, _ in results) else 1


def _answer(check: Callable[[], tuple[bool, str]]) -> tuple[bool, str]:
    try:
        return check()
    except (DiptychError, OSError, ImportError, ValueError, KeyError) as error:
        return False, f"{type(error).__name__}: {error}"


def _versions() -> tuple[bool, str]:
    found = libraries()
    missing = [name for name, version in found.items() if version == "missing"]
    text = ", ".join(f"{name} {version}" for name, version in found.items())
    return not missing, f"diptych {__version__}, {text}"


def _catalogue() -> tuple[bool, str]:
    from diptych.edge.catalogue import load_catalogue

    catalogue = load_catalogue()
    return True, f"{len(catalogue.sites)} sites, {len(catalogue.states)} states, digest {catalogue.digest[:12]}"


def _geography() -> tuple[bool, str]:
    from diptych.edge.geography import load_borders, load_cities, load_territory

    territory, cities, borders = load_territory(), load_cities(), load_borders()
    return True, f"{len(territory.codes) - 1} territories, {len(cities.name)} places, {len(borders.outlines)} outlines"


def _scenarios() -> tuple[bool, str]:
    from diptych.edge.build import load_scenario, scenario_names

    names = scenario_names()
    for name in names:
        load_scenario(name)
    return bool(names), f"shipped and readable: {', '.join(names) or 'none'}"


def _kernels() -> tuple[bool, str]:
    from diptych.edge.compiling import has_compiled_kernels
    from diptych.kernels.target import cpu_target

    state = "compiled kernels are kept" if has_compiled_kernels() else "not compiled yet: the first run will do it"
    return True, f"{state}; CPU target {cpu_target()}"


def _cache() -> tuple[bool, str]:
    """Whether compiled kernels can be kept; without, every run compiles."""
    place = Path(os.environ.get("NUMBA_CACHE_DIR") or Path(__file__).resolve().parent.parent / "kernels")
    try:
        with tempfile.TemporaryFile(dir=place):
            return True, f"can write {place}"
    except OSError as error:
        return (
            False,
            f"cannot write {place} ({error.strerror}): every run compiles; set NUMBA_CACHE_DIR to a folder of yours",
        )


def _processors() -> tuple[bool, str]:
    count = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return True, f"{count} to use"


CHECKS: dict[str, Callable[[], tuple[bool, str]]] = {
    "versions": _versions,
    "catalogue": _catalogue,
    "geography": _geography,
    "scenarios": _scenarios,
    "kernels": _kernels,
    "cache": _cache,
    "processors": _processors,
}
