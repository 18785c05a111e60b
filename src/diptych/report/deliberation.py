"""Draw how long members take to agree a text: a row for each number of hold-outs, days along it.

A row has a disc at the middle, a bar from the 5th to the 95th of a hundred, and its numbers at the right. A bar that
goes on beyond the time awaited ends in an arrow. One SVG file with the report's style in it, 480 pixels wide.
"""

from collections.abc import Sequence
from math import ceil, isfinite

import msgspec
from markupsafe import Markup

from diptych.report.page import Assets
from diptych.report.pictures import file_of, wrapped
from diptych.report.svg import described, element, join, mark, text

_LEFT, _RIGHT, _WIDTH, _ROW = 128.0, 106.0, 480.0, 40.0
_STEPS = (1.0, 2.0, 5.0, 10.0, 20.0, 30.0, 60.0, 100.0, 200.0)


class AgreeRow(msgspec.Struct, frozen=True):
    """One row: its name, quantiles in days (inf: not within the time awaited), and the share that agreed."""

    title: str
    low_days: float
    middle_days: float
    high_days: float
    agreed: float


def deliberation_picture(
    heading: str, rows: Sequence[AgreeRow], within_days: float, notes: Sequence[str], assets: Assets
) -> str:
    """Return the picture as the text of an SVG file; `notes` are sentences for the foot."""
    inner, attributes = described(heading, " ".join(notes), "picture")
    parts = [inner]
    y = 0.0
    for line in wrapped(heading, _WIDTH - 24.0, 19.0):
        y += 26.0
        parts.append(text(line, 12.0, y, "title"))
    y += 22.0
    parts.append(text("disc: middle; bar: from the 5th to the 95th of 100", 12.0, y, "dim"))
    y += 14.0
    end = _end_of(rows, within_days)
    top = y
    drawn = []
    for row in rows:
        drawn.append(_row(row, y, end))
        y += _ROW
    parts += [_grid(end, top, y), *drawn]
    y += 30.0
    parts.append(text("days until the text is agreed →", _LEFT, y, "dim"))
    y += 10.0
    for note in notes:
        for line in wrapped(note, _WIDTH - 60.0):
            y += 16.0
            parts.append(text(line, 12.0, y, "dim"))
    style = Markup(
        "<style>svg .title{font-size:18px;font-weight:650}"
        "svg .spread{stroke:currentColor;stroke-width:5;stroke-opacity:.3}</style>"
    )
    return file_of(style + join(parts), _WIDTH, y + 14.0, assets, attributes)


def _end_of(rows: Sequence[AgreeRow], within_days: float) -> float:
    """Return the last day of the axis: just beyond what is drawn, and never beyond what was awaited."""
    known = [v for r in rows for v in (r.low_days, r.middle_days, r.high_days) if isfinite(v)]
    return min(within_days, 1.05 * max(known, default=within_days))


def _at(days: float, end: float) -> float:
    return _LEFT + min(max(days / end, 0.0), 1.0) * (_WIDTH - _LEFT - _RIGHT)


def _grid(end: float, top: float, bottom: float) -> Markup:
    step = next((s for s in _STEPS if end / s <= 7.0), end)
    lines = []
    for k in range(ceil(end / step) + 1):
        if k * step <= end:
            at = _at(k * step, end)
            lines.append(element("line", x1=at, x2=at, y1=top, y2=bottom, class_="zero" if k == 0 else "grid"))
            lines.append(text(f"{k * step:g}", at, bottom + 14.0, "dim", text_anchor="middle"))
    return join(lines)


def _row(row: AgreeRow, y: float, end: float) -> Markup:
    """Return one row: name, bar, disc and numbers."""
    middle = y + 0.5 * _ROW
    parts = [
        element("line", x1=12.0, x2=_WIDTH - 12.0, y1=y, y2=y, class_="grid"),
        *(text(line, 12.0, middle - 2.0 + 14.0 * i) for i, line in enumerate(wrapped(row.title, _LEFT - 20.0))),
    ]
    if isfinite(row.low_days):
        ends = _at(row.low_days, end), _at(row.high_days, end)
        parts.append(element("line", x1=ends[0], x2=ends[1], y1=middle, y2=middle, class_="spread pj"))
        if not isfinite(row.high_days):
            parts.append(mark("tip", ends[1] + 5.0, middle, "pj"))
    if isfinite(row.middle_days):
        parts.append(mark("round", _at(row.middle_days, end), middle, "pj"))
        parts.append(text(f"{row.middle_days:.1f} days", _WIDTH - 14.0, middle - 2.0, "strong", text_anchor="end"))
    else:
        parts.append(text("no text", _WIDTH - 14.0, middle - 2.0, "strong", text_anchor="end"))
    if row.agreed < 1.0:
        parts.append(text(f"{1.0 - row.agreed:.0%} never", _WIDTH - 14.0, middle + 13.0, "dim", text_anchor="end"))
    return join(parts)
