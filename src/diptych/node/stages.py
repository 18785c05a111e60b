"""The stages a case goes through at each wake: picture, responsibility, consent, engagement.

Each stage is a function of the plan, the case and the time, and gives the new case and what to send or do. They run
in this order in `advance`; a stage that cannot go on yet leaves the case for a later wake. Nothing here reads truth,
a clock or a draw.
"""

import math

import numpy as np
from msgspec.structs import replace

from diptych.command.path import FIRST_ACT, Answers, action_of, is_step_refused, next_step, waits_for, without_host
from diptych.command.plan import first_shooter
from diptych.command.sectors import sector_owner
from diptych.engagement import doctrine
from diptych.engagement.windows import PATH_STEP_S, Options, options, propose, windows
from diptych.evaluation.impact import path_of
from diptych.model.arrangement import Consent, Step
from diptych.model.decision import REASONS, Decision, DecisionKind, Proposal, Window
from diptych.model.messages import Alert, Ask, Intention, Order, Output, Share, WakeAt
from diptych.model.picture import Floats
from diptych.node.share import rules_for, shared_track
from diptych.node.state import Case, Pending, Plan

FINE_STEP_S = 1.0
FINE_PART_S = 60.0
"""The last minute of a path is sampled finely: a lower-tier battery has seconds, not minutes."""

LAST_LOOK_S = 45.0
"""How long before the predicted impact a case is looked at once more: a lower tier needs the last half minute."""

GRACE_S = 0.5
"""How long after a window's end the case is looked at once more, to write down why nothing was fired."""


def advance(
    plan: Plan, case: Case, magazines: tuple[int, ...], now_s: float
) -> tuple[Case, tuple[int, ...], tuple[Output, ...]]:
    """Take a case as far as it can go at `now_s`."""
    out: list[Output] = []
    case = see(plan, case, now_s, out)
    if case.is_closed or case.warned_s > now_s:
        return case, magazines, tuple(out)
    consent = plan.rules.consents.get(case.action or "intercept-over-own")
    if consent is None or consent.kind == "forbidden":
        case = replace(case, reason="responsibility" if case.action == "intercept-over-partner" else "rule")
    else:
        case, is_granted = seek_consent(plan, case, consent, now_s, out)
        if is_granted and case.is_responsible and evaluation_row(case, now_s) >= 0:
            case, magazines = engage(plan, case, consent, magazines, now_s, out)
    return close(plan, case, now_s, out), magazines, tuple(out)


def close(plan: Plan, case: Case, now_s: float, out: list[Output]) -> Case:
    """After the window's end, close the case and write down why nothing was fired.

    A window that grew is waited for, and so is the last look: near the end the path is known best, and a lower-tier
    battery may find a window that the first evaluation could not see.
    """
    if now_s < case.last_close_s or math.isinf(case.first_open_s) or case.pending:
        return case
    row = evaluation_row(case, now_s)
    is_early = now_s < last_look_s(case, row)
    if is_early and row == case.looked_row:
        return case
    still = windows(predicted_options(plan, case, row), now_s)
    if still:
        closes = max(w.close_s for w in still)
        out.append(WakeAt(closes + GRACE_S, case.object))
        return replace(case, last_close_s=closes)
    if is_early:
        return replace(case, looked_row=row)
    if math.isinf(case.released_s):
        out.append(Alert(case.object, "forgone", REASONS[case.reason], decided(plan, case, "forgo", now_s, 0.0)))
    return replace(case, is_closed=True)


def last_look_s(case: Case, row: int) -> float:
    """Return when a case is looked at for the last time before the predicted impact."""
    assert case.own is not None
    return float(case.own.evaluation.impact_s[row]) - LAST_LOOK_S


def decided(plan: Plan, case: Case, kind: DecisionKind, now_s: float, left_s: float) -> Decision:
    """Return the decision a case stands at, with its rule, role, reason and inputs."""
    return Decision(
        kind=kind,
        object=case.object,
        complex_id=plan.complex_id,
        action=case.action,
        rule=case.rule,
        by_role=case.by_role,
        reason="released" if kind == "release" else case.reason,
        inputs=cited(plan, case),
        time_s=now_s,
        time_left_s=left_s,
    )


# --- picture ------------------------------------------------------------------------------------------------


def evaluation_row(case: Case, now_s: float) -> int:
    """Return the newest row of the own evaluation at or before now, -1 if there is none."""
    if case.own is None:
        return -1
    return int(case.own.evaluation.time_s.searchsorted(now_s, side="right")) - 1


def see(plan: Plan, case: Case, now_s: float, out: list[Output]) -> Case:
    """Bring the case up to date with the picture: firm track, whose territory, what may be shared, first window."""
    if case.own is not None and case.own.track.confirmed_s <= now_s and math.isinf(case.confirmed_s):
        case = replace(case, confirmed_s=case.own.track.confirmed_s, warned_s=min(case.warned_s, now_s))
        out.append(Alert(case.object, "confirmed", "own track is firm"))
    row = evaluation_row(case, now_s)
    if row < 0:
        if plan.uses_partner_tracks and case.partner is not None and case.partner.states:
            case = place(plan, case, case.partner.states, case.partner.impact_lat_rad, case.partner.impact_lon_rad)
        return case
    assert case.own is not None
    evaluation = case.own.evaluation
    is_last_look = now_s >= evaluation.impact_s[row] - LAST_LOOK_S
    if row == case.seen_row and not is_last_look:
        return case
    case = replace(case, seen_row=row)
    lat, lon = evaluation.impact_rad[row].tolist()
    case = place(plan, case, evaluation.states[row], lat, lon)
    if math.isinf(case.evaluated_s):
        case = replace(case, evaluated_s=float(evaluation.time_s[row]))
    if case.is_responsible and not case.is_looked_at:
        case = open_windows(plan, replace(case, is_looked_at=True), row, now_s, out)
    elif is_last_look and math.isinf(case.released_s) and plan.batteries:
        case = widen(case, windows(predicted_options(plan, case, row), now_s), out)
    key = touched(plan, case.states)
    if key != case.has_shared:
        case = replace(case, has_shared=key)
        for rule in rules_for(plan, "track", case.states):
            out.append(Share(shared_track(case.object, row, evaluation, rule), rule.receiver, rule.act, "track"))
    return case


def touched(plan: Plan, states: tuple[str, ...]) -> tuple[str, ...]:
    """Name the complexes whose states are touched, "-" alone when none is."""
    return tuple(sorted(c for c, own in plan.complex_states.items() if not own.isdisjoint(states))) or ("-",)


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
    granted_s = case.granted_s if action == case.action else math.inf
    return replace(case, states=states, action=action, is_responsible=is_responsible, granted_s=granted_s)


def predicted_options(plan: Plan, case: Case, row: int) -> Options:
    """Compute launch times of own batteries against the path predicted from one evaluation row."""
    assert case.own is not None
    evaluation = case.own.evaluation
    start, end = float(evaluation.time_s[row]), float(evaluation.impact_s[row])
    time_s = path_times(start, end)
    return options(plan.armoury, plan.batteries, path_of(evaluation.state_ecef[row], start, time_s), time_s)


def path_times(start_s: float, end_s: float) -> Floats:
    """Return the times at which a predicted path is sampled: coarse, then fine in the last minute."""
    turn = max(start_s, end_s - FINE_PART_S)
    return np.concatenate((np.arange(start_s, turn, PATH_STEP_S), np.arange(turn, end_s, FINE_STEP_S)))


def open_windows(plan: Plan, case: Case, row: int, now_s: float, out: list[Output]) -> Case:
    """When first responsible, write down the physical window over all own batteries; ask to be woken at its end."""
    if not plan.batteries:
        return replace(case, reason="no-window")
    out.append(WakeAt(max(now_s, last_look_s(case, row)), case.object))
    return widen(case, windows(predicted_options(plan, case, row), now_s), out)


def widen(case: Case, found: tuple[Window, ...], out: list[Output]) -> Case:
    """Hold the earliest opening and the latest closing seen so far, and be woken when the last window closes."""
    if not found:
        return replace(case, reason="no-window") if math.isinf(case.first_open_s) else case
    opens, closes = min(w.open_s for w in found), max(w.close_s for w in found)
    if closes > case.last_close_s:
        out.append(WakeAt(closes + GRACE_S, case.object))
    reason = "consent" if case.reason in ("no-window", "no-track") else case.reason
    return replace(
        case, first_open_s=min(case.first_open_s, opens), last_close_s=max(case.last_close_s, closes), reason=reason
    )


# --- consent ------------------------------------------------------------------------------------------------


def seek_consent(plan: Plan, case: Case, consent: Consent, now_s: float, out: list[Output]) -> tuple[Case, bool]:
    """Walk the path: ask the next step's roles unless they have been asked; say whether permission is there.

    Only the first act (to classify) may be asked before it is known whose territory is touched and that this complex
    is responsible.
    """
    if case.granted_s <= now_s:
        return case, True
    consent = without_host(consent, is_hosted=bool(plan.hosts) and all(plan.hosts))
    step = next_step(consent, case.answers)
    if step is None:
        rule, by_role = who_consented(consent, case.answers)
        return replace(case, rule=rule, by_role=by_role, granted_s=now_s), True
    if step.act != FIRST_ACT and not (case.action and case.is_responsible):
        reason = "responsibility" if case.action and not case.is_responsible else case.reason
        return replace(case, reason=reason), False
    if is_step_refused(step, case.answers):
        return replace(case, reason="withheld", rule=step.rule, by_role=",".join(step.roles)), False
    return ask(case, consent, step, now_s, out), False


def who_consented(consent: Consent, answers: Answers) -> tuple[str, str]:
    """Return the rules that gave permission and the roles that said yes, the watch's own acts left out."""
    steps = [s for s in consent.steps if not s.rule.startswith("watch:")] or list(consent.steps)
    acts = {s.act for s in steps}
    roles = [role for (act, role), said in answers.said.items() if said == "yes" and act in acts]
    return " + ".join(dict.fromkeys(s.rule for s in steps)), ",".join(dict.fromkeys(roles))


def ask(case: Case, consent: Consent, step: Step, now_s: float, out: list[Output]) -> Case:
    """Ask every role of a step, once, and set the alarm of its wait."""
    if any(act == step.act for act, _, _ in case.asked):
        return case
    for voice, (role, party) in enumerate(zip(step.roles, step.parties, strict=True)):
        out.append(Ask(role, party, step.act, case.object, voice))
    after_s = waits_for(consent, step.act)[0].after_s
    if after_s is not None:
        out.append(WakeAt(now_s + after_s, case.object))
    reason = case.reason if case.reason == "no-window" else "consent"
    new = tuple((step.act, role, now_s) for role in step.roles)
    return replace(case, asked=case.asked + new, reason=reason, rule=step.rule, by_role=",".join(step.roles))


# --- engagement ---------------------------------------------------------------------------------------------


def engage(
    plan: Plan, case: Case, consent: Consent, magazines: tuple[int, ...], now_s: float, out: list[Output]
) -> tuple[Case, tuple[int, ...]]:
    """With permission there: shoot, wait for the window, wait for a result, hold for the plan, or say why not."""
    row = evaluation_row(case, now_s)
    if now_s < case.look_again_s and row == case.looked_row:
        return case, magazines
    found = predicted_options(plan, case, row)
    open_now = windows(found, now_s)
    next_look_s = case.look_again_s
    case = replace(widen(case, open_now, out), looked_row=row, look_again_s=-math.inf)
    if not open_now:
        if math.isinf(case.released_s):
            case = replace(case, reason="no-window" if math.isinf(case.first_open_s) else "late")
        return replace(case, look_again_s=last_look_s(case, row)), magazines
    stocked = tuple(w for w in open_now if magazines[plan.batteries.index(w.battery)] > 0)
    if not stocked:
        return (replace(case, reason="magazine") if math.isinf(case.released_s) else case), magazines
    if case.pending and not is_last_safe(stocked, case, now_s):
        return await_result(stocked, case, now_s, next_look_s, out), magazines
    hold_until = plan_hold(plan, case, open_now)
    if hold_until > now_s:
        if case.reason != "partner":
            case = replace(case, reason="partner", look_again_s=hold_until, granted_s=math.inf)
            out.append(WakeAt(hold_until, case.object))
            left = hold_until - now_s
            out.append(Alert(case.object, "held", REASONS["partner"], decided(plan, case, "hold", now_s, left)))
        return case, magazines
    busy = {p.battery for p in case.pending}
    allowed = allowed_points(plan, found)
    proposals = tuple(
        p
        for w in stocked
        if w.battery not in busy and (p := propose(found, w.battery, now_s, case.object, allowed, w)) is not None
    )
    best = doctrine.choose(proposals)
    if best is None:
        return (case if busy else replace(case, reason="sector", look_again_s=math.inf)), magazines
    if best.launch_s > now_s + PATH_STEP_S + FINE_STEP_S:
        out.append(WakeAt(best.launch_s, case.object))
        return replace(case, look_again_s=best.launch_s), magazines
    return order(plan, case, consent, magazines, best, open_now, now_s, out)


def await_result(stocked: tuple[Window, ...], case: Case, now_s: float, next_look_s: float, out: list[Output]) -> Case:
    """With shots under way, look again when their result is known or another battery must fire now or never."""
    busy = {p.battery for p in case.pending}
    known_s = max(p.known_s for p in case.pending)
    alarms = [
        alarm
        for w in stocked
        if w.battery not in busy and w.close_s < known_s and (alarm := doctrine.last_safe_s(w.close_s)) > now_s
    ]
    again_s = min([known_s, *alarms])
    if again_s < known_s and again_s != next_look_s:
        out.append(WakeAt(again_s, case.object))
    return replace(case, look_again_s=again_s)


def is_last_safe(stocked: tuple[Window, ...], case: Case, now_s: float) -> bool:
    """Whether some battery without a shot under way must fire now or never, before the pending result is known."""
    busy = {p.battery for p in case.pending}
    known = max(p.known_s for p in case.pending)
    return any(
        w.battery not in busy and w.close_s < known and now_s >= doctrine.last_safe_s(w.close_s) - 1e-6 for w in stocked
    )


def plan_hold(plan: Plan, case: Case, open_now: tuple[Window, ...]) -> float:
    """Return until when the joint plan lets this complex hold for a partner's announced attempt; -inf: it does not.

    Never beyond the own last safe launch: after that this complex fires unless its own sensors confirmed a kill.
    """
    if plan.responsibility.overlap != "joint-plan" or not case.claims:
        return -math.inf
    impact_state = case.states[0] if len(case.states) == 1 else None
    if first_shooter(case.claims, impact_state, plan.complex_states) in (None, plan.complex_id):
        return -math.inf
    return doctrine.last_safe_s(max(w.close_s for w in open_now))


def allowed_points(plan: Plan, found: Options) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Return which path points a shot may be aimed at: all, or those over the own sector."""
    duty = plan.responsibility
    allowed = np.ones(found.time_s.size, dtype=np.bool_)
    if duty.rule != "sector" or duty.fire_outside:
        return allowed
    for k in np.flatnonzero(np.isfinite(found.launch_s).any(axis=0)).tolist():
        x, y, z = found.path_ecef_m[k].tolist()
        lat, lon = math.atan2(z, math.hypot(x, y)), math.atan2(y, x)
        allowed[k] = sector_owner(lat, lon, duty.sectors) == plan.complex_id
    return allowed


def order(
    plan: Plan,
    case: Case,
    consent: Consent,
    magazines: tuple[int, ...],
    best: Proposal,
    open_now: tuple[Window, ...],
    now_s: float,
    out: list[Output],
) -> tuple[Case, tuple[int, ...]]:
    """Turn a proposal into an order, announce it where a rule says so, and set alarms for other batteries."""
    place_in = plan.batteries.index(best.battery)
    kind = plan.classes[place_in]
    shots = doctrine.shots_of(kind.salvo, magazines[place_in])
    left = max(w.close_s for w in open_now) - now_s
    decision = decided(plan, case, "release", now_s, left)
    out.append(
        Order(best.battery, case.object, shots, best.launch_s, best.intercept_s, best.intercept_ecef_m, decision)
    )
    known = best.intercept_s + kind.assess_delay_s
    for rule in rules_for(plan, "engagement-intention", case.states):
        out.append(
            Share(Intention(case.object, plan.complex_id, best.intercept_s), rule.receiver, rule.act, rule.product)
        )
    case = replace(
        case,
        pending=(*case.pending, Pending(best.battery, best.intercept_s, known)),
        shots=case.shots + shots,
        released_s=min(case.released_s, now_s),
        reason="released",
        inputs=case.inputs or decision.inputs,
    )
    case = await_result(tuple(w for w in open_now if w.battery != best.battery), case, now_s, math.inf, out)
    stock = magazines[place_in] - shots
    return case, (*magazines[:place_in], stock, *magazines[place_in + 1 :])


def cited(plan: Plan, case: Case) -> tuple[str, ...]:
    """Name the inputs a decision rests on: own track, own answers, and what a partner gave that was used."""
    given = [f"answer {act} by {role}" for (act, role), said in sorted(case.answers.said.items()) if said == "yes"]
    if plan.uses_partner_tracks and case.partner_from:
        given.append(f"from {case.partner_from}: picture of the object")
    return ("own track", *given)
