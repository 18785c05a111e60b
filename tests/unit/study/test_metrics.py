"""Each metric on records small enough to count by hand."""

from __future__ import annotations

import re
from math import inf
from pathlib import Path

import msgspec
import pytest

from diptych.model.arrangement import Arrangement, Step
from diptych.model.decision import REASONS
from diptych.model.errors import LocalError
from diptych.model.record import Debris, RunRecord
from diptych.study.metrics import FORGONE_REASONS, METRIC_IDS, METRICS, TAIL_OF, measure, threatened_parties
from tests.helpers.synthetic import arrangement, engagement, fate, record, scenario, shot

SCENARIO = scenario(
    arrangement("separate", 2), arrangement("coordinated", 4, is_shared=True), arrangement("joint", 8, is_joint=True)
)


def alone(west: RunRecord | None = None, east: RunRecord | None = None) -> dict[str, RunRecord]:
    return {"west": west or record("alone/west"), "east": east or record("alone/east")}


def test_leakage_counts_by_the_territory_struck_and_people_with_it() -> None:
    run = record(
        "separate",
        fates=(fate(0), fate(1, "AB", people_at_risk=700.0), fate(2, "AA", people_at_risk=30.0), fate(3, "EA")),
    )
    values = measure(SCENARIO, run, alone())
    assert (values["west"]["leakage"], values["east"]["leakage"]) == (2.0, 1.0)
    assert values["west"]["people_at_risk"] == 730.0
    assert values["west"]["leakage_share"] == pytest.approx(2 / 3)


def test_debris_counts_for_every_party_it_may_touch_whoever_fired() -> None:
    both = Debris(0.0, 0.0, 10e3, 5e3, 0.0, 300.0, 900.0, ("AA", "EA"))
    nobody = Debris(0.0, 0.0, 10e3, 5e3, 0.0, 300.0, 900.0, ())
    run = record("separate", fates=(fate(0, debris=both), fate(1, debris=nobody), fate(2), fate(3, "EA")))
    values = measure(SCENARIO, run, alone())
    assert (values["west"]["debris"], values["east"]["debris"]) == (1.0, 1.0)


def test_debris_on_third_states_counts_for_the_side_whose_interceptor_hit() -> None:
    third = Debris(0.0, 0.0, 10e3, 5e3, 0.0, 300.0, 900.0, ("AA", "XX"))
    other = Debris(0.0, 0.0, 10e3, 5e3, 0.0, 300.0, 900.0, ("AA", "EA"))
    run = record(
        "separate",
        fates=(fate(0, debris=third), fate(1, debris=other), fate(2), fate(3, "EA")),
        shots=(shot(0, 0), shot(0, 1), shot(2, 0, "wasted", "east")),
    )
    values = measure(SCENARIO, run, alone())
    assert (values["west"]["debris_third"], values["east"]["debris_third"]) == (1.0, 0.0)


def test_shots_over_third_states_are_counted_whatever_comes_of_them() -> None:
    over = msgspec.structs.replace(shot(0, 0, "miss"), over=("AA", "XX"))
    home = msgspec.structs.replace(shot(0, 1), over=("AA", "EA"))
    values = measure(SCENARIO, record("separate", shots=(over, home)), alone())
    assert (values["west"]["over_third"], values["east"]["over_third"]) == (1.0, 0.0)


def test_a_missile_that_comes_down_in_the_sea_leaks_on_nobody() -> None:
    run = record("separate", fates=(fate(0, "-"), fate(1), fate(2), fate(3)))
    values = measure(SCENARIO, run, alone())
    assert values["west"]["leakage"] == 0.0
    assert values["east"]["leakage"] == 0.0


def test_a_missile_aimed_at_one_party_that_strikes_the_other_counts_where_it_struck() -> None:
    run = record("separate", fates=(fate(0), fate(1), fate(2), fate(3, "AA")))
    values = measure(SCENARIO, run, alone())
    assert values["west"]["leakage"] == 1.0
    assert values["west"]["leakage_share"] == 0.0
    assert values["east"]["leakage"] == 0.0


def test_needed_engagements_are_those_with_a_window_alone_at_missiles_that_would_land_here() -> None:
    before = record(
        "alone/west",
        engagements=(
            engagement("west", 0),
            engagement("west", 1, first_open_s=inf, last_close_s=inf, released_s=inf, reason="no-window"),
            engagement("west", 3),
        ),
    )
    values = measure(SCENARIO, record("separate"), alone(before))
    assert values["west"]["needed"] == 1.0
    assert values["east"]["needed"] == 0.0
    assert values["east"]["freedom_of_action"] is None


@pytest.mark.parametrize(
    ("here_s", "freedom"),
    [(90.0, 1.0), (100.0, 1.0), (101.0, 1.0), (101.001, 0.0), (inf, 0.0)],
)
def test_freedom_is_lost_by_a_block_or_by_more_than_a_second(here_s: float, freedom: float) -> None:
    before = record("alone/west", engagements=(engagement("west", 0),))
    run = record("separate", engagements=(engagement("west", 0, released_s=here_s),))
    assert measure(SCENARIO, run, alone(before))["west"]["freedom_of_action"] == freedom


def test_a_shot_that_waits_for_its_window_with_permission_there_is_free() -> None:
    before = record("alone/west", engagements=(engagement("west", 0),))
    for granted_s, freedom in ((100.0, 1.0), (100.5, 0.0)):
        run = record("separate", engagements=(engagement("west", 0, released_s=103.0, granted_s=granted_s),))
        assert measure(SCENARIO, run, alone(before))["west"]["freedom_of_action"] == freedom


def test_permission_before_the_first_opportunity_is_no_decision_time() -> None:
    run = record("separate", engagements=(engagement("west", 0, released_s=50.0, granted_s=30.0),))
    assert measure(SCENARIO, run, alone())["west"]["decision_time"] == 0.0


def test_an_engagement_that_alone_would_not_have_released_either_is_not_blocked() -> None:
    late = engagement("west", 0, released_s=inf, reason="late")
    run = record("separate", engagements=(late,))
    assert measure(SCENARIO, run, alone(record("alone/west", engagements=(late,))))["west"]["freedom_of_action"] == 1.0


@pytest.mark.parametrize(("killed_s", "freedom"), [(150.0, 1.0), (250.0, 0.0)])
def test_a_missile_gone_before_the_last_launch_time_blocks_nobody(killed_s: float, freedom: float) -> None:
    before = record("alone/west", engagements=(engagement("west", 0),))
    run = record(
        "coordinated",
        fates=(fate(0, end_s=killed_s, killed_by="east"), fate(1, "AA"), fate(2, "AB"), fate(3, "EA")),
        engagements=(engagement("west", 0, released_s=inf, reason="partner"),),
    )
    assert measure(SCENARIO, run, alone(before))["west"]["freedom_of_action"] == freedom


def test_say_is_the_share_of_the_others_releases_that_cite_this_partys_input() -> None:
    run = record(
        "coordinated",
        engagements=(
            engagement("west", 0, inputs=("own track", "from east: track")),
            engagement("west", 1, inputs=("own track",)),
            engagement("west", 2, released_s=inf, reason="late", inputs=("from east: track",)),
            engagement("east", 0, released_s=inf, reason="rule"),
            engagement("east", 1, released_s=inf, reason="rule", warned_s=inf),
            engagement("east", 2, released_s=inf, reason="rule"),
        ),
    )
    values = measure(SCENARIO, run, alone())
    assert values["east"]["say"] == 0.5
    assert values["west"]["say"] is None


def test_say_counts_no_missile_the_sender_has_never_seen() -> None:
    run = record(
        "coordinated",
        engagements=(
            engagement("west", 0, inputs=("from east: track",)),
            engagement("east", 0, warned_s=inf, confirmed_s=inf, released_s=inf, reason="no-track"),
        ),
    )
    assert measure(SCENARIO, run, alone())["east"]["say"] is None


def consenting(name: str, *steps: Step, is_joint: bool = False) -> Arrangement:
    """Return an arrangement whose every complex has these steps in the path of every engagement."""
    base = arrangement(name, 5, is_joint=is_joint)
    return msgspec.structs.replace(
        base, consents=tuple(msgspec.structs.replace(consent, steps=steps) for consent in base.consents)
    )


def test_say_counts_an_answer_of_the_partys_people_also_where_the_party_saw_nothing() -> None:
    liaison = consenting("liaison", Step("second-key", ("liaison-a",), ("east",), 1, "rules"))
    unasked = {"warned_s": inf, "confirmed_s": inf, "released_s": inf, "reason": "no-track"}
    run = record(
        "liaison",
        engagements=(
            engagement("west", 0, inputs=("own track", "answer second-key by liaison-a")),
            engagement("west", 1, inputs=("own track", "answer second-key by west-officer")),
            engagement("east", 0, **unasked),
            engagement("east", 1, **unasked),
        ),
    )
    values = measure(scenario(liaison), run, alone())
    assert values["east"]["say"] == 0.5
    assert values["west"]["say"] is None


def test_each_key_has_its_full_say_over_what_is_fired_for_the_other() -> None:
    """Objects 0 to 2 threaten west, 3 threatens east, so each party's share is over other releases."""
    keys = consenting(
        "keys",
        Step("authority", ("west-key",), ("west",), 1, "dual-key"),
        Step("second-key", ("east-key",), ("east",), 1, "dual-key"),
        is_joint=True,
    )
    both = ("own track", "answer authority by west-key", "answer second-key by east-key")
    run = record("keys", engagements=(engagement("joint", 0, inputs=both), engagement("joint", 3, inputs=both)))
    values = measure(scenario(keys), run, alone())
    assert (values["west"]["say"], values["east"]["say"]) == (1.0, 1.0)
    only_west = record("keys", engagements=(engagement("joint", 0, inputs=both), engagement("joint", 1)))
    values = measure(scenario(keys), only_west, alone())
    assert (values["west"]["say"], values["east"]["say"]) == (None, 0.5)


def test_a_joint_officers_answer_is_nobodys_say() -> None:
    one = consenting("one", Step("authority", ("operator",), ("joint",), 1, "joint-commander"), is_joint=True)
    said = ("own track", "answer authority by operator")
    run = record("one", engagements=(engagement("joint", 0, inputs=said), engagement("joint", 3, inputs=said)))
    values = measure(scenario(one), run, alone())
    assert (values["west"]["say"], values["east"]["say"]) == (0.0, 0.0)


def test_times_run_from_the_first_opportunity_and_to_the_last_launch_time() -> None:
    run = record(
        "separate",
        engagements=(
            engagement("west", 0, released_s=100.0),
            engagement("west", 1, evaluated_s=80.0, released_s=110.0, last_close_s=150.0),
            engagement("west", 2, released_s=inf, reason="late"),
        ),
    )
    values = measure(SCENARIO, run, alone())["west"]
    assert values["decision_time"] == pytest.approx((50.0 + 30.0) / 2)
    assert values["margin"] == pytest.approx((100.0 + 40.0) / 2)


def test_times_without_a_release_are_undefined_and_not_zero() -> None:
    values = measure(SCENARIO, record("separate"), alone())["west"]
    assert values["decision_time"] is None
    assert values["margin"] is None


def test_shots_belong_to_the_owner_of_the_battery_whoever_commands_it() -> None:
    run = record(
        "joint",
        shots=(shot(0, 0, "miss", "joint"), shot(1, 0, "hit", "joint"), shot(2, 0, "wasted", "joint")),
        magazines=(3, 3, 3),
    )
    before = alone(record("alone/west", shots=(shot(0, 0), shot(0, 1), shot(0, 2))))
    values = measure(SCENARIO, run, before)
    west, east = values["west"], values["east"]
    assert (west["shots_fired"], west["shots_wasted"], west["shots_saved"], west["magazine_left"]) == (2, 0, 1, 6)
    assert (east["shots_fired"], east["shots_wasted"], east["shots_saved"], east["magazine_left"]) == (1, 1, -1, 3)


def test_forgone_counts_each_missile_once_by_the_reason_that_got_furthest() -> None:
    host = arrangement("national", 1)
    two = (*host.complexes, host.complexes[0].__class__("host", "Host", ("west",), ("AB",)))

    world = scenario(msgspec.structs.replace(host, complexes=two))
    run = record(
        "national",
        engagements=(
            engagement("west", 0, released_s=inf, reason="consent"),
            engagement("host", 0, released_s=inf, reason="no-window"),
            engagement("west", 1, released_s=inf, reason="late"),
            engagement("host", 1),
            engagement("west", 2, released_s=inf, reason="no-track"),
            engagement("west", 3, released_s=inf, reason="rule"),
        ),
    )
    values = measure(world, run, alone())["west"]
    assert values["forgone"] == 2.0
    assert values["forgone_consent"] == 1.0
    assert values["forgone_no_track"] == 1.0
    assert values["forgone_no_window"] == 0.0
    assert values["forgone_late"] == 0.0
    assert values["forgone_rule"] == 0.0


def test_what_a_missile_threatens_is_where_its_true_flight_ends_stopped_or_not() -> None:
    stopped = record("separate", fates=(fate(0, impact_state="EA"), fate(1), fate(2, "-"), fate(3)))
    assert threatened_parties(SCENARIO, stopped) == ("east", "west", None, "east")


def test_records_of_different_luck_are_refused() -> None:
    with pytest.raises(LocalError, match="its truth is t1, that of alone/west is t0"):
        measure(SCENARIO, record("separate", truth_digest="t1"), alone())


def test_a_missing_baseline_is_named() -> None:
    with pytest.raises(LocalError, match="expected a baseline record `alone` for east, got west"):
        measure(SCENARIO, record("separate"), {"west": record("alone/west")})


def test_an_unknown_arrangement_is_named() -> None:
    with pytest.raises(LocalError, match="got nowhere"):
        measure(SCENARIO, record("nowhere"), alone())


def test_measure_gives_every_metric_of_the_table_except_those_of_a_distribution() -> None:
    values = measure(SCENARIO, record("separate"), alone())
    assert list(values["west"]) == [metric for metric in METRIC_IDS if metric not in TAIL_OF]


def test_what_a_partners_words_cost_is_counted_for_whom_they_cost_it() -> None:
    held = (engagement("west", 0, held_s=60.0), engagement("west", 1, held_s=20.0), engagement("west", 2))
    run = record(
        "coordinated",
        engagements=(*held, engagement("east", 3)),
        shots=(shot(0, -1, "wasted"), shot(0, 0, "wasted"), shot(2, 3, complex_id="east")),
        radar_wasted_s=(("west", 1.5),),
        distrusted=(("west", "east"),),
    )
    west, east = (measure(SCENARIO, run, alone())[party] for party in ("west", "east"))
    names = ("holds", "hold_time", "shots_on_nothing", "shots_wasted", "shots_fired", "radar_time_wasted", "set_aside")
    assert [west[name] for name in names] == [2.0, 40.0, 1.0, 1.0, 2.0, 1.5, 1.0]
    assert [east[name] for name in names] == [0.0, None, 0.0, 0.0, 1.0, 0.0, 0.0]


def test_every_reason_but_success_is_a_reason_to_forgo() -> None:
    assert set(FORGONE_REASONS) == set(REASONS) - {"released", "done"}


def test_the_page_of_metrics_and_the_table_say_the_same() -> None:
    page = (Path(__file__).resolve().parents[3] / "docs" / "reference" / "metrics.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `([a-z_]+)` \| (.+?) \| (.+?) \| (.+?) \| (.+?) \|", page, flags=re.MULTILINE)
    assert rows == [(m.id, m.title, m.unit, m.better, m.definition) for m in METRICS]
