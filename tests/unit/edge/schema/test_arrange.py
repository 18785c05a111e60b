"""From arrangement files to records: templates, steps, waits, and the shipped files."""

import msgspec
import pytest

from diptych.edge.build import load, load_scenario
from diptych.edge.files import data_names, data_path, parse
from diptych.edge.lint import lint, lint_text
from diptych.edge.schema.arrange import Setting, read_arrangement
from diptych.edge.schema.documents import new_text
from diptych.model.arrangement import ACTIONS
from diptych.model.scenario import Party

UNDER_RULES = "{rule: delegated, holder: saceur, under: agreed-rules, outside-rules: consult}"
SETTING = Setting(
    parties=(Party("nato", "NATO", ("DE", "NL", "TR", "US")), Party("russia", "Russia", ("RU",))),
    owners=frozenset({"DE", "US", "RU", "NL"}),
    acts={
        "classify": "watch",
        "rule-lookup": "holder",
        "authority": "holder",
        "second-key": "second",
        "council": "council",
        "host-consent": "host",
        "sector-handover": "watch",
        "exchange": "link",
        "correlate": "centre",
    },
    names={"DE": "Germany", "NL": "Netherlands"},
)


def shipped(name: str) -> str:
    return data_path("arrangements", f"{name}.yaml").read_text()


def read(text: str):
    found = read_arrangement(parse(text, "f.yaml"), SETTING)
    return found.arrangements, found.problems


def one(text: str):
    (found,), problems = read(text)
    assert problems == ()
    return found


@pytest.mark.parametrize("name", data_names("arrangements"))
def test_every_shipped_file_has_a_consent_of_every_complex_for_every_action(name):
    found, problems = read(shipped(name))
    assert problems == ()
    for arrangement in found:
        pairs = {(c.complex_id, c.action) for c in arrangement.consents}
        assert pairs == {(c.id, action) for c in arrangement.complexes for action in ACTIONS}
        for consent in arrangement.consents:
            assert bool(consent.steps) == (consent.kind != "forbidden")
            assert {w.act for w in consent.waits} == {s.act for s in (*consent.steps, *consent.outside_steps)}
            assert all(len(s.roles) == len(s.parties) >= s.need >= 1 for s in consent.steps)


def test_the_baseline_unfolds_to_one_arrangement_per_party():
    found, _ = read(shipped("alone"))
    assert [(a.id, [c.id for c in a.complexes], a.is_baseline) for a in found] == [
        ("alone/nato", ["nato"], True),
        ("alone/russia", ["russia"], True),
    ]
    assert found[0].consents[0].steps[-1].roles == ("nato.commander",)


def test_each_other_member_unfolds_to_the_states_that_own_something():
    arrangement = one(shipped("national"))
    assert [(c.id, c.title, c.owners) for c in arrangement.complexes] == [
        ("us", "US complex in Europe", ("US",)),
        ("de", "National complex of Germany", ("DE",)),
        ("nl", "National complex of Netherlands", ("NL",)),
        ("russia", "Russian complex", ("RU",)),
    ]
    us = next(c for c in arrangement.consents if c.complex_id == "us" and c.steps)
    assert [s.roles for s in us.steps] == [("us.watch",), ("us-command",), ("host",)]


def test_both_keys_stand_on_the_path_and_belong_to_different_parties():
    consent = next(c for c in one(shipped("dual-key")).consents if c.steps)
    assert [(s.act, s.roles, s.parties) for s in consent.steps] == [
        ("classify", ("joint.watch",), ("joint",)),
        ("authority", ("nato-key",), ("nato",)),
        ("second-key", ("russia-key",), ("russia",)),
    ]


def test_sharing_through_a_centre_unfolds_to_every_member_of_its_staff():
    rules = [(s.product, s.sender, s.receiver) for s in one(shipped("coordinated")).sharing if s.product == "track"]
    assert rules == [
        ("track", "nato", "fusion"),
        ("track", "russia", "fusion"),
        ("track", "fusion", "nato"),
        ("track", "fusion", "russia"),
    ]


def test_a_notice_to_the_partner_goes_to_the_other_party_only():
    assert [(s.sender, s.receiver) for s in one(shipped("separate")).sharing] == [
        ("nato", "russia"),
        ("russia", "nato"),
    ]


def test_the_rest_of_the_region_is_a_last_sector_without_corners():
    sectors = one(shipped("sectoral-own-sector")).responsibility.sectors
    assert sectors[-1].corners_rad == ()
    assert all(s.corners_rad for s in sectors[:-1])


def test_an_act_without_a_wait_holds_to_the_end_of_the_window():
    text = shipped("alliance").replace(
        "waits:\n  - {on: rule-lookup, silent-after: window, then: hold}\n", "waits: []\n"
    )
    consent = next(c for c in one(text).consents if c.steps)
    assert [w.act for w in consent.waits] == ["classify", "rule-lookup", "council"]
    assert {(w.after_s, w.then) for w in consent.waits} == {(None, "hold")}


def test_a_chain_of_waits_keeps_its_order():
    text = shipped("dual-key").replace(
        "  - {on: authority, silent-after: window, then: hold}\n",
        "  - {on: authority, after_s: 30, then: pass-to, to: russia-key}\n"
        "  - {on: authority, after_s: 60, then: engage}\n",
    )
    consent = next(c for c in one(text).consents if c.steps)
    chain = [(w.after_s, w.then, w.to_role, w.to_party) for w in consent.waits if w.act == "authority"]
    assert chain == [(30.0, "pass-to", "russia-key", "russia"), (60.0, "engage", "", "")]


def test_the_council_asks_every_member_and_needs_all():
    text = (
        shipped("alliance")
        .replace(f"nato: {UNDER_RULES}", "nato: {rule: consensus}")
        .replace("[classify, rule-lookup]", "{nato: [classify, council], russia: [classify, rule-lookup]}")
    )
    consent = next(c for c in one(text).consents if c.complex_id == "nato" and c.steps)
    assert consent.steps[-1].roles == ("de.council", "nl.council", "tr.council", "us.council")
    assert consent.steps[-1].need == 4


def test_the_joint_plan_names_who_goes_first_at_what_and_on_which_grounds():
    plan = "overlap: joint-plan, goes-first: [responses], responses: [{states: [NL, DE], first: russia}]}"
    duty = one(shipped("coordinated").replace("overlap: joint-plan}", plan)).responsibility
    assert duty.goes_first == ("responses",)
    assert [(r.states, r.first) for r in duty.responses] == [(("NL", "DE"), "russia")]


@pytest.mark.parametrize(
    ("name", "old", "new", "text"),
    [
        ("alliance", "holder: saceur", "holder: saceurr", "did you mean 'saceur'"),
        ("alliance", "[classify, rule-lookup]", "[classify]", "expected an act by the holder"),
        ("alliance", "[classify, rule-lookup]", "[classify, rule-lookup, exchange]", "it belongs in `sharing`"),
        ("alliance", "over-third: {each: {rule: forbidden}}", "over-third: {}", "expected a consent"),
        ("alliance", "overlap: both-fire", "overlap: joint-plan", "expected a sharing rule for engagement-intention"),
        ("coordinated", "kind: planning-and-operations", "kind: data-fusion", "without its log nobody would ever hold"),
        ("coordinated", "joint-plan}", "joint-plan, responses: [{states: [NL], first: natto}]}", "'nato'"),
        ("coordinated", "joint-plan}", "joint-plan, responses: [{states: [NX], first: nato}]}", "'NX'"),
        ("coordinated", "joint-plan}", "both-fire, goes-first: [territory]}", "`overlap: joint-plan`"),
        ("sectoral-own-sector", "rest: true}", "borders: nowhere.geojson}", "expected a GeoJSON file"),
        ("sectoral-own-sector", "rest: true}", "rest: true, borders: x.geojson}", "found borders and rest; keep one"),
        ("alliance", "{use: none}", "{use: cue}", "expected a sharing rule for track"),
        ("alliance", "party: nato, operates: members", "party: nato, operates: [RU]", "found 'RU'"),
        ("coordinated", "from: each, to: fusion", "from: each, to: fushion", "did you mean 'fusion'"),
        ("coordinated", "staff: [nato, russia]", "staff: [nato, rusia]", "did you mean 'russia'"),
        ("sectoral-own-sector", "{owner: russia,", "{owner: rusia,", "did you mean 'russia'"),
        ("alliance", "{on: rule-lookup,", "{on: authority,", "expected an act on a path of this file"),
        ("alliance", "{on: rule-lookup,", "{on: rule-lookup, complex: natto,", "did you mean 'nato'"),
        ("alliance", "silent-after: window, then: hold", "silent-after: window, then: engage", "expected `after_s`"),
        ("alliance", "[classify, rule-lookup]", "[classify, rule-lookup, rule-lookup]", "expected each act once"),
        ("alliance", UNDER_RULES, "{rule: k-of-n, need: 1, of: [a, a]}", "each role"),
        ("alliance", UNDER_RULES, "{rule: delegated, holder: saceur, of: [a]}", "found holder"),
        ("dual-key", "russia-key]}", "russia-key], holder: nato-key}", "expected rule-lookup on the path"),
        ("national", "{on: rule-lookup,", "{on: rule-lookup, complex: us,", "expected an act on a path of 'us'"),
    ],
)  # fmt: skip
def test_what_does_not_fit_together_is_said_with_its_place(name, old, new, text):
    changed = shipped(name).replace(old, new)
    found, problems = read(changed)
    assert found == ()
    assert any(text in p.text for p in problems), problems
    assert all(p.line > 1 for p in problems)


def test_renaming_an_arrangement_changes_its_name_only():
    a, b = one(shipped("coordinated")), one(shipped("coordinated").replace("id: coordinated", "id: other"))
    assert msgspec.structs.replace(b, id="coordinated") == a
    assert b.id == "other"


def test_the_new_file_runs_beside_the_shipped_ones(tmp_path):
    path = tmp_path / "mine.yaml"
    path.write_text(new_text("arrangement", "mine"))
    ids = [a.id for a in load_scenario("europe-2012-four", arrangements=("separate", str(path))).arrangements]
    assert ids[-2:] == ["separate", "mine"]


def how_to_file(tmp_path, monkeypatch) -> tuple[str, str]:
    """Write what docs/how-to/write-an-arrangement.md makes of the new file; return its text and the page's."""
    guide = (data_path().parents[2] / "docs" / "how-to" / "write-an-arrangement.md").read_text()
    block = guide.split("```yaml\n")[1].split("```")[0]
    block = "\n".join(line.removeprefix("    ") for line in block.splitlines())
    head = new_text("arrangement", "two-of-three").split("# 3. Who must consent")[0]
    text = head + block + "\npartner-tracks: {use: cue}\n"
    monkeypatch.chdir(tmp_path)
    (tmp_path / "two-of-three.yaml").write_text(text)
    return text, guide


def test_the_example_of_the_how_to_runs(tmp_path, monkeypatch):
    how_to_file(tmp_path, monkeypatch)
    loaded = load("europe-2012-four", arrangements=("two-of-three.yaml",))
    step = next(c for c in loaded.scenario.arrangements[-1].consents if c.complex_id == "nato" and c.steps).steps[-1]
    assert (step.need, step.roles) == (2, ("officer-a", "officer-b", "officer-c"))
    assert loaded.remarks == ()


def test_the_mistake_of_the_how_to_is_answered_as_the_page_says(tmp_path, monkeypatch):
    text, guide = how_to_file(tmp_path, monkeypatch)
    (tmp_path / "two-of-three.yaml").write_text(text.replace("of: [officer-a,", "of: [oficer-a,"))
    said = lint_text(lint("europe-2012-four", arrangements=("two-of-three.yaml",)))
    shown = guide.split("```text\n")[1].split("```")[0]
    assert shown.split() == said.split()


def test_the_other_pieces_of_the_how_to_hold():
    guide = (data_path().parents[2] / "docs" / "how-to" / "write-an-arrangement.md").read_text()
    voices, waits = (part.split("```")[0] for part in guide.split("```yaml\n")[2:4])
    consent = voices.split("#")[0].strip()
    path = voices.split("path: ")[1].strip()
    text = (
        shipped("alliance")
        .replace(f"nato: {UNDER_RULES}", consent)
        .replace("[classify, rule-lookup]", f"{{nato: {path}, russia: [classify, rule-lookup]}}")
        .replace("waits:\n  - {on: rule-lookup, silent-after: window, then: hold}\n", waits)
        .replace("roles:\n", "roles:\n" + "".join(f"  {r}: {{party: nato, title: R}}\n" for r in NAMED))
    )
    assert steps_of(one(text), "nato")[1][1] == ("liaison-a", "liaison-b")
    (nato,) = [c for c in one(text).consents if c.complex_id == "nato" and c.steps]
    assert [w.then for w in nato.waits if w.act == "rule-lookup"] == ["pass-to", "engage"]


NAMED = ("liaison-a", "liaison-b", "deputy")


TWO_LIAISONS = (
    shipped("alliance")
    .replace(
        f"nato: {UNDER_RULES}",
        "nato: {rule: k-of-n, need: 1, of: [liaison-a, liaison-b], holder: saceur}",
    )
    .replace("[classify, rule-lookup]", "{nato: [classify, rule-lookup, authority], russia: [classify, rule-lookup]}")
    .replace("roles:\n", "roles:\n  liaison-a: {party: nato, title: A}\n  liaison-b: {party: russia, title: B}\n")
)


def steps_of(arrangement, complex_id):
    (consent,) = [c for c in arrangement.consents if c.complex_id == complex_id and c.steps]
    return [(s.act, s.roles, s.need, s.rule) for s in consent.steps[1:]]


def test_a_holder_beside_voices_looks_the_case_up_and_the_voices_are_asked_the_rest():
    assert steps_of(one(TWO_LIAISONS), "nato") == [
        ("rule-lookup", ("saceur",), 1, "holder:saceur"),
        ("authority", ("liaison-a", "liaison-b"), 1, "k-of-n:liaison-a+liaison-b"),
    ]
    found, problems = read(TWO_LIAISONS.replace("rule-lookup, authority]", "rule-lookup]"))
    assert found == ()
    assert "asked of liaison-a, liaison-b" in problems[0].text


def test_a_holder_beside_two_keys_looks_the_case_up_and_each_key_has_its_act():
    text = (
        shipped("dual-key")
        .replace("keys: [nato-key, russia-key]}", "keys: [nato-key, russia-key], holder: duty}")
        .replace("roles:\n", "roles:\n  duty: {party: joint, title: Duty}\n")
        .replace("[classify, authority,", "[classify, rule-lookup, authority,")
    )
    assert [(act, roles) for act, roles, _, _ in steps_of(one(text), "joint")] == [
        ("rule-lookup", ("duty",)),
        ("authority", ("nato-key",)),
        ("second-key", ("russia-key",)),
    ]


def test_a_wait_of_one_complex_stands_in_place_of_the_wait_of_all():
    line = "  - {on: rule-lookup, silent-after: window, then: hold}\n"
    own = "  - {on: rule-lookup, complex: nato, after_s: 60, then: pass-to, to: deputy}\n"
    own += "  - {on: rule-lookup, complex: nato, after_s: 30, then: engage}\n"
    text = shipped("alliance").replace(line, line + own)
    text = text.replace(
        "roles:\n", "roles:\n  deputy: {party: russia, title: Deputy}\n  idle: {party: nato, title: I}\n"
    )
    found = read_arrangement(parse(text, "f.yaml"), SETTING)
    waits = {
        c.complex_id: [(w.after_s, w.then) for w in c.waits if w.act == "rule-lookup"]
        for c in found.arrangements[0].consents
        if c.steps
    }
    assert waits == {"nato": [(60.0, "pass-to"), (30.0, "engage")], "russia": [(None, "hold")]}
    said = {p.check: (p.key_path, p.line) for p in found.remarks}
    lines = text.splitlines()
    assert said == {
        "deputy-of-other-party": ("waits[1].to", lines.index(own.splitlines()[0]) + 1),
        "fires-by-silence": ("waits[2].then", lines.index(own.splitlines()[1]) + 1),
        "role-unused": ("roles.idle", lines.index("  idle: {party: nato, title: I}") + 1),
    }


@pytest.mark.parametrize("name", data_names("arrangements"))
def test_no_shipped_file_has_an_idle_role_or_fires_by_silence(name):
    assert read_arrangement(parse(shipped(name), "f.yaml"), SETTING).remarks == ()


def test_votes_are_weighed_and_the_needed_sum_is_kept():
    text = shipped("alliance").replace(
        f"nato: {UNDER_RULES}", "nato: {rule: weighted, votes: {saceur: 3, deputy: 1}, need: 3}"
    )
    text = text.replace("roles:\n", "roles:\n  deputy: {party: nato, title: Deputy}\n")
    (nato,) = [c for c in one(text).consents if c.complex_id == "nato" and c.steps]
    assert [(s.roles, s.weights, s.need) for s in nato.steps[1:]] == [(("saceur", "deputy"), (3, 1), 3)]
    found, problems = read(text.replace("need: 3", "need: 5"))
    assert found == ()
    assert "expected need at most 4" in problems[0].text


def test_a_case_outside_the_rules_asks_those_who_set_them_one_voice_for_each_member_of_the_date():
    text = shipped("alliance")
    assert f"nato: {UNDER_RULES}" in text
    (nato,) = [c for c in one(text).consents if c.complex_id == "nato" and c.steps]
    members = next(p for p in SETTING.parties if p.id == "nato").states
    assert (nato.under, nato.outside) == ("agreed-rules", "consult")
    assert nato.outside_steps[0].roles == tuple(f"{s.lower()}.council" for s in members)
    (russia,) = [c for c in one(text).consents if c.complex_id == "russia" and c.steps]
    (alone,) = russia.outside_steps  # one authority set the rules: it is asked, not a council of one
    assert (alone.act, alone.roles, alone.parties) == ("authority", ("general-staff",), ("russia",))
    found, problems = read(text.replace(", outside-rules: consult", ""))
    assert found == ()
    assert "`under` and `outside-rules` together" in problems[0].text


def test_what_is_agreed_beforehand_names_every_complex_and_its_own_word_wins():
    found = one(shipped("coordinated"))
    plan = {d.complex_id: d for d in found.deliberations if d.matter == "change-plan"}
    assert plan["nato"].is_joint
    assert plan["russia"].roles == ("general-staff",)
    assert plan["nato"].need == len(next(p for p in SETTING.parties if p.id == "nato").states)
    rules = {d.complex_id: d.deadline_s for d in found.deliberations if d.matter == "set-rules"}
    assert rules["nato"] == 48 * 3600.0
    lacking, problems = read(
        shipped("coordinated").replace("  change-plan:\n    nato:", "  change-plan:\n    each:", 1)
    )
    assert problems == ()
    assert {d.is_joint for a in lacking for d in a.deliberations if d.matter == "change-plan"} == {True}
    found_none, problems = read(shipped("dual-key").replace("set-rules: {joint:", "set-rules: {nobody:"))
    assert found_none == ()
    assert "deliberate" in problems[0].key_path


def test_who_may_stop_is_the_holder_where_the_file_names_nobody():
    text = shipped("alliance").replace("stop: {nato: saceur, russia: duty-general}", "stop: {russia: general-staff}")
    assert {(s.complex_id, s.role) for s in one(text).stops} == {("nato", "saceur"), ("russia", "general-staff")}
    assert {s.role for s in one(shipped("dual-key")).stops} == {"nato-key", "russia-key"}
