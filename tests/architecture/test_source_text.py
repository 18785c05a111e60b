"""What the import contracts cannot see: calls that reach the world below the edge, giants, words that must not ship."""

from __future__ import annotations

import ast
import re
import subprocess
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "src" / "diptych"
LINES_AIMED_AT = 400
LINES_AT_MOST = 500

BANNED_NAMES = {"open", "print", "input", "eval", "exec", "compile", "breakpoint", "__import__"}
BANNED_METHODS = {
    *("read_text", "write_text", "read_bytes", "write_bytes"),
    *("tofile", "fromfile", "savetxt", "loadtxt", "genfromtxt", "memmap", "savez", "savez_compressed"),
    *("read_parquet", "write_parquet", "read_csv", "read_json", "scan_parquet", "scan_csv", "sink_parquet"),
}


def world_calls(source: str) -> list[tuple[int, str]]:
    """List (line, name) of every call in `source` that would reach a file, a terminal or the interpreter."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        if isinstance(node.func, ast.Name) and node.func.id in BANNED_NAMES:
            found.append((node.lineno, node.func.id))
        elif isinstance(node.func, ast.Attribute) and node.func.attr in BANNED_METHODS:
            found.append((node.lineno, node.func.attr))
    return found


def _modules() -> list[Path]:
    return sorted(path for path in PACKAGE.rglob("*.py") if "__pycache__" not in path.parts)


def _below_the_edge() -> list[Path]:
    return [path for path in _modules() if path.relative_to(PACKAGE).parts[0] not in {"edge", "data"}]


def test_no_call_below_the_edge_touches_files_or_the_terminal() -> None:
    modules = _below_the_edge()
    assert len(modules) >= 16, "the walk found too few modules to mean anything"
    found = [
        f"{path.relative_to(ROOT)}:{line}: {name}()" for path in modules for line, name in world_calls(path.read_text())
    ]
    assert found == []


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("def f():\n    return open('a')\n", [(2, "open")]),
        ("print('x')", [(1, "print")]),
        ("import numpy as np\nnp.loadtxt('a')", [(2, "loadtxt")]),
        ("frame.write_parquet('a')", [(1, "write_parquet")]),
        ("window.open()\nprinter = 3\nopened(window)", []),
    ],
)
def test_the_walk_sees_a_planted_call(source: str, names: list[tuple[int, str]]) -> None:
    assert world_calls(source) == names


WRITTEN_BY_A_TOOL = '"""Written by tools/'


def test_no_module_is_a_giant() -> None:
    texts = {str(path.relative_to(ROOT)): path.read_text() for path in _modules()}
    # What a program writes is read in the program; a test of its own proves that it wrote it.
    lengths = {name: len(text.splitlines()) for name, text in texts.items() if not text.startswith(WRITTEN_BY_A_TOOL)}
    for name, lines in lengths.items():
        if lines > LINES_AIMED_AT:
            warnings.warn(f"{name} has {lines} lines; {LINES_AIMED_AT} is what we aim at", stacklevel=1)
    assert {name: lines for name, lines in lengths.items() if lines > LINES_AT_MOST} == {}


def test_every_module_opens_with_a_paragraph() -> None:
    silent = [str(path.relative_to(ROOT)) for path in _modules() if not ast.get_docstring(ast.parse(path.read_text()))]
    assert silent == []


def _forbidden_words() -> dict[str, re.Pattern[str]]:
    """Patterns spelled in pieces, so that this file does not hold what it looks for."""
    pieces = {
        "a path of one machine": "|".join(
            r"(?<![\w.:/-])/" + name + r"(?![\w-])" for name in ("work", "root", "tmp", "opt/wheels")
        ),
        "a home folder": r"(?<![\w.:-])/home/\w+",
        "a private library": r"(?<!\w)\." + "library" + r"\b",
        "an unfinished marker": r"\b(?:FIX" + "ME|XX" + r"X)\b",
    }
    return {meaning: re.compile(pattern) for meaning, pattern in pieces.items()}


def forbidden_in(text: str) -> Iterator[tuple[int, str]]:
    """Yield (line, meaning) for every forbidden word in `text`."""
    for number, line in enumerate(text.splitlines(), start=1):
        for meaning, pattern in _forbidden_words().items():
            if pattern.search(line):
                yield number, meaning


def tracked_files() -> list[Path]:
    """Every file git tracks; every file of the tree where there is no git (an unpacked release)."""
    git = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    if git.returncode == 0:
        return [ROOT / name for name in git.stdout.split("\0") if name and (ROOT / name).is_file()]
    folders = ("src", "tests", "docs", "verification", "changes", "benchmarks")
    return [path for folder in folders for path in (ROOT / folder).rglob("*") if path.is_file()]


def test_no_tracked_file_names_one_machine() -> None:
    files = tracked_files()
    assert len(files) > 20
    found = []
    for path in files:
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue  # a picture or a deliberately broken test file
        found += [f"{path.relative_to(ROOT)}:{line}: {meaning}" for line, meaning in forbidden_in(text)]
    assert found == []


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("cd " + "/wo" + "rk/main", "a path of one machine"),
        ("--out=" + "/tm" + "p/x", "a path of one machine"),
        ("see " + "." + "library/env", "a private library"),
        ("# FIX" + "ME later", "an unfinished marker"),
    ],
)
def test_a_forbidden_word_is_seen(text: str, meaning: str) -> None:
    assert list(forbidden_in(f"fine\n{text}\n")) == [(2, meaning)]


def test_addresses_and_prose_are_not_mistaken_for_machine_paths() -> None:
    assert list(forbidden_in("https://example.org/work/1\nframework/work\nroot/tmp\nself.library_name\n")) == []
