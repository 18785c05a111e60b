"""What a cue buys: more when it is sharper, nothing when a scan is over sooner."""

from __future__ import annotations

from math import inf

import pytest

from diptych.sensing.cue import acquisition_delay_s, cue_beams
from tests.helpers.seen import radar

KM = 1000.0


def test_a_cue_within_one_beam_costs_no_time():
    assert cue_beams(radar(), 2 * KM, 1000 * KM) == 1
    assert acquisition_delay_s(radar(), 2 * KM, 1000 * KM) == 0.0
    assert acquisition_delay_s(radar(), 0.0, 1000 * KM) == 0.0


def test_a_wider_cue_takes_a_look_to_each_beam():
    assert cue_beams(radar(), 10 * KM, 1000 * KM) == 13
    assert acquisition_delay_s(radar(), 10 * KM, 1000 * KM) == pytest.approx(0.65)


def test_a_cue_that_takes_longer_than_a_scan_is_worth_nothing():
    assert acquisition_delay_s(radar(), 100 * KM, 1000 * KM) == inf
    assert acquisition_delay_s(radar(search_revisit_s=100.0), 100 * KM, 1000 * KM) == pytest.approx(1257 / 20)


def test_a_sharper_cue_is_never_later_and_a_farther_one_is_easier():
    delays = [acquisition_delay_s(radar(), s * KM, 800 * KM) for s in (1, 3, 10, 20, 50, 200)]
    assert delays == sorted(delays)
    assert acquisition_delay_s(radar(), 10 * KM, 2000 * KM) < acquisition_delay_s(radar(), 10 * KM, 500 * KM)


def test_what_has_yet_to_rise_needs_a_fence_and_not_a_field():
    assert cue_beams(radar(), 10 * KM, 1000 * KM, is_rising=True) == 4
    assert acquisition_delay_s(radar(), 100 * KM, 1000 * KM, is_rising=True) == pytest.approx(40 / 20)
