"""Detection statistics and measurement: closed forms, published cases, Monte Carlo, and the plain twin."""

from __future__ import annotations

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some

from diptych.kernels import looks
from diptych.kernels.earth import enu_basis, geodetic_to_ecef
from diptych.model.looks import Echo
from diptych.sensing.looks import _settings
from tests.helpers.seen import DEG, flight, radar
from tests.oracles import looks_twin

KM = 1000.0
ECHO = Echo(0.2, 1.0, 0.8, 60.0)


def rows_of(site, truth, echo, t0_s=0.0):
    """Return what the kernel gives for a radar, with the settings that `sensing.looks` makes of it."""
    returns = np.array([echo.payload_m2, echo.body_m2, echo.broadside_m2 / echo.payload_m2, echo.separation_s])
    return looks.look_rows(truth, t0_s, site.track_revisit_s, *_settings(site)[:3], returns, 5, 6, 7, 8, 9)


def test_a_planner_reckons_with_the_power_law_of_slow_fading():
    assert looks.swerling1_pd(20.811) == pytest.approx(0.531, abs=0.001)
    assert looks.swerling1_pd(0.0) == pytest.approx(1e-6, rel=1e-12)


def test_lowest_visible_height_at_1000_km_is_the_published_one_rad_08():
    assert looks.horizon_height_m(1000 * KM, 0.0) == pytest.approx(59.2 * KM, abs=0.2 * KM)


def test_a_higher_antenna_sees_lower():
    assert looks.horizon_height_m(1000 * KM, 2 * KM) < looks.horizon_height_m(1000 * KM, 0.0) - 10 * KM
    assert looks.horizon_height_m(50 * KM, 2 * KM) == 0.0


def test_a_point_on_the_horizon_appears_at_elevation_zero():
    for ground in (200 * KM, 1000 * KM, 2500 * KM):
        height = looks.horizon_height_m(ground, 0.0)
        assert looks.apparent_elevation_rad(ground, height, 0.0) == pytest.approx(0.0, abs=1e-12)


def test_a_tenth_of_the_cross_section_costs_the_fourth_root_of_range_rad_15():
    full = looks.snr(1000 * KM, 1.0, 1500 * KM, 1.0)
    assert looks.snr(1000 * KM * 0.1**0.25, 0.1, 1500 * KM, 1.0) == pytest.approx(full, rel=1e-12)
    published = 0.5623
    assert published == pytest.approx(0.1**0.25, rel=1e-4)


def test_reference_range_gives_the_reference_signal():
    assert 10 * np.log10(looks.snr(1500 * KM, 2.0, 1500 * KM, 2.0)) == pytest.approx(13.183490056794499, abs=1e-9)


def test_position_between_seconds_is_exact_for_a_cubic():
    t = np.arange(6.0)
    shape = np.array([[1.0, 2.0, -3.0, 0.5], [0.0, 1.0, 1.0, -0.2], [5.0, 0.0, 0.3, 0.7]])
    at = lambda s: np.stack([c[0] + c[1] * s + c[2] * s**2 + c[3] * s**3 for c in shape], axis=-1)  # noqa: E731
    speed = np.stack([c[1] + 2 * c[2] * t + 3 * c[3] * t**2 for c in shape], axis=-1)
    truth = np.hstack([at(t), speed])
    for s in (0.0, 0.3, 2.5, 4.999, 5.0):
        np.testing.assert_allclose(looks.position_at(truth, s, 6), at(s), atol=1e-9)


@pytest.mark.parametrize(
    ("azimuth_deg", "boresight_deg", "seen"),
    [(350.0, 10.0, True), (10.0, 350.0, True), (45.0, 10.0, False), (190.0, 10.0, False), (329.0, 0.0, False)],
)
def test_field_of_view_is_measured_the_short_way_round_north(azimuth_deg, boresight_deg, seen):
    site = np.array([40 * DEG, 30 * DEG, 0.0])
    origin = np.array(geodetic_to_ecef(*site))
    basis = enu_basis(site[0], site[1])
    az, el = azimuth_deg * DEG, 20 * DEG
    direction = np.array([np.cos(el) * np.sin(az), np.cos(el) * np.cos(az), np.sin(el)]) @ basis
    point = origin + 800 * KM * direction
    view = np.array([boresight_deg * DEG, 30 * DEG, 0.0, 80 * DEG])
    found, slant = looks.in_view(*point, site, origin, basis, view)
    assert found is seen or found == seen
    assert slant == pytest.approx(800 * KM)


def test_measured_scatter_has_the_stated_covariance():
    rng = np.random.default_rng(3)
    site = np.array(geodetic_to_ecef(40 * DEG, 30 * DEG, 0.0))
    point = np.array(geodetic_to_ecef(42 * DEG, 39 * DEG, 400 * KM))
    n = 20_000
    z = np.empty((n, 3))
    cov = np.empty((3, 3))
    for i in range(n):
        looks.measure(point, site, 40.0, 2e-3, rng.normal(size=3), z[i], cov)
    got = np.cov((z - point).T)
    scale = np.sqrt(np.outer(np.diag(cov), np.diag(cov)))
    assert np.max(np.abs(got - cov) / scale) < 5 * np.sqrt(2 / n)
    u = (point - site) / np.linalg.norm(point - site)
    assert np.sqrt(u @ cov @ u) == pytest.approx(40.0)
    assert np.std((z - point) @ u) == pytest.approx(40.0, rel=5 / np.sqrt(2 * n))
    assert np.trace(cov) == pytest.approx(40.0**2 + 2 * (2e-3 * np.linalg.norm(point - site)) ** 2)


@pytest.mark.parametrize("fading", [{}, {"swerling": 3, "pulses": 4, "false_alarm": 1e-5}])
def test_rows_agree_with_the_plain_twin(fading):
    truth = flight()
    site = radar(az_half_width_rad=100 * DEG, boresight_az_rad=80 * DEG, el_max_rad=60 * DEG, track_revisit_s=7.0)
    site = msgspec.structs.replace(
        site, faces=2, tilt_rad=20 * DEG, scan_limit_rad=70 * DEG, scan_loss_exponent=2.0, search_el_max_rad=25 * DEG,
        range_rate_error_mps=3.0, **fading,
    )  # fmt: skip
    slot, values, z, cov, place = rows_of(site, truth, ECHO, 12.5)
    time, ps, pt, chance, rate, sigma = values
    twin = looks_twin.rows(site, ECHO, truth, 12.5, 5, 6, 7, 8, 9)
    assert 20 < len(twin) < len(truth) / 7
    assert slot.tolist() == [row[0] for row in twin]
    np.testing.assert_array_equal(time, [row[1] for row in twin])
    np.testing.assert_allclose(ps, [row[2] for row in twin], rtol=1e-6)
    np.testing.assert_allclose(pt, [row[3] for row in twin], rtol=1e-6)
    np.testing.assert_array_equal(chance, [row[4] for row in twin])
    np.testing.assert_allclose(rate, [row[8] for row in twin], rtol=1e-6, atol=1e-3)
    np.testing.assert_allclose(sigma, [row[9] for row in twin], rtol=1e-6)
    assert 0 < np.count_nonzero(ps == 0.0) < len(ps)
    for i, row in enumerate(twin):
        np.testing.assert_allclose(place[i], row[5], atol=1e-3)
        np.testing.assert_allclose(cov[i], row[6], rtol=1e-6, atol=1e-3)
        # In whitened form the error has the length of the three normals, whatever basis was chosen across the ray.
        error = z[i] - row[5]
        assert error @ np.linalg.solve(row[6], error) == pytest.approx(row[7] @ row[7], rel=1e-4)


def test_looks_too_weak_to_matter_are_left_out_as_in_the_twin():
    truth = flight()
    site = radar(reference_range_m=1.2e5, track_revisit_s=5.0)
    echo = Echo(0.1, 0.1, 0.1, 0.0)
    slot, values, _, _, _ = rows_of(site, truth, echo)
    far = rows_of(msgspec.structs.replace(site, reference_range_m=1e7), truth, echo)
    assert slot.tolist() == [row[0] for row in looks_twin.rows(site, echo, truth, 0.0, 5, 6, 7, 8, 9)]
    assert 0 < len(slot) < len(far[0])
    assert np.min(values[2]) > 1.5e-5


def test_rows_after_the_first_that_is_not_finite_are_ignored():
    truth = flight()
    cut = truth.copy()
    cut[400:] = np.nan
    whole = rows_of(radar(), truth, ECHO)
    short = rows_of(radar(), cut, ECHO)
    n = len(short[0])
    assert 0 < n < len(whole[0])
    assert short[1][0, -1] <= 399.0
    np.testing.assert_array_equal(short[2], whole[2][:n])


@given(
    some.lists(some.tuples(some.integers(1, 4), some.floats(0, 1), some.floats(0, 1), some.floats(0, 1)), max_size=60),
    some.integers(1, 6),
    some.integers(0, 5),
    some.floats(0, 200),
)
def test_mode_walk_agrees_with_the_plain_twin(steps, every, phase, cue_from_s):
    slot = np.cumsum(np.array([s[0] for s in steps], dtype=np.int64))
    low = np.array([min(s[1], s[2]) for s in steps])
    high = np.array([max(s[1], s[2]) for s in steps]) * np.array([s[0] < 4 or s[1] < 0.5 for s in steps])
    chance = np.array([s[3] for s in steps])
    time = slot * 2.0
    mode = np.empty(len(steps), np.int8)
    hit = looks.pick_looks(slot, time, low, high, chance, every, phase % every, cue_from_s, mode)
    twin = looks_twin.walk(slot, time, low, high, chance, every, phase % every, cue_from_s)
    assert [(int(m), bool(h)) for m, h in zip(mode, hit, strict=True)] == [twin[i] for i in range(len(steps))]


def test_cross_section_rises_from_the_nose_to_the_side_and_falls_again():
    seen = [looks.cross_section_m2(0.1, 5.0, np.cos(a * DEG)) for a in (0, 60, 90, 180)]
    assert seen == pytest.approx([0.1, 0.4, 0.5, 0.1])


@pytest.mark.parametrize(
    ("off_deg", "half_deg", "faces", "tilt_deg", "el_deg", "expected_deg"),
    [
        (60.0, 60.0, 1, 0.0, 0.0, 60.0),
        (-60.0, 120.0, 2, 0.0, 0.0, 0.0),
        (119.0, 120.0, 2, 0.0, 0.0, 59.0),
        (46.0, 180.0, 4, 0.0, 0.0, 1.0),
        (77.0, 180.0, 0, 20.0, 50.0, 30.0),
        (0.0, 60.0, 1, 20.0, 5.0, 15.0),
    ],
)
def test_a_beam_leaves_from_the_nearest_face(off_deg, half_deg, faces, tilt_deg, el_deg, expected_deg):
    cosine = looks.off_face_cosine(off_deg * DEG, el_deg * DEG, half_deg * DEG, float(faces), tilt_deg * DEG)
    assert np.degrees(np.arccos(min(1.0, cosine))) == pytest.approx(expected_deg, abs=1e-6)


def test_velocity_between_seconds_is_the_mean_of_its_neighbours():
    truth = np.zeros((3, 6))
    truth[:, 3:] = [[0, 1, 2], [10, 1, 4], [20, 1, 0]]
    assert looks.velocity_at(truth, 0.5, 3) == pytest.approx((5.0, 1.0, 3.0))
    assert looks.velocity_at(truth, 1.25, 3) == pytest.approx((12.5, 1.0, 3.0))


def test_time_at_a_height_lies_between_the_seconds_and_is_never_for_what_stays_below():
    up = np.array([(*geodetic_to_ecef(0.6, 0.7, h), 0.0, 0.0, 0.0) for h in (0.0, 1000.0, 4000.0, 9000.0)])
    assert looks.time_at_height_s(up, 2500.0) == pytest.approx(1.5, abs=1e-3)
    assert looks.time_at_height_s(up, 0.0) == 0.0
    assert looks.time_at_height_s(up, 10_000.0) == np.inf
