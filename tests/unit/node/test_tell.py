"""When tracks and impact predictions are told: on news, again and again, and no longer than they are worth telling."""

import math

import numpy as np
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
from diptych.node.cues import LAUNCH_DOUBT_S, POWERED_S, RISE_MPS2, THRUST_MPS2, error_m, where_told
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
    for now_s, off_m in ((40.0, 8e3), (41.0, 6e3), (42.0, 4e3), (43.0, 9e3)):
        notice = Received(LaunchDetection(0, now_s + LAUNCH_DOUBT_S, 0.6, 0.8, off_m), Provenance("russia", (), now_s))
        state, out = step(state, (notice,), now_s)
        tasks += [error_m(o.where, o.where.held_s) for o in out if isinstance(o, Task)]
    assert tasks == [8e3, 4e3]


def test_a_cue_is_where_the_record_says_and_as_unsure_as_grid_and_age_make_it() -> None:
    cov = [0.0] * 36
    cov[0] = cov[7] = cov[14] = 300.0**2
    cov[21] = cov[28] = cov[35] = 4.0**2
    place = (6.6e6, 1e5, 2e5, 1.0, 2.0, 3.0)
    track = SharedTrack(0, 90.0, place, 1200.0, 500.0, 0.66, 0.5, (), (1,), 30.0, tuple(cov), is_coasting=True)
    where = where_told(track)
    assert where is not None
    assert tuple(where.state_ecef) == place
    drift = 10.0 * math.hypot(4.0, 30.0 / math.sqrt(12.0))
    assert error_m(where, 90.0) == pytest.approx(math.hypot(300.0, 1200.0 / math.sqrt(12.0)))
    assert error_m(where, 100.0) == pytest.approx(math.hypot(300.0, 1200.0 / math.sqrt(12.0), drift))
    under_power = where_told(replace(track, is_coasting=False))
    assert under_power is not None
    pushed = 0.5 * THRUST_MPS2 * 10.0**2
    assert error_m(under_power, 100.0) == pytest.approx(math.hypot(300.0, 1200.0 / math.sqrt(12.0), drift, pushed))


def test_an_impact_prediction_names_no_place_to_look_at() -> None:
    assert where_told(ImpactPrediction(0, 90.0, 500.0, 0.66, 0.5, 8e3, 0.0, ())) is None


def test_the_longer_ago_a_launch_the_less_its_place_says() -> None:
    where = where_told(LaunchDetection(0, LAUNCH_DOUBT_S, 0.6, 0.8, 3e3))
    assert where is not None
    assert error_m(where, 0.0) == 3e3
    assert error_m(where, 60.0) == pytest.approx(math.hypot(3e3, 18e3))
    late_m = RISE_MPS2 * (POWERED_S + LAUNCH_DOUBT_S) * (300.0 - 0.5 * (POWERED_S + LAUNCH_DOUBT_S))
    assert error_m(where, 300.0) == pytest.approx(math.hypot(3e3, late_m))


def test_a_false_word_of_one_source_never_stands_before_the_true_one_of_another() -> None:
    state = small_node(small_arrangement(tracks="cue"))
    cov = np.eye(6) * 0.01
    lie = SharedTrack(0, 90.0, (7e6, 0.0, 0.0, 0.0, 0.0, 0.0), 0.0, math.nan, math.nan, math.nan, (), (), 0.0,
                      tuple(cov.ravel().tolist()), is_coasting=True)  # fmt: skip
    state, out = step(state, (Received(lie, Provenance("russia", (), 90.0)),), 90.0)
    assert [o.reason for o in out if isinstance(o, Task)] == ["news from russia"]
    _, out = step(state, (SEEN,), 91.0)
    assert [o.reason for o in out if isinstance(o, Task)] == ["own space warning"]
