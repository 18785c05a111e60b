"""Properties about the other side: can outsiders veto, command, or take one's own system along when they are lost?

Each is asked for every party of the arrangement in turn. *Outsiders* of a party are people of other parties; a staff
that both sides serve in (`joint`) is neither an outsider nor one's own. Clauses ii and iii of no-outside-veto are about
behaviour in time and are checked on runs (`sim.properties`).
"""

from diptych.command.actions import HOST, JOINT
from diptych.command.blockers import Blockers, BlockingSet, Part
from diptych.command.structure import All, Any, Structure, Vote, happens_with, votes_of
from diptych.command.verdict import Context, Verdict, tell_block
from diptych.model.arrangement import Complex, Consent, Step

VETO_ACTIONS = ("intercept-over-own", "stop-engagement", "set-rules")
"""What nobody outside may block: one's engagements over one's territory, stopping them, one's own rules."""


def no_outside_veto(context: Context) -> Verdict:
    """No set of outsiders alone blocks a party's rules, its engagements over its territory, or stopping them."""
    for party in context.parties:
        found = outside_blocks(context, party)
        if found:
            blockers, blocking, deadline = found[0]
            story = tell_block(context, blockers, blocking, party, deadline)
            count = len({(b.action, s.name) for b, s, _ in found})
            more = f"{count} such sets for {party}: " + "; ".join(
                dict.fromkeys(f"{s.name} ({b.action}{', ' + b.case if b.case else ''})" for b, s, _ in found)
            )
            return Verdict(holds=False, story=story, note=more)
    note = "By the data (clause i). That partner conduct cannot move a release is checked on runs."
    return Verdict(holds=True, note=note)


def outside_blocks(context: Context, party: str) -> tuple[tuple[Blockers, BlockingSet, str], ...]:
    """Return every blocking set made of outsiders alone, with its case and deadline; the shortest story first."""
    found = []
    for own in context.serving(party):
        for place, action in enumerate(VETO_ACTIONS):
            for blockers in context.of(own.id, action):
                all_of_them = outsiders_together(blockers, party) if blockers.status == "too-many" else ()
                sets = {"never": (*blockers.never, *all_of_them), "window": blockers.window}
                for deadline, blocking_sets in sets.items():
                    for item in blocking_sets:
                        if item.is_outside(party) and (deadline == "never" or item not in blockers.never):
                            size = sum(part.count for part in item.parts)
                            is_watch = item.name.endswith(".watch")  # a story about who decides says more
                            found.append(((size, place, is_watch, deadline), (blockers, item, deadline)))
    return tuple(item for _, item in sorted(found, key=lambda pair: pair[0]))


def outsiders_together(blockers: Blockers, party: str) -> tuple[BlockingSet, ...]:
    """Return all outsiders of a case as one set if they block together; for cases with too many sets to list."""
    whose = {
        role: theirs
        for vote in votes_of(blockers.structure)
        for role, theirs in zip(vote.roles, vote.parties, strict=True)
    }
    outside = tuple(role for role, theirs in whose.items() if theirs not in (party, JOINT))
    if happens_with(blockers.structure, frozenset(whose) - frozenset(outside)):
        return ()
    return (BlockingSet((Part(len(outside), outside, whose[outside[0]]),), ("no",), "hold", is_by_silence=False),)


# --- command ------------------------------------------------------------------------------------------------


def no_cross_command(context: Context) -> Verdict:
    """Nobody but a party's own people can start or stop an engagement by its interceptors."""
    for party in context.parties:
        for own in context.serving(party):
            if not any(state in context.party_states[party] for state in own.owners):
                continue
            for verdict in (_can_start(context, party, own), _can_stop(context, party, own)):
                if verdict is not None:
                    return verdict
    return Verdict(holds=True, note="By the data. That no message type is an order is checked on runs.")


def _can_start(context: Context, party: str, own: Complex) -> Verdict | None:
    for consent in context.arrangement.consents:
        if consent.complex_id != own.id or consent.kind == "forbidden" or not consent.steps:
            continue
        starters = strangers_who_release(consent, party)
        if starters:
            who = " and ".join(starters)
            story = (
                f"t = 0 s: an object is known for which the rule of {own.id} is {consent.action}.",
                f"{who}: yes. Nobody else is asked to consent.",
                f"An interceptor of {party} leaves on the word of people none of whom answers to {party} alone.",
            )
            return Verdict(holds=False, story=story)
    return None


def strangers_who_release(consent: Consent, party: str) -> tuple[str, ...]:
    """Return people not of a party who together can give a consent; none where its own people must agree.

    The watch and the host are left out: they report and they permit, but they do not decide on a release. Deputies
    count, since silence passes the decision to them.
    """
    for steps in (consent.steps, consent.outside_steps):
        deciding = [s for s in steps if s.act != HOST and not s.rule.startswith("watch:")] or list(steps)
        votes = [_strange_votes(step, consent, party) for step in deciding]
        if deciding and all(enough for enough, _ in votes):
            return tuple(dict.fromkeys(role for _, roles in votes for role in roles))
    return ()


def _strange_votes(step: Step, consent: Consent, party: str) -> tuple[bool, tuple[str, ...]]:
    """Return whether people not of a party have enough votes in a step, deputies included, and who they are."""
    votes = step.weights or (1,) * len(step.roles)
    given = zip(step.roles, step.parties, votes, strict=True)
    voices = [(role, n) for role, whose, n in given if whose != party]
    voices += [
        (w.to_role, 1) for w in consent.waits if w.act == step.act and w.then == "pass-to" and w.to_party != party
    ]
    return sum(n for _, n in voices) >= step.need > 0, tuple(role for role, _ in voices)


def _can_stop(context: Context, party: str, own: Complex) -> Verdict | None:
    for stop in context.arrangement.stops:
        if stop.complex_id == own.id and stop.party != party:
            story = (
                f"t = 0 s: {own.id} has fired an interceptor of {party} at an object aimed at {party}'s territory.",
                f"{stop.role} ({stop.party}) says stop, and may.",
                f"The engagement ends on the word of somebody who does not answer to {party} alone.",
            )
            return Verdict(holds=False, story=story)
    return None


# --- loss ---------------------------------------------------------------------------------------------------


def centre_loss_safe(context: Context) -> Verdict:
    """A party that loses a joint centre, or the link, or its partner keeps its own system."""
    for party in context.parties:
        alone = [c for c in context.serving(party) if c.parties == (party,)]
        if not alone and len(context.parties) > 1:
            (joint, *_) = context.serving(party)
            story = (
                f"t = 0 s: the link between {' and '.join(joint.parties)} is cut.",
                f"{party} has no complex of its own: its sensors and interceptors belong to {joint.id}.",
                "What is left can act only as far as people of both sides still reach each other.",
            )
            return Verdict(holds=False, story=story)
        for own in alone:
            for action in ("intercept-over-own", "stop-engagement"):
                for found in context.of(own.id, action):
                    if found.status in ("open", "too-many") and found.doers == (own.id,):
                        lost = _needed_from_others(found, party)
                        if lost:
                            story = (
                                "t = 0 s: the link to the partner is cut, and both joint centres with it.",
                                f"{own.id}: {action}{' (' + found.case + ')' if found.case else ''} needs {lost}.",
                                f"Nobody of {party} can do it instead: {party} has lost its own system with the link.",
                            )
                            return Verdict(holds=False, story=story)
    return Verdict(
        holds=True, note="Over what a side is responsible for; on runs the same is checked with the link cut."
    )


def _needed_from_others(found: Blockers, party: str) -> str:
    """Return the roles without whom a case does not happen although everybody of a party agrees."""
    structure = _with_deputies(found.structure)
    everybody = {
        role: whose for vote in votes_of(structure) for role, whose in zip(vote.roles, vote.parties, strict=True)
    }
    own = frozenset(role for role, whose in everybody.items() if whose == party)
    if happens_with(structure, own):
        return ""
    return " or ".join(role for role, whose in everybody.items() if whose != party) or JOINT


def _with_deputies(structure: Structure) -> Structure:
    """Return a structure whose deputies have a voice of their own: after a loss silence passes to them."""
    if isinstance(structure, Vote):
        deputies = [w for w in structure.waits if w.then == "pass-to" and w.to_role not in structure.roles]
        return Vote(
            structure.act,
            (*structure.roles, *(w.to_role for w in deputies)),
            (*structure.parties, *(w.to_party for w in deputies)),
            structure.need,
            (*structure.votes, *(1 for _ in deputies)),
        )
    parts = tuple(_with_deputies(part) for part in structure.parts)
    return All(parts, structure.is_at_once) if isinstance(structure, All) else Any(parts)
