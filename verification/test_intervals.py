"""Do 95 % intervals cover the truth 95 times in 100? Synthetic replicates with known means.

Each check draws many studies of known truth and counts how often the interval holds it. The counts themselves are
binomial: with 4000 studies the standard error of a coverage of 0.95 is 0.0034, so 0.94 lies three of them below. The
floors below 0.94 are what these intervals are known to reach on small discrete samples; they are stated, not tuned:
Brown, Cai, DasGupta (2001) for Wilson, Hesterberg (2015) for the bootstrap.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from diptych.model.result import Estimate
from diptych.study.estimate import Floats, Resampler, estimate_difference, estimate_mean, estimate_tail, tail_mean

STUDIES = 4000


def _coverage(truth: float, study: Callable[[int], tuple[float | None, float | None]]) -> float:
    held = counted = 0
    for number in range(STUDIES):
        lo, hi = study(number)
        if lo is None or hi is None:
            continue
        counted += 1
        held += lo <= truth <= hi
    assert counted > 0.9 * STUDIES
    return held / counted


def _bounds(estimate: Estimate) -> tuple[float | None, float | None]:
    return estimate.lo, estimate.hi


@pytest.mark.parametrize(("n", "floor"), [(20, 0.93), (50, 0.94), (200, 0.94)])
def test_students_interval_covers_the_mean_leakage_of_a_raid(n: int, floor: float) -> None:
    """Leakage of eight missiles that each come down with another probability."""
    chances = np.array([0.95, 0.9, 0.6, 0.5, 0.3, 0.3, 0.2, 0.1])
    generator = np.random.default_rng(n)
    draws = (generator.random((STUDIES, n, 8)) < chances).sum(axis=2).astype(np.float64)
    found = _coverage(float(chances.sum()), lambda i: _bounds(estimate_mean(draws[i])))
    assert floor <= found <= 0.97


@pytest.mark.parametrize(("n", "floor"), [(10, 0.92), (20, 0.93)])
def test_a_bound_cut_at_zero_changes_no_coverage_from_the_fewest_replicates_on(n: int, floor: float) -> None:
    """A count with mean 1.5, from 10 replicates on: the cut part lies below zero, where no mean of counts can be."""
    draws = np.random.default_rng(n).poisson(1.5, (STUDIES, n)).astype(np.float64)
    cut = _coverage(1.5, lambda i: _bounds(estimate_mean(draws[i], least=0.0)))
    assert cut == _coverage(1.5, lambda i: _bounds(estimate_mean(draws[i])))
    assert floor <= cut <= 0.97


def test_a_rare_count_is_covered_less_often_than_promised_and_how_often_is_known() -> None:
    """Mean 0.2, 20 replicates: skewed, so Student's t falls short (about 0.9); studies of zeros have no interval."""
    draws = np.random.default_rng(3).poisson(0.2, (STUDIES, 20)).astype(np.float64)
    assert 0.85 <= _coverage(0.2, lambda i: _bounds(estimate_mean(draws[i], least=0.0))) <= 0.97


@pytest.mark.parametrize("share", [0.05, 0.3, 0.5, 0.9])
def test_wilsons_interval_covers_a_share(share: float) -> None:
    generator = np.random.default_rng(5)
    draws = (generator.random((STUDIES, 60)) < share).astype(np.float64)
    found = _coverage(share, lambda i: _bounds(estimate_mean(draws[i], is_share=True)))
    assert 0.925 <= found <= 0.98


@pytest.mark.parametrize(("n", "floor"), [(50, 0.92), (200, 0.935)])
def test_the_paired_interval_covers_a_difference_that_is_mostly_zero(n: int, floor: float) -> None:
    """Paired differences as studies have them: 40 % zero, a few of one, fewer of minus one and two."""
    values, weights = np.array([-1.0, 0.0, 1.0, 2.0]), np.array([0.15, 0.4, 0.35, 0.1])
    generator = np.random.default_rng(n)
    resampler = Resampler(n, np.random.default_rng(99))
    zero: Floats = np.zeros(n)

    def study(_: int) -> tuple[float | None, float | None]:
        found = estimate_difference(generator.choice(values, size=n, p=weights), zero, resampler)
        return found.lo, found.hi

    assert floor <= _coverage(float(values @ weights), study) <= 0.975


def test_two_arrangements_without_a_difference_are_told_apart_no_more_often_than_promised() -> None:
    generator = np.random.default_rng(8)
    resampler = Resampler(100, np.random.default_rng(99))

    def study(_: int) -> tuple[float | None, float | None]:
        common = generator.poisson(3.0, 100).astype(np.float64)
        one = common + (generator.random(100) < 0.3)
        other = common + (generator.random(100) < 0.3)
        found = estimate_difference(one, other, resampler)
        return found.lo, found.hi

    assert 1.0 - _coverage(0.0, study) <= 0.065


def test_the_interval_of_the_tail_covers_the_tail() -> None:
    """CVaR of a Poisson variable with mean 3; its truth from two million draws.

    A percentile interval of a tail mean is known to be short on small samples: 0.85 is the floor promised.
    """
    generator = np.random.default_rng(4)
    truth = tail_mean(generator.poisson(3.0, 2_000_000).astype(np.float64))
    assert truth is not None
    resampler = Resampler(200, np.random.default_rng(99))
    held = 0
    for _ in range(400):
        found = estimate_tail(generator.poisson(3.0, 200).astype(np.float64), resampler)
        assert found.lo is not None
        assert found.hi is not None
        held += found.lo <= truth <= found.hi
    assert held / 400 >= 0.85
