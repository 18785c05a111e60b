"""What the pages at the root and in docs/ promise is there: linked files, make targets."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "changes").glob("*.md")])


def links_in(text: str) -> list[str]:
    """List the targets of Markdown links that point into the tree, without anchors."""
    targets = re.findall(r"\]\(([^)\s]+)\)", re.sub(r"```.*?```", "", text, flags=re.DOTALL))
    return [target.split("#")[0] for target in targets if not re.match(r"[a-z]+:|#", target)]


def make_targets_in(text: str) -> set[str]:
    """List the targets of `make TARGET` in code, inline or in blocks."""
    blocks = re.findall(r"```sh\n(.*?)```", text, flags=re.DOTALL)
    lines = [line for block in blocks for line in block.splitlines()] + re.findall(r"`(make [^`]*)`", text)
    return {match[1] for line in lines if (match := re.match(r"make ([a-z-]+)", line))}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_linked_file_is_there(page: Path) -> None:
    missing = [target for target in links_in(page.read_text()) if not (page.parent / target).exists()]
    assert missing == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_make_target_named_is_there(page: Path) -> None:
    targets = set(re.findall(r"^([a-z-]+):.*## ", (ROOT / "Makefile").read_text(), re.MULTILINE))
    assert make_targets_in(page.read_text()) - targets == set()


def test_the_checks_of_pages_see_what_they_look_for() -> None:
    text = "[a](b.md#c) [d](https://e.f/g) [h](#i)\n`make lint` or:\n```sh\nmake demo  # [x](y)\n```\n"
    assert links_in(text) == ["b.md"]
    assert make_targets_in(text) == {"lint", "demo"}
