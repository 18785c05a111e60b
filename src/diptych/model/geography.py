"""Whose territory a point or an ellipse lies on, where people live, and the outlines that maps draw.

`Territory` is a raster of states by cell of 0.1 degree under the boundary policy
(docs/explanation/boundary-policy.md): good for "which states does this impact ellipse touch", not for a border to the
kilometre (a cell is 11 km high; a point within about 6 km of a border may fall on the wrong side). Territory means
land: the sea has no state, and a cell on a coast belongs to the state with the most land in it. All of it is built by
`tools/build_geography.py` and read by `edge.geography`.
"""

import math

import msgspec
import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bytes = npt.NDArray[np.uint8]

TOWN_DENSITY_PER_M2 = 5e-3  # people of a town per square metre (5000 per km2): assumed, the order of European cities
LARGEST_TOWN = 5e7  # people; more than any place on Earth has, so that a search by latitude misses none
EARTH_MEAN_RADIUS_M = 6_371_008.8  # IUGG mean radius (2 a + b) / 3 of WGS-84


class Territory(msgspec.Struct, frozen=True, eq=False):
    """States by cell: `index[row, col]` points into `codes`; rows run north, columns east.

    Attributes
    ----------
    lat0_rad, lon0_rad : centre of cell [0, 0].
    step_rad : cell size both ways.
    index : (rows, cols) uint8; 0 is no state (sea, or outside every listed state).
    codes : ISO 3166-1 alpha-2 by index; `codes[0]` is empty.
    """

    lat0_rad: float
    lon0_rad: float
    step_rad: float
    index: Bytes
    codes: tuple[str, ...]


class Cities(msgspec.Struct, frozen=True, eq=False):
    """Places with people, in country and size order.

    Attributes
    ----------
    name, country : n texts; country is an alpha-2 code.
    lat_rad, lon_rad : (n,).
    population : (n,) as GeoNames has it.
    scale : (n,) national total over the sum of that state's listed places; below 1 where districts are counted twice.
    """

    name: tuple[str, ...]
    country: tuple[str, ...]
    lat_rad: Floats
    lon_rad: Floats
    population: Ints
    scale: Floats


class Outline(msgspec.Struct, frozen=True, eq=False):
    """One state's land for a map: closed rings of (k, 2) latitude, longitude in radians; fill by the even-odd rule."""

    code: str
    name: str
    rings_rad: tuple[Floats, ...]


class DisputedLine(msgspec.Struct, frozen=True, eq=False):
    """A line that maps draw dashed, and why: parts of (k, 2) latitude and longitude, radians."""

    name: str
    why: str
    parts_rad: tuple[Floats, ...]


class Borders(msgspec.Struct, frozen=True, eq=False):
    """What a map draws; `box_rad` is (west, south, east, north), where outlines are cut off."""

    attribution: str
    box_rad: tuple[float, float, float, float]
    outlines: tuple[Outline, ...]
    disputed: tuple[DisputedLine, ...]


def state_at(territory: Territory, lat_rad: float, lon_rad: float) -> str | None:
    """Return the state whose land holds the point, None at sea and outside the raster.

    Check
    -----
    38.35 N 37.79 E (Kurecik): TR.  34.0 N 19.0 E: None.
    """
    row = round((lat_rad - territory.lat0_rad) / territory.step_rad)
    col = round((lon_rad - territory.lon0_rad) / territory.step_rad)
    rows, cols = territory.index.shape
    if not (0 <= row < rows and 0 <= col < cols):
        return None
    return territory.codes[territory.index[row, col]] or None


def states_in_ellipse(
    territory: Territory,
    lat_rad: float,
    lon_rad: float,
    semi_major_m: float,
    semi_minor_m: float,
    azimuth_rad: float,
) -> tuple[str, ...]:
    """Return the states an ellipse on the ground touches, in code order.

    A state counts when the centre of one of its cells lies inside, or when it holds the ellipse's own centre. Distances
    are local (meridian and parallel arcs of the mean sphere, longitudes shortened at the cell's own latitude): within
    0.5 % of the geodesic up to a few hundred kilometres.

    Parameters
    ----------
    lat_rad, lon_rad : float
        Centre.
    semi_major_m, semi_minor_m : float
        Half axes, metres, > 0.
    azimuth_rad : float
        Direction of the major axis, clockwise from north.
    """
    step = territory.step_rad
    rows, cols = territory.index.shape
    reach = semi_major_m / EARTH_MEAN_RADIUS_M
    row0 = max(0, math.ceil((lat_rad - reach - territory.lat0_rad) / step))
    row1 = min(rows, math.floor((lat_rad + reach - territory.lat0_rad) / step) + 1)
    widest = max(math.cos(min(abs(lat_rad) + reach, math.radians(89.0))), 1e-2)
    col0 = max(0, math.ceil((lon_rad - reach / widest - territory.lon0_rad) / step))
    col1 = min(cols, math.floor((lon_rad + reach / widest - territory.lon0_rad) / step) + 1)
    touched: set[str] = set()
    if row0 < row1 and col0 < col1:
        lat = territory.lat0_rad + step * np.arange(row0, row1)[:, None]
        lon = territory.lon0_rad + step * np.arange(col0, col1)[None, :]
        north = (lat - lat_rad) * EARTH_MEAN_RADIUS_M
        east = (lon - lon_rad) * (EARTH_MEAN_RADIUS_M * np.cos(lat))
        sin_az, cos_az = math.sin(azimuth_rad), math.cos(azimuth_rad)
        along = (north * cos_az + east * sin_az) / semi_major_m
        across = (east * cos_az - north * sin_az) / semi_minor_m
        inside = territory.index[row0:row1, col0:col1][along * along + across * across <= 1.0]
        touched = {territory.codes[i] for i in np.flatnonzero(np.bincount(inside, minlength=1))}
    here = state_at(territory, lat_rad, lon_rad)
    if here is not None:
        touched.add(here)
    return tuple(sorted(touched - {""}))


def people_within(cities: Cities, lat_rad: float, lon_rad: float, radius_m: float) -> float:
    """Return how many people live within a distance, scaled to national totals.

    A place is a disc of even density round its centre, as large as its people need at `TOWN_DENSITY_PER_M2`; counted is
    the part of the disc within the distance. Country people are counted in the towns. A figure for comparison between
    runs, not a count of people at an address.

    Check
    -----
    The haversine distance of Athens and Thessaloniki (37.984 N 23.728 E, 40.641 N 22.935 E) is 303 km. 15 million
    people fill a disc of 30.9 km; within 5 km of its centre live 392 699 of them.
    """
    widest_m = math.sqrt(LARGEST_TOWN / (math.pi * TOWN_DENSITY_PER_M2))
    band = np.flatnonzero(np.abs(cities.lat_rad - lat_rad) < (radius_m + widest_m) / EARTH_MEAN_RADIUS_M)
    lat, lon = cities.lat_rad[band], cities.lon_rad[band]
    half = np.sin((lat - lat_rad) / 2.0) ** 2
    half += math.cos(lat_rad) * np.cos(lat) * np.sin((lon - lon_rad) / 2.0) ** 2
    apart_m = 2.0 * EARTH_MEAN_RADIUS_M * np.arcsin(np.sqrt(half))
    people = cities.population[band] * cities.scale[band]
    size_m = np.sqrt(people / (math.pi * TOWN_DENSITY_PER_M2))
    near = np.flatnonzero(apart_m < radius_m + size_m)
    area = _shared_area(apart_m[near], size_m[near], radius_m)
    return float(np.sum(np.minimum(people[near], TOWN_DENSITY_PER_M2 * area)))


def _shared_area(apart: Floats, one: Floats, other: float) -> Floats:
    """Return the area two discs share, from the distance of their centres (n,) and their radii; plane geometry."""
    small = np.minimum(one, other)
    d = np.maximum(apart, 1e-9)
    a = np.arccos(np.clip((d * d + one * one - other * other) / (2.0 * d * one), -1.0, 1.0))
    b = np.arccos(np.clip((d * d + other * other - one * one) / (2.0 * d * other), -1.0, 1.0))
    lens = one * one * (a - np.sin(a) * np.cos(a)) + other * other * (b - np.sin(b) * np.cos(b))
    return np.asarray(np.where(apart + small <= np.maximum(one, other), math.pi * small * small, lens))
