"""The stages a case goes through at each wake: picture, responsibility, consent, engagement.

Each stage is a function of the plan, the case and the time, and gives the new case and what to send or do. They run
in this order in `advance`; a stage that cannot go on yet leaves the case for a later wake. Nothing here reads truth,
a clock or a draw.
"""

import math

from msgspec.structs import replace

from diptych.command.path import FIRST_ACT, Answers, action_of, is_step_refused, next_step, waits_for, without_host
from diptych.command.sectors import sector_owner
from diptych.model.arrangement import Consent, Step
from diptych.model.decision import REASONS
from diptych.model.messages import Alert, Ask, Output, WakeAt
from diptych.model.picture import EvaluationHistory
from diptych.node.by_rules import by_rules, is_looked_up, rule_of
from diptych.node.joint import picture
from diptych.node.outlook import (
    GRACE_S,
    Basis,
    basis,
    decided,
    evaluation_row,
    foresee,
    last_look_s,
    point_radars,
    widen,
)
from diptych.node.planning import announce, withdraw
from diptych.node.shooting import engage
from diptych.node.state import Case, Plan
from diptych.node.tell import tell_picture


def advance(
    plan: Plan, case: Case, magazines: tuple[int, ...], now_s: float, cases: tuple[Case, ...] = ()
) -> tuple[Case, tuple[int, ...], tuple[Output, ...]]:
    """Take a case as far as it can go at `now_s`; `cases` are all of the complex, for what others may need."""
    out: list[Output] = []
    row = evaluation_row(case, now_s)
    known = basis(plan, case, row)
    case = see(plan, case, known, row, now_s, out)
    case = tell_picture(plan, case, row, now_s, out)
    if case.is_closed or case.warned_s > now_s:
        return case, magazines, tuple(out)
    consent = plan.rules.consents.get(case.action or "intercept-over-own")
    if consent is None or consent.kind == "forbidden":
        case = replace(case, reason="responsibility" if case.action == "intercept-over-partner" else "rule")
        case = withdraw(plan, case, out)
    else:
        case = announce(plan, case, known, magazines, now_s, out)
        case, is_granted = seek_consent(plan, case, consent, now_s, out, cases)
        if case.reason == "withheld":
            case = withdraw(plan, case, out)
        if is_granted and case.is_responsible:
            case, magazines = engage(plan, case, known, magazines, now_s, out, cases)
    return close(plan, case, known, now_s, out), magazines, tuple(out)


def close(plan: Plan, case: Case, known: Basis | None, now_s: float, out: list[Output]) -> Case:
    """After the window's end, close the case and write down why nothing was fired.

    A window that grew is waited for, and so is the last look: near the end the path is known best, and a lower-tier
    battery may find a window that the first evaluation could not see.
    """
    if now_s < case.last_close_s or math.isinf(case.first_open_s) or case.pending:
        return case
    assert known is not None  # a window was open
    is_early = now_s < last_look_s(known)
    if is_early and now_s > case.last_close_s + GRACE_S + 1e-6:
        return case  # looked at when the window closed, and again near the end
    still = foresee(plan, case, known, now_s).open_now
    if still:
        closes = max(w.close_s for w in still)
        out.append(WakeAt(closes + GRACE_S, case.object))
        return replace(case, last_close_s=closes)
    if is_early:
        return case
    case = withdraw(plan, case, out)
    if case.reason == "late" and case.outside_s < case.last_close_s:
        case = replace(case, reason="outside-rules")  # the picture brought it inside the rules, too late for a shot
    if math.isinf(case.released_s):
        out.append(Alert(case.object, "forgone", REASONS[case.reason], decided(plan, case, "forgo", now_s, 0.0)))
    return replace(case, is_closed=True)


# --- picture ------------------------------------------------------------------------------------------------


def see(plan: Plan, case: Case, known: Basis | None, row: int, now_s: float, out: list[Output]) -> Case:
    """Bring the case up to date with the picture: firm track, whose territory, what may be shared, first window."""
    if case.own is not None and case.own.track.confirmed_s <= now_s and math.isinf(case.confirmed_s):
        case = replace(case, confirmed_s=case.own.track.confirmed_s, warned_s=min(case.warned_s, now_s))
        out.append(Alert(case.object, "confirmed", "own track is firm"))
    is_joint_new, case = case.is_joint_new, replace(case, is_joint_new=False) if case.is_joint_new else case
    if row < 0:
        if case.joint is not None and known is not None:
            case = place_by(plan, case, case.joint, 0)
        elif plan.uses_partner_tracks and case.partner is not None and case.partner.states:
            case = place(plan, case, case.partner.states, case.partner.impact_lat_rad, case.partner.impact_lon_rad)
        return look(plan, case, known, now_s, out)
    own = case.own
    assert own is not None
    assert known is not None
    if row == case.seen_row and now_s < last_look_s(known) and not is_joint_new:
        return case
    case = place_by(plan, replace(case, seen_row=row), *picture(case, row))
    if math.isinf(case.evaluated_s):
        case = replace(case, evaluated_s=float(own.evaluation.time_s[row]))
    return look(plan, case, known, now_s, out)


def look(plan: Plan, case: Case, known: Basis | None, now_s: float, out: list[Output]) -> Case:
    """Look for windows when first responsible, and near the end once more where nobody may shoot yet."""
    if known is None:
        return case
    if case.is_responsible and not case.is_looked_at:
        return open_windows(plan, replace(case, is_looked_at=True), known, now_s, out)
    is_unready = case.granted_s > now_s and math.isinf(case.released_s) and bool(plan.batteries)
    if is_unready and not case.is_looked_at_late and now_s >= last_look_s(known):
        late = replace(case, is_looked_at_late=True)
        return widen(late, foresee(plan, case, known, now_s).open_now, out)
    return case


def place_by(plan: Plan, case: Case, evaluation: EvaluationHistory, row: int) -> Case:
    """Hold what one row of an evaluation says of the territory touched."""
    if evaluation.states[row] == case.states:
        return case
    lat, lon = evaluation.impact_rad[row].tolist()
    return place(plan, case, evaluation.states[row], lat, lon)


def place(plan: Plan, case: Case, states: tuple[str, ...], lat_rad: float, lon_rad: float) -> Case:
    """Hold whose territory is touched, and from it the action and whether this complex is responsible."""
    if states == case.states:
        return case
    action = action_of(states, plan.rules)
    duty = plan.responsibility
    if duty.rule == "sector" and duty.sector_by == "impact":
        is_responsible = sector_owner(lat_rad, lon_rad, duty.sectors) == plan.complex_id
    elif duty.rule == "own-territory":
        is_responsible = action == "intercept-over-own"
    else:
        is_responsible = True
    if action == case.action and is_responsible == case.is_responsible:
        return replace(case, states=states)
    granted_s = case.granted_s if action == case.action else math.inf
    return replace(
        case,
        states=states,
        action=action,
        is_responsible=is_responsible,
        granted_s=granted_s,
        look_again_s=-math.inf,
    )


def open_windows(plan: Plan, case: Case, known: Basis, now_s: float, out: list[Output]) -> Case:
    """When first responsible, write down the physical window over all own batteries; ask to be woken at its end."""
    if not plan.batteries:
        return replace(case, reason="no-window")
    out.append(WakeAt(max(now_s, last_look_s(known)), case.object))
    found = foresee(plan, case, known, now_s).open_now
    return widen(point_radars(plan, case, known, out) if found else case, found, out)


# --- consent ------------------------------------------------------------------------------------------------


def seek_consent(
    plan: Plan, case: Case, consent: Consent, now_s: float, out: list[Output], cases: tuple[Case, ...] = ()
) -> tuple[Case, bool]:
    """Walk the path: ask the next step's roles unless they have been asked; say whether permission is there.

    Only the first act (to classify) may be asked before it is known whose territory is touched and that this complex
    is responsible. Under agreed rules of engagement the path goes on as they say once the case is looked up in them.
    """
    if case.granted_s <= now_s:
        return case, True
    whole = consent
    consent = without_host(consent, is_hosted=bool(plan.hosts) and all(plan.hosts))
    if is_looked_up(consent, case.answers) and case.action and case.is_responsible:
        case, needed = by_rules(plan, case, consent, cases, now_s, out)
        if needed is None:
            return case, False
        consent = needed
    step = next_step(consent, case.answers)
    if step is None:
        for host in (s for s in whole.steps if s.act == "host-consent" and s not in consent.steps and any(plan.hosts)):
            case = ask(case, whole, host, now_s, out)  # batteries on a host's soil still wait for it
        rule, by_role = who_consented(consent, case.answers)
        if consent.under:
            rule = f"{rule} + {rule_of(consent, case.verdict)}"
        return replace(case, rule=rule, by_role=by_role, granted_s=now_s), True
    if step.act != FIRST_ACT and not (case.action and case.is_responsible):
        reason = "responsibility" if case.action and not case.is_responsible else case.reason
        return replace(case, reason=reason), False
    if is_step_refused(step, case.answers):
        return replace(under(case, step), reason="withheld"), False
    rule = case.rule
    case = ask(case, consent, step, now_s, out)
    if step in consent.outside_steps:
        case = replace(case, rule=rule, reason=case.reason if case.reason == "no-window" else "outside-rules")
    return case, False


def who_consented(consent: Consent, answers: Answers) -> tuple[str, str]:
    """Return the rules that gave permission and the roles that said yes, the watch's own acts left out."""
    steps = [s for s in consent.steps if not s.rule.startswith("watch:")] or list(consent.steps)
    acts = {s.act for s in steps}
    roles = [role for (act, role), said in answers.said.items() if said == "yes" and act in acts]
    return " + ".join(dict.fromkeys(s.rule for s in steps)), ", ".join(dict.fromkeys(roles))


def ask(case: Case, consent: Consent, step: Step, now_s: float, out: list[Output]) -> Case:
    """Ask every role of a step, once, and set the alarm of its wait."""
    if any(act == step.act and role in step.roles for act, role, _ in case.asked):
        return case
    for voice, (role, party) in enumerate(zip(step.roles, step.parties, strict=True)):
        out.append(Ask(role, party, step.act, case.object, voice))
    after_s = waits_for(consent, step.act)[0].after_s
    if after_s is not None:
        out.append(WakeAt(now_s + after_s, case.object))
    reason = case.reason if case.reason == "no-window" else "consent"
    new = tuple((step.act, role, now_s) for role in step.roles)
    return replace(under(case, step), asked=case.asked + new, reason=reason)


def under(case: Case, step: Step) -> Case:
    """Hold whom a case waits for; once something is fired, who released it stands until somebody releases again."""
    if math.isfinite(case.released_s):
        return case
    return replace(case, rule=step.rule, by_role=", ".join(step.roles))
