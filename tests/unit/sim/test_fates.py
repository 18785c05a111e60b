"""What becomes of a shot: where it is aimed at handover, whether somebody guides, and failures that shots share."""

import math
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from msgspec.structs import replace

from diptych.evaluation.impact import path_of
from diptych.kernels.draws import name_hash
from diptych.model.decision import Decision
from diptych.model.messages import Order, OwnTrack
from diptych.sim.falling import states_under
from diptych.sim.fates import Sky, has_acquired, updated_aim
from diptych.sim.luck import luck_of
from diptych.sim.world import is_in_service
from tests.helpers.seen import checker
from tests.helpers.small import CLASS, falling_object
from tests.oracles.kill_closed_form import survival

HELD = falling_object(from_s=100.0)
MEETS_S = 160.0
PLANNED = tuple(path_of(HELD.track.state_ecef[1], 100.0, np.array([MEETS_S]))[0].tolist())
TRUE_PATH = path_of(HELD.track.state_ecef[1], 100.0, np.arange(100.0, 300.0))
TRUE_STATES = np.hstack((TRUE_PATH, np.gradient(TRUE_PATH, axis=0)))
SITE = SimpleNamespace(lat_rad=math.radians(38.0), lon_rad=math.radians(42.0))  # east of the border at 40 degrees
DECIDED = Decision("release", 0, "nato", "own", "rule", "role", "released", (), 99.0, 10.0)


def order(shots: int = 1, mode: str = "engage-on-remote", point: Any = PLANNED) -> Order:
    return Order(0, 0, shots, 101.0, MEETS_S, point, DECIDED, mode)


def moved(metres: float) -> Any:
    """The planned point, that far off to the north."""
    return (PLANNED[0], PLANNED[1], PLANNED[2] + metres)


def seen(times: list[float], radar: int) -> OwnTrack:
    own = HELD.track
    n = len(times)
    return replace(
        HELD,
        track=replace(
            own,
            time_s=np.array(times),
            state_ecef=np.tile(own.state_ecef[1], (n, 1)),
            cov_ecef=np.tile(own.cov_ecef[1], (n, 1, 1)),
            sensor=np.full(n, radar, dtype=np.int64),
            is_ballistic=np.ones(n, dtype=np.bool_),
        ),
    )


def sky(replicate: int, *, p: float = 0.5, f: float = 0.0, basket_m: float = 50e3, handover_s: float = 10.0) -> Sky:
    """One object on the path of the small world, one battery whose guide is radar 3."""
    kind = replace(
        CLASS, kill_probability=p, common_cause_fraction=f, basket_m=basket_m, divert_m=5e3, handover_s=handover_s
    )
    scenario = SimpleNamespace(batteries=(SimpleNamespace(id="b", radars=(3,), place=SITE),), debris=None)
    flight = SimpleNamespace(launch_s=100.0, impact_s=371.0, samples=TRUE_STATES)
    prepared = SimpleNamespace(
        scenario=scenario, battery_class=(kind,), object_hash=(name_hash("object"),), territory=checker()
    )
    world: Any = SimpleNamespace(flights=(flight,), prepared=prepared, luck=luck_of(5, replicate), ways={})
    journal: Any = SimpleNamespace(note=lambda *_: None)
    return Sky(world, journal)


def test_the_aim_follows_a_newer_own_track_and_no_farther_than_the_class_diverts() -> None:
    wrong = order(point=moved(8e3))
    assert updated_aim(wrong, HELD, 150.0, 20e3) == pytest.approx(PLANNED, abs=1.0)
    assert math.dist(updated_aim(wrong, HELD, 150.0, 3e3), wrong.intercept_ecef_m) == pytest.approx(3e3)
    assert updated_aim(wrong, HELD, 150.0, 0.0) == wrong.intercept_ecef_m


def test_news_after_handover_or_older_than_the_release_moves_no_aim() -> None:
    wrong = order(point=moved(8e3))
    assert updated_aim(wrong, HELD, 99.0, 20e3) == wrong.intercept_ecef_m
    late = replace(wrong, decision=replace(DECIDED, time_s=120.0))
    assert updated_aim(late, HELD, 150.0, 20e3) == wrong.intercept_ecef_m
    assert updated_aim(wrong, None, 150.0, 20e3) == wrong.intercept_ecef_m


def test_a_fire_control_radar_has_an_object_after_its_fourth_detection() -> None:
    own = seen([110.0, 120.0, 130.0, 140.0], 3)
    assert has_acquired(own, (3,), 140.0)
    assert not has_acquired(own, (3,), 139.0)
    assert not has_acquired(own, (2,), 150.0)
    assert not has_acquired(own, (), 150.0)
    assert not has_acquired(None, (3,), 150.0)


def test_a_shot_on_remote_whose_own_radar_never_acquired_misses_and_uses_up_no_luck() -> None:
    for mode, ordinal in (("launch-on-remote", -1), ("organic", -1), ("engage-on-remote", 0)):
        found = sky(0, p=1.0)
        result = found.meet("nato", order(mode=mode), HELD)
        assert result.ordinal == ordinal
        assert [s.outcome for s in found.shots] == ["hit" if ordinal == 0 else "miss"]
        assert found.shots[0].mode == mode
    found = sky(0, p=1.0)
    found.meet("nato", order(mode="launch-on-remote"), seen([110.0, 115.0, 120.0, 125.0], 3))
    assert found.shots[0].outcome == "hit"


def test_an_object_outside_divert_and_basket_is_missed() -> None:
    assert sky(0, p=1.0, basket_m=4e3).meet("nato", order(point=moved(8e3)), HELD).is_gone
    assert not sky(0, p=1.0, basket_m=2e3).meet("nato", order(point=moved(8e3)), HELD).is_gone
    assert not sky(0, p=1.0, basket_m=4e3).meet("nato", order(point=moved(8e3)), None).is_gone


def test_a_shot_at_an_object_that_is_gone_is_wasted() -> None:
    found = sky(0, p=1.0)
    found.meet("nato", order(shots=3), HELD)
    assert [s.outcome for s in found.shots] == ["hit", "wasted", "wasted"]


def test_single_shots_kill_as_often_with_a_common_cause_as_without_and_pairs_less() -> None:
    # 1000 replicates: one standard error is 0.016; verification/test_kills.py asks more.
    runs = 1000
    for f in (0.0, 0.5):
        for shots in (1, 2):
            alive = sum(not sky(r, f=f).meet("nato", order(shots=shots), HELD).is_gone for r in range(runs))
            assert alive / runs == pytest.approx(survival(0.5, f, shots), abs=0.047), (f, shots)


def test_a_site_is_in_service_as_often_as_its_availability_says_and_all_of_it_together() -> None:
    works = [is_in_service(luck_of(9, r), "site", 0.3) for r in range(3000)]
    assert sum(works) / 3000 == pytest.approx(0.3, abs=0.027)
    assert all(is_in_service(luck_of(9, r), "site", 1.0) for r in range(50))
    other = [is_in_service(luck_of(9, r), "elsewhere", 0.3) for r in range(3000)]
    assert works != other


def test_a_shot_over_a_border_names_the_states_on_both_sides() -> None:
    over = sky(0)
    over.meet("nato", order(), HELD)
    assert over.shots[0].over == ("AA", "BB")  # from 42 degrees east to a point west of 40


def test_the_way_to_a_point_over_the_site_lies_over_its_own_state_only() -> None:
    world: Any = SimpleNamespace(
        prepared=SimpleNamespace(
            scenario=SimpleNamespace(batteries=(SimpleNamespace(place=SITE),)), territory=checker()
        ),
        ways={},
    )
    assert states_under(world, 0, SITE.lat_rad, SITE.lon_rad) == ("BB",)
    assert states_under(world, 0, math.radians(15.0), SITE.lon_rad) == ("BB",)  # ends where no state is
