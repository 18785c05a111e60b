"""Steering: the missile arrives, in the shape asked for, or the answer says how far short it falls."""

from math import pi, radians

import numpy as np
import pytest

from diptych.kernels.earth import ecef_to_geodetic
from diptych.kernels.flight import fly
from diptych.kernels.geodesic import geodesic_direct, geodesic_inverse
from diptych.kernels.kepler import minimum_energy_arc
from diptych.kernels.status import BAD_INPUT, NO_LIFT_OFF, OK, TOO_CLOSE, TOO_FAR
from diptych.model.scenario import RocketStage, ThreatClass
from diptych.truth.flight import APOGEE_RATIO, Vehicle, solve_steering, vehicle_of

LAT, LON, HEIGHT = radians(34.0), radians(46.0), 1000.0
G0 = 9.80665


def vehicle(stages: list[tuple[float, float, float, float, float, float]], payload: float, beta: float) -> Vehicle:
    """Return a vehicle of rows: thrust kN, Isp s, dry kg, propellant kg, diameter m, drag coefficient."""
    return Vehicle(
        stages=tuple((t * 1e3, i * G0, d, p, c * pi * w * w / 4.0) for t, i, d, p, w, c in stages),
        payload_kg=payload,
        beta_kg_m2=beta,
    )


# The generic classes: stages, payload kg, ballistic coefficient, class range km.
CLASSES = {
    "srbm-300": (vehicle([(120, 230, 930, 3300, 0.9, 0.35)], 900, 10000), 300),
    "srbm-600": (vehicle([(128, 230, 1060, 4540, 0.9, 0.35)], 500, 10000), 600),
    "mrbm-1300-liquid": (vehicle([(466, 235, 3290, 20200, 1.25, 0.3)], 700, 6000), 1300),
    "mrbm-1600-liquid": (vehicle([(426, 240, 2590, 19000, 1.25, 0.3)], 650, 6000), 1600),
    "mrbm-2200-solid": (
        vehicle([(353, 240, 1270, 7800, 1.25, 0.3), (165, 255, 580, 3300, 1.25, 0.3)], 750, 6000),
        2200,
    ),
    "irbm-4500": (vehicle([(677, 250, 2820, 20700, 1.5, 0.3), (260, 265, 1200, 8000, 1.5, 0.3)], 650, 8000), 4500),
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
    far = solve_steering(missile, LAT, LON, HEIGHT, *aim(9000.0))
    assert far.status == TOO_FAR
    assert 9000e3 - far.short_m == pytest.approx(1.05 * range_km * 1e3, rel=0.01)


@pytest.mark.parametrize("name", CLASSES)
def test_flight_time_exceeds_keplers_by_the_published_boost_delay(name: str) -> None:
    # BST-03: SRBM 35 to 65 s, IRBM 75 to 115 s, tolerance 40 s; medium range between.
    missile, range_km = CLASSES[name]
    steering = solve_steering(missile, LAT, LON, HEIGHT, *aim(range_km))
    delay = steering.flight_s - minimum_energy_arc(range_km * 1e3 / 6371008.8, 6371008.8)[3]
    low, high = (75.0, 115.0) if range_km > 3000 else (35.0, 65.0) if range_km < 1000 else (35.0, 115.0)
    assert low - 40.0 <= delay <= high + 40.0


def test_no_other_kick_reaches_with_an_earlier_cut_off() -> None:
    target = aim(1700.0)
    best = solve_steering(MEDIUM, LAT, LON, HEIGHT, *target)
    for change in (-0.1, -0.03, 0.03, 0.1):
        other = best.as_array()
        other[1] += change
        impact = fly(LAT, LON, HEIGHT, MEDIUM.stage_array(), 750.0, 6000.0, other, True, np.empty(0))[4]
        lat, lon, _ = ecef_to_geodetic(*impact)
        assert geodesic_inverse(LAT, LON, lat, lon)[0] < 1700e3  # same cut-off, another kick: falls short


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
    assert shaped.cutoff_s > plain.cutoff_s
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
