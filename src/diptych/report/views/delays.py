"""Prepare the delays: charts, sliders and the tables behind them."""

from diptych.model.result import Sweep
from diptych.report import delay
from diptych.report.page import ComparisonPage
from diptych.report.phrases import LEADING_METRIC
from diptych.report.svg import described
from diptych.report.views.common import View, party_titles, titles_of


def moves(page: ComparisonPage, sweep: Sweep) -> bool:
    """Say whether a delay changes the leading metric of any party under any arrangement."""
    return any(delay.moved(sweep, page.comparison, p, LEADING_METRIC) for p in page.comparison.parties)


def sweeps_shown(page: ComparisonPage) -> tuple[Sweep, ...]:
    """Return the sweeps that get a figure: those that move something, or the first if none does."""
    moving = tuple(s for s in page.comparison.sweeps if moves(page, s))
    return moving or page.comparison.sweeps[:1]


def sweeps_still(page: ComparisonPage) -> list[str]:
    """Return the titles of the sweeps that move nothing."""
    return [s.title for s in page.comparison.sweeps if not moves(page, s)]


def chosen_sweep(page: ComparisonPage) -> int:
    """Return the place of the figure shown first: of the delay that moves an arrangement most."""
    found = page.comparison
    shown = sweeps_shown(page)
    reach = [
        max([0.0, *(m[0] for p in found.parties for m in delay.moved(s, found, p, LEADING_METRIC)[:1])]) for s in shown
    ]
    decisions = [r if s.unit == "s" else 0.0 for r, s in zip(reach, shown, strict=True)]
    return decisions.index(max(decisions)) if decisions else 0


def sweep_view(page: ComparisonPage, sweep: Sweep, index: int) -> View:
    """Prepare one delay: charts, slider and the table behind it; `index` is its place among those shown."""
    found = page.comparison
    stated = f"{delay.spoken_value(sweep, sweep.low)} to {delay.spoken_value(sweep, sweep.high)}"
    names, titles = party_titles(page), titles_of(page)
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
        "verb": "takes" if sweep.unit == "s" else "is",
        "range": f"{stated}, shipped {delay.spoken_value(sweep, sweep.mid)}",
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


def sweep_data(page: ComparisonPage) -> list[dict[str, object]]:
    """Return what the script needs for the sliders."""
    return [delay.slider_data(s, page.comparison, LEADING_METRIC) for s in sweeps_shown(page)]
