"""Detection statistics against scipy's distributions, published values and closed forms."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from scipy import integrate, stats

from diptych.kernels.detection import (
    albersheim_snr_db,
    detection_probability,
    detection_threshold,
    gamma_upper,
    required_snr,
)

ABSOLUTE = 1e-9


def _db(ratio):
    return 10.0 * np.log10(ratio)


def _fading(case, pulses):
    """Return the gamma shape of the dwell's energy for a Swerling case."""
    return {1: 1, 2: pulses, 3: 2, 4: 2 * pulses}[case]


@pytest.mark.parametrize("pulses", [1, 2, 10, 100])
@pytest.mark.parametrize("false_alarm", [1e-3, 1e-6, 1e-9])
def test_threshold_is_exceeded_by_noise_with_the_false_alarm_probability(pulses, false_alarm):
    threshold = detection_threshold(false_alarm, pulses)
    assert stats.gamma(pulses).sf(threshold) == pytest.approx(false_alarm, rel=1e-9)
    assert gamma_upper(pulses, threshold) == pytest.approx(false_alarm, rel=1e-9)


@pytest.mark.parametrize("pulses", [1, 3, 20, 300])
@pytest.mark.parametrize("snr", [0.0, 0.1, 3.0, 20.8, 250.0, 1e4])
def test_steady_echo_is_a_noncentral_chi_square(pulses, snr):
    threshold = detection_threshold(1e-6, pulses)
    expected = stats.ncx2(2 * pulses, 2 * snr).sf(2 * threshold) if snr else 1e-6
    assert detection_probability(snr, threshold, pulses, 0) == pytest.approx(expected, abs=ABSOLUTE)


@pytest.mark.parametrize("case", [1, 2, 3, 4])
@pytest.mark.parametrize("pulses", [1, 4, 30])
@pytest.mark.parametrize("snr", [0.3, 20.8, 400.0])
def test_fading_echo_is_the_steady_one_averaged_over_the_fading(case, pulses, snr):
    threshold = detection_threshold(1e-6, pulses)
    shape = _fading(case, pulses)
    energy = stats.gamma(shape, scale=snr / shape)
    # Over the quantiles of the energy, in pieces, so that the corner at small energies is seen.
    edges = energy.ppf([1e-14, 1e-6, 1e-3, 0.05, 0.3, 0.6, 0.9, 0.999, 1 - 1e-10])

    def density(s):
        return stats.ncx2(2 * pulses, 2 * s).sf(2 * threshold) * energy.pdf(s)

    expected = sum(
        integrate.quad(density, a, b, epsabs=1e-13, epsrel=1e-11, limit=200)[0] for a, b in itertools.pairwise(edges)
    )
    assert detection_probability(snr, threshold, pulses, case) == pytest.approx(expected, abs=2e-9)


def test_swerling_1_of_one_pulse_is_the_power_law_and_2_of_many_a_plain_gamma():
    threshold = detection_threshold(1e-6, 1)
    assert detection_probability(20.8, threshold, 1, 1) == pytest.approx(1e-6 ** (1 / 21.8), rel=1e-12)
    threshold = detection_threshold(1e-6, 8)
    assert detection_probability(16.0, threshold, 8, 2) == pytest.approx(
        stats.gamma(8, scale=3).sf(threshold), abs=1e-12
    )


def test_with_one_pulse_fast_and_slow_fading_are_the_same():
    threshold = detection_threshold(1e-5, 1)
    for slow, fast in ((1, 2), (3, 4)):
        a, b = (detection_probability(12.0, threshold, 1, case) for case in (slow, fast))
        assert a == pytest.approx(b, abs=1e-13)


@pytest.mark.parametrize("case", [0, 1, 2, 3, 4])
def test_without_an_echo_only_false_alarms_are_left(case):
    threshold = detection_threshold(1e-6, 5)
    assert detection_probability(0.0, threshold, 5, case) == pytest.approx(1e-6, rel=1e-9)


def test_published_signal_for_nine_in_ten_is_found_rad_03():
    assert _db(required_snr(0.9, 1e-6, 1, 0)) == pytest.approx(13.183490056794499, abs=1e-9)


def test_albersheim_gives_its_published_value_and_is_near_the_exact_one_rad_04():
    assert albersheim_snr_db(0.9, 1e-6, 1) == pytest.approx(13.1145, abs=1e-4)
    for pulses in (1, 10, 100):
        for detection in (0.3, 0.5, 0.9):
            for false_alarm in (1e-7, 1e-5, 1e-3):
                exact = _db(required_snr(detection, false_alarm, pulses, 0) / pulses)
                assert albersheim_snr_db(detection, false_alarm, pulses) == pytest.approx(exact, abs=0.3)


def test_albersheim_is_not_within_its_published_error_at_one_in_ten():
    assert _db(required_snr(0.1, 1e-7, 1, 0)) - albersheim_snr_db(0.1, 1e-7, 1) > 0.7


@pytest.mark.parametrize("case", [0, 1, 2, 3, 4])
def test_required_signal_is_the_inverse_of_the_probability(case):
    snr = required_snr(0.8, 1e-6, 6, case)
    threshold = detection_threshold(1e-6, 6)
    assert detection_probability(snr, threshold, 6, case) == pytest.approx(0.8, abs=1e-10)


def test_a_detection_no_likelier_than_a_false_alarm_needs_no_signal():
    assert required_snr(1e-7, 1e-6, 1, 1) == 0.0
