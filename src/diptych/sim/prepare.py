"""What a scenario needs once, before any replicate: steering of every missile, fly-out tables, hashes of names.

Nothing here depends on chance or on an arrangement. `Prepared` is a value; `edge` may keep it between runs.
"""

import math

import msgspec
import numpy as np

from diptych.engagement.windows import Armoury, Guide, widest_mode
from diptych.kernels import flight, flyout
from diptych.kernels.draws import name_hash
from diptych.kernels.earth import enu_basis
from diptych.kernels.status import OK
from diptych.model.errors import ScenarioError
from diptych.model.geography import Cities, Territory
from diptych.model.looks import Echo
from diptych.model.picture import Floats
from diptych.model.scenario import DebrisModel, InterceptorClass, Missile, Radar, Scenario, ThreatClass
from diptych.truth.reach import steer, unreached
from diptych.truth.stages import SpentStage, spent_stages
from diptych.truth.vehicle import Vehicle, vehicle_of

J2_ON = True
"""Truth flies with the Earth's oblateness; the trackers' model is their own affair."""

ACQUIRE_LOOKS = 4
"""Detections after which a fire-control radar has an object: as many as confirm a track."""

SAMPLE_STEP_S = 1.0
"""Truth is sampled once a second; sensors interpolate nothing finer."""


class NominalFlight(msgspec.Struct, frozen=True, eq=False):
    """One missile's flight without launch error, up to the end of thrust.

    powered (k, 6) ECEF samples at 0, 1, .. s after launch up to burnout; burnout_state (6,); burnout_s after launch;
    spent: stages that come down by themselves.
    """

    vehicle: Vehicle
    powered: Floats
    burnout_state: Floats
    burnout_s: float
    impact_s: float
    spent: tuple[SpentStage, ...] = ()


class Prepared(msgspec.Struct, frozen=True, eq=False):
    """A scenario made ready to run."""

    scenario: Scenario
    territory: Territory
    cities: Cities
    flights: tuple[NominalFlight, ...]
    armoury: Armoury
    battery_class: tuple[InterceptorClass, ...]
    echoes: tuple[Echo, ...]
    object_hash: tuple[int, ...]
    radar_hash: tuple[int, ...]
    infrared_hash: tuple[int, ...]
    party_states: dict[str, frozenset[str]]


def prepare(scenario: Scenario, territory: Territory, cities: Cities) -> Prepared:
    """Make a scenario ready to run.

    Raises
    ------
    ScenarioError
        A missile cannot reach its aim point; says by how far it falls short.
    """
    classes = {c.id: c for c in scenario.threat_classes}
    flights = tuple(nominal_flight(scenario, i) for i in range(len(scenario.raid)))
    by_id = {c.id: c for c in scenario.interceptor_classes}
    return Prepared(
        scenario=scenario,
        territory=territory,
        cities=cities,
        flights=flights,
        armoury=armoury_of(scenario),
        battery_class=tuple(by_id[b.class_id] for b in scenario.batteries),
        echoes=tuple(echo_of(classes[m.class_id], f.burnout_s) for m, f in zip(scenario.raid, flights, strict=True)),
        object_hash=tuple(name_hash(m.id) for m in scenario.raid),
        radar_hash=tuple(name_hash(r.id) for r in scenario.radars),
        infrared_hash=tuple(name_hash(s.id) for s in scenario.infrareds),
        party_states={p.id: frozenset(p.states) for p in scenario.parties},
    )


def echo_of(threat: ThreatClass, burnout_s: float) -> Echo:
    """Return what a class returns to radars: the whole missile until the end of thrust, then the payload."""
    body = threat.rcs_m2 if threat.body_rcs_m2 is None else threat.body_rcs_m2
    side = threat.rcs_m2 if threat.broadside_rcs_m2 is None else threat.broadside_rcs_m2
    return Echo(threat.rcs_m2, body, side, burnout_s if threat.separates else math.inf)


def nominal_flight(scenario: Scenario, index: int) -> NominalFlight:
    """Solve the steering of one missile and fly it to burnout."""
    missile = scenario.raid[index]
    threat = next(c for c in scenario.threat_classes if c.id == missile.class_id)
    vehicle, launch = vehicle_of(threat), missile.launch
    steering = steer(missile, threat, j2_on=J2_ON)
    if steering.status != OK:
        raise ScenarioError(f"raid: {missile.id}: {unreached(missile, steering, scenario.threat_classes)}")
    grid = np.arange(0.0, steering.cutoff_s, SAMPLE_STEP_S)
    samples, _, state, events, _, _ = flight.fly(
        launch.lat_rad,
        launch.lon_rad,
        launch.alt_m,
        vehicle.stage_array(),
        vehicle.payload_kg,
        vehicle.beta_kg_m2,
        steering.as_array(),
        J2_ON,
        grid,
    )
    burnout_s = float(events[0])
    return NominalFlight(
        vehicle, samples, state, burnout_s, float(events[3]), spent_of(missile, threat, scenario.debris)
    )


def spent_of(missile: Missile, threat: ThreatClass, debris: DebrisModel | None) -> tuple[SpentStage, ...]:
    """Return where the spent stages of a missile come down without launch error; none without a `debris` model."""
    steering = steer(missile, threat, j2_on=J2_ON)
    if debris is None or steering.status != OK:
        return ()
    launch = (missile.launch.lat_rad, missile.launch.lon_rad, missile.launch.alt_m)
    beta = debris.spent_stage_beta_kg_m2
    return spent_stages(vehicle_of(threat), launch, steering, beta, separates=threat.separates, j2_on=J2_ON)


def armoury_of(scenario: Scenario) -> Armoury:
    """Build one fly-out table for each interceptor class and place the batteries."""
    tables, steps, floors, alt_steps = [], [], [], []
    for kind in scenario.interceptor_classes:
        if kind.kind == "dome":
            table, ranges, alts = flyout.dome_table(
                kind.ground_range_m, kind.floor_m, kind.ceiling_m, kind.mean_speed_mps, kind.dead_time_s
            )
        else:
            table, ranges, alts = flyout.reach_table(
                kind.burnout_speed_mps,
                kind.boost_s,
                kind.dead_time_s,
                kind.floor_m,
                kind.ceiling_m,
                kind.ground_range_m,
                reading=kind.burnout_speed_reading,
            )
        tables.append(table)
        steps.append(float(ranges[1] - ranges[0]))
        floors.append(float(alts[0]))
        alt_steps.append(float(alts[1] - alts[0]))
    number = {c.id: i for i, c in enumerate(scenario.interceptor_classes)}
    kinds = {c.id: c for c in scenario.interceptor_classes}
    sites = np.array([b.place.ecef_m for b in scenario.batteries], dtype=np.float64).reshape(-1, 3)
    return Armoury(
        site_unit=sites / np.linalg.norm(sites, axis=1, keepdims=True) if len(sites) else sites,
        class_of=np.array([number[b.class_id] for b in scenario.batteries], dtype=np.int64),
        tables=np.array(tables),
        range_step_m=np.array(steps),
        floor_m=np.array(floors),
        alt_step_m=np.array(alt_steps),
        slack_m=np.array([c.divert_m + c.basket_m for c in scenario.interceptor_classes]),
        handover_s=np.array([c.handover_s for c in scenario.interceptor_classes]),
        mode=np.array(
            [widest_mode(kinds[b.class_id].modes, has_guide=bool(b.radars)) for b in scenario.batteries],
            dtype=np.int64,
        ),
        guides=tuple(tuple(guide_of(scenario.radars[r], r) for r in b.radars) for b in scenario.batteries),
    )


def guide_of(radar: Radar, index: int) -> Guide:
    """Return a fire-control radar as a planner sees it."""
    place = radar.place
    return Guide(
        radar=index,
        site=np.array([place.lat_rad, place.lon_rad, place.alt_m]),
        site_ecef_m=np.array(place.ecef_m),
        basis=enu_basis(place.lat_rad, place.lon_rad),
        view=np.array([radar.boresight_az_rad, radar.az_half_width_rad, radar.el_min_rad, radar.el_max_rad]),
        reference_range_m=radar.reference_range_m,
        revisit_s=radar.track_revisit_s,
        latency_s=radar.cue_latency_s,
        looks=ACQUIRE_LOOKS,
    )
