"""Where a complex points its radars because of what it was told: a place with its doubt, as the record has it.

The radar covers that volume beam by beam (`sensing.cue`), so an old or a coarse cue costs time or is worth nothing, and
a false one points elsewhere. Nothing is added that the record does not say: no record names a place it does not hold.
"""

import math

import numpy as np
from msgspec.structs import replace

from diptych.kernels.earth import geodetic_to_ecef
from diptych.kernels.pointing import doubt_m
from diptych.model.looks import Whereabouts
from diptych.model.messages import ImpactPrediction, LaunchDetection, LaunchSeen, Output, SharedTrack, Task
from diptych.model.picture import Floats
from diptych.node.state import Case, Plan

RISE_MPS2 = 10.0
"""Spread of the acceleration over the ground, one standard deviation per axis, of a missile whose class and heading
nobody knows. Assumed: 50 km after 100 s, about half the way downrange of the regional classes at burnout."""

LAUNCH_DOUBT_S = 5.0
"""How well the time of a launch is told, one standard deviation: half a scan of ten seconds, assumed."""

THRUST_MPS2 = 20.0
"""Spread of the acceleration of a tracked object that still burns, one standard deviation per axis, about free flight.
Assumed: the classes' motors push with 15 to 60 m/s2 net for most of the burn."""

POWERED_S = 100.0
"""How long either acceleration lasts. Assumed: the middle of the classes' boosts."""

AGAIN = 0.5
"""The same source points the radars again when its word is so much as exact as before, in standard deviations."""


def where_launched(seen: LaunchSeen | LaunchDetection) -> Whereabouts:
    """Return what the place and time of a launch say of where the object is: round that place, nobody knows which way.

    The time is taken `LAUNCH_DOUBT_S` too late, so that the disc is large enough for one who left that much earlier.
    *Check* 3 km: hypot(3, 21.1) = 21.3 km 60 s after the stated launch.
    """
    state = np.zeros(6)
    state[:3] = geodetic_to_ecef(seen.lat_rad, seen.lon_rad, 0.0)
    cov = np.zeros((6, 6))
    cov[0, 0] = cov[1, 1] = cov[2, 2] = seen.error_m**2
    lasts_s = POWERED_S + LAUNCH_DOUBT_S
    held_s = seen.launch_s - LAUNCH_DOUBT_S
    return Whereabouts(held_s, state, cov, is_rising=True, acceleration_mps2=RISE_MPS2, lasts_s=lasts_s)


def where_told(record: LaunchDetection | ImpactPrediction | SharedTrack) -> Whereabouts | None:
    """Return what a partner's record says of where the object is.

    A grid adds its width over the root of 12, in place and velocity; without a covariance it is all that is known. An
    impact prediction says where the object comes down, not where it is (None): paths of every heading and length end
    there, and to search them all takes longer than a scan.
    """
    if isinstance(record, LaunchDetection):
        return where_launched(record)
    if isinstance(record, ImpactPrediction):
        return None
    cov = np.array(record.cov_ecef).reshape(6, 6) if record.cov_ecef else np.zeros((6, 6))
    cov[(0, 1, 2), (0, 1, 2)] += record.position_grid_m**2 / 12.0
    cov[(3, 4, 5), (3, 4, 5)] += record.velocity_grid_mps**2 / 12.0
    return where_tracked(record.time_s, np.array(record.state_ecef), cov, is_coasting=record.is_coasting)


def where_tracked(time_s: float, state_ecef: Floats, cov_ecef: Floats, *, is_coasting: bool) -> Whereabouts:
    """Return what a track says: where it was, and free flight from there on; under power nobody knows how much more."""
    if is_coasting:
        return Whereabouts(time_s, state_ecef, cov_ecef)
    return Whereabouts(time_s, state_ecef, cov_ecef, acceleration_mps2=THRUST_MPS2, lasts_s=POWERED_S)


def error_m(where: Whereabouts, now_s: float) -> float:
    """Return how far off a cue may be by now, one standard deviation per axis."""
    age_s = max(0.0, now_s - where.held_s)
    cov = where.cov_ecef
    held = cov[0, 0] + cov[1, 1] + cov[2, 2]
    held += 2.0 * age_s * (cov[0, 3] + cov[1, 4] + cov[2, 5]) + age_s**2 * (cov[3, 3] + cov[4, 4] + cov[5, 5])
    return math.hypot(math.sqrt(max(0.0, float(held)) / 3.0), doubt_m(age_s, where.acceleration_mps2, where.lasts_s))


def point_at(plan: Plan, case: Case, by: str, where: Whereabouts, now_s: float, out: list[Output]) -> Case:
    """Point the own radars; again when the same source is twice as exact as the best it said before.

    Sources are kept apart, so that a false word of one never stands before a true one of another.
    """
    now_m = error_m(where, now_s)
    if now_m > AGAIN * case.cue_error_m.get(by, math.inf):
        return case
    out.extend(Task(radar, case.object, by, where) for radar in plan.radars)
    return replace(case, cue_error_m=case.cue_error_m | {by: now_m})
