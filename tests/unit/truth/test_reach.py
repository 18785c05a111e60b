"""A missile that does not arrive says by how far, and names only what was flown and arrives."""

from math import radians

import msgspec
import pytest

from diptych.edge.catalogue import load_catalogue
from diptych.edge.schema.raid import shipped_threats
from diptych.kernels.earth import geodetic_to_ecef
from diptych.kernels.geodesic import geodesic_direct
from diptych.kernels.status import NO_LIFT_OFF, OK, TOO_CLOSE, TOO_FAR
from diptych.model.scenario import Missile, Place
from diptych.truth.reach import steer, unreached

CLASSES = {c.id: c for c in shipped_threats(load_catalogue())}


def place(name: str, lat: float, lon: float) -> Place:
    return Place(name, lat, lon, 0.0, geodetic_to_ecef(lat, lon, 0.0))


START = place("Start", radians(34.0), radians(46.0))


def missile(class_id: str, range_km: float, shape: str = "minimum-energy") -> Missile:
    end = geodesic_direct(START.lat_rad, START.lon_rad, radians(315.0), range_km * 1e3)
    return Missile("m", class_id, START, place("End", end[0], end[1]), "", 0.0, shape)


def text_of(one: Missile, allowed: tuple[str, ...] = tuple(CLASSES)) -> tuple[int, str]:
    steering = steer(one, CLASSES[one.class_id])
    return steering.status, unreached(one, steering, tuple(CLASSES[i] for i in allowed))


def test_too_far_names_the_lightest_classes_that_arrive_and_the_range_that_is_left() -> None:
    status, text = text_of(missile("srbm-300", 1000.0))
    assert status == TOO_FAR
    short_km = float(text.split("found it falls ")[1].split(" km short")[0])
    within_km = float(text.split("to within ")[1].split(" km")[0])
    assert short_km + within_km == 1000.0
    assert steer(missile("srbm-300", within_km - 2.0), CLASSES["srbm-300"]).status == OK
    assert steer(missile("srbm-300", within_km + 2.0), CLASSES["srbm-300"]).status == TOO_FAR
    assert "mrbm-2200-solid or mrbm-1600-liquid would reach" in text


def test_a_class_that_does_not_arrive_is_not_named() -> None:
    _, text = text_of(missile("srbm-300", 1000.0), ("srbm-300", "srbm-600"))
    assert "no class reaches so far" in text


def test_a_lofted_flight_out_of_reach_is_offered_the_shape_that_arrives() -> None:
    one = missile("mrbm-2200-solid", 2250.0, "lofted")
    status, text = text_of(one)
    assert status == TOO_FAR
    assert "mrbm-2200-solid with shape minimum-energy or " in text


def test_too_near_says_how_far_past_it_flies_and_names_classes_that_stop_earlier() -> None:
    one = missile("icbm-10000-solid", 800.0)
    status, text = text_of(one)
    assert status == TOO_CLOSE
    nearest_km = float(text.split("the aim to ")[1].split(" km or more")[0])
    assert float(text.split("at least ")[1].split(" km")[0]) == pytest.approx(nearest_km - 800.0, abs=1.0)
    assert steer(missile("icbm-10000-solid", nearest_km + 40.0), CLASSES["icbm-10000-solid"]).status == OK
    assert "would reach" in text
    for name in text.split("; ")[1].split(" would reach")[0].split(" or "):
        assert steer(one, CLASSES[name]).status == OK


def test_a_class_that_cannot_fly_at_all_says_why() -> None:
    one = missile("srbm-300", 200.0)
    steering = steer(one, CLASSES["srbm-300"])
    text = unreached(one, msgspec.structs.replace(steering, status=NO_LIFT_OFF), ())
    assert "found no steering (thrust does not exceed weight at launch)" in text
