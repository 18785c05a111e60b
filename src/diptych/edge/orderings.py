"""The verb `orderings`: over which assumed delays and kill probabilities one arrangement is better than another.

The calculation is `analysis.orderings`, the picture `report.orderings`. The finding of the computer exercise of 2012
(coordinated use better than separate use) is looked up among all pairs and told first.
"""

from __future__ import annotations

import gc
import json
import math
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec

from diptych import __version__
from diptych.analysis.orderings import (
    Leaks,
    Ordering,
    OrderingPlan,
    finding,
    judge_all,
    plan_orderings,
    run_orderings,
)
from diptych.edge import build
from diptych.edge.compiling import announce, without_linear_algebra
from diptych.edge.geography import load_cities, load_territory
from diptych.edge.progress import Progress
from diptych.edge.workers import Interrupted, default_workers, map_indexed
from diptych.kernels.earth import geodetic_to_ecef
from diptych.model.errors import LocalError, ScenarioError
from diptych.model.scenario import Scenario
from diptych.sim.prepare import prepare
from diptych.study.design import COOPERATIVE, rows_of

BENCHMARK = ("coordinated", "separate")
BENCHMARK_WORDS = (
    "The only public benchmark: in a computer exercise of March 2012 the best effect came when both sides used their "
    "forces in coordination (reported 25 April 2012, https://ria.ru/20120425/635442897.html; no numbers given)."
)
GRADE_NOTE = (
    "No public source gives numeric decision delays; delays and kill probabilities are assumed over their ranges."
)


class Asked(msgspec.Struct, frozen=True):
    """What `diptych orderings` was asked."""

    scenario: str
    arrangements: tuple[str, ...] | None
    settings: dict[str, float | str]
    raid_size: int | None
    seed: int
    replicates: int


def orderings_verb(
    asked: Asked, *, workers: int | None, out: Path | None, force: bool, as_json: bool, is_shown: bool
) -> int:
    """Carry out `diptych orderings` and return its exit code."""
    progress = Progress(is_shown=is_shown)
    if out is not None:
        _check(out, force=force)
    progress.step("reading the scenario")
    loaded = build.load(
        asked.scenario, arrangements=asked.arrangements, settings=asked.settings, raid_size=asked.raid_size
    )
    scenario = loaded.scenario
    rows = rows_of(scenario, [a.id for a in scenario.arrangements if not a.is_baseline], (COOPERATIVE,))
    if len(rows) < 3:
        raise ScenarioError("--arrangement: expected at least two arrangements to compare, got one; name another")
    announce(progress, quiet=False)
    progress.step("solving the raid")
    try:
        prepared = prepare(scenario, load_territory(), load_cities())
    except ScenarioError as error:
        from diptych.edge.lint import placed

        raise placed(error, loaded) from error
    plan = plan_orderings(prepared, rows, asked.seed)
    gc.enable()  # `edge.main` starts without
    try:
        with progress.bar("replicates", asked.replicates) as tell:
            results = map_indexed(_setup, plan, asked.replicates, workers or default_workers(asked.replicates), tell)
    except Interrupted as stop:
        print(f"diptych: {stop}; nothing was written", file=sys.stderr)
        return 130
    found = judge_all(plan, results)
    document = orderings_json(asked, scenario, plan, found)
    if out is not None:
        _write(out, document, asked, scenario, plan, found)
    sys.stdout.write(document if as_json else orderings_text(asked, scenario, plan, found))
    if out is not None and not as_json:
        print(f"\nWritten to {out}: orderings.svg, orderings.json")
    return 0


def _setup(plan: OrderingPlan) -> Callable[[int], Leaks]:
    """Make the task of a worker."""
    with without_linear_algebra():
        geodetic_to_ecef(0.0, 0.0, 0.0)
    return lambda index: run_orderings(plan, index)


# --- what is said -------------------------------------------------------------------------------------------


def orderings_text(asked: Asked, scenario: Scenario, plan: OrderingPlan, found: Sequence[Ordering]) -> str:
    """Return the finding of 2012, then one sentence for every pair and party."""
    cells = len(plan.cells)
    lines = [
        f"{scenario.title}  |  {scenario.marking}  |  {asked.replicates} replicates, seed {asked.seed}, {cells} cells",
        "",
        f"Leakage, every pair of arrangements, over {cells} sets of assumptions: all delays together from low to high,",
        "all kill probabilities from low to high, and each delay alone at its low and high. A pair's map as a whole",
        f"errs in one of twenty. {GRADE_NOTE}",
        "",
    ]
    lines += [*benchmark_lines(scenario, found), ""]
    lines += [f"  {one.sentence}" for one in shown(found)]
    return "\n".join(lines) + "\n"


def benchmark_lines(scenario: Scenario, found: Sequence[Ordering]) -> list[str]:
    """Return what becomes of the finding of 2012 here; nothing where one of its arrangements was left out."""
    verdicts = finding(found, *BENCHMARK)
    titles = {p.id: p.title for p in scenario.parties}
    if not verdicts:
        return []
    words = "; ".join(f"{titles[party]}: {verdict}" for party, verdict in verdicts.items())
    return [BENCHMARK_WORDS, f"Coordinated better than separate on this scenario: {words}."]


def shown(found: Sequence[Ordering]) -> list[Ordering]:
    """Return the orderings to print: pairs in which nothing differed once, not for every party."""
    kept: dict[str, Ordering] = {}
    for one in found:
        kept.setdefault(one.sentence, one)
    return list(kept.values())


def orderings_json(asked: Asked, scenario: Scenario, plan: OrderingPlan, found: Sequence[Ordering]) -> str:
    """Return one JSON document: the cells with what they set, and every pair's verdict in each; null: no interval."""

    def known(value: float) -> float | None:
        return round(value, 4) if math.isfinite(value) else None

    document = {
        "schema": "diptych/orderings/1",
        "version": __version__,
        "scenario": scenario.id,
        "scenario_digest": scenario.digest,
        "marking": scenario.marking,
        "seed": asked.seed,
        "replicates": asked.replicates,
        "note": GRADE_NOTE,
        "cells": [msgspec.to_builtins(cell) for cell in plan.cells],
        "benchmark": {"better": BENCHMARK[0], "than": BENCHMARK[1], "verdicts": finding(found, *BENCHMARK)},
        "orderings": [
            {
                "first": one.first,
                "second": one.second,
                "party": one.party,
                "is_same": one.is_same,
                "sentence": one.sentence,
                "cells": [
                    {
                        "value": known(j.value),
                        "lo": known(j.lo),
                        "hi": known(j.hi),
                        "differ": j.differ,
                        "verdict": j.verdict,
                    }
                    for j in one.cells
                ],
            }
            for one in found
        ],
    }
    return json.dumps(document, indent=1, ensure_ascii=False) + "\n"


# --- files --------------------------------------------------------------------------------------------------


def _check(out: Path, *, force: bool) -> None:
    if out.exists() and not out.is_dir():
        raise LocalError(f"writing {out}: expected a directory to make, got a file there; choose another --out")
    if out.is_dir() and any(out.iterdir()) and not force:
        raise LocalError(f"writing {out}: the directory is not empty; choose another --out, or overwrite with --force")


def _write(
    out: Path, document: str, asked: Asked, scenario: Scenario, plan: OrderingPlan, found: Sequence[Ordering]
) -> None:
    from diptych.edge.assets import load_assets
    from diptych.report.orderings import orderings_picture

    notes = (
        *benchmark_lines(scenario, found),
        f"{scenario.title}. {asked.replicates} replicates, seed {asked.seed}. {GRADE_NOTE}",
        scenario.marking,
    )
    picture = orderings_picture(plan, found, notes, load_assets())
    try:
        out.mkdir(parents=True, exist_ok=True)
        (out / "orderings.json").write_text(document, encoding="utf-8")
        (out / "orderings.svg").write_text(picture, encoding="utf-8")
    except OSError as error:
        raise LocalError(
            f"writing {out}: {error.strerror or error}; choose an --out in a folder that you may write to"
        ) from error
