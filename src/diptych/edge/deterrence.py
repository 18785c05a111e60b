"""The verb `deterrence`: must an attacker expect to be engaged if another party's key may be held back?

The calculation is `analysis.deterrence`, the picture `report.deterrence`.
"""

from __future__ import annotations

import gc
import json
import math
import sys
import textwrap
from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec

from diptych import __version__
from diptych.analysis.deterrence import HOLDS, Curve, DeterrencePlan, curves, plan_deterrence, run_deterrence
from diptych.edge import build
from diptych.edge.compiling import announce, without_linear_algebra
from diptych.edge.geography import load_cities, load_territory
from diptych.edge.misreading import said
from diptych.edge.progress import Progress
from diptych.edge.workers import Interrupted, default_workers, map_indexed
from diptych.kernels.earth import geodetic_to_ecef
from diptych.model.errors import LocalError, ScenarioError
from diptych.model.scenario import Scenario
from diptych.sim.prepare import prepare
from diptych.study.estimate import Floats
from diptych.study.sentences import join

NOTE = (
    "An attempt is a release by anybody at a missile that would come down on the party; it is not a kill. The "
    "probability that a key is held back is a choice of its holder, so the whole range is shown and none is assumed."
)


class Asked(msgspec.Struct, frozen=True):
    """What `diptych deterrence` was asked."""

    scenario: str
    arrangements: tuple[str, ...]
    settings: dict[str, float | str]
    seed: int
    replicates: int


class Group(msgspec.Struct, frozen=True):
    """Arrangements whose curves are the same for one party and holder."""

    party: str
    holder: str
    arrangements: tuple[str, ...]
    curve: Curve


def deterrence_verb(
    asked: Asked, *, workers: int | None, out: Path | None, force: bool, as_json: bool, is_shown: bool
) -> int:
    """Carry out `diptych deterrence` and return its exit code."""
    progress = Progress(is_shown=is_shown)
    if out is not None:
        _check(out, force=force)
    progress.step("reading the scenario")
    loaded = build.load(asked.scenario, arrangements=asked.arrangements, settings=asked.settings)
    scenario = loaded.scenario
    announce(progress, quiet=False)
    progress.step("solving the raid")
    try:
        prepared = prepare(scenario, load_territory(), load_cities())
    except ScenarioError as error:
        from diptych.edge.lint import placed

        raise placed(error, loaded) from error
    plan = plan_deterrence(prepared, asked.seed)
    gc.enable()  # `edge.main` starts without
    try:
        with progress.bar("replicates", asked.replicates) as tell:
            results = map_indexed(_setup, plan, asked.replicates, workers or default_workers(asked.replicates), tell)
    except Interrupted as stop:
        print(f"diptych: {stop}; nothing was written", file=sys.stderr)
        return 130
    found = curves(plan, results)
    document = deterrence_json(asked, scenario, found)
    if out is not None:
        _write(out, document, asked, scenario, found)
    sys.stdout.write(document if as_json else deterrence_text(asked, scenario, found))
    if out is not None and not as_json:
        print(f"\nWritten to {out}: deterrence.svg, deterrence.json")
    return 0


def _setup(plan: DeterrencePlan) -> Callable[[int], Floats]:
    """Make the task of a worker."""
    with without_linear_algebra():
        geodetic_to_ecef(0.0, 0.0, 0.0)
    return lambda index: run_deterrence(plan, index)


# --- what is said -------------------------------------------------------------------------------------------


def groups(found: Sequence[Curve]) -> tuple[Group, ...]:
    """Return the curves of each party and holder, those that are alike together, from the highest to the lowest."""
    same: dict[tuple[object, ...], list[Curve]] = {}
    for curve in found:
        key = (curve.case.party, curve.case.holder, tuple(round(v, 9) for v in curve.theory), curve.runs)
        same.setdefault(key, []).append(curve)
    made = [
        Group(of[0].case.party, of[0].case.holder, tuple(c.case.arrangement for c in of), of[0]) for of in same.values()
    ]
    parties = list(dict.fromkeys((c.case.party, c.case.holder) for c in found))
    return tuple(sorted(made, key=lambda g: (parties.index((g.party, g.holder)), -sum(g.curve.theory))))


def sentences(scenario: Scenario, found: Sequence[Curve]) -> list[str]:
    """Return one sentence for each party and holder: where it falls and to what, and where it does not."""
    titles = {p.id: p.title for p in scenario.parties}
    lines = []
    for party, holder in dict.fromkeys((c.case.party, c.case.holder) for c in found):
        mine = [c for c in found if (c.case.party, c.case.holder) == (party, holder)]
        fall = [c for c in mine if not c.is_flat]
        flat = [c.case.arrangement for c in mine if c.is_flat]
        parts = [
            f"under {c.case.arrangement} from {_percent(c.theory[0])} to {_percent(c.theory[-1])} of the missiles at it"
            for c in fall
        ]
        text = f"If {titles[holder]} holds back always instead of never, attempts to defend {titles[party]} fall "
        text += join(parts) if parts else "under no arrangement compared"
        if flat and fall:
            text += f"; under {join(flat)} they do not change"
        lines.append(f"{text}.")
    return lines


def deterrence_text(asked: Asked, scenario: Scenario, found: Sequence[Curve]) -> str:
    """Return a table for each party and holder: theory and runs at each hold probability, and the sentences."""
    titles = {p.id: p.title for p in scenario.parties}
    lines = [
        f"{scenario.title}  |  {scenario.marking}  |  {asked.replicates} replicates, seed {asked.seed}",
        "",
        "Share of the missiles at a party that anybody tries to engage: theory, then runs (95 % interval)",
    ]
    made = groups(found)
    for party, holder in dict.fromkeys((g.party, g.holder) for g in made):
        lines += ["", f"{titles[party]} defended, {titles[holder]} may hold back; probability that it says no:"]
        lines.append("  " + "".join(f"{hold:<24g}" for hold in HOLDS).rstrip())
        for g in (g for g in made if (g.party, g.holder) == (party, holder)):
            lines.append(f"  {', '.join(g.arrangements)}")
            cells = (f"{t:.2f}; {said(r, 2)}" for t, r in zip(g.curve.theory, g.curve.runs, strict=True))
            lines.append("  " + "".join(f"{c:<24}" for c in cells).rstrip())
    said_last = [textwrap.fill(text, 110) for text in (*sentences(scenario, found), NOTE)]
    return "\n".join([*lines, "", *said_last]) + "\n"


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %"


def deterrence_json(asked: Asked, scenario: Scenario, found: Sequence[Curve]) -> str:
    """Return one JSON document with every curve; null: no interval."""
    document = {
        "schema": "diptych/deterrence/1",
        "version": __version__,
        "scenario": scenario.id,
        "scenario_digest": scenario.digest,
        "marking": scenario.marking,
        "seed": asked.seed,
        "replicates": asked.replicates,
        "note": NOTE,
        "hold_probability": list(HOLDS),
        "sentences": sentences(scenario, found),
        "curves": [
            {
                "arrangement": c.case.arrangement,
                "party": c.case.party,
                "holder": c.case.holder,
                "holder_is_asked": c.asks,
                "theory": [None if math.isnan(v) else round(v, 6) for v in c.theory],
                "runs": [{"value": r.value, "lo": r.lo, "hi": r.hi, "n": r.n} for r in c.runs],
            }
            for c in found
        ],
    }
    return json.dumps(document, indent=1, ensure_ascii=False) + "\n"


# --- files --------------------------------------------------------------------------------------------------


def _check(out: Path, *, force: bool) -> None:
    if out.exists() and not out.is_dir():
        raise LocalError(f"writing {out}: expected a directory to make, got a file there; choose another --out")
    if out.is_dir() and any(out.iterdir()) and not force:
        raise LocalError(f"writing {out}: the directory is not empty; choose another --out, or overwrite with --force")


def _write(out: Path, document: str, asked: Asked, scenario: Scenario, found: Sequence[Curve]) -> None:
    from diptych.edge.assets import load_assets
    from diptych.report.deterrence import Line, Panel, deterrence_picture

    titles = {p.id: p.title for p in scenario.parties}
    looks = {p.id: f"p{min(i, 1)}" for i, p in enumerate(scenario.parties)}
    made = groups(found)
    panels = [
        Panel(
            f"{titles[party]} defended, {titles[holder]} may hold back: share of missiles engaged",
            looks[party],
            HOLDS,
            tuple(
                Line(", ".join(g.arrangements), g.curve.theory, g.curve.runs)
                for g in made
                if (g.party, g.holder) == (party, holder)
            ),
        )
        for party, holder in dict.fromkeys((g.party, g.holder) for g in made)
    ]
    notes = (
        *sentences(scenario, found),
        f"{scenario.title}. {asked.replicates} replicates, seed {asked.seed}.",
        NOTE,
        scenario.marking,
    )
    falls = list(dict.fromkeys(c.case.arrangement for c in found if not c.is_flat))
    heading = (
        f"A partner who holds back can take the attempt away under {join(falls)}"
        if falls
        else "A partner who holds back takes no attempt away"
    )
    picture = deterrence_picture(heading, panels, notes, load_assets())
    try:
        out.mkdir(parents=True, exist_ok=True)
        (out / "deterrence.json").write_text(document, encoding="utf-8")
        (out / "deterrence.svg").write_text(picture, encoding="utf-8")
    except OSError as error:
        raise LocalError(
            f"writing {out}: {error.strerror or error}; choose an --out in a folder that you may write to"
        ) from error
