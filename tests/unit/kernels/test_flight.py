"""Flight against its plain twin, against theory, and at its edges."""

from math import radians

import numpy as np
import pytest

from diptych.kernels import flight
from diptych.kernels.earth import MU_M3_S2, geodetic_to_ecef
from diptych.kernels.kepler import kepler_propagate
from diptych.kernels.status import (
    BAD_INPUT,
    BELOW_SURFACE,
    FELL_DURING_BOOST,
    NO_IMPACT,
    NO_LIFT_OFF,
    OK,
)
from tests.helpers.flown import ecef_to_eci, eci_to_ecef, fly_from_state
from tests.oracles import flight_twin as twin

LAT, LON, HEIGHT = radians(35.0), radians(50.0), 1000.0
SHORT = np.array([[133e3, 2260.0, 1100.0, 3770.0, 0.18]])
LONG = np.array([[715e3, 2450.0, 2200.0, 13500.0, 0.36], [220e3, 2600.0, 900.0, 5200.0, 0.24]])
NONE = np.empty(0)
SECONDS = np.arange(-5.0, 1600.0, 1.0)

# name: stages, payload, beta, steering
FLIGHTS = {
    "short, all burnt": (SHORT, 985.0, 3000.0, (5.5, 0.35, 5.0, 5.0, np.inf, 0.0)),
    "short, cut off": (SHORT, 985.0, 10000.0, (5.5, 0.52, 5.0, 5.0, 55.0, 0.0)),
    "two stages": (LONG, 750.0, 4000.0, (5.4, 0.26, 5.0, 5.0, np.inf, 0.0)),
    "two stages, cut off in the second": (LONG, 750.0, 4000.0, (1.0, 0.16, 5.0, 5.0, 70.0, 0.0)),
    "kick during the first stage's end": (LONG, 750.0, 4000.0, (3.0, 0.1, 30.0, 20.0, 80.0, 0.0)),
}


@pytest.mark.parametrize("name", FLIGHTS)
@pytest.mark.parametrize("j2_on", [True, False])
def test_flight_agrees_with_the_plain_twin_within_a_metre(name: str, j2_on: bool) -> None:
    stages, payload, beta, steering = FLIGHTS[name]
    grid = SECONDS[::9]
    samples, _, burnout, events, impact, status = flight.fly(
        LAT, LON, HEIGHT, stages, payload, beta, np.array(steering), j2_on, grid
    )
    wanted = twin.fly(LAT, LON, HEIGHT, stages.tolist(), payload, beta, steering, j2_on=j2_on, t_grid=grid)
    assert status == OK
    assert np.linalg.norm(impact - wanted.impact) < 1.0
    assert events[3] == pytest.approx(wanted.impact_s, abs=1e-3)
    assert events[1] == pytest.approx(wanted.apogee_s, abs=1e-2)
    assert events[2] == pytest.approx(wanted.apogee_m, abs=1.0)
    assert burnout == pytest.approx(wanted.burnout, abs=0.5)
    flown = (grid >= 0.0) & (grid <= events[3])
    assert np.isnan(samples[~flown]).all()
    error = samples[flown] - wanted.samples[flown]
    assert np.linalg.norm(error[:, :3], axis=1).max() < 1.0
    assert np.linalg.norm(error[:, 3:], axis=1).max() < 0.2


def test_free_flight_agrees_with_the_twin_within_a_metre_over_random_arcs() -> None:
    rng = np.random.default_rng(8)
    for _ in range(6):
        lat, lon = rng.uniform(-1.2, 1.2), rng.uniform(-3.0, 3.0)
        position = geodetic_to_ecef(lat, lon, rng.uniform(30e3, 120e3))
        up = np.array(geodetic_to_ecef(lat, lon, 1.0)) - np.array(geodetic_to_ecef(lat, lon, 0.0))
        side = np.cross(up, rng.normal(size=3))
        side /= np.linalg.norm(side)
        velocity = rng.uniform(1500.0, 5500.0) * (up * 0.6 + side * 0.8)
        state, beta = np.concatenate([position, velocity]), rng.uniform(1500.0, 10000.0)
        grid = np.arange(0.0, 2500.0, 37.0)
        samples, events, impact, status = fly_from_state(state, 100.0, beta, True, grid)
        wanted = twin.coast(100.0, state, beta, j2_on=True, t_grid=grid)
        assert status == OK
        assert np.linalg.norm(impact - wanted.impact) < 1.0
        assert events[2] == pytest.approx(wanted.impact_s, abs=1e-3)
        assert events[1] == pytest.approx(wanted.apogee_m, abs=1.0)
        assert np.array_equal(np.isnan(samples[:, 0]), np.isnan(wanted.samples[:, 0]))
        assert np.nanmax(np.linalg.norm((samples - wanted.samples)[:, :3], axis=1)) < 1.0


def test_above_the_air_and_without_j2_the_arc_is_keplers() -> None:
    state_eci = np.array([6.9e6, 0.0, 1e5, 1500.0, 5500.0, 1000.0])
    grid = np.array([0.0, 200.0, 500.0])
    samples, _, _, _ = fly_from_state(eci_to_ecef(state_eci, 0.0), 0.0, 1e9, False, grid)
    for i, t in enumerate(grid):
        wanted, _ = kepler_propagate(state_eci, float(t), MU_M3_S2)
        assert ecef_to_eci(samples[i], t)[:3] == pytest.approx(wanted[:3], abs=0.1)


def test_burnout_speed_without_air_and_straight_up_is_the_rocket_equation_less_gravity() -> None:
    # BST-04: c 1962 m/s, mass ratio 2.5, 48 s: 1326.9 m/s with constant g; here g falls and the Earth turns.
    c, propellant = 1962.0, 225.0
    stages = np.array([[propellant / 48.0 * c, c, 75.0, propellant, 1e-12]])
    steering = np.array([0.0, 0.0, 1e4, 0.0, np.inf, 0.0])
    _, burnout_s, burnout, events, _, _ = flight.fly(0.0, 0.0, 0.0, stages, 75.0, 1e9, steering, False, NONE)
    assert burnout_s[0] == pytest.approx(48.0, abs=1e-9)
    assert np.linalg.norm(burnout[3:]) == pytest.approx(1326.9, rel=0.004)
    # The case's 115.1 km holds g constant; with g falling as 1/r^2 its burnout speed and height climb to 117.2 km.
    r = 6378137.0 + 25350.0
    assert events[2] == pytest.approx(1.0 / (1.0 / r - 1326.9**2 / (2.0 * MU_M3_S2)) - 6378137.0, rel=0.01)


def test_powered_samples_then_a_perturbed_burnout_flown_free_equal_the_whole_flight() -> None:
    stages, payload, beta, steering = FLIGHTS["two stages"]
    samples, _, burnout, events, impact, _ = flight.fly(
        LAT, LON, HEIGHT, stages, payload, beta, np.array(steering), True, SECONDS
    )
    again, free_events, free_impact, _ = fly_from_state(burnout, events[0], beta, True, SECONDS)
    assert free_impact == pytest.approx(impact, abs=1e-6)
    assert free_events[2] == pytest.approx(events[3], abs=1e-9)
    coasting = events[0] < SECONDS
    assert again[coasting] == pytest.approx(samples[coasting], abs=1e-6, nan_ok=True)


def test_many_equals_one_by_one_and_lives_on_the_absolute_clock() -> None:
    rows = [FLIGHTS["short, cut off"], FLIGHTS["two stages"]]
    stages = np.zeros((2, 2, 5))
    stages[0, :1], stages[1] = rows[0][0], rows[1][0]
    launch = np.array([30.0, -10.0])
    grid = np.arange(0.0, 900.0, 10.0)
    many = flight.fly_many(
        np.full(2, LAT),
        np.full(2, LON),
        np.full(2, HEIGHT),
        stages,
        np.array([r[1] for r in rows]),
        np.array([r[2] for r in rows]),
        np.array([r[3] for r in rows]),
        launch,
        True,
        grid,
    )
    for i, (one_stages, payload, beta, steering) in enumerate(rows):
        one = flight.fly(LAT, LON, HEIGHT, one_stages, payload, beta, np.array(steering), True, grid - launch[i])
        assert np.array_equal(many[0][i], one[0], equal_nan=True)
        assert many[3][i, 3] == pytest.approx(one[3][3] + launch[i], abs=1e-9)
        assert np.array_equal(many[4][i], one[4])
    assert np.isnan(many[1][0, 1])  # the second stage it does not have was never lit
    assert many[0].shape == (2, 90, 6)


def test_samples_do_not_depend_on_the_grid_they_are_asked_on() -> None:
    stages, payload, beta, steering = FLIGHTS["two stages"]
    args = (LAT, LON, HEIGHT, stages, payload, beta, np.array(steering), True)
    dense, sparse = flight.fly(*args, SECONDS)[0], flight.fly(*args, SECONDS[::50])[0]
    assert np.array_equal(dense[::50], sparse, equal_nan=True)


def test_free_flights_in_bulk_equal_single_ones_whatever_their_neighbours() -> None:
    state = np.concatenate([geodetic_to_ecef(0.6, 0.8, 80e3), [2000.0, -1500.0, 1800.0]])
    states = np.stack([state, state + np.array([0, 0, 0, 5.0, 0, 0]), state])
    _, events, impacts, status = flight.fly_from_states(states, np.zeros(3), np.full(3, 5e3), True, NONE)
    assert (status == OK).all()
    assert np.array_equal(impacts[0], impacts[2])
    assert np.array_equal(impacts[1], fly_from_state(states[1], 0.0, 5e3, True, NONE)[2])
    assert events[0, 2] != events[1, 2]


def test_a_lighter_ballistic_coefficient_lands_slower_and_later() -> None:
    state = np.concatenate([geodetic_to_ecef(0.6, 0.8, 80e3), [2000.0, -1500.0, 1800.0]])
    light = fly_from_state(state, 0.0, 1000.0, True, NONE)[1]
    heavy = fly_from_state(state, 0.0, 10000.0, True, NONE)[1]
    assert light[3] < 0.5 * heavy[3]
    assert light[2] > heavy[2]


def test_failures_come_back_as_statuses() -> None:
    ok = FLIGHTS["short, all burnt"]
    steering = np.array(ok[3])
    weak = SHORT.copy()
    weak[0, 0] = 40e3
    assert flight.fly(LAT, LON, HEIGHT, weak, 985.0, 3000.0, steering, True, NONE)[5] == NO_LIFT_OFF
    assert flight.fly(LAT, LON, HEIGHT, SHORT, 985.0, -1.0, steering, True, NONE)[5] == BAD_INPUT
    flat = steering.copy()
    flat[1] = 1.9  # thrust toward the ground
    assert flight.fly(LAT, LON, HEIGHT, SHORT, 985.0, 3000.0, flat, True, NONE)[5] == FELL_DURING_BOOST
    buried = np.concatenate([geodetic_to_ecef(LAT, LON, -10.0), np.zeros(3)])
    assert fly_from_state(buried, 0.0, 3000.0, True, NONE)[3] == BELOW_SURFACE
    escaping = np.concatenate([geodetic_to_ecef(LAT, LON, 2e5), [9000.0, 9000.0, 3000.0]])
    assert fly_from_state(escaping, 0.0, 3000.0, True, NONE)[3] == NO_IMPACT
    unknown = np.full(6, np.nan)
    assert fly_from_state(unknown, 0.0, 3000.0, True, NONE)[3] == BAD_INPUT
