"""Coleman's two indices of power over an action: power to prevent it, power to initiate it.

Over all coalitions of those who have a say: the power of somebody to *prevent* is the share of the winning coalitions
that fail without him; the power to *initiate* is the share of the losing ones that win with him. A veto is power to
prevent of 1. Counted exactly, kind by kind with binomial numbers, so that a council of 28 costs no more than one of 3.
`power_from_runs` estimates the same from runs in which coalitions obstructed.

Source: J. S. Coleman, "Control of collectivities and the power of a collectivity to act", in B. Lieberman (ed.), Social
Choice, Gordon and Breach, 1971.
"""

import math
from collections.abc import Iterable, Mapping
from fractions import Fraction
from itertools import product

import msgspec

from diptych.command.structure import Kind, Structure, TooManyError, happens, kinds_of

MOST_VECTORS = 200_000
"""Combinations of kinds that are counted at most (28 equal voices are 29 of them, 17 different ones 131 072)."""


class Power(msgspec.Struct, frozen=True):
    """What each role of a kind can do: power to prevent and power to initiate, between 0 and 1."""

    roles: tuple[str, ...]
    party: str
    prevent: float
    initiate: float


class CoalitionRuns(msgspec.Struct, frozen=True):
    """Runs in which exactly these roles cooperated and everybody else obstructed: in how many it was blocked."""

    cooperating: frozenset[str]
    blocked: int
    unblocked: int


def powers(structure: Structure) -> tuple[Power, ...]:
    """Return Coleman's indices of every kind of role of a structure, exactly.

    Prevention is 0 where no coalition wins, initiation 0 where none loses.

    Raises
    ------
    TooManyError
        There are more than `MOST_VECTORS` combinations of kinds to count.

    Check
    -----
    Unanimity of 28: everybody's power to prevent is 1, to initiate 1 / (2^28 - 1). Two of three: both 1/2.
    """
    kinds = kinds_of(structure)
    if math.prod(len(k.roles) + 1 for k in kinds) > MOST_VECTORS:
        raise TooManyError("too many different voices to count their coalitions")
    wins: dict[tuple[int, ...], int] = {}
    for counts in product(*(range(len(k.roles) + 1) for k in kinds)):
        if happens(structure, dict(enumerate(counts)), kinds):
            wins[counts] = math.prod(math.comb(len(k.roles), n) for k, n in zip(kinds, counts, strict=True))
    winning = sum(wins.values())
    losing = 2 ** sum(len(k.roles) for k in kinds) - winning
    return tuple(_power_of(place, kind, wins, winning, losing) for place, kind in enumerate(kinds))


def _power_of(place: int, kind: Kind, wins: Mapping[tuple[int, ...], int], winning: int, losing: int) -> Power:
    swings = 0
    for counts, ways in wins.items():
        fewer = (*counts[:place], counts[place] - 1, *counts[place + 1 :])
        if counts[place] > 0 and fewer not in wins:
            swings += ways * counts[place] // len(kind.roles)  # of C(n, k) choices, k/n hold a given role
    prevent = Fraction(swings, winning) if winning else Fraction(0)
    initiate = Fraction(swings, losing) if losing else Fraction(0)
    return Power(kind.roles, kind.party, float(prevent), float(initiate))


def power_from_runs(runs: Iterable[CoalitionRuns]) -> dict[str, tuple[float, float]]:
    """Estimate power to prevent and power to initiate from runs under every coalition.

    A coalition's worth is the share of its runs in which the action happened. Power to prevent is the worth lost by
    losing a role, summed over coalitions, over all worth; power to initiate the worth gained over all lack of it. With
    outcomes that depend on nothing else this is Coleman's index.

    Parameters
    ----------
    runs : one record for each subset of the roles; several for one subset are added up

    Raises
    ------
    ValueError
        Some coalition of the roles named has no runs.
    """
    seen: dict[frozenset[str], tuple[int, int]] = {}
    for item in runs:
        blocked, unblocked = seen.get(item.cooperating, (0, 0))
        seen[item.cooperating] = (blocked + item.blocked, unblocked + item.unblocked)
    roles = sorted(frozenset[str]().union(*seen))
    held = [c for c, (blocked, unblocked) in seen.items() if blocked + unblocked > 0]
    if len(held) != 2 ** len(roles):
        missing = 2 ** len(roles) - len(held)
        raise ValueError(f"power from runs: expected every coalition of {len(roles)} roles; {missing} have no runs")
    worth = {coalition: seen[coalition][1] / sum(seen[coalition]) for coalition in held}
    total, lack = sum(worth.values()), sum(1.0 - w for w in worth.values())
    found = {}
    for role in roles:
        gained = sum(worth[c] - worth[c - {role}] for c in held if role in c)
        found[role] = (gained / total if total else 0.0, gained / lack if lack else 0.0)
    return found
