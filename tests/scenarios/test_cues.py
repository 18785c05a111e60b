"""What a cue buys on the small reference raid: one replicate, nothing told against launch notices."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from msgspec.structs import replace

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
from diptych.engagement.windows import PATH_STEP_S
from diptych.model.messages import SharedTrack
from diptych.model.record import Event
from diptych.node import share
from diptych.node.foresight import FINE_STEP_S
from diptych.sim.prepare import Prepared
from diptych.sim.run import run
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
    # a release may come a path step ahead of the launch that the window is about
    assert (ready <= shot + PATH_STEP_S + FINE_STEP_S)[np.isfinite(shot)].all()


def test_without_own_space_warning_nobody_sees_earlier_and_somebody_shoots_later(times: CueTimes) -> None:
    seen = times.times_s[:, 0, :, :, 0]
    assert (seen[1] >= seen[0]).all()
    shot = times.times_s[:, 0, :, :, MOMENTS.index("released")]
    assert (shot[1] > shot[0]).any()


def test_a_partner_without_space_warning_has_no_launch_to_tell_and_the_difference_is_exactly_zero(
    plan: CuePlan, times: CueTimes
) -> None:
    nato, russia = plan.arrangements[0].complexes
    assert not owns_warning(plan.prepared, russia)
    np.testing.assert_array_equal(times.times_s[:, 1, 0], times.times_s[:, 0, 0])
    gains = compare_cues(SOME, [nato.id, russia.id], [True, False], [times]).gains
    for case in gains:
        assert all(g.middle_s == g.low_s == g.high_s == g.won == g.lost == 0.0 for g in case[1][0])


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


def events_of(plan: CuePlan, which: int) -> list[Event]:
    world = draw_world(plan.prepared, SEED, 0)
    record = run(world, plan.arrangements[which], "cooperative", keep_events=True)
    return [e for e in record.events if e.kind in ("cued", "detected")]


def test_an_honest_track_points_the_partners_radars_and_one_300_km_off_points_them_nowhere(
    plan: CuePlan, monkeypatch: pytest.MonkeyPatch
) -> None:
    way = next(w for w in WAYS if w.product == "track" and w.period_s == 10.0)
    told = replace(
        plan, arrangements=(plan.arrangements[0], arrangement_of(way_text(way), way, plan.prepared.scenario))
    )
    nothing, honest = events_of(told, 0), events_of(told, 1)
    true_record = share.shared_track

    def false_record(*args: Any) -> SharedTrack | None:
        record = true_record(*args)
        if record is None:
            return None
        x, y, z, *velocity = record.state_ecef
        lon = math.atan2(y, x)
        return replace(record, state_ecef=(x - 300e3 * math.sin(lon), y + 300e3 * math.cos(lon), z, *velocity))

    monkeypatch.setattr(share, "shared_track", false_record)
    false = events_of(told, 1)

    def by_news(events: list[Event]) -> list[Event]:
        return [e for e in events if e.kind == "cued" and "news from" in e.text]

    def seen(events: list[Event]) -> dict[tuple[str, int], float]:
        return {(e.actor, e.object): e.time_s for e in events if e.kind == "detected"}

    assert by_news(honest)
    assert not by_news(false)
    assert all(when >= seen(honest)[key] for key, when in seen(nothing).items())
    assert seen(false) == seen(nothing)
