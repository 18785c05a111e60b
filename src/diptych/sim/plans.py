"""What a node works by, read from the scenario and the arrangement; and how its cases stand at the end."""

import math

from diptych.command.path import rules_of
from diptych.command.plan import agreed_plan
from diptych.model.arrangement import Arrangement, Complex, Sharing
from diptych.model.record import Engagement
from diptych.model.scenario import Notice
from diptych.node.foresight import Foresight
from diptych.node.state import Case, NodeState, Plan
from diptych.sim.planning import keeper_of
from diptych.sim.prepare import Prepared


def plan_of(prepared: Prepared, arrangement: Arrangement, own: Complex, foresight: Foresight) -> Plan:
    """Return what one complex works by: its rules, sharing, assets and everybody's states.

    `foresight` is the replicate's, which the complexes of all runs share.
    """
    scenario = prepared.scenario
    batteries = tuple(i for i, b in enumerate(scenario.batteries) if b.owner in own.owners)
    hosted = [scenario.batteries[i] for i in batteries]
    defended = complex_states(prepared, arrangement)
    duty = arrangement.responsibility
    return Plan(
        complex_id=own.id,
        rules=rules_of(arrangement, own.id, prepared.party_states),
        responsibility=arrangement.responsibility,
        sharing=sharing_from(arrangement, own.id),
        uses_partner_tracks=arrangement.partner_tracks != "none",
        batteries=batteries,
        classes=tuple(prepared.battery_class[i] for i in batteries),
        hosts=tuple(b.host if b.host and b.host != b.owner else "" for b in hosted),
        radars=tuple(i for i, r in enumerate(scenario.radars) if r.owner in own.owners),
        armoury=prepared.armoury,
        complex_states=defended,
        receiver_states=receiver_states(prepared, arrangement, own.id),
        territory=prepared.territory,
        launches_on_partner=arrangement.partner_tracks == "launch",
        fusion=arrangement.fusion,
        rulebooks={book.id: book for book in arrangement.rulebooks},
        notices=notices_of(prepared, arrangement, own.id),
        trust=scenario.trust,
        debris=scenario.debris,
        tracker=scenario.tracker,
        agreed=agreed_plan(duty, defended, keeper_of(arrangement)) if duty.overlap == "joint-plan" else None,
        foresight=foresight,
    )


def notices_of(prepared: Prepared, arrangement: Arrangement, node: str) -> tuple[Notice, ...]:
    """Return the launches announced beforehand to a node: the scenario's, where a rule lets it have notices."""
    is_told = any(rule.product == "launch-notice" and rule.receiver == node for rule in arrangement.sharing)
    return prepared.scenario.notices if is_told else ()


def receiver_states(prepared: Prepared, arrangement: Arrangement, sender: str) -> dict[str, frozenset[str]]:
    """Return the states each receiver cares for: a complex's own; for a centre those of its staff but the sender."""
    states = complex_states(prepared, arrangement)
    for centre in arrangement.centres:
        staff = (states[c] for c in centre.staff if c != sender)
        states[centre.id] = frozenset[str]().union(*staff)
    return states


def complex_states(prepared: Prepared, arrangement: Arrangement) -> dict[str, frozenset[str]]:
    """Return the states each complex of an arrangement defends."""
    return {c.id: frozenset[str]().union(*(prepared.party_states[p] for p in c.parties)) for c in arrangement.complexes}


def sharing_from(arrangement: Arrangement, sender: str) -> tuple[Sharing, ...]:
    """Return the sharing rules of one sender."""
    return tuple(rule for rule in arrangement.sharing if rule.sender == sender)


def engagement_of(state: NodeState, i: int) -> Engagement:
    """Return how one complex dealt with one object, as its case stands at the end."""
    case = state.cases[i]
    return Engagement(
        complex_id=state.plan.complex_id,
        object=i,
        warned_s=case.warned_s,
        confirmed_s=case.confirmed_s,
        evaluated_s=case.evaluated_s,
        first_open_s=case.first_open_s,
        last_close_s=case.last_close_s,
        released_s=case.released_s,
        reason="released" if math.isfinite(case.released_s) else case.reason,
        rule=case.rule,
        by_role=case.by_role,
        action=case.action,
        inputs=case.inputs,
        granted_s=case.permitted_s if math.isfinite(case.released_s) else case.granted_s,
        verdict=case.verdict,
        first_verdict=case.first_verdict,
        held_s=held_s(case),
    )


def held_s(case: Case) -> float:
    """Return for how long a partner's announcement held a shot: to the release, or to the end of the window; 0: never.

    What was released before it held a further shot is not counted.
    """
    if math.isinf(case.held_from_s):
        return 0.0
    until_s = case.released_s if math.isfinite(case.released_s) else case.last_close_s
    return max(0.0, until_s - case.held_from_s)
