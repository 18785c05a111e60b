"""How a complex scores its partner: the keys `trust.*` of assumptions and of `--set`, with range and reason.

No open source gives such settings, so all of them are assumed, alike for every side.
"""

from typing import NamedTuple

from diptych.edge.schema.knobs import Knobs
from diptych.model.sources import Source
from diptych.model.trust import SHIPPED, TrustSettings


class Row(NamedTuple):
    """One setting: field of `TrustSettings`, words, unit, low and high beside the shipped value, why."""

    key: str
    title: str
    unit: str
    low: float
    high: float
    why: str


ROWS = (
    Row("memory_fraction", "Share of a partner's score kept at each comparison", "", 0.5, 0.95,
        "Assumed: two to twenty comparisons weigh about as much as one; a partner tells each object a few times."),
    Row("worst_factor", "The most one comparison counts", "", 5.0, 20.0,
        "Assumed: one wild track must not be remembered for ever; honest ones count 1 on average."),
    Row("distrust_factor", "Score above which a partner's data are set aside", "", 1.8, 4.0,
        "Assumed: above what honest tracks reach; with the shipped memory one track far off is enough."),
    Row("accept_factor", "Score below which they are used again", "", 1.2, 1.7,
        "Assumed: near what honest tracks give, below the score of distrust."),
    Row("unseen_objects_count", "Objects that only one partner has spoken of before more are not taken", "", 15.0, 60.0,
        "Assumed: more than the reference raid has, so that no honest warning is lost; own search waits for no cue."),
    Row("messages_per_minute_count", "Messages of one sender taken in a minute", "1/min", 120.0, 3000.0,
        "Assumed: several times the 10 to 20 a minute of the reference raid, so that no honest partner is cut off."),
    Row("claim_grace_s", "Time after an announced engagement in which its result may come", "s", 45.0, 180.0,
        "Assumed: assessment, release and passing on through a centre take about 40 s at the middle values."),
    Row("broken_claims_count", "Engagements announced and not made after which announcements hold nobody", "", 1.0, 3.0,
        "Assumed: one may be a mistake; each costs time in a window."),
)  # fmt: skip


def trust_settings(knobs: Knobs) -> TrustSettings:
    """Return the settings in use."""
    values: dict[str, float] = {}
    for row in ROWS:
        source = Source("Assumption of this project", grade="assumed", note=row.why)
        bounds = (row.low, float(getattr(SHIPPED, row.key)), row.high)
        values[row.key] = knobs.take(f"trust.{row.key}", row.title, row.unit, bounds, source)
    return TrustSettings(
        memory_fraction=values["memory_fraction"],
        worst_factor=values["worst_factor"],
        distrust_factor=values["distrust_factor"],
        accept_factor=min(values["accept_factor"], values["distrust_factor"]),
        unseen_objects_count=int(values["unseen_objects_count"]),
        messages_per_minute_count=int(values["messages_per_minute_count"]),
        claim_grace_s=values["claim_grace_s"],
        broken_claims_count=int(values["broken_claims_count"]),
    )
