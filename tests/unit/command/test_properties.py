"""Silence fires only where a wait on the path says so."""

from diptych.command.properties import fires_by_silence
from diptych.edge.build import load_scenario
from diptych.model.arrangement import Wait
from tests.helpers.small import CLASSIFY, LOOK_UP, path_to, small_arrangement


def test_a_wait_that_engages_is_named_with_its_act_and_complex() -> None:
    firing = small_arrangement(path_to((CLASSIFY, LOOK_UP), (Wait("rule-lookup", 20.0, "engage"),)))
    assert fires_by_silence(firing) == ("rule-lookup (over own territory, nato)",)


def test_a_wait_on_an_act_that_is_not_on_the_path_fires_nothing() -> None:
    idle = small_arrangement(path_to((CLASSIFY, LOOK_UP), (Wait("authority", 20.0, "engage"),)))
    assert fires_by_silence(idle) == ()


def test_no_shipped_arrangement_fires_by_silence() -> None:
    for arrangement in load_scenario("europe-2012-four", arrangements=("all",)).arrangements:
        assert fires_by_silence(arrangement) == ()
