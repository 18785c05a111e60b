"""Cases of interceptor reach, of test timelines and of published conclusions about systems.

The conclusions are judged by the reference engagement model (`analysis.reach_model`), which is thin on purpose: it asks
whether kinematics alone allow what was said.
"""

from math import nan

from diptych.analysis import arcs, reach_model
from diptych.analysis.cases.earth import place_in
from diptych.analysis.cases.given import Given, Impossible, NotRun
from diptych.analysis.cases.method import Context, Copied, Method, Span, Values
from diptych.analysis.flown import DEFAULT_LAUNCH_RAD, Unflyable, aim_at, fly_published
from diptych.kernels import kepler
from diptych.kernels.earth import EARTH_MEAN_RADIUS_M
from diptych.kernels.status import OK
from diptych.truth.flight import APOGEE_RATIO

Place = tuple[float, float]


def _envelope(given: Given, context: Context) -> Values:
    speed = given.number("impulsive_surface_speed", "speed", above=0.0)
    angle, status = kepler.max_range_for_speed(speed, EARTH_MEAN_RADIUS_M)
    if status != OK:
        raise Impossible(f"{speed:.0f} m/s is circular speed or more: no greatest range")
    return {
        "vertical_apogee_m": kepler.vertical_apogee_m(speed, EARTH_MEAN_RADIUS_M),
        "max_surface_range_m": angle * EARTH_MEAN_RADIUS_M,
    }


def _orbit_speed(given: Given, context: Context) -> Values:
    altitude = given.number("intercept_altitude", "length", above=0.0)
    circular, _ = kepler.circular_and_hohmann(altitude, EARTH_MEAN_RADIUS_M)
    apogee = kepler.vertical_apogee_m(3000.0, EARTH_MEAN_RADIUS_M)
    return {"satellite_speed_m_s": circular, "within_reach_of_3_km_s": bool(apogee >= altitude)}


def _timeline(given: Given, context: Context) -> Values:
    """Compute when a target over the stated ground falls through the published altitude of intercept.

    The shape of its trajectory is not stated, so the answer is what shapes from least energy to the lofted one of this
    program span. Published altitude and interceptor flight time are taken as given; the launch of the interceptor is
    compared. Of tests that state no ground only the record is looked up.
    """
    if not given.has("separation", "length"):
        if "record_attempts" in given.expected:
            return _record(given, context)
        raise NotRun("the case states neither range nor apogee nor place: nothing to compute a timeline from")
    published = {}
    for key in ("intercept_altitude_km", "intercept_after_interceptor_launch_min"):
        value = given.expected.get(key)
        if not isinstance(value, (int, float)):
            raise given.fail(("expected", key), f"expected a number, found {value!r}")
        published[key] = float(value)
    range_m = given.number("separation", "length", above=0.0)
    (threat,) = (t for t in context.catalogue.threats if t.id == "icbm-10000-solid")
    least = arcs.turning_arc(*DEFAULT_LAUNCH_RAD, *aim_at(DEFAULT_LAUNCH_RAD, 0.0, range_m)).apogee_m
    times = []
    for ratio in (1.0, APOGEE_RATIO["lofted"]):
        try:
            flown = fly_published(threat, range_m, ratio * least)
        except Unflyable as stop:
            raise Impossible(str(stop)) from None
        times.append(flown.time_down_s(published["intercept_altitude_km"] * 1e3))
    flight_s = published["intercept_after_interceptor_launch_min"] * 60.0
    return {"interceptor_launch_after_target_s": Span(times[0] - flight_s, times[1] - flight_s, is_bracket=False)}


def _record(given: Given, context: Context) -> Values:
    """Return the catalogue's test record with as many attempts, which is a copy."""
    attempts = given.expected["record_attempts"]
    for interceptor in context.catalogue.interceptors:
        for record in interceptor.records:
            if record.attempts == attempts:
                return {
                    "record_successes": Copied(float(record.successes)),
                    "record_attempts": Copied(float(record.attempts)),
                }
    raise NotRun(f"the catalogue holds no record of {attempts} tests")


def _shooters(given: Given, sites: dict[str, Place]) -> list[reach_model.Shooter]:
    dead, floor = given.number("dead_time", "time", least=0.0), given.number("min_intercept_alt", "length", least=0.0)
    speeds = given.numbers("interceptor_speed", "speed", above=0.0)
    return [reach_model.Shooter(site, speed, dead, floor) for site in sites.values() for speed in speeds]


def _sites(given: Given) -> dict[str, Place]:
    return given.points("sites_deg") if given.has("sites", "angle") else {"site": given.point("site_deg")}


def _system_reach(given: Given, context: Context) -> Values:
    """Compute whether any geometry (launch point, target, site) has a window at any speed and launch time."""
    boost = reach_model.BoostPoint(
        given.number("burnout", "time", above=0.0),
        given.number("burnout_alt", "length", above=0.0),
        given.number("burnout_downrange", "length", above=0.0),
    )
    aims = given.points("targets_deg" if given.has("targets", "angle") else "target_deg")
    starts = given.points("icbm_launch_points_deg")
    sites = _sites(given)
    delays = given.numbers("launch_rel_burnout", "time")
    longest = given.allowance("max_window_s_per_geometry", 0.0)
    allowed = given.allowance("allow_nonzero_cases", 0.0)
    by_site = {name: _shooters(given, {name: site}) for name, site in sites.items()}
    found = cases = 0
    for start in starts.values():
        for aim in aims.values():
            target = reach_model.target_flight(start, aim, boost)
            for shooters in by_site.values():
                window = max(reach_model.window_s(target, s, d) for s in shooters for d in delays)
                cases += 1
                found += window > longest
    return {"any_window": bool(found > allowed), "cases": cases}


def _defended_area(given: Given, context: Context) -> Values:
    """Compute which places have a window against the regional class that each launch point needs for them."""
    sites = _sites(given)
    shooters = _shooters(given, sites)
    delays = given.numbers("launch_rel_burnout", "time")
    if given.has("cities", "angle"):
        return _all_covered(given, shooters, delays)
    starts = [place_in(name, context)[1] for name in given.words("launch_points")]
    marginal = given.allowance("marginal_window_s")
    values: Values = {}
    for key, is_poor in (("uncovered_or_marginal", True), ("well_covered", False)):
        held = []
        for name in given.asked(key):
            aim = place_in(name, context)[1]
            # a place is covered when every launch point leaves it a window at every launch time
            worst = min(_window(start, aim, shooters, delay) for start in starts for delay in delays)
            if (worst < marginal) == is_poor:
                held.append(name)
        values[key] = list(held)
    return values


def _all_covered(given: Given, shooters: list[reach_model.Shooter], delays: list[float]) -> Values:
    starts, cities = given.points("launch_points_deg"), given.points("cities_deg")
    missing = sum(
        min(_window(start, aim, shooters, delay) for delay in delays) <= 0.0
        for start in starts.values()
        for aim in cities.values()
    )
    return {
        "all_cities_have_window_from_at_least_one_site": bool(missing <= given.allowance("allow_missing", 0.0)),
        "n": len(starts) * len(cities),
    }


def _window(start: Place, aim: Place, shooters: list[reach_model.Shooter], delay_s: float) -> float:
    target = reach_model.regional_target(start, aim)
    return max((reach_model.window_s(target, shooter, delay_s) for shooter in shooters), default=nan)


METHODS: tuple[Method, ...] = (
    Method(
        kind="interceptor_envelope",
        about="height straight up and range over the surface for a speed given to the interceptor at the ground",
        compute=_envelope,
        takes=("impulsive_surface_speed_km_s",),
        gives=("vertical_apogee_km", "max_surface_range_km"),
    ),
    Method(
        kind="orbit_speed_and_reach",
        about="circular speed at an altitude, and whether 3 km/s reach that high",
        compute=_orbit_speed,
        takes=("intercept_altitude_km",),
        gives=("satellite_speed_km_s", "within_reach_of_3_km_s"),
    ),
    Method(
        kind="engagement_timeline",
        about="interceptor launch that meets a target at the published altitude, least energy to lofted",
        compute=_timeline,
        takes=("separation_km",),
        words=("target", "interceptor"),
        gives=("interceptor_launch_after_target_s", "record_successes", "record_attempts"),
        left_out={
            "intercept_altitude_km": "taken as given, to ask when the target passes it",
            "intercept_after_interceptor_launch_min": "taken as given, to ask when the interceptor had to leave",
            "closing_speed_km_h": "neither the geometry of the meeting nor the interceptor's speed is stated",
            "interceptor_launch_after_target_s": "a reaction time, which follows from nothing that the case states",
        },
    ),
    Method(
        kind="system_reach",
        about="does any launch point, target and site leave a window, by the reference engagement model",
        compute=_system_reach,
        takes=(
            "icbm_launch_points_deg",
            "targets_deg or target_deg",
            "sites_deg or site_deg",
            "burnout_s",
            "burnout_alt_km",
            "burnout_downrange_km",
            "dead_time_s",
            "min_intercept_alt_km",
            "interceptor_speed_km_s",
            "launch_rel_burnout_s",
        ),
        gives=("any_window", "cases"),
    ),
    Method(
        kind="defended_area",
        about="which places have a window against regional classes, by the reference engagement model",
        compute=_defended_area,
        takes=(
            "launch_points_deg with cities_deg, or launch_points (names of the shipped list)",
            "sites_deg or site_deg",
            "dead_time_s",
            "min_intercept_alt_km",
            "interceptor_speed_km_s",
            "launch_rel_burnout_s",
        ),
        words=("boost_classes",),
        gives=(
            "all_cities_have_window_from_at_least_one_site",
            "n",
            "uncovered_or_marginal",
            "well_covered",
        ),
    ),
)
