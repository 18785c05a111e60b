"""Debris: momentum kept, the published spread, an ellipse where full flights come down."""

from math import log, log10, sqrt

import numpy as np
import pytest

from diptych.kernels.debris import light_fall, light_falls
from diptych.kernels.earth import ecef_to_geodetic, geodetic_to_ecef
from diptych.kernels.flight import fly_from_states
from diptych.kernels.status import BAD_INPUT, BELOW_SURFACE, NO_IMPACT, OK
from diptych.model.scenario import DebrisModel
from diptych.truth.debris import fragments, impact_area, speed_sigma_mps

MODEL = DebrisModel(
    fragment_beta_kg_m2=100.0, fragment_beta_spread=3.0, kill_vehicle_kg=60.0, spent_stage_beta_kg_m2=230.0
)
LAT, LON = 0.66, 0.63


def state(height_m: float, up_mps: float, east_mps: float, north_mps: float) -> np.ndarray:
    """Return an ECEF state over one place from its local velocity."""
    up = np.array([np.cos(LAT) * np.cos(LON), np.cos(LAT) * np.sin(LON), np.sin(LAT)])
    east = np.array([-np.sin(LON), np.cos(LON), 0.0])
    north = np.cross(up, east)
    velocity = up_mps * up + east_mps * east + north_mps * north
    return np.concatenate([geodetic_to_ecef(LAT, LON, height_m), velocity])


TARGET = state(180e3, -1800.0, -2200.0, 900.0)
HITTER = state(180e3, 2500.0, 500.0, 0.0)[3:]


def test_the_fragments_keep_the_momentum_of_both_bodies() -> None:
    states, _ = fragments(TARGET, 750.0, HITTER, MODEL)
    both = (750.0 * TARGET[3:] + 60.0 * HITTER) / 810.0
    assert states[:, 3:].mean(axis=0) == pytest.approx(both, abs=1e-9)
    assert np.all(states[:, :3] == TARGET[:3])


def test_the_speeds_and_coefficients_have_the_stated_mean_and_scatter() -> None:
    states, beta = fragments(TARGET, 750.0, HITTER, MODEL)
    assert np.log(beta).mean() == pytest.approx(log(100.0))
    assert np.log(beta).std() == pytest.approx(log(3.0))
    for coefficient in (100.0 / 3.0, 300.0):
        apart = states[np.isclose(beta, coefficient)][:, 3:] - states[:, 3:].mean(axis=0)
        assert apart.T @ apart / 6.0 == pytest.approx(speed_sigma_mps(coefficient) ** 2 * np.eye(3), abs=1e-6)


def test_the_spread_is_that_of_the_breakup_model() -> None:
    # Johnson et al. 2001, eq. 12: log10 of the speed has mean 0.9 chi + 2.9 and sigma 0.4; draws of it as the twin.
    rng = np.random.default_rng(1)
    speeds = 10.0 ** rng.normal(0.9 * log10(1.0 / 100.0) + 2.9, 0.4, 400_000)
    assert speed_sigma_mps(100.0) == pytest.approx(sqrt(np.mean(speeds**2) / 3.0), rel=0.02)
    assert np.median(speeds) == pytest.approx(12.6, rel=0.01)


@pytest.mark.parametrize("beta", [10.0, 33.0, 100.0, 300.0, 2000.0])
@pytest.mark.parametrize("height_km", [15.0, 60.0, 180.0, 600.0])
def test_a_light_fall_lands_where_a_full_flight_lands(height_km: float, beta: float) -> None:
    start = state(height_km * 1e3, -900.0, -2500.0, 1200.0)
    impact = np.empty(3)
    time, status = light_fall(start, beta, True, impact)
    _, events, impacts, full = fly_from_states(start[None], np.zeros(1), np.array([beta]), True, np.empty(0))
    assert status == full[0] == OK
    assert np.linalg.norm(impact - impacts[0]) < 100.0
    assert time == pytest.approx(events[0, 2], rel=0.1)


def test_a_bad_light_fall_says_why_and_spoils_no_neighbour() -> None:
    good = state(100e3, 0.0, 2000.0, 0.0)
    broken = np.full(6, np.nan)
    buried = state(-500.0, 0.0, 0.0, 0.0)
    away = state(500e3, 12e3, 0.0, 0.0)
    rows = np.array([good, broken, buried, away, good])
    _, impacts, status = light_falls(rows, np.array([100.0, 100.0, 100.0, 100.0, 100.0]), True)
    assert status.tolist() == [OK, BAD_INPUT, BELOW_SURFACE, NO_IMPACT, OK]
    assert np.array_equal(impacts[0], impacts[4])
    assert light_falls(good[None], np.array([-1.0]), True)[2][0] == BAD_INPUT


def test_the_area_holds_most_of_a_drawn_cloud_and_is_no_wider_than_it() -> None:
    area = impact_area(TARGET, 750.0, HITTER, 0.0, MODEL, j2_on=True)
    assert area is not None
    rng = np.random.default_rng(2)
    n = 1500
    beta = 100.0 * np.exp(log(3.0) * rng.normal(size=n))
    speed = 10.0 ** (2.9 - 0.9 * np.log10(beta) + 0.4 * rng.normal(size=n))
    way = rng.normal(size=(n, 3))
    drawn = np.tile(TARGET, (n, 1))
    drawn[:, 3:] = (750.0 * TARGET[3:] + 60.0 * HITTER) / 810.0
    drawn[:, 3:] += speed[:, None] * way / np.linalg.norm(way, axis=1, keepdims=True)
    _, points, status = light_falls(drawn, beta, True)
    assert np.all(status == OK)
    inside = 0
    for point in points:
        lat, lon, _ = ecef_to_geodetic(*point)
        north, east = (lat - area.lat_rad) * 6371e3, (lon - area.lon_rad) * 6371e3 * np.cos(area.lat_rad)
        along = (north * np.cos(area.azimuth_rad) + east * np.sin(area.azimuth_rad)) / area.semi_major_m
        across = (east * np.cos(area.azimuth_rad) - north * np.sin(area.azimuth_rad)) / area.semi_minor_m
        inside += along**2 + across**2 <= 1.0
    assert 0.80 < inside / n < 0.97  # a normal cloud would have 86 %
    assert area.first_s < area.last_s


def test_debris_that_flies_away_has_no_area() -> None:
    away = state(500e3, 12e3, 0.0, 0.0)
    assert impact_area(away, 750.0, away[3:], 0.0, MODEL, j2_on=True) is None
