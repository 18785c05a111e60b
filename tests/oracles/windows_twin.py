"""Launch times in the plainest way: one battery, one point, from the definition, with scipy interpolating."""

import math

import numpy as np
from scipy.interpolate import RegularGridInterpolator

from diptych.engagement.windows import Armoury

EARTH_RADIUS_M = 6371008.8
A_M, B_M = 6378137.0, 6356752.314245


def launch_time(armoury: Armoury, battery: int, point_m: np.ndarray, time_s: float) -> float:
    """Return when a battery must launch to meet a point at a time, NaN if it cannot."""
    kind = int(armoury.class_of[battery])
    table = armoury.tables[kind]
    ranges = armoury.range_step_m[kind] * np.arange(table.shape[0])
    heights = armoury.floor_m[kind] + armoury.alt_step_m[kind] * np.arange(table.shape[1])
    radius = float(np.linalg.norm(point_m))
    angle = math.acos(float(np.clip(armoury.site_unit[battery] @ point_m / radius, -1.0, 1.0)))
    lat = math.asin(point_m[2] / radius)
    surface = A_M * B_M / math.hypot(B_M * math.cos(lat), A_M * math.sin(lat))
    flight = RegularGridInterpolator((ranges, heights), table, bounds_error=False, fill_value=np.nan)
    return float(time_s - flight((EARTH_RADIUS_M * angle, radius - surface)))
