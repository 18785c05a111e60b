"""The queue: time first, then kind, then a drawn tie-break that favours nobody."""

from collections import Counter

from diptych.model.messages import Wake
from diptych.sim.events import KINDS, Queue
from diptych.sim.luck import luck_of

HASHES = (11, 12, 13, 14)


def names(queue: Queue) -> list[str]:
    out = []
    while queue:
        out.append(queue.pop().node)
    return out


def test_events_come_out_by_time() -> None:
    queue = Queue(luck_of(1, 0), HASHES)
    for time_s, node in ((3.0, "c"), (1.0, "a"), (2.0, "b")):
        queue.push(time_s, "wake", node, 0, Wake(0))
    assert names(queue) == ["a", "b", "c"]


def test_events_at_one_time_come_out_by_kind_in_the_written_order() -> None:
    queue = Queue(luck_of(1, 0), HASHES)
    for kind in reversed(KINDS):
        queue.push(5.0, kind, kind, 0, Wake(0))
    assert names(queue) == list(KINDS)


def test_ties_follow_the_draw_of_time_and_object_not_the_order_of_asking() -> None:
    def order(first: tuple[int, ...]) -> list[str]:
        queue = Queue(luck_of(1, 0), HASHES)
        for i in first:
            queue.push(5.0, "wake", f"object {i}", i, Wake(i))
        return names(queue)

    assert order((0, 1, 2, 3)) == order((3, 1, 0, 2))


def test_no_object_is_favoured_over_replicates() -> None:
    first: Counter[str] = Counter()
    for replicate in range(600):
        queue = Queue(luck_of(1, replicate), HASHES)
        for i in (0, 1, 2):
            queue.push(5.0, "wake", str(i), i, Wake(i))
        first[queue.pop().node] += 1
    assert all(abs(first[str(i)] - 200) < 4 * (600 * 2 / 9) ** 0.5 for i in range(3))


def test_events_of_one_object_favour_no_node_and_keep_the_order_of_asking_within_one() -> None:
    first: Counter[str] = Counter()
    for replicate in range(600):
        queue = Queue(luck_of(1, replicate), HASHES)
        for node in ("x", "y"):
            queue.push(5.0, "wake", node, 0, Wake(0))
        first[names(queue)[0]] += 1
    assert abs(first["x"] - 300) < 4 * 150**0.5
    queue = Queue(luck_of(1, 0), HASHES)
    items = [Wake(0), Wake(0)]
    for item in items:
        queue.push(5.0, "wake", "x", 0, item)
    assert queue.pop().number < queue.pop().number
