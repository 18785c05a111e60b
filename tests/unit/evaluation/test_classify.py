"""Classification: the right class, a launch point within its stated error, announced launches recognised as such."""

from math import degrees, radians

import msgspec
import numpy as np
import pytest

from diptych.edge.catalogue import load_catalogue
from diptych.edge.geography import load_territory
from diptych.edge.schema.raid import shipped_threats
from diptych.evaluation.classify import Classification, LaunchEstimate, classify, said
from diptych.kernels.earth import geodetic_to_ecef
from diptych.kernels.flight import fly
from diptych.kernels.geodesic import geodesic_direct, geodesic_inverse
from diptych.model.scenario import Notice, Place
from diptych.truth.flight import solve_steering
from diptych.truth.vehicle import vehicle_of

LAT, LON = radians(34.0), radians(46.0)
CATALOGUE = load_catalogue()
ENTRIES = {e.id: e for e in CATALOGUE.threats}
CLASSES = {c.id: c for c in shipped_threats(CATALOGUE)}
TERRITORY = load_territory()
ELLIPSE = (10e3, 5e3, 0.0)
SURE = np.diag([100.0**2] * 3 + [1.0**2] * 3)


def flown(name: str, range_km: float, bearing_deg: float = 315.0, shape: str = "minimum-energy", after_s: float = 60.0):
    """Return a true state after burnout, its time, and the aim point."""
    vehicle = vehicle_of(CLASSES[name])
    end = geodesic_direct(LAT, LON, radians(bearing_deg), range_km * 1e3)[:2]
    steering = solve_steering(vehicle, LAT, LON, 1000.0, *end, shape)
    assert steering.status == 0
    at_s = steering.cutoff_s + after_s
    samples = fly(
        LAT,
        LON,
        1000.0,
        vehicle.stage_array(),
        vehicle.payload_kg,
        vehicle.beta_kg_m2,
        steering.as_array(),
        True,
        np.array([at_s]),
    )[0]
    return samples[0], at_s, end


def found(name: str, range_km: float, **more) -> Classification:
    state, at_s, end = flown(name, range_km)
    result = classify(state, SURE, at_s, end, ELLIPSE, ("TR",), TERRITORY, **more)
    assert result is not None
    return result


@pytest.mark.parametrize("shape", ["minimum-energy", "lofted", "depressed"])
@pytest.mark.parametrize("bearing", [0.0, 90.0, 270.0])
@pytest.mark.parametrize("name", CLASSES)
def test_the_launch_point_lies_within_its_stated_error_and_the_class_is_right(
    name: str, bearing: float, shape: str
) -> None:
    range_km = 0.7 * ENTRIES[name].max_range_m.mid / 1e3
    state, at_s, end = flown(name, range_km, bearing, shape)
    result = classify(state, SURE, at_s, end, ELLIPSE, ("TR",), TERRITORY)
    assert result is not None
    off_m = geodesic_inverse(LAT, LON, result.launch_lat_rad, result.launch_lon_rad)[0]
    assert off_m <= 2.1 * result.launch_sigma_m
    assert abs(result.launch_s) <= 2.6 * result.launch_sigma_s  # truth: launched at 0
    assert result.range_m == pytest.approx(range_km * 1e3, abs=2.1 * result.range_sigma_m)
    kind = "srbm" if range_km < 1000 else "mrbm" if range_km < 3000 else "irbm" if range_km < 5500 else "icbm"
    assert kind in result.classes


def test_a_range_at_a_bound_of_two_classes_names_both_with_even_odds() -> None:
    result = found("mrbm-1300-liquid", 1000.0)
    assert set(result.classes) == {"srbm", "mrbm"}
    assert sum(result.probabilities) == pytest.approx(1.0)
    assert result.probabilities[0] == pytest.approx(0.5, abs=0.2)


def test_the_surer_of_warning_and_track_gives_the_place_and_the_warning_the_time() -> None:
    sharp = LaunchEstimate(LAT, LON, 1000.0, 3.0, 10.0)
    vague = msgspec.structs.replace(sharp, sigma_m=50e3)
    by_warning = found("mrbm-2200-solid", 1500.0, warned=sharp)
    by_track = found("mrbm-2200-solid", 1500.0, warned=vague)
    assert (by_warning.launch_from, by_track.launch_from) == ("warning", "track")
    assert (by_warning.launch_lat_rad, by_warning.launch_lon_rad) == (LAT, LON)
    assert by_warning.launch_s == by_track.launch_s == 3.0


WIDE = np.diag([100e3**2] * 3 + [1.0] * 3)  # a track far vaguer than any warning here
FLOWN = flown("mrbm-2200-solid", 1500.0)


def test_the_states_within_two_sigma_of_the_launch_point_are_named() -> None:
    border = radians(45.6)  # 34 N: some 15 km inside Iran
    for sigma_m, states in ((1.0, ("IR",)), (20e3, ("IQ", "IR"))):
        warned = LaunchEstimate(LAT, border, sigma_m, 0.0, 1.0)
        at_border = classify(FLOWN[0], WIDE, FLOWN[1], FLOWN[2], ELLIPSE, ("TR",), TERRITORY, warned)
        assert at_border is not None
        assert at_border.launch_states == states


NOTICE = Notice(
    id="test-flight",
    place=Place("Range", LAT, LON, 0.0, geodetic_to_ecef(LAT, LON, 0.0)),
    within_m=20e3,
    from_s=-600.0,
    to_s=600.0,
    azimuth_rad=radians(315.0),
    azimuth_within_rad=radians(10.0),
)


def test_a_launch_that_agrees_with_a_notice_in_place_time_and_direction_is_as_announced() -> None:
    assert found("mrbm-2200-solid", 1500.0, notices=(NOTICE,)).notice == "test-flight"


@pytest.mark.parametrize(
    "changed",
    [
        {"place": Place("Far", LAT + 0.05, LON, 0.0, (0.0, 0.0, 0.0))},
        {"from_s": 300.0},
        {"to_s": -300.0},
        {"azimuth_rad": radians(290.0)},
        {"azimuth_rad": radians(340.0)},
    ],
)
def test_a_launch_off_in_place_time_or_direction_is_not(changed: dict[str, object]) -> None:
    other = msgspec.structs.replace(NOTICE, **changed)
    assert found("mrbm-2200-solid", 1500.0, notices=(other,)).notice == ""


def test_a_notice_across_north_counts_degrees_the_short_way() -> None:
    state, at_s, end = flown("mrbm-2200-solid", 1500.0, 358.0)
    north = msgspec.structs.replace(NOTICE, azimuth_rad=radians(3.0))
    result = classify(state, SURE, at_s, end, ELLIPSE, (), TERRITORY, notices=(north,))
    assert result is not None
    assert result.notice == "test-flight"


def test_the_sentence_says_class_range_place_direction_and_notice() -> None:
    text = said(found("mrbm-2200-solid", 1500.0))
    assert text.startswith("mrbm, 1")
    assert "launched from IR (track), towards TR; not announced" in text
    assert "as announced (test-flight)" in said(found("mrbm-2200-solid", 1500.0, notices=(NOTICE,)))


def test_a_state_on_a_path_that_never_left_the_ground_has_no_classification() -> None:
    orbit = np.array([7.0e6, 0.0, 0.0, 0.0, 7.0e3, 0.0])  # circular: never meets the ground, forward or back
    assert classify(orbit, SURE, 0.0, (0.0, 0.0), ELLIPSE, (), TERRITORY) is None


def test_running_time_backward_undoes_a_flight_exactly() -> None:
    # Launched impulsively from the ground at a known point, seen 200 s later: only the forward shift is left.
    from diptych.evaluation.classify import BEHIND
    from tests.helpers.flown import fly_from_state

    start = np.array(geodetic_to_ecef(LAT, LON, 0.0))
    up, north = start / np.linalg.norm(start), np.array([0.0, 0.0, 1.0])
    state = np.concatenate([start + 1.0 * up, 3500.0 * up + 2500.0 * north])
    samples, _, impact, _ = fly_from_state(state, 0.0, 1e12, True, np.array([200.0]))
    lat, lon = (float(np.arcsin(impact[2] / np.linalg.norm(impact))), float(np.arctan2(impact[1], impact[0])))
    result = classify(samples[0], SURE, 200.0, (lat, lon), ELLIPSE, (), TERRITORY)
    assert result is not None
    off_m, azimuth, _, _ = geodesic_inverse(LAT, LON, result.launch_lat_rad, result.launch_lon_rad)
    far_m, towards, _, _ = geodesic_inverse(LAT, LON, lat, lon)
    assert off_m == pytest.approx(BEHIND * far_m, rel=0.02)
    assert degrees(azimuth) == pytest.approx(degrees(towards), abs=0.5)
