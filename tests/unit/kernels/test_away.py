"""Objects that are passed over for some seconds: never one of which a look could have been in a gate."""

from __future__ import annotations

import numpy as np
import pytest

from diptych.kernels.away import (
    AT,
    BALL,
    BLOCK_S,
    IN_AIR,
    PATH,
    block_of,
    enclose,
    is_close,
    judge,
    longest_s,
    reach_m,
    renew,
)
from diptych.kernels.tracks import BALLISTIC, GATE, HELD, LAST, MEMORY
from diptych.model.tracker import SHIPPED

PARAMS = SHIPPED.as_array()
ROOT = float(np.sqrt(PARAMS[GATE]))
OBJECTS = 6


def looks(rng, middle_m, count=400):
    """Looks at objects at 3 to 300 km from a place, for a minute, each object moving a few km/s."""
    time_s = np.sort(rng.uniform(100.0, 160.0, count))
    of = rng.integers(0, OBJECTS, count)
    start = middle_m + rng.normal(size=(OBJECTS, 3)) * 10.0 ** rng.uniform(3.5, 5.5, (OBJECTS, 1))
    velocity = rng.normal(scale=2000.0, size=(OBJECTS, 3))
    where = start[of] + velocity[of] * (time_s[:, None] - 100.0) + rng.normal(scale=300.0, size=(count, 3))
    spread = rng.uniform(10.0, 2000.0, count)
    balls = np.empty((block_of(time_s[-1], time_s[0]) + 1, BALL, OBJECTS))
    enclose(time_s, of, np.arange(count), where, spread, balls)
    return time_s, of, where, spread, balls


def one_track(rng, height_m, is_ballistic):
    """One track that was updated at 100 s."""
    x, p = np.zeros((1, 7)), np.zeros((1, 7, 7))
    x[0, :6] = 6.378e6 + height_m, 0.0, 0.0, *rng.normal(scale=2000.0, size=3)
    p[0] = np.diag([200.0**2] * 3 + [20.0**2] * 3 + [0.1])
    memory, path = np.zeros((1, MEMORY)), np.zeros((1, PATH))
    memory[0, [BALLISTIC, HELD, LAST]] = float(is_ballistic), 20.0, 100.0
    renew(x[0], p[0], 100.0, PARAMS, path[0])
    return x, memory, path


def test_every_look_lies_in_its_ball():
    time_s, of, where, spread, balls = looks(np.random.default_rng(1), np.array([7e6, 0.0, 0.0]))
    for t, k, at, sigma in zip(time_s, of, where, spread, strict=True):
        ball = balls[int((t - time_s[0]) / BLOCK_S), :, k]
        assert np.linalg.norm(at - ball[:3]) < ball[3]
        assert sigma <= ball[4]
    assert (balls[:, 3] == -1.0).any(), "an object without a look in some block has no ball there"


@pytest.mark.parametrize("is_ballistic", [True, False])
@pytest.mark.parametrize("height_m", [400e3, 120e3, 40e3])
def test_an_object_is_passed_over_only_if_none_of_its_looks_can_be_near(height_m, is_ballistic):
    rng = np.random.default_rng(int(height_m) + is_ballistic)
    passed_over = close = 0
    for _ in range(20):
        x, memory, path = one_track(rng, height_m, is_ballistic)
        time_s, of, where, spread, balls = looks(rng, x[0, :3])
        number, near = np.zeros(1, np.int64), np.zeros(OBJECTS, np.bool_)
        until_s, now_s = -np.inf, 100.0
        for t, k, at, sigma in zip(time_s, of, where, spread, strict=True):
            if t > until_s:
                now_s = t
                until_s = judge(number, 1, memory, x, path, now_s, float(time_s[0]), balls, PARAMS, ROOT, near)
                assert until_s >= t
                if is_ballistic:
                    assert until_s - path[0, AT] <= longest_s(path[0, IN_AIR])
            if number[0] < 0:
                break
            reach = reach_m(memory, path, 0, t, PARAMS, ROOT)
            is_near = is_close(path[0], t, reach, at, sigma, ROOT)
            assert near[k] or not is_near
            passed_over += not near[k]
            close += is_near
    assert passed_over > 100
    assert close > 20
