"""Files of published cases for `diptych validate`: a JSON list of cases, units in the keys.

What a case must look like is checked here; which inputs a kind takes is its method's business
(`diptych.analysis.cases`).
"""

from typing import Annotated, Any

from pydantic import Field, RootModel

from diptych.edge.schema.base import Number, Strictly, Text

NumberOrText = Number | bool | str
Value = NumberOrText | list[NumberOrText] | dict[str, NumberOrText | list[Number]]


class CaseFile(Strictly):
    """One published number, or several from one source, and what they follow from."""

    id: Text = Field(description="A name of the case, once in a file")
    source: Text = Field(description="Where the number was published")
    url: str = Field("", description="Its address, or `closed form`")
    kind: Text = Field(description="How it is computed; docs/reference/physics-cases.md lists the kinds")
    inputs: dict[str, Value] = Field(description="What is given; every key ends in its unit")
    expected: Annotated[dict[str, Value], Field(min_length=1)] = Field(description="What was published")
    tolerance: dict[str, Annotated[Number, Field(ge=0)]] = Field(
        description="Allowed error: `rel`, `abs`, a unit (`km`), or one output (`speed_rel`, `azi_deg`)"
    )
    basis: str = Field("", description="published, derived, a published conclusion ...")
    why: str = Field("", description="Why this tolerance")
    note: str = ""
    reference_calc: dict[str, Any] = Field({}, description="Somebody's own calculation; not compared")


class CasesFile(RootModel[list[CaseFile]]):
    """A file of cases."""


def cases_schema(kinds: list[str]) -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of a file of cases; editors offer `kinds`."""
    schema = CasesFile.model_json_schema(mode="validation")
    schema["$defs"]["CaseFile"]["properties"]["kind"]["examples"] = kinds
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": "diptych/physics-cases/1", **schema}
