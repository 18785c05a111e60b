"""A complex's own track: built from any number of radars, whatever the order they are given in."""

from __future__ import annotations

from math import inf

import numpy as np
import pytest

from diptych.model.looks import Detections
from diptych.sensing.looks import look_table, observe
from diptych.tracking.follow import follow
from tests.helpers.seen import BURN_S, flight, radar


@pytest.fixture(scope="module")
def truth():
    return flight()


def seen_by(truth, index, replicate=0, until_s=inf, **changes):
    site = radar(**changes)
    return observe(look_table(site, 0.1, truth, 0.0, 21, replicate, 100 + index, 5), index, until_s=until_s)


def some_rows(detections, rows):
    return Detections(
        detections.radar,
        detections.slot[rows],
        detections.time_s[rows],
        detections.measured_ecef_m[rows],
        detections.cov_ecef_m2[rows],
        detections.revisit_s,
        detections.is_false[rows],
        detections.range_rate_mps[rows],
        detections.range_rate_sigma_mps[rows],
        detections.site_ecef_m,
    )


def test_nothing_detected_gives_an_empty_history(truth):
    for nothing in ((), (some_rows(seen_by(truth, 0), slice(0, 0)),)):
        track = follow(nothing)
        assert track.time_s.shape == (0,)
        assert track.state_ecef.shape == (0, 6)
        assert track.first_s == track.confirmed_s == inf


def test_order_of_the_radars_in_the_argument_does_not_matter(truth):
    a = seen_by(truth, 3)
    b = seen_by(truth, 1, lat_deg=37.0, lon_deg=39.0)
    one, two = follow((a, b)), follow((b, a))
    assert np.any(np.diff(one.time_s) == 0.0), "the radars share a clock, so ties must occur"
    np.testing.assert_array_equal(one.state_ecef, two.state_ecef)
    np.testing.assert_array_equal(one.sensor, two.sensor)
    ties = np.flatnonzero(np.diff(one.time_s) == 0.0)
    assert np.all(one.sensor[ties] == 1)
    assert np.all(one.sensor[ties + 1] == 3)


def test_track_starts_at_the_third_detection_and_is_confirmed_at_the_fourth(truth):
    found = seen_by(truth, 0)
    track = follow([found])
    assert track.first_s == found.time_s[0]
    assert track.time_s[0] == found.time_s[2]
    assert track.confirmed_s == found.time_s[3]
    assert len(track.time_s) == len(found.time_s) - 2


def test_two_detections_make_no_track_and_three_too_far_apart_neither(truth):
    found = seen_by(truth, 0)
    assert len(follow([some_rows(found, [0, 1])]).time_s) == 0
    spread = some_rows(found, [0, 20, 40])
    assert np.diff(spread.time_s).min() > 30.0
    assert len(follow([spread]).time_s) == 0
    assert follow([spread]).first_s == found.time_s[0]


def test_sparse_detections_start_a_track_that_is_not_confirmed(truth):
    found = seen_by(truth, 0)
    rows = np.flatnonzero(found.time_s > 120.0)[[0, 4, 9, 14, 19]]
    track = follow([some_rows(found, rows)])
    assert len(track.time_s) == 3
    assert track.confirmed_s == inf


def test_burnout_is_noticed_soon_after_and_not_before(truth):
    for replicate in range(10):
        track = follow([seen_by(truth, 0, replicate)])
        first = float(track.time_s[np.argmax(track.is_ballistic)])
        assert BURN_S < first < BURN_S + 45.0


def test_a_coarse_radar_waits_until_it_can_tell(truth):
    for replicate in range(10):
        coarse = seen_by(truth, 0, replicate, track_revisit_s=4.0, angle_error_rad=6e-3, range_error_m=2000.0)
        track = follow([coarse])
        assert track.is_ballistic.any()
        assert float(track.time_s[np.argmax(track.is_ballistic)]) > BURN_S


def test_an_object_lost_in_boost_is_never_called_ballistic(truth):
    track = follow([seen_by(truth, 0, until_s=BURN_S)])
    assert len(track.time_s) > 5
    assert not track.is_ballistic.any()


def test_a_boosting_track_without_detections_for_a_minute_starts_again(truth):
    found = seen_by(truth, 0)
    rows = np.flatnonzero((found.time_s < 90.0) | (found.time_s > 180.0))
    track = follow([some_rows(found, rows)])
    restart = int(np.searchsorted(track.time_s, 180.0))
    first_after = found.time_s[found.time_s > 180.0]
    assert track.time_s[restart] == first_after[2]


def test_a_coasting_track_bridges_a_long_gap(truth):
    found = seen_by(truth, 0)
    rows = np.flatnonzero((found.time_s < 180.0) | (found.time_s > 420.0))
    track = follow([some_rows(found, rows)])
    after = int(np.searchsorted(track.time_s, 420.0))
    assert track.time_s[after] == found.time_s[found.time_s > 420.0][0]
    assert track.is_ballistic[after]
    error = track.state_ecef[after] - truth[round(track.time_s[after])]
    assert np.sqrt(error @ np.linalg.solve(track.cov_ecef[after], error)) < 4.5


def test_a_second_radar_makes_the_track_surer(truth):
    a, b = seen_by(truth, 0), seen_by(truth, 1, lat_deg=37.0, lon_deg=39.0)
    alone, both = follow([a]), follow([a, b])
    now = 300.0
    i, j = np.searchsorted(alone.time_s, now) - 1, np.searchsorted(both.time_s, now) - 1
    assert np.trace(both.cov_ecef[j][:3, :3]) < 0.7 * np.trace(alone.cov_ecef[i][:3, :3])


def test_a_row_depends_only_on_what_came_before_it(truth):
    found = seen_by(truth, 0)
    whole, cut = follow([found]), follow([some_rows(found, slice(0, 60))])
    n = len(cut.time_s)
    np.testing.assert_array_equal(whole.state_ecef[:n], cut.state_ecef)
    np.testing.assert_array_equal(whole.is_ballistic[:n], cut.is_ballistic)
