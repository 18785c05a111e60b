"""Plain twin of `diptych.kernels.flight`: the same physics in SciPy, one obvious line per effect, inertial frame,
exact events.

Deliberately unlike the kernel: states are inertial (the kernel works in ECEF), the air moves with the Earth by a
cross product, stage ends are separate integrations, impact and apogee are `solve_ivp` events.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.integrate import solve_ivp

from diptych.kernels.atmosphere import us76_smooth_density
from diptych.kernels.earth import geodetic_to_ecef

A_M = 6378137.0
B_M = A_M * (1.0 - 1.0 / 298.257223563)
MU = 3.986004418e14
OMEGA = np.array([0.0, 0.0, 7.292115e-5])
J2 = 1.08262982e-3
F8 = NDArray[np.float64]


@dataclass
class Twin:
    """What the twin returns: samples ECEF (k, 6), burnout state, apogee and impact."""

    samples: F8
    burnout: F8
    apogee_s: float
    apogee_m: float
    impact_s: float
    impact: F8


def height(r: F8) -> float:
    """Return the height along the radius over the ellipsoid, m."""
    s = np.sqrt((r[0] ** 2 + r[1] ** 2) / A_M**2 + r[2] ** 2 / B_M**2)
    n = float(np.linalg.norm(r))
    return n - n / float(s)


def gravity(r: F8, *, j2_on: bool) -> F8:
    """Return the inertial gravitational acceleration with the J2 term in its textbook form."""
    n = np.linalg.norm(r)
    g = -MU * r / n**3
    if j2_on:
        z = 5.0 * r[2] ** 2 / n**2
        g = g - 1.5 * J2 * MU * A_M**2 / n**5 * np.array([r[0] * (1 - z), r[1] * (1 - z), r[2] * (3 - z)])
    return g


def spin(t: float) -> F8:
    """Return the matrix from inertial to ECEF at t."""
    c, s = np.cos(OMEGA[2] * t), np.sin(OMEGA[2] * t)
    return np.array([[c, s, 0.0], [-s, c, 0.0], [0.0, 0.0, 1.0]])


def to_ecef(t: float, y: F8) -> F8:
    """Return the ECEF state of an inertial one."""
    m = spin(t)
    return np.concatenate([m @ y[:3], m @ (y[3:] - np.cross(OMEGA, y[:3]))])


def to_inertial(t: float, y: F8) -> F8:
    """Return the inertial state of an ECEF one."""
    m = spin(t).T
    r = m @ y[:3]
    return np.concatenate([r, m @ y[3:] + np.cross(OMEGA, r)])


def _run(t0: float, t1: float, y: F8, accelerate, rtol: float):  # type: ignore[no-untyped-def]
    def rates(t: float, s: F8) -> F8:
        return np.concatenate([s[3:], accelerate(t, s)])

    def ground(t: float, s: F8) -> float:
        return height(s[:3])

    def top(t: float, s: F8) -> float:
        e = to_ecef(t, s)
        d = 1e-4
        return (height(e[:3] + d * e[3:]) - height(e[:3] - d * e[3:])) / (2 * d)

    ground.terminal = True  # type: ignore[attr-defined]
    ground.direction = -1  # type: ignore[attr-defined]
    top.direction = -1  # type: ignore[attr-defined]
    return solve_ivp(
        rates,
        (t0, t1),
        y,
        method="DOP853",
        rtol=rtol,
        atol=1e-7,
        events=[ground, top],
        dense_output=True,
        max_step=20.0,
    )


def coast(t0: float, state_ecef: F8, beta: float, *, j2_on: bool, t_grid: F8, rtol: float = 1e-12) -> Twin:
    """Fly a body free from an ECEF state to the ground."""

    def accelerate(t: float, s: F8) -> F8:
        air = s[3:] - np.cross(OMEGA, s[:3])
        drag = -0.5 * us76_smooth_density(height(s[:3])) / beta * np.linalg.norm(air) * air
        return gravity(s[:3], j2_on=j2_on) + drag

    run = _run(t0, t0 + 7200.0, to_inertial(t0, state_ecef), accelerate, rtol)
    impact_s = float(run.t_events[0][0])
    samples = np.full((len(t_grid), 6), np.nan)
    for i, t in enumerate(t_grid):
        if t0 <= t <= impact_s:
            samples[i] = to_ecef(t, run.sol(t))
    apogee_s, apogee_m = np.nan, np.nan
    if len(run.t_events[1]):
        apogee_s = float(run.t_events[1][0])
        apogee_m = height(run.y_events[1][0][:3])
    impact = to_ecef(impact_s, run.y_events[0][0])
    return Twin(samples, state_ecef, apogee_s, apogee_m, impact_s, impact[:3])


def fly(
    lat: float,
    lon: float,
    height_m: float,
    stages: Sequence[Sequence[float]],
    payload: float,
    beta: float,
    steering: Sequence[float],
    *,
    j2_on: bool,
    t_grid: F8,
    rtol: float = 1e-12,
) -> Twin:
    """Fly launch to impact; arguments as in the kernel."""
    azimuth, kick, rise, kick_duration, cutoff, _ = steering
    east = np.array([-np.sin(lon), np.cos(lon), 0.0])
    up = np.array([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)])
    north = np.cross(up, east)
    tilted = np.cos(kick) * up + np.sin(kick) * (np.sin(azimuth) * east + np.cos(azimuth) * north)
    y = to_inertial(0.0, np.concatenate([np.array(geodetic_to_ecef(lat, lon, height_m)), np.zeros(3)]))
    samples = np.full((len(t_grid), 6), np.nan)
    mass = payload + sum(s[2] + s[3] for s in stages)
    t = 0.0
    for thrust, exhaust, dry, propellant, area in stages:
        start, mass0, flow = t, mass, thrust / exhaust
        stop = min(start + propellant / flow, cutoff)
        for until in sorted({min(max(e, start), stop) for e in (rise, rise + kick_duration, stop)}):
            if until <= t:
                continue
            mode = "rise" if t < rise else "kick" if t < rise + kick_duration else "turn"

            def accelerate(time: float, s: F8) -> F8:
                m = mass0 - flow * (time - start)  # noqa: B023
                air = s[3:] - np.cross(OMEGA, s[:3])
                w = np.linalg.norm(air)
                drag = -0.5 * us76_smooth_density(height(s[:3])) * area / m * w * air  # noqa: B023
                direction = {"rise": spin(time).T @ up, "kick": spin(time).T @ tilted}.get(mode)  # noqa: B023
                if direction is None:
                    direction = air / w
                return gravity(s[:3], j2_on=j2_on) + drag + thrust / m * direction  # noqa: B023

            run = _run(t, until, y, accelerate, rtol)
            for i, time in enumerate(t_grid):
                if t <= time <= until:
                    samples[i] = to_ecef(time, run.sol(time))
            y, t = run.y[:, -1], until
        mass -= dry + propellant
        if t >= cutoff:
            break
    burnout = to_ecef(t, y)
    free = coast(t, burnout, beta, j2_on=j2_on, t_grid=t_grid, rtol=rtol)
    free.samples[np.asarray(t_grid) < t] = samples[np.asarray(t_grid) < t]
    return free
