"""Shots an order takes, what is kept for other objects, and the arithmetic of several shots."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from diptych.engagement import doctrine, kill
from diptych.engagement.doctrine import Need
from tests.helpers.small import CLASS
from tests.oracles.kill_closed_form import survival

shares = st.floats(0.0, 1.0)


def test_shoot_look_shoot_stops_at_the_limit_of_shots_at_one_object() -> None:
    kind = replace(CLASS, salvo=2, max_shots=5)
    assert [doctrine.shots_of(kind, fired, 99) for fired in (0, 2, 4, 5, 6)] == [2, 2, 1, 0, 0]


def test_a_salvo_is_fired_once_and_never_again() -> None:
    kind = replace(CLASS, doctrine="salvo", salvo=3)
    assert doctrine.shots_of(kind, 0, 99) == 3
    assert doctrine.shots_of(kind, 3, 99) == 0


def test_an_interceptor_is_kept_for_each_unshot_object_that_has_fewer_batteries() -> None:
    own = Need((1, 2), 0)
    others = (Need((1,), 0), Need((1, 2), 0), Need((1,), 1), Need((2,), 0))
    assert doctrine.reserved(1, own, others, 1) == 1
    assert doctrine.reserved(2, own, others, 1) == 1
    assert doctrine.reserved(1, own, others, 2) == 2


def test_a_second_shot_gives_way_to_every_first_one() -> None:
    others = (Need((1, 2, 3), 0), Need((1,), 2))
    assert doctrine.reserved(1, Need((1,), 0), others, 1) == 0
    assert doctrine.reserved(1, Need((1,), 1), others, 1) == 1


@given(shares, shares)
def test_one_shot_alone_keeps_its_kill_probability_whatever_the_common_cause(p: float, f: float) -> None:
    assert survival(p, f, 1) == pytest.approx(1.0 - p, abs=1e-12)
    assert 0.0 <= kill.one_of_independent(p, f) <= 1.0 + 1e-12


@given(shares, shares, st.integers(1, 6))
def test_a_common_cause_never_helps_and_bounds_what_more_shots_can_do(p: float, f: float, shots: int) -> None:
    survives = survival(p, f, shots)
    assert survives >= (1.0 - p) ** shots - 1e-12
    assert survives >= kill.common_failure(p, f) - 1e-12
    assert survival(p, f, shots + 1) <= survives + 1e-12


def test_without_a_common_cause_shots_are_independent() -> None:
    assert survival(0.575, 0.0, 3) == pytest.approx(0.425**3)
    assert survival(1.0, 0.3, 2) == 0.0
    assert math.isclose(survival(0.0, 0.3, 4), 1.0)


def test_two_shots_at_a_fifth_of_common_failures_are_worth_what_the_page_says() -> None:
    assert survival(0.5, 0.2, 2) == pytest.approx(0.1 + 0.9 * (4.0 / 9.0) ** 2)
    assert survival(0.5, 0.2, 2) == pytest.approx(0.2778, abs=1e-4)
