"""The warning a shooter sends: where the debris of its own intercept would come down, before it is there.

Worked out when the shot is ordered, from the own picture alone: the object's state carried to the meeting point, a
generic mass for it, the interceptor straight from its site. So it is a prediction of a hit that may not happen. It goes
to whom a sharing rule of the product `debris-warning` names, if the ellipse touches land of anybody but the own side:
the receiver's or a third state's. No decision of the receiver reads it.
"""

from math import sqrt

import numpy as np

from diptych.evaluation.impact import path_of, states_in
from diptych.kernels.earth import EARTH_MEAN_RADIUS_M, ecef_to_geodetic
from diptych.kernels.geodesic import geodesic_direct, geodesic_inverse
from diptych.model.decision import Proposal
from diptych.model.messages import DebrisWarning, Output, Share
from diptych.model.picture import Floats
from diptych.node.outlook import Basis
from diptych.node.share import rules_for
from diptych.node.state import Case, Plan
from diptych.truth.debris import impact_area

PRODUCT = "debris-warning"
TARGET_KG = 750.0
"""What the sender takes an object it has only seen to weigh. Assumed: the middle of the payloads of the catalogue."""
ASIDE_M, ASIDE_MPS = 20e3, 150.0
"""How far debris is looked for beside the way of the object, and by how much more for each second it would still have
flown: three sigma of the speed of the lighter pieces, so more than the 2-sigma ellipse needs."""
_SHORT_S = 0.5  # half the time over which the predicted velocity is taken from positions; 1 mm/s off at most


def warn_of_debris(plan: Plan, case: Case, known: Basis, best: Proposal, out: list[Output]) -> None:
    """Tell of the debris of a shot just ordered, where a rule says so and land of others is touched."""
    if plan.debris is None or not any(rule.product == PRODUCT for rule in plan.sharing):
        return
    own = plan.complex_states[plan.complex_id]
    if own.issuperset(states_in(plan.territory, bound(known, best))):
        return  # the full prediction takes a millisecond, and most shots are over own land
    found = predicted(plan, case, known, best)
    if found is None or own.issuperset(found.states):
        return
    for rule in rules_for(plan, PRODUCT, found.states):
        out.append(Share(found, rule.receiver, rule.act, rule.product))


def bound(known: Basis, best: Proposal) -> Floats:
    """Return an ellipse (5,) that holds all debris: along the ground from the meeting point to the impact, and aside.

    Light pieces come down near the meeting point, heavy ones near where the object would have.
    """
    evaluation, row = known
    lat, lon, _ = ecef_to_geodetic(*best.intercept_ecef_m)
    far_m, azimuth, _, _ = geodesic_inverse(lat, lon, *evaluation.impact_rad[row].tolist())
    mid_lat, mid_lon, _ = geodesic_direct(lat, lon, azimuth, 0.5 * far_m)
    aside_m = ASIDE_M + ASIDE_MPS * max(0.0, float(evaluation.impact_s[row]) - best.intercept_s)
    round_m = sqrt(2.0)  # the ellipse round the strip with its corners
    return np.array([mid_lat, mid_lon, round_m * (0.5 * far_m + aside_m), round_m * aside_m, azimuth])


def predicted(plan: Plan, case: Case, known: Basis, best: Proposal) -> DebrisWarning | None:
    """Return where the debris of an ordered shot would come down; None if most of it would not."""
    assert plan.debris is not None
    evaluation, row = known
    times = best.intercept_s + np.array([-_SHORT_S, 0.0, _SHORT_S])
    path = path_of(evaluation.state_ecef[row], float(evaluation.time_s[row]), times)
    if not np.isfinite(path).all():
        return None
    state = np.concatenate([path[1], (path[2] - path[0]) / (2.0 * _SHORT_S)])
    place_in = plan.batteries.index(best.battery)
    site = EARTH_MEAN_RADIUS_M * plan.armoury.site_unit[best.battery]
    flown_s = max(best.intercept_s - best.launch_s - plan.classes[place_in].dead_time_s, 1.0)
    hitter = (np.array(best.intercept_ecef_m) - site) / flown_s
    area = impact_area(state, TARGET_KG, hitter, best.intercept_s, plan.debris, j2_on=True)
    if area is None:
        return None
    ellipse = np.array([area.lat_rad, area.lon_rad, area.semi_major_m, area.semi_minor_m, area.azimuth_rad])
    return DebrisWarning(
        object=case.object,
        complex_id=plan.complex_id,
        lat_rad=area.lat_rad,
        lon_rad=area.lon_rad,
        semi_major_m=area.semi_major_m,
        semi_minor_m=area.semi_minor_m,
        azimuth_rad=area.azimuth_rad,
        first_s=area.first_s,
        last_s=area.last_s,
        states=states_in(plan.territory, ellipse),
    )
