"""The deliberate phase: members agree a text beforehand, by silence or by answers; what they object to is taken out.

A round ends after the deadline (silence procedure) or when as many as are needed have answered. If enough did not
object the text is agreed. Otherwise it is redrafted, a round of hold-outs takes `dilution_steps` provisions out of it,
and the next round begins. A member objects with its own probability in each round, and without fail while the text is
above its limit, that is while fewer provisions are out than it wants out; a limit beyond the last provision is never
met.

Everything is an array over replicates. Chance comes in as uniform numbers by member and round, whatever the text did,
so that two procedures with the same luck differ only in what the procedures make different. Nothing here draws.
"""

import math
from collections.abc import Callable
from typing import Literal

import msgspec
import numpy as np
import numpy.typing as npt

from diptych.model.errors import LocalError

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

Kind = Literal["silence", "all-answer"]
Chances = Callable[[Ints, int, int], Floats]
"""(replicates, first round, rounds) -> uniforms (replicates, rounds, members)."""

BLOCK = 16
"""Rounds drawn at a time."""

NO_TEXT = -1
"""`rounds` and `dropped` of a replicate in which no text was agreed."""


class Procedure(msgspec.Struct, frozen=True, eq=False):
    """How members agree a text.

    Attributes
    ----------
    kind : `silence` (who says nothing within the deadline agrees) or `all-answer` (members must say yes).
    need : members that must agree; all of them for a consensus.
    deadline_s : length of a round of silence.
    answer_s : (members,) mean time of a member's answer, exponential; inf: never answers. For `all-answer`.
    objects : (members,) probability that a member objects in a round, whatever the text.
    limits : (members,) provisions that must be out before the member stops objecting; 0: no hold-out.
    provisions : how many provisions can be taken out.
    dilution_steps : provisions taken out after a round with a hold-out.
    redraft_s : time between two rounds.
    horizon_s : no round that would end later is awaited.
    """

    kind: Kind
    need: int
    deadline_s: float
    answer_s: Floats
    objects: Floats
    limits: Ints
    provisions: int
    dilution_steps: int
    redraft_s: float
    horizon_s: float


class Deliberated(msgspec.Struct, frozen=True, eq=False):
    """What came of it, (replicates,) each: when agreed (inf: not within the horizon), in which round, what was lost."""

    time_s: Floats
    rounds: Ints
    dropped: Ints

    @property
    def is_agreed(self) -> Bools:
        """Whether a text was agreed."""
        return np.isfinite(self.time_s)


def deliberate(procedure: Procedure, replicates: int, objections: Chances, answers: Chances) -> Deliberated:
    """Play the rounds of every replicate until its text is agreed or the horizon is passed.

    Parameters
    ----------
    objections, answers
        Uniforms by (replicate, round, member): a member objects if its number is below its probability; its answer
        takes -mean * log of its number. `answers` is not asked under silence.

    Check
    -----
    Two members who never object and nobody above a limit: one round, agreed after the deadline.
    """
    _check(procedure)
    time_s = np.full(replicates, np.inf)
    rounds, dropped = np.full(replicates, NO_TEXT), np.full(replicates, NO_TEXT)
    open_, begun_s, out = np.arange(replicates), np.zeros(replicates), np.zeros(replicates, dtype=np.int64)
    first = 0
    while open_.size:
        block = objections(open_, first, BLOCK) < procedure.objects
        each_s = _answers(procedure, answers, open_, first)
        for k in range(BLOCK):
            is_above = out[:, None] < procedure.limits
            ends_s, is_done = _round(procedure, block[:, k] | is_above, each_s[:, k])
            ends_s = begun_s + ends_s
            is_late = ends_s > procedure.horizon_s
            is_done &= ~is_late
            time_s[open_[is_done]] = ends_s[is_done]
            rounds[open_[is_done]] = first + k + 1
            dropped[open_[is_done]] = out[is_done]
            out = np.where(is_above.any(axis=1), np.minimum(out + procedure.dilution_steps, procedure.provisions), out)
            begun_s = ends_s + procedure.redraft_s
            goes_on = ~(is_done | is_late)
            open_, begun_s, out = open_[goes_on], begun_s[goes_on], out[goes_on]
            block, each_s = block[goes_on], each_s[goes_on]
            if not open_.size:
                break
        first += BLOCK
    return Deliberated(time_s, rounds.astype(np.int64), dropped.astype(np.int64))


def _check(procedure: Procedure) -> None:
    if not math.isfinite(procedure.horizon_s):
        raise LocalError("deliberating: expected a finite horizon, got none; some texts are never agreed")
    if procedure.need > procedure.objects.size:
        raise LocalError(f"deliberating: expected at most {procedure.objects.size} voices needed, got {procedure.need}")
    shortest = procedure.deadline_s if procedure.kind == "silence" else float(np.min(procedure.answer_s, initial=1.0))
    if shortest <= 0.0 and procedure.redraft_s <= 0.0:
        raise LocalError("deliberating: expected rounds that take time, got none; give a deadline or an answer time")


def _answers(procedure: Procedure, answers: Chances, open_: Ints, first: int) -> Floats:
    """Return how long each member takes to answer, (replicates, BLOCK, members); nothing is drawn under silence."""
    if procedure.kind == "silence":
        return np.zeros((open_.size, BLOCK, 0))
    return np.asarray(-np.log(answers(open_, first, BLOCK)) * procedure.answer_s)


def _round(procedure: Procedure, is_against: Bools, each_s: Floats) -> tuple[Floats, Bools]:
    """Return how long one round lasts and whether the text is agreed at its end, (replicates,) each.

    Where members must say yes the round ends with the last yes that is needed, or, if too many are against, when all
    have answered.
    """
    members = is_against.shape[1]
    if procedure.kind == "silence":
        is_done = members - is_against.sum(axis=1) >= procedure.need
        return np.full(is_done.size, procedure.deadline_s), np.asarray(is_done)
    if procedure.need <= 0:
        return np.zeros(is_against.shape[0]), np.ones(is_against.shape[0], dtype=np.bool_)
    yes_s = np.sort(np.where(is_against, np.inf, each_s), axis=1)[:, procedure.need - 1]
    is_done = np.isfinite(yes_s)
    return np.where(is_done, yes_s, each_s.max(axis=1)), is_done


# --- closed forms -------------------------------------------------------------------------------------------


def mean_silence_s(deadline_s: float, objects: Floats, redraft_s: float = 0.0) -> float:
    """Return the mean time to agree by silence when members object independently and nobody holds out.

    A round is clean with probability q, the product of (1 - p); 1/q rounds are needed on average, and a redraft between
    two. With one p for n members and no redraft: D / (1 - p)^n.

    Check
    -----
    D = 48 h, p = 0.02, n = 28: 84.5 h.
    """
    clean = float(np.prod(1.0 - objects))
    return math.inf if clean == 0.0 else deadline_s / clean + redraft_s * (1.0 / clean - 1.0)


def mean_all_answer_s(answer_s: float, members: int) -> float:
    """Return the mean time until the last of n members has answered, each after an exponential time of one mean.

    The harmonic number H_n times the mean. *Check*: n = 28, mean 1: 3.927.
    """
    return answer_s * sum(1.0 / k for k in range(1, members + 1))


def mean_with_hold_outs_s(deadline_s: float, objects: Floats, needed: int, steps: int, redraft_s: float = 0.0) -> float:
    """Return the mean time by silence when hold-outs want `needed` provisions out and each such round takes `steps`.

    So many rounds are lost for certain, each with its redraft; from then on as without them.
    """
    lost = math.ceil(needed / steps) if needed else 0
    return lost * (deadline_s + redraft_s) + mean_silence_s(deadline_s, objects, redraft_s)


class Spread(msgspec.Struct, frozen=True):
    """What many replicates say of a time: how many, share agreed, quantiles over all (inf: not agreed), and the mean.

    The mean and its 95 % interval are over the replicates that agreed; None where none did.
    """

    replicates: int
    agreed: float
    low_s: float
    median_s: float
    high_s: float
    mean_s: float | None
    mean_low_s: float | None
    mean_high_s: float | None


def spread_of(time_s: Floats, low: float = 0.05, high: float = 0.95) -> Spread:
    """Return the spread of the times to agree; those that never were count as later than all others."""
    ordered = np.sort(time_s)
    n = ordered.size

    def at(share: float) -> float:
        return float(ordered[min(n - 1, max(0, math.ceil(share * n) - 1))])

    known = ordered[np.isfinite(ordered)]
    mean = half = None
    if known.size:
        mean = float(known.mean())
        half = 1.959963984540054 * float(known.std(ddof=1)) / math.sqrt(known.size) if known.size > 1 else None
    return Spread(
        replicates=n,
        agreed=known.size / n,
        low_s=at(low),
        median_s=at(0.5),
        high_s=at(high),
        mean_s=mean,
        mean_low_s=None if mean is None or half is None else mean - half,
        mean_high_s=None if mean is None or half is None else mean + half,
    )
