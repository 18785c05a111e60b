"""The file of what falls besides the payloads, `data/debris.yaml`: a few numbers nobody knows, each with a source."""

from typing import Literal

from pydantic import Field, model_validator

from diptych.edge.schema.base import NamedError, Number, SourceFile, Strictly, Text
from diptych.edge.schema.knobs import Knobs
from diptych.edge.schema.quantities import unit_of
from diptych.model.scenario import DebrisModel

KEYS = tuple(DebrisModel.__struct_fields__)


class RangeFile(Strictly):
    """A number nobody knows: low, mid (the shipped default), high. A range is not a distribution."""

    title: Text
    low: Number = Field(gt=0)
    mid: Number = Field(gt=0)
    high: Number = Field(gt=0)
    source: SourceFile

    @model_validator(mode="after")
    def _is_ordered(self) -> "RangeFile":
        if not self.low <= self.mid <= self.high:
            shown = f"{self.low:g}, {self.mid:g}, {self.high:g}"
            raise NamedError("low-above-high", f"expected low <= mid <= high, found {shown}; put them in order")
        return self


class DebrisFile(Strictly):
    """`data/debris.yaml`."""

    schema_: Literal["diptych/debris/1"] = Field(alias="schema")
    numbers: dict[str, RangeFile]

    @model_validator(mode="after")
    def _has_all_and_no_more(self) -> "DebrisFile":
        if sorted(self.numbers) != sorted(KEYS):
            raise ValueError(f"expected the numbers {', '.join(KEYS)}, found {', '.join(self.numbers)}; write them all")
        return self

    def to_record(self, knobs: Knobs) -> DebrisModel:
        """Return the numbers in use."""
        used = {}
        for key, given in self.numbers.items():
            unit, _, _ = unit_of(key)
            bounds = (given.low, given.mid, given.high)
            used[key] = knobs.take(f"debris.{key}", given.title, unit, bounds, given.source.to_record())
        return DebrisModel(**used)
