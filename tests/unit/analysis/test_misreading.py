"""When a launch is an alarm and how long it leaves in doubt, on shares written by hand; and the shipped scenarios."""

import math

import numpy as np
import pytest
from msgspec.structs import replace

from diptych.analysis.misreading import (
    WAYS,
    MisreadingPlan,
    Sight,
    agrees,
    judge_all,
    plan_misreading,
    read,
    route,
    run_misreading,
)
from diptych.edge import build
from diptych.edge.geography import load_cities, load_territory
from diptych.evaluation.classify import LaunchEstimate
from diptych.model.errors import ScenarioError
from diptych.sim.prepare import prepare


def sight(shares: list[float], *, early: float = 0.0, announced: bool = False) -> Sight:
    """Return a launch first seen at 40 s, firm at 50 s, evaluated at 60, 70, .. s, down at 500 s."""
    times = 60.0 + 10.0 * np.arange(len(shares))
    return Sight(
        first_s=40.0,
        early_s=50.0,
        early_share=(0.0, early, 0.0),
        is_early_announced=announced,
        impact_s=500.0,
        time_s=times,
        share=np.array(shares),
        is_announced=(announced,) * len(shares),
        together_s=times,
        together_share=np.array(shares),
        asked=1.0,
    )


def test_doubt_lasts_from_the_first_detection_to_the_first_share_below_the_level_for_good() -> None:
    found = read(sight([0.3, 0.05, 0.2, 0.0]), "nothing", 0.1, math.nan)
    assert found.is_alarm
    assert found.is_aimed
    assert found.doubt_s == 50.0  # from 40 s to the evaluation at 90 s


def test_launch_with_a_harmless_aim_is_in_doubt_until_it_has_one() -> None:
    found = read(sight([0.0, 0.0]), "nothing", 0.1, math.nan)
    assert not found.is_alarm
    assert found.doubt_s == 20.0


def test_unknown_aim_raises_the_alarm_without_a_predicted_impact() -> None:
    found = read(sight([0.0], early=0.2), "nothing", 0.1, math.nan)
    assert found.is_alarm
    assert not found.is_aimed


def test_share_that_never_falls_leaves_in_doubt_until_the_impact() -> None:
    assert read(sight([0.5, 0.5]), "nothing", 0.1, math.nan).doubt_s == 460.0


def test_launch_that_is_never_seen_leaves_nobody_in_doubt() -> None:
    unseen = replace(sight([]), first_s=math.inf, early_s=math.inf, early_share=())
    for way in WAYS:
        found = read(unseen, way, 0.1, 120.0)
        assert not found.is_alarm
        assert found.doubt_s == 0.0


def test_notice_at_the_watch_explains_a_firm_track_at_once() -> None:
    found = read(sight([0.5, 0.5], early=0.5, announced=True), "notice", 0.1, math.nan)
    assert not found.is_alarm
    assert found.doubt_s == 10.0


def test_aim_that_disagrees_with_the_notice_brings_the_doubt_back() -> None:
    other = replace(sight([0.5, 0.5], announced=True), is_announced=(False, False))
    assert read(other, "notice", 0.1, math.nan) == read(other, "nothing", 0.1, math.nan)


def test_notice_that_stopped_on_the_way_is_no_notice() -> None:
    one = sight([0.5, 0.0], early=0.5, announced=True)
    assert read(one, "notice-stopped", 0.1, math.nan) == read(one, "nothing", 0.1, math.nan)


def test_answer_ends_the_doubt_and_later_alarms() -> None:
    one = sight([0.0, 0.5, 0.5])
    assert read(one, "hotline", 0.1, 15.0).doubt_s == 25.0  # asked at 50 s, answered at 65 s
    assert not read(one, "hotline", 0.1, 15.0).is_alarm
    assert read(one, "hotline", 0.1, 25.0).is_alarm  # the share reaches the level at 70 s, before the answer


def test_slower_answer_never_shortens_the_doubt() -> None:
    one = sight([0.4, 0.0, 0.3, 0.0])
    doubts = [read(one, "hotline", 0.1, q).doubt_s for q in (0.0, 10.0, 20.0, 40.0, 1e4)]
    assert doubts == sorted(doubts)
    assert doubts[-1] == read(one, "nothing", 0.1, math.nan).doubt_s


def test_higher_level_never_raises_more_alarms() -> None:
    one = sight([0.4, 0.02, 0.3], early=0.15)
    alarms = [read(one, "nothing", level, math.nan).is_alarm for level in (0.01, 0.1, 0.2, 0.35, 0.5)]
    assert alarms == sorted(alarms, reverse=True)


@pytest.fixture(scope="module")
def black_brant() -> MisreadingPlan:
    scenario = build.load_scenario("black-brant-1995", arrangements=("coordinated",))
    return plan_misreading(prepare(scenario, load_territory(), load_cities()), None, "coordinated", 1, (120.0,))


def test_members_of_1995_are_sixteen(black_brant: MisreadingPlan) -> None:
    assert [len(p.states) for p in black_brant.prepared.scenario.parties] == [16, 1]


def test_rocket_of_1995_flies_as_published(black_brant: MisreadingPlan) -> None:
    flight = black_brant.prepared.flights[0]
    assert flight.burnout_s == pytest.approx(93.0, abs=2.0)  # Washington Post, 15 March 1998
    assert flight.impact_s / 60.0 == pytest.approx(24.0, abs=2.0)  # 24 minutes; the stages' pauses are not flown


def test_observer_is_the_party_that_launches_nothing(black_brant: MisreadingPlan) -> None:
    assert black_brant.observer == "russia"
    assert black_brant.launchers == ("nato",)
    assert [rule.receiver for rule in black_brant.routes[0]] == ["fusion", "russia"]


def test_notice_of_1995_would_have_agreed_and_stopped_it_was_nothing(black_brant: MisreadingPlan) -> None:
    results = [run_misreading(black_brant, k) for k in range(3)]
    by = {(j.way, j.level): j for j in judge_all(black_brant, results, (0.01, 0.1))}
    for level in (0.01, 0.1):
        assert by["notice-stopped", level].same_as_nothing
        assert by["notice", level].alarms == 0
        told, plain = by["notice", level].doubt_s.value, by["nothing", level].doubt_s.value
        assert told is not None
        assert plain is not None
        assert told < plain


def test_place_and_time_agree_within_the_notice_and_two_sigma(black_brant: MisreadingPlan) -> None:
    notice = black_brant.prepared.scenario.notices[0]
    here = LaunchEstimate(notice.place.lat_rad, notice.place.lon_rad, 10e3, 0.0, 30.0)
    away = replace(here, lat_rad=here.lat_rad + 200e3 / 6.371e6)
    assert agrees(here, notice)
    assert not agrees(away, notice)
    assert not agrees(replace(here, time_s=notice.to_s + 61.0), notice)


def test_unknown_observer_is_named_with_those_there_are(black_brant: MisreadingPlan) -> None:
    with pytest.raises(ScenarioError, match=r"--observer: expected a party .*\(nato, russia\), got china"):
        plan_misreading(black_brant.prepared, "china", "coordinated", 1, (120.0,))


def test_party_does_not_misread_its_own_launch(black_brant: MisreadingPlan) -> None:
    with pytest.raises(ScenarioError, match="every launch of black-brant-1995 is its own"):
        plan_misreading(black_brant.prepared, "nato", "coordinated", 1, (120.0,))


def test_one_complex_for_both_has_nobody_to_misread() -> None:
    scenario = build.load_scenario("black-brant-1995", arrangements=("single-operator",))
    joined = next(a for a in scenario.arrangements if a.id == "single-operator")
    with pytest.raises(ScenarioError, match="two complexes, found both in"):
        route(joined, "nato", "russia")


def test_separate_complexes_pass_no_track() -> None:
    scenario = build.load_scenario("black-brant-1995", arrangements=("separate",))
    assert route(next(a for a in scenario.arrangements if a.id == "separate"), "nato", "russia") == ()
