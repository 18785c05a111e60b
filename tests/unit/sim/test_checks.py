"""Lint rules that need physics: each finds what it should and is silent about the shipped raid."""

import math

import msgspec
import pytest

from diptych.edge.build import load, load_scenario
from diptych.edge.catalogue import load_catalogue
from diptych.edge.geography import load_territory
from diptych.edge.lint import has_errors, lint, lint_json, lint_text, placed
from diptych.edge.schema.assets import place_of
from diptych.edge.schema.raid import shipped_threats
from diptych.model.errors import ScenarioError
from diptych.sim import checks
from diptych.sim.checks import CHECKS, Surroundings, check_scenario, nameless


@pytest.fixture(scope="module")
def scenario():
    return load_scenario("europe-2012-four", arrangements=("alliance", "separate", "coordinated"))


@pytest.fixture(scope="module")
def around():
    return Surroundings(load_territory(), shipped_threats(load_catalogue()))


def found(rule, scenario, around):
    return [(f.check, f.text) for f in rule(scenario, around)]


def first_with(items, changed):
    return (changed, *items[1:])


def test_the_shipped_scenario_has_no_errors_and_every_finding_stands_in_the_table():
    findings = lint("europe-2012")
    assert not has_errors(findings)
    assert {f.check for f in findings} <= set(CHECKS)
    assert all(f.severity == CHECKS[f.check][0] for f in findings)
    assert all(f.line > 0 for f in findings)


def test_every_rule_is_named_in_the_table_and_every_physics_name_has_a_rule(scenario, around):
    assert {f.check for f in check_scenario(scenario, around)} <= set(CHECKS)
    assert all(severity in ("error", "warning", "note") and text for severity, text in CHECKS.values())


def test_a_missile_that_falls_short_is_told_by_how_much_and_what_would_reach(scenario, around):
    far = place_of("Lisbon", math.radians(38.72), math.radians(-9.14), 0.0)
    raid = first_with(scenario.raid, msgspec.structs.replace(scenario.raid[0], aim=far))
    ((check, text),) = found(checks.raid_in_reach, msgspec.structs.replace(scenario, raid=raid), around)
    assert check == "raid-out-of-reach"
    assert (
        "km short; icbm-10000-solid or icbm-10000-liquid would reach, or move the launch or the aim to within 1" in text
    )
    short_km = float(text.split("it falls ")[1].split(" km")[0])
    distance_km = float(text.split("(")[1].split(" km")[0])
    assert 1200.0 < distance_km - short_km < 1500.0  # what a 1300 km class covers


def test_an_aim_too_near_is_another_answer(scenario, around):
    start = scenario.raid[1].launch
    near = place_of("Next door", start.lat_rad + 20e3 / 6371e3, start.lon_rad, 0.0)
    raid = (msgspec.structs.replace(scenario.raid[1], aim=near),)
    ((_, text),) = found(checks.raid_in_reach, msgspec.structs.replace(scenario, raid=raid), around)
    assert "the aim too near" in text


def test_a_land_site_in_the_sea_and_one_in_the_wrong_state_are_found(scenario, around):
    sea = place_of("Sea", math.radians(43.5), math.radians(34.0), 0.0)
    greece = place_of("Greece", math.radians(39.6), math.radians(21.8), 0.0)
    kurecik = next(r for r in scenario.radars if r.id == "kurecik")
    for place, expected in ((sea, "site-in-sea"), (greece, "site-outside-host"), (kurecik.place, None)):
        moved = msgspec.structs.replace(scenario, radars=(msgspec.structs.replace(kurecik, place=place),), batteries=())
        assert [c for c, _ in found(checks.sites_on_land, moved, around)] == ([expected] if expected else [])


def test_a_battery_without_a_radar_of_its_own_party_is_uncovered(scenario, around):
    radars = tuple(r for r in scenario.radars if r.owner == "RU")
    changed = msgspec.structs.replace(scenario, radars=radars)
    bare = {t.split(" above ")[1].split(",")[0] for c, t in found(checks.batteries_covered, changed, around)}
    assert bare == {b.id for b in scenario.batteries if b.owner != "RU"}
    assert found(checks.batteries_covered, scenario, around) == []


def test_an_empty_battery_is_named(scenario, around):
    empty = msgspec.structs.replace(scenario.batteries[0], magazine=0)
    changed = msgspec.structs.replace(scenario, batteries=first_with(scenario.batteries, empty))
    assert ("battery-empty", f"expected interceptors at {empty.id}, found none") in found(
        checks.batteries_covered, changed, around
    )


def test_a_battery_that_nobody_can_guide_is_named_with_what_its_class_knows(scenario, around):
    assert found(checks.batteries_guided, scenario, around) == []
    alone = msgspec.structs.replace(scenario.batteries[0], radars=())
    changed = msgspec.structs.replace(scenario, batteries=first_with(scenario.batteries, alone))
    ((check, text),) = found(checks.batteries_guided, changed, around)
    assert check == "battery-unguided"
    assert f"{alone.class_id} on 2012-05-20 knows organic" in text
    assert "cannot fire" in text
    remote = tuple(msgspec.structs.replace(c, modes=("engage-on-remote",)) for c in scenario.interceptor_classes)
    changed = msgspec.structs.replace(changed, interceptor_classes=remote)
    assert found(checks.batteries_guided, changed, around) == []


def test_a_state_that_is_aimed_at_without_a_battery_is_found(scenario, around):
    batteries = tuple(b for b in scenario.batteries if b.owner != "RU")
    changed = msgspec.structs.replace(scenario, batteries=batteries)
    assert ("member-undefended", "expected a battery of russia in reach of RU (aim of krasnodar), found none") in found(
        checks.members_defended, changed, around
    )


def test_an_aim_in_a_state_of_no_party_is_found(scenario, around):
    raid = first_with(scenario.raid, msgspec.structs.replace(scenario.raid[0], aim_state="SE"))
    ((check, _),) = found(checks.aims_inside_parties, msgspec.structs.replace(scenario, raid=raid), around)
    assert check == "aim-outside-parties"


def test_a_delay_without_a_range_and_a_value_outside_its_range_are_found(scenario, around):
    changed = tuple(
        msgspec.structs.replace(a, low=a.mid, high=a.mid)
        if a.key == "stages.classify.time_s"
        else msgspec.structs.replace(a, used=a.high + 1.0)
        if a.key == "infrareds.us.delay_s"
        else a
        for a in scenario.assumptions
    )
    names = [
        c for c, _ in found(checks.delays_have_ranges, msgspec.structs.replace(scenario, assumptions=changed), around)
    ]
    assert names == ["delay-without-range", "value-outside-range"]
    assert found(checks.delays_have_ranges, scenario, around) == []


def test_only_arrangements_with_the_same_rules_are_called_identical(scenario, around):
    notes = found(checks.arrangements_differ, scenario, around)
    assert [t.split(" have")[0] for _, t in notes] == ["separate and alliance"]


def test_names_of_roles_do_not_make_a_difference_but_an_act_does(scenario):
    alliance = next(a for a in scenario.arrangements if a.id == "alliance")
    consent = next(c for c in alliance.consents if c.steps)
    renamed = msgspec.structs.replace(consent.steps[-1], roles=("general",))
    same = msgspec.structs.replace(consent, steps=(*consent.steps[:-1], renamed))
    fewer = msgspec.structs.replace(consent, steps=consent.steps[:-1])

    def with_consent(new):
        return msgspec.structs.replace(alliance, consents=tuple(new if c is consent else c for c in alliance.consents))

    assert nameless(with_consent(same)) == nameless(alliance)
    assert nameless(with_consent(fewer)) != nameless(alliance)


def test_lint_speaks_text_and_json_about_the_same_findings():
    findings = lint("no-such-scenario")
    assert has_errors(findings)
    assert lint_text(findings).endswith("\n1 error, 0 warnings, 0 notes\n")
    assert '"check": "form"' in lint_json(findings)


def test_a_site_named_before_its_time_is_a_warning(tmp_path):
    path = tmp_path / "mine.yaml"
    path.write_text(
        "schema: diptych/scenario/1\nextends: europe-2012-four\nid: mine\nassets: {sites: [kurecik, deveselu]}\n"
        "arrangements: [separate]\n"
    )
    (finding,) = [f for f in lint(str(path)) if f.check == "sensor-not-in-service"]
    assert (finding.line, finding.column) == (4, 27)
    assert "found deveselu (2016-12-31 to no known end)" in finding.text


def test_a_run_can_say_an_unreachable_aim_as_lint_does(tmp_path):
    path = tmp_path / "far.yaml"
    path.write_text(
        "schema: diptych/scenario/1\nextends: europe-2012-four\nid: far\narrangements: [separate]\nraid:\n"
        "  ankara: {class: srbm-300}\n"
    )
    loaded = load(str(path))
    (finding,) = [f for f in lint(str(path)) if f.severity == "error"]
    error = placed(ScenarioError("raid: ankara cannot fly"), loaded)
    assert str(error) == f"{path}:6:3: raid.ankara: {finding.text}"
    other = ScenarioError("something else")
    assert placed(other, load("europe-2012-four", arrangements=("separate",))) is other
