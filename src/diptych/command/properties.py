"""Properties of an arrangement that follow from its data, computed and never typed in.

So far one: whether silence can fire. What an arrangement claims about itself is not checked here.
"""

from diptych.model.arrangement import Arrangement


def fires_by_silence(arrangement: Arrangement) -> tuple[str, ...]:
    """Return the acts on which silence leads to a shot, with territory and complex; none if it cannot."""
    found = (
        f"{wait.act} ({consent.action.removeprefix('intercept-').replace('-', ' ')} territory, {consent.complex_id})"
        for consent in arrangement.consents
        for wait in consent.waits
        if wait.then == "engage" and any(step.act == wait.act for step in consent.steps)
    )
    return tuple(dict.fromkeys(found))
