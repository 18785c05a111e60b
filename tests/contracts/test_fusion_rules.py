"""What every rule of fusion owes: it is never surer than it may be, never vaguer than the own track, and says why."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import chi2

from diptych.model.picture import TrackMoment
from diptych.tracking.fuse import FUSION, REASONS, fuse

TRUTH = np.array([6.9e6, 1.0e5, 2.0e5, 1500.0, 3000.0, -2500.0])
DRAWS = 3000
NEES_95 = chi2.ppf(0.95, 6)
ROOM = 3.0 * np.sqrt(0.05 * 0.95 / DRAWS)  # three standard errors of a coverage


def pairs(common, seed=3):
    """Return the two covariances and, for each draw, the two errors; `common` is the share of variance in common."""
    rng = np.random.default_rng(seed)
    size = np.array([100.0, 300.0, 300.0, 3.0, 8.0, 8.0])
    roots = [size[:, None] * rng.normal(size=(6, 6)) for _ in range(2)]
    shared = rng.normal(size=(DRAWS, 6)) * np.sqrt(common)
    errors = [(shared + rng.normal(size=(DRAWS, 6)) * np.sqrt(1 - common)) @ root.T for root in roots]
    return [root @ root.T for root in roots], errors


@pytest.mark.parametrize("rule", FUSION)
@pytest.mark.parametrize(("common", "radars"), [(0.0, (2,)), (0.5, (1, 2)), (0.9, (1, 2))])
def test_the_95_percent_ellipsoid_holds_the_truth_95_times_in_100_or_more(rule, common, radars):
    """Errors with something in common come from a radar in common, and the record says so."""
    (first, second), (e1, e2) = pairs(common)
    held = 0
    for one, other in zip(e1, e2, strict=True):
        found = fuse(
            TrackMoment(0.0, TRUTH + one, first, (0, 1)), TrackMoment(0.0, TRUTH + other, second, radars, ("b",)), rule
        )
        error = found.moment.state_ecef - TRUTH
        held += error @ np.linalg.solve(found.moment.cov_ecef, error) <= NEES_95
    assert held / DRAWS >= 0.95 - ROOM


@pytest.mark.parametrize("rule", FUSION)
@pytest.mark.parametrize("seed", range(10))
def test_the_fused_volume_is_never_above_that_of_the_better_input(rule, seed):
    (first, second), (e1, e2) = pairs(0.0, seed)
    found = fuse(TrackMoment(0.0, TRUTH + e1[0], first, (1,)), TrackMoment(0.0, TRUTH + e2[0], second, (2,)), rule)
    better = min(np.linalg.slogdet(p)[1] for p in (first, second))
    assert found.reason in REASONS
    assert np.linalg.slogdet(found.moment.cov_ecef)[1] <= better + 1e-9
