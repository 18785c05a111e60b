"""Draw how long a benign launch leaves the other side in doubt, and how often it is taken for an attack, way by way."""

from collections.abc import Sequence

from markupsafe import Markup

from diptych.analysis.misreading import WAYS, Judged
from diptych.report.page import Assets
from diptych.report.pictures import file_of, wrapped
from diptych.report.svg import described, element, join, text

_LEFT, _WIDE, _RIGHT, _PAD, _ROW = 270.0, 380.0, 210.0, 14.0, 26.0


def misreading_picture(rows: Sequence[Judged], level: float, notes: Sequence[str], assets: Assets) -> str:
    """Return the picture as the text of an SVG file: a bar of time in doubt and the chance of an alarm for each way.

    `rows` are those of one level and one time of an answer; `notes` are sentences for the foot.
    """
    width = _LEFT + _WIDE + _RIGHT
    heading = f"How long in doubt, and how often taken for an attack (alarm at {100 * level:g} % of the footprint)"
    inner, attributes = described(heading, " ".join(notes), "picture")
    longest = max([one.doubt_s.hi or one.doubt_s.value or 0.0 for one in rows] + [1.0])
    parts = [inner]
    y = 4.0
    for line in wrapped(heading, width - 2 * _PAD, 20.0):
        y += 25.0
        parts.append(text(line, _PAD, y, "title"))
    for name in dict.fromkeys(one.object for one in rows):
        y += 34.0
        parts.append(text(name, _PAD, y, "strong"))
        parts.append(text("seconds in doubt, with 95 % interval", _LEFT, y, "dim"))
        parts.append(text("P(alarm | this launch)", _LEFT + _WIDE + 20.0, y, "dim"))
        for one in (r for r in rows if r.object == name):
            y += _ROW
            parts.append(_row(one, y, longest))
    y += 14.0
    for note in notes:
        for line in wrapped(note, width - 2 * _PAD):
            y += 16.0
            parts.append(text(line, _PAD, y, "dim"))
    style = Markup(
        "<style>svg .title{font-size:18px;font-weight:650}svg .doubt{fill:#1f77b4;fill-opacity:.75}"
        "svg .whisker{stroke:currentColor;stroke-width:1.5}</style>"
    )
    return file_of(style + join(parts), width, y + 16.0, assets, attributes)


def _row(one: Judged, y: float, longest: float) -> Markup:
    """Return one bar with its interval and the chance of an alarm in numbers."""
    value = one.doubt_s.value or 0.0
    wide = (_WIDE - 60.0) * value / longest
    parts = [
        text(WAYS[one.way], _PAD + 10.0, y),
        element("rect", x=_LEFT, y=y - 12.0, width=max(wide, 1.0), height=14.0, class_="doubt"),
        text(f"{value:.0f}", _LEFT + (_WIDE - 60.0) * max(value, one.doubt_s.hi or 0.0) / longest + 8.0, y),
    ]
    if one.doubt_s.lo is not None and one.doubt_s.hi is not None:
        lo, hi = (_LEFT + (_WIDE - 60.0) * v / longest for v in (one.doubt_s.lo, one.doubt_s.hi))
        parts.append(element("line", x1=lo, x2=hi, y1=y - 5.0, y2=y - 5.0, class_="whisker"))
    alarm = one.alarm
    if alarm.value is not None and alarm.lo is not None and alarm.hi is not None:
        words = f"{alarm.value:.2f}  [{alarm.lo:.2f}, {alarm.hi:.2f}]"
        parts.append(text(words, _LEFT + _WIDE + 20.0, y))
    return join(parts)
