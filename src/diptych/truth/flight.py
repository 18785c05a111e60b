"""Steering that makes a missile arrive: azimuth, kick and cut-off for an aim point and a shape of trajectory.

`solve_steering` flies the vehicle of `kernels.flight` until it lands on the aim point.  "minimum-energy" means the
earliest cut-off that still reaches: for a given cut-off the kick is chosen for greatest range, and the cut-off is
moved until that range is the one wanted.  "lofted" and "depressed" keep the range and multiply the minimum-energy
apogee by `APOGEE_RATIO`.  An aim point that cannot be reached is an answer (`status`, `short_m`), not an exception.
Nothing here is random; the same inputs give the same bytes.
"""

from collections.abc import Callable
from math import cos, inf, nan, pi, sin

import msgspec
import numpy as np
from numpy.typing import NDArray

from diptych.kernels.earth import G0_MPS2, ecef_to_geodetic
from diptych.kernels.flight import fly
from diptych.kernels.geodesic import geodesic_inverse
from diptych.kernels.status import BAD_INPUT, NOT_CONVERGED, OK, TOO_CLOSE, TOO_FAR
from diptych.model.scenario import ThreatClass

# Apogee against the minimum-energy apogee at the same range.  Assumed: moderate shapes that keep most of the range;
# published depressed trajectories go lower (Gronlund and Wright 1992), published lofted tests go far higher.
APOGEE_RATIO: dict[str, float] = {"minimum-energy": 1.0, "lofted": 1.4, "depressed": 0.7}

RISE_S = 5.0  # vertical rise, assumed; the usual few seconds to clear the launcher
KICK_DURATION_S = 5.0  # assumed
MISS_ALLOWED_M = 20.0  # at impact; the task's bound is 100 m
_NO_GRID = np.empty(0)
_KICK_LOW, _KICK_HIGH = 0.01, 1.35  # rad from the vertical, while the kick lasts


class Vehicle(msgspec.Struct, frozen=True, kw_only=True):
    """What flies: stages (s, 5) thrust N, exhaust m/s, dry kg, propellant kg, drag area m2; payload kg; ballistic
    coefficient.
    """

    stages: tuple[tuple[float, float, float, float, float], ...]
    payload_kg: float
    beta_kg_m2: float

    def stage_array(self) -> NDArray[np.float64]:
        """Return the stages as (s, 5) float64 for the kernels."""
        return np.array(self.stages, dtype=np.float64).reshape(-1, 5)

    def burn_s(self) -> tuple[float, ...]:
        """Return the time at which each stage is empty, s after launch."""
        total = 0.0
        ends = []
        for thrust, exhaust, _, propellant, _ in self.stages:
            total += propellant * exhaust / thrust
            ends.append(total)
        return tuple(ends)


def vehicle_of(threat: ThreatClass) -> Vehicle:
    """Return what a threat class flies as: exhaust speed = Isp g0, drag area = Cd times the cross-section of the
    diameter.
    """
    return Vehicle(
        stages=tuple(
            (
                s.thrust_n,
                s.isp_s * G0_MPS2,
                s.dry_mass_kg,
                s.propellant_mass_kg,
                s.drag_coefficient * 0.25 * pi * s.diameter_m**2,
            )
            for s in threat.stages
        ),
        payload_kg=threat.payload_mass_kg,
        beta_kg_m2=threat.ballistic_coefficient_kg_m2,
    )


class Steering(msgspec.Struct, frozen=True, kw_only=True):
    """How one vehicle flies to one aim point, and what that flight is like.  On failure the numbers are of the best
    attempt.
    """

    azimuth_rad: float
    kick_rad: float
    rise_s: float
    kick_duration_s: float
    cutoff_s: float
    burn_fraction: float  # of the propellant of all stages
    burnout_speed_mps: float  # over the ground
    apogee_m: float
    flight_s: float
    miss_m: float
    short_m: float  # how far the greatest range falls short of the aim point; 0 when it does not
    status: int

    def as_array(self) -> NDArray[np.float64]:
        """Return the steering vector (6,) of `kernels.flight.fly`."""
        return np.array([self.azimuth_rad, self.kick_rad, self.rise_s, self.kick_duration_s, self.cutoff_s, 0.0])


class _Shot(msgspec.Struct, frozen=True):
    """One flight seen from the launch point: range, how far right of the aim line, apogee, time, burnout speed,
    status.
    """

    range_m: float
    right_m: float
    apogee_m: float
    flight_s: float
    speed_mps: float
    status: int


class _Range:
    """A vehicle on its launcher with an aim line: shoots, and counts nothing but the outcome."""

    def __init__(
        self, vehicle: Vehicle, lat: float, lon: float, height_m: float, aim: tuple[float, float], *, j2_on: bool
    ) -> None:
        self.stages = vehicle.stage_array()
        self.vehicle = vehicle
        self.launch = (lat, lon, height_m)
        self.j2_on = j2_on
        self.distance_m, self.bearing_rad, _, self.status = geodesic_inverse(lat, lon, *aim)
        self.steering = np.array([self.bearing_rad, 0.0, RISE_S, KICK_DURATION_S, inf, 0.0])

    def shoot(self, azimuth: float, kick: float, cutoff_s: float) -> _Shot:
        """Fly once; a flight that never comes down properly has range 0."""
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
        if status != OK:
            return _Shot(0.0, 0.0, 0.0, 0.0, 0.0, int(status))
        lat, lon, _ = ecef_to_geodetic(impact[0], impact[1], impact[2])
        distance, bearing, _, _ = geodesic_inverse(self.launch[0], self.launch[1], lat, lon)
        along = distance * cos(bearing - self.bearing_rad)
        right = distance * sin(bearing - self.bearing_rad)
        return _Shot(along, right, float(events[2]), float(events[3]), float(np.linalg.norm(burnout[3:])), OK)


def _maximise(value: Callable[[float], float], low: float, high: float, coarse: int, tolerance: float) -> float:
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


def _root(value: Callable[[float], float], low: float, high: float, tolerance: float) -> float:
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


def solve_steering(
    vehicle: Vehicle,
    launch_lat_rad: float,
    launch_lon_rad: float,
    launch_height_m: float,
    aim_lat_rad: float,
    aim_lon_rad: float,
    shape: str = "minimum-energy",
    *,
    j2_on: bool = True,
) -> Steering:
    """Return the steering that lands the vehicle on the aim point (on the ellipsoid) in the wanted shape.

    Parameters
    ----------
    vehicle : Vehicle
        Stages, payload, ballistic coefficient.
    launch_lat_rad, launch_lon_rad, launch_height_m, aim_lat_rad, aim_lon_rad : float
        Geodetic, WGS-84.
    shape : str
        A key of `APOGEE_RATIO`.

    Returns
    -------
    Steering
        `status` OK and `miss_m` below `MISS_ALLOWED_M`; TOO_FAR with `short_m`; TOO_CLOSE when even the earliest
        cut-off of the last stage flies past; NOT_CONVERGED when the last correction did not settle.

    Raises
    ------
    KeyError
        The shape is unknown.
    """
    ratio = APOGEE_RATIO[shape]
    field = _Range(vehicle, launch_lat_rad, launch_lon_rad, launch_height_m, (aim_lat_rad, aim_lon_rad), j2_on=j2_on)
    if field.status != OK or not vehicle.stages:
        return _answer(field, nan, nan, nan, 0.0, BAD_INPUT)
    want = field.distance_m
    ends = vehicle.burn_s()
    first_cutoff = max(ends[-2] if len(ends) > 1 else 0.0, RISE_S + KICK_DURATION_S) + 0.5
    last_cutoff = ends[-1]
    azimuth = field.bearing_rad

    def best_kick(cutoff_s: float) -> float:
        return _maximise(lambda kick: field.shoot(azimuth, kick, cutoff_s).range_m, _KICK_LOW, _KICK_HIGH, 12, 2e-3)

    kick = best_kick(last_cutoff)
    # Turn the launch so that the spinning Earth brings the aim point under the fall, then look again.
    for _ in range(2):
        shot = field.shoot(azimuth, kick, last_cutoff)
        if shot.status == OK and shot.range_m > 0.0:
            azimuth -= shot.right_m / shot.range_m
    reach = field.shoot(azimuth, kick, last_cutoff)
    if reach.status != OK:
        return _answer(field, azimuth, kick, last_cutoff, 0.0, reach.status)
    if reach.range_m < want:
        return _answer(field, azimuth, kick, last_cutoff, want - reach.range_m, TOO_FAR)
    nearest = best_kick(first_cutoff)
    if field.shoot(azimuth, nearest, first_cutoff).range_m > want:
        return _answer(field, azimuth, nearest, first_cutoff, 0.0, TOO_CLOSE)

    def overshoot(cutoff_s: float) -> float:
        return field.shoot(azimuth, best_kick(cutoff_s), cutoff_s).range_m - want

    cutoff = _root(overshoot, first_cutoff, last_cutoff, max(50.0, 1e-4 * want))
    kick = best_kick(cutoff)
    if ratio != 1.0:
        target = ratio * field.shoot(azimuth, kick, cutoff).apogee_m
        found = _shaped(field, azimuth, kick, target, first_cutoff, last_cutoff, is_higher=ratio > 1.0)
        if isinstance(found, Steering):
            return found
        kick, cutoff = found
    return _correct(field, azimuth, kick, cutoff, first_cutoff, last_cutoff)


def _shaped(
    field: _Range, azimuth: float, kick: float, apogee_m: float, first_s: float, last_s: float, *, is_higher: bool
) -> tuple[float, float] | Steering:
    """Return kick and cut-off that reach the aim range with a given apogee, or the failure."""

    def cutoff_for(trial: float) -> float | None:
        """Return the cut-off that reaches with this kick; None: none does; -inf: the earliest already flies past."""
        low = field.shoot(azimuth, trial, first_s).range_m - field.distance_m
        high = field.shoot(azimuth, trial, last_s).range_m - field.distance_m
        if high < 0.0:
            return None
        if low > 0.0:
            return -inf
        return _root(lambda c: field.shoot(azimuth, trial, c).range_m - field.distance_m, first_s, last_s, 200.0)

    near = kick  # minimum-energy side: apogee on the wrong side of the target
    far = _KICK_LOW if is_higher else _KICK_HIGH
    for _ in range(30):
        trial = 0.5 * (near + far)
        cutoff = cutoff_for(trial)
        if cutoff == -inf:
            return _answer(field, azimuth, trial, first_s, 0.0, TOO_CLOSE)
        if cutoff is not None:
            shot = field.shoot(azimuth, trial, cutoff)
            if abs(shot.apogee_m - apogee_m) < 2e-3 * apogee_m:
                return trial, cutoff
            is_beyond = shot.apogee_m > apogee_m if is_higher else shot.apogee_m < apogee_m
        else:
            is_beyond = True  # too extreme to reach at all
        if is_beyond:
            far = trial
        else:
            near = trial
    # Not reached: say how far a full burn with this apogee falls short.
    near, far = kick, (_KICK_LOW if is_higher else _KICK_HIGH)
    for _ in range(30):
        trial = 0.5 * (near + far)
        shot = field.shoot(azimuth, trial, last_s)
        if (shot.apogee_m > apogee_m) == is_higher:
            far = trial
        else:
            near = trial
    full = field.shoot(azimuth, near, last_s)
    return _answer(field, azimuth, near, last_s, max(field.distance_m - full.range_m, 0.0), TOO_FAR)


def _correct(field: _Range, azimuth: float, kick: float, cutoff: float, first_s: float, last_s: float) -> Steering:
    """Return the steering after Newton steps in azimuth and cut-off, the kick kept."""
    for _ in range(20):
        shot = field.shoot(azimuth, kick, cutoff)
        ahead = field.distance_m - shot.range_m
        if shot.status == OK and np.hypot(ahead, shot.right_m) < 0.1 * MISS_ALLOWED_M:
            break
        d_cut = -0.02 if cutoff + 0.02 > last_s else 0.02
        d_azi = 1e-4
        a = field.shoot(azimuth, kick, cutoff + d_cut)
        b = field.shoot(azimuth + d_azi, kick, cutoff)
        jac = np.array(
            [
                [(a.range_m - shot.range_m) / d_cut, (b.range_m - shot.range_m) / d_azi],
                [(a.right_m - shot.right_m) / d_cut, (b.right_m - shot.right_m) / d_azi],
            ]
        )
        step = np.linalg.solve(jac, np.array([ahead, -shot.right_m]))
        cutoff = float(min(max(cutoff + step[0], first_s), last_s))
        azimuth += float(step[1])
    return _answer(field, azimuth, kick, cutoff, 0.0, OK)


def _answer(field: _Range, azimuth: float, kick: float, cutoff: float, short_m: float, status: int) -> Steering:
    """Return the record of a steering, flown once more for its figures; a miss above the allowed one is
    NOT_CONVERGED.
    """
    shot = field.shoot(azimuth, kick, cutoff)
    miss = float(np.hypot(field.distance_m - shot.range_m, shot.right_m))
    if status == OK and not (shot.status == OK and miss <= MISS_ALLOWED_M):
        status = NOT_CONVERGED
    used = 0.0
    total = 0.0
    start = 0.0
    for (thrust, exhaust, _, propellant, _), end in zip(field.vehicle.stages, field.vehicle.burn_s(), strict=True):
        used += max(0.0, min(cutoff, end) - start) * thrust / exhaust
        total += propellant
        start = end
    return Steering(
        azimuth_rad=azimuth % (2.0 * np.pi),
        kick_rad=kick,
        rise_s=RISE_S,
        kick_duration_s=KICK_DURATION_S,
        cutoff_s=cutoff,
        burn_fraction=used / total if total else nan,
        burnout_speed_mps=shot.speed_mps,
        apogee_m=shot.apogee_m,
        flight_s=shot.flight_s,
        miss_m=miss,
        short_m=short_m,
        status=status,
    )
