"""The filter in lanes against the plain filter, row by row, and what rows owe to their neighbours: nothing."""

from __future__ import annotations

import importlib.util
from math import inf, log, nan
from pathlib import Path

import numpy as np
import pytest

from diptych.kernels import filter_lanes as lanes
from diptych.kernels import filters
from diptych.kernels.ballistic import GENERIC_BETA_KG_M2
from diptych.kernels.earth import geodetic_to_ecef
from diptych.kernels.status import BAD_INPUT, NOT_POSITIVE, OK
from tests.oracles.filter_twin import Gaussian

ROOT = Path(__file__).resolve().parents[3]
HEIGHTS_M = (15e3, 40e3, 60e3, 98e3, 99.9e3, 103e3, 110e3, 180e3, 400e3, 900e3, 1300e3)


def tracks(n, seed=1, heights_m=HEIGHTS_M):
    """Return states (n, 6), covariances (n, 6, 6) with all correlations, at random places and heights."""
    rng = np.random.default_rng(seed)
    state, cov = np.empty((n, 6)), np.empty((n, 6, 6))
    for i in range(n):
        height = heights_m[i % len(heights_m)]
        state[i, :3] = geodetic_to_ecef(rng.uniform(-1.4, 1.4), rng.uniform(-3, 3), height)
        way = rng.normal(size=3)
        state[i, 3:] = way / np.linalg.norm(way) * rng.uniform(1000, 6500)
        turn, _ = np.linalg.qr(rng.normal(size=(6, 6)))
        scale = np.array([300.0, 500.0, 800.0, 10.0, 20.0, 40.0])
        root = scale[:, None] * (turn @ np.diag(rng.uniform(0.2, 2.0, 6)))
        cov[i] = root @ root.T
    return state, cov


def detections(m, seed=2):
    rng = np.random.default_rng(seed)
    root = rng.normal(size=(m, 3, 3)) * 60.0
    return rng.normal(size=(m, 3)) * 200.0, root @ root.transpose(0, 2, 1) + 100.0 * np.eye(3)


def coasting(n):
    return np.zeros(n), np.full(n, GENERIC_BETA_KG_M2)


def apart(state, cov, other_state, other_cov):
    """Largest difference, relative to the state and to the standard deviations of the covariance."""
    sigma = np.sqrt(np.einsum("nii->ni", other_cov))
    place = np.abs(state - other_state) / np.linalg.norm(other_state.reshape(-1, 2, 3), axis=2).repeat(3, axis=1)
    return max(place.max(), np.max(np.abs(cov - other_cov) / (sigma[:, :, None] * sigma[:, None, :])))


@pytest.mark.parametrize("is_boost", [False, True])
def test_prediction_is_that_of_the_plain_filter(is_boost):
    n = 2 * len(HEIGHTS_M) + 1
    state, cov = tracks(n)
    rng = np.random.default_rng(5)
    dt_s = rng.choice([0.0, 0.5, 1.0, 4.0, 5.0, 12.0, 20.0], n)
    bank = lanes.pack(state, cov)
    boost = np.full(n, filters.BOOST_ACCELERATION_MPS2 if is_boost else 0.0)
    assert np.all(lanes.predict(bank, dt_s, boost, coasting(n)[1]) == OK)
    work = np.zeros((4, 7, 7))
    for i in range(n):
        filters.predict(state[i], cov[i], dt_s[i], 6, is_boost, work)
    assert apart(*lanes.unpack(bank, n), state, cov) < 1e-9


def test_update_is_that_of_the_plain_filter():
    n = 13
    state, cov = tracks(n)
    offset, r = detections(n)
    pick = np.random.default_rng(3).permutation(n)
    pick[4] = -1
    z = np.zeros((n, 3))
    z[pick] = state[:, :3] + offset
    bank = lanes.pack(state, cov)
    nis, status = lanes.update(bank, pick, z, r)
    assert np.all(status == OK)
    work = np.zeros((4, 7, 7))
    for i in range(n):
        if pick[i] == -1:
            assert np.isnan(nis[i])
            continue
        assert nis[i] == pytest.approx(filters.update(state[i], cov[i], z[pick[i]], r[pick[i]], 6, work), rel=1e-9)
    assert apart(*lanes.unpack(bank, n), state, cov) < 1e-10


def test_coast_and_update_agree_with_the_slow_twin():
    heights = (150e3, 400e3, 900e3)
    state, cov = tracks(3, heights_m=heights)
    offset, r = detections(3)
    bank = lanes.pack(state, cov)
    lanes.predict(bank, np.full(3, 4.0), *coasting(3))
    predicted, _ = lanes.unpack(bank, 3)
    z = predicted[:, :3] + offset
    lanes.update(bank, np.arange(3), z, r)
    got, got_cov = lanes.unpack(bank, 3)
    for i in range(3):
        twin = Gaussian(state[i].copy(), cov[i].copy())
        twin.predict(4.0, is_boost=False)
        twin.update(z[i], r[i])
        sigma = np.sqrt(np.diag(twin.p))
        # J2 is left out of the transition and the series ends at the second order: a little of a standard deviation.
        np.testing.assert_allclose((got[i] - twin.x) / sigma, 0.0, atol=1e-3)
        np.testing.assert_allclose((got_cov[i] - twin.p) / np.outer(sigma, sigma), 0.0, atol=1e-3)


def run(state, cov, dt_s, z, r):
    n = state.shape[0]
    bank = lanes.pack(state, cov)
    with np.errstate(all="ignore"):
        first = lanes.predict(bank, dt_s, *coasting(n))
        nis, second = lanes.update(bank, np.arange(n), z, r)
    return *lanes.unpack(bank, n), nis, first, second


def test_rows_do_not_depend_on_order_or_company():
    n = 14
    state, cov = tracks(n)
    offset, r = detections(n)
    z = state[:, :3] + offset
    dt_s = np.random.default_rng(9).choice([0.0, 1.0, 3.0, 17.0], n)
    whole = run(state, cov, dt_s, z, r)
    turned = np.random.default_rng(4).permutation(n)
    for rows in (turned, np.array([3]), np.arange(5), np.array([8, 0, 8])):
        part = run(state[rows], cov[rows], dt_s[rows], z[rows], r[rows])
        for a, b in zip(part, whole, strict=True):
            assert a.tobytes() == b[rows].tobytes()


@pytest.mark.compiled  # plain Python raises where compiled code divides by zero and says so in the status
def test_a_bad_row_says_so_and_spoils_no_neighbour():
    n = 12
    state, cov = tracks(n)
    offset, r = detections(n)
    z, dt_s = state[:, :3] + offset, np.full(n, 3.0)
    whole = run(state, cov, dt_s, z, r)
    state[0, 1], state[2] = nan, 0.0
    dt_s[3], dt_s[4], dt_s[6] = -1.0, nan, 1e9
    z[8, 2] = inf
    r[9] = -1e9 * np.eye(3)
    cov[10, 2, 2] = nan
    part = run(state, cov, dt_s, z, r)
    assert part[3].tolist() == [BAD_INPUT, OK, BAD_INPUT, BAD_INPUT, BAD_INPUT, OK, BAD_INPUT, *[OK] * 3, BAD_INPUT, OK]
    assert part[4][[0, 8, 9, 10]].tolist() == [NOT_POSITIVE, BAD_INPUT, NOT_POSITIVE, NOT_POSITIVE]
    assert np.isnan(part[2][[8, 9, 10]]).all()
    good = [1, 5, 7, 11]
    for a, b in zip(part, whole, strict=True):
        assert a[good].tobytes() == b[good].tobytes()


def test_a_row_with_a_bad_interval_stays_as_it_was():
    state, cov = tracks(3)
    bank = lanes.pack(state, cov)
    boost, beta = coasting(3)
    beta[1], boost[2] = 0.0, -1.0
    assert lanes.predict(bank, np.array([-1.0, 2.0, 2.0]), boost, beta).tolist() == [BAD_INPUT] * 3
    np.testing.assert_array_equal(lanes.unpack(bank, 3)[0], state)


def test_gate_is_the_statistical_distance_within_its_limit():
    n, m, limit = 9, 11, 16.27
    state, cov = tracks(n)
    rng = np.random.default_rng(8)
    _, r = detections(m)
    z = state[rng.integers(0, n, m), :3] + rng.normal(size=(m, 3)) * 900.0
    z[3] = state[0, :3]
    d2, log_det = lanes.gate(lanes.pack(state, cov), n, z, r, limit)
    inside = 0
    for i in range(n):
        for j in range(m):
            s = cov[i, :3, :3] + r[j]
            y = z[j] - state[i, :3]
            plain = y @ np.linalg.solve(s, y)
            if plain <= limit:
                inside += 1
                assert d2[i, j] == pytest.approx(plain, rel=1e-9)
                assert log_det[i, j] == pytest.approx(np.linalg.slogdet(s)[1], rel=1e-9)
            else:
                assert d2[i, j] == inf
                assert log_det[i, j] == 0.0
    assert 5 <= inside < n * m // 2
    assert d2[0, 3] == 0.0


def test_gate_of_the_worked_example():
    state = np.zeros((1, 6))
    cov = np.diag([9.0] * 3 + [1.0] * 3)[None]
    d2, log_det = lanes.gate(lanes.pack(state, cov), 1, np.array([[10.0, 0.0, 0.0]]), 16.0 * np.eye(3)[None], 5.0)
    assert d2[0, 0] == pytest.approx(4.0)
    assert log_det[0, 0] == pytest.approx(log(15625.0))


def test_gate_lets_the_stated_share_of_true_detections_through():
    n = 4000
    rng = np.random.default_rng(11)
    state, cov = np.zeros((1, 6)), np.diag([400.0, 900.0, 100.0, 1.0, 1.0, 1.0])[None]
    r = np.diag([100.0, 25.0, 400.0])
    z = rng.multivariate_normal(np.zeros(3), cov[0, :3, :3] + r, size=n)
    d2, _ = lanes.gate(lanes.pack(state, cov), 1, z, np.broadcast_to(r, (n, 3, 3)).copy(), 7.815)
    # 7.815 is the 95 % quantile of chi-square with 3 degrees of freedom; three standard deviations of the count.
    assert np.isfinite(d2).mean() == pytest.approx(0.95, abs=3 * (0.95 * 0.05 / n) ** 0.5)


def test_what_is_not_finite_is_outside_every_gate():
    state, cov = tracks(3)
    z, r = state[:, :3].copy(), np.broadcast_to(np.eye(3), (3, 3, 3)).copy()
    state[0, 0], z[1, 1], r[2, 0, 0] = nan, nan, nan
    with np.errstate(all="ignore"):
        d2, log_det = lanes.gate(lanes.pack(state, cov), 3, z, r, 1e12)
    assert not np.isfinite(d2[0]).any()
    assert not np.isfinite(d2[:, 1:]).any()
    assert np.isfinite(log_det).all()


def test_no_tracks_and_no_detections_are_fine():
    bank = lanes.pack(np.empty((0, 6)), np.empty((0, 6, 6)))
    assert lanes.predict(bank, np.empty(0), *coasting(0)).shape == (0,)
    assert lanes.gate(bank, 0, np.empty((0, 3)), np.empty((0, 3, 3)), 9.0)[0].shape == (0, 0)
    assert lanes.update(bank, np.empty(0, np.int64), np.empty((0, 3)), np.empty((0, 3, 3)))[1].shape == (0,)


@pytest.fixture(scope="module")
def writer():
    spec = importlib.util.spec_from_file_location("build_filter_lanes", ROOT / "tools" / "build_filter_lanes.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_committed_steps_are_what_the_program_writes(writer):
    kernels = ROOT / "src" / "diptych" / "kernels"
    assert (kernels / "filter_lane_vacuum.py").read_text() == writer.laid_out(writer.vacuum_source())
    assert (kernels / "filter_lane_air.py").read_text() == writer.laid_out(writer.air_source())


def test_the_program_and_the_kernels_count_the_same_rows(writer):
    assert writer.ROWS == lanes.ROWS
    assert writer.WIDTH == lanes.WIDTH
    assert list(writer.ROW.values()) == [
        lanes.LEFT_S, lanes.INVERSE_BETA, lanes.USE, lanes.Z, lanes.R, lanes.NIS, lanes.IS_POSITIVE
    ]  # fmt: skip
