"""Who can see and reach each object, whatever anybody decides: the decision record's table."""

import math

import pytest

from diptych.sim.geometry import ObjectGeometry, geometry
from diptych.sim.prepare import Prepared
from diptych.sim.run import run
from diptych.sim.world import World, draw_world


@pytest.fixture(scope="module")
def world(europe: Prepared) -> World:
    return draw_world(europe, 1, 0)


@pytest.fixture(scope="module")
def found(world: World) -> dict[str, ObjectGeometry]:
    return {world.prepared.scenario.raid[g.object].id: g for g in geometry(world)}


def test_the_objects_nobody_reaches_are_those_of_the_decision_record(found: dict[str, ObjectGeometry]) -> None:
    nobody = {name for name, g in found.items() if not g.windows}
    assert nobody == {"ankara", "sofia", "stavropol", "bucharest", "warsaw"}


def test_nothing_is_seen_before_its_launch_or_after_its_impact(world: World, found: dict[str, ObjectGeometry]) -> None:
    for g in found.values():
        launch_s = world.flights[g.object].launch_s
        for sighting in g.sightings:
            assert launch_s <= sighting.from_s <= sighting.to_s <= g.impact_s
            assert sighting.detected_s >= sighting.from_s
            assert math.isinf(sighting.detected_s) or sighting.detected_s <= sighting.to_s


def test_every_missile_comes_down_on_the_state_it_is_aimed_at(world: World) -> None:
    for flight, missile in zip(world.flights, world.prepared.scenario.raid, strict=True):
        assert flight.impact_state == missile.aim_state


def test_no_arrangement_kills_what_nobody_can_reach(world: World, found: dict[str, ObjectGeometry]) -> None:
    for arrangement in world.prepared.scenario.arrangements:
        record = run(world, arrangement, "cooperative", keep_events=False)
        for fate in record.fates:
            if fate.is_killed:
                assert found[world.prepared.scenario.raid[fate.object].id].windows
