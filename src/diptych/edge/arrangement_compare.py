"""`diptych arrangement compare`: what differs between two arrangements, question by question.

Sharing, responsibility, consent, who can block, properties, time of the path; what is the same is said in a word. Sides
are compared party by party, since two arrangements may unfold into different complexes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

import msgspec

from diptych.command.actions import ACTIONS, INTERCEPTS
from diptych.command.plan import grounds_said
from diptych.edge.arrangement_check import mark_of
from diptych.edge.checking import Checked, answer_text, checked
from diptych.model.arrangement import Arrangement
from diptych.model.errors import ScenarioError

Facts = dict[str, str]
"""What an arrangement says on one question: facts by name."""


class Difference(msgspec.Struct, frozen=True):
    """One fact on which two arrangements differ; empty where one says nothing."""

    question: str
    about: str
    first: str
    second: str


def compare_verb(first: str, second: str, scenario_name: str, window_s: float, *, as_json: bool) -> str:
    """Return what differs between two arrangements, as text or JSON.

    Raises
    ------
    ScenarioError
        One of the two cannot be read, or is the baseline.
    """
    for name in (first, second):
        if name in ("alone", "all"):
            raise ScenarioError(
                f"arrangement compare: expected one arrangement, got {name!r}, which stands for several"
            )
    (one,), (other,) = checked((first,), scenario_name, window_s), checked((second,), scenario_name, window_s)
    found = differences(one, other)
    if as_json:
        content = {"first": one.arrangement.id, "second": other.arrangement.id, "differences": found}
        return msgspec.json.format(msgspec.json.encode(content), indent=2).decode() + "\n"
    lines = [f"{one.arrangement.id}: {one.arrangement.title}", f"{other.arrangement.id}: {other.arrangement.title}", ""]
    width = max(len(one.arrangement.id), len(other.arrangement.id))
    for question in QUESTIONS:
        mine = [d for d in found if d.question == question]
        lines.append(f"{question}: {'the same' if not mine else ''}".rstrip())
        for item in mine:
            lines.append(f"  {item.about}")
            lines.append(f"    {one.arrangement.id:<{width}}  {item.first or '-'}")
            lines.append(f"    {other.arrangement.id:<{width}}  {item.second or '-'}")
    return "\n".join(lines) + "\n"


def differences(one: Checked, other: Checked) -> tuple[Difference, ...]:
    """Return every fact on which two arrangements differ, question by question."""
    found = []
    for question, facts_of in QUESTIONS.items():
        mine, theirs = facts_of(one), facts_of(other)
        for about in dict.fromkeys([*mine, *theirs]):
            a, b = mine.get(about, ""), theirs.get(about, "")
            if a != b:
                found.append(Difference(question, about, a, b))
    return tuple(found)


def _by_party(one: Checked, action: str, say: Callable[[str, str], str]) -> Facts:
    """Gather something said of each complex under the party it serves; complexes that say the same together."""
    facts = {}
    for party in one.context.parties:
        said: dict[str, list[str]] = {}
        for own in one.context.serving(party):
            said.setdefault(say(own.id, action).replace(f"{own.id}.", ""), []).append(own.id)
        parts = [text if len(said) == 1 else f"{_some(ids)}: {text}" for text, ids in said.items() if text]
        if parts:
            facts[f"{party}: {action}"] = " | ".join(parts)
    return facts


def _some(ids: list[str]) -> str:
    return ", ".join(ids) if len(ids) <= 2 else f"{ids[0]} and {len(ids) - 1} more"


def _union(parts: Iterable[Facts]) -> Facts:
    return {key: value for part in parts for key, value in part.items()}


def _basis(one: Checked) -> Facts:
    a = one.arrangement
    facts = {f"{party}: participation": level for party, level in _participation(a).items()}
    facts["complexes"] = _some([c.id for c in a.complexes])
    facts["centres"] = ", ".join(f"{c.id} ({c.kind})" for c in a.centres)
    facts["legal form"] = a.legal.form if a.legal is not None else ""
    return facts


def _participation(a: Arrangement) -> dict[str, str]:
    return dict(a.participation)


def _sharing(one: Checked) -> Facts:
    a = one.arrangement
    facts = {}
    for rule in a.sharing:
        grid = f"to {rule.position_m / 1000:g} km" if rule.position_m else "as held"
        facts[f"{rule.product}: {rule.sender} -> {rule.receiver}"] = (
            f"{grid}, {rule.condition}, agreed by {rule.agreed_by}"
        )
    facts["partner tracks are used to"] = a.partner_tracks
    return facts


def _responsibility(one: Checked) -> Facts:
    r = one.arrangement.responsibility
    facts: Facts = {"rule": r.rule, "where two are responsible": r.overlap}
    if r.overlap == "joint-plan":
        facts["first to fire"] = grounds_said(r)
    if r.sectors:
        facts["which point counts"] = r.sector_by
        facts["may fire outside the own sector"] = "yes" if r.fire_outside else "no"
    return facts


def _consent(one: Checked) -> Facts:
    def say(complex_id: str, action: str) -> str:
        for consent in one.arrangement.consents:
            if (consent.complex_id, consent.action) == (complex_id, action):
                return " > ".join([consent.kind, *(step.act for step in consent.steps)])
        return ""

    return _union(_by_party(one, action, say) for action in INTERCEPTS)


def _blockers(one: Checked) -> Facts:
    def say(complex_id: str, action: str) -> str:
        cases = one.context.of(complex_id, action)
        texts = []
        for b in cases:
            never, window = (answer_text(b, is_window=w) for w in (False, True))
            text = never if never == window else f"{never} (in the window: {window})"
            texts.append(f"{b.case}: {text}" if b.case else text)
        return " / ".join(texts)

    return _union(_by_party(one, action, say) for action in ACTIONS)


def _properties(one: Checked) -> Facts:
    return {f.property: mark_of(f) for f in one.findings}


def _times(one: Checked) -> Facts:
    def say(complex_id: str, action: str) -> str:
        cases = [b for b in one.context.of(complex_id, action) if b.status == "open"]
        return " / ".join(dict.fromkeys(f"{b.path_s[0]:.0f} s ({b.path_s[1]:.0f} to {b.path_s[2]:.0f})" for b in cases))

    return _union(_by_party(one, action, say) for action in INTERCEPTS)


QUESTIONS: dict[str, Callable[[Checked], Facts]] = {
    "Who takes part, on what basis": _basis,
    "Who is told what": _sharing,
    "Who is responsible": _responsibility,
    "Who must consent": _consent,
    "Who can block": _blockers,
    "Properties (* claimed)": _properties,
    "Time of the path": _times,
}
