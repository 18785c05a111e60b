"""Published figures that are known to be wrong, and what a reader should know about single cases.

A figure stands here when physics or a better source contradicts it (the table "published numbers that disagree" of
the project's physics notes). It is never tuned to: a case whose figure is listed and not met is `known-wrong source`.
The entry holds for that figure only, so that another file with the same id is judged on its own.
"""

from typing import Any

KNOWN_WRONG: dict[tuple[str, str], tuple[Any, str]] = {
    ("HIS-10", "published_claim_mi"): (
        [750, 800],
        "The 1945 magazine gives eight times what the energy of the burnout speed allows; 750 miles need 4.5 km/s.",
    ),
    ("RNG-04", "published_mi"): (
        240,
        "The geodesic to the nearest point of the border is about 353 miles; the newspaper's 240 miles fits no point.",
    ),
    ("HIS-15", "MRBM_min"): (
        [10, 15],
        "At 3 500 km the arc alone takes 16.4 minutes (MET-06), and the boost comes on top: the upper end is too low.",
    ),
    ("HIS-15", "ICBM_min"): (
        [20, 30],
        "Beyond some 8 000 km the arc alone takes longer: 32 minutes at 10 000 km, and the boost comes on top.",
    ),
}

REMARKS: dict[str, str] = {
    "MET-11": (
        "Computed with g = 0.006096 mi/s2 as the case corrects it. The transcribed 0.005098 mi/s2 is a misprint: it "
        "would give 7.23 km/s, and a test holds that it fails."
    ),
    "FLT-11": (
        "A second published time, 67 minutes, is impossible: the arc alone, without any boost, needs 68.5 minutes to "
        "rise to this apogee and fall again."
    ),
    "HIS-16": (
        "Published 40.5 minutes; least energy with boost gives 36 to 38. Inside the stated 12 %, and probably "
        "another shape of trajectory. Not tuned to."
    ),
    "SYS-10": (
        "NATO officials named Turkey, Greece and Italy as uncovered. The model gives Turkey, and Greece when launch "
        "is late, but not Italy; the case asks for Turkey only."
    ),
    "RAD-14": "The two published ranges, 4 000 and 6 000 km, disagree; the catalogue keeps both as claims.",
    "INT-10": "The published 13 minutes of interceptor flight conflict with 6 minutes in a nearly identical test.",
    "HIS-14": "A round figure for a whole class: the class of ranges from 5 500 to 10 000 km must touch it.",
}


def known_wrong(case_id: str, output: str, published: object) -> str:
    """Return why this published figure is wrong, or "" when it is not listed."""
    listed = KNOWN_WRONG.get((case_id, output))
    return listed[1] if listed is not None and listed[0] == published else ""
