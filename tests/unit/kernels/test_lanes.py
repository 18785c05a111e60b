"""Flights in lanes: the same bytes in any company, one step against a plain twin, events, bad rows.

Lanes of another width: `verification/test_flight_against_others.py`.
"""

from math import nan, radians
from pathlib import Path

import numpy as np
import pytest

from diptych.kernels import flight, lane_step, lanes
from diptych.kernels.atmosphere import us76_smooth_density
from diptych.kernels.earth import geodetic_to_ecef, radial_height_m
from diptych.kernels.status import BAD_INPUT, BELOW_SURFACE, NO_IMPACT, NO_LIFT_OFF, OK, TOO_MANY_STEPS
from tests.helpers.lane_variants import builder
from tests.oracles import step_twin

NONE = np.empty(0)
LONG = np.array([[715e3, 2450.0, 2200.0, 13500.0, 0.36], [220e3, 2600.0, 900.0, 5200.0, 0.24]])
STEERING = (5.4, 0.26, 5.0, 5.0, np.inf, 0.0)


def arcs(n: int, seed: int = 4) -> np.ndarray:
    """Return n burnout states (n, 6) ECEF, some that only fall."""
    rng = np.random.default_rng(seed)
    out = np.empty((n, 6))
    for i in range(n):
        out[i, :3] = geodetic_to_ecef(rng.uniform(-1.3, 1.3), rng.uniform(-3.0, 3.0), rng.uniform(40e3, 150e3))
        up = out[i, :3] / np.linalg.norm(out[i, :3])
        side = np.cross(up, rng.normal(size=3))
        side /= np.linalg.norm(side)
        climb = rng.uniform(-0.3, 1.2)
        out[i, 3:] = rng.uniform(800.0, 6000.0) * (np.sin(climb) * up + np.cos(climb) * side)
    return out


def coast(states: np.ndarray, grid: np.ndarray = NONE, altitude_m: float = nan) -> flight.Flights:
    n = len(states)
    beta = 2000.0 + 1000.0 * np.arange(n)
    return flight.coast(states, np.zeros(n), beta, j2_on=True, t_grid_s=grid, altitude_m=altitude_m)


def test_the_committed_step_is_what_the_builder_writes() -> None:
    committed = Path(lane_step.__file__).read_text(encoding="utf-8")
    assert builder().source() == committed


@pytest.mark.parametrize("kind", ["coast", "thrust along the velocity", "thrust along a direction"])
def test_a_step_agrees_with_its_plain_twin(kind: str) -> None:
    state, h = arcs(1)[0], 4.0
    state[:3] *= 6.4e6 / np.linalg.norm(state[:3])
    direction = np.array([0.6, 0.0, 0.8])
    area = 1.0 / 3000.0 if kind == "coast" else 0.3
    phase = np.zeros((1, 1, lanes.PHASE_SIZE))
    phase[0, 0, lanes.END], phase[0, 0, lanes.MASS], phase[0, 0, lanes.AREA] = h, 1.0, area
    forces: dict[str, object] = {"area": area, "j2_on": True}
    if kind != "coast":
        phase[0, 0, lanes.THRUST], phase[0, 0, lanes.FLOW], phase[0, 0, lanes.MASS] = 2e5, 80.0, 9000.0
        phase[0, 0, lanes.POWERED] = 1.0
        forces |= {"thrust": 2e5, "flow": 80.0, "mass": 9000.0}
        if kind.endswith("velocity"):
            phase[0, 0, lanes.TURN] = 1.0
        else:
            phase[0, 0, lanes.UX : lanes.UZ + 1] = direction
            forces["direction"] = direction
    ends = np.empty((1, 1, 6))
    status = np.zeros(1, np.int64)
    # With so loose a tolerance the phase takes two steps: the first length, then the rest.
    steps = lanes.run(
        state[np.newaxis], np.zeros(1), phase, np.ones(1, np.int64), status, True, nan, 1.0, NONE, np.zeros(1),
        np.empty((1, 0, 6)), np.empty((1, lanes.EVENTS)), np.empty((1, 3)), ends,
    )  # fmt: skip
    assert status[0] == NO_IMPACT
    assert steps == 2
    first = lanes.COAST_START_S if kind == "coast" else lanes.BOOST_START_S
    lengths = [first, h - first]
    wanted, t = state, 0.0
    for length in lengths:
        now = dict(forces)
        if "mass" in now:
            now["mass"] = 9000.0 - 80.0 * t
        wanted, _ = step_twin.step(wanted, length, **now)
        t += length
    assert ends[0, 0, :3] == pytest.approx(wanted[:3], abs=1e-7)
    assert ends[0, 0, 3:] == pytest.approx(wanted[3:], abs=1e-8)


def test_height_of_the_lanes_is_the_radial_height_and_zero_on_the_ellipsoid() -> None:
    for lat in np.linspace(-1.57, 1.57, 41):
        for height in (0.0, 80e3, 2000e3):
            x, y, z = geodetic_to_ecef(lat, 0.4, height)
            ours, _ = lanes.height_and_climb(np.array([x, y, z, 1.0, 2.0, 3.0]))
            assert ours == pytest.approx(radial_height_m(x, y, z), abs=2e-7)


def test_climb_is_the_rate_of_the_height() -> None:
    state = arcs(3)[2]
    ahead, behind = state.copy(), state.copy()
    ahead[:3] += 0.5 * state[3:]
    behind[:3] -= 0.5 * state[3:]
    rise = lanes.height_and_climb(ahead)[0] - lanes.height_and_climb(behind)[0]
    assert lanes.height_and_climb(state)[1] == pytest.approx(rise, abs=1e-3)


def test_results_are_the_same_bytes_in_any_order_and_in_any_company() -> None:
    states = arcs(21)
    beta = np.linspace(1000.0, 9000.0, 21)
    grid = np.arange(0.0, 1500.0, 40.0)

    def fly(rows: np.ndarray) -> flight.Flights:
        return flight.coast(states[rows], np.zeros(len(rows)), beta[rows], j2_on=True, t_grid_s=grid, altitude_m=90e3)

    all_rows = np.arange(21)
    together = fly(all_rows)
    shuffled = np.random.default_rng(1).permutation(21)
    for rows in (shuffled, np.array([13]), np.array([3, 20, 7]), np.repeat(5, 11)):
        some = fly(rows)
        for name in ("samples", "events", "impacts", "status"):
            assert getattr(some, name).tobytes() == np.ascontiguousarray(getattr(together, name)[rows]).tobytes()


def test_a_flight_is_the_same_with_and_without_samples_and_beside_a_rocket() -> None:
    states = arcs(5)
    bare, sampled = coast(states), coast(states, np.arange(0.0, 3000.0, 10.0))
    assert bare.impacts.tobytes() == sampled.impacts.tobytes()
    assert bare.events.tobytes() == sampled.events.tobytes()


def test_bad_rows_say_why_and_leave_their_neighbours_alone() -> None:
    states = arcs(9)
    alone = coast(states)
    bad = states.copy()
    bad[0, 4] = nan
    bad[1, :3] *= 0.99 * 6.35e6 / np.linalg.norm(bad[1, :3])
    bad[3, 3:] *= 12000.0 / np.linalg.norm(bad[3, 3:])
    bad[3, 3:] += 3000.0 * bad[3, :3] / np.linalg.norm(bad[3, :3])
    bad[5, 0] = np.inf
    beta = 2000.0 + 1000.0 * np.arange(9.0)
    beta[2], beta[6] = -1.0, nan
    flown = flight.coast(bad, np.zeros(9), beta, j2_on=True, t_grid_s=NONE)
    assert flown.status.tolist() == [BAD_INPUT, BELOW_SURFACE, BAD_INPUT, NO_IMPACT, OK, BAD_INPUT, BAD_INPUT, OK, OK]
    assert np.isnan(flown.impacts[flown.status != OK]).all()
    good = flown.status == OK
    assert flown.impacts[good].tobytes() == alone.impacts[good].tobytes()


def test_a_body_that_stands_still_in_thick_air_of_no_beta_ends_with_a_status() -> None:
    state = arcs(1)
    state[0, :3] *= 6.372e6 / np.linalg.norm(state[0, :3])
    flown = flight.coast(state, np.zeros(1), np.array([1e-9]), j2_on=True, t_grid_s=NONE)
    assert flown.status[0] in (TOO_MANY_STEPS, OK, NO_IMPACT)
    assert flown.steps <= lanes.MAX_STEPS + 1


def test_passings_of_an_altitude_are_found_to_a_millisecond() -> None:
    states = arcs(12, seed=9)
    grid = np.arange(0.0, 3000.0, 1.0)
    for altitude in (100e3, 30e3):
        flown, free = coast(states, grid, altitude), coast(states, grid)
        for i in range(12):
            for column, side in ((lanes.ABOVE_S, 0), (lanes.BELOW_S, 1)):
                t = flown.events[i, column]
                heights = np.array([lanes.height_and_climb(s)[0] for s in free.samples[i] if np.isfinite(s[0])])
                above = heights > altitude
                change = np.flatnonzero(above[1:] != above[:-1])
                rising = [k for k in change if above[k + 1]]
                falling = [k for k in change if not above[k + 1]]
                wanted = rising if side == 0 else falling
                if not wanted:
                    assert np.isnan(t)
                    continue
                k = wanted[0 if side == 0 else -1]
                there = coast(states, np.array([t])).samples[i, 0]
                height, climb = lanes.height_and_climb(there)
                assert k <= t <= k + 1
                assert abs(height - altitude) < 1e-3 * abs(climb)


def test_an_altitude_just_below_the_apogee_is_passed_both_ways() -> None:
    states = arcs(4, seed=2)
    free = coast(states)
    i = int(np.nanargmax(free.events[:, lanes.APOGEE_M]))
    top, when = free.events[i, lanes.APOGEE_M], free.events[i, lanes.APOGEE_S]
    found = coast(states, altitude_m=top - 10.0).events[i]
    assert found[lanes.ABOVE_S] < when < found[lanes.BELOW_S]
    half = np.sqrt(2.0 * 10.0 / 7.0)  # s, under about 7 m/s2 up there
    assert found[lanes.BELOW_S] - found[lanes.ABOVE_S] == pytest.approx(2.0 * half, rel=0.3)


def test_impact_and_apogee_are_within_a_millisecond_of_a_flight_a_thousand_times_more_exact() -> None:
    states, n = arcs(24, seed=3), 24
    exact = flight.coast(states, np.zeros(n), np.full(n, 3e3), j2_on=True, t_grid_s=NONE, tolerance=1e-13)
    ours = flight.coast(states, np.zeros(n), np.full(n, 3e3), j2_on=True, t_grid_s=NONE)
    assert (ours.status == OK).all()
    for column in (lanes.APOGEE_S, lanes.IMPACT_S):
        assert np.nanmax(np.abs(ours.events[:, column] - exact.events[:, column])) < 1e-3
    assert np.linalg.norm(ours.impacts - exact.impacts, axis=1).max() < 0.2


def test_samples_lie_on_the_flight_between_its_steps() -> None:
    states = arcs(6, seed=8)
    grid = np.arange(0.0, 2500.0, 7.0)
    ours = coast(states, grid)
    exact = flight.coast(
        states, np.zeros(6), 2000.0 + 1000.0 * np.arange(6), j2_on=True, t_grid_s=grid, tolerance=1e-12
    )
    both = np.isfinite(ours.samples[..., 0]) & np.isfinite(exact.samples[..., 0])
    assert np.abs(ours.samples[both][:, :3] - exact.samples[both][:, :3]).max() < 0.2
    assert np.abs(ours.samples[both][:, 3:] - exact.samples[both][:, 3:]).max() < 0.02


def test_every_burnout_has_its_state_and_the_stages_follow_each_other() -> None:
    lat, lon = radians(35.0), radians(50.0)
    flown = flight.launch(
        np.array([lat]), np.array([lon]), np.zeros(1), LONG[np.newaxis], np.array([750.0]), np.array([4e3]),
        np.array([STEERING]), np.zeros(1), j2_on=True, t_grid_s=np.arange(0.0, 300.0, 0.5),
    )  # fmt: skip
    ends = np.cumsum(LONG[:, 3] * LONG[:, 1] / LONG[:, 0])
    assert flown.burnout_s[0] == pytest.approx(ends, abs=1e-9)
    for j in range(2):
        k = int(ends[j] / 0.5)
        before, after = flown.samples[0, k, :3], flown.samples[0, k + 1, :3]
        w = ends[j] / 0.5 - k
        assert np.linalg.norm(flown.burnout_states[0, j, :3] - (before + w * (after - before))) < 10.0
    assert flown.end_states[0].tobytes() == flown.burnout_states[0, 1].tobytes()


def test_vehicles_that_cannot_fly_leave_their_neighbours_alone() -> None:
    weak = LONG.copy()
    weak[0, 0] = 1e5
    stages = np.stack([LONG, weak, LONG, LONG])
    steering = np.tile(np.array(STEERING), (4, 1))
    steering[2, 4] = -1.0
    many = flight.fly_many(
        np.full(4, 0.6), np.full(4, 0.8), np.zeros(4), stages, np.full(4, 750.0), np.full(4, 4e3), steering,
        np.zeros(4), True, NONE,
    )  # fmt: skip
    assert many[5].tolist() == [OK, NO_LIFT_OFF, BAD_INPUT, OK]
    assert many[4][0].tobytes() == many[4][3].tobytes()
    assert np.isnan(many[4][1]).all()
    assert np.isnan(many[1][1]).all()


def test_the_density_in_the_lanes_is_the_smooth_atmosphere() -> None:
    # Straight up: what two ballistic coefficients lose in the first millisecond shows the density.
    for height in (5e3, 20e3, 50e3, 75e3):
        state = np.zeros((1, 6))
        state[0, :3] = geodetic_to_ecef(0.5, 0.1, height)
        state[0, 3:] = 2000.0 * state[0, :3] / np.linalg.norm(state[0, :3])
        slowed = []
        for beta in (1000.0, 1e12):
            samples = flight.coast(state, np.zeros(1), np.array([beta]), j2_on=False, t_grid_s=np.array([1e-3])).samples
            slowed.append(np.linalg.norm(samples[0, 0, 3:]))
        drag = (slowed[1] - slowed[0]) / 1e-3
        r = np.linalg.norm(state[0, :3])
        density = us76_smooth_density(radial_height_m(*(state[0, :3] * (1.0 + 1.0 / r))))
        assert drag == pytest.approx(0.5 * density * 2000.0**2 / 1000.0, rel=2e-3, abs=2e-6)


def test_a_refused_landing_step_is_taken_up_again_further_down() -> None:
    # Found by chance in ten thousand arcs: the step through the ground passed, the shorter one to the ground did not,
    # and the two took turns until the flight was given up 19 m off.
    state = np.array(
        [
            [
                -772307.9491488376,
                -3206032.8016398344,
                5512780.405206556,
                -2196.1734809453355,
                -3983.0714665486953,
                1113.2904876414307,
            ]
        ]
    )
    rough = flight.coast(state, np.zeros(1), np.array([7341.770454240859]), j2_on=True, t_grid_s=NONE, tolerance=2e-9)
    exact = flight.coast(state, np.zeros(1), np.array([7341.770454240859]), j2_on=True, t_grid_s=NONE, tolerance=1e-12)
    assert rough.steps < 60
    assert np.linalg.norm(rough.impacts - exact.impacts) < 0.06
