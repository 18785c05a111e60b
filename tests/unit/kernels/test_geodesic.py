"""Geodesics against GeographicLib on random pairs, and the sphere against closed forms."""

from math import cos, degrees, pi, radians, sin

import numpy as np
import pyproj
import pytest
from geographiclib.geodesic import Geodesic

from diptych.kernels import geodesic
from diptych.kernels.status import NOT_CONVERGED, OK

PAIRS = np.random.default_rng(3).uniform((-90, -180, -90, -180), (90, 180, 90, 180), (150, 4))
NEAR = np.concatenate([PAIRS[:50, :2], PAIRS[:50, :2] + np.random.default_rng(4).uniform(-0.4, 0.4, (50, 2))], axis=1)


@pytest.mark.parametrize("pairs", [PAIRS, np.clip(NEAR, -180, 180)], ids=["anywhere", "within 50 km"])
def test_inverse_agrees_with_geographiclib_to_a_micrometre(pairs: np.ndarray) -> None:
    for lat1, lon1, lat2, lon2 in pairs:
        lat1, lat2 = np.clip(lat1, -90, 90), np.clip(lat2, -90, 90)
        wanted = Geodesic.WGS84.Inverse(lat1, lon1, lat2, lon2)
        distance, azimuth1, azimuth2, status = geodesic.geodesic_inverse(*np.radians([lat1, lon1, lat2, lon2]))
        if status == NOT_CONVERGED:
            assert wanted["a12"] > 179.0  # the nearly antipodal pairs only
            continue
        assert distance == pytest.approx(wanted["s12"], abs=1e-6)
        assert sin(azimuth1 - radians(wanted["azi1"])) == pytest.approx(0.0, abs=1e-8)
        assert sin(azimuth2 - radians(wanted["azi2"])) == pytest.approx(0.0, abs=1e-8)


def test_direct_agrees_with_geographiclib_even_past_half_way_round() -> None:
    rng = np.random.default_rng(6)
    for _ in range(100):
        lat, lon, azimuth, distance = rng.uniform((-89, -180, -180, 0), (89, 180, 180, 2.6e7))
        wanted = Geodesic.WGS84.Direct(lat, lon, azimuth, distance)
        lat2, lon2, azimuth2 = geodesic.geodesic_direct(radians(lat), radians(lon), radians(azimuth), distance)
        assert degrees(lat2) == pytest.approx(wanted["lat2"], abs=1e-11)
        assert sin(lon2 - radians(wanted["lon2"])) * cos(lat2) == pytest.approx(0.0, abs=1e-12)
        assert cos(lon2 - radians(wanted["lon2"])) > 0.0
        assert sin(azimuth2 - radians(wanted["azi2"])) * cos(lat2) == pytest.approx(0.0, abs=1e-11)


def test_coincident_points_are_nought_apart() -> None:
    assert geodesic.geodesic_inverse(0.5, 1.0, 0.5, 1.0) == (0.0, 0.0, 0.0, OK)


def test_nearly_antipodal_points_say_that_they_did_not_converge() -> None:
    distance, _, _, status = geodesic.geodesic_inverse(0.0, 0.0, radians(0.3), radians(179.8))
    assert status == NOT_CONVERGED
    assert np.isnan(distance)


def test_crossing_the_date_line_is_not_the_long_way_round() -> None:
    distance = geodesic.geodesic_inverse(0.0, radians(179.5), 0.0, radians(-179.5))[0]
    assert distance == pytest.approx(6378137.0 * radians(1.0), abs=1e-6)


def test_destination_bearing_and_central_angle_agree_on_a_sphere() -> None:
    lat, lon = geodesic.spherical_destination(0.8, 0.3, 2.0, 0.7)
    assert geodesic.central_angle(0.8, 0.3, lat, lon) == pytest.approx(0.7, abs=1e-14)
    assert geodesic.initial_bearing(0.8, 0.3, lat, lon) == pytest.approx(2.0, abs=1e-14)
    assert geodesic.central_angle(0.0, 0.0, 0.0, pi) == pytest.approx(pi)
    assert geodesic.central_angle(0.0, 0.0, 1e-9, 0.0) == pytest.approx(1e-9, rel=1e-9)


def test_inverse_agrees_with_proj_from_pole_to_pole_and_along_the_equator() -> None:
    globe = pyproj.Geod(ellps="WGS84")
    special = [
        (90, 0, 10, 50),
        (-90, 0, 89.9, 20),
        (0, 0, 0, 90),
        (30, 10, 30, 10.0001),
        (12, 0, -12, 179),
        (0, 0, 80, 0),
    ]
    for lat1, lon1, lat2, lon2 in [*special, *PAIRS[:50].tolist()]:
        lat1, lat2 = float(np.clip(lat1, -90, 90)), float(np.clip(lat2, -90, 90))
        azimuth, _, wanted = globe.inv(lon1, lat1, lon2, lat2)
        distance, azimuth1, _, status = geodesic.geodesic_inverse(*np.radians([lat1, lon1, lat2, lon2]))
        if status == NOT_CONVERGED:
            assert wanted > 1.98e7
            continue
        assert distance == pytest.approx(wanted, abs=1e-6)
        assert sin(azimuth1 - radians(azimuth)) * cos(radians(lat1)) == pytest.approx(0.0, abs=1e-8)


def test_a_range_circle_of_2000_km_is_that_of_proj() -> None:
    globe = pyproj.Geod(ellps="WGS84")
    ours = [geodesic.geodesic_direct(0.66, 0.81, radians(a), 2.0e6) for a in range(0, 360, 5)]
    theirs = [globe.fwd(degrees(0.81), degrees(0.66), a, 2.0e6) for a in range(0, 360, 5)]
    assert [degrees(p[0]) for p in ours] == pytest.approx([p[1] for p in theirs], abs=1e-9)
    assert [degrees(p[1]) for p in ours] == pytest.approx([p[0] for p in theirs], abs=1e-9)
