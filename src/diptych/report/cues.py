"""Draw what a cue buys: a row for each way of telling, and along it the seconds gained.

A panel for each complex with space warning of its own and one without. A row has three marks, from top to bottom: first
detection (ring), firm track (disc), first shot (diamond); their bars are the spread over replicates. Zero is a line: to
the right of it earlier, to the left later. Ways that differ in their period and their grid only stand in a block: a
column for each period, a row for each grid, the same three marks in each cell. One SVG file with the report's style in
it, 480 pixels wide so that it can be read on a telephone.
"""

from collections.abc import Mapping, Sequence
from math import ceil, floor, isfinite

from markupsafe import Markup

from diptych.analysis.cues import CASES, MOMENTS, CueResult, CueWay, Gain
from diptych.report.page import Assets
from diptych.report.pictures import file_of, wrapped
from diptych.report.svg import described, element, join, mark, text

SHOWN = (
    ("detected", "round-o", "seen by own radars"),
    ("firm", "round", "own track is firm"),
    ("released", "diamond", "first shot"),
)
_LEFT, _RIGHT, _WIDTH, _ROW, _LINE = 146.0, 66.0, 480.0, 46.0, 13.0


def cues_picture(found: CueResult, titles: Mapping[str, str], notes: Sequence[str], assets: Assets) -> str:
    """Return the picture as the text of an SVG file.

    `titles` names the complexes; `notes` are sentences for the foot: scenario, luck, marking.
    """
    low, high = _reach(found)
    x = _Scale(low, high)
    heading = "What a cue buys: how many seconds earlier than with nothing told"
    inner, attributes = described(heading, " ".join(notes), "picture")
    parts = [inner]
    y = 0.0
    for line in wrapped(heading, _WIDTH - 24.0, 19.0):
        y += 26.0
        parts.append(text(line, 12.0, y, "title"))
    y += 26.0
    parts.append(_key(y))
    y += 18.0
    for c, name in enumerate(found.complexes):
        for k, case in enumerate(CASES):
            if k > 0 and not found.has_warning[c]:
                continue
            said = case if found.has_warning[c] else CASES[1]
            y += 34.0
            parts.append(text(f"{titles[name]}, {said}", 12.0, y, "strong"))
            parts.append(text(_missiles(found.missiles[c]), _WIDTH - 12.0, y, "dim", text_anchor="end"))
            y += 10.0
            top = y
            rows = []
            look = f"p{min(c, 1)}"
            for way, gains in zip(found.ways, found.gains[k], strict=True):
                if way.product and not way.block:
                    rows.append(_row(way.title, gains[c], y, x, look))
                    y += _ROW
            parts += [_grid(x, top, y), *rows]
            y += 30.0
            parts.append(_axis_words(x, y))
            cells = {way: gains[c] for way, gains in zip(found.ways, found.gains[k], strict=True) if way.block}
            if cells:
                y += 14.0
                parts.append(_block(cells, y, x, look))
                y += 20.0 + _ROW * len({way.block for way in cells})
    y += 14.0
    for note in notes:
        for line in wrapped(note, _WIDTH - 60.0):
            y += 16.0
            parts.append(text(line, 12.0, y, "dim"))
    style = Markup(
        "<style>svg .title{font-size:18px;font-weight:650}"
        "svg .spread{stroke:currentColor;stroke-width:4;stroke-opacity:.3}</style>"
    )
    return file_of(style + join(parts), _WIDTH, y + 14.0, assets, attributes)


class _Scale:
    """Seconds to pixels between left and right; a value beyond the scale stands at its end."""

    def __init__(self, low_s: float, high_s: float, left: float = _LEFT, right: float = _WIDTH - _RIGHT) -> None:
        self.low_s, self.high_s = low_s, high_s
        self.left, self.right = left, right

    def at(self, seconds: float) -> float:
        share = (min(max(seconds, self.low_s), self.high_s) - self.low_s) / (self.high_s - self.low_s)
        return self.left + share * (self.right - self.left)


def _reach(found: CueResult) -> tuple[float, float]:
    """Return the ends of the scale: all middles and spreads in it, whole tens, at least 10 s to each side of zero."""
    place = [MOMENTS.index(name) for name, _, _ in SHOWN]
    shown = [g for case in found.gains for way in case for own in way for k, g in enumerate(own) if k in place]
    values = [v for g in shown for v in (g.low_s, g.high_s) if isfinite(v)] or [0.0]
    return 10.0 * floor(min(-10.0, *values) / 10.0), 10.0 * ceil(max(10.0, *values) / 10.0)


def _block(cells: Mapping[CueWay, Sequence[Gain]], y: float, scale: _Scale, look: str) -> Markup:
    """Return ways that differ in period and grid: a column for each period, a row for each grid."""
    periods = list(dict.fromkeys(way.period_s for way in cells))
    blocks = list(dict.fromkeys(way.block for way in cells))
    step = (_WIDTH - _LEFT - 8.0) / len(periods)
    parts = [
        text(f"every {period:g} s", _LEFT + (i + 0.5) * step, y + 10.0, "dim", text_anchor="middle")
        for i, period in enumerate(periods)
    ]
    top = y + 18.0
    for row, block in enumerate(blocks):
        at = top + row * _ROW
        parts.append(element("line", x1=12.0, x2=_WIDTH - 12.0, y1=at, y2=at, class_="grid"))
        parts += [text(line, 12.0, at + 20.0 + 15.0 * i) for i, line in enumerate(wrapped(block, _LEFT - 16.0))]
    bottom = top + _ROW * len(blocks)
    for column in range(len(periods)):
        left = _LEFT + column * step
        x = _Scale(scale.low_s, scale.high_s, left, left + step - 58.0)
        parts.append(element("line", x1=x.at(0.0), x2=x.at(0.0), y1=top, y2=bottom, class_="zero"))
    for way, gains in cells.items():
        left = _LEFT + periods.index(way.period_s) * step
        x = _Scale(scale.low_s, scale.high_s, left, left + step - 58.0)
        parts.append(_marks(gains, top + blocks.index(way.block) * _ROW, x, left + step - 8.0, look))
    return join(parts)


def _missiles(count: float) -> str:
    return f"{count:.0f} missiles a raid" if round(count) != 1 else "1 missile a raid"


def _key(y: float) -> Markup:
    """Return the line that says what the marks are."""
    parts = []
    x = 18.0
    for _, shape, words in SHOWN:
        parts += [mark(shape, x, y - 4.0, "pj"), text(words, x + 11.0, y)]
        x += 34.0 + 6.6 * len(words)
    parts.append(text("bar: from the 5th to the 95th of 100 raids", 12.0, y + 18.0, "dim"))
    return join(parts)


def _grid(x: _Scale, top: float, bottom: float) -> Markup:
    """Return thin lines at round seconds and a strong one at zero, with their numbers above the rows."""
    step = 10.0 if x.high_s - x.low_s <= 80.0 else 20.0 if x.high_s - x.low_s <= 160.0 else 50.0
    lines = []
    value = step * ceil(x.low_s / step)
    while value <= x.high_s:
        at = x.at(value)
        lines.append(element("line", x1=at, x2=at, y1=top, y2=bottom, class_="zero" if value == 0.0 else "grid"))
        words = "0 s" if value == 0.0 else f"{value:+.0f}"
        lines.append(text(words, at, bottom + 14.0, "dim", text_anchor="middle"))
        value += step
    return join(lines)


def _axis_words(x: _Scale, y: float) -> Markup:
    """Return what right and left of zero mean."""
    return text("earlier →", x.at(0.0) + 14.0, y, "dim") + text(
        "← later", x.at(0.0) - 14.0, y, "dim", text_anchor="end"
    )


def _row(title: str, gains: Sequence[Gain], y: float, x: _Scale, look: str) -> Markup:
    """Return one way of telling: its name, three marks with their spread, and the numbers at the right."""
    parts = [
        element("line", x1=12.0, x2=_WIDTH - 12.0, y1=y, y2=y, class_="grid"),
        *(text(line, 12.0, y + 20.0 + 15.0 * i) for i, line in enumerate(wrapped(title, _LEFT - 16.0))),
    ]
    return join([*parts, _marks(gains, y, x, _WIDTH - 14.0, look)])


def _marks(gains: Sequence[Gain], y: float, x: _Scale, right: float, look: str) -> Markup:
    """Return three marks with their spread from y down, and their numbers to the left of `right`."""
    parts = []
    for place, (name, shape, _) in enumerate(SHOWN):
        gain = gains[MOMENTS.index(name)]
        at_y = y + 10.0 + place * _LINE
        words = "-"
        if isfinite(gain.middle_s):
            ends = (x.at(gain.low_s), x.at(gain.high_s))
            parts.append(element("line", x1=ends[0], x2=ends[1], y1=at_y, y2=at_y, class_=f"spread {look}"))
            parts.append(mark(shape, x.at(gain.middle_s), at_y, look))
            words = "0 s" if abs(gain.middle_s) < 0.05 else f"{gain.middle_s:+.1f} s"
        class_ = "dim" if words in ("-", "0 s") else "strong"
        parts.append(text(words, right, y + 14.0 + place * _LINE, class_, text_anchor="end"))
    return join(parts)
