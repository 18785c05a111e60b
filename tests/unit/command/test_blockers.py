"""Blocking sets of the shipped arrangements against the ones argued by hand, and of small ones against brute force."""

import math
from itertools import combinations
from pathlib import Path
from typing import Any as Anything

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from ruamel.yaml import YAML

from diptych.command.blockers import Blockers, BlockingSet, blockers_of
from diptych.command.silence import cuts_by_silence, finish_s
from diptych.command.structure import All, Any, Structure, Vote, cuts_of, happens_with, kinds_of
from diptych.edge.build import load_scenario
from diptych.edge.ground import load_ground
from diptych.model.arrangement import Arrangement, Centre, Complex, Consent, Sharing, Stage, Step, Wait
from tests.helpers.small import CLASSIFY, LOOK_UP, STATES, path_to, small_arrangement

ORACLE = Path(__file__).parents[2] / "oracles" / "blockers.yaml"
STAGES = tuple(Stage(act, act, time_s, 0.0) for act, time_s in (("classify", 90.0), ("rule-lookup", 30.0)))
DEPUTY = Wait("rule-lookup", 60.0, "pass-to", "deputy", "nato")
HOLD = Wait("rule-lookup", None, "hold")


# --- the eight arrangements ---------------------------------------------------------------------------------


def said(cell: object) -> object:
    """Put a cell of the oracle into the form of `computed`."""
    if isinstance(cell, str):
        return cell
    assert isinstance(cell, dict)
    never = _argued(cell["never"])
    window = {"same": never, "clock": "clock"}[cell["window"]]
    return never, window


def _argued(sets: list[dict[str, Anything]]) -> frozenset[object]:
    return frozenset((frozenset(s["who"]), tuple(s["how"]), s["then"]) for s in sets)


def computed(found: Blockers) -> object:
    if found.status != "open":
        return found.status
    return _named(found.never), "clock" if found.is_by_clock else _named(found.window)


def _named(sets: tuple[BlockingSet, ...]) -> frozenset[object]:
    def name(part_name: str) -> str:
        return part_name.replace("of 28 members", "of members")

    return frozenset((frozenset(name(p.name) for p in s.parts), s.how, s.then) for s in sets)


def expected_of(arrangement: str) -> dict[tuple[str, str, str], object]:
    oracle = YAML(typ="safe").load(ORACLE)
    return {
        (complex_id, action, case): said(cell)
        for complex_id, actions in oracle[arrangement].items()
        for action, cases in actions.items()
        for case, cell in cases.items()
    }


@pytest.mark.parametrize(
    "name",
    [
        "national",
        "alliance",
        "separate",
        "coordinated",
        "sectoral-cross-cover",
        "sectoral-own-sector",
        "dual-key",
        "single-operator",
    ],
)
def test_computed_blocking_sets_are_those_argued_by_hand(name: str) -> None:
    scenario = load_scenario("europe-2012-four", arrangements=(name,))
    arrangement = next(a for a in scenario.arrangements if a.id == name)
    party_states = {p.id: frozenset(p.states) for p in scenario.parties}
    window_s = YAML(typ="safe").load(ORACLE)["window_s"]
    ground = load_ground(frozenset().union(*party_states.values()))
    argued = expected_of(name)
    ids = {complex_id for complex_id, _, _ in argued}
    found = blockers_of(arrangement, scenario.stages, party_states, window_s, ground=ground)
    assert {(b.complex_id, b.action, b.case): computed(b) for b in found if b.complex_id in ids} == argued


def test_every_host_complex_of_the_national_arrangement_is_alike() -> None:
    scenario = load_scenario("europe-2012-four", arrangements=("national",))
    arrangement = next(a for a in scenario.arrangements if a.id == "national")
    party_states = {p.id: frozenset(p.states) for p in scenario.parties}
    found = blockers_of(arrangement, scenario.stages, party_states, 400.0)

    def without_name(b: Blockers) -> object:
        own = f"{b.complex_id}."
        sets = [tuple(p.name.replace(own, "own.") for p in s.parts) for s in b.never]
        return b.action, b.case, b.status, sets, b.is_by_clock

    alike = {
        c.id: [without_name(b) for b in found if b.complex_id == c.id]
        for c in arrangement.complexes
        if c.id not in ("us", "russia")
    }
    assert len(alike) > 2
    assert all(value == alike["de"] for value in alike.values())


def test_under_two_keys_the_answer_in_the_window_hangs_on_an_assumed_time() -> None:
    scenario = load_scenario("europe-2012-four", arrangements=("dual-key",))
    arrangement = next(a for a in scenario.arrangements if a.id == "dual-key")
    ranges = {a.key.split(".")[1]: (a.low, a.high) for a in scenario.assumptions if a.key.startswith("stages.")}
    party_states = {p.id: frozenset(p.states) for p in scenario.parties}
    (own,) = blockers_of(
        arrangement, scenario.stages, party_states, 400.0, ranges=ranges, actions=("intercept-over-own",)
    )
    assert own.hangs_on_times
    assert own.path_s == (240.0, 95.0, 840.0)


# --- what a rule does to the sets ---------------------------------------------------------------------------


def own_of(consent: Consent, window_s: float = 400.0) -> Blockers:
    (found,) = (
        b
        for b in blockers_of(small_arrangement(consent), STAGES, STATES, window_s, actions=("intercept-over-own",))
        if b.complex_id == "nato"
    )
    return found


def names(sets: tuple[BlockingSet, ...]) -> set[str]:
    return {s.name for s in sets}


def test_a_deputy_makes_good_silence_but_not_a_refusal() -> None:
    found = own_of(path_to((CLASSIFY, LOOK_UP), (DEPUTY, HOLD)))
    assert names(found.never) == {"nato.watch", "saceur"}
    assert names(found.by_silence) == {"nato.watch", "saceur + deputy"}
    assert next(s.how for s in found.never if s.name == "saceur") == ("no",)


def test_a_deputy_who_is_asked_too_late_does_not_help_in_the_window() -> None:
    in_time = own_of(path_to((CLASSIFY, LOOK_UP), (DEPUTY, HOLD)), 180.0)
    too_late = own_of(path_to((CLASSIFY, LOOK_UP), (DEPUTY, HOLD)), 179.0)
    assert next(s.how for s in in_time.window if s.name == "saceur") == ("no",)
    assert next(s.how for s in too_late.window if s.name == "saceur") == ("silence", "no")


def test_silence_that_engages_is_no_block_but_an_explicit_no_is_one() -> None:
    found = own_of(path_to((CLASSIFY, LOOK_UP), (Wait("rule-lookup", 60.0, "engage"),)))
    assert names(found.never) == {"nato.watch", "saceur"}
    assert names(found.by_silence) == {"nato.watch"}


def test_a_path_longer_than_the_window_is_blocked_by_the_clock_and_by_nobody() -> None:
    found = own_of(path_to((CLASSIFY, LOOK_UP)), 119.0)
    assert found.is_by_clock
    assert found.window == ()
    assert names(found.never) == {"nato.watch", "saceur"}


def test_twenty_eight_equal_voices_are_one_set_and_fifteen_of_them_do_not_explode() -> None:
    members = tuple(f"m{i}.council" for i in range(28))
    council = Step("council", members, ("nato",) * 28, 15, "consensus:council")
    assert names(own_of(path_to((CLASSIFY, council))).never) == {"nato.watch", "14 of 28 members"}


def test_a_need_beyond_all_votes_is_permission_that_nobody_can_give() -> None:
    dead = Step("rule-lookup", ("a", "b"), ("nato", "nato"), 3, "k-of-n:a+b")
    assert own_of(path_to((CLASSIFY, dead))).status == "nobody-may"


def test_a_case_outside_the_agreed_rules_needs_every_member_and_misses_the_window() -> None:
    council = Step("council", ("fr.council", "tr.council"), ("nato", "nato"), 2, "consensus:council")
    consent = replace(path_to((CLASSIFY, LOOK_UP)), under="agreed", outside="consult", outside_steps=(council,))
    stages = (*STAGES, Stage("council", "", 21600.0, 0.0))
    found = {
        b.case: b
        for b in blockers_of(small_arrangement(consent), stages, STATES, 400.0, actions=("intercept-over-own",))
        if b.complex_id == "nato"
    }
    assert names(found["inside the rules"].never) == {"nato.watch", "saceur"}
    assert names(found["outside the rules"].never) == {
        "nato.watch",
        "saceur",
        "1 of 2 members",
    }
    assert found["outside the rules"].is_by_clock
    held = replace(consent, outside="hold", outside_steps=())
    by_case = {b.case: b for b in blockers_of(small_arrangement(held), stages, STATES, 400.0) if b.complex_id == "nato"}
    assert by_case["outside the rules"].status == "nobody-may"


def test_renaming_an_arrangement_changes_nothing() -> None:
    one = small_arrangement()
    other: Arrangement = replace(one, id="dual-key", title="another")
    assert blockers_of(one, STAGES, STATES, 400.0) == blockers_of(other, STAGES, STATES, 400.0)


def test_three_complexes_have_a_case_for_each_receiver_of_a_track() -> None:
    def rule(sender: str, receiver: str, agreed_by: str) -> Sharing:
        return Sharing("track", sender, receiver, 0.0, 0.0, "exchange", "always", agreed_by)  # type: ignore[arg-type]

    centre = Centre("f", "Fusion", "data-fusion", ("nato", "russia", "japan"))
    onward = (rule("f", "russia", "both-staffs"), rule("f", "japan", "treaty"))
    whole = small_arrangement(path_to((CLASSIFY, LOOK_UP)), (rule("nato", "f", "owner"), *onward))
    japan = Complex("japan", "Japan", ("japan",), ("JP",))
    whole = replace(whole, complexes=(*whole.complexes, japan), centres=(centre,))
    states = {**STATES, "japan": frozenset({"JP"})}
    found = {
        b.case: names(b.never)
        for b in blockers_of(whole, STAGES, states, 400.0, actions=("share-track",))
        if b.complex_id == "nato"
    }
    assert found == {
        "sending to russia": {"saceur", "f.nato-staff", "f.russia-staff", "f.japan-staff"},
        "sending to japan": {"saceur", "f.nato-staff + f.russia-staff + f.japan-staff"},
    }


# --- against every coalition ---------------------------------------------------------------------------------

ROLES = tuple("abcde")


@st.composite
def votes(draw: st.DrawFn) -> Vote:
    roles = tuple(draw(st.lists(st.sampled_from(ROLES), min_size=1, max_size=5, unique=True)))
    weights = tuple(draw(st.lists(st.integers(1, 3), min_size=len(roles), max_size=len(roles))))
    need = draw(st.integers(0, sum(weights) + 1))
    deputies = draw(st.lists(st.sampled_from(("d", "e", "f")), max_size=2, unique=True))
    waits = tuple(Wait("act", 10.0, "pass-to", role, "y") for role in deputies if role not in roles)
    last = draw(st.sampled_from((Wait("act", None, "hold"), Wait("act", 40.0, "engage"))))
    parties = tuple("x" if role in "ab" else "y" for role in roles)
    return Vote("act", roles, parties, need, weights, time_s=draw(st.sampled_from((5.0, 20.0))), waits=(*waits, last))


def paths() -> st.SearchStrategy[Structure]:
    return st.lists(votes(), min_size=1, max_size=3).map(lambda v: All(tuple(v)))


def structures() -> st.SearchStrategy[Structure]:
    return st.one_of(paths(), st.lists(paths(), min_size=1, max_size=2).map(lambda p: Any(tuple(p))))


def named_sets(cuts: tuple[tuple[tuple[int, int], ...], ...], structure: Structure) -> set[frozenset[str]]:
    """Write symbolic cuts out: every choice of so many of each kind."""
    kinds = kinds_of(structure)
    found = {frozenset[str]()} if () in cuts else set()
    for cut in cuts:
        ways = [frozenset[str]()]
        for kind, n in cut:
            ways = [w | frozenset(c) for w in ways for c in combinations(kinds[kind].roles, n)]
        found.update(ways)
    return found


def smallest(blocking: list[frozenset[str]]) -> set[frozenset[str]]:
    return {b for b in blocking if not any(other < b for other in blocking)}


def subsets(roles: tuple[str, ...]) -> list[frozenset[str]]:
    return [frozenset(c) for n in range(len(roles) + 1) for c in combinations(roles, n)]


@settings(max_examples=150, deadline=None)
@given(structures())
def test_minimal_cuts_are_those_of_brute_force_over_all_coalitions(structure: Structure) -> None:
    roles = tuple(role for kind in kinds_of(structure) for role in kind.roles)
    everybody = frozenset(roles)
    blocking = [b for b in subsets(roles) if not happens_with(structure, everybody - b)]
    assert named_sets(cuts_of(structure, kinds_of(structure)), structure) == smallest(blocking)


@settings(max_examples=150, deadline=None)
@given(structures(), st.sampled_from((30.0, 60.0, math.inf)))
def test_minimal_silent_sets_are_those_of_brute_force_in_any_window(structure: Structure, window_s: float) -> None:
    roles = tuple(role for kind in kinds_of(structure) for role in kind.roles)
    blocking = [b for b in subsets(roles) if (t := finish_s(structure, b)) > window_s or math.isinf(t)]
    assert named_sets(cuts_by_silence(structure, kinds_of(structure), window_s), structure) == smallest(blocking)
