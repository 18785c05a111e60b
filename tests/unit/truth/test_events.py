"""Staging, burnout, apogee and impact to a millisecond, against an independent flight and Kepler; the size of J2."""

from math import cos, radians, sin, sqrt

import numpy as np
import pytest

from diptych.edge.catalogue import load_catalogue
from diptych.edge.schema.raid import shipped_threats
from diptych.kernels.earth import MU_M3_S2, OMEGA_RAD_S, WGS84_A_M, ecef_to_geodetic
from diptych.kernels.flight import fly
from diptych.kernels.geodesic import geodesic_direct, geodesic_inverse
from diptych.kernels.kepler import kepler_propagate
from diptych.truth.flight import solve_steering
from diptych.truth.vehicle import vehicle_of
from tests.helpers.flown import fly_from_state
from tests.oracles import flight_twin

MILLISECOND = 1e-3
LAT, LON, HEIGHT = radians(34.0), radians(46.0), 1000.0
CLASSES = {c.id: vehicle_of(c) for c in shipped_threats(load_catalogue())}


@pytest.mark.parametrize(("name", "range_km"), [("mrbm-2200-solid", 2000.0), ("icbm-10000-liquid", 9000.0)])
def test_staging_burnout_apogee_and_impact_agree_with_an_independent_flight_to_a_millisecond(
    name: str, range_km: float
) -> None:
    vehicle = CLASSES[name]
    end = geodesic_direct(LAT, LON, radians(20.0), range_km * 1e3)[:2]
    steering = solve_steering(vehicle, LAT, LON, HEIGHT, *end).as_array()
    args = (LAT, LON, HEIGHT, vehicle.stage_array(), vehicle.payload_kg, vehicle.beta_kg_m2, steering)
    _, stage_s, burnout, events, impact, status = fly(*args, True, np.empty(0))
    twin = flight_twin.fly(*args, j2_on=True, t_grid=np.empty(0))
    assert status == 0
    assert stage_s[:-1] == pytest.approx(vehicle.burn_s()[:-1], abs=MILLISECOND)
    assert events[0] == pytest.approx(steering[4], abs=1e-9)  # the cut-off asked for
    assert events[1] == pytest.approx(twin.apogee_s, abs=MILLISECOND)
    assert events[2] == pytest.approx(twin.apogee_m, abs=1.0)
    assert events[3] == pytest.approx(twin.impact_s, abs=MILLISECOND)
    assert np.linalg.norm(burnout[:3] - twin.burnout[:3]) < 1.0
    assert np.linalg.norm(impact - twin.impact) < 5.0


def test_apogee_and_impact_agree_with_kepler_to_a_millisecond_without_air_and_oblateness() -> None:
    # On the equator a sphere of the equatorial radius is the ellipsoid, so the radius of impact is known.
    state = np.array([WGS84_A_M + 50e3, 0.0, 0.0, 3000.0, 5000.0, 0.0])
    _, events, _, status = fly_from_state(state, 0.0, 1e15, False, np.empty(0))
    assert status == 0
    inertial = state.copy()
    inertial[4] += OMEGA_RAD_S * state[0]
    radius, speed2 = state[0], float(inertial[3:] @ inertial[3:])
    axis = 1.0 / (2.0 / radius - speed2 / MU_M3_S2)
    momentum = radius * inertial[4]
    ecc = sqrt(1.0 - momentum**2 / (MU_M3_S2 * axis))
    rate = sqrt(MU_M3_S2 / axis**3)

    def since_perigee(r: float) -> float:
        """Return the time from perigee to radius r on the way up, s."""
        cos_e = (1.0 - r / axis) / ecc
        anomaly = np.arccos(cos_e)
        return float((anomaly - ecc * np.sin(anomaly)) / rate)

    half = np.pi / rate
    assert events[0] == pytest.approx(half - since_perigee(radius), abs=MILLISECOND)
    assert events[1] == pytest.approx(axis * (1.0 + ecc) - WGS84_A_M, abs=0.01)
    assert events[2] == pytest.approx(2.0 * half - since_perigee(radius) - since_perigee(WGS84_A_M), abs=MILLISECOND)


def test_dense_output_lies_on_the_kepler_arc_between_the_steps() -> None:
    state = np.array([WGS84_A_M + 200e3, 0.0, 0.0, 2500.0, 5500.0, 1500.0])
    times = np.arange(0.0, 900.0, 7.3)
    samples, _, _, _ = fly_from_state(state, 0.0, 1e15, False, times)
    inertial = state.copy()
    inertial[4] += OMEGA_RAD_S * state[0]
    for t, sample in zip(times[::10], samples[::10], strict=True):
        there, _ = kepler_propagate(inertial, float(t))
        c, s = cos(OMEGA_RAD_S * t), sin(OMEGA_RAD_S * t)
        turned = np.array([c * there[0] + s * there[1], -s * there[0] + c * there[1], there[2]])
        assert np.linalg.norm(turned - sample[:3]) < 0.01


def test_oblateness_moves_the_impact_of_a_10000_km_flight_by_kilometres_and_of_a_300_km_flight_by_metres() -> None:
    moved_m = {}
    for name, range_km in (("icbm-10000-solid", 10000.0), ("srbm-300", 280.0)):
        vehicle = CLASSES[name]
        end = geodesic_direct(LAT, LON, radians(0.0), range_km * 1e3)[:2]
        steering = solve_steering(vehicle, LAT, LON, HEIGHT, *end).as_array()
        args = (LAT, LON, HEIGHT, vehicle.stage_array(), vehicle.payload_kg, vehicle.beta_kg_m2, steering)
        places = []
        for j2_on in (True, False):
            impact = fly(*args, j2_on, np.empty(0))[4]
            places.append(ecef_to_geodetic(*impact)[:2])
        moved_m[name] = geodesic_inverse(*places[0], *places[1])[0]
    assert 2e3 < moved_m["icbm-10000-solid"] < 60e3
    assert moved_m["srbm-300"] < 1500.0
