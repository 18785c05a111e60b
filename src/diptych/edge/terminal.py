"""What `diptych run` prints: a table for each party, a few sentences, or the story of one replicate. Plain text.

Rows stand from the least to the most joined arrangement. An interval that was withheld or does not exist is said so
in words and never shown as zero.
"""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from math import isfinite

from diptych.edge.files import data_names
from diptych.edge.obstruction_text import obstruction_lines
from diptych.model.decision import REASONS
from diptych.model.record import RunRecord
from diptych.model.result import Comparison, Difference, Estimate
from diptych.model.scenario import Scenario
from diptych.study.design import shown_labels
from diptych.study.estimate import MIN_REPLICATES
from diptych.study.sentences import number

WIDTH = 110
HEADS = ("arrangement", "leakage", "freedom", "decision", "margin", "shots")
SENTENCES_SHOWN = 6
OUTCOMES = {"hit": "hits", "miss": "misses", "wasted": "is wasted"}


def comparison_text(scenario: Scenario, comparison: Comparison, note: str = "") -> str:
    """Return the tables of every party and the first sentences; `note` stands above them."""
    head = (
        f"{scenario.title}  |  {scenario.marking}  |  {replicates_text(comparison.replicates)}, seed {comparison.seed}"
    )
    parts = [head, f"{note[:1].upper()}{note[1:]}."] if note else [head]
    parts += legend(scenario, comparison)
    for party in scenario.parties:
        aimed = sum(scenario.party_of(missile.aim_state) == party.id for missile in scenario.raid)
        parts.append(f"\n{party.title}: {aimed} of {len(scenario.raid)} missiles are aimed at it")
        parts.append(party_table(comparison, party.id))
        if comparison.obstruction is not None:
            parts += obstruction_lines(scenario, comparison, party.id)
    parts.append("")
    obstructed = comparison.obstruction.sentences if comparison.obstruction is not None else ()
    parts += [wrapped(sentence) for sentence in obstructed]
    parts += [wrapped(sentence) for sentence in comparison.sentences[:SENTENCES_SHOWN] if sentence not in obstructed]
    return "\n".join(parts) + "\n"


def legend(scenario: Scenario, comparison: Comparison) -> list[str]:
    """Return a line with the title of every arrangement compared that is not a shipped one: rows carry ids only."""
    shipped = data_names("arrangements")
    named = {label.partition("@")[0] for label in comparison.arrangements}
    return [
        wrapped(f"{arrangement.id}: {arrangement.title}")
        for arrangement in scenario.arrangements
        if arrangement.id in named and arrangement.id not in shipped
    ]


def party_table(comparison: Comparison, party: str) -> str:
    """Return the table of one party, one arrangement a line; nothing stands "against" where there is one only."""
    yardstick = yardstick_of(comparison)
    differences = {
        d.arrangement: d
        for d in comparison.differences
        if d.party == party and d.metric == "leakage" and d.against == yardstick
    }
    rows = [HEADS]
    shown = shown_labels(comparison.arrangements)
    for label in shown:
        cells = comparison.table[label][party]
        rows.append(
            (
                label,
                interval_text(cells["leakage"]),
                share_text(cells["freedom_of_action"]),
                seconds_text(cells["decision_time"]),
                seconds_text(cells["margin"]),
                number(cells["shots_fired"].value),
            )
        )
    if yardstick is None:
        return columns(rows, right_from=2)
    against = [f"against {yardstick}", *(difference_text(differences.get(n)) for n in shown)]
    return columns([(*row[:2], text, *row[2:]) for row, text in zip(rows, against, strict=True)], right_from=3)


def yardstick_of(comparison: Comparison) -> str | None:
    """Return what most differences are taken against, the baseline aside; None where there is one row only."""
    counts: dict[str, int] = {}
    for difference in comparison.differences:
        if difference.against != "alone":
            counts[difference.against] = counts.get(difference.against, 0) + 1
    return max(counts, key=lambda name: counts[name]) if counts else None


def columns(rows: Sequence[Sequence[str]], right_from: int) -> str:
    """Return rows as aligned columns, a rule under the first; columns from `right_from` on stand right."""
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    lines = []
    for index, row in enumerate(rows):
        cells = [
            cell.rjust(width) if i >= right_from else cell.ljust(width)
            for i, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        lines.append("  ".join(cells).rstrip())
        if index == 0:
            lines.append("  ".join("-" * width for width in widths))
    return "\n".join(lines)


def interval_text(estimate: Estimate) -> str:
    """Return a mean with its interval; the mean alone where it is withheld, with n where that is too small."""
    if estimate.value is None:
        return "-"
    if estimate.lo is None or estimate.hi is None:
        return number(estimate.value) + (f" (n {estimate.n})" if 1 < estimate.n < MIN_REPLICATES else "")
    return f"{number(estimate.value)} ({number(estimate.lo)} to {number(estimate.hi)})"


def difference_text(difference: Difference | None) -> str:
    """Return a paired difference with its interval, "0 exactly" or why the interval is withheld."""
    if difference is None or difference.value is None:
        return "-"
    if difference.is_exact_zero:
        return "0 exactly"
    value = f"{'+' if difference.value > 0 else ''}{number(difference.value)}"
    if difference.lo is None or difference.hi is None:
        return f"{value}, withheld ({difference.non_zero} of {difference.n} differ)"
    return f"{value} ({number(difference.lo)} to {number(difference.hi)})"


def share_text(estimate: Estimate) -> str:
    """Return a share in per cent."""
    return "-" if estimate.value is None else f"{100 * estimate.value:.0f} %"


def seconds_text(estimate: Estimate) -> str:
    """Return seconds."""
    return "-" if estimate.value is None else f"{estimate.value:.0f} s"


def replicates_text(count: int) -> str:
    """Return "1 replicate" or "N replicates"."""
    return "1 replicate" if count == 1 else f"{count} replicates"


def wrapped(text: str, indent: str = "") -> str:
    """Return a paragraph at most `WIDTH` wide."""
    return textwrap.fill(text, WIDTH, initial_indent=indent, subsequent_indent=indent + "  ")


def story_text(scenario: Scenario, records: Mapping[str, RunRecord]) -> str:
    """Tell one replicate: for each missile, what every arrangement made of it; rows that went alike stand together."""
    parts = []
    for index, missile in enumerate(scenario.raid):
        parts.append(
            f"\n{missile.id}: {missile.class_id} from {missile.launch.name} at {missile.aim.name}, launched at "
            f"{missile.launch_s:.0f} s"
        )
        told: dict[str, list[str]] = {}
        for label, record in records.items():
            told.setdefault(object_story(scenario, record, index), []).append(label)
        for text, labels in told.items():
            parts.append(wrapped(f"{', '.join(labels)}: {text}", "  "))
    return "\n".join(parts) + "\n"


def object_story(scenario: Scenario, record: RunRecord, index: int) -> str:
    """Say who released what when at one missile, and what became of it."""
    parts = []
    for engagement in record.engagements:
        if engagement.object != index:
            continue
        if isfinite(engagement.released_s):
            left = engagement.last_close_s - engagement.released_s
            parts.append(
                f"{engagement.complex_id} releases at {engagement.released_s:.0f} s "
                f"({engagement.by_role or 'no role'}, {engagement.rule}), {left:.0f} s before its last launch time"
            )
        elif engagement.reason not in ("no-window", "no-track", "responsibility", "done"):
            parts.append(f"{engagement.complex_id} does not fire: {REASONS.get(engagement.reason, engagement.reason)}")
    shots = [shot for shot in record.shots if shot.object == index]
    for shot in sorted(shots, key=lambda s: s.intercept_s):
        battery = scenario.batteries[shot.battery].id
        parts.append(f"a shot from {battery} {OUTCOMES[shot.outcome]} at {shot.intercept_s:.0f} s")
    fate = next(fate for fate in record.fates if fate.object == index)
    if fate.is_killed:
        parts.append(f"destroyed by {fate.killed_by} at {fate.end_s:.0f} s")
    else:
        parts.append(f"comes down in {fate.impact_state or 'no state'} at {fate.end_s:.0f} s")
    return "; ".join(parts)
