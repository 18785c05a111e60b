"""A look belongs to (sensor, object, slot): what a cue changes is when looks are made, never what they give."""

from __future__ import annotations

from math import inf

import numpy as np
import pytest

from diptych.kernels.draws import name_hash
from diptych.sensing.looks import detect, look_table, looks_made, observe
from tests.helpers.seen import flight, radar

SENSOR, OBJECT = name_hash("r"), name_hash("m-1")


@pytest.fixture(scope="module")
def truth():
    return flight()


@pytest.fixture(scope="module")
def weak_table(truth):
    """A radar that finds the object late and often misses it."""
    return look_table(radar(reference_range_m=6e5), 0.1, truth, 30.0, 11, 0, SENSOR, OBJECT)


def test_slots_belong_to_the_clock_of_the_radar_and_not_to_the_launch(truth):
    early = look_table(radar(), 0.1, truth, 30.0, 1, 0, SENSOR, OBJECT)
    late = look_table(radar(), 0.1, truth, 33.7, 1, 0, SENSOR, OBJECT)
    for table in (early, late):
        np.testing.assert_array_equal(table.time_s, table.slot * 2.0)
        assert np.all(np.diff(table.slot) > 0)
    assert early.slot[0] != late.slot[0]


def test_a_detection_under_two_cue_times_is_the_same_detection(weak_table):
    without, cued = observe(weak_table, 4), observe(weak_table, 4, cue_from_s=180.0)
    shared, a, b = np.intersect1d(without.slot, cued.slot, return_indices=True)
    assert 0 < len(shared) == len(without.slot) < len(cued.slot)
    np.testing.assert_array_equal(without.measured_ecef_m[a], cued.measured_ecef_m[b])
    np.testing.assert_array_equal(without.cov_ecef_m2[a], cued.cov_ecef_m2[b])
    np.testing.assert_array_equal(without.time_s[a], cued.time_s[b])


def test_an_earlier_cue_never_takes_a_detection_away(truth):
    for replicate in range(20):
        table = look_table(radar(reference_range_m=6e5), 0.1, truth, 30.0, 11, replicate, SENSOR, OBJECT)
        earlier = None
        for cue_from_s in (inf, 300.0, 200.0, 150.0, 0.0):
            rows = set(detect(table, cue_from_s).tolist())
            looks = int(np.count_nonzero(looks_made(table, cue_from_s)))
            if earlier is not None:
                assert earlier[0] <= rows
                assert earlier[1] <= looks
            earlier = rows, looks


def test_before_the_cue_nothing_differs(weak_table):
    time = weak_table.time_s
    np.testing.assert_array_equal(
        looks_made(weak_table)[time < 200.0], looks_made(weak_table, cue_from_s=200.0)[time < 200.0]
    )


def test_a_search_looks_once_in_every_revisit(weak_table):
    mode = looks_made(weak_table)
    first = int(detect(weak_table)[0])
    assert weak_table.search_every == 4
    searched = weak_table.slot[:first][mode[:first] == 1]
    assert np.all((searched + weak_table.search_phase) % 4 == 0)
    assert np.all(mode[:first] != 2)


def test_after_a_detection_every_slot_is_a_track_look_until_five_misses(weak_table):
    mode = looks_made(weak_table)
    first = int(detect(weak_table)[0])
    following = weak_table.slot <= weak_table.slot[first] + 5
    assert np.all(mode[first + 1 :][following[first + 1 :]] == 2)


def test_nothing_is_seen_of_an_object_that_is_gone(weak_table):
    whole = observe(weak_table, 0, cue_from_s=0.0)
    short = observe(weak_table, 0, cue_from_s=0.0, until_s=250.0)
    n = len(short.time_s)
    assert 0 < n < len(whole.time_s)
    assert short.time_s[-1] <= 250.0 < whole.time_s[n]


def test_another_object_sensor_replicate_or_seed_has_its_own_luck(truth):
    def luck(seed=1, replicate=0, sensor=SENSOR, target=OBJECT):
        return look_table(radar(), 0.1, truth, 30.0, seed, replicate, sensor, target).chance

    base = luck()
    np.testing.assert_array_equal(base, luck())
    for other in (luck(seed=2), luck(replicate=1), luck(sensor=SENSOR + 1), luck(target=OBJECT + 1)):
        assert other.shape == base.shape
        assert not np.any(other == base)
        assert abs(np.corrcoef(base, other)[0, 1]) < 5 / np.sqrt(len(base))


def test_detections_come_as_often_as_the_probability_says(truth):
    hits = expected = variance = 0.0
    for replicate in range(40):
        table = look_table(radar(reference_range_m=8e5), 0.1, truth, 30.0, 3, replicate, SENSOR, OBJECT)
        hits += len(detect(table, cue_from_s=0.0))
        expected += table.pd_track.sum()
        variance += (table.pd_track * (1 - table.pd_track)).sum()
    assert abs(hits - expected) < 4 * np.sqrt(variance)


def test_an_object_behind_the_radar_gives_an_empty_table_and_no_detections(truth):
    table = look_table(radar(az_half_width_rad=0.1, boresight_az_rad=0.0), 0.1, truth, 30.0, 1, 0, SENSOR, OBJECT)
    assert table.slot.shape == (0,)
    assert observe(table, 0, cue_from_s=0.0).measured_ecef_m.shape == (0, 3)
