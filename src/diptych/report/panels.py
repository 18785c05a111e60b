"""Draw the diptych: one party to each side of the hinge, arrangement names on it, zero at the hinge on both sides.

Every row is two small pictures whose width is the page's to decide; the mean is a mark, its 95 % interval a thick
line, and the range of means over the stated range of the delays that were swept a thin one.  A mark is hollow where
the order against the yardstick is not decided.  The parties are never added.
"""

from markupsafe import Markup

from diptych.model.result import Comparison, Difference, Estimate
from diptych.report.phrases import brief, difference_of, standing
from diptych.report.svg import element, mark, percent, text

PARTY_MARKS = ("round", "square")
UNDECIDED = ("undecided", "flips")
_PAD = 0.03


def nice_ceiling(value: float) -> float:
    """Return the least of 1, 2, 3, 4, 5, 6, 8, 10 times a power of ten that is not below.  *Check* 4.3 gives 5."""
    if value <= 0:
        return 1.0
    power = 1.0
    while power * 10 <= value:
        power *= 10
    while power > value:
        power /= 10
    return next(m * power for m in (1, 2, 3, 4, 5, 6, 8, 10) if m * power >= value - 1e-12)


def swept_range(found: Comparison, arrangement: str, party: str, metric: str) -> tuple[float, float] | None:
    """Return the least and greatest mean over all swept delays inside their stated ranges, or None."""
    values = [
        v
        for sweep in found.sweeps
        for point in sweep.points
        if sweep.low <= point.value <= sweep.high
        for v in [point.means.get(arrangement, {}).get(party, {}).get(metric)]
        if v is not None
    ]
    return (min(values), max(values)) if values else None


def ceiling(found: Comparison, metric: str, least: float = 0.0) -> float:
    """Return the end of the scale that both panels share: enough for every mean, interval and swept range."""
    highest = least
    for arrangement in found.arrangements:
        for party in found.parties:
            cell = found.table.get(arrangement, {}).get(party, {}).get(metric)
            if cell is None or cell.value is None:
                continue
            swept = swept_range(found, arrangement, party, metric)
            highest = max(highest, cell.value, cell.hi or 0.0, swept[1] if swept else 0.0)
    return nice_ceiling(highest)


def _share(value: float, top: float, *, is_left: bool) -> float:
    """Return where a value lies across a panel: zero at the hinge."""
    along = _PAD + (1.0 - 2.0 * _PAD) * max(0.0, min(1.0, value / top))
    return 1.0 - along if is_left else along


def panel_cell(
    cell: Estimate | None,
    swept: tuple[float, float] | None,
    top: float,
    yardstick_value: float | None,
    is_open: bool,
    party: int,
) -> Markup:
    """Return one row of one panel: grid, yardstick, swept range, interval, mean."""
    is_left = party == 0
    parts = []
    for tick in (0.0, 0.25, 0.5, 0.75, 1.0):
        x = percent(_share(tick * top, top, is_left=is_left))
        parts.append(element("line", x1=x, x2=x, y1="0", y2="100%", class_="grid"))
    if yardstick_value is not None:
        x = percent(_share(yardstick_value, top, is_left=is_left))
        parts.append(element("line", x1=x, x2=x, y1="0", y2="100%", class_="yard"))
    middle = 18.0
    ranges = [("thin", swept)] if swept is not None else []
    if cell is not None and cell.lo is not None and cell.hi is not None:
        ranges.append(("thick", (cell.lo, cell.hi)))
    for class_, (low, high) in ranges:
        x1, x2 = percent(_share(low, top, is_left=is_left)), percent(_share(high, top, is_left=is_left))
        parts.append(element("line", x1=x1, x2=x2, y1=middle, y2=middle, class_=f"{class_} p{party}"))
    if cell is not None and cell.value is not None:
        shape = PARTY_MARKS[party] + ("-o" if is_open else "")
        parts.append(mark(shape, percent(_share(cell.value, top, is_left=is_left)), middle, f"p{party} big"))
    return element("svg", *parts, width="100%", height="36", class_="cell", aria_hidden="true")


def panel_axis(top: float, party: int) -> Markup:
    """Return the scale under a panel."""
    is_left = party == 0
    parts = []
    for tick in (0.0, 0.25, 0.5, 0.75, 1.0):
        share = _share(tick * top, top, is_left=is_left)
        anchor = "start" if share < 0.05 else "end" if share > 0.95 else "middle"
        words = f"{tick * top:.2f}".rstrip("0").rstrip(".")
        parts.append(text(words, percent(share), 14.0, "t dim", text_anchor=anchor))
    return element("svg", *parts, width="100%", height="20", class_="cell", aria_hidden="true")


def difference_reach(found: Comparison, metric: str) -> float:
    """Return the end of the scale of paired differences, the same to both sides of zero."""
    reach = 0.0
    for arrangement in found.arrangements:
        for party in found.parties:
            paired = difference_of(found, arrangement, party, metric)
            if paired is not None:
                reach = max([reach, *(abs(v) for v in (paired.value, paired.lo, paired.hi) if v is not None)])
    return nice_ceiling(reach)


def difference_cell(paired: list[Difference | None], is_open: list[bool], reach: float) -> Markup:
    """Return one row of the paired differences: each party's mean and interval about zero."""
    parts = [element("line", x1="50%", x2="50%", y1="0", y2="100%", class_="zero")]
    for party, one in enumerate(paired[:2]):
        if one is None or one.value is None:
            continue
        y = 8.0 + 10.0 * party

        def at(value: float) -> str:
            return percent(0.5 + 0.46 * max(-1.0, min(1.0, value / reach)))

        if one.lo is not None and one.hi is not None and not one.is_exact_zero:
            parts.append(element("line", x1=at(one.lo), x2=at(one.hi), y1=y, y2=y, class_=f"thick p{party}"))
        shape = PARTY_MARKS[party] + ("-o" if is_open[party] else "")
        parts.append(mark(shape, at(one.value), y, f"p{party} small"))
    return element("svg", *parts, width="100%", height="26", class_="cell", aria_hidden="true")


def cost_cell(values: list[float | None], top: float, bottom: float) -> Markup:
    """Return one cell of the small multiples: each party's mean on the metric's own scale."""
    parts = [element("line", x1="4%", x2="4%", y1="0", y2="100%", class_="grid")]
    span = top - bottom or 1.0
    for party, value in enumerate(values[:2]):
        if value is None:
            continue
        x = percent(0.04 + 0.9 * (value - bottom) / span)
        parts.append(mark(PARTY_MARKS[party], x, 8.0 + 11.0 * party, f"p{party} small"))
    return element("svg", *parts, width="100%", height="28", class_="cell", aria_hidden="true")


def is_open(found: Comparison, arrangement: str, party: str, metric: str) -> bool:
    """Say whether a mark is drawn hollow: the order against the yardstick is not decided."""
    return standing(found, arrangement, party, metric) in UNDECIDED


def shown(value: float | None) -> str:
    """Return a mean for the end of a row, `–` where there is none."""
    return "–" if value is None else brief(value)
