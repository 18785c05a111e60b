"""Draw how the probability of an attempt falls with the probability that another key is held back.

One panel for each party defended and holder, the hold probability along it, a line for each group of arrangements whose
curves are alike, by theory; discs with their 95 % intervals are runs. One SVG file with the report's style in it.
"""

from collections.abc import Sequence

import msgspec
from markupsafe import Markup

from diptych.model.result import Estimate
from diptych.report.page import Assets
from diptych.report.pictures import file_of, wrapped
from diptych.report.svg import described, element, join, mark, text

_WIDTH, _LEFT, _RIGHT, _HEIGHT = 560.0, 46.0, 190.0, 190.0
_LABEL = 14.0


class Line(msgspec.Struct, frozen=True):
    """One curve: what it is called, theory and runs at each hold probability."""

    title: str
    theory: tuple[float, ...]
    runs: tuple[Estimate, ...]


class Panel(msgspec.Struct, frozen=True):
    """One party defended under one holder; `look` is the class of the party's colour."""

    title: str
    look: str
    holds: tuple[float, ...]
    lines: tuple[Line, ...]


def deterrence_picture(heading: str, panels: Sequence[Panel], notes: Sequence[str], assets: Assets) -> str:
    """Return the picture as the text of an SVG file; `notes` are sentences for the foot."""
    inner, attributes = described(heading, " ".join(notes), "picture")
    parts = [inner]
    y = 0.0
    for line in wrapped(heading, _WIDTH - 24.0, 19.0):
        y += 26.0
        parts.append(text(line, 12.0, y, "title"))
    y += 20.0
    parts.append(text("line: theory; disc: runs, with their 95 % interval", 12.0, y, "dim"))
    for panel in panels:
        y += 28.0
        parts.append(text(panel.title, 12.0, y, f"strong {panel.look}"))
        y += 16.0
        parts.append(_panel(panel, y))
        y += _HEIGHT + 34.0
    y += 4.0
    for note in notes:
        for line in wrapped(note, _WIDTH - 60.0):
            y += 16.0
            parts.append(text(line, 12.0, y, "dim"))
    style = Markup(
        "<style>svg .title{font-size:18px;font-weight:650}svg .curve{fill:none;stroke:currentColor;stroke-width:1.8}"
        "svg .spread{stroke:currentColor;stroke-width:5;stroke-opacity:.3}</style>"
    )
    return file_of(style + join(parts), _WIDTH, y + 14.0, assets, attributes)


def _x(hold: float) -> float:
    return _LEFT + hold * (_WIDTH - _LEFT - _RIGHT)


def _panel(panel: Panel, top: float) -> Markup:
    def level(share: float) -> float:
        return top + (1.0 - share) * _HEIGHT

    parts = []
    for tick in (0.0, 0.25, 0.5, 0.75, 1.0):
        y, x = level(tick), _x(tick)
        parts.append(element("line", x1=_LEFT, x2=_x(1.0), y1=y, y2=y, class_="zero" if tick == 0.0 else "grid"))
        parts.append(text(f"{100 * tick:.0f} %", _LEFT - 6.0, y + 4.0, "dim", text_anchor="end"))
        parts.append(text(f"{tick:g}", x, top + _HEIGHT + 16.0, "dim", text_anchor="middle"))
    parts.append(text("probability that the holder says no →", _LEFT, top + _HEIGHT + 31.0, "dim"))
    places = _labels([level(line.theory[-1]) for line in panel.lines], [len(_words(line)) for line in panel.lines])
    for line, place in zip(panel.lines, places, strict=True):
        points = " ".join(f"{_x(h):.1f},{level(v):.1f}" for h, v in zip(panel.holds, line.theory, strict=True))
        parts.append(element("polyline", points=points, class_=f"curve {panel.look}"))
        for hold, found in zip(panel.holds, line.runs, strict=True):
            if found.value is None:
                continue
            if found.lo is not None and found.hi is not None:
                x = _x(hold)
                ends = level(found.lo), level(found.hi)
                parts.append(element("line", x1=x, x2=x, y1=ends[0], y2=ends[1], class_=f"spread {panel.look}"))
            parts.append(mark("round", _x(hold), level(found.value), panel.look))
        for number, words in enumerate(_words(line)):
            parts.append(text(words, _x(1.0) + 12.0, place + 4.0 + _LABEL * number, "t"))
    return join(parts)


def _words(line: Line) -> list[str]:
    """Return the label of a line in as many lines as it takes."""
    return wrapped(line.title, _RIGHT - 20.0)


def _labels(wanted: Sequence[float], heights: Sequence[int]) -> list[float]:
    """Return where labels stand so that none covers another: as wanted, moved down as far as needed."""
    order = sorted(range(len(wanted)), key=lambda i: wanted[i])
    places = list(wanted)
    free = float("-inf")
    for i in order:
        places[i] = max(wanted[i], free)
        free = places[i] + _LABEL * heights[i] + 3.0
    return places
