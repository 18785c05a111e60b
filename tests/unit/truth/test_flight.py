"""Steering: the missile arrives, in the shape asked for, or the answer says how far short it falls."""

import re
from math import acos, cos, pi, radians, sin, sqrt

import numpy as np
import pytest

from diptych.edge.catalogue import load_catalogue
from diptych.edge.schema.raid import shipped_threats
from diptych.kernels.earth import MU_M3_S2, OMEGA_RAD_S, ecef_to_geodetic, geodetic_to_ecef, radial_height_m
from diptych.kernels.flight import fly
from diptych.kernels.geodesic import geodesic_direct, geodesic_inverse
from diptych.kernels.status import BAD_INPUT, NO_LIFT_OFF, OK, TOO_CLOSE, TOO_FAR
from diptych.model.scenario import RocketStage, ThreatClass
from diptych.truth.flight import APOGEE_RATIO, Steering, Vehicle, solve_steering, vehicle_of
from tests.helpers.flown import fly_from_state

LAT, LON, HEIGHT = radians(34.0), radians(46.0), 1000.0
G0 = 9.80665


def vehicle(stages: list[tuple[float, float, float, float, float, float]], payload: float, beta: float) -> Vehicle:
    """Return a vehicle of rows: thrust kN, Isp s, dry kg, propellant kg, diameter m, drag coefficient."""
    return Vehicle(
        stages=tuple((t * 1e3, i * G0, d, p, c * pi * w * w / 4.0) for t, i, d, p, w, c in stages),
        payload_kg=payload,
        beta_kg_m2=beta,
    )


CATALOGUE = load_catalogue()
# The generic classes as shipped, with their class range in km.
CLASSES = {
    threat.id: (vehicle_of(threat), entry.max_range_m.mid / 1e3)
    for threat in shipped_threats(CATALOGUE)
    for entry in CATALOGUE.threats
    if entry.id == threat.id
}
MEDIUM = CLASSES["mrbm-2200-solid"][0]


def aim(range_km: float, bearing_deg: float = 315.0) -> tuple[float, float]:
    return geodesic_direct(LAT, LON, radians(bearing_deg), range_km * 1e3)[:2]


def miss_m(missile: Vehicle, steering: np.ndarray, target: tuple[float, float]) -> float:
    impact = fly(
        LAT, LON, HEIGHT, missile.stage_array(), missile.payload_kg, missile.beta_kg_m2, steering, True, np.empty(0)
    )[4]
    lat, lon, _ = ecef_to_geodetic(*impact)
    return geodesic_inverse(lat, lon, *target)[0]


@pytest.mark.parametrize("name", CLASSES)
@pytest.mark.parametrize("bearing", [315.0, 20.0, 95.0])
def test_every_class_lands_within_100_m_at_its_range_in_any_direction(name: str, bearing: float) -> None:
    missile, range_km = CLASSES[name]
    target = aim(0.95 * range_km, bearing)
    steering = solve_steering(missile, LAT, LON, HEIGHT, *target)
    assert steering.status == OK
    assert miss_m(missile, steering.as_array(), target) < 100.0
    assert steering.miss_m < 100.0
    assert 0.0 < steering.burn_fraction <= 1.0


@pytest.mark.parametrize("name", CLASSES)
def test_greatest_range_of_a_class_is_its_published_range_plus_five_percent(name: str) -> None:
    missile, range_km = CLASSES[name]
    far = solve_steering(missile, LAT, LON, HEIGHT, *aim(16000.0))
    assert far.status == TOO_FAR
    assert 16000e3 - far.short_m == pytest.approx(1.05 * range_km * 1e3, rel=0.01)


# Class: surface-equivalent speed km/s and apogee km of the minimum-energy arc, and by how many seconds the flight is
# longer than the Kepler arc of its own range and apogee.  Speeds and apogees: MSL, MET cases, closed form; delays:
# BST-03 for SRBM, IRBM, ICBM, between those for MRBM.
PUBLISHED = {
    "srbm-300": (1.70, 74.0, (35.0, 65.0)),
    "srbm-600": (2.37, 146.0, (35.0, 65.0)),
    "mrbm-1300-liquid": (3.40, 308.0, (60.0, 80.0)),
    "mrbm-1600-liquid": (3.73, 374.0, (60.0, 80.0)),
    "mrbm-2200-solid": (4.28, 500.0, (60.0, 80.0)),
    "irbm-4500": (5.67, 905.0, (75.0, 115.0)),
    "icbm-10000-liquid": (7.20, 1319.0, (140.0, 230.0)),
    "icbm-10000-solid": (7.20, 1319.0, (95.0, 185.0)),  # 135 to 145 s, with the tolerance of 40 s that the case states
}


@pytest.mark.parametrize("name", CLASSES)
def test_each_class_flies_with_the_published_speed_apogee_and_time(name: str) -> None:
    # Northward, where the turning Earth neither helps nor hinders to first order.
    missile, range_km = CLASSES[name]
    speed_kmps, apogee_km, (low, high) = PUBLISHED[name]
    end = aim(range_km, 0.0)
    flown = solve_steering(missile, LAT, LON, HEIGHT, *end)
    burnout = burnout_of(missile, flown)
    height = radial_height_m(*burnout[:3])
    radius = float(np.linalg.norm(burnout[:3]))
    surface = sqrt(flown.burnout_speed_mps**2 + 2.0 * MU_M3_S2 * (1.0 / (radius - height) - 1.0 / radius))
    assert surface == pytest.approx(speed_kmps * 1e3, rel=0.03)
    # An arc that begins at height h and ends on the ground tops out h / 2 higher than one from surface to surface.
    assert flown.apogee_m == pytest.approx(apogee_km * 1e3 + 0.5 * height, rel=0.05)
    assert low <= flown.flight_s - kepler_s(end, flown.apogee_m) <= high


def kepler_s(end: tuple[float, float], apogee_m: float) -> float:
    """Return the time of the Kepler arc of that apogee from the launch point to `end` over the turning sphere."""
    here, there = (np.array(geodetic_to_ecef(*p, 0.0)) for p in ((LAT, LON), end))
    here, there = here / np.linalg.norm(here), there / np.linalg.norm(there)
    radius, time = 6371008.8, 0.0
    for _ in range(10):
        c, s = cos(OMEGA_RAD_S * time), sin(OMEGA_RAD_S * time)
        half = 0.5 * acos(float(here @ np.array([c * there[0] - s * there[1], s * there[0] + c * there[1], there[2]])))
        ecc = apogee_m / (apogee_m + radius * (1.0 - cos(half)))
        axis = (radius + apogee_m) / (1.0 + ecc)
        anomaly = acos((1.0 - radius / axis) / ecc)
        time = 2.0 * sqrt(axis**3 / MU_M3_S2) * (pi - anomaly + ecc * sin(anomaly))
    return time


def test_an_observed_flight_of_3700_km_is_met_by_the_intermediate_class() -> None:
    # FLT-12: 15 September 2017, 3700 km on a bearing of about 72 degrees, apogee 770 km, 19 min; 5 %.  The
    # apogee was not aimed at: ours is what least speed asks of this class, so it may differ by a little more.
    lat, lon = radians(39.2), radians(125.67)
    end = geodesic_direct(lat, lon, radians(72.0), 3700e3)[:2]
    flown = solve_steering(CLASSES["irbm-4500"][0], lat, lon, 0.0, *end)
    assert flown.flight_s == pytest.approx(1140.0, rel=0.05)
    assert flown.apogee_m == pytest.approx(770e3, rel=0.08)


@pytest.mark.parametrize(("name", "boost_s"), [("icbm-10000-liquid", 240.0), ("icbm-10000-solid", 180.0)])
def test_intercontinental_classes_burn_as_long_as_published(name: str, boost_s: float) -> None:
    assert CLASSES[name][0].burn_s()[-1] == pytest.approx(boost_s, rel=0.005)  # BST-01


@pytest.mark.parametrize("name", CLASSES)
def test_the_note_of_a_class_states_what_the_kernel_flies(name: str) -> None:
    missile, range_km = CLASSES[name]
    note = next(e.note for e in CATALOGUE.threats if e.id == name)
    greatest, apogee, time, more = (
        float(re.search(pattern, note).group(1))
        for pattern in (
            r"kernel is (\d+) km",
            r"rises to (\d+) km",
            r"needs (\d+) s",
            r"(\d+) s more than a Kepler arc",
        )
    )
    flown = solve_steering(missile, LAT, LON, HEIGHT, *aim(range_km))
    far = solve_steering(missile, LAT, LON, HEIGHT, *aim(16000.0))
    assert 16000.0 - far.short_m / 1e3 == pytest.approx(greatest, abs=1.0)
    assert flown.apogee_m / 1e3 == pytest.approx(apogee, abs=1.0)
    assert flown.flight_s == pytest.approx(time, abs=1.0)
    assert flown.flight_s - kepler_s(aim(range_km), flown.apogee_m) == pytest.approx(more, abs=1.0)


@pytest.mark.parametrize("bearing", [0.0, 45.0, 90.0, 180.0, 270.0, 315.0])
@pytest.mark.parametrize("range_km", [5500.0, 8000.0, 10000.0])
@pytest.mark.parametrize("name", ["icbm-10000-liquid", "icbm-10000-solid"])
def test_long_flights_are_steered_in_every_direction_over_the_pole_and_with_and_against_the_spin(
    name: str, range_km: float, bearing: float
) -> None:
    missile = CLASSES[name][0]
    steering = solve_steering(missile, LAT, LON, HEIGHT, *aim(range_km, bearing))
    assert steering.status == OK
    assert miss_m(missile, steering.as_array(), aim(range_km, bearing)) < 100.0


def test_from_57_north_a_missile_crosses_the_pole_and_lands_on_the_other_side() -> None:
    missile = CLASSES["icbm-10000-solid"][0]
    end = (radians(40.0), radians(-90.0))
    steering = solve_steering(missile, radians(57.0), radians(90.0), 0.0, *end)
    assert steering.status == OK
    assert steering.miss_m < 20.0


def burnout_of(missile: Vehicle, steering: Steering) -> np.ndarray:
    """Return the ECEF state at the end of thrust."""
    return fly(
        LAT,
        LON,
        HEIGHT,
        missile.stage_array(),
        missile.payload_kg,
        missile.beta_kg_m2,
        steering.as_array(),
        True,
        np.empty(0),
    )[2]


@pytest.mark.parametrize("name", CLASSES)
def test_no_other_direction_at_burnout_carries_a_minimum_energy_flight_farther(name: str) -> None:
    missile, range_km = CLASSES[name]
    best = solve_steering(missile, LAT, LON, HEIGHT, *aim(0.9 * range_km))
    state = burnout_of(missile, best)
    up = state[:3] / np.linalg.norm(state[:3])
    speed = np.linalg.norm(state[3:])
    across = up - (up @ state[3:]) / speed**2 * state[3:]
    across *= speed / np.linalg.norm(across)
    for tilt in (-0.1, -0.03, 0.03, 0.1):
        other = state.copy()
        other[3:] = cos(tilt) * state[3:] + sin(tilt) * across
        impact = fly_from_state(other, best.cutoff_s, missile.beta_kg_m2, True, np.empty(0))[2]
        lat, lon, _ = ecef_to_geodetic(*impact)
        assert geodesic_inverse(LAT, LON, lat, lon)[0] < 0.9 * range_km * 1e3


def test_at_the_limit_of_reach_the_flight_is_flatter_than_minimum_energy_but_lands() -> None:
    far = solve_steering(MEDIUM, LAT, LON, HEIGHT, *aim(2312.0))
    near = solve_steering(MEDIUM, LAT, LON, HEIGHT, *aim(2290.0))
    assert far.status == near.status == OK
    assert far.miss_m < 20.0
    assert far.apogee_m < near.apogee_m


@pytest.mark.parametrize("shape", ["lofted", "depressed"])
@pytest.mark.parametrize("name", CLASSES)
def test_lofted_and_depressed_change_the_apogee_by_their_ratio_and_still_land(name: str, shape: str) -> None:
    missile, range_km = CLASSES[name]
    target = aim(0.7 * range_km)
    plain = solve_steering(missile, LAT, LON, HEIGHT, *target)
    shaped = solve_steering(missile, LAT, LON, HEIGHT, *target, shape)
    assert shaped.status == OK
    assert shaped.apogee_m / plain.apogee_m == pytest.approx(APOGEE_RATIO[shape], abs=0.02)
    assert miss_m(missile, shaped.as_array(), target) < 100.0
    assert shaped.burnout_speed_mps > plain.burnout_speed_mps
    assert (shaped.flight_s > plain.flight_s) == (shape == "lofted")


def test_an_aim_point_out_of_reach_says_how_far_short_it_falls() -> None:
    near = solve_steering(MEDIUM, LAT, LON, HEIGHT, *aim(2600.0))
    far = solve_steering(MEDIUM, LAT, LON, HEIGHT, *aim(2700.0))
    assert near.status == far.status == TOO_FAR
    assert far.short_m - near.short_m == pytest.approx(100e3, rel=0.01)


def test_a_shape_out_of_reach_falls_short_though_the_range_is_not() -> None:
    target = aim(2250.0)
    assert solve_steering(MEDIUM, LAT, LON, HEIGHT, *target).status == OK
    lofted = solve_steering(MEDIUM, LAT, LON, HEIGHT, *target, "lofted")
    assert lofted.status == TOO_FAR
    assert lofted.short_m > 1e3


def test_a_point_nearer_than_the_second_stage_can_stop_is_too_close() -> None:
    assert solve_steering(MEDIUM, LAT, LON, HEIGHT, *aim(100.0)).status == TOO_CLOSE


def test_a_vehicle_that_cannot_lift_off_or_has_no_stage_says_so() -> None:
    heavy = vehicle([(40, 230, 930, 3300, 0.9, 0.35)], 900, 10000)
    assert solve_steering(heavy, LAT, LON, HEIGHT, *aim(100.0)).status == NO_LIFT_OFF
    empty = Vehicle(stages=(), payload_kg=1.0, beta_kg_m2=1.0)
    assert solve_steering(empty, LAT, LON, HEIGHT, *aim(100.0)).status == BAD_INPUT


def test_the_same_question_gets_the_same_bytes() -> None:
    target = aim(1234.0)
    assert solve_steering(MEDIUM, LAT, LON, HEIGHT, *target) == solve_steering(MEDIUM, LAT, LON, HEIGHT, *target)


def test_a_threat_class_becomes_a_vehicle_in_kernel_units() -> None:
    stage = RocketStage(
        thrust_n=1e5, isp_s=230.0, dry_mass_kg=900.0, propellant_mass_kg=3300.0, diameter_m=2.0, drag_coefficient=0.5
    )
    threat = ThreatClass(
        id="x", title="x", stages=(stage,), payload_mass_kg=500.0, ballistic_coefficient_kg_m2=4e3, rcs_m2=0.1
    )
    made = vehicle_of(threat)
    assert made.stage_array() == pytest.approx(np.array([[1e5, 230 * G0, 900.0, 3300.0, 0.5 * pi]]))
    assert made.burn_s() == pytest.approx((3300.0 * 230 * G0 / 1e5,))


def test_flight_of_a_given_apogee_rises_to_it_and_arrives() -> None:
    missile = CLASSES["mrbm-1300-liquid"][0]
    end = aim(600.0)
    answer = solve_steering(missile, LAT, LON, 1000.0, *end, "lofted", apogee_m=400e3)
    assert answer.status == OK
    assert answer.apogee_m == pytest.approx(400e3, rel=3e-3)
    assert answer.miss_m < 20.0
    plain = solve_steering(missile, LAT, LON, 1000.0, *end)
    assert answer.apogee_m > plain.apogee_m
    assert answer.flight_s > plain.flight_s
