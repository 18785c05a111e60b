"""Consent under a holder who may hold back, against what a hand can work out."""

from __future__ import annotations

import msgspec
import pytest

from diptych.analysis.deterrence import HOLDS, Case, attempts, chance_of_consent, expected_attempts, withholding
from diptych.model.arrangement import Arrangement, Step
from tests.helpers.synthetic import arrangement, engagement, fate, record, scenario

OWN = "intercept-over-own"


def joint(*steps: Step) -> Arrangement:
    made = arrangement("joint", 8, is_joint=True)
    consents = tuple(msgspec.structs.replace(c, steps=steps) for c in made.consents)
    return msgspec.structs.replace(made, consents=consents)


def key(act: str, role: str, party: str) -> Step:
    return Step(act, (role,), (party,), 1, "key")


@pytest.mark.parametrize("hold", HOLDS)
def test_a_second_key_of_the_partners_leaves_one_minus_the_chance_that_it_is_held(hold: float) -> None:
    made = joint(key("authority", "west-key", "west"), key("second-key", "east-key", "east"))
    assert chance_of_consent(made, "joint", OWN, withholding("east", 1.0), hold) == pytest.approx(1.0 - hold)
    assert chance_of_consent(made, "joint", OWN, withholding("west", 1.0), hold) == pytest.approx(1.0 - hold)


@pytest.mark.parametrize("hold", HOLDS)
def test_where_no_path_asks_the_partner_its_holding_back_changes_nothing(hold: float) -> None:
    made = arrangement("separate", acts=("classify", "authority"))
    assert chance_of_consent(made, "west", OWN, withholding("east", 1.0), hold) == 1.0


def test_two_keys_multiply_and_one_of_two_is_as_good_as_either() -> None:
    both = joint(key("authority", "east-a", "east"), key("second-key", "east-b", "east"))
    either = joint(Step("authority", ("east-a", "east-b"), ("east", "east"), 1, "any"))
    assert chance_of_consent(both, "joint", OWN, withholding("east", 1.0), 0.3) == pytest.approx(0.49)
    assert chance_of_consent(either, "joint", OWN, withholding("east", 1.0), 0.3) == pytest.approx(0.91)


def test_an_attempt_is_a_release_by_anybody_at_a_missile_that_threatens_the_party() -> None:
    made = joint(key("second-key", "east-key", "east"))
    scene = scenario(made)
    fates = (fate(0, "AA"), fate(1, "AA"), fate(2, "AB"), fate(3, "EA"))
    engaged = (
        engagement("joint", 0),
        engagement("joint", 3),
    )
    usual = record("joint", fates=fates, engagements=engaged)
    assert attempts(scene, usual, "west") == pytest.approx(1.0 / 3.0)
    assert attempts(scene, usual, "east") == 1.0
    case = Case("joint", "west", "east")
    assert expected_attempts(scene, made, usual, case, 0.25) == pytest.approx(0.75 / 3.0)
