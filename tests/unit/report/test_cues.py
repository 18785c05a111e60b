"""The picture of what a cue buys: where marks stand, and that it is a whole file."""

from __future__ import annotations

import math
import re
import xml.etree.ElementTree as ET

import numpy as np
import pytest

from diptych.analysis.cues import CASES, CueResult, CueWay, Gain
from diptych.edge.assets import load_assets
from diptych.report.cues import cues_picture

NO = Gain(0.0, 0.0, 0.0, 0.0, 0.0)
NEVER = Gain(math.nan, math.nan, math.nan, 0.0, 0.0)
WAYS = (CueWay("nothing", "Nothing"), CueWay("told", "Told <often>", "track", 10.0))
SVG = "{http://www.w3.org/2000/svg}"


def picture(gain, has_warning=(True, False)):
    row = ((NO, NO, NO, NO), (gain, NO, NO, NEVER))
    gains = tuple(tuple((r, r) for r in row) for _ in CASES)
    empty = np.zeros(0)
    found = CueResult(WAYS, ("a", "b"), 3, gains, empty, empty, empty, (7.0, 1.0), has_warning)
    return cues_picture(found, {"a": "North", "b": "South"}, ("Scenario.", "Marking"), load_assets())


def marks(svg, name):
    root = ET.fromstring(svg)
    return [
        float(use.get("x"))
        for use in root.iter(f"{SVG}use")
        if use.get("href") == f"#m-{name}" and use.get("class") != "pj"
    ]


def test_the_picture_is_a_whole_file_that_says_what_it_shows():
    svg = picture(Gain(12.0, 5.0, 20.0, 0.0, 0.0))
    root = ET.fromstring(svg)
    words = "".join(root.itertext())
    assert "how many seconds earlier" in words
    assert "North, own space warning" in words
    assert "North, no space warning of its own" in words
    assert "South, own space warning" not in words
    assert "Told <often>" in words
    assert "Marking" in words
    assert "http" not in re.sub(r'xmlns="[^"]*"', "", svg)


def test_a_gain_stands_to_the_right_of_zero_and_a_loss_to_the_left():
    zero = marks(picture(NO), "round-o")[0]
    assert marks(picture(Gain(9.0, 9.0, 9.0, 0.0, 0.0)), "round-o")[0] > zero
    assert marks(picture(Gain(-9.0, -9.0, -9.0, 0.0, 0.0)), "round-o")[0] < zero


def test_what_never_happens_has_no_mark():
    svg = picture(NO)
    assert len(marks(svg, "round")) == 3
    assert marks(svg, "diamond") == []


def test_periods_and_grids_stand_in_a_block_with_a_cell_each():
    ways = (CueWay("nothing", "Nothing"), *(
        CueWay(f"{grid}-{period}", f"{grid} every {period:g} s", "track", period, 1.0, 1.0, grid)
        for grid in ("Coarse", "Fine", "Finest") for period in (60.0, 10.0, 1.0)
    ))  # fmt: skip
    given = [Gain(float(n), 0.0, 9.0, 0.0, 0.0) for n in range(9)]
    gains = tuple(((NO,) * 4,) * 2 for _ in range(1)) + tuple(((g, NO, NO, NO),) * 2 for g in given)
    empty = np.zeros(0)
    found = CueResult(ways, ("a", "b"), 3, (gains,) * len(CASES), empty, empty, empty, (7.0, 1.0), (True, False))
    svg = cues_picture(found, {"a": "North", "b": "South"}, (), load_assets())
    words = [t.text for t in ET.fromstring(svg).iter(f"{SVG}text")]
    assert words.count("every 10 s") == words.count("Fine") == 3  # panels
    assert words.count("+8.0 s") == 3
    at = marks(svg, "round-o")[:9]
    assert at[0] < at[1] < at[2]
    assert at[3] - at[0] < at[1] - at[0]  # the next row begins at the left again


@pytest.mark.parametrize("seconds", [3.0, 45.0, 400.0])
def test_every_mark_and_number_stays_on_the_page(seconds):
    svg = picture(Gain(seconds, -seconds, 2.0 * seconds, 0.0, 0.0))
    root = ET.fromstring(svg)
    width = float(root.get("width"))
    for element in root.iter():
        for key in ("x", "x1", "x2"):
            value = element.get(key)
            if value is not None and not value.endswith("%"):
                assert -6.0 <= float(value) <= width
