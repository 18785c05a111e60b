"""Over which assumptions one arrangement is better than another: a map for every pair, and what may be said of it.

Two numbers dominate and nobody knows them: how long acts take and what a shot is worth. A `Cell` sets every assumed
delay at the same place of its stated range and every kill probability at the same; further cells move one delay
alone. All cells run on the same worlds (delays and kill probabilities change neither truth nor what own sensors see),
so that two cells differ by the assumption only.

A pair's verdict in a cell is about leakage on one party: better or worse where the paired interval excludes zero, with
the level divided by the number of cells so that a pair's map as a whole errs in one of twenty; `equal` where no
replicate differs; `open` otherwise. What holds of a pair is said over its whole map, never from the middle alone.
"""

from collections.abc import Mapping, Sequence
from itertools import combinations
from math import sqrt
from typing import Literal

import msgspec
import numpy as np
import numpy.typing as npt

from diptych.model.scenario import Scenario
from diptych.model.sources import Assumption
from diptych.sim.prepare import Prepared
from diptych.sim.run import run
from diptych.sim.world import draw_world
from diptych.study.design import BASELINE, Row, needed_runs, outcome_digest
from diptych.study.sweep import GEOMETRIC_FROM, acts_of, revalued, sim_at

Floats = npt.NDArray[np.float64]
Verdict = Literal["better", "worse", "equal", "open"]

PLACES = (("low", 0.0), ("low to mid", 0.25), ("mid", 0.5), ("mid to high", 0.75), ("high", 1.0))
"""Where in its range every delay stands in a row of the map: 0 is low, 0.5 mid, 1 high."""
WORTHS = ("low", "mid", "high")
LEVEL = 0.05
FEWEST_DIFFERENT = 6
"""A sign shown by fewer replicates that differ could not be shown by a sign test at one in twenty either."""


class Cell(msgspec.Struct, frozen=True):
    """One point of the map: the title of its delays and of its kill probabilities, and what it sets.

    `alone` is the stage that moves by itself, "" where all delays move together. `touched` are the arrangements that
    can differ from the middle cell.
    """

    delays: str
    worth: str
    alone: str
    patch: dict[str, float]
    touched: tuple[str, ...]


class OrderingPlan(msgspec.Struct, frozen=True, eq=False):
    """What every replicate does: each cell's prepared scenario, and the rows to run in it."""

    prepared: Prepared
    rows: tuple[Row, ...]
    seed: int
    cells: tuple[Cell, ...]
    at_cells: tuple[Prepared, ...]


class Leaks(msgspec.Struct, frozen=True, eq=False):
    """One replicate: missiles that came down, (cells, rows, parties); digests of all that happened, by cell and row."""

    leaked: Floats
    outcomes: tuple[tuple[str, ...], ...]


class Judged(msgspec.Struct, frozen=True):
    """One pair in one cell for one party: mean of first minus second, its interval, the verdict on the first."""

    value: float
    lo: float
    hi: float
    differ: int
    verdict: Verdict


class Ordering(msgspec.Struct, frozen=True):
    """One pair of arrangements for one party over the whole map; `is_same` says that nothing at all differed."""

    first: str
    second: str
    party: str
    cells: tuple[Judged, ...]
    is_same: bool
    sentence: str


def cells_of(scenario: Scenario, rows: Sequence[Row]) -> tuple[Cell, ...]:
    """Return the cells: every delay and every kill probability together over their ranges, then one delay alone.

    The first cell is the shipped middle. A stage that stands in no arrangement of the rows is left out.
    """
    ids = {row.arrangement for row in rows if not row.is_baseline}
    compared = [a for a in scenario.arrangements if a.id in ids]
    delays = [a for a in scenario.assumptions if a.key.endswith(".time_s") and a.low < a.high]
    used = {stage: a for a in delays for stage in [a.key.split(".")[-2]] if any(stage in acts_of(x) for x in compared)}
    worth = [a for a in scenario.assumptions if a.key.endswith(".kill_probability") and a.low < a.high]
    everything = tuple(a.id for a in compared)
    cells = []
    for title, place in PLACES:
        for word in WORTHS:
            patch = {a.key: at_place(a, place) for a in used.values()} | {a.key: getattr(a, word) for a in worth}
            cells.append(Cell(title, word, "", patch, everything))
    middle = {a.key: a.mid for a in used.values()} | {a.key: a.mid for a in worth}
    for stage, assumption in used.items():
        touched = tuple(a.id for a in compared if stage in acts_of(a))
        for title, value in (("low", assumption.low), ("high", assumption.high)):
            cells.append(Cell(title, "mid", stage, middle | {assumption.key: value}, touched))
    first = next(c for c in cells if not c.alone and (c.delays, c.worth) == ("mid", "mid"))
    return (first, *(c for c in cells if c is not first))


def at_place(assumption: Assumption, place: float) -> float:
    """Return the value at a place of a range: 0 is low, 0.5 mid, 1 high, in equal ratios where the range is wide.

    *Check* low 5, mid 30, high 120: a quarter is sqrt(5 * 30) = 12.2, rounded to three digits.
    """
    low, mid, high = assumption.low, assumption.mid, assumption.high
    start, end, part = (low, mid, 2.0 * place) if place <= 0.5 else (mid, high, 2.0 * place - 1.0)
    if part in (0.0, 1.0):
        return end if part else start
    if low > 0.0 and high / low > GEOMETRIC_FROM:
        return float(f"{start * (end / start) ** part:.3g}")
    return float(f"{start + (end - start) * part:.3g}")


def plan_orderings(prepared: Prepared, rows: Sequence[Row], seed: int) -> OrderingPlan:
    """Return the plan over the cells of a scenario."""
    scenario = prepared.scenario
    cells = cells_of(scenario, rows)
    at_cells = tuple(sim_at(prepared, revalued(scenario, cell.patch)) for cell in cells)
    return OrderingPlan(prepared, tuple(rows), seed, cells, at_cells)


def run_orderings(plan: OrderingPlan, replicate: int) -> Leaks:
    """Run every row in every cell on one world; rows that a cell cannot touch are taken from the middle cell."""
    world = draw_world(plan.prepared, plan.seed, replicate)
    parties = [p.id for p in plan.prepared.scenario.parties]
    rows = [row for row in plan.rows if row.label != BASELINE]
    leaked = np.zeros((len(plan.cells), len(rows), len(parties)))
    outcomes: list[tuple[str, ...]] = []
    middle: dict[str, tuple[list[float], str]] = {}
    for k, (cell, prepared) in enumerate(zip(plan.cells, plan.at_cells, strict=True)):
        scenario = prepared.scenario
        there = msgspec.structs.replace(world, prepared=prepared)
        known = {label: (arrangement, conduct) for label, arrangement, conduct in needed_runs(scenario, plan.rows)}
        digests = []
        for i, row in enumerate(rows):
            if k == 0 or row.arrangement in cell.touched:
                record = run(there, *known[row.label], False)  # noqa: FBT003
                down = [scenario.party_of(f.impact_state) for f in record.fates if not f.is_killed]
                found = [float(down.count(party)) for party in parties], outcome_digest(record)
            else:
                found = middle[row.label]
            if k == 0:
                middle[row.label] = found
            leaked[k, i] = found[0]
            digests.append(found[1])
        outcomes.append(tuple(digests))
    return Leaks(leaked, tuple(outcomes))


def judge_all(plan: OrderingPlan, results: Sequence[Leaks]) -> tuple[Ordering, ...]:
    """Judge every pair of arrangements for every party over the whole map."""
    rows = [row for row in plan.rows if row.label != BASELINE]
    cube = np.stack([r.leaked for r in results])
    found = []
    for i, k in combinations(range(len(rows)), 2):
        is_same = all(r.outcomes[c][i] == r.outcomes[c][k] for r in results for c in range(len(plan.cells)))
        for j, party in enumerate(plan.prepared.scenario.parties):
            judged = tuple(judge(cube[:, c, i, j] - cube[:, c, k, j], len(plan.cells)) for c in range(len(plan.cells)))
            words = sentence(rows[i].label, rows[k].label, party.title, judged, is_same=is_same)
            found.append(Ordering(rows[i].label, rows[k].label, party.id, judged, is_same, words))
    return tuple(found)


def judge(difference: Floats, cells: int) -> Judged:
    """Judge one paired difference of leakage (first minus second) at the level of a map with so many cells.

    *Check*: no replicate differs: `equal`; 40 replicates of -1 and 1 in turn: `open`.
    """
    n, value = difference.size, float(difference.mean())
    differ = int(np.count_nonzero(difference))
    if differ == 0:
        return Judged(0.0, 0.0, 0.0, 0, "equal")
    if n < 2 or differ < FEWEST_DIFFERENT:
        return Judged(value, float("-inf"), float("inf"), differ, "open")
    from scipy.special import stdtrit  # here: start-up would pay for it

    spread = float(difference.std(ddof=1))
    half = float(stdtrit(n - 1, 1.0 - LEVEL / cells / 2.0)) * spread / sqrt(n)
    lo, hi = value - half, value + half
    verdict: Verdict = "better" if hi < 0.0 else "worse" if lo > 0.0 else "open"
    return Judged(value, lo, hi, differ, verdict)


def sentence(first: str, second: str, party: str, judged: Sequence[Judged], *, is_same: bool) -> str:
    """Say over the whole map what holds between two arrangements for one party, and how much was looked at."""
    count = {v: sum(j.verdict == v for j in judged) for v in ("better", "worse", "equal", "open")}
    cells = len(judged)
    if is_same:
        return f"{first} and {second} did not differ: every release, shot and fate is the same in all {cells} cells."
    if count["equal"] == cells:
        return f"{party}: leakage is the same under {first} and {second} in every replicate of all {cells} cells."
    open_words = f", {count['open']} undecided" if count["open"] else ""
    equal_words = f", {count['equal']} exactly equal" if count["equal"] else ""
    rest = f"{equal_words}{open_words}"
    if count["better"] and not count["worse"]:
        return f"{party}: {first} is better than {second} in {count['better']} of {cells} cells{rest}, worse in none."
    if count["worse"] and not count["better"]:
        return f"{party}: {first} is worse than {second} in {count['worse']} of {cells} cells{rest}, better in none."
    if count["worse"] and count["better"]:
        return (
            f"{party}: the order of {first} and {second} turns round with what is assumed: better in "
            f"{count['better']}, worse in {count['worse']} of {cells} cells{rest}."
        )
    return f"{party}: between {first} and {second} nothing is shown in any of {cells} cells{rest}."


def finding(orderings: Sequence[Ordering], better: str, worse: str) -> dict[str, str]:
    """Return, for each party, whether `better` beats `worse`: true, false, reversed, undecided or cannot differ.

    *True* means better in some cell and worse in none; *true everywhere*: better in all cells; *false*: equal in all;
    *reversed*: worse in some and better in none; *depends*: both occur; *undecided*: nothing shown, not all equal.
    """
    found: dict[str, str] = {}
    for one in orderings:
        if {one.first, one.second} != {better, worse}:
            continue
        turn: Mapping[str, str] = {} if one.first == better else {"better": "worse", "worse": "better"}
        verdicts = [turn.get(j.verdict, j.verdict) for j in one.cells]
        if all(v == "better" for v in verdicts):
            found[one.party] = "true everywhere"
        elif "better" in verdicts and "worse" in verdicts:
            found[one.party] = "depends"
        elif "better" in verdicts:
            found[one.party] = "true"
        elif "worse" in verdicts:
            found[one.party] = "reversed"
        else:
            found[one.party] = "false" if all(v == "equal" for v in verdicts) else "undecided"
    return found
