"""Tasks for the worker pool: at the top of a module, so that a worker finds them by name."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path


def squares(payload: int) -> Callable[[int], int]:
    return lambda index: payload + index * index


def deaths(at: int) -> Callable[[int], int]:
    """A task that kills its own process at index `at`."""

    def task(index: int) -> int:
        if index == at:
            os.kill(os.getpid(), signal.SIGKILL)
        return index

    return task


def mistakes(at: int) -> Callable[[int], int]:
    def task(index: int) -> int:
        if index == at:
            raise ValueError(f"no value at {index}")
        return index

    return task


def interrupts(parent: int) -> Callable[[int], int]:
    """A task that sends Ctrl-C to the parent at index 3 and is slow from then on."""

    def task(index: int) -> int:
        if index == 3:
            os.kill(parent, signal.SIGINT)
        if index >= 3:
            time.sleep(30.0)
        return index

    return task


def processes(folder: str) -> Callable[[int], int]:
    """A task that leaves a file named after its process."""

    def task(index: int) -> int:
        (Path(folder) / str(os.getpid())).touch()
        time.sleep(0.02)
        return index

    return task
