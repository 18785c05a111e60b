"""All detections of one complex become tracks; nobody says which object a detection came from.

`merge` puts the detections of any number of radars into scans, in time order: what arrives late in the argument is
sorted in, so a complex's own radars may report in any order. `track` runs the machine of `kernels.tracker` over them.
`hand_over` is the scorer's part: it knows the truth (which *stream* a detection came from, one stream for each object)
and says which track belongs to which object by the majority of its detections, how pure it is, and which confirmed
tracks are fed by nothing real.
"""

import math
from collections.abc import Sequence

import msgspec
import numpy as np

from diptych.kernels.away import BALL
from diptych.kernels.tracker import track_scans
from diptych.model.looks import Bools, Detections, LaunchWarning
from diptych.model.picture import Floats, Ints, TrackHistory
from diptych.model.tracker import SHIPPED, TrackerSettings

FALSE = -1
"""Stream of a false detection."""


class Scans(msgspec.Struct, frozen=True, eq=False):
    """Detections of one complex in the order they are taken: time, then radar, then as given.

    stream (n,) is the truth of each, `FALSE` for noise; no tracker reads it. `object` (n,) is whose looks it came with,
    noise included.
    """

    time_s: Floats
    radar: Ints
    stream: Ints
    object: Ints
    measured_ecef_m: Floats
    cov_ecef_m2: Floats
    rate: Floats
    site_ecef_m: Floats
    revisit_s: Floats


class Tracked(msgspec.Struct, frozen=True, eq=False):
    """What the machine made of scans, a row for each detection.

    Attributes
    ----------
    scans : Scans
    track : (n,) number of the track that took the detection, in order of their first detections.
    held : (n,) detections in that track so far; a track is one from `initiate_count` on.
    state_ecef, cov_ecef : (n, 6), (n, 6, 6) after the update.
    drag : (n, 2) estimated over modelled drag, and its standard deviation (NaN before burnout is known).
    is_ballistic : (n,) bool.
    innovation : (n, 3) whitened innovation of the position; NaN for the first detection of a track.
    confirmed_s : (tracks,) inf if never.
    clash_s : (objects,) last time at which a look at each other object could have been mistaken, -inf for never.
    initiate_count : detections from which on it is a track.
    """

    scans: Scans
    track: Ints
    held: Ints
    state_ecef: Floats
    cov_ecef: Floats
    drag: Floats
    is_ballistic: Bools
    innovation: Floats
    confirmed_s: Floats
    clash_s: Floats
    initiate_count: int


class Others(msgspec.Struct, frozen=True, eq=False):
    """Looks at objects: time_s, radar, of (m,) in the order of scans, `of` the object, below `count`.

    Look k is row[k] of measured_ecef_m (m, 3) and cov_ecef_m2 (m, 3, 3); spread_m (m,) is the root of the trace there;
    balls: see `kernels.away.enclose`.
    """

    time_s: Floats
    radar: Ints
    of: Ints
    row: Ints
    measured_ecef_m: Floats
    cov_ecef_m2: Floats
    spread_m: Floats
    balls: Floats
    count: int


_NONE = np.empty(0, np.int64)
NOBODY = Others(
    np.empty(0), _NONE, _NONE, _NONE, np.empty((0, 3)), np.empty((0, 3, 3)), np.empty(0), np.empty((0, BALL, 0)), 0
)


class Picture(msgspec.Struct, frozen=True, eq=False):
    """Tracks by object, and how good they are.

    Attributes
    ----------
    histories : a track for each stream, empty where none is fed mainly by it.
    purity : (streams,) share of the detections of that track that come from its object; NaN without a track.
    swaps : (streams,) how often the source changed along it.
    rivals : (streams,) further confirmed tracks fed mainly by the same object, at times the first one already covers.
    false_tracks : confirmed tracks fed mainly by noise.
    """

    histories: tuple[TrackHistory, ...]
    purity: Floats
    swaps: Ints
    rivals: Ints
    false_tracks: int


def merge(streams: Sequence[Sequence[Detections]]) -> Scans:
    """Return the detections of several objects by several radars as scans.

    Parameters
    ----------
    streams : sequence of sequences of Detections
        For each object one entry per radar; empty entries are fine.
    """
    parts = [(k, entry) for k, entries in enumerate(streams) for entry in entries if entry.time_s.size]
    if not parts:
        return Scans(
            np.empty(0), np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0, np.int64), np.empty((0, 3)),
            np.empty((0, 3, 3)), np.empty((0, 2)), np.empty((0, 3)), np.empty(0),
        )  # fmt: skip
    sizes = [entry.time_s.size for _, entry in parts]
    time_s = np.concatenate([entry.time_s for _, entry in parts])
    radar = np.repeat(np.array([entry.radar for _, entry in parts], np.int64), sizes)
    order = np.lexsort((radar, time_s))
    owner = np.repeat(np.array([k for k, _ in parts], np.int64), sizes)
    stream = owner.copy()
    stream[np.concatenate([entry.is_false for _, entry in parts])] = FALSE
    rate = np.stack(
        [
            np.concatenate([entry.range_rate_mps for _, entry in parts]),
            np.concatenate([entry.range_rate_sigma_mps for _, entry in parts]),
        ],
        axis=1,
    )
    return Scans(
        time_s=time_s[order],
        radar=radar[order],
        stream=stream[order],
        object=owner[order],
        measured_ecef_m=np.concatenate([entry.measured_ecef_m for _, entry in parts])[order],
        cov_ecef_m2=np.concatenate([entry.cov_ecef_m2 for _, entry in parts])[order],
        rate=rate[order],
        site_ecef_m=np.repeat(np.array([entry.site_ecef_m for _, entry in parts]), sizes, axis=0)[order],
        revisit_s=np.repeat(np.array([entry.revisit_s for _, entry in parts]), sizes)[order],
    )


def track(
    scans: Scans,
    settings: TrackerSettings = SHIPPED,
    launches: Sequence[tuple[LaunchWarning, float]] = (),
    others: Others = NOBODY,
    mine: int = -1,
) -> Tracked:
    """Return the tracks that a complex forms of its detections.

    Parameters
    ----------
    scans : Scans
    settings : TrackerSettings
    launches : sequence of (LaunchWarning, float)
        Own space warning and the time of launch it states (s of the run); used for the first velocity of a track where
        exactly one launch known by then can be its cause.
    others : Others
        Looks that are not tracked here but might compete, those at object `mine` excepted; where none clashes
        (`Tracked.clash_s`), tracking their objects apart gives the same as tracking all together.
    """
    n = scans.time_s.size
    out = Tracked(
        scans=scans,
        track=np.empty(n, np.int64),
        held=np.empty(n, np.int64),
        state_ecef=np.empty((n, 6)),
        cov_ecef=np.empty((n, 6, 6)),
        drag=np.empty((n, 2)),
        is_ballistic=np.zeros(n, np.bool_),
        innovation=np.empty((n, 3)),
        confirmed_s=np.empty(n),
        clash_s=np.full(others.count, -math.inf),
        initiate_count=settings.initiate_count,
    )
    known = np.array([(w.time_s, at_s, *w.ecef_m, w.error_m) for w, at_s in launches], np.float64).reshape(-1, 6)
    count = track_scans(
        scans.time_s, scans.radar, scans.measured_ecef_m, scans.cov_ecef_m2, scans.rate, scans.site_ecef_m,
        scans.revisit_s, known, settings.as_array(), others.time_s, others.radar, others.of, others.row,
        others.measured_ecef_m, others.cov_ecef_m2, others.spread_m, others.balls, mine, out.track, out.held,
        out.state_ecef, out.cov_ecef, out.drag, out.is_ballistic, out.innovation, out.confirmed_s, out.clash_s,
    )  # fmt: skip
    return msgspec.structs.replace(out, confirmed_s=out.confirmed_s[:count])


def hand_over(tracked: Tracked, streams: int) -> Picture:
    """Say which track is which object's.

    A track belongs to the stream that gave most of its detections, counted over its whole life (the lowest number where
    equal). Of several tracks of one object the confirmed ones come first, in order of their start; another one counts
    only for times before or after those. A history holds rows from initiation on.
    """
    if streams == 1:
        found = _only(tracked)
        if found is not None:
            return found
    scans = tracked.scans
    rows_of: list[list[Ints]] = [[] for _ in range(streams)]
    confirmed_s = [math.inf] * streams
    swaps = np.zeros(streams, np.int64)
    rivals = np.zeros(streams, np.int64)
    own = np.zeros(streams)
    false_tracks = 0
    count = tracked.confirmed_s.size
    by_track = np.argsort(tracked.track, kind="stable")
    edges = np.searchsorted(tracked.track[by_track], np.arange(count + 1))
    firm = np.isfinite(tracked.confirmed_s)
    for k in [*np.flatnonzero(firm).tolist(), *np.flatnonzero(~firm).tolist()]:
        rows = by_track[edges[k] : edges[k + 1]]
        if rows.size < tracked.initiate_count:
            continue
        source = scans.stream[rows]
        votes = np.bincount(source + 1, minlength=streams + 1)
        if firm[k] and votes[0] > votes[1:].max(initial=0):
            false_tracks += 1
        if votes[0] > votes[1:].max(initial=0):
            continue
        owner = int(votes[1:].argmax())
        begin, end = scans.time_s[rows[0]], scans.time_s[rows[-1]]
        if any(begin <= scans.time_s[r[-1]] and end >= scans.time_s[r[0]] for r in rows_of[owner]):
            rivals[owner] += int(firm[k])
            continue
        rows_of[owner].append(rows)
        confirmed_s[owner] = min(confirmed_s[owner], float(tracked.confirmed_s[k]))
        real = source[source != FALSE]
        swaps[owner] += np.count_nonzero(np.diff(real))
        own[owner] += votes[owner + 1]
    histories = []
    purity = np.full(streams, math.nan)
    first_s = first_times(scans, streams)
    for i in range(streams):
        if not rows_of[i]:
            histories.append(nothing(first_s[i]))
            continue
        rows = np.concatenate(sorted(rows_of[i], key=lambda r: float(scans.time_s[r[0]])))
        purity[i] = own[i] / rows.size
        rows = rows[tracked.held[rows] >= tracked.initiate_count]
        histories.append(
            TrackHistory(
                time_s=scans.time_s[rows],
                state_ecef=tracked.state_ecef[rows],
                cov_ecef=tracked.cov_ecef[rows],
                sensor=scans.radar[rows],
                is_ballistic=tracked.is_ballistic[rows],
                confirmed_s=confirmed_s[i],
                first_s=first_s[i],
            )
        )
    return Picture(tuple(histories), purity, swaps, rivals, false_tracks)


def _only(tracked: Tracked) -> Picture | None:
    """Return the picture of one object that one track follows from beginning to end, None if it is not as plain."""
    scans = tracked.scans
    if not scans.time_s.size or tracked.confirmed_s.size != 1 or (scans.stream == FALSE).any():
        return None
    kept = slice(tracked.initiate_count - 1, None)
    history = TrackHistory(
        time_s=scans.time_s[kept],
        state_ecef=tracked.state_ecef[kept],
        cov_ecef=tracked.cov_ecef[kept],
        sensor=scans.radar[kept],
        is_ballistic=tracked.is_ballistic[kept],
        confirmed_s=float(tracked.confirmed_s[0]),
        first_s=float(scans.time_s[0]),
    )
    is_track = history.time_s.size > 0
    zero = np.zeros(1, np.int64)
    return Picture((history,), np.array([1.0 if is_track else math.nan]), zero, zero, 0)


def first_times(scans: Scans, streams: int) -> list[float]:
    """Return the time of the first true detection of each stream, inf for none."""
    found = [math.inf] * streams
    stream, at = np.unique(scans.stream, return_index=True)
    for k, i in zip(stream.tolist(), at.tolist(), strict=True):
        if k != FALSE:
            found[k] = float(scans.time_s[i])
    return found


def nothing(first_s: float = math.inf) -> TrackHistory:
    """Return the history of an object without a track."""
    return TrackHistory(
        time_s=np.empty(0),
        state_ecef=np.empty((0, 6)),
        cov_ecef=np.empty((0, 6, 6)),
        sensor=np.empty(0, np.int64),
        is_ballistic=np.zeros(0, np.bool_),
        confirmed_s=math.inf,
        first_s=first_s,
    )
