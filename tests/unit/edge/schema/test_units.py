"""The schema itself is linted: every numeric key ends in a unit of the closed list or is a pure number by name."""

import types
from typing import Annotated, Union, get_args, get_origin

import pytest
from pydantic import BaseModel

from diptych.edge.schema.base import PURE_NUMBERS, UNIT_SUFFIXES
from diptych.edge.schema.documents import KINDS, json_schema, new_text
from diptych.model.errors import ScenarioError


def parts(annotation):
    """Return every type an annotation is made of."""
    if get_origin(annotation) is Annotated:
        return parts(get_args(annotation)[0])
    if get_origin(annotation) in (Union, types.UnionType):
        return [p for member in get_args(annotation) for p in parts(member)]
    if get_origin(annotation) is tuple:
        return [p for member in get_args(annotation) for p in parts(member)]
    if get_origin(annotation) is dict:
        return parts(get_args(annotation)[1])
    return [annotation]


def numeric_keys(model, seen=None):
    """Return (class, key) of every numeric field reachable from a file class."""
    seen = set() if seen is None else seen
    if model in seen:
        return []
    seen.add(model)
    found = []
    for name, info in model.model_fields.items():
        for part in parts(info.annotation):
            if part in (int, float):
                found.append((model.__name__, info.alias or name))
            elif isinstance(part, type) and issubclass(part, BaseModel):
                found += numeric_keys(part, seen)
                if part.__name__ == "AmountFile":
                    found.append((model.__name__, info.alias or name))
    return found


@pytest.mark.parametrize("kind", KINDS)
def test_every_numeric_key_ends_in_a_unit(kind):
    keys = numeric_keys(KINDS[kind])
    assert len(keys) > 3
    for owner, key in keys:
        if key == "assumptions":
            continue  # keyed by the keys of other files, which end in units themselves
        assert key.endswith((*UNIT_SUFFIXES, *PURE_NUMBERS)), f"{owner}.{key}"


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_a_json_schema_that_names_its_first_line(kind):
    schema = json_schema(kind)
    assert schema["properties"]["schema"]["const"] == f"diptych/{kind}/1"
    assert schema["additionalProperties"] is False


def test_an_unknown_kind_lists_the_kinds():
    with pytest.raises(ScenarioError, match="did you mean 'scenario'"):
        json_schema("scenarios")
    with pytest.raises(ScenarioError, match="expected an id of small letters"):
        new_text("scenario", "My File")
