"""What a cue is worth to radars: how long the beam takes to cover what it leaves open, and whether anything is there.

A cue is a place with its doubt (`model.looks.Whereabouts`), moved on to each look; a radar searches three standard
deviations to each side. One that fits one beam lets track looks start at once; a vaguer one makes the beam step over
the volume; one so vague that a scan of the whole search is over sooner is worth nothing. What is found is what truly
lies inside, whatever the cue calls it, and a cue that points elsewhere costs time that other cues wait for. So
precision, delay and truth of what a partner shares matter, and nothing else about it does. See `kernels.pointing`.
"""

import math
from collections.abc import Sequence

import msgspec
import numpy as np

from diptych.kernels import pointing
from diptych.kernels.earth import enu_basis
from diptych.model.looks import LookTable, Whereabouts
from diptych.model.picture import Floats, Ints
from diptych.model.scenario import Radar
from diptych.sensing.clutter import TRACK_WINDOW_CELLS

VOLUMES = 8
"""Volumes that a radar can be busy with at one time; a ninth is looked at for nothing. Far more than occur."""


class Eyes(msgspec.Struct, frozen=True, eq=False):
    """All radars of a replicate and where each object truly is at each of their looks, as `kernels.pointing` has it."""

    radars: Floats
    site: Floats
    basis: Floats
    view: Floats
    edge: Ints
    time_s: Floats
    place_ecef_m: Floats


class Watch(msgspec.Struct, frozen=True, eq=False):
    """How the radars of one complex are pointed; changed by `point`.

    mine (m,) are their numbers, row_of[number] the place of each; start_s (m, objects) from which look on each
    looks at an object because of a cue, inf for never; busy (m, `VOLUMES`, 3): from when to when it covers a volume,
    and with how many beams.
    """

    mine: Ints
    row_of: dict[int, int]
    start_s: Floats
    busy: Floats


def eyes_of(radars: Sequence[Radar], tables: Sequence[Sequence[LookTable]]) -> Eyes:
    """Return what cues can find in a replicate; `tables[r][k]` are the looks of radar r at object k."""
    numbers = [
        (*r.place.ecef_m, r.beamwidth_rad, r.track_capacity_hz, r.search_revisit_s, r.cue_latency_s,
         0.5 * TRACK_WINDOW_CELLS * r.range_resolution_m, r.reference_range_m)
        for r in radars
    ]  # fmt: skip
    every = [table for row in tables for table in row]
    edge = np.zeros(len(every) + 1, np.int64)
    np.cumsum([table.time_s.size for table in every], out=edge[1:])
    return Eyes(
        radars=np.array(numbers).reshape(-1, 9),
        site=np.array([(r.place.lat_rad, r.place.lon_rad, r.place.alt_m) for r in radars]).reshape(-1, 3),
        basis=np.array([enu_basis(r.place.lat_rad, r.place.lon_rad) for r in radars]).reshape(-1, 3, 3),
        view=np.array([(r.boresight_az_rad, r.az_half_width_rad, r.el_min_rad, r.el_max_rad) for r in radars]).reshape(
            -1, 4
        ),
        edge=edge,
        time_s=np.concatenate([table.time_s for table in every]) if every else np.empty(0),
        place_ecef_m=np.concatenate([table.place_ecef_m for table in every]) if every else np.empty((0, 3)),
    )


def watch_of(radars: Sequence[int], objects: int) -> Watch:
    """Return radars that nobody has pointed anywhere."""
    busy = np.full((len(radars), VOLUMES, 3), -math.inf)
    row_of = {radar: row for row, radar in enumerate(radars)}
    return Watch(np.array(radars, np.int64), row_of, np.full((len(radars), objects), math.inf), busy)


def point(
    eyes: Eyes, watch: Watch, radars: Sequence[int], where: Whereabouts, now_s: float, about: int = -1
) -> list[int]:
    """Point radars of a complex where a cue says, and return the objects that are looked at sooner because of it.

    A radar that has received the cue covers its volume at each look until it is too large to be worth it. An object
    that lies inside at a look is looked at in every slot from the end of one pass over the volume on: N beams
    (`pointing.beams`), each a track look out of `track_capacity_hz`, those of other volumes in turn with them. One beam
    takes no time. A pass that a scan of the whole search would be over before is not begun.

    Parameters
    ----------
    eyes : Eyes
    watch : Watch
        Changed: starts, and what the radars are busy with.
    radars : sequence of int
        Those of `watch.mine` that are pointed.
    where : Whereabouts
    now_s : float
        When the cue reaches the radars, before their own `cue_latency_s`.
    about : int
        Which object the complex takes it to be: a radar that looks at that one by then is left alone. It has no part in
        what is found.
    """
    cue = np.array([where.held_s, float(where.is_rising), where.acceleration_mps2, where.lasts_s])
    changed = np.zeros(watch.start_s.shape[1], np.bool_)
    rows = np.array([watch.row_of[radar] for radar in radars], np.int64)
    is_any = pointing.find(
        now_s, cue, where.state_ecef, where.cov_ecef, about, rows, watch.mine, eyes.radars, eyes.site, eyes.basis,
        eyes.view, eyes.edge, eyes.time_s, eyes.place_ecef_m, watch.busy, watch.start_s, changed,
    )  # fmt: skip
    return np.flatnonzero(changed).tolist() if is_any else []
