"""False alarms of a radar: resolution cells, false detections of a scan, false confirmed tracks an hour.

Noise alone crosses the threshold in each resolution cell with the false-alarm probability. A search hit is followed at
once by a verification dwell, and only what that dwell finds again, in the same cell or beside it, is a detection. What
is left must come again in the track windows that follow, M times of N, before anybody believes it. These are closed
forms; `verification/test_false_alarms.py` counts instead.

Cells are independent and alike: no land, sea, rain, jamming or meteor trails, which in life dominate.
"""

from math import ceil, comb

from diptych.model.scenario import Radar
from diptych.sensing.equation import search_beams, solid_angle_sr

TRACK_WINDOW_CELLS = 64
"""Range cells of the window round a predicted position, one beam wide; assumed (some kilometres of doubt)."""

VERIFY_CELLS = 3
"""Range cells in which a verification dwell accepts the hit again: the cell and its neighbours; assumed."""


def search_cells(radar: Radar) -> int:
    """Return the resolution cells of one scan: beams over the searched solid angle, times range cells out to the
    search range on the reference cross-section.

    N = ceil(solid angle / beamwidth^2) ceil(R_search / range resolution); one range-rate cell.

    *Check* 120 degrees by 2 to 5 degrees with 10 mrad, 1050 km in cells of 30 m: 1095 x 35 000 = 38.3 million.
    """
    solid_angle = solid_angle_sr(2.0 * radar.az_half_width_rad, radar.el_min_rad, _search_top(radar))
    reach = radar.reference_range_m * radar.search_range_factor
    return search_beams(solid_angle, radar.beamwidth_rad) * ceil(reach / radar.range_resolution_m - 1e-9)


def false_hits_per_scan(radar: Radar) -> float:
    """Return the mean number of search hits that noise gives in one scan: false-alarm probability times cells searched.

    *Check* 38.3 million cells at 1e-6: 38.3; each costs a verification dwell.
    """
    return radar.false_alarm * search_cells(radar)


def false_detections_per_scan(radar: Radar) -> float:
    """Return the mean number of false detections of one scan after verification.

    Pfa N (1 - (1 - Pfa)^V) with V = `VERIFY_CELLS`: about V Pfa^2 N.  *Check* 38.3 hits at 1e-6: 1.15e-4.
    """
    return false_hits_per_scan(radar) * any_in_window(radar.false_alarm, VERIFY_CELLS)


def any_in_window(false_alarm: float, cells: int) -> float:
    """Return the chance that noise crosses the threshold in at least one of some cells: 1 - (1 - Pfa)^cells."""
    return float(1.0 - (1.0 - false_alarm) ** cells)


def confirmed_share(chance: float, hits: int, looks: int) -> float:
    """Return the chance that a false start is confirmed: at least hits - 1 more in the next looks - 1 looks.

    Binomial tail at `chance` for each look.  *Check* 2 of 3 at 0.1: 1 - 0.9^2 = 0.19.
    """
    rest = looks - 1
    return sum(comb(rest, k) * chance**k * (1.0 - chance) ** (rest - k) for k in range(hits - 1, rest + 1))


def false_tracks_per_hour(radar: Radar, hits: int, looks: int) -> float:
    """Return the false confirmed tracks an hour of search gives under M-of-N (`hits` of `looks`, the first counted).

    (3600 / T_search) x false detections of a scan x binomial tail of the track windows, each with
    `TRACK_WINDOW_CELLS` cells.
    """
    chance = any_in_window(radar.false_alarm, TRACK_WINDOW_CELLS)
    return 3600.0 / radar.search_revisit_s * false_detections_per_scan(radar) * confirmed_share(chance, hits, looks)


def _search_top(radar: Radar) -> float:
    """Return the highest elevation that is searched, rad."""
    return min(radar.el_max_rad, radar.search_el_max_rad)
