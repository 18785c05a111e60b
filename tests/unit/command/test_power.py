"""Coleman's powers: closed forms, brute force over coalitions, and the estimate from runs."""

from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diptych.command.power import CoalitionRuns, power_from_runs, powers
from diptych.command.structure import All, Structure, TooManyError, Vote, happens_with, votes_of

ROLES = tuple("abcde")


def vote(need: int, weights: tuple[int, ...], roles: tuple[str, ...] = ROLES) -> Vote:
    roles = roles[: len(weights)]
    return Vote("act", roles, ("x",) * len(roles), need, weights)


def test_under_unanimity_everybody_can_prevent_and_hardly_anybody_initiate() -> None:
    members = tuple(f"m{i}" for i in range(28))
    (power,) = powers(Vote("council", members, ("nato",) * 28, 28))
    assert power.prevent == 1.0
    assert power.initiate == pytest.approx(1.0 / (2**28 - 1))


def test_a_majority_of_28_is_counted_by_binomials_as_coleman_has_it() -> None:
    # 15 of 28: C(27, 14) swings over the sum of C(28, k), k = 15..28.
    members = tuple(f"m{i}" for i in range(28))
    (power,) = powers(Vote("council", members, ("nato",) * 28, 15))
    assert power.prevent == pytest.approx(20058300 / 114159428)


def test_voices_that_all_weigh_differently_and_are_too_many_are_not_counted() -> None:
    roles = tuple(f"m{i}" for i in range(18))
    with pytest.raises(TooManyError):
        powers(Vote("council", roles, ("x",) * 18, 90, tuple(range(1, 19))))


def everybody_of(structure: Structure) -> list[str]:
    return sorted({role for v in votes_of(structure) for role in v.roles})


def coalitions(roles: list[str]) -> list[frozenset[str]]:
    return [frozenset(c) for n in range(len(roles) + 1) for c in combinations(roles, n)]


@st.composite
def structures(draw: st.DrawFn) -> Structure:
    found = []
    for _ in range(draw(st.integers(1, 2))):
        weights = tuple(draw(st.lists(st.integers(1, 3), min_size=1, max_size=5)))
        order = tuple(draw(st.permutations(ROLES)))
        found.append(vote(draw(st.integers(1, sum(weights))), weights, order))
    return All(tuple(found))


@settings(max_examples=80, deadline=None)
@given(structures())
def test_both_powers_are_those_of_brute_force_and_of_runs_without_noise(structure: Structure) -> None:
    roles = everybody_of(structure)
    wins = {c: happens_with(structure, c) for c in coalitions(roles)}
    runs = [CoalitionRuns(c, blocked=0 if won else 7, unblocked=7 if won else 0) for c, won in wins.items()]
    estimated = power_from_runs(runs)
    exact = {role: (p.prevent, p.initiate) for p in powers(structure) for role in p.roles}
    winning, losing = sum(wins.values()), sum(not won for won in wins.values())
    for role in roles:
        swings = sum(won and not wins[c - {role}] for c, won in wins.items() if role in c)
        assert exact[role] == pytest.approx((swings / winning if winning else 0.0, swings / losing if losing else 0.0))
        assert exact[role] == pytest.approx(estimated[role])


def test_runs_of_a_coalition_that_are_missing_are_asked_for() -> None:
    with pytest.raises(ValueError, match=r"expected every coalition of 1 roles; 1 have no runs"):
        power_from_runs([CoalitionRuns(frozenset({"a"}), 0, 5)])


def test_runs_of_one_coalition_are_added_up() -> None:
    half = [CoalitionRuns(frozenset({"a"}), 0, 5), CoalitionRuns(frozenset({"a"}), 5, 0)]
    prevent, initiate = power_from_runs([*half, CoalitionRuns(frozenset(), 10, 0)])["a"]
    assert prevent == 1.0
    assert initiate == pytest.approx(0.5 / 1.5)
