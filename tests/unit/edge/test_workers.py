"""The map over replicates: the same list from one process and from many, and honest ends."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from diptych.edge.workers import Interrupted, default_workers, map_indexed
from diptych.model.errors import LocalError
from tests.helpers import tasks


@pytest.mark.parametrize("workers", [1, 2, 3])
def test_results_stand_in_order_whatever_the_number_of_workers(workers: int) -> None:
    assert map_indexed(tasks.squares, 7, 41, workers) == [7 + i * i for i in range(41)]


def test_no_task_gives_an_empty_list() -> None:
    assert map_indexed(tasks.squares, 7, 0, 4) == []


def test_two_workers_are_two_processes_and_neither_is_this_one(tmp_path: Path) -> None:
    map_indexed(tasks.processes, str(tmp_path), 20, 2)
    seen = {int(path.name) for path in tmp_path.iterdir()}
    assert len(seen) == 2
    assert os.getpid() not in seen


def test_progress_counts_up_to_the_number_of_tasks() -> None:
    told: list[int] = []
    map_indexed(tasks.squares, 0, 10, 2, told.append)
    assert told == sorted(told)
    assert told[-1] == 10


def test_a_dead_worker_is_reported_with_what_to_do_next() -> None:
    with pytest.raises(
        LocalError, match=r"a worker process died after .* nothing was written. Next: run again with --workers 1"
    ):
        map_indexed(tasks.deaths, 5, 20, 2)


@pytest.mark.parametrize("workers", [1, 2])
def test_a_mistake_in_a_task_is_raised_here(workers: int) -> None:
    with pytest.raises(ValueError, match="no value at 4"):
        map_indexed(tasks.mistakes, 4, 8, workers)


def test_ctrl_c_stops_the_pool_long_before_its_tasks_are_done_and_says_how_much_was_done() -> None:
    begun_s = time.monotonic()
    with pytest.raises(Interrupted) as caught:
        map_indexed(tasks.interrupts, os.getpid(), 16, 2)
    assert time.monotonic() - begun_s < 120.0  # all tasks together would take 195 s
    assert caught.value.count == 16
    assert caught.value.done < 16
    assert caught.value.values == list(range(caught.value.done))
    assert str(caught.value) == f"interrupted after {caught.value.done} of 16 replicates"


def test_few_tasks_stay_in_this_process() -> None:
    assert default_workers(3) == 1
    assert default_workers(1000) >= 1
