"""The joint plan, searched further than a unit test may: every log of five entries, every pair of prefixes."""

import pytest

from diptych.command.plan import AgreedPlan
from tests.unit.command.test_plan import PLANS, holds_for, logs, pairs_in_which_both_hold, small_kinds


@pytest.mark.parametrize("plan", PLANS, ids=("territory", "order", "responses"))
def test_in_no_log_of_five_entries_and_no_pair_of_prefixes_does_each_hold_for_the_other(plan: AgreedPlan) -> None:
    found = pairs_in_which_both_hold(lambda log, own: holds_for(plan, log, own), logs(small_kinds("ab"), 5))
    assert next(found, None) is None
