"""The verb `deterrence`: what it takes. See `edge.cli`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def deterrence(
    scenario: Annotated[
        str, typer.Argument(metavar="SCENARIO", help="A shipped scenario's name, or the path of a file.")
    ],
    arrangement: Annotated[
        str, typer.Option("--arrangement", "-a", help="Names or files, with commas; `all`: every shipped one.")
    ] = "all",
    replicates: Annotated[int, typer.Option("--replicates", "-n", min=1, max=1_000_000, help="Draws of luck.")] = 20,
    seed: Annotated[int, typer.Option(min=0, max=2**63 - 1, help="Root seed: the same seed is the same luck.")] = 1,
    workers: Annotated[
        int | None, typer.Option("--workers", "-w", min=1, max=256, help="Processes. The results do not depend on it.")
    ] = None,
    settings: Annotated[list[str] | None, typer.Option("--set", metavar="KEY=VALUE", help="As for `run`.")] = None,
    out: Annotated[Path | None, typer.Option(help="Write the picture and the JSON to this directory.")] = None,
    force: Annotated[bool, typer.Option("--force", help="Write into a directory that is not empty.")] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print one JSON document on standard output and nothing else.")
    ] = False,
    no_progress: Annotated[bool, typer.Option("--no-progress", help="No progress, on a terminal either.")] = False,
) -> None:
    """Show whether an attacker must expect to be engaged if another party's key may be held back."""
    from diptych.edge.deterrence import Asked, deterrence_verb
    from diptych.edge.settings import settings_of

    names = tuple(name.strip() for name in arrangement.split(",") if name.strip())
    asked = Asked(scenario, names, settings_of(settings or []), seed, replicates)
    code = deterrence_verb(asked, workers=workers, out=out, force=force, as_json=as_json, is_shown=not no_progress)
    raise typer.Exit(code)
