"""Comparisons built from records made by hand: rows, differences, groups that cannot differ, sentences."""

from __future__ import annotations

import numpy as np
import pytest

from diptych.model.errors import LocalError, ScenarioError
from diptych.model.record import RunRecord
from diptych.model.result import Sweep
from diptych.study.compare import compare, identical_groups, yardsticks
from diptych.study.design import Replicate, Row, measure_replicate, needed_runs, outcome_digest, rows_of
from diptych.study.metrics import MAY_BE_NEGATIVE, METRIC_IDS
from diptych.study.sentences import join, number
from tests.helpers.synthetic import arrangement, engagement, fate, record, scenario, shot

SCENARIO = scenario(
    arrangement("joint", 8, is_joint=True),
    arrangement("separate", 2),
    arrangement("alliance", 1),
    arrangement("coordinated", 4, is_shared=True),
)
ROWS = rows_of(SCENARIO, ["joint", "separate", "alliance", "coordinated"], ["cooperative"])


def replicate(number: int, leaks: dict[str, int], rows: tuple[Row, ...] = ROWS) -> Replicate:
    """One replicate in which `leaks[label]` of the three missiles aimed at the west come down; else all do."""

    def one(label: str, name: str, conduct: str) -> RunRecord:
        count = leaks.get(label, 3)
        fates = (*(fate(i, "AA" if i < count else None) for i in range(3)), fate(3, "EA"))
        return record(name, conduct=conduct, replicate=number, truth_digest=f"t{number}", fates=fates)

    records = {label: one(label, a.id, conduct) for label, a, conduct in needed_runs(SCENARIO, rows)}
    return measure_replicate(SCENARIO, rows, records)


def generator() -> np.random.Generator:
    return np.random.Generator(np.random.Philox(key=[1, 2]))


def test_rows_stand_from_the_baseline_to_the_most_joined() -> None:
    assert [row.label for row in ROWS] == ["alone", "alliance", "separate", "coordinated", "joint"]


def test_a_row_under_another_conduct_carries_it_in_its_label() -> None:
    rows = rows_of(SCENARIO, ["coordinated"], ["cooperative", "silent:east"])
    assert [row.label for row in rows] == ["alone", "coordinated", "coordinated@silent:east"]
    assert rows[2].title == "Coordinated; silent:east"


def test_an_unknown_arrangement_is_answered_with_the_known_ones() -> None:
    with pytest.raises(ScenarioError, match="out of alliance, coordinated, joint, separate, got 'seperate'"):
        rows_of(SCENARIO, ["seperate"], ["cooperative"])


def test_differences_are_taken_against_separate_and_alone() -> None:
    assert yardsticks(ROWS, ROWS[3]) == ("separate", "alone")
    assert yardsticks(ROWS, ROWS[2]) == ("alone",)
    assert yardsticks(ROWS, ROWS[0]) == ()


def test_without_separate_the_least_joined_arrangement_is_the_yardstick() -> None:
    rows = rows_of(SCENARIO, ["joint", "coordinated"], ["cooperative"])
    assert yardsticks(rows, rows[2]) == ("coordinated", "alone")


def test_another_conduct_is_compared_with_cooperation_under_the_same_arrangement() -> None:
    rows = rows_of(SCENARIO, ["separate", "coordinated"], ["cooperative", "silent:east"])
    labels = {row.label: row for row in rows}
    assert yardsticks(rows, labels["coordinated@silent:east"]) == ("separate", "alone", "coordinated")


def test_the_table_holds_means_and_the_differences_their_pairs() -> None:
    replicates = [replicate(i, {"separate": 2, "joint": i % 2}) for i in range(40)]
    found = compare(SCENARIO, ROWS, replicates, 1, generator())
    assert found.table["separate"]["west"]["leakage"].value == 2.0
    assert found.table["joint"]["west"]["leakage"].value == 0.5
    paired = next(
        d
        for d in found.differences
        if (d.arrangement, d.against, d.party, d.metric) == ("joint", "separate", "west", "leakage")
    )
    assert (paired.value, paired.n, paired.non_zero) == (-1.5, 40, 40)
    assert paired.lo is not None
    assert paired.hi is not None
    assert paired.lo < -1.5 < paired.hi < 0.0
    assert set(found.table["joint"]["west"]) == set(METRIC_IDS)


def test_the_order_of_the_replicates_changes_nothing() -> None:
    replicates = [replicate(i, {"separate": i % 3, "joint": i % 2}) for i in range(30)]
    forward = compare(SCENARIO, ROWS, replicates, 1, generator())
    backward = compare(SCENARIO, ROWS, replicates[::-1], 1, generator())
    assert forward == backward


def test_a_replicate_measured_twice_is_refused() -> None:
    with pytest.raises(LocalError, match=r"different numbers, got \[3, 3\]"):
        compare(SCENARIO, ROWS, [replicate(3, {}), replicate(3, {})], 1, generator())


def test_rows_in_which_the_same_happened_cannot_differ_and_this_is_said() -> None:
    replicates = [replicate(i, {"separate": i % 3, "alliance": i % 3, "joint": i % 2}) for i in range(30)]
    assert identical_groups(ROWS, replicates) == (("alliance", "separate"),)
    found = compare(SCENARIO, ROWS, replicates, 1, generator())
    notes = {d.note for d in found.differences if (d.arrangement, d.against) == ("alliance", "separate") and d.n}
    assert {note for note in notes if "did not differ" in note} == {
        "did not differ: every release, shot and fate is identical in all 30 replicates"
    }
    assert (
        "On this scenario alliance and separate cannot differ: their rules are the same but for names and notices; "
        "every release, shot and fate is identical in all 30 replicates."
    ) in found.sentences


def test_equal_leakage_by_other_shots_is_not_called_identical() -> None:
    one = record("separate", shots=(shot(0, 0),))
    other = record("separate", shots=(shot(1, 0),))
    assert outcome_digest(one) != outcome_digest(other)


def test_names_do_not_count_in_what_happened() -> None:
    one = record("separate", engagements=(engagement("west", 0, rule="a"),), shots=(shot(0, 0),))
    other = record("alliance", engagements=(engagement("us", 0, rule="b"),), shots=(shot(0, 0, complex_id="us"),))
    assert outcome_digest(one) == outcome_digest(other)


def test_a_headline_claims_a_best_arrangement_only_where_the_interval_excludes_zero() -> None:
    shown = compare(SCENARIO, ROWS, [replicate(i, {"joint": i % 2}) for i in range(40)], 1, generator())
    assert shown.sentences[0] == (
        "West gains most under joint (0.5 of 3 get through, 3 separate); "
        "for East the arrangement makes no difference (1 of 1 get through)."
    )
    few = compare(SCENARIO, ROWS, [replicate(i, {"joint": i % 2}) for i in range(10)], 1, generator())
    assert few.sentences[0].startswith("For West the arrangement is not shown to matter (3 of 3 get through)")


def test_one_replicate_says_that_it_is_one_draw() -> None:
    found = compare(SCENARIO, ROWS, [replicate(0, {"joint": 1})], 1, generator())
    assert "One replicate is one draw of luck: it tells a story and supports no comparison." in found.sentences
    assert found.truth_digest == "t0"


def test_every_comparison_says_that_delays_are_assumed() -> None:
    found = compare(SCENARIO, ROWS, [replicate(0, {})], 1, generator())
    assert found.sentences[-1].startswith("No public source gives numeric decision delays")


def test_the_row_alone_takes_each_party_from_its_own_half() -> None:
    runs = {label: record(a.id) for label, a, _ in needed_runs(SCENARIO, ROWS)}
    runs["alone/west"] = record("alone/west", fates=(fate(0), fate(1, "AA"), fate(2, "AB"), fate(3)))
    runs["alone/east"] = record("alone/east", fates=tuple(fate(i, s) for i, s in enumerate(("AA", "AA", "AB", "EA"))))
    values = measure_replicate(SCENARIO, ROWS, runs).values
    leakage = values[0, :, METRIC_IDS.index("leakage")]
    assert leakage.tolist() == [2.0, 1.0]


@pytest.mark.parametrize(
    ("value", "text"), [(None, "-"), (0.0, "0"), (1.234, "1.23"), (2.5, "2.5"), (100.0, "100"), (12.34, "12.3")]
)
def test_numbers_have_three_digits_at_most(value: float | None, text: str) -> None:
    assert number(value) == text


def test_names_are_joined_as_people_write_them() -> None:
    assert (join(["a"]), join(["a", "b"]), join(["a", "b", "c"])) == ("a", "a and b", "a, b and c")


def test_assumptions_that_turn_an_ordering_round_are_named_and_their_absence_is_said() -> None:
    def sweep(title: str, flips: tuple[str, ...]) -> Sweep:
        return Sweep("k", title, "s", 1.0, 2.0, 3.0, 5, (), flips)

    replicates = [replicate(0, {})]
    some = compare(SCENARIO, ROWS, replicates, 1, generator(), [sweep("Second key", ("it turns",)), sweep("Link", ())])
    assert "Within its stated range each of these turns an ordering by leakage round: Second key." in some.sentences
    none = compare(SCENARIO, ROWS, replicates, 1, generator(), [sweep("Link", ())])
    assert any(s.startswith("No ordering by leakage turns round") for s in none.sentences)


def test_no_bound_of_a_count_or_a_share_lies_where_none_can_be() -> None:
    """One missile in twelve replicates: Student's t alone would begin below zero."""
    found = compare(SCENARIO, ROWS, [replicate(i, {"joint": int(i == 3)}) for i in range(12)], 7, generator())
    cells = [
        (metric.id, metric.unit, parties[party][metric.id])
        for parties in found.table.values()
        for party in found.parties
        for metric in found.metrics
        if metric.id not in MAY_BE_NEGATIVE
    ]
    assert any(cell.lo == 0.0 for _, _, cell in cells)
    for _, unit, cell in cells:
        assert cell.lo is None or cell.lo >= 0.0
        assert cell.hi is None or unit != "1" or cell.hi <= 1.0


def test_metrics_that_may_be_negative_are_metrics() -> None:
    assert set(METRIC_IDS) > MAY_BE_NEGATIVE
