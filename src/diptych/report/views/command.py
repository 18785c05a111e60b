"""Prepare who may decide and who can block: properties, blocking sets, paths to release, the rules in use.

What `diptych arrangement check` and `show` print, for every arrangement compared. It follows from the arrangement's
data and from no run.
"""

from diptych.command.blockers import Blockers
from diptych.command.rules_of_engagement import said_of
from diptych.command.verdict import seconds
from diptych.model.rules import Rulebook
from diptych.model.scenario import Scenario
from diptych.report.page import Command, ComparisonPage
from diptych.report.phrases import spoken
from diptych.report.transitions import flow_lines, flows_of
from diptych.report.views.common import View

_DECIDED_BY = {"engage": "the commander", "hold": "the commander", "consult": "the members"}


def command_view(page: ComparisonPage) -> View | None:
    """Prepare the section, None where the page was made without it."""
    if not page.commands:
        return None
    names = list(dict.fromkeys(finding.property for one in page.commands for finding in one.findings))
    return {
        "window": f"{page.commands[0].window_s:g} s",
        "properties": [name.replace("-", " ") for name in names],
        "rows": [_properties(one, names) for one in page.commands],
        "arrangements": [_arrangement(page.scenario, one) for one in page.commands],
        "books": [_book(book) for book in _books(page.scenario, page.commands)],
    }


def _properties(one: Command, names: list[str]) -> View:
    """Return a row of the table of properties: yes or no, and whether the arrangement claims it."""
    found = {finding.property: finding for finding in one.findings}
    cells = []
    for name in names:
        finding = found.get(name)
        is_good = finding is not None and finding.holds != (name == "fires-by-silence")
        text = "" if finding is None else "yes" if finding.holds else "no"
        claimed = ", claimed" if finding is not None and finding.claimed else ""
        cells.append({"text": f"{text}{claimed}", "look": "" if is_good else "not"})
    return {"name": spoken(one.arrangement), "cells": cells}


def _arrangement(scenario: Scenario, one: Command) -> View:
    """Return what stands folded under an arrangement: stories of what fails, blocking sets, the path."""
    arrangement = next(a for a in scenario.arrangements if a.id == one.arrangement)
    ranges = {
        a.key.split(".")[1]: (a.low, a.high)
        for a in scenario.assumptions
        if a.key.startswith("stages.") and a.key.endswith(".time_s")
    }
    flows = flows_of(arrangement, scenario.stages, ranges)
    fails = [f for f in one.findings if not f.holds and f.counterexample]
    return {
        "name": spoken(one.arrangement),
        "fails": [{"property": f.property.replace("-", " "), "story": f.counterexample} for f in fails],
        "blockers": _blockers(one),
        "path": "\n\n".join("\n".join(flow_lines(flow)) for flow in flows),
    }


def _blockers(one: Command) -> list[View]:
    """Return who blocks each case of each action; complexes whose rows are alike stand together."""
    same: dict[tuple[str, str, str, str], list[str]] = {}
    for found in one.blockers:
        own = f"{found.complex_id}."
        action = f"{found.action}, {found.case}" if found.case else found.action
        path = seconds(found.path_s[0]) if found.status == "open" else ""
        never, window = (answer(found, is_window=is_window).replace(own, "") for is_window in (False, True))
        same.setdefault((action.replace("-", " "), never, window, path), []).append(found.complex_id)
    return [
        {
            "who": ", ".join(ids) if len(ids) <= 3 else f"{', '.join(ids[:2])} and {len(ids) - 2} more",
            "action": action,
            "never": never,
            "window": "the same" if window == never else window,
            "path": path,
        }
        for (action, never, window, path), ids in same.items()
    ]


def answer(found: Blockers, *, is_window: bool) -> str:
    """Return who blocks a case at one deadline, in words."""
    words = {"nobody-may": "nobody may", "not-foreseen": "not foreseen", "too-many": "too many sets to list"}
    if found.status in words:
        return words[found.status]
    if is_window and found.is_by_clock:
        return "the clock"
    return "; ".join(s.name for s in (found.window if is_window else found.never)) or "nobody can"


def _books(scenario: Scenario, commands: tuple[Command, ...]) -> list[Rulebook]:
    """Return every rules of engagement that an arrangement compared is read with, once."""
    ids = {one.arrangement for one in commands}
    books = {book.id: book for a in scenario.arrangements if a.id in ids for book in a.rulebooks}
    return list(books.values())


def _book(book: Rulebook) -> View:
    """Return the table of a rules file."""
    return {
        "id": book.id,
        "title": book.title,
        "rules": [
            {
                "number": rule.number,
                "then": rule.then,
                "by": _DECIDED_BY[rule.then],
                "when": said_of(rule.when, book),
                "title": rule.title,
                "before": ", ".join(str(n) for n in rule.before),
            }
            for rule in book.rules
        ],
    }
