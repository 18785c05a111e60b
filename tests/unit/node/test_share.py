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
from diptych.node.share import coarsened, pass_on, product_of, to_grid

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
