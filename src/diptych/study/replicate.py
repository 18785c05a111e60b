"""One replicate of a study: draw the world once, run every row on it, measure, then run the points of the sweeps.

This is the task a worker does; the result is small and is a function of (scenario, rows, variants, seed, replicate)
alone, so that the number of workers and the order of the tasks change nothing.
"""

from collections.abc import Mapping, Sequence

import msgspec
import numpy as np

from diptych.model.arrangement import Arrangement
from diptych.model.record import RunRecord
from diptych.sim.conduct import behaviour_of, hosts_of, matters
from diptych.sim.prepare import Prepared
from diptych.sim.run import run
from diptych.sim.world import World, draw_world
from diptych.study.design import Replicate, Row, measure_replicate, needed_runs, shown_rows
from diptych.study.estimate import Floats
from diptych.study.sweep import SWEPT_INDEX, SWEPT_METRICS, Variant, sim_at


class Plan(msgspec.Struct, frozen=True, eq=False):
    """What every replicate of a study does; `at_variants[i]` is the prepared scenario of `variants[i]`.

    The first `sweep_replicates` replicates also run the variants.
    """

    prepared: Prepared
    rows: tuple[Row, ...]
    seed: int
    variants: tuple[Variant, ...] = ()
    at_variants: tuple[Prepared, ...] = ()
    sweep_replicates: int = 0


class Result(msgspec.Struct, frozen=True, eq=False):
    """One replicate's measures; `swept` is (variants, shown rows, parties, metrics), empty beyond the sweep's share."""

    replicate: Replicate
    swept: Floats


def plan_of(
    prepared: Prepared, rows: Sequence[Row], seed: int, variants: Sequence[Variant], sweep_replicates: int
) -> Plan:
    """Return the plan of a study over the rows and the variants of its sweeps."""
    at_variants = tuple(sim_at(prepared, variant.scenario) for variant in variants)
    return Plan(prepared, tuple(rows), seed, tuple(variants), at_variants, sweep_replicates)


def run_rows(world: World, rows: Sequence[Row], *, keep_events: bool) -> dict[str, RunRecord]:
    """Run every row, and every half of the baseline, on one world; keyed as `design.needed_runs` labels them."""
    records: dict[str, RunRecord] = {}
    for label, arrangement, conduct in needed_runs(world.prepared.scenario, rows):
        records[label] = _shared(world, arrangement, conduct, records) or run(world, arrangement, conduct, keep_events)
    return records


def _shared(world: World, arrangement: Arrangement, conduct: str, records: Mapping[str, RunRecord]) -> RunRecord | None:
    """Return the cooperative run of an arrangement as that of a conduct which changes nothing there, if it is there."""
    scenario = world.prepared.scenario
    behaviour = behaviour_of(scenario, conduct)
    if behaviour is None or arrangement.id not in records:
        return None
    if matters(behaviour, arrangement, hosts_of(scenario.batteries, arrangement)):
        return None
    return msgspec.structs.replace(records[arrangement.id], conduct=conduct)


def run_replicate(plan: Plan, replicate: int) -> Result:
    """Run one replicate of a study and measure it."""
    world = draw_world(plan.prepared, plan.seed, replicate)
    scenario = plan.prepared.scenario
    records = run_rows(world, plan.rows, keep_events=False)
    measured = measure_replicate(scenario, plan.rows, records)
    count = len(plan.variants) if replicate < plan.sweep_replicates else 0
    shown = shown_rows(plan.rows)
    swept = np.full((count, len(shown), len(scenario.parties), len(SWEPT_METRICS)), np.nan)
    for i in range(count):
        variant, prepared = plan.variants[i], plan.at_variants[i]
        there = msgspec.structs.replace(world, prepared=prepared)
        again: dict[str, RunRecord] = {}
        for label, arrangement, conduct in needed_runs(prepared.scenario, shown):
            if arrangement.id not in variant.touched:
                again[label] = records[label]
            else:
                found = _shared(there, arrangement, conduct, again)
                again[label] = found or run(there, arrangement, conduct, keep_events=False)
        swept[i] = measure_replicate(prepared.scenario, shown, again).values[:, :, SWEPT_INDEX]
    return Result(measured, swept)
