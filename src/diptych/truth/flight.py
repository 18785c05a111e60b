"""Steering that makes a missile arrive: azimuth, kick and cut-off for an aim point and a shape of trajectory.

`solve_steering` flies the vehicle of `kernels.flight` until it lands on the aim point.  "minimum-energy" means what the
literature means by it: the body leaves its last stage in the direction that carries it farthest at that speed over
the ground, so that no direction would reach the aim point with less.  For each cut-off the kick is chosen for that, and
the cut-off is moved until the range is the one wanted.  The kick of greatest range for a given burn is flatter (a
gravity turn pays for loft), by a little at 300 km and by a third of the apogee at 10 000 km; it decides what is out of
reach, and the last percent of range is flown as steeply as the propellant allows.  "lofted" and "depressed" keep the
range and multiply the minimum-energy apogee by `APOGEE_RATIO`.  An aim point that cannot be reached is an answer
(`status`, `short_m`), not an exception.  Nothing here is random; the same inputs give the same bytes.
"""

from math import exp, inf, log, nan, sqrt

import msgspec
import numpy as np
from numpy.typing import NDArray

from diptych.kernels.status import BAD_INPUT, NOT_CONVERGED, OK, TOO_CLOSE, TOO_FAR
from diptych.truth.trials import KICK_DURATION_S, RISE_S, Launcher, maximise, root
from diptych.truth.vehicle import Vehicle, vehicle_of

__all__ = ["APOGEE_RATIO", "KICK_DURATION_S", "RISE_S", "Steering", "Vehicle", "solve_steering", "vehicle_of"]

# Apogee against the minimum-energy apogee at the same range.  Assumed: moderate shapes that keep most of the range;
# published depressed trajectories go lower (Gronlund and Wright 1992), published lofted tests go far higher.
APOGEE_RATIO: dict[str, float] = {"minimum-energy": 1.0, "lofted": 1.4, "depressed": 0.7}

NEAR_LIMIT = 1.3  # greatest range over wanted range below which the launch is turned for the greatest range first
DRIFT_ALLOWED = 0.003  # miss to the side over range below which the kick is not solved again, only azimuth and cut-off
MISS_ALLOWED_M = 20.0  # at impact; the task's bound is 100 m
_KICK_LOW, _KICK_HIGH = 0.002, 1.35  # rad from the vertical, while the kick lasts; long slow boosts need a few mrad
_FLAT = 3.0  # a gain by loft no proper flight has: caps those near the antipode, where "farther" loses its meaning


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


def _farthest_kick(field: Launcher, azimuth: float, cutoff_s: float) -> float:
    """Return the kick of greatest range for a given burn."""
    return exp(
        maximise(lambda k: field.shoot(azimuth, exp(k), cutoff_s).range_m, log(_KICK_LOW), log(_KICK_HIGH), 24, 2e-3)
    )


def _loft_kick(field: Launcher, azimuth: float, cutoff_s: float, near: float) -> float:
    """Return the kick of the minimum-energy direction at burnout, looked for around `near`; `near` if there is none."""

    def gain(log_kick: float) -> float:
        found = field.gain_by_loft(azimuth, exp(log_kick), cutoff_s)
        return min(found, _FLAT) if found == found else _FLAT  # falls early or flies on into orbit: too flat

    steep = flat = log(near)
    g_steep = g_flat = gain(steep)
    for _ in range(16):
        if g_steep <= 0.0 <= g_flat:
            return exp(root(gain, steep, flat, 1e-4))
        if g_steep > 0.0 and steep > log(_KICK_LOW):
            flat, g_flat = steep, g_steep
            steep -= 0.08
            g_steep = gain(steep)
        elif g_flat < 0.0 and flat < log(_KICK_HIGH):
            steep, g_steep = flat, g_flat
            flat += 0.08
            g_flat = gain(flat)
        else:
            break
    return near


def _minimum_energy(
    field: Launcher, azimuth: float, farthest: float, first_s: float, last_s: float
) -> tuple[float, float]:
    """Return kick and cut-off of the minimum-energy flight; near the greatest range, of the steepest that reaches.

    `farthest` is the kick of greatest range at the last cut-off.  The cut-off is brought down from there in growing
    steps, because the kick changes little from one to the next.
    """
    want = field.distance_m
    kick = farthest

    def overshoot(cutoff_s: float) -> float:
        nonlocal kick
        kick = _loft_kick(field, azimuth, cutoff_s, kick)
        return field.shoot(azimuth, kick, cutoff_s).range_m - want

    if overshoot(last_s) < 0.0:
        steepest = root(lambda k: field.shoot(azimuth, k, last_s).range_m - want, kick, farthest, 50.0)
        return steepest, last_s
    step = 0.01 * (last_s - first_s)
    high = low = last_s
    while low > first_s:
        high, low = low, max(low - step, first_s)
        step *= 2.0
        if overshoot(low) < 0.0:
            break
    cutoff = root(overshoot, low, high, max(50.0, 1e-4 * want))
    return kick, cutoff


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
    apogee_m: float | None = None,
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
    apogee_m : float, optional
        Height to rise to instead of the shape's ratio; with "lofted" or "depressed" only.

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
    field = Launcher(vehicle, launch_lat_rad, launch_lon_rad, launch_height_m, (aim_lat_rad, aim_lon_rad), j2_on=j2_on)
    if field.status != OK or not vehicle.stages:
        return _answer(field, nan, nan, nan, 0.0, BAD_INPUT)
    want = field.distance_m
    ends = vehicle.burn_s()
    first_cutoff = max(ends[-2] if len(ends) > 1 else 0.0, RISE_S + KICK_DURATION_S) + 0.5
    last_cutoff = ends[-1]
    azimuth = field.bearing_rad

    farthest = _farthest_kick(field, azimuth, last_cutoff)
    reach = field.shoot(azimuth, farthest, last_cutoff)
    # Near the limit of reach turn the launch so that the spinning Earth brings the aim point under the fall; a missile
    # with range to spare is turned below, by what its own shorter flight drifts.
    for _ in range(2):
        if reach.status == OK and 0.0 < reach.range_m < NEAR_LIMIT * want:
            azimuth -= reach.right_m / reach.range_m
            reach = field.shoot(azimuth, farthest, last_cutoff)
    if reach.status != OK:
        return _answer(field, azimuth, farthest, last_cutoff, 0.0, reach.status)
    if reach.range_m < want:
        return _answer(field, azimuth, farthest, last_cutoff, want - reach.range_m, TOO_FAR)
    nearest = _farthest_kick(field, azimuth, first_cutoff)
    if field.shoot(azimuth, nearest, first_cutoff).range_m > want:
        return _answer(field, azimuth, nearest, first_cutoff, 0.0, TOO_CLOSE)
    for _ in range(4):
        kick, cutoff = _minimum_energy(field, azimuth, farthest, first_cutoff, last_cutoff)
        shot = field.shoot(azimuth, kick, cutoff)
        if shot.status != OK or abs(shot.right_m) < DRIFT_ALLOWED * want:
            break
        azimuth -= shot.right_m / shot.range_m  # then solve again, on the line the flight really takes
    if ratio != 1.0:
        target = apogee_m if apogee_m is not None else ratio * field.shoot(azimuth, kick, cutoff).apogee_m
        found = _shaped(field, azimuth, kick, target, first_cutoff, last_cutoff, is_higher=ratio > 1.0)
        if isinstance(found, Steering):
            return found
        kick, cutoff = found
    return _correct(field, azimuth, kick, cutoff, first_cutoff, last_cutoff)


def _shaped(
    field: Launcher, azimuth: float, kick: float, apogee_m: float, first_s: float, last_s: float, *, is_higher: bool
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
        return root(lambda c: field.shoot(azimuth, trial, c).range_m - field.distance_m, first_s, last_s, 200.0)

    near = kick  # minimum-energy side: apogee on the wrong side of the target
    far = _KICK_LOW if is_higher else _KICK_HIGH
    for _ in range(30):
        trial = sqrt(near * far)
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
        trial = sqrt(near * far)
        shot = field.shoot(azimuth, trial, last_s)
        if (shot.apogee_m > apogee_m) == is_higher:
            far = trial
        else:
            near = trial
    full = field.shoot(azimuth, near, last_s)
    return _answer(field, azimuth, near, last_s, max(field.distance_m - full.range_m, 0.0), TOO_FAR)


def _correct(field: Launcher, azimuth: float, kick: float, cutoff: float, first_s: float, last_s: float) -> Steering:
    """Return the steering after Newton steps in azimuth and cut-off; where all is burnt, in azimuth and kick."""
    is_all_burnt = cutoff >= last_s
    for _ in range(20):
        shot = field.shoot(azimuth, kick, cutoff)
        ahead = field.distance_m - shot.range_m
        if shot.status == OK and np.hypot(ahead, shot.right_m) < 0.1 * MISS_ALLOWED_M:
            break
        d_azi = 1e-4
        if is_all_burnt:
            d = 1e-3 * kick
            a = field.shoot(azimuth, kick + d, cutoff)
        else:
            d = -0.02 if cutoff + 0.02 > last_s else 0.02
            a = field.shoot(azimuth, kick, cutoff + d)
        b = field.shoot(azimuth + d_azi, kick, cutoff)
        if shot.status != OK or a.status != OK or b.status != OK:
            break  # not a flight to correct; `_answer` says NOT_CONVERGED
        jac = np.array(
            [
                [(a.range_m - shot.range_m) / d, (b.range_m - shot.range_m) / d_azi],
                [(a.right_m - shot.right_m) / d, (b.right_m - shot.right_m) / d_azi],
            ]
        )
        step = np.linalg.solve(jac, np.array([ahead, -shot.right_m]))
        if is_all_burnt:
            kick = float(min(max(kick + step[0], 0.8 * kick), 1.25 * kick))
        else:
            cutoff = float(min(max(cutoff + step[0], first_s), last_s))
        azimuth += float(step[1])
    return _answer(field, azimuth, kick, cutoff, 0.0, OK)


def _answer(field: Launcher, azimuth: float, kick: float, cutoff: float, short_m: float, status: int) -> Steering:
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
