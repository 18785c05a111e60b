"""Cases outside the agreed rules on the raid: seen in events, results and metrics; covered ones change nothing."""

import pytest
from msgspec.structs import replace

from diptych.analysis.deliberation import text_after, under_of, with_text
from diptych.analysis.dilution import TextPlan, costs_of, looked_up, run_replicate
from diptych.model.arrangement import Arrangement
from diptych.model.record import RunRecord
from diptych.model.rules import Rulebook
from diptych.sim.prepare import Prepared
from diptych.sim.run import run
from diptych.sim.world import World, draw_world
from diptych.study.design import outcome_digest
from diptych.study.metrics import measure

SEED = 5


@pytest.fixture(scope="module")
def world(four: Prepared) -> World:
    return draw_world(four, SEED, 0)


@pytest.fixture(scope="module")
def alliance(four: Prepared) -> Arrangement:
    return next(a for a in four.scenario.arrangements if a.id == "alliance")


@pytest.fixture(scope="module")
def book(alliance: Arrangement) -> Rulebook:
    found = under_of(alliance, "nato")
    assert found is not None
    return found


def under(alliance: Arrangement, book: Rulebook) -> Arrangement:
    return with_text(alliance, "nato", book, "alliance", 1)


def played(world: World, arrangement: Arrangement) -> RunRecord:
    return run(world, arrangement, "cooperative", keep_events=True)


def test_rules_that_cover_every_case_change_nothing_of_what_happens(world: World, alliance: Arrangement) -> None:
    without = tuple(replace(c, under="", outside="", outside_steps=()) for c in alliance.consents)
    plain = played(world, replace(alliance, consents=without, rulebooks=()))
    record = played(world, alliance)
    assert outcome_digest(record) == outcome_digest(plain)
    released = [e for e in record.engagements if e.released_s < float("inf")]
    assert released
    assert all(e.rule.endswith("+ agreed-rules:1") for e in released)
    assert all(e.verdict == "engage 1" for e in released)


def test_without_a_text_every_case_goes_to_the_members_and_misses_its_window(
    four: Prepared, world: World, alliance: Arrangement, book: Rulebook
) -> None:
    none = under(alliance, text_after(book, None))
    record = played(world, none)
    mine = [e for e in record.engagements if e.complex_id == "nato" and e.verdict]
    assert mine
    assert all(e.verdict == "consult 1" and e.released_s == float("inf") for e in mine)
    had_window = [e for e in mine if e.first_open_s < float("inf")]
    assert had_window
    assert {e.reason for e in had_window} == {"outside-rules"}
    said = [e for e in record.events if e.kind == "outside-rules" and e.actor == "nato"]
    assert {e.object for e in said} == {e.object for e in mine}
    assert all("agreed-rules-none:1" in e.text for e in said)
    alone = {p.id: run(world, half(four, p.id), "cooperative", keep_events=False) for p in four.scenario.parties}
    found = measure(four.scenario, record, alone)
    assert found["nato"]["forgone_outside_rules"] == float(len(had_window))
    assert found["russia"]["forgone_outside_rules"] == 0.0


def half(four: Prepared, party: str) -> Arrangement:
    return next(a for a in four.scenario.arrangements if a.is_baseline and a.complexes[0].parties == (party,))


def test_a_text_of_one_side_moves_nothing_of_the_other(world: World, alliance: Arrangement, book: Rulebook) -> None:
    whole, none = played(world, alliance), played(world, under(alliance, text_after(book, None)))
    theirs = [
        [e for e in r.engagements if e.complex_id == "russia" and e.action == "intercept-over-own"]
        for r in (whole, none)
    ]
    assert theirs[0]
    assert str(theirs[0]) == str(theirs[1])


def test_one_authority_that_set_the_rules_alone_is_asked_and_answers_in_time(
    world: World, alliance: Arrangement, book: Rulebook
) -> None:
    none = with_text(alliance, "russia", text_after(book, None), "alliance", 1)
    record = played(world, none)
    released = [e for e in record.engagements if e.complex_id == "russia" and e.released_s < float("inf")]
    assert released
    assert all("outside-rules:general-staff" in e.rule for e in released)


def test_costs_are_paired_and_the_poorer_text_never_leaks_less(
    four: Prepared, alliance: Arrangement, book: Rulebook
) -> None:
    import numpy as np

    texts = [("alliance", alliance)]
    texts += [(f"after-{k}", with_text(alliance, "nato", text_after(book, k), f"after-{k}", k + 1)) for k in (1, 2, 3)]
    texts += [("none", with_text(alliance, "nato", text_after(book, None), "none", 9))]
    baselines = tuple(a for a in four.scenario.arrangements if a.is_baseline)
    scenario = replace(four.scenario, arrangements=(*baselines, *(a for _, a in texts)))
    plan = TextPlan(replace(four, scenario=scenario), tuple(name for name, _ in texts), SEED)
    figures = [run_replicate(plan, r) for r in range(3)]
    costs = costs_of(scenario, plan.texts, figures, np.random.Generator(np.random.Philox(key=[1, 2])))
    rows = costs.by_party["nato"]
    assert rows[0].against.is_exact_zero
    assert rows[-1].outside_share == 1.0
    shares = [row.outside_share or 0.0 for row in rows]
    assert shares == sorted(shares)
    leaks = [row.leakage.value or 0.0 for row in rows]
    assert leaks[-1] >= leaks[0]
    record = run(draw_world(plan.prepared, SEED, 0), texts[-1][1], "cooperative", keep_events=False)
    cases, at_first, left = looked_up(texts[-1][1], record, "nato")
    assert cases == at_first == left > 0
