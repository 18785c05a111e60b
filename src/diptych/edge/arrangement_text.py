"""What an arrangement says, for people and as JSON: treaty sentences, who decides, acts with times, who is told what.

Read with the parties, states and stage times of a scenario, since a file may say `each` and a time belongs to a kind of
act. Claims are printed as claims of the author; this version does not check them.
"""

from __future__ import annotations

import textwrap

import msgspec

from diptych.command.properties import fires_by_silence
from diptych.edge.build import arrangement_names, load_scenario
from diptych.edge.files import fail, read_data, read_text
from diptych.edge.schema.base import did_you_mean
from diptych.edge.schema.extend import find_file, near_file
from diptych.model.arrangement import Arrangement, Consent, Sharing
from diptych.model.errors import ScenarioError
from diptych.model.scenario import Scenario

WIDTH = 100
GRADE_NOTE = "Times are assumptions: no public source gives numeric decision delays for any arrangement."


def arrangements_text() -> str:
    """Return one line for each shipped arrangement, from apart to joined."""
    return "".join(f"{name:<24} {title}\n" for name, title in _titles())


def arrangements_json() -> str:
    """Return the same as one JSON document."""
    content = [{"id": name, "title": title} for name, title in _titles()]
    return msgspec.json.format(msgspec.json.encode({"arrangements": content}), indent=2).decode() + "\n"


def arrangement_text(name: str, scenario_name: str) -> str:
    """Return an arrangement as plain text."""
    scenario = _scenario_with(name, scenario_name)
    return "\n".join("\n".join(_one(scenario, a)) for a in _shown(scenario, name)) + "\n"


def arrangement_yaml(name: str) -> str:
    """Return the file of an arrangement as it is, to copy and change."""
    path = find_file(name, "arrangements")
    if path is None:
        hint = near_file(name) or did_you_mean(name, arrangement_names(), "shipped")
        raise fail(name, f"expected a shipped arrangement or the path of a file, found neither; {hint}")
    return read_text(path)


def arrangement_json(name: str, scenario_name: str) -> str:
    """Return an arrangement's record (of the baseline: one for each party) as one JSON document, in SI units."""
    scenario = _scenario_with(name, scenario_name)
    content = {"scenario": scenario.id, "stages": scenario.stages, "arrangements": _shown(scenario, name)}
    return msgspec.json.format(msgspec.json.encode(content), indent=2).decode() + "\n"


def _titles() -> list[tuple[str, str]]:
    found = []
    for name in arrangement_names():
        title = read_data("arrangements", f"{name}.yaml").get("title")
        found.append((name, str(title.value) if title is not None else ""))
    return found


def _scenario_with(name: str, scenario_name: str) -> Scenario:
    wanted = ("all",) if name == "alone" else (name,)
    return load_scenario(scenario_name, arrangements=wanted)


def _shown(scenario: Scenario, name: str) -> list[Arrangement]:
    shown = [a for a in scenario.arrangements if a.is_baseline == (name == "alone")]
    if not shown:
        raise ScenarioError(f"arrangement show: expected an arrangement, got {name!r}")
    return shown


def _one(scenario: Scenario, arrangement: Arrangement) -> list[str]:
    lines = [f"{arrangement.id}: {arrangement.title}", ""]
    lines += ["A treaty text of it would say"]
    lines += [_par(f"- {sentence}") for sentence in arrangement.treaty]
    source = arrangement.treaty_source
    lines += [_par(f"Source ({source.grade}{', weak' if source.weak else ''}): {source.title} {source.url}".rstrip())]
    if source.note:
        lines += [_par(source.note)]
    lines += ["", "Complexes"]
    owners = {
        c.id: f"{len(c.owners)} states" if len(c.owners) > 4 else ", ".join(c.owners) for c in arrangement.complexes
    }
    lines += [
        f"  {c.id:<12} serves {' and '.join(c.parties)}; operates what {owners[c.id]} own"
        for c in arrangement.complexes
    ]
    if arrangement.centres:
        lines += ["", "Centres (no sensors, no interceptors)"]
        lines += [f"  {c.id:<12} {c.title}; {c.kind}; staff of {' and '.join(c.staff)}" for c in arrangement.centres]
    r = arrangement.responsibility
    lines += ["", f"Responsibility: {r.rule}; where two are responsible: {r.overlap}"]
    lines += [f"  sector of {s.owner}: {s.title}" for s in r.sectors]
    lines += ["", f"Who must consent, and the acts on the path (seconds as used in the scenario {scenario.id})"]
    lines += _consents(scenario, arrangement)
    lines += ["", "Who is told what"]
    lines += [f"  {_sharing(scenario, s)}" for s in arrangement.sharing] or ["  nobody is told anything"]
    uses = {"none": "nothing", "cue": "cue own radars and sharpen the picture", "launch": "cue, and launch on them"}
    lines += [f"  tracks of the partner are used to: {uses[arrangement.partner_tracks]}"]
    if arrangement.partner_tracks != "none":
        lines += [f"  fused with own tracks by: {arrangement.fusion}"]
    if arrangement.claims:
        claims = ", ".join(arrangement.claims)
        lines += ["", _par(f"Claims: {claims} (claimed by its author; not checked by this version)")]
    if silences := fires_by_silence(arrangement):
        lines += ["", _par(f"Properties: fires-by-silence ({'; '.join(silences)})")]
    return [*lines, "", _par(GRADE_NOTE), ""]


def _consents(scenario: Scenario, arrangement: Arrangement) -> list[str]:
    """Return a block for each distinct consent; complexes that say the same stand together."""
    same: dict[tuple[str, str, tuple[str, ...]], list[str]] = {}
    for consent in arrangement.consents:
        own = f"{consent.complex_id}."
        body = tuple(line.replace(own, "") for line in _path(scenario, consent))
        same.setdefault((consent.action, consent.kind, body), []).append(consent.complex_id)
    lines = []
    for (action, kind, body), ids in same.items():
        who = ", ".join(ids) if len(ids) <= 4 else f"{', '.join(ids[:3])} and {len(ids) - 3} more"
        lines.append(_par(f"{action} by {who}: {kind}"))
        lines += list(body)
    return lines


def _path(scenario: Scenario, consent: Consent) -> list[str]:
    times = {stage.id: stage.time_s for stage in scenario.stages}
    lines = []
    total = 0.0
    for step in consent.steps:
        time_s = times.get(step.act, 0.0)
        total += time_s
        roles = ", ".join(step.roles) if len(step.roles) <= 3 else f"{len(step.roles)} roles"
        need = "" if len(step.roles) == 1 else f", {step.need} of {len(step.roles)} must say yes"
        lines.append(f"    {step.act:<16} {time_s:8.0f} s   {roles}{need}")
    for wait in consent.waits:
        length = "to the end of the window" if wait.after_s is None else f"for {wait.after_s:.0f} s"
        then = f"pass to {wait.to_role}" if wait.then == "pass-to" else wait.then
        lines.append(f"    silence on {wait.act} {length}: {then}")
    if len(consent.steps) > 1:
        lines.append(f"    one after another: {total:.0f} s")
    return lines


def _sharing(scenario: Scenario, rule: Sharing) -> str:
    times = {stage.id: stage.time_s for stage in scenario.stages}
    grid = f", to {rule.position_m / 1000:g} km" if rule.position_m else ""
    often = "" if rule.period_s is None else f", every {rule.period_s:g} s"
    when = "" if rule.condition == "always" else f", if it {rule.condition.replace('-', ' the ')}"
    agreed = f" (agreed by: {rule.agreed_by})" if rule.agreed_by else ""
    takes = f"after {times.get(rule.act, 0.0):.0f} s"
    return f"{rule.sender} -> {rule.receiver}: {rule.product}{grid}{often}{when}, {takes}{agreed}"


def _par(text: str) -> str:
    return textwrap.fill(" ".join(text.split()), WIDTH, initial_indent="  ", subsequent_indent="    ")
