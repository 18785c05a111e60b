"""Published cases of geodesy, two bodies, minimum-energy flight and the atmosphere, each under its own tolerance."""

import json
from importlib.resources import files
from typing import Any

import pytest

from diptych.analysis.cases import KINDS, deviations

GROUPS = ("GEO", "KEP", "MET", "ATM")
CASES: list[dict[str, Any]] = [
    case
    for case in json.loads(files("diptych").joinpath("data/physics_cases.json").read_text(encoding="utf-8"))
    if case["id"].split("-")[0] in GROUPS
]


def test_all_27_cases_of_the_four_groups_are_present() -> None:
    print(f"{len(CASES)} cases in groups {', '.join(GROUPS)}")
    assert len(CASES) == 27
    assert {case["kind"] for case in CASES} == set(KINDS)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_case_is_met_within_its_published_tolerance(case: dict[str, Any]) -> None:
    rows = deviations(case)
    assert rows
    for output, computed, expected, allowed in rows:
        assert abs(computed - expected) <= allowed, (
            f"{output}: computed {computed}, published {expected}, allowed {allowed}"
        )


def test_the_misprinted_g_of_met_11_would_be_refused() -> None:
    (case,) = [case for case in CASES if case["id"] == "MET-11"]
    misprint = {**case, "inputs": {**case["inputs"], "g_mi_s2": 0.005098}}
    ((_, computed, expected, allowed),) = deviations(misprint)
    assert computed == pytest.approx(7.23, abs=0.01)
    assert abs(computed - expected) > allowed


def test_a_case_without_a_tolerance_for_an_output_is_an_error() -> None:
    (case,) = [case for case in CASES if case["id"] == "GEO-11"]
    with pytest.raises(KeyError, match="no tolerance for output 'lat_rad'"):
        deviations({**case, "tolerance": {"km": 1.0}})
