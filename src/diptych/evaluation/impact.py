"""What a track threatens: where the object will come down, when, how sure that is, and whose land that touches.

`evaluate` looks at a track at a few moments (often at first, every 30 s later) and only while the filter holds the
object to have burnt out: before that nobody can say where it goes. Drag on re-entry is that of a generic body, with its
doubt in the ellipse, because no radar here measures the ballistic coefficient.
"""

from bisect import bisect_right

import numpy as np

from diptych.kernels import impact as kernel
from diptych.kernels import status as st
from diptych.model.geography import Territory
from diptych.model.picture import EvaluationHistory, Floats, Ints, TrackHistory
from diptych.model.tracker import SHIPPED, TrackerSettings

FIRST_MOMENTS_S = (0.0, 5.0, 10.0, 20.0, 40.0, 60.0)  # after the first evaluation
EVERY_S = 30.0  # and from then on


def evaluate(track: TrackHistory, territory: Territory, settings: TrackerSettings = SHIPPED) -> EvaluationHistory:
    """Return what one track means, at moments from its first confirmed ballistic update to its last detection.

    At each moment the latest update at or before it counts; a moment at which the filter has gone back to boost, or at
    which the path does not come down within an hour, is left out.

    Parameters
    ----------
    track : TrackHistory
    territory : Territory
        Raster of states; states touched are those under the centre of the 2-sigma ellipse or under rings in it.
    settings : TrackerSettings
        Of these the ballistic coefficient that is taken for granted, and its doubt.

    Returns
    -------
    EvaluationHistory
        Zero rows if the track was never ballistic and confirmed.
    """
    row, moment_s = _moments(track)
    m = row.shape[0]
    then = np.empty((m, 6))
    then_cov = np.empty((m, 6, 6))
    out = np.empty((m, 6))
    status = np.empty(m, np.int64)
    later_s = moment_s - track.time_s[row]
    beta = settings.ballistic_coefficient_kg_m2, settings.ballistic_coefficient_factor
    kernel.impact_rows(track.state_ecef, track.cov_ecef, row, later_s, then, then_cov, out, status, *beta)
    good = np.flatnonzero(status == st.OK)
    row, moment_s, then, out = row[good], moment_s[good], then[good], out[good]
    return EvaluationHistory(
        time_s=moment_s,
        state_ecef=then,
        impact_s=track.time_s[row] + out[:, 0],
        impact_rad=out[:, 1:3].copy(),
        ellipse_m=out[:, 3:6].copy(),
        states=states_of(territory, np.ascontiguousarray(out[:, 1:6])),
        radars=_contributors(track.sensor.tolist(), row.tolist()),
        cov_ecef=then_cov[good],
        beta_kg_m2=beta[0],
    )


def evaluate_state(
    state_ecef: Floats, cov_ecef: Floats, time_s: float, radars: tuple[int, ...], territory: Territory,
    settings: TrackerSettings = SHIPPED,
) -> EvaluationHistory | None:  # fmt: skip
    """Return what one ballistic state (6,) with covariance (6, 6) means, as a history of one row.

    None if it does not come down within an hour. `radars` are those that contributed to it.
    """
    then, then_cov = np.empty((1, 6)), np.empty((1, 6, 6))
    out, status = np.empty((1, 6)), np.empty(1, np.int64)
    zero = np.zeros(1, np.int64)
    beta = settings.ballistic_coefficient_kg_m2, settings.ballistic_coefficient_factor
    kernel.impact_rows(state_ecef[None], cov_ecef[None], zero, np.zeros(1), then, then_cov, out, status, *beta)
    if status[0] != st.OK:
        return None
    return EvaluationHistory(
        time_s=np.array([time_s]),
        state_ecef=then,
        impact_s=time_s + out[:, 0],
        impact_rad=out[:, 1:3].copy(),
        ellipse_m=out[:, 3:6].copy(),
        states=states_of(territory, np.ascontiguousarray(out[:, 1:6])),
        radars=(radars,),
        cov_ecef=then_cov,
        beta_kg_m2=beta[0],
    )


def states_of(territory: Territory, ellipses: Floats) -> tuple[tuple[str, ...], ...]:
    """Return the codes of the states each of m ellipses touches, sorted.

    ellipses (m, 5): latitude, longitude rad, semi-axes m, azimuth of the major axis rad from north.
    """
    masks = np.zeros((ellipses.shape[0], len(territory.codes)), np.bool_)
    kernel.touched_rows(territory.index, territory.lat0_rad, territory.lon0_rad, territory.step_rad, ellipses, masks)
    known: dict[bytes, tuple[str, ...]] = {}  # neighbouring moments mostly touch the same states
    found = []
    for mask in masks:
        key = mask.tobytes()
        states = known.get(key)
        if states is None:
            codes = np.flatnonzero(mask).tolist()
            states = known[key] = tuple(sorted(territory.codes[code] for code in codes if code > 0))
        found.append(states)
    return tuple(found)


def states_in(territory: Territory, ellipse: Floats) -> tuple[str, ...]:
    """Return the codes of the states one ellipse (5,) touches, sorted; see `states_of`."""
    return states_of(territory, np.ascontiguousarray(ellipse)[None])[0]


def path_of(
    state_ecef: Floats, t0_s: float, times_s: Floats, beta_kg_m2: float = SHIPPED.ballistic_coefficient_kg_m2
) -> Floats:
    """Return ECEF positions (k, 3) m of a ballistic state (6,) held at `t0_s`.

    `times_s` (k,): seconds of the run, increasing, not before `t0_s`. Rows after the impact are NaN.
    """
    out = np.empty((times_s.shape[0], 3))
    kernel.ballistic_path(state_ecef, times_s - t0_s, out, beta_kg_m2)
    return out


def _contributors(sensors: list[int], rows: list[int]) -> tuple[tuple[int, ...], ...]:
    """Return which radars have updated a track up to each of some rows, in order of their places."""
    first_row = {sensor: k for k, sensor in zip(range(len(sensors) - 1, -1, -1), reversed(sensors), strict=True)}
    begins = sorted(first_row.values())
    up_to = [tuple(sorted(s for s, k in first_row.items() if k < end)) for end in (*begins[1:], len(sensors))]
    return tuple(up_to[bisect_right(begins, row) - 1] for row in rows)


def _moments(track: TrackHistory) -> tuple[Ints, Floats]:
    """Return the track row and the time of each moment to evaluate."""
    usable = np.flatnonzero(track.is_ballistic & (track.time_s >= track.confirmed_s))
    if usable.shape[0] == 0:
        return np.empty(0, np.int64), np.empty(0)
    start_s = float(track.time_s[usable[0]])
    last_s = float(track.time_s[-1])
    later = np.arange(FIRST_MOMENTS_S[-1] + EVERY_S, last_s - start_s + 1e-9, EVERY_S)
    moment_s = start_s + np.concatenate([np.array(FIRST_MOMENTS_S), later])
    moment_s = moment_s[moment_s <= last_s]
    row = np.searchsorted(track.time_s, moment_s, side="right").astype(np.int64) - 1
    kept = track.is_ballistic[row]
    return row[kept], moment_s[kept]
