"""A partner's word is weighed: honest errors keep its standing, lies lose it, and agreement wins it back."""

import math

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from diptych.model.messages import ImpactPrediction, OwnTrack
from diptych.model.picture import EvaluationHistory, TrackHistory
from diptych.model.trust import SHIPPED
from diptych.node.state import Case, Standing
from diptych.node.trust import (
    believed,
    broken_claims,
    forgotten,
    is_admitted,
    judged,
    prediction_ratio,
    standing_of,
    track_ratio,
    with_standing,
)


def after(standing: Standing, *ratios: float) -> Standing:
    for ratio in ratios:
        standing = judged(standing, ratio, SHIPPED)
    return standing


def track(until_s: float) -> OwnTrack:
    """Return an own track updated every 10 s from 100 s on."""
    times = np.arange(100.0, until_s + 0.1, 10.0)
    n = times.size
    history = TrackHistory(
        times, np.zeros((n, 6)), np.zeros((n, 6, 6)), np.zeros(n, np.int64), np.ones(n, np.bool_), 100.0, 100.0
    )
    nothing = EvaluationHistory(
        np.empty(0), np.empty((0, 6)), np.empty(0), np.empty((0, 2)), np.empty((0, 3)), (), (), np.empty((0, 6, 6))
    )
    return OwnTrack(0, history, nothing)


def test_one_track_far_off_is_remembered_and_four_honest_ones_win_most_of_it_back() -> None:
    lied = after(Standing("east"), 100.0)
    assert lied.score == pytest.approx(2.8)
    assert not lied.is_trusted
    better = after(lied, 1.0, 1.0, 1.0, 1.0)
    assert better.score == pytest.approx(1.0 + 1.8 * 0.8**4)
    assert not better.is_trusted
    assert after(better, 1.0, 1.0).is_trusted


def test_honest_errors_hardly_ever_cost_a_standing() -> None:
    """Distances of honest tracks are chi-square of six components: 10 000 partners, 50 comparisons each."""
    rng = np.random.default_rng(2012)
    ratios = track_ratio(1.0) * rng.chisquare(6, (10_000, 50))
    score = np.ones(10_000)
    worst = np.ones(10_000)
    for column in ratios.T:
        score = 0.8 * score + 0.2 * np.minimum(column, SHIPPED.worst_factor)
        worst = np.maximum(worst, score)
    assert (worst > SHIPPED.distrust_factor).mean() < 0.001


@given(st.lists(st.floats(0.0, 1e9), max_size=40))
def test_the_score_stays_between_nothing_and_the_worst(ratios: list[float]) -> None:
    assert 0.0 <= after(Standing("east"), *ratios).score <= SHIPPED.worst_factor


def test_standings_are_kept_apart_by_sender() -> None:
    both = with_standing(with_standing((), Standing("west", 3.0, is_trusted=False)), Standing("east"))
    assert standing_of(both, "east").is_trusted
    assert not standing_of(both, "west").is_trusted
    assert standing_of(both, "north") == Standing("north")


def test_two_predictions_two_sigma_apart_count_twice_the_mean() -> None:
    """10 km apart with sigmas of 3 and 4 km: d^2 = 4 for two components, so 2 times what honest errors give."""
    own = EvaluationHistory(
        np.array([0.0]), np.zeros((1, 6)), np.array([500.0]), np.zeros((1, 2)), np.array([[6000.0, 6000.0, 0.0]]),
        ((),), ((),), np.zeros((1, 6, 6)),
    )  # fmt: skip
    record = ImpactPrediction(0, 0.0, 500.0, 0.0, 10_000.0 / 6378137.0, 8000.0, 0.0, ())
    assert prediction_ratio(own, 0, record) == pytest.approx(2.0, rel=1e-3)


def test_of_a_flood_the_first_messages_of_each_minute_are_taken() -> None:
    taken = [is_admitted(6000.0, t, 0.0, SHIPPED) for t in np.arange(0.05, 120.0, 0.1)]
    assert sum(taken) == pytest.approx(0.1 * len(taken), abs=2)
    assert taken[0]
    assert not taken[300]
    assert taken[600]


def test_a_quota_never_touches_who_keeps_below_it() -> None:
    assert all(is_admitted(600.0, t, 0.0, SHIPPED) for t in np.arange(0.0, 200.0, 0.3))


def test_an_announced_engagement_is_broken_when_own_sensors_see_the_object_fly_on() -> None:
    case = Case(object=0, own=track(300.0), claims=(("east", 200.0),))
    late_s = 200.0 + SHIPPED.claim_grace_s
    assert broken_claims((case,), "east", late_s - 0.1, SHIPPED) == 0
    assert broken_claims((case,), "east", late_s, SHIPPED) == 1
    assert broken_claims((case,), "west", late_s, SHIPPED) == 0


def test_an_engagement_after_which_the_object_is_gone_is_not_broken() -> None:
    case = Case(object=0, own=track(200.0), claims=(("east", 200.0),))
    assert broken_claims((case,), "east", 900.0, SHIPPED) == 0
    assert broken_claims((Case(object=0, claims=(("east", 200.0),)),), "east", 900.0, SHIPPED) == 0


def test_a_claimant_who_broke_its_word_holds_nobody_and_own_claims_stay() -> None:
    broken = Case(object=0, own=track(300.0), claims=(("east", 200.0),))
    claims = (("west", 650.0), ("east", 640.0))
    assert believed(claims, (broken,), "west", 600.0, SHIPPED) == (("west", 650.0),)
    assert believed(claims, (), "west", 600.0, SHIPPED) == claims
    patient = msgspec.structs.replace(SHIPPED, broken_claims_count=2)
    assert believed(claims, (broken,), "west", 600.0, patient) == claims


def test_what_a_sender_said_is_forgotten_and_nobody_else_is() -> None:
    case = Case(object=0, partner_from="east", joint_rule="partner alone", claims=(("east", 1.0), ("north", 2.0)))
    left = forgotten(case, "east")
    assert (left.partner_from, left.joint_rule, left.claims) == ("", "", (("north", 2.0),))
    assert forgotten(case, "north").partner_from == "east"
    assert math.isinf(left.warned_s)
