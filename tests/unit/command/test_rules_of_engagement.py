"""Rules of engagement: looking a case up, what a table leaves out, overlap, contradiction, dilution."""

import itertools

import msgspec
import pytest

from diptych.command.rules_of_engagement import coverage, diluted, look_up, said_of, space_of
from diptych.model.errors import LocalError
from diptych.model.rules import DIMENSIONS, Dilution, EngagementRule, Facts, Rulebook, Zone

OWN = EngagementRule(1, "own", {"territory": ("own", "own-and-other"), "prediction": ("exact",)}, "engage")
OTHERS = EngagementRule(2, "others", {"territory": ("partner", "third", "none")}, "hold")
FAR = EngagementRule(3, "far", {"territory": ("own",), "range": ("icbm",)}, "consult", before=(1,))
CASE = Facts("own", "elsewhere", "mrbm", "exact", "unannounced", "clear", "several", "ballistic")


def book(*rules: EngagementRule, dilution: tuple[Dilution, ...] = (), zones: tuple[Zone, ...] = ()) -> Rulebook:
    return Rulebook("book", "A book", ("because",), (), 1e5, 20, zones, rules, dilution)


def but(**words: str) -> Facts:
    return msgspec.structs.replace(CASE, **words)


def test_a_covered_case_has_the_verdict_and_the_number_of_its_rule() -> None:
    said = look_up(book(OWN, OTHERS), CASE)
    assert (said.kind, said.numbers) == ("engage", (1,))
    said = look_up(book(OWN, OTHERS), but(territory="third"))
    assert (said.kind, said.numbers) == ("hold", (2,))


def test_a_case_that_no_rule_holds_for_is_outside() -> None:
    assert look_up(book(OWN, OTHERS), but(prediction="rough")).kind == "outside"


def test_two_rules_with_two_verdicts_contradict_each_other_unless_one_goes_before() -> None:
    torn = msgspec.structs.replace(FAR, before=())
    assert look_up(book(OWN, torn), but(range="icbm")).kind == "contradiction"
    said = look_up(book(OWN, FAR), but(range="icbm"))
    assert (said.kind, said.numbers) == ("consult", (3,))


def test_precedence_says_nothing_about_cases_that_the_first_rule_does_not_hold_for() -> None:
    assert look_up(book(OWN, FAR), CASE).numbers == (1,)


def test_coverage_agrees_with_looking_up_every_case_one_by_one() -> None:
    whole = book(OWN, OTHERS, msgspec.structs.replace(FAR, before=()), zones=(Zone("south", "South", ()),))
    found = coverage(whole)
    counts = dict.fromkeys(found.by_verdict, 0)
    outside = []
    for words in itertools.product(*space_of(whole).values()):
        facts = Facts(**dict(zip(DIMENSIONS, words, strict=True)))
        kind = look_up(whole, facts).kind
        counts[kind] += 1
        if kind == "outside":
            outside.append(words)
    assert counts == found.by_verdict
    assert sum(counts.values()) == found.cases
    in_boxes = {words for box in found.outside for words in itertools.product(*box.values())}
    assert in_boxes == set(outside)


def test_a_contradiction_is_shown_with_the_cases_it_is_about() -> None:
    torn = msgspec.structs.replace(FAR, before=())
    (pair,) = coverage(book(OWN, torn)).contradictions
    assert (pair.first, pair.second) == (1, 3)
    said = said_of(pair.example, book(OWN, torn))
    assert said == "territory own; range icbm; prediction exact"


def test_rules_with_one_verdict_overlap_and_do_not_contradict() -> None:
    also = EngagementRule(4, "also", {"territory": ("own",), "raid": ("many",)}, "engage")
    found = coverage(book(OWN, also))
    assert not found.contradictions
    assert [(p.first, p.second) for p in found.overlaps] == [(1, 4)]


def test_a_rule_that_another_always_beats_is_named_as_unused() -> None:
    never = msgspec.structs.replace(FAR, number=9, when={"territory": ("own",), "range": ("icbm",)}, before=())
    found = coverage(book(never, msgspec.structs.replace(FAR, before=(9,))))
    assert found.unused == (9,)


def test_a_part_of_the_space_can_be_looked_at_alone() -> None:
    found = coverage(book(OWN, OTHERS), {"territory": ("own",), "prediction": ("rough",)})
    assert found.by_verdict["outside"] == found.cases
    assert [said_of(box, book(OWN)) for box in found.outside] == ["territory own; prediction rough"]


def test_dilution_drops_rules_and_narrows_conditions_in_order() -> None:
    steps = (
        Dilution("first", "why", drop=(2,)),
        Dilution("second", "why", narrow=((1, "territory", ("own",)), (1, "over", ("clear",)))),
    )
    whole = book(OWN, OTHERS, dilution=steps)
    assert diluted(whole, 0) is whole
    once, twice = diluted(whole, 1), diluted(whole, 2)
    assert [r.number for r in once.rules] == [1]
    assert twice.rules[0].when == {"territory": ("own",), "prediction": ("exact",), "over": ("clear",)}
    assert (twice.id, twice.diluted, twice.dilution) == ("book-2", 2, ())
    assert look_up(once, but(over="third")).kind == "engage"
    assert look_up(twice, but(over="third")).kind == "outside"


def test_diluting_further_than_the_text_says_is_refused() -> None:
    with pytest.raises(LocalError, match="expected at most 0 steps, got 1"):
        diluted(book(OWN), 1)
