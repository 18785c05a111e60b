"""Read the catalogue: checked from YAML, or at once from the compiled copy when nothing has changed.

People edit `data/{threats,interceptors,sensors,sites}/<id>.yaml`, `states.yaml` and `sources.yaml`. The file
`data/catalogue.json` is the same content compiled (`python tools/build_catalogue.py`), so that a run needs neither the
YAML reader nor pydantic. It names the SHA-256 of the YAML files; if they differ, the YAML is read instead and the copy
is ignored, so an edit takes effect at once and a stale copy does no harm.
"""

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec

from diptych.model.catalogue import Catalogue, InterceptorEntry, SensorEntry, SiteEntry, ThreatEntry
from diptych.model.errors import ScenarioError

if TYPE_CHECKING:
    from pydantic import BaseModel

DATA = Path(__file__).resolve().parent.parent / "data"
KINDS = ("threats", "interceptors", "sensors", "sites")
SHARED = ("sources.yaml", "states.yaml")
File = TypeVar("File", bound="BaseModel")
Entry = ThreatEntry | InterceptorEntry | SensorEntry | SiteEntry


def load_catalogue(folder: Path = DATA) -> Catalogue:
    """Return the catalogue of `folder`, from the compiled copy if it matches the YAML files.

    Raises
    ------
    ScenarioError
        A file does not hold; the text has one line per problem with file, line, column and key.
    """
    digest = _digest(folder)
    compiled = folder / "catalogue.json"
    if compiled.is_file():
        try:
            catalogue = msgspec.json.decode(compiled.read_bytes(), type=Catalogue)
        except msgspec.MsgspecError:
            pass  # a copy of another version; the YAML files decide
        else:
            if catalogue.digest == digest:
                return catalogue
    return compile_catalogue(folder)


def find_entry(catalogue: Catalogue, kind: str, entry_id: str) -> Entry:
    """Return one entry of a catalogue at hand; ScenarioError lists near ids when there is none such."""
    if kind not in KINDS:
        raise ScenarioError(f"catalogue kind: expected one of {', '.join(KINDS)}, got {kind!r}")
    entries: tuple[Entry, ...] = getattr(catalogue, kind)
    for entry in entries:
        if entry.id == entry_id:
            return entry
    import difflib

    near = difflib.get_close_matches(entry_id, [e.id for e in entries], n=3, cutoff=0.5) or [e.id for e in entries]
    raise ScenarioError(f"catalogue {kind}: expected a known id, got {entry_id!r}; did you mean {', '.join(near)}?")


def _files(folder: Path) -> Iterator[Path]:
    for name in SHARED:
        yield folder / name
    for kind in KINDS:
        yield from sorted((folder / kind).glob("*.yaml"))


def _digest(folder: Path) -> str:
    total = hashlib.sha256()
    for path in _files(folder):
        total.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return total.hexdigest()


def compile_catalogue(folder: Path = DATA) -> Catalogue:
    """Read and check every YAML file of `folder`; ScenarioError reports all problems of all files at once."""
    from diptych.edge.schema import entries as schema
    from diptych.edge.schema.sensors import SensorFile

    problems: list[str] = []
    shared_file = _parse(folder / "sources.yaml", schema.SharedSourcesFile, problems)
    shared = {} if shared_file is None else shared_file.sources
    states_file = _parse(folder / "states.yaml", schema.StatesFile, problems)
    classes: dict[str, Any] = {
        "threats": schema.ThreatFile,
        "interceptors": schema.InterceptorFile,
        "sensors": SensorFile,
        "sites": schema.SiteFile,
    }
    entries: dict[str, list[Any]] = {kind: [] for kind in KINDS}
    for kind in KINDS:
        for path in sorted((folder / kind).glob("*.yaml")):
            parsed = _parse(path, classes[kind], problems)
            if parsed is None:
                continue
            if parsed.id != path.stem:
                problems.append(f"{_shown(path)}: id: expected {path.stem} (the name of the file), got {parsed.id}")
            try:
                entries[kind].append(parsed.to_record(shared))
            except ValueError as error:
                problems.append(f"{_shown(path)}: {error}")
    states: Any = ()
    state_sources: Any = ()
    if states_file is not None:
        try:
            states, state_sources = states_file.to_records(shared)
        except ValueError as error:
            problems.append(f"states.yaml: {error}")
    problems += _unresolved(entries, {s.code for s in states})
    if problems:
        raise ScenarioError("\n".join(problems))
    ordered = {kind: tuple(sorted(entries[kind], key=lambda e: e.id)) for kind in KINDS}
    return Catalogue(digest=_digest(folder), states=states, state_sources=state_sources, **ordered)


def _unresolved(entries: dict[str, list[Any]], codes: set[str]) -> list[str]:
    """Name every site whose class or state does not exist, or whose dates run backwards."""
    problems = []
    sensors = {e.id for e in entries["sensors"]}
    interceptors = {e.id for e in entries["interceptors"]}
    for site in entries["sites"]:
        where = f"sites/{site.id}.yaml"
        for sensor in site.sensors:
            if sensor.sensor_class not in sensors:
                problems.append(f"{where}: sensors: expected one of {sorted(sensors)}, got {sensor.sensor_class!r}")
        for magazine in site.interceptors:
            if magazine.interceptor_class not in interceptors:
                got = magazine.interceptor_class
                problems.append(f"{where}: interceptors: expected one of {sorted(interceptors)}, got {got!r}")
        for state in (site.owner, site.host):
            if state is not None and state not in codes:
                problems.append(f"{where}: owner or host: expected a code of states.yaml, got {state!r}")
        until = site.in_service_until
        if until is not None and until.value < site.in_service_from.value:
            start = site.in_service_from.value
            problems.append(f"{where}: in_service_until: expected a day after {start}, got {until.value}")
    return problems


def _shown(path: Path) -> str:
    return f"{path.parent.name}/{path.name}" if path.parent.name in KINDS else path.name


def _parse(path: Path, schema: type[File], problems: list[str]) -> File | None:
    """Return the checked file, or None after adding one line per problem."""
    from pydantic import ValidationError
    from ruamel.yaml import YAML
    from ruamel.yaml.error import MarkedYAMLError, YAMLError

    try:
        document = YAML(typ="rt").load(path.read_text(encoding="utf-8"))
    except MarkedYAMLError as error:
        mark = error.problem_mark
        place = "" if mark is None else f":{mark.line + 1}:{mark.column + 1}"
        problems.append(f"{_shown(path)}{place}: expected YAML 1.2, got {error.problem}")
        return None
    except (OSError, UnicodeDecodeError, YAMLError) as error:
        problems.append(f"{_shown(path)}: expected a readable UTF-8 YAML file, got {error}")
        return None
    try:
        return schema.model_validate(_plain(document))
    except ValidationError as error:
        for found in error.errors():
            line, column = _position(document, found["loc"])
            key = ".".join(str(part) for part in found["loc"]) or "file"
            got = "" if found["type"] in ("missing", "value_error") else f" (got {str(found['input'])[:80]!r})"
            problems.append(f"{_shown(path)}:{line}:{column}: {key}: {found['msg'].removeprefix('Value error, ')}{got}")
        return None


def _plain(node: object) -> object:
    """Return the document as plain dict, list and scalars."""
    if isinstance(node, dict):
        return {str(k): _plain(v) for k, v in node.items()}
    if isinstance(node, list):
        return [_plain(v) for v in node]
    if isinstance(node, bool) or node is None:
        return node
    for scalar in (int, float, str):
        if isinstance(node, scalar):
            return scalar(node)
    return node


def _position(document: object, loc: tuple[int | str, ...]) -> tuple[int, int]:
    """Return line and column (from 1) of the deepest part of `loc` that the file holds."""
    line, column = 1, 1
    node: Any = document
    for part in loc:
        try:
            is_mapping = isinstance(node, dict)
            mark = node.lc.key(part) if is_mapping else node.lc.item(part)
            node = node[part]
        except (KeyError, IndexError, TypeError, AttributeError):
            break
        line, column = mark[0] + 1, mark[1] + 1
    return line, column
