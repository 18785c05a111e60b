"""Choose the replicate that a report tells in full: one in which the arrangements differ."""

from collections.abc import Sequence

import numpy as np

from diptych.study.design import Replicate, Row, shown_rows
from diptych.study.metrics import METRIC_IDS

LEADING_METRIC = "leakage"


def most_telling(rows: Sequence[Row], replicates: Sequence[Replicate]) -> int:
    """Return the place of the replicate in which most missiles come down under one arrangement and not under another.

    The measure is the greatest minus the least leakage over the rows that figures show (without the baseline), added
    over parties; of equals, the one with more distinct outcomes, then the first. It is not a typical replicate and the
    report says so.
    """
    shown = shown_rows(rows)
    compared = [i for i, row in enumerate(rows) if not row.is_baseline and row in shown]
    leading = METRIC_IDS.index(LEADING_METRIC)

    def spread(index: int) -> tuple[float, int, int]:
        found = replicates[index]
        leaked = found.values[compared, :, leading]
        reach = float(np.nansum(np.nanmax(leaked, axis=0) - np.nanmin(leaked, axis=0))) if len(compared) else 0.0
        return reach, len({found.outcomes[i] for i in compared}), -index

    return max(range(len(replicates)), key=spread)
