"""What may be fused with the own track, by which rule, and which partner's track it is."""

from __future__ import annotations

import math

import msgspec
import numpy as np
import pytest

from diptych.model.messages import SharedTrack
from diptych.model.picture import TrackMoment
from diptych.tracking.fuse import (
    CAUTIOUS,
    CONSISTENT_BELOW,
    FUSION,
    REASONS,
    at,
    consistency,
    correlate,
    fuse,
    moment_of,
    prepare_partner,
)

STATE = np.array([6.9e6, 1.0e5, 2.0e5, 1500.0, 3000.0, -2500.0])
COV = np.diag([100.0**2, 400.0**2, 400.0**2, 2.0**2, 9.0**2, 9.0**2])
NEAR = np.array([50.0, 50.0, 50.0, 1.0, 1.0, 1.0])
OTHER = np.diag([400.0**2, 100.0**2, 400.0**2, 9.0**2, 2.0**2, 9.0**2])


def own(**changes):
    return msgspec.structs.replace(TrackMoment(300.0, STATE, COV, (1, 3)), **changes)


def partner(**changes):
    return msgspec.structs.replace(TrackMoment(300.0, STATE + NEAR, OTHER, (4,), ("b#1",)), **changes)


def record(**changes):
    plain = SharedTrack(
        object=0, time_s=280.0, state_ecef=tuple(STATE.tolist()), position_grid_m=2000.0, impact_s=math.nan,
        impact_lat_rad=math.nan, impact_lon_rad=math.nan, states=(), radars=(4,), velocity_grid_mps=50.0,
        cov_ecef=tuple(OTHER.ravel().tolist()), is_coasting=True,
    )  # fmt: skip
    return msgspec.structs.replace(plain, **changes)


def volume(moment):
    return np.linalg.slogdet(moment.cov_ecef)[1]


@pytest.mark.parametrize("rule", FUSION)
def test_two_tracks_that_agree_become_one_surer_one_that_says_what_it_rests_on(rule):
    found = fuse(own(), partner(), rule)
    assert (found.rule, found.reason, found.is_consistent) == (rule, "fused", True)
    assert volume(found.moment) < min(volume(own()), volume(partner()))
    assert found.moment.radars == (1, 3, 4)
    assert found.moment.messages == ("b#1",)


@pytest.mark.parametrize("rule", FUSION)
def test_order_of_the_two_does_not_matter(rule):
    one, other = fuse(own(), partner(), rule).moment, fuse(partner(), own(messages=("a#1",)), rule).moment
    np.testing.assert_allclose(one.state_ecef, other.state_ecef, rtol=0, atol=1e-4)
    np.testing.assert_allclose(one.cov_ecef, other.cov_ecef, rtol=0, atol=1e-2)


def test_independent_errors_give_more_than_unknown_correlation():
    cautious, bold = fuse(own(), partner(), CAUTIOUS), fuse(own(), partner(), "disjoint-sensors")
    assert np.all(np.linalg.eigvalsh(cautious.moment.cov_ecef - bold.moment.cov_ecef) > 0)


@pytest.mark.parametrize(
    ("mine", "theirs", "reason"),
    [
        ({}, {"radars": (3, 4)}, "shared-sensor"),
        ({"messages": ("c#1",), "radars": (1, 5)}, {"messages": ("b#1", "c#1"), "radars": (4,)}, "shared-message"),
        ({}, {"radars": ()}, "unknown-sensor"),
        ({}, {"is_coasting": False}, "under-power"),
        ({"is_coasting": False}, {}, "under-power"),
        ({"state_ecef": STATE * [0.93, 1, 1, 1, 1, 1]}, {"state_ecef": STATE * [0.93, 1, 1, 1, 1, 1]}, "in-the-air"),
    ],
)
def test_disjoint_sensors_gives_way_to_covariance_intersection_and_says_why(mine, theirs, reason):
    found = fuse(own(**mine), partner(**theirs), "disjoint-sensors")
    assert (found.rule, found.reason) == (CAUTIOUS, reason)
    cautious = fuse(own(**mine), partner(**theirs), CAUTIOUS)
    np.testing.assert_array_equal(found.moment.cov_ecef, cautious.moment.cov_ecef)


@pytest.mark.parametrize(
    ("theirs", "reason"),
    [
        ({"state_ecef": STATE + 60.0 * NEAR}, "inconsistent"),
        ({"cov_ecef": -OTHER}, "unusable"),
        ({"radars": (3,)}, "own-data"),
    ],
)
def test_what_is_not_fused_leaves_the_own_track_as_it_is_and_says_why(theirs, reason):
    mine = own()
    found = fuse(mine, partner(**theirs))
    assert (found.rule, found.reason, found.weight) == ("", reason, 1.0)
    assert found.moment is mine
    assert reason in REASONS


def test_a_record_that_could_not_be_read_leaves_the_own_track():
    mine = own()
    found = fuse(mine, None)
    assert (found.moment, found.reason) == (mine, "unusable")


def test_the_same_record_is_not_taken_twice():
    once = fuse(own(), partner())
    again = fuse(once.moment, partner())
    assert again.reason == "already-in"
    assert again.moment is once.moment


def test_what_comes_back_through_the_partner_makes_nobody_surer():
    """B fuses A's track with its own and tells A, A fuses that, again and again: no volume below that of one pass."""
    theirs = partner(messages=())
    limit = volume(fuse(own(), theirs, CAUTIOUS).moment)
    mine = own()
    for turn in range(6):
        told_b = fuse(theirs, msgspec.structs.replace(mine, messages=(f"a#{turn}",)), "disjoint-sensors").moment
        back = msgspec.structs.replace(told_b, messages=(f"b#{turn}",))
        mine = fuse(mine, back, "disjoint-sensors").moment
        if turn == 0:
            first = volume(mine)
    assert volume(mine) >= first - 1e-6
    assert first >= volume(fuse(own(), theirs, "disjoint-sensors").moment) - 1e-6
    assert first <= limit + 1e-6


def test_the_earlier_of_two_tracks_is_carried_on_to_the_later():
    early = partner(time_s=290.0, state_ecef=STATE - [1.5e4, 3e4, -2.5e4, -80.0, 1.0, 2.0])
    found = fuse(own(), early)
    assert found.is_consistent
    assert found.moment.time_s == 300.0
    later = fuse(own(), partner(time_s=310.0, state_ecef=at(own(), 310.0).state_ecef))
    assert later.moment.time_s == 310.0
    assert later.is_consistent


def test_a_record_becomes_a_moment_with_its_rounding_and_its_delay():
    now = moment_of(record(), 280.0, "b#1")
    assert now is not None
    np.testing.assert_allclose(np.diag(now.cov_ecef) - np.diag(OTHER), [2000.0**2 / 12] * 3 + [50.0**2 / 12] * 3)
    assert (now.radars, now.messages, now.is_coasting) == ((4,), ("b#1",), True)
    later = moment_of(record(), 310.0, "b#1")
    assert later is not None
    assert volume(later) > volume(now)
    np.testing.assert_allclose(later.state_ecef[:3], STATE[:3] + 30.0 * STATE[3:], atol=5000.0)
    powered = moment_of(record(is_coasting=False), 310.0, "b#1")
    assert powered is not None
    assert np.sqrt(powered.cov_ecef[0, 0]) > 15_000.0


def test_telling_the_same_cell_again_never_averages_the_rounding_away():
    """However many records of a cell arrive, the own track is fused with the newest one only."""
    mine = own(cov_ecef=COV * 400.0)
    told = [fuse(mine, moment_of(record(time_s=300.0), 300.0, f"b#{n}"), "disjoint-sensors") for n in range(5)]
    assert len({volume(t.moment) for t in told}) == 1
    assert np.sqrt(told[-1].moment.cov_ecef[0, 0]) > 0.9 * math.hypot(400.0, 2000.0 / math.sqrt(12.0))
    # Even chained, the second record of the same radar is intersected, not added.
    chained = fuse(told[0].moment, moment_of(record(time_s=300.0), 300.0, "b#9"), "disjoint-sensors")
    assert chained.reason == "shared-sensor"
    assert volume(chained.moment) >= volume(told[0].moment) - 1e-6


@pytest.mark.parametrize(
    "changes",
    [
        {"cov_ecef": ()},
        {"cov_ecef": tuple((-OTHER).ravel().tolist())},
        {"cov_ecef": (math.nan,) * 36},
        {"cov_ecef": (0.0,) * 36},
        {"state_ecef": (math.nan,) * 6},
        {"state_ecef": ()},
        {"time_s": 301.0},
        {"time_s": math.nan},
    ],
)
def test_a_record_that_cannot_be_used_is_no_moment(changes):
    assert moment_of(record(**changes), 300.0, "b#1") is None


def test_carrying_a_track_backwards_is_refused_with_the_times():
    with pytest.raises(ValueError, match=r"carrying a track of 300\.000 s on to 299\.000 s: expected a later time"):
        at(own(), 299.0)


def test_an_unknown_rule_is_refused_with_those_there_are():
    with pytest.raises(
        ValueError, match="expected a rule out of covariance-intersection, disjoint-sensors, got 'mean'"
    ):
        fuse(own(), partner(), "mean")


def test_honest_tracks_of_one_object_pass_999_times_in_1000():
    rng = np.random.default_rng(7)
    n = 40_000
    first, second = np.linalg.cholesky(COV), np.linalg.cholesky(OTHER)
    e = rng.normal(size=(n, 6)) @ first.T - rng.normal(size=(n, 6)) @ second.T
    d2 = np.einsum("ni,ij,nj->n", e, np.linalg.inv(COV + OTHER), e)
    refused = int((d2 >= CONSISTENT_BELOW).sum())
    assert 20 <= refused <= 64  # binomial with mean 40, three and a half standard errors
    d, said = consistency(own(), partner(state_ecef=STATE - e[0]))
    assert d == pytest.approx(d2[0], rel=1e-6)
    assert said is bool(d2[0] < CONSISTENT_BELOW)


def test_prepare_is_none_for_a_future_record():
    assert prepare_partner(STATE, COV, 10.0, 9.0) is None


def shifted(x_m, cov=COV):
    return TrackMoment(300.0, STATE + np.array([x_m, 0, 0, 0, 0, 0]), cov, (1,))


def test_partner_tracks_are_paired_as_a_whole_and_strangers_stay_alone():
    mine = [shifted(0.0), shifted(900.0), shifted(50_000.0)]
    theirs = [shifted(950.0), shifted(-30_000.0), shifted(40.0)]
    assert correlate(mine, theirs).tolist() == [2, 0, -1]


def test_a_vague_partner_track_does_not_take_the_own_track_of_a_precise_one():
    vague = shifted(0.0, COV * 1e4)
    assert correlate([shifted(0.0)], [vague, shifted(250.0)]).tolist() == [1]
    assert correlate([shifted(0.0)], [vague]).tolist() == [0]


def test_a_track_that_could_be_anywhere_is_paired_with_nothing():
    """Sure to 5000 km and 50 km/s only, it is likelier another object than this one."""
    nowhere = shifted(0.0, np.diag([5e6**2] * 3 + [5e4**2] * 3))
    assert correlate([shifted(0.0)], [nowhere]).tolist() == [-1]


def test_without_tracks_there_are_no_pairs():
    assert correlate([], [shifted(0.0)]).tolist() == []
    assert correlate([shifted(0.0)], []).tolist() == [-1]
