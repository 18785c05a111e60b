"""Who can see and who can reach each object, whatever anybody decides: the physics under every comparison.

Computed from truth of one replicate with perfect knowledge of the path from burnout on, so windows are upper bounds:
*no window* supports "cannot engage" for this launch point, aim point and shape; *a window* proves nothing about
success. A scenario's decision record is written from this before arrangements are compared.

`mode_times` adds what the data allow: from when each battery could launch in each mode, as its party's radars see the
object in this draw, cued by own space warning where there is one and else by the own track.
"""

import math

import msgspec
import numpy as np

from diptych.engagement.windows import MODE_NUMBERS, Options, options, windows
from diptych.kernels import guidance
from diptych.kernels import windows as kernel
from diptych.model.decision import Window
from diptych.model.messages import OwnTrack
from diptych.model.scenario import MODES
from diptych.sim.prepare import ACQUIRE_LOOKS
from diptych.sim.world import World


class Sighting(msgspec.Struct, frozen=True):
    """From when to when one radar has an object in view, and when it would first detect it uncued (inf: never)."""

    radar: int
    from_s: float
    to_s: float
    detected_s: float


class ModeTimes(msgspec.Struct, frozen=True):
    """From when one battery could act on an object in one mode; inf: never.

    `commit_s` is when the data the mode asks for are there, `open_s` and `close_s` the first and last launch time after
    it that meets the true path; `is_in_service` says whether the class has the mode on the scenario's date, and the
    battery a fire-control radar where the mode needs one.
    """

    battery: int
    mode: str
    is_in_service: bool
    commit_s: float
    open_s: float
    close_s: float


class ObjectGeometry(msgspec.Struct, frozen=True):
    """One object: end of thrust, impact, who has it in view, which battery has a window (launch times)."""

    object: int
    burnout_s: float
    impact_s: float
    sightings: tuple[Sighting, ...]
    windows: tuple[Window, ...]
    modes: tuple[ModeTimes, ...]


def geometry(world: World) -> tuple[ObjectGeometry, ...]:
    """Return who can see and reach each object of a replicate."""
    return tuple(object_geometry(world, i) for i in range(len(world.flights)))


def object_geometry(world: World, i: int) -> ObjectGeometry:
    """Return who can see and reach one object."""
    flight = world.flights[i]
    sightings = []
    for r in range(len(world.prepared.scenario.radars)):
        times = world.tables[r][i].time_s
        if times.size:
            first = world.own_track(i, (r,), (math.inf,)).track.first_s
            sightings.append(Sighting(r, float(times[0]), float(times[-1]), first))
    after = math.ceil(flight.burnout_s - flight.launch_s)
    path = np.ascontiguousarray(flight.samples[after:, :3])
    time_s = flight.launch_s + after + np.arange(len(path), dtype=np.float64)
    batteries = tuple(range(len(world.prepared.scenario.batteries)))
    found = options(world.prepared.armoury, batteries, path, time_s)
    reach = windows(found, flight.burnout_s)
    modes = tuple(
        times
        for party in world.prepared.scenario.parties
        for times in mode_times(world, i, found, tuple(w.battery for w in reach), party.id)
    )
    return ObjectGeometry(i, flight.burnout_s, flight.impact_s, tuple(sightings), reach, modes)


def mode_times(world: World, i: int, found: Options, batteries: tuple[int, ...], party: str) -> tuple[ModeTimes, ...]:
    """Return what each mode allows each battery of a party that reaches an object at all."""
    prepared = world.prepared
    scenario = prepared.scenario
    own = tuple(b for b in batteries if scenario.party_of(scenario.batteries[b].owner) == party)
    if not own:
        return ()
    track = party_track(world, i, party)
    evaluated_s = float(track.evaluation.time_s[0]) if track.evaluation.time_s.size else math.inf
    rows = []
    for battery in own:
        acquired_s = min((acquired(track, r) for r in scenario.batteries[battery].radars), default=math.inf)
        for mode in MODES:
            launch = found.launch_s[[found.batteries.index(battery)]].copy()
            guidance.keep_guided(
                launch,
                found.time_s,
                np.array([MODE_NUMBERS[mode]]),
                np.array([acquired_s]),
                prepared.armoury.handover_s[prepared.armoury.class_of[[battery]]],
            )
            commit_s = max(evaluated_s, acquired_s) if mode == "organic" else evaluated_s
            span = np.empty((1, 2))
            kernel.spans(launch, commit_s, span)
            first, last = (math.inf if math.isnan(v) else v for v in span[0].tolist())
            is_possible = mode == "engage-on-remote" or bool(scenario.batteries[battery].radars)
            is_in_service = is_possible and mode in prepared.battery_class[battery].modes
            rows.append(ModeTimes(battery, mode, is_in_service, commit_s, first, last))
    return tuple(rows)


def party_track(world: World, i: int, party: str) -> OwnTrack:
    """Return the track all radars of a party make of an object together, cued as early as the party can by itself."""
    scenario = world.prepared.scenario
    radars = tuple(r for r, radar in enumerate(scenario.radars) if scenario.party_of(radar.owner) == party)
    satellites = [k for k, s in enumerate(scenario.infrareds) if scenario.party_of(s.owner) == party]
    cue_s = min((world.warnings[k][i].time_s for k in satellites), default=math.inf)
    names = tuple(scenario.infrareds[k].id for k in satellites)
    if math.isinf(cue_s):
        uncued = world.own_track(i, radars, (math.inf,) * len(radars), names)
        cue_s = float(uncued.evaluation.time_s[0]) if uncued.evaluation.time_s.size else math.inf
    return world.own_track(i, radars, tuple(cue_s + scenario.radars[r].cue_latency_s for r in radars), names)


def acquired(own: OwnTrack, radar: int) -> float:
    """Return when a radar has had its looks at an object, inf if never."""
    rows = np.flatnonzero(own.track.sensor == radar)
    return float(own.track.time_s[rows[ACQUIRE_LOOKS - 1]]) if rows.size >= ACQUIRE_LOOKS else math.inf
