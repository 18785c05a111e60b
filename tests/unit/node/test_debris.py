"""Whom a shooter warns of the debris of its own intercept, and where it says that it would come down."""

import math

import numpy as np
import pytest
from msgspec.structs import replace

from diptych.evaluation.impact import path_of
from diptych.kernels.earth import ecef_to_geodetic
from diptych.kernels.geodesic import geodesic_direct, geodesic_inverse
from diptych.model.arrangement import Sharing
from diptych.model.decision import Proposal, Window
from diptych.model.messages import DebrisWarning, Output, Share
from diptych.model.scenario import DebrisModel
from diptych.node.debris import PRODUCT, bound, predicted, warn_of_debris
from diptych.node.outlook import Basis
from diptych.node.share import product_of
from diptych.node.state import Plan
from tests.helpers.small import ALL_TURKEY, falling_object, small_arrangement, small_node

MODEL = DebrisModel(
    fragment_beta_kg_m2=100.0, fragment_beta_spread=3.0, kill_vehicle_kg=60.0, spent_stage_beta_kg_m2=230.0
)
TO_RUSSIA = Sharing(PRODUCT, "nato", "russia", 0.0, 0.0, "exchange", "always", "owner")
KNOWN = Basis(falling_object().evaluation, 0)
MEETING_S = 160.0
POINT = path_of(KNOWN.evaluation.state_ecef[0], 100.0, np.array([MEETING_S]))[0]
SHOT = Proposal(0, 0, 110.0, MEETING_S, tuple(POINT.tolist()), Window(0, 100.0, 150.0))


def node_over(state: str, *rules: Sharing) -> Plan:
    """Return NATO's plan in a world whose land is all one state's."""
    territory = replace(ALL_TURKEY, codes=("", state))
    return replace(small_node(small_arrangement(sharing=rules)).plan, territory=territory, debris=MODEL)


def told(plan: Plan) -> list[Output]:
    """Return what the shot makes the node say."""
    out: list[Output] = []
    warn_of_debris(plan, small_node(small_arrangement()).cases[0], KNOWN, SHOT, out)
    return out


def test_debris_over_a_third_state_is_told_to_whom_the_rule_names() -> None:
    (share,) = told(node_over("SY", TO_RUSSIA))
    assert isinstance(share, Share)
    assert isinstance(share.record, DebrisWarning)
    assert (share.to, share.product, share.act) == ("russia", PRODUCT, "exchange")
    assert share.record.states == ("SY",)
    assert product_of(share.record) == PRODUCT


def test_debris_over_the_receiver_is_told() -> None:
    (share,) = told(node_over("RU", TO_RUSSIA))
    assert isinstance(share, Share)


def test_debris_over_own_land_is_told_to_nobody() -> None:
    assert told(node_over("TR", TO_RUSSIA)) == []


def test_without_a_rule_nobody_is_told() -> None:
    assert told(node_over("SY")) == []


def test_without_a_model_of_debris_nobody_is_told() -> None:
    assert told(replace(node_over("SY", TO_RUSSIA), debris=None)) == []


def test_condition_of_the_rule_is_about_the_debris_not_the_missile() -> None:
    rule = replace(TO_RUSSIA, condition="threatens-receiver")
    assert told(node_over("SY", rule)) == []
    assert len(told(node_over("RU", rule))) == 1


def test_debris_comes_down_after_the_meeting_and_short_of_the_undisturbed_impact() -> None:
    plan = node_over("SY", TO_RUSSIA)
    found = predicted(plan, small_node(small_arrangement()).cases[0], KNOWN, SHOT)
    assert found is not None
    assert MEETING_S < found.first_s < found.last_s
    lat, lon, _ = ecef_to_geodetic(*POINT.tolist())
    _, impact_lon = KNOWN.evaluation.impact_rad[0].tolist()
    assert (
        impact_lon < found.lon_rad < lon
    )  # it flies west: light pieces fall short of where the whole would have come down
    assert found.lat_rad == pytest.approx(lat, abs=math.radians(2.0))
    assert found.semi_major_m >= found.semi_minor_m > 0.0


@pytest.mark.parametrize("after_s", [20.0, 60.0, 120.0, 160.0])
def test_quick_bound_holds_the_whole_ellipse(after_s: float) -> None:
    meeting_s = 100.0 + after_s
    point = path_of(KNOWN.evaluation.state_ecef[0], 100.0, np.array([meeting_s]))[0]
    shot = replace(SHOT, intercept_s=meeting_s, intercept_ecef_m=tuple(point.tolist()))
    found = predicted(node_over("SY", TO_RUSSIA), small_node(small_arrangement()).cases[0], KNOWN, shot)
    assert found is not None
    lat, lon, major, minor, azimuth = bound(KNOWN, shot).tolist()
    for turn in np.linspace(0.0, 2.0 * math.pi, 36):
        along, across = found.semi_major_m * math.cos(turn), found.semi_minor_m * math.sin(turn)
        way = found.azimuth_rad + math.atan2(across, along)
        edge = geodesic_direct(found.lat_rad, found.lon_rad, way, math.hypot(along, across))
        far_m, toward, _, _ = geodesic_inverse(lat, lon, edge[0], edge[1])
        ahead, aside = far_m * math.cos(toward - azimuth), far_m * math.sin(toward - azimuth)
        assert (ahead / major) ** 2 + (aside / minor) ** 2 <= 1.0
