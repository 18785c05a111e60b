"""What a run writes: ordered events with reasons, shots, the fate of every object, and how it was made.

`RunRecord` is one replicate under one arrangement and conduct. `Story` holds what a report draws for a chosen
replicate. Times are seconds of the run, positions ECEF metres or radians.
"""

import math

import msgspec

from diptych.model.picture import Floats

EVENT_KINDS = (
    "launch",
    "warned",
    "detected",
    "confirmed",
    "shared",
    "received",
    "classified",
    "contradicted",
    "distrusted",
    "cued",
    "asked",
    "answered",
    "window",
    "released",
    "held",
    "double-engagement",
    "outside-rules",
    "forgone",
    "interceptor-launch",
    "hit",
    "miss",
    "wasted",
    "assessed",
    "impact",
    "killed",
)


class Event(msgspec.Struct, frozen=True):
    """One thing that happened. `actor` is a complex, centre, role, sensor or battery id ("" for truth).

    `object` is the index in the raid (-1: none); `other` the receiver of a share or the holder of an ask;
    `text` one sentence; `value` what a chart needs (seconds left, delay, metres), NaN when nothing.
    """

    time_s: float
    kind: str
    actor: str
    object: int
    other: str
    text: str
    value: float


class Shot(msgspec.Struct, frozen=True):
    """One interceptor: who, from where, when, at what, which attempt at the object it was, what came of it.

    `object` is -1 and `outcome` `wasted` where nothing was there: a partner had told of an object that does not exist.
    `outcome` is `hit`, `miss` or `wasted` (the object was already gone); `ordinal` counts attempts at the object in
    time order over all complexes, -1 for a shot that was wasted or outside the basket. `handover_m` is how far the
    predicted point was off. `over` are the states under its way to the meeting point, both ends included.
    """

    complex_id: str
    battery: int
    object: int
    launch_s: float
    intercept_s: float
    lat_rad: float
    lon_rad: float
    alt_m: float
    outcome: str
    ordinal: int
    handover_m: float
    mode: str = ""
    over: tuple[str, ...] = ()


class Engagement(msgspec.Struct, frozen=True):
    """How one complex dealt with one object: the times of its story; inf where a thing never happened.

    `first_open_s` and `last_close_s` bound the window over all its batteries as its own track saw it; `granted_s` is
    when the path to permission was done, `released_s` its first release; `reason` a key of `decision.REASONS`;
    `inputs` what the decision cited; `verdict` what the rules of engagement, last looked up, said of the case: a kind
    of `rules.VerdictKind` and the numbers of the rules, "" where there was none to look up; `first_verdict` what they
    said at first.
    """

    complex_id: str
    object: int
    warned_s: float
    confirmed_s: float
    evaluated_s: float
    first_open_s: float
    last_close_s: float
    released_s: float
    reason: str
    rule: str
    by_role: str
    action: str
    inputs: tuple[str, ...]
    granted_s: float = math.inf
    held_s: float = 0.0
    verdict: str = ""
    first_verdict: str = ""


class Debris(msgspec.Struct, frozen=True):
    """Where the fragments of an intercept come down: centre, 2-sigma axes, azimuth of the major one from north.

    `first_s` and `last_s` bound the impacts of the fragments flown; `states` are those the ellipse touches.
    """

    lat_rad: float
    lon_rad: float
    semi_major_m: float
    semi_minor_m: float
    azimuth_rad: float
    first_s: float
    last_s: float
    states: tuple[str, ...]


class FallenStage(msgspec.Struct, frozen=True):
    """A spent stage (counted from 1) of an object: when it left and came down (s of the run), where, on whose land.

    `state` is "" at sea and outside the region.
    """

    object: int
    stage: int
    from_s: float
    impact_s: float
    lat_rad: float
    lon_rad: float
    state: str


class ObjectFate(msgspec.Struct, frozen=True):
    """What became of one object: killed by whom and when, with what debris, or where it came down."""

    object: int
    is_killed: bool
    killed_by: str
    end_s: float
    impact_state: str
    impact_lat_rad: float
    impact_lon_rad: float
    people_at_risk: float
    debris: Debris | None = None


class RunRecord(msgspec.Struct, frozen=True):
    """One replicate under one arrangement and conduct.

    `radar_wasted_s` is the time of track looks that radars of a complex spent where a partner had lied; `dropped` how
    many messages of a flood a node threw away; `distrusted` which complex no longer believed which at the end. Where
    nobody did so they are empty.
    """

    arrangement: str
    conduct: str
    replicate: int
    truth_digest: str
    fates: tuple[ObjectFate, ...]
    engagements: tuple[Engagement, ...]
    shots: tuple[Shot, ...]
    magazines: tuple[int, ...]
    wakes: int
    events: tuple[Event, ...] = ()
    radar_wasted_s: tuple[tuple[str, float], ...] = ()
    dropped: tuple[tuple[str, int], ...] = ()
    distrusted: tuple[tuple[str, str], ...] = ()


class Flight(msgspec.Struct, frozen=True, eq=False):
    """The true flight of one object in one replicate, sampled for drawing and tables.

    `time_s` (k,), `rad_m` (k, 3): latitude, longitude, height.
    """

    object: int
    time_s: Floats
    rad_m: Floats
    launch_s: float
    burnout_s: float
    apogee_m: float
    impact_s: float
