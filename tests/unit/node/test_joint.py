"""The joint picture: what a partner's track may add, what it may not, and which object it is about."""

from typing import Any

import numpy as np
import pytest
from msgspec.structs import replace

from diptych.model.messages import (
    Alert,
    Input,
    LaunchSeen,
    OperatorAction,
    Order,
    Output,
    OwnTrack,
    Provenance,
    Received,
    SharedTrack,
    Task,
    Wake,
    WakeAt,
)
from diptych.node.joint import hear, own_moment, picture
from diptych.node.state import NodeState
from diptych.node.step import step
from tests.helpers.small import falling_object, small_arrangement, small_node

FROM = Provenance("russia", (), 101.0)
SIGMA_M, SIGMA_MPS = 300.0, 3.0


def own(sigma: float = 1.0) -> OwnTrack:
    """Return the helper's own track with a covariance of a given size."""
    plain = falling_object()
    cov = sigma**2 * np.diag([SIGMA_M**2] * 3 + [SIGMA_MPS**2] * 3)
    return replace(
        plain,
        track=replace(plain.track, cov_ecef=np.tile(cov, (2, 1, 1))),
        evaluation=replace(plain.evaluation, cov_ecef=cov[None]),
    )


def told(off_m: float = 0.0, sigma: float = 1.0, **changes: Any) -> SharedTrack:
    """Return a partner's track of the same object at the same time, off to one side, of a given accuracy."""
    state = own().track.state_ecef[-1].copy()
    state[0] += off_m
    cov = sigma**2 * np.diag([SIGMA_M**2] * 3 + [SIGMA_MPS**2] * 3)
    plain = SharedTrack(
        0, 100.0, tuple(state.tolist()), 0.0, 500.0, 0.6, 0.5, ("TR",), (7,),
        cov_ecef=tuple(cov.ravel().tolist()), is_coasting=True,
    )  # fmt: skip
    return replace(plain, **changes)


def after(tracks: str, record: SharedTrack, *, has_own: bool = True) -> tuple[NodeState, list[Output]]:
    """Return a node that holds the object, or only a warning of it, after a partner's record at 101 s."""
    state = small_node(small_arrangement(tracks=tracks))
    moves: list[tuple[float, Input]] = [(50.0, LaunchSeen(0, 0.0, 0.6, 0.8, 3000.0))]
    moves += [(100.0, own())] if has_own else []
    out: list[Output] = []
    for now_s, item in [*moves, (101.0, Received(record, FROM))]:
        state, out = step(state, (item,), now_s)
    return state, out


def test_a_sharper_partner_sharpens_the_joint_picture_and_leaves_the_own_track_alone() -> None:
    state, _ = after("cue", told(sigma=0.1))
    case = state.cases[0]
    assert case.joint is not None
    assert case.joint_rule == "covariance-intersection"
    assert case.joint.cov_ecef[0, 0, 0] < (0.2 * SIGMA_M) ** 2
    assert case.own is not None
    assert case.own.track.cov_ecef[-1, 0, 0] == SIGMA_M**2
    assert picture(case, 0) == (case.joint, 0)


def test_a_duller_partner_adds_nothing_under_covariance_intersection() -> None:
    state, _ = after("cue", told(sigma=30.0))
    case = state.cases[0]
    assert case.joint is not None
    mine = own_moment(case, 101.0)
    assert mine is not None
    assert np.linalg.det(case.joint.cov_ecef[0]) <= 1.05 * np.linalg.det(mine.cov_ecef)


def test_a_partner_who_contradicts_is_reported_and_not_fused_and_set_aside_if_it_is_far_off() -> None:
    state, out = after("cue", told(off_m=20e3))
    assert state.cases[0].joint is None
    aside, alert = (o for o in out if isinstance(o, Alert))
    assert aside.kind == "distrusted"
    assert [s.is_trusted for s in state.standings] == [False]
    assert alert.kind == "contradicted"
    assert "track from russia not fused: the record contradicts the own track" in alert.text


@pytest.mark.parametrize(("tracks", "is_taken"), [("cue", False), ("launch", True)])
def test_a_partners_track_alone_makes_a_picture_only_where_the_arrangement_launches_on_it(
    tracks: str, is_taken: bool
) -> None:
    state, out = after(tracks, told(), has_own=False)
    assert (state.cases[0].joint is not None) == is_taken
    assert any(isinstance(o, Task) for o in out)


def test_where_partner_tracks_are_not_used_nothing_of_them_is_kept() -> None:
    state, out = after("none", told(sigma=0.1))
    assert state.cases[0].joint is None
    assert state.cases[0].partner is None
    assert not out


def test_a_record_without_covariance_is_taken_as_a_cue_and_never_fused() -> None:
    state, _ = after("cue", told(cov_ecef=()))
    assert state.cases[0].partner is not None
    assert state.cases[0].joint is None


def test_a_partners_number_is_believed_unless_own_tracks_say_otherwise() -> None:
    state, _ = after("cue", told())
    ours = state.cases[0]
    nobody = replace(ours, object=1, own=None)
    far = own()
    moved = far.track.state_ecef.copy()
    moved[:, 1] += 400e3
    other = replace(ours, object=1, own=replace(far, object=1, track=replace(far.track, state_ecef=moved)))
    assert hear(state.plan, (ours, nobody), told(), FROM, 101.0).object == 0
    assert hear(state.plan, (ours, nobody), told(off_m=500e3, object=1), FROM, 101.0).object == 1
    assert hear(state.plan, (ours, other), replace(told(), object=1), FROM, 101.0).object == 0


def test_nothing_a_partner_tells_under_cue_lets_a_node_fire_without_its_own_track() -> None:
    state, _ = after("cue", told(sigma=0.1), has_own=False)
    for now_s, item in (
        (102.0, OperatorAction(0, "classify", "nato.watch", 0, "yes")),
        (103.0, OperatorAction(0, "rule-lookup", "saceur", 0, "yes")),
    ):
        state, out = step(state, (item,), now_s)
        assert not any(isinstance(o, Order) for o in out)


def shot_at(tracks: str, *, has_own: bool) -> list[Order]:
    """Return what is fired when a partner's track is there, both acts are answered and alarms are kept for a while."""
    state, out = after(tracks, told(sigma=0.1), has_own=has_own)
    found = list(out)
    moves: list[tuple[float, Input]] = [
        (102.0, OperatorAction(0, "classify", "nato.watch", 0, "yes")),
        (103.0, OperatorAction(0, "rule-lookup", "saceur", 0, "yes")),
    ]
    while moves:
        now_s, item = moves.pop(0)
        state, more = step(state, (item,), now_s)
        found += more
        moves += [(o.time_s, Wake(0)) for o in more if isinstance(o, WakeAt) and now_s < o.time_s < 130.0]
        moves.sort(key=lambda move: move[0])
    return [o for o in found if isinstance(o, Order)]


def test_where_the_arrangement_says_so_a_node_fires_on_a_partners_track_alone_and_cites_it() -> None:
    (fired,) = shot_at("launch", has_own=False)
    assert fired.decision.inputs[0] == "track of russia"
    assert not shot_at("cue", has_own=False)


def test_with_an_own_track_both_uses_fire_and_the_own_track_is_cited() -> None:
    for tracks in ("cue", "launch"):
        (fired,) = shot_at(tracks, has_own=True)
        assert fired.decision.inputs[0] == "own track"
