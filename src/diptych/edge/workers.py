"""Map a task over numbers in this process or in a pool of worker processes, with the results in order.

A task is a function of its number and of what `setup` made of the payload, and of nothing else: results are placed by
number, so that one worker and many give the same list. `setup` is a function at the top of a module (workers find it
by its name) and runs once in each process.

Ctrl-C in the terminal reaches every process of the group; workers ignore it and the parent stops them.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from itertools import takewhile
from types import FrameType
from typing import Any, TypeVar

from diptych.model.errors import LocalError

Payload = TypeVar("Payload")
Value = TypeVar("Value")
Handler = Callable[[int, FrameType | None], Any] | int | None

CHUNKS_PER_WORKER = 32
LARGEST_CHUNK = 16
LOOK_S = 0.5  # how often the parent looks whether Ctrl-C was pressed
POOL_FROM = 8  # below this many tasks a pool costs more than it saves

_task: Callable[[int], Any] | None = None


class Interrupted(Exception):  # noqa: N818  # an order of the user, not an error
    """Ctrl-C: what the first tasks gave, as far as all of them were done, out of how many.

    What a later task gave while an earlier one was still running is left out, so that `values` is what a run of
    `done` tasks gives.
    """

    def __init__(self, values: list[Any], count: int) -> None:
        super().__init__(f"interrupted after {len(values)} of {count} replicates")
        self.values = values
        self.done = len(values)
        self.count = count


def default_workers(count: int) -> int:
    """Return how many processes to use for `count` tasks when nobody says: the cores we may use, 1 for few tasks."""
    return (
        1 if count < POOL_FROM else min(len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 1, count)
    )


def map_indexed(
    setup: Callable[[Payload], Callable[[int], Value]],
    payload: Payload,
    count: int,
    workers: int = 1,
    on_done: Callable[[int], None] | None = None,
) -> list[Value]:
    """Return [task(0), ..., task(count - 1)] with task = setup(payload).

    Parameters
    ----------
    setup : callable
        Makes the task; with more than one worker it must be importable by name and `payload` must pickle.
    workers : int
        1: in this process. More: a forkserver pool.
    on_done : callable
        Told after each chunk how many tasks are done.

    Raises
    ------
    Interrupted
        Ctrl-C; the pool has been stopped.
    LocalError
        A worker process died.
    """
    tell = on_done or (lambda _: None)
    if workers <= 1 or count <= 1:
        return _map_here(setup, payload, count, tell)
    return _map_in_pool(setup, payload, count, min(workers, count), tell)


def _map_here(
    setup: Callable[[Payload], Callable[[int], Value]], payload: Payload, count: int, tell: Callable[[int], None]
) -> list[Value]:
    done: list[Value] = []
    try:
        task = setup(payload)
        for index in range(count):
            done.append(task(index))
            tell(len(done))
    except KeyboardInterrupt:
        raise Interrupted(done, count) from None
    return done


def _map_in_pool(
    setup: Callable[[Payload], Callable[[int], Value]],
    payload: Payload,
    count: int,
    workers: int,
    tell: Callable[[int], None],
) -> list[Value]:
    context = multiprocessing.get_context("forkserver")
    size = max(1, min(LARGEST_CHUNK, count // (workers * CHUNKS_PER_WORKER)))
    chunks = [range(start, min(start + size, count)) for start in range(0, count, size)]
    results: dict[int, list[Value]] = {}
    pool = ProcessPoolExecutor(workers, mp_context=context, initializer=_start, initargs=(setup, payload))
    asked = threading.Event()  # a flag: an exception out of a signal is lost where it meets a callback of the pool
    before = _on_ctrl_c(lambda *_: asked.set())
    try:
        waiting: dict[Future[list[Value]], range] = {pool.submit(_chunk, chunk): chunk for chunk in chunks}
        while waiting:
            finished, _ = wait(waiting, timeout=LOOK_S, return_when=FIRST_COMPLETED)
            if asked.is_set():
                raise KeyboardInterrupt
            for future in finished:
                chunk = waiting.pop(future)
                results[chunk.start] = future.result()
            if finished:
                tell(sum(len(values) for values in results.values()))
    except KeyboardInterrupt:
        _stop(pool)
        leading = takewhile(lambda chunk: chunk.start in results, chunks)
        raise Interrupted([value for chunk in leading for value in results[chunk.start]], count) from None
    except BrokenProcessPool:
        done = sum(len(values) for values in results.values())
        _stop(pool)
        raise LocalError(
            f"running {count} replicates: a worker process died after {done} were done (out of memory, or killed from "
            "outside); nothing was written. Next: run again with --workers 1, or with fewer replicates"
        ) from None
    except BaseException:
        _stop(pool)
        raise
    finally:
        _on_ctrl_c(before)
    pool.shutdown()
    return [value for chunk in chunks for value in results[chunk.start]]


def _on_ctrl_c(handler: Handler) -> Handler:
    """Set what happens on Ctrl-C and return what happened before; None, and nothing, outside the main thread."""
    if handler is None or threading.current_thread() is not threading.main_thread():
        return None
    return signal.signal(signal.SIGINT, handler)


def _stop(pool: ProcessPoolExecutor) -> None:
    """Stop a pool at once: forget what waits, end the workers."""
    processes = list((getattr(pool, "_processes", None) or {}).values())
    pool.shutdown(wait=False, cancel_futures=True)
    for process in processes:
        process.terminate()
    for process in processes:
        process.join(timeout=5.0)


def _start(setup: Callable[[Any], Callable[[int], Any]], payload: Any) -> None:  # noqa: ANN401  # any payload
    global _task
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _task = setup(payload)


def _chunk(indices: range) -> list[Any]:
    assert _task is not None
    return [_task(index) for index in indices]
