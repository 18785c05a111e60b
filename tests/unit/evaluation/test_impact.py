"""What a track means: when it is first known, how well, and whose land it touches."""

from __future__ import annotations

import msgspec
import numpy as np
import pytest

from diptych.evaluation.impact import evaluate, evaluate_state, path_of, states_in
from diptych.kernels.earth import MU_M3_S2, enu_basis, geodetic_to_ecef
from diptych.model.picture import TrackHistory
from diptych.model.tracker import TrackerSettings
from diptych.sensing.looks import look_table, observe
from diptych.tracking.follow import follow
from tests.helpers.flown import impact_of
from tests.helpers.seen import BURN_S, checker, flight, radar


@pytest.fixture(scope="module")
def truth():
    return flight()


@pytest.fixture(scope="module")
def territory():
    return checker()


def track_of(truth, replicate=0, radars=(0,), until_s=np.inf):
    return follow(
        [observe(look_table(radar(), 0.1, truth, 0.0, 31, replicate, 50 + i, 5), i, until_s=until_s) for i in radars]
    )


@pytest.fixture(scope="module")
def track(truth):
    return track_of(truth)


def test_moments_start_with_the_first_ballistic_update_and_then_spread_out(track, territory):
    found = evaluate(track, territory)
    start = track.time_s[np.argmax(track.is_ballistic)]
    assert start >= track.confirmed_s
    np.testing.assert_allclose(found.time_s[:8] - start, [0, 5, 10, 20, 40, 60, 90, 120])
    assert np.all(np.diff(found.time_s[5:]) == pytest.approx(30.0))
    assert track.time_s[-1] - 30.0 < found.time_s[-1] <= track.time_s[-1]


def test_a_track_lost_in_boost_means_nothing_yet(truth, territory):
    lost = track_of(truth, until_s=BURN_S)
    assert len(lost.time_s) > 0
    found = evaluate(lost, territory)
    assert found.time_s.shape == (0,)
    assert found.impact_rad.shape == (0, 2)
    assert found.states == found.radars == ()


def test_state_at_a_moment_is_the_latest_update_carried_forward(track, territory, truth):
    found = evaluate(track, territory)
    for time_s, state in zip(found.time_s[2:], found.state_ecef[2:], strict=True):
        row = int(np.searchsorted(track.time_s, time_s, side="right")) - 1
        expected = path_of(track.state_ecef[row], track.time_s[row], np.array([time_s]))[0]
        np.testing.assert_allclose(state[:3], expected, atol=0.1)


def test_two_sigma_ellipse_covers_the_true_impact_as_often_as_it_should(truth, territory):
    """A 2-sigma ellipse of two Gaussian components holds 86.5 %; the floor and the doubt about drag add to that."""
    last = truth[-1]
    _, lat, lon = impact_of(last, 0.0)
    point = np.array(geodetic_to_ecef(lat, lon, 0.0))
    inside = []
    for replicate in range(25):
        found = evaluate(track_of(truth, replicate), territory)
        for (at_lat, at_lon), (major, minor, azimuth) in zip(found.impact_rad, found.ellipse_m, strict=True):
            east, north, _ = enu_basis(at_lat, at_lon) @ (point - np.array(geodetic_to_ecef(at_lat, at_lon, 0.0)))
            along = east * np.sin(azimuth) + north * np.cos(azimuth)
            across = east * np.cos(azimuth) - north * np.sin(azimuth)
            inside.append((along / major) ** 2 + (across / minor) ** 2 <= 1.0)
    assert len(inside) > 300
    assert np.mean(inside) >= 0.85


def test_prediction_gets_surer_and_ends_near_the_truth(truth, track, territory):
    found = evaluate(track, territory)
    assert found.ellipse_m[-1, 0] < 0.5 * found.ellipse_m[0, 0]
    assert np.all(found.ellipse_m[:, 0] >= found.ellipse_m[:, 1])
    impact_s, lat, lon = impact_of(truth[-1], float(len(truth) - 1))
    # The object is twice as slowed by the air as the tracker supposes, which costs it 6 s at the end.
    assert found.impact_s[-1] == pytest.approx(impact_s, abs=7.0)
    assert np.hypot(*(found.impact_rad[-1] - np.array([lat, lon]))) * 6.371e6 < 6000.0


def test_radars_named_are_those_that_had_contributed_by_then(truth, territory):
    found = evaluate(track_of(truth, radars=(4, 2)), territory)
    assert found.radars[-1] == (2, 4)
    alone = evaluate(track_of(truth, radars=(4,)), territory)
    assert set(alone.radars) == {(4,)}


def test_a_radar_that_joins_later_is_named_from_then_on(truth, territory):
    early = observe(look_table(radar(), 0.1, truth, 0.0, 31, 0, 50, 5), 4)
    late = observe(look_table(radar(), 0.1, truth, 0.0, 31, 0, 51, 5), 2)
    kept = late.time_s > 300.0
    rows = {n: v[kept] for n in late.__struct_fields__ if np.shape(v := getattr(late, n))[:1] == kept.shape}
    found = evaluate(follow([early, msgspec.structs.replace(late, **rows)]), territory)
    before = found.time_s < rows["time_s"][0]
    assert {r for r, is_before in zip(found.radars, before, strict=True) if is_before} == {(4,)}
    assert {r for r, is_before in zip(found.radars, before, strict=True) if not is_before} == {(2, 4)}


def test_states_touched_are_named_sorted_and_sea_is_left_out(territory):
    def at(lat, lon, size_m):
        return states_in(territory, np.array([np.radians(lat), np.radians(lon), size_m, size_m, 0.0]))

    assert at(45.0, 30.0, 50e3) == ("AA",)
    assert at(45.0, 50.0, 50e3) == ("BB",)
    assert at(45.0, 40.0, 150e3) == ("AA", "BB")
    assert at(0.0, 40.0, 150e3) == ()
    assert at(20.2, 50.0, 150e3) == ("BB",)


def test_a_moment_in_which_the_filter_is_back_in_boost_is_left_out(track, territory):
    start = int(np.argmax(track.is_ballistic))
    doubted = track.is_ballistic.copy()
    doubted[start + 3 : start + 12] = False
    other = TrackHistory(
        track.time_s, track.state_ecef, track.cov_ecef, track.sensor, doubted, track.confirmed_s, track.first_s
    )
    gone = set(evaluate(track, territory).time_s) - set(evaluate(other, territory).time_s)
    assert gone
    for time_s in gone:
        assert track.time_s[start + 3] <= time_s < track.time_s[start + 12]


def test_what_does_not_come_down_has_no_impact():
    orbit = np.array([7.0e6, 0.0, 0.0, 0.0, np.sqrt(MU_M3_S2 / 7.0e6), 0.0])
    assert evaluate_state(orbit, np.eye(6), 0.0, (), checker()) is None


def test_path_ends_where_the_impact_is(truth):
    state = truth[BURN_S + 50]
    impact_s, lat, lon = impact_of(state, 500.0)
    path = path_of(state, 500.0, np.array([500.0, impact_s - 0.1, impact_s + 1.0]))
    np.testing.assert_allclose(path[0], state[:3])
    # 0.1 s before, at more than 1 km/s.
    assert np.linalg.norm(path[1] - np.array(geodetic_to_ecef(lat, lon, 0.0))) < 150.0
    assert np.all(np.isnan(path[2]))


def test_one_state_means_what_a_track_in_that_state_means(track, territory):
    found = evaluate(track, territory)
    row = int(np.searchsorted(track.time_s, found.time_s[0]))
    alone = evaluate_state(track.state_ecef[row], track.cov_ecef[row], float(track.time_s[row]), (0,), territory)
    assert alone is not None
    assert alone.impact_s[0] == pytest.approx(found.impact_s[0], abs=1e-6)
    np.testing.assert_allclose(alone.ellipse_m[0], found.ellipse_m[0])
    assert alone.states[0] == found.states[0]
    np.testing.assert_array_equal(alone.cov_ecef[0], track.cov_ecef[row])


def test_a_state_that_never_comes_down_means_nothing(track, territory):
    away = track.state_ecef[-1].copy()
    away[3:] = 12e3 * away[:3] / np.linalg.norm(away[:3])
    assert evaluate_state(away, track.cov_ecef[-1], 0.0, (0,), territory) is None


def test_the_covariance_of_a_moment_grows_with_the_time_since_the_update(track, territory):
    found = evaluate(track, territory)
    row = np.searchsorted(track.time_s, found.time_s, side="right") - 1
    later = found.time_s - track.time_s[row]
    assert later.max() > 0.5
    size = np.trace(found.cov_ecef[:, :3, :3], axis1=1, axis2=2)
    held = np.trace(track.cov_ecef[row][:, :3, :3], axis1=1, axis2=2)
    assert np.all(size[later > 0.5] > held[later > 0.5])
    np.testing.assert_array_equal(size[later == 0.0], held[later == 0.0])


def test_the_coefficient_taken_for_granted_moves_the_impact_and_stays_with_the_evaluation(track, territory):
    light = TrackerSettings(ballistic_coefficient_kg_m2=3000.0)
    found, moved = evaluate(track, territory), evaluate(track, territory, light)
    assert (found.beta_kg_m2, moved.beta_kg_m2) == (6000.0, 3000.0)
    assert np.all(moved.impact_s > found.impact_s)  # a lighter body falls slower
    state, cov, at_s = found.state_ecef[-1], found.cov_ecef[-1], float(found.time_s[-1])
    alone = evaluate_state(state, cov, at_s, (0,), territory, light)
    assert alone is not None
    assert alone.impact_s[0] == pytest.approx(float(moved.impact_s[-1]), abs=0.01)
    late = np.array([float(found.impact_s[-1]) - 1.0])
    behind = path_of(state, at_s, late, 3000.0)[0] - path_of(state, at_s, late)[0]
    assert behind @ state[3:] < 0.0
