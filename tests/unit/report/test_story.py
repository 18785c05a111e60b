"""The story of one missile: what is picked out, and why in words."""

from __future__ import annotations

from math import inf, isfinite

import msgspec
import pytest

from diptych.model.record import Event, RunRecord
from diptych.report import outcomes
from diptych.report.lettering import axis_of, ticks
from diptych.report.page import ComparisonPage
from diptych.report.story import Band, Story, contrast, look_of, missile_name, most_telling, tell, told, twin_of
from diptych.report.strip import band_picture
from diptych.report.svg import described
from tests.helpers.sample_page import sample_page


@pytest.fixture(scope="module")
def page() -> ComparisonPage:
    return sample_page()


def band(story: Story, name: str) -> Band:
    return next(b for b in story.bands if b.arrangement == name)


def with_record(page: ComparisonPage, name: str, **changes: object) -> ComparisonPage:
    record: RunRecord = msgspec.structs.replace(page.story[name], **changes)
    return msgspec.structs.replace(page, story={**page.story, name: record})


def test_the_missile_told_first_is_the_one_over_which_arrangements_differ_most(page: ComparisonPage) -> None:
    stories = tuple(tell(page, i) for i in range(len(page.scenario.raid)))
    chosen = stories[most_telling(stories)]
    assert all(contrast(chosen) >= contrast(s) for s in stories)
    assert 0 < sum(b.fate.is_killed for b in chosen.bands) < len(chosen.bands)


def test_an_ask_is_paired_with_its_own_answer(page: ComparisonPage) -> None:
    acts = band(tell(page, 1), "dual-key").acts
    assert [(a.role, a.title, a.end_s - a.start_s) for a in acts] == [
        ("joint.watch", "classify", 90.0),
        ("nato-key", "authority", 30.0),
        ("russia-key", "second-key", 260.0),
    ]


def test_an_ask_without_an_answer_stays_open(page: ComparisonPage) -> None:
    record = page.story["dual-key"]
    silent = tuple(e for e in record.events if not (e.kind == "answered" and e.other == "russia-key"))
    acts = band(tell(with_record(page, "dual-key", events=silent), 1), "dual-key").acts
    assert acts[-1].end_s == inf
    assert acts[-1].answer == "no answer"


def test_repeated_messages_are_one_arrow_that_counts_the_others(page: ComparisonPage) -> None:
    messages = band(tell(page, 0), "coordinated").messages
    assert [(m.sender, m.receiver, m.more) for m in messages] == [
        ("russia", "fusion", 1),
        ("fusion", "nato", 1),
        ("nato", "fusion", 1),
    ]
    assert all(m.received_s > m.sent_s for m in messages)


def test_a_centre_stands_between_the_two_complexes(page: ComparisonPage) -> None:
    assert [lane.id for lane in band(tell(page, 0), "coordinated").lanes] == ["nato", "fusion", "russia"]
    assert [lane.look for lane in band(tell(page, 0), "dual-key").lanes] == ["pj"]


def test_the_window_of_a_story_spans_every_arrangement(page: ComparisonPage) -> None:
    story = tell(page, 0)
    ends = [e.last_close_s for b in story.bands for e in b.engagements if isfinite(e.last_close_s)]
    assert story.close_s == max(ends)
    nobody = tell(page, 5)
    assert nobody.open_s == inf


def test_the_cues_of_one_moment_are_one_row(page: ComparisonPage) -> None:
    record = page.story["separate"]
    cues = tuple(
        Event(66.0, "cued", "nato", 0, name, "cued by own space warning", 1.0) for name in ("kurecik", "athens")
    )
    rows = band(tell(with_record(page, "separate", events=record.events + cues), 0), "separate").rows
    cued = [r for r in rows if r.kind == "cued"]
    assert [r.other for r in cued] == ["kurecik, athens"]


def test_the_baseline_has_no_band(page: ComparisonPage) -> None:
    arrangements = tuple(msgspec.structs.replace(a, is_baseline=a.id == "alliance") for a in page.scenario.arrangements)
    scenario = msgspec.structs.replace(page.scenario, arrangements=arrangements)
    assert "alliance" not in [label for label, _ in told(msgspec.structs.replace(page, scenario=scenario))]


def test_a_conduct_is_a_band_of_its_own(page: ComparisonPage) -> None:
    label = "separate@silent:russia"
    found = msgspec.structs.replace(page.comparison, arrangements=(*page.comparison.arrangements, label))
    with_conduct = msgspec.structs.replace(page, comparison=found, story={**page.story, label: page.story["separate"]})
    assert [b.title for b in tell(with_conduct, 0).bands][-1] == "separate (silent: russia)"


def test_a_missile_named_after_its_aim_point_is_not_named_twice(page: ComparisonPage) -> None:
    missile = page.scenario.raid[0]
    assert missile_name(missile) == "M01 Bucharest"
    assert missile_name(msgspec.structs.replace(missile, id="bucharest")) == "Bucharest"


@pytest.mark.parametrize(
    ("served", "look"), [(("nato",), "p0"), (("russia",), "p1"), (("nato", "russia"), "pj"), ((), "pj")]
)
def test_a_complex_looks_like_the_party_it_serves(served: tuple[str, ...], look: str) -> None:
    assert look_of(("nato", "russia"), served) == look


def test_a_late_second_key_is_told_with_the_time_the_window_closed(page: ComparisonPage) -> None:
    story = tell(page, 1)
    late = band(story, "dual-key")
    assert outcomes.headline(late, story) == "Impact, no shot: Athens"
    said = outcomes.because(late, story, band(story, "separate"))
    assert said == "Unified complex: consent did not come in time; the window closed at 8:40."


def test_an_earlier_release_is_told_against_the_yardstick(page: ComparisonPage) -> None:
    story = tell(page, 1)
    said = outcomes.because(band(story, "coordinated"), story, band(story, "separate"))
    assert "NATO complex released at 5:25, 3:15 before its window closed." in said
    assert "One miss, then a hit." in said
    assert "Released 1:25 earlier than under separate; the track was firm 1:25 earlier." in said


def test_a_miss_after_which_no_time_was_left_says_so(page: ComparisonPage) -> None:
    story = tell(page, 1)
    said = outcomes.because(band(story, "separate"), story, band(story, "separate"))
    assert "The only shot missed. By then its window had been closed for 0:28: no time for another." in said


def test_the_luck_of_an_attempt_is_the_same_wherever_it_was_made(page: ComparisonPage) -> None:
    said = outcomes.luck(tell(page, 1))
    assert said.startswith("First attempt misses (4 arrangements); second attempt hits (2 arrangements).")


def test_the_title_of_a_story_says_where_the_missile_was_stopped(page: ComparisonPage) -> None:
    assert outcomes.story_title(tell(page, 1)) == (
        "M02 Athens: stopped under coordinated and single operator, let through under the other 3"
    )
    assert outcomes.story_title(tell(page, 5)) == "M06 Warsaw: let through under every arrangement"


def test_a_strip_shows_the_slope_of_each_message_and_the_length_of_each_act(page: ComparisonPage) -> None:
    story = tell(page, 1)
    axis = axis_of(story)
    inner, attributes = described("t", "d", "x")
    picture = str(band_picture(band(story, "dual-key"), story, axis, inner, attributes))
    assert picture.count('class="act pj"') == 3
    width = 260.0 / (axis.end_s - axis.start_s)
    assert f'width="{100 * width:.2f}%"' in picture
    coordinated = str(band_picture(band(story, "coordinated"), story, axis, inner, attributes))
    assert coordinated.count('class="say ') == 3


def test_a_long_axis_has_few_ticks(page: ComparisonPage) -> None:
    assert len(ticks(axis_of(tell(page, 0)))) <= 10


def test_a_miss_that_was_taken_for_a_kill_is_the_reason_for_no_second_shot(page: ComparisonPage) -> None:
    story = tell(page, 1)
    missed = next(s for s in band(story, "separate").shots if s.outcome == "miss")
    fooled = Event(missed.intercept_s + 10.0, "assessed", "nato", 1, "", "assessed as killed", 1.0)
    with_error = with_record(page, "separate", events=(*page.story["separate"].events, fooled))
    said = outcomes.because(band(tell(with_error, 1), "separate"), tell(with_error, 1), None)
    assert "The only shot missed. The miss was taken for a kill at 9:18, so nobody fired again." in said


def test_bands_that_tell_the_same_are_told_once(page: ComparisonPage) -> None:
    same = msgspec.structs.replace(page.story["separate"], arrangement="alliance")
    story = tell(msgspec.structs.replace(page, story={**page.story, "alliance": same}), 1)
    assert twin_of(story.bands[1], story.bands[:1]) is story.bands[0]
    assert twin_of(story.bands[2], story.bands[:2]) is None
