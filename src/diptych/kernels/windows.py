"""When can which battery meet a predicted path: launch times and meeting points, one row of one track at a time.

A battery can meet a point of the path at time tau if the point lies between floor and ceiling, is known well enough,
and the battery's fly-out table gives a finite time f for its ground range and height; the launch time is then tau - f.
The window is the span of launch times from the first to the last such point. Who must guide is in `kernels.guidance`.
"""

import math

import numpy as np
import numpy.typing as npt

from diptych.kernels.earth import EARTH_MEAN_RADIUS_M, WGS84_A_M, WGS84_B_M
from diptych.kernels.jit import kernel

Floats = npt.NDArray[np.float64]

EDGE = 1e-9  # part of a cell by which rounding may put the last row of a table outside it


@kernel
def look_up(
    table: Floats, range_step_m: float, floor_m: float, alt_step_m: float, range_m: float, alt_m: float
) -> float:
    """Fly-out time s by bilinear interpolation; inf outside the table or where a corner is unreachable.

    table: (nr, na) seconds; ranges start at 0, heights at floor_m, both evenly spaced. The edges belong to it.
    """
    x = range_m / range_step_m
    y = (alt_m - floor_m) / alt_step_m
    if not (0.0 <= x <= table.shape[0] - 1 + EDGE and 0.0 <= y <= table.shape[1] - 1 + EDGE):
        return math.inf
    i = min(math.floor(x), table.shape[0] - 2)
    j = min(math.floor(y), table.shape[1] - 2)
    a = x - i
    b = y - j
    low = table[i, j] * (1.0 - a) + table[i + 1, j] * a
    high = table[i, j + 1] * (1.0 - a) + table[i + 1, j + 1] * a
    if math.isinf(low) or math.isinf(high) or low != low or high != high:
        return math.inf
    return float(low * (1.0 - b) + high * b)


@kernel
def launch_times(
    path_ecef_m: Floats,
    time_s: Floats,
    site_unit: Floats,
    class_of: npt.NDArray[np.int64],
    tables: Floats,
    range_step_m: Floats,
    floor_m: Floats,
    alt_step_m: Floats,
    error_m: Floats,
    slack_m: Floats,
    out: Floats,
) -> None:
    """Fill out[b, k] with the launch time s of battery b that meets path point k, NaN where it cannot.

    path_ecef_m: (k, 3), NaN rows skipped; time_s: (k,); site_unit: (b, 3) geocentric unit vectors of the sites;
    class_of: (b,) index into tables (c, nr, na) and its axes (c,); error_m: (k,) how far off the point may be, and
    slack_m: (c,) how much of that a class can make good. Ground range is the great circle on the mean
    sphere; height is measured along the radius to the ellipsoid (within 30 m of the geodetic height below 1000 km at
    middle latitudes).
    """
    for k in range(path_ecef_m.shape[0]):
        x = path_ecef_m[k, 0]
        y = path_ecef_m[k, 1]
        z = path_ecef_m[k, 2]
        r = math.sqrt(x * x + y * y + z * z)
        if not (r > 0.0):
            for b in range(site_unit.shape[0]):
                out[b, k] = math.nan
            continue
        s = math.sqrt((x * x + y * y) / (WGS84_A_M * WGS84_A_M) + z * z / (WGS84_B_M * WGS84_B_M))
        alt = r - r / s
        for b in range(site_unit.shape[0]):
            c = class_of[b]
            out[b, k] = math.nan
            if not (floor_m[c] <= alt <= floor_m[c] + alt_step_m[c] * (tables.shape[2] - 1)):
                continue
            if not (error_m[k] <= slack_m[c]):
                continue
            dot = (site_unit[b, 0] * x + site_unit[b, 1] * y + site_unit[b, 2] * z) / r
            ground = EARTH_MEAN_RADIUS_M * math.acos(min(1.0, max(-1.0, dot)))
            flight = look_up(tables[c], range_step_m[c], floor_m[c], alt_step_m[c], ground, alt)
            if not math.isinf(flight):
                out[b, k] = time_s[k] - flight


@kernel
def spans(launch_s: Floats, from_s: float, out: Floats) -> None:
    """Write the first and last launch time at or after from_s of each battery.

    launch_s: (b, k), NaN skipped; out: (b, 2), NaN where there is none.
    """
    for b in range(launch_s.shape[0]):
        first = math.inf
        last = -math.inf
        for k in range(launch_s.shape[1]):
            t = launch_s[b, k]
            if t == t:
                last = max(last, t)
                if t >= from_s:
                    first = min(first, t)
        if last < from_s:
            out[b, 0] = math.nan
            out[b, 1] = math.nan
        else:
            out[b, 0] = first
            out[b, 1] = last


@kernel
def earliest_meeting(launch_s: Floats, allowed: npt.NDArray[np.bool_], from_s: float) -> int:
    """Index of the first path point that can still be met by a launch at or after from_s; -1 if none.

    launch_s: (k,) for one battery; allowed: (k,) whether a shot may be aimed at the point.
    """
    for k in range(launch_s.shape[0]):
        t = launch_s[k]
        if t == t and t >= from_s and allowed[k]:
            return k
    return -1
