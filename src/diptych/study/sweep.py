"""How an answer bends with a number nobody knows: sweeps over assumed delays, what shots are worth, and their reach.

One number at a time, everything else at the value used, the same replicates at every point, so that two points differ
by that number only. Low, mid and high of an assumption are a range and not a distribution: results over it stay side
by side and are never pooled. `flips` says in words where, within the stated range, an ordering of two arrangements
changes.

A sweep runs on the worlds of the study itself: delays, kill probabilities, common-cause fractions and what a published
burnout speed is read as change neither truth nor what own sensors see, so each world is drawn once (`sim_at` refuses
anything that would change it).
"""

from collections.abc import Mapping, Sequence
from itertools import combinations, pairwise
from math import sqrt

import msgspec
import numpy as np

from diptych.model.arrangement import Arrangement
from diptych.model.errors import LocalError
from diptych.model.result import Sweep, SweepPoint
from diptych.model.scenario import Scenario
from diptych.model.sources import Assumption
from diptych.sim.prepare import Prepared, armoury_of
from diptych.study.design import Row
from diptych.study.estimate import Floats
from diptych.study.metrics import METRIC_IDS

SWEPT_METRICS = (
    "leakage",
    "people_at_risk",
    "freedom_of_action",
    "decision_time",
    "margin",
    "shots_fired",
    "forgone",
)
SWEPT_INDEX = tuple(METRIC_IDS.index(metric) for metric in SWEPT_METRICS)
SWEPT_OF_SHOTS = ("kill_probability", "common_cause_fraction")
"""What is swept of an interceptor class: keys of the catalogue and fields of `InterceptorClass` alike."""
SWEPT_OF_REACH = "burnout_speed_reading"
"""A word of an interceptor class that changes its fly-out table and nothing else; swept over all its words."""
STAGE_POINTS = 7
LONGEST_FLIGHT_S = 3600.0  # acts that last longer whatever their time have low, mid and high only
GEOMETRIC_FROM = 10.0  # a range whose ends differ by more than this factor is swept in equal ratios


class Swept(msgspec.Struct, frozen=True):
    """One assumption to sweep: its points, and the arrangements (baseline halves too) that it can touch."""

    assumption: Assumption
    values: tuple[float, ...]
    touched: tuple[str, ...]


class Variant(msgspec.Struct, frozen=True):
    """One point of a sweep: the scenario with one number changed, and the arrangements to run again."""

    key: str
    value: float
    scenario: Scenario
    touched: tuple[str, ...]


def sweep_values(assumption: Assumption, count: int = STAGE_POINTS) -> tuple[float, ...]:
    """Return `count` (odd) points from low to high, `mid` and the value used among them, increasing.

    Equal steps on each side of `mid`, or equal ratios where high is more than `GEOMETRIC_FROM` times low. Rounded to
    three significant digits, ends and middle excepted.
    """
    low, mid, high = assumption.low, assumption.mid, assumption.high
    geometric = low > 0.0 and high / low > GEOMETRIC_FROM
    half = count // 2
    points = {low, mid, high, assumption.used}
    for start, end in ((low, mid), (mid, high)):
        for i in range(1, half):
            part = i / half
            value = start * (end / start) ** part if geometric else start + (end - start) * part
            points.add(float(f"{value:.3g}"))
    return tuple(sorted(points))


def acts_of(arrangement: Arrangement) -> frozenset[str]:
    """Return every kind of act that takes time somewhere in an arrangement: on its paths and in its sharing."""
    on_paths = {step.act for consent in arrangement.consents for step in consent.steps}
    return frozenset(on_paths | {rule.act for rule in arrangement.sharing})


def acts_asked(arrangement: Arrangement) -> frozenset[str]:
    """Return the same and what is asked besides where a case is outside the agreed rules."""
    outside = (step.act for consent in arrangement.consents for step in consent.outside_steps)
    return acts_of(arrangement) | frozenset(outside)


def swept(scenario: Scenario, rows: Sequence[Row]) -> tuple[Swept, ...]:
    """Return what to sweep: each stage that stands in some arrangement compared, then the worth and reach of shots.

    Assumptions are found by their key: one that names a stage of the scenario between dots and ends in `time_s`, or
    ends in a word of `SWEPT_OF_SHOTS` or in `SWEPT_OF_REACH`. Those without a range are left out.
    """
    ids = {row.arrangement for row in rows if not row.is_baseline}
    run = [a for a in scenario.arrangements if a.id in ids or a.is_baseline]
    compared = [a for a in run if not a.is_baseline]
    found = []
    for stage in scenario.stages:
        if not any(stage.id in acts_asked(a) for a in compared):
            continue
        for assumption in scenario.assumptions:
            parts = assumption.key.split(".")
            if stage.id in parts and parts[-1] == "time_s" and assumption.low < assumption.high:
                touched = tuple(a.id for a in run if stage.id in acts_asked(a))
                count = STAGE_POINTS if assumption.low < LONGEST_FLIGHT_S else 3
                found.append(Swept(assumption, sweep_values(assumption, count), touched))
    everything = tuple(a.id for a in run)
    for assumption in scenario.assumptions:
        last = assumption.key.split(".")[-1]
        if (last in SWEPT_OF_SHOTS or last == SWEPT_OF_REACH) and assumption.low < assumption.high:
            values = tuple(sorted({assumption.low, assumption.mid, assumption.high, assumption.used}))
            found.append(Swept(assumption, values, everything))
    return tuple(found)


def revalued(scenario: Scenario, patch: Mapping[str, float]) -> Scenario:
    """Return a scenario with other values for stage times and for worth and reach of shots, by assumption key.

    The same as loading its file with these settings, without reading the file again (a test holds the two together).

    Raises
    ------
    LocalError
        A key is neither a stage time nor a word of `SWEPT_OF_SHOTS` or `SWEPT_OF_REACH` of a class of the scenario.
    """
    known = {a.key: a for a in scenario.assumptions}
    stages = {stage.id: stage for stage in scenario.stages}
    classes = {c.id: c for c in scenario.interceptor_classes}
    for key, value in patch.items():
        parts = key.split(".")
        name = parts[-2] if len(parts) > 1 else ""
        if parts[-1] == "time_s" and name in stages:
            stages[name] = msgspec.structs.replace(stages[name], time_s=value)
        elif parts[-1] in SWEPT_OF_SHOTS and name in classes:
            classes[name] = msgspec.structs.replace(classes[name], **{parts[-1]: value})
        elif parts[-1] == SWEPT_OF_REACH and name in classes and key in known:
            word = known[key].said(value)
            classes[name] = msgspec.structs.replace(classes[name], **{SWEPT_OF_REACH: word})
        else:
            raise LocalError(f"sweeping {scenario.id}: expected a stage time or a kill probability, got {key}")
    return msgspec.structs.replace(
        scenario,
        stages=tuple(stages.values()),
        interceptor_classes=tuple(classes.values()),
        assumptions=tuple(msgspec.structs.replace(a, used=patch.get(a.key, a.used)) for a in scenario.assumptions),
    )


def variants(scenario: Scenario, plans: Sequence[Swept]) -> tuple[Variant, ...]:
    """Return the scenario of every point that is not the study itself."""
    return tuple(
        Variant(plan.assumption.key, value, revalued(scenario, {plan.assumption.key: value}), plan.touched)
        for plan in plans
        for value in plan.values
        if value != plan.assumption.used
    )


def sim_at(prepared: Prepared, scenario: Scenario) -> Prepared:
    """Return `prepared` for a scenario that differs by delays and by the worth and reach of shots only.

    Raises
    ------
    LocalError
        The scenario differs in something that truth or sensing depend on.
    """
    base = prepared.scenario
    for field in ("raid", "radars", "infrareds", "batteries", "threat_classes", "parties", "launch_error_mps"):
        if getattr(base, field) != getattr(scenario, field):
            raise LocalError(
                f"sweeping {base.id}: {field} differs from the study's; only delays and kill probabilities may"
            )
    same = {**dict.fromkeys(SWEPT_OF_SHOTS, 0.0), SWEPT_OF_REACH: ""}
    plain = [msgspec.structs.replace(c, **same) for c in base.interceptor_classes]
    if [msgspec.structs.replace(c, **same) for c in scenario.interceptor_classes] != plain:
        raise LocalError(f"sweeping {base.id}: an interceptor class differs by more than worth and reach of its shots")
    by_id = {c.id: c for c in scenario.interceptor_classes}
    classes = tuple(by_id[battery.class_id] for battery in scenario.batteries)
    has_same_reach = all(
        getattr(by_id[c.id], SWEPT_OF_REACH) == getattr(c, SWEPT_OF_REACH) for c in base.interceptor_classes
    )
    armoury = prepared.armoury if has_same_reach else armoury_of(scenario)
    return msgspec.structs.replace(prepared, scenario=scenario, battery_class=classes, armoury=armoury)


def sweeps_of(
    scenario: Scenario,
    rows: Sequence[Row],
    plans: Sequence[Swept],
    points: Sequence[Variant],
    base: Floats,
    cube: Floats,
) -> tuple[Sweep, ...]:
    """Assemble the sweeps.

    Parameters
    ----------
    base : (replicates, rows, parties, SWEPT_METRICS) float64
        The study itself over the sweep's replicates, NaN where undefined.
    cube : (replicates, variants, rows, parties, SWEPT_METRICS) float64
        The same at every variant, in the order of `points`.
    """
    found = []
    for plan in plans:
        results = []
        leaks = []
        for value in plan.values:
            where = [i for i, v in enumerate(points) if v.key == plan.assumption.key and v.value == value]
            values = cube[:, where[0]] if where else base
            results.append(SweepPoint(value, _means(scenario, rows, values)))
            leaks.append(values[..., SWEPT_METRICS.index("leakage")])
        a = plan.assumption
        sweep = Sweep(a.key, a.title, a.unit, a.low, a.mid, a.high, base.shape[0], tuple(results), (), a.words)
        found.append(msgspec.structs.replace(sweep, flips=flips(scenario, rows, plan, sweep, leaks)))
    return tuple(found)


def flips(
    scenario: Scenario, rows: Sequence[Row], plan: Swept, sweep: Sweep, leaks: Sequence[Floats]
) -> tuple[str, ...]:
    """Say for which pairs of rows the order by leakage turns round within the range, and between which values.

    An order counts at a point only where the paired difference is shown there: its 95 % interval (Student's t over the
    sweep's replicates) excludes zero. Pairs that turn round between the same values and share a row are told in one
    sentence. `leaks` has (replicates, rows, parties) for every point.
    """
    found = []
    for j, party in enumerate(scenario.parties):
        turns = _turns(rows, plan, [leak[:, :, j] for leak in leaks])
        while turns:
            by_first = {key: [t for t in turns if t[:3] == key] for key in dict.fromkeys(t[:3] for t in turns)}
            by_second = {key: [t for t in turns if (*t[:2], t[3]) == key] for key in ((*t[:2], t[3]) for t in turns)}
            group = max((*by_first.values(), *by_second.values()), key=len)
            turns = [turn for turn in turns if turn not in group]
            before, after = group[0][:2]
            firsts = " or ".join(dict.fromkeys(turn[2] for turn in group))
            seconds = " or ".join(dict.fromkeys(turn[3] for turn in group))
            last, first = (
                f"“{plan.assumption.said(v)}”" if sweep.words else f"{v:g} {sweep.unit}" for v in (before, after)
            )
            found.append(
                f"{sweep.title}: up to {last} fewer missiles come down on {party.title} under {firsts} than under "
                f"{seconds}, from {first} on it is the other way round (paired, {sweep.replicates} replicates)."
            )
    return tuple(found)


def _turns(rows: Sequence[Row], plan: Swept, leaks: Sequence[Floats]) -> list[tuple[float, float, str, str]]:
    """Return (last value before, first value after, better before, better after) of every pair that turns round."""
    plain = [(i, row) for i, row in enumerate(rows) if not row.is_baseline]
    found = []
    for (i, one), (k, other) in combinations(plain, 2):
        if one.arrangement not in plan.touched and other.arrangement not in plan.touched:
            continue
        orders = [(value, _order(leak[:, i] - leak[:, k])) for value, leak in zip(plan.values, leaks, strict=True)]
        shown = [(value, order) for value, order in orders if order != 0]
        for (before, was), (after, now) in pairwise(shown):
            if was != now:
                first, second = (one, other) if was < 0 else (other, one)
                found.append((before, after, first.label, second.label))
    return found


def _order(difference: Floats) -> int:
    """Return the sign of a paired difference where its 95 % interval excludes zero, else 0."""
    paired = difference[np.isfinite(difference)]
    if paired.size < 2:
        return 0
    from scipy.special import stdtrit

    mean = float(paired.mean())
    reach = float(stdtrit(paired.size - 1, 0.975)) * float(paired.std(ddof=1)) / sqrt(paired.size)
    return int(np.sign(mean)) if abs(mean) > reach else 0


def _means(scenario: Scenario, rows: Sequence[Row], values: Floats) -> dict[str, dict[str, dict[str, float | None]]]:
    """Average (replicates, rows, parties, SWEPT_METRICS) over the replicates in which a value is defined."""
    defined = np.isfinite(values)
    count = defined.sum(axis=0)
    total = np.where(defined, values, 0.0).sum(axis=0)
    return {
        row.label: {
            party.id: {
                metric: float(total[i, j, k] / count[i, j, k]) if count[i, j, k] else None
                for k, metric in enumerate(SWEPT_METRICS)
            }
            for j, party in enumerate(scenario.parties)
        }
        for i, row in enumerate(rows)
    }
