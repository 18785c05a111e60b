"""Say what the shipped missile classes fly like, and solve the propellant of a new one.

    python tools/size_threats.py                    every class of the catalogue: the figures that its note states
    python tools/size_threats.py --solve 10000 1000 10000 0.80,270,0.09,130,2.0 0.20,300,0.10,110,2.0

`--solve` takes class range (km), payload (kg), ballistic coefficient (kg/m2) and for each stage its share of the
propellant, specific impulse (s), structure fraction (dry over dry plus propellant), burn time (s) and diameter (m). It
prints the stages whose greatest range is 1.05 times the class range. All flights leave 34 N 46 E at 1000 m on a
bearing of 315 degrees, over the turning Earth, with the drag coefficient of the other classes.
"""

import argparse
from math import acos, cos, pi, radians, sin, sqrt

import numpy as np
from scipy.optimize import brentq

from diptych.edge.catalogue import load_catalogue
from diptych.edge.schema.raid import shipped_threats
from diptych.kernels.earth import EARTH_MEAN_RADIUS_M, G0_MPS2, MU_M3_S2, OMEGA_RAD_S, geodetic_to_ecef
from diptych.kernels.geodesic import geodesic_direct
from diptych.kernels.status import OK, TOO_FAR
from diptych.model.catalogue import MISSILES
from diptych.truth.flight import Vehicle, solve_steering, vehicle_of

LAUNCH = (radians(34.0), radians(46.0), 1000.0)
BEARING = radians(315.0)
OVER = 1.05  # greatest range over class range
DRAG = 0.3  # drag coefficient of every multi-stage class


def aim(range_m: float, bearing: float = BEARING) -> tuple[float, float]:
    """Return the point at a range and bearing from the launch point."""
    lat, lon, _ = geodesic_direct(LAUNCH[0], LAUNCH[1], bearing, range_m)
    return lat, lon


def greatest_m(vehicle: Vehicle) -> float:
    """Return the greatest range, by asking for one that nothing here reaches; 0 if it does not fly at all."""
    asked = 16_000e3
    answer = solve_steering(vehicle, *LAUNCH, *aim(asked))
    return asked - answer.short_m if answer.status in (OK, TOO_FAR) else 0.0


def nearest_m(vehicle: Vehicle) -> float:
    """Return the nearest range at which a minimum-energy flight can be made to fall, within 1 km."""
    low, high = 1e3, greatest_m(vehicle)
    while high - low > 500.0:
        middle = 0.5 * (low + high)
        low, high = (low, middle) if solve_steering(vehicle, *LAUNCH, *aim(middle)).status == OK else (middle, high)
    return high


def kepler_s(end: tuple[float, float], apogee_m: float) -> float:
    """Return the time of the Kepler arc from the launch point to `end` with that apogee, over the turning sphere."""
    here = np.array(geodetic_to_ecef(LAUNCH[0], LAUNCH[1], 0.0))
    there = np.array(geodetic_to_ecef(*end, 0.0))
    here /= np.linalg.norm(here)
    there /= np.linalg.norm(there)
    radius, top, time = EARTH_MEAN_RADIUS_M, EARTH_MEAN_RADIUS_M + apogee_m, 0.0
    for _ in range(20):
        c, s = cos(OMEGA_RAD_S * time), sin(OMEGA_RAD_S * time)
        turned = np.array([c * there[0] - s * there[1], s * there[0] + c * there[1], there[2]])
        half = 0.5 * acos(float(here @ turned))
        ecc = (top - radius) / (top - radius * cos(half))
        axis = top / (1.0 + ecc)
        anomaly = acos((1.0 - radius / axis) / ecc)
        time = 2.0 * sqrt(axis**3 / MU_M3_S2) * (pi - anomaly + ecc * sin(anomaly))
    return time


def figures(vehicle: Vehicle, class_range_m: float) -> str:
    """Return the sentence for a note."""
    end = aim(class_range_m)
    flown = solve_steering(vehicle, *LAUNCH, *end)
    more_s = flown.flight_s - kepler_s(end, flown.apogee_m)
    return (
        f"greatest range {greatest_m(vehicle) / 1e3:.0f} km, boost {vehicle.burn_s()[-1]:.1f} s; at class range: "
        f"apogee {flown.apogee_m / 1e3:.0f} km, {flown.flight_s:.0f} s, {more_s:.0f} s more than the Kepler arc of "
        f"that apogee, burnout {flown.burnout_speed_mps:.0f} m/s; nearest {nearest_m(vehicle) / 1e3:.0f} km"
    )


def built(total_kg: float, payload_kg: float, beta_kg_m2: float, rows: list[list[float]]) -> Vehicle:
    """Return a vehicle from its propellant and the assumed shares, specific impulses, fractions, burns, diameters."""
    stages = []
    for share, isp_s, fraction, burn_s, diameter_m in rows:
        propellant = total_kg * share
        exhaust = isp_s * G0_MPS2
        dry = propellant * fraction / (1.0 - fraction)
        stages.append((propellant * exhaust / burn_s, exhaust, dry, propellant, DRAG * 0.25 * pi * diameter_m**2))
    return Vehicle(stages=tuple(stages), payload_kg=payload_kg, beta_kg_m2=beta_kg_m2)


def main() -> None:
    """Print figures or a solution."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--solve", nargs="+")
    asked = parser.parse_args().solve
    if not asked:
        catalogue = load_catalogue()
        missiles = [entry for entry in catalogue.threats if entry.kind in MISSILES]
        for entry, threat in zip(missiles, shipped_threats(catalogue), strict=True):
            print(f"{entry.id}: {figures(vehicle_of(threat), entry.max_range_m.mid)}")
        return
    range_m, payload, beta = float(asked[0]) * 1e3, float(asked[1]), float(asked[2])
    rows = [[float(x) for x in row.split(",")] for row in asked[3:]]

    def beyond(total_kg: float) -> float:
        return greatest_m(built(total_kg, payload, beta, rows)) - OVER * range_m

    high = 1e3
    while beyond(high) < 0.0:
        high *= 1.2
    total = brentq(beyond, high / 1.2, high, xtol=10.0)
    vehicle = built(total, payload, beta, rows)
    for thrust, _, dry, propellant, _ in vehicle.stages:
        print(f"thrust {thrust / 1e3:.0f} kN, dry {dry:.0f} kg, propellant {propellant:.0f} kg")
    print(figures(vehicle, range_m))


if __name__ == "__main__":
    main()
