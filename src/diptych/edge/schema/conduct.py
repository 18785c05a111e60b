"""The language of conduct files: who behaves how, from when on, with low, mid and high of every number and why.

A file names no party of a scenario unless it wants to: `who: partner` stands for each party in turn, and a name behind
a colon (`silent:russia`) chooses one. `edge.conducts` finds the actors; here are the form and the numbers.
"""

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, model_validator

from diptych.edge.schema.arrangement import Product
from diptych.edge.schema.base import Id, NamedError, Number, Strictly, Text
from diptych.edge.schema.knobs import Knobs
from diptych.edge.schema.quantities import unit_of
from diptych.model.conduct import ANSWER_KINDS, Change, Since
from diptych.model.sources import Source

SCHEMA = "diptych/conduct/1"
EACH = "each"
EACH_HOST = "each-host"

Do = Literal[
    "stop",
    "delay",
    "degrade",
    "falsify",
    "invent",
    "claim",
    "flood",
    "silent",
    "slow",
    "refuse",
    "withdraw",
    "hold-fire",
    "object",
]
Event = Literal["first-launch", "first-own-release", "first-partner-release", "first-impact"]

NUMBERS_OF: dict[str, tuple[str, ...]] = {
    "delay": ("delay_s",),
    "slow": ("delay_s",),
    "degrade": ("position_km", "velocity_mps"),
    "falsify": ("offset_km",),
    "invent": ("objects_count",),
    "claim": ("before_impact_s",),
    "flood": ("per_minute_count",),
}
"""The numbers that each kind of change must have besides `with_probability`, which every one may have."""

NUMBERS = ("with_probability", *dict.fromkeys(key for keys in NUMBERS_OF.values() for key in keys))
MAY: dict[str, tuple[str, ...]] = {
    "link": ("stop", "delay"),
    "centre": ("stop", "delay", "degrade"),
    "role": ("silent", "slow", "refuse", "withdraw"),
    "member": ("stop", "silent", "slow", "refuse", "withdraw", "object"),
}
"""The changes that each kind of actor may make; a party may make all."""


class RangeFile(Strictly):
    """A number nobody knows: low, mid (the shipped value), high, and why. A range is not a distribution."""

    low: Number = Field(ge=0)
    mid: Number = Field(ge=0)
    high: Number = Field(ge=0)
    reason: Text

    @model_validator(mode="after")
    def _is_ordered(self) -> "RangeFile":
        if not self.low <= self.mid <= self.high:
            shown = f"{self.low:g}, {self.mid:g}, {self.high:g}"
            raise NamedError("low-above-high", f"expected low <= mid <= high, found {shown}; put them in order")
        return self


class ChanceFile(RangeFile):
    """A probability nobody knows."""

    @model_validator(mode="after")
    def _is_a_share(self) -> "ChanceFile":
        if self.high > 1.0:
            raise ValueError(f"expected a probability from 0 to 1, found {self.high:g}; write 0.3 for 30 %")
        return self


class ChangeFile(Strictly):
    """One thing that is otherwise, and its numbers."""

    do: Do
    product: Product | None = Field(None, description="With what is told: one product; left out: every one")
    act: Id | None = Field(None, description="With what is answered: one act of stages.yaml; left out: every one")
    with_probability: ChanceFile | None = Field(None, description="Left out: always")
    delay_s: RangeFile | None = None
    position_km: RangeFile | None = None
    velocity_mps: RangeFile | None = None
    offset_km: RangeFile | None = None
    objects_count: RangeFile | None = None
    before_impact_s: RangeFile | None = None
    per_minute_count: RangeFile | None = None

    @model_validator(mode="after")
    def _has_its_numbers(self) -> "ChangeFile":
        wanted = NUMBERS_OF.get(self.do, ())
        has = tuple(key for key in NUMBERS if key != "with_probability" and getattr(self, key) is not None)
        if sorted(has) != sorted(wanted):
            needs, found = " and ".join(wanted) or "no number but with_probability", " and ".join(has) or "none"
            raise ValueError(f"expected {needs} with `do: {self.do}`, found {found}; correct it")
        is_answer = self.do in ANSWER_KINDS
        if self.product is not None and is_answer:
            raise ValueError(f"expected `act` with `do: {self.do}`, found `product`; what is told is another change")
        if self.act is not None and (not is_answer or self.do in ("object", "hold-fire")):
            raise ValueError(f"expected no `act` with `do: {self.do}`, found {self.act}; remove it")
        if self.objects_count is not None and any(
            x != int(x) or not 1 <= x <= 50
            for x in (self.objects_count.low, self.objects_count.mid, self.objects_count.high)
        ):
            raise ValueError("expected whole numbers from 1 to 50 in objects_count; correct them")
        return self

    def to_record(self, conduct_id: str, title: str, number: int, knobs: Knobs) -> Change:
        """Return the change with the numbers in use; `number` counts changes of one kind, from 1."""
        used: dict[str, float] = {}
        name = self.do if number == 1 else f"{self.do}-{number}"
        for key in NUMBERS:
            given = getattr(self, key)
            if given is None:
                continue
            unit = unit_of(key)[0]
            source = Source("Assumption of this project", grade="assumed", note=given.reason)
            words = f"{title}: {name}, {key.rpartition('_')[0].replace('_', ' ')}"
            bounds = (given.low, given.mid, given.high)
            used[key] = knobs.take(f"conducts.{conduct_id}.{name}.{key}", words, unit, bounds, source)
        return Change(
            kind=self.do,
            products=(self.product,) if self.product else (),
            acts=(self.act,) if self.act else (),
            probability=used.get("with_probability", 1.0),
            delay_s=used.get("delay_s", 0.0),
            position_m=used.get("position_km", 0.0) * 1e3,
            velocity_mps=used.get("velocity_mps", 0.0),
            offset_m=used.get("offset_km", 0.0) * 1e3,
            count=int(used.get("objects_count", 0.0)),
            before_impact_s=used.get("before_impact_s", 0.0),
            per_minute=used.get("per_minute_count", 0.0),
        )


class WhoFile(Strictly):
    """Whose conduct it is: exactly one of these."""

    party: Id | None = Field(None, description="A party, or `each`")
    member: Text | None = Field(None, description="A state's code, or `each-host`: every state that hosts a battery")
    centre: Id | None = Field(None, description="A centre's id or kind, or `each`")
    role: Text | None = Field(None, description="A role as reports name it, such as `saceur` or `fr.council`")
    link: Literal["all"] | None = Field(None, description="`all`: every link between complexes and centres")

    @model_validator(mode="after")
    def _names_one(self) -> "WhoFile":
        has = [key for key in ("party", "member", "centre", "role", "link") if getattr(self, key) is not None]
        if len(has) != 1:
            found = " and ".join(has) or "nothing"
            raise ValueError(f"expected one of party, member, centre, role, link, found {found}; keep one")
        return self

    def kind(self) -> str:
        """Return which of the keys is given."""
        return next(key for key in ("party", "member", "centre", "role", "link") if getattr(self, key) is not None)

    def name(self) -> str:
        """Return what the key says; "" for links."""
        return "" if self.link is not None else str(getattr(self, self.kind()))


def _partner(value: object) -> object:
    return {"party": EACH} if value == "partner" else {"link": "all"} if value == "link" else value


Who = Annotated[WhoFile, BeforeValidator(_partner, json_schema_input_type=Literal["partner", "link"] | WhoFile)]


class FromFile(Strictly):
    """From when on: seconds after the start of the run, or after something has happened."""

    after_s: Number = Field(0.0, ge=0, description="Seconds after it")
    after: Event | None = Field(None, description="Left out: the start of the run")

    def to_record(self) -> Since:
        """Return the record."""
        return Since(self.after or "", self.after_s)


class ConductFile(Strictly):
    """How somebody behaves."""

    schema_: Literal["diptych/conduct/1"] = Field(alias="schema", description="Always the first line")
    id: Id
    title: Text
    says: Text = Field(description="One or two sentences: what it is and what it leaves alone")
    who: Who = Field(description="`partner` (each party in turn), `link`, or one of party, member, centre, role")
    from_: FromFile = Field(FromFile(after_s=0.0, after=None), alias="from")
    changes: tuple[ChangeFile, ...] = Field(description="What is otherwise; empty: nothing")

    def to_changes(self, knobs: Knobs) -> tuple[Change, ...]:
        """Return the changes with the numbers in use."""
        seen: dict[str, int] = {}
        found = []
        for change in self.changes:
            seen[change.do] = seen.get(change.do, 0) + 1
            found.append(change.to_record(self.id, self.title, seen[change.do], knobs))
        return tuple(found)


def plain_who(kind: str, name: str) -> str | dict[str, str]:
    """Return `who` as a file would say it of one actor."""
    return "link" if kind == "link" else {kind: name}
