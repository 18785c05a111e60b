"""Is the tracker as sure as it ought to be? Three catalogue classes, three radar classes, the truth's own flight.

Unlike the unit tests this uses `kernels.flight` (stages, US76, the true ballistic coefficient) and `edge.catalogue`.
Normalised error squared (NEES) of six states has expectation 6; the mean over independent runs is compared, after
burnout, after confirmation and above the air (in the air the tracker knows neither the coefficient nor the density and
says so by being unsure). The 2-sigma ellipse must hold the true impact at least as often as two Gaussian components
would have it, less what the small sample allows.
"""

from __future__ import annotations

from math import inf, pi

import numpy as np
import pytest

from diptych.edge.catalogue import find_entry, load_catalogue
from diptych.evaluation.impact import evaluate
from diptych.kernels.draws import name_hash
from diptych.kernels.earth import ecef_to_geodetic_many, enu_basis, geodetic_to_ecef
from diptych.kernels.flight import fly
from diptych.kernels.geodesic import geodesic_direct
from diptych.model.scenario import Place, Radar
from diptych.sensing.looks import look_table, observe
from diptych.tracking.follow import follow
from diptych.truth.flight import Vehicle, solve_steering
from tests.helpers.seen import checker

RUNS = 200
J2_ON = True
LAUNCH = (np.radians(34.0), np.radians(46.0), 1000.0)
THREATS = {"srbm-600": 500e3, "mrbm-1300-liquid": 1100e3, "mrbm-2200-solid": 2000e3}
RADARS = ("forward-x-band", "early-warning-vhf", "naval-s-band")


def _radar(class_id: str) -> Radar:
    """Return a radar of a catalogue class at 37.5 N 41 E, looking all round, with a search fence from the horizon."""
    entry = find_entry(load_catalogue(), "sensors", class_id)
    lat, lon = np.radians(37.5), np.radians(41.0)
    return Radar(
        id=class_id, class_id=class_id, owner="AA", host="AA",
        place=Place("here", lat, lon, 100.0, geodetic_to_ecef(lat, lon, 100.0)),
        boresight_az_rad=0.0, az_half_width_rad=pi, el_min_rad=entry.el_min_rad.mid, el_max_rad=entry.el_max_rad.mid,
        reference_range_m=entry.reference_range_m.mid, reference_rcs_m2=entry.reference_rcs_m2.mid,
        search_range_factor=entry.search_range_factor.mid, search_revisit_s=entry.search_revisit_s.mid,
        track_revisit_s=entry.track_revisit_s.mid, range_error_m=entry.range_error_m.mid,
        angle_error_rad=entry.angle_error_rad.mid, cue_latency_s=entry.cue_latency_s.mid,
        beamwidth_rad=entry.beamwidth_rad.mid, range_resolution_m=entry.range_resolution_m.mid,
        track_capacity_hz=entry.track_capacity_hz.mid,
    )  # fmt: skip


def _flight(class_id: str, range_m: float) -> tuple[np.ndarray, float, np.ndarray, float]:
    """Return samples (T, 6), time of burnout, impact point (3,) ECEF and cross-section of one flight."""
    entry = find_entry(load_catalogue(), "threats", class_id)
    vehicle = Vehicle(
        stages=tuple(
            (s.thrust_n.mid, s.isp_s.mid * 9.80665, s.dry_mass_kg.mid, s.propellant_mass_kg.mid,
             s.drag_coefficient.mid * pi / 4 * s.diameter_m.mid**2)
            for s in entry.stages
        ),
        payload_kg=entry.payload_mass_kg.mid, beta_kg_m2=entry.ballistic_coefficient_kg_m2.mid,
    )  # fmt: skip
    aim = geodesic_direct(LAUNCH[0], LAUNCH[1], np.radians(310.0), range_m)[:2]
    steering = solve_steering(vehicle, *LAUNCH, *aim)
    samples, _, _, events, impact, status = fly(
        *LAUNCH, vehicle.stage_array(), vehicle.payload_kg, vehicle.beta_kg_m2, steering.as_array(), J2_ON,
        np.arange(0.0, 2000.0),
    )  # fmt: skip
    assert status == 0
    return samples[np.isfinite(samples[:, 0])], events[0], impact, entry.rcs_m2.mid


@pytest.mark.parametrize("threat", THREATS)
@pytest.mark.parametrize("sensor", RADARS)
def test_error_after_burnout_is_what_the_filter_says_and_the_ellipse_holds_the_impact(threat: str, sensor: str) -> None:
    truth, burnout_s, impact, rcs_m2 = _flight(threat, THREATS[threat])
    radar = _radar(sensor)
    territory = checker()
    height = ecef_to_geodetic_many(truth)[:, 2]
    nees, inside, early, tracked = [], [], 0, 0
    for run in range(RUNS):
        table = look_table(radar, rcs_m2, truth, 0.0, 2012, run, name_hash(sensor), name_hash(threat))
        track = follow([observe(table, 0, inf)])
        usable = track.is_ballistic & (track.time_s >= track.confirmed_s)
        if not usable.any():
            continue
        tracked += 1
        early += bool(track.time_s[np.argmax(track.is_ballistic)] < burnout_s)
        second = np.round(track.time_s).astype(int)
        usable &= (track.time_s > burnout_s) & (height[second] > 100e3)
        if usable.any():
            e = track.state_ecef[usable] - truth[second[usable]]
            nees.append(
                np.mean(np.einsum("ni,ni->n", e, np.linalg.solve(track.cov_ecef[usable], e[..., None])[..., 0]))
            )
        found = evaluate(track, territory)
        holds = []
        for (lat, lon), (major, minor, azimuth) in zip(found.impact_rad, found.ellipse_m, strict=True):
            east, north, _ = enu_basis(lat, lon) @ (impact - np.array(geodetic_to_ecef(lat, lon, 0.0)))
            along = east * np.sin(azimuth) + north * np.cos(azimuth)
            across = east * np.cos(azimuth) - north * np.sin(azimuth)
            holds.append((along / major) ** 2 + (across / minor) ** 2 <= 1.0)
        inside.append(np.mean(holds))
    print(
        f"{threat} {sensor}: tracked {tracked}/{RUNS}, NEES {np.mean(nees) if nees else np.nan:.2f}"
        f" ± {np.std(nees) / np.sqrt(max(1, len(nees))):.2f}, ellipse holds {np.mean(inside):.3f}, early {early}"
    )
    assert tracked > 0
    assert early <= 0.02 * tracked
    assert np.mean(inside) >= 0.85
    if len(nees) >= 20:
        assert np.mean(nees) == pytest.approx(6.0, rel=0.2)
