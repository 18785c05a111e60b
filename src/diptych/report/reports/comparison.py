"""Set the report of a comparison: one HTML text that opens from disk, without a network.

Order of the page: the answer, the diptych, what it costs, the map, the story of each missile, how far the answer bends
with each delay, assumptions, limits, sources, provenance.  Each `_..._view` below prepares one section as plain values
and pictures; the template only sets them, and escapes whatever is not a picture built here.
"""

from math import isfinite

import msgspec
from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

from diptych.model.decision import REASONS
from diptych.model.record import ObjectFate, RunRecord
from diptych.model.result import Metric, Sweep
from diptych.model.sources import Source
from diptych.report import delay, outcomes, panels, raid_map, strip
from diptych.report.limits import LIMITS, NO_PUBLIC_DELAYS
from diptych.report.page import Assets, ComparisonPage
from diptych.report.phrases import (
    LEADING_METRIC,
    brief,
    capital,
    clock,
    count,
    difference,
    difference_of,
    estimate,
    few,
    panel_title,
    plain,
    quantity,
    role,
    spoken,
    standing,
    yardstick,
)
from diptych.report.story import NOT_OURS, Story, contrast, most_telling, tell, told
from diptych.report.svg import definitions, described

View = dict[str, object]
BANDS_AT_MOST = 200
COSTS_AT_MOST = 8
LEDE_AT_MOST = 3
_STANDING_WORDS = {
    "yardstick": "the yardstick",
    "same": "the same in every raid",
    "decided": "decided",
    "flips": "order flips within the stated delays",
    "undecided": "undecided: the interval holds zero or is withheld",
}


def render(page: ComparisonPage, assets: Assets) -> str:
    """Return the report of a comparison as the text of one HTML file.

    The same page and assets give the same text.  Every string that came from a file is escaped.
    """
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    environment.filters.update(clock=clock, capital=capital, plain=plain, spoken=spoken)
    template = environment.from_string(assets.template)
    stories = tuple(tell(page, flight.object) for flight in page.flights)
    drawn = _drawn(stories)
    return template.render(
        style=Markup(assets.style),
        selection=Markup(_selection(len(told(page)), len(drawn), len(page.comparison.sweeps))),
        script=Markup(assets.script),
        marks=definitions(),
        head=_head_view(page),
        figure=_figure_view(page),
        costs=_costs_view(page),
        tables=_tables_view(page),
        empty_metrics=_empty_metrics(page),
        map=_map_view(page, stories),
        stories=[_story_view(page, story) for story in drawn],
        undrawn=len(stories) - len(drawn),
        chosen=most_telling(drawn),
        sweeps=[_sweep_view(page, index) for index in range(len(page.comparison.sweeps))],
        still=[s.title for s in page.comparison.sweeps if not _moves(page, s)],
        chosen_sweep=_chosen_sweep(page),
        sweep_data=Markup(_script_json(_sweep_data(page))),
        assumptions=_assumptions_view(page),
        limits=LIMITS,
        no_public_delays=NO_PUBLIC_DELAYS,
        sources=_sources(page),
        arrangements=_arrangements_view(page),
        foot=_foot_view(page),
    )


def _drawn(stories: tuple[Story, ...]) -> tuple[Story, ...]:
    """Return the stories that get a strip: all, or of a large raid those over which arrangements differ most."""
    at_most = max(1, BANDS_AT_MOST // max(1, max((len(s.bands) for s in stories), default=1)))
    if len(stories) <= at_most:
        return stories
    best = sorted(stories, key=lambda s: (-contrast(s)[0], -contrast(s)[1], s.object))[:at_most]
    return tuple(sorted(best, key=lambda s: s.object))


def _selection(layers: int, strips: int, sweeps: int) -> str:
    """Return the style rules by which radio buttons choose a map layer, a strip and a delay, without a script."""
    rules = [f'#map:has(#layer-{i}:checked) [data-layer="{i}"]{{display:revert}}' for i in range(layers)]
    rules += [f"#story:has(#pick-{i}:checked) #strip-{i}{{display:block}}" for i in range(strips)]
    rules += [f"#delays:has(#bend-{i}:checked) #sweep-{i}{{display:block}}" for i in range(sweeps)]
    return "\n".join(rules)


def _script_json(data: object) -> str:
    """Return JSON that is safe inside a script element."""
    text = msgspec.json.encode(data).decode()
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def _titles(page: ComparisonPage) -> dict[str, str]:
    """Return the spoken name of every arrangement."""
    return {a: spoken(a) for a in page.comparison.arrangements}


def _parties(page: ComparisonPage) -> dict[str, str]:
    """Return the title of every party, by id."""
    return {p.id: p.title for p in page.scenario.parties}


def _aimed_at(page: ComparisonPage, party: str) -> int:
    """Return how many missiles of the raid are aimed at a party."""
    return sum(page.scenario.party_of(m.aim_state) == party for m in page.scenario.raid)


def _head_view(page: ComparisonPage) -> View:
    """Prepare banner, answer and the small figure of paired differences."""
    scenario, found = page.scenario, page.comparison
    elsewhere = {flip for sweep in found.sweeps for flip in sweep.flips}
    sentences = [s for s in found.sentences if s not in elsewhere and not s.startswith("No public source")]
    sentences = sentences or [scenario.title]
    names = _parties(page)
    reach = panels.difference_reach(found, LEADING_METRIC)
    rows = []
    for arrangement in found.arrangements:
        if arrangement == yardstick(found):
            continue
        paired = [difference_of(found, arrangement, p, LEADING_METRIC) for p in found.parties]
        if not any(paired):
            continue
        is_open = [panels.is_open(found, arrangement, p, LEADING_METRIC) for p in found.parties]
        rows.append(
            {
                "name": spoken(arrangement),
                "picture": panels.difference_cell(paired, is_open, reach),
                "words": [
                    f"{names[p]} {difference(d)}" for p, d in zip(found.parties, paired, strict=True) if d is not None
                ],
            }
        )
    changed = [a for a in scenario.assumptions if a.is_changed]
    return {
        "marking": scenario.marking,
        "title": scenario.title,
        "scenario": scenario.id,
        "date": scenario.date,
        "replicates": found.replicates,
        "seed": found.seed,
        "headline": capital(sentences[0]),
        "lede": [capital(s) for s in sentences[1 : 1 + LEDE_AT_MOST]],
        "more": [capital(s) for s in sentences[1 + LEDE_AT_MOST :]],
        "raid": f"{capital(count(len(scenario.raid), 'missile'))}, {count(len(found.arrangements), 'arrangement')}, "
        "the same raid and the same luck for each",
        "yardstick": spoken(yardstick(found)),
        "parties": [
            {"title": names[p], "look": f"p{i}", "mark": panels.PARTY_MARKS[min(i, 1)]}
            for i, p in enumerate(found.parties)
        ],
        "differences": rows,
        "reach": brief(reach),
        "changed": [
            {
                "title": a.title,
                "shipped": quantity(a.mid, a.unit),
                "used": quantity(a.used, a.unit),
            }
            for a in changed
        ],
        "changed_count": capital(count(len(changed), "assumption")),
        "warnings": page.warnings,
    }


def _figure_view(page: ComparisonPage) -> View:
    """Prepare the diptych: one row for each arrangement, a picture to each side of its name."""
    found = page.comparison
    names, titles = _parties(page), _titles(page)
    shown = found.parties[:2]
    top = panels.ceiling(found, LEADING_METRIC)
    against = yardstick(found)
    rows = []
    for arrangement in found.arrangements:
        sides = []
        for index, party in enumerate(shown):
            cell = found.table.get(arrangement, {}).get(party, {}).get(LEADING_METRIC)
            base = found.table.get(against, {}).get(party, {}).get(LEADING_METRIC)
            is_open = panels.is_open(found, arrangement, party, LEADING_METRIC)
            picture = panels.panel_cell(
                cell,
                panels.swept_range(found, arrangement, party, LEADING_METRIC),
                top,
                base.value if base is not None else None,
                is_open,
                index,
            )
            words = _STANDING_WORDS[standing(found, arrangement, party, LEADING_METRIC)]
            sides.append(
                {
                    "picture": picture,
                    "value": panels.shown(cell.value if cell is not None else None),
                    "said": f"{names[party]}: {estimate(cell) if cell is not None else 'not run'}; {words}",
                }
            )
        rows.append({"name": titles[arrangement], "sides": sides, "is_yardstick": arrangement == against})
    return {
        "title": panel_title(found, titles, names, LEADING_METRIC),
        "rows": rows,
        "axes": [panels.panel_axis(top, i) for i in range(len(shown))],
        "sides": [
            {"title": names[p], "of": count(_aimed_at(page, p), "missile"), "look": f"p{i}"}
            for i, p in enumerate(shown)
        ],
        "flips": [f for s in found.sweeps for f in s.flips],
        "flip_count": capital(count(sum(len(s.flips) for s in found.sweeps), "order")),
        "has_sweeps": bool(found.sweeps),
        "more_parties": [names[p] for p in found.parties[2:]],
        "intervals": found.replicates > 1,
    }


def _means(page: ComparisonPage, metric: str) -> list[list[float | None]]:
    """Return the means of a metric, a row for each arrangement, a column for each party."""
    found = page.comparison
    cells = [[found.table.get(a, {}).get(p, {}).get(metric) for p in found.parties] for a in found.arrangements]
    return [[None if cell is None else cell.value for cell in row] for row in cells]


def _varies(means: list[list[float | None]]) -> bool:
    """Say whether some party's mean changes with the arrangement."""
    return any(len({plain(v) for v in column if v is not None}) > 1 for column in zip(*means, strict=True))


def _cost_metrics(page: ComparisonPage) -> list[Metric]:
    """Return the metrics of the small figures: those with a better side that the arrangements change, few at most."""
    leading = LEADING_METRIC.split("_")[0]
    some = [m for m in page.comparison.metrics if not m.id.startswith(leading) and m.better != "none"]
    some = [m for m in some if _varies(_means(page, m.id))]
    kinds: dict[str, list[Metric]] = {}
    for metric in some:
        kinds.setdefault(metric.id.split("_")[0], []).append(metric)
    first = [group[0] for group in kinds.values()]
    rest = [m for m in some if m not in first]
    kept = (first + rest)[:COSTS_AT_MOST]
    return [m for m in page.comparison.metrics if m in kept]


def _costs_view(page: ComparisonPage) -> View:
    """Prepare the small figures of the other metrics, each on its own scale."""
    found = page.comparison
    heads, columns = [], []
    for metric in _cost_metrics(page):
        means = _means(page, metric.id)
        values = [v for row in means for v in row if v is not None]
        top, bottom = panels.nice_ceiling(max(0.0, *values)), min(0.0, *values)
        bottom = -panels.nice_ceiling(-bottom) if bottom < 0 else 0.0
        better = {"lower": "◂ better", "higher": "better ▸"}[metric.better]
        unit = "share" if metric.unit == "1" else metric.unit
        heads.append(
            {"title": metric.title, "unit": unit, "top": brief(top), "bottom": brief(bottom), "better": better}
        )
        columns.append((means, top, bottom))
    rows = []
    for index, arrangement in enumerate(found.arrangements):
        cells = []
        for means, top, bottom in columns:
            said = zip(_parties(page).values(), means[index], strict=False)
            cells.append(
                {
                    "picture": panels.cost_cell(means[index], top, bottom),
                    "said": ", ".join(f"{title} {panels.shown(value)}" for title, value in said),
                }
            )
        rows.append({"name": spoken(arrangement), "cells": cells, "is_yardstick": arrangement == yardstick(found)})
    return {"heads": heads, "rows": rows}


def _tables_view(page: ComparisonPage) -> list[View]:
    """Prepare the table behind the figures: every metric, value and paired difference, for every party."""
    found = page.comparison
    names = _parties(page)
    tables = []
    for metric in found.metrics:
        if not any(v for row in _means(page, metric.id) for v in row):
            continue
        rows = []
        for arrangement in found.arrangements:
            cells = []
            for party in found.parties:
                cell = found.table.get(arrangement, {}).get(party, {}).get(metric.id)
                paired = difference_of(found, arrangement, party, metric.id)
                cells.append(
                    {
                        "value": estimate(cell) if cell is not None else "not run",
                        "difference": difference(paired) if paired is not None else "–",
                        "note": paired.note if paired is not None else "",
                        "differs": f"{paired.non_zero} of {paired.n}" if paired is not None else "–",
                    }
                )
            rows.append({"name": spoken(arrangement), "cells": cells})
        tables.append({"metric": metric, "parties": [names[p] for p in found.parties], "rows": rows})
    return tables


def _empty_metrics(page: ComparisonPage) -> list[str]:
    """Return the titles of the metrics that are zero or undefined for every party under every arrangement."""
    return [m.title for m in page.comparison.metrics if not any(v for row in _means(page, m.id) for v in row)]


def _who(fate: ObjectFate, record: RunRecord, titles: dict[str, str], launch_s: float) -> str:
    """Return in a few words what decided an object's fate."""
    shots = [s for s in record.shots if s.object == fate.object]
    if fate.is_killed:
        tries = sum(s.ordinal >= 0 for s in shots)
        return f"{titles.get(fate.killed_by, fate.killed_by)}, attempt {tries}, at {clock(fate.end_s - launch_s)}"
    if shots:
        by = " and ".join(dict.fromkeys(titles.get(s.complex_id, s.complex_id) for s in shots))
        return f"{len(shots)} missed ({by})"
    silent = [e for e in record.engagements if e.object == fate.object and not isfinite(e.released_s)]
    silent.sort(key=lambda e: (e.reason in NOT_OURS, e.reason == "no-track", e.complex_id))
    return REASONS.get(silent[0].reason, silent[0].reason) if silent else "nobody had a firm track"


def _map_view(page: ComparisonPage, stories: tuple[Story, ...]) -> View:
    """Prepare the map with its layers, the table of each layer, and the matrix of all."""
    layers = []
    through: dict[str, int] = {}
    for label, arrangement in told(page):
        record = page.story[label]
        titles = {c.id: c.title for c in arrangement.complexes}
        fates = {f.object: f for f in record.fates}
        rows = [
            {
                "name": s.name,
                "aim": s.aim,
                "state": s.aim_state,
                "is_killed": fates[s.object].is_killed,
                "who": _who(fates[s.object], record, titles, s.launch_s),
            }
            for s in stories
        ]
        stopped = sum(fates[s.object].is_killed for s in stories)
        through[spoken(label)] = len(stories) - stopped
        layers.append(
            {
                "name": spoken(label),
                "rows": rows,
                "summary": f"{stopped} stopped, {len(rows) - stopped} let through, {len(record.shots)} shots",
            }
        )
    found = page.comparison
    chosen = _chosen_layer(page)
    said = "; ".join(f"{layer['name']}: {layer['summary']}" for layer in layers)
    inner, attributes = described(
        f"Map of raid {page.replicate + 1} of {found.replicates}: tracks, sensors, shots, intercepts and impacts",
        f"{said}. {page.scenario.marking}.",
        "raid-map",
    )
    return {
        "picture": raid_map.map_picture(page, [label for label, _ in told(page)], inner, attributes),
        "layers": layers,
        "chosen": chosen,
        "title": _map_title(through, len(stories)),
        "replicate": page.replicate + 1,
        "of": found.replicates,
        "outside": raid_map.outside(page),
        "coverage": raid_map.COVERAGE_NOTE,
        "boundary": page.boundary_policy,
        "parties": [{"title": p.title, "look": f"p{i}"} for i, p in enumerate(page.scenario.parties)],
    }


def _chosen_layer(page: ComparisonPage) -> int:
    """Return the layer shown first: the yardstick's, or the first."""
    names = [label for label, _ in told(page)]
    against = yardstick(page.comparison)
    return names.index(against) if against in names else 0


def _map_title(through: dict[str, int], total: int) -> str:
    """Return the finding of the map: the fewest and the most that got through in this draw, by arrangement."""
    if not through:
        return "No raid was recorded"
    low, high = min(through.values()), max(through.values())
    if low == high:
        return f"In this raid {low} of {total} got through under every arrangement"
    best = [n for n, v in through.items() if v == low]
    worst = [n for n, v in through.items() if v == high]
    return f"In this raid {low} of {total} got through under {few(best)}, {high} under {few(worst)}"


def _story_view(page: ComparisonPage, story: Story) -> View:
    """Prepare the strip of one missile, its sentences and the table behind it."""
    axis = strip.axis_of(story)
    against = next((b for b in story.bands if b.arrangement == yardstick(page.comparison)), None)
    titles = {a.id: a.title for a in page.scenario.arrangements}
    bands = []
    for index, band in enumerate(story.bands):
        head = outcomes.headline(band, story)
        why = outcomes.because(band, story, against)
        inner, attributes = described(f"{story.name} under {band.title}: {head}", why, f"s{story.object}-{index}")
        bands.append(
            {
                "name": band.title,
                "title": titles[band.arrangement.partition("@")[0]],
                "picture": strip.band_picture(band, story, axis, inner, attributes),
                "is_killed": band.fate.is_killed,
                "headline": head,
                "because": why,
                "lanes": [(lane.title, lane.look) for lane in band.lanes if not lane.is_centre],
                "left_out": band.left_out,
                "rows": [
                    {
                        "at": clock(e.time_s - story.launch_s),
                        "kind": spoken(e.kind),
                        "who": role(e.actor) or "truth",
                        "other": role(e.other) if e.kind in ("asked", "answered") else spoken(e.other),
                        "text": e.text,
                    }
                    for e in band.rows
                ],
            }
        )
    return {
        "name": story.name,
        "aim": story.aim,
        "title": outcomes.story_title(story),
        "class": story.class_title,
        "flight": f"{clock(story.impact_s - story.launch_s)} from launch to impact if not stopped, "
        f"apogee {story.apogee_m / 1000:.0f} km",
        "luck": outcomes.luck(story),
        "head": strip.axis_picture(story, axis),
        "scale": strip.scale_picture(axis),
        "window": strip.window_style(story, axis),
        "bands": bands,
        "stopped": sum(b.fate.is_killed for b in story.bands),
        "has_window": story.close_s > story.open_s,
    }


def _moves(page: ComparisonPage, sweep: Sweep) -> bool:
    """Say whether a delay changes the leading metric of any party under any arrangement."""
    return any(delay.moved(sweep, page.comparison, p, LEADING_METRIC) for p in page.comparison.parties)


def _chosen_sweep(page: ComparisonPage) -> int:
    """Return the delay shown first: the one that moves an arrangement most."""
    found = page.comparison
    reach = [
        max([0.0, *(m[0] for p in found.parties for m in delay.moved(s, found, p, LEADING_METRIC)[:1])])
        for s in found.sweeps
    ]
    decisions = [r if s.unit == "s" else 0.0 for r, s in zip(reach, found.sweeps, strict=True)]
    return decisions.index(max(decisions)) if decisions else 0


def _sweep_view(page: ComparisonPage, index: int) -> View:
    """Prepare one delay: charts, slider and the table behind it."""
    found = page.comparison
    sweep = found.sweeps[index]
    stated = f"{quantity(sweep.low, sweep.unit)} to {quantity(sweep.high, sweep.unit)}"
    names, titles = _parties(page), _titles(page)
    charts = []
    for place, party in enumerate(found.parties[:2]):
        inner, attributes = described(
            f"{names[party]}: mean missiles let through against {sweep.title}",
            f"Stated range {stated}; the values are in the table below.",
            f"sweep-{index}-{place}",
        )
        charts.append(
            {
                "title": names[party],
                "look": f"p{place}",
                "picture": delay.chart(sweep, found, titles, place, LEADING_METRIC, inner, attributes),
            }
        )
    middle = min(range(len(sweep.points)), key=lambda i: abs(sweep.points[i].value - sweep.mid))
    data = delay.slider_data(sweep, found, LEADING_METRIC)
    return {
        "title": delay.sweep_title(sweep, found, titles, names, LEADING_METRIC),
        "what": sweep.title,
        "moves": _moves(page, sweep),
        "verb": "takes" if sweep.unit == "s" else "is",
        "range": f"{stated}, shipped {quantity(sweep.mid, sweep.unit)}",
        "charts": charts,
        "middle": middle,
        "last": len(sweep.points) - 1,
        "said": data["said"],
        "values": data["means"],
        "names": [titles[a] for a in found.arrangements],
        "parties": [names[p] for p in found.parties],
        "flips": sweep.flips,
        "note": delay.points_note(sweep),
    }


def _sweep_data(page: ComparisonPage) -> list[dict[str, object]]:
    """Return what the script needs for the sliders."""
    return [delay.slider_data(s, page.comparison, LEADING_METRIC) for s in page.comparison.sweeps]


def _assumptions_view(page: ComparisonPage) -> list[View]:
    """Prepare every not-known number of the scenario."""
    return [
        {
            "key": a.key,
            "title": a.title,
            "unit": a.unit,
            "low": plain_number(a.low),
            "mid": plain_number(a.mid),
            "high": plain_number(a.high),
            "used": plain_number(a.used),
            "is_changed": a.is_changed,
            "grade": a.source.grade,
            "weak": a.source.weak,
            "source": a.source,
        }
        for a in sorted(
            page.scenario.assumptions, key=lambda a: (not a.is_changed, not a.key.startswith("stages"), a.key)
        )
    ]


def plain_number(value: float) -> str:
    """Return a number of a file as somebody wrote it: no rounding beyond six digits."""
    return f"{value:.6g}".replace("-", "−")


def _sources(page: ComparisonPage) -> list[Source]:
    """Return every source once: of the scenario, its arrangements and its assumptions."""
    seen: dict[tuple[str, str], Source] = {}
    every = [*page.scenario.sources, *(s for a in page.scenario.arrangements for s in (a.treaty_source, *a.sources))]
    every += [a.source for a in page.scenario.assumptions]
    for source in every:
        seen.setdefault((source.title, source.url), source)
    return list(seen.values())


def _arrangements_view(page: ComparisonPage) -> list[View]:
    """Prepare what a treaty text of each arrangement would say."""
    return [
        {"name": spoken(a.id), "title": a.title, "treaty": a.treaty, "source": a.treaty_source}
        for a in page.scenario.arrangements
        if a.id in page.comparison.arrangements
    ]


def _foot_view(page: ComparisonPage) -> View:
    """Prepare provenance: enough to make the page again."""
    return {
        "digest": page.scenario.digest,
        "truth": page.comparison.truth_digest,
        "seed": page.comparison.seed,
        "replicates": page.comparison.replicates,
        "replicate": page.replicate,
        "version": page.version,
        "command": page.command,
        "attributions": page.attributions,
        "boundary": page.boundary_policy,
        "notes": page.scenario.notes,
        "conducts": page.scenario.conducts,
    }
