"""What a complex makes of a partner that may be wrong or lie: scores, limits, and announcements that come to nothing.

Four defences, none of which needs anybody's leave. *Consistency*: each track of the partner that can be laid beside an
own one counts into a running score with forgetting; honest errors count 1 on average. Above one threshold the partner's
data are set aside, below another they are used again. *Bounded use*: a track that contradicts the own one is never
fused, whatever the score, and a release rests on own tracks unless the arrangement says otherwise. *Flow*: of one
sender only so many messages are taken in a minute. *Announcements*: an engagement that was announced and not made
counts against whoever announced it, and nobody holds fire for ever: see `node.shooting.plan_hold`.

Everything here is a function of what the complex itself holds. Settings: `model.trust`.
"""

from __future__ import annotations

import math
from collections.abc import Iterable

import msgspec

from diptych.kernels.geodesic import geodesic_inverse
from diptych.model.messages import ImpactPrediction
from diptych.model.picture import EvaluationHistory
from diptych.model.trust import TrustSettings
from diptych.node.state import Case, Standing

TRACK_PARTS = 6.0
"""Components of a track: the mean of the squared distance of two honest ones."""

PLACE_PARTS = 2.0
"""Components of a point on the ground."""

SEEN_AFTER_S = 5.0
"""An object that own sensors see so long after an announced engagement was not destroyed by it. Assumed: a look."""

MINUTE_S = 60.0


def standing_of(standings: tuple[Standing, ...], sender: str) -> Standing:
    """Return what is held of a sender; of one never judged, a clean standing."""
    for standing in standings:
        if standing.sender == sender:
            return standing
    return Standing(sender)


def with_standing(standings: tuple[Standing, ...], new: Standing) -> tuple[Standing, ...]:
    """Return standings with one of them renewed, or added at the end."""
    if all(s.sender != new.sender for s in standings):
        return (*standings, new)
    return tuple([new if s.sender == new.sender else s for s in standings])


def judged(standing: Standing, ratio: float, settings: TrustSettings) -> Standing:
    """Return a standing after one comparison.

    score <- m score + (1 - m) min(ratio, worst): the mean over the comparisons with forgetting. A partner above the
    threshold of distrust is set aside until it falls below that of acceptance, so that one good track is not enough.

    Parameters
    ----------
    ratio : float
        Squared statistical distance over its mean for honest errors (`track_ratio`, `prediction_ratio`).

    *Check* m = 0.8, worst = 10: from 1 one track far off gives 2.8, and then four honest ones of ratio 1 give 1.74.
    """
    m = settings.memory_fraction
    score = m * standing.score + (1.0 - m) * min(ratio, settings.worst_factor)
    limit = settings.distrust_factor if standing.is_trusted else settings.accept_factor
    return Standing(standing.sender, score, is_trusted=score < limit)


def track_ratio(distance2: float) -> float:
    """Return what a squared distance of two tracks counts: 1 on average for honest ones. NaN where it is not known."""
    return distance2 / TRACK_PARTS


def prediction_ratio(own: EvaluationHistory, row: int, record: ImpactPrediction) -> float:
    """Return what the distance of two predicted impact points counts, by the own ellipse and the told radius (2 sigma).

    The larger axis of the own ellipse is taken for both, which refuses less.
    """
    lat, lon = own.impact_rad[row].tolist()
    apart_m, _, _, _ = geodesic_inverse(lat, lon, record.impact_lat_rad, record.impact_lon_rad)
    sigma2 = 0.25 * (float(own.ellipse_m[row, 0]) ** 2 + record.radius_m**2) + record.position_grid_m**2 / 12.0
    return apart_m**2 / (PLACE_PARTS * sigma2) if sigma2 > 0.0 else math.nan


def is_admitted(per_minute: float, now_s: float, began_s: float, settings: TrustSettings) -> bool:
    """Whether a message that arrives in a steady flood is among those taken in its minute; the rest is dropped.

    Minutes count from the flood's beginning; of each the first messages are taken, up to the quota. Whoever floods
    drowns its own word: other senders have quotas of their own, and nothing local waits.

    *Check* 6000 a minute against a quota of 600: what arrives in the first 6 s of a minute is taken.
    """
    if per_minute <= settings.messages_per_minute_count or now_s < began_s:
        return True
    before = ((now_s - began_s) % MINUTE_S) * per_minute / MINUTE_S
    return before < settings.messages_per_minute_count


def is_broken(case: Case, intercept_s: float, now_s: float, settings: TrustSettings) -> bool:
    """Whether an announced engagement of an object has come to nothing: no result, and own sensors saw it fly on."""
    if now_s < intercept_s + settings.claim_grace_s or case.own is None:
        return False
    time_s = case.own.track.time_s
    last = int(time_s.searchsorted(now_s, side="right")) - 1
    return last >= 0 and float(time_s[last]) > intercept_s + SEEN_AFTER_S


def broken_claims(cases: Iterable[Case], claimant: str, now_s: float, settings: TrustSettings) -> int:
    """Return how many engagements that a complex announced came to nothing; a miss that it reported does not count."""
    return sum(
        is_broken(case, intercept_s, now_s, settings)
        for case in cases
        for complex_id, intercept_s in case.claims
        if complex_id == claimant
    )


def believed(
    claims: tuple[tuple[str, float], ...],
    cases: Iterable[Case],
    own: str,
    now_s: float,
    settings: TrustSettings,
) -> tuple[tuple[str, float], ...]:
    """Return the announcements that may hold this complex' fire: own ones, and those of claimants who keep their word.

    Of the cases of a complex only those count in which an announced time has passed.
    """
    cases = tuple(cases)
    return tuple(
        claim
        for claim in claims
        if claim[0] == own or broken_claims(cases, claim[0], now_s, settings) < settings.broken_claims_count
    )


def forgotten(case: Case, sender: str) -> Case:
    """Return a case without what a sender said about it: track, announcements, its part in the joint picture."""
    claims = tuple(c for c in case.claims if c[0] != sender)
    log = tuple(entry for entry in case.log if entry.complex_id != sender)  # what is missing lets this side fire
    if claims != case.claims or log != case.log:
        case = msgspec.structs.replace(case, claims=claims, log=log)
    if case.partner_from != sender:
        return case
    return msgspec.structs.replace(case, partner=None, partner_from="", joint=None, joint_rule="", is_joint_new=False)
