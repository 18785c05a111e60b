"""Say by name which system program a test needs, and how to get it."""

from __future__ import annotations

import shutil

import pytest

SKIP_PREFIX = "needs the system program "


def need_program(name: str) -> str:
    """Return the program's path; skip the test, naming the program, where there is none."""
    found = shutil.which(name)
    if found is None:
        pytest.skip(f"{SKIP_PREFIX}{name}: run `make system`, or `apt-get install {name}`")
    return found
