"""Is a fused track as sure as it ought to be, and what does fusing gain? Both complexes of the reference scenario.

Every missile of `europe-2012` is tracked by both complexes with radars of their own. At whole seconds of its flight
above the air the newest record of the partner (rounded, late) is fused with the own track and compared with the truth.
A 95 % ellipsoid must hold the truth in at least 93 of 100 cases: in six dimensions, and on the ground. That is promised
where the tracks that go in are sound themselves, by the criterion of the tracker (mean normalised error squared within
10 % of 6); a missile whose tracks are not is named, left out, and shown in rows of its own. Rows with a liar in them
have no bound: they show what a false or an over-confident record does. Run with `-s` for the tables of
docs/explanation/fusion.md.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterator

import msgspec
import numpy as np
import pytest
from scipy.stats import chi2

from diptych.edge.build import load_scenario
from diptych.edge.geography import load_cities, load_territory
from diptych.kernels.earth import ecef_to_geodetic_many, enu_basis, geodetic_to_ecef
from diptych.kernels.impact import impact_row
from diptych.model.messages import OwnTrack, SharedTrack
from diptych.model.picture import Fused, TrackMoment
from diptych.node.share import to_grid
from diptych.sim.prepare import prepare
from diptych.sim.world import TrueFlight, draw_world
from diptych.tracking.fuse import at, fuse, moment_of

REPLICATES = 30
SEED = 20120520
EVERY_S = 80
NEES_95 = chi2.ppf(0.95, 6)
ELLIPSE_95 = math.sqrt(chi2.ppf(0.95, 2)) / 2.0  # the kernel's axes are two standard deviations
RULES = ("covariance-intersection", "disjoint-sensors")
FLOOR = 0.93


@dataclasses.dataclass(frozen=True)
class Case:
    """One missile at one moment: two own tracks of two complexes, the truth, when, and the run it belongs to."""

    own: OwnTrack
    partner: OwnTrack
    flight: TrueFlight
    now_s: float
    truth: np.ndarray
    run: int


@dataclasses.dataclass(frozen=True)
class Way:
    """How a record is told: grid, delay, and what a liar does to it."""

    name: str
    grid_m: float = 0.0
    grid_mps: float = 0.0
    delay_s: float = 0.0
    lie_m: float = 0.0
    boast: float = 1.0
    is_radar_told: bool = True


HONEST = (
    Way("as held, at once"),
    Way("as held, 30 s late", delay_s=30.0),
    Way("500 m and 10 m/s, 5 s late", 500.0, 10.0, 5.0),
    Way("2 km and 50 m/s, 20 s late", 2000.0, 50.0, 20.0),
    Way("10 km and 200 m/s, 60 s late", 10_000.0, 200.0, 60.0),
)
LIES = (
    Way("moved by 300 m", lie_m=300.0),
    Way("moved by 1 km", lie_m=1000.0),
    Way("moved by 3 km", lie_m=3000.0),
    Way("moved by 10 km", lie_m=10_000.0),
    Way("covariance a quarter of what it should be", boast=0.25),
    Way("covariance a tenth", boast=0.1),
    Way("covariance a hundredth", boast=0.01),
)


def moments(own: OwnTrack, partner: OwnTrack, flight: TrueFlight) -> Iterator[tuple[float, np.ndarray]]:
    """Yield whole seconds of flight above 100 km at which both hold a firm track that has coasted, and the truth."""
    height = ecef_to_geodetic_many(flight.samples)[:, 2]
    first = max(first_coasting(t) for t in (own, partner))
    last = min(float(t.track.time_s[-1]) if t.track.time_s.size else 0.0 for t in (own, partner)) + 30.0
    start = flight.launch_s + math.ceil(first - flight.launch_s) + 5.0 if math.isfinite(first) else math.inf
    t = start
    while t <= last and t < flight.impact_s:
        second = round(t - flight.launch_s)
        if height[second] > 100e3:
            yield t, flight.samples[second]
        t += EVERY_S


def first_coasting(own: OwnTrack) -> float:
    """Return when a firm track is first held to coast; inf if never."""
    track = own.track
    return float(min(track.time_s[track.is_ballistic & (track.time_s >= track.confirmed_s)], default=math.inf))


@pytest.fixture(scope="module")
def cases() -> list[Case]:
    scenario = load_scenario("europe-2012", arrangements=("separate",))
    prepared = prepare(scenario, load_territory(), load_cities())
    sides = [tuple(i for i, r in enumerate(scenario.radars) if r.owner in p.states) for p in scenario.parties]
    found = []
    for replicate in range(REPLICATES):
        world = draw_world(prepared, SEED, replicate)
        for j, flight in enumerate(world.flights):
            both = [world.own_track(j, side, (math.inf,) * len(side)) for side in sides]
            for own, partner in (both, both[::-1]):
                found += [Case(own, partner, flight, t, truth, replicate) for t, truth in moments(own, partner, flight)]
    return found


@pytest.fixture(scope="module")
def sound(cases: list[Case]) -> list[Case]:
    """The missiles whose single tracks are consistent; those that are not are named."""
    squared: dict[int, list[float]] = {}
    for case in cases:
        mine = at(held(case.own, case.now_s), case.now_s)
        error = mine.state_ecef - case.truth
        squared.setdefault(case.own.object, []).append(float(error @ np.linalg.solve(mine.cov_ecef, error)))
    mean = {number: float(np.mean(values)) for number, values in squared.items()}
    left_out = {number: round(value, 2) for number, value in mean.items() if not 5.4 <= value <= 6.6}
    print(f"left out, mean normalised error squared of the single tracks: {left_out}")
    assert len(left_out) <= 2
    return [case for case in cases if case.own.object not in left_out]


def held(own: OwnTrack, now_s: float) -> TrackMoment:
    """Return the newest row of an own track at a time."""
    track = own.track
    row = int(track.time_s.searchsorted(now_s, side="right")) - 1
    return TrackMoment(
        float(track.time_s[row]), track.state_ecef[row], track.cov_ecef[row],
        tuple(sorted(set(track.sensor[: row + 1].tolist()))), (), bool(track.is_ballistic[row]),
    )  # fmt: skip


def tell(moment: TrackMoment, way: Way, towards: np.ndarray, is_coasting: bool = True) -> SharedTrack:
    """Return a record of a track as a way of telling lets it out; a lie moves it along a horizontal direction."""
    state = moment.state_ecef.copy()
    state[:3] += way.lie_m * towards
    rounded = [to_grid(v, way.grid_m if i < 3 else way.grid_mps) for i, v in enumerate(state.tolist())]
    return SharedTrack(
        object=0, time_s=moment.time_s, state_ecef=tuple(rounded), position_grid_m=way.grid_m, impact_s=math.nan,
        impact_lat_rad=math.nan, impact_lon_rad=math.nan, states=(), radars=moment.radars if way.is_radar_told else (),
        velocity_grid_mps=way.grid_mps, cov_ecef=tuple((moment.cov_ecef * way.boast).ravel().tolist()),
        is_coasting=is_coasting,
    )  # fmt: skip


def sideways(case: Case) -> np.ndarray:
    """Return a horizontal unit vector across the direction of flight."""
    side = np.cross(case.truth[:3], case.truth[3:])
    return side / np.linalg.norm(side)


def together(case: Case, way: Way, rule: str) -> tuple[TrackMoment, TrackMoment, Fused]:
    """Return the own track of now, the partner's as prepared, and the fused one."""
    mine = at(held(case.own, case.now_s), case.now_s)
    theirs = held(case.partner, case.now_s - way.delay_s)
    record = tell(theirs, way, sideways(case), theirs.is_coasting)
    partner = moment_of(record, case.now_s, "partner#1")
    assert partner is not None
    return mine, partner, fuse(mine, partner, rule)


def is_inside(moment: TrackMoment, truth: np.ndarray) -> bool:
    error = moment.state_ecef - truth
    return bool(error @ np.linalg.solve(moment.cov_ecef, error) <= NEES_95)


def miss_m(moment: TrackMoment, truth: np.ndarray) -> float:
    return float(np.linalg.norm(moment.state_ecef[:3] - truth[:3]))


def log_det(moment: TrackMoment) -> float:
    return float(np.linalg.slogdet(moment.cov_ecef)[1])


def ground(moment: TrackMoment, flight: TrueFlight) -> tuple[bool, float]:
    """Return whether the 95 % ellipse of impact holds the true point, and its area, km2."""
    out = np.empty(6)
    assert impact_row(moment.state_ecef, moment.cov_ecef, out) == 0
    lat, lon = out[1:3]
    east, north, _ = enu_basis(lat, lon) @ (np.array(flight.impact_ecef_m) - np.array(geodetic_to_ecef(lat, lon, 0.0)))
    along = east * math.sin(out[5]) + north * math.cos(out[5])
    across = east * math.cos(out[5]) - north * math.sin(out[5])
    major, minor = out[3] * ELLIPSE_95, out[4] * ELLIPSE_95
    return bool((along / major) ** 2 + (across / minor) ** 2 <= 1.0), math.pi * major * minor / 1e6


def row_of(cases: list[Case], way: Way, rule: str) -> dict[str, float]:
    """Return what fusing by one rule gives over all cases."""
    inside, own_inside, partner_inside, on_ground, gain, refused, fused_m, own_m, shift, area = ([] for _ in range(10))
    worst = -math.inf
    for case in cases:
        if case.now_s - way.delay_s < case.partner.track.confirmed_s:
            continue  # nothing had been told yet
        mine, theirs, found = together(case, way, rule)
        refused.append(found.reason == "inconsistent")
        inside.append(is_inside(found.moment, case.truth))
        own_inside.append(is_inside(mine, case.truth))
        partner_inside.append(is_inside(theirs, case.truth))
        fused_m.append(miss_m(found.moment, case.truth))
        own_m.append(miss_m(mine, case.truth))
        shift.append(float(np.linalg.norm(found.moment.state_ecef[:3] - mine.state_ecef[:3])))
        holds, km2 = ground(found.moment, case.flight)
        on_ground.append(holds)
        area.append(km2 / (ground(mine, case.flight)[1] if found.rule else km2))
        if found.rule:
            better = min(log_det(mine), log_det(theirs))
            gain.append((log_det(found.moment) - better) / 12.0)
            worst = max(worst, gain[-1])
    return {
        "n": len(inside),
        "refused": float(np.mean(refused)),
        "own held": float(np.mean(own_inside)),
        "partner held": float(np.mean(partner_inside)),
        "held": float(np.mean(inside)),
        "ground held": float(np.mean(on_ground)),
        "gain": float(np.exp(np.mean(gain))) if gain else math.nan,
        "worst": math.exp(worst) if gain else math.nan,
        "area": float(np.median(area)),
        "own m": float(np.median(own_m)),
        "fused m": float(np.median(fused_m)),
    }


def show(title: str, rule: str, row: dict[str, float]) -> None:
    print(
        f"| {title} | {rule} | {row['refused']:.1%} | {row['own held']:.1%} | {row['partner held']:.1%} | "
        f"{row['held']:.1%} | {row['ground held']:.1%} | {row['gain']:.2f} | {row['area']:.2f} | "
        f"{row['own m']:.0f} | {row['fused m']:.0f} |"
    )


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("way", HONEST, ids=lambda w: w.name)
def test_a_fused_track_holds_the_truth_as_often_as_it_says(sound: list[Case], way: Way, rule: str) -> None:
    row = row_of(sound, way, rule)
    show(way.name, rule, row)
    assert row["n"] > 1000
    assert row["held"] >= FLOOR
    assert row["ground held"] >= FLOOR
    assert row["worst"] <= 1.0 + 1e-9
    assert row["refused"] <= 0.01


@pytest.mark.parametrize("rule", RULES)
def test_fusing_tracks_that_are_too_sure_mends_nothing_and_is_shown(
    cases: list[Case], sound: list[Case], rule: str
) -> None:
    """Over all missiles the fused ellipsoid holds the truth about as often as the single ones, whatever that is."""
    row = row_of(cases, HONEST[0], rule)
    show("all missiles, as held, at once", rule, row)
    assert row["held"] >= min(row["own held"], row["partner held"]) - 0.02
    kept = {case.own.object for case in sound}
    for number in sorted({case.own.object for case in cases} - kept):
        only = row_of([case for case in cases if case.own.object == number], HONEST[0], rule)
        show(f"missile {number} of the raid only", rule, only)


@pytest.mark.parametrize("way", LIES, ids=lambda w: w.name)
def test_what_a_false_record_does_is_shown(sound: list[Case], way: Way) -> None:
    for rule in RULES:
        row = row_of(sound[::2], way, rule)
        show(way.name, rule, row)
        assert row["refused"] > 0.01  # honest records are refused less often than that


LOOPS = ("own tracks only are told", "fused tracks go round", "fused tracks go round, radars not told")


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("kind", LOOPS)
def test_a_track_that_comes_back_through_the_partner_makes_nobody_too_sure(
    sound: list[Case], kind: str, rule: str
) -> None:
    """Six turns at one moment. The first kind is the product's; the others show that provenance and rule carry it."""
    way = Way("loop", 500.0, 10.0, is_radar_told=kind != LOOPS[2])
    single, looped, growth = [], [], []
    for case in sound[::3]:
        mine = at(held(case.own, case.now_s), case.now_s)
        theirs = at(held(case.partner, case.now_s), case.now_s)
        view_a, view_b = mine, theirs
        for turn in range(6):
            told = view_a if kind != LOOPS[0] else mine
            got = moment_of(tell(told, way, sideways(case)), case.now_s, f"a#{turn}")
            view_b = fuse(view_b if kind != LOOPS[0] else theirs, got, rule).moment
            told = view_b if kind != LOOPS[0] else theirs
            back = moment_of(tell(told, way, sideways(case)), case.now_s, f"b#{turn}")
            view_a = fuse(view_a if kind != LOOPS[0] else mine, back, rule).moment
            if turn == 0:
                once = view_a
        single.append(is_inside(once, case.truth))
        looped.append(is_inside(view_a, case.truth))
        growth.append((log_det(view_a) - log_det(once)) / 12.0)
    print(f"| {kind} | {rule} | {np.mean(single):.1%} | {np.mean(looped):.1%} | {math.exp(np.mean(growth)):.3f} |")
    assert np.mean(looped) >= FLOOR


def test_own_track_told_back_changes_nothing(sound: list[Case]) -> None:
    """Rounded and late, with its radars named it is refused; without them it gets no weight that matters."""
    changed = []
    for case in sound[::3]:
        mine = at(held(case.own, case.now_s), case.now_s)
        way = Way("back", 500.0, 10.0)
        back = tell(held(case.own, case.now_s - 10.0), way, sideways(case))
        named = fuse(mine, moment_of(back, case.now_s, "back"), "disjoint-sensors")
        assert named.reason in ("own-data", "inconsistent")
        assert named.moment is mine
        nameless = msgspec.structs.replace(back, radars=())
        found = fuse(mine, moment_of(nameless, case.now_s, "back"), "disjoint-sensors")
        changed.append((log_det(found.moment) - log_det(mine)) / 12.0)
    print(f"own track told back without its radars: per-axis size {math.exp(np.mean(changed)):.3f} of the own one")
    assert math.exp(np.mean(changed)) > 0.9


def test_adding_without_asking_what_is_shared_would_be_too_sure(sound: list[Case]) -> None:
    """The mistake the rules prevent: the same two tracks added six times over."""
    inside = []
    for case in sound[::3]:
        mine = at(held(case.own, case.now_s), case.now_s)
        theirs = at(held(case.partner, case.now_s), case.now_s)
        view = mine
        for turn in range(6):
            fresh = msgspec.structs.replace(theirs, radars=(100 + turn,), messages=(f"b#{turn}",))
            view = fuse(view, fresh, "disjoint-sensors").moment
        inside.append(is_inside(view, case.truth))
    print(f"added six times as if new: the 95 % ellipsoid holds the truth in {np.mean(inside):.1%}")
    assert np.mean(inside) < 0.85
