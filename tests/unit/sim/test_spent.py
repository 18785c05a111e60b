"""Looks put in order once and chosen by cues give what observing and merging anew would give."""

from __future__ import annotations

from math import inf

import msgspec
import numpy as np
import pytest

from diptych.sensing.looks import look_table, observe
from diptych.sim.spent import chosen, hits, in_order, joined, spend
from diptych.tracking.tracker import FALSE, Scans, merge
from tests.helpers.seen import flight, radar


def noisy(table):
    """Put a false detection beside every fifth look."""
    rows = np.arange(0, table.time_s.size, 5)
    return msgspec.structs.replace(
        table,
        false_row=rows,
        false_ecef_m=table.measured_ecef_m[rows] + 500.0,
        false_cov_ecef_m2=2.0 * table.cov_ecef_m2[rows],
        false_range_rate_mps=np.full((rows.size, 2), 7.0),
    )


@pytest.fixture(scope="module")
def tables():
    """Two radars, whose looks often fall on the same time, at two objects; the second radar has false detections."""
    sites = (radar(), radar(lat_deg=35.0, range_rate_error_mps=3.0))
    looks = [
        [look_table(r, 0.1, flight(az), 0.0, 33, 0, 100 + n, 50 + k) for k, az in enumerate((310.0, 250.0))]
        for n, r in enumerate(sites)
    ]
    return looks[0], [noisy(table) for table in looks[1]]


def same(one: Scans, other: Scans) -> bool:
    return all(getattr(one, f).tobytes() == getattr(other, f).tobytes() for f in Scans.__struct_fields__)


@pytest.mark.parametrize("cued_s", [(inf, inf), (0.0, inf), (150.0, 90.0), (0.0, 0.0)])
def test_chosen_looks_are_the_merged_detections(tables, cued_s):
    looks = [row[0] for row in tables]
    rows = spend(in_order(looks, (2, 5)), [hits(t, cue) for t, cue in zip(looks, cued_s, strict=True)])
    found = chosen(in_order(looks, (2, 5)).scans, rows)
    by_hand = merge([[observe(t, r, cue) for t, r, cue in zip(looks, (2, 5), cued_s, strict=True)]])
    assert same(found, by_hand)
    assert found.time_s.size > 20
    assert (found.stream == FALSE).any() == (cued_s != (inf, inf) or (by_hand.stream == FALSE).any())


def test_scans_of_several_objects_join_as_their_detections_merge(tables):
    parts, entries = [], []
    for k in range(2):
        looks = [row[k] for row in tables]
        all_of_it = in_order(looks, (0, 1))
        parts.append(chosen(all_of_it.scans, spend(all_of_it, [hits(t, 0.0) for t in looks])))
        entries.append([observe(t, r, 0.0) for r, t in enumerate(looks)])
    assert same(joined(parts), merge(entries))


def test_a_radar_that_sees_nothing_spends_nothing():
    nothing = look_table(radar(lat_deg=-36.0), 0.1, flight(), 0.0, 33, 0, 100, 50)
    looks = in_order([nothing], (0,))
    assert spend(looks, [hits(nothing, 0.0)]).size == 0
    assert chosen(looks.scans, spend(looks, [hits(nothing, 0.0)])).measured_ecef_m.shape == (0, 3)
