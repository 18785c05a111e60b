"""What leaves a node: records under the arrangement's sharing rules, rounded to their grid, and centres that pass on.

The arrangement's `sharing` is the only source of who may be told what. A rule that does not exist is a record that
is not sent.
"""

import math

from msgspec.structs import replace

from diptych.model.arrangement import Sharing
from diptych.model.messages import (
    DebrisWarning,
    ImpactPrediction,
    Intention,
    KillReport,
    LaunchDetection,
    LaunchSeen,
    OwnTrack,
    Received,
    Record,
    Share,
    SharedTrack,
)
from diptych.model.picture import EvaluationHistory
from diptych.node.state import Plan

EARTH_RADIUS_M = 6371008.8
"""IUGG mean radius, for turning a grid in metres into one in angles."""


def to_grid(value: float, step: float) -> float:
    """Round to the middle of the grid cell; a step of 0, or a value not known (NaN), is left as it is."""
    return value if step <= 0.0 or math.isnan(value) else (math.floor(value / step) + 0.5) * step


def place_to_grid(lat_rad: float, lon_rad: float, step_m: float) -> tuple[float, float]:
    """Round a place to the middle of a cell `step_m` long from south to north and, where it lies, from west to east.

    Bands of latitude first; each is cut into a whole number of equal cells, no narrower than the step, so that they
    widen in degrees with latitude and close at 180 degrees. A step of 0, or a place not known (NaN), is left as it is.

    *Check* with 10 km a place moves 5 km north or south and 5 km east or west at most, at 60 degrees as at the equator.
    """
    if step_m <= 0.0 or math.isnan(lat_rad + lon_rad):
        return lat_rad, lon_rad
    step_rad = step_m / EARTH_RADIUS_M
    lat = max(-0.5 * math.pi, min(0.5 * math.pi, to_grid(lat_rad, step_rad)))
    cells = max(1, math.floor(2.0 * math.pi * math.cos(lat) / step_rad))
    width = 2.0 * math.pi / cells
    return lat, (math.floor((lon_rad + math.pi) / width) % cells + 0.5) * width - math.pi


def launch_detection(seen: LaunchSeen, rule: Sharing) -> LaunchDetection:
    """Return an own launch detection as the rule lets it out."""
    lat, lon = place_to_grid(seen.lat_rad, seen.lon_rad, rule.position_m)
    return LaunchDetection(
        object=seen.object,
        launch_s=seen.launch_s,
        lat_rad=lat,
        lon_rad=lon,
        error_m=math.hypot(seen.error_m, rule.position_m / math.sqrt(12.0)),
        grid_m=rule.position_m,
    )


def shared_track(object_index: int, own: OwnTrack, row: int, now_s: float, rule: Sharing) -> SharedTrack | None:
    """Return the newest moment of an own track, with its impact prediction if there is one, as the rule lets it out.

    `row` is the newest row of the evaluation, -1 while the object is under power. None before the first update.
    """
    track, evaluation = own.track, own.evaluation
    newest = int(track.time_s.searchsorted(now_s, side="right")) - 1
    if newest < 0:
        return None
    is_evaluated = row >= 0
    if is_evaluated and evaluation.time_s[row] >= track.time_s[newest]:
        time_s, state, cov = evaluation.time_s[row], evaluation.state_ecef[row], evaluation.cov_ecef[row]
        radars = evaluation.radars[row]
    else:
        time_s, state, cov = track.time_s[newest], track.state_ecef[newest], track.cov_ecef[newest]
        radars = tuple(sorted(set(track.sensor[: newest + 1].tolist())))
    lat, lon = evaluation.impact_rad[row].tolist() if is_evaluated else (math.nan, math.nan)
    lat, lon = place_to_grid(lat, lon, rule.position_m)
    return SharedTrack(
        object=object_index,
        time_s=float(time_s),
        state_ecef=tuple(
            to_grid(v, rule.position_m if i < 3 else rule.velocity_mps) for i, v in enumerate(state.tolist())
        ),
        position_grid_m=rule.position_m,
        impact_s=float(evaluation.impact_s[row]) if is_evaluated else math.nan,
        impact_lat_rad=lat,
        impact_lon_rad=lon,
        states=evaluation.states[row] if is_evaluated else (),
        radars=radars,
        velocity_grid_mps=rule.velocity_mps,
        cov_ecef=tuple(cov.ravel().tolist()),
        is_coasting=bool(track.is_ballistic[newest]),
    )


def impact_prediction(object_index: int, row: int, evaluation: EvaluationHistory, rule: Sharing) -> ImpactPrediction:
    """Return where an own track will come down, as the rule lets it out."""
    lat, lon = evaluation.impact_rad[row].tolist()
    lat, lon = place_to_grid(lat, lon, rule.position_m)
    return ImpactPrediction(
        object=object_index,
        time_s=float(evaluation.time_s[row]),
        impact_s=float(evaluation.impact_s[row]),
        impact_lat_rad=lat,
        impact_lon_rad=lon,
        radius_m=float(evaluation.ellipse_m[row, 0]),
        position_grid_m=rule.position_m,
        states=evaluation.states[row],
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
        case ImpactPrediction():
            return "impact-prediction"
        case SharedTrack():
            return "track"
        case Intention():
            return "engagement-intention"
        case KillReport():
            return "kill-assessment"
        case DebrisWarning():
            return "debris-warning"


def pass_on(
    centre_id: str,
    sharing: tuple[Sharing, ...],
    received: Received,
    receiver_states: dict[str, frozenset[str]],
    *,
    is_log: bool = False,
) -> tuple[Share, ...]:
    """Return what a joint centre sends on: to everybody its rules name, except where the record came from.

    The centre's rules have their own condition and grid; a grid finer than the one received makes nothing finer.
    Entries of a joint log (`is_log`) go to everybody, the sender included, so that all hold the same.
    """
    record = received.record
    product = product_of(record)
    states = () if isinstance(record, LaunchDetection | KillReport) else record.states
    return tuple(
        Share(coarsened(record, rule), rule.receiver, rule.act, product)
        for rule in sharing
        if rule.sender == centre_id
        and rule.product == product
        and (is_log or rule.receiver != received.provenance.sender)
        and is_wanted(rule, states, receiver_states)
    )


def coarsened(record: Record, rule: Sharing) -> Record:
    """Return a record rounded to a rule's grid; as it is where the grid is finer than the record's own."""
    match record:
        case SharedTrack():
            # A grid that is not coarser than the record's own moves nothing.
            position_m = rule.position_m if rule.position_m > record.position_grid_m else 0.0
            velocity_mps = rule.velocity_mps if rule.velocity_mps > record.velocity_grid_mps else 0.0
            if position_m == velocity_mps == 0.0:
                return record
            lat, lon = place_to_grid(record.impact_lat_rad, record.impact_lon_rad, position_m)
            return replace(
                record,
                state_ecef=tuple(
                    to_grid(v, position_m if i < 3 else velocity_mps) for i, v in enumerate(record.state_ecef)
                ),
                position_grid_m=max(rule.position_m, record.position_grid_m),
                velocity_grid_mps=max(rule.velocity_mps, record.velocity_grid_mps),
                impact_lat_rad=lat,
                impact_lon_rad=lon,
            )
        case ImpactPrediction() if rule.position_m > record.position_grid_m:
            lat, lon = place_to_grid(record.impact_lat_rad, record.impact_lon_rad, rule.position_m)
            return replace(
                record,
                impact_lat_rad=lat,
                impact_lon_rad=lon,
                position_grid_m=rule.position_m,
            )
        case LaunchDetection() if rule.position_m > record.grid_m:
            lat, lon = place_to_grid(record.lat_rad, record.lon_rad, rule.position_m)
            return replace(
                record,
                lat_rad=lat,
                lon_rad=lon,
                error_m=math.hypot(record.error_m, rule.position_m / math.sqrt(12.0)),
                grid_m=rule.position_m,
            )
        case _:
            return record
