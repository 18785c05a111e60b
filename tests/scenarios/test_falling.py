"""What comes down besides payloads on the reference scenario: stages by replicate, debris by intercept."""

from msgspec.structs import replace

from diptych.sim.falling import fallen_stages
from diptych.sim.prepare import Prepared
from diptych.sim.run import run
from diptych.sim.world import draw_world


def test_only_the_last_stage_carries_the_launch_error(europe: Prepared) -> None:
    first, second = (fallen_stages(draw_world(europe, 1, k)) for k in (0, 1))
    assert [(f.object, f.stage) for f in first] == [(f.object, f.stage) for f in second]
    for one, other in zip(first, second, strict=True):
        is_last = one.stage == len(europe.flights[one.object].vehicle.stages)
        assert (one == other) is not is_last


def test_every_hit_and_nothing_else_leaves_debris_and_arrangements_share_it(europe: Prepared) -> None:
    world = draw_world(europe, 1, 0)
    seen = {}
    for arrangement in europe.scenario.arrangements:
        record = run(world, arrangement, "cooperative", keep_events=True)
        for fate in record.fates:
            assert (fate.debris is not None) is fate.is_killed
            if fate.debris is None:
                continue
            assert fate.debris.semi_minor_m >= 4000.0  # the floor for winds, 2 sigma
            assert fate.end_s < fate.debris.first_s <= fate.debris.last_s
            hit = next(s for s in record.shots if s.object == fate.object and s.outcome == "hit")
            key = (hit.object, hit.battery, hit.launch_s, hit.intercept_s)
            assert seen.setdefault(key, fate.debris) is fate.debris
    assert seen
    assert set(seen) == set(world.debris)


def test_a_scenario_without_a_debris_model_has_neither(europe: Prepared) -> None:
    bare = replace(europe, scenario=replace(europe.scenario, debris=None))
    world = draw_world(bare, 1, 0)
    assert fallen_stages(world) == ()
    record = run(world, bare.scenario.arrangements[-1], "cooperative", keep_events=False)
    assert all(fate.debris is None for fate in record.fates)
