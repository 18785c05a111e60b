"""What the terminal shows: every withheld interval in words, nothing as zero that is not zero."""

from __future__ import annotations

import re
from math import inf

import msgspec
import pytest

from diptych.edge.terminal import (
    columns,
    comparison_text,
    difference_text,
    interval_text,
    object_story,
    party_table,
    story_text,
)
from diptych.model.result import Difference, Estimate
from tests.helpers.synthetic import arrangement, engagement, fate, record, scenario, shot


def difference(**changes: object) -> Difference:
    fields: dict[str, object] = {
        "arrangement": "a",
        "against": "separate",
        "party": "west",
        "metric": "leakage",
        "value": -0.5,
        "lo": -0.8,
        "hi": -0.2,
        "n": 200,
        "non_zero": 90,
        "is_exact_zero": False,
        "variance_ratio": 4.0,
        "note": "",
    }
    return Difference(**{**fields, **changes})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("shown", "text"),
    [
        (difference(), "-0.5 (-0.8 to -0.2)"),
        (difference(value=0.25, lo=None, hi=None, non_zero=7), "+0.25, withheld (7 of 200 differ)"),
        (difference(value=0.0, lo=None, hi=None, non_zero=0, is_exact_zero=True), "0 exactly"),
        (difference(value=None, lo=None, hi=None, n=0), "-"),
        (None, "-"),
    ],
)
def test_a_difference_says_what_it_rests_on(shown: Difference | None, text: str) -> None:
    assert difference_text(shown) == text


@pytest.mark.parametrize(
    ("estimate", "text"),
    [
        (Estimate(1.25, 1.0, 1.5, 40), "1.25 (1 to 1.5)"),
        (Estimate(2.0, None, None, 1), "2"),
        (Estimate(1.5, None, None, 2), "1.5 (n 2)"),
        (Estimate(3.0, None, None, 10), "3"),
        (Estimate(None, None, None, 0), "-"),
    ],
)
def test_a_mean_without_an_interval_stands_alone(estimate: Estimate, text: str) -> None:
    assert interval_text(estimate) == text


def test_columns_are_aligned_and_ruled() -> None:
    assert columns([("name", "shots"), ("a", "10"), ("long name", "2")], right_from=1) == (
        "name       shots\n---------  -----\na             10\nlong name      2"
    )


SCENARIO = scenario(arrangement("separate", 2))


def test_a_story_says_who_released_what_when_and_what_came_of_it() -> None:
    run = record(
        "separate",
        fates=(fate(0, killed_by="west"), fate(1, "AA"), fate(2, "AB"), fate(3, "EA")),
        engagements=(engagement("west", 0), engagement("west", 1, released_s=inf, reason="late")),
        shots=(shot(0, 0, "miss"), shot(1, 0, "hit")),
    )
    assert object_story(SCENARIO, run, 0) == (
        "west releases at 100 s (west-officer, delegated), 100 s before its last launch time; a shot from b0 misses "
        "at 150 s; a shot from b1 hits at 150 s; destroyed by west at 150 s"
    )
    assert object_story(SCENARIO, run, 1) == (
        "west does not fire: the window had closed when the path was done; comes down in AA at 400 s"
    )


def test_a_wasted_shot_is_said_to_be_wasted() -> None:
    run = record("separate", shots=(shot(0, 3, "wasted"),))
    assert object_story(SCENARIO, run, 3) == "a shot from b0 is wasted at 150 s; comes down in EA at 400 s"


def test_one_arrangement_alone_stands_against_nothing() -> None:
    from tests.unit.study.test_compare import ROWS, compare, generator, replicate
    from tests.unit.study.test_compare import SCENARIO as WIDE

    wide = compare(WIDE, ROWS, [replicate(i, {}) for i in range(3)], 7, generator())
    one = msgspec.structs.replace(wide, arrangements=("alone", "separate"), differences=())
    lines = party_table(one, "west").splitlines()
    assert lines[0].split() == ["arrangement", "leakage", "freedom", "decision", "margin", "shots"]
    assert [line.split()[0] for line in lines[2:]] == ["alone", "separate"]
    assert "against" in party_table(wide, "west")


def test_an_arrangement_of_ones_own_is_named_by_its_title_once() -> None:
    from tests.unit.study.test_compare import ROWS, compare, generator, replicate
    from tests.unit.study.test_compare import SCENARIO as WIDE

    titles = {"joint": "My hotline of 2013"}
    named = [msgspec.structs.replace(a, title=titles.get(a.id, a.title)) for a in WIDE.arrangements]
    own = msgspec.structs.replace(WIDE, arrangements=tuple(named))
    text = comparison_text(own, compare(own, ROWS, [replicate(i, {}) for i in range(3)], 7, generator()))
    assert text.splitlines()[1] == "joint: My hotline of 2013"
    assert text.count("My hotline of 2013") == 1
    assert "separate: " not in text.split("\n\n")[0]


def test_rows_that_went_alike_are_told_together() -> None:
    text = story_text(SCENARIO, {"separate": record("separate"), "alliance": record("alliance")})
    assert "  separate, alliance: comes down in AA at 400 s" in text
    assert text.count("comes down") == 4


def test_the_page_has_a_table_for_each_party_and_the_sentences() -> None:
    from tests.unit.study.test_compare import ROWS, compare, generator, replicate
    from tests.unit.study.test_compare import SCENARIO as WIDE

    found = compare(WIDE, ROWS, [replicate(i, {"joint": i % 2}) for i in range(40)], 7, generator())
    text = comparison_text(WIDE, found)
    assert text.startswith("Made up  |  EXERCISE  |  40 replicates, seed 7\njoint: Joint\n\nWest: 3 of 4")
    assert "arrangement  leakage" in text
    assert "against separate" in text
    assert re.search(r"^coordinated +3 +0 exactly +-", text, flags=re.MULTILINE)
    assert "West gains most under joint" in text
    assert max(len(line) for line in text.splitlines()) <= 120
