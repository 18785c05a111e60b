"""What a radar covers: the ground under which it would detect an object at a given height, as a contour on the map.

For each azimuth of the field of view the ground ranges are walked outwards, and those kept where an object at the
height is above the horizon (4/3 Earth), between the lowest elevation and the highest that is searched, within the
scan limit of a face, and strong enough for the asked detection probability in one search dwell, scan loss included.
The object returns the same to every side. Over a sphere of mean radius for ranges, on the ellipsoid for the places;
heights above the sphere. No result of a run is computed from this.
"""

import math

import msgspec
import numpy as np

from diptych.kernels.detection import required_snr
from diptych.kernels.earth import EARTH_MEAN_RADIUS_M
from diptych.kernels.geodesic import geodesic_direct
from diptych.kernels.looks import EFFECTIVE_RADIUS_M, REFERENCE_SNR
from diptych.model.picture import Floats
from diptych.model.scenario import Radar
from diptych.sensing.clutter import false_detections_per_scan, false_hits_per_scan, false_tracks_per_hour

STEP_M = 2_000.0
"""Step of the ground range; the contour is good to this."""

AZIMUTHS = 72
"""Azimuths of a full circle; a sector has as many to the radian, and its two edges."""

FARTHEST_M = 9_000_000.0
"""No ground range beyond this is looked at: far behind the horizon of any height a missile reaches."""


class Contour(msgspec.Struct, frozen=True, eq=False):
    """The cover of one radar at one height and detection probability.

    Attributes
    ----------
    radar : id.
    height_m, rcs_m2, detection : what was asked.
    azimuth_rad : (n,) from true north, increasing from the left edge of the field of view.
    nearest_m, farthest_m : (n,) ground range where the cover begins and ends on that azimuth; NaN where there is none.
        Gaps in between are not shown.
    near_rad, far_rad : (n, 2) latitude and longitude of the two; NaN where there is none.
    is_all_round : whether the last azimuth joins the first.
    """

    radar: str
    height_m: float
    rcs_m2: float
    detection: float
    azimuth_rad: Floats
    nearest_m: Floats
    farthest_m: Floats
    near_rad: Floats
    far_rad: Floats
    is_all_round: bool


class FalseAlarms(msgspec.Struct, frozen=True):
    """What noise gives one radar: hits to verify and false detections in a scan, false confirmed tracks in an hour."""

    hits_per_scan: float
    detections_per_scan: float
    tracks_per_hour: float


def false_alarms(radar: Radar, hits: int, looks: int) -> FalseAlarms:
    """Return what noise gives a radar whose tracks are confirmed by `hits` of `looks`; see `sensing.clutter`."""
    return FalseAlarms(
        false_hits_per_scan(radar), false_detections_per_scan(radar), false_tracks_per_hour(radar, hits, looks)
    )


def detection_range_m(radar: Radar, rcs_m2: float, detection: float) -> float:
    """Return the slant range at which one search dwell straight off a face detects with a probability.

    Radar equation: reference range times search factor times (rcs / reference rcs x reference SNR / needed SNR)^(1/4).

    *Check* Steady echo (Swerling 0), Pfa 1e-6, Pd 0.9, the reference cross-section: the reference range times the
    factor.
    """
    needed = required_snr(detection, radar.false_alarm, radar.pulses, radar.swerling)
    ratio = rcs_m2 / radar.reference_rcs_m2 * REFERENCE_SNR / needed
    return radar.reference_range_m * radar.search_range_factor * math.sqrt(math.sqrt(ratio))


def contour(radar: Radar, height_m: float, rcs_m2: float, detection: float) -> Contour:
    """Return the cover of a radar at a height.

    Parameters
    ----------
    height_m : float
        Height of the object above the sphere, m, > 0.
    rcs_m2 : float
        Cross-section to every side, m2, > 0.
    detection : float
        Probability in one search dwell, between the false-alarm probability and 1.

    Check
    -----
    A radar on the ground of unlimited range, lowest elevation 0: 100 km high is seen to 1300 km.
    """
    half = radar.az_half_width_rad
    is_all_round = half >= math.pi - 1e-9
    count = max(2, round(AZIMUTHS * half / math.pi))
    offs = np.linspace(-half, half, count + 1)
    offs = offs[:-1] if is_all_round else offs
    ground = np.arange(STEP_M, FARTHEST_M, STEP_M)
    elevation, slant = _sight(ground, height_m, radar.place.alt_m)
    top = min(radar.el_max_rad, radar.search_el_max_rad)
    own = math.acos(EFFECTIVE_RADIUS_M / (EFFECTIVE_RADIUS_M + max(0.0, radar.place.alt_m)))
    beyond = ground / EFFECTIVE_RADIUS_M - own
    lowest = np.full_like(ground, np.inf)
    lowest[beyond < 0.5 * math.pi] = EFFECTIVE_RADIUS_M * (1.0 / np.cos(beyond[beyond < 0.5 * math.pi]) - 1.0)
    lowest[beyond <= 0.0] = 0.0
    is_in_fan = (elevation >= radar.el_min_rad) & (elevation <= top) & (height_m >= lowest)
    reach = detection_range_m(radar, rcs_m2, detection)
    nearest, farthest = np.full(offs.size, np.nan), np.full(offs.size, np.nan)
    near, far = np.full((offs.size, 2), np.nan), np.full((offs.size, 2), np.nan)
    azimuth = radar.boresight_az_rad + offs
    for i, off in enumerate(offs.tolist()):
        cosine = _off_face(radar, off, elevation)
        strength = np.maximum(cosine, 0.0) ** (0.25 * radar.scan_loss_exponent)
        is_covered = is_in_fan & (cosine >= math.cos(radar.scan_limit_rad)) & (slant <= reach * strength)
        at = np.flatnonzero(is_covered)
        if at.size:
            nearest[i], farthest[i] = ground[at[0]], ground[at[-1]]
            for rows, metres in ((near, nearest[i]), (far, farthest[i])):
                lat, lon = geodesic_direct(radar.place.lat_rad, radar.place.lon_rad, azimuth[i], metres)[:2]
                rows[i] = lat, lon
    return Contour(radar.id, height_m, rcs_m2, detection, azimuth, nearest, farthest, near, far, is_all_round)


def ring_rad(found: Contour) -> list[tuple[float, float]]:
    """Return the outline as corners (lat, lon), first not repeated: out along the far edge and, in a sector, back along
    the near one. Empty where nothing is covered; an all-round cover leaves out its hole overhead.
    """
    seen = np.isfinite(found.farthest_m)
    out = [(float(a), float(b)) for a, b in found.far_rad[seen]]
    if found.is_all_round or not out:
        return out
    return out + [(float(a), float(b)) for a, b in found.near_rad[seen][::-1]]


def _sight(ground_m: Floats, height_m: float, antenna_m: float) -> tuple[Floats, Floats]:
    """Return apparent elevation (rad, 4/3 Earth as in `kernels.looks`) and straight slant range (m) by ground range."""
    phi = ground_m / EFFECTIVE_RADIUS_M
    ratio = (EFFECTIVE_RADIUS_M + antenna_m) / (EFFECTIVE_RADIUS_M + height_m)
    elevation = np.arctan2(np.cos(phi) - ratio, np.sin(phi))
    here, there = EARTH_MEAN_RADIUS_M + antenna_m, EARTH_MEAN_RADIUS_M + height_m
    slant = np.sqrt(here**2 + there**2 - 2.0 * here * there * np.cos(ground_m / EARTH_MEAN_RADIUS_M))
    return elevation, slant


def _off_face(radar: Radar, off_rad: float, elevation: Floats) -> Floats:
    """Return the cosine of the angle off the nearest face, as `kernels.looks.off_face_cosine`, for many elevations."""
    beside = 0.0
    if radar.faces > 0:
        spacing = 2.0 * radar.az_half_width_rad / radar.faces
        face = min(radar.faces - 1, max(0, math.floor((off_rad + radar.az_half_width_rad) / spacing)))
        beside = off_rad + radar.az_half_width_rad - (face + 0.5) * spacing
    level = math.cos(radar.tilt_rad) * math.cos(beside)
    return np.asarray(np.cos(elevation) * level + np.sin(elevation) * math.sin(radar.tilt_rad), dtype=np.float64)
