"""Ballistic arcs over a sphere in closed form, and over a sphere that turns.

For checks and explanations, not for runs: no air, no oblateness, burnout at the surface. `truth.flight` flies; these
arcs say what a flight without boost and drag would be, so that the difference is the powered phase.

Sources: Bate, Mueller, White, Fundamentals of Astrodynamics (1971), chapter 6; Vallado, 4th ed., section 11.2.
"""

from math import acos, asin, atan2, cos, inf, isfinite, pi, sin, sqrt

import msgspec

from diptych.kernels.earth import EARTH_MEAN_RADIUS_M, MU_M3_S2, OMEGA_RAD_S
from diptych.kernels.geodesic import central_angle, initial_bearing, spherical_destination


class Arc(msgspec.Struct, frozen=True):
    """The part of an ellipse above a sphere, symmetric about its apogee."""

    semi_major_m: float
    eccentricity: float
    radius_m: float
    mu: float

    @property
    def apogee_m(self) -> float:
        """Height of the apogee above the sphere, m."""
        return self.semi_major_m * (1.0 + self.eccentricity) - self.radius_m

    def speed_mps(self, height_m: float = 0.0) -> float:
        """Return the speed at a height, m/s."""
        return sqrt(self.mu * (2.0 / (self.radius_m + height_m) - 1.0 / self.semi_major_m))

    def climb_rad(self, height_m: float = 0.0) -> float:
        """Return the flight-path angle above the local horizontal on the way up, rad."""
        a, e = self.semi_major_m, self.eccentricity
        cosine = sqrt(self.mu * a * (1.0 - e * e)) / ((self.radius_m + height_m) * self.speed_mps(height_m))
        return acos(min(1.0, cosine))

    def time_above_s(self, height_m: float = 0.0) -> float:
        """Return how long the body is above a height, s; 0 when it never is."""
        anomaly = self._anomaly(height_m)
        if anomaly is None:
            return 0.0
        return 2.0 * sqrt(self.semi_major_m**3 / self.mu) * (pi - anomaly + self.eccentricity * sin(anomaly))

    def ground_angle_rad(self) -> float:
        """Return the angle at the centre between leaving and reaching the surface, rad."""
        return 2.0 * (pi - self._true_anomaly(self.radius_m))

    def time_to_s(self, angle_rad: float) -> float:
        """Return the time from the surface to a ground angle along the arc, s."""
        start = self._true_anomaly(self.radius_m)
        return self._time_of(start + angle_rad) - self._time_of(start)

    def time_down_s(self, height_m: float) -> float:
        """Return the time from the surface to a height on the way down, s; nan when the apogee is lower."""
        above = self.time_above_s(height_m)
        return 0.5 * (self.time_above_s() + above) if above > 0.0 else float("nan")

    def _anomaly(self, height_m: float) -> float | None:
        cosine = (1.0 - (self.radius_m + height_m) / self.semi_major_m) / self.eccentricity
        return acos(max(-1.0, cosine)) if cosine < 1.0 and height_m <= self.apogee_m else None

    def _true_anomaly(self, r: float) -> float:
        a, e = self.semi_major_m, self.eccentricity
        return acos(max(-1.0, min(1.0, (a * (1.0 - e * e) / r - 1.0) / e)))

    def _time_of(self, true_anomaly: float) -> float:
        """Return the time since perigee, s, for anomalies in 0..2 pi."""
        e = self.eccentricity
        anomaly = 2.0 * atan2(sqrt(1.0 - e) * sin(0.5 * true_anomaly), sqrt(1.0 + e) * cos(0.5 * true_anomaly))
        return sqrt(self.semi_major_m**3 / self.mu) * (anomaly - e * sin(anomaly))


def arc_by_apogee(
    angle_rad: float, apogee_m: float, radius_m: float = EARTH_MEAN_RADIUS_M, mu: float = MU_M3_S2
) -> Arc:
    """Return the arc over a ground angle with a given apogee.

    Raises
    ------
    ValueError
        The angle is not within (0, pi] or the apogee is not positive.

    Check
    -----
    3700 km with an apogee of 770 km: 1014.6 s.
    """
    if not (0.0 < angle_rad <= pi and apogee_m > 0.0):
        raise ValueError(f"arc: expected an angle within (0, pi] and an apogee > 0, got {angle_rad} and {apogee_m}")
    top = radius_m + apogee_m
    eccentricity = apogee_m / (top - radius_m * cos(0.5 * angle_rad))
    return Arc(top / (1.0 + eccentricity), eccentricity, radius_m, mu)


def arc_by_speed(
    speed_mps: float, climb_rad: float, radius_m: float = EARTH_MEAN_RADIUS_M, mu: float = MU_M3_S2
) -> Arc:
    """Return the arc of a launch speed and flight-path angle at the surface.

    Raises
    ------
    ValueError
        The speed is not below escape.
    """
    q = speed_mps**2 * radius_m / mu
    if not 0.0 < q < 2.0:
        raise ValueError(f"arc: expected a speed above 0 and below escape, got {speed_mps} m/s")
    eccentricity = sqrt(max(0.0, 1.0 + q * (q - 2.0) * cos(climb_rad) ** 2))
    return Arc(radius_m / (2.0 - q), eccentricity, radius_m, mu)


def arcs_by_range(
    speed_mps: float, angle_rad: float, radius_m: float = EARTH_MEAN_RADIUS_M, mu: float = MU_M3_S2
) -> tuple[float, float]:
    """Return the two flight-path angles (low, high; rad) that reach a ground angle at a launch speed.

    sin(2 climb + angle/2) = (2 - Q)/Q sin(angle/2), Q = v^2 R / mu (Bate, Mueller, White, eq. 6.2-12).

    Raises
    ------
    ValueError
        The speed does not reach that far, or is so high that only one arc exists.
    """
    q = speed_mps**2 * radius_m / mu
    half = 0.5 * angle_rad
    sine = (2.0 - q) / q * sin(half)
    if sine > 1.0:
        reach = 2.0 * asin(q / (2.0 - q)) * radius_m
        raise ValueError(f"{speed_mps:.1f} m/s reaches {reach / 1e3:.1f} km, not {angle_rad * radius_m / 1e3:.1f} km")
    low, high = 0.5 * (asin(sine) - half), 0.5 * (pi - asin(sine) - half)
    if low <= 0.0:
        raise ValueError(f"{speed_mps:.1f} m/s is too fast for a low arc over {angle_rad * radius_m / 1e3:.1f} km")
    return low, high


class Landing(msgspec.Struct, frozen=True):
    """Where an arc over the turning sphere comes down: ground angle and bearing from the launch point, and the arc."""

    angle_rad: float
    bearing_rad: float
    time_s: float
    arc: Arc


def turning_landing(lat_rad: float, azimuth_rad: float, climb_rad: float, speed_mps: float) -> Landing:
    """Return where a launch at a speed over the turning ground comes down.

    Speed, azimuth and climb are those seen from the launcher; the ground moves on while the body flies.
    """
    north = speed_mps * cos(climb_rad) * cos(azimuth_rad)
    east = speed_mps * cos(climb_rad) * sin(azimuth_rad) + OMEGA_RAD_S * EARTH_MEAN_RADIUS_M * cos(lat_rad)
    up = speed_mps * sin(climb_rad)
    level = sqrt(north * north + east * east)
    arc = arc_by_speed(sqrt(level * level + up * up), atan2(up, level))
    lat, lon = spherical_destination(lat_rad, 0.0, atan2(east, north), arc.ground_angle_rad())
    lon -= OMEGA_RAD_S * arc.time_above_s()
    return Landing(
        central_angle(lat_rad, 0.0, lat, lon), initial_bearing(lat_rad, 0.0, lat, lon), arc.time_above_s(), arc
    )


def turning_arc(
    lat_rad: float, lon_rad: float, aim_lat_rad: float, aim_lon_rad: float, apogee_m: float | None = None
) -> Arc:
    """Return the inertial arc that meets an aim point carried along by the turning Earth.

    `apogee_m` None: the least-energy arc to where the aim point will be. Fixed point on the flight time; the ground
    moves far slower than the body, so a dozen rounds settle it below a microsecond.

    Check
    -----
    FLT-05: 999.2 km from 39.203 N along 70 degrees with an apogee of 6040.9 km takes 3979 s, against 3947 s at rest.
    """
    time = 0.0
    arc: Arc | None = None
    for _ in range(60):
        angle = central_angle(lat_rad, lon_rad, aim_lat_rad, aim_lon_rad + OMEGA_RAD_S * time)
        top = 0.5 * EARTH_MEAN_RADIUS_M * (sin(0.5 * angle) + cos(0.5 * angle) - 1.0) if apogee_m is None else apogee_m
        arc = arc_by_apogee(angle, top)
        before, time = time, arc.time_above_s()
        if abs(time - before) < 1e-9 * time:
            break
    assert arc is not None  # the loop runs
    return arc


def turning_azimuth_rad(lat_rad: float, lon_rad: float, aim_lat_rad: float, aim_lon_rad: float, arc: Arc) -> float:
    """Return the azimuth, seen from the launcher, in which `turning_arc` leaves, rad."""
    turned = aim_lon_rad + OMEGA_RAD_S * arc.time_above_s()
    bearing = initial_bearing(lat_rad, lon_rad, aim_lat_rad, turned)
    level = arc.speed_mps() * cos(arc.climb_rad())
    east = level * sin(bearing) - OMEGA_RAD_S * EARTH_MEAN_RADIUS_M * cos(lat_rad)
    return atan2(east, level * cos(bearing)) % (2.0 * pi)


def greatest_range_toward(lat_rad: float, bearing_rad: float, speed_mps: float) -> Landing:
    """Return the farthest landing along a bearing at a speed over the turning ground.

    The azimuth of launch is turned until the landing lies on the bearing; the climb is scanned, then refined.
    """

    def along(climb: float) -> Landing:
        azimuth = bearing_rad
        landing = turning_landing(lat_rad, azimuth, climb, speed_mps)
        for _ in range(40):
            off = (landing.bearing_rad - bearing_rad + pi) % (2.0 * pi) - pi
            if abs(off) < 1e-10:
                break
            azimuth -= 0.7 * off
            landing = turning_landing(lat_rad, azimuth, climb, speed_mps)
        return landing

    def reach(climb: float) -> float:
        angle = along(climb).angle_rad
        return angle if isfinite(angle) else -inf

    low, high, step = 0.02, 1.2, 0.02
    best = max((low + step * i for i in range(int((high - low) / step) + 1)), key=reach)
    a, b = max(low, best - step), best + step
    while b - a > 1e-7:
        c, d = a + (b - a) / 3.0, b - (b - a) / 3.0
        a, b = (c, b) if reach(c) < reach(d) else (a, d)
    return along(0.5 * (a + b))
