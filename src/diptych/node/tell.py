"""When a node tells its receivers what it knows: a track becomes firm, its impact touches somebody else, time is up.

The sharing rules say what goes to whom; here stands when. A rule without a period lets a track out twice over: when it
becomes firm, and whenever the predicted impact touches other complexes than before. A rule with a period tells it again
that often as long as own sensors renew it. What the records hold is `node.share`'s.
"""

import math

from msgspec.structs import replace

from diptych.model.arrangement import Sharing
from diptych.model.messages import ImpactPrediction, LaunchSeen, Output, OwnTrack, Share, SharedTrack, WakeAt
from diptych.node import share
from diptych.node.state import Case, Plan

REPEATED = ("track", "impact-prediction")
"""The products that change while an object flies."""

STALE_AFTER_S = 60.0
"""A track that own sensors have not renewed for so long is told no more. Assumed: the tracker's own drop time."""


def tell_launch(plan: Plan, case: Case, seen: LaunchSeen, out: list[Output]) -> None:
    """Share a launch that own space warning has seen."""
    for rule in share.rules_for(plan, "launch-detection", case.states):
        out.append(Share(share.launch_detection(seen, rule), rule.receiver, rule.act, rule.product))


def tell_firm(plan: Plan, case: Case, own: OwnTrack, now_s: float, out: list[Output]) -> Case:
    """Share a track that has just become firm but cannot be evaluated yet (the object is still under power)."""
    if not math.isinf(case.confirmed_s) or own.track.confirmed_s > now_s:
        return case
    if own.evaluation.time_s.size and own.evaluation.time_s[0] <= now_s:
        return case
    return _tell(plan, case, own, -1, now_s, out, is_news=True)


def tell_picture(plan: Plan, case: Case, row: int, now_s: float, out: list[Output]) -> Case:
    """Share an own track that is firm, on news and as often as the rules say.

    `row` is the newest row of the evaluation, -1 if the object cannot be evaluated yet.
    """
    own = case.own
    if own is None:
        return case
    is_news = False
    if row >= 0 and case.states != case.judged_states:
        key = touched(plan, case.states)
        is_news = key != case.has_shared
        case = replace(case, has_shared=key, judged_states=case.states)
    if not is_news and not case.told_s:
        return case
    return _tell(plan, case, own, row, now_s, out, is_news=is_news)


def touched(plan: Plan, states: tuple[str, ...]) -> tuple[str, ...]:
    """Name the complexes whose states are touched, "-" alone when none is."""
    return tuple(sorted(c for c, own in plan.complex_states.items() if not own.isdisjoint(states))) or ("-",)


def _tell(plan: Plan, case: Case, own: OwnTrack, row: int, now_s: float, out: list[Output], *, is_news: bool) -> Case:
    """Let out what is due: everything that repeats if there is news, else what its period has brought round."""
    told = dict(case.told_s)
    is_renewed = _is_renewed(own, now_s)
    for number, rule in enumerate(plan.sharing):
        if rule.product not in REPEATED or not share.is_wanted(rule, case.states, plan.receiver_states):
            continue
        is_due = rule.period_s is not None and now_s >= told.get(number, -math.inf) + rule.period_s - 1e-6
        if not is_news and not (is_due and is_renewed):
            continue
        record = _record(case.object, own, row, now_s, rule)
        if record is not None:
            out.append(Share(record, rule.receiver, rule.act, rule.product))
        if rule.period_s is not None:
            told[number] = now_s
            if row < 0 or now_s + rule.period_s < own.evaluation.impact_s[row]:
                out.append(WakeAt(now_s + rule.period_s, case.object))
    return case if told == case.told_s else replace(case, told_s=told)


def _record(
    object_index: int, own: OwnTrack, row: int, now_s: float, rule: Sharing
) -> SharedTrack | ImpactPrediction | None:
    """Return what a rule lets out of an own track now, None where there is nothing of that product yet."""
    if rule.product == "impact-prediction":
        return share.impact_prediction(object_index, row, own.evaluation, rule) if row >= 0 else None
    return share.shared_track(object_index, own, row, now_s, rule)


def _is_renewed(own: OwnTrack, now_s: float) -> bool:
    """Whether own sensors have renewed a track lately."""
    newest = int(own.track.time_s.searchsorted(now_s, side="right")) - 1
    return newest >= 0 and now_s - float(own.track.time_s[newest]) <= STALE_AFTER_S
