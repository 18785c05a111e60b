"""Radars, places and made-up flights for tests of sensing, tracking and evaluation.

`flight` is not the truth of the product: constant thrust along the velocity, then the tracker's own ballistic motion
with a chosen ballistic coefficient, in steps of one second. It is quick also without compilation.
"""

from __future__ import annotations

from math import pi
from typing import Any

import msgspec
import numpy as np

from diptych.kernels.ballistic import rk4
from diptych.kernels.earth import ecef_to_geodetic, enu_basis, geodetic_to_ecef
from diptych.model.geography import Territory
from diptych.model.scenario import Place, Radar

DEG = pi / 180.0
LAUNCH = (33.0, 44.0)
BURN_S = 100


def place(lat_deg: float, lon_deg: float, alt_m: float = 0.0) -> Place:
    """Return a place given in degrees."""
    lat, lon = lat_deg * DEG, lon_deg * DEG
    return Place("here", lat, lon, alt_m, geodetic_to_ecef(lat, lon, alt_m))


def radar(lat_deg: float = 36.0, lon_deg: float = 42.0, **changes: Any) -> Radar:
    """Return an all-round radar that sees 0.1 m2 at 1500 km, 1 mrad, 15 m, every 2 s; change what the test needs."""
    plain = Radar(
        id="r", class_id="test", owner="AA", host="AA", place=place(lat_deg, lon_deg, 500.0),
        boresight_az_rad=0.0, az_half_width_rad=pi, el_min_rad=2 * DEG, el_max_rad=85 * DEG,
        reference_range_m=1.5e6, reference_rcs_m2=0.1, search_range_factor=0.7, search_revisit_s=8.0,
        track_revisit_s=2.0, range_error_m=15.0, angle_error_rad=1e-3, cue_latency_s=3.0,
        beamwidth_rad=0.01, range_resolution_m=30.0, track_capacity_hz=20.0,
    )  # fmt: skip
    return msgspec.structs.replace(plain, **changes)


def flight(
    azimuth_deg: float = 310.0,
    elevation_deg: float = 82.0,
    thrust_mps2: float = 45.0,
    burn_s: int = BURN_S,
    beta_kg_m2: float = 3000.0,
) -> np.ndarray:
    """Return the states (T, 6) of one flight, ECEF, on a 1 s grid, launch to the last second above ground."""
    lat, lon = LAUNCH[0] * DEG, LAUNCH[1] * DEG
    east, north, up = enu_basis(lat, lon)
    az, el = azimuth_deg * DEG, elevation_deg * DEG
    ahead = np.cos(el) * (np.sin(az) * east + np.cos(az) * north) + np.sin(el) * up
    s = np.concatenate([geodetic_to_ecef(lat, lon, 10.0), 60.0 * ahead])
    rows = [s.copy()]
    while len(rows) < 3000:
        thrust = thrust_mps2 if len(rows) <= burn_s else 0.0
        for _ in range(4 if thrust else 1):
            rk4(s, 0.25 if thrust else 1.0, beta_kg_m2, thrust)
        if ecef_to_geodetic(s[0], s[1], s[2])[2] <= 0.0:
            break
        rows.append(s.copy())
    return np.array(rows)


def checker(step_deg: float = 1.0) -> Territory:
    """Return a whole-Earth raster: AA west of 40 degrees east, BB east of it, no state south of 20 degrees north."""
    n = round(180 / step_deg)
    lat = -90.0 + step_deg * (np.arange(n) + 0.5)
    lon = -180.0 + step_deg * (np.arange(2 * n) + 0.5)
    index = np.where(lon[None, :] < 40.0, 1, 2) * (lat[:, None] > 20.0)
    return Territory(
        lat0_rad=float(lat[0] * DEG),
        lon0_rad=float(lon[0] * DEG),
        step_rad=step_deg * DEG,
        index=index.astype(np.uint8),
        codes=("", "AA", "BB"),
    )
