"""Radars: every look at an object is worked out once, then search, track and cue choose among them.

`look_tables` does everything that no command arrangement can change: is the object in view of slot k of the radar's own
look clock, how likely is a detection in a search dwell and in a track dwell, what would be measured, which false
detection lies beside it, and which slots the radar's time has to leave to other objects. Chance and measurement belong
to (sensor, object, slot). `detect` then walks a table in one mode or the other; a cue changes *when* track looks start
and nothing else, so a detection that occurs under two arrangements is the same detection.

A search hit is followed at once by a verification dwell with the energy of a track dwell, and it is that dwell which is
measured: accuracy does not depend on the mode. Left out: land, sea and rain clutter, jamming, decoys.
"""

import math
from collections.abc import Sequence

import msgspec
import numpy as np

from diptych.kernels import clutter
from diptych.kernels import looks as kernel
from diptych.kernels.detection import detection_threshold
from diptych.kernels.draws import draw4, name_hash
from diptych.model.looks import Detections, Echo, LookTable
from diptych.model.picture import Floats, Ints
from diptych.model.scenario import Radar
from diptych.sensing.clutter import TRACK_WINDOW_CELLS, any_in_window

_LOOK = name_hash("look")
_PHASE = name_hash("search-phase")
_FALSE = name_hash("false-detection")
_NO_FALSE = np.empty((0, 3)), np.empty((0, 3, 3)), np.empty((0, 2))
RATE_WINDOW_SIGMAS = 8.0
"""Half width of the track window in range rate, in standard deviations; assumed."""


def look_tables(
    radar: Radar,
    echoes: Sequence[Echo],
    truths: Sequence[Floats],
    t0_s: Sequence[float],
    seed: int,
    replicate: int,
    sensor_hash: int,
    object_hashes: Sequence[int],
) -> tuple[LookTable, ...]:
    """Return the looks of one radar at every object, its time for track looks shared among those in view.

    Parameters
    ----------
    radar : Radar
    echoes, truths, t0_s, object_hashes : sequences, one entry for each object
        As in `look_table`.

    Returns
    -------
    tuple of LookTable
        In the order of the objects.
    """
    settings = _settings(radar)
    tables = tuple(
        _one_table(radar, settings, echo, truth, t0, seed, replicate, sensor_hash, target)
        for echo, truth, t0, target in zip(echoes, truths, t0_s, object_hashes, strict=True)
    )
    return share_looks(tables, radar.track_capacity_hz * radar.track_revisit_s)


def look_table(
    radar: Radar,
    echo: Echo | float,
    truth_ecef: Floats,
    t0_s: float,
    seed: int,
    replicate: int,
    sensor_hash: int,
    object_hash: int,
) -> LookTable:
    """Return every look of a radar that has the object in view, as if no other object took its time.

    Parameters
    ----------
    radar : Radar
    echo : Echo or float
        Cross-section; a number (m2) stands for an object that returns the same to every side at all times.
    truth_ecef : (T, 6) float64
        True state on a 1 s grid, row 0 at `t0_s`, from launch to impact; m and m/s, ECEF.
    t0_s : float
        Launch time, seconds of the run, >= 0.
    seed, replicate : int
        Root seed and number of the replicate.
    sensor_hash, object_hash : int
        `kernels.draws.name_hash` of the ids.

    Returns
    -------
    LookTable
        Rows in time order; empty if the object never comes into view.

    Check
    -----
    A steady 1 m2 at the reference range of a 1 m2 radar with Swerling 1: track Pd 0.531; with a search range factor of
    0.8, search Pd 0.234.
    """
    if not isinstance(echo, Echo):
        echo = Echo(echo, echo, echo, 0.0)
    return _one_table(radar, _settings(radar), echo, truth_ecef, t0_s, seed, replicate, sensor_hash, object_hash)


def _settings(radar: Radar) -> tuple[Floats, Floats, Floats, Floats]:
    """Return site (3,), view (9,) and power (11,) of a radar as its kernel wants them, and its place (3,) ECEF, m."""
    site = np.array([radar.place.lat_rad, radar.place.lon_rad, radar.place.alt_m])
    view = np.array(
        [
            radar.boresight_az_rad,
            radar.az_half_width_rad,
            radar.el_min_rad,
            radar.el_max_rad,
            float(radar.faces),
            radar.tilt_rad,
            math.cos(radar.scan_limit_rad),
            radar.scan_loss_exponent,
            radar.search_el_max_rad,
        ]
    )
    power = np.array(
        [
            radar.reference_range_m,
            radar.reference_rcs_m2,
            radar.search_range_factor,
            radar.range_error_m,
            radar.angle_error_rad,
            radar.error_floor,
            radar.false_alarm,
            math.nan if radar.range_rate_error_mps is None else radar.range_rate_error_mps,
            float(radar.swerling),
            float(radar.pulses),
            detection_threshold(radar.false_alarm, radar.pulses),
        ]
    )
    return site, view, power, np.array(radar.place.ecef_m)


def _one_table(
    radar: Radar,
    settings: tuple[Floats, Floats, Floats, Floats],
    echo: Echo,
    truth_ecef: Floats,
    t0_s: float,
    seed: int,
    replicate: int,
    sensor_hash: int,
    object_hash: int,
) -> LookTable:
    """Return the looks of a radar at one object; see `look_table`."""
    site, view, power, site_ecef = settings
    returns = np.array([echo.payload_m2, echo.body_m2, echo.broadside_m2 / echo.payload_m2, echo.separation_s])
    slot, values, measured, cov, place_ecef = kernel.look_rows(
        truth_ecef,
        t0_s,
        radar.track_revisit_s,
        site,
        view,
        power,
        returns,
        seed,
        replicate,
        _LOOK,
        sensor_hash,
        object_hash,
    )
    every = max(1, round(radar.search_revisit_s / radar.track_revisit_s))
    phase_draw, _, _, _ = draw4(seed, replicate, _PHASE, sensor_hash, object_hash, 0)
    if slot.size:
        chance = any_in_window(radar.false_alarm, TRACK_WINDOW_CELLS)
        false_row, place = clutter.false_rows(slot, chance, seed, replicate, _FALSE, sensor_hash, object_hash)
        false = _false_detections(radar, power[10], truth_ecef, values[0][false_row] - t0_s, place)
    else:
        false_row, false = slot, _NO_FALSE
    return LookTable(
        slot=slot,
        time_s=values[0],
        pd_search=values[1],
        pd_track=values[2],
        chance=values[3],
        measured_ecef_m=measured,
        cov_ecef_m2=cov,
        search_every=every,
        search_phase=int(phase_draw * every),
        track_revisit_s=radar.track_revisit_s,
        site_ecef_m=site_ecef,
        range_rate_mps=values[4],
        range_rate_sigma_mps=values[5],
        place_ecef_m=place_ecef,
        false_row=false_row,
        false_ecef_m=false[0],
        false_cov_ecef_m2=false[1],
        false_range_rate_mps=false[2],
    )


def _false_detections(
    radar: Radar, threshold: float, truth_ecef: Floats, at_s: Floats, place: Floats
) -> tuple[Floats, Floats, Floats]:
    """Return position (m, 3), covariance (m, 3, 3) and range rate with its sigma (m, 2) of false detections.

    Uniform in the window round the object: `TRACK_WINDOW_CELLS` range cells long, one beam wide and high, and
    `RATE_WINDOW_SIGMAS` to either side in range rate. They claim the accuracy of an echo at the threshold.
    """
    n = at_s.shape[0]
    if n == 0:
        return _NO_FALSE
    found, cov, rate = np.empty((n, 3)), np.empty((n, 3, 3)), np.full((n, 2), np.nan)
    site = np.array(radar.place.ecef_m)
    rows = int(np.isfinite(truth_ecef[:, 0]).sum())
    factor = max(radar.error_floor, math.sqrt(kernel.REFERENCE_SNR * radar.pulses / threshold))
    for i in range(n):
        at = max(0.0, float(at_s[i]))
        centre = np.array(kernel.position_at(truth_ecef, at, rows))
        slant = float(np.linalg.norm(centre - site))
        # The same drawing as a measurement, with the window's half widths for sigmas and uniforms for normals.
        half_range = 0.5 * TRACK_WINDOW_CELLS * radar.range_resolution_m
        kernel.measure(centre, site, half_range, 0.5 * radar.beamwidth_rad, 2.0 * place[i, :3] - 1.0, found[i], cov[i])
        sigmas = radar.range_error_m * factor, radar.angle_error_rad * factor
        kernel.measure(found[i].copy(), site, sigmas[0], sigmas[1], np.zeros(3), centre, cov[i])
        if radar.range_rate_error_mps is not None:
            velocity = np.array(kernel.velocity_at(truth_ecef, at, rows))
            true_rate = float(velocity @ (found[i] - site)) / slant
            wide = RATE_WINDOW_SIGMAS * radar.range_rate_error_mps
            rate[i] = true_rate + wide * (2.0 * place[i, 3] - 1.0), radar.range_rate_error_mps * factor
    return found, cov, rate


def share_looks(tables: tuple[LookTable, ...], looks_per_slot: float) -> tuple[LookTable, ...]:
    """Return the tables with track looks taken out where a radar has more objects in view than time.

    In slot k with D objects in view and a budget of B looks a slot, floor((k + 1) B) - floor(k B) of them are looked
    at, in rotation, so that each gets B / D of its slots. Objects in view stand for objects in track, which they
    bound: what is taken out does not depend on who tracks what. A slot without a track look has `pd_track` 0.

    *Check* 4 objects and 2 looks a slot: each keeps every other slot.
    """
    busy = [i for i, table in enumerate(tables) if table.slot.size]
    if len(busy) <= looks_per_slot:
        return tables
    first = min(int(tables[i].slot[0]) for i in busy)
    last = max(int(tables[i].slot[-1]) for i in busy)
    demand = np.zeros(last - first + 1, np.int64)
    rank = []
    for i in busy:
        at = tables[i].slot - first
        rank.append(demand[at])
        demand[at] += 1
    if demand.max() <= looks_per_slot:
        return tables
    slots = np.arange(first, last + 1)
    start = np.floor(slots * looks_per_slot).astype(np.int64)
    budget = np.floor((slots + 1) * looks_per_slot).astype(np.int64) - start
    shared = list(tables)
    for i, mine in zip(busy, rank, strict=True):
        at = tables[i].slot - first
        is_kept = (mine - start[at]) % demand[at] < budget[at]
        if not is_kept.all():
            shared[i] = msgspec.structs.replace(tables[i], pd_track=np.where(is_kept, tables[i].pd_track, 0.0))
    return tuple(shared)


def detect(table: LookTable, cue_from_s: float = math.inf, until_s: float = math.inf) -> Ints:
    """Return the rows of the table that are detections, increasing.

    `cue_from_s` is when the cued beam starts to look: the cue, the radar's `cue_latency_s` and the time to cover the
    cue's uncertainty (`sensing.cue`), which the caller adds; inf means never. `until_s` ends the object (killed); later
    looks see nothing.
    """
    hit, _ = _walk(table, cue_from_s)
    return np.flatnonzero(hit & (table.time_s <= until_s)).astype(np.int64)


def observe(table: LookTable, radar_index: int, cue_from_s: float = math.inf, until_s: float = math.inf) -> Detections:
    """Return the detections themselves, the false ones of the track looks among them, in time order.

    `radar_index` is the radar's place in the scenario; it decides the order of detections at equal times. A false
    detection follows the true one of its look.
    """
    hit, mode = _walk(table, cue_from_s)
    rows = np.flatnonzero(hit & (table.time_s <= until_s))
    found = Detections(
        radar=radar_index,
        slot=table.slot[rows],
        time_s=table.time_s[rows],
        measured_ecef_m=table.measured_ecef_m[rows],
        cov_ecef_m2=table.cov_ecef_m2[rows],
        revisit_s=table.track_revisit_s,
        is_false=np.zeros(rows.shape[0], np.bool_),
        range_rate_mps=table.range_rate_mps[rows],
        range_rate_sigma_mps=table.range_rate_sigma_mps[rows],
        site_ecef_m=table.site_ecef_m,
    )
    if not table.false_row.size:
        return found
    is_made = (mode[table.false_row] == 2) & (table.time_s[table.false_row] <= until_s)
    return _with_false(found, table, np.flatnonzero(is_made)) if is_made.any() else found


def _with_false(found: Detections, table: LookTable, chosen: Ints) -> Detections:
    """Return the detections with the chosen false ones put in their places."""
    rows = table.false_row[chosen]
    time_s = np.concatenate([found.time_s, table.time_s[rows]])
    order = np.argsort(time_s, kind="stable")
    rate = table.false_range_rate_mps[chosen]
    return msgspec.structs.replace(
        found,
        slot=np.concatenate([found.slot, table.slot[rows]])[order],
        time_s=time_s[order],
        measured_ecef_m=np.concatenate([found.measured_ecef_m, table.false_ecef_m[chosen]])[order],
        cov_ecef_m2=np.concatenate([found.cov_ecef_m2, table.false_cov_ecef_m2[chosen]])[order],
        is_false=np.concatenate([found.is_false, np.ones(rows.shape[0], np.bool_)])[order],
        range_rate_mps=np.concatenate([found.range_rate_mps, rate[:, 0]])[order],
        range_rate_sigma_mps=np.concatenate([found.range_rate_sigma_mps, rate[:, 1]])[order],
    )


def _walk(
    table: LookTable, cue_from_s: float
) -> tuple[np.ndarray[tuple[int], np.dtype[np.bool_]], np.ndarray[tuple[int], np.dtype[np.int8]]]:
    """Return which rows are detections and the mode of each row."""
    mode = np.empty(table.slot.shape[0], np.int8)
    hit = kernel.pick_looks(
        table.slot,
        table.time_s,
        table.pd_search,
        table.pd_track,
        table.chance,
        table.search_every,
        table.search_phase,
        cue_from_s,
        mode,
    )
    return hit, mode
