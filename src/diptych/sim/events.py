"""The queue of a run and the written order of equal times.

Times are seconds of the run. At equal times: by kind, in the order of `KINDS`; then by the tie-break draw of (time,
object, node), so that replays agree and neither complex is favoured; then by the order of asking, which only
distinguishes events of one object at one node. See docs/explanation/time-and-order.md.
"""

import heapq
from typing import NamedTuple

from diptych.model.messages import Input, Order
from diptych.sim.luck import Luck, tie_break

KINDS = ("meeting", "impact", "sensed", "message", "answer", "assessed", "wake", "conduct")
"""At one time: truth first (a meeting before an impact), then sensors, messages, people, results, alarms, and last a
conduct that begins."""

_RANKS = {kind: rank for rank, kind in enumerate(KINDS)}
BEGINS = _RANKS["conduct"]


class Entry(NamedTuple):
    """One event: time, kind, order of asking, node it is for ("" for truth), object, what arrives.

    `order` is set for a meeting only.
    """

    time_s: float
    kind: int
    number: int
    node: str
    object: int
    item: Input | None
    order: Order | None


class Queue:
    """A priority queue in the written order; tie-breaks are drawn only where there is a tie."""

    def __init__(self, luck: Luck, object_hash: tuple[int, ...]) -> None:
        self._luck = luck
        self._object_hash = object_hash
        self._heap: list[Entry] = []
        self._number = 0

    def push(
        self, time_s: float, kind: str, node: str, object_index: int, item: Input | None, order: Order | None = None
    ) -> None:
        """Add an event."""
        self._number += 1
        heapq.heappush(self._heap, Entry(time_s, _RANKS[kind], self._number, node, object_index, item, order))

    def pop(self) -> Entry:
        """Take the next event."""
        first = heapq.heappop(self._heap)
        if not self._heap or self._heap[0][:2] != first[:2]:
            return first
        tied = [first]
        while self._heap and self._heap[0][:2] == first[:2]:
            tied.append(heapq.heappop(self._heap))
        tied.sort(key=lambda e: (tie_break(self._luck, e.time_s, self._object_hash[e.object], e.node), e.number))
        for entry in tied[1:]:
            heapq.heappush(self._heap, entry)
        return tied[0]

    def __bool__(self) -> bool:
        return bool(self._heap)
