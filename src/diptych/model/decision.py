"""A decision and the engagement it is about: every one names a rule, a role, the inputs known and the time left."""

from typing import Literal

import msgspec

DecisionKind = Literal["release", "hold", "forgo"]

REASONS = {
    "released": "released under the rule",
    "rule": "the arrangement forbids this engagement",
    "consent": "consent did not come in time",
    "withheld": "consent was withheld",
    "outside-rules": "the agreed rules leave the case to the members, who did not agree in time",
    "no-track": "no firm own track in time",
    "no-window": "no interceptor can reach a predicted point",
    "late": "the window had closed when the path was done",
    "magazine": "no interceptor left",
    "sector": "every reachable point lies outside the own sector",
    "partner": "the plan gives this object to the partner",
    "responsibility": "another complex is responsible for it",
    "done": "assessed as killed",
}


class Window(msgspec.Struct, frozen=True):
    """Launch times of one battery from which some predicted point can be met: first and last, seconds of the run."""

    battery: int
    open_s: float
    close_s: float


class Proposal(msgspec.Struct, frozen=True):
    """An engagement that is possible now: battery, launch and intercept time, point met, its window."""

    battery: int
    object: int
    launch_s: float
    intercept_s: float
    intercept_ecef_m: tuple[float, float, float]
    window: Window


class Decision(msgspec.Struct, frozen=True):
    """What was decided about one object: kind, reason, rule, who, what was known, seconds left in the window."""

    kind: DecisionKind
    object: int
    complex_id: str
    action: str
    rule: str
    by_role: str
    reason: str
    inputs: tuple[str, ...]
    time_s: float
    time_left_s: float
