"""One complex, one object: what it asks, when it fires, what it tells, and that nothing from outside is an order."""

import math
from collections.abc import Iterable
from typing import TypeVar

import numpy as np
import pytest
from msgspec.structs import replace

from diptych.engagement.doctrine import LAST_SAFE_RESERVE_S
from diptych.kernels.earth import geodetic_to_ecef
from diptych.model.arrangement import Sharing, Step, Wait
from diptych.model.messages import (
    Alert,
    Ask,
    Assessed,
    Input,
    Intention,
    KillReport,
    LaunchDetection,
    LaunchSeen,
    OperatorAction,
    Order,
    Output,
    Provenance,
    Received,
    Record,
    Share,
    SharedTrack,
    Task,
    Wake,
    WakeAt,
)
from diptych.node.stages import under
from diptych.node.state import NodeState
from diptych.node.step import step
from tests.helpers.small import CLASS, CLASSIFY, LOOK_UP, falling_object, hosted, path_to, small_arrangement, small_node

T = TypeVar("T")

SEEN = LaunchSeen(0, 0.0, 0.6, 0.8, 3000.0)
YES_CLASSIFY = OperatorAction(0, "classify", "nato.watch", 0, "yes")
YES_LOOK_UP = OperatorAction(0, "rule-lookup", "saceur", 0, "yes")
TO_PLANNING = Sharing("engagement-intention", "nato", "planning", 0.0, 0.0, "exchange", "always", "owner")


def play(state: NodeState, moves: Iterable[tuple[float, Input]]) -> tuple[NodeState, list[Output]]:
    out: list[Output] = []
    for now_s, item in moves:
        state, more = step(state, (item,), now_s)
        out.extend(more)
    return state, out


def of_kind(kind: type[T], out: list[Output]) -> list[T]:
    return [o for o in out if isinstance(o, kind)]


def test_own_warning_points_own_radars_and_starts_classification() -> None:
    _, out = play(small_node(small_arrangement()), [(50.0, SEEN)])
    (task,) = of_kind(Task, out)
    assert (task.radar, task.object, task.reason) == (0, 0, "own space warning")
    assert task.where.is_rising
    np.testing.assert_allclose(task.where.state_ecef[:3], geodetic_to_ecef(SEEN.lat_rad, SEEN.lon_rad, 0.0))
    assert of_kind(Ask, out) == [Ask("nato.watch", "nato", "classify", 0, 0)]


def test_nothing_is_asked_of_the_commander_before_the_territory_is_known() -> None:
    _, out = play(small_node(small_arrangement()), [(50.0, SEEN), (60.0, YES_CLASSIFY)])
    assert [a.act for a in of_kind(Ask, out)] == ["classify"]


def test_a_shot_needs_a_firm_own_track_and_every_step_of_the_path() -> None:
    state, out = play(small_node(small_arrangement()), [(50.0, SEEN), (60.0, YES_CLASSIFY), (100.0, falling_object())])
    assert not of_kind(Order, out)
    state, out = play(state, [(110.0, YES_LOOK_UP)])
    (fired,) = of_kind(Order, out)
    assert 110.0 <= fired.launch_s <= 115.0
    assert fired.intercept_s > fired.launch_s
    assert fired.decision.time_s == 110.0
    assert fired.decision.rule == "delegated:saceur"
    assert fired.decision.by_role == "saceur"
    assert "own track" in fired.decision.inputs
    assert fired.decision.time_left_s > 0.0
    assert state.magazines == (3,)


def test_consent_without_a_track_fires_nothing() -> None:
    _, out = play(small_node(small_arrangement()), [(50.0, SEEN), (60.0, YES_CLASSIFY), (70.0, YES_LOOK_UP)])
    assert not of_kind(Order, out)


def ready(overlap: str = "both-fire", sharing: tuple[Sharing, ...] = (), tracks: str = "none") -> NodeState:
    arrangement = small_arrangement(overlap=overlap, sharing=sharing, tracks=tracks)
    state, _ = play(small_node(arrangement), [(50.0, SEEN), (60.0, YES_CLASSIFY), (100.0, falling_object())])
    return state


def test_a_second_shot_follows_an_assessed_miss_and_none_an_assessed_kill() -> None:
    state, out = play(ready(), [(110.0, YES_LOOK_UP)])
    (first,) = of_kind(Order, out)
    after = first.intercept_s + 5.0
    _, missed = play(state, [(after, Assessed(0, first.intercept_s, is_killed=False))])
    assert len(of_kind(Order, missed)) == 1
    done, killed = play(state, [(after, Assessed(0, first.intercept_s, is_killed=True))])
    assert not of_kind(Order, killed)
    assert done.cases[0].is_closed


def test_no_shot_is_fired_while_a_result_is_awaited() -> None:
    state, out = play(ready(), [(110.0, YES_LOOK_UP)])
    (first,) = of_kind(Order, out)
    _, out = play(state, [(first.intercept_s - 1.0, Wake(0))])
    assert not of_kind(Order, out)


def test_another_battery_fires_its_last_safe_shot_when_a_result_comes_too_late_for_it() -> None:
    state = small_node(small_arrangement(), batteries=2)
    slow = replace(CLASS, assess_delay_s=500.0)
    state = replace(state, plan=replace(state.plan, classes=(slow, slow)))
    state, out = play(state, [(50.0, SEEN), (60.0, YES_CLASSIFY), (100.0, falling_object()), (110.0, YES_LOOK_UP)])
    assert [o.battery for o in of_kind(Order, out)] == [0]
    end = state.cases[0].last_close_s
    alarm = end - LAST_SAFE_RESERVE_S
    assert WakeAt(alarm, 0) in out
    _, early = play(state, [(alarm - 1.0, Wake(0))])
    assert not of_kind(Order, early)
    _, out = play(state, [(alarm, Wake(0))])
    assert [o.battery for o in of_kind(Order, out)] == [1]


def test_an_object_for_the_partner_is_left_alone_and_the_reason_is_kept() -> None:
    state, out = play(
        small_node(small_arrangement()), [(50.0, SEEN), (60.0, YES_CLASSIFY), (100.0, falling_object(("RU",)))]
    )
    assert [a.act for a in of_kind(Ask, out)] == ["classify"]
    assert state.cases[0].reason == "responsibility"
    state, out = play(state, [(110.0, YES_LOOK_UP)])
    assert not of_kind(Order, out)


def test_an_empty_magazine_fires_nothing_and_says_so() -> None:
    state = small_node(small_arrangement(), magazine=0)
    state, out = play(state, [(50.0, SEEN), (60.0, YES_CLASSIFY), (100.0, falling_object()), (110.0, YES_LOOK_UP)])
    assert not of_kind(Order, out)
    assert state.cases[0].reason == "magazine"


def test_silence_holds_by_default_and_the_case_is_closed_with_its_reason() -> None:
    state, out = play(small_node(small_arrangement()), [(50.0, SEEN), (60.0, YES_CLASSIFY), (100.0, falling_object())])
    end = max(w.time_s for w in of_kind(WakeAt, out))
    _, out = play(state, [(end, Wake(0))])
    assert not of_kind(Order, out)
    (closing,) = of_kind(Alert, out)
    assert closing.decision is not None
    assert (closing.decision.kind, closing.decision.reason) == ("forgo", "consent")


def test_silence_fires_only_where_the_arrangement_says_engage() -> None:
    engage = small_arrangement(path_to((CLASSIFY, LOOK_UP), (Wait("rule-lookup", 20.0, "engage"),)))
    state, out = play(small_node(engage), [(50.0, SEEN), (60.0, YES_CLASSIFY), (100.0, falling_object())])
    assert WakeAt(120.0, 0) in out
    _, early = play(state, [(119.0, Wake(0))])
    assert not of_kind(Order, early)
    _, out = play(state, [(120.0, Wake(0))])
    assert len(of_kind(Order, out)) == 1
    assert any(a.kind == "fires-by-silence" for a in of_kind(Alert, out))


def test_silence_passes_the_question_on_where_the_arrangement_says_so() -> None:
    wait = Wait("rule-lookup", 20.0, "pass-to", "deputy", "nato")
    state, _ = play(
        small_node(small_arrangement(path_to((CLASSIFY, LOOK_UP), (wait,)))),
        [(50.0, SEEN), (60.0, YES_CLASSIFY), (100.0, falling_object())],
    )
    state, out = play(state, [(120.0, Wake(0))])
    assert [a.role for a in of_kind(Ask, out)] == ["deputy"]
    _, out = play(state, [(125.0, OperatorAction(0, "rule-lookup", "deputy", 0, "yes"))])
    assert len(of_kind(Order, out)) == 1


def test_waits_on_one_act_are_a_chain() -> None:
    waits = (Wait("rule-lookup", 20.0, "pass-to", "deputy", "nato"), Wait("rule-lookup", 15.0, "engage"))
    state, _ = play(
        small_node(small_arrangement(path_to((CLASSIFY, LOOK_UP), waits))),
        [(50.0, SEEN), (60.0, YES_CLASSIFY), (100.0, falling_object())],
    )
    state, out = play(state, [(120.0, Wake(0))])
    assert WakeAt(135.0, 0) in out
    _, early = play(state, [(134.0, Wake(0))])
    assert not of_kind(Order, early)
    _, out = play(state, [(135.0, Wake(0))])
    assert len(of_kind(Order, out)) == 1


def test_a_refusal_is_a_hold_with_its_own_reason() -> None:
    state, out = play(ready(), [(110.0, OperatorAction(0, "rule-lookup", "saceur", 0, "no"))])
    assert not of_kind(Order, out)
    assert state.cases[0].reason == "withheld"


def test_an_answer_by_somebody_else_is_no_consent() -> None:
    _, out = play(ready(), [(110.0, OperatorAction(0, "rule-lookup", "duty-general", 0, "yes"))])
    assert not of_kind(Order, out)


def test_a_host_is_asked_only_where_every_battery_stands_on_its_soil() -> None:
    host = Step("host-consent", ("host",), ("nato",), 1, "host")
    arrangement = small_arrangement(path_to((CLASSIFY, LOOK_UP, host)))
    moves: list[tuple[float, Input]] = [
        (50.0, SEEN),
        (60.0, YES_CLASSIFY),
        (100.0, falling_object()),
        (110.0, YES_LOOK_UP),
    ]
    _, at_sea = play(small_node(arrangement), moves)
    assert len(of_kind(Order, at_sea)) == 1
    state, on_soil = play(hosted(small_node(arrangement), "RO"), moves)
    assert not of_kind(Order, on_soil)
    _, out = play(state, [(120.0, OperatorAction(0, "host-consent", "host", 0, "yes"))])
    assert len(of_kind(Order, out)) == 1


def test_a_release_names_those_who_said_yes_and_nobody_else() -> None:
    two_of_three = Step("authority", ("a", "b", "c"), ("nato",) * 3, 2, "k-of-n:a+b+c")
    state, _ = play(
        small_node(small_arrangement(path_to((CLASSIFY, LOOK_UP, two_of_three)))),
        [(50.0, SEEN), (60.0, YES_CLASSIFY), (100.0, falling_object()), (101.0, YES_LOOK_UP)],
    )
    moves = [(102.0 + i, OperatorAction(0, "authority", role, 0, "yes")) for i, role in enumerate(("c", "a"))]
    _, out = play(state, moves)
    (fired,) = of_kind(Order, out)
    assert fired.decision.by_role == "saceur, c, a"
    assert fired.decision.rule == "delegated:saceur + k-of-n:a+b+c"


def rule(product: str, precision_m: float = 0.0, condition: str = "always") -> Sharing:
    return Sharing(product, "nato", "russia", precision_m, 0.0, "exchange", condition, "owner")


def test_nothing_leaves_a_node_without_a_sharing_rule() -> None:
    state, out = play(ready(), [(110.0, YES_LOOK_UP)])
    _, more = play(state, [(300.0, Assessed(0, state.cases[0].pending[0].intercept_s, is_killed=True))])
    assert not of_kind(Share, out + more)


def test_what_leaves_is_rounded_to_the_rules_grid() -> None:
    arrangement = small_arrangement(sharing=(rule("launch-detection", 10e3), rule("track", 2e3)))
    _, out = play(small_node(arrangement), [(50.0, SEEN), (100.0, falling_object())])
    notice, track = (s.record for s in of_kind(Share, out))
    assert isinstance(notice, LaunchDetection)
    assert isinstance(track, SharedTrack)
    assert abs(notice.lat_rad - SEEN.lat_rad) * 6371008.8 <= 5e3 + 1.0
    assert notice.lat_rad != SEEN.lat_rad
    assert notice.error_m == pytest.approx((3000.0**2 + 10e3**2 / 12.0) ** 0.5)
    assert all(abs(value / 1e3 % 2.0 - 1.0) < 1e-6 for value in track.state_ecef[:3])


def test_a_track_that_does_not_threaten_the_receiver_stays_home_where_the_rule_says_so() -> None:
    arrangement = small_arrangement(sharing=(rule("track", condition="threatens-receiver"),))
    _, out = play(small_node(arrangement), [(50.0, SEEN), (100.0, falling_object(("TR",)))])
    assert not of_kind(Share, out)
    _, out = play(small_node(arrangement), [(50.0, SEEN), (100.0, falling_object(("RU", "TR")))])
    assert len(of_kind(Share, out)) == 1


def from_russia(record: Record) -> Received:
    return Received(record, Provenance("russia", ("planning",), 90.0))


CLAIM = from_russia(Intention(0, "russia", 200.0, number=1))
MISSED = from_russia(KillReport(0, "russia", 200.0, is_killed=False, number=2))


def test_a_partners_launch_notice_cues_and_warns_where_the_arrangement_uses_it() -> None:
    notice = from_russia(LaunchDetection(0, 0.0, 0.6, 0.8, 5000.0))
    _, out = play(small_node(small_arrangement(tracks="cue")), [(40.0, notice)])
    (task,) = of_kind(Task, out)
    assert (task.radar, task.object, task.reason) == (0, 0, "news from russia")
    assert task.where.is_rising
    assert task.where.cov_ecef[0, 0] == 5000.0**2
    assert [a.act for a in of_kind(Ask, out)] == ["classify"]
    _, out = play(small_node(small_arrangement(tracks="none")), [(40.0, notice)])
    assert not out


def test_a_partners_track_starts_consent_but_never_fires_and_is_cited() -> None:
    track = SharedTrack(0, 90.0, (0.0,) * 6, 2e3, 500.0, 0.66, 0.5, ("TR",), (1,))
    state, out = play(
        small_node(small_arrangement(tracks="cue")),
        [(90.0, from_russia(track)), (95.0, YES_CLASSIFY), (96.0, YES_LOOK_UP)],
    )
    assert [a.act for a in of_kind(Ask, out)] == ["classify", "rule-lookup"]
    assert not of_kind(Order, out)
    _, out = play(state, [(100.0, falling_object())])
    (fired,) = of_kind(Order, out)
    assert "from russia: picture of the object" in fired.decision.inputs


@pytest.mark.parametrize(
    "record",
    [
        Intention(0, "russia", 200.0),
        Intention(0, "russia", 200.0, is_withdrawn=True),
        KillReport(0, "russia", 90.0, is_killed=True),
        LaunchDetection(0, 0.0, 0.6, 0.8, 5000.0),
        SharedTrack(0, 90.0, (0.0,) * 6, 2e3, 500.0, 0.66, 0.5, ("TR",), (1,)),
    ],
    ids=lambda r: type(r).__name__,
)
def test_no_record_from_a_partner_makes_a_node_fire_or_stops_it(record: Record) -> None:
    _, out = play(ready(), [(101.0, from_russia(record))])
    assert not of_kind(Order, out)
    state, _ = play(ready(), [(101.0, from_russia(record))])
    _, out = play(state, [(110.0, YES_LOOK_UP)])
    assert len(of_kind(Order, out)) == 1


def test_under_a_joint_plan_a_side_holds_for_an_announced_attempt_until_its_last_safe_launch_then_fires() -> None:
    state, _ = play(ready("joint-plan"), [(101.0, CLAIM)])
    state, out = play(state, [(110.0, YES_LOOK_UP)])
    assert not of_kind(Order, out)
    held = next(a.decision for a in of_kind(Alert, out) if a.decision is not None)
    assert (held.kind, held.reason) == ("hold", "partner")
    fired: list[Order] = []
    end = state.cases[0].last_close_s
    now_s = 110.0
    while not fired and now_s < end:
        now_s = min(w.time_s for w in of_kind(WakeAt, out) if w.time_s > now_s)
        state, out = play(state, [(now_s, Wake(0))])
        fired = of_kind(Order, out)
    assert len(fired) == 1
    assert 200.0 < now_s < end
    assert fired[0].launch_s <= end


def test_a_claim_for_a_time_after_the_own_window_is_held_for_until_the_last_safe_launch_and_no_longer() -> None:
    never = from_russia(Intention(0, "russia", 9000.0, number=1))
    state, out = play(ready("joint-plan"), [(101.0, never), (110.0, YES_LOOK_UP)])
    fired: list[Order] = []
    now_s = 110.0
    while not fired and now_s < state.cases[0].last_close_s:
        now_s = min(w.time_s for w in of_kind(WakeAt, out) if w.time_s > now_s)
        state, out = play(state, [(now_s, Wake(0))])
        fired = of_kind(Order, out)
    assert [o.launch_s <= state.cases[0].last_close_s for o in fired] == [True]
    assert now_s > 200.0


def test_a_claim_of_a_missed_attempt_holds_nobody_any_longer() -> None:
    state, _ = play(ready("joint-plan"), [(101.0, CLAIM), (110.0, YES_LOOK_UP)])
    _, out = play(state, [(120.0, MISSED)])
    assert not of_kind(Order, out)
    _, out = play(state, [(120.0, MISSED), (125.1, Wake(0))])
    assert len(of_kind(Order, out)) == 1


def test_only_the_keeper_of_the_log_enters_claims_and_a_gap_in_it_holds_nobody() -> None:
    told_directly = Received(Intention(0, "russia", 200.0, number=1), Provenance("russia", (), 90.0))
    not_entered = from_russia(Intention(0, "russia", 200.0))
    beyond_a_gap = from_russia(Intention(0, "russia", 200.0, number=2))
    for news in (told_directly, not_entered, beyond_a_gap):
        state, _ = play(ready("joint-plan"), [(101.0, news)])
        _, out = play(state, [(110.0, YES_LOOK_UP)])
        assert len(of_kind(Order, out)) == 1, news


def test_at_what_threatens_only_its_own_a_side_goes_first_whoever_claimed_first() -> None:
    claimed = from_russia(Intention(0, "russia", 200.0, states=("TR",), number=1))
    state, _ = play(ready("joint-plan"), [(101.0, claimed)])
    _, out = play(state, [(110.0, YES_LOOK_UP)])
    (fired,) = of_kind(Order, out)
    assert state.plan.agreed is not None
    assert fired.decision.inputs[-1].startswith(f"joint plan {state.plan.agreed.version}: entries 1-1, digest ")


def test_under_the_rule_joint_plan_an_object_is_claimed_when_a_shot_is_seen_and_withdrawn_when_it_is_refused() -> None:
    arrangement = small_arrangement(overlap="joint-plan", sharing=(TO_PLANNING,))
    arrangement = replace(arrangement, responsibility=replace(arrangement.responsibility, rule="joint-plan"))
    state, out = play(small_node(arrangement), [(50.0, SEEN), (60.0, YES_CLASSIFY), (100.0, falling_object())])
    assert not of_kind(Order, out)
    (claimed,) = (s.record for s in of_kind(Share, out))
    assert isinstance(claimed, Intention)
    assert (claimed.complex_id, claimed.states, claimed.is_withdrawn) == ("nato", ("TR",), False)
    _, out = play(state, [(110.0, OperatorAction(0, "rule-lookup", "saceur", 0, "no"))])
    assert [s.record.is_withdrawn for s in of_kind(Share, out) if isinstance(s.record, Intention)] == [True]
    _, out = play(state, [(110.0, YES_LOOK_UP)])
    assert [s.record.is_withdrawn for s in of_kind(Share, out) if isinstance(s.record, Intention)] == [False]
    state, out = play(state, [(105.0, CLAIM), (110.0, YES_LOOK_UP)])
    assert not of_kind(Order, out)
    assert [s.record.is_withdrawn for s in of_kind(Share, out) if isinstance(s.record, Intention)] == [True]


def test_where_one_battery_is_at_sea_the_host_is_still_asked_for_the_one_on_its_soil() -> None:
    host = Step("host-consent", ("host",), ("nato",), 1, "host-consent")
    state = small_node(small_arrangement(path_to((CLASSIFY, LOOK_UP, host))), batteries=2)
    state = replace(state, plan=replace(state.plan, hosts=("RO", "")))
    moves: list[tuple[float, Input]] = [(50.0, SEEN), (60.0, YES_CLASSIFY), (100.0, falling_object())]
    _, out = play(state, [*moves, (110.0, YES_LOOK_UP)])
    assert "host-consent" in [a.act for a in of_kind(Ask, out)]
    assert [o.battery for o in of_kind(Order, out)] == [1]
    _, out = play(state, [*moves, (109.0, OperatorAction(0, "host-consent", "host", 0, "yes")), (110.0, YES_LOOK_UP)])
    assert [o.battery for o in of_kind(Order, out)] == [0]


def test_a_host_that_has_not_answered_is_no_empty_magazine() -> None:
    host = Step("host-consent", ("host",), ("nato",), 1, "host-consent")
    state = small_node(small_arrangement(path_to((CLASSIFY, LOOK_UP, host))), batteries=2)
    state = replace(state, plan=replace(state.plan, hosts=("RO", "")), magazines=(4, 0))
    moves: list[tuple[float, Input]] = [(50.0, SEEN), (60.0, YES_CLASSIFY), (100.0, falling_object())]
    state, out = play(state, [*moves, (110.0, YES_LOOK_UP)])
    assert not of_kind(Order, out)
    assert state.cases[0].reason == "consent"
    _, out = play(state, [(120.0, OperatorAction(0, "host-consent", "host", 0, "yes"))])
    assert [o.battery for o in of_kind(Order, out)] == [0]


def test_a_hold_for_the_partner_ends_without_a_shot_when_own_sensors_confirm_the_kill() -> None:
    state, _ = play(ready("joint-plan"), [(101.0, CLAIM), (110.0, YES_LOOK_UP)])
    state, out = play(state, [(205.0, Assessed(0, 200.0, is_killed=True))])
    assert not of_kind(Order, out)
    assert state.cases[0].is_closed


def test_a_partners_claim_of_a_kill_does_not_end_the_hold() -> None:
    state, _ = play(ready("joint-plan"), [(101.0, CLAIM), (110.0, YES_LOOK_UP)])
    state, _ = play(state, [(205.0, from_russia(KillReport(0, "russia", 200.0, is_killed=True)))])
    assert not state.cases[0].is_closed


def test_the_same_inputs_give_the_same_outputs_and_the_state_given_is_left_alone() -> None:
    state = ready()
    first, out_1 = step(state, (YES_LOOK_UP,), 110.0)
    second, out_2 = step(state, (YES_LOOK_UP,), 110.0)
    assert out_1 == out_2
    assert first.magazines == second.magazines == (3,)
    assert state.magazines == (4,)


def test_a_message_that_no_decision_uses_moves_no_shot() -> None:
    state, out = play(ready(), [(101.0, YES_LOOK_UP)])
    planned = [w.time_s for w in of_kind(WakeAt, out)]
    waiting = replace(state, cases=(replace(state.cases[0], pending=(), look_again_s=130.0),))
    _, out = play(waiting, [(110.0, from_russia(KillReport(0, "russia", 90.0, is_killed=False))), (120.0, Wake(0))])
    assert planned
    assert not of_kind(Order, out)
    _, out = play(waiting, [(130.0, Wake(0))])
    assert len(of_kind(Order, out)) == 1


def test_who_released_stays_in_the_record_when_another_path_is_walked_after_it() -> None:
    state, out = play(ready(), [(110.0, YES_LOOK_UP)])
    assert len(of_kind(Order, out)) == 1
    council = replace(LOOK_UP, act="authority", roles=("council",))
    assert under(state.cases[0], council).by_role == "saceur"
    assert under(replace(state.cases[0], released_s=math.inf), council).by_role == "council"
