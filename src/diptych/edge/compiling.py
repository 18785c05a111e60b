"""Say once that kernels are being compiled: the first run of an installation spends most of its time there."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from diptych.edge.progress import Progress

FIRST_RUN_S = 60  # on two cores of 2023; a guess for people, measured again by `make bench`


def has_compiled_kernels() -> bool:
    """Return whether an earlier process left compiled kernels where this one would look for them."""
    if os.environ.get("NUMBA_DISABLE_JIT") == "1":
        return True
    place = os.environ.get("NUMBA_CACHE_DIR")
    folders = [Path(place)] if place else [Path(__file__).resolve().parent.parent / "kernels" / "__pycache__"]
    return any(True for folder in folders if folder.is_dir() for _ in folder.rglob("flight*.nbi"))


def announce(progress: Progress, *, quiet: bool) -> None:
    """Tell people that this run compiles first, on a terminal or off it, unless they asked for quiet."""
    if has_compiled_kernels():
        return
    text = f"compiling kernels, about {FIRST_RUN_S} s, once"
    progress.step(text)
    if not quiet and not progress.is_shown:
        print(f"diptych: {text}", file=sys.stderr, flush=True)
