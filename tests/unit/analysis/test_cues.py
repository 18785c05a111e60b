"""Seconds gained: what is read from a record, and what is made of many."""

from __future__ import annotations

import math

import numpy as np
import pytest

from diptych.analysis.cues import CASES, MOMENTS, WAYS, CueTimes, CueWay, compare_cues, times_of
from diptych.model.record import Engagement, Event, RunRecord

NOTHING, TOLD = CueWay("nothing", "Nothing"), CueWay("told", "Told", "track", 10.0)
INF = math.inf


def engagement(complex_id, i, confirmed_s, evaluated_s, open_s, released_s):
    return Engagement(complex_id, i, 10.0, confirmed_s, evaluated_s, open_s, INF, released_s, "", "", "", "", ())


def record(events, engagements):
    return RunRecord("a", "cooperative", 0, "", (), tuple(engagements), (), (), 0, tuple(events))


def detected(actor, i, time_s):
    return Event(time_s, "detected", actor, i, "", "", math.nan)


def test_times_count_from_each_missiles_launch_and_what_never_happened_is_infinite():
    found = times_of(
        record(
            [detected("b", 1, 160.0), detected("b", 1, 150.0), Event(1.0, "shared", "b", 1, "a", "", 0.0)],
            [engagement("b", 1, 170.0, 180.0, 200.0, 230.0), engagement("a", 0, 90.0, 120.0, 110.0, INF)],
        ),
        ["a", "b"],
        [0.0, 100.0],
    )
    assert found.shape == (2, 2, len(MOMENTS))
    assert found[1, 1].tolist() == [50.0, 70.0, 100.0, 130.0]
    assert found[0, 0].tolist() == [INF, 90.0, 120.0, INF]
    assert np.isinf(found[0, 1]).all()


def result(*replicates, own=(1.0, 1.0)):
    """Each replicate: times of two missiles at every moment, with nothing told and told; both cases alike."""
    made = []
    for base, told in replicates:
        times = np.array([base, told], float)[None, :, None, :, None]
        times = np.broadcast_to(times, (len(CASES), 2, 1, 2, len(MOMENTS))).copy()
        made.append(CueTimes(times, np.array([own])))
    return compare_cues((NOTHING, TOLD), ["a"], [True], made)


def gain(found, way=1):
    return found.gains[0][way][0][0]


def test_a_gain_is_the_mean_over_missiles_and_then_the_middle_over_replicates():
    found = gain(result(((100, 50), (90, 50)), ((100, 50), (80, 40)), ((100, 50), (100, 50))))
    assert found.middle_s == 5.0  # of 5, 15 and 0
    assert (found.low_s, found.high_s) == (pytest.approx(0.5), pytest.approx(14.0))
    assert (found.won, found.lost) == (0.0, 0.0)


def test_nothing_told_gains_exactly_nothing():
    found = gain(result(((100, 50), (90, 50))), way=0)
    assert (found.middle_s, found.low_s, found.high_s) == (0.0, 0.0, 0.0)


def test_a_missile_that_only_one_of_the_two_reaches_gains_no_seconds_and_is_counted():
    found = gain(result(((100, INF), (90, 40)), ((100, 50), (96, INF))))
    assert found.middle_s == 7.0
    assert (found.won, found.lost) == (0.5, 0.5)


def test_how_many_get_so_far_with_nothing_told_is_counted():
    assert result(((100, INF), (90, 40)), ((100, 50), (96, INF))).reached[0, 0].tolist() == [1.5] * len(MOMENTS)


def test_missiles_that_come_down_elsewhere_do_not_count():
    found = result(((100, 50), (90, 10)), own=(1.0, 0.0))
    assert gain(found).middle_s == 10.0
    assert found.missiles == (1.0,)
    assert math.isnan(found.by_object_s[0, 1, 0, 1, 0])
    assert found.by_object_s[0, 1, 0, 0, 0] == 10.0


def test_where_nothing_is_ever_reached_there_is_no_gain():
    found = result(((INF, INF), (90, INF)))
    assert math.isnan(gain(found).middle_s)
    assert gain(found).won == 1.0
    assert math.isnan(found.first_s[0, 0, 0])


def test_the_first_way_tells_nothing_and_names_are_unique():
    assert WAYS[0].product == ""
    assert all(way.product for way in WAYS[1:])
    assert len({way.id for way in WAYS}) == len({way.title for way in WAYS}) == len(WAYS)
