"""The commander looks a case up in the agreed rules of engagement: covered, held by a rule, or outside them.

The look-up takes the time of its act once for an object. From then on the case is looked at again whenever something
about it changes, and every `RELOOK_S` while the rules leave it to the members: a picture that sharpens may move the
case to another row of the table. Only own picture, own consents and notices go in (see `node.facts`).
"""

import math

from msgspec.structs import replace

from diptych.command.path import Answers, is_step_done
from diptych.command.rules_of_engagement import look_up
from diptych.model.arrangement import Consent
from diptych.model.messages import Alert, Output, WakeAt
from diptych.model.rules import Rulebook, Verdict
from diptych.node.facts import facts_of, held_of
from diptych.node.outlook import Basis, decided
from diptych.node.state import Case, Plan

LOOK_UP = "rule-lookup"
RELOOK_S = 30.0
"""How long after a look at a case outside the rules the watch looks again; assumed: as long as a look-up takes."""


def is_looked_up(consent: Consent, answers: Answers) -> bool:
    """Whether a consent is given under agreed rules and the commander has looked the case up in them."""
    if not consent.under:
        return False
    for step in consent.steps:
        if step.act == LOOK_UP:
            return is_step_done(step, consent, answers)
    return True


def by_rules(
    plan: Plan, case: Case, consent: Consent, cases: tuple[Case, ...], now_s: float, out: list[Output]
) -> tuple[Case, Consent | None]:
    """Return the case with what the rules say of it, and the consent it needs; None where it may not be engaged now.

    A covered case needs what the path asks anyway. One outside the rules (or kept for the members by them) needs the
    arrangement's `outside_steps` besides, or is held.
    """
    book = plan.rulebooks[consent.under]
    held = held_of(case, now_s)
    if held is None:
        return case, None
    count = min(book.many, sum(other.warned_s <= now_s for other in cases)) if "raid" in book.asked else 0
    asked = _asked(plan, case, held, count, book)
    verdict = plan.foresight.verdicts.get(asked)
    if verdict is None:
        verdict = plan.foresight.verdicts[asked] = look_up(book, facts_of(plan, case, held, count, book))
    case = _noted(plan, case, consent, verdict, now_s, out)
    if verdict.kind == "engage":
        return case, consent
    if verdict.kind == "hold":
        return case, None
    if now_s >= case.relook_s and now_s < case.last_close_s and math.isfinite(case.first_open_s):
        out.append(WakeAt(now_s + RELOOK_S, case.object))
        case = replace(case, relook_s=now_s + RELOOK_S)
    if consent.outside != "consult":
        return case, None
    return case, replace(consent, steps=(*consent.steps, *consent.outside_steps))


def _asked(plan: Plan, case: Case, held: Basis, count: int, book: Rulebook) -> tuple[object, ...]:
    """Return all that the verdict on a case depends on; a rulebook is told from another by identity."""
    evaluation, row = held
    picture = (evaluation.state_ecef[row].tobytes(), float(evaluation.time_s[row]), float(evaluation.ellipse_m[row, 0]))
    whose = (plan.rules.own_states, plan.rules.partner_states)
    return (id(book), whose, plan.notices, case.states, case.launch, count, picture)


def rule_of(consent: Consent, verdict: str) -> str:
    """Return how a decision cites the rules.  *Check*: `agreed-rules` and `engage 1 2` give `agreed-rules:1,2`."""
    kind, _, numbers = verdict.partition(" ")
    return f"{consent.under}:{numbers.replace(' ', ',') if numbers else kind}"


def _noted(plan: Plan, case: Case, consent: Consent, verdict: Verdict, now_s: float, out: list[Output]) -> Case:
    """Write a verdict into the case; say so where it is not to engage and differs from the last."""
    said = " ".join((verdict.kind, *(str(number) for number in verdict.numbers)))
    is_new = said != case.verdict
    if is_new:
        case = replace(case, verdict=said, first_verdict=case.first_verdict or said)
    if verdict.kind == "engage":
        return case
    reason = "rule" if verdict.kind == "hold" else "outside-rules"
    kept = case.reason if case.reason == "no-window" else reason
    outside_s = min(case.outside_s, now_s) if reason == "outside-rules" else case.outside_s
    case = replace(case, reason=kept, rule=rule_of(consent, said), outside_s=outside_s)
    if is_new:
        left_s = max(0.0, case.last_close_s - now_s) if math.isfinite(case.last_close_s) else 0.0
        decision = decided(plan, case, "hold", now_s, left_s)
        out.append(Alert(case.object, "outside-rules" if reason != "rule" else "held", SAID[verdict.kind], decision))
    return case


SAID = {
    "hold": "the agreed rules say to hold",
    "consult": "the agreed rules keep the case for the members",
    "outside": "the agreed rules do not cover the case",
    "contradiction": "the agreed rules contradict themselves on the case",
}
"""What a complex's people read when the rules do not let the commander engage."""
