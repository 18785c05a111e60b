"""Names that end in their unit: `ground_range_km` is a stem, a dimension and a factor.

A case may state a quantity in any unit of `UNITS`; methods ask for it by stem and dimension and answer in whatever
unit they like, and the comparison converts. A qualifier after the unit (`_more_than`, `_under`) says how a published
number is meant.
"""

from functools import cache
from math import pi

import msgspec

MILE_M = 1609.344  # statute mile, exact
NAUTICAL_MILE_M = 1852.0  # exact
FOOT_M = 0.3048  # exact

UNITS: dict[str, tuple[str, float]] = {
    "km3_s2": ("gravity parameter", 1e9),
    "mi_s2": ("acceleration", MILE_M),
    "m_s2": ("acceleration", 1.0),
    "kg_m3": ("density", 1.0),
    "kg_s": ("mass flow", 1.0),
    "km_s": ("speed", 1e3),
    "m_s": ("speed", 1.0),
    "mps": ("speed", 1.0),
    "km_h": ("speed", 1e3 / 3600.0),
    "mph": ("speed", MILE_M / 3600.0),
    "per_m": ("per length", 1.0),
    "m2": ("area", 1.0),
    "km": ("length", 1e3),
    "m": ("length", 1.0),
    "nmi": ("length", NAUTICAL_MILE_M),
    "mi": ("length", MILE_M),
    "ft": ("length", FOOT_M),
    "deg": ("angle", pi / 180.0),
    "rad": ("angle", 1.0),
    "min": ("time", 60.0),
    "h": ("time", 3600.0),
    "s": ("time", 1.0),
    "kg": ("mass", 1.0),
    "K": ("temperature", 1.0),
    "Pa": ("pressure", 1.0),
    "dB": ("decibel", 1.0),
    "GHz": ("frequency", 1e9),
    "MHz": ("frequency", 1e6),
    "Hz": ("frequency", 1.0),
    "W": ("power", 1.0),
}
AT_LEAST = ("at_least", "more_than", "over")
AT_MOST = ("at_most", "under")
_WORDS = ("derived", "approx", "default")  # say where a number comes from and change nothing


class Name(msgspec.Struct, frozen=True):
    """A key taken apart: stem, dimension ("" for pure numbers and words), factor to SI, bound ("", "least", "most")."""

    stem: str
    dimension: str
    factor: float
    bound: str = ""


@cache
def take_apart(key: str) -> Name:
    """Return the parts of a key.

    Check: `satellite_speed_mph_more_than` is the stem `satellite_speed`, a speed of 0.44704 m/s, a least value.
    """
    bound = ""
    rest = key
    for words, meaning in ((AT_LEAST, "least"), (AT_MOST, "most"), (_WORDS, "")):
        for word in words:
            if rest.endswith("_" + word):
                rest, bound = rest.removesuffix("_" + word), meaning or bound
    for unit, (dimension, factor) in UNITS.items():
        if rest.endswith("_" + unit):
            return Name(rest.removesuffix("_" + unit), dimension, factor, bound)
    return Name(rest, "", 1.0, bound)


def take_apart_tolerance(key: str) -> Name:
    """Return the parts of a tolerance key, where a unit alone (`km_s`) is a key too, with the stem ""."""
    return Name("", *UNITS[key]) if key in UNITS else take_apart(key)


def units_of(dimension: str) -> tuple[str, ...]:
    """Return the units a dimension may be written in, as key endings."""
    return tuple("_" + unit for unit, (known, _) in UNITS.items() if known == dimension)
