"""Prepare the answer, the diptych, the small figures of cost, and the table behind them."""

from diptych.model.result import Metric
from diptych.report import panels
from diptych.report.page import ComparisonPage
from diptych.report.phrases import (
    LEADING_METRIC,
    brief,
    capital,
    count,
    difference,
    difference_of,
    estimate,
    panel_title,
    plain,
    quantity,
    spoken,
    standing,
    yardstick,
)
from diptych.report.views.common import View, party_titles, titles_of

COSTS_AT_MOST = 8
LEDE_AT_MOST = 2
_STANDING_WORDS = {
    "yardstick": "the yardstick",
    "same": "the same in every raid",
    "decided": "decided",
    "flips": "order flips within the stated delays",
    "undecided": "undecided: the interval holds zero or is withheld",
}


def aimed_at(page: ComparisonPage, party: str) -> int:
    """Return how many missiles of the raid are aimed at a party."""
    return sum(page.scenario.party_of(m.aim_state) == party for m in page.scenario.raid)


def head_view(page: ComparisonPage) -> View:
    """Prepare banner, answer and the small figure of paired differences."""
    scenario, found = page.scenario, page.comparison
    elsewhere = {flip for sweep in found.sweeps for flip in sweep.flips}
    sentences = [s for s in found.sentences if s not in elsewhere and not s.startswith("No public source")]
    sentences = sentences or [scenario.title]
    names = party_titles(page)
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
    compared = [a for a in found.arrangements if a != "alone"]
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
        "raid": f"{capital(count(len(scenario.raid), 'missile'))}, {count(len(compared), 'arrangement')}, "
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
                "shipped": a.words[round(a.mid)] if a.words else quantity(a.mid, a.unit),
                "used": a.words[round(a.used)] if a.words else quantity(a.used, a.unit),
            }
            for a in changed
        ],
        "changed_count": capital(count(len(changed), "assumption")),
        "warnings": page.warnings,
    }


def figure_view(page: ComparisonPage) -> View:
    """Prepare the diptych: one row for each arrangement, a picture to each side of its name."""
    found = page.comparison
    names, titles = party_titles(page), titles_of(page)
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
            {"title": names[p], "of": count(aimed_at(page, p), "missile"), "look": f"p{i}"} for i, p in enumerate(shown)
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


def costs_view(page: ComparisonPage) -> View:
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
            said = zip(party_titles(page).values(), means[index], strict=False)
            cells.append(
                {
                    "picture": panels.cost_cell(means[index], top, bottom),
                    "said": ", ".join(f"{title} {panels.shown(value)}" for title, value in said),
                }
            )
        rows.append({"name": spoken(arrangement), "cells": cells, "is_yardstick": arrangement == yardstick(found)})
    return {"heads": heads, "rows": rows}


def tables_view(page: ComparisonPage) -> list[View]:
    """Prepare the table behind the figures: every metric, value and paired difference, for every party."""
    found = page.comparison
    names = party_titles(page)
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


def empty_metrics(page: ComparisonPage) -> list[str]:
    """Return the titles of the metrics that are zero or undefined for every party under every arrangement."""
    return [m.title for m in page.comparison.metrics if not any(v for row in _means(page, m.id) for v in row)]
