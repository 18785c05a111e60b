"""The import contracts hold, and each of them is seen to complain about a planted violation.

A contract that cannot fail protects nothing, so every one gets a small copy of the package with one bad line in it.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "src" / "diptych"
CONFIG: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
CONTRACTS: dict[str, dict[str, Any]] = {contract["id"]: contract for contract in CONFIG["contracts"]}

# contract -> the planted lines: (file in the package, line, what the complaint must show)
PLANTED = {
    "layers": [
        ("model/planted.py", "import diptych.sim", "diptych.model is not allowed to import diptych.sim"),
        ("tracking/planted.py", "import diptych.command", "diptych.tracking is not allowed to import diptych.command"),
        ("kernels/planted.py", "import diptych.model", "diptych.kernels is not allowed to import diptych.model"),
        ("report/planted.py", "import diptych.edge", "diptych.report is not allowed to import diptych.edge"),
    ],
    "edge-only": [
        ("sim/planted.py", "import pathlib", "diptych.sim is not allowed to import pathlib"),
        ("kernels/planted.py", "import random", "diptych.kernels is not allowed to import random"),
        ("report/planted.py", "from os import path", "diptych.report is not allowed to import os"),
        ("node/planted.py", "from datetime import datetime", "diptych.node is not allowed to import datetime"),
    ],
    "pydantic-edge": [
        ("model/planted.py", "from pydantic import BaseModel", "diptych.model is not allowed to import pydantic"),
        ("command/planted.py", "import ruamel.yaml", "diptych.command is not allowed to import ruamel"),
    ],
    "numba-kernels": [
        ("truth/planted.py", "from numba import njit", "diptych.truth is not allowed to import numba"),
        ("edge/planted.py", "import numba", "diptych.edge is not allowed to import numba"),
    ],
}


def _lint(folder: Path, contract: str | None = None) -> subprocess.CompletedProcess[str]:
    """Run import-linter over the package found in `folder`, with this repository's contracts."""
    command = [sys.executable, "-c", "from importlinter.cli import lint_imports_command as c; c()"]
    command += ["--config", str(ROOT / "pyproject.toml"), "--no-cache", "--no-logo"]
    if contract is not None:
        command += ["--contract", contract]
    environment = {**os.environ, "PYTHONPATH": str(folder), "COLUMNS": "200"}
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=60, check=False)


@pytest.fixture(scope="module")
def skeleton(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The packages alone, each with its `__init__.py` and nothing else: what a planted line needs to stand in."""
    folder = tmp_path_factory.mktemp("skeleton")
    for init in PACKAGE.rglob("__init__.py"):
        target = folder / "diptych" / init.relative_to(PACKAGE)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text('"""Empty."""\n')
    return folder


def test_every_import_contract_holds() -> None:
    result = _lint(PACKAGE.parent)
    assert result.returncode == 0, result.stdout + result.stderr
    for contract in CONTRACTS.values():
        assert f"{contract['name']} KEPT" in result.stdout


def test_empty_packages_break_no_contract(skeleton: Path) -> None:
    result = _lint(skeleton)
    assert result.returncode == 0, result.stdout + result.stderr
    assert f"{len(CONTRACTS)} kept, 0 broken" in result.stdout


def test_every_contract_has_a_planted_violation() -> None:
    assert set(PLANTED) == set(CONTRACTS)


@pytest.mark.parametrize(
    ("contract", "file", "line", "complaint"),
    [(contract, *plant) for contract, plants in PLANTED.items() for plant in plants],
)
def test_planted_violation_is_named_by_its_contract(
    skeleton: Path, tmp_path: Path, contract: str, file: str, line: str, complaint: str
) -> None:
    shutil.copytree(skeleton, tmp_path, dirs_exist_ok=True)
    (tmp_path / "diptych" / file).write_text(f'"""Planted."""\n\n{line}\n')
    result = _lint(tmp_path, contract)
    assert result.returncode == 1, result.stdout + result.stderr
    assert f"{CONTRACTS[contract]['name']} BROKEN" in result.stdout
    assert complaint in result.stdout


def test_every_package_stands_in_the_layers_and_in_the_contracts_that_concern_it() -> None:
    packages = {f"diptych.{init.parent.name}" for init in PACKAGE.glob("*/__init__.py")} - {"diptych.data"}
    layers = {name.strip() for line in CONTRACTS["layers"]["layers"] for name in line.split("|")}
    assert layers == packages
    below_the_edge = packages - {"diptych.edge"}
    assert set(CONTRACTS["edge-only"]["source_modules"]) == below_the_edge
    assert set(CONTRACTS["pydantic-edge"]["source_modules"]) == below_the_edge
    assert set(CONTRACTS["numba-kernels"]["source_modules"]) == packages - {"diptych.kernels"}
