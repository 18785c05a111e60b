"""Two bodies: conserved quantities, round trips, closed forms against propagation."""

from math import degrees, pi, radians, sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from diptych.kernels import kepler
from diptych.kernels.earth import EARTH_MEAN_RADIUS_M as RADIUS
from diptych.kernels.earth import MU_M3_S2 as MU
from diptych.kernels.status import BAD_INPUT, DEGENERATE, OK, TOO_FAR

STATE = np.array([7.0e6, 1.0e5, -2.0e5, 500.0, 5.0e3, 3.0e3])


@given(st.floats(0.2, 1.8), st.floats(-1.2, 1.2), st.floats(-3000.0, 3000.0))
def test_propagation_keeps_energy_and_angular_momentum_and_returns(speed: float, angle: float, dt: float) -> None:
    v = speed * sqrt(MU / 7e6)
    state = np.array([7e6, 0.0, 0.0, v * np.sin(angle), v * np.cos(angle) * 0.8, v * np.cos(angle) * 0.6])
    later, status = kepler.kepler_propagate(state, dt)
    assert status == OK
    energy = [0.5 * s[3:] @ s[3:] - MU / np.linalg.norm(s[:3]) for s in (state, later)]
    assert energy[1] == pytest.approx(energy[0], rel=1e-8, abs=1e-8 * MU / 7e6)
    assert np.cross(later[:3], later[3:]) == pytest.approx(np.cross(state[:3], state[3:]), rel=1e-9, abs=1e3)
    back, _ = kepler.kepler_propagate(later, -dt)
    assert back[:3] == pytest.approx(state[:3], abs=0.1)


def test_a_full_period_comes_back_to_the_start() -> None:
    elements = kepler.rv_to_elements(STATE)
    period = 2 * pi * sqrt(elements[0] ** 3 / MU)
    later, _ = kepler.kepler_propagate(STATE, period)
    assert later == pytest.approx(STATE, rel=1e-8, abs=1e-3)


def test_propagation_of_a_state_at_the_centre_is_bad_input() -> None:
    out, status = kepler.kepler_propagate(np.zeros(6), 10.0)
    assert status == BAD_INPUT
    assert np.isnan(out).all()


@pytest.mark.parametrize("tof", [600.0, 1500.0, 4000.0])
def test_lambert_finds_the_velocity_that_propagation_confirms(tof: float) -> None:
    r1, r2 = np.array([6.6e6, 0.0, 1e5]), np.array([3.0e6, 5.9e6, 1.0e6])
    for is_long_way in (False, True):
        v1, v2, status = kepler.lambert(r1, r2, tof, is_long_way)
        assert status == OK
        end, _ = kepler.kepler_propagate(np.concatenate([r1, v1]), tof)
        assert end[:3] == pytest.approx(r2, abs=1.0)
        assert end[3:] == pytest.approx(v2, abs=1e-3)


def test_lambert_refuses_opposite_points_and_negative_times() -> None:
    r1 = np.array([7e6, 0.0, 0.0])
    assert kepler.lambert(r1, -r1, 3000.0)[2] == DEGENERATE
    assert kepler.lambert(r1, np.array([0.0, 7e6, 0.0]), -1.0)[2] == BAD_INPUT


def test_minimum_energy_arc_lands_where_and_when_it_says() -> None:
    for angle in (0.02, 0.2, 1.0, 2.5):
        speed, gamma, apogee, time = kepler.minimum_energy_arc(angle, RADIUS)
        start = np.array([RADIUS, 0.0, 0.0, speed * np.sin(gamma), speed * np.cos(gamma), 0.0])
        end, _ = kepler.kepler_propagate(start, time)
        assert np.arctan2(end[1], end[0]) == pytest.approx(angle, rel=1e-9)
        assert np.linalg.norm(end[:3]) == pytest.approx(RADIUS, abs=0.01)
        top, _ = kepler.kepler_propagate(start, 0.5 * time)
        assert np.linalg.norm(top[:3]) - RADIUS == pytest.approx(apogee, rel=1e-6)


def test_minimum_energy_speed_and_greatest_range_are_one_relation() -> None:
    speed, _, _, _ = kepler.minimum_energy_arc(0.7, RADIUS)
    assert kepler.max_range_for_speed(speed, RADIUS) == (pytest.approx(0.7, rel=1e-12), OK)
    assert kepler.max_range_for_speed(8000.0, RADIUS)[1] == TOO_FAR


def test_minimum_energy_of_two_surface_points_is_the_general_form() -> None:
    r1 = np.array([RADIUS, 0.0, 0.0])
    r2 = RADIUS * np.array([np.cos(0.7), np.sin(0.7), 0.0])
    _, v1, _ = kepler.lambert_minimum_energy(r1, r2)
    assert np.linalg.norm(v1) == pytest.approx(kepler.minimum_energy_arc(0.7, RADIUS)[0], rel=1e-12)


def test_vertical_speed_and_height_invert_each_other() -> None:
    assert kepler.vertical_apogee_m(kepler.vertical_speed_mps(494e3, RADIUS), RADIUS) == pytest.approx(494e3)
    assert kepler.vertical_apogee_m(12000.0, RADIUS) == np.inf


def test_interceptor_closed_forms_of_int_01() -> None:
    assert kepler.vertical_apogee_m(3000.0, RADIUS) == pytest.approx(494e3, rel=0.002)
    assert kepler.max_range_for_speed(3000.0, RADIUS)[0] * RADIUS == pytest.approx(988e3, rel=0.002)


def test_a_look_past_the_limb_misses_the_earth() -> None:
    assert kepler.satellite_look(radians(64.0), 800e3, RADIUS)[2] == TOO_FAR
    slant, angle, status = kepler.satellite_look(0.0, 800e3, RADIUS)
    assert (slant, angle, status) == (pytest.approx(800e3), 0.0, OK)
    assert degrees(kepler.satellite_look(radians(60.0), 800e3, RADIUS)[1]) > 10.0
