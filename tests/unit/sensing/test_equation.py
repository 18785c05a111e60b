"""The radar equation against published examples, and the time of a search."""

from __future__ import annotations

import math

import pytest

from diptych.edge.build import load_scenario
from diptych.kernels.looks import REFERENCE_SNR
from diptych.sensing.equation import (
    LIGHT_MPS,
    aperture_m2,
    range_of_snr_m,
    reference_range_m,
    search_beams,
    search_revisit_s,
    solid_angle_sr,
)


def test_range_of_a_published_example_rad_01():
    gain = 100.0
    received = aperture_m2(gain, LIGHT_MPS / 10e9)
    found = range_of_snr_m(1e6 * 1e-5, gain, received, 1.0, 290.0, 1.0, 10**0.6)
    assert found == pytest.approx(41_057.0, abs=0.5)


def test_aperture_from_the_published_gain_of_a_uhf_radar_rad_07():
    assert aperture_m2(10**3.86, LIGHT_MPS / 435e6) == pytest.approx(273.8, rel=0.001)


def test_sixteen_times_the_dwell_doubles_the_range():
    def reach(dwell_s):
        return reference_range_m(81e3, 9.2, 0.8, 9.5e9, 500.0, 6.0, dwell_s, REFERENCE_SNR)

    assert reach(1.6) == pytest.approx(2.0 * reach(0.1), rel=1e-12)
    assert reach(0.1) == pytest.approx(2_798e3, rel=1e-3)


def test_half_a_sphere_has_two_pi():
    assert solid_angle_sr(2 * math.pi, 0.0, math.pi / 2) == pytest.approx(2 * math.pi)


def test_a_search_takes_beams_times_dwell_over_its_share():
    beams = search_beams(solid_angle_sr(math.radians(120), math.radians(2), math.radians(5)), 0.01)
    assert beams == 1095
    assert search_revisit_s(beams, 0.004, 0.5) == pytest.approx(8.76)
    assert search_beams(1e-9, 0.01) == 1


def test_the_search_of_the_shipped_radars_takes_many_times_their_time():
    """What the limits card and docs/explanation/sensors.md say of radars whose reach and revisit are both stated."""
    shares = {}
    for radar in load_scenario("europe-2012").radars:
        angle = solid_angle_sr(2.0 * radar.az_half_width_rad, radar.el_min_rad, radar.search_el_max_rad)
        look_s = radar.search_range_factor**4 / radar.track_capacity_hz
        shares[radar.class_id] = round(search_beams(angle, radar.beamwidth_rad) * look_s / radar.search_revisit_s)
    assert shares == {
        "early-warning-vhf": 9,
        "fire-control-lower": 85,
        "fire-control-upper": 82,
        "forward-x-band": 48,
        "naval-s-band": 12,
    }
