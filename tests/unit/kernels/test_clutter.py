"""Rare false detections: Poisson numbers by block, in the slots that were looked at."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from diptych.kernels.clutter import BLOCK, false_rows, poisson_count


@pytest.mark.parametrize("mean", [0.01, 0.5, 3.0, 20.0])
def test_poisson_number_is_the_quantile(mean):
    for u in (0.001, 0.3, 0.7, 0.99, 0.99999):
        assert poisson_count(u, mean) == int(stats.poisson(mean).ppf(u))


def test_number_of_events_has_mean_and_variance_of_a_poisson_process():
    slot = np.arange(1000, 1000 + 4 * BLOCK)
    counts = [false_rows(slot, 2e-3, 1, replicate, 2, 3, 4)[0].size for replicate in range(3000)]
    mean = 2e-3 * slot.size
    assert np.mean(counts) == pytest.approx(mean, abs=4 * np.sqrt(mean / 3000))
    assert np.var(counts) == pytest.approx(mean, rel=5 * np.sqrt(2 / 3000))


def test_slots_that_were_not_looked_at_hold_none_and_the_others_keep_theirs():
    slot = np.arange(5000)
    rows, place = false_rows(slot, 0.01, 7, 0, 2, 3, 4)
    half = slot[slot % 2 == 0]
    some, there = false_rows(half, 0.01, 7, 0, 2, 3, 4)
    is_even = rows % 2 == 0
    np.testing.assert_array_equal(half[some], slot[rows[is_even]])
    np.testing.assert_array_equal(there, place[is_even])
    assert np.all(np.diff(rows) >= 0)
    assert 0.0 < place.min() <= place.max() < 1.0


def test_no_looks_or_no_false_alarms_give_none():
    assert false_rows(np.empty(0, np.int64), 0.1, 1, 0, 2, 3, 4)[0].size == 0
    assert false_rows(np.arange(100), 0.0, 1, 0, 2, 3, 4)[0].size == 0
