"""The way from files to a scenario: names, settings, raid size, digest, resolved text."""

from itertools import pairwise

import pytest

from diptych.edge.build import arrangement_names, load, load_scenario, scenario_names
from diptych.edge.files import data_path
from diptych.edge.schema.documents import json_schema
from diptych.edge.schema.knobs import CHOICES, WORDS
from diptych.engagement.doctrine import shots_of
from diptych.kernels.flyout import READINGS
from diptych.model.errors import ScenarioError

SMALL = "europe-2012-four"


def test_every_shipped_scenario_loads():
    for name in scenario_names():
        assert load_scenario(name).id == name


def test_the_shipped_scenario_is_the_raid_of_twelve_on_the_day_of_the_summit():
    scenario = load_scenario("europe-2012")
    assert scenario.date == "2012-05-20"
    assert len(scenario.raid) == 12
    assert len({m.class_id for m in scenario.raid}) == 3
    assert [len(p.states) for p in scenario.parties] == [28, 1]
    assert max(m.launch_s for m in scenario.raid) <= 120.0
    assert all(m.aim_state for m in scenario.raid)


def test_only_sites_in_service_on_the_date_are_there():
    ids = {r.id for r in load_scenario(SMALL).radars}
    assert "kurecik" in ids  # since January 2012
    assert "gabala" in ids  # until December 2012
    assert "deveselu" not in ids  # since 2016


def test_all_arrangements_come_after_the_two_baselines_from_apart_to_joined():
    ids = [a.id for a in load_scenario(SMALL).arrangements]
    assert ids[:2] == ["alone/nato", "alone/russia"]
    assert ids[2:] == [n for n in arrangement_names() if n != "alone"]
    assert len(ids) == 10


def test_chosen_arrangements_keep_their_order_and_the_baselines():
    ids = [a.id for a in load_scenario(SMALL, arrangements=("dual-key", "separate")).arrangements]
    assert ids == ["alone/nato", "alone/russia", "dual-key", "separate"]


def test_a_raid_of_n_is_the_beginning_of_a_raid_of_n_plus_one():
    raids = [load_scenario(SMALL, arrangements=(), raid_size=n).raid for n in (1, 3, 4, 7, 50)]
    for shorter, longer in pairwise(raids):
        assert longer[: len(shorter)] == shorter
    assert [len(r) for r in raids] == [1, 3, 4, 7, 50]
    assert raids[-1][4].id == "ankara-2"
    assert raids[-1][4].launch_s == raids[-1][0].launch_s + 30.0
    assert len({m.id for m in raids[-1]}) == 50


@pytest.mark.parametrize("size", [0, 51, -1])
def test_a_raid_size_out_of_bounds_is_refused(size):
    with pytest.raises(ScenarioError, match="expected 1 to 50"):
        load_scenario(SMALL, raid_size=size)


def test_a_setting_changes_the_record_and_is_listed_as_changed():
    plain = load_scenario(SMALL, arrangements=("dual-key",))
    scenario = load_scenario(SMALL, arrangements=("dual-key",), settings={"stages.second-key": 300})
    times = {s.id: s.time_s for s in scenario.stages}
    assert times["second-key"] == 300.0
    changed = [a for a in scenario.assumptions if a.is_changed]
    assert [(a.key, a.mid, a.used) for a in changed] == [("stages.second-key.time_s", 120.0, 300.0)]
    assert scenario.digest != plain.digest


def test_the_exact_key_wins_over_the_beginning_of_one():
    scenario = load_scenario(
        SMALL, settings={"stages.second-key": 90.0, "stages": "high", "all": "low"}, arrangements=("dual-key",)
    )
    times = {s.id: s.time_s for s in scenario.stages}
    assert (times["second-key"], times["authority"], times["classify"]) == (90.0, 120.0, 120.0)
    assert scenario.infrareds[0].delay_s == 0.0


def test_settings_are_in_the_units_of_the_files_and_records_in_si():
    scenario = load_scenario(
        SMALL, settings={"interceptors.midcourse-30.basket_km": 7.5, "sensors.forward-x-band.el_min_deg": 3}
    )
    kinds = {c.id: c for c in scenario.interceptor_classes}
    assert kinds["midcourse-30"].basket_m == 7500.0
    radar = next(r for r in scenario.radars if r.id == "kurecik")
    assert radar.el_min_rad == pytest.approx(0.0523598775598, abs=1e-12)


@pytest.mark.parametrize(
    ("key", "value", "text"),
    [
        ("stages.second-kee", 10, "did you mean 'stages.second-key'"),
        ("stages.foo", 3, "; the nearest are stages."),
        ("stage.second-key", 3, "did you mean 'stages.second-key'"),
        ("foo", 3, "; keys begin with debris, infrareds, interceptors, launch_error_mps, sensors, sites, stages, "),
        ("stages.second-key", "soon", "expected a number, low, mid or high, found 'soon'"),
        ("stages.second-key", -1, "expected a number of at least 0, found -1"),
        ("interceptors.midcourse-30.kill_probability", 2, "expected a number from 0 to 1, found 2"),
        ("sites.med-ship.ready_count", 2.5, "expected a whole number of at least 0, found 2.5"),
        ("stages.second-key", float("nan"), "expected a finite number, found nan"),
        (
            "interceptors.midcourse-30.doctrine",
            "twice",
            "expected one of shoot-look-shoot, salvo, low, mid, high, found ",
        ),
        ("interceptors.midcourse-30.doctrine", 1, "expected one of shoot-look-shoot, salvo, low, mid, high, found 1"),
        ("interceptors.lower-tier.burnout_speed_reading", "ideal", "expected a key that this scenario uses"),
    ],
)
def test_a_setting_that_does_not_hold_says_why(key, value, text):
    with pytest.raises(ScenarioError) as caught:
        load_scenario(SMALL, settings={key: value})
    assert text in str(caught.value)
    assert caught.value.problems[0].file == "--set"


def test_doctrine_and_salvo_of_a_class_are_set_by_word_and_number_and_change_orders_that_are_given():
    key = "interceptors.midcourse-30"
    shipped = {c.id: c for c in load_scenario(SMALL).interceptor_classes}["midcourse-30"]
    found = load_scenario(SMALL, settings={f"{key}.doctrine": "salvo", f"{key}.salvo": 3})
    kind = {c.id: c for c in found.interceptor_classes}["midcourse-30"]
    assert (kind.doctrine, kind.salvo, kind.max_shots) == ("salvo", 3, shipped.max_shots)
    assert [shots_of(shipped, fired, 9) for fired in (0, 1)] == [1, 1]
    assert [shots_of(kind, fired, 9) for fired in (0, 3)] == [3, 0]
    changed = {a.key: (a.said(a.mid), a.said(a.used)) for a in found.assumptions if a.is_changed}
    assert changed == {f"{key}.doctrine": ("shoot-look-shoot", "salvo"), f"{key}.salvo": (1.0, 3.0)}


def test_what_a_burnout_speed_is_the_speed_of_is_an_assumption_of_flown_out_classes_only():
    found = {a.key: a for a in load_scenario(SMALL).assumptions if a.key.endswith("burnout_speed_reading")}
    assert "interceptors.midcourse-30.burnout_speed_reading" in found
    assert "interceptors.lower-tier.burnout_speed_reading" not in found
    for one in found.values():
        assert (one.said(one.low), one.said(one.mid), one.said(one.high)) == ("ideal", "surface", "achieved")
    low = load_scenario(SMALL, settings={"interceptors.midcourse-30": "low"})
    assert {c.id: c.burnout_speed_reading for c in low.interceptor_classes}["midcourse-30"] == "ideal"


def test_words_of_choices_are_those_of_the_schema_and_of_the_kernel():
    words = json_schema("scenario")["properties"]["assumptions"]["additionalProperties"]["anyOf"][0]["oneOf"][1]["enum"]
    assert set(words) == {*WORDS, *(word for choice in CHOICES.values() for word in choice)}
    assert set(CHOICES["burnout_speed_reading"]) == set(READINGS)


def test_the_resolved_text_loads_to_the_same_digest(tmp_path):
    mine = tmp_path / "mine.yaml"
    text = data_path("arrangements", "coordinated.yaml").read_text().replace("id: coordinated", "id: mine")
    mine.write_text(text)
    loaded = load(
        SMALL,
        arrangements=("separate", str(mine)),
        settings={
            "stages.exchange": "high",
            "launch_error_mps": 2.0,
            "interceptors.midcourse-30.doctrine": "salvo",
            "interceptors.midcourse-30.burnout_speed_reading": "achieved",
        },
        raid_size=6,
    )
    copy = tmp_path / "elsewhere" / "scenario.yaml"
    copy.parent.mkdir()
    copy.write_text(loaded.resolved_yaml)
    mine.unlink()
    again = load_scenario(str(copy))
    assert again == loaded.scenario
    assert [a.id for a in again.arrangements] == ["alone/nato", "alone/russia", "separate", "mine"]


def test_a_comment_or_another_order_of_keys_changes_no_digest(tmp_path):
    text = data_path("scenarios", f"{SMALL}.yaml").read_text()
    path = tmp_path / "same.yaml"
    path.write_text(text.replace("extends:", "# a remark\nextends:"))
    assert load_scenario(str(path)).digest == load_scenario(SMALL).digest


def test_a_list_that_extends_replaces_and_null_drops(tmp_path):
    path = tmp_path / "mine.yaml"
    path.write_text(
        "schema: diptych/scenario/1\nextends: europe-2012-four\nid: mine\nnotes: [one]\n"
        "raid: {athens: null, ankara: {count: 2, spacing_s: 7}}\n"
    )
    scenario = load_scenario(str(path), arrangements=())
    assert scenario.notes == ("one",)
    assert [(m.id, m.launch_s) for m in scenario.raid] == [
        ("ankara", 0.0),
        ("krasnodar", 20.0),
        ("istanbul", 30.0),
        ("ankara-2", 7.0),
    ]


def test_an_added_asset_and_a_changed_site_stand_in_the_records_with_their_source(tmp_path):
    path = tmp_path / "mine.yaml"
    path.write_text(
        "schema: diptych/scenario/1\nextends: europe-2012-four\nid: mine\n"
        "assets:\n"
        "  leave-out: [munich-lower]\n"
        "  change: {med-ship: {lat_deg: 35.5, ready_count: {low: 1, mid: 2, high: 3, source: mine}, source: mine}}\n"
        "  add:\n"
        "    extra: {title: Extra, kind: sea, owner: US, lat_deg: 40, lon_deg: 5, sensor: naval-s-band,\n"
        "      interceptor: midcourse-30, ready_count: {value: 4, source: mine}, source: mine}\n"
        "sources: {mine: {title: Mine, grade: assumed, note: Because.}}\n"
    )
    scenario = load_scenario(str(path), arrangements=())
    batteries = {b.id: b for b in scenario.batteries}
    assert "munich-lower-battery" not in batteries
    assert batteries["med-ship-battery"].magazine == 2
    assert batteries["med-ship-battery"].place.lat_rad == pytest.approx(0.619591884, abs=1e-8)
    assert batteries["extra-battery"].magazine == 4
    assert {r.id for r in scenario.radars} >= {"extra", "med-ship"}
    assumption = next(a for a in scenario.assumptions if a.key == "sites.med-ship.ready_count")
    assert (assumption.low, assumption.high, assumption.source.title) == (1.0, 3.0, "Mine")


def test_a_site_whose_availability_is_set_to_one_joins():
    assert [i.id for i in load_scenario(SMALL, arrangements=()).infrareds] == ["us-space-warning"]
    more = load_scenario(SMALL, arrangements=(), settings={"sites.oko-space-warning.availability": 1})
    assert [i.id for i in more.infrareds] == ["oko-space-warning", "us-space-warning"]
