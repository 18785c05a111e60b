"""Random arrangements, random people, links and message orders: 100 000 runs, and no property fails that should hold.

Hypothesis draws bytes, each string is an arrangement (`tests.helpers.random_arrangements`); the check of
`command.properties` is made, and then it is played some thirteen times in a model world: at random, with the link cut,
and in probes of what the check says about power. See docs/explanation/proofs.md.
"""

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from tests.helpers.command_search import Search

PARTS = 4
ARRANGEMENTS = 2100
RUNS = 25_000
LACKED = (
    "no-outside-veto",
    "no-cross-command",
    "centre-loss-safe",
    "double-engagement-detected",
    "provenance-kept",
    "nothing-by-silence-unless-said",
    "every-path-ends",
    "every-territory-has-an-owner",
)
"""For each of these a run must be found that shows the lack where the check says there is one."""


@pytest.mark.parametrize("part", range(PARTS))
def test_what_the_check_says_holds_no_run_breaks_and_what_it_says_fails_some_run_does(part: int) -> None:
    search = Search()

    @seed(part)
    @settings(
        max_examples=ARRANGEMENTS,
        deadline=None,
        database=None,
        phases=(Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck),
    )
    @given(st.binary(min_size=220, max_size=220))
    def every(data: bytes) -> None:
        search.try_one(data)

    every()
    assert search.runs >= RUNS
    for name in LACKED:
        assert search.judged[name, True] > 0, f"no arrangement has {name}"
        assert search.judged[name, False] > 0, f"every arrangement has {name}"
        assert search.broken[name] > 0, f"no run shows that {name} is missing anywhere"
    assert search.broken["fires-by-silence"] > 0
