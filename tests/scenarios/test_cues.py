"""What a cue buys on the small reference raid: one replicate, nothing told against launch notices."""

from __future__ import annotations

import numpy as np
import pytest

from diptych.analysis.cues import (
    MOMENTS,
    WAYS,
    CuePlan,
    CueTimes,
    compare_cues,
    owns_warning,
    run_cues,
    without_warning,
)
from diptych.edge.cues import arrangement_of, way_text
from diptych.sim.prepare import Prepared
from diptych.sim.world import draw_world

SEED = 3
SOME = WAYS[:2]


@pytest.fixture(scope="module")
def plan(four: Prepared) -> CuePlan:
    return CuePlan(four, tuple(arrangement_of(way_text(way), way, four.scenario) for way in SOME), SEED)


@pytest.fixture(scope="module")
def times(plan: CuePlan) -> CueTimes:
    return run_cues(plan, 0)


def test_what_happens_happens_in_order(times: CueTimes) -> None:
    seen, firm, ready, shot = (times.times_s[..., MOMENTS.index(m)] for m in MOMENTS)
    assert np.isfinite(seen).any()
    assert (seen <= firm)[np.isfinite(firm)].all()
    assert (firm <= ready)[np.isfinite(ready)].all()
    assert (ready <= shot)[np.isfinite(shot)].all()


def test_without_own_space_warning_nobody_sees_earlier(times: CueTimes) -> None:
    seen = times.times_s[:, 0, :, :, 0]
    assert (seen[1] >= seen[0]).all()
    assert (seen[1] > seen[0]).any()


def test_a_launch_notice_is_worth_more_to_the_one_without_space_warning(times: CueTimes) -> None:
    found = compare_cues(SOME, ["nato", "russia"], [True, True], [times])
    with_own, without = (found.gains[case][1] for case in (0, 1))
    shots = [own[MOMENTS.index("detected")].middle_s for own in with_own]
    assert all(np.isfinite(shots))
    assert any(b[0].middle_s > a[0].middle_s for a, b in zip(with_own, without, strict=True))


def test_taking_space_warning_away_changes_nothing_else(plan: CuePlan) -> None:
    world = draw_world(plan.prepared, SEED, 0)
    nato = plan.arrangements[0].complexes[0]
    assert owns_warning(plan.prepared, nato)
    blind = without_warning(world, nato)
    assert not owns_warning(blind.prepared, nato)
    assert {s.owner for s in blind.prepared.scenario.infrareds} == {
        s.owner for s in world.prepared.scenario.infrareds
    } - set(nato.owners)
    assert len(blind.warnings) == len(blind.prepared.scenario.infrareds) == len(blind.prepared.infrared_hash)
    assert blind.digest == world.digest
    assert blind.tables is world.tables
