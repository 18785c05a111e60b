"""The radar equation: reference range from power, aperture, losses and noise; beams and time of a search.

Two ways to state a radar lead to the same record: a reference range at a reference cross-section (loop gain), or the
parts that make it, from which `reference_range_m` computes it.  Likewise the search revisit is stated, or follows from
the searched solid angle and the time the radar spends on a beam (`search_revisit_s`).

Source: Skolnik, Introduction to Radar Systems, 3rd ed., ch. 1 and 2; Barton (1988), Modern Radar System Analysis, ch.
1.
"""

from math import ceil, pi, sin, sqrt

BOLTZMANN_J_K = 1.380649e-23  # exact, SI 2019
LIGHT_MPS = 299_792_458.0  # exact, SI
REFERENCE_RCS_M2 = 1.0  # a radar stated by its parts gets its reference range at this cross-section


def range_of_snr_m(
    energy_j: float,
    gain: float,
    receive_aperture_m2: float,
    rcs_m2: float,
    noise_temperature_k: float,
    loss: float,
    snr: float,
) -> float:
    """Return the range at which one dwell gives a signal-to-noise power ratio; the radar equation in energy form.

    R^4 = E G A rcs / ((4 pi)^2 k T L snr).  With pulses added coherently the energy is average power times dwell; for
    one pulse it is peak power times its length.

    Parameters
    ----------
    energy_j : float
        Energy radiated in the dwell, J.
    gain, receive_aperture_m2 : float
        Transmit gain (ratio) and effective receive aperture, m2 (both after efficiency).
    noise_temperature_k, loss, snr : float
        System noise temperature, K; losses and signal-to-noise as ratios, not dB.

    Check
    -----
    RAD-01: 1 MW for 10 us at 10 GHz, gain 20 dB both ways, 1 m2, 290 K, no loss, 6 dB: 41 057 m.
    """
    noise_j = BOLTZMANN_J_K * noise_temperature_k * loss
    fourth = energy_j * gain * receive_aperture_m2 * rcs_m2 / ((4.0 * pi) ** 2 * noise_j * snr)
    return sqrt(sqrt(fourth))


def aperture_m2(gain: float, wavelength_m: float) -> float:
    """Return the effective aperture of a gain (ratio): G lambda^2 / 4 pi.  *Check* RAD-07: 38.6 dB at 435 MHz,
    273.8.
    """
    return gain * wavelength_m**2 / (4.0 * pi)


def reference_range_m(
    average_power_w: float,
    face_m2: float,
    efficiency: float,
    frequency_hz: float,
    noise_temperature_k: float,
    loss_db: float,
    dwell_s: float,
    snr: float,
) -> float:
    """Return the reference range of a radar stated by its parts: one track dwell on `REFERENCE_RCS_M2`.

    Parameters
    ----------
    average_power_w, face_m2, efficiency : float
        Average radiated power, area of the face, and the share of it that is effective.
    dwell_s : float
        Length of a track dwell, coherently integrated throughout.

    Check
    -----
    81 kW, 9.2 m2 at 0.8, 9.5 GHz, 500 K, 6 dB, 100 ms, 13.18 dB: 2 798 km on 1 m2, 1 573 km on 0.1 m2.
    """
    effective_m2 = efficiency * face_m2
    wavelength_m = LIGHT_MPS / frequency_hz
    gain = 4.0 * pi * effective_m2 / wavelength_m**2
    loss = 10.0 ** (loss_db / 10.0)
    energy_j = average_power_w * dwell_s
    return range_of_snr_m(energy_j, gain, effective_m2, REFERENCE_RCS_M2, noise_temperature_k, loss, snr)


def solid_angle_sr(az_width_rad: float, el_low_rad: float, el_high_rad: float) -> float:
    """Return the solid angle of an azimuth and elevation box.  *Check* all round, 0 to 90 degrees: 2 pi."""
    return az_width_rad * (sin(el_high_rad) - sin(el_low_rad))


def search_beams(solid_angle: float, beamwidth_rad: float) -> int:
    """Return how many beam positions cover a solid angle (sr): one for each square of a beamwidth, at least one.

    *Check* 120 degrees by 2 to 5 degrees with 10 mrad: 1095.
    """
    return max(1, ceil(solid_angle / beamwidth_rad**2 - 1e-9))


def search_revisit_s(beams: int, search_dwell_s: float, search_share: float) -> float:
    """Return how long one pass over the searched volume takes, with a share of the radar's time spent on search."""
    return beams * search_dwell_s / search_share
