"""Start-up of a fresh process against the budgets of the design: import, --version, --help."""

import statistics
import subprocess
import sys
import time
from pathlib import Path

REPEATS = 7
PROGRAM = str(Path(sys.executable).parent / "diptych")
CASES = (
    ("python itself", [sys.executable, "-c", "pass"], None),
    ("import diptych", [sys.executable, "-c", "import diptych"], 150.0),
    ("diptych --version", [PROGRAM, "--version"], 250.0),
    ("diptych --help", [PROGRAM, "--help"], 600.0),
    ("diptych run europe-2012-four, one arrangement, no sweeps or report", [
        PROGRAM, "run", "europe-2012-four", "--arrangement", "separate", "--no-report", "--sweeps", "0", "--json",
        "--quiet",
    ], None),
)  # fmt: skip


def measure() -> list[dict[str, object]]:
    """Return the median wall time of each case."""
    rows: list[dict[str, object]] = []
    for what, command, budget_ms in CASES:
        subprocess.run(command, check=True, capture_output=True)
        times = []
        for _ in range(REPEATS):
            start = time.perf_counter()
            subprocess.run(command, check=True, capture_output=True)
            times.append(1e3 * (time.perf_counter() - start))
        row: dict[str, object] = {"what": what, "figure": round(statistics.median(times), 1), "unit": "ms"}
        if budget_ms is not None:
            row["against"] = f"budget {budget_ms:.0f} ms"
        rows.append(row)
    return rows
