"""Which replicate is told in full."""

from __future__ import annotations

import numpy as np

from diptych.study.design import Replicate, Row
from diptych.study.metrics import METRIC_IDS
from diptych.study.telling import most_telling


def row(label: str, *, is_baseline: bool = False) -> Row:
    return Row(label=label, arrangement=label, conduct="cooperative", title=label, joined=0, is_baseline=is_baseline)


ROWS = (row("alone", is_baseline=True), row("separate"), row("dual-key"))


def replicate(index: int, leaked: list[list[float]], outcomes: tuple[str, ...] = ("a", "a", "a")) -> Replicate:
    values = np.full((3, 2, len(METRIC_IDS)), np.nan)
    values[:, :, METRIC_IDS.index("leakage")] = leaked
    return Replicate(replicate=index, truth_digest="t", outcomes=outcomes, wakes=(1, 1, 1), values=values)


def test_the_replicate_with_the_widest_difference_is_told() -> None:
    even, apart = [[1.0, 2.0]] * 3, [[1.0, 2.0], [1.0, 2.0], [3.0, 1.0]]
    assert most_telling(ROWS, [replicate(0, even), replicate(1, apart), replicate(2, even)]) == 1


def test_the_baseline_does_not_count_and_the_first_of_equals_is_taken() -> None:
    lonely = [[9.0, 9.0], [1.0, 2.0], [1.0, 2.0]]
    assert most_telling(ROWS, [replicate(0, [[1.0, 2.0]] * 3), replicate(1, lonely)]) == 0


def test_of_equal_differences_the_one_with_more_distinct_outcomes_is_told() -> None:
    even = [[1.0, 2.0]] * 3
    assert most_telling(ROWS, [replicate(0, even), replicate(1, even, ("a", "b", "c"))]) == 1
