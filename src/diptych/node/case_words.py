"""The words in which the rules of engagement speak of a case, each a function of what a track or a plan tells.

Pure and cheap; `node.facts` applies them to the picture a complex holds, `analysis.rule_cases` to a raid as planned.
"""

import math
from collections.abc import Iterable

import numpy as np

from diptych.command.sectors import is_inside
from diptych.evaluation.classify import CLASSES, LaunchEstimate, announced
from diptych.kernels.earth import EARTH_MEAN_RADIUS_M, MU_M3_S2, OMEGA_RAD_S
from diptych.model.geography import Territory
from diptych.model.picture import Floats
from diptych.model.rules import Rulebook
from diptych.model.scenario import Notice

UNKNOWN = "unknown"
"""The word of what the picture does not tell; no rule can name it, so a rule that asks does not hold."""

PATH_POINTS = 24
"""Points of the ground under the rest of a path that are looked at: one every 50 to 150 km."""

_PARTS = np.stack((np.linspace(1.0, 0.0, PATH_POINTS + 1), np.linspace(0.0, 1.0, PATH_POINTS + 1)), axis=1)

NEAR_ORBIT = 0.95
"""A half axis of the orbit beyond this part of the Earth's radius is `near-orbital`: no missile needs so much.

The minimum-energy arc over an angle t has half axis R (1 + sin(t/2)) / 2: 0.71 R for 5500 km, 0.95 R for 14 200 km.
"""


def territory_word(states: Iterable[str], own: frozenset[str], partner: frozenset[str]) -> str:
    """Say whose land the predicted impact area touches."""
    touched = frozenset(states)
    if touched & own:
        return "own" if touched <= own else "own-and-other"
    if touched & partner:
        return "partner"
    return "third" if touched else "none"


def launch_word(
    book: Rulebook,
    launch: LaunchEstimate | None,
    state: str | None,
    own: frozenset[str],
    partner: frozenset[str],
) -> str:
    """Say where an object was launched: own or partner's land, the first zone of the rules it lies in, or elsewhere."""
    if launch is None:
        return UNKNOWN
    if state in own:
        return "own"
    if state in partner:
        return "partner"
    for zone in book.zones:
        if is_inside(launch.lat_rad, launch.lon_rad, zone.corners_rad):
            return zone.id
    return "elsewhere"


def range_word(far_m: float) -> str:
    """Name the range class of a distance.  *Check* 2000 km: mrbm."""
    return next(name for name, limit in CLASSES if far_m <= limit)


def notice_word(launch: LaunchEstimate | None, impact_rad: tuple[float, float], notices: tuple[Notice, ...]) -> str:
    """Say whether a launch agrees with one of the notices at hand."""
    if not notices or launch is None:
        return "unannounced"
    return "announced" if announced(launch, impact_rad, notices) else "unannounced"


def raid_word(count: int, many: int) -> str:
    """Say how many objects a complex holds; itself counts.  *Check* (1, 20): single; (2, 20): several."""
    return "single" if count <= 1 else "several" if count < many else "many"


def over_word(under: frozenset[str], own: frozenset[str], partner: frozenset[str]) -> str:
    """Say whose land lies under a path, own land apart."""
    if under & partner:
        return "partner"
    return "third" if under - own else "clear"


def states_under(territory: Territory, from_rad: tuple[float, float], to_rad: tuple[float, float]) -> frozenset[str]:
    """Return the states under a great circle between two points (latitude, longitude), its ends too."""
    ends = np.array((_unit(*from_rad), _unit(*to_rad)))
    x, y, z = (_PARTS @ ends).T
    step = territory.step_rad
    row = np.rint((np.arctan2(z, np.hypot(x, y)) - territory.lat0_rad) / step).astype(np.int64)
    col = np.rint((np.arctan2(y, x) - territory.lon0_rad) / step).astype(np.int64)
    rows, cols = territory.index.shape
    is_in = (row >= 0) & (row < rows) & (col >= 0) & (col < cols)
    cells = set(territory.index[row[is_in], col[is_in]].tolist())
    return frozenset(territory.codes[cell] for cell in cells) - {""}


def flight_word(state_ecef: Floats, far_m: float) -> str:
    """Say what kind of path a coasting state is on: `ballistic`, `steep` (higher than far), or `near-orbital`.

    Parameters
    ----------
    state_ecef : (6,) m and m/s.
    far_m : distance from launch to predicted impact.
    """
    x, y, z, u, v, w = state_ecef.tolist()
    u, v = u - OMEGA_RAD_S * y, v + OMEGA_RAD_S * x
    r, speed2 = math.sqrt(x * x + y * y + z * z), u * u + v * v + w * w
    inverse = 2.0 / r - speed2 / MU_M3_S2
    if inverse * EARTH_MEAN_RADIUS_M * NEAR_ORBIT < 1.0:
        return "near-orbital"
    momentum2 = (y * w - z * v) ** 2 + (z * u - x * w) ** 2 + (x * v - y * u) ** 2
    eccentricity = math.sqrt(max(0.0, 1.0 - momentum2 * inverse / MU_M3_S2))
    apogee_m = (1.0 + eccentricity) / inverse - EARTH_MEAN_RADIUS_M
    return "steep" if apogee_m > far_m else "ballistic"


def distance_m(lat1: float, lon1: float, lat2: float, lon2: float) -> float:
    """Return the distance on the mean sphere, m; within 0.5 % of the ellipsoid's."""
    a, b = _unit(lat1, lon1), _unit(lat2, lon2)
    chord = math.dist(a, b)
    return 2.0 * EARTH_MEAN_RADIUS_M * math.asin(min(1.0, 0.5 * chord))


def _unit(lat_rad: float, lon_rad: float) -> tuple[float, float, float]:
    return (
        math.cos(lat_rad) * math.cos(lon_rad),
        math.cos(lat_rad) * math.sin(lon_rad),
        math.sin(lat_rad),
    )
