"""How soon an interceptor can be where: fly-out tables from integrated flights, and domes for the lower tier.

A table holds the shortest time from the order to launch until the interceptor stands at (ground range, altitude),
infinite where it cannot be.  It is made once per class by flying a fan of elevation angles with `flight.fly_many` and
noting, on every altitude, when and how far out each flight passes, going up and coming down.  The vehicle is known by
its published speed, boost time and dead time only, so it accelerates evenly (mass ratio 1.11, constant thrust) along
a fixed direction after a short vertical rise.

Sources do not say what a published burnout speed is the speed of, so the reading is an argument: "surface" (default)
gives the energy that speed would have on the ground, which is what the closed forms and the reference engagement
model assume; "achieved" is the speed over the ground at burnout (3 km/s reaches 13 % farther); "ideal" is the speed
before gravity and drag (a third less far).  All on the 45 degree flight.

Left out: divert, steering during the coast, and the launch azimuth (the table is flown northward at 45 degrees; the
spin of the Earth moves reach by some 2 % either way).  Tables are read by `windows.look_up`: next to an unreachable
corner is unreachable, so the edge errs inward by up to a cell.
"""

from math import atan2, exp, inf, log, pi, radians, sqrt

import numpy as np
from numpy.typing import NDArray

from diptych.kernels.earth import EARTH_MEAN_RADIUS_M, MU_M3_S2, geodetic_to_ecef, radial_height_m
from diptych.kernels.flight import CUTOFF, KICK, KICK_DURATION, RISE, fly_many
from diptych.kernels.jit import kernel
from diptych.kernels.kepler import max_range_for_speed, vertical_apogee_m

F8 = NDArray[np.float64]

RANGE_CELLS = 128
ALTITUDE_CELLS = 64
RISE_S = 2.0  # vertical rise, assumed
MASS_RATIO = exp(0.1)  # makes acceleration even within 5 %
BOOST_BETA_KG_M2 = 15000.0  # drag while boosting, assumed: 1.5 t, 0.53 m across, Cd 0.45
COAST_BETA_KG_M2 = 5000.0  # drag of the kill vehicle afterwards, assumed; it coasts above most of the air
REFERENCE_LAT_RAD = radians(45.0)
READINGS = ("surface", "achieved", "ideal")
_FAN = 128  # elevations, from 5 degrees past the vertical down to 4 above the horizon
_STEP_S = 1.0
_LONGEST_S = 1800.0  # nothing is gained by later arrivals


def _fly_fan(ideal_speed_mps: float, boost_s: float, elevation_rad: F8, t_grid_s: F8) -> tuple[F8, F8]:
    """Return states (m, k, 6) ECEF along every flight of the fan (nan after impact) and at its burnout (m, 6)."""
    m = elevation_rad.shape[0]
    exhaust = ideal_speed_mps / log(MASS_RATIO)
    propellant = MASS_RATIO - 1.0
    stage = [propellant * exhaust / boost_s, exhaust, 0.0, propellant, 1.0 / BOOST_BETA_KG_M2]
    steering = np.zeros((m, 6))
    steering[:, KICK] = 0.5 * pi - elevation_rad
    steering[:, RISE] = min(RISE_S, 0.1 * boost_s)
    steering[:, KICK_DURATION] = boost_s
    steering[:, CUTOFF] = inf
    samples, _, burnout, _, _, _ = fly_many(
        np.full(m, REFERENCE_LAT_RAD),
        np.zeros(m),
        np.zeros(m),
        np.tile(np.array([[stage]]), (m, 1, 1)),
        np.ones(m),
        np.full(m, COAST_BETA_KG_M2),
        steering,
        np.zeros(m),
        j2_on=True,
        t_grid_s=t_grid_s,
    )
    return samples, burnout


def _ideal_speed_mps(published_mps: float, boost_s: float, reading: str) -> float:
    """Return the ideal speed (no gravity, no drag) that makes the published one true in the given reading.

    Fixed point: add what is missing; eight rounds leave less than 1 m/s for any class here.
    """
    if reading == "ideal":
        return published_mps
    ideal = published_mps
    for _ in range(8):
        _, burnout = _fly_fan(ideal, boost_s, np.array([0.25 * pi]), np.empty(0))
        square = float(burnout[0, 3:] @ burnout[0, 3:])
        if reading == "surface":
            height = radial_height_m(burnout[0, 0], burnout[0, 1], burnout[0, 2])
            square += 2.0 * MU_M3_S2 * height / (EARTH_MEAN_RADIUS_M * (EARTH_MEAN_RADIUS_M + height))
        ideal += published_mps - sqrt(square)
    return ideal


@kernel
def _downrange(states: F8, x0: float, z0: float) -> F8:
    """Return (m, k, 2): signed downrange m in the launch meridian (the launch is on the x-z plane) and height m; nan
    kept.
    """
    out = np.full((states.shape[0], states.shape[1], 2), np.nan)
    r0 = sqrt(x0 * x0 + z0 * z0)
    for i in range(states.shape[0]):
        for j in range(states.shape[1]):
            x, y, z = states[i, j, 0], states[i, j, 1], states[i, j, 2]
            if np.isnan(x):
                break
            along = atan2(z * x0 - x * z0, x * x0 + z * z0)
            across = atan2(abs(y), sqrt(x * x + z * z))
            # The Coriolis drift sideways counts as distance, except near the vertical, where the launch would lean
            # against it.
            out[i, j, 0] = r0 * (sqrt(along * along + across * across) if along > 2.0 * across else along)
            out[i, j, 1] = radial_height_m(x, y, z)
    return out


@kernel
def _crossings(flights: F8, t_grid_s: F8, altitude_m: float, low: F8, high: F8) -> None:
    """Write per flight (m, 2) downrange and time of passing an altitude: first upward into low, last downward into
    high; else nan.
    """
    for i in range(flights.shape[0]):
        low[i, 0] = low[i, 1] = high[i, 0] = high[i, 1] = np.nan
        for j in range(1, t_grid_s.shape[0]):
            a = flights[i, j - 1, 1] - altitude_m
            b = flights[i, j, 1] - altitude_m
            if np.isnan(b):
                break
            if a < 0.0 <= b or b < 0.0 <= a:
                w = a / (a - b)
                at = flights[i, j - 1, 0] + w * (flights[i, j, 0] - flights[i, j - 1, 0])
                when = t_grid_s[j - 1] + w * (t_grid_s[j] - t_grid_s[j - 1])
                if a < 0.0:
                    if np.isnan(low[i, 1]):
                        low[i, 0] = at
                        low[i, 1] = when
                else:
                    high[i, 0] = at
                    high[i, 1] = when


@kernel
def _cover(r1: float, t1: float, r2: float, t2: float, step_m: float, row: F8) -> None:
    """Lower row[i] to the time on the straight line between two passings wherever range i * step lies between them."""
    if np.isnan(t1) or np.isnan(t2):
        return
    if r1 > r2:
        r1, t1, r2, t2 = r2, t2, r1, t1
    first = max(int(np.ceil(r1 / step_m)), 0)
    last = min(int(np.floor(r2 / step_m)), row.shape[0] - 1)
    for i in range(first, last + 1):
        w = (i * step_m - r1) / (r2 - r1) if r2 > r1 else 0.0
        row[i] = min(row[i], t1 + w * (t2 - t1))


@kernel
def _tabulate(flights: F8, t_grid_s: F8, range_axis_m: F8, altitude_axis_m: F8) -> F8:
    """Return the least time (ranges, altitudes) over a fan of flights, without dead time; inf where none passes."""
    m = flights.shape[0]
    table = np.full((altitude_axis_m.shape[0], range_axis_m.shape[0]), np.inf)
    low = np.empty((m, 2))
    high = np.empty((m, 2))
    step = range_axis_m[1] - range_axis_m[0]
    for j in range(altitude_axis_m.shape[0]):
        _crossings(flights, t_grid_s, altitude_axis_m[j], low, high)
        for i in range(m):
            if i > 0:
                _cover(low[i - 1, 0], low[i - 1, 1], low[i, 0], low[i, 1], step, table[j])
                _cover(high[i - 1, 0], high[i - 1, 1], high[i, 0], high[i, 1], step, table[j])
                last_up = np.isnan(low[i, 1]) and not np.isnan(low[i - 1, 1])
                if last_up:  # the lowest flight that still comes this high: its way up and down close the curve
                    _cover(low[i - 1, 0], low[i - 1, 1], high[i - 1, 0], high[i - 1, 1], step, table[j])
    return table.T.copy()


def reach_table(
    burnout_speed_mps: float,
    boost_s: float,
    dead_time_s: float,
    floor_m: float,
    ceiling_m: float,
    max_ground_range_m: float,
    *,
    reading: str = "surface",
) -> tuple[F8, F8, F8]:
    """Return (time (128, 64) s from the order, range axis (128,) m, altitude axis (64,) m) of a boosted interceptor.

    Parameters
    ----------
    burnout_speed_mps, boost_s : float
        Published burnout speed; boost duration.
    reading : str
        One of `READINGS`: what the published speed is the speed of.
    dead_time_s : float
        From the order to the first motion; included in the table.
    floor_m, ceiling_m, max_ground_range_m : float
        Bounds of the table; an infinite or excessive ceiling or range is cut to what the closed forms of the speed
        allow.

    Raises
    ------
    ValueError
        A number is not positive or the floor is not below the ceiling.

    Check
    -----
    3.0 km/s in 60 s: 530 km straight up against 494 and 990 km over the ground against 988 of the impulsive closed
    forms; the vertical gains because the energy is fixed on the 45 degree flight, which loses more to drag.
    """
    if not (burnout_speed_mps > 0.0 and boost_s > 0.0 and dead_time_s >= 0.0 and max_ground_range_m > 0.0):
        raise ValueError(
            "interceptor fly-out: expected speed, boost time and range > 0 and dead time >= 0, got "
            f"{burnout_speed_mps}, {boost_s}, {max_ground_range_m} and {dead_time_s}"
        )
    if reading not in READINGS:
        raise ValueError(f"interceptor fly-out: expected a reading of {', '.join(READINGS)}, got {reading!r}")
    top = min(ceiling_m, 1.3 * vertical_apogee_m(burnout_speed_mps, EARTH_MEAN_RADIUS_M), 4.0e6)
    if not 0.0 <= floor_m < top:
        raise ValueError(
            f"interceptor fly-out: expected 0 <= floor < ceiling, got {floor_m} and {top} m (reach included)"
        )
    angle, _ = max_range_for_speed(burnout_speed_mps, EARTH_MEAN_RADIUS_M)
    widest = min(max_ground_range_m, 1.3 * angle * EARTH_MEAN_RADIUS_M, pi * EARTH_MEAN_RADIUS_M)
    range_axis = np.linspace(0.0, widest, RANGE_CELLS)
    altitude_axis = np.linspace(floor_m, top, ALTITUDE_CELLS)
    elevation = np.radians(np.linspace(95.0, 4.0, _FAN))
    t_grid = np.arange(0.0, _LONGEST_S + _STEP_S, _STEP_S)
    ideal = _ideal_speed_mps(burnout_speed_mps, boost_s, reading)
    states, _ = _fly_fan(ideal, boost_s, elevation, t_grid)
    x0, _, z0 = geodetic_to_ecef(REFERENCE_LAT_RAD, 0.0, 0.0)
    flights = _downrange(states, x0, z0)
    table = _tabulate(flights, t_grid, range_axis, altitude_axis) + dead_time_s
    return table, range_axis, altitude_axis


def dome_table(
    ground_range_m: float, floor_m: float, ceiling_m: float, mean_speed_mps: float, dead_time_s: float
) -> tuple[F8, F8, F8]:
    """Return a table like `reach_table` for a lower-tier dome: straight line at a mean speed, inside a cylinder.

    The time at (range, altitude) is dead time plus slant distance over mean speed.

    Raises
    ------
    ValueError
        A bound or the speed is not positive, or the floor is not below the ceiling.
    """
    if not (ground_range_m > 0.0 and 0.0 <= floor_m < ceiling_m < inf and mean_speed_mps > 0.0 and dead_time_s >= 0.0):
        raise ValueError(
            "lower-tier dome: expected range and speed > 0, 0 <= floor < ceiling and dead time >= 0, got range "
            f"{ground_range_m} m, floor {floor_m} m, ceiling {ceiling_m} m, speed {mean_speed_mps} m/s, "
            f"dead {dead_time_s} s"
        )
    range_axis = np.linspace(0.0, ground_range_m, RANGE_CELLS)
    altitude_axis = np.linspace(floor_m, ceiling_m, ALTITUDE_CELLS)
    slant = np.hypot(range_axis[:, None], altitude_axis[None, :])
    return dead_time_s + slant / mean_speed_mps, range_axis, altitude_axis
