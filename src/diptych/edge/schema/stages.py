"""The file of acts and their times, `data/stages.yaml`: one entry per kind of act, in seconds, each with a source."""

from typing import Literal

from pydantic import Field, model_validator

from diptych.edge.schema.base import Id, NamedError, Number, SourceFile, Strictly, Text

By = Literal["watch", "holder", "second", "council", "host", "link", "centre"]


class TimeRange(Strictly):
    """What is not known about a time: low, mid (the shipped default), high. A range is not a distribution."""

    low: Number = Field(ge=0)
    mid: Number = Field(ge=0)
    high: Number = Field(ge=0)

    @model_validator(mode="after")
    def _is_ordered(self) -> "TimeRange":
        if not self.low <= self.mid <= self.high:
            shown = f"{self.low:g}, {self.mid:g}, {self.high:g}"
            raise NamedError("low-above-high", f"expected low <= mid <= high, found {shown}; put them in order")
        return self


class StageFile(Strictly):
    """A kind of act: who performs it and how long it takes."""

    title: Text
    by: By = Field(description="Who performs it")
    time_s: TimeRange
    spread: Number = Field(ge=0, le=2, description="Relative spread by chance (sigma of a lognormal)")
    source: SourceFile


class StagesFile(Strictly):
    """`data/stages.yaml`."""

    schema_: Literal["diptych/stages/1"] = Field(alias="schema")
    source: SourceFile | None = None
    stages: dict[Id, StageFile] = Field(min_length=1)
