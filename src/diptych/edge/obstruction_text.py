"""The conduct matrix at the terminal, and as a Parquet file of a run directory.

For each party a table of the difference to cooperation, one conduct a line and one arrangement a column, and a line for
each arrangement with the worst that a partner, and that anybody else, can do.
"""

from __future__ import annotations

import io
import textwrap
from collections.abc import Sequence

from diptych.model.result import Comparison, Difference, Effect, Loss, Obstruction
from diptych.model.scenario import Scenario
from diptych.study.sentences import number

WIDTH = 110
CANNOT = "."
KEY = (
    f"  {CANNOT}: cannot matter there, exactly 0; 0: equal in every replicate; *: the 95 % interval excludes 0; "
    "without *: not shown"
)


def obstruction_lines(scenario: Scenario, comparison: Comparison, party: str) -> list[str]:
    """Return the matrix of one party and its losses; the comparison must have one."""
    found = comparison.obstruction
    assert found is not None
    title = next(p.title for p in scenario.parties if p.id == party)
    mine = [effect for effect in found.effects if effect.party == party and effect.side != "own"]
    if not mine:
        return []
    arrangements = list(dict.fromkeys(effect.arrangement for effect in mine))
    live = list(dict.fromkeys(effect.conduct for effect in mine if effect.can_matter))
    dead = [c for c in dict.fromkeys(effect.conduct for effect in mine) if c not in live]
    lines = ["", f"{title}: missiles that come down more under a conduct than if everybody cooperates"]
    heads = [wrapped_name(name) for name in arrangements]
    height = max(len(head) for head in heads)
    first = max([len(c) for c in live], default=8) + 2
    widths = [max([7, *map(len, head)]) + 2 for head in heads]
    for line in range(height):
        cells = (([""] * (height - len(head)) + head)[line] for head in heads)
        row = "".join(f"{c:>{w}}" for c, w in zip(cells, widths, strict=True))
        lines.append(f"{'':<{first}}{row}".rstrip())
    at = {(effect.arrangement, effect.conduct): effect for effect in mine}
    for conduct in live:
        row = "".join(f"{_cell(at.get((a, conduct))):>{w}}" for a, w in zip(arrangements, widths, strict=True))
        lines.append(f"{conduct:<{first}}{row}".rstrip())
    lines.append(KEY)
    if dead:
        text = f"Cannot matter under any of them: {', '.join(dead)}."
        lines.append(textwrap.fill(text, WIDTH, initial_indent="  ", subsequent_indent="    "))
    partners = {(x.arrangement, x.worst, x.value) for x in found.losses if (x.party, x.by) == (party, "partner")}
    for by, words in (("partner", "a partner"), ("anybody", "anybody else (members, centres, links), where worse")):
        losses = [loss for loss in found.losses if (loss.party, loss.by) == (party, by)]
        if by == "anybody":
            losses = [x for x in losses if (x.arrangement, x.worst, x.value) not in partners]
        if losses:
            lines += ["", f"{title}: the worst that {words} can do; missiles, mean (95 %, the choice allowed for)"]
            lines += _loss_table(losses)
    return lines


def wrapped_name(name: str) -> list[str]:
    """Return a name broken after its hyphens, so that a column stays narrow."""
    return textwrap.wrap(name.replace("-", "- "), 10, break_long_words=False) if len(name) > 11 else [name]


def _cell(effect: Effect | None) -> str:
    """Return the difference to cooperation of one cell."""
    if effect is None:
        return "-"
    if not effect.can_matter:
        return CANNOT
    return signed_text(effect.against_cooperative)


def signed_text(difference: Difference) -> str:
    """Return a difference with its sign, a star where the interval excludes zero, 0 where no replicate differs."""
    if difference.is_exact_zero:
        return "0"
    if difference.value is None:
        return "-"
    lo, hi = difference.lo, difference.hi
    is_shown = lo is not None and hi is not None and (lo > 0.0 or hi < 0.0)
    return f"{difference.value:+.2f}{'*' if is_shown else ' '}"


def _loss_table(losses: Sequence[Loss]) -> list[str]:
    rows = [("arrangement", "worst conduct", "against cooperation", "against alone", "worst tenth")]
    for x in losses:
        cost = "0 exactly" if x.is_exact_zero else _interval(x.value, x.lo, x.hi)
        beside = _interval(x.against_alone, x.against_alone_lo, x.against_alone_hi)
        worst = "none can matter" if not x.can_matter else x.worst
        rows.append((x.arrangement, worst, cost, beside, _interval(x.tail, x.tail_lo, x.tail_hi)))
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    lines = ["  " + "  ".join(c.ljust(w) for c, w in zip(row, widths, strict=True)).rstrip() for row in rows]
    lines.insert(1, "  " + "  ".join("-" * w for w in widths))
    return lines


def _interval(value: float | None, lo: float | None, hi: float | None) -> str:
    if value is None:
        return "-"
    said = f"{'+' if value > 0 else ''}{number(value)}"
    if value == 0.0 and lo is None:
        return "0"
    return f"{said}, withheld" if lo is None or hi is None else f"{said} ({number(lo)} to {number(hi)})"


def obstruction_table(found: Obstruction) -> bytes:
    """Return the effects as Parquet, one line for each arrangement, conduct and party; missing bounds are null."""
    import polars as pl

    columns: dict[str, list[object]] = {}
    for effect in found.effects:
        row: dict[str, object] = {
            "arrangement": effect.arrangement,
            "conduct": effect.conduct,
            "party": effect.party,
            "side": effect.side,
            "can_matter": effect.can_matter,
        }
        for name in ("leakage", "tail", "freedom_of_action", "say"):
            cell = getattr(effect, name)
            row |= {name: cell.value, f"{name}_lo": cell.lo, f"{name}_hi": cell.hi}
        for name in ("against_cooperative", "against_alone", "tail_against_cooperative", "tail_against_alone"):
            d = getattr(effect, name)
            row |= {name: d.value, f"{name}_lo": d.lo, f"{name}_hi": d.hi, f"{name}_differs": d.non_zero}
        for key, value in row.items():
            columns.setdefault(key, []).append(value)
    kinds: dict[str, type[pl.DataType]] = {"can_matter": pl.Boolean}
    kinds |= dict.fromkeys(("arrangement", "conduct", "party", "side"), pl.String)
    frame = pl.DataFrame(
        columns, schema={k: kinds.get(k, pl.Int64 if k.endswith("_differs") else pl.Float64) for k in columns}
    )
    buffer = io.BytesIO()
    frame.write_parquet(buffer, compression="zstd", compression_level=3, statistics=True)
    return buffer.getvalue()
