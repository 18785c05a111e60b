"""Two bodies: propagation, Lambert, elements, and the closed forms of ballistic flight over a sphere.

Everything here ignores drag, oblateness and the Earth's rotation.  It seeds and screens; `flight.py` integrates.
Order: universal variables, Lambert, elements, minimum-energy arcs, looks from a satellite.

Sources: Vallado, Fundamentals of Astrodynamics and Applications, 4th ed. (algorithms 8, 9, 58; section 11.2); Bate,
Mueller, White, Fundamentals of Astrodynamics (1971), chapters 4 to 6.
"""

from math import acos, asin, atan2, cos, cosh, pi, sin, sinh, sqrt

import numpy as np
from numpy.typing import NDArray

from diptych.kernels.earth import MU_M3_S2
from diptych.kernels.jit import kernel
from diptych.kernels.status import BAD_INPUT, DEGENERATE, NOT_CONVERGED, OK, TOO_FAR


@kernel
def _stumpff(psi: float) -> tuple[float, float]:
    """Return the Stumpff functions c2 and c3; a series near zero where the closed forms cancel."""
    if psi > 1e-2:
        q = sqrt(psi)
        return (1.0 - cos(q)) / psi, (q - sin(q)) / (q * psi)
    if psi < -1e-2:
        q = sqrt(-psi)
        return (1.0 - cosh(q)) / psi, (sinh(q) - q) / (-q * psi)
    c2 = 0.5 - psi * (1.0 / 24.0 - psi * (1.0 / 720.0 - psi * (1.0 / 40320.0 - psi / 3628800.0)))
    c3 = 1.0 / 6.0 - psi * (1.0 / 120.0 - psi * (1.0 / 5040.0 - psi * (1.0 / 362880.0 - psi / 39916800.0)))
    return c2, c3


@kernel
def kepler_propagate(state: NDArray[np.float64], dt_s: float, mu: float = MU_M3_S2) -> tuple[NDArray[np.float64], int]:
    """Return the inertial state (6,) m, m/s after `dt_s` (of either sign) and a status.

    Universal variables with f and g functions, Newton with a halved step when it would leave the bracket; any conic.
    A radial fall through the centre is NOT_CONVERGED.
    """
    out = np.empty(6)
    r0 = sqrt(state[0] ** 2 + state[1] ** 2 + state[2] ** 2)
    v2 = state[3] ** 2 + state[4] ** 2 + state[5] ** 2
    rv = state[0] * state[3] + state[1] * state[4] + state[2] * state[5]
    if not (r0 > 0.0 and mu > 0.0):
        out[:] = np.nan
        return out, BAD_INPUT
    root = sqrt(mu)
    alpha = 2.0 / r0 - v2 / mu
    sigma0 = rv / root
    target = root * dt_s
    chi = target * abs(alpha) if abs(alpha) * r0 > 1e-6 else target / r0
    converged = False
    c2 = 0.5
    c3 = 1.0 / 6.0
    r = r0
    for _ in range(100):
        psi = chi * chi * alpha
        c2, c3 = _stumpff(psi)
        r = chi * chi * c2 + sigma0 * chi * (1.0 - psi * c3) + r0 * (1.0 - psi * c2)
        value = chi * chi * chi * c3 + sigma0 * chi * chi * c2 + r0 * chi * (1.0 - psi * c3)
        step = (target - value) / r
        limit = 2.0 * sqrt(r0) + abs(chi)
        step = max(-limit, min(limit, step))
        chi += step
        if abs(step) <= 1e-14 * (abs(chi) + sqrt(r0) * 1e-3):
            converged = True
            break
    psi = chi * chi * alpha
    c2, c3 = _stumpff(psi)
    f = 1.0 - chi * chi * c2 / r0
    g = dt_s - chi * chi * chi * c3 / root
    for i in range(3):
        out[i] = f * state[i] + g * state[3 + i]
    r = sqrt(out[0] ** 2 + out[1] ** 2 + out[2] ** 2)
    fdot = root * chi * (psi * c3 - 1.0) / (r * r0)
    gdot = 1.0 - chi * chi * c2 / r
    for i in range(3):
        out[3 + i] = fdot * state[i] + gdot * state[3 + i]
    return out, OK if converged else NOT_CONVERGED


@kernel
def lambert(
    r1_m: NDArray[np.float64], r2_m: NDArray[np.float64], tof_s: float, is_long_way: bool = False, mu: float = MU_M3_S2
) -> tuple[NDArray[np.float64], NDArray[np.float64], int]:
    """Return departure and arrival velocities (3,) m/s of the arc of less than one revolution that takes `tof_s`, and
    a status.

    Bisection in the universal variable (Vallado algorithm 58): slower than Izzo's method and never lost.  Transfer
    angles of 0 and 180 degrees have no plane: DEGENERATE.
    """
    v1 = np.full(3, np.nan)
    v2 = np.full(3, np.nan)
    n1 = sqrt(r1_m[0] ** 2 + r1_m[1] ** 2 + r1_m[2] ** 2)
    n2 = sqrt(r2_m[0] ** 2 + r2_m[1] ** 2 + r2_m[2] ** 2)
    if not (n1 > 0.0 and n2 > 0.0 and tof_s > 0.0):
        return v1, v2, BAD_INPUT
    cosine = (r1_m[0] * r2_m[0] + r1_m[1] * r2_m[1] + r1_m[2] * r2_m[2]) / (n1 * n2)
    a = sqrt(max(n1 * n2 * (1.0 + cosine), 0.0)) * (-1.0 if is_long_way else 1.0)
    if abs(a) < 1e-9 * sqrt(n1 * n2) or 1.0 - cosine < 1e-14:
        return v1, v2, DEGENERATE
    low = -4.0 * pi * pi * 16.0
    high = 4.0 * pi * pi
    psi = 0.0
    y = 0.0
    converged = False
    for _ in range(200):
        psi = 0.5 * (low + high)
        c2, c3 = _stumpff(psi)
        y = n1 + n2 + a * (psi * c3 - 1.0) / sqrt(c2)
        if y < 0.0:  # only on the short way: psi too negative
            low = psi
            continue
        chi = sqrt(y / c2)
        dt = (chi * chi * chi * c3 + a * sqrt(y)) / sqrt(mu)
        if dt <= tof_s:
            low = psi
        else:
            high = psi
        if high - low < 1e-15 * (1.0 + abs(psi)) or abs(dt - tof_s) < 1e-13 * tof_s:
            converged = abs(dt - tof_s) < 1e-6 * tof_s
            break
    if not converged:
        return v1, v2, NOT_CONVERGED
    f = 1.0 - y / n1
    g = a * sqrt(y / mu)
    gdot = 1.0 - y / n2
    for i in range(3):
        v1[i] = (r2_m[i] - f * r1_m[i]) / g
        v2[i] = (gdot * r2_m[i] - r1_m[i]) / g
    return v1, v2, OK


@kernel
def lambert_minimum_energy(
    r1_m: NDArray[np.float64], r2_m: NDArray[np.float64], mu: float = MU_M3_S2
) -> tuple[float, NDArray[np.float64], int]:
    """Return the least semi-major axis (m) joining two positions, the departure velocity (3,) m/s on the short way,
    status.

    2 a = (r1 + r2 + chord) / 2 twice over: a = s / 2 with s the semi-perimeter (Vallado algorithm 56).
    """
    v1 = np.full(3, np.nan)
    n1 = sqrt(r1_m[0] ** 2 + r1_m[1] ** 2 + r1_m[2] ** 2)
    n2 = sqrt(r2_m[0] ** 2 + r2_m[1] ** 2 + r2_m[2] ** 2)
    if not (n1 > 0.0 and n2 > 0.0):
        return np.nan, v1, BAD_INPUT
    cosine = (r1_m[0] * r2_m[0] + r1_m[1] * r2_m[1] + r1_m[2] * r2_m[2]) / (n1 * n2)
    sine = sqrt(max(1.0 - cosine * cosine, 0.0))
    chord = sqrt(max(n1 * n1 + n2 * n2 - 2.0 * n1 * n2 * cosine, 0.0))
    a_min = 0.25 * (n1 + n2 + chord)
    if sine < 1e-12:
        return a_min, v1, DEGENERATE
    p_min = n1 * n2 / chord * (1.0 - cosine)
    for i in range(3):
        v1[i] = sqrt(mu * p_min) / (n1 * n2 * sine) * (r2_m[i] - (1.0 - n2 / p_min * (1.0 - cosine)) * r1_m[i])
    return a_min, v1, OK


@kernel
def rv_to_elements(state: NDArray[np.float64], mu: float = MU_M3_S2) -> NDArray[np.float64]:
    """Return (6,): a m, eccentricity, inclination, right ascension of the node, argument of perigee, true anomaly
    (rad, 0..2 pi).

    Circular or equatorial orbits: the undefined angles come out nan (0/0), as they have no value.
    """
    r = state[:3]
    v = state[3:]
    n = sqrt(r[0] ** 2 + r[1] ** 2 + r[2] ** 2)
    v2 = v[0] ** 2 + v[1] ** 2 + v[2] ** 2
    rv = r[0] * v[0] + r[1] * v[1] + r[2] * v[2]
    hx = r[1] * v[2] - r[2] * v[1]
    hy = r[2] * v[0] - r[0] * v[2]
    hz = r[0] * v[1] - r[1] * v[0]
    h = sqrt(hx * hx + hy * hy + hz * hz)
    e = ((v2 - mu / n) * r - rv * v) / mu
    ecc = sqrt(e[0] ** 2 + e[1] ** 2 + e[2] ** 2)
    node = sqrt(hx * hx + hy * hy)
    out = np.full(6, np.nan)
    out[0] = 1.0 / (2.0 / n - v2 / mu)
    out[1] = ecc
    out[2] = acos(max(-1.0, min(1.0, hz / h)))
    if node > 1e-12 * h:
        out[3] = atan2(hx, -hy) % (2.0 * pi)
        if ecc > 1e-12:
            along = (-hy * e[0] + hx * e[1]) / node
            across = (h * e[2]) / node
            out[4] = atan2(across, along) % (2.0 * pi)
    if ecc > 1e-12:
        along = (e[0] * r[0] + e[1] * r[1] + e[2] * r[2]) / ecc
        out[5] = atan2(h * rv / mu / ecc, along) % (2.0 * pi)
    return out


@kernel
def minimum_energy_arc(angle_rad: float, radius_m: float, mu: float = MU_M3_S2) -> tuple[float, float, float, float]:
    """Return speed (m/s), flight-path angle (rad), apogee (m) and time (s) of the least-speed arc between two surface
    points.

    `angle_rad` is the angle at the Earth's centre, in (0, pi].  v^2 = (2 mu / R) s / (1 + s), s = sin(angle / 2); the
    angle of departure is (pi - angle) / 4; time by Kepler's equation.  Source: Bate, Mueller, White, section 6.2.

    Check: 1000 km over 6371.0088 km gives 3016.1 m/s, 42.752 deg, 239.94 km, 474.36 s.
    """
    half = 0.5 * angle_rad
    s = sin(half)
    speed = sqrt(2.0 * mu / radius_m * s / (1.0 + s))
    gamma = 0.25 * (pi - angle_rad)
    apogee = 0.5 * radius_m * (s + cos(half) - 1.0)
    a = 0.5 * radius_m * (1.0 + s)
    q = speed * speed * radius_m / mu
    ecc = sqrt(max(0.0, 1.0 + q * (q - 2.0) * cos(gamma) ** 2))
    if ecc < 1e-12:  # half-way round: the arc is the circle itself
        return speed, gamma, apogee, sqrt(a**3 / mu) * angle_rad
    anomaly = acos(max(-1.0, min(1.0, (1.0 - radius_m / a) / ecc)))
    time = 2.0 * sqrt(a**3 / mu) * (pi - anomaly + ecc * sin(anomaly))
    return speed, gamma, apogee, time


@kernel
def max_range_for_speed(speed_mps: float, radius_m: float, mu: float = MU_M3_S2) -> tuple[float, int]:
    """Return the greatest angle (rad) over a sphere reached from its surface at a speed, and a status (TOO_FAR: all
    of it).

    angle = 2 asin(Q / (2 - Q)), Q = v^2 R / mu (Bate, Mueller, White, eq. 6.2-14).  Check: 7200 m/s gives about 10
    047 km.
    """
    q = speed_mps * speed_mps * radius_m / mu
    if q >= 1.0:
        return pi, TOO_FAR
    return 2.0 * asin(q / (2.0 - q)), OK


@kernel
def vertical_apogee_m(speed_mps: float, radius_m: float, mu: float = MU_M3_S2) -> float:
    """Return the height (m) reached straight up from the surface; infinite at escape speed.  Check: 3 km/s gives 494
    km.
    """
    q = speed_mps * speed_mps * radius_m / (2.0 * mu)
    return radius_m * q / (1.0 - q) if q < 1.0 else np.inf


@kernel
def vertical_speed_mps(apogee_m: float, radius_m: float, mu: float = MU_M3_S2) -> float:
    """Return the speed (m/s) at the surface that reaches a height (m) straight up.  Check: 100 km needs 1390.6 m/s."""
    return sqrt(2.0 * mu * (1.0 / radius_m - 1.0 / (radius_m + apogee_m)))


@kernel
def circular_and_hohmann(altitude_m: float, radius_m: float, mu: float = MU_M3_S2) -> tuple[float, float]:
    """Return the circular speed (m/s) at an altitude and the two-burn ideal speed (m/s) from a resting, airless
    surface to it.
    """
    r = radius_m + altitude_m
    circular = sqrt(mu / r)
    a = 0.5 * (radius_m + r)
    leave = sqrt(mu * (2.0 / radius_m - 1.0 / a))
    arrive = sqrt(mu * (2.0 / r - 1.0 / a))
    return circular, leave + circular - arrive


@kernel
def satellite_look(nadir_angle_rad: float, altitude_m: float, radius_m: float) -> tuple[float, float, int]:
    """Return slant range (m) and angle at the Earth's centre (rad) where a look off nadir meets a sphere; TOO_FAR if
    it misses.

    Source: Vallado, section 11.2 (field of view of a sensor).  Check: 40 deg from 800 km over 6378.137 km: 1095.2 km.
    """
    r = radius_m + altitude_m
    sine = r / radius_m * sin(nadir_angle_rad)
    if abs(sine) > 1.0:
        return np.nan, np.nan, TOO_FAR
    slant = r * cos(nadir_angle_rad) - radius_m * sqrt(1.0 - sine * sine)
    return slant, asin(slant * sin(nadir_angle_rad) / radius_m), OK
