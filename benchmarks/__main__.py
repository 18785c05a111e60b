"""Run every benchmark and append the results to `benchmarks/results/`.

usage: python -m benchmarks [NAME ...]      names: see BENCHMARKS; no name runs all

Each benchmark returns rows (what, figure, unit, budget or peer). The results file of a day is JSON lines with machine
and versions, so that history can be plotted.
"""

import json
import os
import platform
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from benchmarks import arcs, filters, runs, startup

BENCHMARKS: dict[str, Callable[[], list[dict[str, object]]]] = {
    "startup": startup.measure,
    "arcs": arcs.measure,
    "filters": filters.measure,
    "runs": runs.measure,
}


def machine() -> dict[str, object]:
    """Return what the figures were measured on."""
    model = next(
        (
            line.split(":", 1)[1].strip()
            for line in Path("/proc/cpuinfo").read_text().splitlines()
            if "model name" in line
        ),
        platform.processor(),
    )
    packages = ("diptych", "numpy", "numba", "scipy", "msgspec")
    return {
        "cpu": model,
        "cores": os.cpu_count(),
        "load": round(os.getloadavg()[0], 2),
        "python": platform.python_version(),
        "versions": {name: version(name) for name in packages},
    }


def main(names: list[str]) -> int:
    """Run the named benchmarks, print their rows, append them to today's file."""
    unknown = [name for name in names if name not in BENCHMARKS]
    if unknown:
        print(f"unknown benchmark {unknown[0]!r}; there are {', '.join(BENCHMARKS)}", file=sys.stderr)
        return 2
    about = machine()
    print(f"{about['cpu']}, {about['cores']} cores, load {about['load']} at the start")
    now = datetime.now(tz=UTC)
    folder = Path(__file__).parent / "results"
    with (folder / f"{now:%Y-%m-%d}.jsonl").open("a", encoding="utf-8") as file:
        for name in names or BENCHMARKS:
            for row in BENCHMARKS[name]():
                print(f"{name:8} {row['what']:58} {row['figure']:>12} {row['unit']:10} {row.get('against', '')}")
                file.write(
                    json.dumps({"time": f"{now:%Y-%m-%dT%H:%MZ}", "benchmark": name, **row, "machine": about}) + "\n"
                )
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
