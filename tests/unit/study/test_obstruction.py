"""The conduct matrix from records made by hand, and the interval for the worst of many."""

from __future__ import annotations

import msgspec
import numpy as np
import pytest

from diptych.model.conduct import Change, Conduct, Since
from diptych.model.result import Comparison, Effect, Estimate, Loss
from diptych.study.compare import compare
from diptych.study.design import Row, rows_of, shown_rows
from diptych.study.estimate import Resampler, estimate_tail_difference, estimate_worst
from diptych.study.obstruction import CANNOT, side_of
from diptych.study.obstruction_words import obstruction_sentences
from tests.helpers.synthetic import arrangement, scenario
from tests.unit.study.test_compare import SCENARIO as PLAIN
from tests.unit.study.test_compare import generator, replicate


def conduct(name: str, kind: str = "party", actor: str = "east", change: str = "stop") -> Conduct:
    return Conduct(f"{name}:{actor}", name.capitalize(), "", kind, actor, Since(), (Change(change),))


SILENT, LYING = conduct("silent"), conduct("lying", change="falsify")
SCENARIO = msgspec.structs.replace(PLAIN, behaviours=(SILENT, LYING))
LABELS = ["cooperative", SILENT.label, LYING.label]
ROWS = rows_of(SCENARIO, ["separate", "coordinated"], LABELS)


def found(count: int = 60) -> Comparison:
    """Coordinated: 1 comes down; if the east is silent 2 in every other replicate, if it lies 3 in every third."""
    leaks = [
        {
            "coordinated": 1,
            "coordinated@silent:east": 1 + i % 2,
            "coordinated@lying:east": 3 if i % 3 == 0 else 1,
            "separate": 2,
            "separate@silent:east": 2,
            "separate@lying:east": 2,
        }
        for i in range(count)
    ]
    reps = [replicate(i, leak, ROWS) for i, leak in enumerate(leaks)]
    scene = msgspec.structs.replace(SCENARIO, behaviours=(SILENT, LYING))
    return compare(scene, ROWS, reps, 1, generator())


def effect(comparison: Comparison, name: str, label: str) -> Effect:
    assert comparison.obstruction is not None
    return next(
        e for e in comparison.obstruction.effects if (e.arrangement, e.conduct, e.party) == (name, label, "west")
    )


def loss(comparison: Comparison, name: str) -> Loss:
    assert comparison.obstruction is not None
    return next(x for x in comparison.obstruction.losses if (x.arrangement, x.party, x.by) == (name, "west", "partner"))


def test_an_effect_is_the_paired_difference_to_cooperation_and_to_no_partner() -> None:
    one = effect(found(), "coordinated", "silent:east")
    assert one.side == "partner"
    assert one.can_matter
    assert (one.against_cooperative.value, one.against_cooperative.non_zero) == (0.5, 30)
    assert one.against_alone.value == pytest.approx(1.5 - 3.0)
    assert one.leakage.value == 1.5


def test_the_loss_is_that_of_the_worst_conduct_with_room_for_the_choice() -> None:
    one = loss(found(), "coordinated")
    assert one.worst == "lying:east"
    assert one.value == pytest.approx(2.0 / 3.0)
    alone = effect(found(), "coordinated", "lying:east").against_cooperative
    assert one.lo is not None
    assert one.hi is not None
    assert alone.lo is not None
    assert alone.hi is not None
    assert one.hi > alone.hi, "wider above than the interval of the worst alone"
    assert 0.0 < one.lo < one.value
    assert one.against_alone == pytest.approx(5.0 / 3.0 - 3.0)


def test_a_conduct_that_touches_nothing_of_an_arrangement_is_exactly_zero_and_this_is_said() -> None:
    one = effect(found(), "separate", "silent:east")
    assert not one.can_matter
    assert one.against_cooperative.is_exact_zero
    assert one.against_cooperative.note == CANNOT
    nothing = loss(found(), "separate")
    assert (nothing.worst, nothing.value, nothing.is_exact_zero, nothing.can_matter) == ("cooperative", 0.0, True, 0)


def test_a_minister_reads_three_sentences_with_the_numbers_in_them() -> None:
    comparison = found()
    assert comparison.obstruction is not None
    worst, nothing, beside = comparison.obstruction.sentences
    assert worst.startswith("Under coordinated the worst a partner can do to ")
    assert "(lying) costs it 0.67 of 3 missiles (0." in worst
    assert nothing.startswith("Under separate nothing can be lost, because nothing that a partner tells")
    assert "lets fewer through than with none under" in beside
    assert set(comparison.obstruction.sentences) <= set(comparison.sentences)


def test_time_that_a_partner_takes_is_told_where_it_costs_no_missile() -> None:
    comparison = found()
    matrix = comparison.obstruction
    assert matrix is not None
    slower = tuple(
        msgspec.structs.replace(
            e, freedom_of_action=Estimate(0.25, None, None, 60), against_cooperative=e.tail_against_alone
        )
        if (e.arrangement, e.conduct, e.party) == ("coordinated", "silent:east", "west")
        else e
        for e in matrix.effects
        if (e.arrangement, e.conduct) != ("coordinated", "lying:east")
    )
    comparison.table["coordinated"]["west"]["freedom_of_action"] = Estimate(1.0, None, None, 60)
    said = obstruction_sentences(SCENARIO, comparison, msgspec.structs.replace(matrix, effects=slower))
    assert "under coordinated it can still take time" in said[1]
    assert "25 % instead of 100 % (silent)" in said[1]
    assert "take time" not in matrix.sentences[1], "nothing to tell where freedom is kept or undefined"


def test_without_another_conduct_there_is_no_matrix() -> None:
    rows = rows_of(SCENARIO, ["separate"], ["cooperative"])
    assert compare(SCENARIO, rows, [replicate(0, {}, rows)], 1, generator()).obstruction is None


def test_with_few_replicates_intervals_are_withheld() -> None:
    one = loss(found(12), "coordinated")
    assert (one.lo, one.hi) == (None, None)
    assert "20 are needed" in one.note


def test_sides_are_seen_from_the_party() -> None:
    member = conduct("objects", "member", "AA", "object")
    link = conduct("cut", "link", "")
    assert [side_of(SCENARIO, SILENT, p) for p in ("west", "east")] == ["partner", "own"]
    assert [side_of(SCENARIO, member, p) for p in ("west", "east")] == ["inside", "partner"]
    assert side_of(SCENARIO, link, "west") == "between"


def test_of_many_rows_figures_show_those_under_cooperation() -> None:
    assert shown_rows(ROWS) == ROWS
    many = scenario(*(arrangement(f"a{i}") for i in range(7)))
    rows = rows_of(many, [f"a{i}" for i in range(7)], ["cooperative", "silent:east"])
    assert len(rows) == 15
    assert [row.label for row in shown_rows(rows)] == ["alone", *(f"a{i}" for i in range(7))]
    assert all(isinstance(row, Row) for row in shown_rows(rows))


def test_the_worst_of_one_is_as_wide_as_students_interval() -> None:
    values = np.random.default_rng(1).normal(1.0, 2.0, (1, 200))
    place, paired = estimate_worst(values, Resampler(200, np.random.default_rng(2)))
    assert place == 0
    assert paired.lo is not None
    assert paired.hi is not None
    half = 1.972 * float(values.std(ddof=1)) / 200**0.5
    assert paired.hi - paired.lo == pytest.approx(2 * half, rel=0.06)


def test_the_interval_of_the_worst_of_many_equal_ones_holds_the_truth_where_its_own_does_not() -> None:
    held, naive, trials = 0, 0, 60
    resampler = Resampler(60, np.random.default_rng(99))
    for seed in range(trials):
        values = np.random.default_rng(seed).normal(0.0, 1.0, (12, 60))
        place, paired = estimate_worst(values, resampler)
        assert paired.lo is not None
        assert paired.hi is not None
        held += paired.lo <= 0.0 <= paired.hi
        own = values[place]
        naive += abs(float(own.mean())) <= 2.0 * float(own.std(ddof=1)) / 60**0.5
    assert held >= 0.9 * trials
    assert naive < held


def test_the_tail_of_a_series_moved_by_three_is_three_higher_in_every_resample() -> None:
    values = np.arange(100.0)
    paired = estimate_tail_difference(values + 3.0, values, Resampler(100, np.random.default_rng(2)))
    assert (paired.value, paired.lo, paired.hi) == pytest.approx((3.0, 3.0, 3.0))
    same = estimate_tail_difference(values, values, Resampler(100, np.random.default_rng(2)))
    assert same.is_exact_zero
