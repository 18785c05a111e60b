"""Progress for people: what is being done, how fast, how long still; on the error stream and only on a terminal.

`Progress` also keeps every step it was told, with its time, for the log of the run directory.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager


class Progress:
    """Tell steps and bars to a terminal, or to nobody.

    `steps` lists (seconds since the start, text) of every step.
    """

    def __init__(self, *, is_shown: bool) -> None:
        self.is_shown = is_shown and sys.stderr.isatty()
        self.started_s = time.monotonic()
        self.steps: list[tuple[float, str]] = []

    def step(self, text: str) -> None:
        """Say that a step begins."""
        self.steps.append((time.monotonic() - self.started_s, text))
        if self.is_shown:
            print(f"{text} ...", file=sys.stderr, flush=True)

    @contextmanager
    def bar(self, text: str, count: int) -> Iterator[Callable[[int], None]]:
        """Show a bar with rate and time left over `count` tasks; yields what to call with the number done."""
        self.steps.append((time.monotonic() - self.started_s, f"{text}: {count}"))
        if not self.is_shown:
            yield lambda _: None
            return
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn, TimeRemainingColumn
        from rich.progress import Progress as Bars

        columns = (
            TextColumn("{task.description}"),
            BarColumn(bar_width=30),
            MofNCompleteColumn(),
            TextColumn("{task.fields[rate]}"),
            TimeElapsedColumn(),
            TextColumn("left"),
            TimeRemainingColumn(),
        )
        begun_s = time.monotonic()
        with Bars(*columns, console=Console(stderr=True), transient=True) as bars:
            task = bars.add_task(text, total=count, rate="")

            def tell(done: int) -> None:
                rate = done / max(time.monotonic() - begun_s, 1e-9)
                bars.update(task, completed=done, rate=f"{rate:.1f}/s")

            yield tell

    def log(self) -> str:
        """Return the steps as text, one a line."""
        return "".join(f"{seconds:9.2f} s  {text}\n" for seconds, text in self.steps)

    def elapsed_s(self) -> float:
        """Return the seconds since the start."""
        return time.monotonic() - self.started_s
