"""What a run must never contain is found when a record contains it, and not found when it does not."""

import math

from msgspec.structs import replace

from diptych.model.arrangement import Arrangement, Consent, Sharing, Step
from diptych.model.conduct import COOPERATIVE, Conduct, Since
from diptych.model.decision import REASONS
from diptych.model.record import Engagement, Event, ObjectFate, RunRecord, Shot
from diptych.sim.properties import (
    check_runs,
    cut_off,
    disarmed,
    fired_without_a_yes,
    holds_past_the_last_launch,
    is_of,
    lost_with_the_link,
    moved_releases,
    orders_from_outside,
    own_picture,
    record_types_that_order,
    undetected_pairs,
    untraced,
)
from tests.helpers.small import CLASSIFY, LOOK_UP, STATES, path_to, small_arrangement

INTENTION = Sharing("engagement-intention", "nato", "russia", 0.0, 0.0, "exchange", "always", "owner")
SILENT = Conduct("silent:russia", "silent", "Says nothing.", "party", "russia", Since(), ())


def shot(complex_id: str, at_s: float, battery: int = 0, i: int = 0) -> Shot:
    return Shot(complex_id, battery, i, at_s, at_s + 100.0, 0.0, 0.0, 0.0, "miss", 0, 0.0)


def fired(at_s: float, by_role: str = "saceur", complex_id: str = "nato", reason: str = "released") -> Engagement:
    return Engagement(
        complex_id, 0, 0.0, 10.0, 10.0, 20.0, 300.0, at_s, reason, "rule", by_role, "intercept-over-own", ()
    )


def event(
    kind: str, at_s: float, actor: str = "nato", other: str = "", text: str = "", value: float = math.nan
) -> Event:
    return Event(at_s, kind, actor, 0, other, text, value)


def record(
    *events: Event,
    shots: tuple[Shot, ...] = (),
    engagements: tuple[Engagement, ...] = (),
    end_s: float = 900.0,
) -> RunRecord:
    fate = ObjectFate(0, is_killed=False, killed_by="", end_s=end_s, impact_state="TR", impact_lat_rad=0.0,
                      impact_lon_rad=0.0, people_at_risk=0.0)  # fmt: skip
    return RunRecord("mine", COOPERATIVE, 0, "", (fate,), engagements, shots, (), 0, events)


# --- no outside veto ------------------------------------------------------------------------------------------


def test_a_release_that_a_partner_moved_is_found_unless_the_plan_held_it() -> None:
    apart, later = record(shots=(shot("nato", 100.0),)), record(shots=(shot("nato", 101.0),))
    assert moved_releases(apart, apart, "nato") == ()
    (found,) = moved_releases(apart, later, "nato")
    assert (found.property, found.object, found.text) == (
        "no-outside-veto",
        0,
        "fires at 101.0 s instead of at 100.0 s with no link, and no plan held it",
    )
    held = record(event("held", 100.0, text=REASONS["partner"], value=50.0), shots=(shot("nato", 101.0),))
    assert moved_releases(apart, held, "nato") == ()


def test_a_hold_that_the_own_rules_ask_for_is_none_of_the_plan() -> None:
    own = event("held", 100.0, text="the agreed rules say to hold", value=50.0)
    assert holds_past_the_last_launch(record(own)) == ()
    apart = record(shots=(shot("nato", 100.0),))
    assert moved_releases(apart, record(own, shots=(shot("nato", 101.0),)), "nato")


def test_another_battery_or_a_shot_that_is_missing_is_a_moved_release_and_others_shots_are_not() -> None:
    apart = record(shots=(shot("nato", 100.0),))
    assert moved_releases(apart, record(shots=(shot("nato", 100.0, battery=1),)), "nato")
    assert "fires nothing instead" in moved_releases(apart, record(), "nato")[0].text
    assert not moved_releases(apart, record(shots=(shot("nato", 100.0), shot("russia", 90.0))), "nato")


def test_a_hold_must_end_in_a_shot_by_the_own_last_safe_launch_or_in_an_own_kill() -> None:
    hold = event("held", 100.0, text=REASONS["partner"], value=50.0)
    assert holds_past_the_last_launch(record(hold))
    assert holds_past_the_last_launch(record(hold, shots=(shot("nato", 166.0),)))
    assert not holds_past_the_last_launch(record(hold, shots=(shot("nato", 150.0),)))
    assert not holds_past_the_last_launch(record(hold, event("assessed", 140.0, text="assessed as killed")))
    assert holds_past_the_last_launch(record(hold, event("assessed", 140.0, "russia", text="assessed as killed")))
    assert not holds_past_the_last_launch(record(hold, end_s=140.0))


# --- orders, consent, loss, provenance, two shooters ----------------------------------------------------------


def test_no_record_that_passes_between_nodes_is_an_order_a_question_or_a_task() -> None:
    assert record_types_that_order() == ()


def test_a_release_on_the_word_of_somebody_no_rule_asks_is_an_order_from_outside() -> None:
    own = small_arrangement(path_to((CLASSIFY, LOOK_UP)))
    assert not orders_from_outside(record(engagements=(fired(100.0),)), own)
    (found,) = orders_from_outside(record(engagements=(fired(100.0, "saceur, duty-general"),)), own)
    assert "on the word of duty-general" in found.text


def test_a_release_without_the_yes_of_those_it_names_is_found() -> None:
    own = small_arrangement(path_to((CLASSIFY, LOOK_UP)))
    yes = event("answered", 90.0, other="saceur", text="rule-lookup: yes")
    no = event("answered", 90.0, other="saceur", text="rule-lookup: no")
    assert not fired_without_a_yes(record(yes, engagements=(fired(100.0),)), own)
    assert fired_without_a_yes(record(no, engagements=(fired(100.0),)), own)
    assert fired_without_a_yes(record(engagements=(fired(100.0, ""),)), own)


def test_an_engagement_that_waits_for_a_consent_once_the_link_is_cut_is_found() -> None:
    linked = record(engagements=(fired(100.0),))
    waits = record(engagements=(fired(math.inf, reason="consent"),))
    late = record(engagements=(fired(math.inf, reason="late"),))
    assert lost_with_the_link(linked, waits)
    assert not lost_with_the_link(linked, late)
    assert not lost_with_the_link(waits, waits)


def test_a_record_without_a_sender_is_found() -> None:
    assert not untraced(record(event("received", 50.0, other="fusion", text="track from russia")))
    assert untraced(record(event("received", 50.0, text="track from ")))


def test_a_second_shooter_who_was_never_told_although_news_was_sent_in_time_is_found() -> None:
    rules = small_arrangement(path_to((CLASSIFY, LOOK_UP)), (INTENTION,))
    both = (shot("nato", 100.0), shot("russia", 200.0))
    sent = event("shared", 100.0, "nato", "russia", "engagement-intention", 20.0)
    came = event("received", 120.0, "russia", "nato", "engagement-intention from nato")
    assert undetected_pairs(record(sent, shots=both), rules)
    assert not undetected_pairs(record(sent, came, shots=both), rules)
    slow = event("shared", 100.0, "nato", "russia", "engagement-intention", 80.0)
    assert not undetected_pairs(record(slow, shots=both), rules)


# --- which runs are played ------------------------------------------------------------------------------------


def test_versions_of_an_arrangement_take_away_the_link_the_picture_or_the_others_arms() -> None:
    whole = small_arrangement(path_to((CLASSIFY, LOOK_UP)), (INTENTION,), tracks="cue")
    theirs = Consent("russia", "intercept-over-own", "delegated", (LOOK_UP,), ())
    whole = replace(whole, consents=(*whole.consents, theirs))
    assert cut_off(whole).sharing == ()
    assert (own_picture(whole).partner_tracks, own_picture(whole).sharing) == ("none", (INTENTION,))
    assert [c.kind for c in disarmed(whole, "nato").consents] == ["delegated", "forbidden"]


def test_a_partner_who_moves_a_release_is_found_by_playing_and_ones_own_people_are_not_tried() -> None:
    played: list[tuple[bool, str]] = []

    def play(arrangement: Arrangement, conduct: str) -> RunRecord:
        played.append((bool(arrangement.sharing), conduct))
        at_s = 100.0 if conduct == COOPERATIVE else 130.0
        yes = event("answered", 90.0, other="saceur", text="rule-lookup: yes")
        return replace(record(yes, shots=(shot("nato", at_s),), engagements=(fired(at_s),)), conduct=conduct)

    arrangement = small_arrangement(path_to((CLASSIFY, LOOK_UP)))
    found = check_runs(play, arrangement, (SILENT,), STATES)
    assert {(v.property, v.conduct, v.complex_id) for v in found} == {("no-outside-veto", "silent:russia", "nato")}


def test_a_lost_centre_is_played_for_what_a_side_keeps_of_its_own_system() -> None:
    lost = Conduct("centre-lost:fusion", "lost", "Is lost.", "centre", "fusion", Since(), ())

    def play(arrangement: Arrangement, conduct: str) -> RunRecord:
        waits = fired(math.inf, reason="consent")
        return replace(record(engagements=(waits if conduct == lost.label else fired(200.0),)), conduct=conduct)

    arrangement = small_arrangement(path_to((CLASSIFY, LOOK_UP)))
    found = check_runs(play, arrangement, (lost, SILENT), STATES)
    assert [v.conduct for v in found if v.property == "centre-loss-safe"] == [lost.label]


def test_a_conduct_is_of_the_party_the_member_or_the_role_it_names() -> None:
    own = small_arrangement(path_to((CLASSIFY, Step("rule-lookup", ("general",), ("russia",), 1, "x"))))
    assert is_of(SILENT, "russia", STATES, own)
    assert not is_of(SILENT, "nato", STATES, own)
    assert is_of(replace(SILENT, kind="member", actor="TR"), "nato", STATES, own)
    assert is_of(replace(SILENT, kind="role", actor="general"), "russia", STATES, own)
    assert not is_of(replace(SILENT, kind="link", actor=""), "russia", STATES, own)
