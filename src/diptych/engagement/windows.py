"""Engagement windows: from which launch times can which battery meet the path an object is believed to take.

`Armoury` holds the batteries of a scenario with their fly-out tables, ready for the kernels; `options` computes
every battery's launch time for every point of a predicted path; `windows` and `propose` read it. All of it follows
the track *as held by that complex at that time*; truth never enters.
"""

import math

import msgspec
import numpy as np
import numpy.typing as npt

from diptych.kernels import windows as kernel
from diptych.model.decision import Proposal, Window
from diptych.model.picture import Floats

PATH_STEP_S = 4.0
"""Spacing of the points of a predicted path; a launch time between two points waits for the next one."""


class Armoury(msgspec.Struct, frozen=True, eq=False):
    """Batteries and fly-out tables as arrays.

    site_unit (b, 3) geocentric unit vectors; class_of (b,) index into tables (c, nr, na) s with axes range_step_m,
    floor_m, alt_step_m (c,), ranges from 0.
    """

    site_unit: Floats
    class_of: npt.NDArray[np.int64]
    tables: Floats
    range_step_m: Floats
    floor_m: Floats
    alt_step_m: Floats


class Options(msgspec.Struct, frozen=True, eq=False):
    """Launch times (b, k) of own batteries against points (k, 3) of a predicted path at times (k,); NaN: cannot."""

    batteries: tuple[int, ...]
    path_ecef_m: Floats
    time_s: Floats
    launch_s: Floats


def options(armoury: Armoury, batteries: tuple[int, ...], path_ecef_m: Floats, time_s: Floats) -> Options:
    """Compute the launch time of each battery for each point of a path.

    Parameters
    ----------
    path_ecef_m, time_s : (k, 3) ECEF metres and (k,) seconds of the run.
    """
    index = np.array(batteries, dtype=np.int64)
    launch = np.empty((len(batteries), time_s.size))
    kernel.launch_times(
        path_ecef_m,
        time_s,
        armoury.site_unit[index],
        armoury.class_of[index],
        armoury.tables,
        armoury.range_step_m,
        armoury.floor_m,
        armoury.alt_step_m,
        launch,
    )
    return Options(batteries, path_ecef_m, time_s, launch)


def windows(found: Options, from_s: float) -> tuple[Window, ...]:
    """Return the window of every battery that can still meet the object by a launch at or after `from_s`."""
    if not found.batteries:
        return ()
    span = np.empty((len(found.batteries), 2))
    kernel.spans(found.launch_s, from_s, span)
    rows = span.tolist()
    return tuple(
        Window(battery, first, last)
        for battery, (first, last) in zip(found.batteries, rows, strict=True)
        if not math.isnan(first)
    )


def propose(
    found: Options, battery: int, from_s: float, object_index: int, allowed: npt.NDArray[np.bool_], window: Window
) -> Proposal | None:
    """Return the earliest engagement of one battery by a launch at or after `from_s` at an allowed point, or None.

    The interceptor leaves at the latest moment that still meets that point, never before `from_s`.
    """
    row = found.batteries.index(battery)
    k = kernel.earliest_meeting(found.launch_s[row], allowed, from_s)
    if k < 0:
        return None
    x, y, z = found.path_ecef_m[k].tolist()
    return Proposal(battery, object_index, float(found.launch_s[row, k]), float(found.time_s[k]), (x, y, z), window)
