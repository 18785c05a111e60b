"""Set the report of a comparison: one HTML text that opens from disk, without a network.

Order of the page: the answer, the diptych, what it costs, what obstruction costs, the map, the story of each missile,
who may decide and who can block, how far the answer bends with each delay, assumptions, limits, sources, provenance.
The modules of `views` prepare one part each as plain values and pictures; the template only sets them, and escapes
whatever is not a picture built here.
"""

import msgspec
from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

from diptych.report.limits import LIMITS, NO_PUBLIC_DELAYS
from diptych.report.page import Assets, ComparisonPage
from diptych.report.phrases import capital
from diptych.report.story import most_telling, tell, told
from diptych.report.svg import definitions
from diptych.report.views.basis import arrangements_view, assumptions_view, foot_view, sources_of
from diptych.report.views.command import command_view
from diptych.report.views.delays import chosen_sweep, sweep_data, sweep_view, sweeps_shown, sweeps_still
from diptych.report.views.figures import costs_view, empty_metrics, figure_view, head_view, tables_view
from diptych.report.views.obstruction import obstruction_view, page_of_shown
from diptych.report.views.raid import drawn_stories, map_view, story_view


def render(page: ComparisonPage, assets: Assets) -> str:
    """Return the report of a comparison as the text of one HTML file.

    The same page and assets give the same text.  Every string that came from a file is escaped.
    """
    page = page_of_shown(page)
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    environment.filters.update(capital=capital)
    template = environment.from_string(assets.template)
    stories = tuple(tell(page, flight.object) for flight in page.flights)
    drawn = drawn_stories(stories)
    return template.render(
        style=Markup(assets.style),
        selection=Markup(_selection(len(told(page)), len(drawn), len(sweeps_shown(page)))),
        script=Markup(assets.script),
        marks=definitions(),
        head=head_view(page),
        figure=figure_view(page),
        command=command_view(page),
        obstruction=obstruction_view(page),
        costs=costs_view(page),
        tables=tables_view(page),
        empty_metrics=empty_metrics(page),
        map=map_view(page, stories),
        stories=[story_view(page, story) for story in drawn],
        undrawn=len(stories) - len(drawn),
        chosen=most_telling(drawn),
        sweeps=[sweep_view(page, sweep, index) for index, sweep in enumerate(sweeps_shown(page))],
        still=sweeps_still(page),
        chosen_sweep=chosen_sweep(page),
        sweep_data=Markup(_script_json(sweep_data(page))),
        assumptions=assumptions_view(page),
        limits=LIMITS,
        no_public_delays=NO_PUBLIC_DELAYS,
        sources=sources_of(page),
        arrangements=arrangements_view(page),
        foot=foot_view(page),
    )


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
