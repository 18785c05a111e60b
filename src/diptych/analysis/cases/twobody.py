"""Cases of two-body motion and of minimum-energy flight over a sphere, by `kernels.kepler`."""

import numpy as np

from diptych.analysis.cases.given import Given, Impossible
from diptych.analysis.cases.method import Context, Method, Values
from diptych.kernels import kepler
from diptych.kernels.earth import EARTH_MEAN_RADIUS_M, MU_M3_S2
from diptych.kernels.status import OK

MU_VALLADO = 398600.4415e9  # the value Vallado's examples use (KEP-01, KEP-02, KEP-07 say so)


def _mu(given: Given, default: float = MU_M3_S2) -> float:
    return given.number("mu", "gravity parameter", above=0.0, default=default)


def _radius(given: Given, stem: str = "R") -> float:
    return given.number(stem, "length", above=0.0, default=EARTH_MEAN_RADIUS_M)


def _propagation(given: Given, context: Context) -> Values:
    state = np.concatenate([given.vector("r0", "length"), given.vector("v0", "speed")])
    out, status = kepler.kepler_propagate(state, given.number("dt", "time"), _mu(given, MU_VALLADO))
    if status != OK:
        raise Impossible("the orbit cannot be propagated: a fall through the centre")
    return {"r_m": out[:3], "v_m_s": out[3:]}


def _lambert(given: Given, context: Context) -> Values:
    v1, v2, status = kepler.lambert(
        given.vector("r1", "length"),
        given.vector("r2", "length"),
        given.number("tof", "time", above=0.0),
        mu=_mu(given),
    )
    if status != OK:
        raise Impossible("no transfer: the positions lie in one direction or opposite, or the time is too short")
    return {"v1_m_s": v1, "v2_m_s": v2}


def _lambert_minimum_energy(given: Given, context: Context) -> Values:
    given.word("branch", ("short way",), default="short way")
    if given.has("r2_over_RE"):
        r2 = given.vector("r2_over_RE") * given.number("RE", "length", above=0.0)
    else:
        r2 = given.vector("r2", "length")
    a_min, v1, status = kepler.lambert_minimum_energy(given.vector("r1", "length"), r2, _mu(given, MU_VALLADO))
    if status != OK:
        raise Impossible("no transfer: the positions lie in one direction or opposite")
    return {"a_min_m": a_min, "v1_m_s": v1}


def _elements(given: Given, context: Context) -> Values:
    state = np.concatenate([given.vector("r", "length"), given.vector("v", "speed")])
    a, ecc, inclination, node, perigee, anomaly = (
        float(x) for x in kepler.rv_to_elements(state, _mu(given, MU_VALLADO))
    )
    return {
        "a_m": a,
        "ecc": ecc,
        "incl_rad": inclination,
        "raan_rad": node,
        "argp_rad": perigee,
        "nu_rad": anomaly,
    }


def _max_range(given: Given, context: Context) -> Values:
    radius = _radius(given, "RE")
    speed = given.number("launch_speed", "speed", above=0.0)
    angle, status = kepler.max_range_for_speed(speed, radius, _mu(given))
    if status != OK:
        raise Impossible(f"{speed:.1f} m/s is circular speed or more: every point is reached")
    return {"max_range_m": angle * radius}


def _minimum_energy(given: Given, context: Context) -> Values:
    radius = _radius(given)
    given.number("earth_rotation", least=0.0, most=0.0, default=0.0)
    speed, gamma, apogee, time = kepler.minimum_energy_arc(
        given.number("ground_range", "length", above=0.0) / radius, radius, _mu(given)
    )
    return {"v_m_s": speed, "gamma_rad": gamma, "apogee_m": apogee, "time_s": time}


def _half_earth(given: Given, context: Context) -> Values:
    """Compute with mu = g R^2, which makes 180 degrees the source's sqrt(g R)."""
    radius = given.number("R", "length", above=0.0)
    mu = given.number("g", "acceleration", above=0.0) * radius**2
    speed, _, _, _ = kepler.minimum_energy_arc(given.number("central_angle", "angle", above=0.0), radius, mu)
    return {"v_m_s": speed}


def _vertical(given: Given, context: Context) -> Values:
    return {"v_m_s": kepler.vertical_speed_mps(given.number("apogee", "length", above=0.0), _radius(given))}


def _trap_vertical(given: Given, context: Context) -> Values:
    height = kepler.vertical_apogee_m(given.number("burnout_speed", "speed", above=0.0), _radius(given))
    return {"vertical_apogee_m": height, "published_claim_m": height}


def _orbit(given: Given, context: Context) -> Values:
    circular, total = kepler.circular_and_hohmann(given.number("orbit_alt", "length", above=0.0), _radius(given))
    return {"circular_speed_m_s": circular, "minimum_delta_v_m_s": total}


METHODS: tuple[Method, ...] = (
    Method(
        kind="kepler_propagation",
        about="a two-body state some time later; mu of Vallado's examples unless `mu_km3_s2`",
        compute=_propagation,
        takes=("r0_km", "v0_km_s", "dt_s", "[mu_km3_s2]"),
        gives=("r_km", "v_km_s"),
    ),
    Method(
        kind="lambert",
        about="velocities of the short-way transfer in a given time",
        compute=_lambert,
        takes=("r1_km", "r2_km", "tof_s", "[mu_km3_s2]"),
        gives=("v1_km_s", "v2_km_s"),
    ),
    Method(
        kind="lambert_minimum_energy",
        about="least semi-major axis between two positions and its departure velocity",
        compute=_lambert_minimum_energy,
        takes=("r1_km", "r2_km or r2_over_RE with RE_km", "[branch]", "[mu_km3_s2]"),
        gives=("a_min_km", "v1_km_s"),
    ),
    Method(
        kind="rv_to_elements",
        about="orbital elements of a state",
        compute=_elements,
        takes=("r_km", "v_km_s", "[mu_km3_s2]"),
        gives=("a_km", "ecc", "incl_rad", "raan_rad", "argp_rad", "nu_rad"),
    ),
    Method(
        kind="max_range_for_speed",
        about="greatest range over a sphere for a launch speed",
        compute=_max_range,
        takes=("launch_speed_km_s", "[RE_km]", "[mu_km3_s2]"),
        gives=("max_range_km",),
    ),
    Method(
        kind="minimum_energy_surface_to_surface",
        about="the least-speed arc between two points of a sphere at rest",
        compute=_minimum_energy,
        takes=("ground_range_km", "[R_km]", "[mu_km3_s2]", "[earth_rotation]"),
        gives=("v_km_s", "gamma_deg", "apogee_km", "time_s"),
    ),
    Method(
        kind="minimum_energy_half_earth",
        about="the least speed over a central angle, gravity given at the surface",
        compute=_half_earth,
        takes=("central_angle_deg", "R_mi", "g_mi_s2"),
        gives=("v_km_s",),
    ),
    Method(
        kind="vertical_energy",
        about="speed at the surface for a height straight up",
        compute=_vertical,
        takes=("apogee_km", "[R_km]"),
        gives=("v_km_s",),
    ),
    Method(
        kind="trap_vertical_apogee",
        about="height straight up for a speed, beside a published one that contradicts it",
        compute=_trap_vertical,
        takes=("burnout_speed_km_s", "[R_km]"),
        gives=("vertical_apogee_km", "published_claim_km"),
    ),
    Method(
        kind="orbit_delta_v",
        about="circular speed and ideal two-burn speed from a resting, airless surface",
        compute=_orbit,
        takes=("orbit_alt_km", "[R_km]"),
        words=("launch",),
        gives=("circular_speed_km_s", "minimum_delta_v_km_s"),
    ),
)
