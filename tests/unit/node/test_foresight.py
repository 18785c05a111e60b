"""What a track allows is worked out once for each exact question, and never depends on who asked before."""

import math

import numpy as np
import pytest
from msgspec.structs import replace

from diptych.engagement.windows import guided, options, path_error_m, windows
from diptych.evaluation.impact import path_of
from diptych.model.messages import OwnTrack
from diptych.node.foresight import Foresight, Prediction, path_times, prediction_of
from tests.helpers.small import armoury_at, falling_object

NEAR, FAR = armoury_at(38.0, 32.0), armoury_at(38.0, 33.5)


@pytest.fixture(scope="module")
def track() -> OwnTrack:
    return falling_object()


@pytest.fixture(scope="module")
def held(track: OwnTrack) -> Prediction:
    return prediction_of(track.evaluation, 0)


def doubtful(track: OwnTrack, sigma_m: float) -> Prediction:
    cov = np.eye(6)[None] * sigma_m**2
    return prediction_of(replace(track.evaluation, cov_ecef=cov), 0)


def test_an_answer_is_what_the_planner_says_when_asked_directly(track: OwnTrack, held: Prediction) -> None:
    state, cov = track.evaluation.state_ecef[0], track.evaluation.cov_ecef[0]
    time_s = path_times(held.start_s, held.end_s)
    path = path_of(state, held.start_s, time_s)
    found = options(NEAR, (0,), path, time_s, path_error_m(path, time_s, held.start_s, cov))
    reach = Foresight().reach(NEAR, (0,), held)
    assert reach.found.launch_s.tobytes() == found.launch_s.tobytes()
    assert reach.latest_s == np.nanmax(found.launch_s)
    now_s = held.start_s + 10.0
    chance = Foresight().chance(NEAR, (0,), held, now_s, ())
    assert chance.open_now == windows(guided(NEAR, found, now_s, ()), now_s)
    assert chance.open_now


def test_questions_asked_before_change_no_answer(track: OwnTrack, held: Prediction) -> None:
    asked = Foresight()
    for other in (doubtful(track, 2000.0), doubtful(track, 1e6), held._replace(end_s=held.end_s - 5.0)):
        for armoury in (FAR, NEAR):
            for now_s in (held.start_s, held.start_s + 20.0, held.end_s):
                asked.chance(armoury, (0,), other, now_s, (7,))
    asked.chance(FAR, (0,), held, held.start_s, ())
    fresh = Foresight().chance(NEAR, (0,), held, held.start_s, ())
    again = asked.chance(NEAR, (0,), held, held.start_s, ())
    assert again.open_now == fresh.open_now
    assert again.found.launch_s.tobytes() == fresh.found.launch_s.tobytes()
    assert asked.chance(NEAR, (0,), held, held.start_s, ()) is again


def test_each_armoury_and_each_doubt_has_its_own_answer(track: OwnTrack, held: Prediction) -> None:
    asked = Foresight()
    near = asked.reach(NEAR, (0,), held)
    assert asked.reach(FAR, (0,), held).found.launch_s.tobytes() != near.found.launch_s.tobytes()
    assert asked.reach(NEAR, (0,), doubtful(track, 1e6)).latest_s == -math.inf


def test_nobody_can_launch_after_the_latest_launch_time(held: Prediction) -> None:
    latest_s = Foresight().reach(NEAR, (0,), held).latest_s
    assert Foresight().chance(NEAR, (0,), held, latest_s, ()).open_now
    assert not Foresight().chance(NEAR, (0,), held, math.nextafter(latest_s, math.inf), ()).open_now
