"""Which battery shoots, how many, when to look again, and what is kept for others.

Doctrine is data of the interceptor class. *Shoot, look, shoot*: `salvo` at a time, a further order only after an
assessed miss, no more than `max_shots` of the class at one object. *Salvo*: one order and no second. The first shot
goes to the battery that can meet the object earliest; a battery whose window closes while an earlier shot is still
unassessed fires its last safe shot instead of waiting.
"""

from collections.abc import Iterable

import msgspec

from diptych.model.decision import Proposal
from diptych.model.scenario import InterceptorClass

LAST_SAFE_RESERVE_S = 3.0
"""How long before its window closes a battery stops waiting for an assessment. Assumed: one decision cycle."""


class Need(msgspec.Struct, frozen=True):
    """An object still to be met: the own batteries with a window when last looked at, and the shots it has had."""

    batteries: tuple[int, ...]
    shots: int


def choose(proposals: tuple[Proposal, ...]) -> Proposal | None:
    """Return the proposal that meets the object earliest; ties by the battery's place in the scenario."""
    if not proposals:
        return None
    return min(proposals, key=lambda p: (p.intercept_s, p.battery))


def last_safe_s(close_s: float) -> float:
    """Return the moment at which a battery must stop waiting for somebody else's result."""
    return close_s - LAST_SAFE_RESERVE_S


def shots_of(kind: InterceptorClass, fired: int, stock: int) -> int:
    """Return how many interceptors the next order takes; `fired` of the class so far at this object, `stock` left."""
    if kind.doctrine == "salvo" and fired > 0:
        return 0
    return max(0, min(kind.salvo, kind.max_shots - fired, stock))


def reserved(battery: int, own: Need, others: Iterable[Need], salvo: int) -> int:
    """Return how many interceptors of a battery are kept for other objects, one salvo for each.

    For the first shot at an object those others count that have had none and fewer batteries to meet them; for a
    further shot all that have had none. So a battery does not empty itself on the first object that comes.
    """
    return salvo * sum(
        battery in need.batteries and need.shots == 0 and (own.shots > 0 or len(need.batteries) < len(own.batteries))
        for need in others
    )
