"""A lie is a consistent one: the whole flight is turned, so that nothing in it gives it away but the distance."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from diptych.edge.geography import load_territory
from diptych.kernels.geodesic import geodesic_inverse
from diptych.model.messages import ImpactPrediction
from diptych.sim.lies import invented, moved, turned

EARTH_M = 6371008.8
STATE = np.array([4.0e6, 2.5e6, 4.6e6, 900.0, -2500.0, 1800.0])


@given(st.floats(0.0, 2.0 * math.pi), st.floats(1.0, 2.0e6))
def test_height_speed_and_angle_to_the_ground_stay(azimuth_rad: float, distance_m: float) -> None:
    lie = turned(STATE, azimuth_rad, distance_m)
    for part in (slice(0, 3), slice(3, 6)):
        assert np.linalg.norm(lie[part]) == pytest.approx(np.linalg.norm(STATE[part]), rel=1e-12)
    assert lie[:3] @ lie[3:] == pytest.approx(STATE[:3] @ STATE[3:], rel=1e-9)
    cosine = lie[:3] @ STATE[:3] / (STATE[:3] @ STATE[:3])
    assert math.acos(min(1.0, cosine)) * EARTH_M == pytest.approx(distance_m, rel=1e-4, abs=0.1)


def test_an_object_is_moved_the_way_it_is_told() -> None:
    north = turned(np.array([EARTH_M, 0.0, 0.0, 0.0, 0.0, 0.0]), 0.0, 100_000.0)
    assert north[2] == pytest.approx(EARTH_M * math.sin(100_000.0 / EARTH_M))
    assert north[1] == pytest.approx(0.0, abs=1e-6)


def test_a_prediction_is_moved_along_the_ground_with_the_states_it_then_touches() -> None:
    ankara = (math.radians(39.93), math.radians(32.86))
    record = ImpactPrediction(0, 100.0, 600.0, *ankara, 5000.0, 0.0, ("TR",))
    lie = moved(record, math.radians(270.0), 900_000.0, load_territory())
    apart_m, _, _, _ = geodesic_inverse(*ankara, lie.impact_lat_rad, lie.impact_lon_rad)
    assert apart_m == pytest.approx(900_000.0, rel=1e-6)
    assert lie.states == ("GR",)
    assert lie.radius_m == record.radius_m


def test_an_invented_track_has_an_impact_of_its_own_and_names_no_radar() -> None:
    """Straight up at 1 km/s from 100 km: it comes down near where it is, some minutes later."""
    up = np.array([EARTH_M + 100e3, 0.0, 0.0, 1000.0, 0.0, 0.0])
    told = invented(12, up, 50.0, 2000.0, 50.0, load_territory())
    assert told.object == 12
    assert told.radars == ()
    assert 250.0 < told.impact_s - 50.0 < 400.0
    assert all(abs((v - 1000.0) % 2000.0) < 1e-6 for v in told.state_ecef[:3])
