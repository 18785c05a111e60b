"""Which looks at one object some radars spend, and the detections that come of them, in the order a tracker takes them.

The looks that radars could take do not change within a replicate, and their order does not depend on cues. They are
put in order once (`in_order`); a set of cues then only chooses among them (`spend`). The detections are those of
`sensing.looks.observe`, the order is that of `tracking.tracker.merge`.
"""

from collections.abc import Sequence

import msgspec
import numpy as np

from diptych.kernels.looks import pick_looks
from diptych.model.looks import Bools, LookTable
from diptych.model.picture import Ints
from diptych.tracking.tracker import FALSE, Scans


class InOrder(msgspec.Struct, frozen=True, eq=False):
    """All looks of some radars at one object.

    place (n,): where scan row k stands in the radars' rows, one radar after another, each
    radar's false detections after its looks.
    """

    scans: Scans
    place: Ints


def in_order(tables: Sequence[LookTable], radars: Sequence[int]) -> InOrder:
    """Return the looks of radars at one object by time, then radar; a false detection follows its look.

    tables: one for each of the radars, numbered `radars`.
    """
    sizes = [t.time_s.size + t.false_row.size for t in tables]
    time_s = np.concatenate([np.empty(0), *(x for t in tables for x in (t.time_s, t.time_s[t.false_row]))])
    radar = np.repeat(np.array(radars, np.int64), sizes)
    order = np.lexsort((radar, time_s))
    is_false = np.concatenate(
        [np.empty(0, np.bool_), *(np.arange(n) >= t.time_s.size for n, t in zip(sizes, tables, strict=True))]
    )[order]
    rate = [
        x
        for t in tables
        for x in (np.stack([t.range_rate_mps, t.range_rate_sigma_mps], axis=1), t.false_range_rate_mps)
    ]
    where = [x for t in tables for x in (t.measured_ecef_m, t.false_ecef_m)]
    cov = [x for t in tables for x in (t.cov_ecef_m2, t.false_cov_ecef_m2)]
    site = np.array([t.site_ecef_m for t in tables], np.float64).reshape(-1, 3)
    scans = Scans(
        time_s=time_s[order],
        radar=radar[order],
        stream=np.where(is_false, FALSE, 0),
        object=np.zeros(order.size, np.int64),
        measured_ecef_m=np.concatenate([np.empty((0, 3)), *where])[order],
        cov_ecef_m2=np.concatenate([np.empty((0, 3, 3)), *cov])[order],
        rate=np.concatenate([np.empty((0, 2)), *rate])[order],
        site_ecef_m=np.repeat(site, sizes, axis=0)[order],
        revisit_s=np.repeat(np.array([t.track_revisit_s for t in tables], np.float64), sizes)[order],
    )
    return InOrder(scans, order)


def hits(table: LookTable, cue_from_s: float) -> Bools:
    """Return which looks and which false detections of a table come about if a cued beam looks from a time on."""
    mode = np.empty(table.slot.shape[0], np.int8)
    hit = pick_looks(
        table.slot, table.time_s, table.pd_search, table.pd_track, table.chance, table.search_every,
        table.search_phase, cue_from_s, mode,
    )  # fmt: skip
    return np.concatenate([hit, mode[table.false_row] == 2]) if table.false_row.size else hit


def spend(looks: InOrder, hit: Sequence[Bools]) -> Ints:
    """Return the rows of the ordered looks that are detections; hit: what `hits` says of each radar."""
    if not looks.place.size:
        return np.empty(0, np.int64)
    return np.flatnonzero(np.concatenate(hit)[looks.place])


def chosen(scans: Scans, rows: Ints | slice) -> Scans:
    """Return some rows of scans."""
    return Scans(
        time_s=scans.time_s[rows],
        radar=scans.radar[rows],
        stream=scans.stream[rows],
        object=scans.object[rows],
        measured_ecef_m=scans.measured_ecef_m[rows],
        cov_ecef_m2=scans.cov_ecef_m2[rows],
        rate=scans.rate[rows],
        site_ecef_m=scans.site_ecef_m[rows],
        revisit_s=scans.revisit_s[rows],
    )


def joined(parts: Sequence[Scans]) -> Scans:
    """Return the scans of several objects as one, stream and object k those of part k."""
    sizes = [part.time_s.size for part in parts]
    radar = np.concatenate([part.radar for part in parts])
    time_s = np.concatenate([part.time_s for part in parts])
    order = np.lexsort((radar, time_s))
    owner = np.repeat(np.arange(len(parts)), sizes)[order]
    is_false = np.concatenate([part.stream for part in parts])[order] == FALSE
    return Scans(
        time_s=time_s[order],
        radar=radar[order],
        stream=np.where(is_false, FALSE, owner),
        object=owner,
        measured_ecef_m=np.concatenate([part.measured_ecef_m for part in parts])[order],
        cov_ecef_m2=np.concatenate([part.cov_ecef_m2 for part in parts])[order],
        rate=np.concatenate([part.rate for part in parts])[order],
        site_ecef_m=np.concatenate([part.site_ecef_m for part in parts])[order],
        revisit_s=np.concatenate([part.revisit_s for part in parts])[order],
    )
