"""The words of the rules for what a track or a plan tells."""

import math

import numpy as np
import pytest

from diptych.edge.geography import load_territory
from diptych.evaluation.classify import LaunchEstimate
from diptych.kernels.earth import EARTH_MEAN_RADIUS_M, MU_M3_S2, OMEGA_RAD_S
from diptych.model.rules import Rulebook, Zone
from diptych.node.case_words import (
    UNKNOWN,
    distance_m,
    flight_word,
    launch_word,
    notice_word,
    over_word,
    raid_word,
    range_word,
    states_under,
    territory_word,
)

OWN, PARTNER = frozenset({"TR", "GR"}), frozenset({"RU"})
SOUTH = Zone("south", "South", tuple((math.radians(a), math.radians(b)) for a, b in ((30, 40), (30, 60), (40, 60))))
BOOK = Rulebook("book", "A book", ("because",), (), 1e5, 20, (SOUTH,), ())


def at(lat_deg: float, lon_deg: float) -> LaunchEstimate:
    return LaunchEstimate(math.radians(lat_deg), math.radians(lon_deg), 5e3, 0.0, 5.0)


@pytest.mark.parametrize(
    ("states", "word"),
    [
        (("TR",), "own"),
        (("GR", "TR"), "own"),
        (("BG", "TR"), "own-and-other"),
        (("RU", "TR"), "own-and-other"),
        (("RU",), "partner"),
        (("GE", "RU"), "partner"),
        (("GE",), "third"),
        ((), "none"),
    ],
)
def test_territory_is_named_by_whose_land_is_touched(states: tuple[str, ...], word: str) -> None:
    assert territory_word(states, OWN, PARTNER) == word


def test_a_launch_is_from_own_land_the_partners_a_zone_or_elsewhere_in_that_order() -> None:
    assert launch_word(BOOK, at(35, 55), "TR", OWN, PARTNER) == "own"
    assert launch_word(BOOK, at(35, 55), "RU", OWN, PARTNER) == "partner"
    assert launch_word(BOOK, at(35, 55), "IR", OWN, PARTNER) == "south"
    assert launch_word(BOOK, at(20, 55), None, OWN, PARTNER) == "elsewhere"
    assert launch_word(BOOK, None, None, OWN, PARTNER) == UNKNOWN


def test_ranges_up_to_a_bound_belong_to_the_lower_class() -> None:
    assert [range_word(km * 1e3) for km in (300, 1000, 1001, 3000, 5500, 5501)] == [
        "srbm",
        "srbm",
        "mrbm",
        "mrbm",
        "irbm",
        "icbm",
    ]


def test_a_raid_counts_the_object_itself() -> None:
    assert [raid_word(n, 3) for n in (0, 1, 2, 3)] == ["single", "single", "several", "many"]


def test_without_notices_nothing_is_announced() -> None:
    assert notice_word(at(35, 55), (0.7, 0.5), ()) == "unannounced"


def test_the_partners_land_under_a_path_weighs_more_than_a_third_states_and_own_land_nothing() -> None:
    assert over_word(frozenset({"GE", "RU"}), OWN, PARTNER) == "partner"
    assert over_word(frozenset({"GE", "TR"}), OWN, PARTNER) == "third"
    assert over_word(frozenset({"TR"}), OWN, PARTNER) == "clear"
    assert over_word(frozenset(), OWN, PARTNER) == "clear"


def test_a_path_from_tehran_to_athens_crosses_turkey_and_one_over_the_sea_nobody() -> None:
    territory = load_territory()
    under = states_under(territory, (math.radians(35.7), math.radians(51.4)), (math.radians(38.0), math.radians(23.7)))
    assert {"IR", "TR", "GR"} <= under
    assert "RU" not in under
    at_sea = states_under(territory, (math.radians(34.0), math.radians(19.0)), (math.radians(34.5), math.radians(20.0)))
    assert at_sea == frozenset()


def test_distance_is_that_of_the_mean_sphere() -> None:
    assert distance_m(0.0, 0.0, 0.0, math.pi / 2) == pytest.approx(EARTH_MEAN_RADIUS_M * math.pi / 2)


def _state(speed_mps: float, climb_rad: float) -> np.ndarray:
    """At the mean radius on the x axis, inertial velocity in the x-z plane (no part along the Earth's turn)."""
    x = EARTH_MEAN_RADIUS_M
    return np.array([x, 0.0, 0.0, speed_mps * math.sin(climb_rad), -OMEGA_RAD_S * x, speed_mps * math.cos(climb_rad)])


def test_minimum_energy_flight_is_ballistic_a_probe_is_steep_and_a_launcher_nearly_orbital() -> None:
    circular = math.sqrt(MU_M3_S2 / EARTH_MEAN_RADIUS_M)
    assert flight_word(_state(0.5 * circular, math.radians(40)), 1800e3) == "ballistic"
    assert flight_word(_state(0.5 * circular, math.radians(88)), 150e3) == "steep"
    assert flight_word(_state(0.99 * circular, 0.0), 9000e3) == "near-orbital"


def test_a_half_axis_of_0_95_of_the_radius_is_the_bound_of_near_orbital() -> None:
    for factor, word in ((0.949, "ballistic"), (0.951, "near-orbital")):
        speed = math.sqrt(MU_M3_S2 / EARTH_MEAN_RADIUS_M * (2.0 - 1.0 / factor))
        assert flight_word(_state(speed, math.radians(15)), 15e6) == word
