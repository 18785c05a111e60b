"""Who can block what, computed from an arrangement: minimal blocking sets for every action, at two deadlines.

A set of actors blocks an action by a deadline if, everyone else cooperating at once, some behaviour of the set keeps it
from happening by then. At the deadline `never` that is a veto; at the physical window a veto by delay. Where the path
is longer than the window nobody needs to obstruct: the clock blocks, which is an answer of its own. Each set says how
(silence, a no, an objection, doing nothing, not sending) and what follows by default; a set that must say no, because
its silence would pass to a deputy, says so. Times are those of the stages in use; where the answer in the window
changes within their stated ranges, `hangs_on_times` is true.

The structures come from `command.actions`, the sets from `command.structure` and `command.silence`.
"""

import math
from collections.abc import Iterable, Mapping

import msgspec

from diptych.command.actions import ACTIONS, JOINT, Case, cases_of, readings_of
from diptych.command.sectors import Ground
from diptych.command.silence import SILENT_WAYS, cuts_by_silence, finish_s, within
from diptych.command.structure import (
    NEVER,
    Cut,
    Kind,
    Structure,
    TooManyError,
    contains,
    cuts_of,
    kinds_of,
    votes_of,
)
from diptych.model.arrangement import Arrangement, Stage

Ranges = Mapping[str, tuple[float, float]]
"""Lowest and highest stated time of an act, seconds."""

Status = str
"""`open`, `nobody-may` (forbidden to everybody), `not-foreseen` (no rule), `too-many` (sets not listed)."""


class Part(msgspec.Struct, frozen=True):
    """So many of these roles, any of them; they are exchangeable."""

    count: int
    roles: tuple[str, ...]
    party: str

    @property
    def name(self) -> str:
        """Return the part in words: a role, or `1 of 28 members`."""
        if self.count == len(self.roles):
            return " + ".join(self.roles) if len(self.roles) <= 4 else f"all {len(self.roles)} {group_name(self.roles)}"
        return f"{self.count} of {len(self.roles)} {group_name(self.roles)}"


class BlockingSet(msgspec.Struct, frozen=True):
    """A minimal set of actors that blocks: who, how, and what follows by default.

    `is_by_silence` says whether silence alone is enough.
    """

    parts: tuple[Part, ...]
    how: tuple[str, ...]
    then: str
    is_by_silence: bool

    @property
    def name(self) -> str:
        """Return the actors in words."""
        return " + ".join(part.name for part in self.parts)

    def is_outside(self, party: str) -> bool:
        """Whether nobody in the set is of the party, nor of a joint staff it has part in."""
        return bool(self.parts) and all(part.party not in (party, JOINT) for part in self.parts)


class Blockers(msgspec.Struct, frozen=True):
    """Who can block one case of an action of a complex.

    `path_s` is how long it takes if everybody cooperates at once, with the stages in use and with all at the low and at
    the high end of their range. `is_by_clock`: that alone misses the window. `by_silence` are the minimal sets whose
    silence alone blocks for ever, which may be larger.
    """

    complex_id: str
    action: str
    case: str
    status: Status
    never: tuple[BlockingSet, ...] = ()
    window: tuple[BlockingSet, ...] = ()
    by_silence: tuple[BlockingSet, ...] = ()
    is_by_clock: bool = False
    path_s: tuple[float, float, float] = (math.inf, math.inf, math.inf)
    hangs_on_times: bool = False
    doers: tuple[str, ...] = ()
    structure: Structure = NEVER


def group_name(roles: tuple[str, ...]) -> str:
    """Name a group of roles: council voices are members, others are listed or called after the first."""
    if all(role.endswith(".council") for role in roles):
        return "members"
    return ", ".join(roles) if len(roles) <= 6 else f"{roles[0]}, ..., {roles[-1]}"


def times_of(stages: Iterable[Stage], ranges: Ranges | None = None, end: int = -1) -> dict[str, float]:
    """Return the time of each act: as used, or at one end (0 low, 1 high) of its range where it has one."""
    given = ranges or {}
    return {s.id: given[s.id][end] if end >= 0 and s.id in given else s.time_s for s in stages}


def blockers_of(
    arrangement: Arrangement,
    stages: tuple[Stage, ...],
    party_states: Mapping[str, frozenset[str]],
    window_s: float,
    *,
    ground: Ground | None = None,
    ranges: Ranges | None = None,
    actions: tuple[str, ...] = ACTIONS,
) -> tuple[Blockers, ...]:
    """Return who can block each case of each action of each complex.

    Parameters
    ----------
    window_s : float
        The physical window: seconds from the first warning to the last launch that still helps.
    ground : points of land by state, optional
        Tells whose territory lies in whose sector; left out, every owner is taken to hold a part of everybody's.
    ranges : lowest and highest time by act, optional
        For `hangs_on_times`; left out, the times in use are taken as certain.
    """
    every_time = tuple(times_of(stages, ranges, end) for end in (-1, 0, 1))
    readings = readings_of(arrangement, party_states, every_time, ground)
    found = []
    for own in arrangement.complexes:
        for action in actions:
            versions = [cases_of(reading, own, action) for reading in readings]
            for case, low, high in zip(*versions, strict=True):
                found.append(_blockers(case, (low.structure, high.structure), window_s))
    return tuple(found)


def _blockers(case: Case, ends: tuple[Structure | None, Structure | None], window_s: float) -> Blockers:
    """Return who can block one case."""
    structure = case.structure
    bare = Blockers(case.complex_id, case.action, case.name, "not-foreseen", doers=case.doers)
    low, high = ends
    if structure is None or low is None or high is None:
        return bare
    if structure == NEVER:
        return msgspec.structs.replace(bare, status="nobody-may")
    path_s = (finish_s(structure), finish_s(low), finish_s(high))
    bare = msgspec.structs.replace(bare, path_s=path_s, structure=structure)
    kinds = kinds_of(structure)
    try:
        never = _sets(structure, kinds, math.inf)
        if _is_clock(never):  # not even everybody together can
            return msgspec.structs.replace(bare, status="nobody-may")
        silent = cuts_by_silence(structure, kinds, math.inf)
        window = _sets(structure, kinds, window_s)
        others = [_sets(end, kinds, window_s) for end in ends if end is not None]
    except TooManyError:
        return msgspec.structs.replace(bare, status="too-many", is_by_clock=path_s[0] > window_s)
    hangs = any(_names(other) != _names(window) or _is_clock(other) != _is_clock(window) for other in others)
    return msgspec.structs.replace(
        bare,
        status="open",
        never=never,
        window=() if _is_clock(window) else window,
        by_silence=tuple(_as_set(cut, kinds, structure, is_silent=True) for cut in silent),
        is_by_clock=_is_clock(window),
        hangs_on_times=hangs,
    )


def _sets(structure: Structure, kinds: tuple[Kind, ...], deadline_s: float) -> tuple[BlockingSet, ...]:
    """Return the minimal blocking sets by a deadline; one empty set means that the clock blocks."""
    in_time = within(structure, deadline_s)
    silent = cuts_by_silence(structure, kinds, deadline_s)
    return tuple(
        _as_set(cut, kinds, structure, is_silent=any(contains(cut, s) for s in silent))
        for cut in cuts_of(in_time, kinds)
    )


def _as_set(cut: Cut, kinds: tuple[Kind, ...], structure: Structure, *, is_silent: bool) -> BlockingSet:
    """Put a cut into words: whom it takes, the ways of the votes it stops, and what follows."""
    parts = tuple(Part(n, kinds[kind].roles, kinds[kind].party) for kind, n in cut)
    taken = frozenset(role for kind, _ in cut for role in kinds[kind].roles)
    stopped = [vote for vote in votes_of(structure) if taken & frozenset(vote.roles)]
    how = dict.fromkeys(way for vote in stopped for way in vote.how)
    kept = tuple(way for way in how if is_silent or way not in SILENT_WAYS)
    thens = dict.fromkeys(vote.then for vote in stopped)
    return BlockingSet(parts, kept or ("silence",), next(iter(thens), "hold"), is_silent)


def _is_clock(sets: tuple[BlockingSet, ...]) -> bool:
    return any(not item.parts for item in sets)


def _names(sets: tuple[BlockingSet, ...]) -> tuple[str, ...]:
    return tuple(item.name for item in sets)
