"""How a case becomes a verdict: units, tolerances, bounds, intervals, what is refused and what is left out."""

from typing import Any

import numpy as np
import pytest

from diptych.analysis.cases.given import CaseError, Given, Impossible, NotRun
from diptych.analysis.cases.method import Copied, Method, Span, Value
from diptych.analysis.cases.verdicts import Result, judge

NOBODY: Any = None  # methods here look at nothing beside the case


def case(expected: dict, tolerance: dict, **more: Any) -> dict[str, Any]:
    return {
        "id": "T-1",
        "kind": "told",
        "source": "us",
        "inputs": {},
        "expected": expected,
        "tolerance": tolerance,
        **more,
    }


def judged(
    values: dict[str, Value], expected: dict, tolerance: dict, left_out: dict | None = None, **more: Any
) -> Result:
    told = Method(
        kind="told",
        about="",
        compute=lambda given, context: values,
        takes=(),
        gives=tuple(values),
        left_out=left_out or {},
    )
    return judge(case(expected, tolerance, **more), {"told": told}, NOBODY)


def test_a_value_within_tolerance_passes_and_one_outside_fails() -> None:
    assert judged({"time_s": 100.9}, {"time_s": 100}, {"s": 1}).verdict == "computed-pass"
    assert judged({"time_s": 101.1}, {"time_s": 100}, {"s": 1}).verdict == "computed-fail"


def test_a_kind_without_a_method_is_not_run() -> None:
    found = judge(case({"x": 1}, {"abs": 1}, kind="astrology"), {}, NOBODY)
    assert (found.verdict, found.remark) == ("not run", "no method for the kind 'astrology'")


def test_a_method_that_has_too_little_to_go_on_is_not_run_and_says_why() -> None:
    def compute(given: Given, context: Any) -> dict[str, Value]:
        raise NotRun("no range")

    method = Method(kind="told", about="", compute=compute, takes=(), gives=())
    found = judge(case({"x": 1}, {"abs": 1}), {"told": method}, NOBODY)
    assert (found.verdict, found.remark) == ("not run", "no range")


def test_what_has_no_solution_fails_and_says_why() -> None:
    def compute(given: Given, context: Any) -> dict[str, Value]:
        raise Impossible("too slow")

    method = Method(kind="told", about="", compute=compute, takes=(), gives=())
    found = judge(case({"x": 1}, {"abs": 1}), {"told": method}, NOBODY)
    assert (found.verdict, found.remark) == ("computed-fail", "not computable: too slow")


def test_copies_alone_are_catalogue_equal_and_do_not_pass() -> None:
    assert judged({"range_km": Copied(2000.0)}, {"range_km": 2000}, {"rel": 0.1}).verdict == "catalogue-equal"
    assert judged({"range_km": Copied(2500.0)}, {"range_km": 2000}, {"rel": 0.1}).verdict == "computed-fail"
    both = {"range_km": 1990.0, "payload_kg": Copied(700.0)}
    assert judged(both, {"range_km": 2000, "payload_kg": 700}, {"rel": 0.1}).verdict == "computed-pass"


def test_a_figure_known_to_be_wrong_is_marked_when_it_is_missed_and_only_that_figure() -> None:
    values: dict[str, Value] = {"vertical_apogee_km": 141.7, "published_claim_mi": 88.0}
    expected = {"vertical_apogee_km": 141.7, "published_claim_mi": [750, 800]}
    assert judged(values, expected, {"km": 1}, id="HIS-10").verdict == "known-wrong source"
    assert judged(values, expected, {"km": 1}, id="MINE").verdict == "computed-fail"
    other = {**expected, "published_claim_mi": [500, 600]}
    assert judged(values, other, {"km": 1}, id="HIS-10").verdict == "computed-fail"


def test_a_wrong_figure_does_not_excuse_a_right_one_that_is_missed() -> None:
    values: dict[str, Value] = {"vertical_apogee_km": 150.0, "published_claim_mi": 93.0}
    expected = {"vertical_apogee_km": 141.7, "published_claim_mi": [750, 800]}
    assert judged(values, expected, {"km": 1}, id="HIS-10").verdict == "computed-fail"


def test_units_are_converted_on_both_sides() -> None:
    (row,) = judged({"range_m": 1609344.0}, {"range_mi": 990}, {"km": 20}).rows
    assert row.ours == pytest.approx(1000.0)
    assert row.allowed == pytest.approx(20 / 1.609344)
    assert row.is_met


@pytest.mark.parametrize(
    ("tolerance", "other", "allowed"),
    [
        ({"speed_rel": 0.1, "rel": 0.5}, "time_s", 500.0),
        ({"rel_speed": 0.2, "s": 1}, "time_s", 1000.0),
        ({"max_speed_m_s": 7, "m_s": 9}, "v_m_s", 7.0),
        ({"speed_km_s": 0.003, "m_s": 9}, "v_m_s", 3.0),
        ({"km_s": 0.009, "abs": 4}, "ratio", 9.0),
        ({"abs": 4}, "ratio", 4.0),
    ],
)
def test_a_tolerance_that_names_the_output_goes_before_a_general_one(
    tolerance: dict, other: str, allowed: float
) -> None:
    found = judged({"max_speed_m_s": 5001.0, other: 1.0}, {"max_speed_m_s": 5000, other: 1}, tolerance)
    assert found.rows[0].allowed == pytest.approx(allowed)
    assert len(found.rows) == 2


def test_an_output_without_a_tolerance_is_left_out_with_the_reason() -> None:
    found = judged({"time_s": 1.0, "mach": 20.0}, {"time_s": 1, "mach": 23}, {"time_s": 0.1})
    assert found.left_out == {"mach": "the case states no tolerance for it"}
    assert found.verdict == "computed-pass"


def test_a_tolerance_that_fits_no_output_is_refused() -> None:
    with pytest.raises(CaseError, match=r"case T-1: tolerance.km: expected a tolerance of one of time_s; it fits none"):
        judged({"time_s": 1.0}, {"time_s": 1}, {"s": 1, "km": 1})


def test_an_output_that_the_kind_does_not_give_is_refused() -> None:
    with pytest.raises(CaseError, match=r"case T-1: expected.speed_mps: this kind gives time_s"):
        judged({"time_s": 1.0}, {"speed_mps": 1}, {"rel": 1})


def test_counts_need_no_tolerance_and_are_exact() -> None:
    assert judged({"cases": 24}, {"cases": 24}, {}).verdict == "computed-pass"
    assert judged({"cases": 24}, {"cases": 23}, {}).verdict == "computed-fail"


def test_words_and_names_are_compared_as_such() -> None:
    assert judged({"is_open": True}, {"is_open": True}, {}).verdict == "computed-pass"
    assert judged({"is_open": True}, {"is_open": False}, {}).verdict == "computed-fail"
    assert judged({"towns": ["B", "A"]}, {"towns": ["A", "B"]}, {}).verdict == "computed-pass"
    assert judged({"towns": ["B"]}, {"towns": ["A", "B"]}, {}).verdict == "computed-fail"
    assert judged({"towns": []}, {"towns": ["A"]}, {}).verdict == "computed-fail"


@pytest.mark.parametrize(
    ("key", "ours", "verdict"),
    [
        ("v_mph_more_than", 17100.0, "computed-pass"),
        ("v_mph_more_than", 16900.0, "computed-pass"),
        ("v_mph_more_than", 16000.0, "computed-fail"),
        ("v_mph_at_least", 99000.0, "computed-pass"),
        ("v_mph_under", 1.0, "computed-pass"),
        ("v_mph_under", 18000.0, "computed-fail"),
    ],
)
def test_a_bound_is_held_on_its_own_side_only(key: str, ours: float, verdict: str) -> None:
    assert judged({"v_mph": ours}, {key: 17000}, {"rel": 0.03}).verdict == verdict


@pytest.mark.parametrize(
    ("ours", "error", "is_met"), [(5.0, 0.0, True), (6.4, 0.4, True), (3.5, -0.5, True), (7.1, 1.1, False)]
)
def test_two_published_numbers_against_one_are_an_interval(ours: float, error: float, is_met: bool) -> None:
    (row,) = judged({"t_s": ours}, {"t_s": [4, 6]}, {"s": 1}).rows
    assert (row.error, row.is_met) == (pytest.approx(error), is_met)


def test_a_span_must_lie_within_what_was_published_unless_it_need_only_touch() -> None:
    inside, beyond = Span(4.5, 6.5), Span(4.5, 8.0)
    assert judged({"t_s": inside}, {"t_s": [4, 6]}, {"s": 1}).verdict == "computed-pass"
    assert judged({"t_s": beyond}, {"t_s": [4, 6]}, {"s": 1}).verdict == "computed-fail"
    assert judged({"t_s": Span(4.5, 8.0, is_bracket=False)}, {"t_s": [4, 6]}, {"s": 1}).verdict == "computed-pass"
    assert judged({"t_s": Span(7.5, 8.0, is_bracket=False)}, {"t_s": [4, 6]}, {"s": 1}).verdict == "computed-fail"
    assert judged({"t_s": Span(2.0, 2.9, is_bracket=False)}, {"t_s": 4}, {"s": 1}).verdict == "computed-fail"


def test_lists_are_compared_one_by_one_and_vectors_against_their_length() -> None:
    published = {"r_km": [7000, 1]}
    assert judged({"r_km": [7000.0, 1.5]}, published, {"rel": 1e-3}).verdict == "computed-fail"
    assert judged({"r_km": np.array([7000.0, 1.5])}, published, {"rel": 1e-3}).verdict == "computed-pass"
    with pytest.raises(CaseError, match="expected 2 numbers"):
        judged({"r_km": [7000.0, 1.5]}, {"r_km": [1, 2, 3]}, {"rel": 1})


def test_gaps_of_a_list_are_left_out_by_place() -> None:
    found = judged({"range_km": [None, 1650.0]}, {"range_km": [750, 1600]}, {"rel": 0.1})
    assert found.verdict == "computed-pass"
    assert found.left_out == {"range_km[0]": "nothing in the catalogue to compute it with"}


def test_angles_differ_the_shorter_way_round() -> None:
    (row,) = judged({"azi_deg": 359.9}, {"azi_deg": 0.2}, {"deg": 1}).rows
    assert row.error == pytest.approx(-0.3)
    assert row.is_met


def test_a_published_value_that_is_no_number_is_refused() -> None:
    with pytest.raises(
        CaseError, match=r"expected.t_s: expected a finite number, a word or a list of one kind, found nan"
    ):
        judged({"t_s": 1.0}, {"t_s": float("nan")}, {"s": 1})
    with pytest.raises(CaseError, match="expected a number or two bounds, found 'soon'"):
        judged({"t_s": 1.0}, {"t_s": "soon"}, {"s": 1})


@pytest.mark.parametrize("odd", [None, {}, [1, "a"], [True, 1], [None], 10**400, [1e301], True, ["a"], [1, 2, 3]])
def test_whatever_stands_for_a_number_is_a_verdict_or_a_complaint_and_never_a_crash(odd: Any) -> None:
    with pytest.raises(CaseError, match=r"case T-1: expected.t_s: expected"):
        judged({"t_s": 1.0}, {"t_s": odd}, {"s": 1})


@pytest.mark.parametrize("error", [ValueError("off"), ZeroDivisionError("off"), OverflowError("off")])
def test_inputs_that_break_the_arithmetic_are_a_failure_with_the_reason(error: Exception) -> None:
    def compute(given: Given, context: Any) -> dict[str, Value]:
        raise error

    method = Method(kind="told", about="", compute=compute, takes=(), gives=())
    found = judge(case({"x": 1}, {"abs": 1}), {"told": method}, NOBODY)
    assert (found.verdict, found.remark) == ("computed-fail", "not computable: off")
