"""The language of rules files, and from a checked file to a `Rulebook`: words known, numbers unique, no contradiction.

A rules file is the table that a commander looks a case up in. `diptych rules check` shows what it leaves out.
"""

import math
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Literal

import msgspec
from pydantic import BeforeValidator, Field, model_validator

from diptych.command.rules_of_engagement import coverage, diluted, said_of
from diptych.edge.files import Step, Tree, data_names, fail, parse, read_data
from diptych.edge.schema.base import Count, Id, Number, SourceFile, Strictly, Text, check, did_you_mean, problem_at
from diptych.edge.schema.extend import find_file, is_path, near_file, read_checked
from diptych.edge.schema.write import text_of
from diptych.model import rules as records
from diptych.model.errors import Problem, ScenarioError

SCHEMA = "diptych/rules/1"
NO_SUCH_RULES = "no-such-rules"


def _as_list(value: object) -> object:
    return [value] if isinstance(value, str) else value


Words = Annotated[
    tuple[str, ...], BeforeValidator(_as_list, json_schema_input_type=str | list[str]), Field(min_length=1)
]


class WhenFile(Strictly):
    """The cases a rule holds for: for each key one word or several; a key left out: any."""

    territory: Words | None = Field(default=None, description="own, own-and-other, partner, third, none")
    launch: Words | None = Field(default=None, description="own, partner, elsewhere, or a zone of this file")
    range: Words | None = Field(default=None, description="srbm, mrbm, irbm, icbm")
    prediction: Words | None = Field(default=None, description="exact, rough")
    notice: Words | None = Field(default=None, description="unannounced, announced")
    over: Words | None = Field(default=None, description="clear, third, partner: land under the rest of the path")
    raid: Words | None = Field(default=None, description="single, several, many")
    flight: Words | None = Field(default=None, description="ballistic, steep, near-orbital")

    def given(self) -> dict[str, tuple[str, ...]]:
        """Return the words of the keys that are there."""
        found = {name: getattr(self, name) for name in records.DIMENSIONS}
        return {name: words for name, words in found.items() if words is not None}


class RuleFile(Strictly):
    """One row of the table."""

    number: Count = Field(ge=1, le=999)
    title: Text
    when: WhenFile = WhenFile()
    then: Literal["engage", "hold", "consult"]
    before: tuple[Count, ...] = Field((), description="Rules that this one takes precedence over where both hold")


class NarrowFile(Strictly):
    """Fewer words in the conditions of one rule."""

    rule: Count
    to: WhenFile


class DilutionFile(Strictly):
    """What the text loses in one round of dilution."""

    title: Text
    why: Text
    drop: tuple[Count, ...] = ()
    narrow: tuple[NarrowFile, ...] = ()

    @model_validator(mode="after")
    def _loses_something(self) -> "DilutionFile":
        if not self.drop and not self.narrow:
            raise ValueError("expected `drop`, `narrow` or both, found neither; say what the text loses")
        return self


class ZoneFile(Strictly):
    """An area that launches may come from."""

    title: Text
    corners_deg: tuple[tuple[Number, Number], ...] = Field(min_length=3)

    @model_validator(mode="after")
    def _lies_on_earth(self) -> "ZoneFile":
        for lat_deg, lon_deg in self.corners_deg:
            if abs(lat_deg) > 90 or abs(lon_deg) > 180:
                raise ValueError(
                    f"expected [latitude within 90, longitude within 180], found [{lat_deg:g}, {lon_deg:g}]; swapped?"
                )
        return self


class RulesFile(Strictly):
    """Rules of engagement: what is agreed beforehand, as a table."""

    schema_: Literal["diptych/rules/1"] = Field(alias="schema", description="Always the first line")
    id: Id
    title: Text
    argument: tuple[Text, ...] = Field(min_length=1, description="Why these rules and no others")
    sources: tuple[SourceFile, ...] = Field(min_length=1)
    exact_km: Number = Field(gt=0, le=2000, description="A predicted area is `exact` up to this half axis (two sigma)")
    many_count: Count = Field(ge=3, le=1000, description="A raid is `many` from so many objects on")
    zones: dict[Id, ZoneFile] = Field(default_factory=dict)
    rules: tuple[RuleFile, ...] = Field(min_length=1)
    dilution: tuple[DilutionFile, ...] = Field((), description="What the text loses to objections, the first first")


def read_rules(tree: Tree) -> tuple[records.Rulebook | None, tuple[Problem, ...]]:
    """Return the record of a rules file and no problems, or None and all problems but contradictions."""
    file, problems = check(tree, RulesFile)
    if file is None:
        return None, problems
    found = [*_words(tree, file), *_numbers(tree, file)]
    if found:
        return None, tuple(dict.fromkeys(found))
    book = records.Rulebook(
        id=file.id,
        title=file.title,
        argument=file.argument,
        sources=tuple(s.to_record() for s in file.sources),
        exact_m=file.exact_km * 1e3,
        many=file.many_count,
        zones=tuple(records.Zone(name, zone.title, _corners(zone)) for name, zone in file.zones.items()),
        rules=tuple(records.EngagementRule(r.number, r.title, r.when.given(), r.then, r.before) for r in file.rules),
        dilution=tuple(_dilution(step) for step in file.dilution),
    )
    return book, ()


def contradictions(tree: Tree, book: records.Rulebook) -> tuple[Problem, ...]:
    """Return a problem for every two rules that contradict each other, in the text or in a diluted one."""
    places = {rule.number: i for i, rule in enumerate(book.rules)}
    found: dict[tuple[int, int], Problem] = {}
    for steps in range(len(book.dilution) + 1):
        text = diluted(book, steps)
        then = {rule.number: rule.then for rule in text.rules}
        for pair in coverage(text).contradictions:
            one, other = pair.first, pair.second
            when = f" (after {steps} steps of dilution)" if steps else ""
            said = (
                f"expected one verdict for a case, found rule {one} {then[one]} and rule {other} {then[other]}{when} "
                f"for: {said_of(pair.example, text)}; narrow one, or write `before: [{other}]` at rule {one}"
            )
            found.setdefault((one, other), problem_at(tree, ("rules", places[other], "then"), said, "rules-contradict"))
    return tuple(found.values())


def load_rulebook(name: str, beside: Path | None = None) -> tuple[records.Rulebook, Tree]:
    """Return a rules file by shipped name or path (from `beside`, else from here) with its tree.

    Raises
    ------
    ScenarioError
        There is no such file, or it does not hold; contradictions are not looked for.
    """
    path = find_file(name, "rules", beside)
    if path is None or not path.is_file():
        hint = near_file(name, beside) or did_you_mean(name, data_names("rules"), "shipped")
        raise fail(name, f"expected shipped rules or the path of a file, found {name!r}; {hint}", check=NO_SUCH_RULES)
    tree = read_checked(path, SCHEMA) if is_path(name) else read_data("rules", f"{name}.yaml")
    book, problems = read_rules(tree)
    if book is None:
        raise ScenarioError(problems=problems)
    return book, tree


def rules_from_text(text: str, name: str) -> records.Rulebook:
    """Return the record of the text of a rules file; ScenarioError with all problems, contradictions too."""
    tree = parse(text, name)
    book, problems = read_rules(tree)
    if book is None:
        raise ScenarioError(problems=problems)
    if torn := contradictions(tree, book):
        raise ScenarioError(problems=torn)
    return book


def rules_text(book: records.Rulebook) -> str:
    """Return the text of a rules file that reads as a record."""
    rules = []
    for rule in book.rules:
        row: dict[str, object] = {"number": rule.number, "title": rule.title}
        row["when"] = {dimension: list(words) for dimension, words in rule.when.items()}
        row["then"] = rule.then
        if rule.before:
            row["before"] = list(rule.before)
        rules.append(row)
    steps = []
    for step in book.dilution:
        narrow = [{"rule": number, "to": {dimension: list(words)}} for number, dimension, words in step.narrow]
        said = {"title": step.title, "why": step.why, "drop": list(step.drop), "narrow": narrow}
        steps.append({key: value for key, value in said.items() if value})
    values: dict[str, object] = {
        "schema": SCHEMA,
        "id": book.id,
        "title": book.title,
        "argument": list(book.argument),
        "sources": [{k: v for k, v in msgspec.to_builtins(s).items() if v} for s in book.sources],
        "exact_km": book.exact_m / 1e3,
        "many_count": book.many,
        "zones": {
            zone.id: {
                "title": zone.title,
                "corners_deg": [[round(math.degrees(x), 9) for x in corner] for corner in zone.corners_rad],
            }
            for zone in book.zones
        },
        "rules": rules,
        "dilution": steps,
    }
    return text_of({key: value for key, value in values.items() if value not in ([], {})})


def _dilution(step: DilutionFile) -> records.Dilution:
    narrow = tuple((n.rule, dimension, words) for n in step.narrow for dimension, words in n.to.given().items())
    return records.Dilution(step.title, step.why, step.drop, narrow)


def _corners(zone: ZoneFile) -> tuple[tuple[float, float], ...]:
    return tuple((math.radians(lat), math.radians(lon)) for lat, lon in zone.corners_deg)


def _known(words: Iterable[str], file: RulesFile, dimension: str) -> tuple[list[str], tuple[str, ...]]:
    known = (*records.DIMENSIONS[dimension], *(file.zones if dimension == "launch" else ()))
    return [word for word in words if word not in known], known


def _words(tree: Tree, file: RulesFile) -> list[Problem]:
    """Complain about words that no dimension has, and about zones named like a word."""
    found = []
    for zone in file.zones:
        if zone in records.LAUNCH:
            text = f"expected another name for a zone than {', '.join(records.LAUNCH)}, found {zone!r}; rename it"
            found.append(problem_at(tree, ("zones", zone), text))
    conditions: list[tuple[tuple[Step, ...], WhenFile]] = [
        (("rules", i, "when"), rule.when) for i, rule in enumerate(file.rules)
    ]
    conditions += [
        (("dilution", i, "narrow", k, "to"), narrow.to)
        for i, step in enumerate(file.dilution)
        for k, narrow in enumerate(step.narrow)
    ]
    for path, when in conditions:
        for dimension, words in when.given().items():
            unknown, known = _known(words, file, dimension)
            for word in unknown:
                what = "a word of launch or a zone of this file" if dimension == "launch" else f"a word of {dimension}"
                text = f"expected {what}, found {word!r}; {did_you_mean(word, known, 'known')}"
                found.append(problem_at(tree, (*path, dimension), text))
            if len(set(words)) != len(words):
                text = f"expected each word once, found {', '.join(words)}; remove one"
                found.append(problem_at(tree, (*path, dimension), text))
    return found


def _numbers(tree: Tree, file: RulesFile) -> list[Problem]:
    """Complain about numbers used twice or by nobody, and about dilution that adds instead of taking away."""
    found = []
    numbers = [rule.number for rule in file.rules]
    shown = ", ".join(str(n) for n in sorted(set(numbers)))

    def known(number: int, path: tuple[Step, ...]) -> bool:
        if number in numbers:
            return True
        found.append(problem_at(tree, path, f"expected the number of a rule, found {number}; there are: {shown}"))
        return False

    for i, rule in enumerate(file.rules):
        if rule.number in numbers[:i]:
            text = f"expected each number once, found {rule.number} again; a decision cites it, so renumber one"
            found.append(problem_at(tree, ("rules", i, "number"), text))
        for k, other in enumerate(rule.before):
            if known(other, ("rules", i, "before", k)) and other == rule.number:
                text = f"expected other rules in `before`, found the rule's own number {other}; remove it"
                found.append(problem_at(tree, ("rules", i, "before", k), text))
    left = {rule.number: rule.when.given() for rule in file.rules}
    for i, step in enumerate(file.dilution):
        for k, number in enumerate(step.drop):
            if known(number, ("dilution", i, "drop", k)) and left.pop(number, None) is None:
                text = f"expected a rule that is still there, found {number}, dropped before; remove it"
                found.append(problem_at(tree, ("dilution", i, "drop", k), text))
        for k, narrow in enumerate(step.narrow):
            here: tuple[Step, ...] = ("dilution", i, "narrow", k)
            if not known(narrow.rule, (*here, "rule")):
                continue
            if narrow.rule not in left:
                text = f"expected a rule that is still there, found {narrow.rule}, dropped before; remove it"
                found.append(problem_at(tree, (*here, "rule"), text))
                continue
            for dimension, words in narrow.to.given().items():
                before = left[narrow.rule].get(dimension)
                if before is not None and not set(words) < set(before):
                    text = f"expected fewer words of {' or '.join(before)}, found {' or '.join(words)}; "
                    found.append(problem_at(tree, (*here, "to", dimension), text + "dilution takes away"))
                left[narrow.rule][dimension] = words
    return found
