"""Twenty-nine faults planted in the engine, one at a time: the search of the command layer must find each.

A fault is a function put in place of one of the engine's. Without any the same search finds nothing, so what it finds
is the fault. The table stands in docs/explanation/proofs.md.
"""

import random

import pytest

from tests.helpers.command_search import Search
from tests.helpers.planted_faults import FAULTS

MOST = 1500
"""Arrangements that are tried at most until a fault shows."""


@pytest.mark.parametrize("name", FAULTS)
def test_a_planted_fault_is_found(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    FAULTS[name](monkeypatch)
    search, luck = Search(), random.Random(4)
    for _ in range(MOST):
        try:
            search.try_one(luck.randbytes(220))
        except AssertionError:
            return
    pytest.fail(f"{search.runs} runs, and nobody noticed: {name}")
