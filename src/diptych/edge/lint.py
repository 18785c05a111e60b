"""`diptych lint`: every named check of a scenario file, with severity and position, as text or JSON.

Loading finds the errors of form (all at once); if there are none, the rules of `sim.checks` and those that need the
file or the catalogue (sites chosen by name out of their time) look at the built scenario.
"""

from collections.abc import Mapping

import msgspec

from diptych.edge.build import Loaded, load
from diptych.edge.catalogue import load_catalogue
from diptych.edge.files import Step, dotted
from diptych.edge.geography import load_territory
from diptych.edge.schema.raid import shipped_threats
from diptych.model.errors import Problem, ScenarioError
from diptych.sim.checks import CHECKS, Finding, Surroundings, check_scenario, raid_in_reach

__all__ = ["CHECKS", "Finding", "has_errors", "lint", "lint_json", "lint_text", "placed"]


def lint(
    name_or_path: str,
    *,
    arrangements: tuple[str, ...] | None = None,
    settings: Mapping[str, float | str] | None = None,
    raid_size: int | None = None,
) -> tuple[Finding, ...]:
    """Return every finding on a scenario file, errors first; never raises ScenarioError."""
    try:
        loaded = load(name_or_path, arrangements=arrangements, settings=settings, raid_size=raid_size)
    except ScenarioError as error:
        return tuple(_finding(p) for p in error.problems)
    return lint_loaded(loaded)


def _finding(p: Problem) -> Finding:
    return Finding(p.check, CHECKS[p.check][0], (p.key_path,) if p.key_path else (), p.text, p.file, p.line, p.column)


def lint_loaded(loaded: Loaded) -> tuple[Finding, ...]:
    """Return every finding on a scenario that loads, errors first."""
    around = _surroundings()
    found = (*check_scenario(loaded.scenario, around), *_out_of_service(loaded))
    order = ("error", "warning", "note")
    every = (*(_placed(f, loaded) for f in found), *(_finding(p) for p in loaded.remarks))
    return tuple(sorted(every, key=lambda f: order.index(f.severity)))


def placed(error: ScenarioError, loaded: Loaded) -> ScenarioError:
    """Return what `sim.prepare` found wrong with the raid as lint says it: every such missile, with file and line.

    An error that has places, or that the rules of lint do not see, comes back as it is.
    """
    if error.problems:
        return error
    found = [_placed(f, loaded) for f in raid_in_reach(loaded.scenario, _surroundings())]
    problems = tuple(Problem(f.file, f.line, f.column, dotted(f.path), f.text, f.check) for f in found)
    return ScenarioError(problems=problems) if problems else error


def _surroundings() -> Surroundings:
    return Surroundings(load_territory(), shipped_threats(load_catalogue()))


def _out_of_service(loaded: Loaded) -> list[Finding]:
    """Name sites that the file lists by name and that do not work on its date."""
    found = []
    for site in loaded.sites:
        if not site.in_service_on(loaded.file.date):
            listed = loaded.file.assets.sites
            path: tuple[Step, ...] = ("assets", "sites", *((listed.index(site.id),) if site.id in listed else ()))
            until = site.in_service_until
            span = f"{site.in_service_from.value} to {until.value if until else 'no known end'}"
            date = loaded.file.date
            text = f"expected sites in service on {date}, found {site.id} ({span}); meant? say so in `notes`"
            found.append(Finding("sensor-not-in-service", CHECKS["sensor-not-in-service"][0], path, text))
    return found


def _placed(finding: Finding, loaded: Loaded) -> Finding:
    spot = loaded.tree.spot_of(*finding.path)
    return msgspec.structs.replace(finding, file=spot.file, line=spot.line, column=spot.column)


def has_errors(findings: tuple[Finding, ...]) -> bool:
    """Whether any finding means that the scenario cannot be run as written."""
    return any(f.severity == "error" for f in findings)


def lint_text(findings: tuple[Finding, ...]) -> str:
    """Return one line per finding and a count; editors jump to `file:line:column`."""
    lines = [f"{_place(f)} {f.severity} [{f.check}] {_path(f)}{f.text}" for f in findings]
    counts = ", ".join(_count(sum(f.severity == s for f in findings), s) for s in ("error", "warning", "note"))
    return "\n".join([*lines, counts]) + "\n"


def _count(number: int, word: str) -> str:
    return f"{number} {word}" if number == 1 else f"{number} {word}s"


def _place(finding: Finding) -> str:
    return f"{finding.file}:{finding.line}:{finding.column}:"


def _path(finding: Finding) -> str:
    return f"{dotted(finding.path)}: " if finding.path else ""


def lint_json(findings: tuple[Finding, ...]) -> str:
    """Return the findings as a JSON list, keys as in `Finding`, with `key` for the path as people read it."""
    rows = [
        {
            "check": f.check,
            "severity": f.severity,
            "file": f.file,
            "line": f.line,
            "column": f.column,
            "key": dotted(f.path),
            "text": f.text,
        }
        for f in findings
    ]
    return msgspec.json.format(msgspec.json.encode(rows), indent=2).decode() + "\n"
