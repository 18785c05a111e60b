"""The verbs of `conduct`: what each takes. See `edge.cli`."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

conducts_app = typer.Typer(
    no_args_is_help=True, help="Conducts: list them, show what one changes, check a file.", rich_markup_mode=None
)

ConductName = Annotated[
    str, typer.Argument(metavar="NAME", help="A shipped conduct's name, or the path of a file; `NAME:WHO` for one.")
]
Scenario = Annotated[str, typer.Option(help="Whose parties, arrangements and stage times to read it with.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document on standard output and nothing else.")]


@conducts_app.command("list")
def conduct_list(as_json: AsJson = False) -> None:
    """List the shipped conducts: whose each is, and what it is."""
    from diptych.edge.conduct_text import conducts_json, conducts_text

    sys.stdout.write(conducts_json() if as_json else conducts_text())


@conducts_app.command("show", epilog="Example: diptych conduct show deceptive")
def conduct_show(
    name: ConductName,
    scenario: Scenario = "europe-2012",
    as_json: AsJson = False,
    as_yaml: Annotated[bool, typer.Option("--yaml", help="Print the file itself, to copy and change.")] = False,
) -> None:
    """Show what a conduct changes, from when on, with its numbers, and under which arrangements it can matter."""
    from diptych.edge.conduct_text import conduct_json, conduct_text, conduct_yaml

    if as_yaml:
        sys.stdout.write(conduct_yaml(name))
        return
    sys.stdout.write((conduct_json if as_json else conduct_text)(name, scenario))


@conducts_app.command("check", epilog="Example: diptych conduct check my-conduct.yaml")
def conduct_check(name: ConductName, scenario: Scenario = "europe-2012", as_json: AsJson = False) -> None:
    """Check a conduct against a scenario; exit code 3 with every problem and its place where it cannot be played."""
    from diptych.edge.conduct_text import check_json, check_text

    sys.stdout.write((check_json if as_json else check_text)(name, scenario))
