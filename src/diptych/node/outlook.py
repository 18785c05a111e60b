"""What the own track lets a complex expect: newest evaluation, predicted path, windows, and decisions as they stand.

Shared by the stages (`node.stages`) and the shooting (`node.shooting`); nothing here asks, orders or sends.
"""

import math
from bisect import bisect_right
from typing import NamedTuple

import numpy as np
from msgspec.structs import replace

from diptych.command.plan import citation
from diptych.model.decision import Decision, DecisionKind, Window
from diptych.model.messages import Output, OwnTrack, WakeAt
from diptych.model.picture import EvaluationHistory
from diptych.node.cues import point_at, where_tracked
from diptych.node.foresight import Chance, prediction_of
from diptych.node.joint import picture
from diptych.node.state import Case, Plan

LAST_LOOK_S = 45.0
"""How long before the predicted impact a case is looked at once more: a lower tier needs the last half minute."""

FRESH_S = 10.0
"""A radar that has not seen an object for so long does not track it. Assumed: a few looks of any radar here."""

TRACK_LOOKS = 4
"""Detections after which a radar tracks an object by itself: as many as confirm a track."""

RELOOK_S = 300.0
LATE_RELOOK_S = 25.0
"""The shortest time from one look for a missing window to the next, and that near the end of the flight. Assumed."""

GRACE_S = 0.5
"""How long after a window's end the case is looked at once more, to write down why nothing was fired."""


def evaluation_row(case: Case, now_s: float) -> int:
    """Return the newest row of the own evaluation at or before now, -1 if there is none."""
    if case.own is None:
        return -1
    return bisect_right(case.own.evaluation.time_s, now_s) - 1  # quicker than searchsorted on a dozen rows


class Basis(NamedTuple):
    """What an engagement rests on: a row of an evaluation, the own one or the joint picture's."""

    evaluation: EvaluationHistory
    row: int


def basis(plan: Plan, case: Case, row: int) -> Basis | None:
    """Return what an engagement of an object would rest on: the own evaluation, None where there is none.

    `row` is the newest of the own evaluation, as `evaluation_row` gives it.

    Only under an arrangement that launches on partner tracks it may be the joint picture: where that is sharper than
    the own evaluation, or the own radars have nothing.
    """
    if not plan.launches_on_partner or case.joint is None:
        return Basis(case.own.evaluation, row) if case.own is not None and row >= 0 else None
    return Basis(*picture(case, row)) if row >= 0 else Basis(case.joint, 0)


def last_look_s(known: Basis) -> float:
    """Return when a case is looked at for the last time before the predicted impact."""
    return float(known.evaluation.impact_s[known.row]) - LAST_LOOK_S


def next_look(known: Basis, now_s: float) -> float:
    """Return when to look again for a window that is not there: after twice the time each time, then near the end.

    The track gains most just after burnout. inf when another look could not help any more.
    """
    last_s = last_look_s(known)
    if now_s < last_s:
        return min(last_s, now_s + max(RELOOK_S, now_s - float(known.evaluation.time_s[0])))
    again_s = now_s + LATE_RELOOK_S
    return again_s if again_s < last_s + LAST_LOOK_S else math.inf


def foresee(plan: Plan, case: Case, known: Basis, now_s: float) -> Chance:
    """Return the launch times of own batteries that the track allows now, and the windows open now.

    The path is predicted from one row of an evaluation, its error from the covariance held then: points must be known
    well enough, and guided.
    """
    held = prediction_of(known.evaluation, known.row)
    reach = plan.foresight.reach(plan.armoury, plan.batteries, held)
    if reach.latest_s < now_s:
        return Chance(reach.found, ())  # too late for everybody: who guides makes no difference
    return plan.foresight.chance(plan.armoury, plan.batteries, held, now_s, tracked_by(case.own, now_s))


def tracked_by(own: OwnTrack | None, now_s: float) -> tuple[int, ...]:
    """Return the radars that track an object now: enough detections in all, the last of them fresh."""
    if own is None:
        return ()
    last = int(own.track.time_s.searchsorted(now_s, side="right"))
    fresh = int(own.track.time_s.searchsorted(now_s - FRESH_S, side="left"))
    radars = own.track.sensor[:last]
    return tuple(r for r in sorted(set(radars[fresh:].tolist())) if np.count_nonzero(radars == r) >= TRACK_LOOKS)


def widen(case: Case, found: tuple[Window, ...], out: list[Output]) -> Case:
    """Hold the earliest opening and the latest closing seen so far, and be woken when the last window closes."""
    if not found:
        return replace(case, reason="no-window") if math.isinf(case.first_open_s) else case
    opens, closes = min(w.open_s for w in found), max(w.close_s for w in found)
    if closes > case.last_close_s:
        out.append(WakeAt(closes + GRACE_S, case.object))
    reason = "consent" if case.reason in ("no-window", "no-track") else case.reason
    return replace(
        case,
        first_open_s=min(case.first_open_s, opens),
        last_close_s=max(case.last_close_s, closes),
        options=tuple(w.battery for w in found),
        reason=reason,
    )


def point_radars(plan: Plan, case: Case, known: Basis, out: list[Output]) -> Case:
    """Point own radars at an object that can be met, by the track: a fire-control radar must have it to guide."""
    row, evaluation = known.row, known.evaluation
    time_s = float(evaluation.time_s[row])
    where = where_tracked(time_s, evaluation.state_ecef[row], evaluation.cov_ecef[row], is_coasting=True)
    return point_at(plan, case, "own track", where, time_s, out)


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


def cited(plan: Plan, case: Case) -> tuple[str, ...]:
    """Name the inputs a decision rests on: own track, answers, whose picture had arrived by then, the joint plan."""
    given = [f"answer {act} by {role}" for (act, role), said in sorted(case.answers.said.items()) if said == "yes"]
    if plan.uses_partner_tracks and case.partner_from:
        given.append(f"from {case.partner_from}: picture of the object")
    if plan.agreed is not None:
        given.append(citation(plan.agreed, case.log))
    has_own = case.own is not None or not plan.launches_on_partner
    return ("own track" if has_own else f"track of {case.partner_from}", *given)
