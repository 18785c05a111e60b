"""The share of a footprint on own land, against the normal distribution and plain geometry."""

import math

import numpy as np
import pytest

from diptych.evaluation.footprint import reach_share, share_on
from diptych.model.geography import EARTH_MEAN_RADIUS_M, Territory

STEP = math.radians(0.1)
OWN = frozenset({"OW"})


def half_world(north_from_deg: float) -> Territory:
    """Return land of OW north of a parallel between 60 W and 60 E, sea south of it."""
    lats = np.arange(-60.0, 60.0, 0.1)
    index = np.zeros((lats.size, 1200), dtype=np.uint8)
    index[lats >= north_from_deg - 1e-9] = 1
    return Territory(math.radians(-60.0), math.radians(-60.0), STEP, index, ("", "OW"))


def phi(z: float) -> float:
    return 0.5 * (1.0 + math.erf(z / math.sqrt(2.0)))


def footprint(south_of_border_m: float, major_m: float, minor_m: float, azimuth_rad: float) -> np.ndarray:
    border_deg = -0.05  # the raster's cells are 0.1 degree: the land begins half a cell before the first centre
    lat = math.radians(border_deg) - south_of_border_m / EARTH_MEAN_RADIUS_M
    return np.array([[lat, 0.0, 2.0 * major_m, 2.0 * minor_m, azimuth_rad]])


@pytest.mark.parametrize("away_m", [-80e3, 0.0, 50e3, 100e3, 150e3])
def test_round_footprint_before_a_straight_border_has_the_normal_share(away_m: float) -> None:
    found = share_on(half_world(0.0), OWN, footprint(away_m, 50e3, 50e3, 0.0))[0]
    assert found == pytest.approx(phi(-away_m / 50e3), abs=0.01)


@pytest.mark.parametrize("azimuth_deg", [0.0, 30.0, 90.0])
def test_long_footprint_counts_its_width_across_the_border(azimuth_deg: float) -> None:
    azimuth = math.radians(azimuth_deg)
    across = math.hypot(120e3 * math.cos(azimuth), 30e3 * math.sin(azimuth))
    found = share_on(half_world(0.0), OWN, footprint(60e3, 120e3, 30e3, azimuth))[0]
    assert found == pytest.approx(phi(-60e3 / across), abs=0.01)


def test_land_of_others_is_not_counted() -> None:
    assert share_on(half_world(0.0), frozenset({"XX"}), footprint(-500e3, 50e3, 50e3, 0.0))[0] == 0.0


def test_launch_of_unknown_aim_on_a_border_has_half_of_its_reach_on_either_side() -> None:
    assert reach_share(half_world(0.0), OWN, math.radians(-0.05), 0.0, 1000e3) == pytest.approx(0.5, abs=0.01)


def test_launch_out_of_reach_of_own_land_threatens_none_of_it() -> None:
    assert reach_share(half_world(30.0), OWN, 0.0, 0.0, 3000e3) == 0.0


def test_footprint_outside_the_raster_is_nobodys() -> None:
    found = share_on(half_world(0.0), OWN, np.array([[math.radians(80.0), 3.0, 1e5, 1e5, 0.0]]))
    assert found[0] == 0.0
