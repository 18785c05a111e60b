"""Global nearest neighbour against every possible assignment, and the words of its docstring."""

from __future__ import annotations

from itertools import permutations
from math import inf

import numpy as np
import pytest

from diptych.kernels.assignment import assign
from diptych.kernels.clusters import split
from diptych.tracking import associate as module
from diptych.tracking.associate import NONE, associate, unused


def every_assignment(n, m):
    """All ways to give each of n tracks one of m detections or none."""
    slots = [*range(m), *[NONE] * n]
    return set(permutations(slots, n))


def best_by_search(cost, miss_cost):
    """Return (pairs, total) of the best assignment: the rule, spelt out."""
    n, m = cost.shape
    best = None
    for choice in every_assignment(n, m):
        pairs = [(i, j) for i, j in enumerate(choice) if j != NONE]
        if any(not np.isfinite(cost[p]) for p in pairs):
            continue
        total = sum(cost[p] for p in pairs)
        key = (-len(pairs), total) if miss_cost == inf else (total + miss_cost * (n - len(pairs)),)
        if best is None or key < best:
            best = key
    return best


def key_of(pick, cost, miss_cost):
    pairs = [(i, j) for i, j in enumerate(pick) if j != NONE]
    total = sum(cost[p] for p in pairs)
    return (-len(pairs), total) if miss_cost == inf else (total + miss_cost * (len(pick) - len(pairs)),)


def random_gates(rng, n, m, share):
    d2 = rng.exponential(4.0, size=(n, m))
    d2[rng.random((n, m)) > share] = inf
    return d2, rng.normal(20.0, 2.0, size=n)


@pytest.mark.parametrize("miss_cost", [inf, 25.0])
@pytest.mark.parametrize("share", [0.2, 0.5, 1.0])
def test_the_assignment_is_the_best_of_all(share, miss_cost):
    rng = np.random.default_rng(7)
    for n, m in [(1, 1), (1, 4), (4, 1), (2, 3), (3, 2), (3, 3), (4, 3), (3, 4), (4, 4)] * 3:
        d2, log_det = random_gates(rng, n, m, share)
        cost = d2 + log_det[:, None]
        pick = associate(d2, log_det, miss_cost)
        assert all(j == NONE or np.isfinite(cost[i, j]) for i, j in enumerate(pick))
        assert key_of(pick, cost, miss_cost) == pytest.approx(best_by_search(cost, miss_cost))
        used = pick[pick != NONE]
        assert len(set(used)) == len(used)


def test_the_sparse_solver_gives_the_same_sum_as_the_dense_one(monkeypatch):
    rng = np.random.default_rng(3)
    for n, m in [(30, 30), (25, 40), (40, 25)]:
        for miss_cost in (inf, 24.0):
            d2, log_det = random_gates(rng, n, m, 0.15)
            cost = d2 + log_det[:, None]
            dense = associate(d2, log_det, miss_cost)
            monkeypatch.setattr(module, "DENSE_MAX", 1)
            sparse = associate(d2, log_det, miss_cost)
            monkeypatch.undo()
            assert key_of(sparse, cost, miss_cost) == pytest.approx(key_of(dense, cost, miss_cost))


def test_the_tracker_s_own_solver_follows_the_same_rule():
    rng = np.random.default_rng(17)
    for n, m in [(1, 5), (5, 1), (3, 3), (6, 4), (4, 7), (12, 12)] * 4:
        d2, log_det = random_gates(rng, n, m, 0.4)
        cost = d2 + log_det[:, None]
        assert key_of(assign(cost), cost, inf) == pytest.approx(key_of(associate(d2, log_det), cost, inf))


def test_the_nearest_pair_is_given_up_where_another_track_would_be_left_alone():
    track, seen = np.array([0.0, 3.0]), np.array([1.0, -3.0])
    d2 = (track[:, None] - seen) ** 2
    d2[d2 > 9.0] = inf
    assert associate(d2, np.zeros(2)).tolist() == [1, 0]
    assert associate(d2, np.zeros(2), miss_cost=6.0).tolist() == [0, NONE]


def test_a_vague_track_does_not_win_a_detection_by_being_vague():
    offset2 = 4.0
    variance = np.array([1.0, 100.0])
    d2 = (offset2 / variance)[:, None]
    assert d2[1, 0] < d2[0, 0]
    assert associate(d2, np.log(variance)).tolist() == [0, NONE]


def test_accuracy_may_differ_by_detection():
    d2 = np.array([[3.0, 1.0]])
    assert associate(d2, np.array([[0.0, 9.0]])).tolist() == [0]
    assert associate(d2, np.array([[9.0, 0.0]])).tolist() == [1]


def test_what_is_not_connected_changes_nothing():
    rng = np.random.default_rng(12)
    a, b = random_gates(rng, 4, 4, 1.0), random_gates(rng, 3, 5, 1.0)
    whole = np.full((7, 9), inf)
    whole[:4, 5:], whole[4:, :5] = a[0], b[0]
    pick = associate(whole, np.concatenate([a[1], b[1]]))
    np.testing.assert_array_equal(pick[:4], associate(*a) + 5)
    np.testing.assert_array_equal(pick[4:], associate(*b))


def test_parts_are_numbered_by_their_first_track_and_the_decided_ones_have_none():
    cost = np.full((6, 6), inf)
    cost[0, 0] = 1.0  # alone
    cost[1, 1] = cost[1, 2] = cost[3, 2] = 1.0  # a chain
    cost[2, 3] = cost[5, 3] = 2.0  # one detection, two tracks: the first wins
    pick, of_track, of_detection, count = split(cost)
    assert count == 1
    assert pick.tolist() == [0, NONE, 3, NONE, NONE, NONE]
    assert of_track.tolist() == [-1, 0, -1, 0, -1, -1]
    assert of_detection.tolist() == [-1, 0, 0, -1, -1, -1]


def test_nothing_to_assign_is_answered():
    assert associate(np.empty((3, 0)), np.zeros(3)).tolist() == [NONE] * 3
    assert associate(np.empty((0, 2)), np.zeros(0)).tolist() == []
    assert associate(np.full((2, 2), inf), np.zeros(2)).tolist() == [NONE] * 2
    assert associate(np.array([[np.nan, 1.0]]), np.zeros(1)).tolist() == [1]


def test_detections_that_nobody_took_are_listed_in_order():
    assert unused(np.array([2, NONE, 0]), 5).tolist() == [1, 3, 4]
    assert unused(np.array([], np.int64), 2).tolist() == [0, 1]
