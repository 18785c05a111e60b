"""Tracks from detections that nobody labels: neighbours, misses, noise; tracking apart against tracking together."""

from __future__ import annotations

from math import inf

import msgspec
import numpy as np
import pytest

from diptych.kernels import assignment as kernel
from diptych.kernels.filters import update_rate
from diptych.model.looks import LaunchWarning, LookTable
from diptych.model.tracker import SHIPPED
from diptych.sensing.looks import look_table, observe
from diptych.sim.tracks import OwnTracks, all_looks, is_kept_apart
from diptych.tracking.associate import associate
from diptych.tracking.tracker import FALSE, hand_over, merge, track
from tests.helpers.seen import checker, flight, radar

SITE = 0


def looked_at(truth, number, replicate=0, **changes):
    return look_table(radar(**changes), 0.1, truth, 0.0, 33, replicate, 100, 50 + number)


@pytest.fixture(scope="module")
def salvo():
    """Three objects launched together, two of them 3 degrees apart in azimuth, the third elsewhere."""
    return [flight(310.0), flight(313.0), flight(250.0, elevation_deg=80.0)]


def seen(truths, replicate=0, cue_s=0.0, **changes):
    return [[observe(looked_at(t, k, replicate, **changes), SITE, cue_s)] for k, t in enumerate(truths)]


def with_false(found, time_s, offset_m):
    """Put a false detection beside the true one at a time."""
    k = int(np.searchsorted(found.time_s, time_s))
    at = found.measured_ecef_m[k] + offset_m
    put = lambda name, value: np.insert(getattr(found, name), k + 1, value, axis=0)  # noqa: E731
    return msgspec.structs.replace(
        found,
        slot=put("slot", found.slot[k]),
        time_s=put("time_s", found.time_s[k]),
        measured_ecef_m=put("measured_ecef_m", at),
        cov_ecef_m2=put("cov_ecef_m2", found.cov_ecef_m2[k]),
        is_false=put("is_false", True),
        range_rate_mps=put("range_rate_mps", np.nan),
        range_rate_sigma_mps=put("range_rate_sigma_mps", np.nan),
    )


def test_the_assignment_in_the_kernel_is_that_of_the_library():
    rng = np.random.default_rng(5)
    for n, m in [(1, 1), (1, 5), (5, 1), (2, 2), (3, 2), (2, 3), (4, 4), (6, 5), (5, 8)] * 6:
        d2 = rng.exponential(4.0, size=(n, m))
        d2[rng.random((n, m)) > 0.6] = inf
        log_det = rng.normal(20.0, 2.0, size=n)
        mine, theirs = kernel.assign(d2 + log_det[:, None]), associate(d2, log_det)
        cost = lambda pick, c=d2 + log_det[:, None]: sum(c[i, j] for i, j in enumerate(pick) if j >= 0)  # noqa: E731
        assert np.count_nonzero(mine >= 0) == np.count_nonzero(theirs >= 0)
        assert cost(mine) == pytest.approx(cost(theirs))


def test_neighbours_are_told_apart_without_being_named(salvo):
    tracked = track(merge(seen(salvo)))
    picture = hand_over(tracked, 3)
    assert picture.purity.min() > 0.95
    assert picture.false_tracks == 0
    for k, history in enumerate(picture.histories):
        assert history.confirmed_s < 120.0
        late = history.time_s > 200.0
        error = history.state_ecef[late, :3] - salvo[k][history.time_s[late].astype(int), :3]
        assert np.median(np.linalg.norm(error, axis=1)) < 1000.0


def test_the_order_of_the_objects_changes_no_track(salvo):
    one, other = seen(salvo), seen(salvo)[::-1]
    first, second = hand_over(track(merge(one)), 3), hand_over(track(merge(other)), 3)
    for a, b in zip(first.histories, second.histories[::-1], strict=True):
        np.testing.assert_array_equal(a.state_ecef, b.state_ecef)


@pytest.mark.parametrize(
    ("apart_deg", "is_warned"), [(0.05, False), (0.6, False), (0.6, True), (3.0, True), (40.0, False)]
)
def test_tracking_apart_gives_what_tracking_together_gives(apart_deg, is_warned):
    """The decomposition is exact: whatever it decides to do, each history is that of one joint tracker."""
    truths = [flight(310.0), flight(310.0 + apart_deg), flight(310.0 - 2 * apart_deg)]
    cues = dict.fromkeys(range(3), (0.0,))
    for replicate in range(4):
        tables = ((*(looked_at(t, k, replicate) for k, t in enumerate(truths)),),)
        point = tuple(truths[0][0, :3].tolist())
        known = [LaunchWarning(50.0 + 20.0 * k, 0.0, 0.0, point, 2e3, (4e6, 0.0, 4e6), -9.0 * k, 5.0) for k in range(2)]
        own = OwnTracks(tables, checker(), SHIPPED, {"satellite": known})
        launches = [(w, w.launch_s) for w in known] if is_warned else []
        joint = hand_over(track(merge([[observe(t, 0, 0.0)] for t in tables[0]]), launches=launches), 3)
        for k in range(3):
            found = own.together(k, (0,), cues, ("satellite",) if is_warned else ())[k].track
            np.testing.assert_array_equal(found.time_s, joint.histories[k].time_s)
            np.testing.assert_array_equal(found.state_ecef, joint.histories[k].state_ecef)
            np.testing.assert_array_equal(found.cov_ecef, joint.histories[k].cov_ecef)
            assert found.confirmed_s == joint.histories[k].confirmed_s


def test_objects_that_fly_together_are_mixed_up_and_it_is_counted():
    truths = [flight(310.0), flight(310.0)]
    picture = hand_over(track(merge(seen(truths, angle_error_rad=3e-3))), 2)
    assert np.nanmin(picture.purity) < 0.9
    assert picture.swaps.max() > 3


def test_far_objects_are_no_clash_and_near_ones_are(salvo):
    for second, is_clash in ((flight(310.3), True), (flight(130.0), False)):
        tables = ((looked_at(salvo[0], 0), looked_at(second, 1)),)
        looks = [observe(tables[0][0], 0, 0.0)]
        tracked = track(merge([looks]), others=all_looks(tables, (0,)), mine=0)
        assert (tracked.clash_s[1] > -inf) == is_clash
        assert tracked.clash_s[0] == -inf


def test_looks_at_others_never_change_a_track(salvo):
    tables = (tuple(looked_at(t, k) for k, t in enumerate(salvo)),)
    looks = [observe(tables[0][0], 0, 0.0)]
    one, other = track(merge([looks])), track(merge([looks]), others=all_looks(tables, (0,)), mine=0)
    np.testing.assert_array_equal(one.state_ecef, other.state_ecef)
    np.testing.assert_array_equal(one.track, other.track)


def test_a_false_detection_far_off_starts_a_track_that_dies_and_leaves_the_true_one_alone(salvo):
    (plain,) = seen(salvo[:1])[0]
    noisy = with_false(plain, 200.0, np.array([0.0, 0.0, 30e3]))
    tracked = track(merge([[noisy]]))
    assert np.bincount(tracked.track).min() == 1
    picture = hand_over(tracked, 1)
    assert picture.false_tracks == 0
    assert picture.purity[0] == 1.0
    np.testing.assert_array_equal(
        picture.histories[0].state_ecef, hand_over(track(merge([[plain]])), 1).histories[0].state_ecef
    )


def test_a_false_detection_in_the_gate_competes_by_distance(salvo):
    (plain,) = seen(salvo[:1])[0]
    noisy = with_false(plain, 200.0, np.array([40.0, 0.0, 0.0]))
    tracked = track(merge([[noisy]]))
    at = np.flatnonzero(tracked.scans.stream == FALSE)[0]
    pair = tracked.track[at - 1 : at + 1]
    assert pair[0] != pair[1], "a scan gives a track one detection"


def test_noise_alone_confirms_nothing_and_regular_noise_is_counted_as_false(salvo):
    (plain,) = seen(salvo[:1])[0]
    rng = np.random.default_rng(1)
    n = plain.time_s.size
    is_false = np.ones(n, np.bool_)
    scattered = plain.measured_ecef_m + rng.normal(0.0, 300e3, (n, 3))
    noise = msgspec.structs.replace(plain, measured_ecef_m=scattered, is_false=is_false)
    assert hand_over(track(merge([[noise]])), 1).false_tracks <= 1
    steady = msgspec.structs.replace(plain, is_false=is_false)
    picture = hand_over(track(merge([[steady]])), 1)
    assert picture.false_tracks == 1
    assert picture.histories[0].time_s.size == 0


def test_three_detections_start_a_track_and_four_confirm_it_unless_set_otherwise(salvo):
    streams = seen(salvo[:1])
    slow = msgspec.structs.replace(SHIPPED, initiate_count=5, confirm_count=7)
    plain, late = hand_over(track(merge(streams)), 1), hand_over(track(merge(streams), slow), 1)
    times = streams[0][0].time_s
    assert plain.histories[0].time_s[0] == times[2]
    assert late.histories[0].time_s[0] == times[4]
    assert (plain.histories[0].confirmed_s, late.histories[0].confirmed_s) == (times[3], times[6])


def test_a_range_rate_makes_the_velocity_surer_and_stays_consistent(salvo):
    (plain,) = seen(salvo[:1])[0]
    truth = salvo[0][plain.time_s.astype(int)]
    line = truth[:, :3] - plain.site_ecef_m
    line /= np.linalg.norm(line, axis=1, keepdims=True)
    rng = np.random.default_rng(2)
    rate = np.einsum("ni,ni->n", line, truth[:, 3:]) + rng.normal(0.0, 1.0, len(truth))
    doppler = msgspec.structs.replace(plain, range_rate_mps=rate, range_rate_sigma_mps=np.ones(len(truth)))
    one, two = (hand_over(track(merge([[d]])), 1).histories[0] for d in (plain, doppler))
    assert two.is_ballistic.argmax() <= one.is_ballistic.argmax()
    at = int(np.searchsorted(two.time_s, 80.0))
    assert line[at] @ two.cov_ecef[at, 3:, 3:] @ line[at] < 0.1 * line[at] @ one.cov_ecef[at, 3:, 3:] @ line[at]
    kept = two.is_ballistic & (two.time_s > 100.0) & (two.time_s < 500.0)
    error = two.state_ecef[kept] - salvo[0][two.time_s[kept].astype(int)]
    nees = np.einsum("ni,ni->n", error, np.linalg.solve(two.cov_ecef[kept], error[..., None])[..., 0])
    assert 2.0 < nees.mean() < 12.0


def test_the_update_with_a_range_rate_is_that_of_a_linear_filter():
    rng = np.random.default_rng(3)
    x, site = np.array([4e6, 3e6, 4e6, 1e3, -2e3, 5e2]), np.array([4.1e6, 2.5e6, 4.2e6])
    root = rng.normal(size=(6, 6)) * np.array([100.0] * 3 + [10.0] * 3)
    p = root.T @ root
    line = x[:3] - site
    far = np.linalg.norm(line)
    h = np.concatenate([(x[3:] - (line @ x[3:]) / far * line / far) / far, line / far])
    expected = line @ x[3:] / far
    gain = p @ h / (h @ p @ h + 4.0)
    wanted_x, wanted_p = x + gain * (7.0), p - np.outer(gain, h @ p)
    update_rate(x, p, expected + 7.0, 2.0, site, 6, np.zeros((4, 7, 7)))
    np.testing.assert_allclose(x, wanted_x, rtol=1e-9)
    np.testing.assert_allclose(p, wanted_p, atol=1e-6 * np.abs(wanted_p).max())


def test_a_known_launch_gives_the_first_velocity(salvo):
    streams = seen(salvo[:1])
    first = streams[0][0].time_s[0]
    point = tuple(salvo[0][0, :3].tolist())
    warning = LaunchWarning(
        time_s=first - 1.0, lat_rad=0.0, lon_rad=0.0, ecef_m=point, error_m=2000.0, cov_en_m2=(4e6, 0.0, 4e6),
        launch_s=0.0, launch_sigma_s=5.0,
    )  # fmt: skip
    plain, told = track(merge(streams)), track(merge(streams), launches=[(warning, 0.0)])
    true = salvo[0][int(first)]
    assert np.linalg.norm(plain.state_ecef[0, 3:] - true[3:]) > np.linalg.norm(told.state_ecef[0, 3:] - true[3:])
    assert np.trace(told.cov_ecef[0, 3:, 3:]) < 0.1 * np.trace(plain.cov_ecef[0, 3:, 3:])
    error = told.state_ecef[0, 3:] - true[3:]
    assert error @ np.linalg.solve(told.cov_ecef[0, 3:, 3:], error) < 16.0
    late = msgspec.structs.replace(warning, time_s=first + 0.1)
    np.testing.assert_array_equal(
        track(merge(streams), launches=[(late, 0.0)]).state_ecef, plain.state_ecef, "not reported by then"
    )
    # Of two launches that can be the cause the mean, and the difference is doubt as well.
    both = track(merge(streams), launches=[(warning, 0.0), (warning, -20.0)])
    other = track(merge(streams), launches=[(warning, -20.0)])
    np.testing.assert_allclose(both.state_ecef[0], 0.5 * (told.state_ecef[0] + other.state_ecef[0]))
    between = 0.25 * (told.state_ecef[0, 3:] - other.state_ecef[0, 3:]) ** 2
    doubt = 0.5 * (np.diag(told.cov_ecef[0]) + np.diag(other.cov_ecef[0]))[3:]
    np.testing.assert_allclose(np.diag(both.cov_ecef[0])[3:], doubt + between)


def test_late_entries_are_sorted_in(salvo):
    a, b = looked_at(salvo[0], 0), looked_at(salvo[0], 0, lat_deg=37.0, lon_deg=39.0)
    one, two = observe(a, 0, 0.0), observe(b, 1, 0.0)
    assert one.time_s[0] != two.time_s[-1]
    first, second = track(merge([[one, two]])), track(merge([[two, one]]))
    np.testing.assert_array_equal(first.state_ecef, second.state_ecef)
    assert np.all(np.diff(first.scans.time_s) >= 0.0)


def test_a_joint_tracking_that_swaps_is_not_kept_apart():
    truths = [flight(310.0), flight(310.0)]
    streams = seen(truths, angle_error_rad=3e-3)
    joint, alone = track(merge(streams)), [track(merge([s])) for s in streams]
    assert not is_kept_apart(joint, alone)
    assert is_kept_apart(alone[0], alone[:1])


def test_empty_tables_are_no_objects():
    nothing = LookTable(
        slot=np.empty(0, np.int64), time_s=np.empty(0), pd_search=np.empty(0), pd_track=np.empty(0),
        chance=np.empty(0), measured_ecef_m=np.empty((0, 3)), cov_ecef_m2=np.empty((0, 3, 3)), search_every=1,
        search_phase=0, track_revisit_s=1.0, site_ecef_m=np.zeros(3), range_rate_mps=np.empty(0),
        range_rate_sigma_mps=np.empty(0), place_ecef_m=np.empty((0, 3)), false_row=np.empty(0, np.int64),
        false_ecef_m=np.empty((0, 3)),
        false_cov_ecef_m2=np.empty((0, 3, 3)), false_range_rate_mps=np.empty((0, 2)),
    )  # fmt: skip
    found = OwnTracks(((nothing, nothing),), checker(), SHIPPED).together(0, (0,), {0: (inf,), 1: (inf,)})
    assert list(found) == [0]
    assert found[0].track.first_s == inf
