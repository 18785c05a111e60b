"""Where light bodies come down, quickly: the forces of a flight, coarser steps, the last slow descent in one formula.

A fragment that the air has stopped falls straight down for many minutes, which says nothing about where it lands.
So each is flown with classical Runge-Kutta steps until its speed along the ground is gone; the time left is that of a
fall at terminal speed through an exponential atmosphere. The impact is within 100 m of a full flight (test), for a
quarter of the time.
"""

from math import exp, sqrt

import numpy as np
from numpy.typing import NDArray

from diptych.kernels.atmosphere import us76_smooth_density
from diptych.kernels.ballistic import SCALE_HEIGHT_M
from diptych.kernels.earth import G0_MPS2, radial_height_m
from diptych.kernels.forces import AREA, COAST, MODE, WITH_J2, rates
from diptych.kernels.jit import kernel
from diptych.kernels.status import BAD_INPUT, BELOW_SURFACE, NO_IMPACT, OK

F8 = NDArray[np.float64]

LONGEST_S = 7200.0
STEP_VACUUM_S = 20.0  # above AIR_M; 0.01 m per step
STEP_AIR_S = 1.0  # a steep fast entry changes its density by 1 / e in 2 s
STEP_SLOW_S = 4.0
AIR_M = 120_000.0
DRAG_PER_STEP = 0.5  # of the speed, at most, in one step
STOPPED_MPS = 2.0  # along the ground: what is left is a fall straight down
SLOW_MPS = 400.0


@kernel
def _rk4(t: float, h: float, y: F8, k: F8, p: F8, phase: F8) -> None:
    """Advance y (6,) in place by one classical step."""
    rates(t, y, k, 0, phase)
    for c in range(6):
        p[c] = y[c] + 0.5 * h * k[0, c]
    rates(t + 0.5 * h, p, k, 1, phase)
    for c in range(6):
        p[c] = y[c] + 0.5 * h * k[1, c]
    rates(t + 0.5 * h, p, k, 2, phase)
    for c in range(6):
        p[c] = y[c] + h * k[2, c]
    rates(t + h, p, k, 3, phase)
    for c in range(6):
        y[c] += h / 6.0 * (k[0, c] + 2.0 * k[1, c] + 2.0 * k[2, c] + k[3, c])


@kernel
def light_fall(state_ecef: F8, beta_kg_m2: float, j2_on: bool, impact: F8) -> tuple[float, int]:
    """Return the time (s) a light body takes to come down and a status; impact (3,) ECEF m.

    Status BAD_INPUT, BELOW_SURFACE, or NO_IMPACT when it is still up after two hours.
    """
    y = state_ecef.copy()
    for c in range(6):
        if not np.isfinite(y[c]):
            return np.nan, BAD_INPUT
    if not beta_kg_m2 > 0.0:
        return np.nan, BAD_INPUT
    height = radial_height_m(y[0], y[1], y[2])
    if height < 0.0:
        return np.nan, BELOW_SURFACE
    phase = np.zeros(10)
    phase[MODE] = COAST
    phase[AREA] = 1.0 / beta_kg_m2
    phase[WITH_J2] = 1.0 if j2_on else 0.0
    k = np.empty((4, 6))
    p = np.empty(6)
    t = 0.0
    while t < LONGEST_S:
        r = sqrt(y[0] ** 2 + y[1] ** 2 + y[2] ** 2)
        speed = sqrt(y[3] ** 2 + y[4] ** 2 + y[5] ** 2)
        climb = (y[0] * y[3] + y[1] * y[4] + y[2] * y[5]) / r
        if height > AIR_M:
            # not past the top of the air: the time a body falling at once would need
            h = (climb + sqrt(climb * climb + 2.0 * G0_MPS2 * (height - AIR_M))) / G0_MPS2
            h = min(STEP_VACUUM_S, max(STEP_AIR_S, 0.9 * h))
        else:
            density = us76_smooth_density(height)
            if climb < 0.0 and speed * speed - climb * climb < STOPPED_MPS**2:
                fall = sqrt(2.0 * beta_kg_m2 * G0_MPS2 / us76_smooth_density(0.0))
                t += 2.0 * SCALE_HEIGHT_M / fall * (1.0 - exp(-0.5 * height / SCALE_HEIGHT_M))
                for c in range(3):
                    impact[c] = y[c] * (1.0 - height / r)
                return t, OK
            limit = DRAG_PER_STEP * beta_kg_m2 / (density * speed + 1e-12)
            h = min(limit, STEP_SLOW_S if speed < SLOW_MPS else STEP_AIR_S)
        for c in range(3):
            impact[c] = y[c]
        before = height
        _rk4(t, h, y, k, p, phase)
        t += h
        height = radial_height_m(y[0], y[1], y[2])
        if height <= 0.0:
            part = before / (before - height)
            for c in range(3):
                impact[c] += part * (y[c] - impact[c])
            return t - h + part * h, OK
    return t, NO_IMPACT


@kernel
def light_falls(states_ecef: F8, beta_kg_m2: F8, j2_on: bool) -> tuple[F8, F8, NDArray[np.int64]]:
    """Return `light_fall` for rows: times (n,), impacts (n, 3), statuses (n,)."""
    n = states_ecef.shape[0]
    times = np.empty(n)
    impacts = np.full((n, 3), np.nan)
    status = np.empty(n, np.int64)
    for i in range(n):
        times[i], status[i] = light_fall(states_ecef[i], beta_kg_m2[i], j2_on, impacts[i])
    return times, impacts, status
