"""Fusion of two estimates: against its plain twin, against closed forms, and at its corners."""

from __future__ import annotations

import numpy as np
import pytest

from diptych.kernels import fusion
from diptych.kernels import status as st
from tests.oracles import fusion_twin

SIZES = np.array([400.0, 250.0, 900.0, 12.0, 7.0, 20.0])
ABOVE = np.array([6.9e6, 1.0e5, 2.0e5, 1500.0, 3000.0, -2500.0])


def estimates(seed, count=2, spread=1.0):
    """Return `count` estimates of one state with errors as their covariances say, axes turned at random."""
    rng = np.random.default_rng(seed)
    found = []
    for _ in range(count):
        root = SIZES[:, None] * rng.normal(size=(6, 6)) * np.exp(spread * rng.normal(size=6))
        found.append((ABOVE + root @ rng.normal(size=6), root @ root.T))
    return found


def fused(kernel, one, other):
    x, p = np.empty(6), np.empty((6, 6))
    return x, p, kernel(*one, *other, x, p)


def same(found, expected, p, tolerance):
    """Compare a state and covariance in units of the standard deviations in p."""
    sigma = np.sqrt(np.diag(p))
    np.testing.assert_allclose((found[0] - expected[0]) / sigma, 0.0, atol=tolerance)
    np.testing.assert_allclose((found[1] - expected[1]) / np.outer(sigma, sigma), 0.0, atol=tolerance)


@pytest.mark.parametrize("seed", range(8))
def test_covariance_intersection_is_that_of_the_plain_twin(seed):
    one, other = estimates(seed)
    x, p, (weight, status) = fused(fusion.intersect, one, other)
    twin_x, twin_p, twin_weight = fusion_twin.intersect(*one, *other)
    assert status == st.OK
    assert weight == pytest.approx(twin_weight, abs=2e-6)
    same((x, p), (twin_x, twin_p), twin_p, 1e-5)


@pytest.mark.parametrize("seed", range(8))
def test_adding_information_is_that_of_the_plain_twin(seed):
    one, other = estimates(seed)
    x, p, status = fused(fusion.add_information, one, other)
    expected = fusion_twin.weighted(*one, *other, 1, 1)
    assert status == st.OK
    same((x, p), expected, expected[1], 1e-8)


@pytest.mark.parametrize("seed", range(8))
def test_distance_is_that_of_the_plain_twin(seed):
    one, other = estimates(seed)
    assert fusion.distance(*one, *other) == (
        *(pytest.approx(v, rel=1e-8) for v in fusion_twin.distance(*one, *other)),
        0,
    )


@pytest.mark.parametrize(("dt_s", "grids", "is_boost"), [(0.0, (2e3, 50.0), False), (37.5, (2e3, 50.0), False),
                                                        (12.0, (0.0, 0.0), True)])  # fmt: skip
def test_a_late_record_is_carried_on_as_the_plain_twin_does(dt_s, grids, is_boost):
    x0, p0 = estimates(3)[0]
    x, p = np.empty(6), np.empty((6, 6))
    assert fusion.prepare(x0, p0, dt_s, *grids, is_boost, x, p) == st.OK
    twin_x, twin_p = fusion_twin.prepare(x0, p0, dt_s, *grids, is_boost)
    same((x, p), (twin_x, twin_p), twin_p, 1e-3)


def test_a_cell_of_two_kilometres_and_fifty_metres_a_second_is_worth_577_m_and_14_mps():
    x, p = np.empty(6), np.empty((6, 6))
    fusion.prepare(ABOVE, np.eye(6) * 1e-6, 0.0, 2000.0, 50.0, False, x, p)
    np.testing.assert_allclose(np.sqrt(np.diag(p)), [577.35] * 3 + [14.434] * 3, rtol=1e-4)


def test_intersecting_an_estimate_with_itself_gains_nothing():
    one = estimates(1)[0]
    x, p, (_, status) = fused(fusion.intersect, one, one)
    assert status == st.OK
    same((x, p), one, one[1], 1e-9)


def test_adding_an_estimate_to_itself_halves_its_covariance():
    one = estimates(1)[0]
    x, p, _ = fused(fusion.add_information, one, one)
    same((x, p), (one[0], one[1] / 2), one[1], 1e-9)


def test_an_estimate_worse_on_every_axis_gets_no_weight_and_the_better_one_comes_back_unchanged():
    one = estimates(1)[0]
    worse = (one[0] + 10.0, one[1] * 1.5)
    for pair, expected in (((one, worse), 1.0), ((worse, one), 0.0)):
        x, p, (weight, _) = fused(fusion.intersect, *pair)
        assert weight == expected
        np.testing.assert_array_equal(x, one[0])
        np.testing.assert_array_equal(p, one[1])


def test_estimates_sure_of_different_axes_share_the_weight():
    """diag(1, 4) and diag(4, 1) on every pair of axes: by symmetry the weight is 1/2, each variance 2 / (1 + 1/4)."""
    first, second = np.diag([1.0, 4.0] * 3), np.diag([4.0, 1.0] * 3)
    _, p, (weight, _) = fused(fusion.intersect, (np.zeros(6), first), (np.zeros(6), second))
    assert weight == pytest.approx(0.5, abs=1e-9)
    np.testing.assert_allclose(p, np.eye(6) * 1.6, atol=1e-12)


@pytest.mark.parametrize("seed", range(20))
def test_the_fused_volume_is_never_above_the_better_ones(seed):
    one, other = estimates(seed, spread=2.0)
    better = min(fusion_twin.log_det(one[1]), fusion_twin.log_det(other[1]))
    assert fusion_twin.log_det(fused(fusion.intersect, one, other)[1]) <= better + 1e-9
    assert fusion_twin.log_det(fused(fusion.add_information, one, other)[1]) <= better + 1e-9


def test_units_change_nothing_but_the_units():
    """The determinant picks the same weight in kilometres and metres; the trace would not."""
    one, other = estimates(5)
    unit = np.array([1e-3] * 3 + [1.0] * 3)
    in_km = [(x * unit, p * np.outer(unit, unit)) for x, p in (one, other)]
    assert fused(fusion.intersect, *in_km)[2][0] == pytest.approx(fused(fusion.intersect, one, other)[2][0], abs=1e-8)


@pytest.mark.parametrize("broken", [np.diag([1.0, 1, 1, 1, 1, -1]), np.full((6, 6), 1.0), np.eye(6) * np.nan])
def test_a_covariance_that_is_not_positive_definite_is_a_status(broken):
    one = estimates(1)[0]
    bad = (one[0], broken)
    x, p = np.empty(6), np.empty((6, 6))
    assert fused(fusion.intersect, one, bad)[2][1] == st.BAD_INPUT
    assert fused(fusion.intersect, bad, one)[2][1] == st.BAD_INPUT
    assert fused(fusion.add_information, one, bad)[2] == st.BAD_INPUT
    assert fused(fusion.add_information, bad, one)[2] == st.BAD_INPUT
    assert fusion.prepare(*bad, 0.0, 0.0, 0.0, False, x, p) == st.BAD_INPUT


@pytest.mark.parametrize("change", ["future", "grid", "state", "lopsided"])
def test_a_record_that_makes_no_sense_is_a_status(change):
    state, cov = (v.copy() for v in estimates(1)[0])
    dt, grid = 1.0, 100.0
    if change == "future":
        dt = -0.5
    elif change == "grid":
        grid = -1.0
    elif change == "state":
        state[4] = np.inf
    else:
        cov[0, 4] *= 1.01
    assert fusion.prepare(state, cov, dt, grid, 0.0, False, np.empty(6), np.empty((6, 6))) == st.BAD_INPUT


def test_distances_of_many_pairs_are_those_of_one():
    ones, others = estimates(1, 3), estimates(2, 2)
    d2, log_det = np.empty((3, 2)), np.empty((3, 2))
    x1, p1 = (np.array(v) for v in zip(*ones, strict=True))
    x2, p2 = (np.array(v) for v in zip(*others, strict=True))
    fusion.distances(x1, p1, x2, p2, d2, log_det)
    for i, one in enumerate(ones):
        for j, other in enumerate(others):
            assert (d2[i, j], log_det[i, j], 0) == fusion.distance(*one, *other)
