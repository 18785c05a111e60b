"""What a text of rules costs when missiles come: one arrangement under several texts, on the same luck.

Each replicate is drawn once and run under every text; differences are paired. A case counts as outside where the rules,
when first looked up, left it to the members: no rule, rules that keep it for them, or none agreed at all. A picture
that sharpens may bring it inside them later; what is left outside to the end is counted too.
"""

from collections.abc import Sequence

import msgspec
import numpy as np

from diptych.command.deliberation import Floats
from diptych.model.arrangement import Arrangement
from diptych.model.record import RunRecord
from diptych.model.result import Estimate
from diptych.model.scenario import Scenario
from diptych.sim.prepare import Prepared
from diptych.sim.run import run
from diptych.sim.world import draw_world
from diptych.study.design import COOPERATIVE, baselines_of
from diptych.study.estimate import Paired, Resampler, estimate_difference, estimate_mean
from diptych.study.metrics import measure

FIGURES = ("cases", "outside", "left", "leakage", "forgone")


class TextPlan(msgspec.Struct, frozen=True, eq=False):
    """What every replicate does: a prepared scenario whose arrangements are the baselines and one for each text."""

    prepared: Prepared
    texts: tuple[str, ...]
    seed: int


class TextCost(msgspec.Struct, frozen=True):
    """One text and one party: cases looked up in a raid, share outside at first and to the end, leakage and its
    difference, missiles forgone for it.
    """

    arrangement: str
    cases: float
    outside_share: float | None
    left_share: float | None
    leakage: Estimate
    against: Paired
    forgone: Estimate


class TextCosts(msgspec.Struct, frozen=True):
    """The costs of every text for every party; differences are against the first text."""

    replicates: int
    by_party: dict[str, tuple[TextCost, ...]]


def run_replicate(plan: TextPlan, replicate: int) -> Floats:
    """Return the figures of one replicate, (texts, parties, FIGURES)."""
    world = draw_world(plan.prepared, plan.seed, replicate)
    scenario = plan.prepared.scenario
    alone = {party: run(world, half, COOPERATIVE, keep_events=False) for party, half in baselines_of(scenario)}
    known = {a.id: a for a in scenario.arrangements}
    out = np.zeros((len(plan.texts), len(scenario.parties), len(FIGURES)))
    for i, name in enumerate(plan.texts):
        record = run(world, known[name], COOPERATIVE, keep_events=False)
        measured = measure(scenario, record, alone)
        for j, party in enumerate(scenario.parties):
            values = measured[party.id]
            counts = looked_up(known[name], record, party.id)
            out[i, j] = (*counts, values["leakage"] or 0.0, values["forgone_outside_rules"] or 0.0)
    return out


def looked_up(arrangement: Arrangement, record: RunRecord, party: str) -> tuple[int, int, int]:
    """Return how many cases the complexes of a party looked up in rules; of them outside at first, and to the end."""
    own = {c.id for c in arrangement.complexes if party in c.parties}
    cases = [e for e in record.engagements if e.complex_id in own and e.verdict]
    at_first = sum(is_outside(e.first_verdict) for e in cases)
    return len(cases), at_first, sum(is_outside(e.verdict) for e in cases)


def is_outside(verdict: str) -> bool:
    """Whether a verdict leaves the case to those who set the rules.  *Check*: `outside`, `consult 5`; not `hold 3`."""
    return verdict.partition(" ")[0] not in ("engage", "hold")


def costs_of(
    scenario: Scenario, texts: Sequence[str], figures: Sequence[Floats], generator: np.random.Generator
) -> TextCosts:
    """Return what the texts cost, from the figures of all replicates; `generator` feeds the bootstrap only."""
    cube = np.stack(figures)
    resampler = Resampler(len(figures), generator)
    most = float(len(scenario.raid))
    by_party = {}
    for j, party in enumerate(scenario.parties):
        rows = []
        for i, name in enumerate(texts):
            cases, outside, left, leakage, forgone = (cube[:, i, j, k] for k in range(len(FIGURES)))
            total = float(cases.sum())
            rows.append(
                TextCost(
                    arrangement=name,
                    cases=total / len(figures),
                    outside_share=float(outside.sum()) / total if total else None,
                    left_share=float(left.sum()) / total if total else None,
                    leakage=estimate_mean(leakage, least=0.0, most=most),
                    against=estimate_difference(leakage, cube[:, 0, j, FIGURES.index("leakage")], resampler),
                    forgone=estimate_mean(forgone, least=0.0, most=most),
                )
            )
        by_party[party.id] = tuple(rows)
    return TextCosts(len(figures), by_party)
