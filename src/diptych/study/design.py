"""What a study runs: rows (arrangement and conduct) over replicates, and one replicate of all of them.

Within a replicate the world is drawn once and every row runs on it: same raid, same luck. The halves of the baseline
`alone` always run first, since freedom of action is measured against them; they make up one row, `alone`.

Labels: a row under cooperative conduct is called like its arrangement; under another conduct "ID@CONDUCT"; the
baseline is "alone".
"""

from collections.abc import Mapping, Sequence
from hashlib import blake2b
from math import nan

import msgspec
import numpy as np

from diptych.model.arrangement import Arrangement
from diptych.model.conduct import COOPERATIVE as COOPERATIVE
from diptych.model.conduct import Conduct
from diptych.model.errors import ScenarioError
from diptych.model.record import RunRecord
from diptych.model.scenario import Scenario
from diptych.study.estimate import Floats
from diptych.study.metrics import METRIC_IDS, measure

BASELINE = "alone"

MOST_SHOWN = 12
"""Rows under other conducts stand beside those under cooperation up to so many rows; beyond, in the matrix only."""


class Row(msgspec.Struct, frozen=True):
    """One row of a comparison: an arrangement under a conduct of the partner, or the baseline of every party."""

    label: str
    arrangement: str
    conduct: str
    title: str
    joined: int
    is_baseline: bool = False


class Replicate(msgspec.Struct, frozen=True, eq=False):
    """What one replicate leaves behind.

    `values` is (rows, parties, metrics) float64, NaN where undefined, in the order of the rows, `scenario.parties`
    and `METRIC_IDS`. `outcomes` are digests, one per row: equal where everything that happened is equal. `wakes` is
    the number of node wakes of each row.
    """

    replicate: int
    truth_digest: str
    outcomes: tuple[str, ...]
    wakes: tuple[int, ...]
    values: Floats


def baselines_of(scenario: Scenario) -> tuple[tuple[str, Arrangement], ...]:
    """Return (party id, its half of the baseline) for every party, in the order of the parties.

    Raises
    ------
    ScenarioError
        A party has no half, or more than one.
    """
    found = []
    for party in scenario.parties:
        halves = [a for a in scenario.arrangements if a.is_baseline and a.complexes[0].parties == (party.id,)]
        if len(halves) != 1:
            raise ScenarioError(
                f"{scenario.id}: expected one baseline arrangement for party {party.id}, got {len(halves)}; "
                "the file of the baseline `alone` must have one complex for each party"
            )
        found.append((party.id, halves[0]))
    return tuple(found)


def rows_of(scenario: Scenario, arrangements: Sequence[str], conducts: Sequence[str]) -> tuple[Row, ...]:
    """Return the rows of a comparison: the baseline, then the arrangements from least to most joined.

    Raises
    ------
    ScenarioError
        The scenario has no arrangement of that name; the known ones are listed.
    """
    known = {a.id: a for a in scenario.arrangements if not a.is_baseline}
    for name in arrangements:
        if name not in known and name != BASELINE:
            raise ScenarioError(
                f"{scenario.id}: expected an arrangement out of {', '.join(sorted(known))}, got {name!r}"
            )
    chosen = sorted(
        (known[name] for name in dict.fromkeys(arrangements) if name in known), key=lambda a: (a.joined, a.id)
    )
    titles = {behaviour.label: said(behaviour) for behaviour in scenario.behaviours}
    rows = [Row(BASELINE, BASELINE, COOPERATIVE, "Alone (no partner exists)", 0, is_baseline=True)]
    for arrangement in chosen:
        for conduct in dict.fromkeys(conducts):
            plain = conduct == COOPERATIVE
            rows.append(
                Row(
                    label=arrangement.id if plain else f"{arrangement.id}@{conduct}",
                    arrangement=arrangement.id,
                    conduct=conduct,
                    title=arrangement.title if plain else f"{arrangement.title}; {titles.get(conduct, conduct)}",
                    joined=arrangement.joined,
                )
            )
    return tuple(rows)


def shown_labels(labels: Sequence[str]) -> tuple[str, ...]:
    """Return the rows that figures, sweeps and tables of arrangements show: all, or of many those under cooperation."""
    return tuple(label for label in labels if len(labels) <= MOST_SHOWN or "@" not in label)


def shown_rows(rows: Sequence[Row]) -> tuple[Row, ...]:
    """Return the same for rows."""
    kept = frozenset(shown_labels([row.label for row in rows]))
    return tuple(row for row in rows if row.label in kept)


def said(conduct: Conduct) -> str:
    """Return a conduct in words, with whose it is: "Silent (russia)"."""
    return f"{conduct.title} ({conduct.actor})" if conduct.actor and conduct.changes else conduct.title


def needed_runs(scenario: Scenario, rows: Sequence[Row]) -> tuple[tuple[str, Arrangement, str], ...]:
    """Return (label, arrangement, conduct) of every run of one replicate: each half of the baseline, then the rows."""
    known = {a.id: a for a in scenario.arrangements}
    runs = [(half.id, half, COOPERATIVE) for _, half in baselines_of(scenario)]
    runs += [(row.label, known[row.arrangement], row.conduct) for row in rows if not row.is_baseline]
    return tuple(runs)


def measure_replicate(scenario: Scenario, rows: Sequence[Row], records: Mapping[str, RunRecord]) -> Replicate:
    """Measure all rows of one replicate; `records` are keyed as `needed_runs` labels them."""
    alone = {party: records[half.id] for party, half in baselines_of(scenario)}
    values = np.full((len(rows), len(scenario.parties), len(METRIC_IDS)), nan)
    outcomes: list[str] = []
    wakes: list[int] = []
    same: dict[tuple[str, int, int], int] = {}
    for i, row in enumerate(rows):
        if row.is_baseline:
            measured = {party: measure(scenario, alone[party], alone)[party] for party in alone}
            outcomes.append("".join(outcome_digest(alone[party]) for party in alone))
            wakes.append(sum(record.wakes for record in alone.values()))
        else:
            record = records[row.label]
            wakes.append(record.wakes)
            first = same.setdefault((row.arrangement, id(record.fates), id(record.engagements)), i)
            if first != i:  # the run of another conduct that changes nothing here: nothing to measure again
                values[i] = values[first]
                outcomes.append(outcomes[first])
                continue
            measured = measure(scenario, record, alone)
            outcomes.append(outcome_digest(record))
        for j, party in enumerate(scenario.parties):
            for k, metric in enumerate(METRIC_IDS):
                value = measured[party.id].get(metric)
                values[i, j, k] = nan if value is None else value
    any_ = next(iter(alone.values()))
    return Replicate(any_.replicate, any_.truth_digest, tuple(outcomes), tuple(wakes), values)


def outcome_digest(record: RunRecord) -> str:
    """Return a digest of what happened: releases, shots, fates; without names of arrangements, complexes and rules."""
    fates = [(f.object, f.is_killed, f.end_s, f.impact_state) for f in record.fates]
    shots = sorted((s.battery, s.object, s.launch_s, s.intercept_s, s.outcome, s.ordinal) for s in record.shots)
    releases = sorted((e.object, e.released_s) for e in record.engagements if e.released_s < float("inf"))
    body = msgspec.msgpack.encode((record.truth_digest, fates, shots, releases))
    return blake2b(body, digest_size=16).hexdigest()
