"""What a cue buys: more when it is sharper, nothing when a scan is over sooner or when it points elsewhere."""

from __future__ import annotations

from math import inf, pi

import msgspec
import numpy as np
import pytest

from diptych.kernels.earth import enu_basis
from diptych.kernels.pointing import SIGMAS, beams, doubt_m
from diptych.model.looks import Echo, Whereabouts
from diptych.sensing.cue import eyes_of, point, watch_of
from diptych.sensing.looks import look_tables
from tests.helpers.seen import DEG, LAUNCH, flight, radar

KM = 1000.0
SHIFT = 300 * KM
ECHO = Echo(0.5, 0.5, 0.5, 0.0)
TOLD_S = 140.0  # the motor of `flight` is out by then
SITE = radar(38.0, 40.0, search_revisit_s=8.0, cue_latency_s=1.0, reference_range_m=3e6)


def around(truths, site=SITE, t0_s=None):
    t0_s = [0.0] * len(truths) if t0_s is None else t0_s
    tables = look_tables(site, [ECHO] * len(truths), truths, t0_s, 1, 0, 7, list(range(len(truths))))
    return eyes_of([site], [tables]), watch_of([0], len(truths))


def track(truth, at_s=TOLD_S, sigma_m=300.0, sigma_mps=5.0, shift_m=0.0):
    """Return a cue of where an object is at a time, pushed to the east."""
    state = truth[int(at_s)].copy()
    state[:3] += shift_m * enu_basis(LAUNCH[0] * DEG, LAUNCH[1] * DEG)[0]
    return Whereabouts(at_s, state, np.diag([sigma_m**2] * 3 + [sigma_mps**2] * 3))


def launch(truth, sigma_m=3 * KM, shift_m=0.0):
    place = track(truth, 0.0, shift_m=shift_m).state_ecef
    place[3:] = 0.0
    cov = np.diag([sigma_m**2] * 3 + [0.0] * 3)
    return Whereabouts(0.0, place, cov, is_rising=True, acceleration_mps2=10.0, lasts_s=100.0)


def first_look(eyes, after_s):
    return float(eyes.time_s[eyes.time_s >= after_s][0])


def test_beams_over_a_volume_are_those_of_its_ellipse_and_a_fence_takes_its_width():
    assert beams(0.5, 0.5, False) == 1
    assert beams(3.0, 3.0, False) == 29  # 9 pi
    assert beams(3.0, 3.0, True) == 6
    assert beams(30.0, 0.1, False) == 60  # narrower than a beam: side by side


def test_doubt_of_an_unknown_push_grows_with_the_square_and_then_evenly():
    assert doubt_m(60.0, 10.0, 100.0) == pytest.approx(18 * KM)
    assert doubt_m(200.0, 10.0, 100.0) == pytest.approx(150 * KM)
    assert doubt_m(-1.0, 10.0, 100.0) == 0.0


def test_an_honest_track_within_one_beam_costs_no_time():
    truth = flight()
    eyes, watch = around([truth])
    assert point(eyes, watch, [0], track(truth), TOLD_S, 0) == [0]
    assert watch.start_s[0, 0] == first_look(eyes, TOLD_S + SITE.cue_latency_s)


def test_a_vaguer_track_takes_a_look_to_each_beam_and_too_vague_a_one_is_worth_nothing():
    truth = flight()
    eyes, watch = around([truth])
    slant = float(np.linalg.norm(truth[int(TOLD_S) + 2, :3] - np.array(SITE.place.ecef_m)))
    sigma = 7 * KM
    point(eyes, watch, [0], track(truth, sigma_m=sigma, sigma_mps=0.0), TOLD_S, 0)
    count = pi * (SIGMAS * sigma / (slant * SITE.beamwidth_rad)) ** 2
    assert 20 < count < 100
    begins = first_look(eyes, TOLD_S + SITE.cue_latency_s)
    assert watch.start_s[0, 0] == first_look(eyes, begins + count / SITE.track_capacity_hz)
    eyes, watch = around([truth])
    assert point(eyes, watch, [0], track(truth, sigma_m=60 * KM), TOLD_S, 0) == []
    assert watch.start_s[0, 0] == inf


@pytest.mark.parametrize("sigma_m", [300.0, 5 * KM])
def test_a_track_that_points_300_km_away_finds_nothing_whatever_number_it_carries(sigma_m):
    truth = flight()
    eyes, watch = around([truth])
    assert point(eyes, watch, [0], track(truth, sigma_m=sigma_m, shift_m=SHIFT), TOLD_S, 0) == []
    assert watch.start_s[0, 0] == inf


def test_a_launch_notice_finds_what_rises_over_its_disc_and_a_false_one_nothing():
    truth = flight()
    far = radar(38.0, 34.0, search_revisit_s=8.0, cue_latency_s=1.0, reference_range_m=3e6)
    eyes, watch = around([truth], far)
    rises = float(eyes.time_s[0])
    assert rises > 40.0
    assert point(eyes, watch, [0], launch(truth), 30.0, 0) == [0]
    assert rises < watch.start_s[0, 0] <= rises + far.search_revisit_s + far.track_revisit_s
    eyes, watch = around([truth], far)
    assert point(eyes, watch, [0], launch(truth, shift_m=SHIFT), 30.0, 0) == []


def test_a_cue_finds_what_is_there_and_not_what_it_is_called():
    here, there = flight(310.0), flight(250.0)
    eyes, watch = around([here, there])
    assert point(eyes, watch, [0], track(there), TOLD_S, 0) == [1]
    assert watch.start_s[0, 0] == inf


def test_a_cue_in_vain_costs_time_that_an_honest_one_waits_for():
    truth = flight()
    honest = track(truth, sigma_m=5 * KM)
    eyes, watch = around([truth])
    point(eyes, watch, [0], honest, TOLD_S, 0)
    plain = float(watch.start_s[0, 0])
    eyes, watch = around([truth])
    assert point(eyes, watch, [0], track(truth, sigma_m=8 * KM, shift_m=SHIFT), TOLD_S - 1.0, 0) == []
    point(eyes, watch, [0], honest, TOLD_S, 0)
    assert plain < watch.start_s[0, 0] < inf


def test_a_false_cue_never_hides_a_later_honest_one():
    truth = flight()
    eyes, watch = around([truth])
    point(eyes, watch, [0], track(truth, shift_m=SHIFT), TOLD_S - 20.0, 0)
    assert point(eyes, watch, [0], track(truth), TOLD_S, 0) == [0]


def test_a_cue_moved_on_to_the_look_is_as_good_as_its_velocity():
    truth = flight()
    late_s = TOLD_S + 60.0
    eyes, watch = around([truth])
    assert point(eyes, watch, [0], track(truth), late_s, 0) == [0]
    stale = track(truth)
    stale.state_ecef[3:] *= 0.9  # some 200 m/s: 12 km by then, and it claims 5 m/s
    eyes, watch = around([truth])
    assert point(eyes, watch, [0], stale, late_s, 0) == []


def test_a_cue_that_is_no_place_near_the_earth_finds_nothing():
    truth = flight()
    for state in (np.zeros(6), np.full(6, np.nan), np.array([1e9, 0.0, 0.0, 0.0, 0.0, 0.0])):
        eyes, watch = around([truth])
        assert point(eyes, watch, [0], Whereabouts(TOLD_S, state, np.eye(6)), TOLD_S, 0) == []


@pytest.mark.parametrize(("off_m", "after_s"), [(5 * KM, 20.0), (30 * KM, 60.0), (120 * KM, 100.0)])
def test_looks_that_are_passed_over_never_hold_the_object(off_m, after_s):
    """A cue on another path that meets the object later: found at the look that a walk over every one finds it at."""
    truth = flight()
    where = track(truth, shift_m=off_m, sigma_mps=1.0)
    east = enu_basis(LAUNCH[0] * DEG, LAUNCH[1] * DEG)[0]
    where.state_ecef[3:] -= off_m / after_s * east
    eyes, watch = around([truth])
    point(eyes, watch, [0], where, TOLD_S, -1)
    one_by_one = []
    for i in np.flatnonzero(eyes.time_s >= TOLD_S + SITE.cue_latency_s).tolist():
        edge, here = np.array([0, 1]), slice(i, i + 1)
        single = msgspec.structs.replace(
            eyes, edge=edge, time_s=eyes.time_s[here], place_ecef_m=eyes.place_ecef_m[here]
        )
        if point(single, watch_of([0], 1), [0], where, TOLD_S, -1):
            one_by_one.append(float(eyes.time_s[i]))
    assert abs(one_by_one[0] - TOLD_S - after_s) < 15.0
    assert watch.start_s[0, 0] == one_by_one[0]
