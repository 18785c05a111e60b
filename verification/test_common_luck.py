"""Common luck takes noise out of differences and puts no bias into means.

Every arrangement's leakage is estimated twice on the reference scenario: with all arrangements on the same worlds
(paired), and each on worlds of its own (independent). The means must agree within three standard errors of their
difference. The same with hits keyed by the shooter, where one more draw of luck separates two arrangements: means must
agree again, and pairs must lose some of what common luck gives.
"""

from __future__ import annotations

from math import sqrt

import msgspec
import numpy as np
import pytest

from diptych.edge.build import load_scenario
from diptych.edge.geography import load_cities, load_territory
from diptych.model.record import RunRecord
from diptych.model.scenario import Scenario
from diptych.sim.prepare import Prepared, prepare
from diptych.sim.run import run
from diptych.sim.world import draw_world

REPLICATES = 100
SEED = 20120520
ARRANGEMENTS = ("national", "separate", "coordinated", "sectoral-cross-cover", "dual-key", "single-operator")


@pytest.fixture(scope="module")
def prepared() -> Prepared:
    scenario = load_scenario("europe-2012", arrangements=ARRANGEMENTS)
    return prepare(scenario, load_territory(), load_cities())


def _leakage(scenario: Scenario, record: RunRecord) -> tuple[int, ...]:
    landed = [scenario.party_of(fate.impact_state) for fate in record.fates if not fate.is_killed]
    return tuple(landed.count(party.id) for party in scenario.parties)


def _study(prepared: Prepared, seed: int, names: tuple[str, ...], *, by_shooter: bool = False) -> dict[str, np.ndarray]:
    """Return label -> (replicates, parties) leakage, all names on the same worlds."""
    scenario = prepared.scenario
    chosen = {a.id: a for a in scenario.arrangements}
    found: dict[str, list[tuple[int, ...]]] = {name: [] for name in names}
    for replicate in range(REPLICATES):
        world = draw_world(prepared, seed, replicate)
        if by_shooter:
            world = msgspec.structs.replace(world, luck=msgspec.structs.replace(world.luck, is_hit_by_shooter=True))
        for name in names:
            found[name].append(_leakage(scenario, run(world, chosen[name], "cooperative", keep_events=False)))
    return {name: np.array(rows, dtype=np.float64) for name, rows in found.items()}


@pytest.fixture(scope="module")
def paired(prepared: Prepared) -> dict[str, np.ndarray]:
    return _study(prepared, SEED, ARRANGEMENTS)


def _agree(one: np.ndarray, other: np.ndarray) -> None:
    for party in range(one.shape[1]):
        a, b = one[:, party], other[:, party]
        error = sqrt(a.var(ddof=1) / a.size + b.var(ddof=1) / b.size)
        assert abs(a.mean() - b.mean()) <= 3.0 * error + 1e-12, (a.mean(), b.mean(), error)


@pytest.mark.parametrize("number", range(len(ARRANGEMENTS)))
def test_paired_and_independent_luck_give_the_same_leakage(
    prepared: Prepared, paired: dict[str, np.ndarray], number: int
) -> None:
    name = ARRANGEMENTS[number]
    _agree(paired[name], _study(prepared, SEED + 1000 + number, (name,))[name])


def test_hits_keyed_by_the_shooter_change_no_mean_and_pair_no_better(
    prepared: Prepared, paired: dict[str, np.ndarray], record_property: pytest.RecordProperty
) -> None:
    keyed = _study(prepared, SEED, ARRANGEMENTS, by_shooter=True)
    for name in ARRANGEMENTS:
        _agree(paired[name], keyed[name])
        for party in range(2):
            spread = [(s[name] - s["separate"])[:, party].var(ddof=1) for s in (paired, keyed)]
            record_property(f"{name}, party {party}: variance of the difference by attempt, by shooter", spread)
    total = [sum((s[name] - s["separate"]).var(axis=0, ddof=1).sum() for name in ARRANGEMENTS) for s in (paired, keyed)]
    assert total[0] <= total[1] * 1.05


def test_common_luck_is_worth_replicates(paired: dict[str, np.ndarray]) -> None:
    """The variance of a difference over independent worlds, over that on common worlds; it must never cost any."""
    for name in ARRANGEMENTS:
        for party in range(2):
            a, b = paired[name][:, party], paired["separate"][:, party]
            if name == "separate" or not (a - b).any():
                continue
            ratio = (a.var(ddof=1) + b.var(ddof=1)) / (a - b).var(ddof=1)
            assert ratio >= 1.0, (name, party, ratio)
