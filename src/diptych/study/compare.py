"""From replicates to a `Comparison`: the table, paired differences, and what they say in plain words.

The order of rows is that of `design.rows_of`. Differences are taken against `separate` (the least joined arrangement
of the run where `separate` is not among them), against `alone`, and, for a row under another conduct, against the
same arrangement under cooperation; where rows are many, for those under cooperation only, and what other conducts
change stands in the conduct matrix (`study.obstruction`). The sentences are in `study.sentences`.
"""

from collections.abc import Sequence
from hashlib import blake2b

import msgspec
import numpy as np

from diptych.model.errors import LocalError
from diptych.model.result import Comparison, Difference, Estimate, Sweep
from diptych.model.scenario import Scenario
from diptych.study.design import BASELINE, COOPERATIVE, Replicate, Row, shown_rows
from diptych.study.estimate import Floats, Resampler, estimate_difference, estimate_mean, estimate_tail
from diptych.study.metrics import MAY_BE_NEGATIVE, METRIC_IDS, METRICS, TAIL_OF
from diptych.study.obstruction import obstruction
from diptych.study.sentences import sentences

YARDSTICK = "separate"

DIFFERENCE_METRICS = (
    "leakage",
    "leakage_share",
    "people_at_risk",
    "freedom_of_action",
    "say",
    "decision_time",
    "margin",
    "shots_fired",
    "shots_wasted",
    "shots_saved",
    "magazine_left",
    "forgone",
)


def compare(
    scenario: Scenario,
    rows: Sequence[Row],
    replicates: Sequence[Replicate],
    seed: int,
    generator: np.random.Generator,
    sweeps: Sequence[Sweep] = (),
) -> Comparison:
    """Build the comparison of `rows` over `replicates` (in any order; they are sorted by number).

    `generator` must be fresh and seeded from the root seed: it feeds the bootstrap and nothing else.

    Raises
    ------
    LocalError
        There is no replicate, or one was measured twice.
    """
    ordered = sorted(replicates, key=lambda r: r.replicate)
    numbers = [r.replicate for r in ordered]
    if not ordered or len(set(numbers)) != len(numbers):
        raise LocalError(f"comparing {scenario.id}: expected replicates with different numbers, got {numbers}")
    cube = np.stack([r.values for r in ordered])
    resampler = Resampler(len(ordered), generator)
    differences = _differences(scenario, rows, cube, resampler)
    differences = _say_identical(differences, rows, ordered)
    table = _table(scenario, rows, cube, resampler)
    comparison = Comparison(
        scenario_id=scenario.id,
        seed=seed,
        replicates=len(ordered),
        truth_digest=_joint_digest(ordered),
        arrangements=tuple(row.label for row in rows),
        parties=tuple(party.id for party in scenario.parties),
        metrics=METRICS,
        table=table,
        differences=differences,
        sweeps=tuple(sweeps),
        sentences=(),
    )
    matrix = obstruction(scenario, rows, cube, comparison, resampler)
    comparison = msgspec.structs.replace(comparison, obstruction=matrix)
    plain = [i for i, row in enumerate(rows) if row.conduct == COOPERATIVE]
    words = sentences(scenario, rows, comparison, identical_groups(rows, ordered, plain))
    return msgspec.structs.replace(comparison, sentences=words)


def yardsticks(rows: Sequence[Row], row: Row) -> tuple[str, ...]:
    """Return the labels `row` is compared with, among those that were run."""
    if row.is_baseline:
        return ()
    plain = [other for other in rows if not other.is_baseline and other.conduct == COOPERATIVE]
    first = next((other.label for other in plain if other.label == YARDSTICK), plain[0].label if plain else None)
    wanted = [first, BASELINE, row.arrangement if row.conduct != COOPERATIVE else None]
    labels = {other.label for other in rows}
    return tuple(name for name in dict.fromkeys(wanted) if name is not None and name in labels and name != row.label)


def identical_groups(
    rows: Sequence[Row], replicates: Sequence[Replicate], among: Sequence[int] | None = None
) -> tuple[tuple[str, ...], ...]:
    """Return groups of rows in which everything that happened is identical in every replicate, the baseline aside.

    `among` are the places of the rows to look at; None: all.
    """
    groups: dict[tuple[str, ...], list[str]] = {}
    for i, row in enumerate(rows):
        if not row.is_baseline and (among is None or i in among):
            groups.setdefault(tuple(replicate.outcomes[i] for replicate in replicates), []).append(row.label)
    return tuple(tuple(group) for group in groups.values() if len(group) > 1)


def _series(cube: Floats, row: int, party: int, metric: str) -> Floats:
    values: Floats = np.ascontiguousarray(cube[:, row, party, METRIC_IDS.index(metric)])
    return values


def _table(
    scenario: Scenario, rows: Sequence[Row], cube: Floats, resampler: Resampler
) -> dict[str, dict[str, dict[str, Estimate]]]:
    table: dict[str, dict[str, dict[str, Estimate]]] = {}
    for i, row in enumerate(rows):
        table[row.label] = {}
        for j, party in enumerate(scenario.parties):
            cells = {}
            for metric in METRICS:
                source = TAIL_OF.get(metric.id)
                if source is None:
                    values = _series(cube, i, j, metric.id)
                    least = None if metric.id in MAY_BE_NEGATIVE else 0.0
                    is_share = metric.unit == "1"
                    cells[metric.id] = estimate_mean(
                        values, is_share=is_share, least=least, most=1.0 if is_share else None
                    )
                else:
                    cells[metric.id] = estimate_tail(_series(cube, i, j, source), resampler)
            table[row.label][party.id] = cells
    return table


def _differences(scenario: Scenario, rows: Sequence[Row], cube: Floats, resampler: Resampler) -> tuple[Difference, ...]:
    index = {row.label: i for i, row in enumerate(rows)}
    found = []
    for row in shown_rows(rows):
        for against in yardsticks(rows, row):
            for j, party in enumerate(scenario.parties):
                for metric in DIFFERENCE_METRICS:
                    paired = estimate_difference(
                        _series(cube, index[row.label], j, metric), _series(cube, index[against], j, metric), resampler
                    )
                    found.append(
                        Difference(
                            arrangement=row.label,
                            against=against,
                            party=party.id,
                            metric=metric,
                            value=paired.value,
                            lo=paired.lo,
                            hi=paired.hi,
                            n=paired.n,
                            non_zero=paired.non_zero,
                            is_exact_zero=paired.is_exact_zero,
                            variance_ratio=paired.variance_ratio,
                            note=paired.note,
                        )
                    )
    return tuple(found)


def _say_identical(
    differences: tuple[Difference, ...], rows: Sequence[Row], replicates: Sequence[Replicate]
) -> tuple[Difference, ...]:
    """Replace the note of an exact zero by the stronger one where the two rows are identical in every outcome."""
    together = {label: group for group in identical_groups(rows, replicates) for label in group}
    changed = []
    for difference in differences:
        if difference.is_exact_zero and difference.against in together.get(difference.arrangement, ()):
            note = f"did not differ: every release, shot and fate is identical in all {difference.n} replicates"
            changed.append(msgspec.structs.replace(difference, note=note))
        else:
            changed.append(difference)
    return tuple(changed)


def _joint_digest(replicates: Sequence[Replicate]) -> str:
    if len(replicates) == 1:
        return replicates[0].truth_digest
    return blake2b("\n".join(r.truth_digest for r in replicates).encode(), digest_size=16).hexdigest()
