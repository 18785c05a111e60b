"""Whom a conduct touches under an arrangement: whose records, whose answers, and whether it can matter at all.

A conduct acts on what goes between nodes, on what its actor's people are asked by others, and on councils and hosts
inside an alliance. A party's own people always serve its own complex over its own territory. Where `matters` is false,
the cooperative run is the conduct's run as well. How it is played stands in `sim.acting`, lies in `sim.lies`, what
receivers do about it in `node.trust`.
"""

from diptych.command.path import FIRST_ACT
from diptych.model.arrangement import Arrangement, Centre, Complex, Sharing
from diptych.model.conduct import COOPERATIVE, SHARING_KINDS, Change, Conduct, is_voice_of
from diptych.model.scenario import Battery, Scenario

NOT_PLAYED = "launch-notice"
"""Notices of own launches are given before the raid; nothing in a run sends them."""

COUNCIL, HOST = "council", "host-consent"
OWN = "intercept-over-own"


def behaviour_of(scenario: Scenario, conduct: str | Conduct) -> Conduct | None:
    """Return a conduct by its label among those the scenario was loaded with; None: everybody cooperates.

    Raises
    ------
    ValueError
        The scenario was loaded without it.
    """
    if isinstance(conduct, Conduct):
        return conduct
    for known in scenario.behaviours:
        if known.label == conduct:
            return known
    if conduct == COOPERATIVE:
        return None
    labels = ", ".join(known.label for known in scenario.behaviours) or COOPERATIVE
    raise ValueError(f"conduct {conduct!r}: expected one that {scenario.id} was loaded with ({labels})")


def hosts_of(batteries: tuple[Battery, ...], arrangement: Arrangement) -> dict[str, frozenset[str]]:
    """Return, for each complex, the states that host a battery it operates and that they do not own."""
    return {
        own.id: frozenset(b.host for b in batteries if b.owner in own.owners and b.host and b.host != b.owner)
        for own in arrangement.complexes
    }


# --- whom a conduct touches ---------------------------------------------------------------------------------


def own_complexes(conduct: Conduct, arrangement: Arrangement) -> frozenset[str]:
    """Return the complexes that are the actor's: those that serve a party, are a member's alone, or ask a role."""
    return frozenset(c.id for c in arrangement.complexes if _is_own(conduct, c, arrangement))


def _is_own(conduct: Conduct, own: Complex, arrangement: Arrangement) -> bool:
    match conduct.kind:
        case "party":
            return conduct.actor in own.parties
        case "member":
            return own.owners == (conduct.actor,)
        case "role":
            asked = (c for c in arrangement.consents if c.complex_id == own.id)
            return any(conduct.actor in step.roles for c in asked for step in c.steps)
        case _:
            return False


def is_actor(conduct: Conduct, centre: Centre) -> bool:
    """Whether a centre is the one a conduct names, by id or by kind."""
    return conduct.kind == "centre" and conduct.actor in (centre.id, centre.kind)


def senders(conduct: Conduct, arrangement: Arrangement) -> frozenset[str]:
    """Return the nodes whose records a conduct touches as they leave."""
    if conduct.kind == "link":
        return frozenset([*(c.id for c in arrangement.complexes), *(c.id for c in arrangement.centres)])
    centres = (c.id for c in arrangement.centres if is_actor(conduct, c))
    own = frozenset[str]() if conduct.kind == "role" else own_complexes(conduct, arrangement)
    return own | frozenset(centres)


def needs_actor(conduct: Conduct, arrangement: Arrangement, rule: Sharing) -> bool:
    """Whether sharing under a rule needs the actor's agreement: as a member in a consensus, or as a centre's staff."""
    if rule.agreed_by == "both-staffs":
        staff = next((c.staff for c in arrangement.centres if c.id == rule.sender), ())
        return conduct.kind == "party" and conduct.actor in staff
    if rule.agreed_by not in ("consensus", "standing-consensus"):
        return False
    sender = next((c for c in arrangement.complexes if c.id == rule.sender), None)
    if sender is None:
        return False
    if conduct.kind == "party":
        return conduct.actor in sender.parties and rule.agreed_by == "consensus"
    return conduct.kind == "member" and conduct.actor in sender.owners


def is_asked_by_others(conduct: Conduct, own: Complex, role: str, party: str, act: str, action: str) -> bool:
    """Whether a question of a complex to a role is one that the actor answers as it likes.

    A party: what another's or a joint complex asks its people, and what its own asks about others' territory (there
    only `hold-fire` counts, see `may_answer`). A member: its voice in a council, its consent as a host. A role: all.
    """
    if conduct.kind == "party":
        return party == conduct.actor and (own.parties != (party,) or (action != OWN and act != FIRST_ACT))
    if conduct.kind == "member":
        return act == HOST or (is_voice_of(conduct, role, party) and own.owners != (conduct.actor,))
    return conduct.kind == "role" and role == conduct.actor


def matters(conduct: Conduct, arrangement: Arrangement, hosts: dict[str, frozenset[str]]) -> bool:
    """Whether a conduct can change anything under an arrangement; if not, its run is the cooperative one.

    `hosts` is what `hosts_of` gives.
    """
    live = [c for c in conduct.changes if c.probability > 0.0]
    rules = [r for r in arrangement.sharing if r.product != NOT_PLAYED]
    from_actor = senders(conduct, arrangement)
    centres = {c.id for c in arrangement.centres if is_actor(conduct, c)}
    for change in live:
        if change.kind in SHARING_KINDS:
            touched = (r for r in rules if r.sender in from_actor or (change.kind == "stop" and r.receiver in centres))
            if any(_can_touch(change, rule) for rule in touched):
                return True
        elif change.kind == "object" and any(needs_actor(conduct, arrangement, rule) for rule in rules):
            return True
    answering = (change for change in live if change.kind not in SHARING_KINDS)
    return any(_is_answering(conduct, change, arrangement, hosts) for change in answering)


def _can_touch(change: Change, rule: Sharing) -> bool:
    """Whether a change of what is told says anything about a rule's product."""
    match change.kind:
        case "falsify":
            return change.is_about(rule.product) and rule.product in ("track", "impact-prediction")
        case "invent":
            return rule.product == "track"
        case "claim":
            return rule.product == "engagement-intention"
        case _:
            return change.is_about(rule.product)


def _is_answering(conduct: Conduct, change: Change, arrangement: Arrangement, hosts: dict[str, frozenset[str]]) -> bool:
    """Whether some question of an arrangement is one that a change answers otherwise."""
    for consent in arrangement.consents:
        own = next(c for c in arrangement.complexes if c.id == consent.complex_id)
        steps = (*consent.steps, *consent.outside_steps)
        asked = [(s.act, role, party) for s in steps for role, party in zip(s.roles, s.parties, strict=True)]
        asked += [(w.act, w.to_role, w.to_party) for w in consent.waits if w.to_role]
        for act, role, party in asked:
            if act == HOST and conduct.kind == "member" and conduct.actor not in hosts.get(own.id, frozenset()):
                continue
            if is_asked_by_others(conduct, own, role, party, act, consent.action) and may_answer(
                conduct, change, own, act
            ):
                return True
    return False


def may_answer(conduct: Conduct, change: Change, own: Complex, act: str) -> bool:
    """Whether a change is about an act that a complex asks: `hold-fire` at home, `object` in councils, else abroad."""
    is_at_home = conduct.kind == "party" and own.parties == (conduct.actor,)
    if change.kind == "hold-fire":
        return is_at_home
    if change.kind == "object":
        return act == COUNCIL and not is_at_home
    return change.is_asked(act) and not is_at_home
