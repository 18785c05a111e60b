"""What an intercept leaves: a cloud of fragments that flies on and comes down in an ellipse.

The fragments keep, on average, the momentum of the two bodies.  About that mean they part in all directions with the
speeds of the NASA breakup model, which depend on area over mass; heavy ones fly on almost as the object would have,
light ones are stopped by the air and fall below the place where they met it.  Twelve fragments stand for all: six
directions at each of two ballistic coefficients, placed so that mean and covariance of the speeds and of the logarithm
of the coefficient come out exactly.  Nothing is drawn, so two arrangements that hit the same object in the same way
have the same debris.

Winds add the same floor as to every impact point.  Not here: burning up, and what a fragment would do.

Source: Johnson, Krisko, Liou, Anz-Meador, NASA's new breakup model of EVOLVE 4.0, Adv. Space Res. 28 (2001) 1377, eq.
12; the points are those of Gauss-Hermite (two) and of the spherical cubature rule (six).
"""

from math import atan2, exp, hypot, log, log10, pi, sqrt

import msgspec
import numpy as np

from diptych.kernels.debris import light_falls
from diptych.kernels.earth import ecef_to_geodetic, enu_basis
from diptych.kernels.impact import IMPACT_FLOOR_M
from diptych.kernels.status import OK
from diptych.model.picture import Floats
from diptych.model.scenario import DebrisModel, ThreatClass

# log10 of the speed in m/s is normal with this mean and sigma, where chi = log10(area / mass) in m2/kg; collisions.
_SLOPE, _OFFSET, _SIGMA = 0.9, 2.9, 0.4
FEWEST = 6  # fragments that must come down for an ellipse to be drawn


class ImpactArea(msgspec.Struct, frozen=True):
    """Where fragments come down: centre, 2-sigma axes, azimuth of the major one, first and last impact (s)."""

    lat_rad: float
    lon_rad: float
    semi_major_m: float
    semi_minor_m: float
    azimuth_rad: float
    first_s: float
    last_s: float


def target_mass_kg(threat: ThreatClass) -> float:
    """Return the mass of what is hit after burnout: the payload, with the empty last stage where they stay together."""
    return threat.payload_mass_kg + (0.0 if threat.separates else threat.stages[-1].dry_mass_kg)


def speed_sigma_mps(beta_kg_m2: float) -> float:
    """Return the root mean square of one component of the fragments' speed about their mean.

    Area over mass is 1 / beta, for a drag coefficient of 1.  Check: 100 kg/m2 gives a median speed of 12.6 m/s, a root
    mean square of 2.34 times that, 17.0 m/s in one component.
    """
    median: float = 10.0 ** (_OFFSET - _SLOPE * log10(beta_kg_m2))
    return median * exp((_SIGMA * log(10.0)) ** 2) / sqrt(3.0)


def fragments(target_ecef: Floats, target_kg: float, hitter_mps: Floats, model: DebrisModel) -> tuple[Floats, Floats]:
    """Return the states (12, 6) of the fragments at the intercept and their ballistic coefficients (12,) kg/m2.

    target_ecef (6,): the object; hitter_mps (3,): velocity of the kill vehicle, ECEF.
    """
    share = model.kill_vehicle_kg / (target_kg + model.kill_vehicle_kg)
    mean = (1.0 - share) * target_ecef[3:] + share * hitter_mps
    ahead = mean / sqrt(float(mean @ mean))
    side = np.array(
        [
            target_ecef[1] * ahead[2] - target_ecef[2] * ahead[1],
            target_ecef[2] * ahead[0] - target_ecef[0] * ahead[2],
            target_ecef[0] * ahead[1] - target_ecef[1] * ahead[0],
        ]
    )
    length = sqrt(float(side @ side))
    side = side / length if length > 1.0 else np.array([-ahead[1], ahead[0], 0.0]) / hypot(ahead[0], ahead[1])
    third = np.array(
        [
            ahead[1] * side[2] - ahead[2] * side[1],
            ahead[2] * side[0] - ahead[0] * side[2],
            ahead[0] * side[1] - ahead[1] * side[0],
        ]
    )
    states = np.empty((12, 6))
    beta = np.empty(12)
    states[:, :3] = target_ecef[:3]
    row = 0
    for factor in (1.0 / model.fragment_beta_spread, model.fragment_beta_spread):
        coefficient = model.fragment_beta_kg_m2 * factor
        apart = sqrt(3.0) * speed_sigma_mps(coefficient)
        for direction in (ahead, side, third):
            for sign in (-1.0, 1.0):
                states[row, 3:] = mean + sign * apart * direction
                beta[row] = coefficient
                row += 1
    return states, beta


def impact_area(
    target_ecef: Floats, target_kg: float, hitter_mps: Floats, time_s: float, model: DebrisModel, *, j2_on: bool
) -> ImpactArea | None:
    """Return where the debris of an intercept comes down, None if most of it does not within the time allowed.

    Parameters
    ----------
    target_ecef : (6,)
        State of the object at the intercept, m and m/s.
    target_kg : float
        Its mass.
    hitter_mps : (3,)
        Velocity of the kill vehicle, ECEF.
    time_s : float
        When; the times of the answer are on the same clock.
    """
    states, beta = fragments(target_ecef, target_kg, hitter_mps, model)
    fall_s, impacts, status = light_falls(states, beta, j2_on)
    down = status == OK
    if int(np.count_nonzero(down)) < FEWEST:
        return None
    points = impacts[down]
    lat, lon, _ = ecef_to_geodetic(*points.mean(axis=0).tolist())
    offsets = (points - points.mean(axis=0)) @ enu_basis(lat, lon)[:2].T  # (n, 2) east, north
    (a, b), (_, d) = (offsets.T @ offsets / len(points) + IMPACT_FLOOR_M**2 * np.eye(2)).tolist()
    middle, spread = 0.5 * (a + d), hypot(0.5 * (a - d), b)
    azimuth = (0.5 * pi - 0.5 * atan2(2.0 * b, a - d)) % pi
    return ImpactArea(
        lat_rad=lat,
        lon_rad=lon,
        semi_major_m=2.0 * sqrt(middle + spread),
        semi_minor_m=2.0 * sqrt(max(middle - spread, 0.0)),
        azimuth_rad=azimuth,
        first_s=time_s + float(fall_s[down].min()),
        last_s=time_s + float(fall_s[down].max()),
    )
