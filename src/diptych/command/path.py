"""Which path stands between a firm track and permission to fire, read from the arrangement.

`CommandRules` is one complex's view of the arrangement, looked up once per run; `action_of` names the action from
whose territory is touched; `next_step` says what has to be asked next; `granted` when nothing is left. Nothing here
knows the name of an arrangement.
"""

import msgspec

from diptych.model.arrangement import Arrangement, Complex, Consent, Step, Wait

FIRST_ACT = "classify"
"""The one act that may begin before it is known whose territory is touched."""


class CommandRules(msgspec.Struct, frozen=True):
    """One complex's rules: own states, partner states, consent by action."""

    complex_id: str
    own_states: frozenset[str]
    partner_states: frozenset[str]
    consents: dict[str, Consent]


class Answers(msgspec.Struct, frozen=True):
    """What people have said about one object: (act, role) -> yes or no."""

    said: dict[tuple[str, str], str] = {}

    def with_answer(self, act: str, role: str, answer: str) -> "Answers":
        """Return these answers and one more."""
        return Answers({**self.said, (act, role): answer})


def rules_of(arrangement: Arrangement, complex_id: str, party_states: dict[str, frozenset[str]]) -> CommandRules:
    """Return one complex's view of an arrangement.

    Parameters
    ----------
    party_states : mapping
        Party id to the codes of its states at the scenario's date.
    """
    own_complex: Complex = next(c for c in arrangement.complexes if c.id == complex_id)
    own = frozenset[str]().union(*(party_states[p] for p in own_complex.parties))
    partner = frozenset[str]().union(*(s for p, s in party_states.items() if p not in own_complex.parties), frozenset())
    consents = {c.action: c for c in arrangement.consents if c.complex_id == complex_id}
    return CommandRules(complex_id, own, partner, consents)


def action_of(states: tuple[str, ...], rules: CommandRules) -> str:
    """Name the action by whose territory the predicted impact area touches: own before partner before third."""
    if not rules.own_states.isdisjoint(states):
        return "intercept-over-own"
    if not rules.partner_states.isdisjoint(states):
        return "intercept-over-partner"
    return "intercept-over-third"


def is_step_done(step: Step, consent: Consent, answers: Answers) -> bool:
    """Whether enough of a step's roles, or the roles a wait passes it to, have said yes.

    A deputy makes good silence and not a refusal: a step that has been refused stays so whatever deputies say.
    """
    said = answers.said
    if not said:
        return step.need <= 0
    act, count = step.act, 0
    for i, role in enumerate(step.roles):
        if said.get((act, role)) == "yes":
            count += step.weights[i] if step.weights else 1
    if count >= step.need:
        return True
    for wait in consent.waits:
        if wait.act == act and wait.then == "pass-to" and said.get((act, wait.to_role)) == "yes":
            count += 1
    return count >= step.need and not is_step_refused(step, answers)


def is_step_refused(step: Step, answers: Answers) -> bool:
    """Whether so many votes have said no that the step can no longer be done."""
    votes = step.weights or (1,) * len(step.roles)
    left = sum(v for v, role in zip(votes, step.roles, strict=True) if answers.said.get((step.act, role)) != "no")
    return left < step.need


def next_step(consent: Consent, answers: Answers) -> Step | None:
    """Return the first step not yet done, or None when every step is (permission to fire is there)."""
    for step in consent.steps:
        if not is_step_done(step, consent, answers):
            return step
    return None


def waits_for(consent: Consent, act: str) -> tuple[Wait, ...]:
    """Return the chain of waits on an act, in order; the default is to hold to the end of the window."""
    return tuple(w for w in consent.waits if w.act == act) or (Wait(act=act, after_s=None, then="hold"),)


def without_host(consent: Consent, is_hosted: bool) -> Consent:
    """Drop the host's consent where no battery stands on a host's soil."""
    if is_hosted or all(step.act != "host-consent" for step in consent.steps):
        return consent
    return msgspec.structs.replace(consent, steps=tuple(s for s in consent.steps if s.act != "host-consent"))
