"""One replicate's world: what is true, what could be seen, and each complex's own tracking. Shared by all arrangements.

*Sense once, decide many*: flights, looks and space warning do not depend on the arrangement. Own tracking depends
only on which radars a complex operates and when each was cued, so it is computed once for each such key and
remembered here. Nodes never see a `World`.
"""

import math
from collections.abc import Mapping
from hashlib import sha256

import msgspec
import numpy as np

from diptych.kernels.earth import ecef_to_geodetic, ecef_to_geodetic_many
from diptych.kernels.flight import fly_from_states
from diptych.model.geography import people_within, state_at
from diptych.model.looks import LaunchWarning, LookTable
from diptych.model.messages import OwnTrack
from diptych.model.picture import EvaluationHistory, Floats, TrackHistory
from diptych.model.record import Debris, Flight
from diptych.node.foresight import Foresight
from diptych.sensing.cue import Eyes, eyes_of
from diptych.sensing.infrared import warn
from diptych.sensing.looks import look_tables
from diptych.sim.luck import Luck, availability_chance, launch_errors, luck_of
from diptych.sim.prepare import J2_ON, SAMPLE_STEP_S, Prepared
from diptych.sim.tracks import Cues, OwnTracks

MARGIN_S = 60.0
"""A perturbed flight may last this much longer than the nominal one."""


class TrueFlight(msgspec.Struct, frozen=True, eq=False):
    """One object's flight in this replicate.

    samples (k, 6) ECEF at launch_s, launch_s + 1, ..; impact at impact_s, impact_rad (lat, lon); people_at_risk live
    within the scenario's risk radius of it.
    """

    launch_s: float
    burnout_s: float
    apogee_m: float
    impact_s: float
    impact_ecef_m: tuple[float, float, float]
    impact_rad: tuple[float, float]
    impact_state: str
    people_at_risk: float
    samples: Floats


class World(msgspec.Struct, frozen=True, eq=False):
    """One replicate. `tables[i][j]` is radar i on object j; `warnings[i][j]` satellite i on object j."""

    prepared: Prepared
    luck: Luck
    flights: tuple[TrueFlight, ...]
    tables: tuple[tuple[LookTable, ...], ...]
    warnings: tuple[tuple[LaunchWarning, ...], ...]
    digest: str
    tracks: OwnTracks
    debris: dict[tuple[int, int, float, float], Debris | None] = msgspec.field(default_factory=dict)
    ways: dict[tuple[int, float, float], tuple[str, ...]] = msgspec.field(default_factory=dict)
    foresight: Foresight = msgspec.field(default_factory=Foresight)
    seen: list[Eyes] = msgspec.field(default_factory=list)

    @property
    def eyes(self) -> Eyes:
        """Return what cues can find, worked out once."""
        if not self.seen:
            self.seen.append(eyes_of(self.prepared.scenario.radars, self.tables))
        return self.seen[0]

    def ready_count(self, battery: int) -> int:
        """Return how many interceptors a battery can fire in this replicate: none if its site is not in service."""
        own = self.prepared.scenario.batteries[battery]
        return own.magazine if is_in_service(self.luck, own.site, own.availability) else 0

    def own_track(
        self, object_index: int, radars: tuple[int, ...], cued_s: Cues, satellites: tuple[str, ...] = ()
    ) -> OwnTrack:
        """Return what the given radars, cued at the given times (inf: never), make of one object if it is alone.

        `satellites` (ids) are those that report launches to the same side.
        """
        return self.tracks.alone(object_index, radars, cued_s, satellites).own

    def own_tracks(
        self, object_index: int, radars: tuple[int, ...], cued_s: Mapping[int, Cues], satellites: tuple[str, ...] = ()
    ) -> dict[int, OwnTrack]:
        """Return the own tracks of one object and of all that it could be mistaken for.

        `cued_s` says of every object that the complex looks at by now when each radar was cued.
        """
        return self.tracks.together(object_index, radars, cued_s, satellites)


def draw_world(prepared: Prepared, seed: int, replicate: int) -> World:
    """Draw one replicate: launch errors, flights, every possible look, space warning."""
    scenario = prepared.scenario
    luck = luck_of(seed, replicate)
    flights = fly_raid(prepared, luck)
    tables = tuple(
        look_tables(
            radar,
            prepared.echoes,
            [flight.samples for flight in flights],
            [flight.launch_s for flight in flights],
            seed,
            replicate,
            prepared.radar_hash[i],
            prepared.object_hash,
        )
        for i, radar in enumerate(scenario.radars)
    )
    warnings = tuple(
        tuple(
            warn(
                satellite,
                missile.launch.ecef_m,
                flights[j].samples,
                missile.launch_s,
                seed,
                replicate,
                prepared.infrared_hash[i],
                prepared.object_hash[j],
                flights[j].burnout_s - missile.launch_s,
            )
            for j, missile in enumerate(scenario.raid)
        )
        for i, satellite in enumerate(scenario.infrareds)
    )
    tables = tuple(
        rows if is_in_service(luck, radar.site, radar.availability) else tuple(unseen(table) for table in rows)
        for radar, rows in zip(scenario.radars, tables, strict=True)
    )
    warnings = tuple(
        rows
        if is_in_service(luck, satellite.site, satellite.availability)
        else tuple(msgspec.structs.replace(warning, time_s=math.inf) for warning in rows)
        for satellite, rows in zip(scenario.infrareds, warnings, strict=True)
    )
    digest = sha256()
    for flight in flights:
        digest.update(np.ascontiguousarray(flight.samples).tobytes())
    reported = {satellite.id: rows for satellite, rows in zip(scenario.infrareds, warnings, strict=True)}
    tracks = OwnTracks(tables, prepared.territory, scenario.tracker, reported)
    return World(prepared, luck, flights, tables, warnings, digest.hexdigest(), tracks)


def is_in_service(luck: Luck, site: str, availability: float) -> bool:
    """Whether a site works in this replicate; everything at it works or does not."""
    return availability >= 1.0 or availability_chance(luck, site) < availability


def unseen(table: LookTable) -> LookTable:
    """Return a look table without looks: the radar is not in service."""
    rows = {
        name: value[:0]
        for name in table.__struct_fields__
        if isinstance(value := getattr(table, name), np.ndarray) and name != "site_ecef_m"
    }
    return msgspec.structs.replace(table, **rows)


def fly_raid(prepared: Prepared, luck: Luck) -> tuple[TrueFlight, ...]:
    """Fly every missile with this replicate's launch error, an error of the velocity at burnout."""
    scenario = prepared.scenario
    nominal = prepared.flights
    errors = launch_errors(luck, prepared.object_hash, scenario.launch_error_mps)
    states = np.array([f.burnout_state for f in nominal])
    states[:, 3:] += errors
    longest = max(f.impact_s for f in nominal) + MARGIN_S
    grid = np.arange(0.0, longest, SAMPLE_STEP_S)
    start = np.array([f.burnout_s for f in nominal])
    beta = np.array([f.vehicle.beta_kg_m2 for f in nominal])
    samples, events, impacts, _ = fly_from_states(states, start, beta, J2_ON, grid)
    flights = []
    for i, missile in enumerate(scenario.raid):
        impact_s = float(events[i, 2])
        path = samples[i, : int(impact_s) + 1].copy()
        path[: len(nominal[i].powered)] = nominal[i].powered
        x, y, z = impacts[i].tolist()
        lat, lon, _ = ecef_to_geodetic(x, y, z)
        flights.append(
            TrueFlight(
                launch_s=missile.launch_s,
                burnout_s=missile.launch_s + nominal[i].burnout_s,
                apogee_m=float(events[i, 1]),
                impact_s=missile.launch_s + impact_s,
                impact_ecef_m=(x, y, z),
                impact_rad=(lat, lon),
                impact_state=state_at(prepared.territory, lat, lon) or "",
                people_at_risk=people_within(prepared.cities, lat, lon, scenario.risk_radius_m),
                samples=path,
            )
        )
    return tuple(flights)


def true_position(flight: TrueFlight, time_s: float) -> tuple[float, float, float]:
    """Return where an object is, ECEF metres: cubic Hermite between the samples of truth."""
    t = (time_s - flight.launch_s) / SAMPLE_STEP_S
    i = max(0, min(int(t), len(flight.samples) - 2))
    s = t - i
    a, b = flight.samples[i].tolist(), flight.samples[i + 1].tolist()
    h00, h10 = (1.0 + 2.0 * s) * (1.0 - s) ** 2, s * (1.0 - s) ** 2
    h01, h11 = s * s * (3.0 - 2.0 * s), s * s * (s - 1.0)
    x, y, z = (h00 * a[k] + h10 * a[k + 3] + h01 * b[k] + h11 * b[k + 3] for k in range(3))
    return x, y, z


def until(own: OwnTrack, end_s: float) -> OwnTrack:
    """Return an own track as it is when the object ceases to exist at `end_s`."""
    track, evaluation = own.track, own.evaluation
    if not track.time_s.size or track.time_s[-1] <= end_s:
        return own
    n = int(track.time_s.searchsorted(end_s, side="right"))
    m = int(evaluation.time_s.searchsorted(end_s, side="right"))
    return OwnTrack(
        own.object,
        TrackHistory(
            time_s=track.time_s[:n],
            state_ecef=track.state_ecef[:n],
            cov_ecef=track.cov_ecef[:n],
            sensor=track.sensor[:n],
            is_ballistic=track.is_ballistic[:n],
            confirmed_s=track.confirmed_s if track.confirmed_s <= end_s else math.inf,
            first_s=track.first_s,
        ),
        EvaluationHistory(
            time_s=evaluation.time_s[:m],
            state_ecef=evaluation.state_ecef[:m],
            impact_s=evaluation.impact_s[:m],
            impact_rad=evaluation.impact_rad[:m],
            ellipse_m=evaluation.ellipse_m[:m],
            states=evaluation.states[:m],
            radars=evaluation.radars[:m],
            cov_ecef=evaluation.cov_ecef[:m],
        ),
    )


def drawn_flight(flight: TrueFlight, object_index: int, step_s: int) -> Flight:
    """Return a flight thinned for drawing: latitude, longitude, height every `step_s` seconds and at impact."""
    rows = np.arange(0, len(flight.samples), step_s, dtype=np.int64)
    return Flight(
        object=object_index,
        time_s=(flight.launch_s + rows * SAMPLE_STEP_S).astype(np.float64),
        rad_m=ecef_to_geodetic_many(flight.samples[rows]),
        launch_s=flight.launch_s,
        burnout_s=flight.burnout_s,
        apogee_m=flight.apogee_m,
        impact_s=flight.impact_s,
    )
