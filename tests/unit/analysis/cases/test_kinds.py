"""Kinds of cases beyond the shipped table, against closed forms and published values; and what inputs are refused."""

import json
from importlib.resources import files
from math import acos, degrees, pi, radians, sqrt
from typing import Any

import pytest

from diptych.analysis.cases import KINDS, CaseError, Context, judge_case
from diptych.analysis.cases.given import Given
from diptych.analysis.cases.units import UNITS, take_apart
from diptych.edge.catalogue import load_catalogue
from diptych.edge.geography import load_cities

R_KM = 6371.0088
CASES = json.loads(files("diptych").joinpath("data/physics_cases.json").read_text("utf-8"))


@pytest.fixture(scope="module")
def context() -> Context:
    return Context(load_catalogue(), load_cities())


def values(kind: str, inputs: dict[str, Any], context: Context, expected: dict | None = None) -> dict[str, Any]:
    case = {"id": "T", "kind": kind, "source": "us", "inputs": inputs, "expected": expected or {}, "tolerance": {}}
    return KINDS[kind](Given(case), context)


def test_every_kind_of_the_brief_is_there() -> None:
    assert {
        "aer_to_enu",
        "two_ballistic_arcs",
        "apogee_vs_minimum_energy",
        "mrbm_flight",
        "icbm_flight",
        "line_of_sight_limit",
        "range_azimuth_rotating_sphere",
        "powered_phase_effect",
    } <= set(KINDS)


def test_a_look_in_local_axes_is_that_of_pymap3d(context: Context) -> None:
    """Published: pymap3d's test of enu, azimuth 33, elevation 70 degrees, 1000 m."""
    expected = {"e_m": 186.277521, "n_m": 286.842228, "u_m": 939.692621}
    look = {"az_deg": 33, "el_deg": 70, "range_m": 1000}
    for site in ({}, {"lat_deg": 42, "lon_deg": -82, "alt_m": 200}):
        found = values("aer_to_enu", {**look, **site}, context)
        assert {k: found[k] for k in expected} == pytest.approx(expected, abs=1e-6)


def test_range_and_azimuth_over_the_turning_sphere_are_vallados(context: Context) -> None:
    """Published: test of rngaz in Vallado's companion code, 2039.98225 km and 0.48161077 rad."""
    inputs = {"lat1_deg": 50, "lon1_deg": 40, "lat2_deg": 65, "lon2_deg": 55, "tof_s": 1234.56}
    found = values("range_azimuth_rotating_sphere", inputs, context)
    assert found["range_m"] / 1e3 == pytest.approx(2039.9822541511369, rel=2e-7)
    assert found["azimuth_rad"] == pytest.approx(0.4816107666380967, rel=2e-7)


def test_both_arcs_reach_the_range_and_meet_where_the_speed_only_just_does(context: Context) -> None:
    found = values("two_ballistic_arcs", {"launch_speed_km_s": 7.2, "ground_range_km": 8000}, context)
    low, high = found["gamma_rad"]
    # Bate, Mueller, White, eq. 6.2-12: the two angles are symmetric about (pi - angle) / 4
    assert low + high == pytest.approx(0.5 * (pi - 8000 / R_KM))
    assert low < high
    assert found["apogee_m"][0] < found["apogee_m"][1]
    assert found["time_s"][0] < found["time_s"][1]
    least = values("minimum_energy_surface_to_surface", {"ground_range_km": 8000}, context)
    speed = {"launch_speed_m_s": least["v_m_s"] * (1.0 + 1e-12), "ground_range_km": 8000}
    met = values("two_ballistic_arcs", speed, context)
    assert met["gamma_rad"] == pytest.approx([least["gamma_rad"]] * 2, abs=1e-5)
    assert met["time_s"] == pytest.approx([least["time_s"]] * 2, abs=0.1)


def test_a_speed_that_does_not_reach_fails_and_says_how_far_it_goes(context: Context) -> None:
    case = {
        "id": "T",
        "kind": "two_ballistic_arcs",
        "source": "us",
        "inputs": {"launch_speed_km_s": 2, "ground_range_km": 1000},
        "expected": {"gamma_low_deg": 1},
        "tolerance": {"deg": 1},
    }
    found = judge_case(case, context)
    assert (found.verdict, found.remark) == (
        "computed-fail",
        "not computable: 2000.0 m/s reaches 420.9 km, not 1000.0 km",
    )


def test_a_published_apogee_stands_against_that_of_least_energy(context: Context) -> None:
    """MET-06: 744.62 km at 3500 km; twice that is a lofted flight at twice the apogee."""
    found = values("apogee_vs_minimum_energy", {"ground_range_km": 3500, "apogee_km": 1489.24}, context)
    assert found["apogee_ratio"] == pytest.approx(2.0, rel=1e-4)
    assert found["is_lofted"] is True
    assert found["minimum_energy_time_s"] == pytest.approx(984.89, rel=1e-4)
    same = values("apogee_vs_minimum_energy", {"ground_range_km": 3500, "apogee_km": 744.619}, context)
    assert same["time_s"] == pytest.approx(984.89, rel=1e-4)


def test_the_sight_limit_is_two_tangents(context: Context) -> None:
    """The worked number of the style guide: 50 m and 100 km over 6371.0088 km, 1 158 467 m slant."""
    found = values("line_of_sight_limit", {"antenna_height_m": 50, "target_height_km": 100}, context)
    assert found["slant_range_m"] == pytest.approx(1_158_467, abs=1)
    flat = R_KM * (acos(R_KM / (R_KM + 0.05)) + acos(R_KM / (R_KM + 100)))
    assert found["ground_range_m"] / 1e3 == pytest.approx(flat)
    assert found["ground_range_4_3_earth_m"] / found["ground_range_m"] == pytest.approx(sqrt(4 / 3), rel=5e-3)


def test_the_sight_limit_agrees_with_the_horizon_that_sensors_use(context: Context) -> None:
    limit = values("line_of_sight_limit", {"target_height_km": 300}, context)
    seen = values("horizon", {"ground_range_m": limit["ground_range_4_3_earth_m"]}, context)
    assert seen["with_4_3_earth_m"] == pytest.approx(300e3, rel=1e-9)


@pytest.mark.parametrize(
    ("kind", "inputs", "arc_s"),
    [
        ("mrbm_flight", {"ground_range_km": 1000, "apogee_km": 239.94}, 474.36),  # MET-02
        ("icbm_flight", {"ground_range_km": 10000, "apogee_km": 1319.48}, 1930.96),  # MET-09
    ],
)
def test_flights_of_a_kind_take_the_arc_and_a_boost_longer(
    kind: str, inputs: dict, arc_s: float, context: Context
) -> None:
    found = values(kind, inputs, context)
    assert found["arc_time_s"] == pytest.approx(arc_s, rel=0.02)  # the Earth turns below it
    assert found["boost_delay_s"] == pytest.approx(found["flight_time_s"] - found["arc_time_s"])
    assert 30 < found["boost_delay_s"] < 240  # BST-03


def test_the_powered_phase_costs_time_and_gives_range(context: Context) -> None:
    """Without a powered phase an intercontinental flight is 135 to 230 s short (the physics notes' fidelity table)."""
    inputs = {"ground_range_km": 10000, "class": "icbm-10000-liquid"}
    found = values("powered_phase_effect", inputs, context)
    assert 135 < found["boost_delay_s"] < 230
    assert found["burnout_speed_m_s"] < found["surface_speed_m_s"]
    assert 0.0 < found["range_shortfall"] < 0.3


def test_pulses_share_the_signal_and_fluctuation_costs_more(context: Context) -> None:
    wanted = {"Pd": 0.9, "Pfa": 1e-6}
    one = values("detection_snr", {**wanted, "pulses": 1}, context)["snr_dB"]
    ten = values("detection_snr", {**wanted, "pulses": 10}, context)["snr_dB"]
    assert one - 10 < ten < one  # adding powers is worse than adding voltages, better than nothing
    assert values("detection_snr", {**wanted, "pulses": 1, "swerling": 1}, context)["snr_dB"] > one + 7


@pytest.mark.parametrize(
    ("kind", "inputs", "message"),
    [
        ("aer_to_enu", {"az_deg": 1, "el_deg": 1, "slant_m": 1}, "inputs: expected range with one of the endings _km"),
        ("aer_to_enu", {"az_deg": 1, "el_deg": 1, "range_m": -1}, "inputs.range_m: expected at least 0, found -1"),
        (
            "aer_to_enu",
            {"az_deg": 1, "el_deg": 1, "range_m": 1, "height_m": 2},
            "inputs.height_m: expected no such key",
        ),
        (
            "aer_to_enu",
            {"az_deg": 1, "el_deg": 1, "range_m": 1, "range_km": 1},
            "expected range once, found range_km, r",
        ),
        ("aer_to_enu", {"az_deg": float("nan"), "el_deg": 1, "range_m": 1}, "inputs.az_deg: expected a finite number"),
        (
            "aer_to_enu",
            {"az_deg": True, "el_deg": 1, "range_m": 1},
            "inputs.az_deg: expected a finite number, found True",
        ),
        (
            "geodesic_direct",
            {"lat1_deg": 91, "lon1_deg": 0, "azi1_deg": 0, "s12_m": 1},
            "lat1_deg: expected at most 90, found 91",
        ),
        ("lambert", {"r1_km": [1, 2], "r2_km": [1, 2, 3], "tof_s": 1}, "inputs.r1_km: expected three numbers, found 2"),
        ("constant", {"ellipsoid": "Bessel"}, "inputs.ellipsoid: expected one of WGS-84, found 'Bessel'"),
        ("test_record", {"mine": "9 of none"}, "inputs.mine: expected a record like '9 of 17', found '9 of none'"),
        ("detection_snr", {"Pd": 0.9, "Pfa": 1e-6, "pulses": 1.5}, "inputs.pulses: expected a whole number, found 1.5"),
        (
            "two_ballistic_arcs",
            {"launch_speed_km_s": 0, "ground_range_km": 1},
            "launch_speed_km_s: expected more than 0",
        ),
    ],
)
def test_inputs_that_cannot_be_used_are_refused(kind: str, inputs: dict, message: str, context: Context) -> None:
    with pytest.raises(CaseError) as caught:
        values(kind, inputs, context)
    assert message in str(caught.value)


SLOW = ("system_reach", "defended_area", "class_flight_times", "boost_delay")  # they compute for a second first
QUICK = {case["kind"]: case for case in CASES if case["kind"] not in (*SLOW, "test_record")}  # records have any names


@pytest.mark.parametrize("kind", sorted(set(QUICK) - {"parameter_anchor", "engagement_timeline"}))
def test_an_unknown_key_in_a_shipped_case_is_refused(kind: str, context: Context) -> None:
    odd = {**QUICK[kind], "inputs": {**QUICK[kind]["inputs"], "colour_deg": 3}}
    with pytest.raises(CaseError, match=r"inputs.colour_deg: expected no such key; this kind takes"):
        judge_case(odd, context)


def test_keys_are_taken_apart_by_their_unit() -> None:
    assert take_apart("satellite_speed_mph_more_than").bound == "least"
    assert take_apart("SRBM_min_under") == take_apart("SRBM_min_at_most")
    assert take_apart("gain_dB_default").dimension == "decibel"
    assert take_apart("P_at_least_one_leaks").dimension == ""
    assert take_apart("a_min_km").stem == "a_min"
    assert degrees(radians(1.0) * UNITS["deg"][1]) == pytest.approx(UNITS["deg"][1])
