"""Engagement windows: from which launch times can which battery meet the path an object is believed to take.

`Armoury` holds the batteries of a scenario with their fly-out tables, ready for the kernels; `options` computes
every battery's launch time for every point of a predicted path, leaving out points that are not known well enough;
`guided` takes out the launch times that nobody could guide; `windows` and `propose` read what is left. All of it
follows a track *as held by that complex at that time*, its own or a partner's; truth never enters.
"""

import math
from collections.abc import Collection

import msgspec
import numpy as np
import numpy.typing as npt

from diptych.kernels import guidance
from diptych.kernels import windows as kernel
from diptych.model.decision import Proposal, Window
from diptych.model.picture import Floats

PATH_STEP_S = 4.0
"""Spacing of the points of a predicted path; a launch time between two points waits for the next one."""

SIGMAS = 2.0
"""How many standard deviations of the predicted point divert and basket must hold. Assumed: a planner's 95 %."""

MODE_NUMBERS = {
    "organic": guidance.ORGANIC,
    "launch-on-remote": guidance.LAUNCH_ON_REMOTE,
    "engage-on-remote": guidance.ENGAGE_ON_REMOTE,
}


class Guide(msgspec.Struct, frozen=True, eq=False):
    """A fire-control radar as a planner sees it: where it stands and looks, how far and how often, when it has a track.

    `radar` is its place in the scenario; site (3,) latitude, longitude rad, height m; site_ecef_m (3,); basis (3, 3)
    east, north, up; view (4,) boresight azimuth, half width, lowest, highest elevation, rad.
    """

    radar: int
    site: Floats
    site_ecef_m: Floats
    basis: Floats
    view: Floats
    reference_range_m: float
    revisit_s: float
    latency_s: float
    looks: int


class Armoury(msgspec.Struct, frozen=True, eq=False):
    """Batteries and fly-out tables as arrays.

    site_unit (b, 3) geocentric unit vectors; class_of (b,) index into tables (c, nr, na) s with axes range_step_m,
    floor_m, alt_step_m (c,), ranges from 0; slack_m (c,) divert and basket, handover_s (c,). `mode` (b,) is the widest
    mode of each battery, a number of `kernels.guidance`; `guides[b]` its fire-control radars.
    """

    site_unit: Floats
    class_of: npt.NDArray[np.int64]
    tables: Floats
    range_step_m: Floats
    floor_m: Floats
    alt_step_m: Floats
    slack_m: Floats
    handover_s: Floats
    mode: npt.NDArray[np.int64]
    guides: tuple[tuple[Guide, ...], ...]


class Options(msgspec.Struct, frozen=True, eq=False):
    """Launch times (b, k) of own batteries against points (k, 3) of a predicted path at times (k,); NaN: cannot."""

    batteries: tuple[int, ...]
    path_ecef_m: Floats
    time_s: Floats
    launch_s: Floats


def widest_mode(modes: Collection[str], *, has_guide: bool) -> int:
    """Return the widest mode a battery can use: without a fire-control radar of its own only to engage on remote."""
    numbers = [MODE_NUMBERS[m] for m in modes if has_guide or m == "engage-on-remote"]
    return max(numbers, default=guidance.NO_MODE)


def mode_of(number: int, *, is_tracked: bool) -> str:
    """Name the mode in which a battery fires: organic if its own radar tracks, else its widest one, `number`."""
    if is_tracked:
        return "organic"
    return next((name for name, n in MODE_NUMBERS.items() if n == number), "")


def path_error_m(path_ecef_m: Floats, time_s: Floats, start_s: float, cov_ecef: Floats) -> Floats:
    """Return how far off each point of a predicted path may be, (k,) m: `SIGMAS` standard deviations, worst axis.

    path_ecef_m (k, 3) and time_s (k,) from a state held at start_s with covariance cov_ecef (6, 6).
    """
    out = np.empty(time_s.size)
    guidance.path_errors(path_ecef_m, time_s, start_s, cov_ecef, out)
    return SIGMAS * out


def options(
    armoury: Armoury,
    batteries: tuple[int, ...],
    path_ecef_m: Floats,
    time_s: Floats,
    error_m: Floats | None = None,
) -> Options:
    """Compute the launch time of each battery for each point of a path, whoever guides.

    Parameters
    ----------
    path_ecef_m, time_s : (k, 3) ECEF metres and (k,) seconds of the run.
    error_m : (k,) how far off each point may be (`path_error_m`); None: it is known exactly. Points that are less sure
        than divert and basket of a class can make good are no points for it.
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
        np.zeros(time_s.size) if error_m is None else error_m,
        armoury.slack_m,
        launch,
    )
    return Options(batteries, path_ecef_m, time_s, launch)


def guided(
    armoury: Armoury,
    found: Options,
    now_s: float,
    tracked: Collection[int],
    mode: npt.NDArray[np.int64] | None = None,
) -> Options:
    """Take out the launch times that a battery's modes do not allow.

    A fire-control radar that tracks the object (`tracked`: places in the scenario) guides from now on; any other is
    expected to have it once it should have seen it a few times along the predicted path.

    Parameters
    ----------
    mode : (b,) of all batteries of the armoury, in place of the armoury's own.
    """
    index = np.array(found.batteries, dtype=np.int64)
    number = (armoury.mode if mode is None else mode)[index]
    ready = np.full(index.size, math.inf)
    can_launch: list[bool] = np.any(found.launch_s >= now_s, axis=1).tolist()
    for row, (battery, by) in enumerate(zip(found.batteries, number.tolist(), strict=True)):
        guides = armoury.guides[battery]
        if any(g.radar in tracked for g in guides):
            ready[row] = -math.inf
        elif can_launch[row] and by in (guidance.ORGANIC, guidance.LAUNCH_ON_REMOTE):
            ready[row] = min((_expected_s(g, found, now_s) for g in guides), default=math.inf)
    launch = found.launch_s.copy()
    guidance.keep_guided(launch, found.time_s, number, ready, armoury.handover_s[armoury.class_of[index]])
    return Options(found.batteries, found.path_ecef_m, found.time_s, launch)


def _expected_s(guide: Guide, found: Options, now_s: float) -> float:
    """Return when a radar that does not track the object yet is expected to have it, inf if never."""
    return guidance.expected_acquisition(
        found.path_ecef_m,
        found.time_s,
        now_s + guide.latency_s,
        guide.site,
        guide.site_ecef_m,
        guide.basis,
        guide.view,
        guide.reference_range_m,
        guide.revisit_s,
        guide.looks,
    )


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
