"""What loading kernels costs: say once that they are being compiled, and load no more than they need.

The first run of an installation spends most of its time compiling.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from diptych.edge.progress import Progress

FIRST_RUN_S = 60  # on two cores of 2023; a guess for people, measured again by `make bench`


def has_compiled_kernels() -> bool:
    """Return whether an earlier process left compiled kernels where this one would look for them."""
    if os.environ.get("NUMBA_DISABLE_JIT") == "1":
        return True
    place = os.environ.get("NUMBA_CACHE_DIR")
    folders = [Path(place)] if place else [Path(__file__).resolve().parent.parent / "kernels" / "__pycache__"]
    return any(True for folder in folders if folder.is_dir() for _ in folder.rglob("lanes*.nbi"))


@contextmanager
def without_linear_algebra() -> Iterator[None]:
    """Load the first kernel without scipy.linalg, which takes a quarter of a second and no kernel uses.

    numba imports it when it first loads a kernel, to know whether there is a BLAS; what needs one asks again later.
    Only numpy.inner in a kernel, which ours do not call, is then a plain loop. The second time nothing is done.
    """
    if "scipy.linalg" in sys.modules or "numba.np.arraymath" in sys.modules:
        yield
        return
    sys.modules["scipy.linalg"] = None  # type: ignore[assignment]  # what the import system takes for "not there"
    try:
        yield
    finally:
        del sys.modules["scipy.linalg"]


def announce(progress: Progress, *, quiet: bool) -> None:
    """Tell people that this run compiles first, on a terminal or off it, unless they asked for quiet."""
    if has_compiled_kernels():
        return
    text = f"compiling kernels, about {FIRST_RUN_S} s, once"
    progress.step(text)
    if not quiet and not progress.is_shown:
        print(f"diptych: {text}", file=sys.stderr, flush=True)
