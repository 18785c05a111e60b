"""Flights from burnout to impact, and from launch: our lanes beside heyoka, Orekit and scipy on one force model.

Ten thousand arcs of about 1000 to 3600 km, J2, drag on the smooth US76 that turns with the Earth, to the WGS-84
ellipsoid. The error of a method is the distance of its impact points from those of heyoka at a tolerance of 2.3e-16, in
Earth radii; each method runs at the loosest round setting with a greatest error of 1e-8. Methods take turns,
processor time, medians. Orekit gets its own exponential atmosphere and an inertial ground (its cheapest), because a
density written in Python would be called through a bridge a thousand times an arc; so its accuracy is against itself.
Peers that are not installed are left out by name.
"""

import importlib.util
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from benchmarks import peak, peers
from diptych.kernels import flight, lanes
from diptych.kernels.earth import WGS84_A_M, geodetic_to_ecef
from tests.helpers.lane_variants import variant

ARCS, REPEATS = 10_000, 5
HEYOKA_ARCS, OREKIT_ARCS, SCIPY_ARCS = 4_000, 300, 40
BOOSTED, EXACT_AIR_ARCS = 4_000, 2_000
NO_GRID = np.empty(0)
Row = dict[str, object]


def states(
    n: int, seed: int = 1, *, shortest_m: float = 1000e3, longest_m: float = 3500e3
) -> tuple[np.ndarray, np.ndarray]:
    """Return n burnout states (n, 6) ECEF at 60 to 120 km and ballistic coefficients (n,) of 1500 to 8000 kg/m2.

    The speed is that of the Kepler arc of the wanted range at 32 to 48 degrees of climb (less for long ranges), in the
    inertial frame.
    """
    rng = np.random.default_rng(seed)
    lat, lon = rng.uniform(0.35, 1.05, n), rng.uniform(-np.pi, np.pi, n)
    azimuth = rng.uniform(0.0, 2.0 * np.pi, n)
    height = rng.uniform(60e3, 120e3, n)
    wanted = rng.uniform(shortest_m, longest_m, n)
    beta = np.exp(rng.uniform(np.log(1500.0), np.log(8000.0), n))
    climb = rng.uniform(np.radians(32.0), np.radians(48.0), n) * np.where(wanted > 5e6, 0.65, 1.0)
    out = np.empty((n, 6))
    for i in range(n):
        out[i, :3] = geodetic_to_ecef(lat[i], lon[i], height[i])
        r = np.linalg.norm(out[i, :3])
        up = out[i, :3] / r
        east = np.array((-np.sin(lon[i]), np.cos(lon[i]), 0.0))
        north = np.cross(up, east)
        half = np.tan(0.5 * wanted[i] / WGS84_A_M)
        lam = half / (np.sin(climb[i]) * np.cos(climb[i]) + half * np.cos(climb[i]) ** 2)
        flat = np.sin(azimuth[i]) * east + np.cos(azimuth[i]) * north
        speed = np.sqrt(lam * peers.MU / r)
        out[i, 3:] = speed * (np.sin(climb[i]) * up + np.cos(climb[i]) * flat)
        out[i, 3] += peers.OMEGA * out[i, 1]
        out[i, 4] -= peers.OMEGA * out[i, 0]
    return out, beta


def ours(start: np.ndarray, beta: np.ndarray, tolerance: float = lanes.TOLERANCE) -> flight.Flights:
    """Fly all arcs in lanes."""
    return flight.coast(start, np.zeros(len(start)), beta, j2_on=True, t_grid_s=NO_GRID, tolerance=tolerance)


def vehicles(n: int, seed: int = 5) -> tuple[np.ndarray, ...]:
    """Return n two-stage vehicles as `flight.launch` takes them: some 900 to 2200 km, 55 to 65 s a stage."""
    rng = np.random.default_rng(seed)
    lat, lon = rng.uniform(0.35, 1.05, n), rng.uniform(-np.pi, np.pi, n)
    stages = np.empty((n, 2, 5))
    mass = 10_000.0
    for i, (start, end, area) in enumerate(((1.0, 0.40, 0.8), (0.30, 0.10, 0.4))):
        burn, exhaust = rng.uniform(55.0, 65.0, n), rng.uniform(235.0, 265.0, n) * 9.80665
        stages[:, i, 3] = (start - end) * mass
        stages[:, i, 0] = stages[:, i, 3] * exhaust / burn
        stages[:, i, 1] = exhaust
        stages[:, i, 4] = area
    stages[:, 0, 2] = 0.10 * mass
    stages[:, 1, 2] = 0.05 * mass
    payload, beta = np.full(n, 0.05 * mass), np.exp(rng.uniform(np.log(1500.0), np.log(8000.0), n))
    steering = np.zeros((n, 6))
    steering[:, flight.AZIMUTH] = rng.uniform(0.0, 2.0 * np.pi, n)
    steering[:, flight.KICK] = rng.uniform(0.25, 0.45, n)
    steering[:, flight.RISE] = steering[:, flight.KICK_DURATION] = 5.0
    steering[:, flight.CUTOFF] = np.inf
    return lat, lon, np.zeros(n), stages, payload, beta, steering, np.zeros(n)


def boosted(fleet: tuple[np.ndarray, ...], tolerance: float = lanes.TOLERANCE) -> flight.Flights:
    """Fly vehicles from launch to impact."""
    return flight.launch(*fleet, j2_on=True, t_grid_s=NO_GRID, tolerance=tolerance)


def exact_air(start: np.ndarray, beta: np.ndarray) -> np.ndarray:
    """Return impact points (n, 3) of the same arcs on the exact layers of US76."""
    n = len(start)
    phases = np.zeros((n, 1, lanes.PHASE_SIZE))
    phases[:, 0, lanes.END], phases[:, 0, lanes.MASS], phases[:, 0, lanes.AREA] = flight.MAX_FLIGHT_S, 1.0, 1.0 / beta
    out = (np.empty((n, 0, 6)), np.empty((n, lanes.EVENTS)), np.empty((n, 3)), np.empty((n, 1, 6)))
    with tempfile.TemporaryDirectory() as folder:
        exact = variant(Path(folder), density="us76")
        j2_on = True
        one, none = np.ones(n, np.int64), np.zeros(n, np.int64)
        exact.run(start, np.zeros(n), phases, one, none, j2_on, np.nan, 1e-10, NO_GRID, np.zeros(n), *out)
    return out[2]


def in_turns(methods: dict[str, tuple[Callable[[], object], int]]) -> dict[str, float]:
    """Return the median rate (per second of processor time) of each method; all take turns REPEATS times."""
    times: dict[str, list[float]] = {name: [] for name in methods}
    for name in methods:
        methods[name][0]()  # compiled, warm
    for _ in range(REPEATS):
        for name, (run, count) in methods.items():
            begin = time.process_time()
            run()
            times[name].append(count / (time.process_time() - begin))
    return {name: statistics.median(rates) for name, rates in times.items()}


def measure() -> list[Row]:
    """Return rates, ratios to each peer, accuracies, share of the core's peak and the cost of the smooth atmosphere."""
    start, beta = states(ARCS)
    fleet = vehicles(BOOSTED)
    methods: dict[str, tuple[Callable[[], object], int]] = {
        "ours": (lambda: ours(start, beta), ARCS),
        "boosted": (lambda: boosted(fleet), BOOSTED),
    }
    few = slice(0, HEYOKA_ARCS)
    has_heyoka = importlib.util.find_spec("heyoka") is not None
    rows: list[Row] = []
    settings = [(1e-7, 20.0, 4), (1e-7, 30.0, 4), (1e-7, 20.0, 8), (1e-7, 30.0, 8), (1e-14, None, 4), (1e-14, None, 8)]
    heyoka = None
    flown = ours(start, beta)
    if has_heyoka:
        heyoka = peers.Heyoka()
        reference = heyoka.one_by_one(start, beta, 2.3e-16)
        trial = slice(0, 1000)
        best = 0.0
        chosen = settings[0]
        for tolerance, cap_s, batch in settings:  # the tuning a patient user would do
            heyoka.batch(start[:64], beta[:64], tolerance, cap_s, batch)
            begin = time.process_time()
            points = heyoka.batch(start[trial], beta[trial], tolerance, cap_s, batch)
            speed = 1000 / (time.process_time() - begin)
            if _error(points, reference[trial]) <= 1e-8 and speed > best:
                best, chosen = speed, (tolerance, cap_s, batch)
        methods["heyoka"] = (lambda: heyoka.batch(start[few], beta[few], *chosen), HEYOKA_ARCS)
    else:
        print("heyoka is not installed: its rows are left out", file=sys.stderr)
        reference = ours(start, beta, 1e-13).impacts
    scipy_few = slice(0, SCIPY_ARCS)
    methods["scipy"] = (lambda: peers.scipy_arcs(start[scipy_few], beta[scipy_few], 1e-9), SCIPY_ARCS)
    orekit = peers.Orekit.started()
    if orekit is not None:
        methods["orekit"] = (lambda: orekit.arcs(start[:OREKIT_ARCS], beta[:OREKIT_ARCS], 1e-9), OREKIT_ARCS)
    else:
        print("Orekit is not installed: its rows are left out", file=sys.stderr)
    rate = in_turns(methods)
    limit = peak.fma_peak_gflops()
    flops = flown.steps / ARCS * peak.operations("coast_step")
    share = rate["ours"] * flops / limit / 1e9
    rows += [
        _row("ballistic arcs, lanes, one core", round(rate["ours"]), "arcs/s"),
        _row("greatest error at impact, lanes", _sci(_error(flown.impacts, reference)), "radii", "allowed 1e-8"),
        _row("steps per arc, refused ones included", round(flown.steps / ARCS, 1), "steps"),
    ]
    if heyoka is not None:
        points = heyoka.batch(start[few], beta[few], *chosen)
        cap = "no step cap" if chosen[1] is None else f"cap {chosen[1]:.0f} s"
        what = f"heyoka batch of {chosen[2]}, refilled, tolerance {chosen[0]:g}, {cap}"
        rows += [
            _row(what, round(rate["heyoka"]), "arcs/s"),
            _row("greatest error at impact, heyoka as tuned", _sci(_error(points, reference[few])), "radii"),
            _row("lanes over tuned heyoka", round(rate["ours"] / rate["heyoka"], 2), "x", "gate 3.1, goal 4"),
        ]
    if orekit is not None:
        fine, tight = (orekit.arcs(start[:100], beta[:100], rtol) for rtol in (1e-9, 1e-13))
        rows += [
            _row("Orekit DP853, exponential air, inertial ground", round(rate["orekit"], 1), "arcs/s"),
            _row("greatest error at impact, Orekit against itself", _sci(_error(fine, tight)), "radii"),
            _row("lanes over Orekit", round(rate["ours"] / rate["orekit"]), "x", "gate 140, goal 175"),
        ]
    points = peers.scipy_arcs(start[scipy_few], beta[scipy_few], 1e-9)
    rows += [
        _row("scipy DOP853, rtol 1e-9", round(rate["scipy"], 1), "arcs/s"),
        _row("greatest error at impact, scipy", _sci(_error(points, reference[scipy_few])), "radii"),
        _row("lanes over scipy", round(rate["ours"] / rate["scipy"]), "x", "gate 800, goal 1000"),
        _row("fused multiply-add peak of one core", round(limit, 1), "GFLOP/s"),
        _row("operations per lane step, counted in the source", peak.operations("coast_step"), "flop"),
        _row("lanes, share of that peak", round(100.0 * share, 1), "%", "goal 25"),
    ]
    launched, exact = boosted(fleet), boosted(fleet, 1e-13)
    good = launched.status == 0
    rows += [
        _row(
            "two-stage boost, coast and entry, one core", round(rate["boosted"]), "arcs/s", "gate 44 000, goal 55 000"
        ),
        _row("of them flown to impact", int(good.sum()), "flights", f"of {BOOSTED}"),
        _row(
            "greatest error at impact, boosted (own 1e-13)",
            _sci(_error(launched.impacts[good], exact.impacts[good])),
            "radii",
        ),
    ]
    shift = np.linalg.norm(
        exact_air(start[:EXACT_AIR_ARCS], beta[:EXACT_AIR_ARCS]) - flown.impacts[:EXACT_AIR_ARCS], axis=1
    )
    rows += [
        _row("smooth against exact US76 at impact, median", round(float(np.median(shift)), 1), "m"),
        _row("smooth against exact US76 at impact, greatest", round(float(shift.max()), 1), "m", "allowed 50 m"),
    ]
    return rows


def _error(points: np.ndarray, reference: np.ndarray) -> float:
    """Return the greatest distance in Earth radii."""
    return float(np.linalg.norm(points - reference, axis=1).max() / WGS84_A_M)


def _sci(x: float) -> float:
    return float(f"{x:.1e}")


def _row(what: str, figure: object, unit: str, against: str = "") -> Row:
    row: Row = {"what": what, "figure": figure, "unit": unit}
    if against:
        row["against"] = against
    return row
