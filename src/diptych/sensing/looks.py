"""Radars: every look at an object is worked out once, then search, track and cue choose among them.

`look_table` does everything that no command arrangement can change: is the object in view of slot k of the radar's own
look clock, how likely is a detection in a search dwell and in a track dwell, and what would be measured. Chance and
measurement belong to (sensor, object, slot). `detect` then walks the table in one mode or the other; a cue changes
*when* track looks start and nothing else, so a detection that occurs under two arrangements is the same detection.

A search hit is followed at once by a verification dwell with the energy of a track dwell, and it is that dwell which is
measured: accuracy does not depend on the mode. Left out: clutter, jamming, decoys, the radar's limited time (looks at
one object do not cost looks at another).
"""

import math

import numpy as np

from diptych.kernels import looks as kernel
from diptych.kernels.draws import draw4, name_hash
from diptych.model.looks import Detections, LookTable
from diptych.model.picture import Floats, Ints
from diptych.model.scenario import Radar

_LOOK = name_hash("look")
_PHASE = name_hash("search-phase")


def look_table(
    radar: Radar,
    rcs_m2: float,
    truth_ecef: Floats,
    t0_s: float,
    seed: int,
    replicate: int,
    sensor_hash: int,
    object_hash: int,
) -> LookTable:
    """Return every look of a radar that has the object in view.

    Parameters
    ----------
    radar : Radar
    rcs_m2 : float
        Mean radar cross-section of the object (Swerling 1), m2.
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
    A 1 m2 object at the reference range of a 1 m2 radar: track Pd 0.532; with a search range factor of 0.8, search
    Pd 0.236.
    """
    site = np.array([radar.place.lat_rad, radar.place.lon_rad, radar.place.alt_m])
    view = np.array([radar.boresight_az_rad, radar.az_half_width_rad, radar.el_min_rad, radar.el_max_rad])
    power = np.array(
        [
            radar.reference_range_m,
            radar.reference_rcs_m2,
            radar.search_range_factor,
            radar.range_error_m,
            radar.angle_error_rad,
            rcs_m2,
        ]
    )
    slot, time_s, pd_search, pd_track, chance, measured, cov = kernel.look_rows(
        truth_ecef, t0_s, radar.track_revisit_s, site, view, power, seed, replicate, _LOOK, sensor_hash, object_hash
    )
    every = max(1, round(radar.search_revisit_s / radar.track_revisit_s))
    phase_draw, _, _, _ = draw4(seed, replicate, _PHASE, sensor_hash, object_hash, 0)
    return LookTable(
        slot=slot,
        time_s=time_s,
        pd_search=pd_search,
        pd_track=pd_track,
        chance=chance,
        measured_ecef_m=measured,
        cov_ecef_m2=cov,
        search_every=every,
        search_phase=int(phase_draw * every),
        track_revisit_s=radar.track_revisit_s,
        site_ecef_m=np.array(radar.place.ecef_m),
    )


def detect(table: LookTable, cue_from_s: float = math.inf, until_s: float = math.inf) -> Ints:
    """Return the rows of the table that are detections, increasing.

    `cue_from_s` is when the cued beam starts to look: the cue plus the radar's `cue_latency_s`, which the caller adds;
    inf means never. `until_s` ends the object (killed); later looks see nothing.
    """
    hit, _ = _walk(table, cue_from_s)
    return np.flatnonzero(hit & (table.time_s <= until_s)).astype(np.int64)


def looks_made(table: LookTable, cue_from_s: float = math.inf) -> np.ndarray[tuple[int], np.dtype[np.int8]]:
    """Return the mode of each row (n,): 0 no look, 1 search, 2 track."""
    return _walk(table, cue_from_s)[1]


def observe(table: LookTable, radar_index: int, cue_from_s: float = math.inf, until_s: float = math.inf) -> Detections:
    """Return the detections themselves: `detect`, with the rows taken out of the table.

    `radar_index` is the radar's place in the scenario; it decides the order of detections at equal times.
    """
    rows = detect(table, cue_from_s, until_s)
    return Detections(
        radar=radar_index,
        slot=table.slot[rows],
        time_s=table.time_s[rows],
        measured_ecef_m=table.measured_ecef_m[rows],
        cov_ecef_m2=table.cov_ecef_m2[rows],
        revisit_s=table.track_revisit_s,
        is_false=np.zeros(rows.shape[0], np.bool_),
        range_rate_mps=np.full(rows.shape[0], np.nan),
        range_rate_sigma_mps=np.full(rows.shape[0], np.nan),
        site_ecef_m=table.site_ecef_m,
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
