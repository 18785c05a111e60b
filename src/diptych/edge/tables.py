"""The Parquet files of a run directory, as bytes that are the same for the same content.

No time stamps, one fixed compression, rows in a written order. Times that never happened are null, not infinite.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from math import isfinite
from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np

from diptych.model.record import Engagement, Event, RunRecord, Shot
from diptych.model.scenario import Scenario
from diptych.sim.world import World
from diptych.study.design import Replicate, Row
from diptych.study.metrics import METRIC_IDS, TAIL_OF

if TYPE_CHECKING:
    import polars as pl


def parquet(frame: pl.DataFrame) -> bytes:
    """Return a frame as Parquet (zstd, level 3)."""
    buffer = io.BytesIO()
    frame.write_parquet(buffer, compression="zstd", compression_level=3, statistics=True)
    return buffer.getvalue()


def replicates_frame(scenario: Scenario, rows: Sequence[Row], replicates: Sequence[Replicate]) -> pl.DataFrame:
    """Return every metric of every replicate: one line for (replicate, arrangement, conduct, party)."""
    import polars as pl

    ordered = sorted(replicates, key=lambda r: r.replicate)
    keys = [
        (r.replicate, row.label, row.conduct, party.id) for r in ordered for row in rows for party in scenario.parties
    ]
    cube = np.concatenate([r.values.reshape(-1, len(METRIC_IDS)) for r in ordered])
    names = ("replicate", "arrangement", "conduct", "party")
    data: dict[str, Any] = {name: [key[i] for key in keys] for i, name in enumerate(names)}
    for k, metric in enumerate(METRIC_IDS):
        if metric not in TAIL_OF:
            data[metric] = pl.Series(metric, cube[:, k]).fill_nan(None)
    return pl.DataFrame(data)


def events_frame(scenario: Scenario, records: Mapping[str, RunRecord]) -> pl.DataFrame:
    """Return everything that happened in the told replicate, arrangement by arrangement, in order."""
    return _frame(
        scenario,
        [(label, record.replicate, event) for label, record in records.items() for event in record.events],
        Event,
    )


def engagements_frame(scenario: Scenario, records: Mapping[str, RunRecord]) -> pl.DataFrame:
    """Return how every complex dealt with every object in the told replicate."""
    items = [(label, r.replicate, engagement) for label, r in records.items() for engagement in r.engagements]
    return _frame(scenario, items, Engagement)


def shots_frame(scenario: Scenario, records: Mapping[str, RunRecord]) -> pl.DataFrame:
    """Return every shot of the told replicate."""
    return _frame(scenario, [(label, r.replicate, shot) for label, r in records.items() for shot in r.shots], Shot)


def tracks_frame(scenario: Scenario, world: World) -> pl.DataFrame:
    """Return every track that some set of radars formed in the told replicate, one line for an update.

    A track is told apart by its object, the radars that could contribute and a number, since cues change it. Tracks
    run to the end of the object's flight, as if nobody had stopped it. `position_sigma_m` is the root of the sum of
    the position variances; `purity` the share of the track's detections that the object gave; `swaps` how often the
    source changed along it.
    """
    import polars as pl

    unique = {
        id(own): (key[0], key[1], own.track, world.tracks.impurity[id(own)]) for key, own in world.tracks.found.items()
    }
    ordered = sorted(unique.values(), key=lambda t: (t[0], t[1], t[2].first_s, t[2].time_s.size, t[2].time_s.tobytes()))
    blocks = []
    for number, (index, radars, track, impurity) in enumerate(ordered):
        n = track.time_s.size
        sigma = np.sqrt(np.trace(track.cov_ecef[:, :3, :3], axis1=1, axis2=2)) if n else np.empty(0)
        sensors = [scenario.radars[i].id for i in track.sensor.tolist()]
        blocks.append(
            pl.DataFrame(
                {
                    "track": pl.Series([number] * n, dtype=pl.Int32),
                    "object": pl.Series([scenario.raid[index].id] * n, dtype=pl.String),
                    "radars": pl.Series([" ".join(scenario.radars[i].id for i in radars)] * n, dtype=pl.String),
                    "sensor": pl.Series(sensors, dtype=pl.String),
                    "time_s": pl.Series(track.time_s, dtype=pl.Float64),
                    **{
                        name: pl.Series(np.ascontiguousarray(track.state_ecef[:, i]), dtype=pl.Float64)
                        for i, name in enumerate(
                            ("x_ecef_m", "y_ecef_m", "z_ecef_m", "vx_ecef_mps", "vy_ecef_mps", "vz_ecef_mps")
                        )
                    },
                    "position_sigma_m": pl.Series(sigma, dtype=pl.Float64),
                    "is_ballistic": pl.Series(track.is_ballistic.tolist(), dtype=pl.Boolean),
                    "confirmed_s": pl.Series(
                        [track.confirmed_s if isfinite(track.confirmed_s) else None] * n, dtype=pl.Float64
                    ),
                    "purity": pl.Series([impurity.purity] * n, dtype=pl.Float64),
                    "swaps": pl.Series([impurity.swaps] * n, dtype=pl.Int32),
                }
            )
        )
    return pl.concat(blocks) if blocks else pl.DataFrame()


def _frame(
    scenario: Scenario, items: Sequence[tuple[str, int, msgspec.Struct]], kind: type[msgspec.Struct]
) -> pl.DataFrame:
    """Return records as a frame: arrangement, replicate, then the record's fields; ids instead of indices."""
    import polars as pl

    kinds: dict[Any, Any] = {float: pl.Float64, int: pl.Int64, str: pl.String, bool: pl.Boolean}
    columns: dict[str, Any] = {
        "arrangement": pl.Series([label for label, _, _ in items], dtype=pl.String),
        "replicate": pl.Series([replicate for _, replicate, _ in items], dtype=pl.Int64),
    }
    for field in msgspec.structs.fields(kind):
        values = [getattr(item, field.name) for _, _, item in items]
        if field.name == "object":
            columns["object"] = pl.Series([scenario.raid[i].id if i >= 0 else None for i in values], dtype=pl.String)
        elif field.name == "battery":
            columns["battery"] = pl.Series([scenario.batteries[i].id for i in values], dtype=pl.String)
        elif field.type is float:
            columns[field.name] = pl.Series([v if isfinite(v) else None for v in values], dtype=pl.Float64)
        elif field.type in kinds:
            columns[field.name] = pl.Series(values, dtype=kinds[field.type])
        else:
            columns[field.name] = pl.Series(["; ".join(v) for v in values], dtype=pl.String)
    return pl.DataFrame(columns)
