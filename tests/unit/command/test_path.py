"""The path to permission: which action, which step next, what counts as done or refused."""

from diptych.command.path import Answers, action_of, is_step_refused, next_step, rules_of, waits_for
from diptych.command.sectors import is_inside, sector_owner
from diptych.model.arrangement import Consent, Sector, Step, Wait
from tests.helpers.small import small_arrangement

CLASSIFY = Step("classify", ("nato.watch",), ("nato",), 1, "watch:classify")
KEYS = Step("second-key", ("a", "b", "c"), ("nato", "russia", "nato"), 2, "two of three")


def consent(*steps: Step, waits: tuple[Wait, ...] = ()) -> Consent:
    return Consent("nato", "intercept-over-own", "k-of-n", steps, waits)


def test_own_territory_comes_before_the_partners_and_a_third_states() -> None:
    rules = rules_of(small_arrangement(), "nato", {"nato": frozenset({"TR"}), "russia": frozenset({"RU"})})
    assert action_of(("RU", "TR"), rules) == "intercept-over-own"
    assert action_of(("RU", "SE"), rules) == "intercept-over-partner"
    assert action_of(("SE",), rules) == "intercept-over-third"
    assert action_of((), rules) == "intercept-over-third"


def test_steps_are_asked_in_the_order_of_the_path() -> None:
    path = consent(CLASSIFY, KEYS)
    assert next_step(path, Answers()) is CLASSIFY
    assert next_step(path, Answers({("classify", "nato.watch"): "yes"})) is KEYS


def test_permission_is_there_when_every_step_has_enough_yes() -> None:
    path = consent(KEYS)
    assert next_step(path, Answers({("second-key", "a"): "yes"})) is KEYS
    assert next_step(path, Answers({("second-key", "a"): "yes", ("second-key", "c"): "yes"})) is None


def test_an_answer_to_another_act_does_not_count() -> None:
    path = consent(KEYS)
    assert next_step(path, Answers({("classify", "a"): "yes", ("second-key", "b"): "yes"})) is KEYS


def test_a_step_is_refused_when_too_many_said_no() -> None:
    assert not is_step_refused(KEYS, Answers({("second-key", "a"): "no"}))
    assert is_step_refused(KEYS, Answers({("second-key", "a"): "no", ("second-key", "b"): "no"}))


def test_silence_is_a_hold_unless_a_wait_says_otherwise() -> None:
    assert [w.then for w in waits_for(consent(KEYS), "second-key")] == ["hold"]
    engage = Wait("second-key", 30.0, "engage")
    assert waits_for(consent(KEYS, waits=(engage,)), "second-key") == (engage,)


def test_the_role_a_wait_passes_to_counts_for_the_silent_one() -> None:
    path = consent(CLASSIFY, waits=(Wait("classify", 30.0, "pass-to", "deputy", "nato"),))
    assert next_step(path, Answers({("classify", "deputy"): "yes"})) is None


def test_a_deputy_makes_good_silence_and_not_a_refusal() -> None:
    two_of_two = Step("second-key", ("a", "b"), ("nato", "nato"), 2, "two of two")
    path = consent(two_of_two, waits=(Wait("second-key", 30.0, "pass-to", "deputy", "nato"),))
    said = {("second-key", "b"): "yes", ("second-key", "deputy"): "yes"}
    assert next_step(path, Answers(said)) is None
    assert next_step(path, Answers({**said, ("second-key", "a"): "no"})) is two_of_two


def test_a_point_is_inside_a_polygon_by_ray_casting_and_not_in_its_notch() -> None:
    notched = ((0.0, 0.0), (0.0, 4.0), (4.0, 4.0), (2.0, 2.0), (4.0, 0.0))
    assert is_inside(1.0, 2.0, notched)
    assert not is_inside(3.0, 2.0, notched)
    assert not is_inside(5.0, 2.0, notched)


def test_the_first_sector_that_holds_a_point_owns_it_and_rest_takes_what_is_left() -> None:
    square = Sector("russia", "east", ((0.0, 1.0), (0.0, 2.0), (1.0, 2.0), (1.0, 1.0)))
    rest = Sector("nato", "rest", ())
    assert sector_owner(0.5, 1.5, (square, rest)) == "russia"
    assert sector_owner(0.5, 0.5, (square, rest)) == "nato"
    assert sector_owner(0.5, 0.5, (square,)) is None
