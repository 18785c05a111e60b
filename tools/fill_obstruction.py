"""Write the figures of the conduct matrix, and of deterrence, into the documentation.

    diptych run europe-2012 -a all --conduct all --replicates 200 --sweeps 0 --out runs/obstruction
    diptych deterrence europe-2012 --replicates 100 --out runs/deterrence
    python tools/fill_obstruction.py runs/obstruction [runs/deterrence]

Replaces what stands between the marks in docs/explanation/obstruction.md, and changes/4-obstruction.result.md.
"""

import json
import sys
from pathlib import Path
from typing import Any

PAGE = Path("docs/explanation/obstruction.md")
CHANGE = Path("changes/4-obstruction.result.md")


def main(run_directory: str, deterrence_directory: str = "") -> None:
    """Fill the page and the note of the change from a run directory and, if given, one of `diptych deterrence`."""
    summary = json.loads((Path(run_directory) / "summary.json").read_text(encoding="utf-8"))
    timing = json.loads((Path(run_directory) / "timing.json").read_text(encoding="utf-8"))
    page = PAGE.read_text(encoding="utf-8")
    page = between(page, "figures", figures(summary, timing))
    sentences = list(summary["obstruction"]["sentences"])
    if deterrence_directory:
        found = json.loads((Path(deterrence_directory) / "deterrence.json").read_text(encoding="utf-8"))
        page = between(page, "deterrence", deterrence(found))
        sentences += [f"{text} ({found['replicates']} replicates.)" for text in found["sentences"]]
    PAGE.write_text(page, encoding="utf-8")
    about = (
        f"The conduct matrix of `{summary['scenario']}`: {cells(summary)} arrangements and conducts on the same "
        f"{summary['replicates']} raids (seed {summary['seed']}); the sentences are the program's."
    )
    note = "\n".join([about, *(f"- {text}" for text in sentences)])
    CHANGE.write_text(note + "\n", encoding="utf-8")


def between(page: str, mark: str, text: str) -> str:
    """Return the page with other text between `<!-- MARK: ... -->` and the next `<!-- end -->`."""
    start = page.index(f"<!-- {mark}:")
    begin = page.index("-->", start) + len("-->\n")
    end = page.index("<!-- end -->", begin)
    return f"{page[:begin]}\n{text}\n\n{page[end:]}"


def cells(summary: dict[str, Any]) -> int:
    """Return how many rows were run besides the baseline."""
    return len(summary["rows"]) - 1


def figures(summary: dict[str, Any], timing: dict[str, Any]) -> str:
    """Return the three sentences and a table of the worst conduct for each party and arrangement."""
    about = (
        f"{summary['replicates']} paired replicates, seed {summary['seed']}; {cells(summary)} rows; "
        f"{timing['replicates_s'] / 60:.0f} minutes on a busy machine of two cores."
    )
    lines = [about, "", *(f"> {text}\n>" for text in summary["obstruction"]["sentences"])]
    lines[-1] = lines[-1].removesuffix("\n>")
    found = summary["obstruction"]
    lines += [
        "",
        "The worst that a partner can do: missiles that come down, mean (95 %); least freedom of action that a partner",
    ]
    lines += ["leaves (by which conduct; in brackets: if all cooperate):", ""]
    lines += [
        "| party | arrangement | worst conduct | against cooperation | against `alone` | worst tenth | least freedom |"
    ]
    lines += ["|---|---|---|---|---|---|---|"]
    for loss in found["losses"]:
        if loss["by"] == "partner":
            lines.append(f"| {' | '.join([*row(loss), least_freedom(summary, loss)])} |")
    partners = {key(x) for x in found["losses"] if x["by"] == "partner"}
    worse = [x for x in found["losses"] if x["by"] == "anybody" and key(x) not in partners]
    words = "; ".join(f"{x['party']} under {x['arrangement']}: {x['worst']} {x['value']:+.2f}" for x in worse)
    lines += ["", f"Members, centres and links do worse than a partner: {words or 'nowhere'}."]
    return "\n".join(lines)


def key(loss: dict[str, Any]) -> tuple[Any, ...]:
    """Return what a loss is told apart by."""
    return loss["party"], loss["arrangement"], loss["worst"], loss["value"]


def least_freedom(summary: dict[str, Any], loss: dict[str, Any]) -> str:
    """Return the lowest freedom of action that a partner's conduct leaves, which, and what cooperation leaves."""
    usual = summary["arrangements"][loss["arrangement"]]["parties"][loss["party"]]["freedom_of_action"]["value"]
    effects = [
        (e["freedom_of_action"]["value"], e["conduct"])
        for e in summary["obstruction"]["effects"]
        if (e["arrangement"], e["party"], e["side"]) == (loss["arrangement"], loss["party"], "partner")
        and e["can_matter"]
        and e["freedom_of_action"]["value"] is not None
    ]
    if usual is None:
        return "-"
    if not effects or min(effects)[0] >= usual - 0.005:
        return f"{100 * usual:.0f} %"
    return f"{100 * min(effects)[0]:.0f} % {min(effects)[1]} ({100 * usual:.0f} %)"


def row(loss: dict[str, Any]) -> list[str]:
    """Return the cells of one loss."""
    worst = "none can matter" if not loss["can_matter"] else loss["worst"]
    cost = "0 exactly" if loss["is_exact_zero"] else said(loss["value"], loss["lo"], loss["hi"])
    beside = said(loss["against_alone"], loss["against_alone_lo"], loss["against_alone_hi"])
    tail = said(loss["tail"], loss["tail_lo"], loss["tail_hi"])
    return [loss["party"], loss["arrangement"], worst, cost, beside, tail]


def said(value: float | None, lo: float | None, hi: float | None) -> str:
    """Return a value with its interval, or that it is withheld."""
    if value is None:
        return "-"
    if lo is None or hi is None:
        return "0" if value == 0 else f"{value:+.2f} (withheld)"
    return f"{value:+.2f} ({lo:+.2f} to {hi:+.2f})"


def deterrence(found: dict[str, Any]) -> str:
    """Return a table of the curves that are not flat, theory and runs, and the sentences."""
    holds = found["hold_probability"]
    lines = [f"{found['replicates']} replicates, seed {found['seed']}; theory, runs (95 %):", ""]
    lines += [f"| arrangement, defended | {' | '.join(f'q = {h:g}' for h in holds)} |", "|---" * (len(holds) + 1) + "|"]
    for curve in found["curves"]:
        if max(curve["theory"]) - min(curve["theory"]) < 1e-9:
            continue
        cell = []
        for theory, run in zip(curve["theory"], curve["runs"], strict=True):
            bounds = "" if run["lo"] is None else f" ({run['lo']:.2f} to {run['hi']:.2f})"
            cell.append(f"{theory:.2f}, {run['value']:.2f}{bounds}")
        lines.append(f"| {curve['arrangement']}, {curve['party']} | {' | '.join(cell)} |")
    return "\n".join([*lines, "", *(f"> {text}\n>" for text in found["sentences"])]).removesuffix("\n>")


if __name__ == "__main__":
    main(*sys.argv[1:])
