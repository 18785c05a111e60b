"""What leaves a node: records under the arrangement's sharing rules, rounded to their grid, and centres that pass on.

The arrangement's `sharing` is the only source of who may be told what. A rule that does not exist is a record that
is not sent.
"""

import math

from msgspec.structs import replace

from diptych.model.arrangement import Sharing
from diptych.model.messages import (
    Intention,
    KillReport,
    LaunchDetection,
    LaunchSeen,
    Received,
    Record,
    Share,
    SharedTrack,
)
from diptych.model.picture import EvaluationHistory, TrackHistory
from diptych.node.state import Plan

EARTH_RADIUS_M = 6371008.8
"""IUGG mean radius, for turning a grid in metres into one in angles."""


def to_grid(value: float, step: float) -> float:
    """Round to the middle of the grid cell; a step of 0, or a value not known (NaN), is left as it is."""
    return value if step <= 0.0 or math.isnan(value) else (math.floor(value / step) + 0.5) * step


def launch_detection(seen: LaunchSeen, rule: Sharing) -> LaunchDetection:
    """Return an own launch detection as the rule lets it out."""
    step = rule.position_m / EARTH_RADIUS_M
    return LaunchDetection(
        object=seen.object,
        launch_s=seen.launch_s,
        lat_rad=to_grid(seen.lat_rad, step),
        lon_rad=to_grid(seen.lon_rad, step),
        error_m=math.hypot(seen.error_m, rule.position_m / math.sqrt(12.0)),
        grid_m=rule.position_m,
    )


def shared_track(object_index: int, row: int, evaluation: EvaluationHistory, rule: Sharing) -> SharedTrack:
    """Return one moment of an own track, with its impact prediction, as the rule lets it out."""
    state = evaluation.state_ecef[row].tolist()
    angle = rule.position_m / EARTH_RADIUS_M
    lat, lon = evaluation.impact_rad[row].tolist()
    return SharedTrack(
        object=object_index,
        time_s=float(evaluation.time_s[row]),
        state_ecef=tuple(to_grid(v, rule.position_m if i < 3 else rule.velocity_mps) for i, v in enumerate(state)),
        position_grid_m=rule.position_m,
        impact_s=float(evaluation.impact_s[row]),
        impact_lat_rad=to_grid(lat, angle),
        impact_lon_rad=to_grid(lon, angle),
        states=evaluation.states[row],
        radars=evaluation.radars[row],
    )


def firm_track(object_index: int, track: TrackHistory, now_s: float, rule: Sharing) -> SharedTrack | None:
    """Return an own confirmed track that cannot be evaluated yet (still under power) as the rule lets it out."""
    row = int(track.time_s.searchsorted(now_s, side="right")) - 1
    if row < 0:
        return None
    state = track.state_ecef[row].tolist()
    return SharedTrack(
        object=object_index,
        time_s=float(track.time_s[row]),
        state_ecef=tuple(to_grid(v, rule.position_m if i < 3 else rule.velocity_mps) for i, v in enumerate(state)),
        position_grid_m=rule.position_m,
        impact_s=math.nan,
        impact_lat_rad=math.nan,
        impact_lon_rad=math.nan,
        states=(),
        radars=tuple(sorted(set(track.sensor[: row + 1].tolist()))),
    )


def rules_for(plan: Plan, product: str, states: tuple[str, ...]) -> tuple[Sharing, ...]:
    """Return the own sharing rules for a product whose condition holds now."""
    return tuple(r for r in plan.sharing if r.product == product and is_wanted(r, states, plan.receiver_states))


def is_wanted(rule: Sharing, states: tuple[str, ...], receiver_states: dict[str, frozenset[str]]) -> bool:
    """Whether a rule's condition holds for an object whose predicted impact touches `states` (none known: empty)."""
    return rule.condition == "always" or not receiver_states.get(rule.receiver, frozenset[str]()).isdisjoint(states)


def product_of(record: Record) -> str:
    """Name the product a record is an instance of."""
    match record:
        case LaunchDetection():
            return "launch-detection"
        case SharedTrack():
            return "track"
        case Intention():
            return "engagement-intention"
        case KillReport():
            return "kill-assessment"


def pass_on(
    centre_id: str, sharing: tuple[Sharing, ...], received: Received, receiver_states: dict[str, frozenset[str]]
) -> tuple[Share, ...]:
    """Return what a joint centre sends on: to everybody its rules name, except where the record came from.

    The centre's rules have their own condition and grid; a grid finer than the one received makes nothing finer.
    """
    record = received.record
    product = product_of(record)
    states = record.states if isinstance(record, SharedTrack) else ()
    return tuple(
        Share(coarsened(record, rule), rule.receiver, rule.act, product)
        for rule in sharing
        if rule.sender == centre_id
        and rule.product == product
        and rule.receiver != received.provenance.sender
        and is_wanted(rule, states, receiver_states)
    )


def coarsened(record: Record, rule: Sharing) -> Record:
    """Return a record rounded to a rule's grid; as it is where the grid is finer than the record's own."""
    angle = rule.position_m / EARTH_RADIUS_M
    match record:
        case SharedTrack() if rule.position_m > record.position_grid_m:
            return replace(
                record,
                state_ecef=tuple(
                    to_grid(v, rule.position_m if i < 3 else rule.velocity_mps) for i, v in enumerate(record.state_ecef)
                ),
                position_grid_m=rule.position_m,
                impact_lat_rad=to_grid(record.impact_lat_rad, angle),
                impact_lon_rad=to_grid(record.impact_lon_rad, angle),
            )
        case LaunchDetection() if rule.position_m > record.grid_m:
            return replace(
                record,
                lat_rad=to_grid(record.lat_rad, angle),
                lon_rad=to_grid(record.lon_rad, angle),
                error_m=math.hypot(record.error_m, rule.position_m / math.sqrt(12.0)),
                grid_m=rule.position_m,
            )
        case _:
            return record
