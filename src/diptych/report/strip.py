"""Draw the swim lanes of one missile: a band for each arrangement over one time axis and one sand column.

Across, positions are per cent of the band's width, so the strip keeps its text size at any width; labels are placed
twice, for wide and for narrow pages, by the same collision rule, and the style sheet shows one set.
"""

from math import isfinite

from markupsafe import Markup

from diptych.model.record import Engagement
from diptych.report.lettering import Axis, Board, Label, ticks
from diptych.report.phrases import clock, role, rule, spoken
from diptych.report.story import FORBIDDEN, Act, Band, Lane, Message, Story
from diptych.report.svg import Attr, element, join, percent, text

_TOP, _LANE, _ACTS, _MORE_ACTS = 26.0, 34.0, 22.0, 14.0
_SHAPE = {"p0": "round", "p1": "square"}


def _lane(lane: Lane, y: float, board: Board, end_s: float) -> None:
    """Draw a lane's line and its sightings: pale since first news, strong since the track was firm."""
    axis = board.axis
    if lane.is_centre:
        board.parts.append(element("line", x1="0", x2="100%", y1=y, y2=y, class_="centre"))
        board.labels.append(Label(lane.title, axis.end_s, y, 6.0, "t dim", ("nw", "sw"), 3.0))
        return
    first = min(lane.warned_s, lane.seen_s, lane.firm_s)
    for since_s, class_ in ((first, "news"), (lane.firm_s, "firm")):
        if since_s <= end_s:
            x1, x2 = axis.at(since_s), axis.at(end_s)
            board.parts.append(element("line", x1=x1, x2=x2, y1=y, y2=y, class_=f"{class_} {lane.look}"))
    shape = _SHAPE.get(lane.look, "both")
    sightings = (
        (lane.warned_s, "warned", 5.0, f"{shape}-o", ("n", "nw", "w", "s", "ne")),
        (lane.seen_s, "seen", 4.0, f"{shape}-o", ("n", "nw", "w", "s", "ne")),
        (lane.firm_s, "firm", 2.0, shape, ("n", "ne", "nw", "s", "e")),
    )
    for time_s, words, priority, name, sides in sightings:
        if time_s <= end_s and not (words == "warned" and lane.firm_s <= time_s):
            board.mark(name, time_s, y, lane.look)
            said = f"{words} {clock(time_s - axis.start_s)}"
            board.labels.append(Label(said, time_s, y, priority, "t" if words == "firm" else "t dim", sides))


def _message(message: Message, rows: dict[str, float], look: str, board: Board) -> None:
    """Draw a slanted arrow from lane to lane: its slope is the delay."""
    axis = board.axis
    y1, y2 = rows[message.sender], rows[message.receiver]
    turn, short_y = (90, y2 - 5.0) if y2 > y1 else (-90, y2 + 5.0)
    x1, x2 = axis.at(message.sent_s), axis.at(message.received_s)
    tip = element("use", href="#m-tip", transform=f"rotate({turn})")
    board.parts.append(element("line", x1=x1, y1=y1, x2=x2, y2=short_y, class_=f"say {look}"))
    board.parts.append(element("svg", tip, x=x2, y=short_y, overflow="visible", class_=look))
    took = clock(message.received_s - message.sent_s)
    middle = (message.sent_s + message.received_s) / 2.0
    words = f"{spoken(message.product)} {took}"
    board.labels.append(Label(words, middle, (y1 + y2) / 2.0, 8.0, "t dim", ("e", "w"), 7.0, short=took))


def _acts(acts: list[Act], y: float, board: Board, until_s: float, look: str) -> None:
    """Draw thin bars for the acts on the path: their length is the time they took; the longest is labelled first."""
    axis = board.axis
    for act in acts:
        if act.start_s > until_s:
            continue
        end_s = min(act.end_s, until_s)
        who, what = role(act.role), spoken(act.title)
        took = clock(act.end_s - act.start_s) if isfinite(act.end_s) else "no answer"
        said = "" if act.answer in ("", "yes", "no answer") else f", {act.answer}"
        tip = element("title", f"{what} · {who} · {took}{said}")
        width = percent(max(axis.share(end_s) - axis.share(act.start_s), 0.003))
        bar = element("rect", tip, x=axis.at(act.start_s), y=y - 3, width=width, height=6.0, class_=f"act {look}")
        board.parts.append(bar)
        board.keep_clear(act.start_s, end_s, y, 3.0)
        priority = 7.0 - min(1.0, (end_s - act.start_s) / 1000.0)
        words = f"{who}: {what} {took}{said}"
        short = f"{what} {took}"
        board.labels.append(Label(words, act.start_s, y, priority, "t dim", ("b", "bb"), 4.0, short=short))


def _arc(x1: float, x2: float, y: float, rise: float, class_: str) -> Markup:
    """Return a flight as an arc between two shares of the width."""
    path = element("path", d=f"M0 {rise:g}Q50 {-0.6 * rise:g} 100 {rise:g}", class_=f"arc {class_}")
    width = percent(max(x2 - x1, 0.001))
    box: dict[str, Attr] = {"viewBox": f"0 0 100 {rise:g}", "preserveAspectRatio": "none", "overflow": "visible"}
    return element("svg", path, x=percent(x1), y=y - rise, width=width, height=rise, **box)


def _shots(band: Band, y: float, board: Board) -> None:
    """Draw triangles, arcs and what came of each shot."""
    axis = board.axis
    looks = {lane.id: lane.look for lane in band.lanes}
    for shot in band.shots:
        look = looks.get(shot.complex_id, "pj")
        board.parts.append(_arc(axis.share(shot.launch_s), axis.share(shot.intercept_s), y, 16.0, look))
    for shot in sorted(band.shots, key=lambda s: s.outcome == "hit"):  # a star lies above what was wasted beside it
        board.mark("shot", shot.launch_s, y, looks.get(shot.complex_id, "pj"))
        board.mark({"hit": "star", "miss": "miss"}.get(shot.outcome, "waste"), shot.intercept_s, y)
        said = f"{shot.ordinal + 1}: {shot.outcome}" if shot.ordinal >= 0 else "wasted"
        priority = 1.6 if shot.ordinal < 0 else 1.0
        board.labels.append(Label(said, shot.intercept_s, y, priority, "t", ("n", "e", "s", "ne", "w")))


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


def _decisions(band: Band, rows: dict[str, float], shots_y: float, board: Board) -> None:
    """Draw a diamond for each release (hollow where permission came but no shot) and the ring of a shot forgone."""
    axis = board.axis
    looks = {lane.id: lane.look for lane in band.lanes}
    sides = ("ne", "nw", "n", "e", "w")
    for e in (e for e in band.engagements if e.complex_id in rows):
        y, look = rows[e.complex_id], looks[e.complex_id]
        if isfinite(e.released_s):
            x, time = axis.at(e.released_s), clock(e.released_s - axis.start_s)
            board.parts.append(element("line", x1=x, x2=x, y1=y + 6, y2=shots_y - 6, class_=f"drop {look}"))
            board.mark("diamond", e.released_s, y, look)
            words, short = f"{_who_and_rule(e)} {time}", f"{role(e.by_role)} {time}"
            board.labels.append(Label(words, e.released_s, y, 0.0, "t strong", sides, 8.0, is_bold=True, short=short))
        elif e.granted_s <= axis.end_s:
            time = clock(e.granted_s - axis.start_s)
            board.mark("diamond-o", e.granted_s, y, look)
            words = f"{_who_and_rule(e)} {time}, no shot"
            board.labels.append(Label(words, e.granted_s, y, 1.0, "t", sides, 8.0, short=time))
    if isfinite(band.given_up_s) and band.given_up_by is not None:
        at = min(band.given_up_s, axis.end_s)
        board.mark("forgone", at, shots_y)
        words = _FORGONE.get(band.given_up_by.reason, band.given_up_by.reason)
        board.labels.append(Label(words, at, shots_y, 0.0, "t", ("e", "w", "n"), 10.0))


def _who_and_rule(engagement: Engagement) -> str:
    """Return the role that decided and the rule it used."""
    words = (role(engagement.by_role), rule(engagement.rule, engagement.by_role))
    return " · ".join(w for w in words if w)


_FORGONE = {
    "responsibility": "another complex's task",
    "rule": "forbidden by the rule",
    "consent": "no consent in time",
    "withheld": "consent withheld",
    "outside-rules": "outside the agreed rules",
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
        acts = sum(a.lane == lane.id for a in band.acts)
        if acts:
            act_rows[lane.id] = y + 12.0
            y += _ACTS + (_MORE_ACTS if acts > 1 else 0.0)
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
    board = Board(axis)
    board.parts.append(described)
    looks = {lane.id: lane.look for lane in band.lanes}
    for lane in band.lanes:
        _lane(lane, rows[lane.id], board, end_s)
        if lane.id in act_rows:
            _acts([a for a in band.acts if a.lane == lane.id], act_rows[lane.id], board, end_s, lane.look)
    for message in band.messages:
        if message.sent_s <= end_s:
            _message(message, rows, looks[message.sender], board)
    board.parts.append(_window(band, shots_y, axis))
    _shots(band, shots_y, board)
    _decisions(band, rows, shots_y, board)
    if not band.fate.is_killed:
        board.mark("cross", story.impact_s, shots_y)
    board.parts.append(board.lettering(height))
    return element("svg", *board.parts, width="100%", height=height, class_="strip", **attributes)


def axis_picture(story: Story, axis: Axis) -> Markup:
    """Return the head of a strip: the flight as an arc, launch, burnout, impact, and the name of the sand column."""
    base, height = 34.0, 78.0
    board = Board(axis)
    x0, x1 = axis.share(story.launch_s), axis.share(story.impact_s)
    board.parts.append(element("line", x1=percent(x0), x2=percent(x1), y1=base, y2=base, class_="tick"))
    board.parts.append(_arc(x0, x1, base, 30.0, "flight"))
    for time_s, words, priority, sides in (
        (story.launch_s, "launch", 1.0, ("se",)),
        (story.impact_s, "impact", 1.0, ("sw",)),
        (story.burnout_s, "burnout", 3.0, ("s", "se")),
    ):
        x = axis.at(time_s)
        board.parts.append(element("line", x1=x, x2=x, y1=base - 4, y2=base + 4, class_="tick"))
        said = f"{words} {clock(time_s - story.launch_s)}"
        board.labels.append(Label(said, time_s, base + 8, priority, "t dim", sides, 1.0))
    if story.close_s > story.open_s:
        span = f"{clock(story.open_s - story.launch_s)} to {clock(story.close_s - story.launch_s)}"
        middle = (story.open_s + story.close_s) / 2.0
        words, short = f"physical window {span}", f"window {span}"
        board.labels.append(Label(words, middle, 66.0, 0.0, "t sand", ("s", "w"), -4.0, is_bold=True, short=short))
    board.parts.append(board.lettering(height))
    return element("svg", *board.parts, width="100%", height=height, class_="strip", aria_hidden="true")


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
