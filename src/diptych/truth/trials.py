"""Trial flights from one launcher, and the two searches in one variable that steering is made of.

`Launcher.shoot` says where a flight comes down as seen from the launch point; `Launcher.gain_by_loft` whether the body
would have gone farther had it left its last stage at a steeper angle.
"""

from collections.abc import Callable
from math import cos, inf, nan, sin, sqrt

import msgspec
import numpy as np
from numpy.typing import NDArray

from diptych.kernels.earth import ecef_to_geodetic
from diptych.kernels.flight import fly, fly_from_states
from diptych.kernels.geodesic import geodesic_inverse
from diptych.kernels.status import OK
from diptych.truth.vehicle import Vehicle

RISE_S = 5.0  # vertical rise, assumed; the usual few seconds to clear the launcher
KICK_DURATION_S = 5.0  # assumed
_TILT_RAD = 0.02  # how far the burnout direction is turned up and down to see which carries farther
_NO_GRID = np.empty(0)
_Floats = NDArray[np.float64]


class Shot(msgspec.Struct, frozen=True):
    """One flight seen from the launch point: range, how far right of the aim line, apogee, time, burnout speed,
    status.
    """

    range_m: float
    right_m: float
    apogee_m: float
    flight_s: float
    speed_mps: float
    status: int


class Launcher:
    """A vehicle on its launcher with an aim line: shoots, and counts nothing but the outcome.

    `distance_m` and `bearing_rad` lead to the aim point; `status` says whether that line exists.
    """

    def __init__(
        self, vehicle: Vehicle, lat: float, lon: float, height_m: float, aim: tuple[float, float], *, j2_on: bool
    ) -> None:
        self.stages = vehicle.stage_array()
        self.vehicle = vehicle
        self.launch = (lat, lon, height_m)
        self.j2_on = j2_on
        self.distance_m, self.bearing_rad, _, self.status = geodesic_inverse(lat, lon, *aim)
        self.steering = np.array([self.bearing_rad, 0.0, RISE_S, KICK_DURATION_S, inf, 0.0])

    def _fly(self, azimuth: float, kick: float, cutoff_s: float) -> tuple[_Floats, _Floats, _Floats, int]:
        """Return the burnout state, the events, the impact point and the status of one flight."""
        self.steering[0], self.steering[1], self.steering[4] = azimuth, kick, cutoff_s
        _, _, burnout, events, impact, status = fly(
            *self.launch,
            self.stages,
            self.vehicle.payload_kg,
            self.vehicle.beta_kg_m2,
            self.steering,
            self.j2_on,
            _NO_GRID,
        )
        return burnout, events, impact, int(status)

    def shoot(self, azimuth: float, kick: float, cutoff_s: float) -> Shot:
        """Fly once; a flight that never comes down properly has range 0."""
        burnout, events, impact, status = self._fly(azimuth, kick, cutoff_s)
        if status != OK:
            return Shot(0.0, 0.0, 0.0, 0.0, 0.0, status)
        along, right = self._from_launch(impact)
        return Shot(along, right, float(events[2]), float(events[3]), float(np.linalg.norm(burnout[3:])), OK)

    def _from_launch(self, impact: _Floats) -> tuple[float, float]:
        """Return how far along the aim line and how far right of it a point (3,) ECEF lies, metres."""
        lat, lon, _ = ecef_to_geodetic(impact[0], impact[1], impact[2])
        distance, bearing, _, _ = geodesic_inverse(self.launch[0], self.launch[1], lat, lon)
        return distance * cos(bearing - self.bearing_rad), distance * sin(bearing - self.bearing_rad)

    def gain_by_loft(self, azimuth: float, kick: float, cutoff_s: float) -> float:
        """Return what a radian of loft at burnout would add to the range at the same speed over the ground, in ranges.

        Zero on a minimum-energy flight, negative on a steeper one; nan where a flight does not come down properly.
        """
        burnout, events, impact, status = self._fly(azimuth, kick, cutoff_s)
        if status != OK:
            return nan
        velocity = burnout[3:]
        up = burnout[:3] / sqrt(float(burnout[:3] @ burnout[:3]))
        speed = sqrt(float(velocity @ velocity))
        across = up - (float(up @ velocity) / speed**2) * velocity  # in the vertical plane, square to the velocity
        across *= speed / sqrt(float(across @ across))
        states = np.stack([burnout, burnout])  # both in one call: lanes side by side cost what one costs
        for row, tilt in zip(states, (-_TILT_RAD, _TILT_RAD), strict=True):
            row[3:] = cos(tilt) * velocity + sin(tilt) * across
        start, beta = np.full(2, float(events[0])), np.full(2, self.vehicle.beta_kg_m2)
        _, _, points, statuses = fly_from_states(states, start, beta, self.j2_on, _NO_GRID)
        if (statuses != OK).any():
            return nan
        ranges = [self._from_launch(point)[0] for point in points]
        return (ranges[1] - ranges[0]) / (2.0 * _TILT_RAD * self._from_launch(impact)[0])


def maximise(value: Callable[[float], float], low: float, high: float, coarse: int, tolerance: float) -> float:
    """Return the place of the maximum: a coarse scan, then golden section around its best point."""
    grid = np.linspace(low, high, coarse)
    best = int(np.argmax([value(float(x)) for x in grid]))
    a, d = float(grid[max(best - 1, 0)]), float(grid[min(best + 1, coarse - 1)])
    ratio = 0.6180339887498949
    b, c = d - ratio * (d - a), a + ratio * (d - a)
    fb, fc = value(b), value(c)
    while d - a > tolerance:
        if fb > fc:
            d, c, fc = c, b, fb
            b = d - ratio * (d - a)
            fb = value(b)
        else:
            a, b, fb = b, c, fc
            c = a + ratio * (d - a)
            fc = value(c)
    return 0.5 * (a + d)


def root(value: Callable[[float], float], low: float, high: float, tolerance: float) -> float:
    """Return a root between two places of opposite sign, by false position of Illinois kind."""
    fl, fh = value(low), value(high)
    x = low
    for _ in range(60):
        x = high - fh * (high - low) / (fh - fl) if fh != fl else 0.5 * (low + high)
        f = value(x)
        if abs(f) < tolerance or abs(high - low) < 1e-9:
            return x
        if (f > 0.0) == (fh > 0.0):
            high, fh = x, f
            fl *= 0.5
        else:
            low, fl = high, fh
            high, fh = x, f
    return x
