"""Runs under the texts that deliberation leaves, and those texts as files, for the verb `deliberate`."""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable, Sequence
from typing import Any

import msgspec
import numpy as np

from diptych.analysis.deliberation import with_text
from diptych.analysis.dilution import TextCosts, TextPlan, costs_of, run_replicate
from diptych.edge.comparison import BOOTSTRAP
from diptych.edge.compiling import announce, without_linear_algebra
from diptych.edge.files import Tree, read_data
from diptych.edge.geography import load_cities, load_territory
from diptych.edge.progress import Progress
from diptych.edge.schema.extend import find_file, is_path, read_checked
from diptych.edge.schema.rulebooks import written_out
from diptych.edge.schema.rules import rules_text
from diptych.edge.schema.write import text_of
from diptych.edge.workers import Interrupted, default_workers, map_indexed
from diptych.kernels.earth import geodetic_to_ecef
from diptych.model.arrangement import Arrangement
from diptych.model.rules import Rulebook
from diptych.model.scenario import Scenario
from diptych.sim.prepare import prepare

Texts = Sequence[tuple[str, Rulebook]]


def run_texts(
    scenario: Scenario,
    arrangement: Arrangement,
    complex_id: str,
    texts: Texts,
    seed: int,
    replicates: int,
    workers: int | None,
    progress: Progress,
) -> TextCosts | None:
    """Run an arrangement under every text on the same luck and return the costs; None after Ctrl-C."""
    announce(progress, quiet=False)
    made = tuple(with_text(arrangement, complex_id, book, name, i + 1) for i, (name, book) in enumerate(texts))
    baselines = tuple(a for a in scenario.arrangements if a.is_baseline)
    scenario = msgspec.structs.replace(scenario, arrangements=(*baselines, *made))
    progress.step("solving the raid")
    plan = TextPlan(prepare(scenario, load_territory(), load_cities()), tuple(name for name, _ in texts), seed)
    gc.enable()  # `edge.main` starts without
    try:
        with progress.bar("replicates", replicates) as tell:
            figures = map_indexed(_setup, plan, replicates, workers or default_workers(replicates), tell)
    except Interrupted as stop:
        print(f"diptych: {stop}; nothing was written", file=sys.stderr)
        return None
    generator = np.random.Generator(np.random.Philox(key=[seed, BOOTSTRAP]))
    return costs_of(scenario, plan.texts, figures, generator)


def _setup(plan: TextPlan) -> Callable[[int], Any]:
    """Make the task of a worker."""
    with without_linear_algebra():
        geodetic_to_ecef(0.0, 0.0, 0.0)
    return lambda index: run_replicate(plan, index)


def text_files(arrangement: str, complex_id: str, whole: Rulebook, texts: Texts) -> dict[str, str]:
    """Return the texts and the arrangements that work under them as files, by name.

    Parameters
    ----------
    arrangement : name or path of the arrangement they come from.
    whole : the text before dilution; an arrangement under it is there already.
    """
    values: Any = written_out(_tree_of(arrangement))  # stands alone wherever it is written
    files = {}
    for name, book in texts:
        if book.id == whole.id:
            continue
        consents = dict(values["consent"]["intercept-over-own"])
        key = complex_id if complex_id in consents else "each"
        consents[complex_id] = {**consents[key], "under": f"./{book.id}.yaml"}
        changed = {
            **values,
            "id": name,
            "title": f"{values['title']}, under {book.id}",
            "consent": {**values["consent"], "intercept-over-own": consents},
        }
        files[f"{name}.yaml"] = text_of(changed)
        files[f"{book.id}.yaml"] = rules_text(book)
    return files


def _tree_of(arrangement: str) -> Tree:
    path = find_file(arrangement, "arrangements")
    assert path is not None  # it was loaded before
    if is_path(arrangement):
        return read_checked(path, "diptych/arrangement/1")
    return read_data("arrangements", f"{arrangement}.yaml")
