"""What conducts do to whole runs: refusals are real, lies cost time, and nobody's announcement holds fire for ever."""

import math
from collections.abc import Iterator
from pathlib import Path

import msgspec
import numpy as np
import pytest

from diptych.edge.build import load_scenario
from diptych.edge.geography import load_cities, load_territory
from diptych.model.arrangement import Arrangement
from diptych.model.conduct import Change, Conduct, Since
from diptych.model.messages import Share, SharedTrack
from diptych.model.record import RunRecord
from diptych.sim.acting import Acting
from diptych.sim.conduct import behaviour_of, hosts_of, matters
from diptych.sim.journal import Journal
from diptych.sim.prepare import Prepared, prepare
from diptych.sim.run import _Run, run
from diptych.sim.world import World, draw_world
from diptych.study import replicate
from diptych.study.design import outcome_digest, rows_of

REPLICATES = 3
ACTORS = ("nato", "russia")


@pytest.fixture(scope="module")
def worlds(europe: Prepared) -> list[World]:
    return [draw_world(europe, 20120521, i) for i in range(REPLICATES)]


def named(world: World, name: str) -> Arrangement:
    return next(a for a in world.prepared.scenario.arrangements if a.id == name)


def play(world: World, name: str, conduct: str | Conduct = "cooperative") -> RunRecord:
    return run(world, named(world, name), conduct, keep_events=True)


def always(kind: str, actor: str, **values: float) -> Conduct:
    """Return a conduct of one change that always comes to pass."""
    return Conduct(f"{kind}:{actor}", kind, "", "party", actor, Since(), (Change(kind, **values),))


def bodies(record: RunRecord) -> tuple[object, ...]:
    """Return all that a record holds of what happened."""
    return record.fates, record.engagements, record.shots, record.magazines


def idle(world: World) -> Iterator[tuple[Arrangement, Conduct]]:
    """Yield what is not played because it cannot matter."""
    scenario = world.prepared.scenario
    for arrangement in scenario.arrangements:
        hosts = hosts_of(scenario.batteries, arrangement)
        for conduct in scenario.behaviours:
            if not arrangement.is_baseline and conduct.changes and not matters(conduct, arrangement, hosts):
                yield arrangement, conduct


def test_where_a_conduct_cannot_matter_playing_it_changes_not_one_event(worlds: list[World]) -> None:
    world = worlds[0]
    known: dict[str, RunRecord] = {}
    tried = 0
    for arrangement, conduct in idle(world):
        if conduct.actor == "russia" or conduct.kind != "party":
            plain = known.setdefault(arrangement.id, run(world, arrangement, "cooperative", keep_events=True))
            game = _Run(world, arrangement, Acting(world, arrangement, conduct), Journal(world.prepared, is_kept=True))
            game.play()
            assert game.journal.events() == plain.events, (arrangement.id, conduct.label)
            tried += 1
    assert tried > 50


def test_a_run_that_cannot_differ_is_not_played_again(worlds: list[World], monkeypatch: pytest.MonkeyPatch) -> None:
    played = []

    def counted(world: World, arrangement: Arrangement, conduct: str, keep_events: bool) -> RunRecord:
        played.append((arrangement.id, conduct))
        return run(world, arrangement, conduct, keep_events)

    monkeypatch.setattr(replicate, "run", counted)
    scenario = worlds[0].prepared.scenario
    rows = rows_of(scenario, ["separate", "dual-key"], ["cooperative", "silent:russia"])
    records = replicate.run_rows(worlds[0], rows, keep_events=False)
    assert [p for p in played if p[1] != "cooperative"] == [("dual-key", "silent:russia")]
    shared = records["separate@silent:russia"]
    assert shared == msgspec.structs.replace(records["separate"], conduct="silent:russia")
    assert bodies(shared) == bodies(play(worlds[0], "separate", "silent:russia"))


def test_a_victim_of_empty_announcements_still_fires_in_every_window_it_would_have_used(worlds: list[World]) -> None:
    """Build 3: what an announcement costs lies between it and the victim's own last safe launch time."""
    held = 0
    for world in worlds:
        for actor in ACTORS:
            plain, claimed = play(world, "coordinated"), play(world, "coordinated", f"claims-engagements:{actor}")
            for a, b in zip(plain.engagements, claimed.engagements, strict=True):
                if b.complex_id == actor or not math.isfinite(a.released_s):
                    continue
                assert math.isfinite(b.released_s), (world.luck.replicate, actor, b.object, b.reason)
                assert b.released_s <= b.last_close_s
                held += b.held_s > 0.0
    assert held > 0


def test_a_claimant_who_broke_its_word_holds_fewer_shots(worlds: list[World]) -> None:
    """Announced for three minutes before the impact, the first engagements are seen not to happen while others wait."""
    early = always("claim", "russia", before_impact_s=240.0)
    patience = {}
    for count in (1, 1000):
        settings = msgspec.structs.replace(worlds[0].prepared.scenario.trust, broken_claims_count=count)
        total = 0.0
        for world in worlds:
            scenario = msgspec.structs.replace(world.prepared.scenario, trust=settings)
            there = msgspec.structs.replace(world, prepared=msgspec.structs.replace(world.prepared, scenario=scenario))
            total += sum(e.held_s for e in play(there, "coordinated", early).engagements)
        patience[count] = total
    assert 0.0 < patience[1] < patience[1000]


def test_a_key_that_is_refused_ends_in_withheld_and_one_in_three_lets_some_through(worlds: list[World]) -> None:
    record = play(worlds[0], "dual-key", always("refuse", "russia"))
    assert not record.shots
    reasons = {e.reason for e in record.engagements}
    assert "withheld" in reasons
    assert "consent" not in reasons
    some = [play(w, "dual-key", always("refuse", "russia", probability=0.3)) for w in worlds]
    assert any(r.shots for r in some)
    assert any(e.reason == "withheld" for r in some for e in r.engagements)


def test_consent_taken_back_ends_what_had_not_been_fired(worlds: list[World]) -> None:
    world = worlds[0]
    plain, defecting = play(world, "dual-key"), play(world, "dual-key", "defecting:russia")
    first_s = min(s.launch_s for s in plain.shots)
    assert defecting.shots
    assert {s.object for s in defecting.shots} < {s.object for s in plain.shots}
    assert min(s.launch_s for s in defecting.shots) == first_s
    assert any(e.kind == "answered" and e.text.endswith("no") for e in defecting.events)


def test_a_partner_that_holds_its_fire_leaves_others_territory_and_defends_its_own(worlds: list[World]) -> None:
    record = play(worlds[0], "sectoral-cross-cover", always("hold-fire", "russia"))
    plain = play(worlds[0], "sectoral-cross-cover")
    own = {e.object for e in plain.engagements if e.complex_id == "russia" and e.action == "intercept-over-own"}
    for a, b in zip(plain.engagements, record.engagements, strict=True):
        if a.complex_id == "russia" and a.object in own:
            assert a.released_s == b.released_s
        elif a.complex_id == "russia":
            assert math.isinf(b.released_s)


def test_a_lie_in_good_numbers_is_noticed_set_aside_and_moves_no_shot(worlds: list[World]) -> None:
    wasted_s = 0.0
    for world in worlds:
        plain = play(world, "coordinated")
        for actor in ACTORS:
            lied = play(world, "coordinated", f"deceptive:{actor}")
            victim = next(a for a in ACTORS if a != actor)
            assert (victim, actor) in lied.distrusted
            assert any(e.kind == "distrusted" and e.actor == victim for e in lied.events)
            assert not [s for s in lied.shots if s.object < 0]
            wasted_s += sum(s for _, s in lied.radar_wasted_s)
        assert not plain.distrusted
        assert not plain.radar_wasted_s
    assert wasted_s > 0.0


def test_under_launch_on_partner_tracks_a_shot_may_go_into_empty_space_and_is_written_down(worlds: list[World]) -> None:
    """Twelve objects that do not exist, told by a partner that does nothing else wrong."""
    lie = always("invent", "russia", count=12)
    shots = 0
    for world in worlds:
        trusting = msgspec.structs.replace(named(world, "coordinated"), partner_tracks="launch")
        record = run(world, trusting, lie, keep_events=True)
        assert len(record.engagements) == 2 * len(world.flights)
        nothing = [s for s in record.shots if s.object < 0]
        assert all(s.outcome == "wasted" and s.ordinal == -1 for s in nothing)
        shots += len(nothing)
        own = sum(s.object >= 0 for s in record.shots)
        left = sum(b.magazine for b in world.prepared.scenario.batteries) - sum(record.magazines)
        assert own + len(nothing) == left
    assert shots > 0


def test_a_flood_drowns_the_flooders_own_word_and_nothing_else(worlds: list[World]) -> None:
    world = worlds[0]
    flooded = play(world, "coordinated", "flooding:russia")
    apart = play(world, "separate")
    assert sum(count for _, count in flooded.dropped) > 10
    released = {e.object for e in flooded.engagements if e.complex_id == "nato" and math.isfinite(e.released_s)}
    assert released >= {e.object for e in apart.engagements if e.complex_id == "nato" and math.isfinite(e.released_s)}
    taken = [e for e in flooded.events if e.kind == "received" and e.actor == "fusion" and "from russia" in e.text]
    assert 0 < len(taken) < len([e for e in flooded.events if e.kind == "shared" and e.actor == "russia"])


def test_without_the_links_each_side_is_where_it_was_apart(worlds: list[World]) -> None:
    for world in worlds:
        assert outcome_digest(play(world, "coordinated", "link-lost")) == outcome_digest(play(world, "separate"))


def test_without_its_centre_nothing_of_what_it_passes_on_arrives(worlds: list[World]) -> None:
    lost = play(worlds[0], "coordinated", "centre-lost:data-fusion")
    assert not [e for e in lost.events if e.kind == "received" and e.text.startswith(("track", "launch-detection"))]
    assert [e for e in lost.events if e.kind == "shared" and e.other == "fusion"]


def test_a_member_that_objects_stops_what_its_alliance_shares_and_not_what_it_hears(worlds: list[World]) -> None:
    record = play(worlds[0], "coordinated", "member-objects:TR")
    shared = [e for e in record.events if e.kind == "shared" and e.actor == "nato"]
    assert not [e for e in shared if e.text in ("track", "launch-detection")]
    assert [e for e in record.events if e.kind == "received" and e.actor == "nato"]


def test_from_the_first_impact_on_a_partner_can_fall_silent(worlds: list[World]) -> None:
    record = play(worlds[0], "coordinated", "silent-later:russia")
    first_s = min(f.end_s for f in record.fates if not f.is_killed)
    sent = [e.time_s for e in record.events if e.kind == "shared" and e.actor == "russia"]
    plain = [e.time_s for e in play(worlds[0], "coordinated").events if e.kind == "shared" and e.actor == "russia"]
    assert sent
    assert max(sent) < first_s < max(plain)


def test_late_data_come_later_by_what_the_file_says(worlds: list[World]) -> None:
    plain, late = play(worlds[0], "coordinated"), play(worlds[0], "coordinated", "late:russia")

    def first(record: RunRecord) -> float:
        return min(e.value for e in record.events if e.kind == "shared" and e.actor == "russia")

    assert first(late) == pytest.approx(first(plain) + 120.0, abs=1e-6)


def test_the_same_conduct_meets_the_same_luck_in_another_run(worlds: list[World]) -> None:
    for conduct in ("withholding:russia", "deceptive:nato", "objecting:russia"):
        one, two = play(worlds[1], "coordinated", conduct), play(worlds[1], "coordinated", conduct)
        assert bodies(one) == bodies(two)
        assert one.events == two.events


HOSTS = """\
schema: diptych/scenario/1
extends: europe-2012-four
id: hosts
title: Batteries on other states' soil
date: 2019-01-01
assets:
  sites: [deveselu, gaziantep-lower, kurecik, us-space-warning, armavir]
conducts: ["host-withholds:RO", "host-withholds:TR"]
"""


def test_a_host_grounds_the_batteries_on_its_own_soil_and_no_others(tmp_path: Path) -> None:
    path = tmp_path / "hosts.yaml"
    path.write_text(HOSTS, encoding="utf-8")
    surely = {"conducts.host-withholds.refuse.with_probability": 1.0}
    scenario = load_scenario(str(path), arrangements=("national",), settings=surely)
    world = draw_world(prepare(scenario, load_territory(), load_cities()), 1, 0)
    plain, romania, turkey = (
        play(world, "national", c) for c in ("cooperative", "host-withholds:RO", "host-withholds:TR")
    )
    assert {scenario.batteries[s.battery].host for s in plain.shots} == {"RO"}
    assert not romania.shots
    assert "withheld" in {e.reason for e in romania.engagements if e.complex_id == "us"}
    assert turkey.shots == plain.shots


TRACK = SharedTrack(
    object=0, time_s=300.0, state_ecef=(4.0e6, 2.5e6, 4.9e6, 900.0, -2500.0, 1800.0), position_grid_m=2000.0,
    impact_s=700.0, impact_lat_rad=0.7, impact_lon_rad=0.5, states=(), radars=(0,), velocity_grid_mps=50.0,
    cov_ecef=tuple(float(v) for v in np.diag([300.0**2] * 3 + [3.0**2] * 3).ravel()), is_coasting=True,
)  # fmt: skip


def told(world: World, conduct: str) -> tuple[SharedTrack, bool] | None:
    """Return what becomes of a track that Russia tells the fusion centre, and whether it is a lie."""
    behaviour = behaviour_of(world.prepared.scenario, conduct)
    assert behaviour is not None
    acting = Acting(world, named(world, "coordinated"), behaviour)
    found = acting.tell("russia", Share(TRACK, "fusion", "exchange", "track"), None, 500.0)
    if found is None:
        return None
    assert isinstance(found.share.record, SharedTrack)
    return found.share.record, found.is_forged


def test_what_leaves_is_stopped_coarser_or_somewhere_else_by_what_the_file_says(worlds: list[World]) -> None:
    assert told(worlds[0], "silent:russia") is None
    assert told(worlds[0], "silent:nato") == (TRACK, False)
    coarse = told(worlds[0], "degraded:russia")
    assert coarse is not None
    assert (coarse[0].position_grid_m, coarse[0].velocity_grid_mps) == (50_000.0, 500.0)
    lie = told(worlds[0], "deceptive:russia")
    assert lie is not None
    assert lie[1]
    moved_m = math.dist(lie[0].state_ecef[:3], TRACK.state_ecef[:3])
    radius_m = math.hypot(*TRACK.state_ecef[:3])
    assert moved_m == pytest.approx(100_000.0 * radius_m / 6371008.8, abs=3000.0)  # the grid is 2 km
    assert lie[0].cov_ecef == TRACK.cov_ecef


def test_a_slow_partner_answers_later_by_what_the_file_says(worlds: list[World]) -> None:
    def waits(record: RunRecord) -> dict[int, float]:
        return {e.object: e.value for e in record.events if e.kind == "asked" and e.other == "russia-key"}

    plain, slow = waits(play(worlds[0], "dual-key")), waits(play(worlds[0], "dual-key", "slow:russia"))
    assert plain
    for i in plain.keys() & slow.keys():
        assert slow[i] == pytest.approx(plain[i] + 120.0)


def test_half_of_what_a_centre_passes_on_is_stopped_by_a_staff_that_objects_half_the_time(worlds: list[World]) -> None:
    passed = offered = 0
    for world in worlds:
        plain, objecting = play(world, "coordinated"), play(world, "coordinated", "objecting:russia")
        offered += sum(e.kind == "shared" and e.actor == "fusion" for e in plain.events)
        passed += sum(e.kind == "shared" and e.actor == "fusion" for e in objecting.events)
    assert offered > 100
    assert passed / offered == pytest.approx(0.5, abs=4.0 * math.sqrt(0.25 / offered))
