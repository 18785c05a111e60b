"""The page of validation: every published case with its verdict, and why those stand out that do.

Markdown, written by `tools/build_validation.py` into the documentation; also the table of kinds of cases. Numbers have
few figures and errors stand as shares of the tolerance, so that the page does not change with the last bit of a
computer.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from math import ceil, isfinite, log10

from diptych.analysis.cases import KINDS, VERDICTS, Result, Row, Verdict
from diptych.analysis.cases.notes import REMARKS

GROUPS: dict[str, str] = {
    "GEO": "Geodesy and frames",
    "KEP": "Two bodies and Lambert",
    "MET": "Minimum-energy flight, closed forms",
    "FLT": "Observed flights",
    "EQV": "Range equivalents and the Earth's rotation",
    "HIS": "Historical flights and classes at large",
    "RNG": "Distances",
    "ATM": "Standard atmosphere",
    "RAD": "Radar",
    "INT": "Interceptor reach and timelines",
    "SYS": "Published conclusions about systems",
    "PK": "Kill arithmetic",
    "BST": "Boost",
    "MSL": "Missiles",
}

MEANINGS: dict[Verdict, str] = {
    "computed-pass": "computed by the code that runs use, and within the case's own tolerance",
    "computed-fail": "computed, and outside; it stays here until it is understood",
    "known-wrong source": "the published figure contradicts physics or a better source, and is not met",
    "catalogue-equal": "a number copied into the catalogue; it proves the copying only and is not counted",
    "not run": "no method, or the case says too little to compute anything",
}

# What others wrote and what of ours is held against it; `where` is the test or the check that does so.
ORACLES: tuple[tuple[str, str, str], ...] = (
    (
        "heyoka (Taylor series, tight tolerance)",
        "arcs from burnout to impact",
        "verification/test_flight_against_others.py",
    ),
    ("Orekit (same force model)", "arcs from burnout to impact", "verification/test_flight_against_others.py"),
    ("scipy (DOP853)", "falls and paths through air and gravity", "tests/unit/kernels/test_impact.py"),
    ("GeographicLib", "geodesics, direct and inverse", "tests/unit/kernels/test_geodesic.py"),
    ("PROJ (pyproj)", "Earth-fixed, geodetic and local axes; geodesics", "tests/unit/kernels/test_earth.py"),
    ("scipy.stats", "detection probability, all Swerling cases", "tests/unit/kernels/test_detection.py"),
    ("Stone Soup", "filter updates and association", "verification/test_filters_against_others.py"),
    ("numpy's Philox", "random draws", "tests/unit/kernels/test_draws.py"),
)


_NO_LIMIT = 1.0  # what a figure without a tolerance is rounded by


def validation_page(results: Sequence[Result]) -> str:
    """Return the page, as Markdown."""
    parts = [_HEAD.format(flights=_flights(results)), _counts(results), _by_group(results), _standing_out(results)]
    for group, title in GROUPS.items():
        own = [r for r in results if r.id.split("-")[0] == group]
        if own:
            parts.append(f"### {title}\n\n{_table(own)}")
    parts += [_ORACLES_HEAD, _oracles()]
    return "\n\n".join(part.strip("\n") for part in parts) + "\n"


_HEAD = """\
# Validation

<!-- Written by tools/build_validation.py; edit report/validation.py or analysis/cases/ instead. -->

What the open literature lets anybody check, checked. Every case is a published number (or a conclusion) with its source
and a tolerance that was fixed before anything was computed. `diptych validate` computes them again on your machine, and
takes [cases of your own](../reference/physics-cases.md). Figures that are known to be wrong are listed as such and
nothing is tuned to them.

Flights are the strongest of these checks. Of an observed test the sources give range, apogee and time. The program
flies a generic class to that range and apogee (the payload is solved for) and *predicts* the time; boost, air and the
turning Earth are all in it. Observed against predicted: {flights}."""

_ORACLES_HEAD = """\
## Oracles nobody here wrote

Cases are few; programs of other people can be asked at thousands of points. These are held against ours, in the tests
or in `make verify`. Where they and we differ: PROJ's way back from Earth-fixed to geodetic axes is one step of
Bowring's formula, 15 mm off at 2000 km of height by its own way forward, where ours returns to the point within a
micrometre; near the ground the two agree.

Figures and reasons stand on the pages [flight](flight.md), [speed](speed.md), [tracking](tracking.md) and
[sensors](sensors.md)."""


def _flights(results: Sequence[Result]) -> str:
    """Return observed and predicted times of whole flights, s, as a phrase."""
    told = [
        f"{row.published} s and {row.ours:.0f} s ({r.id})"
        for r in results
        for row in r.rows
        if r.id.startswith("FLT") and row.output == "flight_time_s"
    ]
    return ", ".join(told)


def _counts(results: Sequence[Result]) -> str:
    counts = Counter(r.verdict for r in results)
    stated = {v: sum(r.stated for r in results if r.verdict == v) for v in VERDICTS}
    compared = {v: sum(r.compared() for r in results if r.verdict == v) for v in VERDICTS}
    rows = [f"| {v} | {counts[v]} | {compared[v]} of {stated[v]} | {MEANINGS[v]} |" for v in VERDICTS]
    rows.append(f"| all | {len(results)} | {sum(compared.values())} of {sum(stated.values())} | |")
    return "\n".join(["| verdict | cases | stated outputs compared | meaning |", "|---|---|---|---|", *rows])


def _by_group(results: Sequence[Result]) -> str:
    lines = [f"| group | {' | '.join(VERDICTS)} |", "|---|" + "---|" * len(VERDICTS)]
    for group, title in GROUPS.items():
        counts = Counter(r.verdict for r in results if r.id.split("-")[0] == group)
        if counts:
            lines.append(f"| {group} {title} | " + " | ".join(str(counts[v] or "") for v in VERDICTS) + " |")
    return "\n".join(["## By group", "", *lines])


def _standing_out(results: Sequence[Result]) -> str:
    parts = ["## Those that stand out"]
    for verdict in VERDICTS[1:]:
        own = [f"* **{r.id}**: {_why(r)}" for r in results if r.verdict == verdict]
        parts += [
            f"**{verdict[0].upper()}{verdict[1:]}**{':' if own else ': none.'}",
            *(["\n".join(own)] if own else []),
        ]
    short = [
        f"* **{r.id}**, {r.compared()} of {r.stated} compared: "
        + " ".join(f"`{output}` is left out: {why}." for output, why in r.left_out.items())
        for r in results
        if r.verdict == "computed-pass" and r.compared() < r.stated
    ]
    parts += ["**Passed, with outputs left out**:", "\n".join(short)]
    told = [f"* **{r.id}**: {REMARKS[r.id]}" for r in results if r.id in REMARKS and r.verdict == "computed-pass"]
    parts += ["**Passed, with something to know**:", "\n".join(told), "## Every case"]
    return "\n\n".join(part for part in parts if part)


def _why(result: Result) -> str:
    """Return what a reader should know of a case that did not simply pass."""
    words = [r.why_wrong for r in result.rows if r.why_wrong and not r.is_met]
    if result.remark:
        words.append(f"{result.remark[0].upper()}{result.remark[1:]}.")
    words += [
        f"Ours of `{r.output}` is {_number(r.ours)}, published {_number(r.published)}."
        for r in result.rows
        if not r.is_met and not r.why_wrong
    ]
    if result.verdict == "catalogue-equal":
        words.append("Copied: " + ", ".join(f"`{r.output}`" for r in result.rows) + ".")
        words += [f"`{output}` is left out: {why}." for output, why in result.left_out.items()]
    if result.id in REMARKS:
        words.append(REMARKS[result.id])
    return " ".join(words)


def _table(results: Sequence[Result]) -> str:
    lines = [
        "| case | output | published | ours | tolerance | used | verdict | source |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for r in results:
        source = f"[{_cell(r.source)}]({r.url})" if r.url.startswith("http") else _cell(r.source)
        if not r.rows:
            lines.append(f"| {r.id} | {r.kind} | | | | | {_counted(r)} | {source} |")
        for i, row in enumerate(r.rows):
            case_id, verdict, where = (r.id, _counted(r), source) if i == 0 else ("", "", "")
            ours = _number(row.ours, row.allowed if row.allowed is not None else _NO_LIMIT)
            allowed = "" if row.allowed is None else f"{row.allowed:.3g}"
            cells = (case_id, f"`{row.output}`", _cell(_number(row.published)), _cell(ours), allowed, _used(row))
            lines.append(f"| {' | '.join((*cells, verdict, where))} |")
        lines += [f"| | `{output}` | | not compared: {_cell(why)} | | | | |" for output, why in r.left_out.items()]
    return "\n".join(lines)


def _counted(result: Result) -> str:
    """Return the verdict, with how many outputs were compared where some were not."""
    if result.compared() == result.stated:
        return result.verdict
    return f"{result.verdict}, {result.compared()} of {result.stated} compared"


def _used(row: Row) -> str:
    """Return the error as a share of what is allowed; words are met or not."""
    if row.is_copied:
        return "copied"
    if row.error is None or row.allowed is None:
        return "" if row.is_met else "not met"
    if row.allowed == 0.0:
        return "exact" if row.is_met else "not met"
    share = abs(row.error) / row.allowed
    if not isfinite(share):
        return "not met"
    if share > 10.0:
        return "> 1000 %"
    return "< 1 %" if share < 0.01 else f"{share:.0%}".replace("%", " %")


def _number(value: object, allowed: float | None = None) -> str:
    """Return a value for people: one decimal finer than what is allowed, or as published."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return f"{len(value)} values" if len(value) > 4 else ", ".join(_number(item, allowed) for item in value)
    if isinstance(value, (int, float)):
        if not isfinite(value):
            return "-"
        if allowed is None or allowed == 0.0:
            return f"{value:.12g}"
        return f"{value:.{max(0, min(12, 1 + ceil(-log10(allowed))))}f}"
    return "-" if value is None else str(value)


def _cell(text: str) -> str:
    return text.replace("|", "/").replace("\n", " ")


def _oracles() -> str:
    lines = ["| whose | what of ours | where |", "|---|---|---|"]
    lines += [f"| {whose} | {what} | `{where}` |" for whose, what, where in ORACLES]
    return "\n".join(lines)


def kinds_table() -> str:
    """Return the table of kinds for the reference page, as Markdown."""
    lines = ["| kind | what is computed | `inputs` | `expected`, any of |", "|---|---|---|---|"]
    for kind, method in sorted(KINDS.items()):
        takes, gives = (", ".join(_key(k) for k in keys) for keys in (method.takes, method.gives))
        words = "; words: " + ", ".join(f"`{w}`" for w in method.words) if method.words else ""
        lines.append(f"| `{kind}` | {_cell(method.about)} | {takes}{words} | {gives} |")
    return "\n".join(lines)


def left_out_table() -> str:
    """Return the table of outputs that kinds do not compute, and why, as Markdown."""
    rows = [
        f"| `{kind}` | `{output}` | {_cell(why)} |"
        for kind, method in sorted(KINDS.items())
        for output, why in method.left_out.items()
    ]
    return "\n".join(["| kind | output | why it is left out |", "|---|---|---|", *rows])


def _key(text: str) -> str:
    return f"`{text}`" if " " not in text else text


def units_table(units: Mapping[str, tuple[str, float]]) -> str:
    """Return the table of key endings, as Markdown."""
    by_dimension: dict[str, list[str]] = {}
    for unit, (dimension, _) in units.items():
        by_dimension.setdefault(dimension, []).append(f"`_{unit}`")
    rows = [f"| {dimension} | {', '.join(names)} |" for dimension, names in by_dimension.items()]
    return "\n".join(["| quantity | endings |", "|---|---|", *rows])
