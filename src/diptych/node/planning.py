"""The joint plan as one complex follows it: its copy of the log, what it claims beforehand, for whom it holds.

The plan itself is `command.plan`; how long a hold may last is `node.shooting.plan_hold`. Where the plan only settles
overlaps, a complex claims an object when it fires. Where the plan says who is responsible, it claims as soon as it
sees a shot, so that the other side knows in time; it withdraws when it holds for somebody, is refused, or gives up.
"""

import math

import numpy as np
from msgspec.structs import replace

from diptych.command.plan import claims_ahead, with_entry
from diptych.engagement import doctrine
from diptych.engagement.windows import propose
from diptych.model.messages import Intention, KillReport, Output, Received, Share
from diptych.node.outlook import Basis, foresee
from diptych.node.share import rules_for
from diptych.node.state import Case, Plan
from diptych.node.trust import believed

CLAIM_LIFE_S = 30.0
"""How long after its announced time a partner's attempt still counts: its result should be seen by then. Assumed."""


def with_news(plan: Plan, case: Case, item: Received) -> Case:
    """Enter in the own copy of the log what its keeper tells; what comes another way is no entry."""
    record = item.record
    if plan.agreed is None or not isinstance(record, Intention | KillReport) or record.number < 1:
        return case
    if not item.provenance.via or item.provenance.via[-1] != plan.agreed.keeper:
        return case
    return replace(case, log=with_entry(case.log, record))


def ahead(plan: Plan, case: Case, now_s: float, cases: tuple[Case, ...] = ()) -> tuple[Intention, ...]:
    """Return the claims for which this complex may hold its fire at an object; none: the plan lets it fire.

    A claim whose time has passed by `CLAIM_LIFE_S` holds nobody, nor does the word of a claimant who announced others
    of `cases` and made none (`node.trust`). Both only let this side fire.
    """
    if plan.agreed is None or not case.log:
        return ()
    claims = (c for c in claims_ahead(plan.agreed, case.log, plan.complex_id) if now_s < c.intercept_s + CLAIM_LIFE_S)
    return tuple(
        c for c in claims if believed(((c.complex_id, c.intercept_s),), cases, plan.complex_id, now_s, plan.trust)
    )


def announce(
    plan: Plan, case: Case, known: Basis | None, magazines: tuple[int, ...], now_s: float, out: list[Output]
) -> Case:
    """Claim an object for which a shot is seen, before it is permitted, where the plan says who is responsible."""
    is_due = plan.responsibility.rule == "joint-plan" and not case.announced and math.isinf(case.released_s)
    if not is_due or known is None or not case.is_responsible or not case.options:
        return case
    found, open_now = foresee(plan, case, known, now_s)
    everywhere = np.ones(found.time_s.size, dtype=np.bool_)
    stocked = (w for w in open_now if magazines[plan.batteries.index(w.battery)] > 0)
    seen = (propose(found, w.battery, now_s, case.object, everywhere, w) for w in stocked)
    best = doctrine.choose(tuple(p for p in seen if p is not None))
    if best is None:
        return case
    claim(plan, case, best.intercept_s, out)
    return replace(case, announced="claimed")


def withdraw(plan: Plan, case: Case, out: list[Output]) -> Case:
    """Take back a claim on which nothing was fired."""
    if case.announced != "claimed" or math.isfinite(case.released_s):
        return case
    claim(plan, case, 0.0, out, is_withdrawn=True)
    return replace(case, announced="withdrawn")


def claim(plan: Plan, case: Case, intercept_s: float, out: list[Output], *, is_withdrawn: bool = False) -> None:
    """Tell everybody whom a rule lets know of an engagement that it is coming, or that it is not."""
    record = Intention(case.object, plan.complex_id, intercept_s, is_withdrawn, case.states)
    for rule in rules_for(plan, "engagement-intention", case.states):
        out.append(Share(record, rule.receiver, rule.act, rule.product))
