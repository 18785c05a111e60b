"""Set single pictures as files of their own: SVG text with its style inside, light and dark.

For a front page or a slide.  The picture, the boundary policy and the marking are the same as in the report.
"""

from markupsafe import Markup, escape

from diptych.report import lettering, outcomes, raid_map, strip
from diptych.report.page import Assets, ComparisonPage
from diptych.report.phrases import capital, yardstick
from diptych.report.story import most_telling, tell
from diptych.report.svg import Attr, definitions, described, element, join, text

_PAD = 20.0


def _file(inner: Markup, width_px: float, height_px: float, assets: Assets, attributes: dict[str, Attr]) -> str:
    """Return a whole SVG file with the report's style in it."""
    style = Markup(f"<style>{escape_style(assets.style)}</style>")
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
    """Return the map of the told raid under one arrangement (the yardstick's if none is named) as an SVG file.

    Raises
    ------
    KeyError
        There is no record of that arrangement.
    """
    chosen = label if label is not None else yardstick(page.comparison)
    record = page.story[chosen]
    sheet = raid_map.sheet_of(page)
    height = width_px * sheet.aspect
    stopped = sum(f.is_killed for f in record.fates)
    title = f"{capital(chosen)}: {stopped} of {len(record.fates)} missiles stopped in raid {page.replicate + 1}"
    inner, attributes = described(title, f"{page.scenario.marking}. {page.boundary_policy}", "picture")
    picture = raid_map.map_picture(page, [chosen], Markup(""), {"height": height})
    parts = [
        inner,
        Markup("<style>[data-layer]{display:revert}.n{display:none}</style>"),
        element("svg", picture, width=width_px, height=height),
        text(title, _PAD, height + 22.0, "strong"),
        text(page.boundary_policy, _PAD, height + 42.0, "dim"),
    ]
    return _file(join(parts), width_px, height + 56.0, assets, attributes)


def story_file(page: ComparisonPage, assets: Assets, object_: int | None = None, width_px: float = 960.0) -> str:
    """Return the swim lanes of one missile (the one that tells most, if none is named) as an SVG file."""
    stories = tuple(tell(page, f.object) for f in page.flights)
    story = stories[most_telling(stories) if object_ is None else object_]
    axis = lettering.axis_of(story)
    left, right = 190.0, 200.0
    across = width_px - left - right
    title = outcomes.story_title(story)
    inner, attributes = described(title, f"{page.scenario.marking}. {outcomes.luck(story)}", "picture")
    rows = [
        inner,
        text(title, _PAD, 28.0, "title"),
        text(page.scenario.marking, width_px - _PAD, 28.0, "dim", text_anchor="end"),
    ]
    y = 44.0
    pictures: list[tuple[Markup, float]] = [(strip.axis_picture(story, axis), 78.0)]
    heads: list[tuple[str, str, bool]] = [("What happens", "", True)]
    for band in story.bands:
        pictures.append((strip.band_picture(band, story, axis, Markup(""), {}), strip.band_height(band)))
        heads.append((capital(band.title), outcomes.headline(band, story), band.fate.is_killed))
    pictures.append((strip.scale_picture(axis), 24.0))
    heads.append(("", "", True))
    bands = []
    for (picture, height), (name, outcome, is_good) in zip(pictures, heads, strict=True):
        bands.append(element("line", x1=_PAD, x2=width_px - _PAD, y1=y, y2=y, class_="grid"))
        bands.append(text(name, _PAD, y + 24.0, "strong"))
        bands.append(text(outcome, width_px - right + 16.0, y + 24.0, "good" if is_good else "bad"))
        bands.append(element("svg", picture, x=left, y=y, width=across, height=height, overflow="visible"))
        y += height
    if story.close_s > story.open_s:
        x = left + across * axis.share(story.open_s)
        wide = across * (axis.share(story.close_s) - axis.share(story.open_s))
        rows.append(element("rect", x=x, y=44.0, width=wide, height=y - 44.0, class_="window"))
    style = Markup(
        "<style>.n{display:none}svg .title{font-size:17px;font-weight:650}"
        "svg .good{fill:var(--hit);font-weight:650}svg .bad{fill:var(--leak);font-weight:650}</style>"
    )
    return _file(style + join(rows + bands), width_px, y + 12.0, assets, attributes)
