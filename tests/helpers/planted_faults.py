"""Faults to plant in the engine, by name: each replaces one function of `command`, `node` or `sim` by a wrong one."""

import math
from collections.abc import Callable
from typing import Any

from msgspec.structs import replace

from diptych.command import path
from diptych.model.messages import Intention, Provenance, Received, Share
from diptych.node import by_rules, planning, share, shooting, stages, step
from diptych.sim import planning as centres
from diptych.sim import run

Plant = Callable[[Any], None]
FAULTS: dict[str, Plant] = {}


def fault(name: str) -> Callable[[Plant], Plant]:
    """Register a fault under its name."""

    def keep(plant: Plant) -> Plant:
        FAULTS[name] = plant
        return plant

    return keep


def _in_all(patch: Any, name: str, new: Any, *modules: Any) -> None:
    for module in modules:
        patch.setattr(module, name, new)


# --- consent --------------------------------------------------------------------------------------------------


@fault("silence counts as yes")
def _(patch: Any) -> None:
    def done(step_: Any, consent: Any, answers: Any) -> bool:
        said = answers.said
        return any(a == step_.act for a, _ in said) and all(
            said.get((step_.act, r), "yes") == "yes" for r in step_.roles
        )

    _in_all(patch, "is_step_done", done, path, by_rules, shooting)


@fault("a refusal is ignored")
def _(patch: Any) -> None:
    real = step.absorb
    patch.setattr(step, "absorb", lambda plan_, case, item, *rest: real(
        plan_, case, replace(item, answer="yes") if getattr(item, "answer", "") == "no" else item, *rest))  # fmt: skip


@fault("a yes that was taken back stays")
def _(patch: Any) -> None:
    real = step.absorb

    def absorb(plan_: Any, case: Any, item: Any, *rest: Any) -> Any:
        if getattr(item, "answer", "") == "no" and case.answers.said.get((item.act, item.role)) == "yes":
            return case
        return real(plan_, case, item, *rest)

    patch.setattr(step, "absorb", absorb)


@fault("consent for one territory serves for another")
def _(patch: Any) -> None:
    real = stages.place
    patch.setattr(
        stages, "place", lambda plan_, case, *rest: replace(real(plan_, case, *rest), granted_s=case.granted_s)
    )


@fault("k of n is off by one")
def _(patch: Any) -> None:
    real = path.is_step_done

    def done(step_: Any, consent: Any, answers: Any) -> bool:
        return real(replace(step_, need=max(1, step_.need - 1)), consent, answers)

    _in_all(patch, "is_step_done", done, path, by_rules, shooting)


@fault("one vote more is asked than the text says")
def _(patch: Any) -> None:
    real = path.is_step_done

    def done(step_: Any, consent: Any, answers: Any) -> bool:
        return real(replace(step_, need=min(len(step_.roles), step_.need + 1)), consent, answers)

    _in_all(patch, "is_step_done", done, path, by_rules, shooting)


@fault("weights are ignored")
def _(patch: Any) -> None:
    real = path.is_step_done
    _in_all(patch, "is_step_done", lambda s, c, a: real(replace(s, weights=()), c, a), path, by_rules, shooting)


@fault("the host is not asked")
def _(patch: Any) -> None:
    real = path.without_host
    patch.setattr(stages, "without_host", lambda consent, is_hosted: real(consent, is_hosted=False))
    patch.setattr(shooting, "may_fire", lambda plan_, case, stock, k: stock[k] > 0)


@fault("passing on takes the first voice away")
def _(patch: Any) -> None:
    real = path.is_step_done

    def done(step_: Any, consent: Any, answers: Any) -> bool:
        if any(w.act == step_.act and w.then == "pass-to" for w in consent.waits):
            return any(answers.said.get((step_.act, w.to_role)) == "yes" for w in consent.waits if w.to_role)
        return real(step_, consent, answers)

    _in_all(patch, "is_step_done", done, path, by_rules, shooting)


@fault("a deputy overrules a refusal")
def _(patch: Any) -> None:
    _in_all(patch, "is_step_refused", lambda step_, answers: False, path, stages)


@fault("every wait that runs out engages")
def _(patch: Any) -> None:
    real = step.waits_for
    patch.setattr(step, "waits_for", lambda c, act: tuple(replace(w, then="engage") for w in real(c, act)))


@fault("the agreed rules are not looked up")
def _(patch: Any) -> None:
    patch.setattr(stages, "by_rules", lambda plan_, case, consent, *_: (case, consent))


@fault("to consult counts as leave to engage")
def _(patch: Any) -> None:
    real = stages.by_rules

    def ruled(plan_: Any, case: Any, consent: Any, *rest: Any) -> Any:
        case, needed = real(plan_, case, consent, *rest)
        return case, consent if consent.outside == "consult" else needed

    patch.setattr(stages, "by_rules", ruled)


# --- joint plan -----------------------------------------------------------------------------------------------


@fault("a hold for the partner has no end")
def _(patch: Any) -> None:
    real = shooting.plan_hold
    patch.setattr(shooting, "plan_hold", lambda *given: real(*given) if real(*given) < 0.0 else math.inf)


@fault("claims are ranked anew and a hold ends after the window")
def _(patch: Any) -> None:
    def ahead(agreed: Any, log: Any, complex_id: str) -> Any:
        return tuple(c for c in log if isinstance(c, Intention) and c.complex_id != complex_id)

    patch.setattr(planning, "claims_ahead", ahead)
    patch.setattr(shooting, "plan_hold", lambda p, c, stocked, now_s, cases=(): (
        max(w.close_s for w in stocked) + 1.0 if planning.ahead(p, c, now_s, cases) else -math.inf))  # fmt: skip


@fault("a partner's claim holds fire without a plan")
def _(patch: Any) -> None:
    real = shooting.plan_hold
    patch.setattr(shooting, "plan_hold", lambda p, c, stocked, now_s, cases=(): (
        max(w.close_s for w in stocked) - 3.0 if [k for k in c.claims if k[0] != p.complex_id] and p.agreed is None
        else real(p, c, stocked, now_s, cases)))  # fmt: skip


@fault("a message counts as an order")
def _(patch: Any) -> None:
    real = step.received

    def received(plan_: Any, case: Any, item: Any, heard: Any, now_s: float, out: Any) -> Any:
        case = real(plan_, case, item, heard, now_s, out)
        if isinstance(item.record, Intention) and item.record.is_withdrawn is False:
            return replace(case, granted_s=now_s)
        return case

    patch.setattr(step, "received", received)


# --- picture and sharing ----------------------------------------------------------------------------------------


@fault("a partner's track is used where the arrangement says none")
def _(patch: Any) -> None:
    real = step.received

    def received(plan_: Any, case: Any, *rest: Any) -> Any:
        case = real(replace(plan_, uses_partner_tracks=True), case, *rest)
        return replace(
            case,
            look_again_s=-math.inf,
            granted_s=math.inf if case.partner_from else case.granted_s,
            answers=case.answers if not case.partner_from else path.Answers(),
        )

    patch.setattr(step, "received", received)


@fault("records leave without a rule")
def _(patch: Any) -> None:
    real = planning.claim

    def claim(plan_: Any, case: Any, intercept_s: float, out: Any, **more: Any) -> None:
        real(plan_, case, intercept_s, out, **more)
        for other in plan_.complex_states:
            if other != plan_.complex_id:
                out.append(
                    Share(
                        Intention(case.object, plan_.complex_id, intercept_s), other, "exchange", "engagement-intention"
                    )
                )

    _in_all(patch, "claim", claim, planning, shooting)


@fault("the condition of a rule is ignored")
def _(patch: Any) -> None:
    patch.setattr(share, "is_wanted", lambda rule, states, cared_for: True)


@fault("the grid is not applied")
def _(patch: Any) -> None:
    real = share.shared_track
    patch.setattr(share, "shared_track", lambda i, own, row, now_s, rule: real(
        i, own, row, now_s, replace(rule, position_m=0.0, velocity_mps=0.0)))  # fmt: skip


@fault("a centre makes itself the source")
def _(patch: Any) -> None:
    patch.setattr(run, "Provenance", lambda sender, via, sent_s: Provenance(via[-1] if via else sender, (), sent_s))


@fault("a centre passes on what no rule names")
def _(patch: Any) -> None:
    real = centres.pass_on

    def pass_on(centre: str, sharing: Any, item: Received, cared_for: Any, **more: Any) -> Any:
        found = real(centre, sharing, item, cared_for, **more)
        everybody = {rule.receiver for rule in sharing if rule.sender == centre}
        told = {s.to for s in found}
        product = share.product_of(item.record)
        return (*found, *(Share(item.record, to, "exchange", product) for to in sorted(everybody - told)))

    patch.setattr(centres, "pass_on", pass_on)


@fault("the planning centre swallows what it is told")
def _(patch: Any) -> None:
    patch.setattr(centres.Centres, "passed_on", lambda self, centre, item: ())


# --- shooting ---------------------------------------------------------------------------------------------------


@fault("the owner of a sector is ignored")
def _(patch: Any) -> None:
    real = stages.place
    patch.setattr(stages, "place", lambda plan_, case, *rest: replace(real(plan_, case, *rest), is_responsible=True))


@fault("a shot is aimed outside the sector")
def _(patch: Any) -> None:
    import numpy as np

    patch.setattr(
        shooting, "allowed_points", lambda plan_, found, rows, now_s: np.ones(found.time_s.size, dtype=np.bool_)
    )


@fault("the magazine is not counted")
def _(patch: Any) -> None:
    real = shooting.order
    patch.setattr(shooting, "order", lambda p, case, magazines, *rest: (real(p, case, magazines, *rest)[0], magazines))


@fault("a kill is not believed")
def _(patch: Any) -> None:
    real = step.assessed
    patch.setattr(step, "assessed", lambda p, case, item, out: real(p, case, replace(item, is_killed=False), out))


@fault("losing the link stops the own system")
def _(patch: Any) -> None:
    real = stages.seek_consent

    def seek(plan_: Any, case: Any, consent: Any, *rest: Any) -> Any:
        if plan_.sharing or plan_.agreed is None:
            return real(plan_, case, consent, *rest)
        return replace(case, reason="consent"), False

    patch.setattr(stages, "seek_consent", seek)
