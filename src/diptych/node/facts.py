"""What a complex holds about a case, in the words of the rules of engagement; from its own picture alone.

The facts are those that a release may rest on: own picture (with what a partner's tracks have made of it where the
arrangement uses them) and notices given beforehand. Truth is not asked.
"""

import math

from diptych.evaluation.classify import back_to_ground
from diptych.kernels.earth import ecef_to_geodetic
from diptych.model.geography import state_at
from diptych.model.rules import Facts, Rulebook
from diptych.node import case_words as words
from diptych.node.joint import picture
from diptych.node.outlook import Basis, evaluation_row
from diptych.node.state import Case, Plan


def facts_of(plan: Plan, case: Case, held: Basis, count: int, book: Rulebook) -> Facts:
    """Return the facts of a case; only what the rules ask is worked out, the rest stays `unknown`.

    Parameters
    ----------
    held : the picture they are read from, as `held_of` gives it.
    count : objects that the complex holds, this one too.
    """
    asked = book.asked
    evaluation, row = held
    impact = evaluation.impact_rad[row]
    lat, lon = float(impact[0]), float(impact[1])
    own, partner = plan.rules.own_states, plan.rules.partner_states
    launch = case.launch or back_to_ground(
        evaluation.state_ecef[row], evaluation.cov_ecef[row], float(evaluation.time_s[row]), (lat, lon)
    )
    far_m = math.inf
    from_state: str | None = None
    if launch is not None:
        far_m = words.distance_m(launch.lat_rad, launch.lon_rad, lat, lon)
        from_state = state_at(plan.territory, launch.lat_rad, launch.lon_rad)
    over = words.UNKNOWN
    if "over" in asked:
        now_lat, now_lon, _ = ecef_to_geodetic(*evaluation.state_ecef[row, :3].tolist())
        under = words.states_under(plan.territory, (now_lat, now_lon), (lat, lon))
        over = words.over_word(under - {from_state or "", *case.states}, own, partner)
    return Facts(
        territory=words.territory_word(case.states, own, partner),
        launch=words.launch_word(book, launch, from_state, own, partner),
        range=words.range_word(far_m) if launch is not None else words.UNKNOWN,
        prediction="exact" if float(evaluation.ellipse_m[row, 0]) <= book.exact_m else "rough",
        notice=words.notice_word(launch, (lat, lon), plan.notices),
        over=over,
        raid=words.raid_word(count, book.many),
        flight=words.flight_word(evaluation.state_ecef[row], far_m) if "flight" in asked else words.UNKNOWN,
    )


def held_of(case: Case, now_s: float) -> Basis | None:
    """Return the picture a case is looked up with: own or joint, the sharper; None while there is neither."""
    row = evaluation_row(case, now_s)
    if row >= 0:
        return Basis(*picture(case, row))
    return None if case.joint is None else Basis(case.joint, 0)
