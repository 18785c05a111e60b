"""The verb `misreading`: could a benign launch be taken for an attack, and what would help?

The calculation is `analysis.misreading`, the picture `report.misreading`.
"""

from __future__ import annotations

import gc
import json
import math
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from textwrap import wrap

import msgspec
import numpy as np

from diptych import __version__
from diptych.analysis.misreading import (
    FARTHEST_M,
    LEVELS,
    QUERY,
    WAYS,
    Judged,
    MisreadingPlan,
    Sight,
    judge_all,
    plan_misreading,
    run_misreading,
)
from diptych.edge import build
from diptych.edge.compiling import announce, without_linear_algebra
from diptych.edge.files import read_data
from diptych.edge.geography import load_cities, load_territory
from diptych.edge.progress import Progress
from diptych.edge.schema.base import check
from diptych.edge.schema.stages import StagesFile
from diptych.edge.workers import Interrupted, default_workers, map_indexed
from diptych.kernels.earth import geodetic_to_ecef
from diptych.model.errors import LocalError, ScenarioError
from diptych.model.result import Estimate
from diptych.model.scenario import Scenario
from diptych.sim.prepare import prepare

GRADE_NOTE = (
    "No level of alarm, no time of an answer and no accuracy of an early-warning radar is published: all are assumed. "
    "Probabilities are given this launch, never per year."
)


class Asked(msgspec.Struct, frozen=True):
    """What `diptych misreading` was asked."""

    scenario: str
    observer: str | None
    arrangement: str
    level: float
    settings: dict[str, float | str]
    seed: int
    replicates: int


class Found(msgspec.Struct, frozen=True):
    """What came out: every level and way judged, and the mean share of a launch of unknown aim, by launch."""

    judged: tuple[Judged, ...]
    early: dict[str, tuple[float, ...]]


def misreading_verb(
    asked: Asked, *, workers: int | None, out: Path | None, force: bool, as_json: bool, is_shown: bool
) -> int:
    """Carry out `diptych misreading` and return its exit code."""
    progress = Progress(is_shown=is_shown)
    if out is not None:
        _check(out, force=force)
    progress.step("reading the scenario")
    loaded = build.load(asked.scenario, arrangements=(asked.arrangement,), settings=asked.settings)
    scenario = loaded.scenario
    announce(progress, quiet=False)
    progress.step("solving the flights")
    try:
        prepared = prepare(scenario, load_territory(), load_cities())
    except ScenarioError as error:
        from diptych.edge.lint import placed

        raise placed(error, loaded) from error
    name = next((a.id for a in scenario.arrangements if not a.is_baseline), None)
    if name is None:
        raise ScenarioError(
            f"--arrangement {asked.arrangement}: expected one with a partner, got one without; name another"
        )
    plan = plan_misreading(prepared, asked.observer, name, asked.seed, query_times(scenario))
    gc.enable()  # `edge.main` starts without
    try:
        with progress.bar("replicates", asked.replicates) as tell:
            results = map_indexed(_setup, plan, asked.replicates, workers or default_workers(asked.replicates), tell)
    except Interrupted as stop:
        print(f"diptych: {stop}; nothing was written", file=sys.stderr)
        return 130
    found = Found(judge_all(plan, results, levels_of(asked)), early_shares(plan, results))
    document = misreading_json(asked, plan, found)
    if out is not None:
        _write(out, document, asked, plan, found)
    sys.stdout.write(document if as_json else misreading_text(asked, plan, found))
    if out is not None and not as_json:
        print(f"\nWritten to {out}: misreading.svg, misreading.json")
    return 0


def _setup(plan: MisreadingPlan) -> Callable[[int], tuple[Sight, ...]]:
    """Make the task of a worker."""
    with without_linear_algebra():
        geodetic_to_ecef(0.0, 0.0, 0.0)
    return lambda index: run_misreading(plan, index)


def query_times(scenario: Scenario) -> tuple[float, ...]:
    """Return the times an answer takes: the one used, and low and high of the shipped range, each once, in order."""
    used = next(s for s in scenario.stages if s.id == QUERY).time_s
    file, problems = check(read_data("stages.yaml"), StagesFile)
    if file is None:
        raise ScenarioError(problems=problems)
    given = file.stages[QUERY].time_s
    return tuple(sorted({given.low, used, given.high}))


def levels_of(asked: Asked) -> tuple[float, ...]:
    """Return the levels that are shown: the stated ones and the one asked for, in order."""
    return tuple(sorted({*LEVELS, asked.level}))


def early_shares(plan: MisreadingPlan, results: Sequence[tuple[Sight, ...]]) -> dict[str, tuple[float, ...]]:
    """Return the mean share of a launch of unknown aim at low, mid and high of how far it might go, by launch."""
    found = {}
    for place, index in enumerate(plan.objects):
        rows = [r[place].early_share for r in results if r[place].early_share]
        if rows:
            found[plan.prepared.scenario.raid[index].id] = tuple(np.array(rows).mean(axis=0).tolist())
    return found


# --- what is said -------------------------------------------------------------------------------------------


def misreading_text(asked: Asked, plan: MisreadingPlan, found: Found) -> str:
    """Return the table at the asked level, then what the level and the time of an answer change."""
    scenario = plan.prepared.scenario
    used = next(s for s in scenario.stages if s.id == QUERY).time_s
    observer = next(p.title for p in scenario.parties if p.id == plan.observer)
    lines = [
        f"{scenario.title}  |  {scenario.marking}  |  {asked.replicates} replicates, seed {asked.seed}",
        "",
        *wrap(
            f"What the early warning of {observer} makes of it. Alarm: {100 * asked.level:g} % of the footprint on own "
            f"land, before the launch is known for what it is. {GRADE_NOTE}",
            width=110,
        ),
        "",
        f"{'launch':<18}{'way':<16}{'P(alarm) [95 %]':<24}{'with an aim':<13}in doubt, s [95 %]",
    ]
    for one in headline(asked, found, used):
        same = "  as nothing, draw by draw" if one.same_as_nothing and one.way != "nothing" else ""
        lines.append(
            f"{one.object:<18}{one.way:<16}{said(one.alarm, 3):<24}{one.aimed.value or 0.0:<13.3f}"
            f"{said(one.doubt_s, 0)}{same}"
        )
    lines += ["", *sentences(asked, plan, found, used), "", *_by_level(plan, found, used)]
    return "\n".join(lines) + "\n"


def headline(asked: Asked, found: Found, used_s: float) -> list[Judged]:
    """Return the rows at the asked level and the time of an answer that is used."""
    return [j for j in found.judged if j.level == asked.level and (math.isnan(j.query_s) or j.query_s == used_s)]


def sentences(asked: Asked, plan: MisreadingPlan, found: Found, used_s: float) -> list[str]:
    """Return what can be said of each launch: unseen, what the notice and the shared picture change."""
    lines = []
    rows = headline(asked, found, used_s)
    for name in dict.fromkeys(j.object for j in rows):
        by = {j.way: j for j in rows if j.object == name}
        plain = by["nothing"]
        if not plain.seen:
            lines.append(f"{name}: the observer's radars never had it firmly; nobody is in doubt.")
            continue
        reach = " / ".join(f"{s:.0%}" for s in found.early.get(name, ()))
        far = "/".join(f"{m / 1e3:.0f}" for m in FARTHEST_M)
        lines.append(f"{name}: while its aim is unknown, {reach} of what lies within {far} km is the observer's land.")
        if plain.alarms and not plain.aimed.value:
            lines.append(
                f"{name}: every alarm comes before there is an aim; the level and the reach that is feared decide it, "
                "both assumed, and no interval speaks of them."
            )
        told = by["notice"]
        if told.same_as_nothing:
            lines.append(f"{name}: no notice agrees with it, so a notice at the watch changes nothing.")
        else:
            lines.append(
                f"{name}: a notice at the watch takes the time in doubt from {_short(plain.doubt_s)} to "
                f"{_short(told.doubt_s)} s and the alarms from {plain.alarms} to {told.alarms} of {plain.replicates}; "
                "the same notice stopped on the way changes nothing in any draw."
            )
        if not any(plan.routes):
            lines.append(f"{name}: under {plan.arrangement} no track passes between the two, so no picture is shared.")
    return lines


def _by_level(plan: MisreadingPlan, found: Found, used_s: float) -> list[str]:
    """Return the table over levels and times of an answer: chance of an alarm and mean time in doubt."""
    levels = sorted({j.level for j in found.judged})
    lines = ["The same at other levels: P(alarm) / mean s in doubt", ""]
    head = "".join(f"{f'{100 * level:g}%':<14}" for level in levels)
    lines.append(f"{'launch':<18}{'way':<22}{head}".rstrip())
    keys = dict.fromkeys((j.object, j.way, j.query_s if not math.isnan(j.query_s) else None) for j in found.judged)
    for name, way, query_s in keys:
        cells = [
            j
            for level in levels
            for j in found.judged
            if (j.object, j.way, j.level) == (name, way, level) and (query_s is None or j.query_s == query_s)
        ]
        words = way if query_s is None else f"{way} {query_s:g} s" + (" *" if query_s == used_s else "")
        row = "".join(f"{f'{j.alarm.value or 0.0:.2f} / {j.doubt_s.value or 0.0:.0f}':<14}" for j in cells)
        lines.append(f"{name:<18}{words:<22}{row}".rstrip())
    lines += ["", f"* the time used above; {plan.arrangement}: whose sharing rules carry the launcher's track."]
    return lines


def said(estimate: Estimate, digits: int) -> str:
    """Return a value with its interval; only the value where there is none to give."""
    if estimate.value is None:
        return "-"
    if estimate.lo is None or estimate.hi is None:
        return f"{estimate.value:.{digits}f}"
    return f"{estimate.value:.{digits}f} [{estimate.lo:.{digits}f}, {estimate.hi:.{digits}f}]"


def _short(estimate: Estimate) -> str:
    return "-" if estimate.value is None else f"{estimate.value:.0f}"


def misreading_json(asked: Asked, plan: MisreadingPlan, found: Found) -> str:
    """Return one JSON document: every launch, level, way and time of an answer; null: no interval, nobody asked."""
    scenario = plan.prepared.scenario

    def known(value: float | None) -> float | None:
        return round(value, 4) if value is not None and math.isfinite(value) else None

    def interval(estimate: Estimate) -> dict[str, float | None]:
        return {"value": known(estimate.value), "lo": known(estimate.lo), "hi": known(estimate.hi)}

    document = {
        "schema": "diptych/misreading/1",
        "version": __version__,
        "scenario": scenario.id,
        "scenario_digest": scenario.digest,
        "marking": scenario.marking,
        "seed": asked.seed,
        "replicates": asked.replicates,
        "observer": plan.observer,
        "arrangement": plan.arrangement,
        "level": asked.level,
        "note": GRADE_NOTE,
        "ways": WAYS,
        "farthest_km": [m / 1e3 for m in FARTHEST_M],
        "unknown_aim_share": {name: [known(s) for s in shares] for name, shares in found.early.items()},
        "misreading": [
            {
                "launch": one.object,
                "way": one.way,
                "level": one.level,
                "answer_s": known(one.query_s),
                "alarms": one.alarms,
                "seen": one.seen,
                "alarm": interval(one.alarm),
                "alarm_with_aim": interval(one.aimed),
                "doubt_s": interval(one.doubt_s),
                "same_as_nothing": one.same_as_nothing,
            }
            for one in found.judged
        ],
    }
    return json.dumps(document, indent=1, ensure_ascii=False) + "\n"


# --- files --------------------------------------------------------------------------------------------------


def _check(out: Path, *, force: bool) -> None:
    if out.exists() and not out.is_dir():
        raise LocalError(f"writing {out}: expected a directory to make, got a file there; choose another --out")
    if out.is_dir() and any(out.iterdir()) and not force:
        raise LocalError(f"writing {out}: the directory is not empty; choose another --out, or overwrite with --force")


def _write(out: Path, document: str, asked: Asked, plan: MisreadingPlan, found: Found) -> None:
    from diptych.edge.assets import load_assets
    from diptych.report.misreading import misreading_picture

    scenario = plan.prepared.scenario
    used = next(s for s in scenario.stages if s.id == QUERY).time_s
    notes = (
        *sentences(asked, plan, found, used),
        f"{scenario.title}. {asked.replicates} replicates, seed {asked.seed}; an answer takes {used:g} s (middle).",
        GRADE_NOTE,
        scenario.marking,
    )
    picture = misreading_picture(headline(asked, found, used), asked.level, notes, load_assets())
    try:
        out.mkdir(parents=True, exist_ok=True)
        (out / "misreading.json").write_text(document, encoding="utf-8")
        (out / "misreading.svg").write_text(picture, encoding="utf-8")
    except OSError as error:
        raise LocalError(
            f"writing {out}: {error.strerror or error}; choose an --out in a folder that you may write to"
        ) from error
