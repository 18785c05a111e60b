"""Each property with an arrangement that has it and one that lacks it; and what makes an arrangement broken."""

import pytest
from msgspec.structs import replace

from diptych.command.blockers import blockers_of
from diptych.command.properties import PROPERTIES, Finding, check, fires_by_silence, is_broken
from diptych.edge.build import load_scenario
from diptych.edge.ground import load_ground
from diptych.model.arrangement import (
    Arrangement,
    Centre,
    Complex,
    Consent,
    Deliberation,
    Responsibility,
    Sector,
    Sharing,
    Stage,
    Step,
    Stop,
    Wait,
)
from tests.helpers.small import CLASSIFY, LOOK_UP, STATES, path_to, small_arrangement

STAGES = tuple(Stage(act, act, time_s, 0.0) for act, time_s in (("classify", 90.0), ("rule-lookup", 30.0)))
RUSSIAN = Consent(
    "russia",
    "intercept-over-own",
    "delegated",
    (
        Step("classify", ("russia.watch",), ("russia",), 1, "watch:classify"),
        Step("rule-lookup", ("duty-general",), ("russia",), 1, "delegated:duty-general"),
    ),
    (),
)


def two(consent: Consent | None = None, **changes: object) -> Arrangement:
    """Return two complexes, each with a path over its own territory."""
    whole = small_arrangement(consent or path_to((CLASSIFY, LOOK_UP)))
    return replace(whole, consents=(*whole.consents, RUSSIAN), **changes)


def found(arrangement: Arrangement, name: str) -> Finding:
    return next(f for f in check(arrangement, STAGES, STATES, 400.0) if f.property == name)


def held(arrangement: Arrangement, name: str) -> bool:
    return found(arrangement, name).holds


def told(arrangement: Arrangement, name: str) -> str:
    return " ".join(found(arrangement, name).counterexample)


def key_of(party: str) -> Consent:
    """Return NATO's path with a second key held by a party."""
    return path_to((CLASSIFY, LOOK_UP, Step("second-key", ("key",), (party,), 1, "dual-key:key")))


# --- the eight arrangements ---------------------------------------------------------------------------------


def test_every_claim_of_the_shipped_arrangements_holds_and_none_is_broken() -> None:
    scenario = load_scenario("europe-2012-four", arrangements=("all",))
    party_states = {p.id: frozenset(p.states) for p in scenario.parties}
    ground = load_ground(frozenset().union(*party_states.values()))
    whole = [a for a in scenario.arrangements if not a.is_baseline]
    assert len(whole) == 8
    results = {a.id: check(a, scenario.stages, party_states, 400.0, ground=ground) for a in whole}
    assert [f for findings in results.values() for f in findings if is_broken(f)] == []
    lacking = {name for name, findings in results.items() if not findings[0].holds}
    assert next(iter(PROPERTIES)) == "no-outside-veto"
    assert lacking == {"sectoral-cross-cover", "sectoral-own-sector", "dual-key", "single-operator"}
    story = " ".join(results["dual-key"][0].counterexample)
    assert "russia-key is asked (second-key) and says nothing or says no" in story
    assert "t = 400 s: the window closes: nothing is fired" in story
    baltic = " ".join(results["sectoral-own-sector"][0].counterexample)
    assert "nato's territory (EE), where russia alone may fire" in baltic


# --- the other side -----------------------------------------------------------------------------------------


def test_a_second_key_is_an_outside_veto_if_the_partner_holds_it_and_none_if_an_ally_does() -> None:
    assert held(two(key_of("nato")), "no-outside-veto")
    assert not held(two(key_of("russia")), "no-outside-veto")
    assert "key, nobody of nato among them, blocked it for good" in told(two(key_of("russia")), "no-outside-veto")


def test_a_partner_who_must_agree_to_own_rules_has_a_veto_and_one_who_must_agree_to_the_plan_has_none() -> None:
    def agreed(matter: str) -> Arrangement:
        mine = Deliberation(
            matter, "nato", "consensus", ("tr.council",), ("nato",), 1, "silence", 3600.0, is_joint=True
        )
        theirs = Deliberation(matter, "russia", "unilateral", ("staff",), ("russia",), 1, "silence", 3600.0)
        return two(deliberations=(mine, theirs))

    assert held(agreed("change-plan"), "no-outside-veto")
    assert not held(agreed("set-rules"), "no-outside-veto")


def test_a_veto_is_found_where_there_are_too_many_sets_to_list() -> None:
    def weighed(need: int) -> Arrangement:
        roles = tuple(f"r{i}" for i in range(24))
        parties = tuple("russia" if i % 2 else "nato" for i in range(24))
        votes = tuple(101 + i * i for i in range(24))
        return two(path_to((CLASSIFY, Step("authority", roles, parties, need, "weighted", votes))))

    listed = blockers_of(weighed(3000), STAGES, STATES, 400.0, actions=("intercept-over-own",))
    assert listed[0].status == "too-many"
    assert held(weighed(3000), "no-outside-veto")  # NATO's own 3236 votes are enough
    assert not held(weighed(3300), "no-outside-veto")


def test_a_sector_owner_who_does_nothing_is_a_veto_by_geography() -> None:
    east = Sector("russia", "east", ((0.0, 1.0), (0.0, 2.0), (1.0, 2.0), (1.0, 1.0)))
    duty = Responsibility("sector", "both-fire", (east, Sector("nato", "rest", ())), "impact")
    help_partner = replace(RUSSIAN, action="intercept-over-partner")
    whole = two(responsibility=duty)
    whole = replace(whole, consents=(*whole.consents, help_partner))
    ground = {"TR": ((0.5, 1.5),), "GR": ((0.5, 0.5),), "RU": ((0.6, 1.6),)}
    in_the_east = {f.property: f for f in check(whole, STAGES, STATES, 400.0, ground=ground)}
    assert not in_the_east["no-outside-veto"].holds
    assert in_the_east["every-territory-has-an-owner"].holds
    all_west = {**ground, "TR": ((0.5, 0.6),)}
    assert {f.property: f for f in check(whole, STAGES, STATES, 400.0, ground=all_west)}["no-outside-veto"].holds


def test_a_deputy_of_the_partner_commands_across_and_a_deputy_of_ones_own_does_not() -> None:
    def passed_to(party: str) -> Arrangement:
        waits = (Wait("rule-lookup", 60.0, "pass-to", "deputy", party), Wait("rule-lookup", None, "hold"))
        return two(path_to((CLASSIFY, LOOK_UP), waits))

    assert held(passed_to("nato"), "no-cross-command")
    assert "deputy: yes. Nobody else is asked" in told(passed_to("russia"), "no-cross-command")


def test_a_stop_by_the_partner_is_a_command_across() -> None:
    assert held(two(stops=(Stop("nato", "saceur", "nato"),)), "no-cross-command")
    assert "general (russia) says stop" in told(two(stops=(Stop("nato", "general", "russia"),)), "no-cross-command")


def test_a_side_without_a_system_of_its_own_or_with_a_partner_on_its_path_loses_it_with_the_link() -> None:
    assert held(two(), "centre-loss-safe")
    assert "needs key" in told(two(key_of("russia")), "centre-loss-safe")
    joint = two(complexes=(Complex("nato", "joint", ("nato", "russia"), ("TR", "RU")),))
    assert "no complex of its own" in told(joint, "centre-loss-safe")


# --- silence and ends ---------------------------------------------------------------------------------------


def test_a_wait_that_engages_is_named_with_its_act_and_complex() -> None:
    firing = small_arrangement(path_to((CLASSIFY, LOOK_UP), (Wait("rule-lookup", 20.0, "engage"),)))
    assert fires_by_silence(firing) == ("rule-lookup (over own territory, nato)",)
    assert held(firing, "fires-by-silence")
    assert not held(two(), "fires-by-silence")


def test_a_wait_on_an_act_that_is_not_on_the_path_fires_nothing() -> None:
    idle = small_arrangement(path_to((CLASSIFY, LOOK_UP), (Wait("authority", 20.0, "engage"),)))
    assert fires_by_silence(idle) == ()


def test_a_path_that_needs_nobodys_yes_fires_by_silence_without_saying_so() -> None:
    assert held(two(), "nothing-by-silence-unless-said")
    assert not held(two(path_to(())), "nothing-by-silence-unless-said")
    assert not held(two(path_to((replace(LOOK_UP, need=0),))), "nothing-by-silence-unless-said")


@pytest.mark.parametrize(
    ("consent", "word"),
    [
        (path_to((CLASSIFY, replace(LOOK_UP, need=2))), "can give 1 of the 2 votes"),
        (path_to((LOOK_UP,), (Wait("rule-lookup", 9.0, "pass-to", "saceur", "nato"),)), "goes round and never ends"),
        (path_to((LOOK_UP,), (Wait("rule-lookup", 9.0, "pass-to", "deputy", "nato"),)), "neither hold nor engage"),
        (path_to((LOOK_UP,), (Wait("rule-lookup", None, "engage"),)), "too late to help"),
    ],
)
def test_a_path_that_cannot_end_is_told_and_breaks_the_arrangement(consent: Consent, word: str) -> None:
    finding = found(two(consent), "every-path-ends")
    assert word in " ".join(finding.counterexample)
    assert is_broken(finding)


def test_a_deputy_who_then_holds_ends_the_path() -> None:
    waits = (Wait("rule-lookup", 9.0, "pass-to", "deputy", "nato"), Wait("rule-lookup", None, "hold"))
    assert held(two(path_to((LOOK_UP,), waits)), "every-path-ends")


def test_centres_that_pass_a_record_round_never_end() -> None:
    def rule(sender: str, receiver: str) -> Sharing:
        return Sharing("track", sender, receiver, 0.0, 0.0, "correlate", "always", "both-staffs")

    centres = (Centre("a", "A", "data-fusion", ("nato",)), Centre("b", "B", "data-fusion", ("nato",)))
    circle = two(centres=centres, sharing=(rule("nato", "a"), rule("a", "b"), rule("b", "a")))
    assert "b passes it on to a" in told(circle, "every-path-ends")
    assert held(two(centres=centres, sharing=(rule("nato", "a"), rule("a", "b"))), "every-path-ends")


# --- territory ----------------------------------------------------------------------------------------------


def square(owner: str, west: float) -> Sector:
    """Return a square of one radian from a western edge."""
    return Sector(owner, owner, ((0.0, west), (0.0, west + 1.0), (1.0, west + 1.0), (1.0, west)))


def test_territory_in_no_sector_or_in_one_whose_owner_may_not_fire_has_no_owner() -> None:
    duty = Responsibility("sector", "both-fire", (square("nato", 0.0), square("russia", 1.0)), "impact")
    ground = {"TR": ((0.5, 0.5),), "GR": ((0.5, 0.6),), "RU": ((0.5, 1.5),)}

    def has_owner(points: dict[str, tuple[tuple[float, float], ...]]) -> Finding:
        findings = check(two(responsibility=duty), STAGES, STATES, 400.0, ground=points)
        return next(f for f in findings if f.property == "every-territory-has-an-owner")

    assert has_owner(ground).holds
    outside = has_owner({**ground, "GR": ((0.5, 5.0),)})
    assert "nato's territory (sector of nobody)" in outside.counterexample[0]
    assert is_broken(outside)
    assert not has_owner({**ground, "GR": ((0.5, 1.5),)}).holds  # Russia has no path over NATO's territory here


def test_a_party_that_no_complex_serves_has_no_owner() -> None:
    findings = check(two(), STAGES, {**STATES, "ukraine": frozenset({"UA"})}, 400.0)
    found = next(f for f in findings if f.property == "every-territory-has-an-owner")
    assert not found.holds
    assert is_broken(found)
    assert "No complex serves ukraine" in found.counterexample[1]


def test_two_owners_of_one_place_and_an_owner_nobody_knows_break_the_sectors() -> None:
    def sectors(*given: Sector) -> Arrangement:
        return two(responsibility=Responsibility("sector", "both-fire", given, "impact"))

    apart = (square("nato", 0.0), square("russia", 1.0))
    assert held(sectors(*apart), "one-owner-per-sector")
    assert not held(sectors(square("nato", 0.0), square("russia", 0.5)), "one-owner-per-sector")
    assert not held(sectors(square("nato", 0.0), square("russia", 0.0)), "one-owner-per-sector")
    assert held(sectors(*apart, Sector("nato", "rest", ())), "one-owner-per-sector")
    assert "which no complex is" in told(sectors(square("nobody", 0.0)), "one-owner-per-sector")


# --- sharing ------------------------------------------------------------------------------------------------


def intention(sender: str, receiver: str) -> Sharing:
    return Sharing("engagement-intention", sender, receiver, 0.0, 0.0, "exchange", "always", "owner")


def test_two_engagements_of_one_object_are_detected_where_each_is_told_of_the_others() -> None:
    assert not held(two(), "double-engagement-detected")
    both = (intention("nato", "russia"), intention("russia", "nato"))
    assert held(two(sharing=both), "double-engagement-detected")
    assert "No rule tells nato of it" in told(two(sharing=both[:1]), "double-engagement-detected")


def test_a_centre_may_pass_on_only_what_it_got_and_only_to_those_who_staff_it() -> None:
    centre = Centre("fusion", "Fusion", "data-fusion", ("nato",))

    def rule(product: str, sender: str, receiver: str) -> Sharing:
        return Sharing(product, sender, receiver, 0.0, 0.0, "exchange", "always", "owner")

    inward, outward = rule("track", "nato", "fusion"), rule("track", "fusion", "nato")
    assert held(two(centres=(centre,), sharing=(inward, outward)), "provenance-kept")
    assert "come from nowhere" in told(two(centres=(centre,), sharing=(outward,)), "provenance-kept")
    stranger = rule("track", "fusion", "russia")
    assert "nobody of whom serves there" in told(two(centres=(centre,), sharing=(inward, stranger)), "provenance-kept")


# --- claims -------------------------------------------------------------------------------------------------


def test_a_claim_that_fails_breaks_an_arrangement_and_a_property_not_claimed_does_not() -> None:
    vetoed = two(key_of("russia"))
    assert not is_broken(found(vetoed, "no-outside-veto"))
    assert is_broken(found(replace(vetoed, claims=("no-outside-veto",)), "no-outside-veto"))


def test_a_claim_that_is_no_property_is_said_so() -> None:
    finding = found(two(claims=("no-veto",)), "no-veto")
    assert is_broken(finding)
    assert "there is no such property. Known: no-outside-veto" in finding.counterexample[0]


def test_a_window_too_short_for_the_path_is_no_veto_of_outsiders() -> None:
    findings = {f.property: f for f in check(two(), STAGES, STATES, 10.0)}
    assert findings["no-outside-veto"].holds
