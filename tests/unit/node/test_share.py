"""What leaves a node or a centre: rounding, conditions, and nothing sent back to where it came from."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from diptych.model.arrangement import Sharing
from diptych.model.messages import (
    ImpactPrediction,
    Intention,
    KillReport,
    LaunchDetection,
    Provenance,
    Received,
    SharedTrack,
)
from diptych.node.share import EARTH_RADIUS_M, coarsened, pass_on, place_to_grid, product_of, to_grid

TRACK = SharedTrack(0, 90.0, (0.0,) * 6, 2e3, 500.0, 0.66, 0.5, ("TR",), (1,))
STATES = {"nato": frozenset({"TR"}), "russia": frozenset({"RU"})}
ONWARD = tuple(
    Sharing(product, "fusion", to, 0.0, 0.0, "correlate", "always", "both staffs")
    for product in ("track", "launch-detection")
    for to in ("nato", "russia")
)


@given(st.floats(-1e7, 1e7), st.floats(1.0, 1e5))
def test_rounding_moves_a_value_by_half_a_cell_at_most_and_is_stable(value: float, step: float) -> None:
    rounded = to_grid(value, step)
    assert abs(rounded - value) <= step / 2 * (1 + 1e-9) + 1e-6
    assert to_grid(rounded, step) == pytest.approx(rounded, abs=step * 1e-6)


places = st.tuples(st.floats(-math.pi / 2, math.pi / 2), st.floats(-math.pi, math.pi), st.floats(100.0, 50e3))


@given(places)
def test_a_place_moves_by_half_a_step_north_and_half_a_cell_east_at_most_and_stays_there(
    given_place: tuple[float, float, float],
) -> None:
    lat, lon, step_m = given_place
    new_lat, new_lon = place_to_grid(lat, lon, step_m)
    assert abs(new_lat - lat) * EARTH_RADIUS_M <= step_m / 2 * (1 + 1e-9) + 1e-6
    assert -math.pi <= new_lon <= math.pi
    radius_m = EARTH_RADIUS_M * math.cos(new_lat)
    around_m = 2 * math.pi * radius_m
    cell_m = around_m / max(1, math.floor(around_m / step_m))
    east = (new_lon - lon + math.pi) % (2 * math.pi) - math.pi
    assert abs(east) * radius_m <= cell_m / 2 + 1e-6
    again = place_to_grid(new_lat, new_lon, step_m)
    assert again == pytest.approx((new_lat, new_lon), abs=1e-12)


def test_cells_widen_in_degrees_with_latitude_and_keep_their_width_in_kilometres() -> None:
    def cells_met(lat: float) -> set[float]:
        return {place_to_grid(math.radians(lat), math.radians(k / 1000), 10e3)[1] for k in range(4000)}

    for lat in (0.0, 45.0, 60.0, 80.0):
        met = sorted(cells_met(lat))
        width_m = (met[-1] - met[0]) / (len(met) - 1) * EARTH_RADIUS_M * math.cos(math.radians(lat))
        assert width_m == pytest.approx(10e3, rel=0.02)
    assert len(cells_met(60.0)) == pytest.approx(len(cells_met(0.0)) / 2, abs=2)


def test_the_grid_closes_at_180_degrees_and_holds_the_pole() -> None:
    here, there = (place_to_grid(1.0, sign * (math.pi - 1e-7), 10e3) for sign in (1, -1))
    apart = (here[1] - there[1] + math.pi) % (2 * math.pi) - math.pi
    cells = math.floor(2 * math.pi * math.cos(here[0]) * EARTH_RADIUS_M / 10e3)
    assert abs(apart) == pytest.approx(2 * math.pi / cells)  # neighbours, each a whole cell
    assert place_to_grid(1.0, math.pi, 10e3) == pytest.approx(place_to_grid(1.0, -math.pi, 10e3))
    assert abs(place_to_grid(math.pi / 2, 0.3, 700e3)[0]) <= math.pi / 2
    assert place_to_grid(0.6, 0.7, 0.0) == (0.6, 0.7)
    assert all(map(math.isnan, place_to_grid(math.nan, math.nan, 10e3)))


def test_a_grid_of_nothing_leaves_the_value_as_it_is() -> None:
    assert to_grid(math.pi, 0.0) == math.pi


def test_a_centre_passes_a_record_to_all_but_its_sender_and_only_under_a_rule() -> None:
    shares = pass_on("fusion", ONWARD, Received(TRACK, Provenance("nato", (), 90.0)), STATES)
    assert [(s.to, s.act, s.product) for s in shares] == [("russia", "correlate", "track")]
    assert not pass_on("fusion", ONWARD, Received(Intention(0, "nato", 200.0), Provenance("nato", (), 90.0)), STATES)
    assert not pass_on("planning", ONWARD, Received(TRACK, Provenance("nato", (), 90.0)), STATES)


@pytest.mark.parametrize(
    ("record", "product"),
    [
        (LaunchDetection(0, 0.0, 0.6, 0.8, 5e3), "launch-detection"),
        (TRACK, "track"),
        (ImpactPrediction(0, 90.0, 500.0, 0.66, 0.5, 10e3, 2e3, ("TR",)), "impact-prediction"),
        (Intention(0, "nato", 200.0), "engagement-intention"),
        (KillReport(0, "nato", 200.0, is_killed=True), "kill-assessment"),
    ],
)
def test_every_record_is_an_instance_of_one_product(
    record: LaunchDetection | ImpactPrediction | SharedTrack | Intention | KillReport, product: str
) -> None:
    assert product_of(record) == product


def test_a_centre_keeps_back_what_does_not_threaten_the_receiver_where_its_rule_says_so() -> None:
    rule = Sharing("track", "fusion", "russia", 0.0, 0.0, "correlate", "threatens-receiver", "both staffs")
    from_nato = Provenance("nato", (), 90.0)
    assert not pass_on("fusion", (rule,), Received(TRACK, from_nato), STATES)
    threat = replace(TRACK, states=("RU", "TR"))
    assert len(pass_on("fusion", (rule,), Received(threat, from_nato), STATES)) == 1


def test_a_centre_tells_of_an_intention_whom_the_object_threatens() -> None:
    rule = Sharing("engagement-intention", "planning", "russia", 0.0, 0.0, "correlate", "threatens-receiver", "owner")
    from_nato = Provenance("nato", (), 90.0)
    assert not pass_on("planning", (rule,), Received(Intention(0, "nato", 200.0, states=("TR",)), from_nato), STATES)
    assert pass_on("planning", (rule,), Received(Intention(0, "nato", 200.0, states=("RU",)), from_nato), STATES)


def test_a_centre_may_make_a_record_coarser_and_never_finer() -> None:
    coarse = Sharing("track", "fusion", "russia", 10e3, 100.0, "correlate", "always", "both staffs")
    fine = replace(coarse, position_m=1e3, velocity_mps=0.0)
    held = replace(TRACK, state_ecef=(1234.0, 0.0, 0.0, 7.0, 0.0, 0.0))
    passed = coarsened(held, coarse)
    assert isinstance(passed, SharedTrack)
    assert passed.state_ecef[0] == 5e3
    assert passed.position_grid_m == 10e3
    assert coarsened(held, fine) is held
    notice = LaunchDetection(0, 0.0, 0.6, 0.8, 5e3, grid_m=1e3)
    wider = coarsened(notice, replace(coarse, product="launch-detection"))
    assert isinstance(wider, LaunchDetection)
    assert wider.error_m == pytest.approx(math.hypot(5e3, 10e3 / math.sqrt(12.0)))
