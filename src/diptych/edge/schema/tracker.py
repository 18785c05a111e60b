"""What trackers take for granted, with its range and its reason: the keys `tracker.*` of assumptions and of `--set`.

No open source gives the settings of a real tracker, so all of them are assumed, alike for every side, and those that
can change who knows what when have a range.
"""

from collections.abc import Mapping
from typing import NamedTuple

from diptych.edge.files import Spot, Tree
from diptych.edge.schema.knobs import Knobs, settings_from
from diptych.model.errors import ScenarioError
from diptych.model.sources import Assumption, Source
from diptych.model.tracker import SHIPPED, TrackerSettings


class Row(NamedTuple):
    """One setting: field of `TrackerSettings`, words, unit, low and high beside the shipped value, why."""

    key: str
    title: str
    unit: str
    low: float
    high: float
    why: str


TEXTBOOK = "Bar-Shalom, Li, Kirubarajan, Estimation with Applications to Tracking and Navigation, 2001"
ROWS = (
    Row("boost_acceleration_mps2", "Acceleration a tracker allows in boost (1 sigma per axis)", "m/s2", 20.0, 60.0,
        "Assumed: rockets of these classes end their burn at 5 to 10 g."),
    Row("ballistic_coefficient_kg_m2", "Ballistic coefficient a tracker takes for granted", "kg/m2", 3000.0, 12000.0,
        "Assumed: about the middle of the catalogue's 2000 to 20 000; the track finds out the drag in the air."),
    Row("ballistic_coefficient_factor", "Doubt of that coefficient (1 sigma, as a factor)", "", 1.5, 3.0,
        "Assumed: two standard deviations reach from 1900 to 19 000 kg/m2, what the catalogue's classes span."),
    Row("density_doubt", "Air a tracker takes to be off its standard one anew every scale height", "", 0.005, 0.10,
        "Its polynomial departs from the standard that flies here by 1 % over 7.2 km; weather would be 0.05 to 0.10."),
    Row("initiate_count", "Detections that start a track", "", 2.0, 4.0, "Assumed; M-of-N logic as in the textbook."),
    Row("initiate_within_s", "Time within which they must come", "s", 20.0, 60.0,
        "Assumed: a few search revisits of the slowest radar."),
    Row("confirm_count", "Detections that confirm a track", "", 3.0, 6.0, "Assumed; M-of-N logic as in the textbook."),
    Row("confirm_looks", "Track looks within which they must come", "", 5.0, 12.0,
        "Assumed: a detection probability of a half must not keep a real object from being believed."),
    Row("drop_after_s", "Time without detection that ends a track in boost or unconfirmed", "s", 30.0, 120.0,
        "Assumed: nobody can say where a thrusting object is a minute later."),
    Row("gate", "Squared statistical distance of the gate", "", 16.3, 30.0,
        "Chi-square of three components: 25.9 keeps 99.999 % of an object's own detections, 16.3 keeps 99.9 %; "
        "a smaller gate loses looks, a larger one lets neighbours in."),
)  # fmt: skip


def settings_without_scenario(given: Mapping[str, float | str]) -> tuple[TrackerSettings, tuple[Assumption, ...]]:
    """Return the settings in use where there is no scenario but only `--set`, and the assumptions that it changed.

    Raises
    ------
    ScenarioError
        A key is none of `tracker.*`, or its value does not hold; all of them are named.
    """
    knobs = Knobs(Tree({}, Spot("--set", 1, 1)), settings_from(given))
    settings = tracker_settings(knobs)
    if problems := knobs.unused():
        raise ScenarioError(problems=tuple(problems))
    return settings, tuple(a for a in knobs.assumptions.values() if a.is_changed)


def tracker_settings(knobs: Knobs) -> TrackerSettings:
    """Return the settings in use."""
    values: dict[str, float] = {}
    for row in ROWS:
        source = Source(TEXTBOOK, grade="assumed", note=row.why)
        bounds = (row.low, float(getattr(SHIPPED, row.key)), row.high)
        values[row.key] = knobs.take(f"tracker.{row.key}", row.title, row.unit, bounds, source)
    return TrackerSettings(
        boost_acceleration_mps2=values["boost_acceleration_mps2"],
        ballistic_coefficient_kg_m2=values["ballistic_coefficient_kg_m2"],
        ballistic_coefficient_factor=values["ballistic_coefficient_factor"],
        density_doubt=values["density_doubt"],
        initiate_count=int(values["initiate_count"]),
        initiate_within_s=values["initiate_within_s"],
        confirm_count=int(values["confirm_count"]),
        confirm_looks=values["confirm_looks"],
        drop_after_s=values["drop_after_s"],
        gate=values["gate"],
    )
