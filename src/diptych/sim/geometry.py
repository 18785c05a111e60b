"""Who can see and who can reach each object, whatever anybody decides: the physics under every comparison.

Computed from truth of one replicate with perfect knowledge of the path from burnout on, so windows are upper bounds:
*no window* supports "cannot engage" for this launch point, aim point and shape; *a window* proves nothing about
success. A scenario's decision record is written from this before arrangements are compared.
"""

import math

import msgspec
import numpy as np

from diptych.engagement.windows import options, windows
from diptych.model.decision import Window
from diptych.sim.world import World


class Sighting(msgspec.Struct, frozen=True):
    """From when to when one radar has an object in view, and when it would first detect it uncued (inf: never)."""

    radar: int
    from_s: float
    to_s: float
    detected_s: float


class ObjectGeometry(msgspec.Struct, frozen=True):
    """One object: end of thrust, impact, who has it in view, which battery has a window (launch times)."""

    object: int
    burnout_s: float
    impact_s: float
    sightings: tuple[Sighting, ...]
    windows: tuple[Window, ...]


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
    return ObjectGeometry(i, flight.burnout_s, flight.impact_s, tuple(sightings), windows(found, flight.burnout_s))
