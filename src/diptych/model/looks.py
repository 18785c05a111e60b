"""What sensors report: looks of a radar at an object, the detections among them, warnings from space; where cues point.

`LookTable` holds every look a radar could spend on an object while it is in view, with its chance and its measurement;
it is computed once per replicate. `Detections` are the rows that a search or a cued beam actually took and hit. Times
are seconds of the run, positions ECEF metres.
"""

import msgspec
import numpy as np
import numpy.typing as npt

from diptych.model.picture import Floats, Ints
from diptych.model.scenario import Vec3

Bools = npt.NDArray[np.bool_]


class Echo(msgspec.Struct, frozen=True):
    """What an object returns to a radar, mean over fading: cross-sections m2 of its payload and of the whole missile.

    The payload shows `payload_m2` nose-on and tail-on and `broadside_m2` from the side, by sin^2 of the aspect angle
    between; `body_m2` is seen, from every side alike, until `separation_s` after launch (0: never, inf: always).
    """

    payload_m2: float
    body_m2: float
    broadside_m2: float
    separation_s: float


class Whereabouts(msgspec.Struct, frozen=True, eq=False):
    """What a cue says of where something is and how sure that is. It may be wrong, and it names nobody.

    Attributes
    ----------
    held_s : when it was there, seconds of the run; for a launch, when that was.
    state_ecef : (6,) position m and velocity m/s; for a launch its place, at rest.
    cov_ecef : (6, 6) covariance of that.
    is_rising : only a launch is known: it may have gone anywhere, and has yet to cross the radar's horizon.
    acceleration_mps2 : standard deviation per axis of an acceleration that nobody knows, 0 for what has burnt out.
    lasts_s : for how long after `held_s` that may last.
    """

    held_s: float
    state_ecef: Floats
    cov_ecef: Floats
    is_rising: bool = False
    acceleration_mps2: float = 0.0
    lasts_s: float = 0.0


class LookTable(msgspec.Struct, frozen=True, eq=False):
    """Every look of one radar with one object in view and within three times its range, whether or not it is spent.

    Attributes
    ----------
    slot : (n,) number in the radar's own look clock, increasing; slot k is at k * track_revisit_s.
    time_s : (n,) when.
    pd_search, pd_track : (n,) detection probability in a search and in a track dwell.
    chance : (n,) the uniform that decides the look: a detection if below the probability of its mode.
    measured_ecef_m, cov_ecef_m2 : (n, 3), (n, 3, 3) what a detection would report, in either mode.
    search_every, search_phase : search looks fall on slots with (slot + search_phase) % search_every == 0.
    track_revisit_s : seconds from slot to slot.
    site_ecef_m : (3,) where the radar stands.
    range_rate_mps, range_rate_sigma_mps : (n,) what would be measured along the line of sight; NaN: nothing.
    place_ecef_m : (n, 3) where the object truly is: what a beam meets, and nothing that a tracker may read.
    false_row : (m,) rows whose track look, if it is made, holds a false detection as well.
    false_ecef_m, false_cov_ecef_m2, false_range_rate_mps : (m, 3), (m, 3, 3), (m, 2) what that would report (range
        rate and its sigma).
    """

    slot: Ints
    time_s: Floats
    pd_search: Floats
    pd_track: Floats
    chance: Floats
    measured_ecef_m: Floats
    cov_ecef_m2: Floats
    search_every: int
    search_phase: int
    track_revisit_s: float
    site_ecef_m: Floats
    range_rate_mps: Floats
    range_rate_sigma_mps: Floats
    place_ecef_m: Floats
    false_row: Ints
    false_ecef_m: Floats
    false_cov_ecef_m2: Floats
    false_range_rate_mps: Floats


class Detections(msgspec.Struct, frozen=True, eq=False):
    """The detections of one object by one radar, in time order.

    Attributes
    ----------
    radar : index in the scenario.
    slot, time_s : (n,) number in the radar's own look clock, and when; both repeat where one look gave two reports.
    measured_ecef_m, cov_ecef_m2 : (n, 3), (n, 3, 3).
    revisit_s : time between looks in track.
    is_false : (n,) bool, noise that passed for an echo in the track window. For scoring: no tracker may read it.
    range_rate_mps, range_rate_sigma_mps : (n,) measured rate of change of the distance from `site_ecef_m`, and its
        standard deviation; NaN where the radar measures none.
    site_ecef_m : (3,) where the radar stands.
    """

    radar: int
    slot: Ints
    time_s: Floats
    measured_ecef_m: Floats
    cov_ecef_m2: Floats
    revisit_s: float
    is_false: Bools
    range_rate_mps: Floats
    range_rate_sigma_mps: Floats
    site_ecef_m: Floats


class LaunchWarning(msgspec.Struct, frozen=True):
    """A launch seen from space: when the warning is there, and where it says the launch was.

    `cov_en_m2` is the covariance of the launch point (east-east, east-north, north-north); `error_m` is the root of
    half its trace, the standard deviation of a circle of the same spread. `launch_s` is when it says the launch was,
    off by `launch_sigma_s`.
    """

    time_s: float
    lat_rad: float
    lon_rad: float
    ecef_m: Vec3
    error_m: float
    cov_en_m2: Vec3
    launch_s: float
    launch_sigma_s: float
