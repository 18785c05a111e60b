"""When tracks and impact predictions are told: on news, again and again, and no longer than they are worth telling."""

import math

import pytest
from msgspec.structs import replace

from diptych.model.arrangement import Sharing
from diptych.model.messages import (
    ImpactPrediction,
    Input,
    LaunchDetection,
    LaunchSeen,
    Provenance,
    Received,
    Share,
    SharedTrack,
    Task,
    Wake,
    WakeAt,
)
from diptych.node.cues import cue_of, launch_error_m
from diptych.node.step import step
from tests.helpers.small import falling_object, small_arrangement, small_node

SEEN = LaunchSeen(0, 0.0, 0.6, 0.8, 3000.0)


def rule(product: str, period_s: float | None = None, precision_m: float = 0.0) -> Sharing:
    return Sharing(product, "nato", "russia", precision_m, 0.0, "exchange", "always", "owner", period_s)


def shares(sharing: Sharing, wakes: list[float]) -> list[tuple[float, object]]:
    """Return what is shared of an object seen at 50 s and firm at 100 s when the node is woken at given times."""
    state = small_node(small_arrangement(sharing=(sharing,)))
    found = []
    moves: list[tuple[float, Input]] = [(50.0, SEEN), (100.0, falling_object()), *((t, Wake(0)) for t in wakes)]
    for now_s, item in moves:
        state, out = step(state, (item,), now_s)
        found += [(now_s, o.record) for o in out if isinstance(o, Share)]
    return found


def test_without_a_period_a_track_is_told_once_until_there_is_news() -> None:
    assert [t for t, _ in shares(rule("track"), [110.0, 120.0, 130.0])] == [100.0]


def test_with_a_period_a_track_is_told_again_that_often_and_not_between() -> None:
    assert [t for t, _ in shares(rule("track", 10.0), [105.0, 110.0, 114.0, 120.0])] == [100.0, 110.0, 120.0]


def test_a_node_asks_to_be_woken_for_the_next_telling() -> None:
    state = small_node(small_arrangement(sharing=(rule("track", 7.0),)))
    state, _ = step(state, (SEEN,), 50.0)
    _, out = step(state, (falling_object(),), 100.0)
    assert WakeAt(107.0, 0) in out


def test_a_track_that_own_sensors_no_longer_renew_is_told_no_more() -> None:
    told = [t for t, _ in shares(rule("track", 10.0), [110.0 + 10.0 * i for i in range(12)])]
    assert told[0] == 100.0
    assert told[-1] <= 100.0 + 60.0 + 10.0
    assert len(told) >= 6


def test_an_impact_prediction_holds_point_time_and_radius_and_no_track() -> None:
    ((_, record),) = shares(rule("impact-prediction", None, 10e3), [])
    own = falling_object().evaluation
    assert isinstance(record, ImpactPrediction)
    assert record.impact_s == own.impact_s[0]
    assert record.radius_m == own.ellipse_m[0, 0]
    assert abs(record.impact_lat_rad - own.impact_rad[0, 0]) * 6371008.8 <= 5e3 + 1.0
    assert record.states == own.states[0]


def test_a_shared_track_carries_its_covariance_unrounded_and_the_grids_beside_it() -> None:
    ((_, record),) = shares(replace(rule("track", None, 2e3), velocity_mps=50.0), [])
    assert isinstance(record, SharedTrack)
    assert len(record.cov_ecef) == 36
    assert record.cov_ecef[0] == falling_object().evaluation.cov_ecef[0, 0, 0]
    assert (record.position_grid_m, record.velocity_grid_mps) == (2e3, 50.0)
    assert record.is_coasting


def test_a_cue_twice_as_exact_points_the_radars_again_and_a_worse_one_does_not() -> None:
    state = small_node(small_arrangement(tracks="cue"))
    tasks = []
    for now_s, error_m in ((40.0, 8e3), (41.0, 6e3), (42.0, 4e3), (43.0, 9e3)):
        notice = Received(LaunchDetection(0, now_s, 0.6, 0.8, error_m), Provenance("russia", (), now_s))
        state, out = step(state, (notice,), now_s)
        tasks += [o.error_m for o in out if isinstance(o, Task)]
    assert tasks == [8e3, 4e3]


def test_the_error_of_a_cue_adds_the_grid_and_what_passed_since_to_what_the_sender_knows() -> None:
    cov = [0.0] * 36
    cov[0] = cov[7] = cov[14] = 300.0**2
    cov[21] = cov[28] = cov[35] = 4.0**2
    track = SharedTrack(0, 90.0, (0.0,) * 6, 1200.0, 500.0, 0.66, 0.5, (), (1,), 30.0, tuple(cov))
    drift = 10.0 * math.hypot(4.0, 30.0 / math.sqrt(12.0))
    assert cue_of(track, 90.0).error_m == pytest.approx(math.hypot(300.0, 1200.0 / math.sqrt(12.0)))
    assert cue_of(track, 100.0).error_m == pytest.approx(math.hypot(300.0, 1200.0 / math.sqrt(12.0), drift))
    impact = ImpactPrediction(0, 90.0, 500.0, 0.66, 0.5, 8e3, 0.0, ())
    assert cue_of(impact, 300.0) == (4e3, 0.0, False)


def test_the_longer_ago_a_launch_the_less_its_place_says() -> None:
    assert launch_error_m(3e3, 40.0, 40.0) == 3e3
    assert launch_error_m(3e3, 0.0, 60.0) == pytest.approx(math.hypot(3e3, 18e3))
    assert cue_of(LaunchDetection(0, 0.0, 0.6, 0.8, 3e3), 60.0).error_m == launch_error_m(3e3, 0.0, 60.0)
    assert launch_error_m(3e3, 0.0, 200.0) == pytest.approx(math.hypot(3e3, 150e3))
