"""Points of land by state, evenly spread, to find out whose territory lies in whose sector."""

import math

import numpy as np

from diptych.command.sectors import Ground
from diptych.edge.geography import load_territory

ROW_STEP = 2
"""Every so many rows of the raster (0.1 degree): a point for each 22 km square."""


def load_ground(states: frozenset[str]) -> Ground:
    """Return points of land of some states: about one for each 22 km square, at least one for each state.

    The raster covers Europe and what lies round it (10 to 75 degrees north, 30 west to 75 east); land of a state beyond
    it does not count.
    """
    territory = load_territory()
    index = {code: number for number, code in enumerate(territory.codes) if code in states}
    found: dict[str, list[tuple[float, float]]] = {code: [] for code in sorted(index)}
    code_of = {number: code for code, number in index.items()}
    wanted = np.isin(territory.index, list(index.values()))
    for row in range(0, territory.index.shape[0], ROW_STEP):
        lat = territory.lat0_rad + row * territory.step_rad
        step = max(1, round(ROW_STEP / math.cos(lat)))
        columns = np.flatnonzero(wanted[row, ::step]) * step
        for column in columns.tolist():
            lon = territory.lon0_rad + column * territory.step_rad
            found[code_of[int(territory.index[row, column])]].append((lat, lon))
    for code, points in found.items():
        if not points:
            cells = np.argwhere(territory.index == index[code]).tolist()
            points.extend(
                (territory.lat0_rad + r * territory.step_rad, territory.lon0_rad + c * territory.step_rad)
                for r, c in cells[:1]
            )
    return {code: tuple(points) for code, points in found.items() if points}
