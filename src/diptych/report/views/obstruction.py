"""Prepare the conduct matrix: what each behaviour of the partner, of members, of centres and links costs each party.

One table for each party: a row for each arrangement, a column for each conduct that can matter somewhere; colour and
number say the same, weight says whether it is shown. Under it the worst of each arrangement, and every figure with its
interval. The page has it only where other conducts than cooperation were run.
"""

from diptych.model.result import Effect, Estimate, Loss, Obstruction
from diptych.report.page import ComparisonPage
from diptych.report.phrases import brief, capital, difference, estimate, interval, listed, plain, signed, spoken
from diptych.report.views.common import View, party_titles
from diptych.study.design import shown_labels

STEPS = 4
_GROUPS = {"partner": "the partner", "between": "centres and links", "inside": "its own members"}


def page_of_shown(page: ComparisonPage) -> ComparisonPage:
    """Return the page with the rows that the other figures show: of many rows, those under cooperation."""
    from msgspec.structs import replace

    shown = shown_labels(page.comparison.arrangements)
    if len(shown) == len(page.comparison.arrangements):
        return page
    dropped = frozenset(page.comparison.arrangements) - frozenset(shown)
    return replace(
        page,
        comparison=replace(page.comparison, arrangements=shown),
        story={label: record for label, record in page.story.items() if label not in dropped},
    )


def obstruction_view(page: ComparisonPage) -> View | None:
    """Prepare the section, None where everybody cooperates."""
    found = page.comparison.obstruction
    if found is None or not found.losses:
        return None
    names = party_titles(page)
    parties = [
        _party_view(page, found, party, names[party], place) for place, party in enumerate(page.comparison.parties)
    ]
    return {
        "title": _title(found, names),
        "sentences": found.sentences,
        "replicates": page.comparison.replicates,
        "parties": [party for party in parties if party["rows"]],
    }


def _title(found: Obstruction, names: dict[str, str]) -> str:
    """Return the finding: what the worst partner costs each party, and where."""
    parts = []
    for party, title in names.items():
        losses = [loss for loss in found.losses if (loss.party, loss.by) == (party, "partner")]
        worst = max(losses, key=lambda loss: loss.value, default=None)
        if worst is not None and worst.value > 0.0:
            parts.append(f"{title} {brief(worst.value)} under {spoken(worst.arrangement)}")
    if not parts:
        return "No conduct of a partner that was tried lets more missiles through than cooperation does"
    return f"What the worst partner costs, in missiles let through: {listed(parts)}"


def _party_view(page: ComparisonPage, found: Obstruction, party: str, title: str, place: int) -> View:
    mine = [effect for effect in found.effects if effect.party == party and effect.side != "own"]
    order = list(_GROUPS)
    live = sorted({(order.index(e.side), e.conduct) for e in mine if e.can_matter})
    dead = sorted({e.conduct for e in mine} - {conduct for _, conduct in live})
    arrangements = list(dict.fromkeys(effect.arrangement for effect in mine))
    at = {(effect.arrangement, effect.conduct): effect for effect in mine}
    most = max((abs(e.against_cooperative.value or 0.0) for e in mine), default=0.0)
    rows = [
        {
            "name": spoken(arrangement),
            "usual": brief(page.comparison.table[arrangement][party]["leakage"].value),
            "cells": [_cell(page, at.get((arrangement, conduct)), most) for _, conduct in live],
        }
        for arrangement in arrangements
    ]
    groups = [(_GROUPS[order[i]], sum(side == i for side, _ in live)) for i in range(len(order))]
    return {
        "title": title,
        "look": f"p{place}",
        "groups": [{"title": name, "span": span} for name, span in groups if span],
        "columns": [_column(page, conduct) for _, conduct in live],
        "rows": rows if live else [],
        "dead": listed([_column(page, conduct) for conduct in dead]),
        "worst": [_worst(page, at, loss) for loss in told_losses(found, party)],
        "every": [_every(page, effect) for effect in mine if effect.can_matter],
    }


def _column(page: ComparisonPage, label: str) -> str:
    """Return a conduct by its title, with the actor where that is not plain from the group."""
    behaviour = next((b for b in page.scenario.behaviours if b.label == label), None)
    if behaviour is None:
        return label.partition(":")[0].replace("-", " ").capitalize()
    return (
        f"{behaviour.title} ({behaviour.actor})" if behaviour.kind in ("member", "role", "centre") else behaviour.title
    )


def told_losses(found: Obstruction, party: str) -> list[Loss]:
    """Return the losses of a party, those by anybody only where that is worse than what a partner can do."""
    mine = [loss for loss in found.losses if loss.party == party]
    by_partner = {(x.arrangement, x.worst, x.value) for x in mine if x.by == "partner"}
    return [x for x in mine if x.by == "partner" or (x.arrangement, x.worst, x.value) not in by_partner]


def _cell(page: ComparisonPage, effect: Effect | None, most: float) -> View:
    """Return a cell: its figure, the step of its colour, the same in words, and what becomes of freedom of action."""
    if effect is None:
        return {"text": "", "look": "k", "words": "not run", "freedom": ""}
    if not effect.can_matter:
        return {"text": "·", "look": "k", "words": "cannot matter, exactly 0", "freedom": ""}
    usual = page.comparison.table[effect.arrangement][effect.party]["freedom_of_action"].value
    here = effect.freedom_of_action.value
    points = 0 if usual is None or here is None else round(100.0 * (here - usual))
    freedom = f"{points:+d}".replace("-", "−") + " pp" if points else ""
    d = effect.against_cooperative
    if d.is_exact_zero or d.value is None:
        return {"text": "0", "look": "k", "words": "equal in every raid", "freedom": freedom}
    step = max(1, round(STEPS * abs(d.value) / most)) if most else 1
    is_shown = d.lo is not None and d.hi is not None and (d.lo > 0.0 or d.hi < 0.0)
    look = f"k {'more' if d.value > 0 else 'less'}{step}{'' if is_shown else ' open'}"
    words = f"{interval(d.lo, d.hi, with_sign=True)}{'' if is_shown else ', not shown'}"
    return {"text": f"{d.value:+.2f}".replace("-", "−"), "look": look, "words": words, "freedom": freedom}


def _worst(page: ComparisonPage, at: dict[tuple[str, str], Effect], loss: Loss) -> View:
    """Return a row of the table of worst conducts."""
    effect = at.get((loss.arrangement, loss.worst))
    usual = page.comparison.table[loss.arrangement][loss.party]
    freedom, say = (effect.freedom_of_action, effect.say) if effect else (usual["freedom_of_action"], usual["say"])
    return {
        "name": spoken(loss.arrangement),
        "by": "a partner" if loss.by == "partner" else "somebody else",
        "worst": "none can matter" if not loss.can_matter else _column(page, loss.worst),
        "loss": "0 exactly" if loss.is_exact_zero else _with_interval(loss.value, loss.lo, loss.hi),
        "alone": _with_interval(loss.against_alone, loss.against_alone_lo, loss.against_alone_hi),
        "tail": _with_interval(loss.tail, loss.tail_lo, loss.tail_hi),
        "freedom": share(freedom),
        "say": share(say),
        "note": "" if loss.is_exact_zero else loss.note,
    }


def _with_interval(value: float | None, lo: float | None, hi: float | None) -> str:
    if value is None:
        return "undefined"
    if value == 0.0 and lo is None:
        return "0"
    return f"{signed(value)} ({interval(lo, hi, with_sign=True)})"


def _every(page: ComparisonPage, effect: Effect) -> View:
    """Return a row of the table behind the matrix."""
    return {
        "name": spoken(effect.arrangement),
        "conduct": _column(page, effect.conduct),
        "side": capital(_GROUPS[effect.side]),
        "leakage": estimate(effect.leakage),
        "difference": difference(effect.against_cooperative),
        "alone": difference(effect.against_alone),
        "tail": plain(effect.tail.value),
        "tail_difference": difference(effect.tail_against_cooperative),
        "freedom": share(effect.freedom_of_action),
        "say": share(effect.say),
    }


def share(found: Estimate) -> str:
    """Return a share in per cent."""
    return "undefined" if found.value is None else f"{100.0 * found.value:.0f} %"
