"""Estimates against worked examples, scipy's own tests and each other."""

from __future__ import annotations

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from diptych.study.estimate import (
    MIN_NON_ZERO,
    MIN_REPLICATES,
    Resampler,
    estimate_difference,
    estimate_mean,
    estimate_tail,
    series,
    tail_mean,
    wilson,
)


def generator(seed: int = 1) -> np.random.Generator:
    return np.random.default_rng(seed)


def test_a_mean_of_twelve_has_students_interval() -> None:
    found = estimate_mean(series([1.0, 2.0, 3.0, 4.0] * 3))
    half = 2.20098516 * (15.0 / 11.0) ** 0.5 / 12.0**0.5  # t(0.975, 11) from tables, sd / sqrt(12)
    assert (found.value, found.n) == (2.5, 12)
    assert found.lo == pytest.approx(2.5 - half, abs=1e-8)
    assert found.hi == pytest.approx(2.5 + half, abs=1e-8)


@pytest.mark.parametrize("is_share", [False, True])
def test_no_interval_of_a_mean_stands_below_ten_replicates(is_share: bool) -> None:
    for n in range(2, MIN_REPLICATES):
        found = estimate_mean(series([0.0, *[1.0] * (n - 1)]), is_share=is_share)
        assert (found.value, found.lo, found.hi, found.n) == (pytest.approx(1 - 1 / n), None, None, n)
    found = estimate_mean(series([0.0, *[1.0] * (MIN_REPLICATES - 1)]), is_share=is_share)
    assert None not in (found.lo, found.hi)


def test_an_interval_ends_where_values_end() -> None:
    rare = series([1.0] + [0.0] * 19)
    free = estimate_mean(rare)
    assert free.lo is not None
    assert free.lo < 0.0
    assert estimate_mean(rare, least=0.0) == msgspec.structs.replace(free, lo=0.0)
    nearly = series([0.5] + [1.0] * 19)
    assert estimate_mean(nearly, is_share=True, least=0.0, most=1.0).hi == 1.0


def test_zeros_and_ones_have_wilsons_interval_as_scipy_gives_it() -> None:
    from scipy.stats import binomtest

    for successes, n in ((0, 5), (8, 10), (10, 10), (37, 200)):
        reference = binomtest(successes, n).proportion_ci(method="wilson")
        assert wilson(successes, n) == pytest.approx((reference.low, reference.high), abs=1e-12)
    found = estimate_mean(series([1.0] * 8 + [0.0] * 2), is_share=True)
    assert (found.lo, found.hi) == wilson(8, 10)


def test_a_count_that_happens_to_be_zero_or_one_is_no_share() -> None:
    found = estimate_mean(series([1.0] * 8 + [0.0] * 2))
    assert found.hi is not None
    assert found.hi > 1.0


def test_undefined_replicates_are_left_out_and_not_taken_as_zero() -> None:
    found = estimate_mean(series([None, 4.0, None, 6.0]))
    assert (found.value, found.n) == (5.0, 2)


def test_a_metric_undefined_everywhere_has_no_value() -> None:
    found = estimate_mean(series([None, None]))
    assert (found.value, found.lo, found.hi, found.n) == (None, None, None, 0)


def test_one_replicate_has_a_value_and_no_interval() -> None:
    found = estimate_mean(series([3.0]))
    assert (found.value, found.lo, found.hi, found.n) == (3.0, None, None, 1)


def test_equal_values_have_no_interval_since_their_spread_is_not_known() -> None:
    found = estimate_mean(series([3.0] * 10))
    assert (found.value, found.lo, found.hi) == (3.0, None, None)


@pytest.mark.parametrize(("n", "expected"), [(20, 19.5), (25, (25 + 24 + 0.5 * 23) / 2.5), (10, 10.0), (9, None)])
def test_the_tail_is_the_mean_of_the_worst_tenth(n: int, expected: float | None) -> None:
    found = tail_mean(np.arange(1.0, n + 1.0))
    assert found == (None if expected is None else pytest.approx(expected))


@given(st.lists(st.integers(0, 8), min_size=10, max_size=80))
def test_the_tail_lies_between_the_mean_and_the_maximum(values: list[int]) -> None:
    array = np.array(values, dtype=np.float64)
    found = tail_mean(array)
    assert found is not None
    assert array.mean() - 1e-9 <= found <= array.max() + 1e-9


def test_the_tail_of_a_resample_is_the_tail_of_the_values_drawn() -> None:
    values = generator(4).poisson(2.0, 120).astype(np.float64)
    resampler = Resampler(120, generator())
    found = estimate_tail(values, resampler)
    by_hand = sorted(tail_mean(np.repeat(values, row.astype(int))) or 0.0 for row in resampler.weights)
    assert found.lo == pytest.approx(by_hand[49])
    assert found.hi == pytest.approx(by_hand[1950])


def test_the_interval_of_the_tail_is_withheld_below_a_hundred_replicates() -> None:
    found = estimate_tail(np.arange(99.0), Resampler(99, generator()))
    assert found.value is not None
    assert (found.lo, found.hi) == (None, None)


def test_equal_series_differ_by_exactly_zero_without_an_interval() -> None:
    values = generator().normal(size=50)
    found = estimate_difference(values, values.copy(), Resampler(50, generator()))
    assert (found.value, found.lo, found.hi, found.non_zero, found.is_exact_zero) == (0.0, None, None, 0, True)
    assert found.note == "equal in all 50 replicates"


def test_differences_that_cancel_are_not_called_exactly_zero() -> None:
    against = np.zeros(40)
    values = np.array([1.0, -1.0] * 20)
    found = estimate_difference(values, against, Resampler(40, generator()))
    assert found.value == 0.0
    assert not found.is_exact_zero
    assert found.lo is not None
    assert found.lo < 0.0


def test_the_interval_is_withheld_when_too_few_pairs_differ() -> None:
    values = np.zeros(100)
    values[: MIN_NON_ZERO - 1] = 1.0
    resampler = Resampler(100, generator())
    found = estimate_difference(values, np.zeros(100), resampler)
    assert (found.value, found.lo, found.non_zero) == (0.19, None, 19)
    assert found.note == "interval withheld: 19 of 100 replicates differ, 20 are needed"
    values[MIN_NON_ZERO - 1] = 1.0
    assert estimate_difference(values, np.zeros(100), resampler).lo is not None


def test_the_bootstrap_interval_agrees_with_students_on_normal_differences() -> None:
    against = generator(2).normal(5.0, 2.0, 400)
    values = against + generator(3).normal(0.3, 1.0, 400)
    found = estimate_difference(values, against, Resampler(400, generator()))
    reference = estimate_mean(values - against)
    assert None not in (found.lo, found.hi, reference.lo, reference.hi)
    assert found.lo == pytest.approx(reference.lo, abs=0.02)  # type: ignore[arg-type]
    assert found.hi == pytest.approx(reference.hi, abs=0.02)  # type: ignore[arg-type]


def test_the_variance_ratio_tells_what_the_pairing_is_worth() -> None:
    against = generator(2).normal(5.0, 3.0, 5000)
    values = against + generator(3).normal(0.3, 1.0, 5000)
    found = estimate_difference(values, against, Resampler(5000, generator()))
    assert found.variance_ratio == pytest.approx((9.0 + 10.0) / 1.0, rel=0.05)


def test_pairs_undefined_on_one_side_are_left_out() -> None:
    found = estimate_difference(series([1.0, None, 3.0]), series([1.0, 2.0, None]), Resampler(3, generator()))
    assert (found.n, found.is_exact_zero) == (1, True)


def test_series_of_different_length_are_refused() -> None:
    with pytest.raises(ValueError, match="expected two series of 3 replicates, got 3 and 2"):
        estimate_difference(np.zeros(3), np.zeros(2), Resampler(3, generator()))


def test_intervals_do_not_depend_on_the_order_of_the_questions() -> None:
    values = [generator(seed).normal(size=60) for seed in (5, 6)]
    first, second = Resampler(60, generator()), Resampler(60, generator())
    forward = [estimate_difference(v, np.zeros(60), first) for v in values]
    backward = [estimate_difference(v, np.zeros(60), second) for v in reversed(values)]
    assert forward == backward[::-1]
