"""Space warning: the delay and the launch point scatter as stated, and belong to (satellite, object)."""

from __future__ import annotations

from math import log, sqrt

import numpy as np
import pytest

from diptych.kernels.earth import enu_basis
from diptych.model.scenario import Infrared
from diptych.sensing.infrared import warn
from tests.helpers.seen import place

SATELLITE = Infrared("ir", "space-infrared", "AA", delay_s=40.0, delay_spread=0.3, launch_point_error_m=5000.0)
SITE = place(33.0, 44.0)


@pytest.fixture(scope="module")
def warnings():
    return [warn(SATELLITE, SITE.ecef_m, 12.0, 1, replicate, 7, 8) for replicate in range(2000)]


def test_delay_is_lognormal_about_its_middle(warnings):
    logs = np.log([w.time_s - 12.0 for w in warnings])
    assert np.mean(logs) == pytest.approx(log(40.0), abs=4 * 0.3 / sqrt(2000))
    assert np.std(logs) == pytest.approx(0.3, rel=4 / sqrt(4000))


def test_launch_point_is_off_by_the_stated_error_to_both_sides_and_on_the_ground(warnings):
    basis = enu_basis(SITE.lat_rad, SITE.lon_rad)
    off = (np.array([w.ecef_m for w in warnings]) - np.array(SITE.ecef_m)) @ basis.T
    for axis in (0, 1):
        assert np.std(off[:, axis]) == pytest.approx(5000.0, rel=4 / sqrt(4000))
        assert abs(np.mean(off[:, axis])) < 4 * 5000.0 / sqrt(2000)
    # On the ellipsoid the ground drops by d^2 / 2R below the tangent plane: about 30 m at 20 km.
    assert np.max(np.abs(off[:, 2])) < 60.0


def test_a_warning_belongs_to_its_satellite_and_object(warnings):
    assert warn(SATELLITE, SITE.ecef_m, 12.0, 1, 5, 7, 8) == warnings[5]
    assert warn(SATELLITE, SITE.ecef_m, 12.0, 1, 5, 7, 9) != warnings[5]
    assert warn(SATELLITE, SITE.ecef_m, 12.0, 1, 5, 6, 8) != warnings[5]
