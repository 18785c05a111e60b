"""Cases answered by ballistic arcs in closed form: old flights, range equivalents, classes at large, rotation.

The speed of an arc is that at the surface of a sphere; a real missile reaches a somewhat lower one higher up, which the
cases' tolerances allow for. Flights with boost and air are in `flights`.
"""

from math import cos, pi, radians, sqrt

from diptych.analysis import arcs
from diptych.analysis.cases.given import Given, Impossible
from diptych.analysis.cases.method import Context, Method, Span, Values
from diptych.kernels import kepler
from diptych.kernels.earth import EARTH_MEAN_RADIUS_M, MU_M3_S2, OMEGA_RAD_S
from diptych.kernels.geodesic import geodesic_inverse, initial_bearing
from diptych.kernels.status import OK

_RADIUS_M = EARTH_MEAN_RADIUS_M
CANAVERAL_LAT_RAD = radians(28.5)  # launch of Mercury-Redstone 3
REDSTONE_BURNOUT_M = 60e3  # altitude at which its greatest speed is taken, as the case's reference calculation does
WEIGHTLESS_ABOVE_M = 80e3  # below, drag is felt; as the case's reference calculation does
ICBM_RANGES_M = (5.5e6, 10.0e6)  # from the treaty definition of an ICBM to the catalogue's class range


def _arc(given: Given, apogee: str = "apogee") -> arcs.Arc:
    return arcs.arc_by_apogee(
        given.number("ground_range", "length", above=0.0) / _RADIUS_M, given.number(apogee, "length", above=0.0)
    )


def _two_arcs(given: Given, context: Context) -> Values:
    """Compute both flight-path angles that reach a ground range at a launch speed, and their arcs."""
    radius = given.number("R", "length", above=0.0, default=_RADIUS_M)
    mu = given.number("mu", "gravity parameter", above=0.0, default=MU_M3_S2)
    speed = given.number("launch_speed", "speed", above=0.0)
    try:
        climbs = arcs.arcs_by_range(speed, given.number("ground_range", "length", above=0.0) / radius, radius, mu)
    except ValueError as error:
        raise Impossible(str(error)) from None
    low, high = (arcs.arc_by_speed(speed, climb, radius, mu) for climb in climbs)
    return {
        "gamma_rad": list(climbs),
        "gamma_low_rad": climbs[0],
        "gamma_high_rad": climbs[1],
        "apogee_m": [low.apogee_m, high.apogee_m],
        "apogee_low_m": low.apogee_m,
        "apogee_high_m": high.apogee_m,
        "time_s": [low.time_above_s(), high.time_above_s()],
        "time_low_s": low.time_above_s(),
        "time_high_s": high.time_above_s(),
    }


def _against_minimum_energy(given: Given, context: Context) -> Values:
    """Compute how a published apogee stands to that of the least-energy arc over the same ground."""
    arc = _arc(given)
    angle = given.number("ground_range", "length", above=0.0) / _RADIUS_M
    speed, _, apogee, time = kepler.minimum_energy_arc(angle, _RADIUS_M)
    return {
        "minimum_energy_apogee_m": apogee,
        "apogee_ratio": arc.apogee_m / apogee,
        "minimum_energy_speed_m_s": speed,
        "speed_m_s": arc.speed_mps(),
        "minimum_energy_time_s": time,
        "time_s": arc.time_above_s(),
        "is_lofted": bool(arc.apogee_m > apogee),
    }


def _lofted_to_maximum_range(given: Given, context: Context) -> Values:
    """Compute the greatest range at the speed that the published flight had, both as impulsive arcs."""
    angle, status = kepler.max_range_for_speed(_arc(given).speed_mps(), _RADIUS_M)
    return {"max_range_m": angle * _RADIUS_M if status == OK else pi * _RADIUS_M}


def _rotation_gain(given: Given, context: Context) -> Values:
    """Compute the greatest range toward a target at the speed that has the stated range without rotation."""
    lat, lon = given.latitude("launch_lat"), given.longitude("launch_lon")
    aim = given.latitude("target_lat"), given.longitude("target_lon")
    at_rest = given.number("nonrotating_max_range", "length", above=0.0)
    # Q = 2 s / (1 + s), s = sin(angle / 2), is the least-energy speed of that range
    speed, _, _, _ = kepler.minimum_energy_arc(at_rest / _RADIUS_M, _RADIUS_M)
    landing = arcs.greatest_range_toward(lat, initial_bearing(lat, lon, *aim), speed)
    distance, _, _, _ = geodesic_inverse(lat, lon, *aim)
    return {"distance_m": distance, "max_range_toward_target_m": landing.angle_rad * _RADIUS_M}


def _suborbital(given: Given, context: Context) -> Values:
    """Compute the time above the air and the space-fixed speed at burnout of a flight due east."""
    arc = _arc(given)
    height = given.number("burnout_alt", "length", least=0.0, default=REDSTONE_BURNOUT_M)
    lat = given.number("launch_lat", "angle", default=CANAVERAL_LAT_RAD)
    above = given.number("weightless_above", "length", least=0.0, default=WEIGHTLESS_ABOVE_M)
    if height >= arc.apogee_m:
        raise Impossible(f"the apogee of {arc.apogee_m / 1e3:.1f} km is below the burnout altitude")
    speed, climb = arc.speed_mps(height), arc.climb_rad(height)
    level = speed * cos(climb) + OMEGA_RAD_S * (_RADIUS_M + height) * cos(lat)
    up_square = speed**2 - (speed * cos(climb)) ** 2
    return {"weightless_s": arc.time_above_s(above), "max_speed_m_s": sqrt(level**2 + up_square)}


def _irbm_speed(given: Given, context: Context) -> Values:
    """Compute the surface speed of the arc; the height is `apogee` or, of a specification, `ceiling`."""
    name = "ceiling" if given.has("ceiling", "length") else "apogee"
    return {"max_speed_m_s": _arc(given, name).speed_mps()}


def _icbm_class(given: Given, context: Context) -> Values:
    """Compute the least-energy arc of a stated range, or what the whole class spans."""
    if given.has("range", "length"):
        angle = given.number("range", "length", above=0.0) / _RADIUS_M
        speed, _, apogee, time = kepler.minimum_energy_arc(angle, _RADIUS_M)
        return {"speed_m_s": speed, "ceiling_m": apogee, "coast_s": time}
    given.word("class", ("ICBM",))
    ends = [kepler.minimum_energy_arc(range_m / _RADIUS_M, _RADIUS_M) for range_m in ICBM_RANGES_M]
    (slow, _, low, short), (fast, _, high, long) = ends
    return {
        "burnout_speed_m_s": Span(slow, fast, is_bracket=False),
        "apogee_m": Span(low, high, is_bracket=False),
        "coast_s": Span(short, long, is_bracket=False),
    }


METHODS: tuple[Method, ...] = (
    Method(
        kind="two_ballistic_arcs",
        about="low and high arc for a launch speed and a ground range over a sphere at rest (lists are [low, high])",
        compute=_two_arcs,
        takes=("launch_speed_km_s", "ground_range_km", "[R_km]", "[mu_km3_s2]"),
        gives=(
            "gamma_deg",
            "apogee_km",
            "time_s",
            "gamma_low_deg",
            "gamma_high_deg",
            "apogee_low_km",
            "apogee_high_km",
            "time_low_s",
            "time_high_s",
        ),
    ),
    Method(
        kind="apogee_vs_minimum_energy",
        about="a published apogee against that of the least-energy arc over the same ground",
        compute=_against_minimum_energy,
        takes=("ground_range_km", "apogee_km"),
        words=("vehicle",),
        gives=(
            "minimum_energy_apogee_km",
            "apogee_ratio",
            "minimum_energy_speed_km_s",
            "speed_km_s",
            "minimum_energy_time_s",
            "time_s",
            "is_lofted",
        ),
    ),
    Method(
        kind="lofted_to_maximum_range",
        about="greatest range at the surface speed of a lofted flight, impulsive and without rotation",
        compute=_lofted_to_maximum_range,
        takes=("ground_range_km", "apogee_km"),
        words=("vehicle",),
        gives=("max_range_km",),
    ),
    Method(
        kind="earth_rotation_range_gain",
        about="greatest range toward a target over the turning sphere, for the speed of a range without rotation",
        compute=_rotation_gain,
        takes=("launch_lat_deg", "launch_lon_deg", "target_lat_deg", "target_lon_deg", "nonrotating_max_range_km"),
        words=("target",),
        gives=("distance_km", "max_range_toward_target_km"),
    ),
    Method(
        kind="suborbital_flight",
        about="time above 80 km and space-fixed speed at 60 km of a flight due east from 28.5 N, unless said otherwise",
        compute=_suborbital,
        takes=("ground_range_km", "apogee_km", "[burnout_alt_km]", "[launch_lat_deg]", "[weightless_above_km]"),
        gives=("weightless_min", "max_speed_km_h"),
        left_out={"total_time_s": "it includes the descent under a parachute, which no ballistic model flies"},
    ),
    Method(
        kind="irbm_speed",
        about="surface speed of the arc of a range and an apogee",
        compute=_irbm_speed,
        takes=("ground_range_km", "apogee_km or ceiling_km"),
        gives=("max_speed_km_s",),
    ),
    Method(
        kind="icbm_class",
        about="least-energy arc of `range_km`, or with `class: ICBM` what ranges from 5500 to 10 000 km span",
        compute=_icbm_class,
        takes=("range_km or class",),
        gives=("speed_km_s", "ceiling_km", "coast_min", "burnout_speed_km_s", "apogee_km"),
        left_out={
            "mach": "the source does not say at which height (no speed of sound to divide by), nor how exact it is"
        },
    ),
)
