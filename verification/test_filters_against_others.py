"""Our filter lanes and our association against Stone Soup and dynamax, and against themselves in other widths.

The peers get the model of `benchmarks/filter_peers.py` (written again in NumPy and JAX) and the same detections. What
we leave out of the Jacobian (J2, third order) is measured by giving Stone Soup the exact one. Its own numerical one is
not used: in ECEF its rounding moves estimates by a quarter of their deviation in 150 scans (see `filter_peers`).
"""

from __future__ import annotations

import importlib.util
from pathlib import Path

import numpy as np
import pytest

from benchmarks.filter_peers import StoneSoup, dynamax_filter, exact_transition, noise, rk4, transition
from benchmarks.filters import GATE, SCANS, STEP_S, TRACKS, _apart, _ours_by_scan, scenario
from diptych.kernels import filter_lanes as lanes
from diptych.kernels.ballistic import GENERIC_BETA_KG_M2
from diptych.kernels.filters import COAST_NOISE_M2_S3
from diptych.tracking.associate import NONE, associate

pytest.importorskip("stonesoup", reason="Stone Soup belongs to the group `peers`")
pytest.importorskip("dynamax", reason="dynamax belongs to the group `peers`")

ROOT = Path(__file__).resolve().parents[1]
SOME, SOME_SCANS = 12, 100


def test_states_and_covariances_are_those_of_stone_soup() -> None:
    start, cov, z, r = scenario()
    start, cov, z, r = start[:SOME], cov[:SOME], z[:SOME_SCANS, :SOME], r[:SOME_SCANS, :SOME]
    soup = StoneSoup(COAST_NOISE_M2_S3, transition)
    tracks = soup.start(start, cov)
    worst = 0.0
    bank = lanes.pack(start, cov)
    for k in range(SOME_SCANS):
        soup.step(tracks, soup.detections((k + 1) * STEP_S, z[k], r[k]))
        lanes.predict(bank, np.full(SOME, STEP_S), np.zeros(SOME), np.full(SOME, GENERIC_BETA_KG_M2))
        lanes.update(bank, np.arange(SOME), z[k], r[k])
        worst = max(worst, _apart(soup.ends(tracks), lanes.unpack(bank, SOME)))
    print(f"Stone Soup, same Jacobian, {SOME} tracks x {SOME_SCANS} scans: largest relative difference {worst:.1e}")
    assert worst < 1e-9


def test_what_the_jacobian_leaves_out_moves_no_estimate_by_a_thousandth_of_its_deviation() -> None:
    start, cov, z, r = scenario()
    start, cov, z, r = start[:SOME], cov[:SOME], z[:SOME_SCANS, :SOME], r[:SOME_SCANS, :SOME]
    soup = StoneSoup(COAST_NOISE_M2_S3, exact_transition)
    tracks = soup.start(start, cov)
    for k in range(SOME_SCANS):
        soup.step(tracks, soup.detections((k + 1) * STEP_S, z[k], r[k]))
    theirs, their_cov = soup.ends(tracks)
    ours, our_cov = lanes.unpack(_ours_by_scan(start, cov, z, r), SOME)
    sigma = np.sqrt(np.einsum("nii->ni", their_cov))
    state = np.max(np.abs(ours - theirs) / sigma)
    spread = np.max(np.abs(np.sqrt(np.einsum("nii->ni", our_cov)) / sigma - 1.0))
    print(f"Stone Soup, exact Jacobian: states within {state:.1e} deviations, deviations within {spread:.1e}")
    assert state < 1e-3
    assert spread < 1e-3


def test_states_and_covariances_are_those_of_dynamax() -> None:
    start, cov, z, r = scenario()
    phi = np.array([transition(x, STEP_S) for x in start])
    first = rk4(start.T, STEP_S).T, phi @ cov @ phi.transpose(0, 2, 1) + noise(STEP_S, COAST_NOISE_M2_S3)
    mean, var = dynamax_filter(COAST_NOISE_M2_S3, STEP_S)(*first, z, r)
    worst = _apart((np.asarray(mean), np.asarray(var)), lanes.unpack(_ours_by_scan(start, cov, z, r), TRACKS))
    print(f"dynamax, {TRACKS} tracks x {SCANS} scans: largest relative difference {worst:.1e}")
    assert worst < 1e-9


def _crowd(seed: int, n: int, m_false: int) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Return tracks at second 0 that come together at second 10, and detections there: some missed, some false."""
    draw = np.random.default_rng(seed)
    centre = np.array([7.2e6, 0.0, 0.0])
    meeting = centre + draw.normal(size=(n, 3)) * 700.0
    speed = draw.normal(size=(n, 3)) * 2000.0
    state = np.concatenate([meeting - 10.0 * speed, speed], axis=1)
    cov = np.broadcast_to(np.diag(np.repeat([300.0, 20.0], 3) ** 2), (n, 6, 6)).copy()
    state += draw.normal(size=(n, 6)) * np.repeat([300.0, 20.0], 3)
    seen = meeting[draw.random(n) < 0.9]
    z = np.concatenate([seen, centre + draw.normal(size=(m_false, 3)) * 1000.0])
    scale = draw.uniform(50.0, 300.0, size=len(z))
    z = z + draw.normal(size=z.shape) * scale[:, None]
    order = draw.permutation(len(z))
    return state, cov, z[order], (scale[order] ** 2)[:, None, None] * np.eye(3)


def test_assignments_are_those_of_stone_soup_where_paths_cross() -> None:
    soup = StoneSoup(COAST_NOISE_M2_S3, transition)
    associator = soup.neighbours(missed_distance=GATE, squared=True)
    contested = pairs = 0
    for seed in range(30):
        state, cov, z, r = _crowd(seed, n=3 + seed % 6, m_false=seed % 4)
        if len(z) == 0:
            continue
        n = len(state)
        theirs = soup.associate(associator, soup.start(state, cov), soup.detections(10.0, z, r))
        # Stone Soup takes one step of 10 s, we two of 5 s: metres apart, while pairs are hundreds of metres apart.
        bank = lanes.pack(state, cov)
        lanes.predict(bank, np.full(n, 10.0), np.zeros(n), np.full(n, GENERIC_BETA_KG_M2))
        d2, _ = lanes.gate(bank, n, z, r, GATE)
        ours = associate(d2, np.zeros(n), miss_cost=GATE)
        contested += int(np.sum(np.isfinite(d2).sum(axis=1) > 1))
        pairs += int(np.sum(ours != NONE))
        assert ours.tolist() == theirs, f"seed {seed}"
    print(f"Stone Soup's assignment: the same in 30 scans with {pairs} pairs; {contested} tracks had a choice")
    assert contested > 50


def test_true_detections_pass_the_gate_as_often_as_stated() -> None:
    start, cov, z, r = scenario()
    bank = lanes.pack(start, cov)
    inside = 0
    settings = np.full(TRACKS, STEP_S), np.zeros(TRACKS), np.full(TRACKS, GENERIC_BETA_KG_M2)
    for k in range(SCANS):
        lanes.predict(bank, *settings)
        d2, _ = lanes.gate(bank, TRACKS, z[k], r[k], GATE)
        inside += int(np.isfinite(np.diag(d2)).sum())
        lanes.update(bank, np.arange(TRACKS), z[k], r[k])
    missed = 1.0 - inside / (TRACKS * SCANS)
    print(f"true detections outside the 99.9 % gate: {100 * missed:.3f} % of {TRACKS * SCANS}")
    assert missed == pytest.approx(0.001, abs=3 * (0.001 / (TRACKS * SCANS)) ** 0.5)


@pytest.mark.parametrize("width", [1, 4])
def test_lanes_of_another_width_give_the_same_bytes(width: int) -> None:
    spec = importlib.util.spec_from_file_location("build_filter_lanes", ROOT / "tools" / "build_filter_lanes.py")
    assert spec is not None
    assert spec.loader is not None
    writer = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(writer)
    source = writer.vacuum_source(width).replace("@kernel", "@njit(error_model='numpy')")
    other: dict[str, object] = {}
    exec("from numba import njit\n" + source.replace("from diptych.kernels.jit import kernel\n", ""), other)
    exec(
        writer.air_source(width).replace("@kernel", "@njit(error_model='numpy')")
        .replace("from diptych.kernels.jit import kernel\n", "from numba import njit\n"),
        other,
    )  # fmt: skip
    from diptych.kernels import filter_lane_air, filter_lane_vacuum

    draw = np.random.default_rng(6)
    count = 8
    rows = np.zeros((writer.ROWS, count))
    start, cov, _, r = scenario()
    for t in range(count):
        scale = 1.0 if t % 2 else (lanes.WGS84_A_M + draw.uniform(20e3, 95e3)) / np.linalg.norm(start[t, :3])
        rows[:3, t], rows[3:6, t] = start[t, :3] * scale, start[t, 3:]
        rows[6:27, t] = (cov[t] + 0.01 * cov[t, 0, 0] * np.eye(6))[np.triu_indices(6)]
        rows[lanes.R : lanes.R + 6, t] = r[0, t][np.triu_indices(3)]
        rows[lanes.Z : lanes.Z + 3, t] = rows[:3, t] + draw.normal(size=3) * 300.0
    rows[lanes.LEFT_S], rows[lanes.INVERSE_BETA], rows[lanes.USE] = 3.0, 1.0 / GENERIC_BETA_KG_M2, 1.0

    def through(functions: list[object], at_once: int) -> bytes:
        out = rows.copy()
        for first in range(0, count, at_once):
            block = np.ascontiguousarray(out[:, first : first + at_once]).ravel()
            for function in functions:
                function(block)  # type: ignore[operator]
            out[:, first : first + at_once] = block.reshape(writer.ROWS, at_once)
        return out.tobytes()

    here = [filter_lane_air.predict_air, filter_lane_vacuum.update_step, filter_lane_air.predict_air]
    there = [other["predict_air"], other["update_step"], other["predict_air"]]
    assert through(here, writer.WIDTH) == through(there, width)
    odd = rows.copy()
    rows[:, ::2] = odd[:, 1::2]  # all above the air from here on
    here[0] = here[2] = filter_lane_vacuum.predict_vacuum
    assert through(here, writer.WIDTH) == through(there, width)
