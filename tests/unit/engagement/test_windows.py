"""Engagement windows against their definition, and what a proposal promises."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from diptych.engagement import doctrine
from diptych.engagement.windows import Options, options, propose, windows
from diptych.kernels.earth import geodetic_to_ecef
from diptych.model.decision import Proposal, Window
from tests.helpers.small import CLASS, armoury_at
from tests.oracles.windows_twin import launch_time


def path(seed: int, points: int = 40) -> tuple[np.ndarray, np.ndarray]:
    spread = np.random.default_rng(seed)
    out = np.empty((points, 3))
    for k in range(points):
        lat, lon = math.radians(spread.uniform(33, 43)), math.radians(spread.uniform(25, 39))
        out[k] = geodetic_to_ecef(lat, lon, spread.uniform(-5e3, 450e3))
    return out, np.linspace(100.0, 700.0, points)


@pytest.mark.parametrize("seed", range(5))
def test_launch_times_agree_with_the_slow_twin(seed: int) -> None:
    armoury = armoury_at(38.0, 32.0, batteries=2)
    points, times = path(seed)
    found = options(armoury, (0, 1), points, times)
    reachable = 0
    for k in range(len(times)):
        slow = launch_time(armoury, 1, points[k], times[k])
        fast = found.launch_s[1, k]
        assert math.isnan(slow) == math.isnan(fast)
        if not math.isnan(slow):
            reachable += 1
            assert fast == pytest.approx(slow, abs=1e-3)
    assert reachable > 3


def test_a_point_outside_reach_floor_or_ceiling_cannot_be_met() -> None:
    armoury = armoury_at(38.0, 32.0)
    lat, lon = math.radians(38.0), math.radians(32.0)
    above = np.array(geodetic_to_ecef(lat, lon, CLASS.ceiling_m + 20e3))
    far = np.array(geodetic_to_ecef(lat, lon + 0.2, 50e3))
    below = np.array(geodetic_to_ecef(lat, lon, -1e3))
    near = np.array(geodetic_to_ecef(lat, lon, 100e3))
    launch = options(armoury, (0,), np.array([above, far, below, near]), np.full(4, 500.0)).launch_s[0]
    assert np.isnan(launch[:3]).all()
    assert launch[3] == pytest.approx(500.0 - 100e3 / CLASS.mean_speed_mps, rel=0.01)


def test_a_point_that_is_not_there_is_skipped() -> None:
    launch = options(armoury_at(38.0, 32.0), (0,), np.full((2, 3), np.nan), np.array([1.0, 2.0])).launch_s
    assert np.isnan(launch).all()


TABLE = Options((4, 7), np.zeros((3, 3)), np.array([10.0, 20.0, 30.0]), np.array([[5.0, 12.0, 18.0], [math.nan] * 3]))


def test_the_window_spans_the_launch_times_that_are_left() -> None:
    assert windows(TABLE, 0.0) == (Window(4, 5.0, 18.0),)
    assert windows(TABLE, 6.0) == (Window(4, 12.0, 18.0),)
    assert windows(TABLE, 18.5) == ()


def test_a_proposal_meets_the_first_allowed_point_a_launch_from_now_can_reach() -> None:
    window = Window(4, 5.0, 18.0)
    free = np.ones(3, dtype=np.bool_)
    first = propose(TABLE, 4, 6.0, 0, free, window)
    assert first is not None
    assert (first.launch_s, first.intercept_s) == (12.0, 20.0)
    barred = np.array([True, False, True])
    later = propose(TABLE, 4, 6.0, 0, barred, window)
    assert later is not None
    assert (later.launch_s, later.intercept_s) == (18.0, 30.0)
    assert propose(TABLE, 4, 6.0, 0, np.zeros(3, dtype=np.bool_), window) is None


@given(st.lists(st.tuples(st.integers(0, 9), st.floats(0, 1e3)), max_size=8))
def test_the_earliest_meeting_is_chosen_and_ties_go_by_place(candidates: list[tuple[int, float]]) -> None:
    window = Window(0, 0.0, 1.0)
    proposals = tuple(Proposal(b, 0, 0.0, t, (0.0, 0.0, 0.0), window) for b, t in candidates)
    best = doctrine.choose(proposals)
    if not proposals:
        assert best is None
    else:
        assert best is not None
        assert all((best.intercept_s, best.battery) <= (p.intercept_s, p.battery) for p in proposals)


def test_a_salvo_never_takes_more_than_is_there() -> None:
    two = replace(CLASS, salvo=2)
    assert doctrine.shots_of(two, 0, 5) == 2
    assert doctrine.shots_of(two, 0, 1) == 1
    assert doctrine.shots_of(two, 0, 0) == 0
