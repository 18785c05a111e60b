"""The joint picture of one object: the own track and a partner's newest record seen together.

What partners send never enters the own filter. When a track arrives it is laid beside the own one: does it belong to
this object, does it contradict, and what do the two say together about where the object will come down? The result is a
view of one moment with its provenance (`tracking.fuse`), not a track: it is never shared and never filtered again, so
nothing is counted twice however often it goes round.
"""

import math
from collections.abc import Sequence
from typing import NamedTuple

from msgspec.structs import replace

from diptych.evaluation.impact import evaluate_state
from diptych.model.messages import Alert, Output, Provenance, SharedTrack
from diptych.model.picture import EvaluationHistory, Fused, TrackMoment
from diptych.node.state import Case, Plan
from diptych.tracking.fuse import REASONS, at, correlate, fuse, moment_of


def name_of(record: SharedTrack, provenance: Provenance) -> str:
    """Name a record by its sender and time; no two of one object have the same."""
    return f"{provenance.sender}#{record.time_s:.3f}"


def own_moment(case: Case, now_s: float) -> TrackMoment | None:
    """Return the newest state of the own firm track of an object, None if there is none."""
    if case.own is None or case.own.track.confirmed_s > now_s:
        return None
    track = case.own.track
    row = int(track.time_s.searchsorted(now_s, side="right")) - 1
    if row < 0:
        return None
    return TrackMoment(
        time_s=float(track.time_s[row]),
        state_ecef=track.state_ecef[row],
        cov_ecef=track.cov_ecef[row],
        radars=tuple(sorted(set(track.sensor[: row + 1].tolist()))),
        is_coasting=bool(track.is_ballistic[row]),
    )


class Heard(NamedTuple):
    """A partner's track as this complex takes it: of which object, carried on to now, and fused with the own track.

    `theirs` is None where the record cannot be used, `mine` the own firm track of that object at its newest; `fused` is
    None where one of the two is missing or theirs is not known to have burnt out.
    """

    object: int
    theirs: TrackMoment | None
    mine: TrackMoment | None
    fused: Fused | None


def hear(plan: Plan, cases: Sequence[Case], record: SharedTrack, provenance: Provenance, now_s: float) -> Heard:
    """Say which object a partner's track is about: what its number says, unless own tracks say otherwise.

    The sender's number stands where the own track of that number agrees, or where no own track does. Where another own
    track fits the record and the one of that number does not, the record goes there.
    """
    beta = plan.tracker.ballistic_coefficient_kg_m2
    theirs = moment_of(record, now_s, name_of(record, provenance), beta)
    mine = own_moment(cases[record.object], now_s)
    if theirs is None or not theirs.is_coasting:
        return Heard(record.object, theirs, mine, None)
    fused = fuse(mine, theirs, plan.fusion, beta) if mine is not None else None
    if fused is not None and fused.is_consistent:
        return Heard(record.object, theirs, mine, fused)
    held = [(case.object, m) for case in cases if (m := own_moment(case, now_s)) is not None and m.is_coasting]
    rows = correlate([at(m, now_s, beta) for _, m in held], [theirs])
    for (other, moment), row in zip(held, rows.tolist(), strict=True):
        if row == 0 and other != record.object:
            return Heard(other, theirs, moment, fuse(moment, theirs, plan.fusion, beta))
    return Heard(record.object, theirs, mine, fused)


def see_together(plan: Plan, case: Case, heard: Heard, sender: str, out: list[Output]) -> Case:
    """Take a partner's track into the joint picture of its object; say so where it contradicts the own track.

    A partner's track alone makes a picture only under an arrangement that lets this complex launch on it.
    """
    theirs, mine, fused = heard.theirs, heard.mine, heard.fused
    if theirs is None:
        return case
    if mine is None or not mine.is_coasting:
        if not plan.launches_on_partner or not theirs.is_coasting:
            return case
        return _seen(plan, case, theirs, "partner alone")
    if fused is None:
        fused = fuse(mine, theirs, plan.fusion, plan.tracker.ballistic_coefficient_kg_m2)
    if not fused.rule:
        out.extend(contradiction(case.object, fused, sender))
        return case
    return _seen(plan, case, fused.moment, fused.rule)


def contradiction(index: int, fused: Fused, sender: str) -> tuple[Alert, ...]:
    """Return what people are told of a partner's track that contradicts the own one; nothing of any other."""
    if fused.reason != "inconsistent":
        return ()
    return (Alert(index, "contradicted", f"track from {sender} {REASONS[fused.reason]}"),)


def picture(case: Case, row: int) -> tuple[EvaluationHistory, int]:
    """Return the sharper of the own evaluation (its newest row) and the joint picture.

    Sharper means the smaller ellipse of impact. A joint picture that is older stays until the own track knows better.
    """
    assert case.own is not None
    own = case.own.evaluation
    if case.joint is not None and _area(case.joint, 0) < _area(own, row):
        return case.joint, 0
    return own, row


def _area(evaluation: EvaluationHistory, row: int) -> float:
    """Return the product of the axes of an impact ellipse."""
    return float(evaluation.ellipse_m[row, 0] * evaluation.ellipse_m[row, 1])


def _seen(plan: Plan, case: Case, moment: TrackMoment, rule: str) -> Case:
    """Hold what a moment threatens as the joint picture."""
    found = evaluate_state(
        moment.state_ecef, moment.cov_ecef, moment.time_s, moment.radars, plan.territory, plan.tracker
    )
    if found is None:
        return case
    again_s = -math.inf if plan.launches_on_partner else case.look_again_s
    return replace(case, joint=found, joint_rule=rule, is_joint_new=True, look_again_s=again_s)
