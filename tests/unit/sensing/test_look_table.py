"""A look belongs to (sensor, object, slot): what a cue changes is when looks are made, never what they give."""

from __future__ import annotations

from math import inf

import numpy as np
import pytest

from diptych.kernels.draws import name_hash
from diptych.model.looks import Echo
from diptych.sensing.looks import _walk, detect, look_table, look_tables, observe, share_looks
from tests.helpers.seen import flight, radar

SENSOR, OBJECT = name_hash("r"), name_hash("m-1")


@pytest.fixture(scope="module")
def truth():
    return flight()


@pytest.fixture(scope="module")
def weak_table(truth):
    """A radar that finds the object late and often misses it."""
    return look_table(radar(reference_range_m=4e5), 0.1, truth, 30.0, 11, 0, SENSOR, OBJECT)


def test_slots_belong_to_the_clock_of_the_radar_and_not_to_the_launch(truth):
    early = look_table(radar(), 0.1, truth, 30.0, 1, 0, SENSOR, OBJECT)
    late = look_table(radar(), 0.1, truth, 33.7, 1, 0, SENSOR, OBJECT)
    for table in (early, late):
        np.testing.assert_array_equal(table.time_s, table.slot * 2.0)
        assert np.all(np.diff(table.slot) > 0)
    assert early.slot[0] != late.slot[0]


def test_a_detection_under_two_cue_times_is_the_same_detection(weak_table):
    without, cued = observe(weak_table, 4), observe(weak_table, 4, cue_from_s=120.0)
    assert not cued.is_false.any()
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
            looks = int(np.count_nonzero(_walk(table, cue_from_s)[1]))
            if earlier is not None:
                assert earlier[0] <= rows
                assert earlier[1] <= looks
            earlier = rows, looks


def test_before_the_cue_nothing_differs(weak_table):
    time = weak_table.time_s
    np.testing.assert_array_equal(_walk(weak_table, inf)[1][time < 200.0], _walk(weak_table, 200.0)[1][time < 200.0])


def test_a_search_looks_once_in_every_revisit(weak_table):
    mode = _walk(weak_table, inf)[1]
    first = int(detect(weak_table)[0])
    assert weak_table.search_every == 4
    searched = weak_table.slot[:first][mode[:first] == 1]
    assert np.all((searched + weak_table.search_phase) % 4 == 0)
    assert np.all(mode[:first] != 2)


def test_after_a_detection_every_slot_is_a_track_look_until_five_misses(weak_table):
    mode = _walk(weak_table, inf)[1]
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


def test_a_radar_with_time_for_all_takes_no_look_from_anybody(truth):
    echoes = [Echo(0.1, 0.1, 0.1, 0.0)] * 3
    site = radar(track_capacity_hz=1.5)
    tables = look_tables(site, echoes, [truth] * 3, [30.0] * 3, 1, 0, SENSOR, [5, 6, 7])
    for table, target in zip(tables, (5, 6, 7), strict=True):
        alone = look_table(site, 0.1, truth, 30.0, 1, 0, SENSOR, target)
        np.testing.assert_array_equal(table.pd_track, alone.pd_track)
        np.testing.assert_array_equal(table.chance, alone.chance)


@pytest.mark.parametrize(("capacity_hz", "share"), [(1.0, 0.5), (0.5, 0.25), (0.75, 0.375), (0.05, 0.025)])
def test_looks_are_shared_evenly_in_rotation_when_there_is_no_time_for_all(truth, capacity_hz, share):
    tables = [look_table(radar(), 0.1, truth, 30.0, 1, 0, SENSOR, target) for target in (5, 6, 7, 8)]
    shared = share_looks(tuple(tables), capacity_hz * 2.0)
    kept = np.array([table.pd_track > 0.0 for table in shared])
    slots = shared[0].slot
    assert abs(kept.sum(axis=1) - share * len(slots)).max() <= 1 + 0.02 * len(slots)
    made = kept.sum(axis=0)
    assert abs(made.sum() - 2.0 * capacity_hz * len(slots)) <= 1.0
    assert made.max() <= int(np.ceil(2.0 * capacity_hz))
    for before, after in zip(tables, shared, strict=True):
        np.testing.assert_array_equal(after.pd_search, before.pd_search)
        is_kept = after.pd_track > 0.0
        np.testing.assert_array_equal(after.pd_track[is_kept], before.pd_track[is_kept])


def test_objects_that_are_not_in_view_at_the_same_time_take_nothing_from_each_other(truth):
    early = look_table(radar(), 0.1, truth, 0.0, 1, 0, SENSOR, 5)
    late = look_table(radar(), 0.1, truth, 5000.0, 1, 0, SENSOR, 6)
    for before, after in zip((early, late), share_looks((early, late), 1.0), strict=True):
        np.testing.assert_array_equal(after.pd_track, before.pd_track)


def test_a_tracked_object_is_not_lost_to_looks_that_others_took(truth):
    """One look in eight slots: more than five slots in a row without a look, and yet the radar stays in track."""
    tables = tuple(look_table(radar(reference_range_m=4e6), 0.1, truth, 0.0, 1, 0, SENSOR, 100 + i) for i in range(8))
    shared = share_looks(tables, 1.0)[0]
    mode = _walk(shared, inf)[1]
    first = int(detect(shared)[0])
    possible = (shared.pd_track > 0.0)[first + 1 :]
    assert np.diff(np.flatnonzero(possible)).max() > 5
    assert np.all(mode[first + 1 :][possible] == 2)


def test_the_whole_missile_is_seen_until_it_separates_and_the_payload_after(truth):
    rounded = look_table(radar(), Echo(0.1, 5.0, 0.1, 100.0), truth, 0.0, 1, 0, SENSOR, OBJECT)
    payload = look_table(radar(), 0.1, truth, 0.0, 1, 0, SENSOR, OBJECT)
    whole = look_table(radar(), 5.0, truth, 0.0, 1, 0, SENSOR, OBJECT)
    before = rounded.time_s < 100.0
    assert 0 < before.sum() < len(before)
    np.testing.assert_array_equal(rounded.pd_track[before], whole.pd_track[: before.sum()])
    np.testing.assert_array_equal(rounded.pd_track[~before], payload.pd_track[-(~before).sum() :])


def test_false_detections_are_as_many_as_the_window_has_cells_and_lie_in_it(truth):
    site = radar(false_alarm=1e-3, range_rate_error_mps=2.0)
    looks, found = 0, []
    for replicate in range(30):
        table = look_table(site, 0.1, truth, 0.0, 9, replicate, SENSOR, OBJECT)
        seen = observe(table, 0, cue_from_s=0.0)
        assert np.all(np.diff(seen.time_s) >= 0.0)
        looks += table.slot.size
        rows = table.false_row
        assert seen.is_false.sum() == rows.size
        for i, row in enumerate(rows):
            at = np.array([np.interp(table.time_s[row], np.arange(len(truth)), truth[:, k]) for k in range(3)])
            away, sight = table.false_ecef_m[i] - at, at - table.site_ecef_m
            slant = np.linalg.norm(sight)
            along = away @ sight / slant
            across = np.linalg.norm(away - along * sight / slant)
            found.append((along / (0.5 * 64 * 30.0), across / (0.5 * 0.01 * slant), table.false_range_rate_mps[i, 1]))
    expected = looks * (1.0 - (1.0 - 1e-3) ** 64)
    assert abs(len(found) - expected) < 4 * np.sqrt(expected)
    along, across, sigma = np.array(found).T
    assert np.abs(along).max() <= 1.05  # the straight line between seconds of this test bends away by some metres
    assert np.std(along) == pytest.approx(3**-0.5, rel=0.05)
    assert 1.2 < across.max() <= np.sqrt(2.0) + 0.05
    assert np.all(sigma > 0.0)


def test_false_detections_come_only_with_track_looks(weak_table, truth):
    site = radar(reference_range_m=6e5, false_alarm=1e-2)
    table = look_table(site, 0.1, truth, 30.0, 11, 0, SENSOR, OBJECT)
    mode = _walk(table, inf)[1]
    seen = observe(table, 0)
    times = table.time_s[table.false_row[mode[table.false_row] == 2]]
    np.testing.assert_array_equal(seen.time_s[seen.is_false], times)
    assert seen.is_false.sum() < table.false_row.size


def test_range_rate_is_measured_with_its_error_where_the_class_states_it(truth):
    errors = []
    for replicate in range(20):
        table = look_table(radar(range_rate_error_mps=4.0), 0.1, truth, 0.0, 3, replicate, SENSOR, OBJECT)
        second = np.round(table.time_s).astype(int)
        sight = truth[second, :3] - table.site_ecef_m
        true_rate = np.sum(sight * truth[second, 3:], axis=1) / np.linalg.norm(sight, axis=1)
        errors.append((table.range_rate_mps - true_rate) / table.range_rate_sigma_mps)
    errors = np.concatenate(errors)
    assert abs(np.mean(errors)) < 4 / np.sqrt(errors.size)
    assert np.std(errors) == pytest.approx(1.0, rel=4 / np.sqrt(2 * errors.size))
    assert np.isnan(look_table(radar(), 0.1, truth, 0.0, 3, 0, SENSOR, OBJECT).range_rate_mps).all()


def test_accuracy_has_the_floor_of_the_class(truth):
    for floor in (0.2, 1.0):
        table = look_table(radar(error_floor=floor, reference_range_m=5e6), 0.1, truth, 0.0, 3, 0, SENSOR, OBJECT)
        smallest = np.sqrt(np.linalg.eigvalsh(table.cov_ecef_m2)[:, 0].min())
        assert smallest == pytest.approx(15.0 * floor, rel=1e-6)
