"""The report in a real browser, from disk, with the network off: no errors, no requests, accessible, by keyboard."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from diptych.edge.assets import load_assets
from diptych.report.reports.comparison import render
from tests.helpers.sample_page import obstructed_page, sample_page

pytestmark = [pytest.mark.browser, pytest.mark.slow]

WIDE, NARROW = {"width": 1280, "height": 800}, {"width": 390, "height": 844}


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("report") / "report.html"
    path.write_text(render(sample_page(), load_assets()), encoding="utf-8")
    return path


@pytest.fixture
def opened(offline_context: Any, report: Path) -> Any:
    page = offline_context.new_page()
    page.problems = []
    page.on("console", lambda message: page.problems.append(message.text))
    page.on("pageerror", lambda error: page.problems.append(str(error)))
    page.goto(report.as_uri())
    return page


def open_every_fold(page: Any) -> None:
    page.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true })")


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_either_theme_at_either_width(opened: Any, size: dict[str, int], scheme: str) -> None:
    from axe_playwright_python.sync_playwright import Axe

    opened.set_viewport_size(size)
    opened.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    open_every_fold(opened)
    found = Axe().run(
        opened, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
    )
    violations = [
        f"{v['id']}: {v['help']}: {[n['html'][:120] for n in v['nodes'][:3]]}" for v in found.response["violations"]
    ]
    assert violations == []
    checked = {v["id"] for v in found.response["passes"]}
    assert {"color-contrast", "heading-order", "svg-img-alt"} <= checked, "the rules that matter were run"


def test_the_page_says_nothing_to_the_console_and_asks_for_nothing_but_itself(
    opened: Any, offline_context: Any, report: Path
) -> None:
    opened.wait_for_load_state("networkidle")
    assert opened.problems == []
    assert offline_context.asked == [report.as_uri()]


@pytest.mark.parametrize("width", [1280, 800, 390, 320])
def test_nothing_scrolls_sideways_but_tables_inside_their_frames(opened: Any, width: int) -> None:
    opened.set_viewport_size({"width": width, "height": 800})
    open_every_fold(opened)
    assert opened.evaluate("document.documentElement.scrollWidth") == width


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
def test_no_text_is_smaller_than_twelve_pixels_and_no_target_than_twenty_four(
    opened: Any, size: dict[str, int]
) -> None:
    opened.set_viewport_size(size)
    open_every_fold(opened)
    smallest = opened.evaluate(
        """() => Math.min(...[...document.querySelectorAll('body *')].filter(e =>
            [...e.childNodes].some(n => n.nodeType === 3 && n.textContent.trim()) && e.getBoundingClientRect().width > 1
        ).map(e => parseFloat(getComputedStyle(e).fontSize)))"""
    )
    assert smallest >= 12
    targets = opened.evaluate(
        """() => [...document.querySelectorAll('nav a, button, summary, .chips label, input[type=range]')].map(e =>
            [e.textContent.trim().slice(0, 30), e.getBoundingClientRect().height]).filter(t => t[1] > 0 && t[1] < 24)"""
    )
    assert targets == []


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
def test_no_two_labels_of_a_strip_or_of_the_map_overlap(opened: Any, size: dict[str, int]) -> None:
    opened.set_viewport_size(size)
    clashes = opened.evaluate(
        """() => [...document.querySelectorAll('svg.strip, svg.map')].flatMap(svg => {
            const shown = [...svg.querySelectorAll('text')].map(t => [t.textContent, t.getBoundingClientRect()])
                .filter(([, r]) => r.width > 0);
            return shown.flatMap(([a, p], i) => shown.slice(i + 1).filter(([, q]) =>
                p.left < q.right - 1 && q.left < p.right - 1 && p.top < q.bottom - 3 && q.top < p.bottom - 3
            ).map(([b]) => `${a} / ${b}`));
        })"""
    )
    assert clashes == []


def test_the_slider_steps_through_computed_points_and_speaks(opened: Any) -> None:
    slider = opened.locator("#slide-0")
    assert slider.get_attribute("aria-valuetext") == "120 seconds"
    row = opened.locator("table.now tbody tr").nth(3)
    assert row.inner_text().split() == ["Dual", "key", "3.40", "1.90"]
    slider.focus()
    opened.keyboard.press("End")
    assert slider.get_attribute("aria-valuetext") == "600 seconds"
    assert opened.locator("#now-0").inner_text() == "600 seconds"
    assert row.inner_text().split() == ["Dual", "key", "4.51", "3.01"]
    before = opened.locator(".cursor").first.get_attribute("x1")
    opened.keyboard.press("ArrowLeft")
    assert opened.locator(".cursor").first.get_attribute("x1") != before


def test_an_arrangement_and_a_missile_are_chosen_by_keyboard(opened: Any) -> None:
    assert opened.locator("#strip-1").is_visible()
    opened.locator("#pick-1").focus()
    opened.keyboard.press("ArrowRight")
    assert opened.locator("#strip-2").is_visible()
    assert not opened.locator("#strip-1").is_visible()
    opened.locator("#layer-1").focus()
    opened.keyboard.press("ArrowRight")
    assert opened.locator(".beside caption:visible").inner_text().startswith("Coordinated")


def test_the_theme_button_changes_the_ground(opened: Any) -> None:
    opened.emulate_media(color_scheme="light")
    light = opened.evaluate("getComputedStyle(document.body).backgroundColor")
    opened.click("#theme")
    assert opened.evaluate("getComputedStyle(document.body).backgroundColor") != light


def test_the_skip_link_comes_first_and_leads_to_the_answer(opened: Any) -> None:
    opened.keyboard.press("Tab")
    assert opened.evaluate("document.activeElement.className") == "skip"
    opened.keyboard.press("Enter")
    assert opened.evaluate("location.hash") == "#answer"


def test_without_script_the_default_story_the_tables_and_the_choices_still_work(browser: Any, report: Path) -> None:
    context = browser.new_context(java_script_enabled=False, offline=True)
    page = context.new_page()
    page.goto(report.as_uri())
    assert page.locator("#strip-1").is_visible()
    page.locator("label:has(#pick-0)").click()
    assert page.locator("#strip-0").is_visible()
    assert not page.locator(".ask").is_visible(), "a slider that cannot move is not shown"
    page.locator("#comparison summary").last.click()
    assert page.locator("#comparison table caption").first.is_visible()
    context.close()


def test_paper_is_light_marked_and_shows_the_folded_tables(opened: Any) -> None:
    opened.emulate_media(media="print", color_scheme="dark")
    assert opened.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert opened.locator(".marking").is_visible()
    assert not opened.locator("nav").is_visible()
    opened.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert opened.locator("table.assumed").is_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_the_conduct_matrix_is_accessible_and_scrolls_inside_its_frame(
    offline_context: Any, tmp_path: Path, width: int, scheme: str
) -> None:
    from axe_playwright_python.sync_playwright import Axe

    path = tmp_path / "report.html"
    path.write_text(render(obstructed_page(), load_assets()), encoding="utf-8")
    page = offline_context.new_page()
    page.set_viewport_size({"width": width, "height": 844})
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    page.goto(path.as_uri())
    open_every_fold(page)
    assert page.evaluate("document.documentElement.scrollWidth") == width
    found = Axe().run(page, "#conduct", options={"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]})
    assert [f"{v['id']}: {v['nodes'][0]['html'][:200]}" for v in found.response["violations"]] == []
    smallest = page.evaluate(
        "Math.min(...[...document.querySelectorAll('#conduct td, #conduct small')]"
        ".map(e => parseFloat(getComputedStyle(e).fontSize)))"
    )
    assert smallest >= 12
    frame = page.locator("[aria-label='Conduct matrix of NATO']")
    frame.focus()
    page.keyboard.press("End")
    assert frame.evaluate("e => e.scrollWidth > e.clientWidth") is (width == 390)
