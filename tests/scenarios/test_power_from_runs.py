"""Coleman's powers counted from whole runs agree with those computed from the arrangement's text."""

from math import isfinite

import pytest

from diptych.command.power import CoalitionRuns, power_from_runs, powers
from diptych.command.structure import All, Vote
from diptych.model.conduct import Change, Conduct, Since
from diptych.model.record import RunRecord
from diptych.sim.prepare import Prepared
from diptych.sim.run import run
from diptych.sim.world import World, draw_world
from diptych.study.metrics import threatened_parties

REPLICATES = 2


def refusing(role: str) -> Conduct:
    return Conduct(f"refusing:{role}", "Refusing", "", "role", role, Since(), (Change("refuse"),))


def released(world: World, record: RunRecord, party: str) -> frozenset[int]:
    threats = {i for i, p in enumerate(threatened_parties(world.prepared.scenario, record)) if p == party}
    return frozenset(e.object for e in record.engagements if isfinite(e.released_s) and e.object in threats)


def counted(europe: Prepared, name: str, party: str, roles: tuple[str, str]) -> dict[str, tuple[float, float]]:
    """Return the powers of two roles over defending a party; both refusing stop what either stops alone."""
    arrangement = next(a for a in europe.scenario.arrangements if a.id == name)
    found = []
    for i in range(REPLICATES):
        world = draw_world(europe, 20120521, i)
        everybody = released(world, run(world, arrangement, "cooperative", keep_events=False), party)
        left = {r: released(world, run(world, arrangement, refusing(r), keep_events=False), party) for r in roles}
        happened = {
            frozenset(roles): everybody,
            frozenset(roles[1:]): everybody & left[roles[0]],
            frozenset(roles[:1]): everybody & left[roles[1]],
            frozenset[str](): everybody & left[roles[0]] & left[roles[1]],
        }
        assert everybody
        found += [CoalitionRuns(c, len(everybody) - len(done), len(done)) for c, done in happened.items()]
    return power_from_runs(found)


def test_either_key_of_two_has_all_the_power_to_prevent_and_a_third_of_that_to_initiate(europe: Prepared) -> None:
    votes = tuple(Vote(act, (role,), (role,), 1) for act, role in (("authority", "nato-key"), ("key", "russia-key")))
    exact = {p.roles[0]: (p.prevent, p.initiate) for p in powers(All(votes))}
    assert exact["nato-key"] == pytest.approx((1.0, 1.0 / 3.0))
    found = counted(europe, "dual-key", "nato", ("nato-key", "russia-key"))
    for role, both in exact.items():
        assert found[role] == pytest.approx(both)


def test_a_commander_of_the_other_side_has_no_power_over_a_complex_that_does_not_ask_him(europe: Prepared) -> None:
    found = counted(europe, "coordinated", "nato", ("saceur", "duty-general"))
    assert found["saceur"] == pytest.approx((1.0, 1.0))
    assert found["duty-general"] == pytest.approx((0.0, 0.0))
