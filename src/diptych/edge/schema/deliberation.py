"""The file of how members agree a text beforehand, `data/deliberation.yaml`: assumed ranges, each with its reason."""

from typing import Literal

import msgspec
from pydantic import Field

from diptych.edge.files import read_data
from diptych.edge.schema.base import SourceFile, Strictly, Text, check
from diptych.edge.schema.stages import TimeRange
from diptych.model.errors import ScenarioError
from diptych.model.sources import Source


class AssumedRangeFile(TimeRange):
    """What is not known: low, mid (used unless said otherwise), high, and why."""

    title: Text
    source: SourceFile


class ChanceRangeFile(AssumedRangeFile):
    """The same of a probability."""

    high: float = Field(ge=0, lt=1)


class DeliberationQuantitiesFile(Strictly):
    """`data/deliberation.yaml`."""

    schema_: Literal["diptych/deliberation/1"] = Field(alias="schema", description="Always the first line")
    objection_probability: ChanceRangeFile
    redraft_h: AssumedRangeFile
    answer_h: AssumedRangeFile
    dilution_count: AssumedRangeFile


class Quantity(msgspec.Struct, frozen=True):
    """One not-known quantity of the deliberate phase."""

    key: str
    title: str
    low: float
    mid: float
    high: float
    source: Source


def load_quantities() -> dict[str, Quantity]:
    """Return the quantities of the deliberate phase by key; ScenarioError with all problems of the file."""
    file, problems = check(read_data("deliberation.yaml"), DeliberationQuantitiesFile)
    if file is None:
        raise ScenarioError(problems=problems)
    found = {}
    for key in ("objection_probability", "redraft_h", "answer_h", "dilution_count"):
        given: AssumedRangeFile = getattr(file, key)
        found[key] = Quantity(key, given.title, given.low, given.mid, given.high, given.source.to_record())
    return found
