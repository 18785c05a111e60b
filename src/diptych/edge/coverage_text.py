"""The verb `coverage`: what the radars of a scenario cover, as text, JSON, GeoJSON or a map. See
`analysis.coverage`.
"""

from __future__ import annotations

import json
import math
import textwrap
from collections.abc import Mapping, Sequence
from pathlib import Path

from diptych.analysis.coverage import Contour, FalseAlarms, contour, detection_range_m, false_alarms, ring_rad
from diptych.edge.build import load_scenario
from diptych.edge.files import write_text
from diptych.edge.geography import ATTRIBUTIONS, BOUNDARY_POLICY, load_borders
from diptych.edge.terminal import wrapped
from diptych.model.errors import ScenarioError
from diptych.model.scenario import Radar, Scenario
from diptych.report.coverage_map import coverage_map

MEANING = (
    "Ground ranges between which one search dwell detects an object of that cross-section at that height, by geometry "
    "and the radar equation: horizon with refraction, field of view, scan loss, fading. An object crosses the cover "
    "for many scans, so detection by scan adds up. No clutter, terrain or jamming. Most radar figures are assumed."
)


def coverage_verb(
    name: str,
    settings: Mapping[str, float | str],
    heights_km: Sequence[float],
    detections: Sequence[float],
    rcs_m2: float | None,
    out: Path | None,
    *,
    as_json: bool,
) -> str:
    """Return what `diptych coverage` prints, writing the map or GeoJSON to `out` first if it is given.

    Raises
    ------
    ScenarioError
        The scenario is wrong, a number is out of its range, or `out` is of no kind we write.
    """
    for word, numbers, top in (
        ("--altitude-km", heights_km, 20_000.0),
        ("--pd", detections, 1.0),
        ("--rcs-m2", [] if rcs_m2 is None else [rcs_m2], 1e6),
    ):
        for number in numbers:
            if not 0.0 < number < top:
                raise ScenarioError(
                    f"{word}: expected a number above 0 and below {top:g}, found {number:g}; correct it"
                )
    if out is not None and out.suffix not in (".svg", ".geojson"):
        raise ScenarioError(f"--out: expected a name that ends in .svg or .geojson, found {out.name!r}; rename it")
    scenario = load_scenario(name, settings=settings)
    for radar in scenario.radars:
        if detections and min(detections) <= radar.false_alarm:
            raise ScenarioError(
                f"--pd: expected a number above the false-alarm probability of {radar.id}, {radar.false_alarm:g}, "
                f"found {min(detections):g}, which noise alone gives; correct it"
            )
    used = rcs_m2 if rcs_m2 is not None else _median_rcs(scenario)
    found = [
        (radar, contour(radar, height * 1e3, used, detection))
        for radar in scenario.radars
        for height in heights_km
        for detection in detections
    ]
    if out is not None:
        text = _map(scenario, found, used) if out.suffix == ".svg" else _geojson(scenario, found)
        write_text(out, text)
    return _json(scenario, found, used) if as_json else _text(scenario, found, used, out)


def _median_rcs(scenario: Scenario) -> float:
    """Return the median nose-on cross-section of the raid's classes, as the report's map uses it."""
    raid = {m.class_id for m in scenario.raid}
    sections = sorted(c.rcs_m2 for c in scenario.threat_classes if c.id in raid)
    if not sections:
        raise ScenarioError(
            "--rcs-m2: expected a cross-section, since the scenario has no raid to take it from; give one"
        )
    return sections[len(sections) // 2]


def _noise(scenario: Scenario, radar: Radar) -> FalseAlarms:
    """Return what noise gives a radar whose tracks the scenario's tracker confirms."""
    tracker = scenario.tracker
    return false_alarms(radar, tracker.confirm_count, round(tracker.confirm_looks))


def _km(metres: float) -> str:
    return "-" if math.isnan(metres) else f"{metres / 1e3:.0f}"


def _span(found: Contour) -> tuple[float, float]:
    """Return the nearest and the farthest ground range of a contour; NaN where nothing is covered."""
    near = [x for x in found.nearest_m.tolist() if not math.isnan(x)]
    far = [x for x in found.farthest_m.tolist() if not math.isnan(x)]
    return min(near, default=math.nan), max(far, default=math.nan)


def _text(scenario: Scenario, found: list[tuple[Radar, Contour]], rcs_m2: float, out: Path | None) -> str:
    lines = [f"{scenario.title}  |  {scenario.marking}", wrapped(f"Cross-section {rcs_m2:g} m2. {MEANING}"), ""]
    lines.append(f"{'radar':24} {'height km':>9} {'Pd':>5} {'from km':>8} {'to km':>6}")
    for radar, one in found:
        near, far = _span(one)
        lines.append(f"{radar.id:24} {one.height_m / 1e3:9.0f} {one.detection:5.2f} {_km(near):>8} {_km(far):>6}")
    lines += ["", f"{'radar':24} {'hits/scan':>10} {'false/scan':>11} {'tracks/h':>9}   (noise alone)"]
    for radar in scenario.radars:
        noise = _noise(scenario, radar)
        lines.append(
            f"{radar.id:24} {noise.hits_per_scan:10.3g} {noise.detections_per_scan:11.2g} {noise.tracks_per_hour:9.2g}"
        )
    if out is not None:
        lines += ["", f"Written to {out}"]
    return "\n".join(lines) + "\n"


def _json(scenario: Scenario, found: list[tuple[Radar, Contour]], rcs_m2: float) -> str:
    def rounded(numbers: Sequence[float]) -> list[float | None]:
        return [None if math.isnan(x) else round(x, 4) for x in numbers]

    rows = [
        {
            "radar": radar.id,
            "height_m": one.height_m,
            "detection": one.detection,
            "slant_range_m": round(detection_range_m(radar, rcs_m2, one.detection)),
            "azimuth_deg": rounded([math.degrees(a) % 360.0 for a in one.azimuth_rad]),
            "nearest_m": rounded(one.nearest_m.tolist()),
            "farthest_m": rounded(one.farthest_m.tolist()),
        }
        for radar, one in found
    ]
    noise = {}
    for radar in scenario.radars:
        of = _noise(scenario, radar)
        noise[radar.id] = {
            "hits_per_scan": of.hits_per_scan,
            "detections_per_scan": of.detections_per_scan,
            "tracks_per_hour": of.tracks_per_hour,
        }
    about = {"scenario": scenario.id, "marking": scenario.marking, "rcs_m2": rcs_m2, "meaning": MEANING}
    return json.dumps({**about, "contours": rows, "false_alarms": noise}, indent=2) + "\n"


def _geojson(scenario: Scenario, found: list[tuple[Radar, Contour]]) -> str:
    features = []
    for radar, one in found:
        ring = ring_rad(one)
        if len(ring) < 3:
            continue
        corners = [[round(math.degrees(lon), 4), round(math.degrees(lat), 4)] for lat, lon in (*ring, ring[0])]
        properties = {
            "radar": radar.id,
            "title": radar.place.name,
            "height_m": one.height_m,
            "detection": one.detection,
            "rcs_m2": one.rcs_m2,
            "marking": scenario.marking,
        }
        geometry = {"type": "Polygon", "coordinates": [corners[::-1]]}  # outer rings run against the clock, RFC 7946
        features.append({"type": "Feature", "properties": properties, "geometry": geometry})
    return json.dumps({"type": "FeatureCollection", "features": features}, indent=1) + "\n"


def _map(scenario: Scenario, found: list[tuple[Radar, Contour]], rcs_m2: float) -> str:
    parties = [p.id for p in scenario.parties]
    heights = sorted({one.height_m for _, one in found})
    highest = max(one.detection for _, one in found)

    def party(radar: Radar) -> int:
        owner = scenario.party_of(radar.owner)
        return parties.index(owner) if owner in parties else len(parties)

    shown = [(r, one) for r, one in found if one.detection == highest]
    rings = [(party(r), heights.index(one.height_m), ring_rad(one)) for r, one in shown if len(ring_rad(one)) >= 3]
    covering = {r.id for r, one in shown if len(ring_rad(one)) >= 3}
    places: dict[str, tuple[int, str, tuple[float, float]]] = {}
    for radar, _ in found:
        name = radar.place.name.partition(",")[0].partition(" (")[0] if radar.id in covering else ""
        places.setdefault(name or radar.id, (party(radar), name, (radar.place.lat_rad, radar.place.lon_rad)))
    words = ("blue, solid", "red, dashed", "green, dotted", "violet, dash and dot")
    keys = [f"{p.title}: {words[i % len(words)]}" for i, p in enumerate(scenario.parties)]
    widths = ", ".join(f"{h / 1e3:.0f} km" for h in heights)
    keys.append(
        f"Heights, from thin to thick line: {widths}. Detection {highest:g} in one search dwell, {rcs_m2:g} m2."
    )
    notes = [
        scenario.marking,
        "By geometry and the radar equation; most radar figures are assumed. A dot without a name covers nothing here.",
        *textwrap.wrap(BOUNDARY_POLICY, 120),
        ATTRIBUTIONS[0],
    ]
    return coverage_map(rings, list(places.values()), keys, load_borders(), notes)
