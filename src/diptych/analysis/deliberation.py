"""Time to agree a text by the number of hold-outs, and what those texts cost when missiles come.

`agree` plays the deliberate phase of one matter for every number of hold-outs; `run_texts` runs an arrangement under
the text each of them leaves. The first is chance over members and rounds, the second over replicates of the raid.
"""

import math
from collections.abc import Sequence

import msgspec
import numpy as np

from diptych.command.deliberation import (
    Deliberated,
    Floats,
    Ints,
    Procedure,
    Spread,
    mean_all_answer_s,
    mean_with_hold_outs_s,
    spread_of,
)
from diptych.command.rules_of_engagement import diluted
from diptych.model.arrangement import Arrangement, Consent, Deliberation
from diptych.model.conduct import Conduct, objection_probability
from diptych.model.rules import EngagementRule, Rulebook
from diptych.sim.deliberation import deliberations

NEVER = -1
"""The wish of a hold-out whom nothing satisfies."""


class Manner(msgspec.Struct, frozen=True):
    """How members behave in the deliberate phase; every number is assumed. `conduct` is one actor's, besides."""

    objection: float
    redraft_s: float
    answer_s: float
    dilution_steps: int
    horizon_s: float
    conduct: Conduct | None = None


class Agreement(msgspec.Struct, frozen=True):
    """Time to agree one matter with given hold-outs, over replicates.

    `wishes` holds, for each hold-out, how many provisions must be out (NEVER: nothing satisfies it). `dropped` is what
    the agreed text has lost, None where none was agreed. `closed_s` is the closed form of the mean where there is one.
    """

    wishes: tuple[int, ...]
    spread: Spread
    dropped: int | None
    closed_s: float | None


def procedure_of(
    matter: Deliberation, manner: Manner, wishes: Sequence[int], hold_outs: Sequence[str], provisions: int
) -> Procedure:
    """Return the procedure of one matter; `hold_outs[i]` is the role that wants `wishes[i]` provisions out."""
    voices = len(matter.roles)
    limits: Ints = np.zeros(voices, dtype=np.int64)
    for wish, role in zip(wishes, hold_outs, strict=True):
        limits[matter.roles.index(role)] = provisions + 1 if wish == NEVER else wish
    is_alone = matter.rule == "unilateral"
    return Procedure(
        kind="all-answer" if is_alone else matter.procedure,
        need=matter.need,
        deadline_s=matter.deadline_s,
        answer_s=np.full(voices, manner.answer_s),
        objects=objects_of(matter, manner),
        limits=limits,
        provisions=provisions,
        dilution_steps=manner.dilution_steps,
        redraft_s=manner.redraft_s,
        horizon_s=manner.horizon_s,
    )


def objects_of(matter: Deliberation, manner: Manner) -> Floats:
    """Return the probability that each voice objects in a round: as any member, and as the conduct says besides."""
    usual = 0.0 if matter.rule == "unilateral" else manner.objection
    besides = [objection_probability(manner.conduct, r, p) for r, p in zip(matter.roles, matter.parties, strict=True)]
    return 1.0 - (1.0 - usual) * (1.0 - np.array(besides))


def agree(
    matters: Sequence[Deliberation],
    manner: Manner,
    wishes: Sequence[int],
    hold_outs: Sequence[str],
    provisions: int,
    seed: int,
    replicates: int,
) -> Agreement:
    """Play one matter for every complex that must agree it; the last to agree ends it.

    Parameters
    ----------
    matters : the same matter, one for each complex; the hold-outs sit in the first.
    """
    found: list[Deliberated] = []
    for i, one in enumerate(matters):
        mine = (wishes, hold_outs) if i == 0 else ((), ())
        procedure = procedure_of(one, manner, *mine, provisions)
        found.append(deliberations(procedure, seed, replicates, one.matter, one.roles))
    time_s: Floats = np.max([f.time_s for f in found], axis=0)
    lost = found[0].dropped[np.isfinite(time_s)]
    return Agreement(
        wishes=tuple(wishes),
        spread=spread_of(time_s),
        dropped=int(np.bincount(lost).argmax()) if lost.size else None,
        closed_s=closed_form(matters, manner, wishes, provisions),
    )


def closed_form(
    matters: Sequence[Deliberation], manner: Manner, wishes: Sequence[int], provisions: int
) -> float | None:
    """Return the mean time to agree where theory gives it, without the horizon; None where it does not.

    It does for one complex whose members must all agree. Where all must answer a round lasts H_n times the mean answer.
    """
    if len(matters) != 1 or matters[0].need != len(matters[0].roles):
        return None
    one, needed = matters[0], max((provisions + 1 if w == NEVER else w for w in wishes), default=0)
    if needed > provisions:
        return math.inf
    objects = objects_of(one, manner)
    is_silent = one.procedure == "silence" and one.rule != "unilateral"
    round_s = one.deadline_s if is_silent else mean_all_answer_s(manner.answer_s, len(one.roles))
    return mean_with_hold_outs_s(round_s, objects, needed, manner.dilution_steps, manner.redraft_s)


# --- what the texts cost ------------------------------------------------------------------------------------


def under_of(arrangement: Arrangement, complex_id: str) -> Rulebook | None:
    """Return the rules of engagement a complex looks its own cases up in, None where it has none."""
    for consent in arrangement.consents:
        if consent.complex_id == complex_id and consent.action == "intercept-over-own" and consent.under:
            return next(book for book in arrangement.rulebooks if book.id == consent.under)
    return None


def text_after(book: Rulebook, steps: int | None) -> Rulebook:
    """Return the text after so many steps of dilution; None: no text was agreed, every case goes to the members."""
    if steps is None:
        every = EngagementRule(1, "No text was agreed", {}, "consult")
        return msgspec.structs.replace(book, id=f"{book.id}-none", rules=(every,), dilution=())
    return diluted(book, steps)


def with_text(arrangement: Arrangement, complex_id: str, book: Rulebook, name: str, place: int) -> Arrangement:
    """Return an arrangement in which one complex works under another text, with its own name and place in tables."""

    def changed(consent: Consent) -> Consent:
        is_its = consent.complex_id == complex_id and bool(consent.under)
        return msgspec.structs.replace(consent, under=book.id) if is_its else consent

    consents = tuple(changed(c) for c in arrangement.consents)
    books = {b.id: b for b in (*arrangement.rulebooks, book)}
    used = {c.under for c in consents}
    return msgspec.structs.replace(
        arrangement,
        id=name,
        consents=consents,
        rulebooks=tuple(b for b in books.values() if b.id in used),
        joined=place,
    )
