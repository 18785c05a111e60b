"""Whose data a launch may rest on: organic, launch on remote, engage on remote; and what is kept for others."""

import math

import numpy as np
from msgspec.structs import replace

from diptych.engagement.windows import Guide
from diptych.kernels import guidance
from diptych.kernels.earth import enu_basis, geodetic_to_ecef
from diptych.model.messages import LaunchSeen, OperatorAction, Order, Output, OwnTrack, Task, Wake
from diptych.node.cues import error_m
from diptych.node.outlook import tracked_by
from diptych.node.state import NodeState
from diptych.node.step import step
from tests.helpers.small import falling_object, small_arrangement, small_node

MOVES = (
    (50.0, LaunchSeen(0, 0.0, 0.6, 0.8, 3000.0)),
    (60.0, OperatorAction(0, "classify", "nato.watch", 0, "yes")),
)
YES = OperatorAction(0, "rule-lookup", "saceur", 0, "yes")
OWN_RADAR = 7


def guide(reference_range_m: float) -> Guide:
    """A radar all round at the battery of the small world."""
    lat, lon = math.radians(38.0), math.radians(32.0)
    return Guide(
        radar=OWN_RADAR,
        site=np.array([lat, lon, 0.0]),
        site_ecef_m=np.array(geodetic_to_ecef(lat, lon, 0.0)),
        basis=enu_basis(lat, lon),
        view=np.array([0.0, math.pi, math.radians(1.0), math.radians(89.0)]),
        reference_range_m=reference_range_m,
        revisit_s=1.0,
        latency_s=0.0,
        looks=4,
    )


def node(mode: int, reference_range_m: float = 250e3, handover_s: float = 20.0) -> NodeState:
    state = small_node(small_arrangement())
    armoury = replace(
        state.plan.armoury,
        mode=np.array([mode]),
        guides=((guide(reference_range_m),),),
        handover_s=np.array([handover_s]),
    )
    return replace(state, plan=replace(state.plan, armoury=armoury, radars=(OWN_RADAR,)))


def seen_by(radar: int, track: OwnTrack) -> OwnTrack:
    """The same track with its rows repeated, all by one radar: four detections, the last at 100 s."""
    own = track.track
    rows = [0, 1, 1, 1]
    return replace(
        track,
        track=replace(
            own,
            time_s=np.array([95.0, 97.0, 99.0, 100.0]),
            state_ecef=own.state_ecef[rows],
            cov_ecef=own.cov_ecef[rows],
            sensor=np.full(4, radar, dtype=np.int64),
            is_ballistic=own.is_ballistic[rows],
        ),
    )


def play(state: NodeState, track: OwnTrack) -> tuple[NodeState, list[Output]]:
    out: list[Output] = []
    for now_s, item in (*MOVES, (100.0, track), (110.0, YES)):
        state, more = step(state, (item,), now_s)
        out.extend(more)
    return state, out


def orders(out: list[Output]) -> list[Order]:
    return [o for o in out if isinstance(o, Order)]


def test_a_radar_tracks_after_four_detections_and_as_long_as_they_are_fresh() -> None:
    track = seen_by(OWN_RADAR, falling_object())
    assert tracked_by(track, 99.5) == ()
    assert tracked_by(track, 100.0) == (OWN_RADAR,)
    assert tracked_by(track, 109.0) == (OWN_RADAR,)
    assert tracked_by(track, 111.0) == ()
    assert tracked_by(None, 100.0) == ()


def test_an_organic_battery_waits_for_its_own_radar_and_one_that_engages_on_remote_does_not() -> None:
    _, out = play(node(guidance.ORGANIC), falling_object())
    assert not orders(out)
    _, out = play(node(guidance.ENGAGE_ON_REMOTE), falling_object())
    assert [o.mode for o in orders(out)] == ["engage-on-remote"]


def test_an_organic_battery_never_launches_while_its_radar_has_nothing() -> None:
    state, _ = play(node(guidance.ORGANIC), falling_object())
    fired: list[Output] = []
    for now_s in np.arange(112.0, 300.0, 2.0).tolist():
        state, out = step(state, (Wake(0),), now_s)
        fired += orders(out)
    assert fired == []


def test_whatever_its_widest_mode_a_battery_whose_radar_tracks_fires_organically() -> None:
    for mode in (guidance.ORGANIC, guidance.LAUNCH_ON_REMOTE, guidance.ENGAGE_ON_REMOTE):
        _, out = play(node(mode), seen_by(OWN_RADAR, falling_object()))
        assert [o.mode for o in orders(out)] == ["organic"]


def test_launch_on_remote_needs_a_meeting_after_the_own_radar_should_have_the_object() -> None:
    # A weak radar is expected to have the object only when it is near: meetings before that, and launches, are barred.
    early, _ = play(node(guidance.ENGAGE_ON_REMOTE), falling_object())
    late, out = play(node(guidance.LAUNCH_ON_REMOTE, reference_range_m=100e3), falling_object())
    never, none = play(node(guidance.LAUNCH_ON_REMOTE, reference_range_m=5e3), falling_object())
    assert early.cases[0].first_open_s < late.cases[0].first_open_s
    assert not orders(none)
    assert never.cases[0].reason == "no-window"
    assert all(o.mode == "launch-on-remote" for o in orders(out))


def test_a_longer_handover_shortens_the_window_on_remote() -> None:
    short, _ = play(node(guidance.LAUNCH_ON_REMOTE, handover_s=5.0), falling_object())
    long, _ = play(node(guidance.LAUNCH_ON_REMOTE, handover_s=40.0), falling_object())
    assert short.cases[0].first_open_s < long.cases[0].first_open_s


def test_a_point_less_sure_than_divert_and_basket_is_not_shot_at() -> None:
    track = falling_object()
    for sigma_mps, expected in ((10.0, 1), (2000.0, 0)):
        cov = np.diag([100.0**2] * 3 + [sigma_mps**2] * 3)
        doubtful = replace(track, evaluation=replace(track.evaluation, cov_ecef=cov[None]))
        _, out = play(node(guidance.ENGAGE_ON_REMOTE), doubtful)
        assert len(orders(out)) == expected


def test_an_own_track_that_can_be_met_points_the_own_radars_at_the_object() -> None:
    _, out = play(node(guidance.ORGANIC), falling_object())
    tasks = [o for o in out if isinstance(o, Task)]
    assert [t.reason for t in tasks] == ["own space warning", "own track"]
    assert tasks[-1].radar == OWN_RADAR
    assert not tasks[-1].where.is_rising
    assert error_m(tasks[-1].where, tasks[-1].where.held_s) < 10.0


def test_the_last_interceptor_is_kept_for_an_object_with_fewer_batteries() -> None:
    state = small_node(small_arrangement(), batteries=2, magazine=1)
    other = replace(
        state.cases[0], object=1, options=(0,), is_responsible=True, warned_s=0.0, states=("TR",), reason="consent"
    )
    state = replace(state, cases=(*state.cases, other))
    _, out = play(state, falling_object())
    assert [o.battery for o in orders(out)] == [1]
    _, out = play(replace(state, cases=(state.cases[0], replace(other, shots=1))), falling_object())
    assert [o.battery for o in orders(out)] == [0]
