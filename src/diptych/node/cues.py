"""How far off a cue may put an object by the time it is used: what was known, what the grid hid, what passed since.

A radar covers that volume beam by beam (`sensing.cue`), so an old or a coarse cue costs time or is worth nothing.
"""

import math
from typing import NamedTuple

from diptych.model.messages import ImpactPrediction, LaunchDetection, SharedTrack


class Cue(NamedTuple):
    """How far off a reported place may be (m) and how fast that grows (m/s), one standard deviation per axis.

    `is_rising`: only a launch is known, and the object has yet to cross the horizon.
    """

    error_m: float
    drift_mps: float = 0.0
    is_rising: bool = False


RISE_MPS2 = 10.0
"""Spread of the acceleration over the ground, one standard deviation per axis, of a missile whose class and heading
nobody knows. Assumed: 50 km after 100 s, about half the way downrange of the regional classes at burnout."""


POWERED_S = 100.0
"""How long that acceleration lasts; from then on the object moves on. Assumed: the middle of the classes' boosts."""


LAUNCH_DRIFT_MPS = RISE_MPS2 * POWERED_S
"""How fast the error of a launch grows from burnout on, one standard deviation per axis."""


def launch_error_m(error_m: float, launch_s: float, now_s: float) -> float:
    """Return how far from its launch point an object may be by now, with the error of that point.

    *Check* 3 km, 60 s after launch: hypot(3, 18) = 18.2 km; 200 s after: hypot(3, 150).
    """
    age_s = max(0.0, now_s - launch_s)
    powered_s = min(age_s, POWERED_S)
    return math.hypot(error_m, RISE_MPS2 * powered_s * (age_s - 0.5 * powered_s))


def cue_of_launch(error_m: float, launch_s: float, now_s: float) -> Cue:
    """Return what a launch point says of where the object is now."""
    return Cue(launch_error_m(error_m, launch_s, now_s), LAUNCH_DRIFT_MPS, is_rising=True)


def cue_of(record: LaunchDetection | ImpactPrediction | SharedTrack, now_s: float) -> Cue:
    """Return what a partner's record says of where the object is now.

    A grid adds its width over the root of 12. A track grows old with the error of its velocity. Without a covariance
    the grid is all that is known. An impact prediction says as little about where the object is as about where it will
    come down.
    """
    if isinstance(record, LaunchDetection):
        return cue_of_launch(record.error_m, record.launch_s, now_s)
    grid_m = record.position_grid_m / math.sqrt(12.0)
    if isinstance(record, ImpactPrediction):
        return Cue(math.hypot(0.5 * record.radius_m, grid_m))
    cov = record.cov_ecef
    held_m = math.sqrt(sum(cov[7 * i] for i in range(3)) / 3.0) if cov else 0.0
    held_mps = math.sqrt(sum(cov[7 * i] for i in range(3, 6)) / 3.0) if cov else 0.0
    drift_mps = math.hypot(held_mps, record.velocity_grid_mps / math.sqrt(12.0))
    return Cue(math.hypot(held_m, grid_m, drift_mps * max(0.0, now_s - record.time_s)), drift_mps)
