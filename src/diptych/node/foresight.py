"""Which launch times a track allows, answered once for each exact question in a replicate.

Complexes of several arrangements hold the same track at the same moment and ask the same of it. `Foresight` remembers
answers by the numbers asked about (a row of an evaluation, the batteries, the time, the radars that track), never by
who asked. An answer is a pure function of those numbers, so it makes no difference who asks first, or whether anybody
asked before. It belongs to one replicate and goes with it.
"""

import math
from typing import NamedTuple

import numpy as np

from diptych.engagement.windows import PATH_STEP_S, Armoury, Options, guided, options, path_error_m, windows
from diptych.evaluation.impact import path_of
from diptych.model.decision import Window
from diptych.model.picture import EvaluationHistory, Floats
from diptych.model.rules import Verdict

FINE_STEP_S = 1.0
FINE_PART_S = 60.0
"""The last minute of a path is sampled finely: a lower-tier battery has seconds, not minutes."""


class Prediction(NamedTuple):
    """What is known and from when to when the object flies: state (6,), covariance (6, 6), at start_s, impact at end_s,
    and the ballistic coefficient taken for granted.

    The arrays stand as bytes, so that two predictions of the same numbers are equal.
    """

    state_ecef: bytes
    cov_ecef: bytes
    start_s: float
    end_s: float
    beta_kg_m2: float


class Reach(NamedTuple):
    """Launch times of batteries against a predicted path, whoever guides, and the latest of them (-inf: none)."""

    found: Options
    latest_s: float


class Chance(NamedTuple):
    """The launch times that modes allow at one moment, and the windows still open then."""

    found: Options
    open_now: tuple[Window, ...]


class Foresight:
    """The answers of one replicate. An armoury is told from another by identity: it is a value and never changed."""

    def __init__(self) -> None:
        self.verdicts: dict[tuple[object, ...], Verdict] = {}  # of the agreed rules, by all they depend on: `by_rules`
        self._reach: dict[tuple[Armoury, tuple[int, ...], Prediction], Reach] = {}
        self._chances: dict[tuple[Armoury, tuple[int, ...], Prediction, float, tuple[int, ...]], Chance] = {}

    def reach(self, armoury: Armoury, batteries: tuple[int, ...], held: Prediction) -> Reach:
        """Return the launch times of batteries against the path predicted from what is held."""
        key = (armoury, batteries, held)
        known = self._reach.get(key)
        if known is None:
            state, cov = np.frombuffer(held.state_ecef), np.frombuffer(held.cov_ecef).reshape(6, 6)
            time_s = path_times(held.start_s, held.end_s)
            path = path_of(state, held.start_s, time_s, held.beta_kg_m2)
            found = options(armoury, batteries, path, time_s, path_error_m(path, time_s, held.start_s, cov))
            latest_s = float(np.fmax.reduce(found.launch_s, axis=None, initial=-math.inf))
            known = self._reach[key] = Reach(found, latest_s)
        return known

    def chance(
        self, armoury: Armoury, batteries: tuple[int, ...], held: Prediction, now_s: float, tracked: tuple[int, ...]
    ) -> Chance:
        """Return what of that the modes of the batteries allow now; `tracked`: the radars that track the object."""
        key = (armoury, batteries, held, now_s, tracked)
        known = self._chances.get(key)
        if known is None:
            found = guided(armoury, self.reach(armoury, batteries, held).found, now_s, tracked)
            known = self._chances[key] = Chance(found, windows(found, now_s))
        return known


def prediction_of(evaluation: EvaluationHistory, row: int) -> Prediction:
    """Return what one row of an evaluation says of an object and its path."""
    return Prediction(
        evaluation.state_ecef[row].tobytes(),
        evaluation.cov_ecef[row].tobytes(),
        float(evaluation.time_s[row]),
        float(evaluation.impact_s[row]),
        evaluation.beta_kg_m2,
    )


def path_times(start_s: float, end_s: float) -> Floats:
    """Return the times at which a predicted path is sampled: coarse, then fine in the last minute."""
    turn = max(start_s, end_s - FINE_PART_S)
    return np.concatenate((np.arange(start_s, turn, PATH_STEP_S), np.arange(turn, end_s, FINE_STEP_S)))
