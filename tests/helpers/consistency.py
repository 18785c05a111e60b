"""Tracks of every range class by several sensor sets, with what a filter owes: NEES, whiteness, impact ellipses.

For `verification/test_tracking_consistency.py` and `tools/tracking_pictures.py`. The truth is the product's own powered
flight with J2 and US76; each run draws a ballistic coefficient as trackers take them to be spread, or all have the
class's own. Radars are those of the shipped scenario's classes, put
near the launch area and looking all round. An object is alone and uncued.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from math import inf, pi

import msgspec
import numpy as np
from scipy.stats import chi2

from diptych.edge.build import load_scenario
from diptych.edge.catalogue import load_catalogue
from diptych.edge.schema.raid import shipped_threats
from diptych.evaluation.impact import evaluate
from diptych.kernels.draws import draw4, name_hash, normal_quantile
from diptych.kernels.earth import ecef_to_geodetic, ecef_to_geodetic_many, enu_basis, geodetic_to_ecef
from diptych.kernels.flight import fly
from diptych.kernels.geodesic import geodesic_direct
from diptych.model.looks import LaunchWarning
from diptych.model.scenario import Place, Radar
from diptych.model.tracker import SHIPPED
from diptych.sensing.looks import look_table, observe
from diptych.tracking.tracker import hand_over, merge, track
from diptych.truth.flight import solve_steering
from diptych.truth.vehicle import vehicle_of
from tests.helpers.seen import checker

LAUNCH = (np.radians(34.0), np.radians(46.0), 1000.0)
AZIMUTH = np.radians(310.0)
CLASSES = {
    "srbm-300": 250e3,
    "srbm-600": 500e3,
    "mrbm-1300-liquid": 1100e3,
    "mrbm-1600-liquid": 1400e3,
    "mrbm-2200-solid": 2000e3,
    "irbm-4500": 4000e3,
    "icbm-10000-liquid": 9000e3,
    "icbm-10000-solid": 9000e3,
}
# Sensor sets: (radar of the shipped scenario, latitude, longitude), and whether a space warning gives the launch point.
SETS = {
    "one radar": ((("kurecik", 37.5, 41.0),), False),
    "two radars": ((("kurecik", 37.5, 41.0), ("gabala", 39.0, 44.0)), False),
    "radar + infrared": ((("gabala", 37.5, 41.0),), True),
}
WARNED_AFTER_S, LAUNCH_POINT_ERROR_M = 45.0, 5000.0
EARLY_S = 30.0  # steps this soon after burnout are the early part: the decision itself chose what went into them
FEWEST = 30  # runs with an update at a time step for the step to count


@dataclass
class Consistency:
    """Sums over runs by time step (seconds of flight); see `study`."""

    burnout_s: float
    height_m: np.ndarray
    nees: list[list[float]]
    products: np.ndarray = field(default_factory=lambda: np.zeros((6, 2)))
    impacts: list[tuple[float, float, float]] = field(default_factory=list)
    tracked: int = 0
    early: int = 0
    runs: int = 0

    def steps(self) -> np.ndarray:
        """Return (k, 4): time, runs, mean NEES, whether it lies in the 95 % band of the chi-square of 6 n."""
        rows = []
        for t, values in enumerate(self.nees):
            n = len(values)
            if n >= FEWEST:
                low, high = chi2.ppf([0.025, 0.975], 6 * n) / n
                mean = float(np.mean(values))
                rows.append((t, n, mean, low <= mean <= high))
        return np.array(rows, dtype=float).reshape(-1, 4)

    def mean(self) -> float:
        """Return the mean NEES over all runs and time steps."""
        return float(np.mean([v for values in self.nees for v in values]))

    def whiteness(self) -> np.ndarray:
        """Return the autocorrelation of the whitened innovations at lags 1 to 5, over all runs."""
        return self.products[1:, 0] / self.products[1:, 1]


@cache
def site(name: str, lat_deg: float, lon_deg: float) -> Radar:
    """Return a radar of the shipped scenario elsewhere, looking all round from its lowest elevation up."""
    lat, lon = np.radians(lat_deg), np.radians(lon_deg)
    own = next(r for r in load_scenario("europe-2012").radars if r.id == name)
    return msgspec.structs.replace(
        own, place=Place("here", lat, lon, 100.0, geodetic_to_ecef(lat, lon, 100.0)), az_half_width_rad=pi,
        el_max_rad=0.5 * pi, search_el_max_rad=0.5 * pi, faces=0, tilt_rad=0.0, scan_limit_rad=pi,
        scan_loss_exponent=0.0, track_capacity_hz=1e3,
    )  # fmt: skip


@cache
def steered(class_id: str):
    """Return a threat class, its vehicle and the steering of its flight."""
    threat = next(c for c in shipped_threats(load_catalogue()) if c.id == class_id)
    vehicle = vehicle_of(threat)
    aim = geodesic_direct(LAUNCH[0], LAUNCH[1], AZIMUTH, CLASSES[class_id])[:2]
    return threat, vehicle, solve_steering(vehicle, *LAUNCH, *aim)


def truth(class_id: str, beta_kg_m2: float | None = None) -> tuple[np.ndarray, float, np.ndarray, float]:
    """Return samples (T, 6), time of burnout, impact point (3,) ECEF and cross-section of a class's flight.

    beta_kg_m2: another ballistic coefficient than the class's own.
    """
    threat, vehicle, steering = steered(class_id)
    samples, _, _, events, impact, status = fly(
        *LAUNCH, vehicle.stage_array(), vehicle.payload_kg, beta_kg_m2 or vehicle.beta_kg_m2, steering.as_array(), True,
        np.arange(0.0, 3400.0),
    )  # fmt: skip
    assert status == 0, (class_id, status)
    return samples[np.isfinite(samples[:, 0])], float(events[0]), impact, threat.rcs_m2


def drawn_beta(seed: int, run: int) -> float:
    """Return a ballistic coefficient as trackers take it to be spread: what their covariance is the average over."""
    u, *_ = draw4(seed, run, name_hash("ballistic-coefficient"), 1, 2, 0)
    return SHIPPED.ballistic_coefficient_kg_m2 * SHIPPED.ballistic_coefficient_factor ** normal_quantile(u)


def warned(seed: int, run: int) -> tuple[LaunchWarning, float]:
    """Return a space warning of the launch: late, off by some kilometres, with the true launch time."""
    u = draw4(seed, run, name_hash("launch-warning"), 1, 2, 0)
    east, north, _ = enu_basis(LAUNCH[0], LAUNCH[1])
    off = [normal_quantile(v) * LAUNCH_POINT_ERROR_M for v in u[:2]]
    point = np.array(geodetic_to_ecef(*LAUNCH)) + off[0] * east + off[1] * north
    lat, lon, _ = ecef_to_geodetic(*point.tolist())
    cov = (LAUNCH_POINT_ERROR_M**2, 0.0, LAUNCH_POINT_ERROR_M**2)
    return LaunchWarning(WARNED_AFTER_S, lat, lon, tuple(point.tolist()), LAUNCH_POINT_ERROR_M, cov, 0.0, 0.0), 0.0


def study(
    class_id: str, sensors: str, runs: int, *, seed: int = 2012, first: int = 0, with_impacts: bool = False,
    is_drawn: bool = True,
) -> Consistency:  # fmt: skip
    """Return the `Consistency` of a number of independent runs; `is_drawn`: each with a coefficient of its own.

    NEES counts the last update of each second after confirmation, after true burnout, and while the filter holds the
    object to coast: one for each run, because a second radar's a moment later says nearly the same again. Whiteness
    counts the innovations of all such rows. impacts: time before impact s, error m, error over the ellipse there.
    """
    samples, burnout_s, impact, rcs_m2 = truth(class_id)
    places, is_warned = SETS[sensors]
    radars = [site(*place) for place in places]
    found = Consistency(burnout_s, ecef_to_geodetic_many(samples)[:, 2], [[] for _ in range(len(samples) + 600)])
    territory = checker()
    for run in range(first, first + runs):
        if is_drawn:
            samples, _, impact, _ = truth(class_id, drawn_beta(seed, run))
        looks = [
            observe(look_table(r, rcs_m2, samples, 0.0, seed, run, name_hash(r.id), name_hash(class_id)), i, inf)
            for i, r in enumerate(radars)
        ]
        tracked = track(merge([looks]), launches=[warned(seed, run)] if is_warned else [])
        history = hand_over(tracked, 1).histories[0]
        found.runs += 1
        usable = history.is_ballistic & (history.time_s >= history.confirmed_s)
        if not usable.any():
            continue
        found.tracked += 1
        found.early += bool(history.time_s[np.argmax(history.is_ballistic)] < burnout_s)
        usable &= history.time_s > burnout_s
        second = np.round(history.time_s[usable]).astype(int)
        error = history.state_ecef[usable] - samples[second]
        nees = np.einsum("ni,ni->n", error, np.linalg.solve(history.cov_ecef[usable], error[..., None])[..., 0])
        for t, value in dict(zip(second.tolist(), nees.tolist(), strict=True)).items():
            found.nees[t].append(value)
        _add_innovations(found, tracked, burnout_s)
        if with_impacts:
            _add_impacts(found, evaluate(history, territory), impact, len(samples))
    return found


def _add_innovations(found: Consistency, tracked, burnout_s: float) -> None:
    main = np.bincount(tracked.track).argmax()
    rows = np.flatnonzero((tracked.track == main) & tracked.is_ballistic & (tracked.scans.time_s > burnout_s))[1:]
    white = tracked.innovation[rows]
    for lag in range(1, 6):
        a, b = white[:-lag], white[lag:]
        found.products[lag] += np.sum(a * b), np.sqrt(np.sum(a * a) * np.sum(b * b))


def _add_impacts(found: Consistency, evaluation, impact: np.ndarray, flight_s: int) -> None:
    for t, (lat, lon), (major, minor, azimuth) in zip(
        evaluation.time_s, evaluation.impact_rad, evaluation.ellipse_m, strict=True
    ):
        east, north, _ = enu_basis(lat, lon) @ (impact - np.array(geodetic_to_ecef(lat, lon, 0.0)))
        along = east * np.sin(azimuth) + north * np.cos(azimuth)
        across = east * np.cos(azimuth) - north * np.sin(azimuth)
        edge = np.hypot(along / major, across / minor)
        found.impacts.append((flight_s - float(t), float(np.hypot(east, north)), float(edge)))


def row(class_id: str, sensors: str, found: Consistency) -> str:
    """Return a line of the table of docs/explanation/tracking.md."""
    steps = found.steps()
    late = steps[steps[:, 0] > found.burnout_s + EARLY_S]
    held = np.mean([edge <= 1.0 for _, _, edge in found.impacts]) if found.impacts else np.nan
    band, late_band = 100 * steps[:, 3].mean(), 100 * late[:, 3].mean()
    white = np.abs(found.whiteness()).max()
    return (
        f"| {class_id} | {sensors} | {found.tracked} of {found.runs} | {len(steps)} | {band:.0f} % | "
        f"{late_band:.0f} % | {found.mean():.2f} | {white:.3f} | {100 * held:.0f} % |"
    )
