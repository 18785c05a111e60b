"""Set single pictures as files of their own: SVG text with its style inside, light and dark.

For a front page or a slide.  The picture, the boundary policy and the marking are the same as in the report.
"""

from markupsafe import Markup, escape

from diptych.report import lettering, outcomes, raid_map, strip
from diptych.report.labels import text_width_px
from diptych.report.lettering import Axis
from diptych.report.page import Assets, ComparisonPage
from diptych.report.phrases import capital, yardstick
from diptych.report.story import Story, most_telling, tell, twin_of
from diptych.report.svg import Attr, definitions, described, element, join, text

_PAD = 20.0


def file_of(inner: Markup, width_px: float, height_px: float, assets: Assets, attributes: dict[str, Attr]) -> str:
    """Return a whole SVG file with the report's style in it."""
    shown = ".w{display:inline!important}.n{display:none!important}"  # whatever the width of the window it is seen in
    style = Markup(f"<style>{escape_style(assets.style)}{shown}</style>")
    ground = element("rect", width="100%", height="100%", fill="var(--bg)")
    return str(
        element(
            "svg",
            style,
            definitions(),
            ground,
            inner,
            xmlns="http://www.w3.org/2000/svg",
            width=width_px,
            height=height_px,
            viewBox=f"0 0 {width_px:g} {height_px:g}",
            font_family="system-ui, sans-serif",
            **attributes,
        )
    )


def escape_style(style: str) -> str:
    """Return a style sheet that XML accepts inside a style element."""
    return str(escape(style)).replace("&#34;", '"').replace("&#39;", "'").replace("&gt;", ">")


def raid_map_file(page: ComparisonPage, assets: Assets, label: str | None = None, width_px: float = 960.0) -> str:
    """Return the map of the told raid under one arrangement as an SVG file.

    Where none is named it is the yardstick; a yardstick that is run in halves (`alone`) has no one map, and the first
    arrangement that has stands in for it.

    Raises
    ------
    KeyError
        There is no record of that arrangement.
    """
    chosen = label if label is not None else yardstick(page.comparison)
    if label is None and chosen not in page.story:
        chosen = next(told for told in page.story if "/" not in told)
    record = page.story[chosen]
    sheet = raid_map.sheet_of(page)
    height = width_px * sheet.aspect
    stopped = sum(f.is_killed for f in record.fates)
    title = f"{capital(chosen)}: {stopped} of {len(record.fates)} missiles stopped in raid {page.replicate + 1}"
    inner, attributes = described(title, f"{page.scenario.marking}. {page.boundary_policy}", "picture")
    picture = raid_map.map_picture(page, [chosen], Markup(""), {"height": height})
    lines = wrapped(page.boundary_policy, width_px - 2 * _PAD)
    parts = [
        inner,
        Markup("<style>[data-layer]{display:revert!important}</style>"),
        element("svg", picture, width=width_px, height=height),
        text(title, _PAD, height + 24.0, "strong"),
        *(text(line, _PAD, height + 44.0 + 16.0 * i, "dim") for i, line in enumerate(lines)),
    ]
    return file_of(join(parts), width_px, height + 46.0 + 16.0 * len(lines), assets, attributes)


def wrapped(words: str, width_px: float, size_px: float = 12.0) -> list[str]:
    """Return the words in lines no wider than a width."""
    lines = [""]
    for word in words.split():
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and text_width_px(longer, size_px) > width_px:
            lines.append(word)
        else:
            lines[-1] = longer
    return lines


def story_file(page: ComparisonPage, assets: Assets, object_: int | None = None, width_px: float = 960.0) -> str:
    """Return the swim lanes of one missile (the one that tells most, if none is named) as an SVG file."""
    stories = tuple(tell(page, f.object) for f in page.flights)
    story = stories[most_telling(stories) if object_ is None else object_]
    axis = lettering.axis_of(story)
    left, right = 190.0, 200.0
    across = width_px - left - right
    title = outcomes.story_title(story)
    inner, attributes = described(title, f"{page.scenario.marking}. {outcomes.luck(story)}", "picture")
    lines = wrapped(title, width_px - 2 * _PAD, 20.0)
    top = 22.0 + 22.0 * len(lines)
    rows = [inner, *(text(line, _PAD, 28.0 + 22.0 * i, "title") for i, line in enumerate(lines))]
    y = top
    bands = []
    for picture, height, name, outcome, is_good in _bands(story, axis):
        bands.append(element("line", x1=_PAD, x2=width_px - _PAD, y1=y, y2=y, class_="grid"))
        bands.append(text(name, _PAD, y + 24.0, "strong"))
        bands.append(text(outcome, width_px - right + 16.0, y + 24.0, "good" if is_good else "bad"))
        bands.append(element("svg", picture, x=left, y=y, width=across, height=height, overflow="visible"))
        y += height
    bottom = y
    for line in wrapped(f"{page.scenario.marking}. {outcomes.luck(story)}", width_px - 2 * _PAD):
        bands.append(text(line, _PAD, y + 18.0, "dim"))
        y += 16.0
    if story.close_s > story.open_s:
        x = left + across * axis.share(story.open_s)
        wide = across * (axis.share(story.close_s) - axis.share(story.open_s))
        rows.append(element("rect", x=x, y=top, width=wide, height=bottom - top, class_="window"))
    style = Markup(
        "<style>svg .title{font-size:17px;font-weight:650}"
        "svg .good{fill:var(--hit);font-weight:650}svg .bad{fill:var(--leak);font-weight:650}</style>"
    )
    return file_of(style + join(rows + bands), width_px, y + 16.0, assets, attributes)


def _bands(story: Story, axis: Axis) -> list[tuple[Markup, float, str, str, bool]]:
    """Return (picture, height, name, outcome, whether it was stopped) of the head, every band and the foot."""
    rows = [(strip.axis_picture(story, axis), 78.0, "What happens", "", True)]
    for index, band in enumerate(story.bands):
        twin = twin_of(band, story.bands[:index])
        picture, height = strip.band_picture(band, story, axis, Markup(""), {}), strip.band_height(band)
        if twin is not None:
            picture, height = text(f"as under {twin.title}, event for event", 0.0, 24.0, "dim"), 38.0
        rows.append((picture, height, capital(band.title), outcomes.headline(band, story), band.fate.is_killed))
    rows.append((strip.scale_picture(axis), 24.0, "", "", True))
    return rows
