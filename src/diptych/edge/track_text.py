"""The verb `track`: a user's own detections through the tracker, as text, JSON or CSV; see `edge.track_file`."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

import msgspec
import numpy as np

from diptych.edge.files import write_text
from diptych.edge.geography import load_territory
from diptych.edge.schema.tracker import settings_without_scenario
from diptych.edge.track_file import Reports, read_reports
from diptych.evaluation.classify import classify, said
from diptych.evaluation.impact import evaluate
from diptych.model.geography import Territory
from diptych.model.picture import EvaluationHistory, TrackHistory
from diptych.model.tracker import TrackerSettings
from diptych.tracking.tracker import Picture, hand_over, merge, track


def track_verb(
    path: Path,
    out: Path | None,
    error_m: float,
    given: Mapping[str, float | str] = MappingProxyType({}),
    *,
    as_json: bool,
) -> str:
    """Return what `diptych track` prints; write the filtered tracks to `out` if it is given.

    `given` sets assumptions of the tracker, by key (`tracker.confirm_count`).

    Raises
    ------
    ScenarioError
        The file is wrong, or a setting does not hold.
    """
    settings, changed = settings_without_scenario(given)
    reports = read_reports(path, error_m)
    tracked = track(merge(reports.streams), settings)
    picture = hand_over(tracked, len(reports.objects))
    territory = load_territory()
    rows = [_row(reports, picture, k, territory) for k in range(len(reports.objects))]
    if out is not None:
        write_text(out, _csv(reports, picture))
    about: dict[str, object] = {
        "file": str(path),
        "assumed_error_m": error_m if reports.is_trajectory else None,
        "assumptions_changed": [{"key": a.key, "shipped": a.mid, "used": a.used, "unit": a.unit} for a in changed],
        "detections": int(tracked.track.size),
        "tracks_started": int(tracked.confirmed_s.size),
        "false_tracks": picture.false_tracks,
        "objects": rows,
    }
    if as_json:
        return json.dumps(about, indent=2, ensure_ascii=False) + "\n"
    return _text(about, rows, out, settings, [f"{a.key} {a.used:g} {a.unit}".rstrip() for a in changed])


def _row(reports: Reports, picture: Picture, k: int, territory: Territory) -> dict[str, object]:
    """Return what became of one object of the file."""
    history = picture.histories[k]
    evaluation = evaluate(history, territory)
    row: dict[str, object] = {
        "object": reports.objects[k],
        "detections": sum(entry.time_s.size for entry in reports.streams[k]),
        "from_s": _finite(history.time_s[0]) if history.time_s.size else None,
        "to_s": _finite(history.time_s[-1]) if history.time_s.size else None,
        "confirmed_s": _finite(history.confirmed_s),
        "purity": _finite(picture.purity[k], 4),
        "swaps": int(picture.swaps[k]),
        "rival_tracks": int(picture.rivals[k]),
        "burnt_out_by_s": _burnt_out_s(history),
        "velocity_difference_mps": _difference(history, reports.velocities[k]),
        "impact": None,
        "classification": None,
    }
    if evaluation.time_s.size:
        row["impact"] = _impact(evaluation)
        row["classification"] = _classified(evaluation, territory)
    return row


def _impact(evaluation: EvaluationHistory) -> dict[str, object]:
    """Return the newest impact point with its 2-sigma ellipse."""
    lat, lon = np.degrees(evaluation.impact_rad[-1]).tolist()
    major, minor, azimuth = evaluation.ellipse_m[-1].tolist()
    return {
        "as_of_s": _finite(evaluation.time_s[-1]),
        "time_s": _finite(evaluation.impact_s[-1]),
        "lat_deg": round(lat, 4),
        "lon_deg": round(lon, 4),
        "ellipse_2_sigma_km": [round(major / 1e3, 2), round(minor / 1e3, 2)],
        "azimuth_deg": round(math.degrees(azimuth) % 180.0, 1),
        "states": list(evaluation.states[-1]),
    }


def _classified(evaluation: EvaluationHistory, territory: Territory) -> dict[str, object] | None:
    """Return what the newest evaluation says the object is."""
    lat, lon = evaluation.impact_rad[-1].tolist()
    major, minor, azimuth = evaluation.ellipse_m[-1].tolist()
    found = classify(
        evaluation.state_ecef[-1],
        evaluation.cov_ecef[-1],
        float(evaluation.time_s[-1]),
        (lat, lon),
        (major, minor, azimuth),
        evaluation.states[-1],
        territory,
    )
    if found is None:
        return None
    plain = msgspec.to_builtins(found)
    return {
        "words": said(found),
        "classes": plain["classes"],
        "probabilities": [round(p, 4) for p in found.probabilities],
        "range_km": round(found.range_m / 1e3, 1),
        "launch_lat_deg": round(math.degrees(found.launch_lat_rad), 3),
        "launch_lon_deg": round(math.degrees(found.launch_lon_rad), 3),
        "launch_sigma_km": round(found.launch_sigma_m / 1e3, 1),
        "launch_states": list(found.launch_states),
    }


def _burnt_out_s(history: TrackHistory) -> float | None:
    """Return from when on the track was held to coast for good, None if it never was."""
    if not history.time_s.size or not history.is_ballistic[-1]:
        return None
    thrusting = np.flatnonzero(~history.is_ballistic)
    first = int(thrusting[-1]) + 1 if thrusting.size else 0
    return _finite(history.time_s[first])


def _difference(history: TrackHistory, told: tuple[np.ndarray, np.ndarray] | None) -> float | None:
    """Return the root mean square difference between velocities of the file and of the track while it coasts."""
    if told is None or not history.is_ballistic.any():
        return None
    time_s, speed = told
    rows = [(i, int(np.searchsorted(time_s, t))) for i, t in enumerate(history.time_s) if history.is_ballistic[i]]
    pairs = [(i, j) for i, j in rows if j < time_s.size and time_s[j] == history.time_s[i]]
    if not pairs:
        return None
    off = [np.sum((history.state_ecef[i, 3:] - speed[j]) ** 2) for i, j in pairs]
    return _finite(math.sqrt(float(np.mean(off))), 2)


def _finite(value: float, digits: int = 1) -> float | None:
    return round(float(value), digits) if math.isfinite(value) else None


def _csv(reports: Reports, picture: Picture) -> str:
    """Return every filtered row: state and covariance in ECEF."""
    names = [f"{c}{i}{j}" for c in "p" for i in range(6) for j in range(i, 6)]
    head = ["object", "time_s", "sensor", "x_ecef_m", "y_ecef_m", "z_ecef_m", "vx_ecef_mps", "vy_ecef_mps"]
    lines = [",".join([*head, "vz_ecef_mps", "is_ballistic", *names])]
    upper = np.triu_indices(6)
    for name, h in zip(reports.objects, picture.histories, strict=True):
        for i in range(h.time_s.size):
            numbers = [*h.state_ecef[i].tolist()]
            cells = [name, f"{h.time_s[i]:g}", reports.sensors[int(h.sensor[i])], *(f"{v:.3f}" for v in numbers)]
            cov = (f"{v:.6g}" for v in h.cov_ecef[i][upper].tolist())
            lines.append(",".join([*cells, str(int(h.is_ballistic[i])), *cov]))
    return "\n".join(lines) + "\n"


def _text(
    about: dict[str, object], rows: list[dict[str, object]], out: Path | None, used: TrackerSettings, changed: list[str]
) -> str:
    """Return the answer in words."""
    lines = [f"{about['file']}: {about['detections']} detections of {len(rows)} objects"]
    if about["assumed_error_m"] is not None:
        lines.append(f"  no errors in the file: {about['assumed_error_m']:g} m per axis taken (--error-m)")
    if changed:
        lines.append(f"  set by hand: {', '.join(changed)}")
    for row in rows:
        lines += _object_text(row, used)
    if about["false_tracks"]:
        lines.append(f"{about['false_tracks']} confirmed tracks that mainly no object fed")
    if out is not None:
        lines.append(f"Written to {out}: state and covariance after every update")
    return "\n".join(lines) + "\n"


def _object_text(row: dict[str, object], used: TrackerSettings) -> list[str]:
    """Return the lines about one object."""
    if row["from_s"] is None:
        start = f"{used.initiate_count} within {used.initiate_within_s:g} s start one"
        return [f"{row['object']}: no track ({row['detections']} detections; {start})"]
    firm = "never confirmed" if row["confirmed_s"] is None else f"confirmed at {row['confirmed_s']:g} s"
    lines = [f"{row['object']}: tracked from {row['from_s']:g} to {row['to_s']:g} s, {firm}"]
    purity = row["purity"]
    if isinstance(purity, float) and purity < 1.0:
        lines.append(f"  {100 * purity:.1f} % of its detections are its own; the source changed {row['swaps']} times")
    if row["rival_tracks"]:
        lines.append(f"  {row['rival_tracks']} more confirmed tracks of the same object")
    if row["burnt_out_by_s"] is None:
        lines.append("  not known to have burnt out: no impact prediction")
        return lines
    lines.append(f"  known to coast from {row['burnt_out_by_s']:g} s on")
    if row["velocity_difference_mps"] is not None:
        lines.append(f"  velocities of the file and the track differ by {row['velocity_difference_mps']:g} m/s (rms)")
    impact = row["impact"]
    if isinstance(impact, dict):
        major, minor = impact["ellipse_2_sigma_km"]
        touched = " ".join(impact["states"]) or "no state"
        lines.append(
            f"  impact at {impact['time_s']:g} s, {impact['lat_deg']:.3f} deg N {impact['lon_deg']:.3f} deg E, 2-sigma "
            f"ellipse {major:g} by {minor:g} km towards {impact['azimuth_deg']:g} deg; touches {touched}"
        )
    kind = row["classification"]
    if isinstance(kind, dict):
        lines.append(f"  {kind['words']}")
    return lines
