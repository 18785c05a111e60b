"""The verbs of the deliberate phase, `rules` and `deliberate`: what each takes. See `edge.cli`."""

from __future__ import annotations

import sys
from pathlib import Path
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


def deliberate(
    scenario: Annotated[
        str, typer.Argument(metavar="SCENARIO", help="A shipped scenario's name, or the path of a file.")
    ],
    arrangement: Annotated[
        str, typer.Option("--arrangement", "-a", help="A name or a file: who must agree.")
    ] = "alliance",
    matter: Annotated[
        str, typer.Option(help="set-rules, defended-assets, share-warning, share-track or change-plan.")
    ] = "set-rules",
    hold_outs: Annotated[
        str, typer.Option(help="Numbers of hold-outs, with commas; the k-th wants k provisions out.")
    ] = "0,1,2,3",
    hold_out: Annotated[
        list[str] | None,
        typer.Option(metavar="STATE:N", help="A member that wants N provisions out, in every row. May be given again."),
    ] = None,
    conduct: Annotated[
        str | None, typer.Option(help="One actor's conduct besides, for example member-objects:FR or objecting:russia.")
    ] = None,
    procedure: Annotated[str | None, typer.Option(help="silence or all-answer. Left out: the arrangement's.")] = None,
    objection_probability: Annotated[
        float | None, typer.Option(min=0, max=0.999, help="That a member objects in a round. Left out: assumed middle.")
    ] = None,
    deadline_h: Annotated[float | None, typer.Option(min=0.01, help="Length of a round of silence.")] = None,
    redraft_h: Annotated[float | None, typer.Option(min=0, help="Between two rounds.")] = None,
    answer_h: Annotated[float | None, typer.Option(min=0.01, help="Mean until a member answers.")] = None,
    dilution: Annotated[int | None, typer.Option(min=1, help="Provisions out after a round with a hold-out.")] = None,
    within_days: Annotated[float, typer.Option(min=0.1, max=3650, help="How long a text is awaited.")] = 90.0,
    replicates: Annotated[
        int, typer.Option("--replicates", "-n", min=2, max=1_000_000, help="Draws of luck.")
    ] = 10_000,
    seed: Annotated[int, typer.Option(min=0, max=2**63 - 1, help="Root seed: the same seed is the same luck.")] = 1,
    then_run: Annotated[
        int, typer.Option(min=0, max=1_000_000, help="Then run the raid under each text that is left: replicates.")
    ] = 0,
    workers: Annotated[
        int | None, typer.Option("--workers", "-w", min=1, max=256, help="Processes. The results do not depend on it.")
    ] = None,
    settings: Annotated[list[str] | None, typer.Option("--set", metavar="KEY=VALUE", help="As for `run`.")] = None,
    out: Annotated[
        Path | None, typer.Option(help="Write the picture, the JSON, and the texts that are left to this directory.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Write into a directory that is not empty.")] = False,
    as_json: AsJson = False,
    no_progress: Annotated[bool, typer.Option("--no-progress", help="No progress, on a terminal either.")] = False,
) -> None:
    """Show how long members take to agree a text, what hold-outs take out of it, and what that costs in a raid."""
    from diptych.edge.deliberate import Asked, deliberate_verb
    from diptych.edge.settings import settings_of

    if procedure not in (None, "silence", "all-answer"):
        raise typer.BadParameter(f"expected silence or all-answer, got {procedure!r}", param_hint="--procedure")
    asked = Asked(
        scenario=scenario,
        arrangement=arrangement,
        matter=matter,
        hold_outs=_counts(hold_outs),
        named=tuple(_named(text) for text in hold_out or []),
        procedure=procedure,
        objection=objection_probability,
        deadline_h=deadline_h,
        redraft_h=redraft_h,
        answer_h=answer_h,
        dilution=dilution,
        within_days=within_days,
        seed=seed,
        replicates=replicates,
        settings=settings_of(settings or []),
        conduct=conduct,
    )
    text, code = deliberate_verb(
        asked, then_run=then_run, workers=workers, out=out, force=force, as_json=as_json, is_shown=not no_progress
    )
    sys.stdout.write(text)
    raise typer.Exit(code)


def _counts(text: str) -> tuple[int, ...]:
    parts = [part.strip() for part in text.split(",") if part.strip()]
    if not parts or not all(part.isdecimal() and int(part) <= 99 for part in parts):
        raise typer.BadParameter(f"expected whole numbers with commas, got {text!r}", param_hint="--hold-outs")
    return tuple(dict.fromkeys(int(part) for part in parts))


def _named(text: str) -> tuple[str, int]:
    state, colon, count = text.partition(":")
    if not colon or not count.isdecimal() or not 1 <= int(count) <= 99:
        raise typer.BadParameter(f"expected STATE:N, for example TR:2, got {text!r}", param_hint="--hold-out")
    return state.strip().upper(), int(count)
