"""The map's geometry: projection, clipping, footprints, labels."""

from __future__ import annotations

from math import acos, pi, radians, sin

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from diptych.report.coverage import footprint_rad, ground_angle_rad, search_range_m
from diptych.report.labels import Wanted, box_at, overlaps, place
from diptych.report.projection import (
    AUTHALIC_RADIUS_M,
    area,
    clip_ring,
    destination_rad,
    ellipse_rad,
    equal_area_m,
    straighten,
    thin,
)
from tests.helpers.sample_page import radar


def test_the_pole_lies_where_snyder_puts_it() -> None:
    found = equal_area_m(np.array([pi / 2]), np.array([0.3]), (radians(45.0), 0.0))[0]
    assert found[0] == pytest.approx(0.0, abs=1e-6)
    assert found[1] == pytest.approx(2 * AUTHALIC_RADIUS_M * sin(radians(22.5)), rel=1e-12)


def test_the_projection_agrees_with_proj_on_the_sphere() -> None:
    pyproj = pytest.importorskip("pyproj")
    theirs = pyproj.Proj(f"+proj=laea +lat_0=45 +lon_0=35 +R={AUTHALIC_RADIUS_M}")
    lat, lon = np.array([33.0, 60.0, 38.3, -20.0]), np.array([48.0, 10.0, 38.0, 100.0])
    x, y = theirs(lon, lat)
    ours = equal_area_m(np.radians(lat), np.radians(lon), (radians(45.0), radians(35.0)))
    assert np.allclose(ours, np.column_stack((x, y)), atol=0.01)


@given(st.floats(-1.2, 1.2), st.floats(-1.5, 1.5))
def test_small_cells_keep_their_area_anywhere_on_the_sheet(lat: float, lon: float) -> None:
    step = 1e-3
    corners = np.array([[lat, lon], [lat, lon + step], [lat + step, lon + step], [lat + step, lon]])
    on_paper = equal_area_m(corners[:, 0], corners[:, 1], (radians(45.0), 0.0))
    on_sphere = AUTHALIC_RADIUS_M**2 * step * (sin(lat + step) - sin(lat))
    assert area([(float(x), float(y)) for x, y in on_paper]) == pytest.approx(on_sphere, rel=2e-3)


def test_a_destination_due_east_along_the_equator_is_the_arc_away() -> None:
    lat, lon = destination_rad(0.0, 0.0, pi / 2, pi / 2)
    assert (lat, lon) == pytest.approx((0.0, pi / 2), abs=1e-12)


def test_an_ellipse_has_its_axes_its_direction_and_its_area_on_paper() -> None:
    ring = ellipse_rad(radians(48.0), radians(30.0), 60e3, 20e3, radians(90.0), corners=360)
    at = np.array(ring)
    metres = equal_area_m(at[:, 0], at[:, 1], (radians(48.0), radians(30.0)))
    assert np.abs(metres).max(axis=0) == pytest.approx([60e3, 20e3], rel=1e-3)  # due east, so east is the longer
    assert area([(float(x), float(y)) for x, y in metres]) == pytest.approx(pi * 60e3 * 20e3, rel=1e-3)


def test_a_ring_round_the_whole_box_is_cut_to_the_box() -> None:
    ring = [(-5.0, -5.0), (5.0, -5.0), (5.0, 5.0), (-5.0, 5.0)]
    assert area(clip_ring(ring, (0.0, 0.0, 1.0, 2.0))) == pytest.approx(2.0)


def test_a_ring_outside_the_box_vanishes() -> None:
    assert clip_ring([(2.0, 2.0), (3.0, 2.0), (3.0, 3.0)], (0.0, 0.0, 1.0, 1.0)) == []


def test_thinning_keeps_the_ends() -> None:
    points = [(i * 0.1, 0.0) for i in range(101)]
    kept = thin(points, 1.0)
    assert kept[0] == points[0]
    assert kept[-1] == points[-1]
    assert len(kept) <= 12


def test_a_sixteenth_of_the_cross_section_halves_the_range() -> None:
    one = radar("r", "TR", "R", 38.0, 38.0, 0.0, 180.0)
    assert search_range_m(one, 0.1 / 16) == pytest.approx(search_range_m(one, 0.1) / 2)


def test_an_endless_radar_is_bounded_by_the_horizon() -> None:
    angle = ground_angle_rad(1e8, 0.0, 150e3)
    assert angle == pytest.approx(acos(AUTHALIC_RADIUS_M / (AUTHALIC_RADIUS_M + 150e3)))
    assert angle * AUTHALIC_RADIUS_M == pytest.approx(1.371e6, rel=5e-3)


def test_a_radar_whose_range_is_below_the_height_covers_nothing() -> None:
    assert ground_angle_rad(100e3, 0.0, 150e3) == 0.0


def test_a_sector_starts_at_the_radar_and_spans_its_width() -> None:
    one = radar("r", "TR", "R", 38.0, 38.0, 90.0, 60.0)
    corners = footprint_rad(one, 0.1)
    assert corners[0] == (one.place.lat_rad, one.place.lon_rad)
    assert all(lon >= one.place.lon_rad - 1e-9 for _, lon in corners), "looks east only"
    assert len(footprint_rad(radar("r", "TR", "R", 38.0, 38.0, 0.0, 180.0), 0.1)) == 72


_spots = st.tuples(st.text("abcXYZ ", min_size=1, max_size=14), st.floats(0, 300), st.floats(0, 200), st.floats(0, 3))


@given(st.lists(_spots, max_size=25))
def test_placed_labels_never_overlap_each_other_nor_a_mark(found: list[tuple[str, float, float, float]]) -> None:
    wanted = [Wanted(words, x, y, priority) for words, x, y, priority in found]
    marks = [(x - 6, y - 6, x + 6, y + 6) for _, x, y, _ in found]
    placed = place([wanted], [marks], [(0.0, 0.0, 300.0, 200.0)])
    boxes = []
    for one, where in zip(wanted, placed, strict=True):
        if where is not None:
            side = next(s for s in one.sides if box_at(one, s)[1] == where)
            boxes.append(box_at(one, side)[0])
    for index, box in enumerate(boxes):
        assert not any(overlaps(box, mark) for mark in marks)
        assert not any(overlaps(box, other) for other in boxes[:index])


def test_the_more_important_of_two_labels_stays() -> None:
    here = [Wanted("least", 50.0, 50.0, 5.0, sides=("e",)), Wanted("most", 50.0, 50.0, 1.0, sides=("e",))]
    placed = place([here], [[]], [(0.0, 0.0, 200.0, 100.0)])
    assert placed[0] is None
    assert placed[1] is not None


def test_a_label_without_room_falls_back_to_its_short_form() -> None:
    wanted = Wanted("a very long label that cannot fit", 10.0, 50.0, sides=("e",), short="short")
    placed = place([[wanted]], [[]], [(0.0, 0.0, 80.0, 100.0)])[0]
    assert placed is not None
    assert placed.words == "short"


def test_a_place_that_is_free_at_one_width_only_is_refused() -> None:
    def at(width: float) -> list[Wanted]:
        return [Wanted("left", 0.2 * width, 20.0, sides=("e",)), Wanted("right", 0.5 * width, 20.0, 1.0, sides=("w",))]

    frames = [(0.0, 0.0, 100.0, 40.0), (0.0, 0.0, 400.0, 40.0)]
    assert place([at(400.0)], [[]], frames[1:])[1] is not None
    assert place([at(100.0), at(400.0)], [[], []], frames)[1] is None


def test_a_straightened_line_stays_within_the_tolerance_with_few_corners() -> None:
    arc = [(float(x), 100.0 * sin(x / 200.0)) for x in range(400)]
    kept = straighten(arc, 0.5)
    assert kept[0] == arc[0]
    assert kept[-1] == arc[-1]
    assert len(kept) < 20
    xs, ys = zip(*kept, strict=True)
    assert max(abs(y - float(np.interp(x, xs, ys))) for x, y in arc) <= 0.6
    assert straighten([(0.0, 0.0)], 1.0) == [(0.0, 0.0)]
    assert straighten([], 1.0) == []
