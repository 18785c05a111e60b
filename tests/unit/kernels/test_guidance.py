"""Errors carried along a path against a slow twin, radars that take over, and what each mode allows."""

import math

import numpy as np
import pytest

from diptych.kernels import guidance
from diptych.kernels.earth import enu_basis, geodetic_to_ecef
from diptych.kernels.impact import ballistic_path

STATE = np.array((*geodetic_to_ecef(math.radians(38.0), math.radians(40.0), 350e3), -1200.0, -1900.0, 700.0))
LOWEST, HIGHEST = math.radians(1.0), math.radians(85.0)


def flown(state: np.ndarray, times: np.ndarray) -> np.ndarray:
    out = np.empty((times.size, 3))
    ballistic_path(state, times, out)
    return out


def test_the_largest_eigenvalue_is_that_of_numpy() -> None:
    draw = np.random.default_rng(4)
    for _ in range(50):
        a = draw.normal(size=(3, 3)) * draw.uniform(0.1, 1e4)
        m = a @ a.T
        assert guidance.largest_eigenvalue(m) == pytest.approx(np.linalg.eigvalsh(m)[-1], rel=1e-9)
    assert guidance.largest_eigenvalue(4.0 * np.eye(3)) == 4.0


def test_the_square_root_gives_the_covariance_back_and_takes_one_of_no_rank() -> None:
    a = np.random.default_rng(7).normal(size=(6, 6))
    p, root = a @ a.T, np.empty((6, 6))
    guidance.square_root(p, root)
    assert root @ root.T == pytest.approx(p)
    guidance.square_root(np.zeros((6, 6)), root)
    assert not root.any()


def test_a_velocity_error_alone_grows_with_time() -> None:
    times = np.arange(0.0, 101.0, 4.0)
    sigma = np.empty(times.size)
    guidance.path_errors(flown(STATE, times), times, 0.0, np.diag([0.0, 0, 0, 1.0, 1.0, 1.0]), sigma)
    assert sigma[0] == 0.0
    assert sigma[-1] == pytest.approx(100.0, rel=0.02)  # gravity's gradient adds a per cent in this time


def test_errors_along_a_path_are_those_of_paths_flown_from_drawn_states() -> None:
    # The slow twin flies 400 states drawn from the covariance; their spread has a standard error of 4 per cent.
    draw = np.random.default_rng(11)
    a = np.diag([300.0, 200, 400, 3.0, 5.0, 2.0]) @ (np.eye(6) + 0.3 * draw.normal(size=(6, 6)))
    cov = a @ a.T
    times = np.arange(0.0, 161.0, 4.0)
    sigma = np.empty(times.size)
    guidance.path_errors(flown(STATE, times), times, 0.0, cov, sigma)
    paths = np.array([flown(s, times) for s in draw.multivariate_normal(STATE, cov, size=400)])
    for k in (0, 10, 25, 40):
        worst = math.sqrt(np.linalg.eigvalsh(np.cov(paths[:, k].T))[-1])
        assert sigma[k] == pytest.approx(worst, rel=0.12)


def test_a_point_that_is_not_there_has_no_error() -> None:
    sigma = np.empty(2)
    guidance.path_errors(np.full((2, 3), np.nan), np.array([1.0, 2.0]), 0.0, np.eye(6), sigma)
    assert np.isnan(sigma).all()


def eastward(heights_m: float = 200e3) -> tuple[np.ndarray, np.ndarray]:
    """A path over 38 N from 30 to 40 E, a degree each 10 s."""
    lon = np.arange(30.0, 40.5, 1.0)
    path = np.array([geodetic_to_ecef(math.radians(38.0), math.radians(x), heights_m) for x in lon])
    return path, 10.0 * np.arange(lon.size)


def acquired_from(lon_deg: float, range_m: float, from_s: float = 0.0, azimuth_deg: float = 270.0) -> float:
    """When a radar at 38 N with four looks of 1 s to have is expected to have the object."""
    lat, lon = math.radians(38.0), math.radians(lon_deg)
    path, times = eastward()
    view = np.array([math.radians(azimuth_deg), math.radians(60.0), LOWEST, HIGHEST])
    site = np.array(geodetic_to_ecef(lat, lon, 0.0))
    return guidance.expected_acquisition(
        path, times, from_s, np.array([lat, lon, 0.0]), site, enu_basis(lat, lon), view, range_m, 1.0, 4.0
    )


def test_at_its_reference_range_a_radar_needs_seven_and_a_half_looks() -> None:
    lat, lon = math.radians(38.0), math.radians(44.0)
    point = np.array(geodetic_to_ecef(lat, math.radians(39.0), 200e3))
    site = np.array(geodetic_to_ecef(lat, lon, 0.0))
    view = np.array([math.radians(270.0), math.radians(60.0), LOWEST, HIGHEST])
    away = float(np.linalg.norm(point - site))
    when = guidance.expected_acquisition(
        np.tile(point, (30, 1)),
        np.arange(30.0),
        3.0,
        np.array([lat, lon, 0.0]),
        site,
        enu_basis(lat, lon),
        view,
        away,
        1.0,
        4.0,
    )
    assert when == pytest.approx(3.0 + 4.0 / 0.532, abs=0.02)


def test_a_stronger_radar_acquires_earlier_and_none_before_it_looks() -> None:
    weak, strong = acquired_from(44.0, 500e3), acquired_from(44.0, 750e3)
    assert 0.0 < strong < weak < 100.0
    assert acquired_from(44.0, 2000e3, from_s=75.0) == pytest.approx(79.2, abs=0.4)


def test_a_radar_that_looks_the_other_way_or_too_short_never_acquires() -> None:
    assert math.isinf(acquired_from(44.0, 750e3, azimuth_deg=90.0))
    assert math.isinf(acquired_from(44.0, 100e3))


def test_each_mode_allows_what_it_says_and_a_wider_one_never_less() -> None:
    times = np.arange(100.0, 200.0, 10.0)
    modes = np.array([guidance.NO_MODE, guidance.ORGANIC, guidance.LAUNCH_ON_REMOTE, guidance.ENGAGE_ON_REMOTE])
    launch = np.tile(times - 60.0, (4, 1))
    guidance.keep_guided(launch, times, modes, np.full(4, 105.0), np.full(4, 15.0))
    left = [int(np.isfinite(row).sum()) for row in launch]
    # organic: launch at 105 or later, so points from 165 on; on remote: handover at 105 or later, points from 120 on
    assert left == [0, 3, 8, 10]
    assert np.isfinite(launch[1]).tolist() == (times >= 165.0).tolist()
    assert np.isfinite(launch[2]).tolist() == (times >= 120.0).tolist()
