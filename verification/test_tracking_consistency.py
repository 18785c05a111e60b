"""Is the tracker as sure as it ought to be? Every range class by one radar, two, and a radar with a launch point.

Normalised error squared (NEES) of six states has expectation 6. Two promises, after confirmation and burnout: over 100
runs at least 90 % of the time steps lie inside the 95 % band of their mean, and over 1000 runs the mean is within 10 %
of 6. Errors at neighbouring steps are alike, so a whole flight of 100 runs wanders in and out of its band together: the
first promise is checked over the classes of a sensor set as well as, with less, for each. Whitened innovations must not
be correlated in time, and the 2-sigma ellipse must hold the impact as often as two Gaussian components would.

    pytest -q -s verification/test_tracking_consistency.py        prints the table of docs/explanation/tracking.md
"""

from __future__ import annotations

import numpy as np
import pytest

from tests.helpers.consistency import CLASSES, EARLY_S, FEWEST, SETS, row, study

RUNS = 1000
BAND_RUNS = 100


@pytest.mark.parametrize("sensors", SETS)
@pytest.mark.parametrize("class_id", CLASSES)
def test_a_track_is_as_sure_as_it_ought_to_be(class_id: str, sensors: str) -> None:
    few = study(class_id, sensors, BAND_RUNS, with_impacts=True)
    many = study(class_id, sensors, RUNS, first=BAND_RUNS)
    steps = few.steps()
    late = steps[steps[:, 0] > few.burnout_s + EARLY_S]
    late_inside = float(late[:, 3].mean())
    white = np.abs(many.whiteness()).max()
    held = np.mean([edge <= 1.0 for _, _, edge in few.impacts])
    print("\n" + row(class_id, sensors, few) + f" mean of {RUNS}: {many.mean():.2f}")
    assert few.tracked >= FEWEST
    assert many.early <= 0.02 * many.tracked
    assert many.mean() == pytest.approx(6.0, rel=0.1)
    assert late_inside >= 0.9
    assert white < 0.05
    assert held >= 0.85
