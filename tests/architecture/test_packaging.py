"""What ships: data files travel with the wheel, versions agree, the lock names public addresses only."""

from __future__ import annotations

import re
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from pathlib import Path

import pytest

import diptych

ROOT = Path(__file__).resolve().parents[2]


def _build(kind: str, folder: Path) -> Path:
    command = [sys.executable, "-m", "hatchling", "build", "-t", kind, "-d", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True, timeout=120)
    (built,) = folder.iterdir()
    return built


def _shipped_sources() -> set[str]:
    files = (path for path in (ROOT / "src" / "diptych").rglob("*") if path.is_file())
    kept = (path for path in files if "__pycache__" not in path.parts and path.suffix not in {".pyc", ".nbi", ".nbc"})
    return {str(path.relative_to(ROOT / "src")) for path in kept}


def test_the_wheel_holds_every_source_and_data_file_and_the_licence(tmp_path: Path) -> None:
    with zipfile.ZipFile(_build("wheel", tmp_path)) as wheel:
        names = set(wheel.namelist())
    assert _shipped_sources() - names == set()
    assert {Path(name).name for name in names if "/licenses/" in name} == {"LICENSE", "NOTICE"}


def test_the_source_release_holds_every_source_and_data_file(tmp_path: Path) -> None:
    with tarfile.open(_build("sdist", tmp_path)) as release:
        names = {name.split("/", 1)[1] for name in release.getnames() if "/" in name}
    assert {f"src/{name}" for name in _shipped_sources()} - names == set()
    assert {"pyproject.toml", "uv.lock", "LICENSE", "NOTICE", "README.md", "Makefile"} <= names


def test_the_lock_names_public_addresses_only() -> None:
    text = (ROOT / "uv.lock").read_text()
    hosts = set(re.findall(r"[a-z+]+://[^/\"]+", text))
    assert hosts == {"https://pypi.org", "https://files.pythonhosted.org"}
    sources = set(re.findall(r"source = \{ (\w+) =", text))
    assert sources == {"registry", "editable"}


def test_one_version_is_stated_everywhere() -> None:
    stated = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    assert diptych.__version__ == stated
    assert re.search(r"^version: (\S+)$", (ROOT / "CITATION.cff").read_text(), re.MULTILINE)[1] == stated  # type: ignore[index]


@pytest.mark.parametrize("verb", ["import diptych", "from diptych.edge import main"])
def test_importing_the_front_door_brings_in_nothing_heavy(verb: str) -> None:
    heavy = ("numpy", "scipy", "numba", "polars", "pydantic", "ruamel.yaml", "jinja2", "rich", "typer")
    code = f"{verb}; import sys; print([name for name in {heavy!r} if name in sys.modules])"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert result.stdout.strip() == "[]"
