"""What a partner's word is weighed by before it is used: its standing, and how many objects only it has spoken of.

Runs for each record that arrives. What can be laid beside own data counts into the sender's standing; of a sender that
has lost it nothing is used, but its tracks are still compared, so that it can win it back. See `node.trust`.
"""

import math

from diptych.model.messages import Alert, ImpactPrediction, LaunchDetection, Output, Received, SharedTrack
from diptych.node.joint import Heard, contradiction
from diptych.node.outlook import evaluation_row
from diptych.node.state import Case, Plan, Standing
from diptych.node.trust import forgotten, judged, prediction_ratio, standing_of, track_ratio, with_standing

Weighed = tuple[tuple[Standing, ...], tuple[Case, ...], bool]


def weigh(
    plan: Plan,
    standings: tuple[Standing, ...],
    cases: tuple[Case, ...],
    item: Received,
    heard: Heard | None,
    now_s: float,
    out: list[Output],
) -> Weighed:
    """Return the standings and cases after a partner's record, and whether the record is to be used.

    When a sender loses its standing, all that it said is forgotten: own radars are no longer pointed by it, its
    announcements hold nobody, and no picture rests on it.
    """
    sender = item.provenance.sender
    old = standing_of(standings, sender)
    ratio = compared(cases, item, heard, now_s)
    if not math.isnan(ratio):
        new = judged(old, ratio, plan.trust)
        standings = with_standing(standings, new)
        if new.is_trusted != old.is_trusted:
            said = "agrees with own sensors again" if new.is_trusted else "contradicts own sensors: set aside"
            out.append(Alert(item.record.object, "distrusted", f"{sender} {said} (score {new.score:.1f})"))
        if old.is_trusted and not new.is_trusted:
            cases = tuple(forgotten(case, sender) for case in cases)
        if not new.is_trusted and heard is not None and heard.fused is not None:
            out.extend(contradiction(heard.object, heard.fused, sender))
        old = new
    return standings, cases, old.is_trusted and not is_crowding(plan, cases, item)


def compared(cases: tuple[Case, ...], item: Received, heard: Heard | None, now_s: float) -> float:
    """Return how far a record is from own data, 1 on average for honest ones; NaN where there is nothing beside it."""
    record = item.record
    if heard is not None:
        return math.nan if heard.fused is None else track_ratio(heard.fused.distance2)
    if isinstance(record, ImpactPrediction):
        case = cases[record.object]
        row = evaluation_row(case, now_s)
        if case.own is not None and row >= 0:
            return prediction_ratio(case.own.evaluation, row, record)
    return math.nan


def is_crowding(plan: Plan, cases: tuple[Case, ...], item: Received) -> bool:
    """Whether a record is of one object too many that nobody but its sender has seen."""
    record = item.record
    here = cases[record.object]
    if here.warned_s < math.inf or here.own is not None or not isinstance(record, (SharedTrack, LaunchDetection)):
        return False
    unseen = sum(case.own is None and case.partner_from == item.provenance.sender for case in cases)
    return unseen >= plan.trust.unseen_objects_count
