"""What an arrangement says, for people and as JSON: treaty sentences, who decides, acts with times, who is told what.

Read with the parties, states and stage times of a scenario, since a file may say `each` and a time belongs to a kind of
act. Below stand what follows from the data: the path to release as a diagram, who can block what, properties.
"""

from __future__ import annotations

import textwrap

import msgspec

from diptych.command.plan import grounds_said
from diptych.command.soundness import silences_that_fire
from diptych.edge.arrangement_check import property_lines
from diptych.edge.blocker_text import how_lines, matrix_lines
from diptych.edge.build import arrangement_names, load_scenario
from diptych.edge.checking import WINDOW_S, Checked, blockers_json, checked_one, ranges_of
from diptych.edge.files import fail, read_data, read_text
from diptych.edge.schema.base import did_you_mean
from diptych.edge.schema.extend import find_file, near_file
from diptych.model.arrangement import Arrangement, Sharing
from diptych.model.errors import ScenarioError
from diptych.model.scenario import Scenario
from diptych.report.transitions import Flow, flow_lines, flows_of

WIDTH = 100
GRADE_NOTE = "Times are assumptions: no public source gives numeric decision delays for any arrangement."


def arrangements_text() -> str:
    """Return one line for each shipped arrangement, from apart to joined."""
    return "".join(f"{name:<24} {title}\n" for name, title in _titles())


def arrangements_json() -> str:
    """Return the same as one JSON document."""
    content = [{"id": name, "title": title} for name, title in _titles()]
    return msgspec.json.format(msgspec.json.encode({"arrangements": content}), indent=2).decode() + "\n"


def arrangement_text(name: str, scenario_name: str, window_s: float = WINDOW_S) -> str:
    """Return an arrangement as plain text."""
    scenario = _scenario_with(name, scenario_name)
    shown = [checked_one(scenario, a, window_s) for a in _shown(scenario, name)]
    return "\n".join("\n".join(_one(one)) for one in shown) + "\n"


def arrangement_diagram(name: str, scenario_name: str) -> str:
    """Return the path to release as the text of an SVG file."""
    from diptych.edge.assets import load_assets  # drawing is not needed for text
    from diptych.report.transitions import transitions_picture

    scenario = _scenario_with(name, scenario_name)
    shown = _shown(scenario, name)
    flows = tuple(flow for a in shown for flow in _flows(scenario, a))
    notes = [GRADE_NOTE, f"Read with the scenario {scenario.id}. {scenario.marking}"]
    return transitions_picture(f"The path to release: {shown[0].title}", flows, notes, load_assets())


def arrangement_yaml(name: str) -> str:
    """Return the file of an arrangement as it is, to copy and change."""
    path = find_file(name, "arrangements")
    if path is None:
        hint = near_file(name) or did_you_mean(name, arrangement_names(), "shipped")
        raise fail(name, f"expected a shipped arrangement or the path of a file, found neither; {hint}")
    return read_text(path)


def arrangement_json(name: str, scenario_name: str, window_s: float = WINDOW_S) -> str:
    """Return an arrangement's record (of the baseline: one for each party) as one JSON document, in SI units.

    Beside the records: who can block what, and the properties.
    """
    scenario = _scenario_with(name, scenario_name)
    shown = _shown(scenario, name)
    found = [checked_one(scenario, a, window_s) for a in shown]
    content = {
        "scenario": scenario.id,
        "window_s": window_s,
        "stages": scenario.stages,
        "arrangements": shown,
        "blockers": {one.arrangement.id: [blockers_json(b) for b in one.blockers] for one in found},
        "properties": [finding for one in found for finding in one.findings],
    }
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


def _one(one: Checked) -> list[str]:
    scenario, arrangement = one.scenario, one.arrangement
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
    if r.overlap == "joint-plan":
        lines.append(_par(f"first to fire: {grounds_said(r)}"))
    lines += [f"  sector of {s.owner}: {s.title}" for s in r.sectors]
    lines += ["", "Who must consent"]
    lines += _consents(arrangement)
    lines += ["", "Who is told what"]
    lines += [f"  {_sharing(scenario, s)}" for s in arrangement.sharing] or ["  nobody is told anything"]
    uses = {"none": "nothing", "cue": "cue own radars and sharpen the picture", "launch": "cue, and launch on them"}
    lines += [f"  tracks of the partner are used to: {uses[arrangement.partner_tracks]}"]
    if arrangement.partner_tracks != "none":
        lines += [f"  fused with own tracks by: {arrangement.fusion}"]
    if basis := _basis(arrangement):
        lines += ["", "Taking part, and on what basis", *basis]
    lines += ["", f"The path to release: a yes goes down (seconds as used in the scenario {scenario.id})"]
    for flow in _flows(scenario, arrangement):
        lines += ["", *(f"  {line}" for line in flow_lines(flow))]
    lines += ["", *matrix_lines(one), "", *how_lines(one)]
    lines += ["", "Properties", *property_lines(one)]
    if silences := silences_that_fire(arrangement):
        lines += [_par(f"fires by silence: {'; '.join(silences)}.")]
    return [*lines, "", _par(GRADE_NOTE), ""]


def _basis(arrangement: Arrangement) -> list[str]:
    """Return how far each party takes part, and the legal basis."""
    lines = [f"  {party}: {level}" for party, level in dict(arrangement.participation).items()]
    legal = arrangement.legal
    if legal is not None:
        lines.append(_par(f"legal form: {legal.form}. {legal.says}"))
        if legal.source is not None:
            lines.append(_par(f"Source ({legal.source.grade}): {legal.source.title} {legal.source.url}".rstrip()))
    return lines


def _flows(scenario: Scenario, arrangement: Arrangement) -> tuple[Flow, ...]:
    return flows_of(arrangement, scenario.stages, ranges_of(scenario))


def _consents(arrangement: Arrangement) -> list[str]:
    """Return a line for each distinct consent; complexes that say the same stand together."""
    same: dict[tuple[str, str, str], list[str]] = {}
    for consent in arrangement.consents:
        under = f", under {consent.under}; outside them: {consent.outside}" if consent.under else ""
        same.setdefault((consent.action, consent.kind, under), []).append(consent.complex_id)
    lines = []
    for (action, kind, under), ids in same.items():
        who = ", ".join(ids) if len(ids) <= 4 else f"{', '.join(ids[:3])} and {len(ids) - 3} more"
        lines.append(_par(f"{action} by {who}: {kind}{under}"))
    return lines


def _sharing(scenario: Scenario, rule: Sharing) -> str:
    times = {stage.id: stage.time_s for stage in scenario.stages}
    grid = f", to {rule.position_m / 1000:g} km" if rule.position_m else ""
    often = "" if rule.period_s is None else f", every {rule.period_s:g} s"
    when = "" if rule.condition == "always" else f", if it {rule.condition.replace('-', ' the ')}"
    agreed = f" (agreed by: {rule.agreed_by})"
    takes = f"after {times.get(rule.act, 0.0):.0f} s"
    return f"{rule.sender} -> {rule.receiver}: {rule.product}{grid}{often}{when}, {takes}{agreed}"


def _par(text: str) -> str:
    return textwrap.fill(
        " ".join(text.split()), WIDTH, initial_indent="  ", subsequent_indent="    ", break_on_hyphens=False
    )
