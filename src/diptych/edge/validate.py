"""The verb `validate`: read a file of published cases, judge every one, print the verdicts.

What a kind computes and how numbers are compared is in `analysis.cases`; here are the file, its complaints with
positions, and the text.
"""

from __future__ import annotations

import json
import math
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from diptych.edge.files import Spot, Tree, data_path, fail, parse, read_text
from diptych.model.errors import Problem, ScenarioError

if TYPE_CHECKING:
    from diptych.analysis.cases import Context, Result

SHIPPED = "physics_cases.json"


def load_cases(path: Path | None = None) -> list[dict[str, Any]]:
    """Return the cases of a file (None: the shipped one), checked for form.

    Raises
    ------
    ScenarioError
        Every problem with file, line, column, key, what was expected and what was found.
    """
    from pydantic import ValidationError

    from diptych.edge.schema.base import check
    from diptych.edge.schema.cases import CasesFile

    place = data_path(SHIPPED) if path is None else path
    shown = SHIPPED if path is None else str(path)
    text = read_text(place, shown)
    cases: list[dict[str, Any]] = _parse(text, shown)
    try:
        CasesFile.model_validate(cases)
    except ValidationError:
        _, problems = check(_tree(text, shown), CasesFile)
        raise ScenarioError(problems=_named(problems, cases)) from None
    ids = Counter(case["id"] for case in cases)
    twice = [i for i, case in enumerate(cases) if ids[case["id"]] > 1]
    if twice:
        tree = _tree(text, shown)
        raise ScenarioError(
            problems=tuple(
                _problem(tree, (i, "id"), f"expected an id once, found {cases[i]['id']!r} again") for i in twice[1:]
            )
        )
    return cases


def judge_all(cases: list[dict[str, Any]], path: Path | None = None, context: Context | None = None) -> list[Result]:
    """Return the verdict on each case, in order.

    Raises
    ------
    ScenarioError
        Every key that a method cannot use, with its place in the file.
    """
    from diptych.analysis.cases import CaseError, judge_case

    background = context or background_of_cases()
    found: list[Result] = []
    errors: list[CaseError] = []
    for case in cases:
        try:
            found.append(judge_case(case, background))
        except CaseError as error:
            errors.append(error)
    if errors:
        _complain(errors, path)
    return found


def background_of_cases() -> Context:
    """Return what methods may look at beside a case: the catalogue and the list of places."""
    from diptych.analysis.cases import Context
    from diptych.edge.catalogue import load_catalogue
    from diptych.edge.geography import load_cities

    return Context(load_catalogue(), load_cities())


def validate_verb(path: Path | None, *, only: list[str], kinds: list[str], as_json: bool) -> int:
    """Carry out `diptych validate` and return its exit code: 1 when a case fails that is not known to be wrong."""
    from diptych.edge.compiling import announce, without_linear_algebra
    from diptych.edge.progress import Progress

    cases = load_cases(path)
    chosen = _chosen(cases, only, kinds)
    announce(Progress(is_shown=not as_json), quiet=as_json)
    with without_linear_algebra():
        found = judge_all(chosen, path)
    sys.stdout.write(results_json(found, chosen) if as_json else results_text(found))
    return int(any(r.verdict == "computed-fail" for r in found))


def _chosen(cases: list[dict[str, Any]], only: list[str], kinds: list[str]) -> list[dict[str, Any]]:
    """Return the cases asked for; a name that none has is an error that offers near ones."""
    from diptych.edge.schema.base import did_you_mean

    for words, key, option in ((only, "id", "--only"), (kinds, "kind", "--kind")):
        known = {str(case[key]) for case in cases}
        for word in words:
            if word not in known:
                raise fail(option, f"expected a case's {key}, found {word!r}; {did_you_mean(word, known, 'known')}")
    return [c for c in cases if (not only or c["id"] in only) and (not kinds or c["kind"] in kinds)]


# --- the file -----------------------------------------------------------------------------------------------


def _parse(text: str, shown: str) -> Any:  # noqa: ANN401  # not yet checked
    """Return what JSON text says; refuses a key said twice and NaN, which JSON readers let pass."""

    def pairs(items: list[tuple[str, Any]]) -> dict[str, Any]:
        seen = Counter(key for key, _ in items)
        twice = [key for key, count in seen.items() if count > 1]
        if twice:
            raise fail(shown, f"expected each key once, found {twice[0]!r} again in {_about(dict(items))}")
        return dict(items)

    def constant(word: str) -> NoReturn:
        line = text[: text.find(word)].count("\n") + 1
        raise fail(shown, f"expected a finite number, found {word}; correct it", line)

    try:
        return json.loads(text, object_pairs_hook=pairs, parse_constant=constant)
    except json.JSONDecodeError as error:
        raise fail(shown, f"expected JSON, found: {error.msg.lower()}; correct it", error.lineno, error.colno) from None
    except RecursionError:
        raise fail(shown, "expected a list of cases, found brackets too deep to read; flatten it") from None


def _about(items: dict[str, Any]) -> str:
    return f"case {items['id']}" if "id" in items else "one object"


_ROOT = '{"cases": '  # trees of ours begin with keys, a file of cases with a list


def _tree(text: str, shown: str) -> Tree:
    """Return the file with positions. JSON is YAML, but for oddities such as tabs: then every place is line 1."""
    spot = Spot(shown, 1, 1 + len(_ROOT))

    def bare(value: object) -> Tree:
        if isinstance(value, dict):
            return Tree({k: bare(v) for k, v in value.items()}, spot, dict.fromkeys(value, spot))
        if isinstance(value, list):
            return Tree([bare(v) for v in value], spot)
        return Tree(value, spot)  # type: ignore[arg-type]  # JSON holds nothing else

    try:
        found = parse(_ROOT + text + "}", shown).get("cases")
    except ScenarioError:
        found = None
    return bare(json.loads(text)) if found is None else found


def _problem(tree: Tree, path: tuple[int | str, ...], text: str) -> Problem:
    from diptych.edge.schema.base import problem_at

    return _moved(problem_at(tree, path, text))


def _moved(problem: Problem) -> Problem:
    """Return the problem with its column as in the file itself."""
    import msgspec

    return msgspec.structs.replace(problem, column=problem.column - len(_ROOT)) if problem.line == 1 else problem


def _named(problems: tuple[Problem, ...], cases: object) -> tuple[Problem, ...]:
    """Return the problems with the id of the case each stands in, where it has one."""
    import re

    import msgspec

    named = []
    for problem in problems:
        found = re.match(r"\[(\d+)\]", problem.key_path)
        case = cases[int(found[1])] if found and isinstance(cases, list) else None
        has_id = isinstance(case, dict) and isinstance(case.get("id"), str)
        text = f"case {case['id']}: {problem.text}" if has_id and case else problem.text
        named.append(_moved(msgspec.structs.replace(problem, text=text)))
    return tuple(named)


def _complain(errors: list[Any], path: Path | None) -> NoReturn:
    """Raise the complaints of methods with their places in the file."""
    place = data_path(SHIPPED) if path is None else path
    shown = SHIPPED if path is None else str(path)
    text = read_text(place, shown)
    tree = _tree(text, shown)
    index = {case["id"]: i for i, case in enumerate(json.loads(text))}
    raise ScenarioError(
        problems=tuple(_problem(tree, (index[e.case_id], *e.path), f"case {e.case_id}: {e.text}") for e in errors)
    )


# --- what is printed ----------------------------------------------------------------------------------------


def results_json(results: list[Result], cases: list[dict[str, Any]]) -> str:
    """Return the verdicts on `cases` as a JSON list.

    `published`, `ours`, `error` and `tolerance` are keyed by the outputs that the case expects; null where nothing was
    computed, or where there is nothing to subtract. `compared` and `stated` count outputs.
    """
    rows = []
    for result, case in zip(results, cases, strict=True):
        compared = {row.output: row for row in result.rows}
        rows.append(
            {
                "id": result.id,
                "kind": result.kind,
                "verdict": result.verdict,
                "published": case["expected"],
                "ours": {key: _finite(compared[key].ours) if key in compared else None for key in case["expected"]},
                "error": {key: _finite(compared[key].error) if key in compared else None for key in case["expected"]},
                "tolerance": {
                    key: _finite(compared[key].allowed) if key in compared else None for key in case["expected"]
                },
                "compared": result.compared(),
                "stated": result.stated,
            }
        )
    return json.dumps(rows, indent=2) + "\n"


def _finite(value: object) -> object:
    """Return a value as JSON can hold it: what is not finite becomes null."""
    if isinstance(value, list):
        return [_finite(item) for item in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def results_text(results: list[Result]) -> str:
    """Return the verdicts for people: one block for each case, then lines that count outputs and verdicts."""
    return "\n".join([*(_block(r) for r in results), _outputs(results), summary(results)]) + "\n"


def _outputs(results: list[Result]) -> str:
    """Return the line that counts stated outputs, and names the passes that leave one out."""
    stated, compared = sum(r.stated for r in results), sum(r.compared() for r in results)
    short = [r.id for r in results if r.verdict == "computed-pass" and r.compared() < r.stated]
    named = f"; passed with one or more left out: {', '.join(short)}" if short else ""
    return f"{compared} of {stated} stated outputs compared{named}"


def summary(results: list[Result]) -> str:
    """Return the line that counts verdicts."""
    from diptych.analysis.cases import VERDICTS

    counts = Counter(r.verdict for r in results)
    word = "case" if len(results) == 1 else "cases"
    return f"{len(results)} {word}: " + ", ".join(f"{counts[v]} {v}" for v in VERDICTS)


def _block(result: Result) -> str:
    count = f"{result.compared()} of {result.stated} compared"
    lines = [f"{result.id:<8} {result.verdict:<19} {count:<16} {result.kind}"]
    for row in result.rows:
        mark = "  " if row.is_met else "! "
        line = f"  {mark}{row.output}: published {shown(row.published)}, ours {shown(row.ours)}"
        if row.error is not None:
            line += f", error {shown(row.error)}"
            line += f", tolerance {shown(row.allowed)}" if row.allowed is not None else ""
        lines.append(line + (" (copied)" if row.is_copied else ""))
        if row.why_wrong and not row.is_met:
            lines.append(f"      {row.why_wrong}")
    lines += [f"    {output}: not compared, {why}" for output, why in result.left_out.items()]
    if result.remark:
        lines.append(f"    {result.remark}")
    lines.append(f"    source: {result.source}{', ' + result.url if result.url else ''}")
    return "\n".join(lines)


def shown(value: object) -> str:
    """Return a value for people: seven figures, lists in brackets, words as they are."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if value is None:
        return "-"
    if isinstance(value, (int, float)):
        return f"{value:.7g}"
    if isinstance(value, list):
        return "[" + ", ".join(shown(item) for item in value) + "]"
    return str(value)
