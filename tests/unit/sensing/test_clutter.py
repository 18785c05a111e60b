"""False alarms in closed form: cells, verification, confirmation."""

from __future__ import annotations

from math import radians

import pytest

from diptych.sensing.clutter import (
    any_in_window,
    confirmed_share,
    false_detections_per_scan,
    false_hits_per_scan,
    false_tracks_per_hour,
    search_cells,
)
from tests.helpers.seen import radar

FENCE = radar(az_half_width_rad=radians(60), el_min_rad=radians(2), search_el_max_rad=radians(5), search_revisit_s=10.0)


def test_cells_are_beams_times_range_cells():
    assert search_cells(FENCE) == 1095 * 35_000


def test_hits_of_a_scan_are_the_false_alarm_probability_times_the_cells():
    assert false_hits_per_scan(FENCE) == pytest.approx(38.325)
    assert false_hits_per_scan(radar(**{**_fence(), "false_alarm": 1e-5})) == pytest.approx(383.25)


def _fence():
    return {"az_half_width_rad": radians(60), "el_min_rad": radians(2), "search_el_max_rad": radians(5)}


def test_verification_leaves_three_cells_in_a_million_of_the_hits():
    assert false_detections_per_scan(FENCE) == pytest.approx(38.325 * 3e-6, rel=1e-5)


def test_any_of_many_cells_and_the_binomial_tail():
    assert any_in_window(0.1, 2) == pytest.approx(0.19)
    assert confirmed_share(0.1, 2, 3) == pytest.approx(0.19)
    assert confirmed_share(0.1, 1, 3) == pytest.approx(1.0)
    assert confirmed_share(0.1, 3, 3) == pytest.approx(0.01)


def test_false_tracks_an_hour_are_scans_times_detections_times_confirmations():
    window = any_in_window(1e-6, 64)
    expected = 360 * 38.325 * 3e-6 * (3 * window**2)
    assert false_tracks_per_hour(FENCE, 3, 4) == pytest.approx(expected, rel=1e-3)
