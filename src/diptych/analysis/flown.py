"""A class flown so that a published flight comes out: its range and its apogee, with the payload that does it.

Published tests state where a missile came down and how high it went, never what it carried. The class burns all its
propellant; payload, kick and azimuth are solved until range, side and apogee are those published. What is then left is
a prediction: flight time, burnout speed, times of passing. `turning_arc` of `analysis.arcs` is the same flight without
boost, air and oblateness.
"""

from math import cos, exp, inf, log, pi, radians, sin

import msgspec
import numpy as np
from numpy.typing import NDArray

from diptych.analysis.arcs import turning_arc, turning_azimuth_rad
from diptych.kernels.earth import G0_MPS2, ecef_to_geodetic
from diptych.kernels.flight import fly
from diptych.kernels.geodesic import geodesic_direct, geodesic_inverse
from diptych.kernels.status import NO_IMPACT, OK
from diptych.model.catalogue import ThreatEntry
from diptych.truth.flight import KICK_DURATION_S, RISE_S, Vehicle

F8 = NDArray[np.float64]

DEFAULT_LAUNCH_RAD = (radians(45.0), 0.0)
"""Where a flight without a published launch point starts: middle latitude, due north, as for fly-out tables."""

RANGE_TOLERANCE_M = 50.0
_LOG_KICKS = (log(0.0005), log(1.35))
_KICK_STEP = 0.25
_NO_GRID = np.empty(0)


class Flown(msgspec.Struct, frozen=True):
    """A flight of a class to a published range and apogee; times since launch."""

    class_id: str
    payload_kg: float
    range_m: float
    apogee_m: float
    flight_s: float
    burn_s: float
    burnout_speed_mps: float
    time_s: F8
    ground_m: F8
    height_m: F8

    def time_at_ground_s(self, ground_m: float) -> float:
        """Return when the body passes a ground distance from the launch point, s."""
        return float(np.interp(ground_m, self.ground_m, self.time_s))

    def time_down_s(self, height_m: float) -> float:
        """Return when the body passes a height on the way down, s; nan when it never is so high."""
        top = int(np.argmax(self.height_m))
        if self.height_m[top] < height_m:
            return float("nan")
        return float(np.interp(-height_m, -self.height_m[top:], self.time_s[top:]))


class Unflyable(Exception):  # noqa: N818  # an answer: callers say it in their own words
    """No payload makes the class fly this; the text says why."""


def vehicle_of_entry(threat: ThreatEntry) -> Vehicle:
    """Return what a catalogue class flies as, every value at its middle."""
    return Vehicle(
        stages=tuple(
            (
                s.thrust_n.mid,
                s.isp_s.mid * G0_MPS2,
                s.dry_mass_kg.mid,
                s.propellant_mass_kg.mid,
                s.drag_coefficient.mid * 0.25 * pi * s.diameter_m.mid**2,
            )
            for s in threat.stages
        ),
        payload_kg=threat.payload_mass_kg.mid,
        beta_kg_m2=threat.ballistic_coefficient_kg_m2.mid,
    )


class _Launcher:
    """A class on its launcher: shoots with a payload, a kick and an azimuth."""

    def __init__(self, threat: ThreatEntry, launch: tuple[float, float], bearing_rad: float) -> None:
        vehicle = vehicle_of_entry(threat)
        self.class_id = threat.id
        self.stages = vehicle.stage_array()
        self.beta = vehicle.beta_kg_m2
        self.lat, self.lon = launch
        self.bearing_rad = bearing_rad

    def fly(self, payload_kg: float, kick_rad: float, azimuth_rad: float, grid_s: F8) -> tuple[F8, F8, F8, F8, int]:
        """Return samples (k, 6), burnout state (6,), events (6,), impact (3,) and the status of one flight."""
        steering = np.array([azimuth_rad, kick_rad, RISE_S, KICK_DURATION_S, inf, 0.0])
        samples, _, burnout, events, impact, status = fly(
            self.lat,
            self.lon,
            0.0,
            self.stages,
            payload_kg,
            self.beta,
            steering,
            True,  # noqa: FBT003  # a kernel takes its arguments by place
            grid_s,
        )
        return samples, burnout, events, impact, int(status)

    def shoot(self, payload_kg: float, kick_rad: float, azimuth_rad: float) -> tuple[float, float, float]:
        """Return (along, right, apogee) m; along is inf for a flight that stays up, and 0 for one that falls early."""
        _, _, events, impact, status = self.fly(payload_kg, kick_rad, azimuth_rad, _NO_GRID)
        if status != OK:
            return (inf if status == NO_IMPACT else 0.0), 0.0, 0.0
        lat, lon, _ = ecef_to_geodetic(impact[0], impact[1], impact[2])
        distance, bearing, _, _ = geodesic_inverse(self.lat, self.lon, lat, lon)
        turn = bearing - self.bearing_rad
        return distance * cos(turn), distance * sin(turn), float(events[2])

    def kick_for(self, payload_kg: float, azimuth_rad: float, slope: float) -> float:
        """Return the kick whose apogee is `slope` times its range: flatter by steps until it is less, then bisection.

        From the steep side, because far too flat a kick carries a fast vehicle round the Earth or into orbit, and a
        slow one into the ground.
        """
        steep, flat = _LOG_KICKS[0], _LOG_KICKS[0]
        while flat < _LOG_KICKS[1] and self._is_steeper(payload_kg, flat, azimuth_rad, slope):
            steep, flat = flat, flat + _KICK_STEP
        for _ in range(20):
            middle = 0.5 * (steep + flat)
            if self._is_steeper(payload_kg, middle, azimuth_rad, slope):
                steep = middle
            else:
                flat = middle
        return exp(0.5 * (steep + flat))

    def _is_steeper(self, payload_kg: float, log_kick: float, azimuth_rad: float, slope: float) -> bool:
        along, _, apogee = self.shoot(payload_kg, exp(log_kick), azimuth_rad)
        return apogee > slope * along


def fly_published(
    threat: ThreatEntry,
    range_m: float,
    apogee_m: float,
    launch: tuple[float, float] = DEFAULT_LAUNCH_RAD,
    bearing_rad: float = 0.0,
    *,
    step_s: float = 2.0,
) -> Flown:
    """Return the flight of a class that lands at a range along a bearing with a given apogee.

    Parameters
    ----------
    threat : ThreatEntry
        The class; its payload is solved, everything else stands at its middle value.
    range_m, apogee_m : float
        Ground range on WGS-84 and apogee over it, metres.
    launch : tuple[float, float]
        Latitude and longitude, rad, height 0.
    bearing_rad : float
        From north over east.

    Raises
    ------
    Unflyable
        Even without payload the class falls short, or its heaviest flight goes farther.
    """
    launcher = _Launcher(threat, launch, bearing_rad)
    aim = aim_at(launch, bearing_rad, range_m)
    azimuth = turning_azimuth_rad(*launch, *aim, turning_arc(*launch, *aim, apogee_m))
    payload, kick = _solve_payload(launcher, threat, azimuth, range_m, apogee_m)
    found = _polish(launcher, np.array([log(payload), log(kick), azimuth]), range_m, apogee_m)
    return _flown(launcher, threat, found, range_m, step_s)


def _solve_payload(
    launcher: _Launcher, threat: ThreatEntry, azimuth: float, range_m: float, apogee_m: float
) -> tuple[float, float]:
    """Return payload and kick whose flight has the wanted range and apogee, to a part in a thousand."""
    slope = apogee_m / range_m

    def along(payload: float) -> tuple[float, float]:
        kick = launcher.kick_for(payload, azimuth, slope)
        return launcher.shoot(payload, kick, azimuth)[0], kick

    nominal = threat.payload_mass_kg.mid
    heavy = log(2.0 * nominal)
    while along(exp(heavy))[0] >= range_m:
        heavy += log(2.0)
        if heavy > log(64.0 * nominal):
            raise Unflyable(f"class {threat.id} goes farther than {range_m / 1e3:.0f} km with any payload")
    light = heavy  # lighter by steps: a far too light one goes round the Earth and comes down anywhere
    distance = 0.0
    while distance < range_m:
        heavy, light = light, light - 0.3
        distance, kick = along(exp(light))
        if light < log(1e-3 * nominal) and distance < range_m:
            raise Unflyable(f"class {threat.id} without payload reaches {distance / 1e3:.0f} km at this slope")
    for _ in range(12):
        middle = 0.5 * (light + heavy)
        distance, found = along(exp(middle))
        if distance >= range_m:
            light, kick = middle, found
        else:
            heavy = middle
    return exp(light), kick


def _polish(launcher: _Launcher, start: F8, range_m: float, apogee_m: float) -> F8:
    """Return log payload, log kick and azimuth (3,) after Newton steps on range, side and apogee."""
    x = start.copy()
    wanted = np.array([range_m, 0.0, apogee_m])

    def miss(at: F8) -> F8:
        found: F8 = np.array(launcher.shoot(exp(at[0]), exp(at[1]), float(at[2]))) - wanted
        return found

    found = miss(x)
    for _ in range(12):
        if float(np.abs(found).max()) < 0.2 * RANGE_TOLERANCE_M:
            break
        columns = []
        for i, size in enumerate((1e-4, 1e-4, 1e-5)):
            moved = x.copy()
            moved[i] += size
            columns.append((miss(moved) - found) / size)
        slope = np.stack(columns, axis=1)
        if not np.isfinite(slope).all() or abs(np.linalg.det(slope)) == 0.0:
            break
        step = np.linalg.solve(slope, -found)
        x = x + step * min(1.0, 0.2 / float(np.abs(step).max()))
        found = miss(x)
    miss_m = float(np.abs(found).max())
    if not miss_m <= RANGE_TOLERANCE_M:
        raise Unflyable(
            f"class {launcher.class_id} finds no payload for this flight; it misses by {miss_m / 1e3:.1f} km"
        )
    return x


def _flown(launcher: _Launcher, threat: ThreatEntry, found: F8, range_m: float, step_s: float) -> Flown:
    """Return the record of a solved flight, with its ground distance and height every `step_s`."""
    payload, kick, azimuth = exp(found[0]), exp(found[1]), float(found[2])
    _, _, events, _, _ = launcher.fly(payload, kick, azimuth, _NO_GRID)
    grid = np.arange(0.0, float(events[3]), step_s)
    samples, burnout, events, _, _ = launcher.fly(payload, kick, azimuth, grid)
    ground, height = [], []
    for x, y, z in samples[:, :3].tolist():
        lat, lon, up = ecef_to_geodetic(x, y, z)
        ground.append(float(geodesic_inverse(launcher.lat, launcher.lon, lat, lon)[0]))
        height.append(float(up))
    return Flown(
        threat.id,
        payload,
        range_m,
        float(events[2]),
        float(events[3]),
        float(events[0]),
        float(np.linalg.norm(burnout[3:])),
        np.append(grid, float(events[3])),
        np.append(ground, range_m),
        np.append(height, 0.0),
    )


def greatest_range_m(
    threat: ThreatEntry,
    payload_kg: float | None = None,
    launch: tuple[float, float] = DEFAULT_LAUNCH_RAD,
    bearings_rad: tuple[float, ...] = (0.0, 0.5 * pi, pi, 1.5 * pi),
) -> float:
    """Return the greatest range of a class with a payload (None: its own), mean over launch directions, m.

    Published ranges name no direction; the mean over the compass takes the Earth's rotation out to first order.
    """
    payload = threat.payload_mass_kg.mid if payload_kg is None else payload_kg
    total = 0.0
    for bearing in bearings_rad:
        launcher = _Launcher(threat, launch, bearing)

        def reach(log_kick: float, launcher: _Launcher = launcher, bearing: float = bearing) -> float:
            along, right, _ = launcher.shoot(payload, exp(log_kick), bearing)
            return float(np.hypot(along, right)) if along < inf else 0.0

        kicks = np.linspace(log(0.002), log(1.0), 50)
        best = int(np.argmax([reach(float(k)) for k in kicks]))
        low, high = float(kicks[max(best - 1, 0)]), float(kicks[min(best + 1, kicks.size - 1)])
        for _ in range(20):
            a, b = low + (high - low) / 3.0, high - (high - low) / 3.0
            low, high = (a, high) if reach(a) < reach(b) else (low, b)
        total += reach(0.5 * (low + high))
    return total / len(bearings_rad)


def aim_at(launch: tuple[float, float], bearing_rad: float, range_m: float) -> tuple[float, float]:
    """Return latitude and longitude (rad) at a range along a bearing on WGS-84."""
    lat, lon, _ = geodesic_direct(launch[0], launch[1], bearing_rad, range_m)
    return lat, lon
