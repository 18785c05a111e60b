"""Prepare the map with its tables and the story of each missile."""

from math import isfinite

from diptych.model.decision import REASONS
from diptych.model.record import ObjectFate, RunRecord
from diptych.model.scenario import Scenario
from diptych.report import lettering, outcomes, raid_map, strip
from diptych.report.page import ComparisonPage
from diptych.report.phrases import clock, few, role, spoken, yardstick
from diptych.report.story import NOT_OURS, Story, contrast, told, twin_of
from diptych.report.svg import described
from diptych.report.views.common import View
from diptych.sim.falling import said

BANDS_AT_MOST = 100


def drawn_stories(stories: tuple[Story, ...]) -> tuple[Story, ...]:
    """Return the stories that get a strip: all, or of a large raid those over which arrangements differ most."""
    at_most = max(1, BANDS_AT_MOST // max(1, max((len(s.bands) for s in stories), default=1)))
    if len(stories) <= at_most:
        return stories
    best = sorted(stories, key=lambda s: (-contrast(s)[0], -contrast(s)[1], s.object))[:at_most]
    return tuple(sorted(best, key=lambda s: s.object))


def _who(fate: ObjectFate, record: RunRecord, titles: dict[str, str], launch_s: float) -> str:
    """Return in a few words what decided an object's fate."""
    shots = [s for s in record.shots if s.object == fate.object]
    if fate.is_killed:
        tries = sum(s.ordinal >= 0 for s in shots)
        words = f"{titles.get(fate.killed_by, fate.killed_by)}, attempt {tries}, at {clock(fate.end_s - launch_s)}"
        return f"{words}; {said(fate.debris)}" if fate.debris else words
    if shots:
        by = " and ".join(dict.fromkeys(titles.get(s.complex_id, s.complex_id) for s in shots))
        return f"{len(shots)} missed ({by})"
    silent = [e for e in record.engagements if e.object == fate.object and not isfinite(e.released_s)]
    silent.sort(key=lambda e: (e.reason in NOT_OURS, e.reason == "no-track", e.complex_id))
    return REASONS.get(silent[0].reason, silent[0].reason) if silent else "nobody had a firm track"


def map_view(page: ComparisonPage, stories: tuple[Story, ...]) -> View:
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
                "debris": _debris_said(record) + _over_said(record, page.scenario),
            }
        )
    found = page.comparison
    chosen = _chosen_layer(page)
    told_of = "; ".join(f"{layer['name']}: {layer['summary']}{layer['debris']}" for layer in layers)
    inner, attributes = described(
        f"Map of raid {page.replicate + 1} of {found.replicates}: tracks, sensors, shots, intercepts, debris, impacts",
        f"{told_of}. {page.scenario.marking}.",
        "raid-map",
    )
    return {
        "picture": raid_map.map_picture(page, [label for label, _ in told(page)], inner, attributes),
        "layers": layers,
        "chosen": chosen,
        "has_debris": any(f.debris is not None for record in page.story.values() for f in record.fates),
        "title": _map_title(through, len(stories)),
        "replicate": page.replicate + 1,
        "is_chosen": page.is_chosen,
        "of": found.replicates,
        "outside": raid_map.outside(page),
        "coverage": raid_map.COVERAGE_NOTE,
        "boundary": page.boundary_policy,
        "parties": [{"title": p.title, "look": f"p{i}"} for i, p in enumerate(page.scenario.parties)],
    }


def _debris_said(record: RunRecord) -> str:
    """Return whose territory debris comes down on under one arrangement, "" without debris."""
    clouds = [f.debris for f in record.fates if f.debris is not None]
    if not clouds:
        return ""
    touched = sorted({state for cloud in clouds for state in cloud.states})
    return f", debris on {few(touched)}" if touched else ", debris at sea or outside the region"


def _over_said(record: RunRecord, scenario: Scenario) -> str:
    """Return which states of no party interceptors flew over under one arrangement, "" for none."""
    third = sorted({state for shot in record.shots for state in shot.over if scenario.party_of(state) is None})
    return f", interceptors over third states: {few(third)}" if third else ""


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


def _stages_said(page: ComparisonPage, story: Story) -> str:
    """Return where the spent stages of a missile come down, "" if none is flown."""
    parts = [
        f"stage {f.stage} comes down {f'in {f.state}' if f.state else 'at sea or outside the region'} "
        f"at {clock(f.impact_s - story.launch_s)}"
        for f in page.fallen
        if f.object == story.object
    ]
    return f"; {', '.join(parts)}" if parts else ""


def story_view(page: ComparisonPage, story: Story) -> View:
    """Prepare the strip of one missile, its sentences and the table behind it."""
    axis = lettering.axis_of(story)
    against = next((b for b in story.bands if b.arrangement == yardstick(page.comparison)), None)
    titles = {a.id: a.title for a in page.scenario.arrangements}
    bands = []
    for index, band in enumerate(story.bands):
        head = outcomes.headline(band, story)
        why = outcomes.because(band, story, against)
        twin = twin_of(band, story.bands[:index])
        inner, attributes = described(f"{story.name} under {band.title}: {head}", why, f"s{story.object}-{index}")
        bands.append(
            {
                "name": band.title,
                "title": titles[band.arrangement.partition("@")[0]],
                "picture": strip.band_picture(band, story, axis, inner, attributes) if twin is None else "",
                "twin": "" if twin is None else twin.title,
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
        f"apogee {story.apogee_m / 1000:.0f} km{_stages_said(page, story)}",
        "luck": outcomes.luck(story),
        "head": strip.axis_picture(story, axis),
        "scale": strip.scale_picture(axis),
        "window": strip.window_style(story, axis),
        "bands": bands,
        "stopped": sum(b.fate.is_killed for b in story.bands),
        "has_window": story.close_s > story.open_s,
    }
