"""Could a benign launch be taken for an attack? What the other side's early warning makes of it, and what helps.

For each launch and replicate the observer's own radars, pointed by nobody, make a track. Until it can be evaluated
there is a place and no aim: the footprint is everything within reach. From the first evaluation on it is the track's
own ellipse. The share of the footprint on the observer's land is the probability that is looked at. An *alarm* is
counted when it reaches a stated level before the launch is known for what it is; the time *in doubt* runs from the
first detection until the share stays below the level for good, or until the launch is known.

The ways differ in how a launch becomes known: nobody says anything; a notice is at the watch and agrees; a notice was
given and stopped on the way; the launcher answers a question; the launcher's own track arrives by the sharing rules of
an arrangement. All ways are judged on the same track, so on the same luck. Probabilities are given this launch, never
per year.
"""

import math
from collections.abc import Sequence

import msgspec
import numpy as np

from diptych.evaluation.classify import LaunchEstimate, classify
from diptych.evaluation.footprint import reach_share, share_on
from diptych.evaluation.impact import evaluate_state
from diptych.kernels.earth import ecef_to_geodetic
from diptych.kernels.geodesic import geodesic_inverse
from diptych.model.arrangement import Arrangement, Sharing
from diptych.model.errors import ScenarioError
from diptych.model.geography import state_at
from diptych.model.messages import OwnTrack
from diptych.model.picture import EvaluationHistory, Floats, TrackMoment
from diptych.model.result import Estimate
from diptych.model.scenario import Notice, Scenario
from diptych.node.share import coarsened, shared_track
from diptych.sim.luck import link_time, stage_time
from diptych.sim.prepare import Prepared
from diptych.sim.world import World, draw_world
from diptych.study.estimate import estimate_mean, wilson
from diptych.tracking.fuse import fuse, moment_of

WAYS: dict[str, str] = {
    "nothing": "nobody says anything",
    "notice": "a notice is at the watch",
    "notice-stopped": "a notice was given and not passed on",
    "hotline": "the launcher answers a question",
    "shared": "the launcher's own track arrives",
}
"""The ways compared, in the order of every table."""

LEVELS = (0.01, 0.05, 0.1, 0.25, 0.5)
"""Levels of the share at which an alarm is counted. No level is published: all are assumed and shown side by side."""
LEVEL = 0.1
"""The level of the headline."""
FARTHEST_M = (1000e3, 3000e3, 5500e3)
"""How far a launch of unknown aim might go, low, mid, high: the bounds of the range classes. Assumed; mid is used."""
RISING_S = 60.0
"""How long before a rising object is firmly tracked it was launched, give or take as much. Assumed."""
QUERY = "hotline-query"


class MisreadingPlan(msgspec.Struct, frozen=True, eq=False):
    """What every replicate does: who looks, at which launches, and by which rules the launcher's track comes.

    `launchers` and `routes` have a place for each of `objects`; an empty route: nothing comes. `watches` and `owned`
    are the radars of the observer and, for each object, of its launcher. `query_s` are the middle times of an answer
    that are compared.
    """

    prepared: Prepared
    seed: int
    observer: str
    arrangement: str
    objects: tuple[int, ...]
    launchers: tuple[str, ...]
    watches: tuple[int, ...]
    satellites: tuple[int, ...]
    owned: tuple[tuple[int, ...], ...]
    routes: tuple[tuple[Sharing, ...], ...]
    fusion: str
    query_s: tuple[float, ...]


class Sight(msgspec.Struct, frozen=True, eq=False):
    """One launch as seen in one replicate.

    first_s: first detection (inf: never seen); early_s: when a launch of unknown aim is firmly there; early_share: the
    share for low, mid and high of how far it might go; is_early_announced: place and time agree with a notice.
    impact_s: it is down. At each evaluation k: time_s, share, and whether a notice agrees in direction too. together_s,
    together_share: the same with the launcher's track, at own moments and at arrivals. asked: the chance factor of the
    answer's time.
    """

    first_s: float
    early_s: float
    early_share: tuple[float, ...]
    is_early_announced: bool
    impact_s: float
    time_s: Floats
    share: Floats
    is_announced: tuple[bool, ...]
    together_s: Floats
    together_share: Floats
    asked: float


class Reading(msgspec.Struct, frozen=True):
    """What one way makes of one launch in one replicate; `is_aimed` : the alarm rests on a predicted impact."""

    is_alarm: bool
    is_aimed: bool
    doubt_s: float


class Judged(msgspec.Struct, frozen=True):
    """One way for one launch: chance of an alarm and time in doubt with 95 % intervals.

    `aimed` is the chance of an alarm that rests on a predicted impact, not on a launch of unknown aim.
    `query_s` is the middle time of an answer (NaN where nobody asks); `same_as_nothing` says that no replicate differs
    from saying nothing.
    """

    object: str
    way: str
    level: float
    query_s: float
    alarms: int
    replicates: int
    seen: int
    alarm: Estimate
    aimed: Estimate
    doubt_s: Estimate
    same_as_nothing: bool


def plan_misreading(
    prepared: Prepared, observer: str | None, arrangement: str, seed: int, query_s: tuple[float, ...]
) -> MisreadingPlan:
    """Return the plan: who looks at which launches; `observer` None: the one party that launches nothing.

    Raises
    ------
    ScenarioError
        There is no such observer, nothing that another party launches, or one complex holds both.
    """
    scenario = prepared.scenario
    launched = tuple(launcher_of(prepared, i) for i in range(len(scenario.raid)))
    who = observer if observer is not None else _observer(scenario, launched)
    party = next((p for p in scenario.parties if p.id == who), None)
    if party is None:
        raise ScenarioError(
            f"--observer: expected a party of {scenario.id} ({', '.join(p.id for p in scenario.parties)}), got {who}; "
            "choose one"
        )
    objects = tuple(i for i, by in enumerate(launched) if by != who)
    if not objects:
        raise ScenarioError(f"--observer {who}: every launch of {scenario.id} is its own; choose another party")
    rules = next(a for a in scenario.arrangements if a.id == arrangement)
    routes = tuple(route(rules, launched[i], who) for i in objects)
    return MisreadingPlan(
        prepared=prepared,
        seed=seed,
        observer=who,
        arrangement=arrangement,
        objects=objects,
        launchers=tuple(launched[i] for i in objects),
        watches=tuple(k for k, r in enumerate(scenario.radars) if r.owner in party.states),
        satellites=tuple(k for k, s in enumerate(scenario.infrareds) if s.owner in party.states),
        owned=tuple(
            tuple(k for k, r in enumerate(scenario.radars) if scenario.party_of(r.owner) == launched[i])
            for i in objects
        ),
        routes=routes,
        fusion=rules.fusion,
        query_s=query_s,
    )


def launcher_of(prepared: Prepared, index: int) -> str:
    """Return the party whose land a launch comes from, "" for the sea and for third states."""
    place = prepared.scenario.raid[index].launch
    return prepared.scenario.party_of(state_at(prepared.territory, place.lat_rad, place.lon_rad)) or ""


def _observer(scenario: Scenario, launched: Sequence[str]) -> str:
    """Return the one party that launches nothing."""
    others = [p.id for p in scenario.parties if p.id not in launched]
    if len(others) != 1:
        raise ScenarioError(
            f"{scenario.id}: expected one party that launches nothing, found {len(others)}; name it with --observer"
        )
    return others[0]


def route(arrangement: Arrangement, sender: str, receiver: str) -> tuple[Sharing, ...]:
    """Return the rules by which a track of one party comes to another: one, or two through a centre; none: empty.

    Raises
    ------
    ScenarioError
        One complex serves both: it has one picture, and nobody to misread.
    """
    of = {party: c.id for c in arrangement.complexes for party in c.parties}
    start, end = of.get(sender), of.get(receiver)
    if start is not None and start == end:
        raise ScenarioError(
            f"--arrangement {arrangement.id}: expected launcher and observer in two complexes, found both in {start}; "
            "choose another"
        )
    tracks = [rule for rule in arrangement.sharing if rule.product == "track"]
    for rule in tracks:
        if (rule.sender, rule.receiver) == (start, end):
            return (rule,)
    for first in tracks:
        for then in tracks:
            if first.sender == start and then.sender == first.receiver and then.receiver == end:
                return (first, then)
    return ()


# --- one replicate ------------------------------------------------------------------------------------------


def run_misreading(plan: MisreadingPlan, replicate: int) -> tuple[Sight, ...]:
    """Return what the observer sees of every launch in one replicate."""
    world = draw_world(plan.prepared, plan.seed, replicate)
    return tuple(sight_of(plan, world, place) for place in range(len(plan.objects)))


def sight_of(plan: MisreadingPlan, world: World, place: int) -> Sight:
    """Return what the observer sees of one launch; `place` counts in the plan's objects."""
    prepared, i = plan.prepared, plan.objects[place]
    scenario, states = prepared.scenario, prepared.party_states[plan.observer]
    own = world.own_track(i, plan.watches, (math.inf,) * len(plan.watches))
    warned = _warned(plan, world, i)
    evaluation, track = own.evaluation, own.track
    firm_s = track.confirmed_s if track.time_s.size else math.inf
    rising = warned.launch if warned.seen_s <= firm_s else _rising(own)
    first_s = min(track.first_s if math.isfinite(firm_s) else math.inf, warned.seen_s)
    share = share_on(prepared.territory, states, ellipses(evaluation))
    notices = scenario.notices
    named = tuple(
        bool(found is not None and found.notice)
        for found in (
            classify(
                evaluation.state_ecef[k],
                evaluation.cov_ecef[k],
                float(evaluation.time_s[k]),
                (float(evaluation.impact_rad[k, 0]), float(evaluation.impact_rad[k, 1])),
                tuple(evaluation.ellipse_m[k].tolist()),
                evaluation.states[k],
                prepared.territory,
                warned.launch,
                notices,
            )
            for k in range(evaluation.time_s.size)
        )
    )
    together_s, together = _together(plan, world, place, own, share)
    query = next(s for s in scenario.stages if s.id == QUERY)
    return Sight(
        first_s=first_s,
        early_s=min(firm_s, warned.seen_s),
        early_share=()
        if rising is None
        else tuple(reach_share(prepared.territory, states, rising.lat_rad, rising.lon_rad, m) for m in FARTHEST_M),
        is_early_announced=rising is not None and any(agrees(rising, notice) for notice in notices),
        impact_s=world.flights[i].impact_s,
        time_s=evaluation.time_s,
        share=share,
        is_announced=named,
        together_s=together_s,
        together_share=together,
        asked=stage_time(world.luck, 1.0, query.spread, 0, QUERY, prepared.object_hash[i]),
    )


class _Warned(msgspec.Struct, frozen=True):
    """The first report of own space warning: when, and of which launch; inf and None without."""

    seen_s: float
    launch: LaunchEstimate | None


def _warned(plan: MisreadingPlan, world: World, i: int) -> _Warned:
    reports = [world.warnings[k][i] for k in plan.satellites]
    seen = min((r for r in reports if r.time_s < world.flights[i].impact_s), key=lambda r: r.time_s, default=None)
    if seen is None:
        return _Warned(math.inf, None)
    launch = LaunchEstimate(seen.lat_rad, seen.lon_rad, seen.error_m, seen.launch_s, seen.launch_sigma_s)
    return _Warned(seen.time_s, launch)


def _rising(own: OwnTrack) -> LaunchEstimate | None:
    """Return where a rising object may have been launched: below it, within its height; None without a firm track."""
    track = own.track
    if not track.time_s.size or math.isinf(track.confirmed_s):
        return None
    row = int(track.time_s.searchsorted(track.confirmed_s, side="right")) - 1
    lat, lon, height_m = ecef_to_geodetic(*track.state_ecef[row, :3].tolist())
    return LaunchEstimate(lat, lon, 0.5 * height_m, track.confirmed_s - RISING_S, 0.5 * RISING_S)


def agrees(launch: LaunchEstimate, notice: Notice) -> bool:
    """Whether place and time of a launch of unknown aim agree with a notice, within its bounds and two sigma."""
    off_m, _, _, _ = geodesic_inverse(launch.lat_rad, launch.lon_rad, notice.place.lat_rad, notice.place.lon_rad)
    slack_s = 2.0 * launch.sigma_s
    return bool(
        off_m <= notice.within_m + 2.0 * launch.sigma_m
        and notice.from_s - slack_s <= launch.time_s <= notice.to_s + slack_s
    )


def ellipses(evaluation: EvaluationHistory) -> Floats:
    """Return the footprints (m, 5) of an evaluation."""
    return np.ascontiguousarray(np.hstack([evaluation.impact_rad, evaluation.ellipse_m]))


def _together(plan: MisreadingPlan, world: World, place: int, own: OwnTrack, share: Floats) -> tuple[Floats, Floats]:
    """Return times and shares of the picture to which the launcher's track comes, at own moments and at arrivals.

    As in a node: the joint picture is made when a record arrives, and stays until the own track is sharper.
    """
    times, kept = own.evaluation.time_s, share
    arrivals = _arrivals(plan, world, place, own)
    if not arrivals:
        return times, kept
    events = [
        (float(t), _area(own.evaluation, k), float(s), 0) for k, (t, s) in enumerate(zip(times, share, strict=True))
    ]
    events += [(t, area, s, 1) for t, area, s in arrivals]
    newest: list[tuple[float, float] | None] = [None, None]
    found = []
    for time_s, area, part, whose in sorted(events):
        newest[whose] = (area, part)
        found.append((time_s, min(n for n in newest if n is not None)[1]))
    return np.array([f[0] for f in found]), np.array([f[1] for f in found])


def _area(evaluation: EvaluationHistory, k: int) -> float:
    return float(evaluation.ellipse_m[k, 0] * evaluation.ellipse_m[k, 1])


def _arrivals(plan: MisreadingPlan, world: World, place: int, own: OwnTrack) -> list[tuple[float, float, float]]:
    """Return (time, area, share) of the joint picture at each arrival of the launcher's track.

    It is told when it can first be evaluated and whenever it touches other states, as a rule without a period does.
    """
    i, rules = plan.objects[place], plan.routes[place]
    radars = plan.owned[place]
    if not rules or not radars:
        return []
    launch_s = world.flights[i].launch_s
    theirs = world.own_track(i, radars, (launch_s,) * len(radars))
    prepared, states = plan.prepared, plan.prepared.party_states[plan.observer]
    found = []
    before: tuple[str, ...] | None = None
    number = 0
    for row, told in enumerate(theirs.evaluation.states):
        if told == before:
            continue
        before = told
        told_s = float(theirs.evaluation.time_s[row])
        record = shared_track(i, theirs, row, told_s, rules[0])
        arrives_s = told_s
        for rule in rules:
            if record is not None:
                record = coarsened(record, rule)  # type: ignore[assignment]  # a track stays a track
            stage = next(s for s in prepared.scenario.stages if s.id == rule.act)
            arrives_s += link_time(
                world.luck,
                stage.time_s,
                stage.spread,
                f"{rule.sender}>{rule.receiver}",
                rule.product,
                prepared.object_hash[i],
                number,
            )
        number += 1
        if record is None or arrives_s >= world.flights[i].impact_s:
            continue
        joint = moment_of(record, arrives_s, f"{rules[-1].sender}#{told_s:.3f}")
        if joint is None:
            continue
        mine = _moment(own, arrives_s)
        if mine is not None and mine.is_coasting:
            fused = fuse(mine, joint, plan.fusion)
            if not fused.rule:
                continue
            joint = fused.moment
        seen = evaluate_state(joint.state_ecef, joint.cov_ecef, joint.time_s, joint.radars, prepared.territory)
        if seen is not None:
            part = float(share_on(prepared.territory, states, ellipses(seen))[0])
            found.append((arrives_s, _area(seen, 0), part))
    return found


def _moment(own: OwnTrack, now_s: float) -> TrackMoment | None:
    """Return the newest state of the observer's own firm track, None if there is none."""
    track = own.track
    row = int(track.time_s.searchsorted(now_s, side="right")) - 1
    if row < 0 or track.confirmed_s > now_s:
        return None
    return TrackMoment(
        time_s=float(track.time_s[row]),
        state_ecef=track.state_ecef[row],
        cov_ecef=track.cov_ecef[row],
        radars=tuple(sorted(set(track.sensor[: row + 1].tolist()))),
        is_coasting=bool(track.is_ballistic[row]),
    )


# --- judging ------------------------------------------------------------------------------------------------


def read(sight: Sight, way: str, level: float, query_s: float) -> Reading:
    """Return what one way makes of one sight.

    An alarm: before the launch is known, the share is at least `level`, first of the launch of unknown aim, then at
    some evaluation. In doubt: from the first detection until the last such moment is followed by a lower one (or by the
    impact), never before there is an aim; or until the launch is known.

    *Check* first seen at 50 s, evaluated at 60, 70, 80 s with shares 0.3, 0.2, 0.0, level 0.1: an alarm, 30 s in doubt.
    """
    if math.isinf(sight.first_s):
        return Reading(is_alarm=False, is_aimed=False, doubt_s=0.0)
    times, shares = (sight.together_s, sight.together_share) if way == "shared" else (sight.time_s, sight.share)
    known_s = math.inf
    if way == "notice":
        known_s = _noticed_s(sight)
    elif way == "hotline":
        known_s = sight.early_s + query_s * sight.asked
    high = np.flatnonzero(shares >= level)
    last = int(high[-1]) + 1 if high.size else 0
    low_s = float(times[last]) if last < times.size else sight.impact_s
    aimed = bool(high.size and float(times[high[0]]) < known_s)
    early = bool(sight.early_share and sight.early_share[len(FARTHEST_M) // 2] >= level and sight.early_s < known_s)
    early = early and not (times.size and float(times[0]) <= sight.early_s)
    ends_s = min(low_s, known_s, sight.impact_s)
    return Reading(is_alarm=aimed or early, is_aimed=aimed, doubt_s=max(0.0, ends_s - sight.first_s))


def _noticed_s(sight: Sight) -> float:
    """Return when a notice at the watch explains the launch; inf if none does.

    Place and time are enough until there is an aim. An aim that then disagrees brings the doubt back: such a launch is
    explained when, if ever, its direction agrees.
    """
    if sight.is_early_announced and (not sight.is_announced or sight.is_announced[0]):
        return sight.early_s
    return next((float(t) for t, a in zip(sight.time_s, sight.is_announced, strict=True) if a), math.inf)


def judge_all(
    plan: MisreadingPlan, results: Sequence[tuple[Sight, ...]], levels: Sequence[float]
) -> tuple[Judged, ...]:
    """Judge every launch, level and way; the hotline at low, mid and high of the time an answer takes."""
    found = []
    for place, index in enumerate(plan.objects):
        sights = [r[place] for r in results]
        for level in levels:
            plain = [read(s, "nothing", level, math.nan) for s in sights]
            for way in WAYS:
                for query_s in plan.query_s if way == "hotline" else (math.nan,):
                    readings = [read(s, way, level, query_s) for s in sights]
                    name = plan.prepared.scenario.raid[index].id
                    found.append(_judged(name, way, level, query_s, sights, readings, plain))
    return tuple(found)


def _judged(
    name: str,
    way: str,
    level: float,
    query_s: float,
    sights: Sequence[Sight],
    readings: Sequence[Reading],
    plain: Sequence[Reading],
) -> Judged:
    n, alarms, aimed = len(readings), sum(r.is_alarm for r in readings), sum(r.is_aimed for r in readings)
    return Judged(
        object=name,
        way=way,
        level=level,
        query_s=query_s,
        alarms=alarms,
        replicates=n,
        seen=sum(math.isfinite(s.first_s) for s in sights),
        alarm=Estimate(alarms / n, *wilson(alarms, n), n),
        aimed=Estimate(aimed / n, *wilson(aimed, n), n),
        doubt_s=estimate_mean(np.array([r.doubt_s for r in readings]), least=0.0),
        same_as_nothing=list(readings) == list(plain),
    )
