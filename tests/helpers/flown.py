"""One body at a time, and the inertial frame: what tests ask of kernels that work in bulk on the rotating Earth."""

from __future__ import annotations

from math import cos, nan, sin

import numpy as np

from diptych.kernels import impact
from diptych.kernels.ballistic import GENERIC_BETA_KG_M2
from diptych.kernels.earth import OMEGA_RAD_S
from diptych.kernels.flight import fly_from_states
from diptych.kernels.status import OK
from diptych.model.picture import Floats


def fly_from_state(
    state_ecef: Floats, t0_s: float, beta_kg_m2: float, j2_on: bool, t_grid_s: Floats
) -> tuple[Floats, Floats, Floats, int]:
    """Return `fly_from_states` of one body: samples (k, 6), events (4,), impact (3,), status."""
    one = np.reshape(state_ecef, (1, 6))
    samples, events, impacts, status = fly_from_states(one, np.full(1, t0_s), np.full(1, beta_kg_m2), j2_on, t_grid_s)
    return samples[0], events[0], impacts[0], int(status[0])


def impact_of(state_ecef: Floats, time_s: float) -> tuple[float, float, float]:
    """Return time, latitude and longitude of the impact of a ballistic state (6,) held at `time_s`; NaN for none."""
    flight_s, lat, lon, status = impact.fall(state_ecef, GENERIC_BETA_KG_M2, impact.LONGEST_FALL_S)
    return (time_s + flight_s, lat, lon) if status == OK else (nan, nan, nan)


def eci_to_ecef(state_eci: Floats, t_s: float) -> Floats:
    """Return the ECEF state (6,) m, m/s at `t_s` after the frames coincided."""
    turn = _turn(-t_s)
    position, velocity = turn @ state_eci[:3], turn @ state_eci[3:]
    return np.concatenate([position, velocity - _spin(position)])


def ecef_to_eci(state_ecef: Floats, t_s: float) -> Floats:
    """Return the ECI state (6,) m, m/s at `t_s` after the frames coincided."""
    turn = _turn(t_s)
    return np.concatenate([turn @ state_ecef[:3], turn @ (state_ecef[3:] + _spin(state_ecef[:3]))])


def _turn(t_s: float) -> Floats:
    c, s = cos(OMEGA_RAD_S * t_s), sin(OMEGA_RAD_S * t_s)
    return np.array([[c, -s, 0.0], [s, c, 0.0], [0.0, 0.0, 1.0]])


def _spin(position: Floats) -> Floats:
    return OMEGA_RAD_S * np.array([-position[1], position[0], 0.0])
