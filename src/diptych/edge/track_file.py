"""Read a user's own detections or trajectories from CSV with units in the header; refuse what cannot be right.

One line is one report of one object. What the columns mean is in docs/how-to/import-tracks.md; here is only how they
are read and checked. Every complaint says file, line, column, what was expected, what was found, and the next step.
"""

from __future__ import annotations

import csv
import difflib
import math
from pathlib import Path

import msgspec
import numpy as np

from diptych.kernels.earth import enu_basis, geodetic_to_ecef
from diptych.model.errors import Problem, ScenarioError
from diptych.model.looks import Detections

NAMES = ("object", "sensor")
FACTORS = {"_km": 1e3, "_m": 1.0, "_kmps": 1e3, "_mps": 1.0, "_deg": math.pi / 180.0, "_s": 1.0, "_m2": 1.0}
PLACE = ("lat_deg", "lon_deg", "alt")
POINT = ("x_ecef", "y_ecef", "z_ecef")
SPEED = ("vx_ecef", "vy_ecef", "vz_ecef")
SIGMAS = ("sigma_east", "sigma_north", "sigma_up")
COVARIANCE = ("cov_xx_m2", "cov_xy_m2", "cov_xz_m2", "cov_yy_m2", "cov_yz_m2", "cov_zz_m2")
LENGTHS = ("alt", *POINT, "sigma", *SIGMAS)
KNOWN = (
    *NAMES, "time_s", "lat_deg", "lon_deg", *COVARIANCE,
    *(f"{n}_{u}" for n in LENGTHS for u in ("m", "km")), *(f"{n}_{u}" for n in SPEED for u in ("mps", "kmps")),
)  # fmt: skip
MOST_SHOWN = 20
LARGEST = 1e18  # of any number; a variance of a million kilometres. Its square still is a float


class Reports(msgspec.Struct, frozen=True, eq=False):
    """Everything one file says: per object its detections by sensor, and velocities (n, 3) or None by object.

    `is_trajectory` is true where the file has no errors, so that an assumed one was used.
    """

    objects: tuple[str, ...]
    sensors: tuple[str, ...]
    streams: tuple[tuple[Detections, ...], ...]
    velocities: tuple[tuple[np.ndarray, np.ndarray] | None, ...]
    is_trajectory: bool


class _Row(msgspec.Struct, frozen=True):
    line: int
    object: str
    sensor: str
    time_s: float
    at: tuple[float, float, float]
    cov: np.ndarray
    speed: tuple[float, float, float] | None


def read_reports(path: Path, error_m: float) -> Reports:
    """Return what a file reports.

    Parameters
    ----------
    path : Path
    error_m : float
        Standard deviation per axis taken where the file states no errors, m.

    Raises
    ------
    ScenarioError
        With every problem found, twenty at most.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise _fail(path, 0, "", "expected a CSV file, found none there; check the path") from None
    except (OSError, UnicodeDecodeError) as error:
        raise _fail(path, 0, "", f"expected a CSV file in UTF-8, found {error}; save it as UTF-8") from None
    try:
        lines = list(csv.reader(text.splitlines()))
    except csv.Error as error:
        raise _fail(path, 0, "", f"expected lines of comma-separated values, found: {error}; correct it") from None
    if not lines or not any(cell.strip() for cell in lines[0]):
        raise _fail(
            path, 1, "", "expected a header such as object,time_s,lat_deg,lon_deg,alt_km, found nothing; add it"
        )
    header = [cell.strip() for cell in lines[0]]
    problems = _check_header(path, header)
    if problems:
        raise ScenarioError(problems=tuple(problems[:MOST_SHOWN]))
    rows: list[_Row] = []
    last: dict[tuple[str, str], float] = {}
    for number, cells in enumerate(lines[1:], start=2):
        if not any(cell.strip() for cell in cells) or cells[0].lstrip().startswith("#"):
            continue
        row, found = _read_row(path, number, header, cells, error_m)
        problems += found
        if row is not None:
            key = (row.object, row.sensor)
            before = last.get(key, -math.inf)
            if row.time_s <= before:
                text = f"expected a time after {before:g} s of the line before for {row.object}, found {row.time_s:g}"
                problems.append(
                    _at(path, number, header, cells, "time_s", f"{text}; sort the lines, or drop one of two")
                )
            last[key] = max(before, row.time_s)
            rows.append(row)
    if problems:
        raise ScenarioError(problems=tuple(problems[:MOST_SHOWN]))
    if not rows:
        raise _fail(path, len(lines), "", "expected at least one line below the header, found none; add reports")
    is_trajectory = not any(name.startswith(("sigma", "cov")) for name in header)
    return _reports(rows, is_trajectory=is_trajectory)


def _check_header(path: Path, header: list[str]) -> list[Problem]:
    """Complain about columns that are unknown, twice there, without a unit, or missing."""
    problems = []
    for k, name in enumerate(header):
        if name in header[:k]:
            problems.append(
                _at(path, 1, header, header, name, f"expected each column once, found {name} again; drop one")
            )
        elif name not in KNOWN:
            units = [known for known in KNOWN if known.rsplit("_", 1)[0] in (name, name.rsplit("_", 1)[0])]
            near = difflib.get_close_matches(name, KNOWN, n=1, cutoff=0.6)
            hint = f"write {' or '.join(units)}" if units else f"did you mean {near[0]}?" if near else "drop it"
            problems.append(
                _at(path, 1, header, header, name, f"expected a column of this kind of file, found {name!r}; {hint}")
            )
    if problems:
        return problems
    stems = [_stem(name) for name in header]
    if "object" not in header or "time_s" not in header:
        for name in ("object", "time_s"):
            if name not in header:
                problems.append(
                    _problem(path, 1, 1, name, f"expected a column {name}, found {', '.join(header)}; add it")
                )
    has_place, has_point = set(PLACE) & set(stems), set(POINT) & set(stems)
    if has_place and has_point:
        problems.append(
            _problem(path, 1, 1, "", "expected one kind of position, found two; keep lat_deg.. or x_ecef_m..")
        )
    elif not has_place and not has_point:
        text = "expected a position, found none; add lat_deg, lon_deg, alt_km or x_ecef_m, y_ecef_m, z_ecef_m"
        problems.append(_problem(path, 1, 1, "", text))
    for whole in (PLACE if has_place else POINT if has_point else (), SPEED, SIGMAS, COVARIANCE):
        there = [name for name in whole if name in stems]
        if there and len(there) < len(whole):
            gone = next(name for name in whole if name not in stems)
            full = next(known for known in KNOWN if _stem(known) == gone)
            text = f"expected {', '.join(whole)} together, found {', '.join(there)}; add {full}"
            problems.append(_problem(path, 1, 1, full, text))
    for name in dict.fromkeys(stems):
        if stems.count(name) > 1 and (name in LENGTHS or name in SPEED):
            problems.append(_problem(path, 1, 1, name, f"expected {name} in one unit, found two; keep one"))
    if sum(("sigma" in stems, bool(set(SIGMAS) & set(stems)), bool(set(COVARIANCE) & set(stems)))) > 1:
        problems.append(_problem(path, 1, 1, "", "expected one way to state the error, found several; keep one"))
    return problems


def _stem(name: str) -> str:
    """Return a column's name without the unit of a length or speed."""
    for unit in ("_kmps", "_mps", "_km", "_m"):
        if name.endswith(unit) and name.removesuffix(unit) in (*LENGTHS, *SPEED):
            return name.removesuffix(unit)
    return name


def _read_row(
    path: Path, number: int, header: list[str], cells: list[str], error_m: float
) -> tuple[_Row | None, list[Problem]]:
    """Return one line as numbers in SI, or what is wrong with it."""
    problems: list[Problem] = []
    if len(cells) != len(header):
        text = f"expected {len(header)} values as in the header, found {len(cells)}; correct the line"
        return None, [_problem(path, number, 1, "", text)]
    words: dict[str, str] = {}
    values: dict[str, float] = {}
    for name, cell in zip(header, cells, strict=True):
        if name in NAMES:
            words[name] = cell.strip()
            if not words[name]:
                problems.append(_at(path, number, header, cells, name, "expected a name, found nothing; fill it in"))
            continue
        try:
            value = float(cell)
        except ValueError:
            text = f"expected a number, found {cell.strip()!r}; write it with a decimal point and no unit"
            problems.append(_at(path, number, header, cells, name, text))
            continue
        if not math.isfinite(value):
            text = f"expected a finite number, found {cell.strip()}; leave the line out if nothing was measured"
            problems.append(_at(path, number, header, cells, name, text))
            continue
        low, high = {"lat_deg": (-90.0, 90.0), "lon_deg": (-180.0, 360.0)}.get(name, (-math.inf, math.inf))
        if not low <= value <= high:
            text = f"expected a number from {low:g} to {high:g}, found {value:g}; correct it"
            problems.append(_at(path, number, header, cells, name, text))
        if name.startswith("sigma") and value <= 0.0:
            text = f"expected a standard deviation above 0, found {value:g}; correct it"
            problems.append(_at(path, number, header, cells, name, text))
        unit = next(u for u in sorted(FACTORS, key=len, reverse=True) if name.endswith(u))
        values[_stem(name)] = value * (FACTORS[unit] if _stem(name) != name else 1.0)
    if problems:
        return None, problems
    if "lat_deg" in values:
        lat, lon = math.radians(values["lat_deg"]), math.radians(values["lon_deg"])
        at = geodetic_to_ecef(lat, lon, values["alt"])
    else:
        at = (values["x_ecef"], values["y_ecef"], values["z_ecef"])
    wild = next((name for name, value in values.items() if abs(value) > LARGEST), None)
    if wild is not None:
        text = f"expected a number up to {LARGEST:g} in SI, found {values[wild]:g}; check the unit"
        return None, [_problem(path, number, 1, wild, text)]
    far = math.hypot(*at)
    if not 6.3e6 <= far <= 1e8:
        text = f"expected a position above the ground, found {far / 1e3:.0f} km from the centre of the Earth"
        return None, [_problem(path, number, 1, header[0], f"{text}; check the unit")]
    cov, problem = _covariance(values, at, error_m)
    if problem:
        return None, [_at(path, number, header, cells, "cov_xx_m2", problem)]
    speed = (values["vx_ecef"], values["vy_ecef"], values["vz_ecef"]) if "vx_ecef" in values else None
    return _Row(number, words["object"], words.get("sensor", ""), values["time_s"], at, cov, speed), []


def _covariance(values: dict[str, float], at: tuple[float, float, float], error_m: float) -> tuple[np.ndarray, str]:
    """Return the covariance (3, 3) of a position, ECEF m2, and what is wrong with it."""
    if "cov_xx_m2" in values:
        xx, xy, xz, yy, yz, zz = (values[name] for name in COVARIANCE)
        cov = np.array([[xx, xy, xz], [xy, yy, yz], [xz, yz, zz]])
        least = float(np.linalg.eigvalsh(cov)[0])
        if least <= 0.0:
            text = f"expected a covariance that is positive definite, found one with the eigenvalue {least:.4g} m2"
            return cov, f"{text}; check signs and order (xx, xy, xz, yy, yz, zz)"
        return cov, ""
    if "sigma_east" in values:
        r = math.hypot(*at)
        basis = enu_basis(math.asin(at[2] / r), math.atan2(at[1], at[0]))
        size = np.array([values[name] for name in SIGMAS])
        return basis.T @ np.diag(size**2) @ basis, ""
    return np.eye(3) * values.get("sigma", error_m) ** 2, ""


def _reports(rows: list[_Row], *, is_trajectory: bool) -> Reports:
    """Return the lines by object and sensor."""
    objects = tuple(dict.fromkeys(row.object for row in rows))
    sensors = tuple(sorted({row.sensor for row in rows}))
    streams, velocities = [], []
    for name in objects:
        entries = []
        for k, sensor in enumerate(sensors):
            own = [row for row in rows if row.object == name and row.sensor == sensor]
            if own:
                entries.append(_detections(k, own))
        streams.append(tuple(entries))
        told = [(row.time_s, row.speed) for row in rows if row.object == name and row.speed is not None]
        velocities.append((np.array([t for t, _ in told]), np.array([v for _, v in told])) if told else None)
    return Reports(objects, sensors, tuple(streams), tuple(velocities), is_trajectory)


def _detections(sensor: int, rows: list[_Row]) -> Detections:
    n = len(rows)
    time_s = np.array([row.time_s for row in rows])
    return Detections(
        radar=sensor,
        slot=np.arange(n),
        time_s=time_s,
        measured_ecef_m=np.array([row.at for row in rows]),
        cov_ecef_m2=np.array([row.cov for row in rows]),
        revisit_s=float(np.median(np.diff(time_s))) if n > 1 else 1.0,
        is_false=np.zeros(n, np.bool_),
        range_rate_mps=np.full(n, np.nan),
        range_rate_sigma_mps=np.full(n, np.nan),
        site_ecef_m=np.zeros(3),
    )


def _at(path: Path, line: int, header: list[str], cells: list[str], name: str, text: str) -> Problem:
    """Return a problem that points at the value of a column (characters counted as if no cell were quoted)."""
    k = header.index(name)
    return _problem(path, line, sum(len(cell) + 1 for cell in cells[:k]) + 1, name, text)


def _problem(path: Path, line: int, column: int, name: str, text: str) -> Problem:
    return Problem(str(path), line, column, name, text)


def _fail(path: Path, line: int, name: str, text: str) -> ScenarioError:
    return ScenarioError(problems=(_problem(path, max(1, line), 1, name, text),))
