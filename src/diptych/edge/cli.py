"""The command line: what each verb takes, and nothing of how it is done.

Every verb imports what it needs when it is called, so that `--help` stays quick. Exit codes and the text of errors are
`edge.main`'s. Results go to standard output, progress and notes to standard error.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from diptych.edge.cli_conduct import conducts_app
from diptych.edge.cli_deliberate import deliberate, rules_app
from diptych.edge.cli_deterrence import deterrence
from diptych.edge.cli_misreading import misreading

app = typer.Typer(
    name="diptych",
    no_args_is_help=True,
    add_completion=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="Compare ways of commanding two missile-defence complexes together: same raid, same luck, every arrangement.",
    epilog="Start with: diptych run europe-2012 --arrangement all --replicates 20",
)
arrangements_app = typer.Typer(
    no_args_is_help=True, help="List arrangements, show one, compare two, or check properties.", rich_markup_mode=None
)
app.add_typer(arrangements_app, name="arrangement")
scenarios_app = typer.Typer(no_args_is_help=True, help="List the shipped scenarios.", rich_markup_mode=None)
app.add_typer(scenarios_app, name="scenario")
app.add_typer(rules_app, name="rules")
app.add_typer(conducts_app, name="conduct")
app.command(epilog="Example: diptych deliberate europe-2012 --hold-outs 0,1,2,3 --then-run 200")(deliberate)
app.command(epilog="Example: diptych deterrence europe-2012 --replicates 20 --out runs/deterrence")(deterrence)
app.command(epilog="Example: diptych misreading black-brant-1995 --replicates 200 --out runs/misreading")(misreading)

ScenarioName = Annotated[
    str, typer.Argument(metavar="SCENARIO", help="A shipped scenario's name, or the path of a file.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document on standard output and nothing else.")]


def _show_version(is_asked: bool) -> None:
    if is_asked:
        from diptych import __version__

        print(f"diptych {__version__}")
        raise typer.Exit


@app.callback()
def _top(
    version: Annotated[
        bool, typer.Option("--version", help="Print the version.", callback=_show_version, is_eager=True)
    ] = False,
) -> None:
    del version


@app.command(epilog="Example: diptych run europe-2012 --arrangement all --replicates 200 --seed 1 --out runs/first")
def run(
    scenario: ScenarioName,
    arrangement: Annotated[
        str | None,
        typer.Option(
            "--arrangement", "-a", help="Names or files, with commas; `all`: every shipped one. Left out: the file's."
        ),
    ] = None,
    conduct: Annotated[
        str | None,
        typer.Option(
            help="How somebody behaves, with commas: names or files, NAME:WHO for one actor only; `all`: every shipped "
            "one, each party in turn (`diptych conduct list`). Left out: the file's."
        ),
    ] = None,
    seed: Annotated[int, typer.Option(min=0, max=2**63 - 1, help="Root seed: the same seed is the same luck.")] = 1,
    replicates: Annotated[int, typer.Option("--replicates", "-n", min=1, max=10_000_000, help="Draws of luck.")] = 1,
    workers: Annotated[
        int | None, typer.Option("--workers", "-w", min=1, max=256, help="Processes. The results do not depend on it.")
    ] = None,
    raid_size: Annotated[
        int | None, typer.Option(min=1, max=50, help="Trim or repeat the raid to this many missiles.")
    ] = None,
    settings: Annotated[
        list[str] | None,
        typer.Option(
            "--set",
            metavar="KEY=VALUE",
            help="Another value for an assumption: a number, low, mid or high. May be given many times.",
        ),
    ] = None,
    story: Annotated[
        int | None, typer.Option(min=0, help="The replicate to tell in full; otherwise the one that differs most.")
    ] = None,
    sweeps: Annotated[
        int | None,
        typer.Option(
            min=0,
            help="Replicates at each point of the sweeps over assumptions; 0: none. Left out: 10 with --out, else 0.",
        ),
    ] = None,
    out: Annotated[Path | None, typer.Option(help="Write a run directory: results, tables, report.")] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace a run that is at --out already.")] = False,
    as_json: AsJson = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print nothing but errors.")] = False,
    no_progress: Annotated[bool, typer.Option("--no-progress", help="No progress, on a terminal either.")] = False,
    no_report: Annotated[bool, typer.Option("--no-report", help="Leave report.html out.")] = False,
) -> None:
    """Run a scenario under one or more arrangements, on the same raid and the same luck."""
    if story is not None and story >= replicates:
        raise typer.BadParameter(
            f"replicates are numbered from 0: with --replicates {replicates} the last is {replicates - 1}; got {story}",
            param_hint="--story",
        )
    from diptych.edge.comparison import Question
    from diptych.edge.settings import settings_of
    from diptych.edge.verbs import run_verb

    question = Question(
        scenario=scenario,
        arrangements=tuple(_list(arrangement)) or None,
        conducts=tuple(_list(conduct)),
        settings=settings_of(settings or []),
        raid_size=raid_size,
        seed=seed,
        replicates=replicates,
        story=story,
        sweep_replicates=(10 if out is not None else 0) if sweeps is None else sweeps,
        has_report=out is not None and not no_report,
    )
    code = run_verb(
        question,
        workers=workers,
        out=out,
        force=force,
        as_json=as_json,
        quiet=quiet,
        is_shown=not (quiet or no_progress),
    )
    raise typer.Exit(code)


@app.command(epilog="Example: diptych replay runs/first")
def replay(
    run_directory: Annotated[Path, typer.Argument(metavar="RUN_DIR", help="A directory that `run --out` wrote.")],
    workers: Annotated[int | None, typer.Option("--workers", "-w", min=1, max=256, help="Processes.")] = None,
    as_json: AsJson = False,
    no_progress: Annotated[bool, typer.Option("--no-progress", help="No progress, on a terminal either.")] = False,
) -> None:
    """Run again what a run directory says and compare the bytes of every result file."""
    from diptych.edge.replay import replay_verb

    raise typer.Exit(replay_verb(run_directory, workers=workers, as_json=as_json, is_shown=not no_progress))


@app.command(epilog="Example: diptych lint my-scenario.yaml")
def lint(
    scenario: ScenarioName,
    arrangement: Annotated[str | None, typer.Option("--arrangement", "-a", help="As for `run`.")] = None,
    raid_size: Annotated[int | None, typer.Option(min=1, max=50, help="As for `run`.")] = None,
    settings: Annotated[list[str] | None, typer.Option("--set", metavar="KEY=VALUE", help="As for `run`.")] = None,
    is_strict: Annotated[bool, typer.Option("--strict", help="Exit with 1 on warnings as well.")] = False,
    as_json: AsJson = False,
) -> None:
    """Check a scenario by named checks; exit code 3 when the file cannot be run as written."""
    from diptych.edge.lint import has_errors, lint_json, lint_text
    from diptych.edge.lint import lint as find
    from diptych.edge.settings import settings_of

    chosen = tuple(_list(arrangement)) or None
    found = find(scenario, arrangements=chosen, settings=settings_of(settings or []), raid_size=raid_size)
    sys.stdout.write((lint_json(found) if as_json else lint_text(found)).rstrip("\n") + "\n")
    has_warnings = any(f.severity == "warning" for f in found)
    raise typer.Exit(3 if has_errors(found) else int(is_strict and has_warnings))


@app.command(epilog="Example: diptych geometry europe-2012")
def geometry(
    scenario: ScenarioName,
    raid_size: Annotated[int | None, typer.Option(min=1, max=50, help="Number of missiles, 1 to 50.")] = None,
    settings: Annotated[
        list[str] | None, typer.Option("--set", metavar="KEY=VALUE", help="Another value for a not-known number.")
    ] = None,
    seed: Annotated[int, typer.Option(min=0, help="Root seed of the one draw that is shown.")] = 1,
    as_json: AsJson = False,
) -> None:
    """Show who can see and who can reach each missile, whatever anybody decides; for a decision record."""
    from diptych.edge.geometry_text import geometry_verb
    from diptych.edge.settings import settings_of

    sys.stdout.write(geometry_verb(scenario, settings_of(settings or []), raid_size, seed, as_json=as_json))


@app.command(epilog="Example: diptych validate --only FLT-05,FLT-08")
def validate(
    cases: Annotated[
        Path | None, typer.Argument(metavar="[CASES.json]", help="A file of cases. Left out: the shipped ones.")
    ] = None,
    only: Annotated[str | None, typer.Option(help="Ids of cases, with commas.")] = None,
    kind: Annotated[str | None, typer.Option(help="Kinds of cases, with commas.")] = None,
    as_json: AsJson = False,
) -> None:
    """Compute published cases of physics and compare; exit code 1 when one fails that is not known to be wrong."""
    from diptych.edge.validate import validate_verb

    raise typer.Exit(validate_verb(cases, only=_list(only), kinds=_list(kind), as_json=as_json))


@app.command(epilog="Example: diptych coverage europe-2012 --altitude-km 150 --out cover.svg")
def coverage(
    scenario: ScenarioName,
    altitude_km: Annotated[str, typer.Option(help="Heights of the object, km, with commas.")] = "100,300",
    pd: Annotated[str, typer.Option(help="Probabilities of detection in one search dwell, with commas.")] = "0.5,0.9",
    rcs_m2: Annotated[
        float | None, typer.Option(help="Cross-section of the object. Left out: the median of the raid's classes.")
    ] = None,
    settings: Annotated[list[str] | None, typer.Option("--set", metavar="KEY=VALUE", help="As for `run`.")] = None,
    out: Annotated[Path | None, typer.Option(help="Write a map (.svg) or the contours (.geojson).")] = None,
    as_json: AsJson = False,
) -> None:
    """Show what the radars of a scenario cover at some heights, and how often noise alone fools them."""
    from diptych.edge.coverage_text import coverage_verb
    from diptych.edge.settings import numbers_of, settings_of

    text = coverage_verb(
        scenario,
        settings_of(settings or []),
        numbers_of("--altitude-km", altitude_km),
        numbers_of("--pd", pd),
        rcs_m2,
        out,
        as_json=as_json,
    )
    sys.stdout.write(text)


@app.command(epilog="Example: diptych cues europe-2012 --replicates 100 --out runs/cues")
def cues(
    scenario: ScenarioName,
    replicates: Annotated[int, typer.Option("--replicates", "-n", min=1, max=1_000_000, help="Draws of luck.")] = 20,
    seed: Annotated[int, typer.Option(min=0, max=2**63 - 1, help="Root seed: the same seed is the same luck.")] = 1,
    workers: Annotated[
        int | None, typer.Option("--workers", "-w", min=1, max=256, help="Processes. The results do not depend on it.")
    ] = None,
    raid_size: Annotated[int | None, typer.Option(min=1, max=50, help="As for `run`.")] = None,
    settings: Annotated[list[str] | None, typer.Option("--set", metavar="KEY=VALUE", help="As for `run`.")] = None,
    out: Annotated[
        Path | None, typer.Option(help="Write the picture, the JSON and the arrangement files to this directory.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Write into a directory that is not empty.")] = False,
    as_json: AsJson = False,
    no_progress: Annotated[bool, typer.Option("--no-progress", help="No progress, on a terminal either.")] = False,
) -> None:
    """Show what a cue buys: seconds gained by telling launches, impact predictions, or tracks, on the same luck."""
    from diptych.edge.cues import Asked, cues_verb
    from diptych.edge.settings import settings_of

    asked = Asked(scenario, settings_of(settings or []), raid_size, seed, replicates)
    code = cues_verb(asked, workers=workers, out=out, force=force, as_json=as_json, is_shown=not no_progress)
    raise typer.Exit(code)


@app.command(epilog="Example: diptych orderings europe-2012 --replicates 100 --out runs/orderings")
def orderings(
    scenario: ScenarioName,
    arrangement: Annotated[
        str | None, typer.Option("--arrangement", "-a", help="Names or files, with commas; left out: the file's.")
    ] = None,
    replicates: Annotated[int, typer.Option("--replicates", "-n", min=1, max=1_000_000, help="Draws of luck.")] = 40,
    seed: Annotated[int, typer.Option(min=0, max=2**63 - 1, help="Root seed: the same seed is the same luck.")] = 1,
    workers: Annotated[
        int | None, typer.Option("--workers", "-w", min=1, max=256, help="Processes. The results do not depend on it.")
    ] = None,
    raid_size: Annotated[int | None, typer.Option(min=1, max=50, help="As for `run`.")] = None,
    settings: Annotated[list[str] | None, typer.Option("--set", metavar="KEY=VALUE", help="As for `run`.")] = None,
    out: Annotated[Path | None, typer.Option(help="Write the picture and the JSON to this directory.")] = None,
    force: Annotated[bool, typer.Option("--force", help="Write into a directory that is not empty.")] = False,
    as_json: AsJson = False,
    no_progress: Annotated[bool, typer.Option("--no-progress", help="No progress, on a terminal either.")] = False,
) -> None:
    """Show over which assumed delays and kill probabilities one arrangement is better than another, for every pair."""
    from diptych.edge.orderings import Asked, orderings_verb
    from diptych.edge.settings import settings_of

    asked = Asked(scenario, tuple(_list(arrangement)) or None, settings_of(settings or []), raid_size, seed, replicates)
    code = orderings_verb(asked, workers=workers, out=out, force=force, as_json=as_json, is_shown=not no_progress)
    raise typer.Exit(code)


@app.command(epilog="Example: diptych track detections.csv --out tracks.csv --set tracker.confirm_count=6")
def track(
    file: Annotated[Path, typer.Argument(metavar="FILE.csv", help="Detections or trajectories, units in the header.")],
    out: Annotated[Path | None, typer.Option(help="Write state and covariance after each update to this CSV.")] = None,
    error_m: Annotated[
        float, typer.Option(min=0.001, help="Error per axis (one sigma) taken where the file states none.")
    ] = 10.0,
    settings: Annotated[
        list[str] | None,
        typer.Option(
            "--set", metavar="KEY=VALUE", help="Another value for an assumption of the tracker, as for `run`."
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Track your own detections: tracks, burnout, impact point with its ellipse, what the object probably is."""
    from diptych.edge.settings import settings_of
    from diptych.edge.track_text import track_verb

    sys.stdout.write(track_verb(file, out, error_m, settings_of(settings or []), as_json=as_json))


@app.command(epilog="Example: diptych schema scenario > scenario.schema.json")
def schema(
    kind: Annotated[
        str, typer.Argument(metavar="KIND", help="scenario, arrangement, rules, stages or physics-cases.")
    ] = "scenario",
) -> None:
    """Print the JSON Schema of a kind of file, for completion in an editor."""
    import json

    from diptych.edge.schema.documents import json_schema

    print(json.dumps(json_schema(kind), indent=2, ensure_ascii=False))


@app.command(epilog="Example: diptych new scenario my-scenario > my-scenario.yaml")
def new(
    kind: Annotated[str, typer.Argument(metavar="KIND", help="scenario, arrangement, conduct or rules.")],
    name: Annotated[str, typer.Argument(metavar="ID", help="The id of the new file, in small letters and dashes.")],
    out: Annotated[Path | None, typer.Option(help="Write to this file, which must not exist yet.")] = None,
) -> None:
    """Print a commented file to start from."""
    from diptych.edge.new import new_verb

    raise typer.Exit(new_verb(kind, name, out))


@app.command(epilog="Example: diptych catalogue kurecik")
def catalogue(
    name: Annotated[
        str | None,
        typer.Argument(metavar="[NAME]", help="An entry, a kind, `states`, a state's code, `stages`, an act."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """List the catalogue, or print one entry with the source of every value."""
    from diptych.edge.catalogue import load_catalogue
    from diptych.edge.catalogue_text import catalogue_json, catalogue_text

    show = catalogue_json if as_json else catalogue_text
    sys.stdout.write(show(load_catalogue(), name).rstrip("\n") + "\n")


@arrangements_app.command("list")
def arrangement_list(as_json: AsJson = False) -> None:
    """List the shipped arrangements, from apart to joined."""
    from diptych.edge.arrangement_text import arrangements_json, arrangements_text

    sys.stdout.write(arrangements_json() if as_json else arrangements_text())


@arrangements_app.command("show", epilog="Example: diptych arrangement show dual-key")
def arrangement_show(
    name: Annotated[str, typer.Argument(metavar="NAME", help="A shipped arrangement's name, or the path of a file.")],
    scenario: Annotated[str, typer.Option(help="Whose parties, stage times and date to read it with.")] = "europe-2012",
    as_json: AsJson = False,
    window_s: Annotated[
        float, typer.Option(min=1, help="Seconds from the first warning to the last launch that still helps.")
    ] = 400.0,
    as_yaml: Annotated[bool, typer.Option("--yaml", help="Print the file itself, to copy and change.")] = False,
    diagram: Annotated[Path | None, typer.Option(help="Write the path to release as a picture (.svg).")] = None,
) -> None:
    """Show what an arrangement says and what follows: who decides, is told and can block what, and its properties."""
    from diptych.edge.arrangement_text import (
        arrangement_diagram,
        arrangement_json,
        arrangement_text,
        arrangement_yaml,
    )

    if as_yaml:
        sys.stdout.write(arrangement_yaml(name))
        return
    if diagram is not None:
        diagram.write_text(arrangement_diagram(name, scenario), encoding="utf-8")
        print(f"wrote {diagram}", file=sys.stderr)
        return
    show = arrangement_json if as_json else arrangement_text
    sys.stdout.write(show(name, scenario, window_s))


@arrangements_app.command("compare", epilog="Example: diptych arrangement compare separate coordinated")
def arrangement_compare(
    first: Annotated[str, typer.Argument(metavar="A", help="A shipped arrangement's name, or the path of a file.")],
    second: Annotated[str, typer.Argument(metavar="B", help="Another.")],
    scenario: Annotated[str, typer.Option(help="Whose parties, stage times and date to read it with.")] = "europe-2012",
    window_s: Annotated[float, typer.Option(min=1, help="As for `check`.")] = 400.0,
    as_json: AsJson = False,
) -> None:
    """Show what differs between two arrangements: sharing, responsibility, consent, who can block, properties, time."""
    from diptych.edge.arrangement_compare import compare_verb

    sys.stdout.write(compare_verb(first, second, scenario, window_s, as_json=as_json))


@arrangements_app.command("check", epilog="Example: diptych arrangement check --all")
def arrangement_check(
    name: Annotated[
        str | None, typer.Argument(metavar="[NAME]", help="A shipped arrangement's name, or the path of a file.")
    ] = None,
    is_all: Annotated[bool, typer.Option("--all", help="Every shipped arrangement.")] = False,
    scenario: Annotated[str, typer.Option(help="Whose parties, stage times and date to read it with.")] = "europe-2012",
    window_s: Annotated[
        float, typer.Option(min=1, help="Seconds from the first warning to the last launch that still helps.")
    ] = 400.0,
    replicates: Annotated[
        int, typer.Option("--replicates", "-n", min=0, help="Draws of luck to play as well; 0: the data only.")
    ] = 0,
    conduct: Annotated[str | None, typer.Option(help="As for `run`; with --replicates.")] = None,
    seed: Annotated[int, typer.Option(min=0, max=2**63 - 1, help="Root seed: the same seed is the same luck.")] = 1,
    as_json: AsJson = False,
) -> None:
    """Check properties, claimed or not, with a story where one fails; exit code 1 on a false claim or a broken file."""
    if (name is None) != is_all:
        raise typer.BadParameter("give one arrangement, or --all", param_hint="NAME")
    from diptych.edge.arrangement_check import Asked, check_verb

    asked = Asked(replicates, tuple(_list(conduct)), seed)
    raise typer.Exit(check_verb(name, scenario, window_s, asked, as_json=as_json))


@scenarios_app.command("list")
def scenario_list(as_json: AsJson = False) -> None:
    """List the shipped scenarios with date and title."""
    from diptych.edge.scenario_text import scenarios_json, scenarios_text

    sys.stdout.write(scenarios_json() if as_json else scenarios_text())


@app.command()
def doctor(as_json: AsJson = False) -> None:
    """Check this installation: versions, data, compiled kernels, processors. Exit code 1 when something is wrong."""
    from diptych.edge.doctor import doctor_verb

    raise typer.Exit(doctor_verb(as_json=as_json))


def _list(text: str | None) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()] if text else []
