"""Draw over which assumptions one arrangement beats another: a small map for every pair, a table of them per party.

Row against column: the map says whether the row's arrangement lets fewer missiles through than the column's. Down a
map all delays grow from low to high, to the right all kill probabilities. Every verdict has a colour and a sign, so
that the picture can be read without colours.
"""

from collections.abc import Sequence

from markupsafe import Markup

from diptych.analysis.orderings import PLACES, WORTHS, Ordering, OrderingPlan, Verdict
from diptych.report.page import Assets
from diptych.report.pictures import file_of, wrapped
from diptych.report.svg import described, element, join, text

_SQUARE, _GAP, _LEFT, _PAD = 15.0, 16.0, 150.0, 14.0
_MAP_WIDE, _MAP_HIGH = _SQUARE * len(WORTHS), _SQUARE * len(PLACES)
_SIGNS: dict[Verdict, tuple[str, str, str]] = {
    "better": ("b", "+", "row better: fewer missiles come down (shown)"),
    "worse": ("w", "−", "row worse (shown)"),
    "equal": ("e", "=", "exactly equal in every replicate"),
    "open": ("o", "?", "they differ, and which way is not shown"),
}


def orderings_picture(plan: OrderingPlan, found: Sequence[Ordering], notes: Sequence[str], assets: Assets) -> str:
    """Return the picture as the text of an SVG file; `notes` are sentences for the foot."""
    names = list(dict.fromkeys(name for one in found for name in (one.first, one.second)))
    parties = {p.id: p.title for p in plan.prepared.scenario.parties}
    width = max(_LEFT + len(names) * (_MAP_WIDE + _GAP) + _PAD, 560.0)
    heading = "Which arrangement lets fewer missiles through, over everything assumed about delays and kill probability"
    inner, attributes = described(heading, " ".join(notes), "picture")
    parts = [inner]
    y = 4.0
    for line in wrapped(heading, width - 2 * _PAD, 21.0):
        y += 25.0
        parts.append(text(line, _PAD, y, "title"))
    y += 22.0
    parts.append(
        text("In each small map: delays from low (top) to high, kill probability from low (left) to high.", _PAD, y)
    )
    for class_, sign, words in _SIGNS.values():
        y += 20.0
        parts += [_square(class_, sign, _PAD, y - 12.0), text(words, _PAD + 26.0, y)]
    for party, title in parties.items():
        y += 40.0
        parts.append(text(f"Missiles on {title}: row against column", _PAD, y, "strong"))
        y += 12.0
        parts.append(_table(plan, [one for one in found if one.party == party], names, y))
        y += 20.0 + len(names) * (_MAP_HIGH + _GAP)
    for note in notes:
        for line in wrapped(note, width - 2 * _PAD):
            y += 16.0
            parts.append(text(line, _PAD, y, "dim"))
    style = Markup(
        "<style>svg .title{font-size:18px;font-weight:650}svg .sign{font-size:11px;text-anchor:middle}"
        "svg .b{fill:#1f77b4;fill-opacity:.75}svg .w{fill:#d9730d;fill-opacity:.75}svg .e{fill:currentColor;"
        "fill-opacity:.06}svg .o{fill:currentColor;fill-opacity:.18}svg .cell{stroke:var(--bg);stroke-width:1}</style>"
    )
    return file_of(style + join(parts), width, y + 16.0, assets, attributes)


def _table(plan: OrderingPlan, found: Sequence[Ordering], names: Sequence[str], top: float) -> Markup:
    """Return the maps of all pairs for one party, row against column, with the names beside and above."""
    by_pair = {(one.first, one.second): one for one in found}
    parts = []
    for k, name in enumerate(names):
        parts.append(
            text(str(k + 1), _LEFT + k * (_MAP_WIDE + _GAP) + _MAP_WIDE / 2, top + 10.0, "dim", text_anchor="middle")
        )
        y = top + 18.0 + k * (_MAP_HIGH + _GAP)
        parts += [
            text(line, _PAD, y + 14.0 + 14.0 * i)
            for i, line in enumerate(wrapped(f"{k + 1} {name.replace('-', ' ')}", _LEFT - _PAD - 8.0))
        ]
        for i, other in enumerate(names):
            x = _LEFT + i * (_MAP_WIDE + _GAP)
            if other == name:
                parts.append(text("·", x + _MAP_WIDE / 2, y + _MAP_HIGH / 2, "dim", text_anchor="middle"))
            else:
                parts.append(_map(plan, by_pair, name, other, x, y))
    return join(parts)


def _map(
    plan: OrderingPlan, by_pair: dict[tuple[str, str], Ordering], name: str, other: str, x: float, y: float
) -> Markup:
    """Return one small map; a pair judged the other way round is turned."""
    one = by_pair.get((name, other)) or by_pair[other, name]
    turned: dict[Verdict, Verdict] = {} if one.first == name else {"better": "worse", "worse": "better"}
    squares = []
    for cell, judged in zip(plan.cells, one.cells, strict=True):
        if cell.alone:
            continue
        row = next(r for r, (title, _) in enumerate(PLACES) if title == cell.delays)
        class_, sign, words = _SIGNS[turned.get(judged.verdict, judged.verdict)]
        square = _square(class_, sign, x + WORTHS.index(cell.worth) * _SQUARE, y + row * _SQUARE)
        said = f"{name} against {other}, delays {cell.delays}, kill probability {cell.worth}: {words}"
        squares.append(element("g", element("title", said), square))
    return join(squares)


def _square(class_: str, sign: str, x: float, y: float) -> Markup:
    box = element("rect", x=x, y=y, width=_SQUARE, height=_SQUARE, class_=f"cell {class_}")
    return box + text(sign, x + _SQUARE / 2, y + _SQUARE / 2 + 4.0, "sign")
