"""What joint centres do in a run, and what nobody needs a centre to see: two complexes at one object.

A centre passes on what its rules say. The centre that keeps the log of a joint plan numbers claims, withdrawals and
results of each object in the order in which they come, and tells them to all its staff, the sender included.
"""

from msgspec.structs import replace

from diptych.model.arrangement import Arrangement
from diptych.model.messages import Intention, KillReport, Order, Received, Share
from diptych.node.share import pass_on
from diptych.node.state import Case
from diptych.sim.journal import Journal

PLANNING = "planning-and-operations"


def keeper_of(arrangement: Arrangement) -> str:
    """Return the centre that keeps the log of a joint plan: the first for planning and operations; "" if none does."""
    if arrangement.responsibility.overlap != "joint-plan":
        return ""
    return next((centre.id for centre in arrangement.centres if centre.kind == PLANNING), "")


class Centres:
    """The joint centres of one run."""

    def __init__(self, arrangement: Arrangement, cared_for: dict[str, frozenset[str]]) -> None:
        self._sharing = arrangement.sharing
        self._cared_for = cared_for
        self._keeper = keeper_of(arrangement)
        self._entries: dict[int, int] = {}

    def passed_on(self, centre: str, item: Received) -> tuple[Share, ...]:
        """Return what a centre sends on of a record that has come in."""
        record = item.record
        if centre != self._keeper or not isinstance(record, Intention | KillReport):
            return pass_on(centre, self._sharing, item, self._cared_for)
        number = self._entries.get(record.object, 0) + 1
        self._entries[record.object] = number
        entered = replace(item, record=replace(record, number=number))
        return pass_on(centre, self._sharing, entered, self._cared_for, is_log=True)


class UnderWay:
    """Shots under way, by object and complex, to see when two complexes engage one object."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._until_s: dict[int, dict[str, float]] = {}

    def fired(self, node: str, order: Order, case: Case, now_s: float) -> None:
        """Take note of an order; write down every other complex that has a shot at the same object under way."""
        here = self._until_s.setdefault(order.object, {})
        for other, until_s in here.items():
            if other != node and until_s > order.launch_s:
                self._journal.doubled(now_s, node, order.object, other, case)
        here[node] = max(here.get(node, order.intercept_s), order.intercept_s)
