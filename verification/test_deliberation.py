"""Time to agree against closed forms, with the draws the verb uses: means within three standard errors.

`-s` prints the figures.
"""

from __future__ import annotations

import math

import msgspec
import numpy as np
import pytest
from scipy import stats

from diptych.command.deliberation import (
    Procedure,
    mean_all_answer_s,
    mean_silence_s,
    mean_with_hold_outs_s,
)
from diptych.sim.deliberation import deliberations

REPLICATES = 20_000
HOUR = 3600.0


def _procedure(members: int, p: float) -> Procedure:
    return Procedure(
        "silence",
        members,
        48.0 * HOUR,
        np.full(members, 12.0 * HOUR),
        np.full(members, p),
        np.zeros(members, dtype=np.int64),
        3,
        1,
        0.0,
        1e12,
    )


def _mean_and_error(time_s: np.ndarray) -> tuple[float, float]:
    assert np.isfinite(time_s).all()
    return float(time_s.mean()), float(time_s.std(ddof=1)) / math.sqrt(time_s.size)


def _said(mean: float, closed: float, error: float) -> str:
    return f"{mean / HOUR:.2f} h against {closed / HOUR:.2f} h, off {(mean - closed) / error:+.2f} standard errors,"


def _names(members: int) -> tuple[str, ...]:
    return tuple(f"member-{i}" for i in range(members))


@pytest.mark.parametrize(("members", "p"), [(1, 0.5), (12, 0.05), (28, 0.005), (28, 0.02), (28, 0.05), (31, 0.02)])
def test_silence_takes_the_deadline_over_the_chance_of_a_clean_round(members: int, p: float) -> None:
    found = deliberations(_procedure(members, p), 11, REPLICATES, "set-rules", _names(members))
    mean, error = _mean_and_error(found.time_s)
    closed = 48.0 * HOUR / (1.0 - p) ** members
    assert closed == pytest.approx(mean_silence_s(48.0 * HOUR, np.full(members, p)))
    print(f"n {members} p {p}: mean {_said(mean, closed, error)} for D/(1-p)^n")
    assert abs(mean - closed) < 3.0 * error


@pytest.mark.parametrize(("members", "p"), [(12, 0.05), (28, 0.02)])
def test_rounds_are_geometric(members: int, p: float) -> None:
    found = deliberations(_procedure(members, p), 12, REPLICATES, "set-rules", _names(members))
    clean = (1.0 - p) ** members
    most = 6
    counts = np.array([(found.rounds == k).sum() for k in range(1, most)] + [(found.rounds >= most).sum()])
    first = [clean * (1 - clean) ** (k - 1) for k in range(1, most)]
    expected = REPLICATES * np.array([*first, (1 - clean) ** (most - 1)])
    chance = float(stats.chisquare(counts, expected).pvalue)
    print(f"n {members} p {p}: rounds {counts}, expected {expected.round(1)}, p-value {chance:.2f}")
    assert chance > 1e-4


@pytest.mark.parametrize("members", [1, 2, 12, 28, 31])
def test_where_all_must_answer_the_mean_is_the_harmonic_number_over_the_rate(members: int) -> None:
    asked = msgspec.structs.replace(_procedure(members, 0.0), kind="all-answer")
    found = deliberations(asked, 13, REPLICATES, "set-rules", _names(members))
    mean, error = _mean_and_error(found.time_s)
    closed = mean_all_answer_s(12.0 * HOUR, members)
    print(f"n {members}: mean {_said(mean, closed, error)} for H_n/rate")
    assert abs(mean - closed) < 3.0 * error


@pytest.mark.parametrize("hold_outs", [0, 1, 2, 3])
def test_every_hold_out_costs_rounds_for_certain_and_provisions(hold_outs: int) -> None:
    members, p, redraft_s = 28, 0.02, 24.0 * HOUR
    limits = np.zeros(members, dtype=np.int64)
    limits[:hold_outs] = np.arange(1, hold_outs + 1)
    held = msgspec.structs.replace(_procedure(members, p), limits=limits, redraft_s=redraft_s)
    found = deliberations(held, 14, REPLICATES, "set-rules", _names(members))
    mean, error = _mean_and_error(found.time_s)
    closed = mean_with_hold_outs_s(48.0 * HOUR, np.full(members, p), hold_outs, 1, redraft_s)
    print(f"{hold_outs} hold-outs: mean {_said(mean, closed, error)} for k (D + R) more")
    assert abs(mean - closed) < 3.0 * error
    assert (found.dropped == hold_outs).all()


def test_a_member_has_the_same_luck_whoever_else_is_asked() -> None:
    """One more member changes only the rounds in which it objects: nobody agrees earlier than without it."""
    some = deliberations(_procedure(12, 0.05), 15, 2000, "set-rules", _names(12))
    more = deliberations(_procedure(13, 0.05), 15, 2000, "set-rules", _names(13))
    assert (more.rounds >= some.rounds).all()
    assert 0.0 < (more.rounds > some.rounds).mean() < 0.3
