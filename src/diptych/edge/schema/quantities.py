"""The values in catalogue files: numbers and texts in people's units, each with its source, checked here.

A quantity is one of

    {value: 3.0, source: speeds}
    {low: 20, mid: 35, high: 60, source: ours}                      # not known: a range, graded assumed
    {values: [{value: 4000, source: a}, {value: 6000, source: b}], default: 4000, because: ...}   # sources disagree

and `source` is an id of the entry's own `sources` or of `data/sources.yaml`. The unit stands at the end of the key and
must be in `UNITS`. `to_record` gives the frozen records of `model.catalogue` in SI and radians. Which values an entry
has, and what must hold between them, is in `edge.schema.entries`.
"""

import datetime
import math
from collections.abc import Mapping
from typing import Annotated

from pydantic import BeforeValidator, Field, model_validator

from diptych.edge.schema.base import Strictly
from diptych.model import catalogue as records
from diptych.model.sources import Grade, Source

# Suffix in a file -> (unit to show, factor to SI, suffix in records). The longest matching suffix wins.
UNITS: dict[str, tuple[str, float, str]] = {
    "_kg_m2": ("kg/m2", 1.0, "_kg_m2"),
    "_kmps": ("km/s", 1e3, "_mps"),
    "_mps": ("m/s", 1.0, "_mps"),
    "_kw": ("kW", 1e3, "_w"),
    "_mhz": ("MHz", 1e6, "_hz"),
    "_hz": ("1/s", 1.0, "_hz"),
    "_k": ("K", 1.0, "_k"),
    "_db": ("dB", 1.0, "_db"),
    "_mrad": ("mrad", 1e-3, "_rad"),
    "_deg": ("deg", math.pi / 180.0, "_rad"),
    "_km": ("km", 1e3, "_m"),
    "_kn": ("kN", 1e3, "_n"),
    "_kg": ("kg", 1.0, "_kg"),
    "_m2": ("m2", 1.0, "_m2"),
    "_m": ("m", 1.0, "_m"),
    "_s": ("s", 1.0, "_s"),
}
# Keys and endings that are pure numbers.
NUMBERS = (
    "_probability",
    "_fraction",
    "_factor",
    "_coefficient",
    "_count",
    "_spread",
    "_case",
    "_exponent",
    "salvo",
    "availability",
)


def unit_of(key: str) -> tuple[str, float, str]:
    """Return (unit shown, factor to SI, key in records) of a file key; ValueError names the closed list."""
    if key.endswith(NUMBERS):
        return "", 1.0, key
    for suffix in sorted(UNITS, key=len, reverse=True):
        if key.endswith(suffix):
            unit, factor, si_suffix = UNITS[suffix]
            return unit, factor, key[: -len(suffix)] + si_suffix
    raise ValueError(f"key {key!r}: expected a name ending in one of {', '.join(UNITS)} or {', '.join(NUMBERS)}")


def _iso_date(value: object) -> object:
    return value.isoformat() if isinstance(value, datetime.date) else value


IsoDate = Annotated[str, BeforeValidator(_iso_date), Field(pattern=r"^\d{4}-\d{2}-\d{2}$")]
TextValue = Annotated[str, BeforeValidator(_iso_date)]


class SourceFile(Strictly):
    """A source: `assumed` needs a `reason` and may lack an address, every other grade needs the address."""

    title: str = Field(min_length=3)
    grade: Grade
    url: str = ""
    weak: bool = False
    reason: str = ""

    @model_validator(mode="after")
    def _has_address_or_reason(self) -> "SourceFile":
        if self.grade == "assumed" and not self.reason:
            raise ValueError("expected a reason (grade assumed), got none; say why this value")
        if self.grade != "assumed" and not self.url.startswith(("http://", "https://")):
            raise ValueError(f"expected an address for grade {self.grade}, got {self.url!r}")
        return self

    def to_record(self) -> Source:
        """Return the record; `reason` becomes its `note`."""
        return Source(title=self.title, url=self.url, grade=self.grade, weak=self.weak, note=self.reason)


Sources = Mapping[str, SourceFile]


class ClaimFile(Strictly):
    """One of several values for the same thing."""

    value: float
    source: str
    grade: Grade | None = None
    weak: bool | None = None
    note: str = ""


class QuantityFile(Strictly):
    """A number: one value, a range, or all values that sources give with the default and why."""

    value: float | None = None
    low: float | None = None
    mid: float | None = None
    high: float | None = None
    values: tuple[ClaimFile, ...] = ()
    default: float | None = None
    because: str = ""
    source: str = ""
    grade: Grade | None = None
    weak: bool | None = None
    note: str = ""

    @model_validator(mode="after")
    def _has_one_form(self) -> "QuantityFile":
        in_range = [x is not None for x in (self.low, self.mid, self.high)]
        forms = (self.value is not None) + any(in_range) + bool(self.values)
        if forms != 1:
            raise ValueError("expected exactly one of value, low/mid/high, values/default")
        if any(in_range):
            if self.low is None or self.mid is None or self.high is None:
                raise ValueError("expected low, mid and high together")
            if not self.low <= self.mid <= self.high:
                raise ValueError(f"expected low <= mid <= high, got {self.low}, {self.mid}, {self.high}")
        if self.values:
            if self.default not in [c.value for c in self.values] or not self.because:
                raise ValueError("expected default to be one of values, and because to say why that one")
            if len(self.values) < 2:
                raise ValueError("expected at least two values where sources disagree; write value instead")
        elif not self.source:
            raise ValueError("expected a source, got none; every value names where it comes from")
        return self

    def to_record(self, key: str, sources: Sources) -> records.Quantity:
        """Return the quantity in SI; the range of conflicting values spans all of them."""
        unit, factor, _ = unit_of(key)
        to_si = math.radians if unit == "deg" else lambda x: x * factor  # radians(): exact at 90 and 180
        if self.values:
            chosen = next(c for c in self.values if c.value == self.default)
            numbers = [c.value for c in self.values]
            low, mid, high, source = min(numbers), chosen.value, max(numbers), chosen.source
            grade, weak, note = chosen.grade, chosen.weak, self.because
        elif self.value is not None:
            low = mid = high = self.value
            source, grade, weak, note = self.source, self.grade, self.weak, self.note
        else:
            low, mid, high = (x for x in (self.low, self.mid, self.high) if x is not None)  # all three, checked above
            source, grade, weak, note = self.source, self.grade, self.weak, self.note
        claims = tuple(
            records.Claim(
                value=to_si(c.value),
                written=c.value,
                source=c.source,
                grade=c.grade or find_source(sources, c.source, key).grade,
                weak=find_source(sources, c.source, key).weak if c.weak is None else c.weak,
                note=c.note,
            )
            for c in self.values
        )
        found = find_source(sources, source, key)
        return records.Quantity(
            key=key,
            unit=unit,
            mid=to_si(mid),
            low=to_si(low),
            high=to_si(high),
            written=(low, mid, high),
            source=source,
            grade=grade or found.grade,
            weak=found.weak if weak is None else weak,
            note=note,
            claims=claims,
        )


class FactFile(Strictly):
    """A text value with its source; `others` lists what other sources say."""

    value: TextValue
    source: str
    grade: Grade | None = None
    weak: bool | None = None
    note: str = ""
    others: tuple[TextValue, ...] = ()

    def to_record(self, key: str, sources: Sources) -> records.Fact:
        """Return the fact."""
        found = find_source(sources, self.source, key)
        return records.Fact(
            key=key,
            value=self.value,
            source=self.source,
            grade=self.grade or found.grade,
            weak=found.weak if self.weak is None else self.weak,
            note=self.note,
            claims=self.others,
        )


def find_source(sources: Sources, source_id: str, key: str) -> SourceFile:
    """Return the source of that id; ValueError says that `key` names one that nobody wrote down."""
    try:
        return sources[source_id]
    except KeyError:
        raise ValueError(f"{key}: expected a source id of this entry or of sources.yaml, got {source_id!r}") from None
