"""Whole runs of the reference raid on one core: everything counted, shared work included; wakes and where time goes."""

import time

from diptych.edge.build import load_scenario
from diptych.edge.geography import load_cities, load_territory
from diptych.sim.prepare import prepare
from diptych.sim.run import run
from diptych.sim.world import draw_world
from diptych.study.design import needed_runs, rows_of

REPLICATES = 20


def measure() -> list[dict[str, object]]:
    """Return runs per second per core of `europe-2012` under all arrangements, wakes per run and the shares of time."""
    scenario = load_scenario("europe-2012", arrangements=("all",))
    begin = time.process_time()
    prepared = prepare(scenario, load_territory(), load_cities())
    prepared_s = time.process_time() - begin
    names = [a.id for a in scenario.arrangements if not a.is_baseline]
    wanted = needed_runs(scenario, rows_of(scenario, names, ("cooperative",)))
    warm = draw_world(prepared, 1, 0)
    for _, arrangement, conduct in wanted:
        run(warm, arrangement, conduct, keep_events=False)
    world_s = run_s = 0.0
    wakes = count = 0
    for replicate in range(1, REPLICATES + 1):
        begin = time.process_time()
        world = draw_world(prepared, 1, replicate)
        middle = time.process_time()
        for _, arrangement, conduct in wanted:
            wakes += run(world, arrangement, conduct, keep_events=False).wakes
            count += 1
        world_s += middle - begin
        run_s += time.process_time() - middle
    total = world_s + run_s
    return [
        {"what": "scenario made ready (steering, fly-out tables)", "figure": round(prepared_s, 2), "unit": "s"},
        {
            "what": "runs per second per core, everything counted",
            "figure": round(count / total, 1),
            "unit": "runs/s",
            "against": "gate 67, goal 300 (processor time)",
        },
        {
            "what": "the world of a replicate (flights, looks)",
            "figure": round(1e3 * world_s / REPLICATES, 2),
            "unit": "ms",
        },
        {"what": "one run on it, own tracking included", "figure": round(1e3 * run_s / count, 2), "unit": "ms"},
        {"what": "wakes per run", "figure": round(wakes / count, 1), "unit": "wakes", "against": "budget 150"},
        {
            "what": "time per wake, all of a run counted",
            "figure": round(1e6 * run_s / wakes, 1),
            "unit": "us",
            "against": "budget 20",
        },
    ]
