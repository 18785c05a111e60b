"""Play an arrangement to see whether a run breaks a property: the part of `arrangement check` that takes seconds."""

from __future__ import annotations

from diptych.edge.geography import load_cities, load_territory
from diptych.model.arrangement import Arrangement
from diptych.model.record import RunRecord
from diptych.model.scenario import Scenario
from diptych.sim.prepare import prepare
from diptych.sim.properties import Violation, check_runs
from diptych.sim.run import run
from diptych.sim.world import World, draw_world

PLAYED = (
    "no-outside-veto",
    "no-cross-command",
    "centre-loss-safe",
    "double-engagement-detected",
    "provenance-kept",
    "nothing-by-silence-unless-said",
)
"""Properties that runs can break."""


def violations(
    scenario: Scenario, arrangements: tuple[Arrangement, ...], replicates: int, seed: int
) -> dict[str, list[tuple[int, Violation]]]:
    """Return, by arrangement, (replicate, violation) of every property that a run under some conduct breaks."""
    prepared = prepare(scenario, load_territory(), load_cities())
    found: dict[str, list[tuple[int, Violation]]] = {a.id: [] for a in arrangements}
    for replicate in range(replicates):
        world = draw_world(prepared, seed, replicate)

        def play(arrangement: Arrangement, conduct: str, world: World = world) -> RunRecord:
            return run(world, arrangement, conduct, keep_events=True)

        for arrangement in arrangements:
            broken = check_runs(play, arrangement, scenario.behaviours, prepared.party_states)
            found[arrangement.id] += [(replicate, item) for item in broken]
    return found
