"""Monotone structures: what must come together before an action happens, and the smallest sets that keep it away.

A `Vote` asks roles and needs a sum of their votes; `All` needs every part, `Any` one of them. Leaving cooperation away
never helps, so the structure is monotone, and the minimal sets of roles that block it are its minimal cuts. Roles that
stand in the same votes with the same weight and belong to the same party are exchangeable: they form one `Kind`, a cut
says how many of each kind it takes, and 28 members who each may object are one cut and not 28.

`command.blockers` builds these structures from an arrangement; `command.power` counts their coalitions.
"""

from collections.abc import Iterable, Iterator, Mapping

import msgspec

from diptych.model.arrangement import Wait

MOST_CUTS = 2_000
"""Minimal cuts listed at most for one action: votes that all weigh differently can have millions."""

Cut = tuple[tuple[int, int], ...]
"""(kind, how many of it), by kind; empty: blocked whatever anybody does."""


class TooManyError(ValueError):
    """A structure has more minimal cuts, or more coalitions, than are worth listing."""


class Vote(msgspec.Struct, frozen=True):
    """Roles that are asked; those who agree must have `need` votes between them.

    `how` are the ways in which a role can fail to agree here (`silence`, `no`, `objection`, `nothing`, `unsent`) and
    `then` what follows by default. `time_s` is how long an answer takes. `waits` are what follows silence, in order.
    """

    act: str
    roles: tuple[str, ...]
    parties: tuple[str, ...]
    need: int
    weights: tuple[int, ...] = ()
    how: tuple[str, ...] = ("silence", "no")
    then: str = "hold"
    time_s: float = 0.0
    waits: tuple[Wait, ...] = ()

    @property
    def votes(self) -> tuple[int, ...]:
        """Return the votes of the roles, one each where none are given."""
        return self.weights or (1,) * len(self.roles)


class All(msgspec.Struct, frozen=True):
    """Every part: one after another, or all at once."""

    parts: "tuple[Structure, ...]"
    is_at_once: bool = False


class Any(msgspec.Struct, frozen=True):
    """One of the parts is enough."""

    parts: "tuple[Structure, ...]"


Structure = Vote | All | Any
NOTHING_NEEDED = All(())
NEVER = Any(())


class Kind(msgspec.Struct, frozen=True):
    """Exchangeable roles: the same votes, the same weights, the same party."""

    roles: tuple[str, ...]
    party: str


def votes_of(structure: Structure) -> Iterator[Vote]:
    """Yield the votes of a structure, in order."""
    if isinstance(structure, Vote):
        yield structure
    else:
        for part in structure.parts:
            yield from votes_of(part)


def kinds_of(structure: Structure) -> tuple[Kind, ...]:
    """Return the kinds of roles of a structure, in the order in which they are first asked."""
    places: dict[str, list[tuple[int, int, str]]] = {}
    party: dict[str, str] = {}
    for number, vote in enumerate(votes_of(structure)):
        for role, whose, weight in zip(vote.roles, vote.parties, vote.votes, strict=True):
            places.setdefault(role, []).append((number, weight, ""))
            party[role] = whose
        deputies = (w for w in vote.waits if w.then == "pass-to")
        for place, wait in enumerate(deputies):
            places.setdefault(wait.to_role, []).append((number, place, "deputy"))
            party.setdefault(wait.to_role, wait.to_party)
    same: dict[tuple[str, tuple[tuple[int, int, str], ...]], list[str]] = {}
    for role, found in places.items():
        same.setdefault((party[role], tuple(found)), []).append(role)
    return tuple(Kind(tuple(roles), whose) for (whose, _), roles in same.items())


def minimal(cuts: Iterable[Cut]) -> tuple[Cut, ...]:
    """Return the cuts that contain no other, smallest first."""
    kept: list[Cut] = []
    for cut in sorted(dict.fromkeys(cuts), key=lambda c: (sum(n for _, n in c), c)):
        if not any(contains(cut, smaller) for smaller in kept):
            kept.append(cut)
    return tuple(kept)


def contains(cut: Cut, smaller: Cut) -> bool:
    """Whether a cut takes at least as many of every kind as another."""
    has = dict(cut)
    return all(has.get(kind, 0) >= n for kind, n in smaller)


def cuts_of(structure: Structure, kinds: tuple[Kind, ...]) -> tuple[Cut, ...]:
    """Return the minimal cuts of a structure: how many of which kinds keep it from happening by not agreeing.

    Not agreeing means a refusal where one is possible. What silence alone can do, which deputies may make good, is
    `silence.cuts_by_silence`.

    Raises
    ------
    TooManyError
        There are more than `MOST_CUTS`.
    """
    if isinstance(structure, Vote):
        return _cuts_of_vote(structure, kinds)
    if isinstance(structure, All):
        return minimal(cut for part in structure.parts for cut in cuts_of(part, kinds))
    found: tuple[Cut, ...] = ((),)
    for part in structure.parts:
        theirs = cuts_of(part, kinds)
        if len(found) * len(theirs) > 10 * MOST_CUTS:
            raise TooManyError(f"more than {MOST_CUTS} minimal sets")
        found = minimal(_both(a, b) for a in found for b in theirs)
    return found


def _both(a: Cut, b: Cut) -> Cut:
    """Return the smallest cut that contains two: members of a kind are exchangeable, so the larger number serves."""
    most = dict(a)
    for kind, n in b:
        most[kind] = max(n, most.get(kind, 0))
    return tuple(sorted(most.items()))


def _cuts_of_vote(vote: Vote, kinds: tuple[Kind, ...]) -> tuple[Cut, ...]:
    """Return the minimal sets of roles without whom the rest lacks votes.

    Kinds are taken by falling weight: a set that has just become enough then contains no smaller one that is.
    """
    weight_of = dict(zip(vote.roles, vote.votes, strict=True))
    asked = [(weight_of[k.roles[0]], i, len(k.roles)) for i, k in enumerate(kinds) if k.roles[0] in weight_of]
    asked.sort(key=lambda item: (-item[0], item[1]))
    spare = sum(weight * n for weight, _, n in asked) - vote.need
    if spare < 0:
        return ((),)
    left = [sum(w * n for w, _, n in asked[i:]) for i in range(len(asked) + 1)]
    found: list[Cut] = []

    def take(place: int, missing: int, taken: tuple[tuple[int, int], ...]) -> None:
        if missing + left[place] <= spare:
            return
        weight, kind, n = asked[place]
        enough = (spare - missing) // weight + 1 if weight > 0 else n + 1
        for count in range(min(n, enough), -1, -1):
            more = (*taken, (kind, count)) if count else taken
            if missing + count * weight > spare:
                found.append(tuple(sorted(more)))
                if len(found) > MOST_CUTS:
                    raise TooManyError(f"more than {MOST_CUTS} minimal sets")
            else:
                take(place + 1, missing + count * weight, more)

    take(0, 0, ())
    return tuple(found)


def happens(structure: Structure, agree: Mapping[int, int], kinds: tuple[Kind, ...]) -> bool:
    """Whether a structure happens when so many of each kind agree and all others refuse."""
    if isinstance(structure, Vote):
        weight_of = dict(zip(structure.roles, structure.votes, strict=True))
        given = sum(n * weight_of.get(kinds[kind].roles[0], 0) for kind, n in agree.items())
        return given >= structure.need
    parts = (happens(part, agree, kinds) for part in structure.parts)
    return all(parts) if isinstance(structure, All) else any(parts)


def happens_with(structure: Structure, agree: frozenset[str]) -> bool:
    """Whether a structure happens when exactly these roles agree: the slow twin that names everybody."""
    if isinstance(structure, Vote):
        votes = zip(structure.roles, structure.votes, strict=True)
        return sum(n for role, n in votes if role in agree) >= structure.need
    parts = (happens_with(part, agree) for part in structure.parts)
    return all(parts) if isinstance(structure, All) else any(parts)
