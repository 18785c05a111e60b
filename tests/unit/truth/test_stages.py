"""Spent stages: they leave where the flight is at that moment and land where a body of their weight would."""

from math import radians

import numpy as np
import pytest

from diptych.edge.catalogue import load_catalogue
from diptych.edge.schema.raid import shipped_threats
from diptych.kernels.earth import ecef_to_geodetic
from diptych.kernels.geodesic import geodesic_direct, geodesic_inverse
from diptych.truth.flight import solve_steering
from diptych.truth.stages import SpentStage, spent_stages
from diptych.truth.vehicle import vehicle_of
from tests.oracles import flight_twin

LAT, LON, HEIGHT = radians(34.0), radians(46.0), 1000.0
CLASSES = {c.id: c for c in shipped_threats(load_catalogue())}
RANGE_KM = {"srbm-300": 280, "mrbm-1300-liquid": 1200, "mrbm-2200-solid": 2000, "icbm-10000-solid": 9000}


def flown(name: str, beta: float = 230.0, *, separates: bool | None = None):
    """Return the stages, the vehicle and the steering of a flight toward the north-west."""
    threat = CLASSES[name]
    vehicle = vehicle_of(threat)
    end = geodesic_direct(LAT, LON, radians(315.0), RANGE_KM[name] * 1e3)[:2]
    steering = solve_steering(vehicle, LAT, LON, HEIGHT, *end)
    leaves = threat.separates if separates is None else separates
    found = spent_stages(vehicle, (LAT, LON, HEIGHT), steering, beta, separates=leaves, j2_on=True)
    return found, vehicle, steering


def downrange_km(stage: SpentStage) -> float:
    return geodesic_inverse(LAT, LON, stage.lat_rad, stage.lon_rad)[0] / 1e3


def test_every_stage_of_a_class_that_separates_comes_down_in_order_short_of_the_aim() -> None:
    for name, count in (("mrbm-1300-liquid", 1), ("mrbm-2200-solid", 2), ("icbm-10000-solid", 3)):
        found, vehicle, steering = flown(name)
        assert [s.stage for s in found] == list(range(1, count + 1))
        reach = [downrange_km(s) for s in found]
        assert reach == sorted(reach)
        assert reach[0] > 0.0
        assert reach[-1] < RANGE_KM[name]
        assert [s.from_s for s in found] == pytest.approx([min(t, steering.cutoff_s) for t in vehicle.burn_s()])
        assert all(s.impact_s > s.from_s for s in found)


def test_a_body_that_stays_whole_leaves_nothing_behind() -> None:
    assert flown("srbm-300")[0] == ()


def test_the_first_stage_leaves_with_the_state_an_independent_flight_has_then() -> None:
    (first, _), vehicle, steering = flown("mrbm-2200-solid")
    twin = flight_twin.fly(
        LAT,
        LON,
        HEIGHT,
        vehicle.stage_array(),
        vehicle.payload_kg,
        vehicle.beta_kg_m2,
        steering.as_array(),
        j2_on=True,
        t_grid=np.array([first.from_s]),
        rtol=1e-9,
    )
    fallen = flight_twin.coast(first.from_s, twin.samples[0], 230.0, j2_on=True, t_grid=np.empty(0))
    lat, lon, _ = ecef_to_geodetic(*fallen.impact[:3])
    assert geodesic_inverse(lat, lon, first.lat_rad, first.lon_rad)[0] < 200.0
    assert first.impact_s == pytest.approx(fallen.impact_s, rel=0.03)


def test_the_last_stage_lands_as_the_payload_would_with_its_own_coefficient_only_heavier_goes_farther() -> None:
    last = flown("mrbm-2200-solid", 6000.0)[0][-1]
    light = flown("mrbm-2200-solid", 230.0)[0][-1]
    assert downrange_km(last) == pytest.approx(2000.0, abs=0.3)  # as heavy as the payload: to the aim point
    assert 1900.0 < downrange_km(light) < downrange_km(last)
