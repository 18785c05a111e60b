"""Rules files: what is read, and what an author is told about every mistake."""

import msgspec
import pytest

from diptych.analysis.rule_cases import raid_cases
from diptych.command.rules_of_engagement import coverage, diluted, look_up
from diptych.edge.build import load, load_scenario
from diptych.edge.geography import load_territory
from diptych.edge.rules_text import rules_check, rules_show
from diptych.edge.schema.documents import new_text
from diptych.edge.schema.rules import contradictions, load_rulebook, rules_from_text, rules_text
from diptych.model.errors import ScenarioError
from diptych.model.rules import Facts

GOOD = """\
schema: diptych/rules/1
id: mine
title: My rules
argument: ["Because."]
sources: [{title: Mine, grade: assumed, note: "Why."}]
exact_km: 100
many_count: 10
zones:
  south: {title: South, corners_deg: [[30, 40], [30, 60], [40, 60]]}
rules:
  - {number: 1, title: Ours, when: {territory: own, launch: [south, elsewhere]}, then: engage}
  - {number: 2, title: Theirs, when: {territory: [partner, third, none]}, then: hold}
dilution:
  - {title: Only the south, why: A member, narrow: [{rule: 1, to: {launch: south}}]}
"""


def said(text: str) -> list[str]:
    with pytest.raises(ScenarioError) as caught:
        rules_from_text(text, "mine.yaml")
    return [f"{p.key_path}: {p.text}" for p in caught.value.problems]


def test_the_file_to_start_from_is_whole_and_looks_up_a_case() -> None:
    book = rules_from_text(new_text("rules", "mine"), "mine.yaml")
    case = Facts("own", "elsewhere", "mrbm", "rough", "unannounced", "clear", "single", "ballistic")
    assert look_up(book, case).numbers == (1,)
    assert look_up(book, msgspec.structs.replace(case, flight="steep")).numbers == (3,)
    assert coverage(diluted(book, 1)).by_verdict["engage"] < coverage(book).by_verdict["engage"]


@pytest.mark.parametrize("name", ["agreed-rules", "agreed-rules-diluted"])
def test_a_text_written_out_reads_as_the_same_rules(name: str) -> None:
    book, _ = load_rulebook(name)
    assert rules_from_text(rules_text(book), "again.yaml") == book
    zoned = rules_from_text(GOOD, "mine.yaml")
    assert rules_from_text(rules_text(zoned), "again.yaml").rules == zoned.rules


def test_a_good_file_is_read_with_its_zone_as_a_word_of_launch() -> None:
    book = rules_from_text(GOOD, "mine.yaml")
    assert book.words("launch") == ("own", "partner", "south", "elsewhere")
    assert book.exact_m == 100e3
    assert book.rules[0].when == {"territory": ("own",), "launch": ("south", "elsewhere")}
    case = Facts("own", "elsewhere", "mrbm", "exact", "unannounced", "clear", "single", "ballistic")
    assert look_up(book, case).kind == "engage"
    assert look_up(diluted(book, 1), case).kind == "outside"


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        (
            "launch: [south, elsewhere]",
            "launch: [souht, elsewhere]",
            (
                "rules[0].when.launch: expected a word of launch or a zone of this file, found 'souht'; "
                "did you mean 'south'?"
            ),
        ),
        (
            "territory: own,",
            "territory: ours,",
            (
                "rules[0].when.territory: expected a word of territory, found 'ours'; "
                "known: none, own, own-and-other, partner, third"
            ),
        ),
        (
            "number: 2",
            "number: 1",
            "rules[1].number: expected each number once, found 1 again; a decision cites it, so renumber one",
        ),
        (
            "then: hold}",
            "then: hold, before: [7]}",
            "rules[1].before[0]: expected the number of a rule, found 7; there are: 1, 2",
        ),
        (
            "then: hold}",
            "then: hold, before: [2]}",
            "rules[1].before[0]: expected other rules in `before`, found the rule's own number 2; remove it",
        ),
        (
            "to: {launch: south}",
            "to: {launch: [south, partner]}",
            (
                "dilution[0].narrow[0].to.launch: expected fewer words of south or elsewhere, found south "
                "or partner; dilution takes away"
            ),
        ),
        (
            "narrow: [{rule: 1, to: {launch: south}}]",
            "drop: [3]",
            "dilution[0].drop[0]: expected the number of a rule, found 3; there are: 1, 2",
        ),
        (
            ", narrow: [{rule: 1, to: {launch: south}}]",
            "",
            "dilution[0]: expected `drop`, `narrow` or both, found neither; say what the text loses",
        ),
        (
            "  south: {",
            "  partner: {",
            (
                "zones.partner: expected another name for a zone than own, partner, elsewhere, found 'partner'; "
                "rename it"
            ),
        ),
        (
            "[30, 40]",
            "[130, 40]",
            "zones.south: expected [latitude within 90, longitude within 180], found [130, 40]; swapped?",
        ),
    ],
)
def test_every_mistake_is_placed_and_named(old: str, new: str, line: str) -> None:
    assert old in GOOD
    found = said(GOOD.replace(old, new))
    assert line in found


def test_a_file_that_contradicts_itself_is_refused_with_the_cases_it_is_about() -> None:
    torn = GOOD.replace("when: {territory: [partner, third, none]}", "when: {prediction: rough}")
    (only,) = said(torn)
    assert only == (
        "rules[1].then: expected one verdict for a case, found rule 1 engage and rule 2 hold for: "
        "territory own; launch south or elsewhere; prediction rough; narrow one, or write `before: [2]` at rule 1"
    )
    assert rules_from_text(torn.replace("then: engage", "then: engage, before: [2]"), "mine.yaml").rules


def test_a_contradiction_that_only_dilution_uncovers_is_named_with_its_step() -> None:
    torn = GOOD.replace("when: {territory: [partner, third, none]}", "when: {prediction: rough}").replace(
        "  - {number: 1,",
        "  - {number: 3, title: First, when: {prediction: rough}, then: engage, before: [2]}\n  - {number: 1,",
    )
    assert rules_from_text(torn, "mine.yaml").rules  # as long as rule 3 goes before rule 2
    dropped = torn.replace("narrow: [{rule: 1, to: {launch: south}}]", "drop: [3]")
    assert "(after 1 steps of dilution)" in said(dropped)[0]


def test_the_shipped_diluted_text_is_the_shipped_one_after_all_its_steps() -> None:
    whole, _ = load_rulebook("agreed-rules")
    less, _ = load_rulebook("agreed-rules-diluted")
    assert diluted(whole, len(whole.dilution)).rules == less.rules
    assert (whole.exact_m, whole.many, whole.zones) == (less.exact_m, less.many, less.zones)


@pytest.mark.parametrize("name", ["agreed-rules", "agreed-rules-diluted"])
def test_shipped_rules_do_not_contradict_themselves(name: str) -> None:
    book, tree = load_rulebook(name)
    assert contradictions(tree, book) == ()
    assert coverage(book).unused == ()


def test_each_step_of_the_shipped_dilution_leaves_more_outside_and_engages_less() -> None:
    book, _ = load_rulebook("agreed-rules")
    found = [coverage(diluted(book, k)).by_verdict for k in range(len(book.dilution) + 1)]
    engaged, outside = [f["engage"] for f in found], [f["outside"] for f in found]
    assert engaged == sorted(engaged, reverse=True)
    assert len(set(engaged)) == len(engaged)
    assert outside == sorted(outside)


def test_unknown_names_are_answered_with_the_shipped_ones() -> None:
    with pytest.raises(ScenarioError, match="did you mean 'agreed-rules' or 'agreed-rules-diluted'"):
        load_rulebook("agreed")


ARRANGEMENT = """\
schema: diptych/arrangement/1
id: by-rules
title: By rules
treaty: {says: ["We keep rules."], source: {title: Mine, grade: assumed, note: "Why."}}
complexes:
  nato: {title: NATO, party: nato, operates: members}
  russia: {title: Russia, party: russia, operates: members}
responsibility: {rule: own-territory}
roles: {saceur: {party: nato, title: Commander}, duty-general: {party: russia, title: General}}
consent:
  intercept-over-own:
    nato: {rule: delegated, holder: saceur, under: ./mine.yaml, outside-rules: consult}
    russia: {rule: delegated, holder: duty-general}
  intercept-over-partner: {each: {rule: forbidden}}
  intercept-over-third: {each: {rule: forbidden}}
path: {intercept-over-own: [classify, rule-lookup]}
partner-tracks: {use: none}
"""


def test_an_arrangement_carries_the_rules_it_names_and_a_resolved_scenario_stands_alone(tmp_path) -> None:
    (tmp_path / "mine.yaml").write_text(GOOD)
    (tmp_path / "by-rules.yaml").write_text(ARRANGEMENT)
    loaded = load("europe-2012", arrangements=(str(tmp_path / "by-rules.yaml"),))
    (found,) = (a for a in loaded.scenario.arrangements if a.id == "by-rules")
    assert [book.id for book in found.rulebooks] == ["mine"]
    (consent,) = (c for c in found.consents if c.under)
    assert (consent.complex_id, consent.action, consent.under) == ("nato", "intercept-over-own", "mine")
    assert [len(step.roles) for step in consent.outside_steps] == [28]
    (tmp_path / "mine.yaml").unlink()
    (tmp_path / "resolved.yaml").write_text(loaded.resolved_yaml)
    assert load(str(tmp_path / "resolved.yaml")).scenario.digest == loaded.scenario.digest


def test_another_text_of_the_rules_is_another_scenario(tmp_path) -> None:
    (tmp_path / "by-rules.yaml").write_text(ARRANGEMENT)
    digests = set()
    for text in (GOOD, GOOD.replace("exact_km: 100", "exact_km: 50")):
        (tmp_path / "mine.yaml").write_text(text)
        digests.add(load("europe-2012", arrangements=(str(tmp_path / "by-rules.yaml"),)).scenario.digest)
    assert len(digests) == 2


def test_what_is_wrong_with_the_rules_an_arrangement_names_is_said_where_it_stands(tmp_path) -> None:
    (tmp_path / "by-rules.yaml").write_text(ARRANGEMENT)
    with pytest.raises(ScenarioError) as caught:
        load("europe-2012", arrangements=(str(tmp_path / "by-rules.yaml"),))
    (missing,) = caught.value.problems
    assert missing.key_path == "consent.intercept-over-own.nato.under"
    assert "expected shipped rules or the path of a file, found './mine.yaml'" in missing.text
    (tmp_path / "mine.yaml").write_text(GOOD.replace("when: {territory: [partner, third, none]}", "when: {}"))
    with pytest.raises(ScenarioError) as caught:
        load("europe-2012", arrangements=(str(tmp_path / "by-rules.yaml"),))
    (torn,) = caught.value.problems
    assert (torn.file, torn.check) == (str(tmp_path / "mine.yaml"), "rules-contradict")


def test_the_table_shows_every_rule_with_its_verdict_and_who_decides() -> None:
    text = rules_show("agreed-rules", as_json=False)
    assert "   1  engage   the commander  territory own or own-and-other; launch elsewhere;" in text
    assert "   5  consult  the members" in text
    assert "No rules of engagement for missile defence are public" in text


def test_check_exits_with_1_only_on_a_contradiction(tmp_path) -> None:
    assert rules_check("agreed-rules", None, as_json=False)[1] == 0
    torn = tmp_path / "torn.yaml"
    torn.write_text(GOOD.replace("when: {territory: [partner, third, none]}", "when: {prediction: rough}"))
    text, code = rules_check(str(torn), None, as_json=False)
    assert code == 1
    assert "rule 1 (engage) and rule 2 (hold): territory own; launch south or elsewhere; prediction rough" in text


def test_the_reference_raid_is_attributed_to_whom_it_is_aimed_at() -> None:
    book, _ = load_rulebook("agreed-rules")
    cases = raid_cases(load_scenario("europe-2012", arrangements=("alliance",)), book, load_territory())
    by_missile = {m: one for one in cases for m in one.missiles}
    assert len(by_missile) == 12
    assert by_missile["rostov"].party == "russia"
    assert by_missile["warsaw"].space["range"] == ("irbm",)
    assert by_missile["athens"].space["raid"] == ("single", "several")
    assert all("outside" in one.found.by_verdict for one in cases)
