"""The joint plan: who shoots first at an object both are responsible for, without anybody commanding the other.

A pure function of what both sides hold. It never forbids a shot: it lets one side hold its fire while the other's
announced attempt is under way, until its own last safe launch time; without an announcement both fire.
"""


def first_shooter(
    claims: tuple[tuple[str, float], ...], impact_state: str | None, complex_states: dict[str, frozenset[str]]
) -> str | None:
    """Return the complex that goes first, or None when nobody has announced anything.

    The complex whose territory the predicted impact point lies in goes first if it has announced an attempt;
    otherwise the earliest announced intercept, ties by id.

    Parameters
    ----------
    claims : tuple of (complex id, announced intercept time s)
    impact_state : state of the predicted impact point
    complex_states : complex id to the states it defends
    """
    if not claims:
        return None
    for complex_id, _ in sorted(claims):
        if impact_state in complex_states.get(complex_id, frozenset()):
            return complex_id
    return min(claims, key=lambda claim: (claim[1], claim[0]))[0]
