"""The tracking filter against its plain twin, and the properties a covariance owes."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import lognorm

from diptych.kernels import filters
from diptych.model.tracker import TrackerSettings
from diptych.tracking.tracker import Scans, track
from tests.helpers.seen import BURN_S, flight
from tests.oracles import filter_twin

METRE = 1.0
NO_GATE = TrackerSettings(gate=1e9)


def detections(truth, times, sigma_m, seed):
    """Return z, r for positions measured with errors of different size along different directions."""
    rng = np.random.default_rng(seed)
    r = np.empty((len(times), 3, 3))
    z = np.empty((len(times), 3))
    for i, t in enumerate(times):
        turn, _ = np.linalg.qr(rng.normal(size=(3, 3)))
        root = turn @ np.diag([0.05, 1.0, 1.0]) * sigma_m
        r[i] = root @ root.T
        z[i] = truth[t, :3] + root @ rng.normal(size=3)
    return z, r


def follow(times, z, r, revisit_s=2.0):
    """Return states, covariances, detections and marks of the track from initiation on, and when it was confirmed."""
    n = len(times)
    plain = np.full((n, 2), np.nan), np.zeros((n, 3)), np.full(n, revisit_s)
    scans = Scans(np.asarray(times, float), np.arange(n) % 2, *[np.zeros(n, np.int64)] * 2, z, r, *plain)
    found = track(scans, NO_GATE)
    rows = np.flatnonzero(found.held >= 3)
    return found.state_ecef[rows], found.cov_ecef[rows], rows, found.is_ballistic[rows], found.confirmed_s.min()


def compare_with_twin(times, z, r, revisit_s=2.0):
    state, cov, row, ballistic, confirmed = follow(times, z, r, revisit_s)
    twin, twin_confirmed = filter_twin.follow(np.asarray(times, float), z, r, np.full(len(times), revisit_s))
    assert confirmed == twin_confirmed
    assert row.tolist() == [t[0] for t in twin]
    assert ballistic.tolist() == [t[3] for t in twin]
    for i, (_, x, p, _) in enumerate(twin):
        sigma = np.sqrt(np.diag(p))
        # The transition differs in third order (series against exponential), J2 and density gradient.
        np.testing.assert_allclose((state[i] - x) / sigma, 0.0, atol=0.05)
        np.testing.assert_allclose(cov[i] / np.outer(sigma, sigma), p / np.outer(sigma, sigma), atol=0.05)
    return ballistic


@pytest.mark.parametrize("seed", [1, 2])
def test_boost_burnout_and_coast_agree_with_the_plain_twin(seed):
    truth = flight()
    rng = np.random.default_rng(seed)
    times = np.sort(rng.choice(np.arange(90, 300), size=30, replace=False))
    ballistic = compare_with_twin(times, *detections(truth, times, 600.0, seed), revisit_s=8.0)
    assert not ballistic[0]
    assert ballistic[-1]


def test_gaps_ties_and_drops_agree_with_the_plain_twin():
    truth = flight()
    times = np.array([60, 61, 95, 96, 96, 97, 98, 170, 172, 174, 176, 178, 180, 182, 184, 300, 302, 304])
    compare_with_twin(times, *detections(truth, times, 300.0, 4))


def test_re_entry_agrees_with_the_plain_twin():
    truth = flight(thrust_mps2=38.0, elevation_deg=84.0)
    n = len(truth)
    times = np.arange(n - 120, n - 14, 4)
    ballistic = compare_with_twin(times, *detections(truth, times, 200.0, 5), revisit_s=4.0)
    assert ballistic[-1]


def test_second_burn_returns_the_track_to_boost_as_in_the_twin():
    truth = flight()
    kicked = truth.copy()
    # From 260 s on the object moves 60 m/s2 harder along its own track than gravity explains.
    late = np.arange(len(truth)) - 260.0
    ahead = truth[:, 3:] / np.linalg.norm(truth[:, 3:], axis=1, keepdims=True)
    kicked[:, :3] += np.where(late > 0, 30.0 * late**2, 0.0)[:, None] * ahead
    times = np.arange(110, 300, 3)
    z, r = detections(kicked, times, 200.0, 6)
    ballistic = compare_with_twin(times, z, r, revisit_s=3.0)
    assert ballistic[times[2:] < 260].any()
    assert not ballistic[-1]


def test_transition_of_the_covariance_is_that_of_neighbouring_states():
    truth = flight()
    for t, n, h in ((150, 6, 10.0), (150, 7, 5.0), (40, 7, 1.0), (len(truth) - 30, 6, 1.0)):
        x = np.append(truth[t], 20.0)[:n]
        for k in range(n):
            step = [100.0, 100.0, 100.0, 1.0, 1.0, 1.0, 0.1][k]
            moved = []
            for sign in (1, -1):
                y = x.copy()
                y[k] += sign * step
                filters.predict(y, np.zeros((n, n)), h, n, False, np.zeros((4, 7, 7)))
                moved.append(y)
            column = (moved[0] - moved[1]) / (2 * step)
            p = np.zeros((n, n))
            p[k, k] = 1e6
            filters.predict(x.copy(), p, h, n, False, np.zeros((4, 7, 7)))
            got = p[:, k] / (1e6 * column[k])
            scale = np.array([h, h, h, 1.0, 1.0, 1.0, 1.0]) if k >= 3 else np.ones(7)
            np.testing.assert_allclose((got - column) / scale[:n], 0.0, atol=0.04)


def test_update_with_a_perfect_measurement_takes_it_over():
    p = np.diag([1e6] * 3 + [1e4] * 3)
    p[0, 3] = p[3, 0] = 5e4
    x = np.zeros(6)
    z = np.array([10.0, -20.0, 30.0])
    filters.update(x, p, z, np.eye(3) * 1e-6, 6, np.zeros((4, 7, 7)))
    np.testing.assert_allclose(x[:3], z, atol=1e-6 * METRE)
    assert x[3] == pytest.approx(10.0 * 5e4 / 1e6)
    assert p[3, 3] == pytest.approx(1e4 - 5e4**2 / 1e6)


def test_covariances_stay_symmetric_and_positive():
    truth = flight()
    times = np.arange(60, len(truth) - 5, 2)
    _, cov, *_ = follow(times, *detections(truth, times, 1000.0, 8))
    np.testing.assert_array_equal(cov, np.swapaxes(cov, 1, 2))
    assert np.all(np.linalg.eigvalsh(cov) > 0)


def test_track_is_consistent_after_burnout():
    """Mean NEES of 6 states within 20 % of 6 over 30 flights with other luck; verification/ has the long version."""
    truth = flight()
    total, n = 0.0, 0
    for seed in range(30):
        times = np.arange(70, len(truth) - 80, 4)
        state, cov, row, ballistic, _ = follow(times, *detections(truth, times, 800.0, 100 + seed), 4.0)
        error = state - truth[times[row]]
        kept = ballistic & (times[row] > BURN_S)
        assert kept.any()
        for e, p in zip(error[kept], cov[kept], strict=True):
            total += e @ np.linalg.solve(p, e)
            n += 1
    assert total / n == pytest.approx(6.0, rel=0.2)


def test_no_track_is_called_ballistic_while_it_is_thrusting():
    truth = flight()
    for seed in range(20):
        times = np.arange(40, BURN_S + 1, 2)
        _, _, _, ballistic, _ = follow(times, *detections(truth, times, 500.0, 200 + seed))
        assert not ballistic.any()


def test_coasting_begins_with_the_moments_of_a_log_normal_drag():
    x, p = np.zeros(7), np.zeros((7, 7))
    filters.begin_coast(np.zeros(6), np.eye(6), np.log(1.8), x, p)
    prior = lognorm(np.log(1.8))
    assert (x[6], p[6, 6]) == pytest.approx((prior.mean(), prior.var()))


def test_holding_the_drag_in_bounds_never_leads_away_from_a_truth_within_them():
    rng = np.random.default_rng(3)
    for _ in range(50):
        root = rng.normal(size=(7, 7))
        p = root @ root.T
        x, truth = rng.normal(size=7), rng.normal(size=7)
        x[6], truth[6] = -rng.uniform(0.0, 2.0), rng.uniform(0.05, 20.0)
        before = (x - truth) @ np.linalg.solve(p, x - truth)
        filters.hold_drag(x, p)
        assert x[6] == pytest.approx(0.05)
        assert (x - truth) @ np.linalg.solve(p, x - truth) <= before
