"""Fly-out tables against closed forms and direct flights; domes; look-ups at the edge."""

from math import hypot, inf

import numpy as np
import pytest

from diptych.kernels import flyout
from diptych.kernels.earth import EARTH_MEAN_RADIUS_M as RADIUS
from diptych.kernels.kepler import max_range_for_speed, vertical_apogee_m
from diptych.kernels.windows import look_up

pytestmark = pytest.mark.compiled  # a table flies 128 interceptors: seconds compiled, many minutes as plain Python


def look_up_on(table: np.ndarray, ranges: np.ndarray, altitudes: np.ndarray, range_m: float, alt_m: float) -> float:
    return look_up(
        table, float(ranges[1] - ranges[0]), float(altitudes[0]), float(altitudes[1] - altitudes[0]), range_m, alt_m
    )


def outermost(table: np.ndarray, ranges: np.ndarray, altitudes: np.ndarray) -> tuple[float, float]:
    finite = np.isfinite(table)
    return float(ranges[finite.any(axis=1)].max()), float(altitudes[finite.any(axis=0)].max())


@pytest.fixture(scope="module")
def three() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The 3 km/s class, 60 s of boost, no dead time, everything it can reach."""
    return flyout.reach_table(3000.0, 60.0, 0.0, 0.0, inf, inf)


def test_boosted_reach_stays_near_the_impulsive_closed_forms(three: tuple[np.ndarray, np.ndarray, np.ndarray]) -> None:
    # The energy is fixed on the 45 degree flight, so range differs only by where the boost ends (some 60 km out and up)
    # and by a cell of 10 km; the vertical flight loses less to drag than that one and gains up to 10 % of height.
    far, high = outermost(*three)
    assert far == pytest.approx(max_range_for_speed(3000.0, RADIUS)[0] * RADIUS, rel=0.04)
    assert 1.0 <= high / vertical_apogee_m(3000.0, RADIUS) <= 1.10


def test_a_shorter_boost_comes_nearer_to_no_boost_at_all_in_time() -> None:
    def straight_up(boost_s: float) -> float:
        table, ranges, altitudes = flyout.reach_table(3000.0, boost_s, 0.0, 0.0, inf, inf)
        return look_up_on(table, ranges, altitudes, 0.0, 200e3)

    impulsive = 200e3 / (0.5 * (3000.0 + 2230.0))  # mean of start and end speed
    assert impulsive < straight_up(30.0) < straight_up(60.0) < straight_up(90.0)
    assert straight_up(60.0) - straight_up(30.0) == pytest.approx(15.0, rel=0.35)  # half the added boost time


def test_readings_of_the_published_speed_are_ordered_in_reach() -> None:
    reach = [outermost(*flyout.reach_table(3000.0, 60.0, 0.0, 0.0, inf, inf, reading=r))[0] for r in flyout.READINGS]
    surface, achieved, ideal = reach
    assert ideal < surface < achieved
    assert achieved / surface == pytest.approx(1.13, abs=0.03)
    assert ideal / surface == pytest.approx(0.61, abs=0.05)


def test_dead_time_shifts_the_whole_table(three: tuple[np.ndarray, np.ndarray, np.ndarray]) -> None:
    late = flyout.reach_table(3000.0, 60.0, 35.0, 0.0, inf, inf)[0]
    finite = np.isfinite(three[0])
    assert np.array_equal(np.isfinite(late), finite)
    assert late[finite] - three[0][finite] == pytest.approx(35.0)


def test_reach_has_no_holes_on_any_altitude(three: tuple[np.ndarray, np.ndarray, np.ndarray]) -> None:
    finite = np.isfinite(three[0])
    for j in range(finite.shape[1]):
        column = finite[:, j]
        assert not (np.diff(column.astype(int)) == 1).any(), f"hole at {three[2][j]} m"


def test_the_table_is_seldom_later_than_a_flight_it_was_not_made_from(
    three: tuple[np.ndarray, np.ndarray, np.ndarray],
) -> None:
    table, ranges, altitudes = three
    elevation = np.radians(np.linspace(88.0, 20.0, 40) + 0.123)  # elevations that the fan did not fly
    states, _ = flyout._fly_fan(
        flyout._ideal_speed_mps(3000.0, 60.0, "surface"), 60.0, elevation, np.arange(0.0, 400.0)
    )
    x0, _, z0 = flyout.geodetic_to_ecef(flyout.REFERENCE_LAT_RAD, 0.0, 0.0)
    paths = flyout._downrange(states, x0, z0)
    late = []
    for i in range(len(elevation)):
        for j in range(80, 400, 10):
            found = look_up_on(table, ranges, altitudes, paths[i, j, 0], paths[i, j, 1])
            if np.isfinite(found):
                late.append(found - j)
    assert len(late) > 1000
    # Under the rim of the envelope time grows like a square root, so the straight line across a cell is late there.
    assert np.median(late) < 0.2
    assert np.percentile(late, 90) < 2.0
    assert max(late) < 15.0


def test_bounds_of_the_table_are_those_asked_for() -> None:
    table, ranges, altitudes = flyout.reach_table(4500.0, 80.0, 35.0, 100e3, 500e3, 900e3)
    assert table.shape == (flyout.RANGE_CELLS, flyout.ALTITUDE_CELLS)
    assert (ranges[0], ranges[-1]) == (0.0, 900e3)
    assert (altitudes[0], altitudes[-1]) == (100e3, 500e3)


def test_a_faster_interceptor_is_nowhere_later() -> None:
    slow = flyout.reach_table(3000.0, 60.0, 0.0, 50e3, 300e3, 600e3)[0]
    fast = flyout.reach_table(3300.0, 60.0, 0.0, 50e3, 300e3, 600e3)[0]
    both = np.isfinite(slow)
    assert np.isfinite(fast[both]).all()
    assert (fast[both] <= slow[both] + 0.5).all()


def test_dome_time_is_slant_distance_over_mean_speed() -> None:
    table, ranges, altitudes = flyout.dome_table(30e3, 1e3, 20e3, 1200.0, 8.0)
    time = look_up_on(table, ranges, altitudes, 12e3, 9e3)
    assert time == pytest.approx(8.0 + hypot(12e3, 9e3) / 1200.0, abs=0.01)
    assert look_up_on(table, ranges, altitudes, 30001.0, 9e3) == inf
    assert look_up_on(table, ranges, altitudes, 12e3, 999.0) == inf
    assert look_up_on(table, ranges, altitudes, 30e3, 20e3) < inf


def test_a_look_up_beside_an_unreachable_corner_is_unreachable() -> None:
    axis = np.array([0.0, 1.0, 2.0])
    table = np.array([[1.0, 2.0, 3.0], [2.0, 3.0, inf], [3.0, 4.0, 5.0]])
    assert look_up_on(table, axis, axis, 0.5, 0.5) == pytest.approx(2.0)
    assert look_up_on(table, axis, axis, 0.5, 1.5) == inf
    assert look_up_on(table, axis, axis, float("nan"), 0.5) == inf


def test_impossible_numbers_are_refused_with_their_values() -> None:
    with pytest.raises(ValueError, match=r"expected speed, boost time and range > 0 .* got -1\.0"):
        flyout.reach_table(-1.0, 60.0, 0.0, 0.0, inf, inf)
    with pytest.raises(ValueError, match=r"expected 0 <= floor < ceiling, got 900000\.0"):
        flyout.reach_table(3000.0, 60.0, 0.0, 900e3, inf, inf)
    with pytest.raises(ValueError, match="expected a reading of surface, achieved, ideal, got 'guess'"):
        flyout.reach_table(3000.0, 60.0, 0.0, 0.0, inf, inf, reading="guess")
    with pytest.raises(ValueError, match="lower-tier dome: expected"):
        flyout.dome_table(30e3, 20e3, 1e3, 1200.0, 8.0)
