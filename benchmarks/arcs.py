"""Free-flight arcs from burnout to impact: the flight kernel against scipy's DOP853 on the same force model."""

import time

import numpy as np

from diptych.kernels.earth import geodetic_to_ecef
from diptych.kernels.flight import fly_from_state
from tests.oracles.flight_twin import coast

ARCS, PEER_ARCS = 2000, 20
NO_GRID = np.empty(0)
BETA_KG_M2 = 4000.0
J2_ON = True


def states(n: int) -> np.ndarray:
    """Return n burnout states (n, 6) ECEF at 60 to 120 km, 2.5 to 4 km/s, 35 to 48 degrees up, all directions."""
    spread = np.random.default_rng(1)
    out = np.empty((n, 6))
    for i in range(n):
        lat, lon = spread.uniform(0.35, 1.0), spread.uniform(-3.0, 3.0)
        out[i, :3] = geodetic_to_ecef(lat, lon, spread.uniform(60e3, 120e3))
        up = out[i, :3] / np.linalg.norm(out[i, :3])
        east = np.array((-np.sin(lon), np.cos(lon), 0.0))
        north = np.cross(up, east)
        azimuth, climb = spread.uniform(0, 2 * np.pi), spread.uniform(0.6, 0.85)
        flat = np.sin(azimuth) * east + np.cos(azimuth) * north
        out[i, 3:] = spread.uniform(2500, 4000) * (np.sin(climb) * up + np.cos(climb) * flat)
    return out


def measure() -> list[dict[str, object]]:
    """Return arcs per second of both, the ratio, and the largest difference of the impact point."""
    start = states(ARCS)
    fly_from_state(start[0], 0.0, BETA_KG_M2, J2_ON, NO_GRID)
    begin = time.process_time()
    for state in start:
        fly_from_state(state, 0.0, BETA_KG_M2, J2_ON, NO_GRID)
    ours = ARCS / (time.process_time() - begin)
    begin = time.process_time()
    theirs = [coast(0.0, state, BETA_KG_M2, j2_on=J2_ON, t_grid=NO_GRID).impact for state in start[:PEER_ARCS]]
    peer = PEER_ARCS / (time.process_time() - begin)
    off = max(
        float(np.linalg.norm(fly_from_state(state, 0.0, BETA_KG_M2, J2_ON, NO_GRID)[2] - impact))
        for state, impact in zip(start[:PEER_ARCS], theirs, strict=True)
    )
    return [
        {"what": "free-flight arcs, our kernel, one core", "figure": round(ours), "unit": "arcs/s"},
        {"what": "the same by scipy DOP853, rtol 1e-12", "figure": round(peer, 1), "unit": "arcs/s"},
        {"what": "ratio (accuracies differ: see next row)", "figure": round(ours / peer), "unit": "x"},
        {"what": "largest distance between the impact points", "figure": round(off, 3), "unit": "m"},
    ]
