"""Spent stages: every stage flies on from its burnout, tumbling, and comes down somewhere.

A stage leaves with the state of the vehicle at the moment it is empty, or at cut-off.  What it does then is a free
flight with the ballistic coefficient of a tumbling empty body.  Of a class whose payload stays on its last stage that
stage is the payload's body and is not counted again.
"""

import msgspec
import numpy as np

from diptych.kernels.debris import light_fall
from diptych.kernels.earth import ecef_to_geodetic
from diptych.kernels.flight import fly
from diptych.kernels.status import OK
from diptych.model.picture import Floats
from diptych.truth.flight import Steering
from diptych.truth.vehicle import Vehicle


class SpentStage(msgspec.Struct, frozen=True):
    """One stage, counted from 1: when it left and when it comes down (s after launch), where (rad)."""

    stage: int
    from_s: float
    impact_s: float
    lat_rad: float
    lon_rad: float


def spent_stages(
    vehicle: Vehicle,
    launch: tuple[float, float, float],
    steering: Steering,
    beta_kg_m2: float,
    *,
    separates: bool,
    j2_on: bool,
) -> tuple[SpentStage, ...]:
    """Return every stage that comes down by itself, in order.

    Parameters
    ----------
    vehicle, steering
        What flies, and how.
    launch : tuple
        Latitude, longitude rad, height m of the launcher.
    beta_kg_m2 : float
        Ballistic coefficient of a tumbling empty stage.
    separates : bool
        Whether the payload leaves the last stage.
    """
    ends = tuple(min(t, steering.cutoff_s) for t in vehicle.burn_s())
    states, _, _, _, _, _ = fly(
        *launch,
        vehicle.stage_array(),
        vehicle.payload_kg,
        vehicle.beta_kg_m2,
        steering.as_array(),
        j2_on,
        np.array(ends),
    )
    last = len(ends) if separates else len(ends) - 1
    found = []
    for i in range(last):
        down = falling_stage(i + 1, ends[i], states[i], beta_kg_m2, j2_on=j2_on)
        if down is not None:
            found.append(down)
    return tuple(found)


def falling_stage(
    stage: int, from_s: float, state_ecef: Floats, beta_kg_m2: float, *, j2_on: bool
) -> SpentStage | None:
    """Return where a stage that leaves in a state (6,) comes down; None if it does not within the time allowed."""
    impact = np.empty(3)
    fall_s, status = light_fall(np.ascontiguousarray(state_ecef), beta_kg_m2, j2_on, impact)
    if status != OK:
        return None
    lat, lon, _ = ecef_to_geodetic(*impact.tolist())
    return SpentStage(stage, from_s, from_s + float(fall_s), lat, lon)
