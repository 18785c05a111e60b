"""Coverage contours: horizon, range, faces; and the same geometry as the looks of a run."""

from __future__ import annotations

import msgspec
import numpy as np
import pytest

from diptych.analysis.coverage import contour, detection_range_m, ring_rad
from diptych.kernels.earth import geodetic_to_ecef
from diptych.sensing.looks import look_table
from tests.helpers.seen import DEG, place, radar

KM = 1000.0
STEADY = radar(swerling=0, search_range_factor=1.0)


def test_range_of_a_steady_echo_at_nine_in_ten_is_the_reference_range():
    assert detection_range_m(STEADY, 0.1, 0.9) == pytest.approx(1500 * KM, rel=1e-9)
    assert detection_range_m(STEADY, 0.00625, 0.9) == pytest.approx(750 * KM, rel=1e-9)


def test_a_strong_radar_is_held_by_its_horizon():
    far = msgspec.structs.replace(
        STEADY, reference_range_m=1e8, el_min_rad=0.0, el_max_rad=np.pi / 2, place=place(40.0, 30.0, 0.0)
    )
    found = contour(far, 59.2 * KM, 1.0, 0.9)
    assert found.farthest_m.max() == pytest.approx(1000 * KM, abs=3 * KM)  # RAD-08
    assert found.is_all_round


def test_a_weak_radar_is_held_by_its_range_and_the_slant_is_longer_than_the_ground():
    weak = msgspec.structs.replace(STEADY, reference_range_m=300 * KM)
    found = contour(weak, 150 * KM, 0.1, 0.9)
    assert found.farthest_m.max() == pytest.approx(np.sqrt(300**2 - 150**2) * KM, rel=0.02)
    assert np.isnan(contour(weak, 400 * KM, 0.1, 0.9).farthest_m).all()
    assert ring_rad(contour(weak, 400 * KM, 0.1, 0.9)) == []


def test_a_face_reaches_less_far_at_its_edge_and_not_beyond_its_scan_limit():
    face = msgspec.structs.replace(
        STEADY, az_half_width_rad=60 * DEG, boresight_az_rad=90 * DEG, faces=1, scan_loss_exponent=2.0,
        tilt_rad=10 * DEG, reference_range_m=500 * KM,
    )  # fmt: skip
    found = contour(face, 100 * KM, 0.1, 0.9)
    middle = found.farthest_m[found.farthest_m.size // 2]
    # cos^2 of nearly 60 degrees costs the fourth root of 4.
    assert found.farthest_m[0] / middle == pytest.approx(4**-0.25, rel=0.03)
    limited = contour(msgspec.structs.replace(face, scan_limit_rad=45 * DEG), 100 * KM, 0.1, 0.9)
    assert np.isnan(limited.farthest_m[[0, -1]]).all()
    assert np.isfinite(limited.farthest_m[limited.farthest_m.size // 2])
    ring = np.degrees(ring_rad(found))
    assert ring[:, 1].max() > np.degrees(face.place.lon_rad) + 4.0


@pytest.mark.parametrize("height_km", [100.0, 300.0])
def test_contour_is_where_the_looks_of_a_run_reach_the_asked_probability(height_km):
    """An object that stands still just inside the contour is seen with at least that probability, just outside less."""
    site = radar(faces=4, tilt_rad=15 * DEG, scan_loss_exponent=2.0, swerling=1, reference_range_m=800 * KM)
    found = contour(site, height_km * KM, 0.1, 0.5)
    here = geodetic_to_ecef(site.place.lat_rad, site.place.lon_rad, site.place.alt_m)
    assert here == site.place.ecef_m
    for i in (0, 7, 30, 55):
        lat, lon = found.far_rad[i]
        seen = []
        for share in (0.98, 1.02):
            at = [site.place.lat_rad + share * (lat - site.place.lat_rad)]
            at += [site.place.lon_rad + share * (lon - site.place.lon_rad)]
            still = np.zeros((100, 6))
            still[:, :3] = geodetic_to_ecef(*at, height_km * KM)
            table = look_table(site, 0.1, still, 0.0, 1, 0, 2, 3)
            seen.append(float(table.pd_search[0]) if table.slot.size else 0.0)
        assert seen[0] >= 0.5 > seen[1], (i, seen)
