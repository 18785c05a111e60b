"""The reference scenarios made ready once for all end-to-end tests."""

import pytest

from diptych.edge.build import load_scenario
from diptych.edge.geography import load_cities, load_territory
from diptych.sim.prepare import Prepared, prepare


@pytest.fixture(scope="session")
def europe() -> Prepared:
    """Return `europe-2012` with every shipped arrangement and conduct."""
    scenario = load_scenario("europe-2012", arrangements=("all",), conducts=("all",))
    return prepare(scenario, load_territory(), load_cities())


@pytest.fixture(scope="session")
def four() -> Prepared:
    """Return `europe-2012-four` with every shipped arrangement and conduct."""
    scenario = load_scenario("europe-2012-four", arrangements=("all",), conducts=("all",))
    return prepare(scenario, load_territory(), load_cities())
