"""Tracking filters: our lanes against Stone Soup and dynamax on the same 100 coasting objects and detections.

Two jobs. *Known association*: 300 scans, a detection for each track in each. *Global nearest neighbour*: the detections
of a scan come in any order and each library finds out whose they are. Peers get the model of `filter_peers`; the last
states and covariances are compared in the same run. Times are processor times (all threads), taken in turn.
"""

import statistics
import time
from collections.abc import Callable

import numba
import numpy as np

from benchmarks.filter_peers import StoneSoup, dynamax_filter, noise, rk4, transition
from diptych.kernels import filter_lanes as lanes
from diptych.kernels.ballistic import GENERIC_BETA_KG_M2
from diptych.kernels.earth import WGS84_A_M
from diptych.kernels.filters import COAST_NOISE_M2_S3
from diptych.tracking.associate import associate

TRACKS, SCANS, STEP_S = 100, 300, 1.0
PEER_SCANS = 40  # of Stone Soup, which would need a minute for all; its rate does not depend on how many
CHUNKS = 8  # in so many pieces, ours and dynamax's timed between them
GNN_SCANS = 3  # of Stone Soup; ours takes all
GATE = 16.27  # chi-square, three degrees of freedom, 99.9 %
FLOP_PER_UPDATE = 1130  # of one vacuum step and one update, counted in their source; divide and root as one
CELLS_M = (30.0, 400.0, 400.0)  # standard deviations of a detection: range, across

Arrays = tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]


def scenario(seed: int = 3) -> Arrays:
    """Return first states (n, 6), covariances (n, 6, 6), detections (scans, n, 3) and their covariances.

    Objects between 200 and 700 km that stay above the air for the 300 s, seen from one place on the ground.
    """
    draw = np.random.default_rng(seed)
    site = np.array([WGS84_A_M, 0.0, 0.0])
    truth = np.empty((TRACKS, 6))
    truth[:, 0] = WGS84_A_M + draw.uniform(200e3, 400e3, TRACKS)
    truth[:, 1:3] = draw.uniform(-900e3, 900e3, (TRACKS, 2))
    truth[:, 3] = draw.uniform(1500, 2500, TRACKS)
    truth[:, 4:] = draw.uniform(-3000, 3000, (TRACKS, 2))
    start = truth + draw.normal(size=truth.shape) * np.repeat([500.0, 50.0], 3)
    cov = np.broadcast_to(np.diag(np.repeat([500.0, 50.0], 3) ** 2), (TRACKS, 6, 6)).copy()
    z, r = np.empty((SCANS, TRACKS, 3)), np.empty((SCANS, TRACKS, 3, 3))
    for k in range(SCANS):
        truth = rk4(truth.T, STEP_S).T
        sight = truth[:, :3] - site
        sight /= np.linalg.norm(sight, axis=1, keepdims=True)
        along = sight[:, :, None] * sight[:, None, :]
        r[k] = CELLS_M[0] ** 2 * along + CELLS_M[1] ** 2 * (np.eye(3) - along)
        root = np.linalg.cholesky(r[k])
        z[k] = truth[:, :3] + np.einsum("nij,nj->ni", root, draw.normal(size=(TRACKS, 3)))
    return start, cov, z, r


@numba.njit(error_model="numpy", nogil=True)
def _all_scans(bank, dt_s, boost, beta, pick, z, r):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """Every scan in one call, compiled as dynamax's is."""
    for k in range(z.shape[0]):
        lanes.predict(bank, dt_s, boost, beta)
        lanes.update(bank, pick, z[k], r[k])


def _settings(n: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return interval, boost and ballistic coefficient of n coasting tracks."""
    return np.full(n, STEP_S), np.zeros(n), np.full(n, GENERIC_BETA_KG_M2)


def _ours_compiled(start: np.ndarray, cov: np.ndarray, z: np.ndarray, r: np.ndarray) -> np.ndarray:
    bank = lanes.pack(start, cov)
    _all_scans(bank, *_settings(len(start)), np.arange(len(start)), z, r)
    return bank


def _ours_by_scan(start: np.ndarray, cov: np.ndarray, z: np.ndarray, r: np.ndarray) -> np.ndarray:
    bank = lanes.pack(start, cov)
    settings, pick = _settings(len(start)), np.arange(len(start))
    for k in range(len(z)):
        lanes.predict(bank, *settings)
        lanes.update(bank, pick, z[k], r[k])
    return bank


def _ours_nearest(
    start: np.ndarray, cov: np.ndarray, z: np.ndarray, r: np.ndarray
) -> tuple[np.ndarray, list[np.ndarray]]:
    """Return the bank and the detection of each track in each scan."""
    n = len(start)
    bank = lanes.pack(start, cov)
    settings, picks = _settings(n), []
    for k in range(len(z)):
        lanes.predict(bank, *settings)
        distance2, log_det = lanes.gate(bank, n, z[k], r[k], GATE)
        picks.append(associate(distance2, log_det))
        lanes.update(bank, picks[-1], z[k], r[k])
    return bank, picks


def _apart(one: tuple[np.ndarray, np.ndarray], other: tuple[np.ndarray, np.ndarray]) -> float:
    """Largest difference: of positions and speeds relative to their size, of covariances to their deviations."""
    place = np.abs(one[0] - other[0]) / np.linalg.norm(other[0].reshape(-1, 2, 3), axis=2).repeat(3, axis=1)
    sigma = np.sqrt(np.einsum("nii->ni", other[1]))
    return float(max(place.max(), np.max(np.abs(one[1] - other[1]) / (sigma[:, :, None] * sigma[:, None, :]))))


def _seconds(call: Callable[[], object]) -> float:
    begin = time.process_time()
    call()
    return time.process_time() - begin


def _known() -> list[dict[str, object]]:
    """Known association: rates in turn, then the differences of the last estimates."""
    start, cov, z, r = scenario()
    soups = {
        "default": StoneSoup(COAST_NOISE_M2_S3, None),
        "analytic": StoneSoup(COAST_NOISE_M2_S3, transition),
    }
    tracks = {name: soup.start(start, cov) for name, soup in soups.items()}
    jaxed = dynamax_filter(COAST_NOISE_M2_S3, STEP_S)
    phi = np.array([transition(x, STEP_S) for x in start])
    first = rk4(start.T, STEP_S).T, phi @ cov @ phi.transpose(0, 2, 1) + noise(STEP_S, COAST_NOISE_M2_S3)

    def run_dynamax() -> tuple[np.ndarray, np.ndarray]:
        mean, var = jaxed(*first, z, r)
        return np.asarray(mean), np.asarray(var)

    _ours_compiled(start, cov, z[:2], r[:2])
    _ours_by_scan(start, cov, z[:2], r[:2])
    theirs = run_dynamax()
    took: dict[str, list[float]] = {name: [] for name in ("compiled", "by scan", "dynamax", *soups)}
    updates = TRACKS * SCANS
    per = PEER_SCANS // CHUNKS
    for chunk in range(CHUNKS):
        scans = range(chunk * per, (chunk + 1) * per)
        for name, soup in soups.items():
            begin = time.process_time()
            for k in scans:
                soup.step(tracks[name], soup.detections((k + 1) * STEP_S, z[k], r[k]))
            took[name].append((time.process_time() - begin) / (per * TRACKS))
        for _ in range(3):
            took["compiled"].append(_seconds(lambda: _ours_compiled(start, cov, z, r)) / updates)
            took["by scan"].append(_seconds(lambda: _ours_by_scan(start, cov, z, r)) / updates)
        took["dynamax"].append(_seconds(run_dynamax) / updates)
    ours = lanes.unpack(_ours_compiled(start, cov, z, r), TRACKS)
    early = lanes.unpack(_ours_compiled(start, cov, z[:PEER_SCANS], r[:PEER_SCANS]), TRACKS)
    rate = {name: 1.0 / statistics.median(values) for name, values in took.items()}
    off = {"Stone Soup": _apart(soups["analytic"].ends(tracks["analytic"]), early), "dynamax": _apart(theirs, ours)}
    assert max(off.values()) < 1e-6, off
    what = "100 tracks x 300 scans, known association"
    return [
        {"what": f"{what}: ours, scans in one call", "figure": round(rate["compiled"]), "unit": "updates/s"},
        {"what": "the same, one call a scan from Python", "figure": round(rate["by scan"]), "unit": "updates/s"},
        {"what": "the same by dynamax (jit, vmap, all scans)", "figure": round(rate["dynamax"]), "unit": "updates/s"},
        {"what": "the same by Stone Soup, Jacobian by itself", "figure": round(rate["default"]), "unit": "updates/s"},
        {"what": "the same by Stone Soup, given our Jacobian", "figure": round(rate["analytic"]), "unit": "updates/s"},
        _ratio("ours / Stone Soup", rate["compiled"] / rate["default"], "gate 10000, goal 20000"),
        _ratio("ours / Stone Soup given our Jacobian", rate["compiled"] / rate["analytic"], "gate 10000, goal 20000"),
        _ratio("ours / dynamax, per core", rate["compiled"] / rate["dynamax"], "gate 15, goal 25"),
        {
            "what": "ours, floating-point operations of the filter alone",
            "figure": round(rate["compiled"] * FLOP_PER_UPDATE / 1e9, 1),
            "unit": "GFLOP/s",
        },
        *[
            {"what": f"largest difference of estimates from {name}", "figure": f"{value:.1e}", "unit": "relative",
             "against": "gate 1e-6 (states to their size, covariances to their deviations)"}
            for name, value in off.items()
        ],
    ]  # fmt: skip


def _nearest() -> list[dict[str, object]]:
    """Global nearest neighbour on shuffled detections."""
    start, cov, z, r = scenario()
    draw = np.random.default_rng(8)
    turned = [draw.permutation(TRACKS) for _ in range(SCANS)]
    z = np.array([z[k][turned[k]] for k in range(SCANS)])
    r = np.array([r[k][turned[k]] for k in range(SCANS)])
    soup = StoneSoup(COAST_NOISE_M2_S3, transition)
    tracks, associator = soup.start(start, cov), soup.neighbours(missed_distance=GATE**0.5)
    _ours_nearest(start, cov, z[:5], r[:5])
    theirs, ours, same = [], [], True
    _, picks = _ours_nearest(start, cov, z[:GNN_SCANS], r[:GNN_SCANS])
    for k in range(GNN_SCANS):
        begin = time.process_time()
        found = soup.detections((k + 1) * STEP_S, z[k], r[k])
        answer = soup.associate(associator, tracks, found)
        theirs.append((time.process_time() - begin) / TRACKS)
        same = same and answer == picks[k].tolist()
        for _ in range(5):
            ours.append(_seconds(lambda: _ours_nearest(start, cov, z, r)) / (TRACKS * SCANS))
    bank, picks = _ours_nearest(start, cov, z[:GNN_SCANS], r[:GNN_SCANS])
    off = _apart(soup.ends(tracks), lanes.unpack(bank, TRACKS))
    assert same, "Stone Soup and we disagree on whose detections these are"
    assert off < 1e-6, off
    _, picks = _ours_nearest(start, cov, z, r)
    right = np.mean([np.mean(turned[k][picks[k]] == np.arange(TRACKS)) for k in range(SCANS)])
    rate, peer = 1.0 / statistics.median(ours), 1.0 / statistics.median(theirs)
    return [
        {"what": "100 tracks, global nearest neighbour: ours", "figure": round(rate), "unit": "updates/s"},
        {"what": "the same by Stone Soup (GNN, 2-D assignment)", "figure": round(peer, 1), "unit": "updates/s"},
        _ratio("ours / Stone Soup with global nearest neighbour", rate / peer, "gate 2000, goal 3000"),
        {"what": "detections given to their own track", "figure": round(100 * float(right), 2), "unit": "%"},
        {"what": "largest difference of estimates from Stone Soup, GNN", "figure": f"{off:.1e}", "unit": "relative",
         "against": f"same assignments in all {GNN_SCANS} scans"},
    ]  # fmt: skip


def _ratio(what: str, value: float, against: str) -> dict[str, object]:
    return {"what": what, "figure": round(value, 1 if value < 1000 else 0), "unit": "x", "against": against}


def measure() -> list[dict[str, object]]:
    """Return the rows of both jobs."""
    return [*_known(), *_nearest()]
