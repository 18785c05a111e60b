"""The table of requirements names only what is there: files of the source, tests that exist, every row once."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "explanation" / "requirements.md"


def rows() -> list[list[str]]:
    """Return the cells of every row of the table."""
    lines = [line for line in PAGE.read_text().splitlines() if re.match(r"\| [WPR]\d", line)]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def named_tests(cell: str) -> list[tuple[str, str]]:
    return [tuple(name.split("::")) for name in re.findall(r"`([^`]*)`", cell)]  # type: ignore[misc]


def test_every_row_has_a_place_and_a_test_that_exist() -> None:
    found = rows()
    assert len(found) >= 20
    for row, _, places, tests in found:
        files = [p for p in re.findall(r"`([^`]*)`", places) if "/" in p]
        assert files or "key" in places, row
        assert [p for p in files if not (ROOT / p).exists()] == [], row
        assert named_tests(tests), row
        for path, name in named_tests(tests):
            assert re.search(rf"^def {name}\(", (ROOT / path).read_text(), re.MULTILINE), (row, path, name)


def test_every_row_of_the_three_lists_is_on_the_page_once() -> None:
    named = [row for row, *_ in rows()]
    assert len(named) == len(set(named))
    others = PAGE.read_text().split("**Not command")[1]
    spelled = re.sub(r"P4 to P7", "P4, P5, P6, P7", others)
    elsewhere = set(re.findall(r"\b[WPR]\d+\b", spelled))
    wanted = {f"W{i}" for i in range(1, 16)} | {f"P{i}" for i in range(1, 10)} | {f"R{i}" for i in range(1, 19)}
    assert set(named) | elsewhere == wanted
    assert set(named) & elsewhere == set()
