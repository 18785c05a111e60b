"""Impact prediction: against SciPy, against the truth's own kernel, and the ellipse against samples."""

from __future__ import annotations

import numpy as np
import pytest

from diptych.kernels import impact, status
from diptych.kernels.ballistic import GENERIC_BETA_KG_M2
from diptych.kernels.earth import MU_M3_S2, enu_basis, geodetic_to_ecef
from tests.helpers.flown import fly_from_state
from tests.helpers.seen import BURN_S, checker, flight
from tests.oracles import impact_twin

METRE = 1.0
KM = 1000.0


@pytest.fixture(scope="module")
def coasting():
    """A state on the way up, 20 s after burnout."""
    return flight()[BURN_S + 20].copy()


def distance_m(point, lat, lon):
    return float(np.linalg.norm(point - np.array(geodetic_to_ecef(lat, lon, 0.0))))


def test_fall_agrees_with_scipy(coasting):
    flight_s, lat, lon, code = impact.fall(coasting, GENERIC_BETA_KG_M2, 3600.0)
    time_s, point, _ = impact_twin.fall(coasting)
    assert code == status.OK
    assert distance_m(point, lat, lon) < 20 * METRE
    assert flight_s == pytest.approx(time_s, abs=0.1)


def test_fall_from_inside_the_air_agrees_with_scipy():
    state = flight()[-40].copy()
    flight_s, lat, lon, _ = impact.fall(state, GENERIC_BETA_KG_M2, 3600.0)
    time_s, point, _ = impact_twin.fall(state)
    assert distance_m(point, lat, lon) < 20 * METRE
    assert flight_s == pytest.approx(time_s, abs=0.1)


def test_with_the_right_ballistic_coefficient_the_simple_air_errs_by_less_than_the_floor(coasting):
    _, events, point, code = fly_from_state(coasting, 0.0, GENERIC_BETA_KG_M2, True, np.array([0.0]))
    flight_s, lat, lon, _ = impact.fall(coasting, GENERIC_BETA_KG_M2, 3600.0)
    assert code == status.OK
    assert distance_m(point, lat, lon) < 0.5 * impact.IMPACT_FLOOR_M
    assert flight_s == pytest.approx(events[2], abs=4.0)


def test_an_orbit_does_not_come_down():
    s = np.array([7.0e6, 0.0, 0.0, 0.0, np.sqrt(MU_M3_S2 / 7.0e6), 0.0])
    assert impact.fall(s, GENERIC_BETA_KG_M2, 3600.0)[3] == status.NO_IMPACT
    assert impact.impact_row(s, np.eye(6), np.empty(6)) == status.NO_IMPACT


def test_two_body_impact_agrees_with_scipy_without_air_and_j2(coasting):
    _, point, _ = impact_twin.fall(coasting, with_j2=False, in_air=False)
    got = np.empty(3)
    assert impact.kepler_impact(coasting, float(np.linalg.norm(point)), got) == status.OK
    assert np.linalg.norm(got - point) < 5 * METRE


def test_two_body_impact_of_a_falling_object_agrees_too():
    state = flight()[-150].copy()
    _, point, _ = impact_twin.fall(state, with_j2=False, in_air=False)
    got = np.empty(3)
    assert impact.kepler_impact(state, float(np.linalg.norm(point)), got) == status.OK
    assert np.linalg.norm(got - point) < 5 * METRE


def test_path_agrees_with_scipy_and_ends_on_the_ground(coasting):
    end_s = impact.fall(coasting, GENERIC_BETA_KG_M2, 3600.0)[0]
    dt = np.concatenate([np.arange(0.0, end_s, 37.0), [end_s - 1.0, end_s + 5.0, end_s + 50.0]])
    out = np.empty((len(dt), 3))
    aloft = impact.ballistic_path(coasting, dt, out)
    _, _, path = impact_twin.fall(coasting, dense=dt[:-2])
    assert aloft == len(dt) - 2
    assert np.all(np.isnan(out[aloft:]))
    np.testing.assert_allclose(out[:aloft], path[:, :3], atol=30 * METRE)


def test_path_does_not_depend_on_how_finely_it_is_asked(coasting):
    coarse, fine = np.empty((3, 3)), np.empty((601, 3))
    impact.ballistic_path(coasting, np.array([0.0, 300.0, 600.0]), coarse)
    impact.ballistic_path(coasting, np.arange(601.0), fine)
    np.testing.assert_allclose(coarse, fine[[0, 300, 600]], atol=0.2 * METRE)


def test_ellipse_has_the_spread_of_sampled_impacts(coasting):
    rng = np.random.default_rng(6)
    root = rng.normal(size=(6, 6)) * np.array([400, 400, 400, 30, 30, 30])[:, None] / 2
    p = root @ root.T
    out = np.empty(6)
    assert impact.impact_row(coasting, p, out) == status.OK
    basis = enu_basis(out[1], out[2])
    centre = np.array(geodetic_to_ecef(out[1], out[2], 0.0))
    n = 1500
    off = np.empty((n, 2))
    for i in range(n):
        _, lat, lon, _ = impact.fall(coasting + root @ rng.normal(size=6), GENERIC_BETA_KG_M2, 3600.0)
        off[i] = (basis @ (np.array(geodetic_to_ecef(lat, lon, 0.0)) - centre))[:2]
    along = off @ np.array([np.sin(out[5]), np.cos(out[5])])
    across = off @ np.array([np.cos(out[5]), -np.sin(out[5])])
    # The floor and the doubt about drag come on top of the scatter: 4 to 6 km here, added in squares.
    assert 2 * np.std(along) > 30 * KM
    assert out[3] == pytest.approx(2 * np.std(along), rel=0.1)
    assert out[4] == pytest.approx(np.hypot(2 * np.std(across), 2 * impact.IMPACT_FLOOR_M), rel=0.1)
    assert abs(np.corrcoef(along, across)[0, 1]) < 0.12


def test_ellipse_never_shrinks_below_the_floor(coasting):
    out = np.empty(6)
    impact.impact_row(coasting, np.eye(6) * 1e-6, out)
    assert out[3] >= out[4] >= 2 * impact.IMPACT_FLOOR_M - 1e-6
    assert out[3] < 10 * KM


def test_touched_values_are_those_of_every_cell_inside():
    territory = checker(step_deg=0.5)
    rng = np.random.default_rng(2)
    for _ in range(60):
        lat, lon = np.radians([rng.uniform(10, 55), rng.uniform(20, 60)])
        major = rng.uniform(60, 250) * KM
        minor = rng.uniform(0.4, 1.0) * major
        ellipse = np.array([lat, lon, major, minor, rng.uniform(0, np.pi)])
        mask = np.zeros(256, np.bool_)
        impact.touched(territory.index, territory.lat0_rad, territory.lon0_rad, territory.step_rad, ellipse, mask)
        found = set(np.flatnonzero(mask).tolist())
        assert found >= impact_twin.states(territory, *ellipse)
        # A cell whose centre lies up to half a diagonal outside may be touched as well.
        grown = impact_twin.states(territory, lat, lon, major + 60 * KM, minor + 60 * KM, ellipse[4])
        assert found <= grown


def test_a_small_ellipse_beside_a_border_stays_on_its_side():
    territory = checker(step_deg=0.5)
    for lat, lon, value in ((45.1, 39.9, 1), (45.1, 40.1, 2), (20.1, 30.2, 1), (19.9, 30.2, 0)):
        mask = np.zeros(256, np.bool_)
        ellipse = np.array([np.radians(lat), np.radians(lon), 2 * KM, 2 * KM, 0.0])
        impact.touched(territory.index, territory.lat0_rad, territory.lon0_rad, territory.step_rad, ellipse, mask)
        assert np.flatnonzero(mask).tolist() == [value]


def test_raster_is_read_round_the_date_line():
    territory = checker()
    mask = np.zeros(256, np.bool_)
    ellipse = np.array([np.radians(50.0), np.radians(179.9), 100 * KM, 100 * KM, 0.0])
    impact.touched(territory.index, territory.lat0_rad, territory.lon0_rad, territory.step_rad, ellipse, mask)
    assert np.flatnonzero(mask).tolist() == [1, 2]
