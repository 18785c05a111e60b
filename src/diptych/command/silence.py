"""How long a structure takes, and what silence alone can do to it: waits pass to deputies, hold, or let fire.

A refusal ends a vote; silence only starts the chain of waits that the arrangement names. So a set may be able to block
by saying no and not by being out of reach, which is what a severed link or a dead commander amounts to. Times: an
answer takes the time of its act, a deputy is asked when the wait before him has run out and takes as long again.
"""

import math
from collections.abc import Mapping
from itertools import product

from diptych.command.structure import (
    NEVER,
    All,
    Any,
    Cut,
    Kind,
    Structure,
    TooManyError,
    Vote,
    contains,
    cuts_of,
    votes_of,
)

MOST_SILENCES = 20_000
"""Combinations of silent kinds that are tried at most."""

SILENT_WAYS = ("silence", "nothing", "unsent")


def finish_s(structure: Structure, silent: frozenset[str] = frozenset()) -> float:
    """Return when a structure is done if these roles stay silent and all others answer yes at once; inf: never."""
    if isinstance(structure, Vote):
        return _vote_done_s(structure, silent)
    times = [finish_s(part, silent) for part in structure.parts]
    if isinstance(structure, Any):
        return min(times, default=math.inf)
    return max(times, default=0.0) if structure.is_at_once else math.fsum(times)


def _vote_done_s(vote: Vote, silent: frozenset[str]) -> float:
    """Return when a vote has enough, as the waits on it run out one after another."""
    if not can_be_silenced(vote):
        silent = frozenset()
    given = sum(n for role, n in zip(vote.roles, vote.votes, strict=True) if role not in silent)
    arrived = [(vote.time_s, given)]
    asked = [(role, 0.0) for role in vote.roles]
    engaged_s, since_s = math.inf, 0.0
    for wait in vote.waits:
        if wait.after_s is None or wait.then == "hold":
            break
        over_s = since_s + wait.after_s
        if all(role not in silent and asked_s + vote.time_s <= over_s for role, asked_s in asked):
            break  # everybody has answered: nobody is silent, and the chain stands still
        if wait.then == "engage":
            is_enough = sum(vote.votes) + len(asked) - len(vote.roles) >= vote.need
            engaged_s = over_s if is_enough else math.inf
            break
        asked.append((wait.to_role, over_s))
        arrived.append((over_s + vote.time_s, 0 if wait.to_role in silent else 1))
        since_s = over_s
    done_s, votes = math.inf, 0
    for time_s, more in sorted(arrived):
        votes += more
        if votes >= vote.need:
            done_s = time_s
            break
    return min(done_s, engaged_s)


def can_be_silenced(vote: Vote) -> bool:
    """Whether silence is a way of not agreeing in a vote (in a silence procedure it is assent)."""
    return any(way in SILENT_WAYS for way in vote.how)


def within(structure: Structure, deadline_s: float) -> Structure:
    """Return what is left of a structure by a deadline: parts that take longer than it can never happen in time.

    `Any` may stand at the top only, which is how `command.blockers` builds them.
    """
    if isinstance(structure, Any):
        return Any(tuple(within(part, deadline_s) for part in structure.parts))
    return structure if finish_s(structure) <= deadline_s else NEVER


def silent_twin(structure: Structure) -> Structure:
    """Return a structure without the votes that silence cannot stop."""
    if isinstance(structure, Vote):
        return structure if can_be_silenced(structure) else All(())
    parts = tuple(silent_twin(part) for part in structure.parts)
    return All(parts, structure.is_at_once) if isinstance(structure, All) else Any(parts)


def cuts_by_silence(structure: Structure, kinds: tuple[Kind, ...], deadline_s: float) -> tuple[Cut, ...]:
    """Return the minimal sets whose silence alone keeps a structure from being done by a deadline (inf: ever).

    Raises
    ------
    TooManyError
        There are more than `MOST_SILENCES` combinations to try.
    """
    in_time = within(structure, deadline_s)
    if all(wait.after_s is None or wait.then == "hold" for vote in votes_of(structure) for wait in vote.waits):
        return cuts_of(silent_twin(in_time), kinds)
    if math.prod(len(k.roles) + 1 for k in kinds) > MOST_SILENCES:
        raise TooManyError("too many different voices to try their silence")
    found: list[Cut] = []
    vectors = sorted(product(*(range(len(k.roles) + 1) for k in kinds)), key=lambda v: (sum(v), v))
    for counts in vectors:
        cut = tuple((kind, n) for kind, n in enumerate(counts) if n)
        if any(contains(cut, smaller) for smaller in found):
            continue
        if is_over(finish_s(structure, silent_roles(dict(cut), kinds)), deadline_s):
            found.append(cut)
    return tuple(found)


def is_over(time_s: float, deadline_s: float) -> bool:
    """Whether a time misses a deadline; `never` (inf) is missed by what never happens only."""
    return math.isinf(time_s) or time_s > deadline_s


def silent_roles(cut: Mapping[int, int], kinds: tuple[Kind, ...]) -> frozenset[str]:
    """Return roles that stand for a cut: the first so many of each kind."""
    return frozenset(role for kind, n in cut.items() for role in kinds[kind].roles[:n])
