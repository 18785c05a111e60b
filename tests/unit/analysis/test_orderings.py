"""Over which assumptions one arrangement beats another: places in ranges, verdicts, sentences, the finding."""

import numpy as np
import pytest

from diptych.analysis.orderings import Judged, Ordering, at_place, finding, judge, sentence
from diptych.model.sources import Assumption, Source

SOURCE = Source(title="t", url="", grade="assumed")
DELAY = Assumption("stages.rule-lookup.time_s", "Look-up", "s", 5.0, 30.0, 120.0, 30.0, SOURCE)


def judged(verdict: str) -> Judged:
    return Judged(0.0, 0.0, 0.0, 0, verdict)


def ordering(first: str, second: str, verdicts: list[str]) -> Ordering:
    return Ordering(first, second, "nato", tuple(judged(v) for v in verdicts), False, "")


def test_a_place_in_a_wide_range_is_taken_in_equal_ratios():
    assert [at_place(DELAY, p) for p in (0.0, 0.5, 1.0)] == [5.0, 30.0, 120.0]
    assert at_place(DELAY, 0.25) == pytest.approx((5.0 * 30.0) ** 0.5, rel=5e-3)
    assert at_place(DELAY, 0.75) == pytest.approx((30.0 * 120.0) ** 0.5, rel=5e-3)


def test_a_difference_in_no_replicate_is_equal_and_a_clear_one_is_shown_with_its_sign():
    assert judge(np.zeros(40), 31).verdict == "equal"
    clear = np.tile([-1.0, -1.0, 0.0, -1.0], 10)
    assert judge(clear, 31).verdict == "better"
    assert judge(-clear, 31).verdict == "worse"
    assert judge(np.tile([-1.0, 1.0], 20), 31).verdict == "open"


def test_few_replicates_that_differ_show_nothing_however_many_there_are():
    rare = np.zeros(1000)
    rare[:5] = -1.0
    assert judge(rare, 1).verdict == "open"


def test_a_map_of_many_cells_errs_as_rarely_as_one_cell():
    """Under no difference at all, at most one map in twenty shows something (five standard errors allowed)."""
    generator = np.random.default_rng(7)
    maps, cells = 400, 20
    wrong = 0
    for _ in range(maps):
        draws = generator.choice([-1.0, 0.0, 1.0], size=(60, cells))
        wrong += any(judge(draws[:, c], cells).verdict in ("better", "worse") for c in range(cells))
    assert wrong <= 0.05 * maps + 5 * (0.05 * 0.95 * maps) ** 0.5
    assert wrong > 0  # a test that never shows anything would pass the line above


@pytest.mark.parametrize(
    ("verdicts", "expected"),
    [
        (["better", "better"], "true everywhere"),
        (["better", "equal"], "true"),
        (["better", "worse"], "depends"),
        (["worse", "open"], "reversed"),
        (["equal", "equal"], "false"),
        (["equal", "open"], "undecided"),
    ],
)
def test_the_finding_is_read_over_the_whole_map_and_from_either_side(verdicts, expected):
    assert finding([ordering("coordinated", "separate", verdicts)], "coordinated", "separate") == {"nato": expected}
    turn = {"better": "worse", "worse": "better"}
    other = [turn.get(v, v) for v in verdicts]
    assert finding([ordering("separate", "coordinated", other)], "coordinated", "separate") == {"nato": expected}


def test_sentences_count_every_cell_once():
    words = sentence("a", "b", "NATO", [judged(v) for v in ("better", "equal", "open", "better")], is_same=False)
    assert words == "NATO: a is better than b in 2 of 4 cells, 1 exactly equal, 1 undecided, worse in none."
    both = sentence("a", "b", "NATO", [judged("better"), judged("worse")], is_same=False)
    assert "turns round" in both
    assert "did not differ" in sentence("a", "b", "NATO", [judged("equal")], is_same=True)
