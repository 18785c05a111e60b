"""`diptych arrangement check`: every property of an arrangement, claimed or not, with a story where it fails.

Exit code 1 where a claim fails or the arrangement is broken: a path that cannot end, an unknown role, two owners of one
sector, territory without an owner, waits in a circle. A property that fails and is not claimed is printed, and that is
all.
"""

from __future__ import annotations

import sys
import textwrap
from typing import TYPE_CHECKING

import msgspec

from diptych.command.properties import NOT_WANTED, PROPERTIES, Finding, is_broken
from diptych.command.soundness import silences_that_fire
from diptych.edge.checking import WINDOW_S, Checked, checked
from diptych.edge.schema.extend import find_file
from diptych.model.errors import ScenarioError

if TYPE_CHECKING:
    from diptych.sim.properties import Violation

WIDTH = 100
KEY_OF = {
    "every-path-ends": "consent, path, waits",
    "every-territory-has-an-owner": "responsibility, consent.intercept-over-own",
    "one-owner-per-sector": "responsibility.sectors",
}
"""Where in a file to look for what makes an arrangement broken; a failed claim is under `claims`."""


class Asked(msgspec.Struct, frozen=True):
    """What to check beside the data: draws of luck to play (0: none), under which conducts, from which seed."""

    replicates: int = 0
    conducts: tuple[str, ...] = ()
    seed: int = 1


def check_verb(
    name: str | None,
    scenario_name: str,
    window_s: float = WINDOW_S,
    asked: Asked | None = None,
    *,
    as_json: bool = False,
) -> int:
    """Check one arrangement (a name or a file), or every shipped one (None); print; return the exit code."""
    asked = asked or Asked()
    try:
        found = checked(("all",) if name is None else (name,), scenario_name, window_s, asked.conducts or None)
        if asked.replicates:
            found = with_runs(found, asked)
    except ScenarioError as error:
        if not _is_about(error, name):
            raise
        return _unreadable(str(name), error, as_json=as_json)
    findings = tuple(f for one in found for f in one.findings)
    if as_json:
        sys.stdout.write(findings_json(findings))
    elif len(found) > 1:
        sys.stdout.write(table_text(found, window_s))
    else:
        sys.stdout.write(one_text(found[0], window_s))
    broken = [f for f in findings if is_broken(f)]
    for finding in broken:
        sys.stderr.write(complaint(finding, name) + "\n")
    return int(bool(broken))


def _is_about(error: ScenarioError, name: str | None) -> bool:
    """Whether an error is about the arrangement that is checked, and not about the scenario it is read with."""
    path = None if name is None else find_file(name, "arrangements")
    if path is None:
        return False
    return bool(error.problems) and all(p.file.endswith(path.name) for p in error.problems)


def _unreadable(name: str, error: ScenarioError, *, as_json: bool) -> int:
    """Print what is wrong with a file that cannot be read as an arrangement at all; return the exit code."""
    if as_json:
        lines = tuple(str(p) for p in error.problems)
        sys.stdout.write(
            findings_json((Finding(name, "well-formed", claimed=False, holds=False, counterexample=lines),))
        )
    sys.stderr.write(f"{error}\n")
    return 1


def with_runs(found: tuple[Checked, ...], asked: Asked) -> tuple[Checked, ...]:
    """Return what was found with what runs show: a property that a run breaks does not hold."""
    from diptych.edge.playing import PLAYED, violations  # loads the engine

    scenario = found[0].scenario
    broken = violations(scenario, tuple(one.arrangement for one in found), asked.replicates, asked.seed)
    judged = []
    for one in found:
        findings = []
        for finding in one.findings:
            mine = [v for v in broken[one.arrangement.id] if v[1].property == finding.property]
            is_played = finding.property in PLAYED
            findings.append(_as_played(finding, mine, asked.replicates) if is_played else finding)
        judged.append(msgspec.structs.replace(one, findings=tuple(findings)))
    return tuple(judged)


def _as_played(finding: Finding, broken: list[tuple[int, Violation]], replicates: int) -> Finding:
    """Return a finding with what runs say of its property: their first counterexample where the data show none."""
    draws = f"{replicates} draw{'s' if replicates > 1 else ''} of luck"
    if not broken and not finding.holds:
        return finding
    if not broken:
        return msgspec.structs.replace(finding, note=f"{finding.note} Not broken in {draws}.".strip())
    replicate, first = broken[0]
    told = f"replicate {replicate}, {first.conduct}, t = {first.time_s:.0f} s: {first.complex_id} {first.text}."
    said = f"{finding.note.rstrip('.')}." if finding.note else ""
    note = f"{said} Broken {len(broken)} times in {draws}; first: {told}".strip()
    if not finding.holds:
        return msgspec.structs.replace(finding, note=note)
    return msgspec.structs.replace(finding, holds=False, counterexample=(told,), note=note)


def complaint(finding: Finding, name: str | None) -> str:
    """Return one message with the file, the key and the shortest example."""
    file = name if name is not None and name != finding.arrangement else f"{finding.arrangement}.yaml"
    key = "claims" if finding.claimed else KEY_OF.get(finding.property, "claims")
    what = f"claims {finding.property}, which it lacks" if finding.claimed else f"lacks {finding.property}"
    if finding.property not in PROPERTIES:
        return f"{file}: {key}: {finding.counterexample[0]}"
    return f"{file}: {key}: {what}. For example: {' '.join(finding.counterexample)}"


def findings_json(findings: tuple[Finding, ...]) -> str:
    """Return findings as a JSON list of arrangement, property, claimed, holds, counterexample."""
    content = [
        {
            "arrangement": f.arrangement,
            "property": f.property,
            "claimed": f.claimed,
            "holds": f.holds,
            "counterexample": list(f.counterexample),
            "note": f.note,
        }
        for f in findings
    ]
    return msgspec.json.format(msgspec.json.encode(content), indent=2).decode() + "\n"


# --- text ---------------------------------------------------------------------------------------------------


def table_text(found: tuple[Checked, ...], window_s: float) -> str:
    """Return the property table of several arrangements, and the stories behind every `no`."""
    lines = [f"Properties, with a physical window of {window_s:g} s", ""]
    lines += [f"  {i + 1}  {one.arrangement.id}: {one.arrangement.title}" for i, one in enumerate(found)]
    width = max(len(name) for name in PROPERTIES)
    lines += ["", " " * (width + 2) + "".join(f"{i + 1:>6}" for i in range(len(found)))]
    by_name = {(f.arrangement, f.property): f for one in found for f in one.findings}
    for name in PROPERTIES:
        cells = [by_name[one.arrangement.id, name] for one in found]
        lines.append(f"  {name:<{width}}" + "".join(f"{mark_of(cell):>6}" for cell in cells))
    lines += ["", "  * claimed by its author; NO: claimed, and it fails"]
    for one in found:
        lines += _stories(one)
    return "\n".join(lines) + "\n"


def mark_of(finding: Finding) -> str:
    """Return the word of a cell: yes, no, with a star where it is claimed; `NO*` where a claim fails."""
    if finding.claimed:
        return "yes*" if finding.holds else "NO*"
    return "yes" if finding.holds else "no"


def one_text(one: Checked, window_s: float) -> str:
    """Return the properties of one arrangement, with the stories of those that fail."""
    lines = [
        f"{one.arrangement.id}: {one.arrangement.title}",
        f"Properties, with a physical window of {window_s:g} s",
        "",
    ]
    lines += property_lines(one)
    return "\n".join([*lines, *_stories(one)]) + "\n"


def property_lines(one: Checked) -> list[str]:
    """Return a line for each property: whether it holds, whether it is claimed, what should be known besides."""
    lines = []
    for finding in one.findings:
        word = "holds" if finding.holds else "FAILS" if finding.claimed else "fails"
        if finding.property in NOT_WANTED:
            word = "yes" if finding.holds else "no"
        claimed = ", claimed" if finding.claimed else ""
        note = f"  {finding.note}" if finding.note else ""
        lines.append(_par(f"{finding.property}: {word}{claimed}.{note}", "  ", "      "))
    return lines


def _stories(one: Checked) -> list[str]:
    lines = []
    for finding in one.findings:
        if finding.holds or finding.property in NOT_WANTED:
            continue
        claimed = " (claimed)" if finding.claimed else ""
        lines += ["", f"{finding.arrangement} lacks {finding.property}{claimed}:"]
        lines += [_par(line, "  ", "      ") for line in finding.counterexample]
        if finding.note:
            lines.append(_par(finding.note, "  ", "      "))
    if silences_that_fire(one.arrangement):
        lines += ["", f"{one.arrangement.id}: {'; '.join(silences_that_fire(one.arrangement))} fires by silence."]
    return lines


def _par(text: str, first: str, rest: str) -> str:
    return textwrap.fill(
        " ".join(text.split()), WIDTH, initial_indent=first, subsequent_indent=rest, break_on_hyphens=False
    )
