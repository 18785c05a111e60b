"""Show how an answer bends with a delay: lines over precomputed points, and the values that the slider reads out.

Nothing is interpolated: the slider steps from point to point, and the lines only join them.
"""

from itertools import pairwise
from math import log

import msgspec
from markupsafe import Markup

from diptych.model.result import Comparison, Sweep
from diptych.report.labels import Box, Wanted, place
from diptych.report.panels import PARTY_MARKS, nice_ceiling
from diptych.report.phrases import brief, capital, count, few, plain, quantity
from diptych.report.svg import Attr, element, join, mark, percent, text

WIDE_PX, NARROW_PX = 370.0, 280.0
HEIGHT = 240.0
_LEFT, _RIGHT, _TOP, _BOTTOM = 0.09, 0.64, 14.0, 206.0


class Scale(msgspec.Struct, frozen=True):
    """The axis of a delay: from the first to the last point, by ratios where the range is wide."""

    low: float
    high: float
    is_log: bool

    def share(self, value: float) -> float:
        """Return where a value lies across the picture."""
        if self.high <= self.low:
            return _LEFT
        if self.is_log:
            along = (log(max(value, self.low)) - log(self.low)) / (log(self.high) - log(self.low))
        else:
            along = (value - self.low) / (self.high - self.low)
        return _LEFT + (_RIGHT - _LEFT) * max(0.0, min(1.0, along))


def scale_of(sweep: Sweep) -> Scale:
    """Return the axis of a sweep: logarithmic when its last point is more than twelve times its first above zero."""
    values = [p.value for p in sweep.points]
    low, high = min(values), max(values)
    return Scale(low, high, is_log=low > 0 and high / low > 12.0)


def spoken_value(sweep: Sweep, value: float, unit: str | None = None) -> str:
    """Return a value of a sweep as spoken: the word at that place, or the number with its unit (`unit`: another)."""
    return sweep.words[round(value)] if sweep.words else quantity(value, sweep.unit if unit is None else unit)


def value_at(sweep: Sweep, index: int, arrangement: str, party: str, metric: str) -> float | None:
    """Return a mean at one point, None where it was not computed."""
    return sweep.points[index].means.get(arrangement, {}).get(party, {}).get(metric)


def moved(sweep: Sweep, found: Comparison, party: str, metric: str) -> list[tuple[float, str]]:
    """Return (greatest change over the stated range, arrangement) of the arrangements this delay moves at all."""
    answer = []
    for arrangement in found.arrangements:
        values = [
            v
            for i, point in enumerate(sweep.points)
            if sweep.low <= point.value <= sweep.high
            for v in [value_at(sweep, i, arrangement, party, metric)]
            if v is not None
        ]
        if values and max(values) - min(values) > 1e-12:
            answer.append((max(values) - min(values), arrangement))
    return sorted(answer, key=lambda pair: (-pair[0], found.arrangements.index(pair[1])))


def sweep_title(
    sweep: Sweep, found: Comparison, titles: dict[str, str], party_titles: dict[str, str], metric: str
) -> str:
    """Return the finding of a sweep: which arrangements the delay moves, and by how much over its stated range."""
    parts = []
    for party in found.parties:
        changed = moved(sweep, found, party, metric)
        if changed:
            most = changed[0]
            others = len(changed) - 1
            also = f" (and {few([titles[a] for _, a in changed[1:]])})" if others else ""
            parts.append(f"{party_titles[party]} by up to {brief(most[0])} under {titles[most[1]]}{also}")
    if not parts:
        return f"“{capital(sweep.title)}” moves nothing within its stated range"
    return f"“{capital(sweep.title)}” moves {'; '.join(parts)}"


def chart(
    sweep: Sweep,
    found: Comparison,
    titles: dict[str, str],
    party: int,
    metric: str,
    described: Markup,
    attributes: dict[str, Attr],
) -> Markup:
    """Return one party's lines over the delay, the stated range shaded, names at the right end."""
    scale = scale_of(sweep)
    name = found.parties[party]
    values = [
        v
        for i in range(len(sweep.points))
        for a in found.arrangements
        for v in [value_at(sweep, i, a, name, metric)]
        if v is not None
    ]
    top = nice_ceiling(max(values, default=1.0))

    def y_of(value: float) -> float:
        return _BOTTOM - (_BOTTOM - _TOP) * value / top

    x1, x2 = scale.share(max(sweep.low, scale.low)), scale.share(min(sweep.high, scale.high))
    parts = [
        described,
        element(
            "rect", x=percent(x1), width=percent(max(x2 - x1, 0.0)), y=_TOP, height=_BOTTOM - _TOP, class_="stated"
        ),
    ]
    for tick in (0.0, 0.5, 1.0):
        y = y_of(tick * top)
        parts.append(element("line", x1=percent(_LEFT), x2=percent(_RIGHT), y1=y, y2=y, class_="grid"))
        parts.append(
            text(
                f"{tick * top:.2f}".rstrip("0").rstrip("."), percent(_LEFT), y + 4, "t dim", dx=-6.0, text_anchor="end"
            )
        )
    shown = {scale.low, scale.high}
    for point in sweep.points:
        parts.append(
            element(
                "line",
                x1=percent(scale.share(point.value)),
                x2=percent(scale.share(point.value)),
                y1=_BOTTOM,
                y2=_BOTTOM + 4,
                class_="tick",
            )
        )
    if scale.low < sweep.mid < scale.high:
        shown.add(sweep.mid)
    kept: list[float] = []
    for value in sorted(shown):
        if all(abs(scale.share(value) - scale.share(other)) > 0.13 for other in kept):
            kept.append(value)
            parts.append(
                text(
                    spoken_value(sweep, value),
                    percent(scale.share(value)),
                    _BOTTOM + 18,
                    "t dim",
                    text_anchor="middle",
                )
            )
    alive = {a for _, a in moved(sweep, found, name, metric)}
    ends: list[tuple[str, float]] = []
    for arrangement in found.arrangements:
        line = [
            (scale.share(p.value), v)
            for i, p in enumerate(sweep.points)
            for v in [value_at(sweep, i, arrangement, name, metric)]
            if v is not None
        ]
        if not line:
            continue
        class_ = f"bend p{party}" if arrangement in alive else "bend flat"
        for (xa, va), (xb, vb) in pairwise(line):
            parts.append(element("line", x1=percent(xa), x2=percent(xb), y1=y_of(va), y2=y_of(vb), class_=class_))
        ends.append((arrangement, y_of(line[-1][1])))
    parts.append(_end_labels(ends, titles, alive))
    middle = min(range(len(sweep.points)), key=lambda i: abs(sweep.points[i].value - sweep.mid))
    x = percent(scale.share(sweep.points[middle].value))
    parts.append(element("line", x1=x, x2=x, y1=_TOP, y2=_BOTTOM, class_="cursor"))
    for arrangement in found.arrangements:
        here = value_at(sweep, middle, arrangement, name, metric)
        if here is not None and arrangement in alive:
            parts.append(mark(PARTY_MARKS[party], x, y_of(here), f"p{party} small at"))
    return element("svg", *parts, width="100%", height=HEIGHT, class_="chart", **attributes)


def _end_labels(ends: list[tuple[str, float]], titles: dict[str, str], alive: set[str]) -> Markup:
    """Return the names of the lines at their right ends, pushed apart; lines that end together share one label."""
    groups: list[tuple[float, list[str]]] = []
    for arrangement, y in sorted(ends, key=lambda e: e[1]):
        if groups and y - groups[-1][0] < 1.5:
            groups[-1][1].append(arrangement)
        else:
            groups.append((y, [arrangement]))
    sets = []
    words = [few([titles[a] for a in g if a in alive] + [titles[a] for a in g if a not in alive]) for _, g in groups]
    for width in (WIDE_PX, NARROW_PX):
        room = (1.0 - _RIGHT) * width - 8
        short = [w if len(w) * 6.6 < room else w[: max(6, int(room / 6.6)) - 1].rstrip(" ,") + "…" for w in words]
        wanted = [
            Wanted(short[i], _RIGHT * width, y, 0.0 if set(g) & alive else 1.0, sides=("e",), gap=6.0)
            for i, (y, g) in enumerate(groups)
        ]
        # a label that finds no room beside its line is tried a little lower and higher
        placed: list[tuple[str, float] | None] = []
        taken: list[Box] = []
        for want in wanted:
            for shift in (0.0, 7.0, -7.0, 14.0, -14.0, 21.0):
                tried = msgspec.structs.replace(want, y=want.y + shift)
                found = place([[tried]], [taken], [(0.0, 0.0, 1e6, HEIGHT)])[0]
                if found is not None:
                    taken.append((tried.x, tried.y - 7, tried.x + 400, tried.y + 7))
                    placed.append((want.words, tried.y + 4))
                    break
            else:
                placed.append(None)
        sets.append(placed)
    parts = []
    for (_, group), wide, narrow in zip(groups, *sets, strict=True):
        class_ = "t" if set(group) & alive else "t dim"
        for found, when in ((wide, "w"), (narrow, "n")):
            if found is not None:
                parts.append(text(found[0], percent(_RIGHT), found[1], f"{class_} {when}", dx=6.0))
    return join(parts)


def slider_data(sweep: Sweep, found: Comparison, metric: str) -> dict[str, object]:
    """Return what the script needs: spoken value and position of each point, and the means by arrangement and party."""
    scale = scale_of(sweep)
    unit = "seconds" if sweep.unit == "s" else sweep.unit
    return {
        "said": [spoken_value(sweep, p.value, unit) for p in sweep.points],
        "x": [percent(scale.share(p.value)) for p in sweep.points],
        "inside": [sweep.low <= p.value <= sweep.high for p in sweep.points],
        "means": [
            [
                [plain(v) if v is not None else "–" for p in found.parties for v in [value_at(sweep, i, a, p, metric)]]
                for a in found.arrangements
            ]
            for i in range(len(sweep.points))
        ],
    }


def points_note(sweep: Sweep) -> str:
    """Return how a sweep was made."""
    return (
        f"{capital(count(len(sweep.points), 'point'))}, {sweep.replicates} raids each, the same raids at every point."
    )
