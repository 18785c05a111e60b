"""Classes flown to published flights: they land where and rise as they were told, and say so when they cannot."""

from math import degrees, hypot, radians

import numpy as np
import pytest

from diptych.analysis.arcs import turning_arc
from diptych.analysis.flown import (
    DEFAULT_LAUNCH_RAD,
    Unflyable,
    aim_at,
    fly_published,
    greatest_range_m,
    vehicle_of_entry,
)
from diptych.edge.catalogue import load_catalogue
from diptych.model.catalogue import ThreatEntry

THREATS: dict[str, ThreatEntry] = {t.id: t for t in load_catalogue().threats}


@pytest.mark.parametrize(
    ("class_id", "range_km", "apogee_km", "bearing_deg"),
    [
        ("srbm-600", 450, 100, 0),  # FLT-15
        ("irbm-4500", 3700, 770, 72),  # FLT-12
        ("icbm-10000-solid", 1001.2, 6648.4, 62),  # FLT-08
        ("icbm-10000-liquid", 10000, 1300, 270),
    ],
)
def test_a_flight_comes_down_at_the_range_and_rises_to_the_apogee(
    class_id: str, range_km: float, apogee_km: float, bearing_deg: float
) -> None:
    launch = (radians(39.2), radians(125.7))
    flown = fly_published(THREATS[class_id], range_km * 1e3, apogee_km * 1e3, launch, radians(bearing_deg))
    assert flown.apogee_m == pytest.approx(apogee_km * 1e3, abs=50)
    assert flown.ground_m[-2] == pytest.approx(range_km * 1e3, rel=0.02)
    assert np.nanmax(flown.height_m) == pytest.approx(apogee_km * 1e3, rel=1e-3)
    arc = turning_arc(*launch, *aim_at(launch, radians(bearing_deg), range_km * 1e3), apogee_km * 1e3)
    assert 30 < flown.flight_s - arc.time_above_s() < 240  # BST-03: what a powered phase adds
    assert flown.burnout_speed_mps < 1.02 * arc.speed_mps()


def test_passing_times_are_read_off_the_flight() -> None:
    flown = fly_published(THREATS["srbm-600"], 450e3, 100e3)
    assert 0 < flown.time_at_ground_s(200e3) < flown.time_at_ground_s(400e3) < flown.flight_s
    assert flown.time_down_s(50e3) > flown.time_s[np.argmax(flown.height_m)]
    assert np.isnan(flown.time_down_s(101e3))


def test_a_class_that_is_too_weak_or_too_strong_says_so() -> None:
    with pytest.raises(Unflyable, match=r"class srbm-300 without payload reaches \d+ km at this slope"):
        fly_published(THREATS["srbm-300"], 5000e3, 1000e3)
    with pytest.raises(Unflyable, match="class icbm-10000-liquid"):
        fly_published(THREATS["icbm-10000-liquid"], 20e3, 5e3)


def test_the_greatest_range_is_near_the_class_range_and_grows_without_payload() -> None:
    """Classes are sized for 1.05 times the class range in their worst stated direction."""
    threat = THREATS["mrbm-1300-liquid"]
    reach = greatest_range_m(threat)
    assert reach == pytest.approx(1.05 * threat.max_range_m.mid, rel=0.04)
    assert greatest_range_m(threat, 0.5 * threat.payload_mass_kg.mid) > 1.1 * reach


def test_an_entry_flies_as_its_middle_values() -> None:
    vehicle = vehicle_of_entry(THREATS["irbm-4500"])
    assert len(vehicle.stages) == 2
    assert vehicle.burn_s()[-1] == pytest.approx(155, abs=1)
    assert vehicle.payload_kg == THREATS["irbm-4500"].payload_mass_kg.mid


def test_an_aim_point_lies_along_its_bearing() -> None:
    lat, lon = aim_at(DEFAULT_LAUNCH_RAD, 0.0, 1000e3)
    assert hypot(degrees(lat) - 54.0, degrees(lon)) < 0.01  # 1000 km are 9 degrees of the meridian
