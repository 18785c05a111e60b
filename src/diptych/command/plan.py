"""The joint plan: who goes first at an object that several may shoot at, without anybody commanding anybody.

The planning centre keeps one ordered log for each object, numbers the entries and tells every entry to all its staff,
the sender included. What a side does is a function of three things that both can check afterwards: the version of the
plan that was agreed, the entries 1 to n that it holds without a gap, and their digest.

*Never neither.* Who goes before whom at an object is settled by the log's opening and never turned round by a later
entry: the place is that of the first claim, and among complexes that the place does not tell apart the earlier first
claim goes first. So of any number of sides, however much of the log each holds, no circle can hold for one another,
and where two differ both fire. A plan that ranked by announced time of intercept would not do: a later entry with an
earlier time turns the order round, and for a while each side holds for the other (`tests/unit/command/test_plan.py`).

The plan forbids no shot. It lets a side hold until its own last safe launch time (`node.shooting.plan_hold`).
"""

from collections.abc import Sequence
from hashlib import blake2b

import msgspec

from diptych.model.arrangement import Response, Responsibility
from diptych.model.messages import Intention, KillReport

LogEntry = Intention | KillReport
"""An entry of the log: a claim, its withdrawal, or the result of an attempt; `number` counts from 1."""


class AgreedPlan(msgspec.Struct, frozen=True):
    """The plan as both sides agreed it.

    `goes_first` are the grounds in their order (`responses`, `territory`); what none settles, the log's order does.
    `states` are the states that each complex defends; `keeper` is the centre that keeps the log ("": nobody does, and
    nothing is ever held); `version` is a digest of all this, so that sides with different plans cite different ones.
    """

    goes_first: tuple[str, ...]
    responses: tuple[Response, ...]
    states: tuple[tuple[str, tuple[str, ...]], ...]
    keeper: str
    version: str


def agreed_plan(duty: Responsibility, complex_states: dict[str, frozenset[str]], keeper: str) -> AgreedPlan:
    """Return the plan that an arrangement's responsibility and its complexes' states make."""
    states = tuple((c, tuple(sorted(own))) for c, own in sorted(complex_states.items()))
    digest = digest_of((duty.goes_first, duty.responses, states, keeper))
    return AgreedPlan(duty.goes_first, duty.responses, states, keeper, digest)


def with_entry(log: tuple[LogEntry, ...], entry: LogEntry) -> tuple[LogEntry, ...]:
    """Return a log with one more entry in its place; a number that is there already stays as it is."""
    if any(known.number == entry.number for known in log):
        return log
    return tuple(sorted((*log, entry), key=lambda known: known.number))


def prefix_of(log: Sequence[LogEntry]) -> tuple[LogEntry, ...]:
    """Return the entries from number 1 on up to the first gap."""
    found: list[LogEntry] = []
    for entry in log:
        if entry.number != len(found) + 1:
            break
        found.append(entry)
    return tuple(found)


def order_of(plan: AgreedPlan, prefix: Sequence[LogEntry]) -> tuple[str, ...]:
    """Return the complexes that have a place at an object, the first to shoot before the others.

    Only those that the place names or that have claimed it have one; all others come after them.
    """
    claims = [e for e in prefix if isinstance(e, Intention) and not e.is_withdrawn]
    if not claims:
        return ()
    named = _named(plan, claims[0].states)
    return tuple(dict.fromkeys((*((named,) if named else ()), *(claim.complex_id for claim in claims))))


def _named(plan: AgreedPlan, touched: tuple[str, ...]) -> str:
    """Return the complex that the place gives the first shot, "" where it names none."""
    if not touched:
        return ""
    for ground in plan.goes_first:
        if ground == "responses":
            for response in plan.responses:
                if set(touched) <= set(response.states):
                    return response.first
        elif ground == "territory":
            owners = [c for c, states in plan.states if set(touched) <= set(states)]
            if len(owners) == 1:
                return owners[0]
    return ""


def live_claim(prefix: Sequence[LogEntry], complex_id: str) -> Intention | None:
    """Return the newest claim of a complex that neither its withdrawal nor the report of a miss has followed."""
    live: Intention | None = None
    for entry in prefix:
        if entry.complex_id != complex_id:
            continue
        if isinstance(entry, Intention):
            live = None if entry.is_withdrawn else entry
        elif not entry.is_killed:
            live = None
    return live


def claims_ahead(plan: AgreedPlan, log: Sequence[LogEntry], complex_id: str) -> tuple[Intention, ...]:
    """Return the live claims of complexes that go before one at an object; it may hold while there are any.

    A side that knows of a gap (it has entries beyond it) holds for nobody: what is missing may be a withdrawal.
    """
    prefix = prefix_of(log)
    if not plan.keeper or len(prefix) < len(log):
        return ()
    found = []
    for other in order_of(plan, prefix):
        if other == complex_id:
            break
        claim = live_claim(prefix, other)
        if claim is not None:
            found.append(claim)
    return tuple(found)


def grounds_said(duty: Responsibility) -> str:
    """Say in words who goes first under the joint plan of an arrangement."""
    said = []
    for ground in duty.goes_first:
        if ground == "responses":
            said += [f"{r.first} at what threatens only {', '.join(r.states)}" for r in duty.responses]
        else:
            said.append("whose territory it is")
    return "; ".join((*said, "whose claim comes first in the log"))


def citation(plan: AgreedPlan, log: Sequence[LogEntry]) -> str:
    """Return what a decision cites: the plan's version, how many entries it rests on, and their digest."""
    prefix = prefix_of(log)
    gap = "" if len(prefix) == len(log) else ", then a gap"
    return (
        f"joint plan {plan.version}: entries 1-{len(prefix)}, digest {digest_of(prefix)}{gap}"
        if prefix
        else (f"joint plan {plan.version}: no entry{gap}")
    )


def digest_of(value: object) -> str:
    """Return eight hexadecimal digits that tell two values apart; the same for the same value everywhere."""
    return blake2b(msgspec.json.encode(value, order="deterministic"), digest_size=4).hexdigest()
