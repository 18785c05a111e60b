"""One complex's own track of one object, from the detections of its own radars.

Which object a detection belongs to is known here: each stream of detections carries its object, so there is no gate, no
assignment and no false track. That is kinder to the tracker than life; global nearest neighbour and clutter come with
the next issue. A dropped track keeps its rows; a coasting one keeps its last state.

The numbers of the machine (initiation, confirmation, burnout) are the named constants of `kernels.filters`.
"""

import math
from collections.abc import Sequence

import numpy as np

from diptych.kernels.filters import follow_rows
from diptych.model.looks import Detections
from diptych.model.picture import TrackHistory


def follow(detections: Sequence[Detections]) -> TrackHistory:
    """Return the track that a complex forms of one object.

    Detections are taken in time order, ties by the index of the radar, whatever the order of the argument.

    Parameters
    ----------
    detections : sequence of Detections
        One entry per radar of the complex, all of the same object; empty entries are fine.

    Returns
    -------
    TrackHistory
        Rows from initiation on (the third detection within 30 s), one per detection. `is_ballistic` turns true once
        the thrust along the velocity is known to 2 m/s2 and is none; `confirmed_s` is the first time four detections
        lie within eight track looks of the slowest radar among them.
    """
    ordered = sorted(detections, key=lambda entry: entry.radar)
    time_s = np.concatenate([entry.time_s for entry in ordered]) if ordered else np.empty(0)
    if time_s.shape[0] == 0:
        return _nothing()
    radar = np.concatenate([np.full(entry.time_s.shape[0], entry.radar, np.int64) for entry in ordered])
    revisit_s = np.concatenate([np.full(entry.time_s.shape[0], entry.revisit_s) for entry in ordered])
    order = np.argsort(time_s, kind="stable")
    time_s = time_s[order]
    radar = radar[order]
    measured = np.concatenate([entry.measured_ecef_m for entry in ordered])[order]
    cov = np.concatenate([entry.cov_ecef_m2 for entry in ordered])[order]
    n = time_s.shape[0]
    state = np.empty((n, 6))
    cov6 = np.empty((n, 6, 6))
    row = np.empty(n, np.int64)
    is_ballistic = np.zeros(n, np.bool_)
    count, confirmed_s = follow_rows(time_s, measured, cov, revisit_s[order], state, cov6, row, is_ballistic)
    kept = row[:count]
    return TrackHistory(
        time_s=time_s[kept],
        state_ecef=state[:count].copy(),
        cov_ecef=cov6[:count].copy(),
        sensor=radar[kept],
        is_ballistic=is_ballistic[:count].copy(),
        confirmed_s=confirmed_s,
        first_s=float(time_s[0]),
    )


def _nothing() -> TrackHistory:
    """Return the history of an object that no own radar ever detected."""
    return TrackHistory(
        time_s=np.empty(0),
        state_ecef=np.empty((0, 6)),
        cov_ecef=np.empty((0, 6, 6)),
        sensor=np.empty(0, np.int64),
        is_ballistic=np.zeros(0, np.bool_),
        confirmed_s=math.inf,
        first_s=math.inf,
    )
