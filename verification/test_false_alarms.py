"""Do sampled echoes and sampled noise behave as the closed forms say? Detection, false alarms, verification, M-of-N.

Unlike the unit tests, nothing here uses a distribution function: pulses are complex Gaussian noise plus an echo, summed
and compared with the threshold; scans are fields of cells. Numbers are chosen so that events are frequent (a
false-alarm probability of 1e-6 could not be counted); the closed forms do not care.
"""

from __future__ import annotations

from math import radians

import numpy as np
import pytest
from scipy import stats

from diptych.kernels.detection import detection_probability, detection_threshold
from diptych.sensing import clutter
from diptych.sensing.looks import look_table, observe
from tests.helpers.seen import flight, radar

SAMPLES = 400_000


def _power(rng: np.random.Generator, case: int, snr: float, pulses: int, n: int) -> np.ndarray:
    """Return the summed power of n dwells of a Swerling case, noise of each pulse having mean power 1."""
    mean = snr / pulses
    if case == 0:
        rcs = np.ones((n, 1))
    elif case == 1:
        rcs = rng.exponential(size=(n, 1))
    elif case == 2:
        rcs = rng.exponential(size=(n, pulses))
    elif case == 3:
        rcs = rng.gamma(2.0, 0.5, size=(n, 1))
    else:
        rcs = rng.gamma(2.0, 0.5, size=(n, pulses))
    phase = rng.uniform(0.0, 2.0 * np.pi, size=(n, pulses))
    echo = np.sqrt(mean * rcs) * np.exp(1j * phase)
    noise = np.sqrt(0.5) * (rng.normal(size=(n, pulses)) + 1j * rng.normal(size=(n, pulses)))
    return np.sum(np.abs(echo + noise) ** 2, axis=1)


@pytest.mark.parametrize("case", [0, 1, 2, 3, 4])
@pytest.mark.parametrize("pulses", [1, 6])
def test_echoes_are_detected_as_often_as_the_sum_says(case: int, pulses: int) -> None:
    rng = np.random.default_rng(100 * case + pulses)
    threshold = detection_threshold(1e-4, pulses)
    for snr in (4.0, 15.0, 40.0):
        share = np.mean(_power(rng, case, snr, pulses, SAMPLES) > threshold)
        expected = detection_probability(snr, threshold, pulses, case)
        print(f"case {case}, {pulses} pulses, snr {snr:4.0f}: counted {share:.5f}, closed form {expected:.5f}")
        assert abs(share - expected) < 4.5 * np.sqrt(expected * (1.0 - expected) / SAMPLES)


@pytest.mark.parametrize("pulses", [1, 6])
def test_noise_alone_crosses_as_often_as_asked(pulses: int) -> None:
    rng = np.random.default_rng(pulses)
    for false_alarm in (1e-2, 1e-3):
        threshold = detection_threshold(false_alarm, pulses)
        share = np.mean(_power(rng, 0, 0.0, pulses, SAMPLES) > threshold)
        assert abs(share - false_alarm) < 4.5 * np.sqrt(false_alarm / SAMPLES)


def test_hits_of_a_scan_are_poisson_with_the_mean_of_the_closed_form() -> None:
    """Every cell of 2000 scans is drawn; counts are tested for mean, dispersion and shape."""
    site = radar(
        az_half_width_rad=radians(30), el_min_rad=radians(2), search_el_max_rad=radians(4), beamwidth_rad=0.05,
        reference_range_m=1e5, search_range_factor=1.0, range_resolution_m=2000.0, false_alarm=5e-3,
    )  # fmt: skip
    cells = clutter.search_cells(site)
    assert cells == 15 * 50
    rng = np.random.default_rng(5)
    scans = 2000
    threshold = detection_threshold(site.false_alarm, 1)
    counts = np.sum(rng.exponential(size=(scans, cells)) > threshold, axis=1)
    mean = clutter.false_hits_per_scan(site)
    print(f"mean {counts.mean():.3f} against {mean:.3f}, variance over mean {counts.var() / counts.mean():.3f}")
    assert abs(counts.mean() - mean) < 4.5 * np.sqrt(mean / scans)
    assert abs(counts.var() / counts.mean() - 1.0) < 4.5 * np.sqrt(2.0 / scans)
    edges = np.arange(0, 10)
    seen = np.array([np.sum(counts == k) for k in edges] + [np.sum(counts > edges[-1])])
    law = stats.poisson(mean)
    expected = scans * np.append(law.pmf(edges), law.sf(edges[-1]))
    assert stats.chisquare(seen, expected * seen.sum() / expected.sum()).pvalue > 1e-4


def test_false_confirmed_tracks_are_as_many_as_the_closed_form(monkeypatch: pytest.MonkeyPatch) -> None:
    """Scan, verify, then look into the track window: the whole path drawn cell by cell, 3 of 5."""
    monkeypatch.setattr(clutter, "TRACK_WINDOW_CELLS", 20)
    site = radar(
        az_half_width_rad=radians(30), el_min_rad=radians(2), search_el_max_rad=radians(4), beamwidth_rad=0.05,
        reference_range_m=1e5, search_range_factor=1.0, range_resolution_m=2000.0, false_alarm=2e-2,
        search_revisit_s=3.6,
    )  # fmt: skip
    rng = np.random.default_rng(9)
    scans = 20_000
    threshold = detection_threshold(site.false_alarm, 1)
    hits = int(np.sum(rng.exponential(size=(scans, clutter.search_cells(site))) > threshold))
    verified = int(np.sum((rng.exponential(size=(hits, clutter.VERIFY_CELLS)) > threshold).any(axis=1)))
    window = (rng.exponential(size=(verified, 4, clutter.TRACK_WINDOW_CELLS)) > threshold).any(axis=2)
    confirmed = int(np.sum(window.sum(axis=1) >= 2))
    expected = clutter.false_tracks_per_hour(site, 3, 5) * scans * site.search_revisit_s / 3600.0
    print(f"{hits} hits, {verified} verified, {confirmed} confirmed against {expected:.1f}")
    assert expected > 1000
    assert abs(confirmed - expected) < 4.5 * np.sqrt(expected)


def test_false_detections_of_track_looks_are_poisson_and_belong_to_the_slot() -> None:
    """Counted over the looks of a flight: number, dispersion, and the same ones whatever a cue changes."""
    truth = flight()
    site = radar(false_alarm=1e-4)
    counts, looks = [], 0
    for replicate in range(400):
        table = look_table(site, 0.1, truth, 0.0, 4, replicate, 1, 2)
        late, early = observe(table, 0, cue_from_s=200.0), observe(table, 0, cue_from_s=0.0)
        assert set(late.time_s[late.is_false]) <= set(early.time_s[early.is_false])
        counts.append(int(early.is_false.sum()))
        looks += table.slot.size
    found = np.array(counts)
    expected = looks * clutter.any_in_window(1e-4, clutter.TRACK_WINDOW_CELLS)
    print(f"{found.sum()} false detections in {looks} looks, closed form {expected:.1f}")
    assert abs(found.sum() - expected) < 4.5 * np.sqrt(expected)
    assert abs(found.var() / found.mean() - 1.0) < 4.5 * np.sqrt(2.0 / len(found))
