"""The heart of the system: one complex as one pure function.

`step` takes a state, what arrived and the time, and gives a new state and what to send or do. The same inputs give
the same outputs, at a thousand times life's pace in a study and at life's pace in a control room. It never sees
bytes, keys or disks: a runner places a link (in studies) or the exchange session (live) between two nodes. No input
is an order: what a partner sends changes the picture and, under a joint plan, how long this side holds its fire.
"""

import math

from msgspec.structs import replace

from diptych.command.path import waits_for
from diptych.evaluation.classify import LaunchEstimate
from diptych.model.messages import (
    Alert,
    Ask,
    Assessed,
    DebrisWarning,
    Input,
    Intention,
    KillReport,
    LaunchDetection,
    LaunchSeen,
    OperatorAction,
    Output,
    OwnTrack,
    Received,
    Share,
    SharedTrack,
    Wake,
    WakeAt,
)
from diptych.node.cues import point_at, where_launched, where_told
from diptych.node.joint import Heard, hear, see_together
from diptych.node.planning import with_news
from diptych.node.share import rules_for
from diptych.node.stages import advance
from diptych.node.state import Case, NodeState, Plan
from diptych.node.tell import tell_firm, tell_launch
from diptych.node.weighing import weigh

MORE_OBJECTS = 64
"""A record may be about an object that nobody has spoken of before, up to so many more. Assumed: five raids."""


def step(state: NodeState, inbox: tuple[Input, ...], now_s: float) -> tuple[NodeState, tuple[Output, ...]]:
    """Advance one complex to `now_s`.

    Parameters
    ----------
    state : NodeState
        What the complex knew and had done.
    inbox : tuple of Input
        What arrived, in order.
    now_s : float
        Seconds of the run; never earlier than the last call.

    Returns
    -------
    tuple
        The new state and what to send or do, in order.
    """
    outputs: list[Output] = []
    plan = state.plan
    cases, magazines, standings = state.cases, state.magazines, state.standings
    for item in inbox:
        heard: Heard | None = None
        if isinstance(item, Received):
            index = item.record.object
            if index >= len(cases):
                if index >= len(cases) + MORE_OBJECTS:
                    continue
                cases = (*cases, *(Case(object=i) for i in range(len(cases), index + 1)))
            if isinstance(item.record, SharedTrack):
                heard = hear(plan, cases, item.record, item.provenance, now_s)
                index = heard.object
            standings, cases, is_used = weigh(plan, standings, cases, item, heard, now_s, outputs)
            if not is_used:
                continue
        else:
            index = item.object
        case = cases[index]
        if case.is_closed and not isinstance(item, OwnTrack):
            continue
        case = absorb(plan, case, item, heard, now_s, outputs)
        case, magazines, more = advance(plan, case, magazines, now_s, cases)
        outputs.extend(more)
        cases = (*cases[:index], case, *cases[index + 1 :])
    return NodeState(plan, cases, magazines, standings), tuple(outputs)


def absorb(plan: Plan, case: Case, item: Input, heard: Heard | None, now_s: float, out: list[Output]) -> Case:
    """Take one input into the case it is about; `heard` is what a partner's track says beside the own ones."""
    match item:
        case OwnTrack():
            return tell_firm(plan, renewed(case, item), item, now_s, out)
        case LaunchSeen():
            tell_launch(plan, case, item, out)
            case = point_at(plan, case, "own space warning", where_launched(item), now_s, out)
            launch = LaunchEstimate(item.lat_rad, item.lon_rad, item.error_m, item.launch_s, item.launch_sigma_s)
            return replace(case, launch=launch, warned_s=min(case.warned_s, now_s))
        case Assessed():
            return assessed(plan, case, item, out)
        case OperatorAction():
            answers = case.answers.with_answer(item.act, item.role, item.answer)
            if item.answer == "no" and math.isinf(case.released_s):
                return replace(case, answers=answers, look_again_s=-math.inf, granted_s=math.inf)  # taken back
            return replace(case, answers=answers, look_again_s=-math.inf)
        case Received():
            return received(plan, case, item, heard, now_s, out)
        case Wake():
            return silence(plan, case, now_s, out)


def renewed(case: Case, own: OwnTrack) -> Case:
    """Take the own track; one that has only ended (the object is gone) is no reason to look for a shot."""
    has_only_ended = case.own is not None and own.track.time_s.size < case.own.track.time_s.size
    return replace(case, own=own, look_again_s=case.look_again_s if has_only_ended else -math.inf)


def assessed(plan: Plan, case: Case, item: Assessed, out: list[Output]) -> Case:
    """Take the result of a shot: close the case on a kill, look for another shot on a miss."""
    own = tuple(p for p in case.pending if abs(p.intercept_s - item.attempt_s) < 1e-6)
    if own:
        for rule in rules_for(plan, "kill-assessment", case.states):
            record = KillReport(case.object, plan.complex_id, item.attempt_s, item.is_killed)
            out.append(Share(record, rule.receiver, rule.act, rule.product))
    left = tuple(p for p in case.pending if p not in own)
    if not item.is_killed:
        return replace(case, pending=left, look_again_s=-math.inf)
    return replace(case, pending=left, is_closed=True, reason=case.reason if case.shots else "done")


def received(plan: Plan, case: Case, item: Received, heard: Heard | None, now_s: float, out: list[Output]) -> Case:
    """Take a partner's record: it may warn, cue and place an object; it never orders anything."""
    record = item.record
    case = with_news(plan, case, item)
    if isinstance(record, Intention):
        if record.complex_id == plan.complex_id:
            return case
        others = tuple(c for c in case.claims if c[0] != record.complex_id)
        mine = () if record.is_withdrawn else ((record.complex_id, record.intercept_s),)
        return replace(case, claims=others + mine)
    if isinstance(record, DebrisWarning):
        return case  # for people and for those under it: no decision reads it
    if isinstance(record, KillReport):
        is_spent = not record.is_killed
        return replace(case, claims=tuple(c for c in case.claims if not (is_spent and c[0] == record.complex_id)))
    if not plan.uses_partner_tracks:
        return case
    where = where_told(record)
    if where is not None:
        case = point_at(plan, case, f"news from {item.provenance.sender}", where, now_s, out)
    case = case if case.warned_s <= now_s else replace(case, warned_s=now_s)
    if not case.partner_from:
        case = replace(case, partner_from=item.provenance.sender)
    if isinstance(record, LaunchDetection):
        return case
    if case.partner is None or record.time_s >= case.partner.time_s:
        case = replace(case, partner=record)
    return see_together(plan, case, heard, item.provenance.sender, out) if heard is not None else case


def silence(plan: Plan, case: Case, now_s: float, out: list[Output]) -> Case:
    """Apply what the arrangement says follows silence on an act whose wait is over."""
    consent = plan.rules.consents.get(case.action or "intercept-over-own")
    if consent is None or all(wait.after_s is None for wait in consent.waits):
        return case
    for act in dict.fromkeys(act for act, _, _ in case.asked):
        asked = [(role, asked_s) for a, role, asked_s in case.asked if a == act]
        chain = waits_for(consent, act)
        passed = sum(w.then == "pass-to" and any(role == w.to_role for role, _ in asked) for w in chain)
        if passed >= len(chain):
            continue
        wait = chain[passed]
        since_s = max(asked_s for _, asked_s in asked)
        silent = [role for role, _ in asked if (act, role) not in case.answers.said]
        if wait.after_s is None or now_s < since_s + wait.after_s - 1e-6 or not silent:
            continue
        if wait.then == "engage":
            for role in silent:
                out.append(Alert(case.object, "fires-by-silence", f"{role} was silent on {act}"))
                case = replace(case, answers=case.answers.with_answer(act, role, "yes"))
        elif wait.then == "pass-to":
            out.append(Ask(wait.to_role, wait.to_party, act, case.object, len(asked)))
            case = replace(case, asked=(*case.asked, (act, wait.to_role, now_s)))
            following = chain[passed + 1].after_s if passed + 1 < len(chain) else None
            if following is not None:
                out.append(WakeAt(now_s + following, case.object))
    return case
