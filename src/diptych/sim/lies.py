"""What a deceptive partner tells: objects moved along the ground, and objects that do not exist.

A lie is a consistent one: the whole flight is turned about the Earth's centre, so that place, velocity and impact point
go together, and it keeps the covariance of the truth, so that it claims to be as exact. Which way an object is moved is
drawn once for each, so that the story stays the same. An invented object flies like a missile of the raid, a long way
off, and is told three times.
"""

import math

import numpy as np
from msgspec.structs import replace

from diptych.evaluation.impact import evaluate_state
from diptych.kernels.earth import enu_basis
from diptych.kernels.geodesic import geodesic_direct
from diptych.model.geography import Territory, states_in_ellipse
from diptych.model.messages import ImpactPrediction, SharedTrack
from diptych.model.picture import Floats
from diptych.node.share import place_to_grid, to_grid

INVENTED_OFF_M = 500_000.0
"""How far from a missile of the raid an invented one flies. Assumed: no radar that tracks the one sees the other."""

FIRST_TOLD_S = 60.0
TOLD_EVERY_S = 60.0
TOLD_COUNT = 3
"""An invented object is told so long after the burnout of the missile it copies, and so often. Assumed."""

POSITION_SIGMA_M, VELOCITY_SIGMA_MPS = 300.0, 3.0
"""How exact an invented track claims to be: as the own tracks of the reference raid a minute after burnout."""


def turned(state_ecef: Floats, azimuth_rad: float, distance_m: float) -> Floats:
    """Return a state (6,) turned about the Earth's centre, so that the object moves along the ground.

    *Check* the height and the speed stay, and the place moves by distance x radius / Earth's radius.
    """
    place = state_ecef[:3]
    radius_m = float(np.linalg.norm(place))
    up = place / radius_m
    lat, lon = math.asin(float(up[2])), math.atan2(float(up[1]), float(up[0]))
    east, north, _ = enu_basis(lat, lon)
    along = np.asarray(east) * math.sin(azimuth_rad) + np.asarray(north) * math.cos(azimuth_rad)
    axis = np.cross(up, along)
    axis /= np.linalg.norm(axis)
    angle = distance_m / 6371008.8
    return np.concatenate([_about(axis, angle, place), _about(axis, angle, state_ecef[3:])])


def _about(axis: Floats, angle_rad: float, vector: Floats) -> Floats:
    """Return a vector turned about a unit axis (Rodrigues)."""
    c, s = math.cos(angle_rad), math.sin(angle_rad)
    return np.asarray(vector * c + np.cross(axis, vector) * s + axis * float(axis @ vector) * (1.0 - c), np.float64)


def moved(
    record: SharedTrack | ImpactPrediction, azimuth_rad: float, distance_m: float, territory: Territory
) -> SharedTrack | ImpactPrediction:
    """Return a record that puts its object, and where it comes down, somewhere else along the ground."""
    if isinstance(record, ImpactPrediction):
        lat, lon, _ = geodesic_direct(record.impact_lat_rad, record.impact_lon_rad, azimuth_rad, distance_m)
        states = states_in_ellipse(territory, lat, lon, record.radius_m, record.radius_m, 0.0)
        return replace(record, impact_lat_rad=lat, impact_lon_rad=lon, states=states)
    state = turned(np.array(record.state_ecef), azimuth_rad, distance_m)
    cov = np.array(record.cov_ecef).reshape(6, 6) if record.cov_ecef else np.zeros((6, 6))
    return _told(record, state, cov, territory)


def invented(
    index: int,
    state_ecef: Floats,
    time_s: float,
    position_grid_m: float,
    velocity_grid_mps: float,
    territory: Territory,
) -> SharedTrack:
    """Return a track of an object that does not exist, as a sender with that grid would tell it."""
    cov = np.diag([POSITION_SIGMA_M**2] * 3 + [VELOCITY_SIGMA_MPS**2] * 3)
    bare = SharedTrack(
        object=index,
        time_s=time_s,
        state_ecef=(),
        position_grid_m=position_grid_m,
        impact_s=math.nan,
        impact_lat_rad=math.nan,
        impact_lon_rad=math.nan,
        states=(),
        radars=(),
        velocity_grid_mps=velocity_grid_mps,
        cov_ecef=tuple(cov.ravel().tolist()),
        is_coasting=True,
    )
    return _told(bare, state_ecef, cov, territory)


def _told(record: SharedTrack, state: Floats, cov: Floats, territory: Territory) -> SharedTrack:
    """Return a record with another state, and the impact that goes with it, on the record's own grids."""
    grids = [record.position_grid_m] * 3 + [record.velocity_grid_mps] * 3
    rounded = tuple(to_grid(v, g) for v, g in zip(state.tolist(), grids, strict=True))
    found = evaluate_state(state, cov, record.time_s, record.radars, territory) if record.is_coasting else None
    if found is None:
        return replace(record, state_ecef=rounded)
    lat, lon = found.impact_rad[0].tolist()
    lat, lon = place_to_grid(lat, lon, record.position_grid_m)
    return replace(
        record,
        state_ecef=rounded,
        impact_s=float(found.impact_s[0]),
        impact_lat_rad=lat,
        impact_lon_rad=lon,
        states=found.states[0],
    )
