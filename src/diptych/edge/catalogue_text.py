"""What `diptych catalogue [NAME]` prints: the list of entries, or one entry with values, grades, sources, conflicts.

NAME is an entry (`forward-x-band`), a kind (`sites`), `states`, a state's code (`TR`), `stages` (the acts and their
times, from `data/stages.yaml`) or an act (`rule-lookup`).
"""

import difflib
import textwrap
from typing import TYPE_CHECKING, Any

import msgspec

from diptych.edge.catalogue import KINDS
from diptych.model.catalogue import Catalogue, Cited, Fact, Mode, Quantity, SiteEntry, State, TestRecord
from diptych.model.errors import ScenarioError

if TYPE_CHECKING:
    from diptych.edge.schema.stages import StageFile

WIDTH = 120
GRADES = (
    "published: an open source states it; attributed: a party about itself; derived: calculated from a published "
    "value; assumed: ours, with the reason; weak: corroborate before use."
)


def catalogue_text(catalogue: Catalogue, name: str | None = None) -> str:
    """Return the list (`name` None), a kind, a state or one entry as plain text; ScenarioError names near ids."""
    if name is None:
        lines = [f"Catalogue {catalogue.digest[:12]}"]
        for kind in KINDS:
            lines += _kind_lines(catalogue, kind)
        members = sum(s.nato_since is not None for s in catalogue.states)
        lines += ["", f"states: {len(catalogue.states)}, {members} of them in NATO by now (diptych catalogue states)"]
        lines += ["stages: the acts of arrangements with who performs them and their times (diptych catalogue stages)"]
        lines += ["", *_wrapped(f"Grades. {GRADES}", ""), "diptych catalogue NAME prints one entry with its sources."]
        return "\n".join(lines) + "\n"
    if name == "states":
        return "\n".join(["states", *(_state_line(s) for s in catalogue.states)]) + "\n"
    acts = _acts()
    if name == "stages":
        return "\n".join(_act_lines(acts)) + "\n"
    if name in acts:
        return "\n".join(_act_lines({name: acts[name]})) + "\n"
    if name in KINDS:
        return "\n".join(_kind_lines(catalogue, name)).strip("\n") + "\n"
    kind, entry = _find(catalogue, name)
    lines = [f"{name} ({kind})", f"  {getattr(entry, 'title', '')}".rstrip()]
    if isinstance(entry, State):
        lines = [_state_line(entry)]
        sources: Cited = catalogue.state_sources
        if entry.nato_since is not None:
            lines += _fact_lines(entry.nato_since, "")
            sources = tuple(s for s in sources if s[0] == entry.nato_since.source)
        else:
            sources = ()
    else:
        sources = entry.sources
        if entry.note:
            lines += _wrapped(entry.note, "  ")
        lines.append("")
        lines += _value_lines(entry)
    lines += ["", "Sources"] if sources else []
    for source_id, source in sources:
        lines += _wrapped(f"[{source_id}] {source.title}", "  ", "      ")
        lines.append(f"      {_grade(source.grade, source.weak)}  {source.url or 'no address'}")
        if source.note:
            lines += _wrapped(source.note, "      ")
    return "\n".join(lines) + "\n"


def catalogue_json(catalogue: Catalogue, name: str | None = None) -> str:
    """Return the same as one JSON document, values in SI units and radians beside the ones written in the file."""
    content: Any
    if name is None:
        content = {kind: [{"id": e.id, "title": e.title} for e in getattr(catalogue, kind)] for kind in KINDS}
        content["states"] = [s.code for s in catalogue.states]
    elif name == "stages" or name in _acts():
        acts = _acts()
        chosen = acts if name == "stages" else {name: acts[name]}
        content = {"stages": [{"id": act, **given.model_dump(by_alias=True)} for act, given in chosen.items()]}
    elif name == "states" or name in KINDS:
        content = {name: getattr(catalogue, name)}
    else:
        kind, entry = _find(catalogue, name)
        content = {"kind": kind, "entry": entry}
    document = {"schema": "diptych/catalogue/1", "digest": catalogue.digest, **content}
    return msgspec.json.format(msgspec.json.encode(document), indent=2).decode()


def _find(catalogue: Catalogue, name: str) -> tuple[str, Any]:
    for kind in KINDS:
        for entry in getattr(catalogue, kind):
            if entry.id == name:
                return kind.removesuffix("s"), entry
    for state in catalogue.states:
        if state.code == name:
            return "state", state
    known = [*(e.id for kind in KINDS for e in getattr(catalogue, kind)), *_acts(), "states", "stages"]
    near = difflib.get_close_matches(name, known, n=3, cutoff=0.4)
    hint = f"did you mean {', '.join(near)}?" if near else "diptych catalogue lists them"
    raise ScenarioError(
        f"catalogue: expected an entry, kind ({', '.join(KINDS)}), states, a code, stages or act, got {name!r}; {hint}"
    )


def _acts() -> "dict[str, StageFile]":
    """Return the acts of `stages.yaml` in file order."""
    from diptych.edge.files import read_data
    from diptych.edge.schema.base import check
    from diptych.edge.schema.stages import StagesFile

    file, problems = check(read_data("stages.yaml"), StagesFile)
    if file is None:
        raise ScenarioError(problems=problems)
    return dict(file.stages)


def _act_lines(acts: "dict[str, StageFile]") -> list[str]:
    """Return a table of acts, and below it each source once with the acts that rest on it."""
    lines = [f"{'act':<17}{'performed by':<14}{'low':>8}{'mid':>8}{'high':>8} s  {'spread':<8}{'grade':<10}title"]
    cited: dict[str, list[str]] = {}
    for act, given in acts.items():
        time_s, source = given.time_s, given.source
        numbers = f"{time_s.low:>8g}{time_s.mid:>8g}{time_s.high:>8g}"
        grade = _grade(source.grade, source.weak)
        lines.append(f"{act:<17}{given.by:<14}{numbers}    {given.spread:<8g}{grade:<10}{given.title}")
        text = f"{source.title} ({grade}) {source.url or 'no address'}"
        cited.setdefault(f"{text}\n{source.note}", []).append(act)
    lines += [
        "",
        "The mid value is used unless --set stages.ACT says otherwise; spread is chance (sigma of a lognormal).",
    ]
    lines += ["", "Sources"]
    for text, names in cited.items():
        head, _, note = text.partition("\n")
        lines += _wrapped(f"{'all' if len(names) == len(acts) else ', '.join(names)}: {head}", "  ", "      ")
        lines += _wrapped(note, "      ") if note else []
    return lines


def _kind_lines(catalogue: Catalogue, kind: str) -> list[str]:
    lines = ["", kind]
    for entry in getattr(catalogue, kind):
        dates = ""
        if isinstance(entry, SiteEntry):
            until = entry.in_service_until.value if entry.in_service_until else "          "
            dates = f"{entry.owner} in {entry.host or '--'}  {entry.in_service_from.value} to {until}  "
        lines.append(f"  {entry.id:<22}{dates}{entry.title}")
    return lines


def _state_line(state: State) -> str:
    since = "" if state.nato_since is None else f"  in NATO since {state.nato_since.value}"
    return f"  {state.code}  {state.name}{since}"


def _value_lines(entry: msgspec.Struct) -> list[str]:
    """Return the lines of every value of an entry, in the order of its record."""
    lines: list[str] = []
    for field in entry.__struct_fields__:
        value = getattr(entry, field)
        if isinstance(value, Quantity):
            lines += _quantity_lines(value, "")
        elif isinstance(value, Fact):
            lines += _fact_lines(value, "")
        elif field in ("id", "title", "note", "sources") or value is None:
            continue
        elif isinstance(value, tuple):
            for number, item in enumerate(value, start=1):
                lines += _part_lines(field.removesuffix("s"), number, item)
        else:
            lines.append(f"  {field:<28}{_plain(value)}")
    return lines


def _part_lines(label: str, number: int, item: msgspec.Struct) -> list[str]:
    if isinstance(item, Mode):
        since = f" from {item.from_date}" if item.from_date else ""
        return [f"  {label:<28}{item.mode}{since}  [{item.source}]"]
    if isinstance(item, TestRecord):
        return [f"  {'test record':<28}{item.successes} of {item.attempts}, {item.label}  [{item.source}]"]
    lines = [f"  {label} {number}"]
    for field in item.__struct_fields__:
        value = getattr(item, field)
        if isinstance(value, Quantity):
            lines += _quantity_lines(value, "  ")
        elif value is not None:
            lines.append(f"    {field:<26}{_plain(value)}")
    return lines


def _quantity_lines(quantity: Quantity, indent: str) -> list[str]:
    low, mid, high = quantity.written
    shown = f"{mid:g}" if low == high else f"{low:g} / {mid:g} / {high:g}"
    number = f"{shown} {quantity.unit}".rstrip()
    head = f"{indent}  {quantity.key:<{28 - len(indent)}}{number:<26}"
    lines = [f"{head}{_grade(quantity.grade, quantity.weak)}  [{quantity.source}]"]
    margin = " " * 30
    for claim in quantity.claims:
        mark = "used" if claim.written == mid and claim.source == quantity.source else "also"
        text = (
            f"{mark} {claim.written:g} {quantity.unit} {_grade(claim.grade, claim.weak)} [{claim.source}] {claim.note}"
        )
        lines += _wrapped(text, margin)
    if quantity.note:
        lines += _wrapped(quantity.note, margin)
    return lines


def _fact_lines(fact: Fact, indent: str) -> list[str]:
    head = f"{indent}  {fact.key:<{28 - len(indent)}}{fact.value:<26}"
    lines = [f"{head}{_grade(fact.grade, fact.weak)}  [{fact.source}]"]
    if fact.claims:
        lines.append(" " * 30 + f"also {', '.join(fact.claims)}")
    if fact.note:
        lines += _wrapped(fact.note, " " * 30)
    return lines


def _plain(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)


def _grade(grade: str, weak: bool) -> str:
    return f"{grade}, weak" if weak else grade


def _wrapped(text: str, indent: str, later: str | None = None) -> list[str]:
    return textwrap.wrap(" ".join(text.split()), WIDTH, initial_indent=indent, subsequent_indent=later or indent)
