"""The page as a whole: what it must hold, escaping, size, sameness, and the standalone pictures."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from html.parser import HTMLParser
from math import radians

import msgspec
import numpy as np
import pytest
from msgspec.structs import replace

from diptych.command.blockers import Blockers, BlockingSet, Part
from diptych.command.properties import Finding
from diptych.command.structure import Vote
from diptych.edge.assets import load_assets
from diptych.model.record import Debris
from diptych.report import delay, panels, pictures, raid_map
from diptych.report.limits import LEANS, LIMITS, NO_PUBLIC_DELAYS
from diptych.report.page import Command, ComparisonPage
from diptych.report.reports.comparison import render
from diptych.report.svg import MARKS, element, mark, number
from tests.helpers.sample_page import comparison, obstructed_page, sample_page

VOID = {"meta", "input", "br", "link", "img", "hr"}


class Outline(HTMLParser):
    """Tags in order, ids, texts of headings; complains about tags left open."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag, f"</{tag}> closes something else"


def outline(html: str) -> Outline:
    found = Outline()
    found.feed(html)
    assert found.open == []
    return found


@pytest.fixture(scope="module")
def html() -> str:
    return render(sample_page(), load_assets())


def test_the_page_has_one_h1_landmarks_and_a_skip_link(html: str) -> None:
    tags = [tag for tag, _ in outline(html).tags]
    assert tags.count("h1") == 1
    assert {"header", "nav", "main", "footer"} <= set(tags)
    assert 'href="#answer">Skip' in html


def test_every_id_is_unique_and_every_reference_inside_the_page_has_its_target(html: str) -> None:
    found = outline(html)
    ids = [attrs["id"] for _, attrs in found.tags if "id" in attrs]
    assert len(ids) == len(set(ids))
    wanted = {
        attrs["href"] for tag, attrs in found.tags if tag in ("a", "use") and str(attrs.get("href")).startswith("#")
    }
    wanted |= {f"#{name}" for _, a in found.tags for name in str(a.get("aria-labelledby") or "").split()}
    assert {f"#{i}" for i in ids} >= wanted


def test_every_picture_that_says_something_has_a_title_and_a_table(html: str) -> None:
    pictures_found = [a for tag, a in outline(html).tags if tag == "svg" and a.get("role") == "img"]
    assert len(pictures_found) == 6 * 5 + 1 + 2
    assert html.count("The table behind") == 1 + 6 + 1


def test_the_page_fetches_nothing(html: str) -> None:
    assert not re.search(r"""(src|srcset|data|action)\s*=\s*["']?https?:""", html)
    assert "@import" not in html
    assert "url(http" not in html
    assert "default-src 'none'" in html


def test_the_same_page_gives_the_same_bytes() -> None:
    assert render(sample_page(), load_assets()) == render(sample_page(), load_assets())


def test_marking_and_boundary_policy_stand_on_the_page_and_the_marking_in_the_map(html: str) -> None:
    assert 'aria-label="Marking">EXERCISE · NOTIONAL DATA</div>' in html
    drawing = html[html.index('class="map"') : html.index("</figure>")]
    assert "EXERCISE · NOTIONAL DATA</text>" in drawing
    assert "Sample borders; no line implies recognition." in drawing


def test_text_from_files_is_escaped_wherever_it_goes() -> None:
    evil = '<script>alert("x")</script>'
    page = sample_page(title=evil)
    found = page.comparison
    scenario = page.scenario
    place = msgspec.structs.replace(scenario.raid[0].aim, name=evil)
    page = msgspec.structs.replace(
        page,
        comparison=msgspec.structs.replace(
            found,
            sentences=(evil, evil),
            metrics=tuple(msgspec.structs.replace(m, definition=evil) for m in found.metrics),
            sweeps=tuple(msgspec.structs.replace(s, title=evil, flips=(evil,)) for s in found.sweeps),
        ),
        scenario=msgspec.structs.replace(
            scenario,
            marking=evil,
            notes=(evil,),
            raid=(msgspec.structs.replace(scenario.raid[0], aim=place, id=evil), *scenario.raid[1:]),
            parties=(msgspec.structs.replace(scenario.parties[0], title=evil), scenario.parties[1]),
            assumptions=tuple(msgspec.structs.replace(a, title=evil, key=evil) for a in scenario.assumptions),
            arrangements=tuple(msgspec.structs.replace(a, title=evil) for a in scenario.arrangements),
        ),
        boundary_policy=evil,
        command=evil,
        warnings=(evil,),
    )
    html = render(page, load_assets())
    assert "<script>alert" not in html
    assert html.count("&lt;script&gt;") > 20
    assert html.count("<script") == 2, "the data and the script of the page itself"


def test_an_address_that_is_no_web_page_does_not_become_a_link() -> None:
    page = sample_page()
    bad = msgspec.structs.replace(page.scenario.sources[0], url="javascript:alert(1)")
    html = render(
        msgspec.structs.replace(page, scenario=msgspec.structs.replace(page.scenario, sources=(bad,))), load_assets()
    )
    assert "javascript:" not in html


def test_changed_assumptions_are_named_at_the_top_with_the_shipped_value(html: str) -> None:
    top = html[: html.index('id="comparison"')]
    assert "One assumption changed from the shipped values." in top
    assert "Turn a second key: 180 s (shipped 120 s)" in top


def test_the_warning_on_delays_and_every_limit_are_always_there(html: str) -> None:
    assert html.count(NO_PUBLIC_DELAYS.split(".")[0]) == 2
    for limit in LIMITS:
        assert limit.lean in LEANS
        assert limit.what.replace("'", "&#39;") in html


def test_exact_zeros_and_withheld_intervals_are_words(html: str) -> None:
    assert "0 exactly" in html
    alone = render(sample_page(replicates=1), load_assets())
    assert "withheld for a single raid" in alone
    assert "(withheld)" in alone


def test_the_parties_are_never_added(html: str) -> None:
    found = comparison()
    for arrangement in found.arrangements:
        total = sum(found.table[arrangement][p]["leakage"].value or 0.0 for p in found.parties)
        assert f">{total:.2f} (" not in html


def test_a_raid_of_fifty_fits_in_a_megabyte_and_a_half_and_tells_the_rest_in_the_table() -> None:
    html = render(sample_page(missiles=50), load_assets())
    assert len(html.encode()) < 1_500_000
    assert "missiles over which the arrangements differ less have no strip" in html
    assert html.count('class="story"') == 20


def test_a_page_without_sweeps_story_or_borders_still_stands() -> None:
    page = sample_page()
    bare = msgspec.structs.replace(
        page,
        comparison=msgspec.structs.replace(page.comparison, sweeps=(), differences=(), sentences=()),
        countries=(),
        disputed=(),
        story={},
    )
    html = render(bare, load_assets())
    outline(html)
    assert "<h1>Six missiles from the south</h1>" in html
    assert 'id="delays"' not in html


def test_zero_lies_at_the_hinge_on_both_sides() -> None:
    left = str(panels.panel_cell(None, None, 4.0, 0.0, is_open=False, party=0))
    right = str(panels.panel_cell(None, None, 4.0, 0.0, is_open=False, party=1))
    assert 'x1="97%" x2="97%" y1="0" y2="100%" class="yard"' in left
    assert 'x1="3%" x2="3%" y1="0" y2="100%" class="yard"' in right


def test_an_undecided_mean_is_drawn_hollow() -> None:
    cell = comparison().table["dual-key"]["russia"]["leakage"]
    assert 'href="#m-square-o"' in panels.panel_cell(cell, None, 4.0, None, is_open=True, party=1)
    assert 'href="#m-square"' in panels.panel_cell(cell, None, 4.0, None, is_open=False, party=1)


def test_the_swept_range_counts_stated_values_only() -> None:
    found = comparison()
    narrow = msgspec.structs.replace(found.sweeps[0], low=60.0, high=240.0)
    low, high = panels.swept_range(msgspec.structs.replace(found, sweeps=(narrow,)), "dual-key", "nato", "leakage") or (
        0,
        0,
    )
    assert low == pytest.approx(3.4 + 0.9 * 0.5**0.5 - 0.9)
    assert high == pytest.approx(3.4 + 0.9 * 2**0.5 - 0.9)


@pytest.mark.parametrize(("value", "ceiling"), [(4.3, 5), (0.0, 1), (0.07, 0.08), (10.0, 10), (10.1, 20), (1.0, 1)])
def test_a_scale_ends_at_a_round_number(value: float, ceiling: float) -> None:
    assert panels.nice_ceiling(value) == pytest.approx(ceiling)


def test_a_wide_range_of_delays_has_a_scale_by_ratios() -> None:
    sweep = comparison().sweeps[0]
    scale = delay.scale_of(sweep)
    assert scale.is_log
    assert scale.share(134.16) == pytest.approx((scale.share(30.0) + scale.share(600.0)) / 2, abs=1e-4)


def test_the_title_of_a_delay_says_what_it_moves() -> None:
    found = comparison()
    titles = {a: a for a in found.arrangements}
    said = delay.sweep_title(found.sweeps[0], found, titles, {"nato": "NATO", "russia": "Russia"}, "leakage")
    assert said == "“The second key” moves NATO by up to 1.6 under dual-key; Russia by up to 1.6 under dual-key"


def test_a_sweep_over_words_is_read_out_in_words() -> None:
    found = comparison()
    words = ("ideal", "surface", "achieved")
    three = tuple(replace(p, value=float(i)) for i, p in enumerate(found.sweeps[0].points[:3]))
    sweep = replace(found.sweeps[0], words=words, unit="", low=0.0, mid=1.0, high=2.0, points=three)
    assert delay.slider_data(sweep, found, "leakage")["said"] == list(words)
    page = replace(sample_page(), comparison=replace(found, sweeps=(sweep,)))
    text = render(page, load_assets())
    assert "ideal to achieved, shipped surface" in text


def test_the_slider_has_a_value_for_every_point_arrangement_and_party() -> None:
    found = comparison()
    data = delay.slider_data(found.sweeps[0], found, "leakage")
    means = data["means"]
    assert isinstance(means, list)
    assert (len(means), len(means[0]), len(means[0][0])) == (6, 5, 2)
    assert data["said"] == ["30 seconds", "60 seconds", "120 seconds", "240 seconds", "420 seconds", "600 seconds"]


def test_the_sheet_holds_every_place_of_the_scenario() -> None:
    page = sample_page()
    sheet = raid_map.sheet_of(page)
    spots = [m.launch for m in page.scenario.raid] + [m.aim for m in page.scenario.raid]
    assert all(sheet.holds(p) for p in sheet.places([(s.lat_rad, s.lon_rad) for s in spots]))
    assert raid_map.outside(page) == ()


def test_the_flown_track_of_a_stopped_missile_ends_at_the_intercept() -> None:
    page: ComparisonPage = sample_page()
    sheet = raid_map.sheet_of(page)
    record = page.story["coordinated"]
    shot = next(s for s in record.shots if s.outcome == "hit")
    flight = page.flights[shot.object]
    track = sheet.places([(float(r[0]), float(r[1])) for r in flight.rad_m])
    flown = raid_map.flown_until(track, [float(t) for t in flight.time_s], shot.intercept_s)
    assert flown[-1] == pytest.approx(sheet.places([(shot.lat_rad, shot.lon_rad)])[0], abs=1.0)


def test_debris_of_an_intercept_is_drawn_where_it_comes_down_named_and_explained(html: str) -> None:
    page = sample_page()
    assert 'class="debris"' not in html  # the sample's hits leave none
    cloud = Debris(radians(44.0), radians(26.0), 60e3, 20e3, radians(90.0), 500.0, 900.0, ("BG", "RO"))
    record = page.story["coordinated"]
    fates = tuple(replace(f, debris=cloud) if f.is_killed else f for f in record.fates)
    there = replace(page, story={**page.story, "coordinated": replace(record, fates=fates)})
    text = render(there, load_assets())
    killed = sum(f.is_killed for f in fates)
    assert killed > 0
    assert text.count('class="debris"') == killed + 1  # and one in the legend
    assert "debris over 120 by 40 km of BG, RO" in text
    assert re.search(r"coordinated: [^;]*, debris on BG and RO", text)
    sheet = raid_map.sheet_of(page)
    ring = np.array(raid_map.debris_ring(cloud, sheet))
    middle = sheet.places([(cloud.lat_rad, cloud.lon_rad)])[0]
    assert ring.mean(axis=0) == pytest.approx(middle, abs=0.5)
    assert raid_map.debris_ring(replace(cloud, lat_rad=radians(-60.0)), sheet) == []


@pytest.mark.parametrize("make", [pictures.raid_map_file, pictures.story_file])
def test_a_picture_of_its_own_is_well_formed_and_carries_the_marking(make: object) -> None:
    assert callable(make)
    svg = make(sample_page(), load_assets())
    ET.fromstring(svg)
    assert "EXERCISE · NOTIONAL DATA" in svg
    assert "prefers-color-scheme:dark" in svg


def test_a_map_is_made_also_where_the_yardstick_was_run_in_halves() -> None:
    page: ComparisonPage = sample_page()
    chosen = "coordinated"
    halves = {"alone/nato": page.story["separate"], chosen: page.story[chosen]}
    found = replace(
        page.comparison,
        arrangements=("alone", chosen),
        differences=tuple(replace(d, against="alone") for d in page.comparison.differences if d.arrangement == chosen),
    )
    assert "Coordinated: " in pictures.raid_map_file(replace(page, story=halves, comparison=found), load_assets())


def test_an_unknown_mark_is_refused_and_known_ones_are_defined(html: str) -> None:
    with pytest.raises(KeyError):
        mark("heart", 0, 0)
    for name in MARKS:
        assert f'id="m-{name}"' in html


def test_coordinates_are_short_and_text_is_escaped() -> None:
    assert [number(v) for v in (3.1, -0.001, 100.0, 2.005)] == ["3.1", "0", "100", "2"]
    assert str(element("text", "a<b", x=1.5, class_="t")) == '<text x="1.5" class="t">a&lt;b</text>'


def test_a_conduct_matrix_says_every_cell_in_figures_and_words_and_other_figures_keep_to_cooperation() -> None:
    text = render(obstructed_page(), load_assets())
    found = outline(text)
    ids = [attrs.get("id") for _, attrs in found.tags]
    assert "conduct" in ids
    assert text.count("cannot matter, exactly 0") >= 3 * 15, "alliance, separate, single operator"
    assert "+1.89<span" in text
    assert "equal in every raid" in text
    assert 'class="k more1 open"' in text or 'class="k more2 open"' in text, "what is not shown is told apart"
    assert text.count('class="row') < 3 * len(sample_page().comparison.arrangements), "no row for each conduct"
    assert "none can matter" not in render(sample_page(), load_assets())
    assert 'id="conduct"' not in render(sample_page(), load_assets())


def test_who_can_block_stands_in_the_page_where_a_check_found_it() -> None:
    council = Vote("council", ("a.council", "b.council"), ("nato", "nato"), 2)
    part = Part(1, council.roles, "nato")
    found = Blockers(
        "nato", "intercept-over-own", "", "open", never=(BlockingSet((part,), ("no",), "hold", is_by_silence=False),),
        is_by_clock=True, path_s=(700.0, 500.0, 900.0), structure=council,
    )  # fmt: skip
    nobody = replace(found, action="intercept-over-partner", status="nobody-may", never=())
    finding = Finding("separate", "no-outside-veto", claimed=True, holds=False, counterexample=("It <stops>.",))
    page = replace(sample_page(), commands=(Command("separate", (finding,), (found, nobody), 400.0),))
    text = render(page, load_assets())
    outline(text)
    assert 'id="command"' in text
    assert "no, claimed" in text
    assert "It &lt;stops&gt;." in text
    assert "1 of 2 members" in text
    assert "the clock" in text
    assert "nobody may" in text
    assert 'id="command"' not in render(sample_page(), load_assets())
