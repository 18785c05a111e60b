"""Letter a time axis: ticks, and labels placed so that none covers another, a mark or a bar.

A `Board` gathers what a picture draws.  Positions along time are per cent of the width; labels are placed twice, for
wide pages and for narrow ones, each time for several widths at once; where both agree they are written once.
"""

from math import isfinite

import msgspec
from markupsafe import Markup

from diptych.report.labels import Box, Placed, Wanted, place
from diptych.report.story import Story
from diptych.report.svg import join, mark, percent, text

# The widths a strip has on wide pages (beside its words) and on narrow ones (above them).
WIDE_PX, NARROW_PX = (530.0, 545.0, 600.0, 690.0), (290.0, 360.0, 480.0, 620.0, 770.0, 940.0)


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


class Board:
    """What a picture gathers while it is drawn: its parts, labels still to be placed, and what no label may cover."""

    def __init__(self, axis: Axis) -> None:
        self.axis = axis
        self.parts: list[Markup] = []
        self.labels: list[Label] = []
        self._taken: list[tuple[float, float, float, float]] = []

    def mark(self, name: str, time_s: float, y: float, look: str | None = None) -> None:
        """Draw a shared mark, which no label may cover."""
        self.parts.append(mark(name, self.axis.at(time_s), y, look))
        self.keep_clear(time_s, time_s, y)

    def keep_clear(self, from_s: float, to_s: float, y: float, half_px: float = 6.0) -> None:
        """Let no label cover a bar or a mark: `half_px` to each side."""
        self._taken.append((from_s, to_s, y, half_px))

    def boxes(self, width_px: float) -> list[Box]:
        """Return what is taken, in pixels of a width."""
        at = self.axis.share
        return [(at(a) * width_px - h, y - h, at(b) * width_px + h, y + h) for a, b, y, h in self._taken]

    def lettering(self, height: float) -> Markup:
        """Return the labels where they found room."""
        return labelled(self.labels, self, height)


def labelled(labels: list[Label], board: Board, height: float) -> Markup:
    """Return the labels placed for wide and for narrow pages; the style sheet shows one set."""
    axis = board.axis
    sets: list[list[Placed | None]] = []
    for widths in (WIDE_PX, NARROW_PX):
        variants = [[_wanted(x, axis, width) for x in labels] for width in widths]
        frames = [(0.0, 0.0, width, height) for width in widths]
        sets.append(place(variants, [board.boxes(width) for width in widths], frames))
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


def _wanted(label: Label, axis: Axis, width_px: float) -> Wanted:
    """Return a label as it asks for a place at one width."""
    return Wanted(
        label.words,
        axis.share(label.time_s) * width_px,
        label.y,
        label.priority,
        gap=label.gap,
        sides=label.sides,
        is_bold=label.is_bold,
        short=label.short,
    )
