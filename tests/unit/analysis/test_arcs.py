"""Arcs in closed form: against the kernels of minimum energy and propagation, and over the turning sphere."""

from math import cos, degrees, pi, radians, sin

import numpy as np
import pytest

from diptych.analysis import arcs
from diptych.kernels.earth import EARTH_MEAN_RADIUS_M as R
from diptych.kernels.earth import OMEGA_RAD_S
from diptych.kernels.geodesic import central_angle, initial_bearing, spherical_destination
from diptych.kernels.kepler import kepler_propagate, max_range_for_speed, minimum_energy_arc


@pytest.mark.parametrize("range_km", [300, 3500, 10000])
def test_the_arc_of_the_least_apogee_is_that_of_minimum_energy(range_km: float) -> None:
    angle = range_km * 1e3 / R
    speed, climb, apogee, time = minimum_energy_arc(angle, R)
    arc = arcs.arc_by_apogee(angle, apogee)
    assert arc.speed_mps() == pytest.approx(speed, rel=1e-12)
    assert arc.climb_rad() == pytest.approx(climb, abs=1e-7)
    assert arc.time_above_s() == pytest.approx(time, rel=1e-12)
    assert arc.ground_angle_rad() == pytest.approx(angle, rel=1e-9)
    assert arc.apogee_m == pytest.approx(apogee)


def test_times_and_heights_along_an_arc_are_those_of_propagation() -> None:
    arc = arcs.arc_by_speed(6000.0, radians(50.0))
    climb = arc.climb_rad()
    state = np.array([R, 0.0, 0.0, 6000.0 * sin(climb), 6000.0 * cos(climb), 0.0])
    for angle in (0.05, 0.3, arc.ground_angle_rad()):
        at, _ = kepler_propagate(state, arc.time_to_s(angle))
        assert np.arctan2(at[1], at[0]) == pytest.approx(angle, abs=1e-12)
    down, _ = kepler_propagate(state, arc.time_down_s(300e3))
    assert np.linalg.norm(down[:3]) - R == pytest.approx(300e3, abs=1e-3)
    assert down[:3] @ down[3:] < 0.0
    assert np.linalg.norm(down[3:]) == pytest.approx(arc.speed_mps(300e3))
    assert arc.time_above_s(arc.apogee_m + 1.0) == 0.0
    assert np.isnan(arc.time_down_s(arc.apogee_m + 1.0))


def test_the_two_angles_of_a_range_both_reach_it() -> None:
    for climb in arcs.arcs_by_range(7000.0, 1.2):
        assert arcs.arc_by_speed(7000.0, climb).ground_angle_rad() == pytest.approx(1.2, rel=1e-9)


def test_what_cannot_fly_is_refused_with_the_reason() -> None:
    with pytest.raises(ValueError, match=r"2000.0 m/s reaches 420.9 km, not 6371.0 km"):
        arcs.arcs_by_range(2000.0, 1.0)
    with pytest.raises(ValueError, match="too fast for a low arc"):
        arcs.arcs_by_range(8500.0, 0.5)
    with pytest.raises(ValueError, match="below escape"):
        arcs.arc_by_speed(12000.0, 0.5)
    with pytest.raises(ValueError, match="an apogee > 0"):
        arcs.arc_by_apogee(0.5, 0.0)


def test_the_aim_point_moves_on_while_the_body_flies() -> None:
    """FLT-05's own reference calculation: 3946.8 s at rest, 3979.3 s over the turning sphere."""
    lat, lon = radians(39.203), radians(125.673)
    aim = spherical_destination(lat, lon, radians(70.0), 999.2e3 / R)
    arc = arcs.turning_arc(lat, lon, *aim, 6040.9e3)
    assert arc.time_above_s() == pytest.approx(3979.3, abs=0.1)
    assert arcs.arc_by_apogee(999.2e3 / R, 6040.9e3).time_above_s() == pytest.approx(3946.8, abs=0.1)
    met = central_angle(lat, lon, aim[0], aim[1] + OMEGA_RAD_S * arc.time_above_s())
    assert arc.ground_angle_rad() == pytest.approx(met, rel=1e-9)


def test_the_azimuth_of_the_turning_arc_leads_to_the_aim_point() -> None:
    lat, lon = radians(40.0), radians(20.0)
    aim = (radians(52.0), radians(-10.0))
    arc = arcs.turning_arc(lat, lon, *aim)
    azimuth = arcs.turning_azimuth_rad(lat, lon, *aim, arc)
    level = arc.speed_mps() * cos(arc.climb_rad())
    turned = aim[1] + OMEGA_RAD_S * arc.time_above_s()
    bearing = initial_bearing(lat, lon, aim[0], turned)
    east = level * sin(bearing) - OMEGA_RAD_S * R * cos(lat)
    north = level * cos(bearing)
    up = arc.speed_mps() * sin(arc.climb_rad())
    speed = (east**2 + north**2 + up**2) ** 0.5
    landing = arcs.turning_landing(lat, azimuth, np.arcsin(up / speed), speed)
    assert landing.angle_rad == pytest.approx(central_angle(lat, lon, *aim), rel=1e-7)
    assert landing.bearing_rad == pytest.approx(initial_bearing(lat, lon, *aim), abs=1e-7)


def test_east_gains_what_west_loses_and_the_pole_has_neither() -> None:
    speed = 6500.0
    at_rest = max_range_for_speed(speed, R)[0]
    east = arcs.greatest_range_toward(0.0, 0.5 * pi, speed).angle_rad
    west = arcs.greatest_range_toward(0.0, 1.5 * pi, speed).angle_rad
    assert west < at_rest < east
    pole = arcs.greatest_range_toward(radians(89.999), 1.0, speed)
    assert pole.angle_rad == pytest.approx(at_rest, rel=1e-3)
    assert degrees(pole.bearing_rad) == pytest.approx(degrees(1.0), abs=1e-6)
