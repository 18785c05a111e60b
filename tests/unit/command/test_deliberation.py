"""The deliberate phase on made-up luck: who objects when, what is taken out, when a text is agreed."""

import math

import msgspec
import numpy as np
import pytest

from diptych.command.deliberation import (
    NO_TEXT,
    Procedure,
    deliberate,
    mean_all_answer_s,
    mean_silence_s,
    mean_with_hold_outs_s,
    spread_of,
)
from diptych.model.errors import LocalError

CALM = Procedure(
    "silence", 3, 48.0, np.full(3, 1.0), np.full(3, 0.1), np.zeros(3, dtype=np.int64), 3, 1, 10.0, 1000.0
)  # fmt: skip


def luck(table):
    """Uniforms by (round, member) for every replicate; rounds beyond the table draw nobody."""

    def drawn(replicates, first, rounds):
        out = np.full((replicates.size, rounds, 3), 0.99)
        rows = np.array(table)[first : first + rounds]
        out[:, : len(rows)] = rows
        return out

    return drawn


QUIET = luck([[0.5, 0.5, 0.5]])


def test_a_text_nobody_objects_to_is_agreed_when_the_first_deadline_passes() -> None:
    found = deliberate(CALM, 2, QUIET, QUIET)
    assert found.time_s.tolist() == [48.0, 48.0]
    assert found.rounds.tolist() == [1, 1]
    assert found.dropped.tolist() == [0, 0]


def test_one_objection_stops_the_round_and_the_next_begins_after_the_redraft() -> None:
    found = deliberate(CALM, 1, luck([[0.5, 0.05, 0.5], [0.5, 0.5, 0.5]]), QUIET)
    assert found.time_s.tolist() == [48.0 + 10.0 + 48.0]
    assert found.rounds.tolist() == [2]
    assert found.dropped.tolist() == [0]  # a word was changed, nothing was taken out


def test_a_hold_out_objects_until_its_provisions_are_out() -> None:
    stubborn = msgspec.structs.replace(CALM, limits=np.array([0, 2, 0]))
    found = deliberate(stubborn, 1, QUIET, QUIET)
    assert found.rounds.tolist() == [3]
    assert found.dropped.tolist() == [2]
    assert found.time_s.tolist() == [3 * 48.0 + 2 * 10.0]


def test_larger_steps_of_dilution_lose_more_than_was_asked_in_fewer_rounds() -> None:
    stubborn = msgspec.structs.replace(CALM, limits=np.array([0, 1, 0]), dilution_steps=2)
    found = deliberate(stubborn, 1, QUIET, QUIET)
    assert (found.rounds.tolist(), found.dropped.tolist()) == ([2], [2])


def test_a_hold_out_whom_nothing_satisfies_leaves_no_text() -> None:
    never = msgspec.structs.replace(CALM, limits=np.array([4, 0, 0]))
    found = deliberate(never, 1, QUIET, QUIET)
    assert not found.is_agreed.any()
    assert math.isinf(found.time_s[0])
    assert (found.rounds.tolist(), found.dropped.tolist()) == ([NO_TEXT], [NO_TEXT])


def test_a_round_that_would_end_after_the_horizon_is_not_awaited() -> None:
    short = msgspec.structs.replace(CALM, horizon_s=100.0)
    assert not deliberate(short, 1, luck([[0.5, 0.05, 0.5]]), QUIET).is_agreed.any()
    enough = msgspec.structs.replace(CALM, horizon_s=106.0)
    assert deliberate(enough, 1, luck([[0.5, 0.05, 0.5]]), QUIET).is_agreed.all()


def test_where_all_must_answer_the_slowest_member_ends_the_round() -> None:
    asked = msgspec.structs.replace(CALM, kind="all-answer", answer_s=np.array([1.0, 10.0, 100.0]))
    answers = luck([[math.exp(-5.0), math.exp(-3.0), math.exp(-0.1)]])
    found = deliberate(asked, 1, QUIET, answers)
    assert found.time_s[0] == pytest.approx(30.0)


def test_a_member_that_never_answers_agrees_by_silence_and_blocks_where_all_must_answer() -> None:
    mute = msgspec.structs.replace(CALM, answer_s=np.array([1.0, np.inf, 1.0]))
    assert deliberate(mute, 1, QUIET, QUIET).is_agreed.all()
    assert not deliberate(msgspec.structs.replace(mute, kind="all-answer"), 1, QUIET, QUIET).is_agreed.any()


def test_rounds_beyond_the_first_block_are_played_too() -> None:
    patient = msgspec.structs.replace(CALM, horizon_s=1e4)
    found = deliberate(patient, 1, luck([[0.05, 0.5, 0.5]] * 17), QUIET)
    assert found.rounds.tolist() == [18]
    assert found.time_s[0] == pytest.approx(18 * 48.0 + 17 * 10.0)


def test_no_members_agree_at_once_after_the_deadline() -> None:
    none = np.zeros(0)
    nobody = msgspec.structs.replace(CALM, need=0, answer_s=none, objects=none, limits=none.astype(np.int64))

    def no_luck(replicates, _first, rounds):
        return np.zeros((replicates.size, rounds, 0))

    assert deliberate(nobody, 1, no_luck, no_luck).time_s.tolist() == [48.0]
    asked = msgspec.structs.replace(nobody, kind="all-answer")
    assert deliberate(asked, 1, no_luck, no_luck).time_s.tolist() == [0.0]


def test_where_two_of_three_are_enough_one_objection_or_hold_out_stops_nothing() -> None:
    two = msgspec.structs.replace(CALM, need=2)
    assert deliberate(two, 1, luck([[0.05, 0.5, 0.5]]), QUIET).rounds.tolist() == [1]
    assert deliberate(two, 1, luck([[0.05, 0.05, 0.5]]), QUIET).rounds.tolist() == [2]
    held = msgspec.structs.replace(two, limits=np.array([4, 0, 0]))
    assert deliberate(held, 1, QUIET, QUIET).dropped.tolist() == [0]


def test_where_two_of_three_must_say_yes_the_second_yes_ends_the_round() -> None:
    asked = msgspec.structs.replace(CALM, kind="all-answer", need=2, answer_s=np.full(3, 10.0))
    answers = luck([[math.exp(-1.0), math.exp(-3.0), math.exp(-2.0)]])
    assert deliberate(asked, 1, QUIET, answers).time_s[0] == pytest.approx(20.0)
    one_against = luck([[0.05, 0.5, 0.5]])
    assert deliberate(asked, 1, one_against, answers).time_s[0] == pytest.approx(30.0)


def test_rounds_without_length_and_a_horizon_without_end_are_refused() -> None:
    with pytest.raises(LocalError, match="finite horizon"):
        deliberate(msgspec.structs.replace(CALM, horizon_s=math.inf), 1, QUIET, QUIET)
    with pytest.raises(LocalError, match="at most 3 voices needed, got 4"):
        deliberate(msgspec.structs.replace(CALM, need=4), 1, QUIET, QUIET)
    with pytest.raises(LocalError, match="rounds that take time"):
        deliberate(msgspec.structs.replace(CALM, deadline_s=0.0, redraft_s=0.0), 1, QUIET, QUIET)


def test_closed_forms_have_their_check_values() -> None:
    assert mean_silence_s(48.0, np.full(28, 0.02)) == pytest.approx(48.0 / 0.98**28)
    assert mean_silence_s(48.0, np.full(28, 0.02)) == pytest.approx(84.5, abs=0.05)
    assert mean_silence_s(48.0, np.array([0.0, 1.0])) == math.inf
    assert mean_all_answer_s(1.0, 28) == pytest.approx(3.927, abs=5e-4)
    assert mean_with_hold_outs_s(48.0, np.zeros(28), needed=3, steps=2, redraft_s=10.0) == 2 * 58.0 + 48.0


def test_texts_never_agreed_count_as_later_than_all_others() -> None:
    found = spread_of(np.array([1.0, 2.0, np.inf, np.inf]))
    assert found.agreed == 0.5
    assert (found.low_s, found.median_s, found.high_s) == (1.0, 2.0, math.inf)
    assert found.mean_s == 1.5
    nobody = spread_of(np.array([np.inf]))
    assert (nobody.mean_s, nobody.median_s) == (None, math.inf)
