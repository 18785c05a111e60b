"""What all files people write have in common: strict fields, units in key names, problems with positions.

`check(tree, Model)` validates a tree and turns every complaint of pydantic into one of our problems: where it stands,
which key, what was expected, what was found, the next step. Keys with numbers end in a unit of `UNIT_SUFFIXES` or
stand in `PURE_NUMBERS`; a test walks every file class and holds them to it.
"""

import datetime
import difflib
import types
from collections.abc import Iterable, Mapping
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, Strict, ValidationError
from pydantic_core import ErrorDetails

from diptych.edge.files import Step, Tree, dotted
from diptych.model.errors import Problem
from diptych.model.sources import Grade, Source

UNIT_SUFFIXES = ("_deg", "_km", "_m", "_mps", "_kmps", "_s", "_h", "_km2", "_m2", "_kg", "_kg_m2", "_kn", "_mrad")
PURE_NUMBERS = (
    "_count",
    "_probability",
    "_fraction",
    "_factor",
    "_coefficient",
    "count",
    "spread",
    "joined",
    "need",
    "votes",
    "raid_size",
    "low",
    "mid",
    "high",
    "value",
    "number",  # of a rule of engagement, and where others name it: rule, before, drop
    "rule",
    "before",
    "drop",
)


def _real_date(value: str) -> str:
    try:
        datetime.date.fromisoformat(value)
    except ValueError:
        raise ValueError(f"expected a day of the calendar, found {value}; correct it") from None
    return value


Number = Annotated[float, Strict(), Field(allow_inf_nan=False)]
Count = Annotated[int, Strict()]
Text = Annotated[str, Field(min_length=1)]
Id = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60)]
Code = Annotated[str, Field(pattern=r"^[A-Z]{2}$")]
IsoDate = Annotated[str, Field(pattern=r"^\d{4}-\d{2}-\d{2}$"), AfterValidator(_real_date)]


class Strictly(BaseModel):
    """Base of every file class: unknown keys are errors, values do not change."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=False)


class SourceFile(Strictly):
    """Where a value or a sentence comes from. Grade `assumed` needs a note that says why; others need the address."""

    title: Text = Field(description="What it is: author, publication, date")
    url: str = Field("", description="Address, for every grade but `assumed`")
    grade: Grade = Field("published", description="attributed: a party speaks for itself; assumed: ours, with why")
    weak: bool = Field(default=False, description="A repost, a machine translation or a partisan outlet")
    note: str = Field("", description="What was taken from it, or why it is assumed")

    def to_record(self) -> Source:
        """Return the record."""
        return Source(title=self.title, url=self.url, grade=self.grade, weak=self.weak, note=self.note)


# --- problems -----------------------------------------------------------------------------------------------


def did_you_mean(word: str, known: Iterable[str], what: str = "one of") -> str:
    """Return the next step for a word nobody knows: the nearest words, or all of them when few."""
    names = sorted(set(known))
    longer = [n for n in names if word and n.startswith(word)]
    near = (longer + [n for n in difflib.get_close_matches(word, names, n=3, cutoff=0.6) if n not in longer])[:3]
    if near:
        return "did you mean " + " or ".join(repr(n) for n in near) + "?"
    if not names:
        return "there is none"
    shown = ", ".join(names[:12]) + (f" and {len(names) - 12} more" if len(names) > 12 else "")
    return f"{what}: {shown}"


class NamedError(ValueError):
    """A complaint of a file class that lint lists under a name."""

    def __init__(self, check: str, text: str) -> None:
        super().__init__(text)
        self.check = check


def problem_at(tree: Tree, path: tuple[Step, ...], text: str, check: str = "form") -> Problem:
    """Return a problem placed at a path of a tree."""
    spot = tree.spot_of(*path)
    return Problem(spot.file, spot.line, spot.column, dotted(path), text, check)


def check(tree: Tree, model: type[BaseModel]) -> tuple[Any, tuple[Problem, ...]]:
    """Return the checked file and no problems, or None and every problem."""
    try:
        return model.model_validate(tree.plain()), ()
    except ValidationError as error:
        found = [_translate(detail, tree, model) for detail in error.errors(include_url=False)]
        return None, tuple(dict.fromkeys(found))


def _path_in(tree: Tree, loc: tuple[Step, ...]) -> tuple[Step, ...]:
    """Drop from a pydantic location what is no key of the file (names of union members)."""
    path: tuple[Step, ...] = ()
    for i, step in enumerate(loc):
        if tree.get(*path, step) is not None or (i == len(loc) - 1 and not _is_union_tag(step)):
            path = (*path, step)
    return path


def _is_union_tag(step: Step) -> bool:
    return isinstance(step, str) and (step.startswith("form:") or "[" in step)


def _show(value: object) -> str:
    if isinstance(value, Mapping):
        return (
            "keys and values (" + ", ".join(str(k) for k in list(value)[:3]) + ")"
            if value
            else "nothing between braces"
        )
    if isinstance(value, (list, tuple)):
        return f"a list of {len(value)}"
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "true" if value else "false"
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."


def _translate(detail: ErrorDetails, tree: Tree, model: type[BaseModel]) -> Problem:
    """Turn one complaint of pydantic into one of ours."""
    kind, context, value = detail["type"], detail.get("ctx", {}), detail["input"]
    path = _path_in(tree, detail["loc"])
    found = _show(value)
    if kind == "missing":
        name = "no-source" if path[-1] == "source" else "form"
        return problem_at(tree, path, f"expected this key, found none; add `{path[-1]}: ...`", name)
    if kind == "extra_forbidden":
        known = keys_at(model, path[:-1])
        return problem_at(
            tree, path, f"expected a known key, found {path[-1]!r}; {did_you_mean(str(path[-1]), known, 'known keys')}"
        )
    if kind in ("value_error", "assertion_error"):
        error = context.get("error")
        name = error.check if isinstance(error, NamedError) else "form"
        return problem_at(tree, path, str(error or detail["msg"]), name)
    expected = _expectation(kind, context, detail["msg"])
    return problem_at(tree, path, f"expected {expected}, found {found}; {_next_step(kind, context, value)}")


def _expectation(kind: str, context: Mapping[str, Any], message: str) -> str:
    words = {
        "float_type": "a number",
        "int_type": "a whole number",
        "string_type": "text",
        "bool_type": "true or false",
        "tuple_type": "a list",
        "list_type": "a list",
        "dict_type": "keys and values",
        "model_type": "keys and values",
        "model_attributes_type": "keys and values",
        "finite_number": "a finite number",
        "int_from_float": "a whole number",
    }
    if kind in words:
        return words[kind]
    if kind in ("literal_error", "union_tag_not_found", "union_tag_invalid"):
        return str(context.get("expected") or context.get("expected_tags") or message).replace("'", "")
    if kind == "greater_than_equal":
        return f"at least {context['ge']:g}"
    if kind == "greater_than":
        return f"more than {context['gt']:g}"
    if kind == "less_than_equal":
        return f"at most {context['le']:g}"
    if kind == "less_than":
        return f"less than {context['lt']:g}"
    if kind in ("too_short", "string_too_short"):
        return f"at least {context.get('min_length', 1)} in it"
    if kind in ("too_long", "string_too_long"):
        return f"at most {context.get('max_length')} in it"
    if kind == "string_pattern_mismatch":
        return _PATTERNS.get(context["pattern"], f"text like {context['pattern']}")
    return message[0].lower() + message[1:]


_PATTERNS = {
    r"^[a-z0-9]+(-[a-z0-9]+)*$": "an id of small letters, digits and hyphens",
    r"^[A-Z]{2}$": "a state code of two capitals (ISO 3166-1 alpha-2)",
    r"^\d{4}-\d{2}-\d{2}$": "a date as YYYY-MM-DD",
}


def _next_step(kind: str, context: Mapping[str, Any], value: object) -> str:
    if kind == "literal_error" and isinstance(value, str):
        known = [w.strip(" '") for w in str(context.get("expected", "")).replace(" or ", ", ").split(",")]
        near = difflib.get_close_matches(value, known, n=1, cutoff=0.6)
        return f"did you mean {near[0]!r}?" if near else "choose one of these"
    if kind in ("float_type", "int_type") and isinstance(value, str):
        return "write the number alone, without quotes or unit (the unit is in the key)"
    if kind == "string_type" and isinstance(value, (int, float)):
        return "put it in quotes"
    if value is None:
        return "give a value or remove the key"
    return "correct it"


# --- the keys a place of a file may have --------------------------------------------------------------------


def keys_at(model: type[BaseModel], path: tuple[Step, ...]) -> tuple[str, ...]:
    """Return the keys that are known at a path of a file class (of every form the place may take)."""
    places: list[object] = [model]
    for step in path:
        places = [below for place in places for below in _below(place, step)]
    models = [place for place in places if isinstance(place, type) and issubclass(place, BaseModel)]
    names = {name for found in models for name in _fields(found)}
    return tuple(sorted(names))


def _fields(model: type[BaseModel]) -> dict[str, Any]:
    return {info.alias or name: info.annotation for name, info in model.model_fields.items()}


def _below(place: object, step: Step) -> list[object]:
    if isinstance(place, type) and issubclass(place, BaseModel):
        fields = _fields(place)
        return _unfold(fields[step]) if isinstance(step, str) and step in fields else []
    arguments = get_args(place)
    origin = get_origin(place)
    if origin is dict and len(arguments) == 2:
        return _unfold(arguments[1])
    if origin in (tuple, list) and arguments:
        return _unfold(arguments[0])
    return []


def _unfold(annotation: object) -> list[object]:
    """Return the members of a union and what stands inside Annotated."""
    if get_origin(annotation) is Annotated:
        return _unfold(get_args(annotation)[0])
    if get_origin(annotation) in (Union, types.UnionType):
        return [inner for member in get_args(annotation) for inner in _unfold(member)]
    return [annotation]
