"""What comes down besides payloads: the debris of intercepts and the spent stages, and on whose territory.

Debris depends on the object, the moment and the interceptor, not on who decided, so a world remembers each cloud and
the arrangements share it.
"""

import math

import numpy as np

from diptych.evaluation.impact import states_in
from diptych.kernels.earth import EARTH_MEAN_RADIUS_M
from diptych.kernels.geodesic import geodesic_inverse
from diptych.model.geography import state_at
from diptych.model.messages import Order
from diptych.model.record import Debris, FallenStage
from diptych.sim.luck import launch_errors
from diptych.sim.prepare import J2_ON, SAMPLE_STEP_S
from diptych.sim.world import TrueFlight, World
from diptych.truth.debris import impact_area, target_mass_kg
from diptych.truth.stages import SpentStage, falling_stage


def debris_of(world: World, order: Order) -> Debris | None:
    """Return where the debris of a hit comes down; None if the scenario has no debris or it does not come down.

    The interceptor is taken to fly straight from its site at its mean speed: its share of the mass is small.
    """
    scenario = world.prepared.scenario
    model = scenario.debris
    if model is None:
        return None
    key = (order.object, order.battery, order.launch_s, order.intercept_s)
    if key not in world.debris:
        missile = scenario.raid[order.object]
        threat = next(c for c in scenario.threat_classes if c.id == missile.class_id)
        kind = world.prepared.battery_class[order.battery]
        flown_s = max(order.intercept_s - order.launch_s - kind.dead_time_s, 1.0)
        site = scenario.batteries[order.battery].place.ecef_m
        mean_mps = (np.array(order.intercept_ecef_m) - np.array(site)) / flown_s
        state = state_at_time(world.flights[order.object], order.intercept_s)
        area = impact_area(state, target_mass_kg(threat), mean_mps, order.intercept_s, model, j2_on=J2_ON)
        found = None
        if area is not None:
            ellipse = np.array([area.lat_rad, area.lon_rad, area.semi_major_m, area.semi_minor_m, area.azimuth_rad])
            found = Debris(
                lat_rad=area.lat_rad,
                lon_rad=area.lon_rad,
                semi_major_m=area.semi_major_m,
                semi_minor_m=area.semi_minor_m,
                azimuth_rad=area.azimuth_rad,
                first_s=area.first_s,
                last_s=area.last_s,
                states=states_in(world.prepared.territory, ellipse),
            )
        world.debris[key] = found
    return world.debris[key]


def fallen_stages(world: World) -> tuple[FallenStage, ...]:
    """Return where every spent stage of a replicate comes down, whatever happens to the payload.

    Stages that leave before the end of thrust fall as planned; the last one carries the replicate's launch error.
    """
    prepared = world.prepared
    model = prepared.scenario.debris
    if model is None:
        return ()
    errors = launch_errors(world.luck, prepared.object_hash, prepared.scenario.launch_error_mps)
    found = []
    for i, (missile, nominal) in enumerate(zip(prepared.scenario.raid, prepared.flights, strict=True)):
        for planned in nominal.spent:
            down: SpentStage | None = planned
            if planned.stage == len(nominal.vehicle.stages):
                state = nominal.burnout_state.copy()
                state[3:] += errors[i]
                beta = model.spent_stage_beta_kg_m2
                down = falling_stage(planned.stage, planned.from_s, state, beta, j2_on=J2_ON)
            if down is not None:
                here = state_at(prepared.territory, down.lat_rad, down.lon_rad) or ""
                start_s, end_s = missile.launch_s + down.from_s, missile.launch_s + down.impact_s
                found.append(FallenStage(i, down.stage, start_s, end_s, down.lat_rad, down.lon_rad, here))
    return tuple(found)


WAY_STEP_M = 10_000.0
"""How far apart the points of an interceptor's ground track are looked at: a cell of the raster of states."""


def states_under(world: World, battery: int, lat_rad: float, lon_rad: float) -> tuple[str, ...]:
    """Return the states under an interceptor's way from its site to a meeting point, straight over the sphere."""
    key = (battery, lat_rad, lon_rad)
    if key not in world.ways:
        site = world.prepared.scenario.batteries[battery].place
        far_m, azimuth, _, _ = geodesic_inverse(site.lat_rad, site.lon_rad, lat_rad, lon_rad)
        arc = np.linspace(0.0, far_m, max(2, math.ceil(far_m / WAY_STEP_M) + 1)) / EARTH_MEAN_RADIUS_M
        sin_lat = math.sin(site.lat_rad) * np.cos(arc) + math.cos(site.lat_rad) * np.sin(arc) * math.cos(azimuth)
        east = math.sin(azimuth) * np.sin(arc) * math.cos(site.lat_rad)
        lon = site.lon_rad + np.arctan2(east, np.cos(arc) - math.sin(site.lat_rad) * sin_lat)
        territory = world.prepared.territory
        below = {state_at(territory, *p) for p in zip(np.arcsin(sin_lat).tolist(), lon.tolist(), strict=True)}
        world.ways[key] = tuple(sorted(code for code in below if code))
    return world.ways[key]


def said(debris: Debris | None) -> str:
    """Return where debris comes down, in words; "" for none."""
    if debris is None:
        return ""
    where = ", ".join(debris.states) or "the sea or outside the region"
    return f"debris over {2e-3 * debris.semi_major_m:.0f} by {2e-3 * debris.semi_minor_m:.0f} km of {where}"


def state_at_time(flight: TrueFlight, time_s: float) -> np.ndarray:
    """Return the state (6,) ECEF of an object: linear between samples a second apart, so within 2 m and 0.01 m/s."""
    t = (time_s - flight.launch_s) / SAMPLE_STEP_S
    i = max(0, min(math.floor(t), len(flight.samples) - 2))
    w = t - i
    return np.asarray((1.0 - w) * flight.samples[i] + w * flight.samples[i + 1])
