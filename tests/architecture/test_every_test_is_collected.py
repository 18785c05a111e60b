"""Every `test_*` function written in the tree is one that pytest runs.

A test whose file or class has a name that pytest does not recognise passes for ever, as does one that a later function
of the same name hides.
"""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
from collections import Counter
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TREES = [tree for tree in ("tests", "verification") if (ROOT / tree).is_dir()]


def written_in(source: str, file: str) -> list[str]:
    """List `file::test_name` and `file::Class::test_name` for every test function in `source`, nested ones included."""
    found: list[str] = []

    def walk(node: ast.AST, prefix: str) -> None:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef):
                if child.name.startswith("test_"):
                    found.append(f"{prefix}::{child.name}")
                walk(child, f"{prefix}::{child.name}")
            elif isinstance(child, ast.ClassDef):
                walk(child, f"{prefix}::{child.name}")
            else:
                walk(child, prefix)

    walk(ast.parse(source), file)
    return found


def lacks_a_peer(source: str) -> bool:
    """Say whether a file asks at its top for a program of other people that is not installed (the group `peers`)."""
    asked = re.findall(r"^(?:\w+ = )?pytest\.importorskip\(\"([\w.]+)\"", source, flags=re.MULTILINE)
    return any(find_spec(name.split(".")[0]) is None for name in asked)


def test_a_file_that_asks_for_what_is_not_there_is_seen() -> None:
    assert lacks_a_peer('import pytest\n\nx = pytest.importorskip("no_such_program.part")\n')
    assert not lacks_a_peer('import pytest\n\npytest.importorskip("pytest")\n')


def _written() -> Counter[str]:
    files = sorted(path for tree in TREES for path in (ROOT / tree).rglob("*.py") if "__pycache__" not in path.parts)
    files = [path for path in files if path.parts[-2] != "verification" or not lacks_a_peer(path.read_text())]
    return Counter(name for path in files for name in written_in(path.read_text(), str(path.relative_to(ROOT))))


def _collected() -> set[str]:
    """Ask pytest itself, in a process of its own, without the parameters in brackets."""
    command = [sys.executable, "-m", "pytest", "--collect-only", "-q", "-p", "no:cacheprovider", "-p", "no:xdist"]
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST_", "COV_"))}
    result = subprocess.run(
        [*command, *TREES], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=300, check=False
    )
    assert result.returncode == 0, result.stdout[-4000:] + result.stderr[-4000:]
    return {line.split("[", 1)[0] for line in result.stdout.splitlines() if "::" in line}


def test_every_test_function_in_the_tree_is_collected() -> None:
    written = _written()
    hidden_by_a_namesake = sorted(name for name, count in written.items() if count > 1)
    assert hidden_by_a_namesake == []
    assert sorted(set(written) - _collected()) == []


def test_the_walk_sees_tests_that_pytest_would_not() -> None:
    source = "def outer():\n    def test_nested(): ...\n"
    source += "class Cases:\n    def test_in_a_class(self): ...\n"
    source += "def test_plain(): ...\n"
    assert written_in(source, "a.py") == [
        "a.py::outer::test_nested",
        "a.py::Cases::test_in_a_class",
        "a.py::test_plain",
    ]
