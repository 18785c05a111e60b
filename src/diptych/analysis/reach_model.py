"""The reference engagement model: does a published qualitative conclusion follow from kinematics alone?

Deliberately thin, and apart from the engagement code that runs use:

1. Target: launched at t = 0. At burnout time tb it is at altitude hb and downrange db on the great circle toward the
   aim point, the aim point being turned by omega times the remaining flight time. From there it flies a Kepler arc with
   1.0005 times the minimum-energy speed, steeper solution.
2. Interceptor: fired at tb + delta. It stays at the site for a dead time (35 s for the SM-3 class, 80 s for the GBI
   class) and then leaves impulsively. The speed limit is relative to the rotating Earth. Lambert solves the transfer.
3. Window = number of 5 s steps of target flight, above a floor altitude (100 km, or 200 km for GBI), that the speed
   limit can reach.
4. Boost points: ICBM against the US 250 s / 250 km / 500 km (liquid); Russian ICBM 180 s / 200 km / 400 km (solid);
   regional classes by range (`boost_point`).
5. Sensors are perfect from burnout plus delta. Kill probability, radar limits and discrimination are absent, so windows
   are upper bounds.

The Earth is a sphere. Inertial axes coincide with the Earth-fixed ones at t = 0.
"""

from math import asin, atan2, cos, sin, sqrt

import msgspec
import numpy as np
from numpy.typing import NDArray

from diptych.kernels.earth import EARTH_MEAN_RADIUS_M, MU_M3_S2, OMEGA_RAD_S
from diptych.kernels.geodesic import central_angle, initial_bearing, spherical_destination
from diptych.kernels.kepler import kepler_propagate, lambert
from diptych.kernels.status import OK

F8 = NDArray[np.float64]
Place = tuple[float, float]  # latitude, longitude, rad

STEP_S = 5.0
SPEED_MARGIN = 1.0005  # over minimum energy, so that there are two solutions to choose the steeper of


class BoostPoint(msgspec.Struct, frozen=True):
    """Where boost ends: s after launch, altitude m, downrange m."""

    time_s: float
    altitude_m: float
    downrange_m: float


class Shooter(msgspec.Struct, frozen=True):
    """An interceptor at a site: speed limit over the turning ground, dead time, lowest altitude of intercept."""

    site: Place
    speed_mps: float
    dead_time_s: float
    floor_m: float


class Target(msgspec.Struct, frozen=True):
    """A target's flight after burnout: inertial states (k, 6) at times (k,) after launch, every `STEP_S`."""

    burnout_s: float
    time_s: F8
    states_eci: F8


_REGIONAL = (
    (1500e3, BoostPoint(90.0, 60e3, 80e3)),
    (2500e3, BoostPoint(110.0, 90e3, 120e3)),
    (3500e3, BoostPoint(140.0, 130e3, 200e3)),
)


def boost_point(range_m: float) -> BoostPoint:
    """Return the boost point of a regional class: 90/60/80, 110/90/120, 140/130/200 or 170/160/280 (s / km / km)."""
    for limit_m, boost in _REGIONAL:
        if range_m < limit_m:
            return boost
    return BoostPoint(170.0, 160e3, 280e3)


def _place(lat: float, lon: float, radius_m: float, t_s: float) -> F8:
    """Return the inertial position (3,) at time t of a point that turns with the Earth."""
    east = lon + OMEGA_RAD_S * t_s
    return radius_m * np.array([cos(lat) * cos(east), cos(lat) * sin(east), sin(lat)])


def _steep_velocity(r1: F8, r2: F8) -> F8:
    """Return the velocity (3,) of the steeper arc from r1 to r2 at `SPEED_MARGIN` times the least speed.

    In the plane of r1 and r2 the transfer angle and the flight-path angle g obey
    r1/r2 = (1 - cos a) / (q cos^2 g) + cos(a + g) / cos g with q = r1 v^2 / mu (Bate, Mueller, White, section 6.2, for
    unequal radii); with x = tan g that is a quadratic in x.
    """
    n1, n2 = sqrt(float(r1 @ r1)), sqrt(float(r2 @ r2))
    up = r1 / n1
    across = r2 - float(r2 @ up) * up
    along = across / sqrt(float(across @ across))
    angle = atan2(float(r2 @ along), float(r2 @ up))
    # least speed between unequal radii: 2 a = (r1 + r2 + chord) / 2
    chord = sqrt(float((r2 - r1) @ (r2 - r1)))
    a = 0.25 * (n1 + n2 + chord)
    speed = SPEED_MARGIN * sqrt(MU_M3_S2 * (2.0 / n1 - 1.0 / a))
    q = n1 * speed**2 / MU_M3_S2
    # k (1 + x^2) - sin(a) x + cos(a) - r1/r2 = 0
    k = (1.0 - cos(angle)) / q
    root = sqrt(max(0.0, sin(angle) ** 2 - 4.0 * k * (k + cos(angle) - n1 / n2)))
    x = (sin(angle) + root) / (2.0 * k)
    return speed / sqrt(1.0 + x * x) * (along + x * up)


def target_flight(launch: Place, aim: Place, boost: BoostPoint) -> Target:
    """Return the flight of a target from burnout to the ground (point 1 of the model)."""
    radius = EARTH_MEAN_RADIUS_M
    remaining = 600.0
    state = np.empty(6)
    for _ in range(40):
        end = boost.time_s + remaining
        turned = aim[1] + OMEGA_RAD_S * remaining
        bearing = initial_bearing(launch[0], launch[1], aim[0], turned)
        lat, lon = spherical_destination(launch[0], launch[1], bearing, boost.downrange_m / radius)
        r1 = _place(lat, lon, radius + boost.altitude_m, boost.time_s)
        r2 = _place(aim[0], aim[1], radius, end)
        state = np.concatenate([r1, _steep_velocity(r1, r2)])
        before, remaining = remaining, _time_to(state, r2)
        if abs(remaining - before) < 1e-6:
            break
    time = np.arange(0.0, remaining, STEP_S)
    states = np.array([kepler_propagate(state, float(t))[0] for t in time])
    return Target(boost.time_s, boost.time_s + time, states)


def _time_to(state: F8, r2: F8) -> float:
    """Return the time (s) along the arc of a state to the position r2 on it, on the way down."""
    r1, v1 = state[:3], state[3:]
    n1, n2 = sqrt(float(r1 @ r1)), sqrt(float(r2 @ r2))
    semi_major = 1.0 / (2.0 / n1 - float(v1 @ v1) / MU_M3_S2)
    mean_motion = sqrt(MU_M3_S2 / semi_major**3)
    radial = float(r1 @ v1) / n1
    e_cos, e_sin = 1.0 - n1 / semi_major, n1 * radial / sqrt(MU_M3_S2 * semi_major)
    eccentricity = sqrt(e_cos**2 + e_sin**2)
    e1 = atan2(e_sin, e_cos)
    half = 0.5 * np.pi - asin(max(-1.0, min(1.0, (1.0 - n2 / semi_major) / eccentricity)))
    e2 = 2.0 * np.pi - half
    return (e2 - eccentricity * sin(e2) - (e1 - eccentricity * sin(e1))) / mean_motion


def window_s(target: Target, shooter: Shooter, launch_after_burnout_s: float) -> float:
    """Return the window: `STEP_S` times the number of points of the target's flight that can be met."""
    start = target.burnout_s + launch_after_burnout_s + shooter.dead_time_s
    site = _place(shooter.site[0], shooter.site[1], EARTH_MEAN_RADIUS_M, start)
    ground = np.array([-OMEGA_RAD_S * site[1], OMEGA_RAD_S * site[0], 0.0])
    met = 0
    for t, state in zip(target.time_s.tolist(), target.states_eci, strict=True):
        r2 = state[:3]
        if t <= start or sqrt(float(r2 @ r2)) - EARTH_MEAN_RADIUS_M < shooter.floor_m:
            continue
        v1, _, status = lambert(site, np.ascontiguousarray(r2), t - start)
        if status == OK and float((v1 - ground) @ (v1 - ground)) <= shooter.speed_mps**2:
            met += 1
    return STEP_S * met


def regional_target(launch: Place, aim: Place) -> Target:
    """Return the flight of the regional class that the distance asks for."""
    return target_flight(launch, aim, boost_point(central_angle(*launch, *aim) * EARTH_MEAN_RADIUS_M))
