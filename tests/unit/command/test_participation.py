"""A level of participation follows from what a file gives a party, and a file that says otherwise is told so."""

import pytest
from msgspec.structs import replace

from diptych.command.participation import MEANS, level_of, participation_fits
from diptych.command.properties import Finding, check
from diptych.edge.build import load_scenario
from diptych.model.arrangement import (
    PARTICIPATION,
    Arrangement,
    Centre,
    Complex,
    Responsibility,
    Sector,
    Sharing,
    Stage,
    Step,
    Wait,
)
from tests.helpers.small import CLASSIFY, LOOK_UP, STATES, path_to, small_arrangement

STAGES = (Stage("classify", "classify", 90.0, 0.0), Stage("rule-lookup", "rule-lookup", 30.0, 0.0))
SMALL = small_arrangement()


def rule(product: str, sender: str, receiver: str) -> Sharing:
    return Sharing(product, sender, receiver, 0.0, 0.0, "exchange", "always", "owner")


def fits(arrangement: Arrangement, **said: str) -> Finding:
    found = check(replace(arrangement, participation=tuple(said.items())), STAGES, STATES, 400.0)
    return next(f for f in found if f.property == "participation-fits")


KEY = Step("second-key", ("key",), ("russia",), 1, "dual-key:key")
LEVELS: dict[str, Arrangement] = {
    "none": SMALL,
    "observer": replace(SMALL, sharing=(rule("launch-notice", "nato", "russia"),)),
    "data-partner": replace(SMALL, sharing=(rule("track", "nato", "fusion"), rule("track", "fusion", "russia"))),
    "planner": replace(SMALL, sharing=(rule("engagement-intention", "nato", "russia"),)),
    "sector-owner": replace(
        SMALL, responsibility=Responsibility("sector", "both-fire", (Sector("russia", "East", ()),))
    ),
    "co-operator": replace(SMALL, consents=(path_to((CLASSIFY, LOOK_UP, KEY)),)),
}


def test_every_level_has_a_meaning_and_an_arrangement_that_gives_it() -> None:
    assert tuple(LEVELS) == tuple(MEANS) == PARTICIPATION
    assert {level: level_of(a, "russia") for level, a in LEVELS.items()} == {level: level for level in LEVELS}


@pytest.mark.parametrize("level", PARTICIPATION)
def test_a_file_that_says_another_level_than_it_gives_is_told_why(level: str) -> None:
    for said in PARTICIPATION:
        found = fits(LEVELS[level], russia=said)
        assert found.holds == (said == level), (level, said, found)
    lower, higher = fits(LEVELS["data-partner"], russia="observer"), fits(LEVELS["data-partner"], russia="planner")
    assert lower.counterexample[1] == "Yet russia gets track: that makes it a data-partner."
    assert "by them russia is a data-partner" in higher.counterexample[1]


def test_what_is_given_only_to_a_centre_or_through_a_deputy_counts_too() -> None:
    giver = replace(SMALL, sharing=(rule("track", "russia", "fusion"),))
    assert level_of(giver, "russia") == "data-partner"
    assert level_of(giver, "nato") == "none"
    staffed = replace(SMALL, centres=(Centre("joint", "Joint", "planning-and-operations", ("nato", "russia")),))
    assert level_of(staffed, "russia") == "planner"
    deputy = path_to((CLASSIFY, LOOK_UP), (Wait("rule-lookup", 20.0, "pass-to", "deputy", "russia"),))
    assert level_of(replace(SMALL, consents=(deputy,)), "russia") == "co-operator"
    joint = replace(SMALL, complexes=(Complex("all", "All", ("nato", "russia"), ("TR", "RU")),))
    assert level_of(joint, "nato") == "co-operator"


def test_what_is_not_said_is_worked_out() -> None:
    found = fits(LEVELS["observer"], nato="none")
    assert found.holds
    assert found.note == "Not said of all; by the data: russia observer."


def test_the_shipped_arrangements_give_what_they_say() -> None:
    scenario = load_scenario("europe-2012-four", arrangements=("all",))
    whole = [a for a in scenario.arrangements if not a.is_baseline]
    assert len(whole) == 8
    for arrangement in whole:
        for party, level in arrangement.participation:
            assert level_of(arrangement, party) == level, (arrangement.id, party)
    assert participation_fits.__doc__
