"""The node does what the structure of its path says: who blocks by a no, who by silence, when permission is there."""

import heapq
import math
from itertools import count

from hypothesis import given, settings
from hypothesis import strategies as st

from diptych.command.actions import path_structure
from diptych.command.silence import finish_s
from diptych.command.structure import happens_with
from diptych.model.arrangement import Consent, Step, Wait
from diptych.model.messages import Ask, Input, OperatorAction, Wake, WakeAt
from diptych.node.step import step
from tests.helpers.small import falling_object, path_to, small_arrangement, small_node

ACTS = ("classify", "authority", "second-key")
TIMES = {"classify": 4.0, "authority": 1.0, "second-key": 7.0}
ROLES = tuple("abcd")


def granted_s(consent: Consent, silent: frozenset[str], refusing: frozenset[str]) -> float:
    """Play NATO's node: yes after the time of the act, a no at once, or nothing; return when permission is there."""
    state = small_node(small_arrangement(consent))
    number = count()
    queue: list[tuple[float, int, Input]] = [(0.0, next(number), falling_object(from_s=0.0))]
    while queue:
        now_s, _, item = heapq.heappop(queue)
        if now_s > 120.0:
            break
        state, out = step(state, (item,), now_s)
        case = state.cases[0]
        if math.isfinite(case.granted_s) or math.isfinite(case.released_s):
            return now_s
        for said in out:
            if isinstance(said, WakeAt):
                heapq.heappush(queue, (max(said.time_s, now_s), next(number), Wake(0)))
            elif isinstance(said, Ask) and said.role not in silent:
                is_no = said.role in refusing
                answer = OperatorAction(0, said.act, said.role, said.ask, "no" if is_no else "yes")
                heapq.heappush(queue, (now_s + (0.0 if is_no else TIMES[said.act]), next(number), answer))
    return math.inf


@st.composite
def consents(draw: st.DrawFn) -> Consent:
    steps, waits = [], []
    for act in ACTS[: draw(st.integers(1, 3))]:
        roles = tuple(draw(st.lists(st.sampled_from(ROLES), min_size=1, max_size=4, unique=True)))
        weights = tuple(draw(st.lists(st.integers(1, 3), min_size=len(roles), max_size=len(roles))))
        need = draw(st.integers(1, sum(weights)))
        steps.append(Step(act, roles, ("nato",) * len(roles), need, f"votes:{act}", weights))
        for deputy in draw(st.lists(st.sampled_from(("e", "f")), max_size=2, unique=True)):
            waits.append(Wait(act, draw(st.sampled_from((2.0, 5.0))), "pass-to", deputy, "nato"))
        waits.append(draw(st.sampled_from((Wait(act, None, "hold"), Wait(act, 6.0, "engage")))))
    return path_to(tuple(steps), tuple(waits))


@settings(max_examples=40, deadline=None)
@given(consents(), st.frozensets(st.sampled_from((*ROLES, "e", "f"))))
def test_with_some_silent_permission_comes_when_the_structure_says(consent: Consent, silent: frozenset[str]) -> None:
    assert granted_s(consent, silent, frozenset()) == finish_s(path_structure(consent, consent.steps, TIMES), silent)


@settings(max_examples=40, deadline=None)
@given(consents(), st.frozensets(st.sampled_from(ROLES)))
def test_with_some_refusing_permission_comes_if_the_others_are_enough(
    consent: Consent, refusing: frozenset[str]
) -> None:
    structure = path_structure(consent, consent.steps, TIMES)
    others = frozenset(ROLES) - refusing
    assert math.isfinite(granted_s(consent, frozenset(), refusing)) == happens_with(structure, others)
