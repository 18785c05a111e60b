"""Space infrared warning: each launch is reported after a delay, with an error of the launch point.

The satellite sees every launch of the raid: clouds, the horizon of its orbit and its scan are left out, so the delay
stands for all of them. Delay and error belong to (satellite, object). No public source gives a numeric delay; the value
in the scenario is assumed and swept.
"""

import math

from diptych.kernels.draws import draw4, name_hash, normal_quantile
from diptych.kernels.earth import ecef_to_geodetic, enu_basis, geodetic_to_ecef
from diptych.model.looks import LaunchWarning
from diptych.model.scenario import Infrared, Vec3

_WARNING = name_hash("launch-warning")


def warn(
    satellite: Infrared,
    launch_ecef_m: Vec3,
    launch_s: float,
    seed: int,
    replicate: int,
    satellite_hash: int,
    object_hash: int,
) -> LaunchWarning:
    """Return when the warning of one launch is there and where it puts the launch.

    The delay is `delay_s` times a lognormal factor of median 1 and sigma `delay_spread`; the launch point is off by
    `launch_point_error_m` (one sigma) towards east and towards north, on the ellipsoid.

    Parameters
    ----------
    satellite : Infrared
    launch_ecef_m : tuple of 3 floats
        True launch point, ECEF, m.
    launch_s : float
        True launch time, seconds of the run.
    seed, replicate, satellite_hash, object_hash : int
        The name of the draw; hashes by `kernels.draws.name_hash`.
    """
    u0, u1, u2, _ = draw4(seed, replicate, _WARNING, satellite_hash, object_hash, 0)
    delay_s = satellite.delay_s * math.exp(satellite.delay_spread * normal_quantile(u0))
    east_m = satellite.launch_point_error_m * normal_quantile(u1)
    north_m = satellite.launch_point_error_m * normal_quantile(u2)
    x, y, z = launch_ecef_m
    lat, lon, _ = ecef_to_geodetic(x, y, z)
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
        error_m=satellite.launch_point_error_m,
    )
