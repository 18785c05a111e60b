"""Space infrared warning: each launch is reported after a delay, with an error of the launch point.

A plume is seen from where it leaves the clouds; a report needs several scans and some time to be made. Where the entry
states no cloud tops, one delay stands for all of that. The launch point comes from the line of sight of a satellite at
geostationary height, which puts its error on the ground (longer where the line of sight is flat), and from drawing the
path back to the ground. One satellite stands for the system of a side: orbits that leave gaps are not modelled, they
are the `availability` of the site. Delay, scan phase and error belong to (satellite, object).

No public source gives a numeric delay of a whole system; the values are assumed and swept.
"""

import math

import numpy as np

from diptych.kernels.draws import draw4, name_hash, normal_quantile
from diptych.kernels.earth import ecef_to_geodetic, enu_basis, geodetic_to_ecef
from diptych.kernels.looks import time_at_height_s
from diptych.model.looks import LaunchWarning
from diptych.model.picture import Floats
from diptych.model.scenario import Infrared, Vec3

_WARNING = name_hash("launch-warning")
_SCAN = name_hash("launch-warning-scan")
GEOSTATIONARY_RADIUS_M = 42_164_172.0  # from GM and one sidereal day; Vallado, Fundamentals of Astrodynamics, 4th ed.
LAUNCH_TIME_SIGMA_S = 5.0  # how well space warning tells the time of a launch: half a scan of ten seconds, assumed


def warn(
    satellite: Infrared,
    launch_ecef_m: Vec3,
    truth_ecef: Floats,
    launch_s: float,
    seed: int,
    replicate: int,
    satellite_hash: int,
    object_hash: int,
    burnout_s: float = math.inf,
) -> LaunchWarning:
    """Return when the complex has the warning of one launch and where it puts the launch.

    The time is launch, plus `seen_after_s`, plus `delay_s` times a lognormal factor of median 1 and sigma
    `delay_spread`, plus `cue_latency_s`; inf where the satellite does not see the place, or the motor is out before the
    last scan that it needs. The launch point is off by a draw from `launch_covariance_m2`, on the ellipsoid, the launch
    time by one of `LAUNCH_TIME_SIGMA_S`.

    Parameters
    ----------
    satellite : Infrared
    launch_ecef_m : tuple of 3 floats
        True launch point, ECEF, m.
    truth_ecef : (T, 6) float64
        True state on a 1 s grid from launch on; m and m/s, ECEF.
    launch_s : float
        True launch time, seconds of the run.
    seed, replicate, satellite_hash, object_hash : int
        The name of the draw; hashes by `kernels.draws.name_hash`.
    burnout_s : float
        End of the last burn, seconds after launch; there is no plume to see from then on.
    """
    u0, u1, u2, u3 = draw4(seed, replicate, _WARNING, satellite_hash, object_hash, 0)
    phase = draw4(seed, replicate, _SCAN, satellite_hash, object_hash, 0)[0] if satellite.scans else 0.0
    delay_s = seen_after_s(satellite, truth_ecef, phase, burnout_s)
    delay_s += satellite.delay_s * math.exp(satellite.delay_spread * normal_quantile(u0)) + satellite.cue_latency_s
    x, y, z = launch_ecef_m
    lat, lon, _ = ecef_to_geodetic(x, y, z)
    east2, cross, north2 = cov = launch_covariance_m2(satellite, lat, lon)
    if not math.isfinite(east2):
        delay_s, east2, cross, north2 = math.inf, 0.0, 0.0, 0.0
    # Cholesky factor of the covariance: east first, then north given east.
    root = math.sqrt(east2)
    along = cross / root if root > 0.0 else 0.0
    east_m = root * normal_quantile(u1)
    north_m = along * normal_quantile(u1) + math.sqrt(max(0.0, north2 - along * along)) * normal_quantile(u2)
    east, north, _ = enu_basis(lat, lon)
    lat, lon, _ = ecef_to_geodetic(
        x + east_m * east[0] + north_m * north[0],
        y + east_m * east[1] + north_m * north[1],
        z + east_m * east[2] + north_m * north[2],
    )
    return LaunchWarning(
        time_s=launch_s + delay_s,
        lat_rad=lat,
        lon_rad=lon,
        ecef_m=geodetic_to_ecef(lat, lon, 0.0),
        error_m=math.sqrt(0.5 * (cov[0] + cov[2])),
        cov_en_m2=cov,
        launch_s=launch_s + LAUNCH_TIME_SIGMA_S * normal_quantile(u3),
        launch_sigma_s=LAUNCH_TIME_SIGMA_S,
    )


def seen_after_s(satellite: Infrared, truth_ecef: Floats, phase: float, burnout_s: float = math.inf) -> float:
    """Return the seconds from launch to the last of the scans that a report needs; 0 where clouds are not modelled.

    Scans pass the object every `scan_s`; `phase` in [0, 1) says how far the next one is away when it leaves the clouds.
    inf where the motor is out by then: a scan without a plume sees nothing.

    *Check* Out of the clouds after 40 s, scans every 10 s, 2 needed, phase 0.5: 55 s.
    """
    if satellite.cloud_top_m is None:
        return 0.0
    clear_s = time_at_height_s(truth_ecef, satellite.cloud_top_m)
    seen_s = float(clear_s + (phase + max(0, satellite.scans - 1)) * satellite.scan_s)
    return seen_s if seen_s <= burnout_s else math.inf


def launch_covariance_m2(satellite: Infrared, lat_rad: float, lon_rad: float) -> Vec3:
    """Return the covariance of a launch point on the ground: east-east, east-north, north-north, m2.

    A line of sight with error s over a slant range R spreads R s across the direction to the satellite and R s /
    sin(el) along it, el its elevation there; `launch_point_error_m` adds evenly. All inf where the satellite is below
    the horizon.

    *Check* Straight below the satellite, 0.1 mrad: 3.579 km each way.
    """
    plain = satellite.launch_point_error_m**2
    if satellite.satellite_lon_rad is None:
        return plain, 0.0, plain
    lon = satellite.satellite_lon_rad
    there = np.array([math.cos(lon), math.sin(lon), 0.0]) * GEOSTATIONARY_RADIUS_M
    sight = there - np.array(geodetic_to_ecef(lat_rad, lon_rad, 0.0))
    slant = float(np.linalg.norm(sight))
    east, north, up = (enu_basis(lat_rad, lon_rad) @ (sight / slant)).tolist()
    if up <= 0.0:
        return math.inf, math.inf, math.inf
    level = math.hypot(east, north)
    east, north = (east / level, north / level) if level > 0.0 else (0.0, 1.0)
    across = (slant * satellite.line_of_sight_error_rad) ** 2
    along = across / up**2
    return (
        along * east**2 + across * north**2 + plain,
        (along - across) * east * north,
        along * north**2 + across * east**2 + plain,
    )
