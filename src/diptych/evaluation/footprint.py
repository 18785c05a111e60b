"""How much of a predicted footprint lies on some states' land: the probability that what is seen comes down there.

A footprint is a normal density over the ground: centre, two axes of 2 sigma, the direction of the longer one, as in an
`EvaluationHistory`. Its share on land is summed over equally likely points that fill the density evenly; nothing is
drawn. `reach_share` is the same for somebody who knows a launch and not its aim.
"""

from math import pi

import numpy as np
import numpy.typing as npt

from diptych.model.geography import EARTH_MEAN_RADIUS_M, Territory
from diptych.model.picture import Floats

POINTS = 2000
"""Points of the sum: a share is good to about 0.003 and never finer than 1 / 2000."""

_STEP = np.arange(POINTS)
_PART = (_STEP + 0.5) / POINTS
_TURN = _STEP * (pi * (3.0 - 5.0**0.5))  # the golden angle spreads the directions evenly at every distance
_NORMAL = np.sqrt(-2.0 * np.log1p(-_PART))  # distance from the centre in sigmas that `_PART` of the density lies within


def share_on(territory: Territory, states: frozenset[str], ellipses: Floats) -> Floats:
    """Return the share of each of m footprints that lies on the land of some states, (m,).

    Parameters
    ----------
    states : frozenset of str
        Codes of states. Land outside the raster counts as nobody's.
    ellipses : (m, 5)
        Latitude, longitude rad; 2-sigma half axes m; azimuth of the major axis rad from north.

    *Check* a footprint of one sigma 50 km whose centre lies 50 km before a straight border: 0.1587 within 0.005.
    """
    is_own = own_codes(territory, states)
    out = np.empty(ellipses.shape[0])
    for k, (lat, lon, major, minor, azimuth) in enumerate(ellipses.tolist()):
        along, across = 0.5 * major * _NORMAL * np.cos(_TURN), 0.5 * minor * _NORMAL * np.sin(_TURN)
        north = along * np.cos(azimuth) - across * np.sin(azimuth)
        east = along * np.sin(azimuth) + across * np.cos(azimuth)
        out[k] = _counted(territory, is_own, lat, lon, np.hypot(north, east), np.arctan2(east, north))
    return out


def reach_share(
    territory: Territory, states: frozenset[str], lat_rad: float, lon_rad: float, farthest_m: float
) -> float:
    """Return the share of own land for a launch whose aim is not known: every direction and every distance alike.

    *Check* a launch on a straight border: 0.5.
    """
    return _counted(territory, own_codes(territory, states), lat_rad, lon_rad, farthest_m * _PART, _TURN)


def own_codes(territory: Territory, states: frozenset[str]) -> npt.NDArray[np.bool_]:
    """Return for each code of the raster whether it is one of some states."""
    return np.array([code in states for code in territory.codes], dtype=np.bool_)


def _counted(
    territory: Territory,
    is_own: npt.NDArray[np.bool_],
    lat_rad: float,
    lon_rad: float,
    far_m: Floats,
    azimuth_rad: Floats,
) -> float:
    """Return the share of points at distances and directions from a place (on the mean sphere) that is own land."""
    arc = far_m / EARTH_MEAN_RADIUS_M
    sin_lat = np.clip(np.sin(lat_rad) * np.cos(arc) + np.cos(lat_rad) * np.sin(arc) * np.cos(azimuth_rad), -1.0, 1.0)
    east = np.sin(azimuth_rad) * np.sin(arc) * np.cos(lat_rad)
    lon = lon_rad + np.arctan2(east, np.cos(arc) - np.sin(lat_rad) * sin_lat)
    lon = (lon + pi) % (2.0 * pi) - pi
    rows, cols = territory.index.shape
    row = np.rint((np.arcsin(sin_lat) - territory.lat0_rad) / territory.step_rad).astype(np.int64)
    col = np.rint((lon - territory.lon0_rad) / territory.step_rad).astype(np.int64)
    inside = (row >= 0) & (row < rows) & (col >= 0) & (col < cols)
    return float(np.count_nonzero(is_own[territory.index[row[inside], col[inside]]]) / far_m.size)
