"""The verb `deliberate`: how long members take to agree a text, what hold-outs take out of it, and what that costs.

The deliberate phase of one matter of one arrangement is played for every number of hold-outs (`analysis.deliberation`).
With `--then-run` the arrangement is run under the text that each of them leaves (`edge.dilution_run`), and `--out`
writes those texts and arrangements as files, so that any of them can be run again and changed.
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec

from diptych import __version__
from diptych.analysis.deliberation import NEVER, Agreement, Manner, agree, text_after, under_of
from diptych.edge.build import load
from diptych.edge.deliberate_text import deliberate_text
from diptych.edge.progress import Progress
from diptych.edge.schema.deliberation import Quantity, load_quantities
from diptych.model.arrangement import Arrangement, Deliberation
from diptych.model.conduct import Conduct
from diptych.model.errors import LocalError, ScenarioError
from diptych.model.rules import Rulebook
from diptych.model.scenario import Scenario

DAY_S, HOUR_S = 86400.0, 3600.0
RANGE_REPLICATES = 2000
RULES_MATTER = "set-rules"
ABSTRACT_PROVISIONS = 3
"""Provisions of a text that this version does not hold: as many as the hold-outs shown by default want out."""


class Asked(msgspec.Struct, frozen=True):
    """What `diptych deliberate` was asked; None: as the arrangement or the assumed middle says.

    `hold_outs` are numbers of unnamed hold-outs, a row each; `named` are (state code, provisions it wants out) that
    hold out in every row.
    """

    scenario: str
    arrangement: str
    matter: str
    hold_outs: tuple[int, ...]
    named: tuple[tuple[str, int], ...]
    procedure: str | None
    objection: float | None
    deadline_h: float | None
    redraft_h: float | None
    answer_h: float | None
    dilution: int | None
    within_days: float
    seed: int
    replicates: int
    settings: dict[str, float | str]
    conduct: str | None = None


class Setting(msgspec.Struct, frozen=True, eq=False):
    """What is deliberated, by whom, how, and on what text."""

    scenario: Scenario
    arrangement: Arrangement
    matters: tuple[Deliberation, ...]
    alone: tuple[Deliberation, ...]
    book: Rulebook | None
    provisions: int
    manner: Manner
    quantities: dict[str, Quantity]


class Row(msgspec.Struct, frozen=True):
    """The time to agree with so many hold-outs, and the same for low, mid and high of the objection probability."""

    hold_outs: int
    is_to_the_end: bool
    found: Agreement
    by_range: tuple[Agreement, Agreement, Agreement]


def deliberate_verb(
    asked: Asked,
    *,
    then_run: int,
    workers: int | None,
    out: Path | None,
    force: bool,
    as_json: bool,
    is_shown: bool,
) -> tuple[str, int]:
    """Carry out `diptych deliberate`; return what to print and the exit code."""
    progress = Progress(is_shown=is_shown)
    if out is not None:
        _check_out(out, force=force)
    progress.step("reading the scenario")
    setting = setting_of(asked)
    if then_run and setting.book is None:
        raise ScenarioError(
            f"deliberate --then-run: expected an arrangement whose commander looks cases up in agreed rules, and the "
            f"matter {RULES_MATTER}; got {setting.arrangement.id} and {asked.matter}; write `under: agreed-rules` there"
        )
    rows = rows_of(asked, setting, progress)
    costs = None
    if then_run:
        from diptych.edge.dilution_run import run_texts

        found = run_texts(setting.scenario, setting.arrangement, setting.matters[0].complex_id, _texts(setting, rows),
                          asked.seed, then_run, workers, progress)  # fmt: skip
        if found is None:
            return "", 130
        costs = found
    document = _document(asked, setting, rows, costs)
    text = deliberate_text(asked, setting, rows, costs)
    if out is not None:
        _write(out, document, asked, setting, rows)
        text += (
            f"\nWritten to {out}: time-to-agree.svg, deliberate.json, and the texts that are left, to run and change\n"
        )
    return (document if as_json else text), 0


def setting_of(asked: Asked) -> Setting:
    """Resolve what was asked against the scenario and the arrangement.

    Raises
    ------
    ScenarioError
        The arrangement says nothing of the matter, or a hold-out is no member.
    """
    conducts = () if asked.conduct is None else (asked.conduct,)
    scenario = load(
        asked.scenario, arrangements=(asked.arrangement,), settings=asked.settings, conducts=conducts
    ).scenario
    arrangement = next(a for a in scenario.arrangements if not a.is_baseline)
    found = [d for d in arrangement.deliberations if d.matter == asked.matter]
    if not found:
        known = ", ".join(dict.fromkeys(d.matter for d in arrangement.deliberations)) or "none"
        raise ScenarioError(
            f"deliberate: expected a matter that {arrangement.id} has, got {asked.matter!r}; it has: {known}"
        )
    changed = [_changed(d, asked) for d in sorted(found, key=lambda d: -len(d.roles))]
    joint = [d for d in changed if d.is_joint]
    matters = tuple(joint) if joint else (changed[0],)
    book = under_of(arrangement, matters[0].complex_id) if asked.matter == RULES_MATTER else None
    quantities = load_quantities()
    manner = Manner(
        objection=_or(asked.objection, quantities["objection_probability"].mid),
        redraft_s=_or(asked.redraft_h, quantities["redraft_h"].mid) * HOUR_S,
        answer_s=_or(asked.answer_h, quantities["answer_h"].mid) * HOUR_S,
        dilution_steps=asked.dilution or int(quantities["dilution_count"].mid),
        horizon_s=asked.within_days * DAY_S,
        conduct=_conduct(asked, scenario),
    )
    most = max((*asked.hold_outs, *(wish for _, wish in asked.named)), default=0)
    provisions = len(book.dilution) if book is not None else max(ABSTRACT_PROVISIONS, most)
    alone = tuple(d for d in changed if d not in matters)
    setting = Setting(scenario, arrangement, matters, alone, book, provisions, manner, quantities)
    _check_hold_outs(asked, setting)
    return setting


def _conduct(asked: Asked, scenario: Scenario) -> Conduct | None:
    """Return the one conduct that was asked, None for none."""
    if asked.conduct is None:
        return None
    found = [b for b in scenario.behaviours if b.changes]
    if len(found) > 1:
        labels = ", ".join(b.label for b in found)
        raise ScenarioError(
            f"--conduct {asked.conduct}: expected one actor's conduct, got {len(found)}: {labels}; name one"
        )
    return found[0] if found else None


def _or(given: float | None, otherwise: float) -> float:
    return otherwise if given is None else given


def _changed(matter: Deliberation, asked: Asked) -> Deliberation:
    if matter.rule == "unilateral":
        return matter
    deadline_s = matter.deadline_s if asked.deadline_h is None else asked.deadline_h * HOUR_S
    procedure: Any = asked.procedure or matter.procedure
    return msgspec.structs.replace(matter, deadline_s=deadline_s, procedure=procedure)


def _check_hold_outs(asked: Asked, setting: Setting) -> None:
    first = setting.matters[0]
    names = {role.partition(".")[0].upper() for role in first.roles}
    wrong = [code for code, _ in asked.named if code not in names]
    if wrong:
        raise ScenarioError(
            f"--hold-out {', '.join(wrong)}: expected members that agree {first.matter} for {first.complex_id}, "
            f"found none; they are {', '.join(sorted(names))}"
        )
    most = max(asked.hold_outs, default=0) + len(asked.named) + 1
    if first.rule != "unilateral" and most > len(first.roles):
        voices = len(first.roles)
        raise ScenarioError(f"--hold-outs: expected at most {voices - 1} hold-outs of {voices} voices, got {most - 1}")


# --- playing ------------------------------------------------------------------------------------------------


def rows_of(asked: Asked, setting: Setting, progress: Progress) -> tuple[Row, ...]:
    """Play every number of hold-outs that was asked, and one hold-out whom nothing satisfies."""
    first = setting.matters[0]
    if first.rule == "unilateral":
        return (_row(asked, setting, (), (), 0, is_to_the_end=False),)
    named = tuple((_role(code, first), wish) for code, wish in asked.named)
    others = [role for role in first.roles if role not in {role for role, _ in named}]
    rows = []
    with progress.bar("hold-outs", len(asked.hold_outs) + 1) as tell:
        for i, count in enumerate(asked.hold_outs):
            wishes = (*(wish for _, wish in named), *range(1, count + 1))
            roles = (*(role for role, _ in named), *others[:count])
            rows.append(_row(asked, setting, wishes, roles, count, is_to_the_end=False))
            tell(i + 1)
        rows.append(_row(asked, setting, (NEVER,), (others[0],), 1, is_to_the_end=True))
        tell(len(asked.hold_outs) + 1)
    return tuple(rows)


def _role(code: str, matter: Deliberation) -> str:
    return next(role for role in matter.roles if role.partition(".")[0].upper() == code)


def _row(
    asked: Asked,
    setting: Setting,
    wishes: Sequence[int],
    roles: Sequence[str],
    count: int,
    *,
    is_to_the_end: bool,
) -> Row:
    def played(objection: float, replicates: int) -> Agreement:
        manner = msgspec.structs.replace(setting.manner, objection=objection)
        limited = tuple(min(wish, setting.provisions + 1) for wish in wishes)
        return agree(setting.matters, manner, limited, roles, setting.provisions, asked.seed, replicates)

    q = setting.quantities["objection_probability"]
    fewer = min(asked.replicates, RANGE_REPLICATES)
    found = played(setting.manner.objection, asked.replicates)
    return Row(count, is_to_the_end, found, (played(q.low, fewer), played(q.mid, fewer), played(q.high, fewer)))


def _texts(setting: Setting, rows: Sequence[Row]) -> tuple[tuple[str, Rulebook], ...]:
    """Return the text that each row leaves, under the name of its arrangement; equal texts once."""
    assert setting.book is not None
    found: dict[str, tuple[str, Rulebook]] = {}
    for row in rows:
        book = text_after(setting.book, row.found.dropped)
        found.setdefault(book.id, (text_name(setting, row), book))
    return tuple(found.values())


def text_name(setting: Setting, row: Row) -> str:
    """Return the id of the arrangement that works under the text a row leaves."""
    if row.found.dropped is None:
        return f"{setting.arrangement.id}-no-text"
    return f"{setting.arrangement.id}-diluted-{row.found.dropped}" if row.found.dropped else setting.arrangement.id


# --- what is said and written -------------------------------------------------------------------------------


def _document(asked: Asked, setting: Setting, rows: Sequence[Row], costs: Any) -> str:  # noqa: ANN401
    def known(value: float | None) -> float | None:
        return value if value is None or math.isfinite(value) else None

    def spread(one: Agreement) -> dict[str, Any]:
        s = one.spread
        return {
            "agreed_share": s.agreed,
            "median_s": known(s.median_s),
            "low_s": known(s.low_s),
            "high_s": known(s.high_s),
            "mean_s": known(s.mean_s),
            "mean_95_s": [known(s.mean_low_s), known(s.mean_high_s)],
            "closed_form_mean_s": known(one.closed_s),
            "provisions_out": one.dropped,
        }

    content = {
        "schema": "diptych/deliberate/1",
        "version": __version__,
        "scenario": setting.scenario.id,
        "scenario_digest": setting.scenario.digest,
        "date": setting.scenario.date,
        "marking": setting.scenario.marking,
        "arrangement": setting.arrangement.id,
        "asked": msgspec.to_builtins(asked),
        "deliberations": [msgspec.to_builtins(d) for d in setting.matters],
        "assumed": [msgspec.to_builtins(q) for q in setting.quantities.values()],
        "rows": [
            {
                "hold_outs": row.hold_outs,
                "to_the_end": row.is_to_the_end,
                "wishes": list(row.found.wishes),
                **spread(row.found),
                "by_objection_probability": dict(
                    zip(("low", "mid", "high"), (spread(one) for one in row.by_range), strict=True)
                ),
            }
            for row in rows
        ],
        "cost": None if costs is None else msgspec.to_builtins(costs),
    }
    return json.dumps(content, indent=2, ensure_ascii=False) + "\n"


def _check_out(out: Path, *, force: bool) -> None:
    if out.exists() and not out.is_dir():
        raise LocalError(f"writing {out}: expected a directory to make, got a file there; choose another --out")
    if out.is_dir() and any(out.iterdir()) and not force:
        raise LocalError(f"writing {out}: the directory is not empty; choose another --out, or overwrite with --force")


def _write(out: Path, document: str, asked: Asked, setting: Setting, rows: Sequence[Row]) -> None:
    from diptych.edge.assets import load_assets
    from diptych.edge.deliberate_text import row_title
    from diptych.edge.dilution_run import text_files
    from diptych.report.deliberation import AgreeRow, deliberation_picture

    drawn = [
        AgreeRow(
            row_title(row, setting),
            row.found.spread.low_s / DAY_S,
            row.found.spread.median_s / DAY_S,
            row.found.spread.high_s / DAY_S,
            row.found.spread.agreed,
        )
        for row in rows
    ]
    first = setting.matters[0]
    heading = f"Days until {len(first.roles)} voices agree ({first.matter.replace('-', ' ')}, {setting.arrangement.id})"
    luck = f"{asked.replicates} draws, seed {asked.seed}"
    chance = f"each member objects with probability {setting.manner.objection:g} a round"
    notes = (f"{luck}; {chance}. Assumed: no public figure exists.", setting.scenario.marking)
    files = {
        "deliberate.json": document,
        "time-to-agree.svg": deliberation_picture(heading, drawn, asked.within_days, notes, load_assets()),
    }
    if setting.book is not None:
        files |= text_files(asked.arrangement, setting.matters[0].complex_id, setting.book, _texts(setting, rows))
    try:
        out.mkdir(parents=True, exist_ok=True)
        for name, body in files.items():
            (out / name).write_text(body, encoding="utf-8")
    except OSError as error:
        raise LocalError(
            f"writing {out}: {error.strerror or error}; choose an --out in a folder that you may write to"
        ) from error
