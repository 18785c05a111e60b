"""A partner's track beside the own one: do they agree, and what do the two say together?

A fused estimate is a view, made anew whenever it is asked for from two things only: the own track, which holds own
detections alone, and the newest record of a partner. It never goes back into a filter. So the rounding of a record is
never averaged away however often the partner tells the same cell, and what a partner heard from us and tells us again
cannot make us surer.

The order of checks in `fuse` is the rule: is the record usable; is it in already; does it hold anything but our own
radars; does it agree with our own track; may the asked rule be used, or only covariance intersection. A track that does
not agree is reported and left alone. What protects from a double count does not protect from a lie told in good
numbers: see docs/explanation/fusion.md for what a false or an over-confident partner can do.

Arithmetic and sources: `kernels.fusion`.
"""

import math
from collections.abc import Callable, Sequence

import numpy as np

from diptych.kernels import fusion as kernel
from diptych.kernels import status as st
from diptych.kernels.ballistic import GENERIC_BETA_KG_M2, VACUUM_M
from diptych.kernels.earth import radial_height_m
from diptych.model.messages import SharedTrack
from diptych.model.picture import Floats, Fused, Ints, TrackMoment
from diptych.tracking.associate import associate

CONSISTENT_BELOW = 22.457744484825323
"""Two tracks of one object lie within this squared distance 999 times in 1000: chi-square, 6 degrees of freedom."""

APART_M = 1_000_000.0
APART_MPS = 1_000.0
"""How widely objects that only one side tracks are thought to be spread, per axis, when tracks are paired: position and
velocity. Assumed; a thousandfold volume moves the price of a pair by 7, against distances that grow by 22 to a gate."""

REASONS: dict[str, str] = {
    "fused": "fused by the rule asked for",
    "shared-sensor": "both rest on a radar in common: covariance intersection instead",
    "shared-message": "both rest on a record in common: covariance intersection instead",
    "unknown-sensor": "the record does not say which radars it rests on: covariance intersection instead",
    "under-power": "not known to have burnt out, so the errors have the motion in common: covariance intersection",
    "in-the-air": "below 120 km both sides guess the same drag: covariance intersection instead",
    "unusable": "not fused: no covariance, not positive definite, not finite, or from the future",
    "already-in": "not fused: this record is in the own estimate already",
    "own-data": "not fused: the record rests on own radars only and holds nothing new",
    "inconsistent": "not fused: the record contradicts the own track",
}

CAUTIOUS = "covariance-intersection"


def _intersect(own: TrackMoment, partner: TrackMoment) -> tuple[Floats, Floats, float, int]:
    """Covariance intersection: valid whatever the two have in common."""
    x, p = np.empty(6), np.empty((6, 6))
    weight, status = kernel.intersect(own.state_ecef, own.cov_ecef, partner.state_ecef, partner.cov_ecef, x, p)
    return x, p, weight, status


def _add(own: TrackMoment, partner: TrackMoment) -> tuple[Floats, Floats, float, int]:
    """Errors taken as independent: `may_add` says when."""
    x, p = np.empty(6), np.empty((6, 6))
    status = kernel.add_information(own.state_ecef, own.cov_ecef, partner.state_ecef, partner.cov_ecef, x, p)
    return x, p, math.nan, status


Rule = Callable[[TrackMoment, TrackMoment], tuple[Floats, Floats, float, int]]

FUSION: dict[str, Rule] = {CAUTIOUS: _intersect, "disjoint-sensors": _add}
"""Rules of fusion by name: state (6,), covariance (6, 6), weight of the own track (NaN: none), status."""


def moment_of(
    record: SharedTrack, now_s: float, message: str, beta_kg_m2: float = GENERIC_BETA_KG_M2
) -> TrackMoment | None:
    """Return what a partner's record says of now: rounding and delay added to its covariance.

    None if it cannot be used: no covariance, one that is not positive definite, numbers that are not finite, or a time
    in the future.

    Parameters
    ----------
    record : SharedTrack
    now_s : float
        Seconds of the run.
    message : str
        A name of the record that no other record has, such as sender and number.
    beta_kg_m2 : float
        Ballistic coefficient taken for granted where it is carried on through air.
    """
    if len(record.state_ecef) != 6 or len(record.cov_ecef) != 36:
        return None
    state = np.array(record.state_ecef, dtype=np.float64)
    cov = np.array(record.cov_ecef, dtype=np.float64).reshape(6, 6)
    found = prepare_partner(
        state, cov, record.time_s, now_s, record.position_grid_m, record.velocity_grid_mps,
        is_coasting=record.is_coasting, beta_kg_m2=beta_kg_m2,
    )  # fmt: skip
    if found is None:
        return None
    return TrackMoment(now_s, *found, tuple(sorted(record.radars)), (message,), record.is_coasting)


def prepare_partner(
    state_ecef: Floats,
    cov_ecef: Floats,
    time_s: float,
    now_s: float,
    position_grid_m: float = 0.0,
    velocity_grid_mps: float = 0.0,
    *,
    is_coasting: bool = True,
    beta_kg_m2: float = GENERIC_BETA_KG_M2,
) -> tuple[Floats, Floats] | None:
    """Return a track of `time_s`, rounded to a grid, as state (6,) and covariance (6, 6) of `now_s`; None if unusable.

    Each axis gains grid^2 / 12 at `time_s`; then the ballistic model with its process noise carries both on, with the
    noise of powered flight while the object is not known to have burnt out.

    *Check*: grids of 2 km and 50 m/s, no delay: the standard deviations of a perfect track are 577 m and 14.4 m/s.
    """
    x, p = np.empty(6), np.empty((6, 6))
    status = kernel.prepare(
        state_ecef, cov_ecef, now_s - time_s, position_grid_m, velocity_grid_mps, not is_coasting, x, p, beta_kg_m2
    )
    return (x, p) if status == st.OK else None


def at(moment: TrackMoment, now_s: float, beta_kg_m2: float = GENERIC_BETA_KG_M2) -> TrackMoment:
    """Return a track carried on to a later time with its process noise.

    Raises
    ------
    ValueError
        `now_s` lies before the track, or the track is not usable (not finite, not positive definite).
    """
    if moment.time_s == now_s:
        return moment
    found = prepare_partner(
        moment.state_ecef, moment.cov_ecef, moment.time_s, now_s, is_coasting=moment.is_coasting, beta_kg_m2=beta_kg_m2
    )
    if found is None:
        raise ValueError(
            f"carrying a track of {moment.time_s:.3f} s on to {now_s:.3f} s: expected a later time, finite numbers "
            "and a positive definite covariance"
        )
    return TrackMoment(now_s, *found, moment.radars, moment.messages, moment.is_coasting)


def consistency(own: TrackMoment, partner: TrackMoment) -> tuple[float, bool]:
    """Return the squared statistical distance of two tracks of one time, and whether they may be of one object.

    d^2 = (x1 - x2)^T (P1 + P2)^-1 (x1 - x2), against `CONSISTENT_BELOW`. The sum is exact for independent errors and
    too wide for errors that have something in common, so the test then refuses less. NaN and False if the sum of the
    covariances is not positive definite.
    """
    d2, _, _ = kernel.distance(own.state_ecef, own.cov_ecef, partner.state_ecef, partner.cov_ecef)
    return float(d2), bool(d2 < CONSISTENT_BELOW)


def fuse(
    own: TrackMoment, partner: TrackMoment | None, rule: str = CAUTIOUS, beta_kg_m2: float = GENERIC_BETA_KG_M2
) -> Fused:
    """Return the own track and a partner's as one estimate, with the rule that was used and why.

    Parameters
    ----------
    own : TrackMoment
    partner : TrackMoment or None
        Of the same object, as `moment_of` gives it; an earlier one of the two is carried on to the later's time.
    rule : str
        A key of `FUSION`. `disjoint-sensors` is used only where `may_add` allows it, otherwise covariance intersection
        takes its place and `reason` says why.
    beta_kg_m2 : float
        Ballistic coefficient taken for granted where one is carried on through air.

    Returns
    -------
    Fused
        Never of more volume than the own track. Where nothing is fused, the own track itself.

    Raises
    ------
    ValueError
        The rule is not in `FUSION`.
    """
    if rule not in FUSION:
        raise ValueError(f"fusing two tracks: expected a rule out of {', '.join(FUSION)}, got {rule!r}")
    if partner is None:
        return Fused(own, "", "unusable", 1.0, math.nan, is_consistent=False)
    now_s = max(own.time_s, partner.time_s)
    own, partner = at(own, now_s, beta_kg_m2), at(partner, now_s, beta_kg_m2)
    if set(partner.messages) & set(own.messages) and set(partner.messages) <= set(own.messages):
        return Fused(own, "", "already-in", 1.0, math.nan, is_consistent=True)
    d2, is_consistent = consistency(own, partner)
    if not is_consistent:
        return Fused(own, "", "unusable" if math.isnan(d2) else "inconsistent", 1.0, d2, is_consistent=False)
    if not own.messages and partner.radars and set(partner.radars) <= set(own.radars):
        return Fused(own, "", "own-data", 1.0, d2, is_consistent=True)
    reason = "fused" if rule == CAUTIOUS else may_add(own, partner)
    used = rule if reason == "fused" else CAUTIOUS
    state, cov, weight, status = FUSION[used](own, partner)
    if status != st.OK:
        return Fused(own, "", "unusable", 1.0, d2, is_consistent=False)
    moment = TrackMoment(
        time_s=now_s,
        state_ecef=state,
        cov_ecef=cov,
        radars=tuple(sorted({*own.radars, *partner.radars})),
        messages=tuple(sorted({*own.messages, *partner.messages})),
        is_coasting=own.is_coasting or partner.is_coasting,
    )
    return Fused(moment, used, reason, weight, d2, is_consistent=True)


def may_add(own: TrackMoment, partner: TrackMoment) -> str:
    """Return "fused" if the errors of two tracks may be taken as independent, else the key of the reason why not.

    No radar and no record in common, both known and both coasting, and the object above the air: what two filters still
    have in common then is 1e-7 m^2/s^3 of process noise.
    """
    if not own.radars or not partner.radars:
        return "unknown-sensor"
    if set(own.radars) & set(partner.radars):
        return "shared-sensor"
    if set(own.messages) & set(partner.messages):
        return "shared-message"
    if not (own.is_coasting and partner.is_coasting):
        return "under-power"
    if radial_height_m(own.state_ecef[0], own.state_ecef[1], own.state_ecef[2]) < VACUUM_M:
        return "in-the-air"
    return "fused"


def correlate(own: Sequence[TrackMoment], partner: Sequence[TrackMoment]) -> Ints:
    """Return for each own track the row of the partner's track of the same object, -1 where there is none.

    All of one time. A pair must pass the gate of `consistency` and be likelier than two different objects, each
    somewhere in a region of `APART_M` and `APART_MPS` on each axis: d^2 + ln det (2 pi (P1 + P2)) below
    6 (ln APART_M + ln APART_MPS). Among all pairings the likeliest; one partner's track goes to one own track at most.

    Source: Kaplan, Bar-Shalom, Blair, Assignment costs for multiple sensor track-to-track association, IEEE
    Transactions on Aerospace and Electronic Systems 44 (2), 2008.
    """
    n, m = len(own), len(partner)
    if n == 0 or m == 0:
        return np.full(n, -1, np.int64)
    d2, log_det = np.empty((n, m)), np.empty((n, m))
    kernel.distances(
        np.array([t.state_ecef for t in own]), np.array([t.cov_ecef for t in own]),
        np.array([t.state_ecef for t in partner]), np.array([t.cov_ecef for t in partner]), d2, log_det,
    )  # fmt: skip
    d2[~(d2 < CONSISTENT_BELOW)] = math.inf
    price = 6.0 * (math.log(APART_M) + math.log(APART_MPS)) - 6.0 * math.log(2.0 * math.pi)
    return associate(d2, log_det, price)
