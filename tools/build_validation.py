"""Write docs/explanation/validation.md and the generated part of docs/reference/physics-cases.md.

Runs every shipped case (half a minute), so do it after a change of flight, sensors, interceptors or the catalogue.
"""

from pathlib import Path

from diptych.analysis.cases.units import UNITS
from diptych.edge.validate import judge_all, load_cases, summary
from diptych.report.validation import kinds_table, left_out_table, units_table, validation_page

DOCS = Path(__file__).resolve().parent.parent / "docs"
PAGE = DOCS / "explanation" / "validation.md"
REFERENCE = DOCS / "reference" / "physics-cases.md"


def reference_page(text: str) -> str:
    """Return the reference page with its generated tables renewed."""
    for name, table in (("units", units_table(UNITS)), ("left-out", left_out_table()), ("kinds", kinds_table())):
        begin, end = f"<!-- {name}: written by tools/build_validation.py -->", f"<!-- end of {name} -->"
        head, _, rest = text.partition(begin)
        _, _, tail = rest.partition(end)
        text = f"{head}{begin}\n\n{table}\n\n{end}{tail}"
    return text


def main() -> None:
    """Judge and write; the same code and catalogue give the same bytes."""
    results = judge_all(load_cases())
    PAGE.write_text(validation_page(results), encoding="utf-8")
    REFERENCE.write_text(reference_page(REFERENCE.read_text(encoding="utf-8")), encoding="utf-8")
    print(f"{PAGE.name}: {summary(results)}")


if __name__ == "__main__":
    main()
