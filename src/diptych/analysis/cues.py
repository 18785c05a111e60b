"""What a cue buys: how many seconds earlier each complex sees, holds, can engage and does engage what comes at it.

The same raid and the same luck under arrangements that differ in one thing: what the complexes tell each other about
what is in the air, and how exactly and how often. `WAYS` lists them, from nothing to the track as it is held; making
arrangements of them is `edge`'s, since a sharing rule is a key of a file. Here: the times of one replicate, and the
seconds gained against telling nothing.

The question is asked twice: with the space warning each complex has, and as if the complex asked about had none (its
partner keeps its own). With own warning a cue mostly comes too late to be news.

A gain is taken missile by missile within a replicate and averaged over the missiles that come down on the complex's own
territory; what is reported is the middle and the spread of that mean over replicates. A missile that one of the two
never reaches (no firm track, no shot) has no seconds to gain and is counted apart.
"""

import math
from collections.abc import Sequence

import msgspec
import numpy as np
from msgspec.structs import replace

from diptych.model.arrangement import Arrangement, Complex
from diptych.model.picture import Floats
from diptych.model.record import RunRecord
from diptych.sim.plans import complex_states
from diptych.sim.prepare import Prepared
from diptych.sim.run import run
from diptych.sim.world import World, draw_world

MOMENTS = ("detected", "firm", "ready", "released")
"""First detection by own radars; firm own track; first moment at which a launch is possible as far as the complex knows
(the own track can be evaluated and a window is open); first shot released."""

LOW, HIGH = 0.05, 0.95  # of the spread over replicates


class CueWay(msgspec.Struct, frozen=True):
    """One way of telling: what is shared and how. `product` is a product of sharing rules, "" for nothing.

    Ways of one `block` differ in their period only; blocks stand side by side in tables and pictures.
    """

    id: str
    title: str
    product: str = ""
    period_s: float | None = None
    position_km: float = 0.0
    velocity_mps: float = 0.0
    block: str = ""


PERIODS_S = (60.0, 10.0, 1.0)
GRIDS = (
    ("10km", "Tracks to 10 km", 10.0, 200.0),
    ("2km", "Tracks to 2 km", 2.0, 50.0),
    ("as-held", "Tracks as held", 0.0, 0.0),
)
"""How exactly tracks are told: name, title, grid of place (km) and of velocity (m/s), 0 for none."""

WAYS: tuple[CueWay, ...] = (
    CueWay("nothing", "Nothing"),
    CueWay("launch-notices", "Launch notices", "launch-detection", None, 10.0),
    CueWay("impact-predictions", "Impact predictions every 10 s", "impact-prediction", 10.0, 10.0),
    *(
        CueWay(f"tracks-{name}-{period:g}s", f"{title} every {period:g} s", "track", period, km, mps, title)
        for name, title, km, mps in GRIDS
        for period in PERIODS_S
    ),
)
"""Launch notices and predictions to 10 km; tracks at three periods, each at three grids: 2 km and 50 m/s as in the
shipped arrangements, five times and four times that, and none. All assumed."""

CASES = ("own space warning", "no space warning of its own")


class CuePlan(msgspec.Struct, frozen=True, eq=False):
    """What every replicate does: one arrangement for each way, in order, the first of them telling nothing."""

    prepared: Prepared
    arrangements: tuple[Arrangement, ...]
    seed: int


class CueTimes(msgspec.Struct, frozen=True, eq=False):
    """One replicate. times_s (CASES, ways, complexes, objects, MOMENTS): seconds after launch, inf: never.

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

    gains[case][way][complex][moment]; first_s (CASES, complexes, MOMENTS) is the middle time after launch with nothing
    told, over replicates and missiles, and `reached`, of the same shape, how many missiles a raid get so far then;
    by_object_s (CASES, ways, complexes, objects, MOMENTS): the middle gain for each
    missile over the replicates in which it comes at the complex and reaches the moment both ways, NaN where there is
    none; `missiles` is how many a raid come down on each complex's territory; `has_warning` tells which complexes own
    space warning (for the others the second case is the first).
    """

    ways: tuple[CueWay, ...]
    complexes: tuple[str, ...]
    replicates: int
    gains: tuple[tuple[tuple[tuple[Gain, ...], ...], ...], ...]
    first_s: Floats
    reached: Floats
    by_object_s: Floats
    missiles: tuple[float, ...]
    has_warning: tuple[bool, ...]


def run_cues(plan: CuePlan, replicate: int) -> CueTimes:
    """Run every way on one world and return when each complex came how far with each missile."""
    world = draw_world(plan.prepared, plan.seed, replicate)
    complexes = plan.arrangements[0].complexes
    times = np.repeat(_all_ways(world, plan)[None], len(CASES), axis=0)
    for c, own in enumerate(complexes):
        if owns_warning(plan.prepared, own):
            times[1, :, c] = _all_ways(without_warning(world, own), plan)[:, c]
    states = complex_states(plan.prepared, plan.arrangements[0])
    is_own = np.array([[float(f.impact_state in states[c.id]) for f in world.flights] for c in complexes])
    return CueTimes(times, is_own)


def _all_ways(world: World, plan: CuePlan) -> Floats:
    """Return the times of every way on one world, (ways, complexes, objects, MOMENTS)."""
    names = [c.id for c in plan.arrangements[0].complexes]
    launch_s = [flight.launch_s for flight in world.flights]
    records = (run(world, a, "cooperative", keep_events=True) for a in plan.arrangements)
    return np.stack([times_of(record, names, launch_s) for record in records])


def owns_warning(prepared: Prepared, own: Complex) -> bool:
    """Whether a complex operates space warning."""
    return any(satellite.owner in own.owners for satellite in prepared.scenario.infrareds)


def without_warning(world: World, own: Complex) -> World:
    """Return the same world, same luck, in which one complex has no space warning."""
    prepared, scenario = world.prepared, world.prepared.scenario
    kept = [k for k, satellite in enumerate(scenario.infrareds) if satellite.owner not in own.owners]
    return replace(
        world,
        prepared=replace(
            prepared,
            scenario=replace(scenario, infrareds=tuple(scenario.infrareds[k] for k in kept)),
            infrared_hash=tuple(prepared.infrared_hash[k] for k in kept),
        ),
        warnings=tuple(world.warnings[k] for k in kept),
    )


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


def compare_cues(
    ways: Sequence[CueWay], complexes: Sequence[str], has_warning: Sequence[bool], results: Sequence[CueTimes]
) -> CueResult:
    """Return what each way buys against the first of `ways`, from the results of all replicates."""
    times = np.stack([r.times_s for r in results])  # (replicates, cases, ways, complexes, objects, moments)
    own = np.stack([r.is_own for r in results])[:, None, None, :, :, None] > 0.0
    base = times[:, :, :1]
    both = own & np.isfinite(times) & np.isfinite(base)
    with np.errstate(invalid="ignore"):
        gained = np.where(both, base - times, np.nan)
    won = (own & np.isfinite(times) & ~np.isfinite(base)).sum(axis=4).mean(axis=0)
    lost = (own & ~np.isfinite(times) & np.isfinite(base)).sum(axis=4).mean(axis=0)
    per_replicate = _mean(gained, axis=4)

    def gain(k: int, w: int, c: int, m: int) -> Gain:
        return Gain(*_spread(per_replicate[:, k, w, c, m]), float(won[k, w, c, m]), float(lost[k, w, c, m]))

    counts = range(len(CASES)), range(len(ways)), range(len(complexes)), range(len(MOMENTS))
    first = np.where(own & np.isfinite(base), base, np.nan)[:, :, 0]  # (replicates, cases, complexes, objects, moments)
    first = np.moveaxis(first, 3, 1).reshape(-1, len(CASES), len(complexes), len(MOMENTS))
    return CueResult(
        ways=tuple(ways),
        complexes=tuple(complexes),
        replicates=len(results),
        gains=tuple(
            tuple(tuple(tuple(gain(k, w, c, m) for m in counts[3]) for c in counts[2]) for w in counts[1])
            for k in counts[0]
        ),
        first_s=_median(first),
        reached=(own & np.isfinite(base)).sum(axis=4).mean(axis=0)[:, 0],
        by_object_s=_median(gained),
        missiles=tuple(own[:, 0, 0, :, :, 0].sum(axis=2).mean(axis=0).tolist()),
        has_warning=tuple(has_warning),
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
