"""Draw what radars cover: one map as a standalone SVG file, contours by height over the states.

Colours are fixed (the file stands alone, without the report's styles); parties differ by colour and by dashes, heights
by width of line. Boundary policy and marking are part of the picture.
"""

from collections.abc import Sequence

import numpy as np
from markupsafe import Markup

from diptych.model.geography import Borders
from diptych.report.projection import area, clip_ring, equal_area_m, thin
from diptych.report.raid_map import GRID, Sheet, path_data
from diptych.report.svg import element, join, text

COLOURS = ("#1f5f99", "#a3341f", "#4c7a34", "#7a4c8c")
DASHES = (None, "9 5", "3 4", "12 4 3 4")

Ring = Sequence[tuple[float, float]]


def coverage_map(
    rings: Sequence[tuple[int, int, Ring]],
    sites: Sequence[tuple[int, str, tuple[float, float]]],
    keys: Sequence[str],
    borders: Borders,
    notes: Sequence[str],
) -> str:
    """Return the picture.

    Parameters
    ----------
    rings : sequence of (party, height, corners)
        Numbers of the party (colour and dashes) and of the height (width); corners as (lat, lon), radians.
    sites : sequence of (party, name, place)
        Radars, at (lat, lon), radians; an empty name leaves a dot.
    keys : sequence of str
        What stands in the key: one line for each party, in their order, then one for each height.
    notes : sequence of str
        Lines under the map: marking, what the contours mean, boundary policy, sources.
    """
    sheet = _sheet([p for _, _, ring in rings for p in ring] + [place for _, _, place in sites])
    height = GRID * sheet.aspect
    foot = 24.0 * (len(keys) + len(notes)) + 20.0
    parts = [
        element("rect", width=f"{GRID:g}", height=f"{height + foot:.0f}", fill="#ffffff"),
        element("rect", width=f"{GRID:g}", height=f"{height:.0f}", fill="#e8eff4"),
        *_ground(borders, sheet),
    ]
    frame = (-50.0, -50.0, GRID + 50.0, height + 50.0)
    for party, level, ring in rings:
        points = clip_ring(sheet.places(list(ring)), frame)
        if len(points) >= 3:
            parts.append(_line(path_data(points, is_closed=True), party, level))
    for party, name, place in sites:
        at = sheet.places([place])[0]
        parts.append(element("circle", cx=f"{at[0]:.1f}", cy=f"{at[1]:.1f}", r="5", fill=_colour(party)))
        if name:
            parts.append(text(name, at[0] + 9.0, at[1] + 5.0, "place"))
    parts.append(element("rect", y=f"{height:.0f}", width=f"{GRID:g}", height=f"{foot:.0f}", fill="#ffffff"))
    for i, words in enumerate([*keys, *notes]):
        parts.append(text(words, 16.0, height + 28.0 + 24.0 * i, "key" if i < len(keys) else "note"))
    style = "text{font:15px sans-serif;fill:#1b2630}.note{font-size:13px;fill:#4a5661}"
    return str(
        element(
            "svg",
            element("style", Markup(style)),
            join(parts),
            xmlns="http://www.w3.org/2000/svg",
            viewBox=f"0 0 {GRID:g} {height + foot:.0f}",
            role="img",
            aria_label="What the radars cover",
        )
    )


def _colour(party: int) -> str:
    return COLOURS[party % len(COLOURS)]


def _line(data: str, party: int, level: int) -> Markup:
    """Return one contour: colour and dashes by party, width by height."""
    return element(
        "path",
        d=data,
        fill=_colour(party),
        fill_opacity="0.05",
        stroke=_colour(party),
        stroke_width=f"{1.2 + 1.1 * level:.1f}",
        stroke_dasharray=DASHES[party % len(DASHES)],
    )


def _sheet(spots: Sequence[tuple[float, float]]) -> Sheet:
    """Return the sheet that holds every corner and site, with a margin."""
    at = np.asarray(spots, dtype=np.float64)
    centre = (float(at[:, 0].min() + at[:, 0].max()) / 2.0, float(at[:, 1].min() + at[:, 1].max()) / 2.0)
    metres = equal_area_m(at[:, 0], at[:, 1], centre)
    low, high = metres.min(axis=0), metres.max(axis=0)
    middle, span = (low + high) / 2.0, (high - low) * 1.08 + 50_000.0
    span = np.array([max(span[0], span[1]), max(span[1], 0.56 * span[0])])
    box = (*(middle - span / 2.0), *(middle + span / 2.0))
    return Sheet(centre, (float(box[0]), float(box[1]), float(box[2]), float(box[3])))


def _ground(borders: Borders, sheet: Sheet) -> list[Markup]:
    """Return the states and the dashed lines."""
    frame = (-20.0, -20.0, GRID + 20.0, GRID * sheet.aspect + 20.0)
    land = []
    for outline in borders.outlines:
        for ring in outline.rings_rad:
            cut = thin(clip_ring(sheet.places([(float(a), float(b)) for a, b in ring]), frame), 1.2)
            if len(cut) >= 3 and area(cut) > 4.0:
                land.append(path_data(cut, is_closed=True))
    parts = [sheet.places([(float(a), float(b)) for a, b in p]) for line in borders.disputed for p in line.parts_rad]
    dashed = [path_data(thin(p, 1.0), is_closed=False) for p in parts if p and all(sheet.holds(at) for at in p)]
    return [
        element("path", d="".join(land), fill="#f7f5ee", stroke="#a9aba4", stroke_width="0.7", fill_rule="evenodd"),
        element("path", d="".join(dashed), fill="none", stroke="#a9aba4", stroke_dasharray="3 3"),
    ]
