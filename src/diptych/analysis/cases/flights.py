"""Cases answered by flying a catalogue class through boost, coast and re-entry.

Range and apogee are those published; the flight time is a prediction (`analysis.flown`). Which class flies: the one
whose class range is nearest to the greatest range of the published arc's energy; named vehicles fly as what is known of
their propulsion, and a case may name a class itself.
"""

from math import inf, log

from diptych.analysis import arcs
from diptych.analysis.cases.given import Given, Impossible, NotRun
from diptych.analysis.cases.method import Context, Method, Span, Values
from diptych.analysis.flown import (
    DEFAULT_LAUNCH_RAD,
    Flown,
    Unflyable,
    aim_at,
    fly_published,
    greatest_range_m,
)
from diptych.kernels.earth import EARTH_MEAN_RADIUS_M
from diptych.kernels.geodesic import central_angle
from diptych.kernels.kepler import max_range_for_speed, minimum_energy_arc
from diptych.kernels.status import OK
from diptych.model.catalogue import MISSILES, Catalogue, ThreatEntry

_RADIUS_M = EARTH_MEAN_RADIUS_M

# Solid or liquid, as the compilation of tests has it (CNS/NTI through nk-missile-tests); decides between ICBM classes.
PROPULSION = {"Hwasong-18": "solid", "Hwasong-14": "liquid", "Hwasong-15": "liquid", "Hwasong-17": "liquid"}


class _Flight:
    """What a case says of one flight: where it starts and goes, how far, how high, and what flies it."""

    def __init__(self, given: Given, context: Context, *, has_apogee: bool = True, kind: str | None = None) -> None:
        self.range_m = given.number("ground_range", "length", above=0.0)
        has_place = given.has("launch_lat", "angle")
        self.launch = (given.latitude("launch_lat"), given.longitude("launch_lon")) if has_place else DEFAULT_LAUNCH_RAD
        self.bearing_rad = given.number("bearing", "angle", default=0.0)
        self.aim = aim_at(self.launch, self.bearing_rad, self.range_m)
        apogee = given.number("apogee", "length", above=0.0) if has_apogee else None
        self.arc = arcs.turning_arc(*self.launch, *self.aim, apogee)
        self.apogee_m = self.arc.apogee_m
        vehicle = " ".join(given.words("vehicle")) if given.has("vehicle") else ""
        class_id = " ".join(given.words("class")) if given.has("class") else ""
        propulsion = next((p for name, p in PROPULSION.items() if name in vehicle), "liquid")
        if class_id:
            self.threat = _class(context.catalogue, class_id)
        else:
            at_rest = arcs.arc_by_apogee(central_angle(*self.launch, *self.aim), self.apogee_m)
            self.threat = nearest_class(context.catalogue, at_rest.speed_mps(), propulsion, kind)

    def fly(self) -> Flown:
        """Return the flight; Impossible when the class cannot fly it."""
        try:
            return fly_published(self.threat, self.range_m, self.apogee_m, self.launch, self.bearing_rad)
        except Unflyable as stop:
            raise Impossible(str(stop)) from None


def _class(catalogue: Catalogue, class_id: str) -> ThreatEntry:
    for threat in catalogue.threats:
        if threat.id == class_id:
            return threat
    raise NotRun(f"the catalogue has no class {class_id!r}")


def nearest_class(
    catalogue: Catalogue, surface_speed_mps: float, propulsion: str = "liquid", kind: str | None = None
) -> ThreatEntry:
    """Return the class whose range is nearest (as a ratio) to the greatest range of a surface speed.

    `kind` keeps to one kind of class (`mrbm`); `propulsion` decides between classes of one range.
    """
    angle, status = max_range_for_speed(surface_speed_mps, _RADIUS_M)
    reach = angle * _RADIUS_M if status == OK else inf

    def rank(threat: ThreatEntry) -> tuple[float, bool, str]:
        span = threat.max_range_m.mid
        off = abs(log(span / reach)) if reach < inf else -span
        return off, propulsion not in threat.id, threat.id

    wanted = MISSILES if kind is None else (kind,)
    return min((t for t in catalogue.threats if t.kind in wanted), key=rank)


def _timed(given: Given, context: Context, kind: str | None = None) -> Values:
    """Compute flight time, arc time without boost and air, and the difference."""
    flight = _Flight(given, context, kind=kind)
    flown = flight.fly()
    arc_s = flight.arc.time_above_s()
    return {
        "flight_time_s": flown.flight_s,
        "arc_time_s": arc_s,
        "boost_delay_s": flown.flight_s - arc_s,
        "burnout_speed_m_s": flown.burnout_speed_mps,
    }


def _lofted(given: Given, context: Context) -> Values:
    return _timed(given, context)


def _mrbm(given: Given, context: Context) -> Values:
    return _timed(given, context, "mrbm")


def _icbm(given: Given, context: Context) -> Values:
    return _timed(given, context, "icbm")


def _icbm_time(given: Given, context: Context) -> Values:
    """Compute the least-energy flight of an ICBM class over a range."""
    return {"flight_time_s": _Flight(given, context, has_apogee=False, kind="icbm").fly().flight_s}


def _overflight(given: Given, context: Context) -> Values:
    flown = _Flight(given, context).fly()
    crossings = given.numbers("crossing_ground_distance", "length", above=0.0)
    return {"crossing_time_after_launch_s": [flown.time_at_ground_s(at) for at in crossings]}


def _srbm_class(given: Given, context: Context) -> Values:
    """Compute apogee of the least-energy arc and the burnout speed of the class flown so."""
    range_m = given.number("range", "length", above=0.0)
    speed, _, apogee, _ = minimum_energy_arc(range_m / _RADIUS_M, _RADIUS_M)
    threat = nearest_class(context.catalogue, speed, kind="srbm")
    try:
        flown = fly_published(threat, range_m, apogee)
    except Unflyable as stop:
        raise Impossible(str(stop)) from None
    return {"apogee_m": apogee, "speed_m_s": flown.burnout_speed_mps, "flight_time_s": flown.flight_s}


def least_energy_flight(catalogue: Catalogue, range_m: float, class_id: str | None = None) -> tuple[Flown, float]:
    """Return the least-energy flight over a range from the default launch point, and the time of its arc alone (s)."""
    aim = aim_at(DEFAULT_LAUNCH_RAD, 0.0, range_m)
    arc = arcs.turning_arc(*DEFAULT_LAUNCH_RAD, *aim)
    speed, _, _, _ = minimum_energy_arc(range_m / _RADIUS_M, _RADIUS_M)
    threat = _class(catalogue, class_id) if class_id else nearest_class(catalogue, speed)
    try:
        return fly_published(threat, range_m, arc.apogee_m), arc.time_above_s()
    except Unflyable as stop:
        raise Impossible(str(stop)) from None


def _class_times(given: Given, context: Context) -> Values:
    """Compute the flight times at both ends of each class of ranges; an open end goes to the catalogue's longest."""
    longest = max(t.max_range_m.mid for t in context.catalogue.threats)
    values: Values = {}
    for name in ("SRBM", "MRBM", "IRBM", "ICBM"):
        if not given.has(name, "length"):
            continue
        ends = given.numbers(name, "length", above=0.0)
        ends = [*ends, longest] if len(ends) == 1 else ends
        times = [least_energy_flight(context.catalogue, range_m)[0].flight_s for range_m in ends]
        values[f"{name}_s"] = Span(min(times), max(times))
    return values


# class of the case -> class of the catalogue
_DELAYED = {
    "ICBM_liquid": ("icbm-10000-liquid",),
    "ICBM_solid": ("icbm-10000-solid",),
    "IRBM": ("irbm-4500",),
    "SRBM": ("srbm-300", "srbm-600"),
}


def _boost_delay(given: Given, context: Context) -> Values:
    """Compute flown time minus arc time of the same range and apogee, each class at its class range."""
    values: Values = {}
    for name, ids in _DELAYED.items():
        delays = []
        for class_id in ids:
            flown, arc_s = least_energy_flight(
                context.catalogue, _class(context.catalogue, class_id).max_range_m.mid, class_id
            )
            delays.append(flown.flight_s - arc_s)
        values[f"{name}_s"] = Span(min(delays), max(delays)) if len(delays) > 1 else delays[0]
    return values


def _powered_phase(given: Given, context: Context) -> Values:
    """Compute what boost and air add to a flight of stated range and apogee, and to the greatest range behind it."""
    flight = _Flight(given, context, has_apogee=given.has("apogee", "length"))
    flown = flight.fly()
    arc_s = flight.arc.time_above_s()
    at_rest = arcs.arc_by_apogee(central_angle(*flight.launch, *flight.aim), flight.apogee_m)
    angle, status = max_range_for_speed(at_rest.speed_mps(), _RADIUS_M)
    reach = greatest_range_m(flight.threat, flown.payload_kg)
    impulsive = angle * _RADIUS_M if status == OK else inf
    return {
        "flight_time_s": flown.flight_s,
        "arc_time_s": arc_s,
        "boost_delay_s": flown.flight_s - arc_s,
        "burnout_speed_m_s": flown.burnout_speed_mps,
        "surface_speed_m_s": at_rest.speed_mps(),
        "max_range_m": reach,
        "impulsive_max_range_m": impulsive,
        "range_shortfall": 1.0 - impulsive / reach,
    }


_PLACE = ("[launch_lat_deg, launch_lon_deg]", "[bearing_deg]", "[class]", "[vehicle]")
_TIMED = ("flight_time_s", "arc_time_s", "boost_delay_s", "burnout_speed_km_s")

METHODS: tuple[Method, ...] = (
    Method(
        kind="lofted_or_standard_flight",
        about="flight time of the class nearest in energy, flown to a published range and apogee",
        compute=_lofted,
        takes=("ground_range_km", "apogee_km", *_PLACE),
        gives=_TIMED,
    ),
    Method(
        kind="short_range_flight",
        about="the same, by name",
        compute=_lofted,
        takes=("ground_range_km", "apogee_km", *_PLACE),
        gives=_TIMED,
    ),
    Method(
        kind="mrbm_flight",
        about="the same, with a medium-range class",
        compute=_mrbm,
        takes=("ground_range_km", "apogee_km", *_PLACE),
        gives=_TIMED,
    ),
    Method(
        kind="icbm_flight",
        about="the same, with an intercontinental class",
        compute=_icbm,
        takes=("ground_range_km", "apogee_km", *_PLACE),
        gives=_TIMED,
    ),
    Method(
        kind="icbm_flight_time",
        about="flight time of an intercontinental class over a range at least energy",
        compute=_icbm_time,
        takes=("ground_range_km", *_PLACE),
        gives=("flight_time_s",),
    ),
    Method(
        kind="overflight_timing",
        about="when a flight passes given ground distances",
        compute=_overflight,
        takes=("ground_range_km", "apogee_km", "crossing_ground_distance_km", *_PLACE),
        gives=("crossing_time_after_launch_s",),
    ),
    Method(
        kind="srbm_class",
        about="least-energy apogee, and burnout speed of a short-range class flown to a range",
        compute=_srbm_class,
        takes=("range_km",),
        gives=("apogee_km", "speed_km_s", "flight_time_s"),
    ),
    Method(
        kind="class_flight_times",
        about="flight times from the shortest to the longest range of each class, at least energy",
        compute=_class_times,
        takes=("[SRBM_km]", "[MRBM_km]", "[IRBM_km]", "[ICBM_km]"),
        gives=("SRBM_min", "MRBM_min", "IRBM_min", "ICBM_min"),
    ),
    Method(
        kind="boost_delay",
        about="flown time minus the time of an arc of the same range and apogee, class by class at the class range",
        compute=_boost_delay,
        takes=("[definition]",),
        words=("definition",),
        gives=("ICBM_liquid_s", "ICBM_solid_s", "IRBM_s", "SRBM_s"),
    ),
    Method(
        kind="powered_phase_effect",
        about="what boost and air add to flight time, speed and greatest range; least energy where no apogee is stated",
        compute=_powered_phase,
        takes=("ground_range_km", "[apogee_km]", *_PLACE),
        gives=(*_TIMED, "surface_speed_km_s", "max_range_km", "impulsive_max_range_km", "range_shortfall"),
    ),
)
