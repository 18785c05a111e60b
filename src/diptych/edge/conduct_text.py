"""Conducts for people and as JSON: what each changes, its numbers with reasons, and where it can matter at all.

Where a conduct can change nothing under an arrangement, its run there is the cooperative one and is not played again;
`check` lists both kinds for every actor.
"""

from __future__ import annotations

import textwrap
from typing import Any

import msgspec

from diptych.edge.build import load_scenario
from diptych.edge.conducts import conduct_names, split_word
from diptych.edge.files import Spot, Tree, fail, read_data, read_text
from diptych.edge.schema.base import did_you_mean
from diptych.edge.schema.conduct import ConductFile
from diptych.edge.schema.extend import find_file, near_file
from diptych.edge.schema.knobs import Knobs
from diptych.model.conduct import Change, Conduct
from diptych.model.errors import ScenarioError
from diptych.model.scenario import Scenario
from diptych.sim.conduct import hosts_of, matters

WIDTH = 100
GRADE_NOTE = "Numbers are assumptions: nobody can know beforehand how a partner will behave."
DOES: dict[str, str] = {
    "stop": "lets nothing out",
    "delay": "lets out {delay_s:g} s later",
    "degrade": "rounds to {position_km:g} km and {velocity_mps:g} m/s",
    "falsify": "tells it {offset_km:g} km away from where it is",
    "invent": "tells of {count} objects that do not exist",
    "claim": "announces engagements that never happen, {before_impact_s:g} s before the impact",
    "flood": "sends {per_minute:g} messages a minute to every receiver",
    "silent": "never answers others",
    "slow": "answers others {delay_s:g} s later",
    "refuse": "says no to others",
    "withdraw": "takes back what it had agreed to",
    "hold-fire": "refuses its own shots over others' territory",
    "object": "objects in councils, and to sharing that needs its agreement",
}


def conducts_text() -> str:
    """Return one line for each shipped conduct."""
    return "".join(f"{row['id']:<20} {row['who']:<22} {row['title']}\n" for row in _rows())


def conducts_json() -> str:
    """Return the same as one JSON document."""
    return _json({"conducts": _rows()})


def conduct_text(name: str, scenario_name: str) -> str:
    """Return what a conduct says, for each actor it stands for; a shipped one also where it stands for nobody."""
    try:
        scenario, found = _found(name, scenario_name)
    except ScenarioError:
        if name not in conduct_names():
            raise
        scenario, found = load_scenario(scenario_name), []
    knobs = Knobs(Tree({}, Spot("", 1, 1)), ())
    first = found[0] if found else _of_nobody(name, knobs)
    lines = [f"{split_word(first.label)[0]}: {first.title}", _par(first.says), "", f"From: {_since(first)}", "Changes"]
    lines += [f"  {line}" for line in _changes(first)] or ["  nothing"]
    given = scenario.assumptions if found else tuple(knobs.assumptions.values())
    ranges = [a for a in given if a.key.startswith("conducts.")]
    if ranges:
        lines += ["", "Numbers (low, mid, high; in use)"]
        for a in ranges:
            lines.append(f"  {a.key}: {a.low:g}, {a.mid:g}, {a.high:g}{a.unit and f' {a.unit}'}; {a.used:g}")
            lines.append(_par(a.source.note))
    lines += ["", *_where(scenario, found), "", _par(GRADE_NOTE)]
    return "\n".join(lines) + "\n"


def conduct_json(name: str, scenario_name: str) -> str:
    """Return the records of a conduct, one for each actor, as one JSON document in SI units."""
    scenario, found = _found(name, scenario_name)
    ranges = [a for a in scenario.assumptions if a.key.startswith("conducts.")]
    return _json({"scenario": scenario.id, "conducts": found, "assumptions": ranges})


def conduct_yaml(name: str) -> str:
    """Return the file of a conduct as it is, to copy and change."""
    word = split_word(name)[0]
    path = find_file(word, "conducts")
    if path is None:
        hint = near_file(word) or did_you_mean(word, conduct_names(), "shipped")
        raise fail(word, f"expected a shipped conduct or the path of a file, found neither; {hint}")
    return read_text(path)


def check_text(name: str, scenario_name: str) -> str:
    """Return that a conduct can be played, and where it can matter."""
    scenario, found = _found(name, scenario_name)
    return "\n".join([f"{name}: no problems with {scenario.id}", *_where(scenario, found)]) + "\n"


def check_json(name: str, scenario_name: str) -> str:
    """Return for each actor the arrangements under which a conduct can matter, as one JSON document."""
    scenario, found = _found(name, scenario_name)
    rows = [{"label": c.label, "matters": list(_mattering(scenario, c))} for c in found]
    return _json({"scenario": scenario.id, "problems": [], "conducts": rows})


def _json(content: object) -> str:
    return msgspec.json.format(msgspec.json.encode(content), indent=2).decode() + "\n"


def _rows() -> list[dict[str, str]]:
    rows = []
    for name in conduct_names():
        file = ConductFile.model_validate(read_data("conducts", f"{name}.yaml").plain())
        kind, who = file.who.kind(), file.who.name()
        shown = {"link": "every link", "party": f"party: {who}"}.get(kind, f"{kind}: {who}")
        rows.append({"id": name, "who": "each party in turn" if (kind, who) == ("party", "each") else shown,
                     "title": file.title})  # fmt: skip
    return rows


def _found(name: str, scenario_name: str) -> tuple[Scenario, list[Conduct]]:
    """Return a scenario with the arrangements it compares and the conducts a word stands for. Raises ScenarioError."""
    scenario = load_scenario(scenario_name, conducts=(name,))
    found = [c for c in scenario.behaviours if c.changes] or list(scenario.behaviours)
    return scenario, found


def _since(conduct: Conduct) -> str:
    since = conduct.since
    if not since.after:
        return "the start of the run" if since.s == 0.0 else f"{since.s:g} s after the start"
    event = since.after.replace("-", " ")
    return f"the {event}" if since.s == 0.0 else f"{since.s:g} s after the {event}"


def _changes(conduct: Conduct) -> list[str]:
    return [_change(change) for change in conduct.changes]


def _change(change: Change) -> str:
    values: dict[str, Any] = msgspec.structs.asdict(change)
    values.update(position_km=change.position_m / 1e3, offset_km=change.offset_m / 1e3)
    text = DOES[change.kind].format(**values)
    about = ", ".join((*change.products, *change.acts))
    chance = "" if change.probability >= 1.0 else f", with probability {change.probability:g}"
    return f"{change.kind}: {text}{f' ({about})' if about else ''}{chance}"


def _mattering(scenario: Scenario, conduct: Conduct) -> tuple[str, ...]:
    """Return the arrangements under which a conduct can change anything."""
    return tuple(
        a.id
        for a in scenario.arrangements
        if not a.is_baseline and matters(conduct, a, hosts_of(scenario.batteries, a))
    )


def _of_nobody(name: str, knobs: Knobs) -> Conduct:
    """Return a shipped conduct that stands for nobody in a scenario, with the numbers of its file."""
    file = ConductFile.model_validate(read_data("conducts", f"{name}.yaml").plain())
    return Conduct(name, file.title, file.says, file.who.kind(), "", file.from_.to_record(), file.to_changes(knobs))


def _where(scenario: Scenario, found: list[Conduct]) -> list[str]:
    if not found:
        return [f"Stands for nobody on {scenario.id}"]
    lines = [f"Can matter on {scenario.id}, of the arrangements it compares, under"]
    for conduct in found:
        names = _mattering(scenario, conduct)
        lines.append(_par(f"{conduct.label}: {', '.join(names) or 'nowhere: its runs are the cooperative ones'}"))
    return lines


def _par(text: str) -> str:
    return textwrap.fill(" ".join(text.split()), WIDTH, initial_indent="  ", subsequent_indent="    ")
