"""Conduct acts between the parties only, from its moment on."""

import math

import pytest

from diptych.sim.conduct import CONDUCTS, Behaviour, answers, behaviours, shares


def test_a_cooperative_partner_has_no_behaviour_of_its_own() -> None:
    assert behaviours("cooperative") == {}


def test_a_conduct_belongs_to_the_party_it_names() -> None:
    assert behaviours("silent:russia") == {"russia": Behaviour(0.0)}


def test_a_silent_party_shares_nothing_and_answers_its_own_complex_only() -> None:
    silent = Behaviour(100.0)
    assert shares(silent, 99.0)
    assert not shares(silent, 100.0)
    assert answers(silent, 200.0, is_own_only=True)
    assert answers(silent, 99.0, is_own_only=False)
    assert not answers(silent, 200.0, is_own_only=False)
    assert shares(None, math.inf)
    assert answers(None, math.inf, is_own_only=False)


@pytest.mark.parametrize(
    ("name", "message"),
    [("loud", "expected one of cooperative, silent"), ("silent", "expected whose conduct it is")],
)
def test_a_conduct_nobody_knows_or_nobody_owns_is_refused(name: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        behaviours(name)


def test_every_conduct_of_the_table_can_be_played() -> None:
    for name in CONDUCTS:
        behaviours(name if name == "cooperative" else f"{name}:russia")
