"""The verbs of the deliberate phase, `rules` and `deliberate`: what each takes. See `edge.cli`."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

rules_app = typer.Typer(
    no_args_is_help=True, help="Rules of engagement: list, show as a table, check what they leave out.",
    rich_markup_mode=None,
)  # fmt: skip

RulesName = Annotated[str, typer.Argument(metavar="NAME", help="A shipped rules file's name, or the path of a file.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document on standard output and nothing else.")]


@rules_app.command("list")
def rules_list(as_json: AsJson = False) -> None:
    """List the shipped rules of engagement."""
    from diptych.edge.rules_text import rules_list_json, rules_list_text

    sys.stdout.write(rules_list_json() if as_json else rules_list_text())


@rules_app.command("show", epilog="Example: diptych rules show agreed-rules")
def rules_show(name: RulesName, as_json: AsJson = False) -> None:
    """Show the table: which cases the commander may engage, must hold, or brings to the members; and why."""
    from diptych.edge.rules_text import rules_show as show

    sys.stdout.write(show(name, as_json=as_json))


@rules_app.command("check", epilog="Example: diptych rules check agreed-rules --scenario europe-2012")
def rules_check(
    name: RulesName,
    scenario: Annotated[str | None, typer.Option(help="Also what they say about the raid of this scenario.")] = None,
    as_json: AsJson = False,
) -> None:
    """Show which cases fall outside, which rules overlap or contradict; exit code 1 with a contradiction."""
    from diptych.edge.rules_text import rules_check as check

    text, code = check(name, scenario, as_json=as_json)
    sys.stdout.write(text)
    raise typer.Exit(code)
