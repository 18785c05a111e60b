"""The verb `cues`: what a cue buys, as a table, a picture and files to go on from. The calculation is `analysis.cues`.

Every way of telling is a whole arrangement file, made from the shipped `separate` by adding one sharing rule and
letting what arrives point the own radars. `--out` writes these files too, so that any row can be run and changed.
"""

from __future__ import annotations

import gc
import json
import math
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from diptych import __version__
from diptych.analysis.cues import (
    CASES,
    HIGH,
    LOW,
    MOMENTS,
    WAYS,
    CuePlan,
    CueResult,
    CueTimes,
    CueWay,
    Gain,
    compare_cues,
    owns_warning,
    run_cues,
)
from diptych.edge import build
from diptych.edge.catalogue import load_catalogue
from diptych.edge.compiling import announce, without_linear_algebra
from diptych.edge.files import parse, read_data
from diptych.edge.geography import load_cities, load_territory
from diptych.edge.progress import Progress
from diptych.edge.schema.arrange import Setting, read_arrangement
from diptych.edge.schema.write import text_of
from diptych.edge.workers import Interrupted, default_workers, map_indexed
from diptych.kernels.earth import geodetic_to_ecef
from diptych.model.arrangement import Arrangement
from diptych.model.errors import LocalError, ScenarioError
from diptych.model.scenario import Battery, Infrared, Radar, Scenario
from diptych.sim.prepare import prepare

BASE = "separate"
ACT = "exchange"
WORDS = {
    "detected": "first detection",
    "firm": "firm track",
    "ready": "launch possible",
    "released": "first shot",
}


class Asked(msgspec.Struct, frozen=True):
    """What `diptych cues` was asked."""

    scenario: str
    settings: dict[str, float | str]
    raid_size: int | None
    seed: int
    replicates: int


def cues_verb(
    asked: Asked, *, workers: int | None, out: Path | None, force: bool, as_json: bool, is_shown: bool
) -> int:
    """Carry out `diptych cues` and return its exit code."""
    progress = Progress(is_shown=is_shown)
    if out is not None:
        _check(out, force=force)
    progress.step("reading the scenario")
    loaded = build.load(asked.scenario, arrangements=(BASE,), settings=asked.settings, raid_size=asked.raid_size)
    scenario = loaded.scenario
    texts = {way.id: way_text(way) for way in WAYS}
    arrangements = tuple(arrangement_of(texts[way.id], way, scenario) for way in WAYS)
    announce(progress, quiet=False)
    progress.step("solving the raid")
    try:
        prepared = prepare(scenario, load_territory(), load_cities())
    except ScenarioError as error:
        from diptych.edge.lint import placed

        raise placed(error, loaded) from error
    gc.enable()  # `edge.main` starts without
    try:
        with progress.bar("replicates", asked.replicates) as tell:
            results = map_indexed(
                _setup,
                CuePlan(prepared, arrangements, asked.seed),
                asked.replicates,
                workers or default_workers(asked.replicates),
                tell,
            )
    except Interrupted as stop:
        print(f"diptych: {stop}; nothing was written", file=sys.stderr)
        return 130
    complexes = arrangements[0].complexes
    has_warning = [owns_warning(prepared, c) for c in complexes]
    found = compare_cues(WAYS, [c.id for c in complexes], has_warning, results)
    titles = {c.id: c.title for c in complexes}
    document = cues_json(asked, scenario, found)
    if out is not None:
        _write(out, document, texts, asked, scenario, found, titles)
    sys.stdout.write(document if as_json else cues_text(asked, scenario, found, titles))
    if out is not None and not as_json:
        print(f"\nWritten to {out}: cues.svg, cues.json, and an arrangement file for each row")
    return 0


def _setup(plan: CuePlan) -> Callable[[int], CueTimes]:
    """Make the task of a worker."""
    with without_linear_algebra():
        geodetic_to_ecef(0.0, 0.0, 0.0)
    return lambda index: run_cues(plan, index)


# --- arrangements -------------------------------------------------------------------------------------------


def way_text(way: CueWay) -> str:
    """Return the arrangement file of one way of telling."""
    values: Any = read_data("arrangements", f"{BASE}.yaml").plain()
    values = dict(values)
    if not way.product:
        return text_of(values)
    values["id"] = f"{BASE}-{way.id}"
    values["title"] = f"Separate, and told: {way.title[:1].lower()}{way.title[1:]}"
    rule: dict[str, Any] = {"product": way.product, "from": "each", "to": "partner"}
    if way.position_km > 0.0:
        rule["precision"] = {"position_km": way.position_km}
        if way.velocity_mps > 0.0:
            rule["precision"]["velocity_mps"] = way.velocity_mps
    if way.period_s is not None:
        rule["period_s"] = way.period_s
    rule |= {"act": ACT, "condition": "always", "agreed-by": {"each": "owner"}}
    values["sharing"] = [*values["sharing"], rule]
    values["partner-tracks"] = {"use": "cue"}
    return text_of(values)


def arrangement_of(text: str, way: CueWay, scenario: Scenario) -> Arrangement:
    """Return the record of an arrangement file for the parties and assets of a scenario."""
    stages: Any = read_data("stages.yaml").plain()
    assets: tuple[Radar | Infrared | Battery, ...] = (*scenario.radars, *scenario.infrareds, *scenario.batteries)
    setting = Setting(
        scenario.parties,
        frozenset(asset.owner for asset in assets),
        {name: given["by"] for name, given in stages["stages"].items()},
        {s.code: s.name for s in load_catalogue().states},
    )
    read = read_arrangement(parse(text, f"{BASE} with {way.id}"), setting)
    if read.problems:
        raise ScenarioError(problems=read.problems)
    return read.arrangements[0]


# --- what is said -------------------------------------------------------------------------------------------


def cues_text(asked: Asked, scenario: Scenario, found: CueResult, titles: dict[str, str]) -> str:
    """Return the tables, one for each complex."""
    act = next(s for s in scenario.stages if s.id == ACT)
    spread = f"[{LOW:.0%} to {HIGH:.0%}]"
    lines = [
        f"{scenario.title}  |  {scenario.marking}  |  {found.replicates} replicates, seed {asked.seed}",
        "",
        "What a cue buys: seconds earlier than with nothing told, mean over the missiles that come down on the",
        f"complex's own territory; middle over replicates {spread}. Everything told takes {act.time_s:g} s on",
        "the way (assumed). In brackets: how many missiles a raid get so far with nothing told; +n: so many more only",
        "when told, -n: only when not.",
    ]
    width = max(len(_row_title(way)) for way in found.ways) + 2
    for c, name in enumerate(found.complexes):
        for k, case in enumerate(CASES):
            if k > 0 and not found.has_warning[c]:
                continue
            said = case if found.has_warning[c] else CASES[1]
            lines += ["", f"{titles[name]}, {said}: {found.missiles[c]:.1f} missiles a raid"]
            lines.append(" " * width + "".join(f"{WORDS[m]:>20}" for m in MOMENTS))
            reached = zip(found.first_s[k, c].tolist(), found.reached[k, c].tolist(), strict=True)
            first = "".join(f"{_after(seconds, count):>20}" for seconds, count in reached)
            lines.append(f"{'Nothing told: at':<{width}}{first}")
            block = ""
            for w, way in enumerate(found.ways):
                if not way.product:
                    continue
                if way.block != block:
                    block = way.block
                    lines.append(block)
                cells = "".join(f"{gain_text(g):>20}" for g in found.gains[k][w][c])
                lines.append(f"{_row_title(way):<{width}}{cells}")
    return "\n".join(lines) + "\n"


def _row_title(way: CueWay) -> str:
    return way.title if not way.block else f"  every {way.period_s:g} s"


def _after(seconds: float, count: float) -> str:
    return f"{seconds:.0f} s ({count:.1f})" if math.isfinite(seconds) else "never"


def gain_text(gain: Gain) -> str:
    """Return a gain as the table prints it.  *Check*: 12.3 s, 4 to 20, half a missile won: `12.3 [4, 20] +0.5`."""
    if math.isnan(gain.middle_s):
        said = "-"
    elif max(abs(gain.low_s), abs(gain.high_s)) < 0.05:
        said = "0"
    else:
        said = f"{_short(gain.middle_s)} [{gain.low_s:.0f}, {gain.high_s:.0f}]".replace("-0]", "0]").replace(
            "[-0", "[0"
        )
    won = f" +{gain.won:.1f}" if gain.won >= 0.05 else ""
    lost = f" -{gain.lost:.1f}" if gain.lost >= 0.05 else ""
    return said + won + lost


def _short(value: float) -> str:
    return f"{value + 0.0:.1f}".replace("-0.0", "0.0")


def cues_json(asked: Asked, scenario: Scenario, found: CueResult) -> str:
    """Return one JSON document: every gain, and every missile's; null where there is none."""
    act = next(s for s in scenario.stages if s.id == ACT)

    def known(value: float) -> float | None:
        return round(value, 3) if math.isfinite(value) else None

    def of(k: int, w: int, c: int) -> dict[str, object]:
        missiles = {
            missile.id: {m: known(float(v)) for m, v in zip(MOMENTS, found.by_object_s[k, w, c, j], strict=True)}
            for j, missile in enumerate(scenario.raid)
            if np.isfinite(found.by_object_s[k, w, c, j]).any()
        }
        gains = {
            m: {key: known(value) for key, value in msgspec.to_builtins(gain).items()}
            for m, gain in zip(MOMENTS, found.gains[k][w][c], strict=True)
        }
        return {"gains": gains, "missiles": missiles}

    document = {
        "schema": "diptych/cues/1",
        "version": __version__,
        "scenario": scenario.id,
        "scenario_digest": scenario.digest,
        "marking": scenario.marking,
        "seed": asked.seed,
        "replicates": found.replicates,
        "told_after_s": {"value": act.time_s, "grade": "assumed"},
        "spread": [LOW, HIGH],
        "cases": [
            {
                "case": case,
                "nothing_told": {
                    name: {
                        m: {"middle_s": known(seconds), "missiles": known(count)}
                        for m, seconds, count in zip(
                            MOMENTS, found.first_s[k, c].tolist(), found.reached[k, c].tolist(), strict=True
                        )
                    }
                    for c, name in enumerate(found.complexes)
                },
                "ways": [
                    {**msgspec.to_builtins(way), "complexes": {n: of(k, w, c) for c, n in enumerate(found.complexes)}}
                    for w, way in enumerate(found.ways)
                ],
            }
            for k, case in enumerate(CASES)
        ],
    }
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


# --- files --------------------------------------------------------------------------------------------------


def _check(out: Path, *, force: bool) -> None:
    if out.exists() and not out.is_dir():
        raise LocalError(f"writing {out}: expected a directory to make, got a file there; choose another --out")
    if out.is_dir() and any(out.iterdir()) and not force:
        raise LocalError(f"writing {out}: the directory is not empty; choose another --out, or overwrite with --force")


def _write(
    out: Path,
    document: str,
    texts: dict[str, str],
    asked: Asked,
    scenario: Scenario,
    found: CueResult,
    titles: dict[str, str],
) -> None:
    from diptych.edge.assets import load_assets
    from diptych.report.cues import cues_picture

    act = next(s for s in scenario.stages if s.id == ACT)
    luck = f"{scenario.title}. {found.replicates} replicates, seed {asked.seed}."
    told = f"Whatever is told takes {act.time_s:g} s on the way (assumed); grids and periods are assumed too."
    notes = (f"{luck} {told}", scenario.marking)
    files = {"cues.json": document, "cues.svg": cues_picture(found, titles, notes, load_assets())}
    files |= {f"{BASE}-{name}.yaml": text for name, text in texts.items()}
    try:
        out.mkdir(parents=True, exist_ok=True)
        for name, body in files.items():
            (out / name).write_text(body, encoding="utf-8")
    except OSError as error:
        raise LocalError(
            f"writing {out}: {error.strerror or error}; choose an --out in a folder that you may write to"
        ) from error
