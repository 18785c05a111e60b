"""What a complex holds about the objects it sees: tracks over time, what they threaten, when they can be met.

Arrays are float64, C order; a row is one moment. A history is the result of filtering one complex's own
detections of one object; it is computed once and passed along, and a node reads only rows up to its own time.
"""

import msgspec
import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


class TrackHistory(msgspec.Struct, frozen=True, eq=False):
    """One complex's own track of one object.

    Attributes
    ----------
    time_s : (n,) detection times, seconds of the run, increasing.
    state_ecef : (n, 6) position m and velocity m/s, ECEF, after the update at `time_s`.
    cov_ecef : (n, 6, 6) covariance.
    sensor : (n,) index of the radar in the scenario that gave the update.
    is_ballistic : (n,) bool, the filter holds the object to have burnt out.
    confirmed_s : time the track was confirmed, inf if never.
    first_s : time of the first detection, inf if none.
    """

    time_s: Floats
    state_ecef: Floats
    cov_ecef: Floats
    sensor: Ints
    is_ballistic: npt.NDArray[np.bool_]
    confirmed_s: float
    first_s: float


class EvaluationHistory(msgspec.Struct, frozen=True, eq=False):
    """What one complex's track of one object means, at chosen moments after confirmation and burnout.

    Attributes
    ----------
    time_s : (m,) moments, increasing; the first is when the object can first be evaluated.
    state_ecef : (m, 6) the track extrapolated to that moment.
    impact_s : (m,) predicted impact time, seconds of the run.
    impact_rad : (m, 2) predicted impact latitude and longitude (geodetic).
    ellipse_m : (m, 3) semi-major, semi-minor axis (2 sigma, metres), azimuth of the major axis (rad from north).
    states : m tuples of state codes the ellipse touches, sorted.
    radars : m tuples of radar indices that had contributed by then, sorted.
    cov_ecef : (m, 6, 6) covariance of `state_ecef`.
    beta_kg_m2 : ballistic coefficient that was taken for granted.
    """

    time_s: Floats
    state_ecef: Floats
    impact_s: Floats
    impact_rad: Floats
    ellipse_m: Floats
    states: tuple[tuple[str, ...], ...]
    radars: tuple[tuple[int, ...], ...]
    cov_ecef: Floats
    beta_kg_m2: float = 6000.0


class TrackMoment(msgspec.Struct, frozen=True, eq=False):
    """One track at one moment, and what it rests on: what fusion takes and gives.

    Attributes
    ----------
    time_s : seconds of the run.
    state_ecef : (6,) position m and velocity m/s, ECEF.
    cov_ecef : (6, 6) covariance, with everything that rounding and delay have added.
    radars : radar indices that contributed, sorted.
    messages : names of the partner records that went in, sorted; none for an own track.
    is_coasting : the object is held to have burnt out.
    """

    time_s: float
    state_ecef: Floats
    cov_ecef: Floats
    radars: tuple[int, ...]
    messages: tuple[str, ...] = ()
    is_coasting: bool = True


class Fused(msgspec.Struct, frozen=True, eq=False):
    """What fusing a partner's track with the own one gave; `moment` is the own track where nothing was fused.

    `rule` is the rule that was used ("" for none), `reason` a key of `tracking.fuse.REASONS`, `weight` the weight of
    the own track (1: nothing of the partner's went in; NaN under a rule that has no weights), `distance2` the
    squared statistical distance of the two tracks (NaN where it could not be told).
    """

    moment: TrackMoment
    rule: str
    reason: str
    weight: float
    distance2: float
    is_consistent: bool
