"""What one node tells another, and what it says to its own side: inputs and outputs of `node.step`.

No record here is an order to the other complex: everything received is information, with its provenance.
`Order` goes to a complex's own batteries only. The wire forms come with the exchange; in a study these values
pass through the same sharing rules.
"""

from typing import Literal

import msgspec

from diptych.model.decision import Decision
from diptych.model.looks import Whereabouts
from diptych.model.picture import EvaluationHistory, TrackHistory

# --- records shared between nodes ---------------------------------------------------------------------------


class LaunchDetection(msgspec.Struct, frozen=True):
    """A launch was seen: when, about where (the sender's grid `grid_m` already applied)."""

    object: int
    launch_s: float
    lat_rad: float
    lon_rad: float
    error_m: float
    grid_m: float = 0.0


class ImpactPrediction(msgspec.Struct, frozen=True):
    """Where and when an object will come down, and no track: point (on the grid), 2-sigma radius, states touched."""

    object: int
    time_s: float
    impact_s: float
    impact_lat_rad: float
    impact_lon_rad: float
    radius_m: float
    position_grid_m: float
    states: tuple[str, ...]


class SharedTrack(msgspec.Struct, frozen=True):
    """A track summary at one moment: state (rounded to the sharing grid), predicted impact and the states it touches.

    `radars` are the radars that contributed, so that nothing is counted twice. `cov_ecef` holds the 36 numbers of the
    sender's covariance, rows first, without the rounding: the receiver adds what the grid hides. `is_coasting` says
    that the sender holds the object to have burnt out.
    """

    object: int
    time_s: float
    state_ecef: tuple[float, ...]
    position_grid_m: float
    impact_s: float
    impact_lat_rad: float
    impact_lon_rad: float
    states: tuple[str, ...]
    radars: tuple[int, ...]
    velocity_grid_mps: float = 0.0
    cov_ecef: tuple[float, ...] = ()
    is_coasting: bool = False


class Intention(msgspec.Struct, frozen=True):
    """The sender intends to engage (or has released a shot at) an object; no launcher data.

    `intercept_s` is the planned time of the intercept; `is_withdrawn` takes the intention back. `states` are those the
    predicted impact touches, as the sender sees it. `number` is the place in the log of a planning centre, from 1; 0:
    not entered there.
    """

    object: int
    complex_id: str
    intercept_s: float
    is_withdrawn: bool = False
    states: tuple[str, ...] = ()
    number: int = 0


class KillReport(msgspec.Struct, frozen=True):
    """The sender's own assessment of its own attempt at an object; `number` as in `Intention`."""

    object: int
    complex_id: str
    attempt_s: float
    is_killed: bool
    number: int = 0


class DebrisWarning(msgspec.Struct, frozen=True):
    """Where the debris of the sender's own intercept would come down: centre, 2-sigma axes, first and last impact (s).

    `azimuth_rad` is the direction of the major axis from north; `states` are those the ellipse touches.
    """

    object: int
    complex_id: str
    lat_rad: float
    lon_rad: float
    semi_major_m: float
    semi_minor_m: float
    azimuth_rad: float
    first_s: float
    last_s: float
    states: tuple[str, ...]


Record = LaunchDetection | ImpactPrediction | SharedTrack | Intention | KillReport | DebrisWarning


class Provenance(msgspec.Struct, frozen=True):
    """Who sent a record, through whom, when it was sent."""

    sender: str
    via: tuple[str, ...]
    sent_s: float


# --- inputs -------------------------------------------------------------------------------------------------


class OwnTrack(msgspec.Struct, frozen=True, eq=False):
    """Own sensors' news of one object: the filtered track and its evaluation.

    Filtering is a pure function of the detections, so it is done once, in one batch call, and the value is passed
    along; the histories may run into the future, and a node reads rows up to its own time only
    (docs/decisions/0003-own-track-as-input.md).
    """

    object: int
    track: TrackHistory
    evaluation: EvaluationHistory


class LaunchSeen(msgspec.Struct, frozen=True):
    """Own space warning saw a launch."""

    object: int
    launch_s: float
    lat_rad: float
    lon_rad: float
    error_m: float
    launch_sigma_s: float = 0.0


class Assessed(msgspec.Struct, frozen=True):
    """Own kill assessment of an own attempt (it may be wrong)."""

    object: int
    attempt_s: float
    is_killed: bool


class Received(msgspec.Struct, frozen=True):
    """A record from another node."""

    record: Record
    provenance: Provenance


class OperatorAction(msgspec.Struct, frozen=True):
    """A person's answer to an `Ask`: yes, no, or what a time-out stands for."""

    object: int
    act: str
    role: str
    ask: int
    answer: Literal["yes", "no"]


class Wake(msgspec.Struct, frozen=True):
    """The time asked for has come."""

    object: int


Input = OwnTrack | LaunchSeen | Assessed | Received | OperatorAction | Wake


# --- outputs ------------------------------------------------------------------------------------------------


class Share(msgspec.Struct, frozen=True):
    """Let a record out under a sharing rule; the runner places the link (the rule's act takes the time)."""

    record: Record
    to: str
    act: str
    product: str


class Task(msgspec.Struct, frozen=True):
    """Point an own radar where something was reported to be (a cue).

    `where` is all that the radar goes by; `object` is what the complex takes it to be, and decides nothing of what is
    found there.
    """

    radar: int
    object: int
    reason: str
    where: Whereabouts


class Order(msgspec.Struct, frozen=True):
    """A released engagement: own battery, object, shots, launch and planned intercept, and the decision behind it.

    `mode` is the way of using data it was released in, one of `scenario.MODES`.
    """

    battery: int
    object: int
    shots: int
    launch_s: float
    intercept_s: float
    intercept_ecef_m: tuple[float, float, float]
    decision: Decision
    mode: str = "engage-on-remote"


class Ask(msgspec.Struct, frozen=True):
    """Ask a role to perform an act about an object; `ask` numbers the voices asked at one step."""

    role: str
    party: str
    act: str
    object: int
    ask: int


class Alert(msgspec.Struct, frozen=True):
    """Something people at this complex should see: a confirmed track, or a decision with its reasons."""

    object: int
    kind: str
    text: str
    decision: Decision | None = None


class WakeAt(msgspec.Struct, frozen=True):
    """Call me again at this time about this object."""

    time_s: float
    object: int


Output = Share | Task | Order | Ask | Alert | WakeAt
