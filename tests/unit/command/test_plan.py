"""The joint plan: however much of the log each side holds, never does each hold for the other."""

from collections.abc import Callable, Iterator
from itertools import combinations, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from diptych.command.plan import (
    AgreedPlan,
    LogEntry,
    agreed_plan,
    citation,
    claims_ahead,
    order_of,
    prefix_of,
    with_entry,
)
from diptych.model.arrangement import Response, Responsibility
from diptych.model.messages import Intention, KillReport

STATES = {"a": frozenset({"AA", "AB"}), "b": frozenset({"BB"}), "c": frozenset({"CC"})}
PLACES: tuple[tuple[str, ...], ...] = ((), ("AA",), ("BB",), ("AA", "BB"), ("XX",))


def duty(goes_first: tuple[str, ...] = ("responses", "territory"), *responses: Response) -> Responsibility:
    return Responsibility("joint-plan", "joint-plan", goes_first=goes_first, responses=responses)


PLAN = agreed_plan(duty(), STATES, "planning")
PLANS = (
    PLAN,
    agreed_plan(duty(()), STATES, "planning"),
    agreed_plan(duty(("responses",), Response(("AA", "BB"), "c"), Response(("XX",), "a")), STATES, "planning"),
)


def claim(number: int, who: str, intercept_s: float = 100.0, states: tuple[str, ...] = ()) -> Intention:
    return Intention(0, who, intercept_s, states=states, number=number)


def withdrawal(number: int, who: str) -> Intention:
    return Intention(0, who, 100.0, is_withdrawn=True, number=number)


def result(number: int, who: str, *, is_killed: bool = False) -> KillReport:
    return KillReport(0, who, 100.0, is_killed, number)


def holds_for(plan: AgreedPlan, log: tuple[LogEntry, ...], own: str) -> frozenset[str]:
    return frozenset(found.complex_id for found in claims_ahead(plan, log, own))


def circle(held: dict[str, frozenset[str]]) -> bool:
    """Whether everybody who claimed, or anybody in some circle, holds for the next one."""
    left = set(held)
    while left:
        free = {c for c in left if not held[c] & left}
        if not free:
            return True
        left -= free
    return False


def logs(kinds: tuple[Callable[[int], LogEntry], ...], longest: int) -> Iterator[tuple[LogEntry, ...]]:
    """Yield every log of up to so many entries of these kinds."""
    for length in range(longest + 1):
        for chosen in product(kinds, repeat=length):
            yield tuple(make(i + 1) for i, make in enumerate(chosen))


def small_kinds(complexes: str, times_s: tuple[float, ...] = (100.0,)) -> tuple[Callable[[int], LogEntry], ...]:
    made: list[Callable[[int], LogEntry]] = []
    for who in complexes:
        for at_s in times_s:
            for states in (("AA",), ("BB",), ("AA", "BB")):
                made.append(lambda n, w=who, t=at_s, s=states: claim(n, w, t, s))  # type: ignore[misc]
        made.append(lambda n, w=who: withdrawal(n, w))  # type: ignore[misc]
        made.append(lambda n, w=who: result(n, w))  # type: ignore[misc]
    return tuple(made)


def pairs_in_which_both_hold(
    holds: Callable[[tuple[LogEntry, ...], str], frozenset[str]], all_logs: Iterator[tuple[LogEntry, ...]]
) -> Iterator[tuple[tuple[LogEntry, ...], int, int]]:
    """Yield (log, entries that a holds, entries that b holds) where each holds for the other."""
    for log in all_logs:
        ends = range(len(log) + 1)
        a = [n for n in ends if "b" in holds(log[:n], "a")]
        b = [n for n in ends if "a" in holds(log[:n], "b")]
        yield from ((log, n, m) for n in a for m in b)


@pytest.mark.parametrize("plan", PLANS, ids=("territory", "order", "responses"))
def test_in_no_small_log_and_no_pair_of_prefixes_does_each_hold_for_the_other(plan: AgreedPlan) -> None:
    found = pairs_in_which_both_hold(lambda log, own: holds_for(plan, log, own), logs(small_kinds("ab"), 3))
    assert next(found, None) is None


def test_the_same_search_finds_both_holding_if_a_later_entry_could_turn_the_order_round() -> None:
    def earliest_meeting_first(log: tuple[LogEntry, ...], own: str) -> frozenset[str]:
        claims = [e for e in log if isinstance(e, Intention) and not e.is_withdrawn]
        first = min(claims, key=lambda e: (e.intercept_s, e.complex_id)).complex_id if claims else own
        return frozenset({first}) - {own}

    log, n, m = next(pairs_in_which_both_hold(earliest_meeting_first, logs(small_kinds("ab", (90.0, 110.0)), 2)))
    assert len(log) == 2
    assert {n, m} == {1, 2}


def test_and_it_finds_it_if_a_withdrawal_could_give_the_first_place_to_another() -> None:
    def first_live(log: tuple[LogEntry, ...], own: str) -> frozenset[str]:
        live: dict[str, None] = {}
        for entry in log:
            if isinstance(entry, Intention) and not entry.is_withdrawn:
                live.setdefault(entry.complex_id)
            else:
                live.pop(entry.complex_id, None)
        return frozenset(list(live)[:1]) - {own}

    log, n, m = next(pairs_in_which_both_hold(first_live, logs(small_kinds("ab"), 3)))
    assert len(log) == 3
    assert n != m


entries = st.lists(
    st.tuples(
        st.sampled_from("abc"),
        st.sampled_from(("claim", "claim", "withdrawal", "miss", "kill")),
        st.floats(0.0, 500.0, allow_nan=False),
        st.sampled_from(PLACES),
    ),
    max_size=12,
)


def written(given_entries: list[tuple[str, str, float, tuple[str, ...]]]) -> tuple[LogEntry, ...]:
    log: list[LogEntry] = []
    for n, (who, kind, at_s, states) in enumerate(given_entries, start=1):
        if kind in ("claim", "withdrawal"):
            log.append(Intention(0, who, at_s, kind == "withdrawal", states, n))
        else:
            log.append(KillReport(0, who, at_s, kind == "kill", n))
    return tuple(log)


@given(entries, st.sampled_from(PLANS), st.data())
@settings(max_examples=400, deadline=None)
def test_three_sides_with_any_parts_of_a_long_log_never_wait_in_a_circle(
    given_entries: list[tuple[str, str, float, tuple[str, ...]]], plan: AgreedPlan, data: st.DataObject
) -> None:
    log = written(given_entries)
    held = {}
    for own in "abc":
        has = data.draw(st.sets(st.sampled_from(range(len(log) + 1)), max_size=len(log) + 1)) - {len(log)}
        held[own] = holds_for(plan, tuple(log[i] for i in sorted(has)), own)
    assert not circle(held)


@given(entries, st.sampled_from(PLANS), st.data())
@settings(max_examples=200, deadline=None)
def test_a_missing_entry_only_makes_a_side_fire(
    given_entries: list[tuple[str, str, float, tuple[str, ...]]], plan: AgreedPlan, data: st.DataObject
) -> None:
    log = written(given_entries)
    if not log:
        return
    missing = data.draw(st.integers(0, len(log) - 1))
    has = (*log[:missing], *log[missing + 1 :])
    for own in "abc":
        if missing < len(log) - 1:
            assert holds_for(plan, has, own) == frozenset()
        for n in range(len(has) + 1):
            if holds_for(plan, has[:n], own):
                assert n <= missing, "beyond a gap nobody holds"


@given(entries, st.randoms())
@settings(max_examples=100, deadline=None)
def test_entries_that_overtake_one_another_make_the_same_log(
    given_entries: list[tuple[str, str, float, tuple[str, ...]]], luck: object
) -> None:
    log = written(given_entries)
    mixed = list(log)
    luck.shuffle(mixed)  # type: ignore[attr-defined]
    arrived: tuple[LogEntry, ...] = ()
    for entry in (*mixed, *mixed[:3]):
        arrived = with_entry(arrived, entry)
    assert arrived == log == prefix_of(arrived)


def test_the_side_that_is_threatened_goes_first_also_when_it_claims_later() -> None:
    log = (claim(1, "b", 90.0, ("AA",)), claim(2, "a", 120.0, ("AA",)))
    assert order_of(PLAN, log) == ("a", "b")
    assert holds_for(PLAN, log[:1], "a") == frozenset()
    assert holds_for(PLAN, log, "b") == {"a"}


def test_a_response_that_names_the_place_comes_before_whose_territory_it_is() -> None:
    plan = agreed_plan(duty(("responses", "territory"), Response(("AA",), "b")), STATES, "planning")
    log = (claim(1, "a", 90.0, ("AA",)), claim(2, "b", 120.0, ("AA",)))
    assert order_of(plan, log) == ("b", "a")
    other = (claim(1, "b", 90.0, ("AB",)), claim(2, "a", 120.0, ("AB",)))
    assert order_of(plan, other) == ("a", "b")


def test_where_the_place_tells_nothing_the_first_claim_in_the_log_goes_first() -> None:
    log = (claim(1, "b", 300.0, ("AA", "BB")), claim(2, "a", 90.0, ("AA", "BB")))
    assert order_of(PLAN, log) == ("b", "a")
    assert holds_for(PLAN, log, "a") == {"b"}


@pytest.mark.parametrize("after", [withdrawal(2, "b"), result(2, "b")], ids=("withdrawn", "missed"))
def test_a_claim_that_is_withdrawn_or_missed_holds_nobody(after: LogEntry) -> None:
    assert holds_for(PLAN, (claim(1, "b"),), "a") == {"b"}
    assert holds_for(PLAN, (claim(1, "b"), after), "a") == frozenset()
    assert holds_for(PLAN, (claim(1, "b"), after, claim(3, "b")), "a") == {"b"}


def test_a_partners_word_that_it_has_killed_frees_nobody_and_closes_nothing() -> None:
    assert holds_for(PLAN, (claim(1, "b"), result(2, "b", is_killed=True)), "a") == {"b"}


def test_without_a_claim_and_without_a_keeper_of_the_log_nobody_holds() -> None:
    assert holds_for(PLAN, (), "a") == frozenset()
    nobody = agreed_plan(duty(), STATES, "")
    assert holds_for(nobody, (claim(1, "b"),), "a") == frozenset()


def test_plans_that_differ_have_different_versions_and_a_name_changes_nothing() -> None:
    assert len({plan.version for plan in PLANS}) == len(PLANS)
    assert agreed_plan(duty(), dict(reversed(STATES.items())), "planning") == PLAN


def test_a_decision_cites_version_length_and_digest_of_what_it_rests_on() -> None:
    log = (claim(1, "b"), claim(2, "a"))
    whole, part = citation(PLAN, log), citation(PLAN, log[:1])
    assert whole.startswith(f"joint plan {PLAN.version}: entries 1-2, digest ")
    assert "entries 1-1" in part
    assert whole.rpartition(" ")[2] != part.rpartition(" ")[2]
    changed = (replace(log[0], intercept_s=101.0), log[1])
    assert citation(PLAN, changed) != whole
    assert citation(PLAN, (log[1],)) == f"joint plan {PLAN.version}: no entry, then a gap"


def test_of_three_at_most_two_hold_and_the_first_never_does() -> None:
    log = tuple(claim(i + 1, who) for i, who in enumerate("cab"))
    for n, m, k in combinations(range(len(log) + 1), 3):
        held = {"a": holds_for(PLAN, log[:n], "a"), "b": holds_for(PLAN, log[:m], "b")}
        assert holds_for(PLAN, log[:k], "c") == frozenset()
        assert not circle(held | {"c": frozenset()})
