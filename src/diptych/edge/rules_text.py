"""Rules of engagement for people and as JSON: the table, what it leaves out, what it says about a scenario's raid."""

from __future__ import annotations

import textwrap

import msgspec

from diptych.analysis.rule_cases import RaidCases, raid_cases
from diptych.command.rules_of_engagement import Box, Coverage, coverage, diluted, said_of
from diptych.edge.build import load_scenario
from diptych.edge.files import data_names, read_data
from diptych.edge.geography import load_territory
from diptych.edge.schema.rules import load_rulebook
from diptych.model.errors import ScenarioError
from diptych.model.rules import EngagementRule, Rulebook

WIDTH = 110
BOXES_SHOWN = 12
WHO = {"engage": "the commander", "hold": "the commander", "consult": "the members"}
NO_TEXT_IS_PUBLIC = (
    "No rules of engagement for missile defence are public; what is shipped is assumed, with its argument."
)
COUNTED = "Cases are combinations of words, each counted once: a share of them is no likelihood."


def rules_list_text() -> str:
    """Return one line for each shipped rules file."""
    return "".join(f"{name:<24} {_title(name)}\n" for name in data_names("rules"))


def rules_list_json() -> str:
    """Return the same as one JSON document."""
    return _document({"rules": [{"id": name, "title": _title(name)} for name in data_names("rules")]})


def rules_show(name: str, *, as_json: bool) -> str:
    """Return the table of a rules file, with its argument and what dilution takes out of it."""
    book, _ = load_rulebook(name)
    if as_json:
        return _document({"schema": "diptych/rules-shown/1", "rules": msgspec.to_builtins(book)})
    lines = [f"{book.id}: {book.title}", "", *_table(book), "", "Words", *_words(book)]
    if book.dilution:
        lines += ["", "What the text loses to objections, the first to go first"]
        lines += [_par(f"{i}. {step.title}. {step.why}") for i, step in enumerate(book.dilution, 1)]
    lines += ["", "Why these rules", *(_par(f"- {sentence}") for sentence in book.argument)]
    lines += ["", "Sources"]
    lines += [_par(f"- ({s.grade}) {s.title} {s.url}".rstrip()) for s in book.sources]
    return "\n".join([*lines, "", NO_TEXT_IS_PUBLIC]) + "\n"


def rules_check(name: str, scenario_name: str | None, *, as_json: bool) -> tuple[str, int]:
    """Return what a table leaves out, says twice or contradicts, and the exit code: 1 with a contradiction."""
    book, _ = load_rulebook(name)
    found = coverage(book)
    texts = [diluted(book, steps) for steps in range(1, len(book.dilution) + 1)]
    after = [coverage(text) for text in texts]
    cases: tuple[RaidCases, ...] = ()
    if scenario_name is not None:
        cases = raid_cases(load_scenario(scenario_name), book, load_territory())
    torn = any(one.contradictions for one in (found, *after))
    if as_json:
        content = {
            "schema": "diptych/rules-check/1",
            "rules": book.id,
            "coverage": msgspec.to_builtins(found),
            "diluted": [{"steps": i, "coverage": msgspec.to_builtins(one)} for i, one in enumerate(after, 1)],
            "scenario": scenario_name,
            "raid": [msgspec.to_builtins(one) for one in cases],
        }
        return _document(content), int(torn)
    lines = [f"{book.id}: {book.title}", "", *_coverage(found, book)]
    for step, text, one in zip(book.dilution, texts, after, strict=True):
        lines += ["", f"After {text.diluted} of dilution ({step.title[:1].lower()}{step.title[1:]}): {_counts(one)}"]
        lines += [_par(f"contradiction: {_pair(p.first, p.second, p.example, text)}") for p in one.contradictions]
    if scenario_name is not None:
        lines += ["", *_raid(scenario_name, cases, book)]
    return "\n".join([*lines, "", COUNTED, NO_TEXT_IS_PUBLIC]) + "\n", int(torn)


def _title(name: str) -> str:
    title = read_data("rules", f"{name}.yaml").get("title")
    return str(title.value) if title is not None else ""


def _document(content: object) -> str:
    return msgspec.json.format(msgspec.json.encode(content), indent=2).decode() + "\n"


# --- the table ----------------------------------------------------------------------------------------------


def _table(book: Rulebook) -> list[str]:
    lines = [f"{'rule':>4}  {'verdict':<8} {'decided by':<14} for cases with", "-" * WIDTH]
    for rule in book.rules:
        lines += [_par(row, indent=30, first=0) for row in (_row(rule, book),)]
        lines.append(f"{'':30}{rule.title}")
    return [*lines, f"{'-':>4}  {'outside':<8} {'as arranged':<14} every other case: consult the members, or hold"]


def _row(rule: EngagementRule, book: Rulebook) -> str:
    first = f"; before {', '.join(str(n) for n in rule.before)}" if rule.before else ""
    return f"{rule.number:>4}  {rule.then:<8} {WHO[rule.then]:<14} {said_of(rule.when, book)}{first}"


def _words(book: Rulebook) -> list[str]:
    meant = {
        "territory": "what the predicted impact area (two sigma) touches",
        "launch": "whose land, or which zone, the launch point lies in",
        "range": "class by range: up to 1000, 3000, 5500 km, and beyond",
        "prediction": f"exact: half axis of the predicted area up to {book.exact_m / 1e3:g} km",
        "notice": "whether the launch agrees with one announced beforehand",
        "over": "whose land lies under the rest of the path",
        "raid": f"how many objects are held at the time: one, more, {book.many} or more",
        "flight": "steep: higher than far; near-orbital: no missile needs so much",
    }
    shown = ((name, said) for name, said in meant.items() if name in book.asked)
    return [_par(f"{name}: {' | '.join(book.words(name))} ({said})") for name, said in shown]


# --- coverage -----------------------------------------------------------------------------------------------


def _coverage(found: Coverage, book: Rulebook) -> list[str]:
    lines = [f"All cases the words can describe: {_counts(found)}", "", "Outside the rules"]
    lines += _boxes(found.outside, book) or ["  none"]
    lines += ["", "Kept for the members"]
    lines += _boxes(found.consult, book) or ["  none"]
    lines += ["", "Rules that say the same of the same cases"]
    lines += [_par(_pair(p.first, p.second, p.example, book)) for p in found.overlaps] or ["  none"]
    lines += ["", "Rules that contradict each other"]
    lines += [_par(_pair(p.first, p.second, p.example, book)) for p in found.contradictions] or ["  none"]
    if found.unused:
        lines += ["", f"Rules that hold for no case: {', '.join(str(n) for n in found.unused)}"]
    return lines


def _counts(found: Coverage) -> str:
    parts = [f"{kind} {count}" for kind, count in found.by_verdict.items() if count or kind != "contradiction"]
    return f"{found.cases} ({', '.join(parts)})"


def _boxes(boxes: tuple[Box, ...], book: Rulebook, within: Box | None = None) -> list[str]:
    shown = [_par(f"- {_said_within(box, within, book)}") for box in boxes[:BOXES_SHOWN]]
    return shown if len(boxes) <= BOXES_SHOWN else [*shown, f"  and {len(boxes) - BOXES_SHOWN} more"]


def _said_within(box: Box, within: Box | None, book: Rulebook) -> str:
    """Return a box in words, without the dimensions in which it is all that the space has."""
    left = box if within is None else {d: w for d, w in box.items() if set(w) != set(within[d])}
    return said_of(left, book)


def _pair(first: int, second: int, example: Box, book: Rulebook) -> str:
    then = {rule.number: rule.then for rule in book.rules}
    return f"rule {first} ({then[first]}) and rule {second} ({then[second]}): {said_of(example, book)}"


def _raid(scenario_name: str, cases: tuple[RaidCases, ...], book: Rulebook) -> list[str]:
    if not cases:
        raise ScenarioError(f"rules check --scenario {scenario_name}: no missile of it is aimed at a party's territory")
    lines = [f"The raid of {scenario_name}, in the eyes of the party it is aimed at"]
    for one in cases:
        fixed = {d: w for d, w in one.space.items() if len(w) == 1}
        lines += ["", _par(f"{one.party}: {', '.join(one.missiles)}", first=0)]
        lines.append(_par(f"always {said_of(fixed, book)}"))
        lines.append(_par(_counts(one.found)))
        lines += _boxes(one.found.outside, book, one.space)
    return lines


def _par(text: str, indent: int = 4, first: int = 2) -> str:
    if first == 0 and indent == 30:  # a row of the table keeps its columns
        return textwrap.fill(text, WIDTH, subsequent_indent=" " * indent, drop_whitespace=True)
    return textwrap.fill(" ".join(text.split()), WIDTH, initial_indent=" " * first, subsequent_indent=" " * indent)
