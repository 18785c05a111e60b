"""The line of the raid map about third states under interceptors."""

import msgspec

from diptych.report.views.raid import _over_said
from tests.helpers.synthetic import arrangement, record, scenario, shot

SCENARIO = scenario(arrangement("separate", 2))


def test_third_states_under_interceptors_are_named_once_and_parties_own_are_not() -> None:
    over = [msgspec.structs.replace(shot(0, i), over=states) for i, states in enumerate([("AA", "XX"), ("EA", "XX")])]
    assert _over_said(record("separate", shots=tuple(over)), SCENARIO) == ", interceptors over third states: XX"


def test_without_third_states_nothing_is_said() -> None:
    over = msgspec.structs.replace(shot(0, 0), over=("AA", "EA"))
    assert _over_said(record("separate", shots=(over,)), SCENARIO) == ""
