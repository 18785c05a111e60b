"""Draw the swim lanes of one missile: a band for each arrangement over one time axis and one sand column.

Across, positions are per cent of the band's width, so the strip keeps its text size at any width; labels are placed
twice, for wide and for narrow pages, by the same collision rule, and the style sheet shows one set.
"""

from math import isfinite

import msgspec
from markupsafe import Markup

from diptych.model.record import Engagement
from diptych.report.labels import Box, Placed, Wanted, place
from diptych.report.phrases import clock, role, rule, spoken
from diptych.report.story import FORBIDDEN, Act, Band, Lane, Story
from diptych.report.svg import Attr, element, join, mark, percent, text

WIDE_PX, NARROW_PX = 560.0, 290.0
_TOP, _LANE, _ACTS = 26.0, 34.0, 22.0
_SHAPE = {"p0": "round", "p1": "square"}


class Axis(msgspec.Struct, frozen=True):
    """The time axis of a strip: from the object's launch to a little after its end."""

    start_s: float
    end_s: float

    def share(self, time_s: float) -> float:
        """Return where a time lies, as a share of the width; infinity at the right edge."""
        return (
            1.0 if not isfinite(time_s) else max(0.0, min(1.0, (time_s - self.start_s) / (self.end_s - self.start_s)))
        )

    def at(self, time_s: float) -> str:
        """Return where a time lies, in per cent of the width."""
        return percent(self.share(time_s))


class Label(msgspec.Struct, frozen=True):
    """A label at a time and height, before it is placed."""

    words: str
    time_s: float
    y: float
    priority: float
    class_: str = "t"
    sides: tuple[str, ...] = ("e", "n", "w", "s", "ne", "nw")
    gap: float = 10.0
    is_bold: bool = False
    short: str = ""


def axis_of(story: Story) -> Axis:
    """Return the axis all bands of a story share."""
    last = max([story.impact_s, *(s.intercept_s for b in story.bands for s in b.shots if isfinite(s.intercept_s))])
    return Axis(story.launch_s, story.launch_s + 1.03 * (last - story.launch_s))


def ticks(axis: Axis) -> list[tuple[float, str]]:
    """Return (time, minutes) of the ticks: every minute, or every second, fifth or tenth on long axes."""
    minutes = (axis.end_s - axis.start_s) / 60.0
    step = next((s for s in (1, 2, 5, 10) if minutes / s <= 9), 20)
    return [(axis.start_s + 60.0 * m, str(m)) for m in range(0, int(minutes) + 1, step)]


def labelled(labels: list[Label], axis: Axis, height: float, marks: list[tuple[float, float]]) -> Markup:
    """Return the labels placed for wide and for narrow pages; marks are (time, y) that no label may cover."""
    sets: list[list[Placed | None]] = []
    for width in (WIDE_PX, NARROW_PX):
        taken: list[Box] = [(axis.share(t) * width - 6, y - 6, axis.share(t) * width + 6, y + 6) for t, y in marks]
        wanted = [
            Wanted(
                x.words,
                axis.share(x.time_s) * width,
                x.y,
                x.priority,
                gap=x.gap,
                sides=x.sides,
                is_bold=x.is_bold,
                short=x.short,
            )
            for x in labels
        ]
        sets.append(place(wanted, taken, (0.0, 0.0, width, height)))
    parts = []
    for label, wide, narrow in zip(labels, *sets, strict=True):
        both = wide == narrow
        for found, when in ((wide, None if both else "w"), (None if both else narrow, "n")):
            if found is None:
                continue
            classes = " ".join(c for c in (label.class_, when) if c)
            anchor = None if found.anchor == "start" else found.anchor
            place_y = label.y + found.dy
            parts.append(
                text(found.words, axis.at(label.time_s), place_y, classes, dx=found.dx or None, text_anchor=anchor)
            )
    return join(parts)


def _lane(
    lane: Lane, y: float, axis: Axis, end_s: float, labels: list[Label], marks: list[tuple[float, float]]
) -> Markup:
    """Return a lane's line and its sightings: pale since first news, strong since the track was firm."""
    parts = []
    if lane.is_centre:
        parts.append(element("line", x1="0", x2=axis.at(end_s), y1=y, y2=y, class_="centre"))
        labels.append(Label(lane.title, axis.start_s, y, 6.0, "t dim", ("ne", "se"), 2.0))
        return join(parts)
    first = min(lane.warned_s, lane.seen_s, lane.firm_s)
    if isfinite(first) and first <= end_s:
        parts.append(element("line", x1=axis.at(first), x2=axis.at(end_s), y1=y, y2=y, class_=f"news {lane.look}"))
    if lane.firm_s <= end_s:
        parts.append(
            element("line", x1=axis.at(lane.firm_s), x2=axis.at(end_s), y1=y, y2=y, class_=f"firm {lane.look}")
        )
    shape = _SHAPE.get(lane.look, "both")
    for time_s, words in ((lane.warned_s, "warned"), (lane.seen_s, "seen")):
        if time_s <= end_s:
            parts.append(mark(f"{shape}-o", axis.at(time_s), y, lane.look))
            marks.append((time_s, y))
            said = f"{words} {clock(time_s - axis.start_s)}"
            labels.append(Label(said, time_s, y, 4.0 if words == "seen" else 5.0, "t dim", ("n", "nw", "w", "s", "ne")))
    if lane.firm_s <= end_s:
        parts.append(mark(shape, axis.at(lane.firm_s), y, lane.look))
        marks.append((lane.firm_s, y))
        said = f"firm {clock(lane.firm_s - axis.start_s)}"
        labels.append(Label(said, lane.firm_s, y, 2.0, "t", ("n", "ne", "nw", "s", "e")))
    return join(parts)


def _arrow(x1: Attr, y1: float, x2: Attr, y2: float, class_: str) -> Markup:
    """Return a straight arrow with its tip upright to the lane it reaches (the slope is the delay)."""
    down = 90 if y2 > y1 else -90
    short = y2 - 5.0 if y2 > y1 else y2 + 5.0
    tip = element("svg", mark_rotated(down), x=x2, y=short, overflow="visible", class_=class_)
    return element("line", x1=x1, y1=y1, x2=x2, y2=short, class_=f"say {class_}") + tip


def mark_rotated(angle_deg: float) -> Markup:
    """Return an arrow tip turned by an angle."""
    return element("use", href="#m-tip", transform=f"rotate({angle_deg:g})")


def _acts(acts: list[Act], y: float, axis: Axis, until_s: float, look: str, labels: list[Label]) -> Markup:
    """Return thin bars for the acts on the path: their length is the time they took."""
    parts = []
    for act in acts:
        end_s = min(act.end_s, until_s)
        if act.start_s > until_s:
            continue
        who, what = role(act.role), spoken(act.title)
        took = clock(act.end_s - act.start_s) if isfinite(act.end_s) else "no answer"
        tip = f"{what} · {who} · {took}{' · ' + act.answer if act.answer not in ('', 'yes', 'no answer') else ''}"
        width = max(axis.share(end_s) - axis.share(act.start_s), 0.003)
        bar = element(
            "rect",
            element("title", tip),
            x=axis.at(act.start_s),
            y=y - 3,
            width=percent(width),
            height=6.0,
            class_=f"act {look}",
        )
        parts.append(bar)
        labels.append(Label(f"{who}: {what} {took}", act.start_s, y, 7.0, "t dim", ("b",), 4.0, short=f"{what} {took}"))
    return join(parts)


def _arc(x1: float, x2: float, y: float, rise: float, class_: str) -> Markup:
    """Return the flight of an interceptor as an arc between two shares of the width."""
    path = element(
        "path", d=f"M0 {number_(rise)}Q50 {number_(-rise * 0.6)} 100 {number_(rise)}", class_=f"arc {class_}"
    )
    return element(
        "svg",
        path,
        x=percent(x1),
        y=y - rise,
        width=percent(max(x2 - x1, 0.001)),
        height=rise,
        viewBox=f"0 0 100 {number_(rise)}",
        preserveAspectRatio="none",
        overflow="visible",
    )


def number_(value: float) -> str:
    """Return a path coordinate."""
    return f"{value:.1f}".rstrip("0").rstrip(".")


def _shots(band: Band, y: float, axis: Axis, labels: list[Label], marks: list[tuple[float, float]]) -> Markup:
    """Return triangles, arcs and what came of each shot."""
    looks = {lane.id: lane.look for lane in band.lanes}
    parts = []
    for shot in band.shots:
        look = looks.get(shot.complex_id, "pj")
        parts.append(_arc(axis.share(shot.launch_s), axis.share(shot.intercept_s), y, 16.0, look))
    for shot in band.shots:
        look = looks.get(shot.complex_id, "pj")
        parts.append(mark("shot", axis.at(shot.launch_s), y, look))
        name = {"hit": "star", "miss": "miss"}.get(shot.outcome, "waste")
        parts.append(mark(name, axis.at(shot.intercept_s), y))
        marks += [(shot.launch_s, y), (shot.intercept_s, y)]
        said = f"{shot.ordinal + 1}: {shot.outcome}" if shot.ordinal >= 0 else "wasted"
        labels.append(Label(said, shot.intercept_s, y, 1.0, "t", ("n", "e", "s", "ne", "w"), 10.0))
    return join(parts)


def _window(band: Band, y: float, axis: Axis) -> Markup:
    """Return the bar of the window that was left after the release, or hatched where a rule forbade its use."""
    parts = []
    used = [e for e in band.engagements if isfinite(e.released_s) and e.last_close_s > e.released_s]
    for engagement in used:
        start = max(engagement.released_s, engagement.first_open_s)
        width = axis.share(engagement.last_close_s) - axis.share(start)
        if isfinite(engagement.last_close_s) and width > 0:
            parts.append(element("rect", x=axis.at(start), y=y - 5, width=percent(width), height=10.0, class_="left"))
    if not band.shots:
        for engagement in band.engagements:
            width = axis.share(engagement.last_close_s) - axis.share(engagement.first_open_s)
            if engagement.reason in FORBIDDEN and isfinite(engagement.last_close_s) and width > 0:
                parts.append(
                    element(
                        "rect",
                        x=axis.at(engagement.first_open_s),
                        y=y - 5,
                        width=percent(width),
                        height=10.0,
                        fill="url(#hatch)",
                        class_="forbidden",
                    )
                )
    return join(parts)


def _decisions(
    band: Band,
    rows: dict[str, float],
    shots_y: float,
    axis: Axis,
    labels: list[Label],
    marks: list[tuple[float, float]],
) -> Markup:
    """Return a diamond for each release with role, rule and time, and the dashed ring of a shot forgone."""
    looks = {lane.id: lane.look for lane in band.lanes}
    parts = []
    for e in band.engagements:
        if not isfinite(e.released_s) or e.complex_id not in rows:
            continue
        x, y = axis.at(e.released_s), rows[e.complex_id]
        parts.append(element("line", x1=x, x2=x, y1=y + 6, y2=shots_y - 6, class_=f"drop {looks[e.complex_id]}"))
        parts.append(mark("diamond", x, y, looks[e.complex_id]))
        marks.append((e.released_s, y))
        words = f"{_who_and_rule(e)} {clock(e.released_s - axis.start_s)}"
        short = f"{role(e.by_role)} {clock(e.released_s - axis.start_s)}"
        sides = ("ne", "nw", "n", "e", "w")
        labels.append(Label(words, e.released_s, y, 0.0, "t strong", sides, 8.0, is_bold=True, short=short))
    for e in band.engagements:
        if isfinite(e.released_s) or not isfinite(e.granted_s) or e.complex_id not in rows or e.granted_s > axis.end_s:
            continue
        y = rows[e.complex_id]
        parts.append(mark("diamond-o", axis.at(e.granted_s), y, looks[e.complex_id]))
        marks.append((e.granted_s, y))
        words = f"{_who_and_rule(e)} {clock(e.granted_s - axis.start_s)}, no shot"
        sides = ("ne", "nw", "n", "e", "w")
        labels.append(Label(words, e.granted_s, y, 1.0, "t", sides, 8.0, short=clock(e.granted_s - axis.start_s)))
    if isfinite(band.given_up_s) and band.given_up_by is not None:
        at = min(band.given_up_s, axis.end_s)
        parts.append(mark("forgone", axis.at(at), shots_y))
        marks.append((at, shots_y))
        words = _FORGONE.get(band.given_up_by.reason, band.given_up_by.reason)
        labels.append(Label(words, at, shots_y, 0.0, "t", ("e", "w", "n"), 10.0))
    return join(parts)


def _who_and_rule(engagement: Engagement) -> str:
    """Return the role that decided and the rule it used."""
    words = (role(engagement.by_role), rule(engagement.rule, engagement.by_role))
    return " · ".join(w for w in words if w)


_FORGONE = {
    "responsibility": "another complex's task",
    "rule": "forbidden by the rule",
    "consent": "no consent in time",
    "withheld": "consent withheld",
    "no-track": "no firm track in time",
    "no-window": "no interceptor reaches",
    "late": "window closed",
    "magazine": "magazine empty",
    "sector": "forbidden by the sector",
    "partner": "left to the partner",
    "done": "held to be killed",
}


def _heights(band: Band) -> tuple[dict[str, float], dict[str, float], float]:
    """Return how far down each lane and each lane's acts lie, and the shots below them."""
    rows: dict[str, float] = {}
    act_rows: dict[str, float] = {}
    y = _TOP
    for lane in band.lanes:
        rows[lane.id] = y
        if any(a.lane == lane.id for a in band.acts):
            act_rows[lane.id] = y + 12.0
            y += _ACTS
        y += _LANE
    return rows, act_rows, y + 8.0


def band_height(band: Band) -> float:
    """Return the height of a band's picture, pixels."""
    return _heights(band)[2] + 20.0


def band_picture(band: Band, story: Story, axis: Axis, described: Markup, attributes: dict[str, Attr]) -> Markup:
    """Return the picture of one band, with its title and description given by the caller."""
    rows, act_rows, shots_y = _heights(band)
    height = band_height(band)
    end_s = band.fate.end_s if band.fate.is_killed else story.impact_s
    labels: list[Label] = []
    marks: list[tuple[float, float]] = []
    parts = [described]
    for lane in band.lanes:
        parts.append(_lane(lane, rows[lane.id], axis, end_s, labels, marks))
        acts = [a for a in band.acts if a.lane == lane.id]
        if acts:
            parts.append(_acts(acts, act_rows[lane.id], axis, end_s, lane.look, labels))
    looks = {lane.id: lane.look for lane in band.lanes}
    for message in band.messages:
        if message.sent_s > end_s:
            continue
        y1, y2 = rows[message.sender], rows[message.receiver]
        parts.append(_arrow(axis.at(message.sent_s), y1, axis.at(message.received_s), y2, looks[message.sender]))
        words = f"{spoken(message.product)} {clock(message.received_s - message.sent_s)}"
        middle = (message.sent_s + message.received_s) / 2.0
        labels.append(Label(words, middle, (y1 + y2) / 2.0, 8.0, "t dim", ("e", "w"), 7.0))
    parts.append(_window(band, shots_y, axis))
    parts.append(_shots(band, shots_y, axis, labels, marks))
    parts.append(_decisions(band, rows, shots_y, axis, labels, marks))
    if not band.fate.is_killed:
        parts.append(mark("cross", axis.at(story.impact_s), shots_y))
        marks.append((story.impact_s, shots_y))
    parts.append(labelled(labels, axis, height, marks))
    return element("svg", *parts, width="100%", height=height, class_="strip", **attributes)


def axis_picture(story: Story, axis: Axis) -> Markup:
    """Return the head of a strip: the flight as an arc, launch, burnout, aim point, and the name of the sand column."""
    x0, x1 = axis.share(story.launch_s), axis.share(story.impact_s)
    base = 34.0
    labels = [
        Label(f"launch {clock(0.0)}", story.launch_s, base + 8, 1.0, "t dim", ("se",), 1.0),
        Label(f"impact {clock(story.impact_s - story.launch_s)}", story.impact_s, base + 8, 1.0, "t dim", ("sw",), 1.0),
        Label(
            f"burnout {clock(story.burnout_s - story.launch_s)}",
            story.burnout_s,
            base + 8,
            3.0,
            "t dim",
            ("s", "se"),
            1.0,
        ),
    ]
    parts = [
        element("line", x1=percent(x0), x2=percent(x1), y1=base, y2=base, class_="tick"),
        _arc(x0, x1, base, 30.0, "flight"),
    ]
    for time_s in (story.launch_s, story.burnout_s, story.impact_s):
        parts.append(element("line", x1=axis.at(time_s), x2=axis.at(time_s), y1=base - 4, y2=base + 4, class_="tick"))
    height = 78.0
    if story.close_s > story.open_s:
        opens, closes = clock(story.open_s - story.launch_s), clock(story.close_s - story.launch_s)
        middle = (story.open_s + story.close_s) / 2.0
        words = f"physical window {opens} to {closes}"
        labels.append(
            Label(
                words, middle, 66.0, 0.0, "t sand", ("s", "w"), -4.0, is_bold=True, short=f"window {opens} to {closes}"
            )
        )
    parts.append(labelled(labels, axis, height, []))
    return element("svg", *parts, width="100%", height=height, class_="strip", aria_hidden="true")


def window_style(story: Story, axis: Axis) -> str:
    """Return the custom properties that place the sand column behind every band of a strip; empty without a window."""
    if story.close_s <= story.open_s:
        return ""
    width = axis.share(story.close_s) - axis.share(story.open_s)
    return f"--open:{axis.at(story.open_s)};--wide:{percent(width)}"


def scale_picture(axis: Axis) -> Markup:
    """Return the foot of a strip: minutes after launch."""
    parts = []
    for index, (time_s, words) in enumerate(ticks(axis)):
        anchor = None if index == 0 else "middle"
        parts.append(element("line", x1=axis.at(time_s), x2=axis.at(time_s), y1=0.0, y2=5.0, class_="tick"))
        parts.append(text(f"{words} min" if index == 0 else words, axis.at(time_s), 19.0, "t dim", text_anchor=anchor))
    return element("svg", *parts, width="100%", height=24.0, class_="strip", aria_hidden="true")
