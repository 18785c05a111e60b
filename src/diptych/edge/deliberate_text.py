"""What `diptych deliberate` prints: who agrees, time to agree by hold-outs, what the text loses, what it costs."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from math import isfinite
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from diptych.analysis.deliberation import Agreement
    from diptych.analysis.dilution import TextCosts
    from diptych.edge.deliberate import Asked, Row, Setting
    from diptych.model.arrangement import Deliberation
    from diptych.model.result import Estimate
    from diptych.study.estimate import Paired

WIDTH = 110
BAR = 34
DAY_S, HOUR_S = 86400.0, 3600.0


def deliberate_text(asked: Asked, setting: Setting, rows: Sequence[Row], costs: TextCosts | None) -> str:
    """Return everything the verb prints."""
    scenario = setting.scenario
    lines = [
        f"{scenario.title}  |  {scenario.marking}  |  {asked.replicates} draws, seed {asked.seed}",
        "",
        f"{asked.matter} under {setting.arrangement.id}, on {scenario.date}",
        *(_par(_who(d), first=2) for d in setting.matters),
        *(_par(f"{_who(d)} (its own text; not drawn here)", first=2) for d in setting.alone),
        "",
        *_assumed(asked, setting),
        "",
        *_table(asked, setting, rows),
        "",
        *_ranges(setting, rows),
    ]
    if setting.book is not None and any(row.found.dropped for row in rows):
        lines += ["", f"What the text {setting.book.id} loses, provision by provision"]
        most = max(row.found.dropped or 0 for row in rows)
        steps = setting.book.dilution[:most]
        lines += [_par(f"{i}. {step.title}. {step.why}", first=2) for i, step in enumerate(steps, 1)]
    if costs is not None:
        lines += ["", *_costs(setting, costs)]
    return "\n".join(lines) + "\n"


def row_title(row: Row, setting: Setting) -> str:
    """Return what a row is called."""
    if setting.matters[0].rule == "unilateral":
        return "one authority"
    if row.is_to_the_end:
        return "one to the end"
    return {0: "no hold-out", 1: "1 hold-out"}.get(row.hold_outs, f"{row.hold_outs} hold-outs")


def _who(matter: Deliberation) -> str:
    if matter.rule == "unilateral":
        return f"{matter.complex_id}: {matter.roles[0]} decides alone"
    voices = (
        f"{len(matter.roles)} voices" if matter.need == len(matter.roles) else f"{matter.need} of {len(matter.roles)}"
    )
    how = f"by silence of {matter.deadline_s / HOUR_S:g} h" if matter.procedure == "silence" else "each must say yes"
    also = "; the other complexes must agree too" if matter.is_joint else ""
    return f"{matter.complex_id}: {voices}, {how}{also}"


def _assumed(asked: Asked, setting: Setting) -> list[str]:
    q, manner = setting.quantities, setting.manner
    values = {
        "objection_probability": f"{manner.objection:g}",
        "redraft_h": f"{manner.redraft_s / HOUR_S:g} h",
        "answer_h": f"{manner.answer_s / HOUR_S:g} h",
        "dilution_count": f"{manner.dilution_steps}",
    }
    is_asked = any(d.procedure == "all-answer" or d.rule == "unilateral" for d in setting.matters)
    shown = [k for k in values if k != "answer_h" or is_asked]
    lines = ["Assumed, since no public source gives any figure (low to high)"]
    for key in shown:
        known = "" if q[key].low == q[key].high else f" ({q[key].low:g} to {q[key].high:g})"
        lines.append(f"  {q[key].title}: {values[key]}{known}")
    lines.append(f"  Awaited for {asked.within_days:g} days")
    if manner.conduct is not None:
        lines.append(_par(f"Besides, {manner.conduct.label}: {manner.conduct.says}", first=2))
    return lines


def _table(asked: Asked, setting: Setting, rows: Sequence[Row]) -> list[str]:
    head = f"{'':<16}{'median':>8}{'5 - 95 %':>15}{'mean (95 %)':>22}{'theory':>9}{'no text':>9}{'lost':>6}"
    lines = ["Days until the text is agreed", head]
    for row in rows:
        s = row.found.spread
        mean = "-" if s.mean_s is None else _days(s.mean_s)
        if s.mean_low_s is not None and s.mean_high_s is not None:
            mean += f" ({_days(s.mean_low_s)} - {_days(s.mean_high_s)})"
        lines.append(
            f"{row_title(row, setting):<16}{_days(s.median_s):>8}{f'{_days(s.low_s)} - {_days(s.high_s)}':>15}"
            f"{mean:>22}{_theory(row.found):>9}{1.0 - s.agreed:>9.1%}{_lost(row.found):>6}"
        )
    lines += ["", *_bars(rows, setting)]
    notes = "no text: share not agreed within the days awaited; the mean is over those agreed. theory: the closed form "
    notes += "of the mean, without an end to waiting. lost: provisions taken out of the text that is agreed."
    return [*lines, "", _par(notes, first=2)]


def _bars(rows: Sequence[Row], setting: Setting) -> list[str]:
    """Return the picture: from the 5th to the 95th of a hundred a line, the middle a disc."""
    ends = [v / DAY_S for r in rows for v in (r.found.spread.median_s, r.found.spread.high_s) if isfinite(v)]
    end = max(ends, default=1.0)
    lines = []
    for row in rows:
        s = row.found.spread
        cells = [" "] * (BAR + 1)
        if isfinite(s.low_s):
            low, high = _cell(s.low_s, end), _cell(s.high_s, end)
            cells[low : high + 1] = ["─"] * (high + 1 - low)
            if not isfinite(s.high_s):
                cells[BAR] = "→"
        if isfinite(s.median_s):
            cells[_cell(s.median_s, end)] = "●"
        shown = "".join(cells) if isfinite(s.low_s) else "no text".ljust(BAR + 1)
        lines.append(f"{row_title(row, setting):<16}│{shown}")
    return [*lines, f"{'':<16}└{'─' * (BAR + 1)} {end:.0f} days"]


def _cell(time_s: float, end_days: float) -> int:
    return BAR if not isfinite(time_s) else min(BAR, round(BAR * time_s / DAY_S / end_days))


def _ranges(setting: Setting, rows: Sequence[Row]) -> list[str]:
    q = setting.quantities["objection_probability"]
    lines = [f"Median days (no text) where a member objects with probability {q.low:g}, {q.mid:g}, {q.high:g} a round"]
    for row in rows:
        cells = "".join(f"{_days(one.spread.median_s):>10} ({1.0 - one.spread.agreed:.0%})" for one in row.by_range)
        lines.append(f"  {row_title(row, setting):<14}{cells}")
    return lines


def _days(time_s: float) -> str:
    return f"{time_s / DAY_S:.1f}" if isfinite(time_s) else "never"


def _theory(found: Agreement) -> str:
    return "-" if found.closed_s is None else _days(found.closed_s)


def _lost(found: Agreement) -> str:
    return "all" if found.dropped is None else str(found.dropped)


def _costs(setting: Setting, costs: TextCosts) -> list[str]:
    lines = [f"What each text costs when the raid comes: {costs.replicates} replicates, the same luck for every text"]
    head = (
        f"{'':<24}{'cases':>6}{'outside':>9}{'to the end':>12}{'leakage':>21}{'against whole text':>25}{'forgone':>9}"
    )
    for party, rows in costs.by_party.items():
        lines += ["", next(p.title for p in setting.scenario.parties if p.id == party), head]
        for row in rows:
            against = "0 exactly" if row.against.is_exact_zero else _interval(row.against, sign="+")
            lines.append(
                f"{row.arrangement:<24}{row.cases:>6.1f}{_share(row.outside_share):>9}{_share(row.left_share):>12}"
                f"{_interval(row.leakage):>21}{against:>25}{_number(row.forgone.value):>9}"
            )
    note = "cases: looked up in the rules, mean of a raid; outside: share of them that the rules, at the first look, "
    note += "leave to those who set them; to the end: share that stays so although the picture sharpens; forgone: "
    note += "missiles not fired at for that, mean of a raid. A text changes only the side whose it is."
    return [*lines, "", _par(note, first=2)]


def _interval(found: Estimate | Paired, sign: str = "") -> str:
    if found.lo is None or found.hi is None:
        return _number(found.value, sign)
    return f"{_number(found.value, sign)} ({_number(found.lo, sign)} to {_number(found.hi, sign)})"


def _share(value: float | None) -> str:
    return "-" if value is None else f"{value:.0%}"


def _number(value: float | None, sign: str = "") -> str:
    return "undefined" if value is None else f"{value:{sign}.2f}"


def _par(text: str, first: int = 0) -> str:
    return textwrap.fill(" ".join(text.split()), WIDTH, initial_indent=" " * first, subsequent_indent=" " * (first + 2))
