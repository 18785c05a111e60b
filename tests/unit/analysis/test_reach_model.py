"""The reference engagement model against its own published calculation, and against what must be so."""

import json
from importlib.resources import files
from math import radians

import numpy as np
import pytest

from diptych.analysis.reach_model import (
    STEP_S,
    BoostPoint,
    Shooter,
    Target,
    boost_point,
    regional_target,
    target_flight,
    window_s,
)
from diptych.kernels.earth import EARTH_MEAN_RADIUS_M, OMEGA_RAD_S

CASES = {c["id"]: c for c in json.loads(files("diptych").joinpath("data/physics_cases.json").read_text("utf-8"))}
SYS08 = CASES["SYS-08"]["inputs"]


def rad(place: list[float]) -> tuple[float, float]:
    return radians(place[0]), radians(place[1])


def shooter(site: list[float], speed_mps: float, dead_s: float = 35.0, floor_m: float = 100e3) -> Shooter:
    return Shooter(rad(site), speed_mps, dead_s, floor_m)


@pytest.mark.parametrize("pair", ["Tabriz-Ankara", "Tabriz-Reykjavik", "Semnan-Madrid", "Semnan-Warsaw"])
def test_windows_of_the_4_5_km_s_interceptor_are_the_reference_calculation_within_a_step(pair: str) -> None:
    launch, city = pair.split("-")
    target = regional_target(rad(SYS08["launch_points_deg"][launch]), rad(SYS08["cities_deg"][city]))
    found = [window_s(target, shooter(SYS08["sites_deg"][s], 4500.0), 60.0) for s in ("Deveselu", "Redzikowo")]
    reference = CASES["SYS-08"]["reference_calc"]["window_s[Romania,Poland]"][pair]
    assert found == pytest.approx(reference, abs=STEP_S)


def test_windows_against_icbms_are_the_reference_calculation_within_two_steps() -> None:
    case = CASES["SYS-05"]
    inputs = case["inputs"]
    target = target_flight(
        rad(inputs["icbm_launch_points_deg"]["Tabriz"]),
        rad(inputs["target_deg"]["Washington"]),
        BoostPoint(250.0, 250e3, 500e3),
    )
    one = shooter(inputs["site_deg"], 5500.0)
    reference = case["reference_calc"]["Washington_window_s[-100,0,+60]"]["Tabriz"]
    assert [window_s(target, one, d) for d in (-100.0, 0.0, 60.0)] == pytest.approx(reference, abs=2 * STEP_S)


@pytest.fixture(scope="module")
def to_warsaw() -> Target:
    return regional_target(rad([35.57, 53.4]), rad([52.23, 21.01]))


def test_the_target_starts_at_its_burnout_and_comes_down_on_its_aim_point(to_warsaw: Target) -> None:
    boost = boost_point(3000e3)
    first, last = to_warsaw.states_eci[0], to_warsaw.states_eci[-1]
    assert np.linalg.norm(first[:3]) - EARTH_MEAN_RADIUS_M == pytest.approx(boost.altitude_m, abs=1.0)
    assert np.linalg.norm(last[:3]) - EARTH_MEAN_RADIUS_M < 40e3  # within one step of the ground
    lon = np.arctan2(last[1], last[0]) - OMEGA_RAD_S * to_warsaw.time_s[-1]
    lat = np.arcsin(last[2] / np.linalg.norm(last[:3]))
    assert np.degrees([lat, lon]) == pytest.approx([52.23, 21.01], abs=0.3)


def test_energy_is_a_little_above_the_least_and_the_steeper_arc_is_taken(to_warsaw: Target) -> None:
    radial = to_warsaw.states_eci[0][:3] @ to_warsaw.states_eci[0][3:]
    assert radial > 0.0
    heights = np.linalg.norm(to_warsaw.states_eci[:, :3], axis=1) - EARTH_MEAN_RADIUS_M
    assert 500e3 < heights.max() < 900e3


def test_more_speed_never_closes_a_window_and_a_later_launch_never_opens_one(to_warsaw: Target) -> None:
    site = [54.479, 17.1]
    by_speed = [window_s(to_warsaw, shooter(site, v), 60.0) for v in (2000.0, 3000.0, 4500.0, 6300.0)]
    assert by_speed == sorted(by_speed)
    assert by_speed[-1] > by_speed[0]
    by_delay = [window_s(to_warsaw, shooter(site, 4500.0), d) for d in (0.0, 120.0, 400.0, 2000.0)]
    assert by_delay == sorted(by_delay, reverse=True)
    assert by_delay[-1] == 0.0
    assert window_s(to_warsaw, shooter(site, 4500.0, floor_m=2000e3), 0.0) == 0.0


def test_boost_points_go_by_range() -> None:
    assert [boost_point(r).time_s for r in (1499e3, 1500e3, 2500e3, 3500e3)] == [90.0, 110.0, 140.0, 170.0]
