"""Properties on runs of the reference raid: the silent partner moves nothing but under two keys."""

import pytest

from diptych.model.arrangement import Arrangement
from diptych.model.conduct import COOPERATIVE, Conduct, Since
from diptych.model.record import RunRecord
from diptych.sim.prepare import Prepared
from diptych.sim.properties import Violation, check_runs
from diptych.sim.run import run
from diptych.sim.world import draw_world

SILENT = tuple(
    Conduct(f"silent:{party}", "silent", "Says nothing.", "party", party, Since(), ()) for party in ("nato", "russia")
)


def broken(prepared: Prepared, name: str) -> tuple[Violation, ...]:
    world = draw_world(prepared, 1, 0)

    def play(arrangement: Arrangement, conduct: str) -> RunRecord:
        return run(world, arrangement, conduct, keep_events=True)

    arrangement = next(a for a in prepared.scenario.arrangements if a.id == name)
    return check_runs(play, arrangement, SILENT, prepared.party_states)


@pytest.mark.parametrize("name", ["separate", "coordinated", "sectoral-own-sector", "single-operator"])
def test_a_silent_partner_moves_no_release_and_no_run_breaks_a_property(four: Prepared, name: str) -> None:
    assert broken(four, name) == ()


def test_under_two_keys_a_silent_partner_takes_every_release_away(four: Prepared) -> None:
    found = broken(four, "dual-key")
    assert {v.property for v in found} == {"no-outside-veto"}
    assert {v.conduct for v in found} == {"silent:nato", "silent:russia"}
    assert all("fires nothing instead of" in v.text for v in found)
    assert COOPERATIVE not in {v.conduct for v in found}
