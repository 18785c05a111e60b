"""The verb `run`: from a question to the bytes of every result file.

`carry_out` is the whole path: load, prepare, replicates (here or in workers), comparison, the story of one replicate,
report, files. It is a function of the question and of the scenario's text, so that `replay` can ask it again and
compare bytes. Nothing is written here; `edge.rundir` does that.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Mapping
from typing import Any, Literal

import msgspec
import numpy as np

from diptych import __version__
from diptych.edge import build
from diptych.edge.compiling import without_linear_algebra
from diptych.edge.geography import load_borders, load_cities, load_territory
from diptych.edge.obstruction_text import obstruction_table
from diptych.edge.progress import Progress
from diptych.edge.provenance import libraries, program_digest, provenance
from diptych.edge.rundir import canonical_json
from diptych.edge.workers import Interrupted, default_workers, map_indexed
from diptych.kernels.earth import geodetic_to_ecef
from diptych.model.errors import ScenarioError
from diptych.model.record import RunRecord
from diptych.model.result import Comparison, Sweep
from diptych.model.scenario import Scenario
from diptych.sim.falling import fallen_stages
from diptych.sim.prepare import prepare
from diptych.sim.world import World, draw_world, drawn_flight
from diptych.study.compare import compare
from diptych.study.design import Row, rows_of, shown_rows
from diptych.study.replicate import Plan, Result, plan_of, run_replicate, run_rows
from diptych.study.sweep import Swept, Variant, sweeps_of, swept, variants
from diptych.study.telling import most_telling

BOOTSTRAP = 0x626F6F74  # keeps the bootstrap's generator apart from the draws of the same root seed
FLIGHT_STEP_S = 10
BOUNDARY_POLICY = (
    "Borders follow Natural Earth, with Crimea drawn in Ukraine (UN General Assembly resolution 68/262) and disputed "
    "lines dashed; a line on this map is no statement on anybody's claim."
)


class Question(msgspec.Struct, frozen=True):
    """What `run` was asked; everything results depend on besides the scenario's text.

    `scenario` is a shipped name or a path; `arrangements` None: those of the file; `conducts` empty: those of the
    file. `sweep_replicates` is how many replicates each point of a sweep has, 0 for no sweeps. `story` is the
    replicate told in full, None for the one in which the arrangements differ most.
    """

    scenario: str
    arrangements: tuple[str, ...] | None = None
    conducts: tuple[str, ...] = ()
    settings: dict[str, float | str] = {}
    raid_size: int | None = None
    seed: int = 1
    replicates: int = 1
    story: int | None = None
    sweep_replicates: int = 0
    has_report: bool = True


class Answer(msgspec.Struct, frozen=True, eq=False):
    """What came out: the comparison, the told replicate, every compared file, and what a timing file wants to know."""

    scenario: Scenario
    comparison: Comparison
    story: dict[str, RunRecord]
    files: dict[str, bytes]
    runs: int
    wakes: int
    run_seconds: float


class Unfinished(Interrupted):
    """Ctrl-C after at least one replicate: the comparison of the first `done`, as a run of so many would give it."""

    def __init__(self, stop: Interrupted, scenario: Scenario, comparison: Comparison) -> None:
        super().__init__(stop.values, stop.count)
        self.scenario = scenario
        self.comparison = comparison


def carry_out(
    question: Question,
    loaded: build.Loaded,
    progress: Progress,
    workers: int | None,
    command: str,
    *,
    wanted: Literal["nothing", "summary", "everything"] = "everything",
) -> Answer:
    """Carry out a run and return everything it leaves behind; `loaded` is `load(question)`.

    `wanted` says which files: none, `summary.json`, or all of them with the report.

    Raises
    ------
    ScenarioError
        A missile cannot reach its aim point.
    Unfinished
        Ctrl-C after at least one replicate.
    Interrupted, LocalError
        See `edge.workers`.
    """
    scenario = loaded.scenario
    rows = rows_of(scenario, [a.id for a in scenario.arrangements if not a.is_baseline], scenario.conducts)
    plans, points = _points(question, scenario, rows)
    progress.step("solving the raid")
    territory, cities = load_territory(), load_cities()
    try:
        prepared = prepare(scenario, territory, cities)
    except ScenarioError as error:
        from diptych.edge.lint import placed

        raise placed(error, loaded) from error
    plan = plan_of(prepared, rows, question.seed, points, sweep_replicates(question))
    count = question.replicates
    gc.enable()  # `edge.main` starts without
    begun_s = progress.elapsed_s()
    try:
        with progress.bar("replicates", count) as tell:
            results = map_indexed(_setup, plan, count, workers or default_workers(count), tell)
    except Interrupted as stop:
        if not stop.values:
            raise
        shorter = msgspec.structs.replace(question, replicates=stop.done)
        raise Unfinished(stop, scenario, _compare(shorter, scenario, rows, plans, points, stop.values)) from None
    run_seconds = progress.elapsed_s() - begun_s
    progress.step("telling one replicate")
    told = question.story if question.story is not None else most_telling(rows, [r.replicate for r in results])
    world = draw_world(plan.prepared, question.seed, told)
    story = run_rows(world, rows, keep_events=True)
    comparison = _compare(question, scenario, rows, plans, points, results)
    files = {}
    if wanted != "nothing":
        files["summary.json"] = canonical_json(summary(question, scenario, rows, comparison))
    if wanted == "everything":
        files |= _tables(scenario, rows, results, story, world)
        if comparison.obstruction is not None:
            files["obstruction.parquet"] = obstruction_table(comparison.obstruction)
        files["scenario.yaml"] = loaded.resolved_yaml.encode("utf-8")
    if wanted == "everything" and question.has_report:
        progress.step("writing the report")
        files |= _pages(question, loaded, comparison, story, world, command)
    touched = sum(len(v.touched) for v in points) * sweep_replicates(question)
    runs = count * len(story) + touched
    wakes = sum(sum(r.replicate.wakes) for r in results)
    return Answer(scenario, comparison, story, files, runs, wakes, run_seconds)


def load(question: Question) -> build.Loaded:
    """Return the scenario of a question with its resolved text; ScenarioError with all problems at once."""
    return build.load(
        question.scenario,
        arrangements=question.arrangements,
        settings=question.settings,
        raid_size=question.raid_size,
        conducts=question.conducts or None,
    )


def sweep_replicates(question: Question) -> int:
    """Return how many replicates the sweeps have: never more than the run itself."""
    return min(question.sweep_replicates, question.replicates)


def manifest(question: Question, answer: Answer) -> dict[str, Any]:
    """Return what `run.json` says: enough to ask the same question again, and what made the answer."""
    from diptych.kernels.target import cpu_target

    asked = msgspec.to_builtins(question)
    return {
        "version": __version__,
        "program": program_digest(),
        "libraries": libraries(),
        "cpu_target": cpu_target(),
        "scenario": answer.scenario.id,
        "scenario_digest": answer.scenario.digest,
        "marking": answer.scenario.marking,
        "truth_digest": answer.comparison.truth_digest,
        "arrangements": list(answer.comparison.arrangements),
        "question": asked,
    }


def question_of(manifest: Mapping[str, Any], scenario_path: str, *, as_asked: bool = False) -> Question:
    """Return the question of a run directory, asked of its own resolved scenario (or as it was typed).

    What the settings, the raid size and the choice of arrangements changed stands in the resolved scenario already.
    """
    asked = dict(manifest["question"])
    if not as_asked:
        asked.update(scenario=scenario_path, arrangements=None, settings={}, raid_size=None, conducts=())
    return msgspec.convert(asked, Question)


def summary(question: Question, scenario: Scenario, rows: tuple[Row, ...], comparison: Comparison) -> dict[str, Any]:
    """Return the content of `summary.json`."""
    plain = msgspec.to_builtins(comparison)
    return {
        "schema": "diptych/summary/1",
        "scenario": scenario.id,
        "seed": question.seed,
        "replicates": comparison.replicates,
        "truth_digest": comparison.truth_digest,
        "arrangements": {label: {"parties": parties} for label, parties in plain["table"].items()},
        "differences": plain["differences"],
        "provenance": provenance(scenario, question.seed, comparison.replicates),
        "rows": [
            {"label": r.label, "arrangement": r.arrangement, "conduct": r.conduct, "title": r.title, "joined": r.joined}
            for r in rows
        ],
        "metrics": plain["metrics"],
        "sweeps": plain["sweeps"],
        "sentences": plain["sentences"],
        "obstruction": plain["obstruction"],
        "marking": scenario.marking,
    }


def _points(
    question: Question, scenario: Scenario, rows: tuple[Row, ...]
) -> tuple[tuple[Swept, ...], tuple[Variant, ...]]:
    if sweep_replicates(question) == 0:
        return (), ()
    plans = swept(scenario, rows)
    return plans, variants(scenario, plans)


def _setup(plan: Plan) -> Callable[[int], Result]:
    """Make the task of a worker: one replicate of the plan."""
    with without_linear_algebra():
        geodetic_to_ecef(0.0, 0.0, 0.0)  # the first kernel that a worker loads
    return lambda index: run_replicate(plan, index)


def _compare(
    question: Question,
    scenario: Scenario,
    rows: tuple[Row, ...],
    plans: tuple[Swept, ...],
    points: tuple[Variant, ...],
    results: list[Result],
) -> Comparison:
    from diptych.study.sweep import SWEPT_INDEX

    sweeps: tuple[Sweep, ...] = ()
    if points:
        some = results[: sweep_replicates(question)]
        shown = shown_rows(rows)
        places = [rows.index(row) for row in shown]
        base = np.stack([r.replicate.values[places][:, :, SWEPT_INDEX] for r in some])
        sweeps = sweeps_of(scenario, shown, plans, points, base, np.stack([r.swept for r in some]))
    generator = np.random.Generator(np.random.Philox(key=[question.seed, BOOTSTRAP]))
    return compare(scenario, rows, [r.replicate for r in results], question.seed, generator, sweeps)


def _tables(
    scenario: Scenario, rows: tuple[Row, ...], results: list[Result], story: dict[str, RunRecord], world: World
) -> dict[str, bytes]:
    from diptych.edge import tables

    return {
        "replicates.parquet": tables.parquet(tables.replicates_frame(scenario, rows, [r.replicate for r in results])),
        "events.parquet": tables.parquet(tables.events_frame(scenario, story)),
        "engagements.parquet": tables.parquet(tables.engagements_frame(scenario, story)),
        "shots.parquet": tables.parquet(tables.shots_frame(scenario, story)),
        "tracks.parquet": tables.parquet(tables.tracks_frame(scenario, world)),
    }


def _pages(
    question: Question,
    loaded: build.Loaded,
    comparison: Comparison,
    story: dict[str, RunRecord],
    world: World,
    command: str,
) -> dict[str, bytes]:
    """Return the report, and its map and swim lanes as pictures of their own."""
    from diptych.edge.assets import load_assets
    from diptych.edge.checking import WINDOW_S, checked_one
    from diptych.edge.lint import lint_loaded
    from diptych.report.page import Command, ComparisonPage
    from diptych.report.pictures import raid_map_file, story_file
    from diptych.report.reports.comparison import render

    borders = load_borders()
    page = ComparisonPage(
        scenario=loaded.scenario,
        comparison=comparison,
        replicate=next(iter(story.values())).replicate,
        is_chosen=question.story is None and comparison.replicates > 1,
        story=story,
        flights=tuple(drawn_flight(flight, i, FLIGHT_STEP_S) for i, flight in enumerate(world.flights)),
        fallen=fallen_stages(world),
        countries=borders.outlines,
        disputed=borders.disputed,
        boundary_policy=BOUNDARY_POLICY,
        attributions=(borders.attribution,),
        version=__version__,
        command=command,
        commands=tuple(
            Command(one.arrangement.id, one.findings, one.blockers, WINDOW_S)
            for a in loaded.scenario.arrangements
            if a.id in comparison.arrangements
            for one in (checked_one(loaded.scenario, a, WINDOW_S),)
        ),
        warnings=tuple(f"{f.severity}: {f.text}" for f in lint_loaded(loaded) if f.severity != "note"),
    )
    assets = load_assets()
    return {
        "report.html": render(page, assets).encode("utf-8"),
        "map.svg": raid_map_file(page, assets).encode("utf-8"),
        "story.svg": story_file(page, assets).encode("utf-8"),
    }
