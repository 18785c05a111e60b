"""The blocker matrix of an arrangement as plain text: action by actor, at both deadlines.

A column for each group of actors; a cell says whether the group (any so many of it) blocks alone, or only together with
others. What holds in the physical window stands at the end of the row where it differs. Complexes whose rows are alike
share a table.
"""

from __future__ import annotations

from diptych.command.actions import INTERCEPTS
from diptych.command.blockers import Blockers, BlockingSet, Part, group_name
from diptych.command.verdict import seconds
from diptych.edge.checking import Checked, answer_text, powers_of

ALONE, TOGETHER, NOT = "alone", "with", "."


def matrix_lines(one: Checked) -> list[str]:
    """Return the matrix of every complex of an arrangement, those that are alike together."""
    window_s = one.context.window_s
    lines = [f"Who can block what, for ever and in a physical window of {window_s:g} s", ""]
    same: dict[tuple[str, ...], list[str]] = {}
    for own in one.arrangement.complexes:
        mine = [b for b in one.blockers if b.complex_id == own.id]
        rows = tuple(line.replace(f"{own.id}.", "") for line in _table(mine))
        same.setdefault(rows, []).append(own.id)
    for rows, ids in same.items():
        who = ", ".join(ids) if len(ids) <= 4 else f"{', '.join(ids[:3])} and {len(ids) - 3} more"
        lines += [f"  {who}", *rows, ""]
    lines += [
        f"  {ALONE}: blocks alone; any n: any n of the group do; {TOGETHER}: only with the others so marked.",
        "  The clock: nobody needs to obstruct, the path alone is longer than the window.",
    ]
    return lines


def _table(found: list[Blockers]) -> list[str]:
    """Return the rows of one complex: only cases that somebody could block get cells."""
    names = list(dict.fromkeys(_column(part) for b in found for s in (*b.never, *b.window) for part in s.parts))
    first = max(len(_row_name(b)) for b in found) + 2
    widths = [max(len(name), 9) + 2 for name in names]
    lines = [
        "    " + " " * first + "".join(f"{n:>{w}}" for n, w in zip(names, widths, strict=True)) + "  in the window"
    ]
    for b in found:
        if b.status != "open":
            lines.append(f"    {_row_name(b):<{first}}{answer_text(b, is_window=False)}")
            continue
        cells = "".join(f"{_cell(b, name):>{w}}" for name, w in zip(names, widths, strict=True))
        lines.append(f"    {_row_name(b):<{first}}{cells}  {_window(b)}".rstrip())
    return lines


def _row_name(b: Blockers) -> str:
    return f"{b.action}, {b.case}" if b.case else b.action


def _column(part: Part) -> str:
    """Name the column of a part: a role, or a group with how many it has."""
    if len(part.roles) == 1:
        return part.roles[0]
    name = group_name(part.roles)
    return f"{len(part.roles)} {name}" if len(name) <= 12 else f"{part.roles[0]} .. {part.roles[-1]}"


def _cell(b: Blockers, name: str) -> str:
    """Return what a group can do to a case: block alone, with others, or not."""
    found = [(s, part) for s in b.never for part in s.parts if _column(part) == name]
    if not found:
        return NOT
    best, part = min(found, key=lambda pair: len(pair[0].parts))
    if len(part.roles) == 1:
        return ALONE if len(best.parts) == 1 else TOGETHER
    count = f"all {part.count}" if part.count == len(part.roles) else f"any {part.count}"
    return count if len(best.parts) == 1 else f"{count}, {TOGETHER}"


def _window(b: Blockers) -> str:
    """Return what is different in the window, and whether that hangs on assumed times."""
    low, high = b.path_s[1], b.path_s[2]
    hangs = f" (hangs on assumed times: {seconds(low)} to {seconds(high)})" if b.hangs_on_times else ""
    if b.is_by_clock:
        return f"the clock, {seconds(b.path_s[0])}{hangs}"
    names = [s.name for s in b.window]
    said = "same" if names == [s.name for s in b.never] else "; ".join(names)
    return f"{said}, {seconds(b.path_s[0])}{hangs}"


def how_lines(one: Checked) -> list[str]:
    """Return how each set over an intercept blocks, and Coleman's powers of its actors."""
    lines = ["How, what follows by default, and power to prevent / to initiate (Coleman 1971)"]
    same: dict[tuple[str, ...], list[str]] = {}
    for b in one.blockers:
        if b.status != "open" or b.action not in (*INTERCEPTS, "stop-engagement"):
            continue
        prevent = {role: (p.prevent, p.initiate) for p in powers_of(b) for role in p.roles}
        own = f"{b.complex_id}."
        said = tuple(_how(s, prevent).replace(own, "") for s in b.never)
        silent = {s.name for s in b.by_silence}
        if silent != {s.name for s in b.never}:
            names = "; ".join(sorted(silent)).replace(own, "") or "nobody"
            said = (*said, f"by silence alone: {names}")
        same.setdefault((_row_name(b), *said), []).append(b.complex_id)
    for (row, *ways), ids in same.items():
        who = ", ".join(ids) if len(ids) <= 4 else f"{', '.join(ids[:3])} and {len(ids) - 3} more"
        lines.append(f"  {row} ({who})")
        lines += [f"    {line}" for line in ways]
    return lines


def _how(item: BlockingSet, power: dict[str, tuple[float, float]]) -> str:
    ways = " or ".join(item.how)
    found = power.get(item.parts[0].roles[0])
    index = f"; {found[0]:.2g} / {found[1]:.2g}" if found is not None else ""
    return f"{item.name}: by {ways}, then {item.then}{index}"
