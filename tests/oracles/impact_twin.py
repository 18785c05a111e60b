"""Plain twin of `diptych.kernels.impact`: SciPy with an event at the ellipsoid, covariance by sampling.

Uses the independently written rates of `filter_twin`. `states` walks every cell of the raster inside the ellipse.
"""

from __future__ import annotations

import numpy as np
from scipy.integrate import solve_ivp

from tests.oracles import filter_twin


def fall(state, limit_s=3600.0, with_j2=True, in_air=True, dense=None):
    """Return (flight time, impact point ECEF) and, with `dense`, positions at those times."""

    def rates(_, s):
        d = filter_twin.rates(s, with_j2)
        if not in_air:
            v = s[3:]
            d[3:] += filter_twin.drag(s[:3], v) * v / (np.linalg.norm(v) + 1e-9)
        return d

    def ground(_, s):
        return filter_twin.height(s[:3])

    ground.terminal = True
    ground.direction = -1
    run = solve_ivp(rates, (0, limit_s), state, method="DOP853", rtol=1e-10, atol=1e-6, events=ground, max_step=10.0,
                    t_eval=dense)  # fmt: skip
    if not len(run.t_events[0]):
        return np.inf, None, run.y.T
    return run.t_events[0][0], run.y_events[0][0][:3], run.y.T


def states(territory, lat, lon, major, minor, azimuth):
    """Return the values of the raster whose cell centres lie in the ellipse, by looking at every cell."""
    rows, columns = territory.index.shape
    lats = territory.lat0_rad + np.arange(rows) * territory.step_rad
    lons = territory.lon0_rad + np.arange(columns) * territory.step_rad
    north = (lats[:, None] - lat) * 6371008.8
    east = np.angle(np.exp(1j * (lons[None, :] - lon))) * 6371008.8 * np.cos(lat)
    along = east * np.sin(azimuth) + north * np.cos(azimuth)
    across = east * np.cos(azimuth) - north * np.sin(azimuth)
    return set(np.unique(territory.index[(along / major) ** 2 + (across / minor) ** 2 <= 1.0]).tolist())
