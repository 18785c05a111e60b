"""Which battery shoots, how many, and when to look again: shoot, look, shoot, and a last safe shot.

The first shot goes to the battery that can meet the object earliest. A further
shot follows an assessed miss; a battery whose window closes while an earlier shot is still unassessed fires its last
safe shot instead of waiting.
"""

from diptych.model.decision import Proposal

LAST_SAFE_RESERVE_S = 3.0
"""How long before its window closes a battery stops waiting for an assessment. Assumed: one decision cycle."""


def choose(proposals: tuple[Proposal, ...]) -> Proposal | None:
    """Return the proposal that meets the object earliest; ties by the battery's place in the scenario."""
    if not proposals:
        return None
    return min(proposals, key=lambda p: (p.intercept_s, p.battery))


def last_safe_s(close_s: float) -> float:
    """Return the moment at which a battery must stop waiting for somebody else's result."""
    return close_s - LAST_SAFE_RESERVE_S


def shots_of(salvo: int, magazine: int) -> int:
    """Return how many interceptors one order takes."""
    return min(salvo, magazine)
