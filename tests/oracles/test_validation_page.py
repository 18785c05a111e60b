"""The committed pages of validation are what the program writes today, and name only what there is."""

import importlib.util
from pathlib import Path

import pytest

from diptych.edge.validate import judge_all, load_cases
from diptych.report.validation import ORACLES, validation_page

ROOT = Path(__file__).resolve().parents[2]


def test_the_page_of_verdicts_is_what_the_program_writes() -> None:
    page = (ROOT / "docs" / "explanation" / "validation.md").read_text(encoding="utf-8")
    assert page == validation_page(judge_all(load_cases())), "run: python tools/build_validation.py"


def test_the_tables_of_kinds_and_units_are_what_the_program_writes() -> None:
    tool = ROOT / "tools" / "build_validation.py"
    spec = importlib.util.spec_from_file_location("build_validation", tool)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    page = (ROOT / "docs" / "reference" / "physics-cases.md").read_text(encoding="utf-8")
    assert page == module.reference_page(page), "run: python tools/build_validation.py"


@pytest.mark.parametrize("where", sorted({where for _, _, where in ORACLES}))
def test_every_oracle_named_is_there(where: str) -> None:
    assert (ROOT / where).is_file()
