"""Draw the map of a raid: ground tracks, sensors and what they cover, shots, intercepts with their debris, impacts.

The ground (states, coverage, tracks, sites, labels) is drawn once; each arrangement adds a layer with what it did.
Boundary policy and marking are part of the picture.  The map is north up at its centre, equal-area, and too coarse
to measure on.  Labels are placed twice, for wide and for narrow pages.
"""

from collections.abc import Sequence

import msgspec
import numpy as np
from markupsafe import Markup

from diptych.model.record import Debris, RunRecord
from diptych.report.coverage import REFERENCE_HEIGHT_M, footprint_rad
from diptych.report.labels import Box, Wanted, place, text_width_px
from diptych.report.page import ComparisonPage
from diptych.report.projection import Points, area, clip_ring, ellipse_rad, equal_area_m, straighten, thin
from diptych.report.story import look_of, missile_name
from diptych.report.svg import Attr, element, join, mark, percent, text

GRID = 1000.0
WIDE_PX, NARROW_PX = (560.0, 740.0, 960.0), (290.0, 360.0, 480.0, 620.0, 770.0, 940.0)


class Sheet(msgspec.Struct, frozen=True):
    """A sheet of paper: where the map touches the Earth, the metres it spans, and its height over its width."""

    centre_rad: tuple[float, float]
    box_m: tuple[float, float, float, float]

    @property
    def aspect(self) -> float:
        """Height over width."""
        return (self.box_m[3] - self.box_m[1]) / (self.box_m[2] - self.box_m[0])

    def places(self, lat_lon: Sequence[tuple[float, float]]) -> Points:
        """Return places on the sheet's grid: 0 to `GRID` across, 0 to `GRID * aspect` down."""
        if len(lat_lon) == 0:
            return []
        at = np.asarray(lat_lon, dtype=np.float64)
        metres = equal_area_m(at[:, 0], at[:, 1], self.centre_rad)
        scale = GRID / (self.box_m[2] - self.box_m[0])
        x = (metres[:, 0] - self.box_m[0]) * scale
        y = (self.box_m[3] - metres[:, 1]) * scale
        return [(float(a), float(b)) for a, b in zip(x, y, strict=True)]

    def holds(self, point: tuple[float, float]) -> bool:
        """Say whether a place of the grid lies on the sheet."""
        return 0.0 <= point[0] <= GRID and 0.0 <= point[1] <= GRID * self.aspect


def sheet_of(page: ComparisonPage) -> Sheet:
    """Return the sheet that shows every launch, aim point and battery, with a margin, not flatter than 1 : 2."""
    spots = [(m.launch.lat_rad, m.launch.lon_rad) for m in page.scenario.raid]
    spots += [(m.aim.lat_rad, m.aim.lon_rad) for m in page.scenario.raid]
    spots += [(b.place.lat_rad, b.place.lon_rad) for b in page.scenario.batteries]
    spots += [(r.place.lat_rad, r.place.lon_rad) for r in page.scenario.radars]
    at = np.asarray(spots)
    centre = (float(at[:, 0].min() + at[:, 0].max()) / 2.0, float(at[:, 1].min() + at[:, 1].max()) / 2.0)
    metres = equal_area_m(at[:, 0], at[:, 1], centre)
    low, high = metres.min(axis=0), metres.max(axis=0)
    middle, span = (low + high) / 2.0, (high - low) * 1.14 + 200_000.0
    span = np.array([max(span[0], span[1] / 0.8), max(span[1], span[0] * 0.56)])
    box = (*(middle - span / 2.0), *(middle + span / 2.0))
    return Sheet(centre, (float(box[0]), float(box[1]), float(box[2]), float(box[3])))


def path_data(points: Points, *, is_closed: bool) -> str:
    """Return the `d` of a path, whole grid units (a third of a pixel or so)."""
    words = []
    before = (0, 0)
    for index, point in enumerate(points):
        here = (round(point[0]), round(point[1]))
        if index == 0:
            words.append(f"M{here[0]} {here[1]}")
        elif here != before:
            words.append(f"l{here[0] - before[0]} {here[1] - before[1]}")
        before = here
    return "".join(words) + ("z" if is_closed else "")


def _ground(page: ComparisonPage, sheet: Sheet) -> Markup:
    """Return the states, tinted by party."""
    tints: dict[str, list[str]] = {}
    frame = (-20.0, -20.0, GRID + 20.0, GRID * sheet.aspect + 20.0)
    parties = [p.id for p in page.scenario.parties]
    for outline in page.countries:
        party = page.scenario.party_of(outline.code)
        class_ = f"land l{parties.index(party)}" if party in parties else "land"
        for ring in outline.rings_rad:
            points = sheet.places([(float(a), float(b)) for a, b in ring])
            cut = thin(clip_ring(points, frame), 1.6)
            if len(cut) >= 3 and area(cut) > 6.0:
                tints.setdefault(class_, []).append(path_data(cut, is_closed=True))
    dashed = [
        path_data(thin(sheet.places([(float(a), float(b)) for a, b in part]), 1.0), is_closed=False)
        for line in page.disputed
        for part in line.parts_rad
    ]
    parts = [element("path", d="".join(tints[c]), class_=c, fill_rule="evenodd") for c in sorted(tints)]
    return join(parts) + (element("path", d="".join(dashed), class_="disputed") if dashed else Markup(""))


def _coverage(page: ComparisonPage, sheet: Sheet) -> Markup:
    """Return the footprints of the radars: solid for the first party, dashed for the second."""
    raid = {m.class_id for m in page.scenario.raid}
    sections = sorted(c.rcs_m2 for c in page.scenario.threat_classes if c.id in raid)
    if not sections:
        return Markup("")
    rcs = sections[len(sections) // 2]
    parties = tuple(p.id for p in page.scenario.parties)
    frame = (-400.0, -400.0, GRID + 400.0, GRID * sheet.aspect + 400.0)
    parts = []
    for radar in page.scenario.radars:
        party = page.scenario.party_of(radar.owner)
        look = look_of(parties, (party,) if party else ())
        points = clip_ring(sheet.places(footprint_rad(radar, rcs)), frame)
        if len(points) >= 3:
            parts.append(element("path", d=path_data(points, is_closed=True), class_=f"cover {look}"))
    return join(parts)


def _tracks(page: ComparisonPage, sheet: Sheet) -> dict[int, Points]:
    """Return the ground track of every flight on the grid."""
    return {f.object: sheet.places([(float(r[0]), float(r[1])) for r in f.rad_m]) for f in page.flights}


def flown_until(track: Points, times: Sequence[float], end_s: float) -> Points:
    """Return the part of a track flown before a time, cut between samples."""
    kept: Points = []
    for index, (point, time_s) in enumerate(zip(track, times, strict=True)):
        if time_s > end_s:
            if index:
                share = (end_s - times[index - 1]) / (time_s - times[index - 1])
                last = track[index - 1]
                kept.append((last[0] + share * (point[0] - last[0]), last[1] + share * (point[1] - last[1])))
            break
        kept.append(point)
    return kept


class _Spot(msgspec.Struct, frozen=True):
    """A marked place: mark, class, grid position, words (may be empty), priority of the label."""

    mark: str
    class_: str
    at: tuple[float, float]
    words: str
    priority: float


def _sites(page: ComparisonPage, sheet: Sheet) -> list[_Spot]:
    """Return launch areas, aim points, batteries and radars that lie on the sheet."""
    parties = tuple(p.id for p in page.scenario.parties)

    def look(owner: str) -> str:
        party = page.scenario.party_of(owner)
        return look_of(parties, (party,) if party else ())

    spots: list[_Spot] = []
    aims: dict[str, tuple[float, float]] = {}
    named: dict[str, list[str]] = {}
    launches: dict[str, tuple[float, float]] = {}
    for missile in page.scenario.raid:
        aims[missile.aim.name] = (missile.aim.lat_rad, missile.aim.lon_rad)
        named.setdefault(missile.aim.name, []).append("" if missile_name(missile) == missile.aim.name else missile.id)
        launches[missile.launch.name] = (missile.launch.lat_rad, missile.launch.lon_rad)
    for name, where in aims.items():
        ids = [i for i in named[name] if i]
        shown = " ".join(ids) if len(ids) <= 2 else f"×{len(ids)}"
        spots.append(_Spot("dot", "", sheet.places([where])[0], f"{name} {shown}".strip(), 0.0))
    for name, where in launches.items():
        spots.append(_Spot("launch", "", sheet.places([where])[0], name, 1.0))
    for battery in page.scenario.batteries:
        at = sheet.places([(battery.place.lat_rad, battery.place.lon_rad)])[0]
        spots.append(
            _Spot("shot", look(battery.owner), at, "" if _near(at, spots) else short_name(battery.place.name), 3.0)
        )
    for radar in page.scenario.radars:
        at = sheet.places([(radar.place.lat_rad, radar.place.lon_rad)])[0]
        words = "" if _near(at, spots) else short_name(radar.place.name)
        spots.append(_Spot("radar", look(radar.owner), at, words, 2.0))
    return [s for s in spots if sheet.holds(s.at)]


def _near(at: tuple[float, float], spots: list[_Spot]) -> bool:
    """Say whether a place is so close to a named one that a second name would say nothing."""
    return any(s.words and abs(at[0] - s.at[0]) + abs(at[1] - s.at[1]) < 14 for s in spots)


def short_name(name: str) -> str:
    """Return a site's name up to its first comma or bracket.  *Check* `Gabala, Daryal radar` is `Gabala`."""
    return name.partition(",")[0].partition(" (")[0]


def _labels(spots: list[_Spot], extra: list[tuple[float, float]], sheet: Sheet, marking: str) -> Markup:
    """Return the labels of the places, each for wide and narrow pages where it found room."""
    sets = []
    for widths in (WIDE_PX, NARROW_PX):
        variants, taken, frames = [], [], []
        for width in widths:
            scale, height = width / GRID, width * sheet.aspect
            marks = [*(s.at for s in spots), *extra]
            boxes: list[Box] = [(x * scale - 6, y * scale - 6, x * scale + 6, y * scale + 6) for x, y in marks]
            boxes.append((0.0, height - 22.0, width, height))
            boxes.append((0.0, 0.0, text_width_px(marking, is_bold=True) + 12.0, 22.0))
            variants.append([Wanted(s.words, s.at[0] * scale, s.at[1] * scale, s.priority) for s in spots])
            taken.append(boxes)
            frames.append((2.0, 2.0, width - 2.0, height - 2.0))
        sets.append(place(variants, taken, frames))
    parts = []
    for spot, wide, narrow in zip(spots, *sets, strict=True):
        if not spot.words:
            continue
        both = wide == narrow
        for found, when in ((wide, None if both else "w"), (None if both else narrow, "n")):
            if found is None:
                continue
            x, y = percent(spot.at[0] / GRID), percent(spot.at[1] / (GRID * sheet.aspect))
            anchor = None if found.anchor == "start" else found.anchor
            classes = " ".join(c for c in ("t place", when) if c)
            parts.append(text(found.words, x, y, classes, dx=found.dx, dy=found.dy, text_anchor=anchor))
    return join(parts)


def _at(point: tuple[float, float], sheet: Sheet) -> tuple[str, str]:
    """Return a grid position in per cent of the picture."""
    return percent(point[0] / GRID), percent(point[1] / (GRID * sheet.aspect))


def _stretched(parts: list[Markup], sheet: Sheet) -> Markup:
    """Return line work that stretches with the picture while its lines keep their width."""
    return element(
        "svg",
        *parts,
        viewBox=f"0 0 {GRID:g} {GRID * sheet.aspect:.0f}",
        preserveAspectRatio="none",
        width="100%",
        height="100%",
    )


def _layer(page: ComparisonPage, record: RunRecord, sheet: Sheet, tracks: dict[int, Points]) -> tuple[Markup, Markup]:
    """Return what one arrangement did: lines (flown tracks, shots, debris) and marks (intercepts, misses, impacts)."""
    parties = tuple(p.id for p in page.scenario.parties)
    lines, marks = [], []
    fates = {f.object: f for f in record.fates}
    for flight in page.flights:
        flown = flown_until(tracks[flight.object], [float(t) for t in flight.time_s], fates[flight.object].end_s)
        lines.append(element("path", d=path_data(straighten(flown, 0.7), is_closed=False), class_="flown"))
    for shot in record.shots:
        battery = page.scenario.batteries[shot.battery]
        start, end = sheet.places([(battery.place.lat_rad, battery.place.lon_rad), (shot.lat_rad, shot.lon_rad)])
        party = page.scenario.party_of(battery.owner)
        look = look_of(parties, (party,) if party else ())
        lines.append(element("path", d=path_data([start, end], is_closed=False), class_=f"fire {look}"))
        if shot.outcome != "hit":
            marks.append(mark("miss" if shot.outcome == "miss" else "waste", *_at(end, sheet)))
    for shot in record.shots:
        if shot.outcome == "hit":
            marks.append(mark("star", *_at(sheet.places([(shot.lat_rad, shot.lon_rad)])[0], sheet)))
    rings = [debris_ring(f.debris, sheet) for f in record.fates if f.debris is not None]
    lines += [element("path", d=path_data(r, is_closed=True), class_="debris") for r in rings if len(r) >= 3]
    for fate in record.fates:
        if not fate.is_killed:
            at = sheet.places([(fate.impact_lat_rad, fate.impact_lon_rad)])[0]
            marks.append(mark("cross", *_at(at, sheet)))
    return join(lines), join(marks)


def debris_ring(debris: Debris, sheet: Sheet) -> Points:
    """Return the 2-sigma ellipse of the debris of an intercept on the grid, cut to the sheet; empty outside it."""
    d = debris
    ring = ellipse_rad(d.lat_rad, d.lon_rad, d.semi_major_m, d.semi_minor_m, d.azimuth_rad)
    return clip_ring(sheet.places(ring), (-20.0, -20.0, GRID + 20.0, GRID * sheet.aspect + 20.0))


def outside(page: ComparisonPage) -> tuple[str, ...]:
    """Return the names of radars and batteries that the sheet leaves out."""
    sheet = sheet_of(page)
    names: dict[str, None] = {}
    for place_ in [*(r.place for r in page.scenario.radars), *(b.place for b in page.scenario.batteries)]:
        if not sheet.holds(sheet.places([(place_.lat_rad, place_.lon_rad)])[0]):
            names[place_.name] = None
    return tuple(names)


def map_picture(page: ComparisonPage, labels: Sequence[str], described: Markup, attributes: dict[str, Attr]) -> Markup:
    """Return the map with a layer for each arrangement (`data-layer` is its place in the list)."""
    sheet = sheet_of(page)
    tracks = _tracks(page, sheet)
    spots = _sites(page, sheet)
    base = [_ground(page, sheet), _coverage(page, sheet)]
    base += [element("path", d=path_data(straighten(t, 0.7), is_closed=False), class_="track") for t in tracks.values()]
    lines, marks, busy = [], [], []
    for index, name in enumerate(labels):
        line, found = _layer(page, page.story[name], sheet, tracks)
        lines.append(element("g", line, data_layer=str(index)))
        marks.append(element("g", found, data_layer=str(index)))
        busy += sheet.places([(s.lat_rad, s.lon_rad) for s in page.story[name].shots if s.outcome == "hit"])
    parts = [described, element("rect", width="100%", height="100%", class_="sea"), _stretched(base + lines, sheet)]
    parts += [mark(s.mark, *_at(s.at, sheet), s.class_ or None) for s in spots]
    parts += marks
    parts.append(_labels(spots, [p for p in busy if sheet.holds(p)], sheet, page.scenario.marking))
    parts.append(text(page.scenario.marking, 8.0, 17.0, "t strong place"))
    metres = 500_000.0
    width = percent(metres / (sheet.box_m[2] - sheet.box_m[0]))
    parts.append(
        element(
            "svg",
            element("line", x1="0", x2=width, y1="0", y2="0", class_="bar"),
            text("500 km", 0.0, -5.0, "t place"),
            x="100%",
            y="100%",
            overflow="visible",
            class_="scale",
        )
    )
    style = f"aspect-ratio:1/{sheet.aspect:.4f}"
    return element("svg", *parts, width="100%", class_="map", style=style, **attributes)


COVERAGE_NOTE = (
    f"Outlines: ground under which an object at {REFERENCE_HEIGHT_M / 1000:.0f} km height with the raid's median "
    "cross-section is inside the radar's field of view, above its lowest elevation and in range of its search."
)
