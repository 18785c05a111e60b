"""What must come together before an action happens, read from an arrangement: one structure for each case.

Eight actions for each complex: three intercepts by whose territory is threatened, stopping one's own engagement,
sharing a warning or a track with a partner, setting one's rules, changing the joint plan. A case is something that the
arrangement itself tells apart: whose sector it is, whether the battery stands on a host's soil, whether the agreed
rules cover it, whether sharing is being agreed or a record is being sent. Where a complex may not fire over its own
territory because that is somebody else's sector, the structure is theirs: a sector owner who does nothing counts.

Nothing here knows the name of an arrangement. `command.blockers` works out who can block each structure.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping

import msgspec

from diptych.command.path import FIRST_ACT, waits_for
from diptych.command.sectors import Ground, owners_over, possible_owners
from diptych.command.structure import NEVER, All, Any, Structure, Vote
from diptych.model.arrangement import Arrangement, Complex, Consent, Deliberation, Sharing, Step

INTERCEPTS = ("intercept-over-own", "intercept-over-partner", "intercept-over-third")
ACTIONS = ("set-rules", "share-warning", "share-track", *INTERCEPTS, "stop-engagement", "change-plan")
WARNINGS = ("launch-detection", "impact-prediction")
JOINT = "joint"
HOST = "host-consent"

Times = Mapping[str, float]
"""Seconds that each kind of act takes."""


class Case(msgspec.Struct, frozen=True):
    """One case of an action of a complex; `structure` is None where no rule of the arrangement mentions it.

    `doers` are the complexes whose people act; the complex itself unless somebody else is responsible.
    """

    complex_id: str
    action: str
    name: str
    structure: Structure | None
    doers: tuple[str, ...] = ()


class Reading(msgspec.Struct, frozen=True):
    """An arrangement with what it is read with: the parties' states, the times of acts, whose land lies where.

    `owners` gives, for a complex and an action, the owners of the sectors in which the territory it is about lies.
    """

    arrangement: Arrangement
    party_states: Mapping[str, frozenset[str]]
    times: Times
    owners: Mapping[tuple[str, str], tuple[str, ...]]

    def states_of(self, own: Complex) -> frozenset[str]:
        """Return the states a complex defends."""
        return frozenset[str]().union(*(self.party_states.get(p, frozenset()) for p in own.parties))

    def partner_states_of(self, own: Complex) -> frozenset[str]:
        """Return the states of the parties a complex does not serve."""
        return frozenset[str]().union(*(s for p, s in self.party_states.items() if p not in own.parties), frozenset())

    def consent_of(self, complex_id: str, action: str) -> Consent | None:
        """Return the consent a complex needs for an action, None where it is forbidden."""
        for consent in self.arrangement.consents:
            if (consent.complex_id, consent.action) == (complex_id, action):
                return None if consent.kind == "forbidden" else consent
        return None


def readings_of(
    arrangement: Arrangement,
    party_states: Mapping[str, frozenset[str]],
    every_time: tuple[Times, ...],
    ground: Ground | None,
) -> tuple[Reading, ...]:
    """Return an arrangement as read with each of several sets of times."""
    duty = arrangement.responsibility
    bare = Reading(arrangement, party_states, {}, {})
    owners: dict[tuple[str, str], tuple[str, ...]] = {}
    for own in arrangement.complexes if duty.rule == "sector" else ():
        territories = {
            "intercept-over-own": bare.states_of(own),
            "intercept-over-partner": bare.partner_states_of(own),
        }
        for action, states in territories.items():
            by_land = duty.sector_by == "impact"
            found = owners_over(states, duty.sectors, ground) if by_land else possible_owners(duty.sectors)
            owners[own.id, action] = tuple(found)
    return tuple(Reading(arrangement, party_states, times, owners) for times in every_time)


def cases_of(reading: Reading, own: Complex, action: str) -> tuple[Case, ...]:
    """Return the cases of an action of a complex, each with what it takes."""
    if action in INTERCEPTS:
        return _intercepts(reading, own, action)
    if action == "stop-engagement":
        return (_stop(reading, own),)
    if action in ("share-warning", "share-track"):
        return _sharing(reading, own, action)
    return (Case(own.id, action, "", _agreement(reading, own, action), (own.id,)),)


# --- intercepts ---------------------------------------------------------------------------------------------


def _intercepts(reading: Reading, own: Complex, action: str) -> tuple[Case, ...]:
    """Return the cases of an intercept: by sector where there are sectors, then by host and by agreed rules."""
    duty = reading.arrangement.responsibility
    if duty.rule == "sector" and not (duty.sector_by == "intercept" and duty.fire_outside):
        found = tuple(_by_sector(reading, own, action))
        if all(case.structure == NEVER for case in found):
            return (Case(own.id, action, "", NEVER),)
        return found
    consent = reading.consent_of(own.id, action)
    if duty.rule == "own-territory" and action != "intercept-over-own":
        consent = None
    if consent is None and action == "intercept-over-own":
        return tuple(_by_others(reading, own, others_serving(reading, own), ""))
    return tuple(_own_cases(reading, own, action, consent, ""))


def others_serving(reading: Reading, own: Complex) -> tuple[str, ...]:
    """Return the other complexes that may be responsible over a complex' territory."""
    duty = reading.arrangement.responsibility
    return tuple(
        c.id
        for c in reading.arrangement.complexes
        if c.id != own.id and (duty.rule != "own-territory" or set(c.parties) & set(own.parties))
    )


def _by_sector(reading: Reading, own: Complex, action: str) -> Iterator[Case]:
    """Yield a case for each owner of a sector that the object concerns."""
    duty = reading.arrangement.responsibility
    if action == "intercept-over-third":
        yield from _own_cases(reading, own, action, reading.consent_of(own.id, action), "")
        return
    owners = reading.owners[own.id, action]
    for owner in sorted(owners, key=lambda o: (o != own.id, o)):
        if owner == own.id:
            consent = reading.consent_of(own.id, action)
            yield from _own_cases(reading, own, action, consent, "own sector")
            is_alone = all(sector.owner == own.id for sector in duty.sectors)
            if duty.sector_by == "impact" and not (duty.fire_outside or is_alone) and action == "intercept-over-own":
                yield Case(own.id, action, "own sector, met outside it only", NEVER)
        elif action == "intercept-over-own":
            yield from _by_others(reading, own, (owner,) if owner else (), f"sector of {owner or 'nobody'}")
        else:
            yield Case(own.id, action, f"sector of {owner or 'nobody'}", NEVER)


def _by_others(reading: Reading, own: Complex, others: Iterable[str], name: str) -> Iterator[Case]:
    """Yield the case in which other complexes alone may defend a complex' territory."""
    paths: dict[str, list[Structure]] = {}
    doers = []
    for other in (c for c in reading.arrangement.complexes if c.id in tuple(others)):
        is_own = not reading.states_of(other).isdisjoint(reading.states_of(own))
        consent = reading.consent_of(other.id, "intercept-over-own" if is_own else "intercept-over-partner")
        if consent is None:
            continue
        doers.append(other.id)
        for what, path in ruled_paths(consent, consent.steps):
            found = paths.setdefault(what, [])
            if path is not None:
                found.append(path_structure(consent, path, reading.times, is_idle=True))
    for what, found in (paths or {"": []}).items():
        label = ", ".join(part for part in (name, what) if part)
        structure: Structure = NEVER if not found else found[0] if len(found) == 1 else Any(tuple(found))
        yield Case(own.id, "intercept-over-own", label, structure, tuple(doers))


def _own_cases(reading: Reading, own: Complex, action: str, consent: Consent | None, name: str) -> Iterator[Case]:
    """Yield the cases of a complex' own path: by host's soil and by whether the agreed rules cover the object."""
    if consent is None:
        yield Case(own.id, action, name, NEVER)
        return
    hosted = [("", consent.steps)]
    if any(step.act == HOST for step in consent.steps):
        bare = tuple(step for step in consent.steps if step.act != HOST)
        hosted = [("on a host's soil", consent.steps), ("not on a host's soil", bare)]
    for where, steps in hosted:
        for what, path in ruled_paths(consent, steps):
            label = ", ".join(part for part in (name, where, what) if part)
            structure = NEVER if path is None else path_structure(consent, path, reading.times)
            yield Case(own.id, action, label, structure, (own.id,))


def ruled_paths(consent: Consent, steps: tuple[Step, ...]) -> tuple[tuple[str, tuple[Step, ...] | None], ...]:
    """Return the path for a case that the agreed rules cover and for one that they do not (None: held).

    Outside them the commander still looks the case up, and then those who set the rules are asked besides.
    """
    if not consent.outside:
        return (("", steps),)
    outside = (*steps, *consent.outside_steps) if consent.outside == "consult" else None
    return (("inside the rules", steps), ("outside the rules", outside))


def path_structure(consent: Consent, steps: tuple[Step, ...], times: Times, *, is_idle: bool = False) -> Structure:
    """Return the steps of a path as votes, one after another; `is_idle`: not answering is doing nothing."""
    how = ("nothing", "no") if is_idle else ("silence", "no")
    votes = []
    for step in steps:
        waits = waits_for(consent, step.act)
        votes.append(
            Vote(
                act=step.act,
                roles=step.roles,
                parties=step.parties,
                need=step.need,
                weights=step.weights,
                how=how,
                then="hold",
                time_s=times.get(step.act, 0.0),
                waits=waits,
            )
        )
    return All(tuple(votes))


# --- stopping and agreeing ----------------------------------------------------------------------------------


def command_step(arrangement: Arrangement, own: Complex) -> Step:
    """Return who commands a complex: the first step after the watch's before it may defend its own territory."""
    for consent in arrangement.consents:
        if consent.complex_id == own.id and consent.action == "intercept-over-own":
            for step in consent.steps:
                if step.act not in (FIRST_ACT, HOST) and not is_watch(step):
                    return step
    people = own.parties[0] if len(own.parties) == 1 else JOINT
    return Step(FIRST_ACT, (f"{own.id}.watch",), (people,), 1, f"watch:{FIRST_ACT}")


def is_watch(step: Step) -> bool:
    """Whether a step is one of the complex' own watch officer."""
    return step.rule.startswith("watch:")


def _stop(reading: Reading, own: Complex) -> Case:
    """Return what stopping an own engagement takes: one of those who may."""
    named = [s for s in reading.arrangement.stops if s.complex_id == own.id]
    step = command_step(reading.arrangement, own)
    roles, parties = step.roles, step.parties
    if named:
        roles, parties = tuple(s.role for s in named), tuple(s.party for s in named)
    time_s = reading.times.get("authority", 0.0)
    vote = Vote("stop", roles, parties, 1, then="flies-on", time_s=time_s)
    return Case(own.id, "stop-engagement", "", vote, (own.id,))


def _agreement(reading: Reading, own: Complex, matter: str) -> Structure | None:
    """Return who agrees beforehand on a matter; None where the arrangement does not mention it."""
    found = {d.complex_id: d for d in reading.arrangement.deliberations if d.matter == matter}
    if own.id not in found:
        return None
    mine = found[own.id]
    asked = [mine, *(d for d in found.values() if mine.is_joint and d.complex_id != own.id)]
    votes = tuple(_deliberation(d) for d in asked)
    return votes[0] if len(votes) == 1 else All(votes, is_at_once=True)


def _deliberation(given: Deliberation) -> Vote:
    is_silence = given.procedure == "silence" and given.rule != "unilateral"
    how = ("objection",) if is_silence else ("silence", "no")
    return Vote(given.matter, given.roles, given.parties, given.need, how=how, then="no-text", time_s=given.deadline_s)


# --- sharing ------------------------------------------------------------------------------------------------


def _sharing(reading: Reading, own: Complex, action: str) -> tuple[Case, ...]:
    """Return what agreeing to share takes, and what sending one record to each receiver takes."""
    products = WARNINGS if action == "share-warning" else ("track",)
    agreed = _agreement(reading, own, action)
    routes = _routes(reading, own, lambda rule: rule.product in products)
    if agreed is None and not routes:
        return (Case(own.id, action, "", None),)
    cases = [] if agreed is None else [Case(own.id, action, "agreeing", agreed, (own.id,))]
    if not routes:
        return (*cases, Case(own.id, action, "sending", None))
    same: dict[Structure, list[str]] = {}
    for receiver, structure in routes.items():
        same.setdefault(structure, []).append(receiver)
    for structure, receivers in same.items():
        name = "sending" if len(same) == 1 else f"sending to {', '.join(receivers)}"
        cases.append(Case(own.id, action, name, structure, (own.id,)))
    return tuple(cases)


def _routes(reading: Reading, own: Complex, is_meant: Callable[[Sharing], bool]) -> dict[str, Structure]:
    """Return, for each other complex, the ways in which an own record reaches it."""
    arrangement = reading.arrangement
    centres = {c.id for c in arrangement.centres}
    found: dict[str, list[Structure]] = {}
    for rule in arrangement.sharing:
        if rule.sender != own.id or not is_meant(rule):
            continue
        votes = _sender(reading, own, rule)
        if rule.receiver not in centres:
            found.setdefault(rule.receiver, []).append(All(votes))
            continue
        for onward in arrangement.sharing:
            passes = onward.sender == rule.receiver and onward.product == rule.product
            if passes and onward.receiver != own.id:
                found.setdefault(onward.receiver, []).append(All((*votes, _staff(reading, onward))))
    once = {receiver: tuple(dict.fromkeys(ways)) for receiver, ways in found.items()}
    return {receiver: ways[0] if len(ways) == 1 else Any(ways) for receiver, ways in once.items()}


def _sender(reading: Reading, own: Complex, rule: Sharing) -> tuple[Vote, ...]:
    """Return who must let a record out of a complex: its commander; its members too where they are asked each time."""
    who = command_step(reading.arrangement, own)
    time_s = reading.times.get(rule.act, 0.0)
    votes = [
        Vote("send", who.roles, who.parties, who.need, who.weights, how=("unsent",), then="unshared", time_s=time_s)
    ]
    if rule.agreed_by == "consensus":
        members = [(f"{s.lower()}.council", p) for p in own.parties for s in sorted(reading.party_states.get(p, ()))]
        voices, whose = tuple(r for r, _ in members), tuple(p for _, p in members)
        council_s = reading.times.get("council", 0.0)
        votes.insert(0, Vote("council", voices, whose, len(voices), then="unshared", time_s=council_s))
    return tuple(votes)


def _staff(reading: Reading, rule: Sharing) -> Vote:
    """Return which staffs of a centre must pass a record on: each under `both-staffs`, else any one of them."""
    centre = next(c for c in reading.arrangement.centres if c.id == rule.sender)
    roles = tuple(f"{centre.id}.{party}-staff" for party in centre.staff)
    need = len(roles) if rule.agreed_by == "both-staffs" else 1
    time_s = reading.times.get(rule.act, 0.0)
    return Vote("pass-on", roles, centre.staff, need, how=("unsent",), then="unshared", time_s=time_s)
