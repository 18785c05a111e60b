"""The search of the command layer, small: 2000 runs of random arrangements; `verification` makes 100 000."""

import random

from tests.helpers.command_search import Search


def test_no_run_of_random_arrangements_breaks_what_the_check_says_holds() -> None:
    search, luck = Search(), random.Random(20121120)
    while search.runs < 2000:
        search.try_one(luck.randbytes(220))
    assert search.broken["no-outside-veto"] > 0
    assert search.broken["double-engagement-detected"] > 0
