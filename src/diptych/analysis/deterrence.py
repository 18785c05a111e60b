"""Must an attacker expect to be engaged, if the holder of another key may hold it back?

For each arrangement, each party and each other party that holds a key or a sector: the probability that a missile which
would come down on the party is engaged by anybody at all, against the probability with which the holder holds back when
asked. Two answers beside each other. *Theory*: the consent structure of every engagement that a cooperative run makes,
or would have made had nobody been first, with each answer of the holder a no with that probability. *Runs*: the conduct
`withholding` played with that probability on the same luck. Under a dual key theory is 1 - q times what the windows
allow; where no path asks the holder it is flat. What a shot is worth is left aside: an attempt is not a kill.
"""

from collections.abc import Sequence
from itertools import product
from math import isfinite, nan, prod

import msgspec
import numpy as np

from diptych.command.structure import All, Structure, Vote, happens_with, votes_of
from diptych.model.arrangement import Arrangement
from diptych.model.conduct import Change, Conduct, Since
from diptych.model.record import Engagement, RunRecord
from diptych.model.result import Estimate
from diptych.model.scenario import Scenario
from diptych.sim.conduct import hosts_of, is_asked_by_others, matters, may_answer
from diptych.sim.prepare import Prepared
from diptych.sim.run import run
from diptych.sim.world import draw_world
from diptych.study.design import COOPERATIVE
from diptych.study.estimate import Floats, estimate_mean
from diptych.study.metrics import threatened_parties

HOLDS = (0.0, 0.25, 0.5, 0.75, 1.0)
"""Probabilities with which the holder says no: from never to always."""

MOST_ASKED = 12
"""Answers of one holder on one path that are worked out at most: beyond, theory is not given."""

_FIRST_ELSEWHERE = ("partner", "done")
"""Reasons of an engagement that was not made because somebody else was first."""


class Case(msgspec.Struct, frozen=True):
    """One curve to find: an arrangement, the party defended, the party that may hold back."""

    arrangement: str
    party: str
    holder: str


class DeterrencePlan(msgspec.Struct, frozen=True, eq=False):
    """What every replicate does; `cases` are in the order of the results."""

    prepared: Prepared
    cases: tuple[Case, ...]
    seed: int


class Curve(msgspec.Struct, frozen=True):
    """The probability of an attempt at each of `HOLDS`, by theory (mean over raids) and by runs.

    `asks` says whether some path of the arrangement asks the holder at all.
    """

    case: Case
    asks: bool
    theory: tuple[float, ...]
    runs: tuple[Estimate, ...]

    @property
    def is_flat(self) -> bool:
        """Whether theory does not fall with the probability of holding back."""
        return max(self.theory) - min(self.theory) < 1e-12


def withholding(holder: str, probability: float) -> Conduct:
    """Return the conduct of a party that says no, and holds its own fire over others' land, with a probability."""
    changes = (Change("refuse", probability=probability), Change("hold-fire", probability=probability))
    return Conduct(f"withholding:{holder}", "Withholding consent", "", "party", holder, Since(), changes)


def plan_deterrence(prepared: Prepared, seed: int) -> DeterrencePlan:
    """Return the plan over every arrangement of a scenario but the baseline."""
    scenario = prepared.scenario
    ids = [party.id for party in scenario.parties]
    cases = tuple(
        Case(a.id, party, holder)
        for a in scenario.arrangements
        if not a.is_baseline
        for party in ids
        for holder in ids
        if holder != party
    )
    return DeterrencePlan(prepared, cases, seed)


def run_deterrence(plan: DeterrencePlan, replicate: int) -> Floats:
    """Return (cases, HOLDS, 2) for one replicate: share of the missiles at the party engaged, by theory and by run.

    NaN where none threatens it.
    """
    scenario = plan.prepared.scenario
    world = draw_world(plan.prepared, plan.seed, replicate)
    known = {a.id: a for a in scenario.arrangements}
    plain = {
        name: run(world, known[name], COOPERATIVE, keep_events=False) for name in {c.arrangement for c in plan.cases}
    }
    played: dict[tuple[str, str, float], RunRecord] = {}
    values = np.full((len(plan.cases), len(HOLDS), 2), nan)
    for i, case in enumerate(plan.cases):
        arrangement, usual = known[case.arrangement], plain[case.arrangement]
        for k, hold in enumerate(HOLDS):
            conduct = withholding(case.holder, hold)
            values[i, k, 0] = expected_attempts(scenario, arrangement, usual, case, hold)
            key = (case.arrangement, case.holder, hold)
            if key not in played:
                is_live = hold > 0.0 and matters(conduct, arrangement, hosts_of(scenario.batteries, arrangement))
                played[key] = run(world, arrangement, conduct, keep_events=False) if is_live else usual
            values[i, k, 1] = attempts(scenario, played[key], case.party)
    return values


def attempts(scenario: Scenario, record: RunRecord, party: str) -> float:
    """Return the share of the missiles that threaten a party at which anybody released; NaN where none does."""
    threats = {i for i, whose in enumerate(threatened_parties(scenario, record)) if whose == party}
    tried = {e.object for e in record.engagements if isfinite(e.released_s)}
    return len(threats & tried) / len(threats) if threats else nan


def expected_attempts(scenario: Scenario, arrangement: Arrangement, usual: RunRecord, case: Case, hold: float) -> float:
    """Return the same by theory: from a cooperative run, with each answer of the holder a no with probability `hold`.

    Complexes that go their own ways are taken as independent, as their questions are.
    """
    threats = [i for i, whose in enumerate(threatened_parties(scenario, usual)) if whose == case.party]
    if not threats:
        return nan
    conduct = withholding(case.holder, 1.0)
    chances: dict[tuple[str, str], float] = {}
    total = 0.0
    for i in threats:
        ways = [e for e in usual.engagements if e.object == i and _is_way(e)]
        for e in ways:
            path = (e.complex_id, e.action)
            if path not in chances:
                chances[path] = chance_of_consent(arrangement, *path, conduct, hold)
        total += 1.0 - prod(1.0 - chances[e.complex_id, e.action] for e in ways)
    return total / len(threats)


def _is_way(e: Engagement) -> bool:
    """Whether an engagement was made, or would have been had nobody been first."""
    return isfinite(e.released_s) or (e.reason in _FIRST_ELSEWHERE and isfinite(e.first_open_s))


def chance_of_consent(arrangement: Arrangement, complex_id: str, action: str, conduct: Conduct, hold: float) -> float:
    """Return the probability that a path ends in consent when the holder says no to each question with `hold`.

    Every subset of those answers, weighed; NaN beyond `MOST_ASKED` of them.

    Check
    -----
    One key of the holder's: 1 - hold. None: 1. Two, both needed: (1 - hold)^2. One of two needed: 1 - hold^2.
    """
    structure, held = path_with_holder(arrangement, complex_id, action, conduct)
    if len(held) > MOST_ASKED:
        return nan
    everybody = frozenset(role for vote in votes_of(structure) for role in vote.roles)
    chance = 0.0
    for refuses in product((False, True), repeat=len(held)):
        no = frozenset(name for name, is_no in zip(held, refuses, strict=True) if is_no)
        if happens_with(structure, everybody - no):
            chance += hold ** len(no) * (1.0 - hold) ** (len(held) - len(no))
    return chance


def path_with_holder(
    arrangement: Arrangement, complex_id: str, action: str, conduct: Conduct
) -> tuple[Structure, tuple[str, ...]]:
    """Return the votes of a path, a name for each question, and the names of those the holder answers as it likes."""
    own = next(c for c in arrangement.complexes if c.id == complex_id)
    consent = next(c for c in arrangement.consents if (c.complex_id, c.action) == (complex_id, action))
    votes, held = [], []
    for step in consent.steps:
        names = tuple(f"{step.act}/{role}" for role in step.roles)
        votes.append(Vote(step.act, names, step.parties, step.need, step.weights))
        for name, role, party in zip(names, step.roles, step.parties, strict=True):
            asked = is_asked_by_others(conduct, own, role, party, step.act, action)
            if asked and any(may_answer(conduct, change, own, step.act) for change in conduct.changes):
                held.append(name)
    return All(tuple(votes)), tuple(held)


def curves(plan: DeterrencePlan, results: Sequence[Floats]) -> tuple[Curve, ...]:
    """Return a curve for every case from the results of the replicates."""
    cube = np.stack(results)
    scenario = plan.prepared.scenario
    known = {a.id: a for a in scenario.arrangements}
    found = []
    for i, case in enumerate(plan.cases):
        arrangement = known[case.arrangement]
        asks = matters(withholding(case.holder, 1.0), arrangement, hosts_of(scenario.batteries, arrangement))
        theory = tuple(float(np.nanmean(cube[:, i, k, 0])) for k in range(len(HOLDS)))
        runs = tuple(estimate_mean(cube[:, i, k, 1], is_share=True, least=0.0, most=1.0) for k in range(len(HOLDS)))
        found.append(Curve(case, asks, theory, runs))
    return tuple(found)
