"""Writing scenario files: the resolved form of a run directory, so plainly that any YAML 1.2 reader agrees on it."""

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

from diptych.edge.files import Tree, scalar_of
from diptych.edge.schema.knobs import Setting

_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9_/.-]*")


def resolved(
    tree: Tree,
    arrangements: list[object],
    settings: Iterable[Setting],
    raid_size: int | None,
    conducts: Iterable[object] = (),
) -> str:
    """Return one file without `extends`: arrangements and conducts resolved, settings and raid size written in."""
    plain = tree.plain()
    assert isinstance(plain, dict)  # a checked scenario file
    values: dict[str, Any] = {"schema": plain["schema"], **plain, "arrangements": arrangements}
    if conducts:
        values["conducts"] = list(conducts)
    assumptions = dict(values.get("assumptions", {}))
    for setting in settings:
        if setting.path is None:
            assumptions.pop(setting.key, None)  # the last word on a key stands last
            assumptions[setting.key] = setting.value
    if assumptions:
        values["assumptions"] = assumptions
    if raid_size is not None:
        values["raid_size"] = raid_size
    return text_of(values)


def text_of(values: Mapping[str, Any]) -> str:
    """Return the YAML text of a file given as dicts, lists and scalars."""
    return "\n".join(_mapping(values, 0)) + "\n"


def _scalar(value: object) -> str:
    if isinstance(value, str):
        return value if _PLAIN.fullmatch(value) and scalar_of(value) == value else json.dumps(value, ensure_ascii=False)
    return json.dumps(value)


def _mapping(values: Mapping[str, Any], depth: int) -> list[str]:
    lines = []
    for key, value in values.items():
        head = "  " * depth + _scalar(key) + ":"
        if isinstance(value, dict) and value:
            lines += [head, *_mapping(value, depth + 1)]
        elif isinstance(value, (list, tuple)) and value:
            lines += [head, *_sequence(value, depth + 1)]
        else:
            lines.append(f"{head} {_empty_or_scalar(value)}")
    return lines


def _sequence(values: Iterable[Any], depth: int) -> list[str]:
    lines = []
    for value in values:
        pad = "  " * depth
        if isinstance(value, dict) and value:
            first, *rest = _mapping(value, depth + 1)
            lines += [f"{pad}- {first.lstrip()}", *rest]
        elif isinstance(value, (list, tuple)) and value:
            lines.append(f"{pad}- {json.dumps(value, ensure_ascii=False)}")
        else:
            lines.append(f"{pad}- {_empty_or_scalar(value)}")
    return lines


def _empty_or_scalar(value: object) -> str:
    if isinstance(value, dict):
        return "{}"
    return "[]" if isinstance(value, (list, tuple)) else _scalar(value)
