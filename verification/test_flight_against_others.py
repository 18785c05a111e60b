"""Flight against heyoka and Orekit, what a coast must keep, the order of the method, and lanes of another width.

Run by `make verify`; prints the figures that docs/explanation/flight.md quotes. heyoka gets the same forces (J2, the
smooth atmosphere turning with the Earth); Orekit gets J2 and no air, because its atmospheres are others.
"""

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from benchmarks import arcs, peers
from diptych.kernels import flight, lanes
from diptych.kernels.earth import J2, MU_M3_S2, OMEGA_RAD_S, WGS84_A_M
from diptych.kernels.status import OK
from tests.helpers.flown import ecef_to_eci
from tests.helpers.lane_variants import variant

NONE = np.empty(0)
LONG = {"seed": 3, "shortest_m": 300e3, "longest_m": 10_000e3}


def test_ten_thousand_arcs_of_300_to_10_000_km_land_within_1e_8_of_heyoka_at_machine_tolerance() -> None:
    pytest.importorskip("heyoka")
    start, beta = arcs.states(10_000, **LONG)
    ours, fine = arcs.ours(start, beta), arcs.ours(start, beta, 1e-13)
    theirs = peers.Heyoka().one_by_one(start, beta, 2.3e-16, 5.0)
    assert (ours.status == OK).all()
    error = np.linalg.norm(ours.impacts - theirs, axis=1) / WGS84_A_M
    best = np.linalg.norm(fine.impacts - theirs, axis=1) / WGS84_A_M
    print(
        f"\nagainst heyoka at 2.3e-16, Earth radii: greatest {error.max():.1e}, 99 % below"
        f" {np.percentile(error, 99):.1e}, median {np.median(error):.1e};"
        f" ours at 1e-13: greatest {best.max():.1e}, median {np.median(best):.1e}"
    )
    assert error.max() < 1e-8
    assert best.max() < 1e-9


def test_two_hundred_arcs_over_the_j2_field_without_air_land_where_orekit_says() -> None:
    orekit = peers.Orekit.started()
    if orekit is None:
        pytest.skip("Orekit is not installed")
    start, _ = arcs.states(200, **LONG)
    beta = np.full(200, 1e30)  # no drag to speak of
    ours = flight.coast(start, np.zeros(200), beta, j2_on=True, t_grid_s=NONE)
    theirs = orekit.arcs(start, np.full(200, 1000.0), 1e-12, has_air=False)
    error = np.empty(200)
    for i in range(200):
        state = np.concatenate([ours.impacts[i], np.zeros(3)])
        error[i] = np.linalg.norm(ecef_to_eci(state, ours.events[i, lanes.IMPACT_S])[:3] - theirs[i]) / WGS84_A_M
    print(f"\nagainst Orekit, J2, no air, Earth radii: greatest {error.max():.1e}, median {np.median(error):.1e}")
    assert error.max() < 1e-8


def test_a_coast_above_the_air_keeps_its_energy_and_momentum() -> None:
    start, _ = arcs.states(200, **LONG)
    grid = np.arange(0.0, 1500.0, 50.0)
    for j2_on in (False, True):
        flown = flight.coast(start, np.zeros(200), np.full(200, 1e30), j2_on=j2_on, t_grid_s=grid)
        energy, momentum = 0.0, 0.0
        for i in range(200):
            rows = [k for k in range(len(grid)) if np.isfinite(flown.samples[i, k, 0])]
            inertial = np.array([ecef_to_eci(flown.samples[i, k], grid[k]) for k in rows])
            r = np.linalg.norm(inertial[:, :3], axis=1)
            potential = -MU_M3_S2 / r
            if j2_on:
                s2 = (inertial[:, 2] / r) ** 2
                potential = potential * (1.0 - 0.5 * J2 * (WGS84_A_M / r) ** 2 * (3.0 * s2 - 1.0))
            e = 0.5 * np.sum(inertial[:, 3:] ** 2, axis=1) + potential
            h = np.cross(inertial[:, :3], inertial[:, 3:])
            turned = h[:, 2] if j2_on else h  # J2 keeps the part along the axis only
            momentum = max(momentum, float(np.abs(turned - turned[0]).max() / np.linalg.norm(h[0])))
            energy = max(energy, float(np.abs(e / e[0] - 1.0).max()))
        print(f"\nJ2 {j2_on}: greatest relative drift of energy {energy:.1e}, of angular momentum {momentum:.1e}")
        assert energy < 1e-8
        assert momentum < 1e-8


def test_halving_the_step_divides_the_error_as_a_method_of_eighth_order_must(tmp_path: Path) -> None:
    start = arcs.states(1, seed=6)[0]
    start[0, :3] *= 1.05  # above the air
    fixed = variant(tmp_path, has_fixed_steps=True)
    until_s, j2_on = 600.0, True

    def end(length_s: float) -> np.ndarray:
        count = round(until_s / length_s)
        phases = np.zeros((1, count, lanes.PHASE_SIZE))
        phases[0, :, lanes.MASS] = 1.0
        phases[0, :, lanes.END] = length_s * np.arange(1, count + 1)
        ends = np.empty((1, count, 6))
        steps = fixed.run(
            start, np.zeros(1), phases, np.full(1, count), np.zeros(1, np.int64), j2_on, np.nan, 1e30, NONE,
            np.zeros(1), np.empty((1, 0, 6)), np.empty((1, lanes.EVENTS)), np.empty((1, 3)), ends,
        )  # fmt: skip
        assert steps == count
        return ends[0, -1]

    lengths = [200.0, 100.0, 50.0]
    exact = end(5.0)
    errors = [float(np.linalg.norm(end(length)[:3] - exact[:3])) for length in lengths]
    orders = [float(np.log2(a / b)) for a, b in pairwise(errors)]
    print(f"\nerror after 600 s in steps of {lengths} s: {errors} m; orders {orders}")
    assert min(orders) > 7.5


def test_lanes_of_any_width_give_the_same_bytes(tmp_path: Path) -> None:
    start, beta = arcs.states(9, **LONG)
    n = len(start)
    phases = np.zeros((n, 1, lanes.PHASE_SIZE))
    phases[:, 0, lanes.END], phases[:, 0, lanes.MASS], phases[:, 0, lanes.AREA] = 7200.0, 1.0, 1.0 / beta
    grid = np.arange(0.0, 1000.0, 100.0)
    j2_on = True

    def fly(module: object) -> tuple[bytes, ...]:
        out = (np.empty((n, 10, 6)), np.empty((n, lanes.EVENTS)), np.empty((n, 3)), np.empty((n, 1, 6)))
        status, one = np.zeros(n, np.int64), np.ones(n, np.int64)
        module.run(start, np.zeros(n), phases, one, status, j2_on, 1e5, 1e-9, grid, np.zeros(n), *out)  # type: ignore[attr-defined]
        return tuple(a.tobytes() for a in (*out, status))

    ours = fly(lanes)
    for width in (1, 4):
        assert fly(variant(tmp_path, width=width)) == ours
    assert OMEGA_RAD_S == peers.OMEGA
