"""What an object probably is: its range class, where it came from, whose territory it threatens, whether announced.

Everything comes from the complex's own evaluation and, where there is one, its own space warning; truth is not asked.
The launch point of a coasting object is found by flying its path backward to the ground. A powered flight climbs more
steeply than that arc, so the ground is met behind the launcher: by 0.7 to 2.6 % of the range over every shipped class,
bearing and shape (a test repeats that). The estimate is moved forward by the middle of it and keeps the rest as doubt.
"""

from math import asin, atan2, cos, erf, hypot, isfinite, pi, sin, sqrt

import msgspec
import numpy as np

from diptych.kernels import impact as kernel
from diptych.kernels import status as st
from diptych.kernels.earth import EARTH_MEAN_RADIUS_M
from diptych.kernels.geodesic import geodesic_direct, geodesic_inverse
from diptych.model.geography import Territory, states_in_ellipse
from diptych.model.picture import Floats
from diptych.model.scenario import Notice

# Range class up to this range, metres. The last bound is the treaty's (New START, part one, definition of an ICBM: over
# 5500 km); 1000 and 3000 km as in the public threat reports of NASIC (Ballistic and Cruise Missile Threat, 2017).
CLASSES: tuple[tuple[str, float], ...] = (("srbm", 1000e3), ("mrbm", 3000e3), ("irbm", 5500e3), ("icbm", np.inf))
UNLIKELY = 0.025  # a class less likely than this is not named

BEHIND = 0.014  # of the range: how far behind the launcher the backward path meets the ground; 0.7 to 2.6 % was flown
BEHIND_SIGMA = 0.006  # of the range, one standard deviation
BOOST_S = 70.0  # launch comes this long before the backward path leaves the ground; 30 to 160 s over the classes
BOOST_SIGMA_S = 35.0
_NO_DRAG = 1e15  # ballistic coefficient, kg/m2


class Classification(msgspec.Struct, frozen=True):
    """What one complex takes an object for.

    `classes` are the range classes that the evidence allows, most likely first, with `probabilities`. `launch_sigma_m`
    is one standard deviation in each direction; `launch_states` the states within two of them; `launch_from` says
    where the estimate comes from (`warning` or `track`). `notice` is the id of the announced launch that this
    agrees with, "" if none does.
    """

    classes: tuple[str, ...]
    probabilities: tuple[float, ...]
    range_m: float
    range_sigma_m: float
    launch_lat_rad: float
    launch_lon_rad: float
    launch_sigma_m: float
    launch_s: float
    launch_sigma_s: float
    launch_states: tuple[str, ...]
    launch_from: str
    states: tuple[str, ...]
    notice: str

    @property
    def range_class(self) -> str:
        """The most likely range class."""
        return self.classes[0]


class LaunchEstimate(msgspec.Struct, frozen=True):
    """Where and when something was launched: latitude, longitude rad, one sigma m, seconds of the run, one sigma s."""

    lat_rad: float
    lon_rad: float
    sigma_m: float
    time_s: float
    sigma_s: float


def classify(
    state_ecef: Floats,
    cov_ecef: Floats,
    time_s: float,
    impact_rad: tuple[float, float],
    ellipse_m: tuple[float, float, float],
    states: tuple[str, ...],
    territory: Territory,
    warned: LaunchEstimate | None = None,
    notices: tuple[Notice, ...] = (),
) -> Classification | None:
    """Return what one row of an evaluation means, None if its path does not lead back to the ground.

    Parameters
    ----------
    state_ecef, cov_ecef, time_s, impact_rad, ellipse_m, states
        One row of `EvaluationHistory`: (6,), (6, 6), s; latitude and longitude; 2-sigma axes m and azimuth; codes.
    territory : Territory
    warned : LaunchEstimate, optional
        What own space warning saw; used for the place if it is the surer one, and for the time.
    notices : tuple of Notice
        Launches announced beforehand to this complex.
    """
    behind = back_to_ground(state_ecef, cov_ecef, time_s, impact_rad)
    if behind is None:
        return None
    launch, source = behind, "track"
    if warned is not None:
        nearer = warned if warned.sigma_m < behind.sigma_m else behind
        source = "warning" if nearer is warned else "track"
        launch = msgspec.structs.replace(nearer, time_s=warned.time_s, sigma_s=warned.sigma_s)
    range_m = _distance_m(launch.lat_rad, launch.lon_rad, *impact_rad)
    sigma_m = hypot(launch.sigma_m, 0.5 * ellipse_m[0])
    likely = _likely_classes(range_m, sigma_m)
    reach_m = max(2.0 * launch.sigma_m, 1.0)
    return Classification(
        classes=tuple(name for name, _ in likely),
        probabilities=tuple(p for _, p in likely),
        range_m=range_m,
        range_sigma_m=sigma_m,
        launch_lat_rad=launch.lat_rad,
        launch_lon_rad=launch.lon_rad,
        launch_sigma_m=launch.sigma_m,
        launch_s=launch.time_s,
        launch_sigma_s=launch.sigma_s,
        launch_states=states_in_ellipse(territory, launch.lat_rad, launch.lon_rad, reach_m, reach_m, 0.0),
        launch_from=source,
        states=states,
        notice=announced(launch, impact_rad, notices),
    )


def said(found: Classification) -> str:
    """Return a classification in words: class, range, from where, towards whom, announced or not."""
    name = " or ".join(found.classes)
    places = " or ".join(found.launch_states) or "the sea or outside the region"
    towards = " or ".join(found.states) or "no state"
    notice = f"as announced ({found.notice})" if found.notice else "not announced"
    return (
        f"{name}, {found.range_m / 1e3:.0f} km (one sigma {found.range_sigma_m / 1e3:.0f} km), launched from {places} "
        f"({found.launch_from}), towards {towards}; {notice}"
    )


def back_to_ground(
    state_ecef: Floats, cov_ecef: Floats, time_s: float, impact_rad: tuple[float, float]
) -> LaunchEstimate | None:
    """Return the launch point and time that a coasting state leads back to, None if its path never left the ground.

    Time backward over an Earth that turns is time forward in a mirror: with y and the velocities along x and z
    reversed, the same forward integration applies, and the place it ends at is mirrored back.
    """
    x, y, z, u, v, w = state_ecef.tolist()
    ago_s, lat, lon, status = kernel.fall(np.array([x, -y, z, -u, v, -w]), _NO_DRAG, kernel.LONGEST_FALL_S)
    if status != st.OK:
        return None
    far_m, azimuth, _, _ = geodesic_inverse(lat, -lon, *impact_rad)
    lat, lon, _ = geodesic_direct(lat, -lon, azimuth, BEHIND * far_m)
    place = sqrt(max(0.0, float(np.trace(cov_ecef[:3, :3]))) / 3.0)
    drift = sqrt(max(0.0, float(np.trace(cov_ecef[3:, 3:]))) / 3.0) * ago_s
    return LaunchEstimate(
        lat_rad=lat,
        lon_rad=lon,
        sigma_m=sqrt((BEHIND_SIGMA * far_m) ** 2 + place**2 + drift**2),
        time_s=time_s - ago_s - BOOST_S,
        sigma_s=BOOST_SIGMA_S,
    )


def _likely_classes(range_m: float, sigma_m: float) -> list[tuple[str, float]]:
    """Return (class, probability) for a normal range, most likely first, without the unlikely."""
    found = []
    below = 0.0
    for name, limit in CLASSES:
        up_to = 1.0 if not isfinite(limit) else _normal((limit - range_m) / max(sigma_m, 1.0))
        found.append((name, up_to - below))
        below = up_to
    found.sort(key=lambda c: -c[1])
    return [(name, p) for i, (name, p) in enumerate(found) if i == 0 or p >= UNLIKELY]


def announced(launch: LaunchEstimate, impact_rad: tuple[float, float], notices: tuple[Notice, ...]) -> str:
    """Return the first notice that place, time and direction agree with: each within its bounds and two sigma."""
    azimuth = _bearing(launch.lat_rad, launch.lon_rad, *impact_rad)
    for notice in notices:
        off_m = _distance_m(launch.lat_rad, launch.lon_rad, notice.place.lat_rad, notice.place.lon_rad)
        turned = abs((azimuth - notice.azimuth_rad + pi) % (2.0 * pi) - pi)
        slack_s = 2.0 * launch.sigma_s
        if (
            off_m <= notice.within_m + 2.0 * launch.sigma_m
            and notice.from_s - slack_s <= launch.time_s <= notice.to_s + slack_s
            and turned <= notice.azimuth_within_rad
        ):
            return notice.id
    return ""


def _distance_m(lat1: float, lon1: float, lat2: float, lon2: float) -> float:
    """Return the distance on the mean sphere, m; within 0.5 % of the ellipsoid's."""
    half = sin(0.5 * (lat2 - lat1)) ** 2 + cos(lat1) * cos(lat2) * sin(0.5 * (lon2 - lon1)) ** 2
    return 2.0 * EARTH_MEAN_RADIUS_M * asin(min(1.0, sqrt(half)))


def _bearing(lat1: float, lon1: float, lat2: float, lon2: float) -> float:
    """Return the first bearing of the great circle, rad from north."""
    east = sin(lon2 - lon1) * cos(lat2)
    north = cos(lat1) * sin(lat2) - sin(lat1) * cos(lat2) * cos(lon2 - lon1)
    return atan2(east, north) % (2.0 * pi)


def _normal(z: float) -> float:
    return 0.5 * (1.0 + erf(z / sqrt(2.0)))
