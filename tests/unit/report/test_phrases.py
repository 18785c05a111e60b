"""Numbers and findings in words."""

from __future__ import annotations

from math import inf

import msgspec
import pytest

from diptych.model.result import Sweep, SweepPoint
from diptych.report import phrases
from tests.helpers.sample_page import comparison


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(502.4, "8:22"), (0.0, "0:00"), (-5.0, "−0:05"), (-0.2, "0:00"), (59.6, "1:00"), (inf, "never")],
)
def test_a_time_is_minutes_and_seconds(seconds: float, words: str) -> None:
    assert phrases.clock(seconds) == words


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (3.2, "3.2"),
        (0.8, "0.8"),
        (12.4, "12.4"),
        (0.0, "0"),
        (-1.25, "−1.2"),
        (None, "undefined"),
        (4603093.0, "4.6 million"),
        (46030.0, "46\u202f000"),
    ],
)
def test_a_figure_shows_few_digits_and_a_true_minus(value: float | None, words: str) -> None:
    assert phrases.brief(value) == words


def test_a_difference_that_no_raid_shows_is_zero_exactly_and_one_without_interval_is_withheld() -> None:
    exact = comparison().differences[1]
    assert exact.is_exact_zero
    assert phrases.difference(exact) == "0 exactly"
    withheld = msgspec.structs.replace(comparison().differences[0], lo=None, hi=None)
    assert phrases.difference(withheld) == "+0.30 (withheld)"


def test_the_yardstick_is_separate_even_where_more_differences_are_taken_against_another() -> None:
    found = comparison()
    mostly_alone = tuple(msgspec.structs.replace(d, against="alliance") for d in found.differences) * 2
    assert phrases.yardstick(msgspec.structs.replace(found, differences=mostly_alone + found.differences)) == "separate"
    assert phrases.yardstick(msgspec.structs.replace(found, differences=mostly_alone)) == "alliance"


def test_an_order_flips_only_by_points_inside_the_stated_range() -> None:
    def point(value: float, ours: float) -> SweepPoint:
        return SweepPoint(value, {"a": {"p": {"m": ours}}, "b": {"p": {"m": 1.0}}})

    points = (point(10.0, 0.5), point(20.0, 0.9), point(30.0, 1.5))
    inside = Sweep("k", "k", "s", 10.0, 20.0, 30.0, 5, points, ())
    assert phrases.flips_within_range(inside, "a", "b", "p", "m")
    narrow = msgspec.structs.replace(inside, high=25.0)
    assert not phrases.flips_within_range(narrow, "a", "b", "p", "m")


def test_a_tie_at_one_point_is_not_a_flip() -> None:
    points = tuple(SweepPoint(v, {"a": {"p": {"m": m}}, "b": {"p": {"m": 1.0}}}) for v, m in ((1.0, 1.0), (2.0, 0.5)))
    assert not phrases.flips_within_range(Sweep("k", "k", "s", 1.0, 1.0, 2.0, 5, points, ()), "a", "b", "p", "m")


@pytest.mark.parametrize(
    ("arrangement", "party", "words"),
    [
        ("separate", "nato", "yardstick"),
        ("alliance", "russia", "same"),
        ("coordinated", "nato", "decided"),
        ("dual-key", "russia", "flips"),
    ],
)
def test_each_arrangement_stands_to_the_yardstick_in_one_way(arrangement: str, party: str, words: str) -> None:
    assert phrases.standing(comparison(), arrangement, party, "leakage") == words


def test_an_interval_that_holds_zero_or_is_withheld_decides_nothing() -> None:
    found = comparison()
    touching = tuple(msgspec.structs.replace(d, lo=-0.1, hi=0.0) for d in found.differences)
    assert (
        phrases.standing(msgspec.structs.replace(found, differences=touching), "coordinated", "nato", "leakage")
        == "undecided"
    )
    assert phrases.standing(comparison(1), "coordinated", "nato", "leakage") == "undecided"


def test_the_title_of_the_comparison_names_the_lowest_and_the_highest_mean_that_are_shown() -> None:
    found = comparison()
    titles = {a: phrases.spoken(a) for a in found.arrangements}
    said = phrases.panel_title(found, titles, {"nato": "NATO", "russia": "Russia"}, "leakage")
    assert phrases.standing(found, "dual-key", "russia", "leakage") not in ("same", "decided")
    assert said == (
        "NATO lets through 1.2 under single operator, 3.4 under dual key; "
        "Russia lets through 0.8 under single operator, 1.5 under alliance and separate"
    )


def test_the_title_claims_no_difference_where_none_is_shown() -> None:
    found = comparison()
    open_ = tuple(msgspec.structs.replace(d, lo=None, hi=None, is_exact_zero=False) for d in found.differences)
    found = msgspec.structs.replace(found, differences=open_)
    titles = {a: phrases.spoken(a) for a in found.arrangements}
    said = phrases.panel_title(found, titles, {"nato": "NATO", "russia": "Russia"}, "leakage")
    assert said.count("lets through about") == 2
    assert said.count("under every arrangement") == 2


@pytest.mark.parametrize(
    ("words", "by_role", "said"),
    [
        ("delegated:saceur", "saceur", "delegated"),
        ("watch:classify", "russia.watch", "watch: classify"),
        ("dual-key", "nato-key", "dual key"),
    ],
)
def test_a_rule_does_not_repeat_its_holder(words: str, by_role: str, said: str) -> None:
    assert phrases.rule(words, by_role) == said


def test_two_rules_and_two_roles_are_said_without_saying_anybody_twice():
    assert phrases.role("nato-key, russia.second-key") == "nato key, second key"
    assert phrases.rule("dual-key:nato-key + dual-key:russia-key", "nato-key, russia-key") == "dual key"
    assert phrases.rule("delegated:saceur + k-of-n:a+b", "saceur, a") == "delegated + k of n: a+b"
