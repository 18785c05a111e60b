"""Point-mass flight over the rotating Earth: boost by stages, coast, re-entry, impact.

Three degrees of freedom.  Boost: vertical rise, then thrust tilted by `kick` toward the azimuth for a few seconds,
then a gravity turn (thrust along the velocity over the ground), stages without a pause, until the cut-off.  After the
cut-off the re-entry body flies alone under its ballistic coefficient.  Thrust is constant per stage (its mean over
altitude).

Here: the order of phases in `fly` (launch to impact) and `fly_from_state` (free flight), and the same for many.  Not
here: what accelerates the body (`forces`) and the steps in time (`integrate`).
"""

from math import cos, sin, sqrt

import numpy as np
from numpy.typing import NDArray

from diptych.kernels.earth import geodetic_to_ecef, radial_height_m
from diptych.kernels.forces import (
    AREA,
    COAST,
    FIXED,
    FLOW,
    MASS,
    MODE,
    SINCE,
    THRUST,
    TURN,
    UX,
    UY,
    UZ,
    WITH_J2,
)
from diptych.kernels.integrate import arc
from diptych.kernels.jit import kernel
from diptych.kernels.status import BAD_INPUT, BELOW_SURFACE, FELL_DURING_BOOST, NO_IMPACT, NO_LIFT_OFF, OK

F8 = NDArray[np.float64]

MAX_FLIGHT_S = 7200.0  # nothing suborbital of interest stays up longer

# Steering vector, one row per vehicle.
AZIMUTH, KICK, RISE, KICK_DURATION, CUTOFF, SPARE = 0, 1, 2, 3, 4, 5


@kernel
def _coast(
    t0: float, y: F8, beta: float, j2_on: bool, k: F8, work: F8, t_grid: F8, first: int, samples: F8, ev: F8
) -> tuple[float, int]:
    """Fly a body free from y (6,) at t0 until the ground; y becomes the impact state.  Returns the impact time and a
    status.
    """
    phase = np.zeros(10)
    phase[MODE] = COAST
    phase[AREA] = 1.0 / beta
    phase[WITH_J2] = 1.0 if j2_on else 0.0
    t, _, status, is_down = arc(t0, t0 + MAX_FLIGHT_S, y, phase, k, work, t_grid, first, samples, ev)
    if status != OK:
        return t, status
    return (t, OK) if is_down else (t, NO_IMPACT)


@kernel
def fly_from_state(state_ecef: F8, t0_s: float, beta_kg_m2: float, j2_on: bool, t_grid_s: F8) -> tuple[F8, F8, F8, int]:
    """Return the free flight of a body from a state to the ground.

    state_ecef (6,) m, m/s at t0_s; t_grid_s (k,) rising, same clock.  Returns samples (k, 6) ECEF, nan before t0_s
    and after impact; events (4,): apogee s, apogee m (nan if it only falls), impact s, impact speed m/s over the
    ground; impact (3,) ECEF m; status.
    """
    samples = np.full((t_grid_s.shape[0], 6), np.nan)
    events = np.full(4, np.nan)
    impact = np.full(3, np.nan)
    ev = np.full(3, np.nan)
    y = state_ecef.copy()
    for c in range(6):
        if not np.isfinite(y[c]):
            return samples, events, impact, BAD_INPUT
    if not beta_kg_m2 > 0.0:
        return samples, events, impact, BAD_INPUT
    if radial_height_m(y[0], y[1], y[2]) < 0.0:
        return samples, events, impact, BELOW_SURFACE
    first = 0
    while first < t_grid_s.shape[0] and t_grid_s[first] < t0_s:
        first += 1
    if first < t_grid_s.shape[0] and t_grid_s[first] == t0_s:
        samples[first] = y
        first += 1
    k = np.empty((13, 6))
    work = np.empty((3, 6))
    t, status = _coast(t0_s, y, beta_kg_m2, j2_on, k, work, t_grid_s, first, samples, ev)
    events[0] = ev[0]
    events[1] = ev[1]
    if status == OK:
        events[2] = t
        events[3] = sqrt(y[3] ** 2 + y[4] ** 2 + y[5] ** 2)
        impact[:] = y[:3]
    return samples, events, impact, status


@kernel
def fly_from_states(
    states_ecef: F8, t0_s: F8, beta_kg_m2: F8, j2_on: bool, t_grid_s: F8
) -> tuple[F8, F8, F8, NDArray[np.int64]]:
    """Return `fly_from_state` for rows: samples (n, k, 6), events (n, 4), impacts (n, 3), statuses (n,)."""
    n = states_ecef.shape[0]
    samples = np.empty((n, t_grid_s.shape[0], 6))
    events = np.empty((n, 4))
    impacts = np.empty((n, 3))
    status = np.empty(n, np.int64)
    for i in range(n):
        samples[i], events[i], impacts[i], status[i] = fly_from_state(
            states_ecef[i], t0_s[i], beta_kg_m2[i], j2_on, t_grid_s
        )
    return samples, events, impacts, status


@kernel
def fly(
    lat_rad: float,
    lon_rad: float,
    height_m: float,
    stages: F8,
    payload_kg: float,
    beta_kg_m2: float,
    steering: F8,
    j2_on: bool,
    t_grid_s: F8,
) -> tuple[F8, F8, F8, F8, F8, int]:
    """Return a whole flight, launch to impact.

    stages (s, 5): thrust N, exhaust speed m/s, dry kg, propellant kg, drag area Cd A m2; rows of zero thrust are
    skipped. steering (6,): azimuth rad, kick rad from the vertical, rise s, kick duration s, cut-off s after launch,
    spare. t_grid_s (k,) rising, seconds after launch.

    Returns samples (k, 6) ECEF m, m/s (nan before launch and after impact); burnout_s (s,) when each stage stopped
    (nan: never lit); the state (6,) at the end of thrust; events (6,): end of thrust s, apogee s, apogee m, impact s,
    impact speed m/s over the ground, greatest dynamic pressure of the boost Pa (at step ends, within some 5 %);
    impact (3,) ECEF m; status.
    """
    samples = np.full((t_grid_s.shape[0], 6), np.nan)
    n = stages.shape[0]
    burnout_s = np.full(n, np.nan)
    burnout_state = np.full(6, np.nan)
    events = np.full(6, np.nan)
    impact = np.full(3, np.nan)
    ev = np.full(3, np.nan)
    mass = payload_kg
    for i in range(n):
        mass += stages[i, 2] + stages[i, 3]
    if not (beta_kg_m2 > 0.0 and payload_kg > 0.0 and n > 0 and steering[CUTOFF] > 0.0):
        return samples, burnout_s, burnout_state, events, impact, BAD_INPUT

    x, yy, z = geodetic_to_ecef(lat_rad, lon_rad, height_m)
    y = np.zeros(6)
    y[0], y[1], y[2] = x, yy, z
    sl, cl, so, co = sin(lat_rad), cos(lat_rad), sin(lon_rad), cos(lon_rad)
    sa, ca = sin(steering[AZIMUTH]), cos(steering[AZIMUTH])
    first = 0
    while first < t_grid_s.shape[0] and t_grid_s[first] < 0.0:
        first += 1
    if first < t_grid_s.shape[0] and t_grid_s[first] == 0.0:
        samples[first] = y
        first += 1

    phase = np.zeros(10)
    phase[WITH_J2] = 1.0 if j2_on else 0.0
    k = np.empty((13, 6))
    work = np.empty((3, 6))
    t = 0.0
    rise_end = steering[RISE]
    kick_end = rise_end + steering[KICK_DURATION]
    for i in range(n):
        thrust, exhaust, dry, propellant, area = stages[i, 0], stages[i, 1], stages[i, 2], stages[i, 3], stages[i, 4]
        if not (thrust > 0.0):
            continue
        if t == 0.0 and thrust <= mass * 9.9:
            return samples, burnout_s, burnout_state, events, impact, NO_LIFT_OFF
        flow = thrust / exhaust
        stop = min(t + propellant / flow, steering[CUTOFF])
        phase[THRUST], phase[FLOW], phase[MASS], phase[SINCE], phase[AREA] = thrust, flow, mass, t, area
        while t < stop:
            tilt = 0.0
            phase[MODE] = FIXED
            until = stop
            if t < rise_end:
                until = min(stop, rise_end)
            elif t < kick_end:
                tilt = steering[KICK]
                until = min(stop, kick_end)
            else:
                phase[MODE] = TURN
            e, nn, up = sin(tilt) * sa, sin(tilt) * ca, cos(tilt)
            phase[UX] = -so * e - sl * co * nn + cl * co * up
            phase[UY] = co * e - sl * so * nn + cl * so * up
            phase[UZ] = cl * nn + sl * up
            t, first, status, is_down = arc(t, until, y, phase, k, work, t_grid_s, first, samples, ev)
            if status != OK or is_down:
                return samples, burnout_s, burnout_state, events, impact, FELL_DURING_BOOST if is_down else status
        burnout_s[i] = t
        mass -= dry + propellant
        if t >= steering[CUTOFF]:
            break
    burnout_state[:] = y
    events[0] = t
    t, status = _coast(t, y, beta_kg_m2, j2_on, k, work, t_grid_s, first, samples, ev)
    events[1] = ev[0]
    events[2] = ev[1]
    events[5] = ev[2]
    if status == OK:
        events[3] = t
        events[4] = sqrt(y[3] ** 2 + y[4] ** 2 + y[5] ** 2)
        impact[:] = y[:3]
    return samples, burnout_s, burnout_state, events, impact, status


@kernel
def fly_many(
    lat_rad: F8,
    lon_rad: F8,
    height_m: F8,
    stages: F8,
    payload_kg: F8,
    beta_kg_m2: F8,
    steering: F8,
    launch_s: F8,
    j2_on: bool,
    t_grid_s: F8,
) -> tuple[F8, F8, F8, F8, F8, NDArray[np.int64]]:
    """Return `fly` for n objects on one absolute clock.

    stages (n, s, 5), steering (n, 6), other inputs (n,).  Launches at launch_s; the grid and all times returned are
    absolute. Returns samples (n, k, 6), burnout_s (n, s), burnout states (n, 6), events (n, 6), impacts (n, 3),
    statuses (n,).
    """
    n = lat_rad.shape[0]
    samples = np.empty((n, t_grid_s.shape[0], 6))
    burnout_s = np.empty((n, stages.shape[1]))
    burnout_states = np.empty((n, 6))
    events = np.empty((n, 6))
    impacts = np.empty((n, 3))
    status = np.empty(n, np.int64)
    for i in range(n):
        samples[i], burnout_s[i], burnout_states[i], events[i], impacts[i], status[i] = fly(
            lat_rad[i],
            lon_rad[i],
            height_m[i],
            stages[i],
            payload_kg[i],
            beta_kg_m2[i],
            steering[i],
            j2_on,
            t_grid_s - launch_s[i],
        )
        burnout_s[i] += launch_s[i]
        events[i, 0] += launch_s[i]
        events[i, 1] += launch_s[i]
        events[i, 3] += launch_s[i]
    return samples, burnout_s, burnout_states, events, impacts, status
