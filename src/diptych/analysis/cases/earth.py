"""Cases of geodesy, frames, distances and the standard atmosphere, by the kernels that runs use."""

from math import degrees

import numpy as np

from diptych.analysis.cases.given import Given, Impossible, NotRun
from diptych.analysis.cases.method import Context, Method, Values
from diptych.kernels import atmosphere, earth, geodesic, kepler
from diptych.kernels.status import OK

VALLADO_RADIUS_M = 6378136.3  # the radius of Vallado's routines, whose printed examples these kinds are for


def _constant(given: Given, context: Context) -> Values:
    given.word("ellipsoid", ("WGS-84",))
    return {"a_m": earth.WGS84_A_M, "inverse_flattening": 1.0 / earth.WGS84_F}


def _inverse(given: Given, names: tuple[str, str, str, str]) -> tuple[float, float, float]:
    lat1, lon1, lat2, lon2 = names
    distance, azimuth1, azimuth2, status = geodesic.geodesic_inverse(
        given.latitude(lat1), given.longitude(lon1), given.latitude(lat2), given.longitude(lon2)
    )
    if status != OK:
        raise Impossible("the geodesic does not settle: the points are nearly antipodal")
    return distance, azimuth1, azimuth2


def _geodesic_inverse(given: Given, context: Context) -> Values:
    distance, azimuth1, azimuth2 = _inverse(given, ("lat1", "lon1", "lat2", "lon2"))
    return {"s12_m": distance, "azi1_rad": azimuth1, "azi2_rad": azimuth2}


def _geodesic_direct(given: Given, context: Context) -> Values:
    lat2, lon2, azimuth2 = geodesic.geodesic_direct(
        given.latitude("lat1"), given.longitude("lon1"), given.number("azi1", "angle"), given.number("s12", "length")
    )
    return {"lat2_rad": lat2, "lon2_rad": lon2, "azi2_rad": azimuth2}


def _geodetic_to_ecef(given: Given, context: Context) -> Values:
    x, y, z = earth.geodetic_to_ecef(given.latitude("lat"), given.longitude("lon"), given.number("alt", "length"))
    return {"x_m": x, "y_m": y, "z_m": z}


def _looked_at(given: Given, lat: float, lon: float, alt: float) -> tuple[float, float, float]:
    az, el = given.number("az", "angle"), given.number("el", "angle")
    return earth.aer_to_ecef(az, el, given.number("range", "length", least=0.0), lat, lon, alt)


def _aer_to_ecef(given: Given, context: Context) -> Values:
    site = given.latitude("lat"), given.longitude("lon"), given.number("alt", "length")
    x, y, z = _looked_at(given, *site)
    return {"x_m": x, "y_m": y, "z_m": z}


def _aer_to_enu(given: Given, context: Context) -> Values:
    """Compute through the frames of the product: the point in ECEF, turned into the site's axes."""
    lat = given.number("lat", "angle", default=0.0)
    lon = given.number("lon", "angle", default=0.0)
    alt = given.number("alt", "length", default=0.0)
    offset = np.subtract(_looked_at(given, lat, lon, alt), earth.geodetic_to_ecef(lat, lon, alt))
    east, north, up = earth.enu_basis(lat, lon) @ offset
    long = {"east_m": float(east), "north_m": float(north), "up_m": float(up)}
    return {**long, "e_m": float(east), "n_m": float(north), "u_m": float(up)}


def _spherical_destination(given: Given, context: Context) -> Values:
    lat, lon = geodesic.spherical_destination(
        given.latitude("lat"), given.longitude("lon"), given.number("azimuth", "angle"), given.number("range", "angle")
    )
    return {"lat_rad": lat, "lon_rad": lon}


def _satellite_footprint(given: Given, context: Context) -> Values:
    """Compute the far edge of the field of view; the published routine names its ground range `rho_min` and its slant
    `rho_max`.
    """
    far = given.number("boresight_from_nadir", "angle") + 0.5 * given.number("fov_total", "angle", least=0.0)
    slant, angle, status = kepler.satellite_look(far, given.number("sat_alt", "length", above=0.0), VALLADO_RADIUS_M)
    if status != OK:
        raise Impossible(f"a look {degrees(far):.2f} degrees off nadir misses the Earth")
    return {"rho_min_m": angle * VALLADO_RADIUS_M, "rho_max_m": slant}


def _range_azimuth(given: Given, context: Context) -> Values:
    """Compute range and azimuth to where the turning Earth carries the target in the time of flight."""
    radius = given.number("R", "length", above=0.0, default=VALLADO_RADIUS_M)
    time = given.number("tof", "time", least=0.0, default=0.0)
    lat1, lon1, lat2 = given.latitude("lat1"), given.longitude("lon1"), given.latitude("lat2")
    lon2 = given.longitude("lon2") + earth.OMEGA_RAD_S * time
    angle = geodesic.central_angle(lat1, lon1, lat2, lon2)
    return {
        "range_rad": angle,
        "range_m": angle * radius,
        "azimuth_rad": geodesic.initial_bearing(lat1, lon1, lat2, lon2),
    }


def _distance(given: Given, context: Context) -> Values:
    distance, _, _ = _inverse(given, ("from_lat", "from_lon", "to_lat", "to_lon"))
    return {"distance_m": distance}


def _trap_distance(given: Given, context: Context) -> Values:
    distance, _, _ = _inverse(given, ("from_lat", "from_lon", "to_lat", "to_lon"))
    return {"geodesic_m": distance, "published_m": distance}


def _range_circle(given: Given, context: Context) -> Values:
    """Compute which of the places that the case names lie in reach; a place in the bracket stands for its country."""
    lat, lon = given.latitude("launch_lat"), given.longitude("launch_lon")
    reach, slack = given.number("range", "length", above=0.0), given.allowance("km") * 1e3
    found: dict[str, list[str]] = {}
    for side, bound in (("reached", reach + slack), ("not_reached", reach - slack)):
        found[side] = []
        for text in given.asked(side):
            _, at = place_in(text, context)
            is_within = geodesic.geodesic_inverse(lat, lon, *at)[0] <= bound
            if is_within == (side == "reached"):
                found[side].append(text)
    return {"reached": found["reached"], "not_reached": found["not_reached"]}


def place_in(text: str, context: Context) -> tuple[str, tuple[float, float]]:
    """Return the most populous listed place that a text names, and its latitude and longitude (rad).

    Raises
    ------
    NotRun
        No listed place is named.
    """
    words = text.replace("(", " ").replace(")", " ").replace(";", " ").replace(",", " ")
    spoken = f" {' '.join(words.split())} "
    cities = context.cities
    best, people = -1, -1.0
    for i, name in enumerate(cities.name):
        if cities.population[i] > people and f" {name} " in spoken:
            best, people = i, float(cities.population[i])
    if best < 0:
        raise NotRun(f"no place of the shipped list is named in {text!r}")
    return cities.name[best], (float(cities.lat_rad[best]), float(cities.lon_rad[best]))


def _standard_atmosphere(given: Given, context: Context) -> Values:
    """Compute at geometric heights, or at geopotential ones (each output then a list where the heights are)."""
    if given.has("geometric", "length"):
        heights = given.numbers("geometric", "length")
    else:
        heights = [atmosphere.geometric_m(h) for h in given.numbers("geopotential", "length")]
    rows = atmosphere.us76_many(np.array(heights))
    names = ("T_K", "p_Pa", "rho_kg_m3", "sound_m_s")
    if len(heights) == 1:
        return {name: float(rows[0, i]) for i, name in enumerate(names)}
    return {name: [float(x) for x in rows[:, i]] for i, name in enumerate(names)}


_PAIR = ("lat1_deg", "lon1_deg", "lat2_deg", "lon2_deg")
_FROM_TO = ("from_lat_deg", "from_lon_deg", "to_lat_deg", "to_lon_deg")
_LOOK = ("az_deg", "el_deg", "range_m")
_SITE = ("lat_deg", "lon_deg", "alt_m")

METHODS: tuple[Method, ...] = (
    Method(
        kind="constant",
        about="the ellipsoid in use",
        compute=_constant,
        takes=("ellipsoid",),
        gives=("a_m", "inverse_flattening"),
    ),
    Method(
        kind="geodesic_inverse",
        about="distance and azimuths between two points on WGS-84",
        compute=_geodesic_inverse,
        takes=_PAIR,
        gives=("s12_m", "azi1_deg", "azi2_deg"),
    ),
    Method(
        kind="geodesic_direct",
        about="end of a geodesic on WGS-84",
        compute=_geodesic_direct,
        takes=("lat1_deg", "lon1_deg", "azi1_deg", "s12_m"),
        gives=("lat2_deg", "lon2_deg", "azi2_deg"),
    ),
    Method(
        kind="geodetic_to_ecef",
        about="a geodetic position in Earth-fixed axes",
        compute=_geodetic_to_ecef,
        takes=_SITE,
        gives=("x_m", "y_m", "z_m"),
    ),
    Method(
        kind="aer_to_ecef",
        about="a radar's look in Earth-fixed axes",
        compute=_aer_to_ecef,
        takes=(*_LOOK, *_SITE),
        gives=("x_m", "y_m", "z_m"),
    ),
    Method(
        kind="aer_to_enu",
        about="a radar's look in the site's axes, through the Earth-fixed ones",
        compute=_aer_to_enu,
        takes=(*_LOOK, "[lat_deg]", "[lon_deg]", "[alt_m]"),
        gives=("e_m", "n_m", "u_m", "east_m", "north_m", "up_m"),
    ),
    Method(
        kind="spherical_destination",
        about="end of a great circle",
        compute=_spherical_destination,
        takes=("lat_deg", "lon_deg", "range_rad", "azimuth_deg"),
        gives=("lat_rad", "lon_rad"),
    ),
    Method(
        kind="satellite_footprint",
        about="far edge of a satellite's field of view on a sphere of 6378.1363 km",
        compute=_satellite_footprint,
        takes=("sat_alt_km", "fov_total_deg", "boresight_from_nadir_deg"),
        words=("azimuth_deg", "sat_lat_deg", "sat_lon_deg"),
        gives=("rho_min_km", "rho_max_km"),
    ),
    Method(
        kind="range_azimuth_rotating_sphere",
        about="great circle to where the turning Earth carries the target in `tof_s`, on 6378.1363 km unless `R_km`",
        compute=_range_azimuth,
        takes=(*_PAIR, "[tof_s]", "[R_km]"),
        gives=("range_km", "range_rad", "azimuth_deg"),
    ),
    Method(
        kind="distance",
        about="geodesic distance on WGS-84",
        compute=_distance,
        takes=_FROM_TO,
        words=("to_note",),
        gives=("distance_km",),
    ),
    Method(
        kind="trap_distance",
        about="geodesic distance beside a published one that contradicts it",
        compute=_trap_distance,
        takes=_FROM_TO,
        words=("to_note",),
        gives=("geodesic_km", "published_km"),
    ),
    Method(
        kind="range_circle",
        about="which named places lie within a range; `tolerance.km` widens and narrows the circle",
        compute=_range_circle,
        takes=("range_km", "launch_lat_deg", "launch_lon_deg"),
        gives=("reached", "not_reached"),
    ),
    Method(
        kind="standard_atmosphere",
        about="US Standard Atmosphere 1976 at geometric or geopotential heights, one or a list",
        compute=_standard_atmosphere,
        takes=("geometric_m", "geopotential_m"),
        gives=("T_K", "p_Pa", "rho_kg_m3", "sound_m_s"),
    ),
)
