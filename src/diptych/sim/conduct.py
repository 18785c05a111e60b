"""How a party behaves towards its partner in a run: which of its records and answers come, and which do not.

A conduct is named `NAME` or `NAME:PARTY` ("silent:russia": Russia is silent). It acts on what goes between the two
sides only: a party's own people keep serving its own complex. `CONDUCTS` is the table.
"""

import math
from collections.abc import Callable

import msgspec


class Behaviour(msgspec.Struct, frozen=True):
    """From when (seconds of the run) a party shares nothing and answers nobody else; inf: never."""

    silent_from_s: float = math.inf


CONDUCTS: dict[str, Callable[[], Behaviour]] = {
    "cooperative": Behaviour,
    "silent": lambda: Behaviour(silent_from_s=0.0),
}


def behaviours(conduct: str) -> dict[str, Behaviour]:
    """Return the behaviour of each party a conduct names; parties not named cooperate.

    Raises
    ------
    ValueError
        The name is not in `CONDUCTS`, or a conduct other than `cooperative` names no party.
    """
    name, _, party = conduct.partition(":")
    if name not in CONDUCTS:
        raise ValueError(f"conduct {conduct!r}: expected one of {', '.join(sorted(CONDUCTS))}")
    if name == "cooperative":
        return {}
    if not party:
        raise ValueError(f"conduct {conduct!r}: expected whose conduct it is, for example {name}:russia")
    return {party: CONDUCTS[name]()}


def shares(behaviour: Behaviour | None, now_s: float) -> bool:
    """Whether a party still lets records out to others."""
    return behaviour is None or now_s < behaviour.silent_from_s


def answers(behaviour: Behaviour | None, now_s: float, is_own_only: bool) -> bool:
    """Whether a party's people answer: always inside its own complex, else while it is not silent."""
    return behaviour is None or is_own_only or now_s < behaviour.silent_from_s
