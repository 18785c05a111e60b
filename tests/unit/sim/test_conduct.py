"""Whom a conduct touches: between the parties, in councils and at hosts; and where it cannot matter at all."""

import msgspec
import pytest

from diptych.edge.build import load_scenario
from diptych.model.arrangement import Arrangement
from diptych.model.conduct import Change, Conduct, Since, objection_probability
from diptych.model.scenario import Scenario
from diptych.sim.conduct import behaviour_of, hosts_of, is_asked_by_others, matters, needs_actor, senders


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    return load_scenario("europe-2012-four", arrangements=("all",), conducts=("all",))


def named(scenario: Scenario, name: str) -> Arrangement:
    return next(a for a in scenario.arrangements if a.id == name)


def mattering(scenario: Scenario, label: str) -> set[str]:
    conduct = behaviour_of(scenario, label)
    assert conduct is not None
    hosts = hosts_of(scenario.batteries, scenario.arrangements[0])
    return {a.id for a in scenario.arrangements if not a.is_baseline and matters(conduct, a, hosts)}


SHARING = {"coordinated", "sectoral-own-sector", "sectoral-cross-cover"}


@pytest.mark.parametrize(
    ("label", "where"),
    [
        ("cooperative", set()),
        ("late:russia", SHARING),
        ("degraded:nato", SHARING),
        ("flooding:russia", SHARING),
        ("deceptive:russia", SHARING),
        ("silent:russia", SHARING | {"dual-key"}),
        ("slow:nato", {"dual-key"}),
        ("claims-engagements:russia", {"coordinated"}),
        ("centre-lost:data-fusion", SHARING),
        ("centre-lost:planning-and-operations", {"coordinated"}),
        ("link-lost", SHARING),
        ("member-objects:TR", SHARING | {"alliance", "separate"}),
    ],
)
def test_a_conduct_matters_where_its_actor_tells_or_is_asked(scenario: Scenario, label: str, where: set[str]) -> None:
    assert mattering(scenario, label) == where


def test_a_party_that_is_asked_by_its_own_complex_alone_answers_it(scenario: Scenario) -> None:
    silent = behaviour_of(scenario, "silent:russia")
    assert silent is not None
    own, joint = named(scenario, "separate").complexes[1], named(scenario, "dual-key").complexes[0]
    assert not is_asked_by_others(silent, own, "duty-general", "russia", "rule-lookup", "intercept-over-own")
    assert is_asked_by_others(silent, own, "duty-general", "russia", "rule-lookup", "intercept-over-partner")
    assert is_asked_by_others(silent, joint, "russia-key", "russia", "second-key", "intercept-over-own")
    assert not is_asked_by_others(silent, joint, "nato-key", "nato", "authority", "intercept-over-own")


def test_one_member_of_a_standing_consensus_can_object_and_a_partner_cannot(scenario: Scenario) -> None:
    coordinated = named(scenario, "coordinated")
    from_nato = next(r for r in coordinated.sharing if r.sender == "nato" and r.product == "track")
    by = {label: behaviour_of(scenario, label) for label in ("member-objects:TR", "objecting:russia")}
    assert by["member-objects:TR"] is not None
    assert by["objecting:russia"] is not None
    assert needs_actor(by["member-objects:TR"], coordinated, from_nato)
    assert not needs_actor(by["objecting:russia"], coordinated, from_nato)
    from_centre = next(r for r in coordinated.sharing if r.sender == "fusion" and r.product == "track")
    assert needs_actor(by["objecting:russia"], coordinated, from_centre)
    from_russia = next(r for r in coordinated.sharing if r.sender == "russia" and r.product == "track")
    assert not needs_actor(by["member-objects:TR"], coordinated, from_russia)


def test_a_change_that_never_comes_to_pass_does_not_matter(scenario: Scenario) -> None:
    never = Conduct("never", "Never", "", "party", "russia", Since(), (Change("stop", probability=0.0),))
    assert not matters(never, named(scenario, "coordinated"), {})


def test_links_and_centres_send_what_passes_through_them(scenario: Scenario) -> None:
    lost, link = behaviour_of(scenario, "centre-lost:data-fusion"), behaviour_of(scenario, "link-lost")
    assert lost is not None
    assert link is not None
    coordinated = named(scenario, "coordinated")
    assert senders(lost, coordinated) == {"fusion"}
    assert senders(link, coordinated) == {"nato", "russia", "fusion", "planning"}


def test_a_conduct_the_scenario_was_not_loaded_with_is_refused_by_name(scenario: Scenario) -> None:
    bare = msgspec.structs.replace(scenario, behaviours=())
    assert behaviour_of(bare, "cooperative") is None
    with pytest.raises(ValueError, match="expected one that europe-2012-four was loaded with"):
        behaviour_of(bare, "silent:russia")


def test_a_voice_objects_with_the_probability_of_its_own_conduct_only(scenario: Scenario) -> None:
    objecting = behaviour_of(scenario, "objecting:nato")
    member = behaviour_of(scenario, "member-objects:TR")
    assert objection_probability(objecting, "fr.council", "nato") == 0.5
    assert objection_probability(objecting, "ru.council", "russia") == 0.0
    assert objection_probability(member, "tr.council", "nato") == 1.0
    assert objection_probability(member, "fr.council", "nato") == 0.0
    assert objection_probability(None, "fr.council", "nato") == 0.0
