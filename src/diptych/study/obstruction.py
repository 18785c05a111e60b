"""What obstruction costs: arrangement by conduct for each party, and the worst anybody can do.

An effect compares a row under a conduct with the same arrangement under cooperation and with the baseline `alone`, on
the same luck. A loss takes the worst conduct of an arrangement: by the partner, or by anybody but the party itself;
its interval allows for the choice (`estimate.estimate_worst`). A conduct that changes nothing which stands in an
arrangement (`sim.conduct.matters`) has a difference of exactly zero for a reason, and not by luck.
"""

from collections.abc import Sequence

import msgspec
import numpy as np

from diptych.model.conduct import COOPERATIVE, Conduct
from diptych.model.result import Comparison, Difference, Effect, Loss, Obstruction
from diptych.model.scenario import Scenario
from diptych.sim.conduct import behaviour_of, hosts_of, matters
from diptych.study.design import BASELINE, Row
from diptych.study.estimate import (
    Floats,
    Paired,
    Resampler,
    estimate_difference,
    estimate_tail_difference,
    estimate_worst,
)
from diptych.study.metrics import METRIC_IDS
from diptych.study.obstruction_words import obstruction_sentences

PARTNER, ANYBODY = "partner", "anybody"
OUTCOME, TAIL = "leakage", "leakage_tail"
CANNOT = "cannot differ: nothing that the conduct changes stands in this arrangement"


def side_of(scenario: Scenario, conduct: Conduct, party: str) -> str:
    """Say whose a conduct is, seen from a party: `partner`, `own`, `inside` (its member or role) or `between`."""
    match conduct.kind:
        case "party":
            return "own" if conduct.actor == party else PARTNER
        case "member":
            return "inside" if scenario.party_of(conduct.actor) == party else PARTNER
        case "role":
            return "inside" if _party_of_role(scenario, conduct.actor) in (party, "") else PARTNER
        case _:
            return "between"


def _party_of_role(scenario: Scenario, role: str) -> str:
    for arrangement in scenario.arrangements:
        for consent in arrangement.consents:
            for step in (*consent.steps, *consent.outside_steps):
                if role in step.roles:
                    return step.parties[step.roles.index(role)]
    return ""


def obstruction(
    scenario: Scenario, rows: Sequence[Row], cube: Floats, comparison: Comparison, resampler: Resampler
) -> Obstruction | None:
    """Return the conduct matrix of a comparison whose table is complete; None where everybody cooperates in every row.

    `cube` is (replicates, rows, parties, metrics), as the replicates were measured. Only arrangements that were run
    under cooperation as well have a place in it.
    """
    index = {row.label: i for i, row in enumerate(rows)}
    obstructed = [row for row in rows if row.conduct != COOPERATIVE and row.arrangement in index]
    if not obstructed:
        return None
    leaked = np.ascontiguousarray(cube[:, :, :, METRIC_IDS.index(OUTCOME)])
    effects, losses = [], []
    for row in obstructed:
        for j, party in enumerate(scenario.parties):
            here = leaked[:, index[row.label], j]
            usual = leaked[:, index[row.arrangement], j]
            alone = leaked[:, index[BASELINE], j]
            effects.append(_effect(scenario, row, party.id, (here, usual, alone), comparison, resampler))
    for name in dict.fromkeys(row.arrangement for row in obstructed):
        mine = [row for row in obstructed if row.arrangement == name]
        for j, party in enumerate(scenario.parties):
            sides = {e.conduct: e for e in effects if (e.arrangement, e.party) == (name, party.id)}
            for by, wanted in ((PARTNER, (PARTNER,)), (ANYBODY, (PARTNER, "inside", "between"))):
                tried = [row for row in mine if sides[row.conduct].side in wanted]
                if tried:
                    where = [index[name], *(index[row.label] for row in tried)]
                    series = np.ascontiguousarray(leaked[:, where, j].T)
                    alone = leaked[:, index[BASELINE], j]
                    found = [sides[row.conduct] for row in tried]
                    losses.append(_loss(by, found, series, alone, resampler))
    bare = Obstruction(tuple(effects), tuple(losses), ())
    return msgspec.structs.replace(bare, sentences=obstruction_sentences(scenario, comparison, bare))


def _effect(
    scenario: Scenario,
    row: Row,
    party: str,
    series: tuple[Floats, Floats, Floats],
    comparison: Comparison,
    resampler: Resampler,
) -> Effect:
    behaviour = behaviour_of(scenario, row.conduct)
    arrangement = next(a for a in scenario.arrangements if a.id == row.arrangement)
    here, usual, alone = series
    can_matter = behaviour is not None and matters(behaviour, arrangement, hosts_of(scenario.batteries, arrangement))
    cells = comparison.table[row.label][party]

    def named(against: str, metric: str, paired: Paired) -> Difference:
        is_bound = against == row.arrangement and not can_matter
        found = msgspec.structs.replace(paired, note=CANNOT) if is_bound else paired
        return Difference(row.label, against, party, metric, **{f: getattr(found, f) for f in Paired.__struct_fields__})

    return Effect(
        arrangement=row.arrangement,
        conduct=row.conduct,
        party=party,
        side="between" if behaviour is None else side_of(scenario, behaviour, party),
        can_matter=can_matter,
        leakage=cells[OUTCOME],
        tail=cells[TAIL],
        freedom_of_action=cells["freedom_of_action"],
        say=cells["say"],
        against_cooperative=named(row.arrangement, OUTCOME, estimate_difference(here, usual, resampler)),
        against_alone=named(BASELINE, OUTCOME, estimate_difference(here, alone, resampler)),
        tail_against_cooperative=named(row.arrangement, TAIL, estimate_tail_difference(here, usual, resampler)),
        tail_against_alone=named(BASELINE, TAIL, estimate_tail_difference(here, alone, resampler)),
    )


def _loss(by: str, tried: Sequence[Effect], series: Floats, alone: Floats, resampler: Resampler) -> Loss:
    """Return the loss under the worst of some conducts; `series` is (1 + conducts, replicates), cooperation first."""
    names = [COOPERATIVE, *(effect.conduct for effect in tried)]
    worst, paired = estimate_worst(series - series[0], resampler)
    _, beside = estimate_worst(series - alone, resampler)
    tails = [effect.tail_against_cooperative for effect in tried]
    defined = [d.value for d in tails if d.value is not None]
    has_tail = len(defined) == len(tails)
    place = int(np.argmax(defined)) if has_tail else -1
    of_tail = tails[place] if has_tail and defined[place] > 0.0 else None
    return Loss(
        arrangement=tried[0].arrangement,
        party=tried[0].party,
        by=by,
        worst=names[worst],
        value=paired.value or 0.0,
        lo=paired.lo,
        hi=paired.hi,
        is_exact_zero=paired.is_exact_zero,
        against_alone=beside.value or 0.0,
        against_alone_lo=beside.lo,
        against_alone_hi=beside.hi,
        tail_worst=COOPERATIVE if of_tail is None else names[place + 1],
        tail=None if not has_tail else 0.0 if of_tail is None else of_tail.value,
        tail_lo=None if of_tail is None else of_tail.lo,
        tail_hi=None if of_tail is None else of_tail.hi,
        tried=len(tried),
        can_matter=sum(effect.can_matter for effect in tried),
        note=paired.note,
    )
