"""Sweeps: which numbers are swept, over which points, and what is said where an ordering turns round."""

from __future__ import annotations

import msgspec
import numpy as np
import pytest

from diptych.edge.build import load_scenario
from diptych.edge.geography import load_cities, load_territory
from diptych.model.arrangement import Step
from diptych.model.errors import LocalError
from diptych.model.sources import Assumption
from diptych.sim.prepare import prepare
from diptych.study.design import rows_of
from diptych.study.sweep import (
    SWEPT_METRICS,
    Swept,
    acts_of,
    revalued,
    sim_at,
    sweep_values,
    sweeps_of,
    swept,
    variants,
)
from tests.helpers.synthetic import SOURCE, arrangement, scenario

SCENARIO = scenario(
    arrangement("separate", 2),
    arrangement("coordinated", 4, is_shared=True),
    arrangement("dual-key", 7, acts=("classify", "second-key"), is_joint=True),
)
ROWS = rows_of(SCENARIO, ["separate", "coordinated", "dual-key"], ["cooperative"])


def assumption(low: float, mid: float, high: float, used: float | None = None) -> Assumption:
    return Assumption("stages.x.time_s", "X", "s", low, mid, high, mid if used is None else used, SOURCE)


def test_points_run_from_low_to_high_with_mid_among_them() -> None:
    assert sweep_values(assumption(60, 90, 120)) == (60, 70, 80, 90, 100, 110, 120)


def test_a_wide_range_is_swept_in_equal_ratios() -> None:
    values = sweep_values(assumption(3600, 21600, 172800))
    assert len(values) == 7
    assert (values[0], values[3], values[-1]) == (3600, 21600, 172800)
    assert values[1] / values[0] == pytest.approx(values[2] / values[1], rel=0.01)


def test_a_value_set_by_hand_is_a_point_too() -> None:
    assert 97.0 in sweep_values(assumption(60, 90, 120, used=97.0))


def test_only_stages_that_stand_in_an_arrangement_compared_are_swept() -> None:
    rows = rows_of(SCENARIO, ["separate", "coordinated"], ["cooperative"])
    assert [p.assumption.key for p in swept(SCENARIO, rows)] == [
        "stages.classify.time_s",
        "stages.exchange.time_s",
        "interceptor_classes.dome.kill_probability",
    ]


def test_what_is_asked_outside_the_agreed_rules_is_swept_too() -> None:
    plain = next(a for a in SCENARIO.arrangements if a.id == "separate")
    council = Step("second-key", ("a.council",), ("west",), 1, "council")
    consents = tuple(msgspec.structs.replace(c, outside="consult", outside_steps=(council,)) for c in plain.consents)
    ruled = msgspec.structs.replace(plain, consents=consents)
    others = tuple(ruled if a is plain else a for a in SCENARIO.arrangements)
    scene = msgspec.structs.replace(SCENARIO, arrangements=others)
    rows = rows_of(scene, ["separate", "coordinated"], ["cooperative"])
    touched = {plan.assumption.key.split(".")[1]: plan.touched for plan in swept(scene, rows)}
    assert touched["second-key"] == ("separate",)
    assert "second-key" not in acts_of(ruled)


def test_a_sweep_touches_the_arrangements_with_the_act_and_the_baseline_with_it() -> None:
    touched = {plan.assumption.key.split(".")[1]: plan.touched for plan in swept(SCENARIO, ROWS)}
    assert touched["second-key"] == ("dual-key",)
    assert touched["exchange"] == ("coordinated",)
    assert touched["classify"] == ("separate", "coordinated", "dual-key", "alone/west", "alone/east")
    assert acts_of(SCENARIO.arrangements[1]) == {"classify", "exchange"}


def test_a_kill_probability_is_swept_at_low_mid_and_high() -> None:
    plan = swept(SCENARIO, ROWS)[-1]
    assert plan.values == (0.5, 0.7, 0.9)


def test_variants_change_one_number_and_leave_out_the_study_itself() -> None:
    plans = swept(SCENARIO, ROWS)
    points = variants(SCENARIO, plans)
    assert len(points) == 6 + 6 + 6 + 2
    one = next(v for v in points if v.key == "stages.second-key.time_s" and v.value == 600.0)
    assert [s.time_s for s in one.scenario.stages] == [90.0, 600.0, 20.0]
    assert one.scenario.interceptor_classes == SCENARIO.interceptor_classes
    last = points[-1]
    assert [c.kill_probability for c in last.scenario.interceptor_classes] == [0.9]


def test_the_reading_of_a_burnout_speed_is_swept_over_its_words_and_rebuilds_the_reach() -> None:
    words = ("ideal", "surface", "achieved")
    one = Assumption("interceptors.dome.burnout_speed_reading", "R", "", 0.0, 1.0, 2.0, 1.0, SOURCE, words)
    own = msgspec.structs.replace(SCENARIO, assumptions=(*SCENARIO.assumptions, one))
    plan = swept(own, ROWS)[-1]
    assert plan.values == (0.0, 1.0, 2.0)
    points = variants(own, (plan,))
    assert [v.scenario.interceptor_classes[0].burnout_speed_reading for v in points] == ["ideal", "achieved"]
    empty = np.zeros((1, len(ROWS), 2, len(SWEPT_METRICS)))
    (found,) = sweeps_of(own, ROWS, (plan,), points, empty, np.zeros((1, 2, *empty.shape[1:])))
    assert found.words == words


@pytest.mark.parametrize(
    ("key", "value", "typed"),
    [
        ("stages.rule-lookup.time_s", 33.0, 33.0),
        ("interceptors.midcourse-30.kill_probability", 0.25, 0.25),
        ("interceptors.midcourse-30.burnout_speed_reading", 2.0, "achieved"),
    ],
)
def test_a_revalued_scenario_is_the_one_loaded_with_that_setting(key: str, value: float, typed: float | str) -> None:
    again = load_scenario("europe-2012-four", settings={key: typed})
    found = revalued(load_scenario("europe-2012-four"), {key: value})
    assert msgspec.structs.replace(found, digest=again.digest) == again


def test_another_reading_gives_another_reach_and_the_same_raid() -> None:
    base = load_scenario("europe-2012-four")
    prepared = prepare(base, load_territory(), load_cities())
    far = sim_at(prepared, revalued(base, {"interceptors.midcourse-30.burnout_speed_reading": 2.0}))
    near = sim_at(prepared, revalued(base, {"interceptors.midcourse-30.burnout_speed_reading": 0.0}))
    slow = sim_at(prepared, revalued(base, {"stages.rule-lookup.time_s": 33.0}))
    assert slow.armoury is prepared.armoury
    reach = [int(np.isfinite(p.armoury.tables).sum()) for p in (near, prepared, far)]
    assert reach == sorted(set(reach))  # the farther reading reaches more cells
    assert far.flights is prepared.flights


def test_a_key_that_is_no_delay_and_no_kill_probability_is_refused() -> None:
    with pytest.raises(LocalError, match="expected a stage time or a kill probability, got sensors"):
        revalued(SCENARIO, {"sensors.x.range_km": 3.0})


def _sweep_with(leakage: list[list[float]]) -> tuple[str, ...]:
    """Flips of a sweep whose west leakage is given per point for separate, coordinated and dual-key."""
    a = SCENARIO.assumptions[1]
    plan = Swept(a, (30.0, 120.0, 600.0), ("dual-key",))
    points = tuple(v for v in variants(SCENARIO, (plan,)))
    cube = np.zeros((2, 3, len(ROWS), 2, len(SWEPT_METRICS)))
    for i, values in enumerate(leakage):
        cube[:, i, 1:, 0, 0] = values
    sweep = sweeps_of(SCENARIO, ROWS, (plan,), points, cube[:, 1], cube[:, [0, 2]])[0]
    assert [p.value for p in sweep.points] == [30.0, 120.0, 600.0]
    assert [p.means["dual-key"]["west"]["leakage"] for p in sweep.points] == [v[2] for v in leakage]
    return sweep.flips


def test_an_ordering_that_turns_round_is_said_with_the_values_between_which_it_does() -> None:
    flips = _sweep_with([[2.0, 2.0, 1.0], [2.0, 2.0, 1.5], [2.0, 2.0, 3.0]])
    assert len(flips) == 1
    assert flips[0] == (
        "Second key: up to 120 s fewer missiles come down on West under dual-key than under separate or coordinated, "
        "from 600 s on it is the other way round (paired, 2 replicates)."
    )


def test_an_ordering_that_holds_over_the_range_is_not_reported() -> None:
    assert _sweep_with([[2.0, 1.0, 2.5], [2.0, 1.0, 2.6], [2.0, 1.0, 3.0]]) == ()


def test_rows_that_tie_on_the_way_turn_round_between_the_points_that_differ() -> None:
    flips = _sweep_with([[2.0, 2.0, 1.0], [2.0, 2.0, 2.0], [2.0, 2.0, 3.0]])
    assert "up to 30 s" in flips[0]
    assert "from 600 s" in flips[0]


def test_undefined_values_stay_undefined_in_a_sweep() -> None:
    a = SCENARIO.assumptions[1]
    plan = Swept(a, (30.0, 120.0, 600.0), ("dual-key",))
    points = variants(SCENARIO, (plan,))
    base = np.full((3, len(ROWS), 2, len(SWEPT_METRICS)), np.nan)
    base[0, 1, 0, 0] = 4.0
    sweep = sweeps_of(SCENARIO, ROWS, (plan,), points, base, np.zeros((3, 2, len(ROWS), 2, len(SWEPT_METRICS))))[0]
    middle = sweep.points[1].means
    assert middle["separate"]["west"]["leakage"] == 4.0
    assert middle["coordinated"]["west"]["leakage"] is None


def test_an_ordering_that_is_only_noise_is_not_reported_as_turning_round() -> None:
    a = SCENARIO.assumptions[1]
    plan = Swept(a, (30.0, 120.0, 600.0), ("dual-key",))
    points = tuple(v for v in variants(SCENARIO, (plan,)))
    cube = np.full((10, 3, len(ROWS), 2, len(SWEPT_METRICS)), 2.0)
    cube[0, 0, 3, 0, 0] = 1.0  # one replicate of ten better at one end, one worse at the other
    cube[0, 2, 3, 0, 0] = 3.0
    assert not sweeps_of(SCENARIO, ROWS, (plan,), points, cube[:, 1], cube[:, [0, 2]])[0].flips
    cube[:, 0, 3, 0, 0] = 1.0
    cube[:, 2, 3, 0, 0] = 3.0
    assert len(sweeps_of(SCENARIO, ROWS, (plan,), points, cube[:, 1], cube[:, [0, 2]])[0].flips) == 1
