"""The joint plan played: one goes first and the other waits, both fire where the log does not come, and pairs are seen.

In the shipped scenarios hardly any object is within reach of both sides, so here Russia gets a twin of every NATO radar
and battery of `europe-2012-four`: whatever NATO can meet, Russia can meet as well.
"""

import math
from pathlib import Path

import pytest
from msgspec.structs import replace

from diptych.edge.build import load_scenario
from diptych.edge.files import data_path
from diptych.edge.geography import load_cities, load_territory
from diptych.model.arrangement import Arrangement
from diptych.model.record import RunRecord
from diptych.sim.prepare import prepare
from diptych.sim.properties import HOLD_SLACK_S, holds_past_the_last_launch, lost_with_the_link, undetected_pairs
from diptych.sim.run import run
from diptych.sim.world import World, draw_world
from diptych.study.metrics import measure

PLAN_LOST = "centre-lost:planning-and-operations"
CONDUCTS = ("link-lost", "centre-lost", "claims-engagements")
DUTIES = {
    "best-shooter": "{rule: joint-plan, overlap: joint-plan}",
    "russia-first": "{rule: joint-plan, overlap: joint-plan, responses: [{states: [TR, GR, IT, DE], first: russia}]}",
    "anybody": "{rule: any-able, overlap: both-fire}",
}
SEED = 5
REPLICATES = 2


def text_of(name: str, duty: str) -> str:
    """Return `coordinated` with another rule of responsibility; over the partner's land the watch is enough."""
    text = data_path("arrangements", "coordinated.yaml").read_text()
    for old, new in (
        ("id: coordinated\n", f"id: {name}\n"),
        ("{rule: own-territory, overlap: joint-plan}", duty),
        ("intercept-over-partner: {each: {rule: forbidden}}", "intercept-over-partner: {each: {rule: by-joint-plan}}"),
        ("path:\n", "path:\n  intercept-over-partner: [classify]\n"),
        ("claims: [no-outside-veto, no-cross-command, centre-loss-safe]", "claims: [centre-loss-safe]"),
    ):
        assert old in text
        text = text.replace(old, new)
    return text


@pytest.fixture(scope="module")
def worlds(tmp_path_factory: pytest.TempPathFactory) -> list[World]:
    folder: Path = tmp_path_factory.mktemp("plans")
    files = []
    for name, duty in DUTIES.items():
        path = folder / f"{name}.yaml"
        path.write_text(text_of(name, duty))
        files.append(str(path))
    scenario = load_scenario("europe-2012-four", arrangements=("coordinated", *files), conducts=CONDUCTS)
    scenario = replace(
        scenario,
        batteries=(
            *scenario.batteries,
            *(replace(b, id=f"twin-{b.id}", owner="RU", host="") for b in scenario.batteries if b.owner != "RU"),
        ),
        radars=(
            *scenario.radars,
            *(replace(r, id=f"twin-{r.id}", owner="RU") for r in scenario.radars if r.owner != "RU"),
        ),
    )
    prepared = prepare(scenario, load_territory(), load_cities())
    return [draw_world(prepared, SEED, r) for r in range(REPLICATES)]


def named(world: World, name: str) -> Arrangement:
    return next(a for a in world.prepared.scenario.arrangements if a.id == name)


def play(worlds: list[World], name: str, conduct: str = "cooperative") -> list[RunRecord]:
    return [run(world, named(world, name), conduct, keep_events=True) for world in worlds]


def doubles(records: list[RunRecord]) -> int:
    return sum(e.kind == "double-engagement" for record in records for e in record.events)


def first_shots(record: RunRecord) -> dict[int, str]:
    """Return who fired first at each object."""
    return {s.object: s.complex_id for s in sorted(record.shots, key=lambda s: -s.launch_s)}


def test_who_is_threatened_fires_and_the_other_holds_citing_plan_prefix_and_digest(worlds: list[World]) -> None:
    held = [e for record in play(worlds, "best-shooter") for e in record.events if e.kind == "held"]
    assert held
    assert {e.actor for e in held} == {"russia"}
    for event in held:
        assert "joint plan " in event.text
        assert ": entries 1-" in event.text
        assert ", digest " in event.text
    assert doubles(play(worlds, "best-shooter")) < doubles(play(worlds, "anybody"))
    shots = [sum(len(r.shots) for r in play(worlds, name)) for name in ("best-shooter", "anybody")]
    assert shots[0] < shots[1]


def test_a_pre_planned_response_turns_round_who_goes_first(worlds: list[World]) -> None:
    count = 0
    for record in play(worlds, "russia-first"):
        held = {e.object for e in record.events if e.kind == "held"}
        assert {e.actor for e in record.events if e.kind == "held"} <= {"nato"}
        assert {first_shots(record)[i] for i in held} <= {"russia"}
        count += len(held)
    assert count > 0


@pytest.mark.parametrize("name", ["best-shooter", "russia-first"])
@pytest.mark.parametrize("conduct", ["cooperative", "link-lost", PLAN_LOST, "claims-engagements:russia"])
def test_nobody_holds_past_its_own_last_safe_launch_and_never_does_neither_fire(
    worlds: list[World], name: str, conduct: str
) -> None:
    for record in play(worlds, name, conduct):
        assert holds_past_the_last_launch(record) == ()
        held = {(e.actor, e.object): e for e in record.events if e.kind == "held"}
        for (actor, i), event in held.items():
            until_s = event.time_s + event.value + HOLD_SLACK_S
            is_shot_at = any(s.object == i and s.launch_s <= until_s for s in record.shots)
            assert is_shot_at or record.fates[i].end_s <= until_s, (actor, i)


def test_with_the_planning_centre_lost_both_fire_as_if_there_were_no_plan(worlds: list[World]) -> None:
    lost = play(worlds, "best-shooter", PLAN_LOST)
    free = play(worlds, "anybody", PLAN_LOST)
    assert not any(e.kind == "held" for record in lost for e in record.events)
    assert doubles(lost) == doubles(free) > 0
    assert [r.shots for r in lost] == [r.shots for r in free]


@pytest.mark.parametrize("name", ["coordinated", "best-shooter"])
@pytest.mark.parametrize("lost", ["link-lost", PLAN_LOST, "centre-lost:data-fusion"])
def test_losing_a_centre_or_the_link_leaves_each_side_its_own_system(worlds: list[World], name: str, lost: str) -> None:
    for linked, cut in zip(play(worlds, name), play(worlds, name, lost), strict=True):
        assert lost_with_the_link(linked, cut) == ()
        before = {(e.complex_id, e.object) for e in linked.engagements if math.isfinite(e.released_s)}
        after = {(e.complex_id, e.object) for e in cut.engagements if math.isfinite(e.released_s)}
        own = {
            (c, i)
            for c, i in before
            if next(e.action for e in linked.engagements if (e.complex_id, e.object) == (c, i)) == "intercept-over-own"
        }
        assert own
        assert own <= after


def test_every_pair_of_shots_under_way_at_once_is_an_event_and_a_count_under_any_arrangement(
    worlds: list[World],
) -> None:
    scenario = worlds[0].prepared.scenario
    for name in DUTIES:
        for world, record in zip(worlds, play(worlds, name), strict=True):
            alone = {
                p.id: run(world, named(world, f"alone/{p.id}"), "cooperative", keep_events=False)
                for p in scenario.parties
            }
            seen = {e.object for e in record.events if e.kind == "double-engagement"}
            counted = measure(scenario, record, alone)
            for party in scenario.parties:
                assert counted[party.id]["double_engagements"] == len(seen)
            assert undetected_pairs(record, named(world, name)) == ()


def test_both_sides_end_with_the_same_log_of_every_object(worlds: list[World]) -> None:
    for record in play(worlds, "best-shooter"):
        came: dict[str, list[tuple[int, str]]] = {"nato": [], "russia": []}
        for e in record.events:
            if e.kind == "received" and e.other == "planning" and e.actor in came:
                came[e.actor].append((e.object, e.text))
        assert came["nato"]
        assert sorted(came["nato"]) == sorted(came["russia"])
