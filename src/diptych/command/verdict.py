"""What a check of one property says: whether it holds and, if not, the shortest story of how it fails.

Also the words such stories are told in: who was asked what at which second, who did not agree, what followed.
"""

import math
from collections.abc import Mapping

import msgspec

from diptych.command.blockers import Blockers, BlockingSet, Ranges
from diptych.command.sectors import Ground, sector_owner
from diptych.command.structure import All, Any, Structure, Vote
from diptych.model.arrangement import Arrangement, Complex

DID = {
    "silence": "says nothing",
    "no": "says no",
    "objection": "objects",
    "nothing": "does nothing",
    "unsent": "does not send it",
}
THEN = {
    "hold": "nothing is fired",
    "no-text": "there is no text",
    "unshared": "the partner is not told",
    "flies-on": "the interceptor flies on",
}


class Verdict(msgspec.Struct, frozen=True):
    """Whether a property holds; if not, the story of the shortest counterexample; and what should be known besides."""

    holds: bool
    story: tuple[str, ...] = ()
    note: str = ""


class Context(msgspec.Struct, frozen=True):
    """An arrangement with everything a check reads: parties' states, land, the window, and who can block what."""

    arrangement: Arrangement
    party_states: Mapping[str, frozenset[str]]
    window_s: float
    blockers: tuple[Blockers, ...]
    ground: Ground | None = None
    ranges: Ranges | None = None

    def serving(self, party: str) -> tuple[Complex, ...]:
        """Return the complexes that serve a party."""
        return tuple(c for c in self.arrangement.complexes if party in c.parties)

    def of(self, complex_id: str, action: str) -> tuple[Blockers, ...]:
        """Return the cases of one action of one complex."""
        return tuple(b for b in self.blockers if (b.complex_id, b.action) == (complex_id, action))

    @property
    def parties(self) -> tuple[str, ...]:
        """Return the parties that some complex serves, in order."""
        return tuple(dict.fromkeys(p for c in self.arrangement.complexes for p in c.parties))


def first_path(structure: Structure) -> tuple[Vote, ...]:
    """Return the votes of a path, one after another (of alternatives, the first)."""
    if isinstance(structure, Vote):
        return (structure,)
    if isinstance(structure, Any):
        return first_path(structure.parts[0]) if structure.parts else ()
    return tuple(vote for part in structure.parts for vote in first_path(part))


def tell_block(context: Context, found: Blockers, blocking: BlockingSet, party: str, deadline: str) -> tuple[str, ...]:
    """Tell how a set of actors blocks an action although everybody else cooperates at once."""
    taken = {role for part in blocking.parts for role in part.roles}
    lines = [f"t = 0 s: {_start(context, found, party)}"]
    now_s = 0.0
    is_at_once = isinstance(found.structure, All) and found.structure.is_at_once
    for vote in first_path(found.structure):
        stoppers = [role for role in vote.roles if role in taken]
        if not stoppers:
            if not is_at_once:
                now_s += vote.time_s
                lines.append(f"t = {now_s:.0f} s: {_who(vote.roles)} has done what was asked ({vote.act}).")
            continue
        ways = [DID[way] for way in blocking.how if way in vote.how] or [DID[blocking.how[0]]]
        lines.append(f"t = {now_s:.0f} s: {blocking.name} is asked ({vote.act}) and {' or '.join(ways)}.")
        break
    end = f"t = {context.window_s:.0f} s: the window closes" if _is_in_window(found) else "In the end"
    lines.append(f"{end}: {THEN.get(blocking.then, blocking.then)}.")
    outside = f", nobody of {party} among them," if blocking.is_outside(party) else ""
    how_long = "for good" if deadline == "never" else "until it is too late"
    lines.append(f"Everybody else did at once what was asked: {blocking.name}{outside} blocked it {how_long}.")
    return tuple(lines)


def _is_in_window(found: Blockers) -> bool:
    return found.action.startswith("intercept") or found.action == "stop-engagement"


def _start(context: Context, found: Blockers, party: str) -> str:
    if found.action.startswith("intercept"):
        state, owner = example_state(context, found, party), ""
        if found.doers and found.doers != (found.complex_id,):
            is_met = context.arrangement.responsibility.sector_by == "intercept" and "sector" in found.case
            where = f", and that can be met over the {found.case} only" if is_met else ""
            owner = f"{where}, where {' or '.join(found.doers)} alone may fire"
        elif found.case:
            owner = f" ({found.case})"
        return f"an object is known that will come down on {party}'s territory{state}{owner}."
    if found.action == "stop-engagement":
        return f"an interceptor of {found.complex_id} is under way and {party} wants it stopped."
    return f"{found.complex_id} wants to {found.action.replace('-', ' ')}."


def example_state(context: Context, found: Blockers, party: str) -> str:
    """Name a state whose land lies in the sector that a case is about, in brackets; nothing where it does not matter.

    The state with the largest part of its land there, the first by code where several are equal.
    """
    duty = context.arrangement.responsibility
    if context.ground is None or not found.case.startswith("sector of ") or duty.sector_by != "impact":
        return ""
    owner = found.case.removeprefix("sector of ").split(",")[0]
    share = {}
    for state in sorted(context.party_states[party]):
        points = context.ground.get(state, ())
        inside = sum(sector_owner(lat, lon, duty.sectors) == owner for lat, lon in points)
        if inside:
            share[state] = inside / len(points)
    return f" ({max(share, key=lambda s: share[s])})" if share else ""


def _who(roles: tuple[str, ...]) -> str:
    return ", ".join(roles) if len(roles) <= 4 else f"each of {len(roles)} roles"


def seconds(time_s: float) -> str:
    """Write a time; inf is `never`."""
    if math.isinf(time_s):
        return "never"
    return f"{time_s:.0f} s" if time_s < 7200.0 else f"{time_s / 3600.0:.0f} h"
