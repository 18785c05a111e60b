"""Deterrence on the shipped scenario: runs under a key held back agree with theory; where nobody asks it is flat."""

import math

import numpy as np
import pytest

from diptych.analysis.deterrence import HOLDS, Curve, curves, plan_deterrence, run_deterrence
from diptych.sim.prepare import Prepared

REPLICATES = 6


@pytest.fixture(scope="module")
def found(europe: Prepared) -> tuple[Curve, ...]:
    plan = plan_deterrence(europe, 20120521)
    return curves(plan, [run_deterrence(plan, i) for i in range(REPLICATES)])


def test_under_a_dual_key_attempts_fall_as_one_minus_the_chance_that_the_key_is_held(
    europe: Prepared, found: tuple[Curve, ...]
) -> None:
    scenario = europe.scenario
    dual = [curve for curve in found if curve.case.arrangement == "dual-key"]
    assert len(dual) == 2
    for curve in dual:
        usual = curve.theory[0]
        assert curve.theory == pytest.approx([usual * (1.0 - hold) for hold in HOLDS])
        assert curve.runs[0].value == pytest.approx(usual)
        assert curve.runs[-1].value == 0.0
        aimed = sum(scenario.party_of(missile.aim_state) == curve.case.party for missile in scenario.raid)
        for hold, theory, run in zip(HOLDS[1:-1], curve.theory[1:-1], curve.runs[1:-1], strict=True):
            tried = REPLICATES * aimed * usual  # questions, each answered no with `hold`
            error = math.sqrt(tried * hold * (1.0 - hold)) / (REPLICATES * aimed)
            assert run.value == pytest.approx(theory, abs=3.0 * error)


def test_where_no_path_asks_the_other_side_runs_and_theory_are_flat_to_the_last_bit(found: tuple[Curve, ...]) -> None:
    apart = [c for c in found if c.case.arrangement in ("national", "alliance", "separate", "coordinated")]
    assert len(apart) == 8
    for curve in apart:
        assert curve.is_flat
        assert len({run.value for run in curve.runs}) == 1
        assert curve.theory[0] == pytest.approx(curve.runs[0].value)
    assert any(np.isfinite(c.theory[0]) and c.theory[0] > 0.0 for c in apart)
