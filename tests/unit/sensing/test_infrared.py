"""Space warning: the delay and the launch point scatter as stated, and belong to (satellite, object)."""

from __future__ import annotations

from math import log, sqrt

import msgspec
import numpy as np
import pytest

from diptych.kernels.earth import enu_basis, geodetic_to_ecef
from diptych.model.scenario import Infrared
from diptych.sensing.infrared import launch_covariance_m2, seen_after_s, warn
from tests.helpers.seen import place

SATELLITE = Infrared("ir", "space-infrared", "AA", delay_s=40.0, delay_spread=0.3, launch_point_error_m=5000.0)
SITE = place(33.0, 44.0)
# Straight up at 200 m/s: above 8 km after 40 s.
RISING = np.array([(*geodetic_to_ecef(SITE.lat_rad, SITE.lon_rad, 200.0 * t), 0.0, 0.0, 0.0) for t in range(100)])
SCANNER = msgspec.structs.replace(
    SATELLITE, delay_s=5.0, delay_spread=0.0, cloud_top_m=8000.0, scan_s=10.0, scans=2, cue_latency_s=3.0,
    line_of_sight_error_rad=1e-4, satellite_lon_rad=np.radians(60.0), launch_point_error_m=1000.0,
)  # fmt: skip


@pytest.fixture(scope="module")
def warnings():
    return [warn(SATELLITE, SITE.ecef_m, RISING, 12.0, 1, replicate, 7, 8) for replicate in range(2000)]


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
    assert warn(SATELLITE, SITE.ecef_m, RISING, 12.0, 1, 5, 7, 8) == warnings[5]
    assert warn(SATELLITE, SITE.ecef_m, RISING, 12.0, 1, 5, 7, 9) != warnings[5]
    assert warn(SATELLITE, SITE.ecef_m, RISING, 12.0, 1, 5, 6, 8) != warnings[5]


def test_a_scanner_reports_after_the_clouds_the_scans_the_processing_and_the_line_to_the_complex():
    times = np.array([warn(SCANNER, SITE.ecef_m, RISING, 12.0, 1, r, 7, 8).time_s - 12.0 for r in range(1000)])
    # 40 s to the cloud tops, up to 10 s to the first scan, 10 s to the second, 5 s, 3 s.
    assert times.min() == pytest.approx(58.0, abs=0.2)
    assert times.max() == pytest.approx(68.0, abs=0.2)
    assert np.mean(times) == pytest.approx(63.0, abs=4 * 10 / sqrt(12 * 1000))


def test_the_second_scan_is_seen_after_the_clouds_part():
    assert seen_after_s(SCANNER, RISING, 0.5) == pytest.approx(55.0, abs=0.01)
    assert seen_after_s(SATELLITE, RISING, 0.5) == 0.0


def test_what_never_leaves_the_clouds_is_never_reported():
    assert warn(SCANNER, SITE.ecef_m, RISING[:30], 12.0, 1, 0, 7, 8).time_s == np.inf


def test_a_motor_that_is_out_before_the_last_scan_is_never_reported():
    assert seen_after_s(SCANNER, RISING, 0.5, 55.5) == pytest.approx(55.0, abs=0.01)
    assert seen_after_s(SCANNER, RISING, 0.5, 54.5) == np.inf
    assert warn(SCANNER, SITE.ecef_m, RISING, 12.0, 1, 0, 7, 8, 45.0).time_s == np.inf
    assert warn(SATELLITE, SITE.ecef_m, RISING, 12.0, 1, 0, 7, 8, 45.0).time_s < np.inf


def test_launch_point_scatters_as_its_covariance_says():
    found = [warn(SCANNER, SITE.ecef_m, RISING, 12.0, 1, replicate, 7, 8) for replicate in range(4000)]
    off = (np.array([w.ecef_m for w in found]) - np.array(SITE.ecef_m)) @ enu_basis(SITE.lat_rad, SITE.lon_rad).T
    east2, cross, north2 = found[0].cov_en_m2
    expected = np.array([[east2, cross], [cross, north2]])
    got = np.cov(off[:, :2].T)
    scale = np.sqrt(np.outer(np.diag(expected), np.diag(expected)))
    assert np.max(np.abs(got - expected) / scale) < 5 * sqrt(2 / 4000)
    assert found[0].error_m == pytest.approx(sqrt((east2 + north2) / 2))


def test_line_of_sight_error_is_longer_along_a_flat_view():
    below = launch_covariance_m2(SCANNER, 0.0, np.radians(60.0))
    assert sqrt(below[0] - 1e6) == pytest.approx(3578.6, abs=1.0)
    assert below[0] == pytest.approx(below[2])
    far = launch_covariance_m2(SCANNER, np.radians(55.0), np.radians(60.0))
    assert sqrt(far[2] - 1e6) > 2 * sqrt(far[0] - 1e6)
    east = launch_covariance_m2(SCANNER, np.radians(30.0), np.radians(20.0))
    assert east[1] < 0.0, "the satellite stands to the south-east, so the long axis points there"


def test_a_satellite_below_the_horizon_gives_no_warning():
    away = place(0.0, 150.0)
    assert warn(SCANNER, away.ecef_m, RISING, 12.0, 1, 0, 7, 8).time_s == np.inf
