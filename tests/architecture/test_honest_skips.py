"""A skip for a missing program names it, and is a failure where everything is required."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
CASE = """
from tests.conftest import *
from tests.helpers.need import need_program

def test_with_a_program_nobody_has():
    need_program("no-such-program-anywhere")
"""


@pytest.mark.parametrize(("required", "outcome"), [("0", "1 skipped"), ("1", "1 failed")])
def test_missing_program_is_a_named_skip_and_a_failure_where_all_is_required(
    tmp_path: Path, required: str, outcome: str
) -> None:
    (tmp_path / "conftest.py").write_text("from tests.conftest import *\n")
    (tmp_path / "test_case.py").write_text(CASE)
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-rs",
        "-p",
        "no:cacheprovider",
        "-p",
        "no:xdist",
        "--rootdir",
        str(tmp_path),
    ]
    environment = {**os.environ, "DIPTYCH_REQUIRE_ALL": required, "PYTHONPATH": str(ROOT)}
    result = subprocess.run(
        [*command, "-c", "/dev/null", str(tmp_path)],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert outcome in result.stdout
    assert "needs the system program no-such-program-anywhere" in result.stdout
    assert "apt-get install no-such-program-anywhere" in result.stdout
