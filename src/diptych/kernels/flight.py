"""Point-mass flight over the rotating Earth: boost by stages, coast, re-entry, impact.

Three degrees of freedom.  Boost: vertical rise, then thrust tilted by `kick` toward the azimuth for a few seconds,
then a gravity turn (thrust along the velocity over the ground), stages without a pause, until the cut-off.  After the
cut-off the re-entry body flies alone under its ballistic coefficient.  Thrust is constant per stage (its mean over
altitude).

Here: how a vehicle becomes phases (`_phases_of`) and the flights of many (`launch`, `coast`, and the narrower
`fly_many` and `fly_from_states`) and of one.  Many at once take a fifth of the time each that one takes alone.  These
are plain functions around compiled ones, so that the lanes are compiled once.  Not here: how flights advance in time
(`lanes`) and what accelerates them (`lane_step`).
"""

from math import cos, inf, nan, sin
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from diptych.kernels import lanes
from diptych.kernels.earth import geodetic_to_ecef
from diptych.kernels.jit import kernel
from diptych.kernels.lanes import TOLERANCE
from diptych.kernels.status import BAD_INPUT, NO_LIFT_OFF, OK

F8 = NDArray[np.float64]
I8 = NDArray[np.int64]

MAX_FLIGHT_S = 7200.0  # nothing suborbital of interest stays up longer

# Steering vector, one row per vehicle.
AZIMUTH, KICK, RISE, KICK_DURATION, CUTOFF, SPARE = 0, 1, 2, 3, 4, 5


@kernel
def _coast_phase(start_s: float, beta_kg_m2: float, phase: F8) -> None:
    """Write into phase (PHASE_SIZE,) the free flight of a body from start_s until it must have come down."""
    phase[:] = 0.0
    phase[lanes.END] = start_s + MAX_FLIGHT_S
    phase[lanes.MASS] = 1.0
    phase[lanes.AREA] = 1.0 / beta_kg_m2


@kernel
def _phases_of(
    lat_rad: float,
    lon_rad: float,
    stages: F8,
    payload_kg: float,
    beta_kg_m2: float,
    steering: F8,
    phases: F8,
    burnout_s: F8,
) -> tuple[int, int]:
    """Write the phases (3 s + 1, PHASE_SIZE) of a flight and when each stage stops (s,); return their number and a
    status.
    """
    n = stages.shape[0]
    mass = payload_kg
    for i in range(n):
        mass += stages[i, 2] + stages[i, 3]
    if not (beta_kg_m2 > 0.0 and payload_kg > 0.0 and n > 0 and steering[CUTOFF] > 0.0 and mass < inf):
        return 0, BAD_INPUT
    sl, cl, so, co = sin(lat_rad), cos(lat_rad), sin(lon_rad), cos(lon_rad)
    sa, ca = sin(steering[AZIMUTH]), cos(steering[AZIMUTH])
    rise_end = steering[RISE]
    kick_end = rise_end + steering[KICK_DURATION]
    t = 0.0
    count = 0
    for i in range(n):
        thrust, exhaust, dry, propellant, area = stages[i, 0], stages[i, 1], stages[i, 2], stages[i, 3], stages[i, 4]
        if not (thrust > 0.0):
            continue
        if t == 0.0 and thrust <= mass * 9.9:
            return 0, NO_LIFT_OFF
        flow = thrust / exhaust
        since = t
        stop = min(t + propellant / flow, steering[CUTOFF])
        while t < stop:
            phase = phases[count]
            count += 1
            tilt, turn = 0.0, 0.0
            until = stop
            if t < rise_end:
                until = min(stop, rise_end)
            elif t < kick_end:
                tilt = steering[KICK]
                until = min(stop, kick_end)
            else:
                turn = 1.0
            phase[:] = 0.0
            phase[lanes.END], phase[lanes.THRUST], phase[lanes.FLOW] = until, thrust, flow
            phase[lanes.MASS], phase[lanes.SINCE], phase[lanes.AREA] = mass, since, area
            phase[lanes.TURN], phase[lanes.POWERED] = turn, 1.0
            if turn == 0.0:
                e, nn, up = sin(tilt) * sa, sin(tilt) * ca, cos(tilt)
                phase[lanes.UX] = -so * e - sl * co * nn + cl * co * up
                phase[lanes.UY] = co * e - sl * so * nn + cl * so * up
                phase[lanes.UZ] = cl * nn + sl * up
            t = until
        burnout_s[i] = t
        mass -= dry + propellant
        if t >= steering[CUTOFF]:
            break
    if count == 0:
        return 0, NO_LIFT_OFF
    _coast_phase(t, beta_kg_m2, phases[count])
    return count + 1, OK


@kernel
def _coasts(t0_s: F8, beta_kg_m2: F8, phases: F8, status: I8) -> None:
    """Write one free flight per body into phases (n, 1, PHASE_SIZE); a body that cannot be flown gets its status."""
    for i in range(t0_s.shape[0]):
        if beta_kg_m2[i] > 0.0 and np.isfinite(t0_s[i]):
            _coast_phase(t0_s[i], beta_kg_m2[i], phases[i, 0])
        else:
            status[i] = BAD_INPUT


@kernel
def _boosts(
    lat_rad: F8,
    lon_rad: F8,
    height_m: F8,
    stages: F8,
    payload_kg: F8,
    beta_kg_m2: F8,
    steering: F8,
    states: F8,
    phases: F8,
    counts: I8,
    burnout_s: F8,
    status: I8,
) -> None:
    """Write start states (n, 6), phases, their numbers and burnout times of n vehicles."""
    for i in range(lat_rad.shape[0]):
        states[i, 0], states[i, 1], states[i, 2] = geodetic_to_ecef(lat_rad[i], lon_rad[i], height_m[i])
        counts[i], status[i] = _phases_of(
            lat_rad[i], lon_rad[i], stages[i], payload_kg[i], beta_kg_m2[i], steering[i], phases[i], burnout_s[i]
        )
        if status[i] != OK:
            burnout_s[i] = nan


@kernel
def _burnouts(phases: F8, counts: I8, ends: F8, burnout_s: F8, burnout_states: F8, end_s: F8, end_states: F8) -> None:
    """Write the state (n, s, 6) at each burnout that was lived to see (else its time becomes nan), and the last."""
    for i in range(counts.shape[0]):
        last = counts[i] - 2  # the last phase under thrust
        for j in range(burnout_s.shape[1]):
            reached = False
            for p in range(last + 1):
                if phases[i, p, lanes.END] == burnout_s[i, j] and not np.isnan(ends[i, p, 0]):
                    burnout_states[i, j] = ends[i, p]
                    reached = True
            if not reached:
                burnout_s[i, j] = nan
        if last >= 0 and not np.isnan(ends[i, last, 0]):
            end_s[i] = phases[i, last, lanes.END]
            end_states[i] = ends[i, last]


def _row(values: object) -> F8:
    """Return values as the one kind of array that the kernels are compiled for."""
    return np.ascontiguousarray(values, dtype=np.float64)


class Flights(NamedTuple):
    """What became of n bodies, and how many steps that took.  Rows without an answer are nan; see `status`.

    samples (n, k, 6) ECEF m, m/s, nan before the start and after impact; events (n, lanes.EVENTS): apogee s, apogee m
    (nan if it only falls), impact s, impact speed m/s over the ground, greatest dynamic pressure of the boost Pa (at
    step ends, within some 5 %), first time above and last time below the asked altitude s; impacts (n, 3) ECEF m;
    status (n,); burnout_s (n, s) when each stage stopped (nan: never lit) and burnout_states (n, s, 6) there; end_s
    (n,) and end_states (n, 6) when thrust ended.  Times on the callers' clock.
    """

    samples: F8
    events: F8
    impacts: F8
    status: I8
    steps: int
    burnout_s: F8
    burnout_states: F8
    end_s: F8
    end_states: F8


def coast(
    states_ecef: F8,
    t0_s: F8,
    beta_kg_m2: F8,
    *,
    j2_on: bool,
    t_grid_s: F8,
    altitude_m: float = nan,
    tolerance: float = TOLERANCE,
) -> Flights:
    """Return the free flights of n bodies from states to the ground.

    states_ecef (n, 6) m, m/s at t0_s (n,); beta_kg_m2 (n,); t_grid_s (k,) rising, same clock; altitude_m whose
    passings are noted (nan: none); tolerance as `lanes.TOLERANCE`.  A body that cannot be flown spoils only its row.
    """
    n = len(states_ecef)
    grid = _row(t_grid_s)
    phases, status = np.zeros((n, 1, lanes.PHASE_SIZE)), np.zeros(n, np.int64)
    start, none = _row(t0_s), np.zeros((n, 0))
    _coasts(start, _row(beta_kg_m2), phases, status)
    samples, events = np.empty((n, len(grid), 6)), np.empty((n, lanes.EVENTS))
    impacts, ends = np.empty((n, 3)), np.empty((n, 1, 6))
    steps = lanes.run(
        _row(states_ecef),
        start,
        phases,
        np.ones(n, np.int64),
        status,
        bool(j2_on),
        float(altitude_m),
        float(tolerance),
        grid,
        np.zeros(n),
        samples,
        events,
        impacts,
        ends,
    )
    return Flights(samples, events, impacts, status, steps, none, np.zeros((n, 0, 6)), start, _row(states_ecef))


def launch(
    lat_rad: F8,
    lon_rad: F8,
    height_m: F8,
    stages: F8,
    payload_kg: F8,
    beta_kg_m2: F8,
    steering: F8,
    launch_s: F8,
    *,
    j2_on: bool,
    t_grid_s: F8,
    altitude_m: float = nan,
    tolerance: float = TOLERANCE,
) -> Flights:
    """Return whole flights of n vehicles, launch to impact, on one absolute clock.

    stages (n, s, 5): thrust N, exhaust speed m/s, dry kg, propellant kg, drag area Cd A m2; rows of zero thrust are
    skipped. steering (n, 6): azimuth rad, kick rad from the vertical, rise s, kick duration s, cut-off s after launch,
    spare; other inputs (n,).  Launches at launch_s; the grid (k,), rising, and all times returned are absolute.
    """
    n, s = stages.shape[0], stages.shape[1]
    grid, clock = _row(t_grid_s), _row(launch_s)
    phases = np.zeros((n, s + 3, lanes.PHASE_SIZE))  # the rise and the kick end within a stage: two phases more
    counts, status = np.zeros(n, np.int64), np.zeros(n, np.int64)
    states, burnout_s = np.zeros((n, 6)), np.full((n, s), nan)
    _boosts(
        _row(lat_rad),
        _row(lon_rad),
        _row(height_m),
        _row(stages),
        _row(payload_kg),
        _row(beta_kg_m2),
        _row(steering),
        states,
        phases,
        counts,
        burnout_s,
        status,
    )
    samples, events = np.empty((n, len(grid), 6)), np.empty((n, lanes.EVENTS))
    impacts, ends = np.empty((n, 3)), np.empty((n, s + 3, 6))
    steps = lanes.run(
        states,
        np.zeros(n),
        phases,
        counts,
        status,
        bool(j2_on),
        float(altitude_m),
        float(tolerance),
        grid,
        clock,
        samples,
        events,
        impacts,
        ends,
    )
    burnout_states = np.full((n, s, 6), nan)
    end_s, end_states = np.full(n, nan), np.full((n, 6), nan)
    _burnouts(phases, counts, ends, burnout_s, burnout_states, end_s, end_states)
    for column in (lanes.APOGEE_S, lanes.IMPACT_S, lanes.ABOVE_S, lanes.BELOW_S):
        events[:, column] += clock
    burnout_s += clock[:, np.newaxis]
    end_s += clock
    return Flights(samples, events, impacts, status, steps, burnout_s, burnout_states, end_s, end_states)


def fly_from_states(states_ecef: F8, t0_s: F8, beta_kg_m2: F8, j2_on: bool, t_grid_s: F8) -> tuple[F8, F8, F8, I8]:
    """Return `coast` as samples (n, k, 6), events (n, 4): apogee s, apogee m, impact s, impact speed m/s; impacts (n,
    3), statuses (n,).
    """
    flown = coast(states_ecef, t0_s, beta_kg_m2, j2_on=j2_on, t_grid_s=t_grid_s)
    return flown.samples, flown.events[:, :4].copy(), flown.impacts, flown.status


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
) -> tuple[F8, F8, F8, F8, F8, I8]:
    """Return `launch` as samples (n, k, 6), burnout_s (n, s), states (n, 6) at the end of thrust, events (n, 6): end of
    thrust s, apogee s, apogee m, impact s, impact speed m/s, greatest dynamic pressure Pa; impacts (n, 3), statuses
    (n,).
    """
    flown = launch(
        lat_rad,
        lon_rad,
        height_m,
        stages,
        payload_kg,
        beta_kg_m2,
        steering,
        launch_s,
        j2_on=j2_on,
        t_grid_s=t_grid_s,
    )
    events = np.column_stack([flown.end_s, flown.events[:, :5]])
    return flown.samples, flown.burnout_s, flown.end_states, events, flown.impacts, flown.status


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
    """Return `fly_many` of one vehicle launched at 0: samples (k, 6), burnout_s (s,), state (6,), events (6,), impact
    (3,), status.
    """
    samples, burnout_s, states, events, impacts, status = fly_many(
        np.full(1, lat_rad),
        np.full(1, lon_rad),
        np.full(1, height_m),
        stages[np.newaxis],
        np.full(1, payload_kg),
        np.full(1, beta_kg_m2),
        steering[np.newaxis],
        np.zeros(1),
        j2_on,
        t_grid_s,
    )
    return samples[0], burnout_s[0], states[0], events[0], impacts[0], int(status[0])
