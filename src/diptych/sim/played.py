"""How a conduct is played: whose records and answers it touches under an arrangement, from when on, and how.

A conduct acts on what goes between nodes, on what its actor's people are asked by others, and on councils and hosts
inside an alliance. A party's own people always serve its own complex over its own territory. `matters` says whether a
conduct can change anything under an arrangement at all; where it cannot, the cooperative run is its run. Draws are
named after the actor, what it is asked or tells, the object and the number (docs/explanation/luck.md), so that one
conduct meets the same luck under every arrangement. Lies are in `sim.lies`, what receivers do about it in `node.trust`.
"""

import math

import msgspec

from diptych.command.path import FIRST_ACT
from diptych.model.arrangement import Arrangement, Centre, Complex, Sharing
from diptych.model.conduct import SHARING_KINDS, Change, Conduct, is_voice_of
from diptych.model.messages import Ask, ImpactPrediction, Record, Share, SharedTrack
from diptych.node.share import coarsened
from diptych.sim.luck import Luck, conduct_chance

NOT_PLAYED = "launch-notice"
"""Notices of own launches are given before the raid; nothing in a run sends them."""

COUNCIL, HOST = "council", "host-consent"
OWN = "intercept-over-own"


class Told(msgspec.Struct, frozen=True):
    """What becomes of a record: as it leaves, how much later, and whether it is to be moved (m)."""

    record: Record
    delay_s: float = 0.0
    offset_m: float = 0.0


class Said(msgspec.Struct, frozen=True):
    """What becomes of a question: yes, no or no answer (None), how much later; `host`: one of several hosts, alone."""

    answer: str | None = "yes"
    delay_s: float = 0.0
    host: str = ""


AS_ASKED = Said()


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
    only `hold-fire` counts, see `Played.answer`). A member: its voice in a council, its consent as a host. A role: all.
    """
    if conduct.kind == "party":
        return party == conduct.actor and (own.parties != (party,) or (action != OWN and act != FIRST_ACT))
    if conduct.kind == "member":
        return act == HOST or (is_voice_of(conduct, role, party) and own.owners != (conduct.actor,))
    return conduct.kind == "role" and role == conduct.actor


def matters(conduct: Conduct, arrangement: Arrangement, hosts: dict[str, frozenset[str]]) -> bool:
    """Whether a conduct can change anything under an arrangement; if not, its run is the cooperative one.

    Parameters
    ----------
    hosts : mapping
        Complex to the states that host a battery it operates and that they do not own.
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
            if is_asked_by_others(conduct, own, role, party, act, consent.action) and _may_answer(
                conduct, change, own, act
            ):
                return True
    return False


def _may_answer(conduct: Conduct, change: Change, own: Complex, act: str) -> bool:
    """Whether a change is about an act that a complex asks: `hold-fire` at home, `object` in councils, else abroad."""
    is_at_home = conduct.kind == "party" and own.parties == (conduct.actor,)
    if change.kind == "hold-fire":
        return is_at_home
    if change.kind == "object":
        return act == COUNCIL and not is_at_home
    return change.is_asked(act) and not is_at_home


# --- one run ------------------------------------------------------------------------------------------------


class Played:
    """One conduct in one run: from when it counts, and what it makes of each record and question."""

    def __init__(self, conduct: Conduct, arrangement: Arrangement, luck: Luck, object_hash: tuple[int, ...]) -> None:
        self.conduct = conduct
        self.arrangement = arrangement
        self.luck = luck
        self.object_hash = object_hash
        self.own = own_complexes(conduct, arrangement)
        self.senders = senders(conduct, arrangement)
        self.centres = frozenset(c.id for c in arrangement.centres if is_actor(conduct, c))
        self.complexes = {c.id: c for c in arrangement.complexes}
        self.begins_s = math.inf if conduct.since.after else conduct.since.s
        self._needing = {
            (r.sender, r.receiver, r.product): r.agreed_by
            for r in arrangement.sharing
            if needs_actor(conduct, arrangement, r)
        }
        self._numbers: dict[tuple[str, str, int], int] = {}

    def of(self, kind: str) -> tuple[Change, ...]:
        """Return the changes of one kind."""
        return tuple(c for c in self.conduct.changes if c.kind == kind)

    def happened(self, event: str, now_s: float) -> bool:
        """Take note of an event of `model.conduct.EVENTS`; true if the conduct's beginning is known from now on."""
        if self.conduct.since.after != event or math.isfinite(self.begins_s):
            return False
        self.begins_s = now_s + self.conduct.since.s
        return True

    def is_on(self, now_s: float) -> bool:
        """Whether the conduct has begun."""
        return now_s >= self.begins_s

    def is_met(self, change: Change, what: str, i: int) -> bool:
        """Whether a change with a probability comes to pass, for what is told or asked of an object, this time.

        Counts the times from 0: the number of the telling or asking is part of the draw's name.
        """
        if change.probability >= 1.0:
            return True
        key = (change.kind, what, i)
        number = self._numbers.get(key, 0)
        self._numbers[key] = number + 1
        return self.drawn(change, what, self.object_hash[i], number)

    def drawn(self, change: Change, what: str, object_hash: int, number: int) -> bool:
        """Whether a change comes to pass. Event: (actor and what, object, number)."""
        name = f"{self.conduct.actor}/{change.kind}/{what}"
        return change.probability >= 1.0 or conduct_chance(self.luck, name, object_hash, number) < change.probability

    def tell(self, node: str, share: Share, now_s: float) -> Told | None:
        """Return what becomes of a record that a node lets out; None: it does not leave."""
        told = Told(share.record)
        if not self.is_on(now_s):
            return told
        i = share.record.object
        agreed_by = self._needing.get((node, share.to, share.product))
        if agreed_by is not None:
            for change in self.of("object"):
                is_standing = agreed_by == "standing-consensus"  # one text for all: objected to once or not at all
                met = self.drawn(change, share.product, 0, 0) if is_standing else self.is_met(change, share.product, i)
                if met:
                    return None
        if node not in self.senders:
            return told
        for change in self.conduct.changes:
            if not change.is_about(share.product) or change.kind in ("invent", "claim", "flood"):
                continue
            if not self.is_met(change, share.product, i):
                continue
            if change.kind == "stop":
                return None
            told = changed(told, change)
        return told

    def answer(self, node: str, question: Ask, action: str, hosts: frozenset[str], now_s: float) -> Said:
        """Return what becomes of a question that a node asks; `hosts` are the states its batteries stand in."""
        own = self.complexes[node]
        asked = is_asked_by_others(self.conduct, own, question.role, question.party, question.act, action)
        if not asked or not self.is_on(now_s):
            return AS_ASKED
        alone = ""
        if question.act == HOST and self.conduct.kind == "member":
            if self.conduct.actor not in hosts:
                return AS_ASKED
            alone = f"{self.conduct.actor.lower()}.host" if len(hosts) > 1 else ""
        delay_s = 0.0
        for change in self.conduct.changes:
            if change.kind in SHARING_KINDS or not _may_answer(self.conduct, change, own, question.act):
                continue
            if change.kind == "withdraw" or not self.is_met(change, action, question.object):
                continue
            if change.kind == "silent":
                return Said(None, 0.0, alone)
            if change.kind == "slow":
                delay_s += change.delay_s
            else:
                return Said("no", delay_s, alone)
        return Said("yes", delay_s, alone)

    def takes_back(self, node: str, question: Ask, action: str) -> bool:
        """Whether a yes is one that the actor will take back when its conduct begins."""
        own = self.complexes[node]
        return any(
            _may_answer(self.conduct, change, own, question.act)
            and is_asked_by_others(self.conduct, own, question.role, question.party, question.act, action)
            for change in self.of("withdraw")
        )

    def is_deaf(self, centre: str, now_s: float) -> bool:
        """Whether a centre takes in nothing any more."""
        return centre in self.centres and self.is_on(now_s) and any(c.kind == "stop" for c in self.conduct.changes)


def changed(told: Told, change: Change) -> Told:
    """Return a record delayed, made coarser, or to be moved."""
    match change.kind:
        case "delay":
            return msgspec.structs.replace(told, delay_s=told.delay_s + change.delay_s)
        case "degrade":
            grid = Sharing("", "", "", change.position_m, change.velocity_mps, "", "always", "owner")
            return msgspec.structs.replace(told, record=coarsened(told.record, grid))
        case "falsify" if isinstance(told.record, SharedTrack | ImpactPrediction):
            return msgspec.structs.replace(told, offset_m=change.offset_m)
        case _:
            return told
