"""With permission there: shoot, wait for the window, wait for a result, hold for the plan, or say why not."""

import math
from collections.abc import Sequence

import numpy as np
from msgspec.structs import replace

from diptych.command.path import is_step_done
from diptych.command.sectors import sector_owner
from diptych.engagement import doctrine
from diptych.engagement.doctrine import Need
from diptych.engagement.windows import PATH_STEP_S, Options, mode_of, propose
from diptych.kernels.earth import ecef_to_geodetic
from diptych.kernels.guidance import ORGANIC
from diptych.model.decision import REASONS, Proposal, Window
from diptych.model.messages import Alert, Order, Output, WakeAt
from diptych.node.debris import warn_of_debris
from diptych.node.foresight import FINE_STEP_S
from diptych.node.outlook import (
    Basis,
    decided,
    foresee,
    next_look,
    point_radars,
    tracked_by,
    widen,
)
from diptych.node.planning import ahead, claim, withdraw
from diptych.node.state import Case, Pending, Plan

HOLD_RECHECK_S = 15.0
"""How often a held shot is looked at again: the window of a better track may close earlier. Assumed."""

HOST = "host-consent"


def engage(
    plan: Plan,
    case: Case,
    known: Basis | None,
    magazines: tuple[int, ...],
    now_s: float,
    out: list[Output],
    cases: tuple[Case, ...] = (),
) -> tuple[Case, tuple[int, ...]]:
    """With permission there: shoot, wait for the window, wait for a result, hold for the plan, or say why not.

    `known` is what a shot would rest on; `cases` are all of the complex: interceptors may be kept for objects with
    fewer batteries. Looks come at the times the case has set itself and on own news, never because something else woke
    the node: a message that no decision uses must not move a shot.
    """
    if known is None or now_s < case.look_again_s - 1e-6:
        return case, magazines
    found, open_now = foresee(plan, case, known, now_s)
    next_look_s = case.look_again_s
    case = widen(case, open_now, out)
    if not open_now:
        if math.isinf(case.released_s):
            case = replace(case, reason="no-window" if math.isinf(case.first_open_s) else "late")
        return look_later(case, next_look(known, now_s), out), magazines
    case = point_radars(plan, case, known, out)
    stock = stock_for(plan, case, magazines, cases)
    stocked = tuple(w for w in open_now if may_fire(plan, case, stock, plan.batteries.index(w.battery)))
    if not stocked:
        is_empty = all(stock[plan.batteries.index(w.battery)] <= 0 for w in open_now)
        reason = "magazine" if is_empty else "withheld" if is_host_refusing(plan, case) else "consent"
        again_s = now_s + HOLD_RECHECK_S if stock != magazines else math.inf  # what is kept for others may come free
        case = look_later(case, again_s, out)
        return (replace(case, reason=reason) if math.isinf(case.released_s) else case), magazines
    if case.pending and not is_last_safe(stocked, case, now_s):
        return await_result(stocked, case, now_s, next_look_s, out), magazines
    busy = {p.battery for p in case.pending}
    rows = [plan.batteries.index(w.battery) for w in stocked if w.battery not in busy]
    allowed = allowed_points(plan, found, rows, now_s)
    proposals = tuple(
        p
        for w in stocked
        if w.battery not in busy and (p := propose(found, w.battery, now_s, case.object, allowed, w)) is not None
    )
    best = doctrine.choose(proposals)
    if best is None:
        case = case if busy else replace(case, reason="sector")
        return look_later(case, next_look(known, now_s), out), magazines
    if best.launch_s > now_s + PATH_STEP_S + FINE_STEP_S or not is_guided(plan, case, best.battery, now_s):
        return look_later(case, max(best.launch_s, now_s + FINE_STEP_S), out), magazines
    hold_until = plan_hold(plan, case, stocked, now_s, cases)
    if hold_until > now_s:
        return hold(plan, case, hold_until, now_s, out), magazines
    warn_of_debris(plan, case, known, best, out)
    return order(plan, case, magazines, stock, best, open_now, now_s, out)


def hold(plan: Plan, case: Case, until_s: float, now_s: float, out: list[Output]) -> Case:
    """Hold a shot that is due for a partner's announced attempt; look again by the last safe time at the latest."""
    again_s = min(until_s, now_s + HOLD_RECHECK_S)
    out.append(WakeAt(again_s, case.object))
    is_new = case.reason != "partner"
    held_from_s = min(case.held_from_s, now_s)
    case = replace(case, reason="partner", look_again_s=again_s, granted_s=math.inf, held_from_s=held_from_s)
    if is_new:
        decision = decided(plan, case, "hold", now_s, until_s - now_s)
        out.append(Alert(case.object, "held", REASONS["partner"], decision))
        case = withdraw(plan, case, out)
    return case


def look_later(case: Case, again_s: float, out: list[Output]) -> Case:
    """Set the time of the next look; inf: only own news brings one."""
    if math.isfinite(again_s):
        out.append(WakeAt(again_s, case.object))
    return replace(case, look_again_s=again_s)


def stock_for(plan: Plan, case: Case, magazines: tuple[int, ...], cases: tuple[Case, ...]) -> tuple[int, ...]:
    """Return what each battery may spend on this object: its magazine without what is kept for others."""
    others = [
        Need(c.options, c.shots)
        for c in cases
        if c.object != case.object and c.options and c.is_responsible and not c.is_closed
    ]
    if not others:
        return magazines
    own = Need(case.options, case.shots)
    return tuple(
        max(0, left - doctrine.reserved(battery, own, others, kind.salvo))
        for battery, kind, left in zip(plan.batteries, plan.classes, magazines, strict=True)
    )


def is_tracking(plan: Plan, case: Case, battery: int, now_s: float) -> bool:
    """Whether a fire-control radar of the battery tracks the object now."""
    tracked = tracked_by(case.own, now_s)
    return any(guide.radar in tracked for guide in plan.armoury.guides[battery])


def is_guided(plan: Plan, case: Case, battery: int, now_s: float) -> bool:
    """Whether a battery may launch now: one that is organic only needs its own radar to track the object."""
    return int(plan.armoury.mode[battery]) != ORGANIC or is_tracking(plan, case, battery, now_s)


def fired_of(case: Case, class_id: str) -> int:
    """Return how many interceptors of a class this complex has fired at the object."""
    return dict(case.fired).get(class_id, 0)


def may_fire(plan: Plan, case: Case, stock: tuple[int, ...], place_in: int) -> bool:
    """Whether a battery has an interceptor the doctrine lets it fire and, where the path asks its host, his consent."""
    kind = plan.classes[place_in]
    if doctrine.shots_of(kind, fired_of(case, kind.id), stock[place_in]) <= 0:
        return False
    consent = plan.rules.consents[case.action]
    host = plan.hosts[place_in]
    if not host or case.answers.said.get((HOST, f"{host.lower()}.host")) == "no":
        return not host
    return all(is_step_done(step, consent, case.answers) for step in consent.steps if step.act == HOST)


def is_host_refusing(plan: Plan, case: Case) -> bool:
    """Whether a host of some own battery has said no: alone, or as the only host there is."""
    hosts = {host for host in plan.hosts if host}
    said = case.answers.said
    return any(said.get((HOST, role)) == "no" for role in ("host", *(f"{h.lower()}.host" for h in hosts)))


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


def plan_hold(plan: Plan, case: Case, stocked: tuple[Window, ...], now_s: float, cases: tuple[Case, ...] = ()) -> float:
    """Return until when the joint plan lets this complex hold for a partner's announced attempt; -inf: it does not.

    Never beyond the last safe launch of a battery that has interceptors: after that this complex fires unless its own
    sensors confirmed a kill. Which claims hold it, and which no longer do, `node.planning.ahead` says.
    """
    if not ahead(plan, case, now_s, cases):
        return -math.inf
    return doctrine.last_safe_s(max(w.close_s for w in stocked))


def allowed_points(
    plan: Plan, found: Options, rows: Sequence[int], now_s: float
) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Return which path points a shot may be aimed at: all, or of those over the own sector each battery's first.

    `rows` are the places of the batteries in question among the own ones; only points that they can meet by a launch
    from now on are looked at.
    """
    duty = plan.responsibility
    if duty.rule != "sector" or duty.fire_outside:
        return np.ones(found.time_s.size, dtype=np.bool_)
    is_own: dict[int, bool] = {}
    for row in rows:
        for k in np.flatnonzero(found.launch_s[row] >= now_s).tolist():
            if k not in is_own:
                lat, lon, _ = ecef_to_geodetic(*found.path_ecef_m[k].tolist())
                is_own[k] = sector_owner(lat, lon, duty.sectors) == plan.complex_id
            if is_own[k]:
                break
    allowed = np.zeros(found.time_s.size, dtype=np.bool_)
    allowed[[k for k, own in is_own.items() if own]] = True
    return allowed


def order(
    plan: Plan,
    case: Case,
    magazines: tuple[int, ...],
    stock: tuple[int, ...],
    best: Proposal,
    open_now: tuple[Window, ...],
    now_s: float,
    out: list[Output],
) -> tuple[Case, tuple[int, ...]]:
    """Turn a proposal into an order, announce it where a rule says so, and set alarms for other batteries."""
    place_in = plan.batteries.index(best.battery)
    kind = plan.classes[place_in]
    fired = fired_of(case, kind.id)
    shots = doctrine.shots_of(kind, fired, stock[place_in])
    is_tracked = is_tracking(plan, case, best.battery, now_s)
    mode = mode_of(int(plan.armoury.mode[best.battery]), is_tracked=is_tracked)
    left = max(w.close_s for w in open_now) - now_s
    decision = decided(plan, case, "release", now_s, left)
    out.append(
        Order(best.battery, case.object, shots, best.launch_s, best.intercept_s, best.intercept_ecef_m, decision, mode)
    )
    known = best.intercept_s + kind.assess_delay_s
    claim(plan, case, best.intercept_s, out)
    case = replace(
        case,
        pending=(*case.pending, Pending(best.battery, best.intercept_s, known)),
        claims=(*(c for c in case.claims if c[0] != plan.complex_id), (plan.complex_id, best.intercept_s)),
        shots=case.shots + shots,
        fired=(*((c, n) for c, n in case.fired if c != kind.id), (kind.id, fired + shots)),
        permitted_s=case.granted_s if math.isinf(case.released_s) else case.permitted_s,
        released_s=min(case.released_s, now_s),
        reason="released",
        inputs=case.inputs or decision.inputs,
    )
    case = await_result(tuple(w for w in open_now if w.battery != best.battery), case, now_s, math.inf, out)
    left_in = magazines[place_in] - shots
    return case, (*magazines[:place_in], left_in, *magazines[place_in + 1 :])
