"""A commander under agreed rules: covered cases, held ones, cases outside them, and a picture that sharpens."""

from collections.abc import Iterable

import numpy as np
import pytest
from msgspec.structs import replace

from diptych.model.arrangement import Step
from diptych.model.messages import (
    Alert,
    Ask,
    Input,
    Intention,
    LaunchSeen,
    OperatorAction,
    Order,
    Output,
    OwnTrack,
    Provenance,
    Received,
    Wake,
    WakeAt,
)
from diptych.model.picture import EvaluationHistory
from diptych.model.rules import EngagementRule, Rulebook
from diptych.node.by_rules import RELOOK_S, rule_of
from diptych.node.facts import facts_of, held_of
from diptych.node.state import NodeState
from diptych.node.step import step
from tests.helpers.small import ALL_TURKEY, CLASSIFY, LOOK_UP, falling_object, path_to, small_arrangement, small_node

OPEN_SEA = replace(ALL_TURKEY, index=np.zeros_like(ALL_TURKEY.index))
COUNCIL = Step("council", ("gr.council", "tr.council"), ("nato", "nato"), 2, "delegated:council")
EXACT = EngagementRule(
    1, "exact", {"territory": ("own",), "launch": ("elsewhere",), "prediction": ("exact",)}, "engage"
)
SEEN = LaunchSeen(0, 0.0, 0.6, 0.8, 3000.0, 5.0)
YES_CLASSIFY = OperatorAction(0, "classify", "nato.watch", 0, "yes")
YES_LOOK_UP = OperatorAction(0, "rule-lookup", "saceur", 0, "yes")


def node(*rules: EngagementRule, outside: str = "consult", exact_m: float = 100e3) -> NodeState:
    """NATO's node under a table of rules; the object's half axis is 10 km."""
    consent = replace(
        path_to((CLASSIFY, LOOK_UP)),
        under="book",
        outside=outside,
        outside_steps=(COUNCIL,) if outside == "consult" else (),
    )
    state = small_node(small_arrangement(consent))
    book = Rulebook("book", "A book", ("because",), (), exact_m, 20, (), rules)
    return replace(state, plan=replace(state.plan, rulebooks={"book": book}, territory=OPEN_SEA))


def play(state: NodeState, moves: Iterable[tuple[float, Input]]) -> tuple[NodeState, list[Output]]:
    out: list[Output] = []
    for now_s, item in moves:
        state, more = step(state, (item,), now_s)
        out.extend(more)
    return state, out


def looked_up(state: NodeState) -> tuple[NodeState, list[Output]]:
    return play(state, [(50.0, SEEN), (60.0, YES_CLASSIFY), (100.0, falling_object()), (110.0, YES_LOOK_UP)])


def orders(out: list[Output]) -> list[Order]:
    return [o for o in out if isinstance(o, Order)]


def asked(out: list[Output]) -> list[tuple[str, str]]:
    return [(o.act, o.role) for o in out if isinstance(o, Ask)]


def said(out: list[Output]) -> list[Alert]:
    return [o for o in out if isinstance(o, Alert) and o.kind != "confirmed"]


def test_a_covered_case_is_released_and_the_decision_cites_the_rule() -> None:
    state, out = looked_up(node(EXACT))
    (fired,) = orders(out)
    assert fired.decision.rule == "delegated:saceur + book:1"
    assert fired.decision.by_role == "saceur"
    assert (state.cases[0].verdict, state.cases[0].first_verdict) == ("engage 1", "engage 1")
    assert not said(out)


def test_a_rule_that_says_hold_is_a_hold_and_nobody_else_is_asked() -> None:
    state, out = looked_up(node(replace(EXACT, then="hold")))
    assert not orders(out)
    assert asked(out) == [("classify", "nato.watch"), ("rule-lookup", "saceur")]
    (alert,) = said(out)
    assert (alert.kind, alert.text) == ("held", "the agreed rules say to hold")
    assert alert.decision is not None
    assert (alert.decision.reason, alert.decision.rule) == ("rule", "book:1")
    assert state.cases[0].reason == "rule"


def test_outside_the_rules_every_member_is_asked_and_one_voice_missing_is_no_permission() -> None:
    state, out = looked_up(node(EXACT, exact_m=5e3))
    assert asked(out)[2:] == [("council", "gr.council"), ("council", "tr.council")]
    (alert,) = said(out)
    assert alert.kind == "outside-rules"
    assert alert.decision is not None
    assert alert.decision.rule == "book:outside"
    state, more = play(state, [(120.0, OperatorAction(0, "council", "gr.council", 0, "yes"))])
    assert not orders(out + more)
    assert state.cases[0].reason == "outside-rules"
    state, more = play(state, [(121.0, OperatorAction(0, "council", "tr.council", 1, "yes"))])
    alarm = next(o for o in more if isinstance(o, WakeAt))
    state, more = play(state, [(alarm.time_s, Wake(0))])
    (fired,) = orders(more)
    assert fired.decision.rule == "delegated:saceur + delegated:council + book:outside"


def test_a_rule_that_keeps_the_case_for_the_members_asks_them_and_cites_its_number() -> None:
    _, out = looked_up(node(replace(EXACT, number=7, then="consult")))
    assert [act for act, _ in asked(out)[2:]] == ["council", "council"]
    (alert,) = said(out)
    assert alert.text == "the agreed rules keep the case for the members"
    assert alert.decision is not None
    assert alert.decision.rule == "book:7"


def test_outside_the_rules_a_member_that_says_no_withholds() -> None:
    state, _ = looked_up(node(EXACT, exact_m=5e3))
    state, out = play(state, [(120.0, OperatorAction(0, "council", "gr.council", 0, "no"))])
    assert not orders(out)
    assert state.cases[0].reason == "withheld"


def test_where_the_arrangement_says_hold_outside_the_rules_nobody_is_asked() -> None:
    state, out = looked_up(node(EXACT, outside="hold", exact_m=5e3))
    assert not orders(out)
    assert [act for act, _ in asked(out)] == ["classify", "rule-lookup"]
    assert state.cases[0].reason == "outside-rules"


def test_a_case_outside_the_rules_that_nobody_decided_is_forgone_for_that_reason() -> None:
    state, _ = looked_up(node(EXACT, exact_m=5e3))
    end_s = state.cases[0].last_close_s + 1.0
    late = [(t, Wake(0)) for t in np.arange(end_s, end_s + 400.0, 20.0).tolist()]
    state, out = play(state, late)
    (alert,) = [a for a in said(out) if a.kind == "forgone"]
    assert alert.decision is not None
    assert (alert.decision.reason, alert.decision.rule) == ("outside-rules", "book:outside")
    assert state.cases[0].is_closed


def sharper() -> OwnTrack:
    """The same object 40 s later with a half axis of 1 km."""
    own = falling_object(from_s=100.0)
    e = own.evaluation
    twice = {n: np.repeat(getattr(e, n), 2, axis=0) for n in ("state_ecef", "impact_s", "impact_rad", "cov_ecef")}
    again = replace(
        e,
        **twice,
        time_s=np.array([100.0, 140.0]),
        ellipse_m=np.array([[10e3, 5e3, 0.0], [1e3, 1e3, 0.0]]),
        states=e.states * 2,
        radars=e.radars * 2,
    )
    return replace(own, evaluation=again)


def test_a_picture_that_sharpens_moves_a_case_into_the_rules_at_the_next_look() -> None:
    state = node(EXACT, exact_m=5e3)
    moves: list[tuple[float, Input]] = [(50.0, SEEN), (60.0, YES_CLASSIFY), (100.0, sharper()), (110.0, YES_LOOK_UP)]
    state, out = play(state, moves)
    assert not orders(out)
    assert WakeAt(110.0 + RELOOK_S, 0) in out
    state, out = play(state, [(110.0 + RELOOK_S, Wake(0))])
    (fired,) = orders(out)
    assert fired.decision.rule == "delegated:saceur + book:1"
    assert (state.cases[0].first_verdict, state.cases[0].verdict) == ("outside", "engage 1")


def test_there_is_one_alarm_at_a_time_for_another_look() -> None:
    state, out = looked_up(node(EXACT, exact_m=5e3))
    state, more = play(state, [(t, Wake(0)) for t in (111.0, 112.0, 139.0)])
    assert sum(o == WakeAt(110.0 + RELOOK_S, 0) for o in out + more) == 1
    assert not [o for o in more if isinstance(o, WakeAt) and o.time_s > 140.0 and o.time_s < 175.0]


def test_before_it_is_known_where_the_object_comes_down_nothing_is_looked_up() -> None:
    state, out = play(node(EXACT), [(50.0, SEEN), (60.0, YES_CLASSIFY), (70.0, YES_LOOK_UP)])
    assert not said(out)
    assert state.cases[0].verdict == ""


def test_what_a_partner_announces_changes_no_verdict() -> None:
    record = Intention(0, "russia", 300.0)
    news = Received(record, Provenance("russia", (), 90.0))
    for rules in ((EXACT,), ()):
        plain, out = looked_up(node(*rules))
        state, _ = play(node(*rules), [(50.0, SEEN), (55.0, news), (60.0, YES_CLASSIFY)])
        told, more = play(state, [(100.0, falling_object()), (110.0, YES_LOOK_UP)])
        assert told.cases[0].verdict == plain.cases[0].verdict
        assert [o.launch_s for o in orders(more)] == [o.launch_s for o in orders(out)]


def test_facts_are_words_of_the_own_picture() -> None:
    state, _ = looked_up(node(EXACT))
    held = held_of(state.cases[0], 110.0)
    assert held is not None
    every = EngagementRule(2, "asks all", {"over": ("clear",), "flight": ("ballistic",), "raid": ("single",)}, "hold")
    book = replace(state.plan.rulebooks["book"], rules=(every,))
    facts = facts_of(state.plan, state.cases[0], held, 1, book)
    assert (facts.territory, facts.launch, facts.prediction, facts.raid) == ("own", "elsewhere", "exact", "single")
    assert (facts.notice, facts.over, facts.flight) == ("unannounced", "clear", "ballistic")
    own_soil = replace(state.plan, territory=ALL_TURKEY)
    assert facts_of(own_soil, state.cases[0], held, 1, book).launch == "own"


@pytest.mark.parametrize(
    ("verdict", "cited"), [("engage 1 2", "book:1,2"), ("outside", "book:outside"), ("consult 5", "book:5")]
)
def test_a_verdict_is_cited_by_its_numbers_or_its_kind(verdict: str, cited: str) -> None:
    assert rule_of(node().plan.rules.consents["intercept-over-own"], verdict) == cited


def test_a_case_let_in_too_late_for_a_shot_is_forgone_for_having_been_outside() -> None:
    state, _ = play(
        node(EXACT, exact_m=5e3), [(50.0, SEEN), (60.0, YES_CLASSIFY), (100.0, falling_object()), (110.0, YES_LOOK_UP)]
    )
    close_s = state.cases[0].last_close_s
    state, _ = play(state, [(close_s - 1.0, replace(sharper(), evaluation=later(close_s + 40.0)))])
    assert state.cases[0].verdict == "outside"
    times = np.arange(close_s + 1.0, close_s + 400.0, 20.0).tolist()
    state, out = play(state, [(t, Wake(0)) for t in times])
    assert state.cases[0].verdict == "engage 1"
    (alert,) = [a for a in said(out) if a.kind == "forgone"]
    assert alert.decision is not None
    assert alert.decision.reason == "outside-rules"


def later(second_s: float) -> EvaluationHistory:
    """The evaluation of `sharper`, its second row at another time."""
    return replace(sharper().evaluation, time_s=np.array([100.0, second_s]))
