"""Whose territory, by raster: control points of the boundary policy, ellipses against a slow twin, people."""

import math

import numpy as np
import pytest

from diptych.edge.geography import ATTRIBUTIONS, BOUNDARY_POLICY, load_borders, load_cities, load_territory
from diptych.model.geography import EARTH_MEAN_RADIUS_M, Cities, people_within, state_at, states_in_ellipse

TERRITORY = load_territory()
R = math.radians

# The policy's own examples (docs/explanation/boundary-policy.md), and places far from any border.
POINTS = [
    (44.95, 34.10, "UA"),  # Simferopol
    (44.60, 33.60, "UA"),  # Sevastopol
    (45.30, 37.40, "RU"),  # Taman
    (54.71, 20.51, "RU"),  # Kaliningrad
    (42.66, 21.16, "XK"),
    (43.32, 21.90, "RS"),
    (35.25, 33.32, "CY"),  # north of the line
    (27.10, -13.00, "EH"),  # Laayoune
    (28.50, -10.50, "MA"),
    (43.00, 41.10, "GE"),  # Abkhazia
    (46.84, 29.63, "MD"),
    (39.82, 46.75, "AZ"),
    (32.20, 35.25, "PS"),
    (33.05, 35.80, "SY"),  # Golan
    (38.35, 37.79, "TR"),
    (35.20, 24.85, "GR"),
    (35.69, 51.39, "IR"),
    (55.75, 37.62, "RU"),
    (40.42, -3.70, "ES"),
    (64.90, -18.50, "IS"),
    (34.00, 19.00, None),  # open sea
    (43.30, 34.00, None),  # Black Sea
    (0.0, 0.0, None),  # outside the raster
    (60.0, 120.0, None),
]


@pytest.mark.parametrize(("lat_deg", "lon_deg", "expected"), POINTS)
def test_a_control_point_lies_in_the_state_the_policy_says(lat_deg, lon_deg, expected):
    assert state_at(TERRITORY, R(lat_deg), R(lon_deg)) == expected


def slow_states(lat, lon, major, minor, azimuth):
    """Visit every cell of the raster with spherical distance and bearing."""
    found = set()
    rows, cols = TERRITORY.index.shape
    for row in range(rows):
        cell_lat = TERRITORY.lat0_rad + row * TERRITORY.step_rad
        if abs(cell_lat - lat) * EARTH_MEAN_RADIUS_M > major:
            continue
        for col in range(cols):
            cell_lon = TERRITORY.lon0_rad + col * TERRITORY.step_rad
            north = (cell_lat - lat) * EARTH_MEAN_RADIUS_M
            east = (cell_lon - lon) * EARTH_MEAN_RADIUS_M * math.cos(cell_lat)
            distance, bearing = math.hypot(north, east), math.atan2(east, north) - azimuth
            if (distance * math.cos(bearing) / major) ** 2 + (distance * math.sin(bearing) / minor) ** 2 <= 1.0:
                found.add(TERRITORY.codes[TERRITORY.index[row, col]])
    here = state_at(TERRITORY, lat, lon)
    return tuple(sorted((found | {here or ""}) - {""}))


@pytest.mark.parametrize("seed", range(10))
def test_states_in_an_ellipse_agree_with_the_slow_twin(seed):
    chance = np.random.default_rng(seed)
    lat, lon = R(chance.uniform(42, 54)), R(chance.uniform(6, 30))  # many borders
    major = chance.uniform(80e3, 300e3)
    minor = major * chance.uniform(0.1, 0.4)
    azimuth = chance.uniform(0, math.pi)
    assert states_in_ellipse(TERRITORY, lat, lon, major, minor, azimuth) == slow_states(lat, lon, major, minor, azimuth)


def test_the_major_axis_follows_its_azimuth():
    # 150 km by 10 km on the Polish side of the Kaliningrad border: along the border stays in, across touches Russia.
    lat, lon = R(54.10), R(21.0)
    assert states_in_ellipse(TERRITORY, lat, lon, 60e3, 10e3, R(90)) == ("PL",)
    assert "RU" in states_in_ellipse(TERRITORY, lat, lon, 60e3, 10e3, R(0))


def test_an_ellipse_smaller_than_a_cell_gives_the_state_it_stands_on():
    assert states_in_ellipse(TERRITORY, R(48.137), R(11.575), 10.0, 5.0, 0.0) == ("DE",)


def test_an_ellipse_at_sea_or_beyond_the_raster_touches_nobody():
    assert states_in_ellipse(TERRITORY, R(34.0), R(19.0), 30e3, 20e3, 0.3) == ()
    assert states_in_ellipse(TERRITORY, R(-60.0), R(19.0), 300e3, 200e3, 0.3) == ()


def test_a_wide_ellipse_reaches_over_the_edge_of_the_raster_without_wrapping():
    assert states_in_ellipse(TERRITORY, R(64.5), R(-29.9), 100e3, 100e3, 0.0) == ()


def test_nearly_every_city_lies_in_the_state_geonames_gives():
    cities = load_cities()
    found = [state_at(TERRITORY, a, b) for a, b in zip(cities.lat_rad, cities.lon_rad, strict=True)]
    agree = sum(f == c for f, c in zip(found, cities.country, strict=True))
    assert agree / len(found) > 0.99  # 10 575 of 10 669; the rest lie within a cell of a border or on small islands
    other = {(c, f) for f, c in zip(found, cities.country, strict=True) if f not in (c, None)}
    assert ("UA", "RU") not in other


def town(people: float, lat: float = 37.984, lon: float = 23.728, scale: float = 1.0) -> Cities:
    return Cities(("A",), ("GR",), np.radians([lat]), np.radians([lon]), np.array([people]), np.array([scale]))


def test_a_small_town_counts_whole_and_scaled_to_national_totals():
    assert people_within(town(1000, scale=1.5), R(37.984), R(23.728), 5e3) == pytest.approx(1500.0)


def test_a_place_counts_from_the_distance_at_which_its_edge_is_reached():
    tiny = town(10, 40.641, 22.935)  # geodesic 303 km
    assert people_within(tiny, R(37.984), R(23.728), 302e3) == 0.0
    assert people_within(tiny, R(37.984), R(23.728), 304e3) == pytest.approx(10.0)


def test_of_a_large_city_only_the_part_within_the_distance_counts():
    assert people_within(town(15e6), R(37.984), R(23.728), 5e3) == pytest.approx(392_699, rel=1e-5)


def test_shared_parts_of_discs_agree_with_counted_points():
    city = town(2e6)
    radius = (2e6 / (np.pi * 5e-3)) ** 0.5
    spread = np.random.default_rng(4)
    r, angle = radius * np.sqrt(spread.uniform(size=400_000)), spread.uniform(0, 2 * np.pi, 400_000)
    for away_m in (0.0, 4e3, 11e3, 15e3):
        inside = np.hypot(r * np.cos(angle) - away_m, r * np.sin(angle)) <= 5e3
        exact = people_within(city, R(37.984) + away_m / EARTH_MEAN_RADIUS_M, R(23.728), 5e3)
        assert exact == pytest.approx(2e6 * inside.mean(), abs=5 * 2e6 * (0.25 / 400_000) ** 0.5)


def test_scaled_places_of_germany_add_up_to_its_population():
    cities = load_cities()
    german = np.array([c == "DE" for c in cities.country])
    total = float(np.sum(cities.population[german] * cities.scale[german]))
    assert 80e6 < total < 85e6


def test_borders_hold_every_state_of_the_raster_and_the_disputed_lines_with_a_reason():
    borders = load_borders()
    codes = {o.code for o in borders.outlines}
    assert set(TERRITORY.codes[1:]) - codes <= {"VA", "MC", "SM"}  # smaller than the rounding of the outlines
    names = {d.name for d in borders.disputed}
    assert {"Crimea", "Kosovo", "Cyprus", "Western Sahara", "Golan", "West Bank and Gaza"} <= names
    assert all(d.why and d.parts_rad for d in borders.disputed)
    assert "68/262" in BOUNDARY_POLICY
    assert any("GeoNames (CC BY 4.0)" in a for a in ATTRIBUTIONS)


def test_outlines_and_raster_agree_away_from_borders():
    # Even-odd point in polygon on the outline of Romania against the raster, on a coarse grid.
    outline = next(o for o in load_borders().outlines if o.code == "RO")
    wrong = 0
    tried = 0
    for lat_deg in np.arange(43.25, 49.0, 0.5):
        for lon_deg in np.arange(19.75, 30.5, 0.5):
            lat, lon = R(lat_deg), R(lon_deg)
            inside = False
            for ring in outline.rings_rad:
                a, b = ring[:-1], ring[1:]
                crosses = (a[:, 0] > lat) != (b[:, 0] > lat)
                with np.errstate(divide="ignore", invalid="ignore"):
                    at = a[:, 1] + (lat - a[:, 0]) * (b[:, 1] - a[:, 1]) / (b[:, 0] - a[:, 0])
                inside ^= bool(np.count_nonzero(crosses & (lon < at)) % 2)
            tried += 1
            wrong += inside != (state_at(TERRITORY, lat, lon) == "RO")
    assert tried > 200
    assert wrong <= 3  # grid points within a cell of the border
