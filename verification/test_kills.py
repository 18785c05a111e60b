"""Kill arithmetic, inventory and leakage against closed forms, on the product's own runs.

Everything here goes through `sim.fates` and `sim.run`, with the draws a study uses; the closed forms are
`engagement.kill` and the binomial distribution. `-s` prints the figures.
"""

from __future__ import annotations

import itertools
from math import sqrt
from types import SimpleNamespace
from typing import Any

import msgspec
import numpy as np
import pytest
from scipy import stats

from diptych.edge.build import load_scenario
from diptych.edge.geography import load_cities, load_territory
from diptych.kernels.draws import name_hash
from diptych.model.decision import Decision
from diptych.model.messages import Order
from diptych.model.record import RunRecord
from diptych.model.scenario import InterceptorClass
from diptych.sim.fates import Sky
from diptych.sim.luck import luck_of
from diptych.sim.prepare import Prepared, prepare
from diptych.sim.run import run
from diptych.sim.world import World, draw_world
from tests.oracles.kill_closed_form import survival

RUNS = 10_000  # over four root seeds
WORLDS = 40
SURE = 1e-4  # a right program fails a test here once in ten thousand

KIND = InterceptorClass(
    "kind", "test", "dome", 0.0, 0.0, 0.0, 0.0, 4e5, 6e5, 2.5e3, 0.575, 1, 5.0, 0.0, 1e3
)  # fmt: skip
DECIDED = Decision("release", 0, "side", "own", "rule", "role", "released", (), 0.0, 10.0)
STILL = np.zeros((400, 6)) + np.array([6.6e6, 0.0, 0.0, 0.0, 0.0, 0.0])


def _survives(kind: InterceptorClass, shots: int, replicate: int, *, one_by_one: bool) -> bool:
    """Whether an object that stands still survives so many shots that all reach it: one salvo, or one at a time."""
    scenario = SimpleNamespace(batteries=(SimpleNamespace(id="b", radars=()),), debris=None)
    flight = SimpleNamespace(launch_s=0.0, impact_s=390.0, samples=STILL)
    prepared = SimpleNamespace(scenario=scenario, battery_class=(kind,), object_hash=(name_hash("object"),))
    world: Any = SimpleNamespace(flights=(flight,), prepared=prepared, luck=luck_of(11 + replicate % 4, replicate))
    journal: Any = SimpleNamespace(note=lambda *_: None)
    sky = Sky(world, journal)
    for i in range(shots if one_by_one else 1):
        at_s = 100.0 + 10.0 * i
        sky.meet("side", Order(0, 0, 1 if one_by_one else shots, at_s - 50.0, at_s, (6.6e6, 0.0, 0.0), DECIDED), None)
    return sky.end_s[0] == 390.0


@pytest.mark.parametrize(("p", "f", "shots"), [(0.575, 0.0, 1), (0.575, 0.3, 1), (0.575, 0.0, 2), (0.575, 0.3, 2),
                                               (0.25, 0.3, 4), (0.9, 0.3, 3)])  # fmt: skip
def test_objects_survive_salvos_and_single_shots_as_often_as_the_closed_form_says(
    p: float, f: float, shots: int
) -> None:
    kind = msgspec.structs.replace(KIND, kill_probability=p, common_cause_fraction=f)
    closed = survival(p, f, shots)
    for one_by_one in (False, True):
        alive = sum(_survives(kind, shots, r, one_by_one=one_by_one) for r in range(RUNS))
        chance = stats.binomtest(alive, RUNS, closed).pvalue
        how = "one by one" if one_by_one else "salvo"
        print(
            f"p {p} f {f} shots {shots} {how}: survive {alive / RUNS:.4f}, closed form {closed:.4f}, "
            f"p-value {chance:.2f}"
        )
        assert chance > SURE


@pytest.fixture(scope="module")
def prepared() -> Prepared:
    return prepare(load_scenario("europe-2012", arrangements=("all",)), load_territory(), load_cities())


@pytest.fixture(scope="module")
def played(prepared: Prepared) -> list[tuple[World, dict[str, RunRecord]]]:
    """Every arrangement on the same worlds."""
    found = []
    for replicate in range(WORLDS):
        world = draw_world(prepared, 31, replicate)
        records = {a.id: run(world, a, "cooperative", keep_events=False) for a in prepared.scenario.arrangements}
        found.append((world, records))
    return found


def test_no_magazine_is_ever_below_zero_and_shots_and_what_is_left_make_what_there_was(
    prepared: Prepared, played: list[tuple[World, dict[str, RunRecord]]]
) -> None:
    start = np.array([b.magazine for b in prepared.scenario.batteries])
    fired_in_all = 0
    for _, records in played:
        for record in records.values():
            fired = np.bincount([s.battery for s in record.shots], minlength=start.size)
            left = np.array(record.magazines)
            assert (left >= 0).all()
            assert (fired + left == start).all(), record.arrangement
            fired_in_all += int(fired.sum())
    print(f"{fired_in_all} shots in {len(played) * len(played[0][1])} runs, every magazine accounted for")
    assert fired_in_all > 0


def test_no_shot_leaves_before_the_radar_or_the_limit_of_its_class_allows(
    prepared: Prepared, played: list[tuple[World, dict[str, RunRecord]]]
) -> None:
    modes: dict[str, int] = {}
    for _, records in played:
        for record in records.values():
            for (_, index), shots in itertools.groupby(
                sorted(record.shots, key=lambda s: (s.complex_id, s.object)), key=lambda s: (s.complex_id, s.object)
            ):
                by_class: dict[str, int] = {}
                for shot in shots:
                    kind = prepared.battery_class[shot.battery]
                    by_class[kind.id] = by_class.get(kind.id, 0) + 1
                    modes[shot.mode] = modes.get(shot.mode, 0) + 1
                    assert shot.mode in kind.modes, (shot, index)
                    assert by_class[kind.id] <= kind.max_shots
    print("shots by mode:", modes)


def test_attempts_kill_as_often_as_the_kill_probability_whoever_shot(
    prepared: Prepared, played: list[tuple[World, dict[str, RunRecord]]]
) -> None:
    """Each (object, ordinal) is one draw, so arrangements are looked at one by one, never pooled."""
    for name in played[0][1]:
        shots = [s for _, records in played for s in records[name].shots if s.ordinal >= 0]
        if not shots:
            continue
        hits = sum(s.outcome == "hit" for s in shots)
        p = prepared.battery_class[shots[0].battery].kill_probability
        assert all(prepared.battery_class[s.battery].kill_probability == p for s in shots)
        chance = stats.binomtest(hits, len(shots), p).pvalue
        print(
            f"{name}: {hits} hits of {len(shots)} attempts, {hits / len(shots):.3f} against {p}; p-value {chance:.2f}"
        )
        assert chance > SURE


def test_leakage_of_objects_with_so_many_attempts_is_binomial(
    prepared: Prepared, played: list[tuple[World, dict[str, RunRecord]]]
) -> None:
    """With independent shots an object that n shots could have met leaks with (1 - p)^n.

    An object that was killed at its n-th attempt would have had more, so attempts are not counted but *allowed*: the
    hits of the first attempt against p, of the second among those that had one against p, and so on.
    """
    name = "alliance"
    by_ordinal: dict[int, list[bool]] = {}
    for _, records in played:
        for shot in records[name].shots:
            if shot.ordinal >= 0:
                by_ordinal.setdefault(shot.ordinal, []).append(shot.outcome == "hit")
    p = prepared.battery_class[0].kill_probability
    square = 0.0
    for ordinal, hits in sorted(by_ordinal.items()):
        expected, spread = p * len(hits), sqrt(p * (1.0 - p) * len(hits))
        square += ((sum(hits) - expected) / spread) ** 2
        print(f"attempt {ordinal + 1}: {sum(hits)} hits of {len(hits)}, expected {expected:.1f} +- {spread:.1f}")
    chance = float(stats.chi2.sf(square, len(by_ordinal)))
    print(f"chi-square {square:.2f} on {len(by_ordinal)} attempts, p-value {chance:.2f}")
    assert chance > SURE


def test_leakage_under_one_shot_each_is_binomial(prepared: Prepared) -> None:
    """One shot at each object and perfect assessment: leaked of those shot at is binomial with 1 - p, run by run."""
    scenario = prepared.scenario
    one = tuple(
        msgspec.structs.replace(c, doctrine="salvo", salvo=1, max_shots=1, assess_error=0.0)
        for c in scenario.interceptor_classes
    )
    kinds = {c.id: c for c in one}
    single = msgspec.structs.replace(
        prepared,
        scenario=msgspec.structs.replace(scenario, interceptor_classes=one),
        battery_class=tuple(kinds[b.class_id] for b in scenario.batteries),
    )
    arrangement = next(a for a in scenario.arrangements if a.id == "alliance")
    p = one[0].kill_probability
    leaked = met = 0
    square = 0.0
    for replicate in range(WORLDS):
        record = run(draw_world(single, 77, replicate), arrangement, "cooperative", keep_events=False)
        tried = {
            s.object for s in record.shots if s.ordinal == 0 and sum(t.object == s.object for t in record.shots) == 1
        }
        alive = sum(not record.fates[i].is_killed for i in tried)
        leaked, met = leaked + alive, met + len(tried)
        if tried:
            square += (alive - len(tried) * (1.0 - p)) ** 2 / (len(tried) * p * (1.0 - p))
    chance = stats.binomtest(leaked, met, 1.0 - p).pvalue
    # Mean of squared standard scores over runs: 1 if run-to-run spread is that of independent shots.
    spread = square / WORLDS
    print(
        f"{leaked} of {met} leaked, {leaked / met:.3f} against {1.0 - p:.3f}, p-value {chance:.2f}; spread {spread:.2f}"
    )
    assert chance > SURE
    assert abs(spread - 1.0) < 4.0 * sqrt(2.0 / WORLDS) + 0.05
