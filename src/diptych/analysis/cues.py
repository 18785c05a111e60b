"""What a cue buys: how many seconds earlier each complex sees, holds, can engage and does engage what comes at it.

The same raid and the same luck under arrangements that differ in one thing: what the complexes tell each other about
what is in the air, and how exactly and how often. `WAYS` lists them, from nothing to the track as it is held; making
arrangements of them is `edge`'s, since a sharing rule is a key of a file. Here: the times of one replicate, and the
seconds gained against telling nothing.

A gain is taken missile by missile within a replicate and averaged over the missiles that come down on the complex's own
territory; what is reported is the middle and the spread of that mean over replicates. A missile that one of the two
never reaches (no firm track, no shot) has no seconds to gain and is counted apart.
"""

import math
from collections.abc import Sequence

import msgspec
import numpy as np

from diptych.model.arrangement import Arrangement
from diptych.model.picture import Floats
from diptych.model.record import RunRecord
from diptych.sim.plans import complex_states
from diptych.sim.prepare import Prepared
from diptych.sim.run import run
from diptych.sim.world import draw_world

MOMENTS = ("detected", "firm", "ready", "released")
"""First detection by own radars; firm own track; first moment at which a launch is possible as far as the complex knows
(the own track can be evaluated and a window is open); first shot released."""

LOW, HIGH = 0.05, 0.95  # of the spread over replicates


class CueWay(msgspec.Struct, frozen=True):
    """One way of telling: what is shared and how. `product` is a product of sharing rules, "" for nothing."""

    id: str
    title: str
    product: str = ""
    period_s: float | None = None
    position_km: float = 0.0
    velocity_mps: float = 0.0


_GRIDS = ((10.0, 200.0, "to 10 km"), (2.0, 50.0, "to 2 km"), (0.0, 0.0, "as held"))
_PERIODS_S = (60.0, 10.0, 1.0)

WAYS: tuple[CueWay, ...] = (
    CueWay("nothing", "Nothing"),
    CueWay("launch-notices", "Launch notices, to 10 km", "launch-detection", None, 10.0),
    CueWay("impact-predictions", "Impact predictions, every 10 s", "impact-prediction", 10.0, 10.0),
    *(
        CueWay(f"tracks-{period:g}s-{km:g}km", f"Tracks {words}, every {period:g} s", "track", period, km, mps)
        for km, mps, words in _GRIDS
        for period in _PERIODS_S
    ),
)
"""Grids of 10 km and 200 m/s, 2 km and 50 m/s (those of the shipped arrangements), and none; all assumed."""


class CuePlan(msgspec.Struct, frozen=True, eq=False):
    """What every replicate does: one arrangement for each way, in order, the first of them telling nothing."""

    prepared: Prepared
    arrangements: tuple[Arrangement, ...]
    seed: int


class CueTimes(msgspec.Struct, frozen=True, eq=False):
    """One replicate. times_s (ways, complexes, objects, MOMENTS): seconds after launch, inf where it never happened.

    is_own (complexes, objects): the missile would come down on the complex's own territory.
    """

    times_s: Floats
    is_own: Floats


class Gain(msgspec.Struct, frozen=True):
    """Seconds gained by one complex at one moment: middle and spread over replicates of the mean over missiles.

    NaN where no missile of any replicate reached the moment both with and without the cue. `won` and `lost` count, per
    replicate, missiles that reach the moment only with, or only without, what is told.
    """

    middle_s: float
    low_s: float
    high_s: float
    won: float
    lost: float


class CueResult(msgspec.Struct, frozen=True, eq=False):
    """What each way buys.

    gains[way][complex][moment]; `first_s[complex][moment]` is the middle time after launch with nothing told, over
    replicates and missiles; by_object_s (ways, complexes, objects, MOMENTS): the middle gain for each missile over the
    replicates in which it comes at the complex and reaches the moment both ways, NaN where there is none.
    """

    ways: tuple[CueWay, ...]
    complexes: tuple[str, ...]
    replicates: int
    gains: tuple[tuple[tuple[Gain, ...], ...], ...]
    first_s: Floats
    by_object_s: Floats
    missiles: tuple[float, ...]


def run_cues(plan: CuePlan, replicate: int) -> CueTimes:
    """Run every way on one world and return when each complex came how far with each missile."""
    world = draw_world(plan.prepared, plan.seed, replicate)
    launch_s = [flight.launch_s for flight in world.flights]
    complexes = plan.arrangements[0].complexes
    times = np.stack(
        [
            times_of(run(world, a, "cooperative", keep_events=True), [c.id for c in complexes], launch_s)
            for a in plan.arrangements
        ]
    )
    states = complex_states(plan.prepared, plan.arrangements[0])
    is_own = np.array([[float(f.impact_state in states[c.id]) for f in world.flights] for c in complexes])
    return CueTimes(times, is_own)


def times_of(record: RunRecord, complexes: Sequence[str], launch_s: Sequence[float]) -> Floats:
    """Return when each complex came how far, (complexes, objects, MOMENTS), seconds after launch; inf: never."""
    out = np.full((len(complexes), len(launch_s), len(MOMENTS)), math.inf)
    place = {name: i for i, name in enumerate(complexes)}
    for event in record.events:
        if event.kind == "detected" and event.actor in place:
            cell = out[place[event.actor], event.object]
            cell[0] = min(cell[0], event.time_s - launch_s[event.object])
    for held in record.engagements:
        ready_s = max(held.evaluated_s, held.first_open_s)
        after = np.array([held.confirmed_s, ready_s, held.released_s]) - launch_s[held.object]
        out[place[held.complex_id], held.object, 1:] = after
    return out


def compare_cues(ways: Sequence[CueWay], complexes: Sequence[str], results: Sequence[CueTimes]) -> CueResult:
    """Return what each way buys against the first of `ways`, from the results of all replicates."""
    times = np.stack([r.times_s for r in results])  # (replicates, ways, complexes, objects, moments)
    own = np.stack([r.is_own for r in results])[:, None, :, :, None] > 0.0
    base = times[:, :1]
    both = own & np.isfinite(times) & np.isfinite(base)
    with np.errstate(invalid="ignore"):
        gained = np.where(both, base - times, np.nan)
    won = (own & np.isfinite(times) & ~np.isfinite(base)).sum(axis=3).mean(axis=0)
    lost = (own & ~np.isfinite(times) & np.isfinite(base)).sum(axis=3).mean(axis=0)
    per_replicate = _mean(gained, axis=3)
    gains = tuple(
        tuple(
            tuple(
                Gain(*_spread(per_replicate[:, w, c, m]), float(won[w, c, m]), float(lost[w, c, m]))
                for m in range(len(MOMENTS))
            )
            for c in range(len(complexes))
        )
        for w in range(len(ways))
    )
    first = np.where(own & np.isfinite(base), base, np.nan)[:, 0]
    return CueResult(
        ways=tuple(ways),
        complexes=tuple(complexes),
        replicates=len(results),
        gains=gains,
        first_s=_median(np.moveaxis(first, 2, 1).reshape(-1, len(complexes), len(MOMENTS))),
        by_object_s=_median(gained),
        missiles=tuple(own[:, 0, :, :, 0].sum(axis=2).mean(axis=0).tolist()),
    )


def _mean(values: Floats, axis: int) -> Floats:
    """Return means over an axis without what is NaN; NaN where nothing is left."""
    known = np.isfinite(values)
    count = known.sum(axis=axis)
    total = np.where(known, values, 0.0).sum(axis=axis)
    return np.where(count > 0, total / np.maximum(count, 1), np.nan)


def _median(values: Floats) -> Floats:
    """Return medians over the first axis without what is NaN; NaN where nothing is left."""
    out = np.full(values.shape[1:], np.nan)
    for index in np.ndindex(*out.shape):
        known = values[(slice(None), *index)]
        known = known[np.isfinite(known)]
        if known.size:
            out[index] = np.median(known)
    return out


def _spread(values: Floats) -> tuple[float, float, float]:
    """Return the middle and the two ends of the spread of what is known; NaN three times if nothing is."""
    known = values[np.isfinite(values)]
    if not known.size:
        return math.nan, math.nan, math.nan
    return float(np.median(known)), float(np.quantile(known, LOW)), float(np.quantile(known, HIGH))
