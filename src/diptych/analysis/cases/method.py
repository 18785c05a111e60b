"""What a kind of case is: the keys it takes, what it gives, and the function between.

A method answers with a mapping of unit-bearing names to values: a number, a list (compared one by one), a numpy vector
(compared against its length), a `Span`, names, true or false. `Copied` marks what was read from the catalogue and not
computed.
"""

from collections.abc import Callable, Mapping

import msgspec
import numpy as np
from numpy.typing import NDArray

from diptych.analysis.cases.given import Given
from diptych.model.catalogue import Catalogue
from diptych.model.geography import Cities


class Span(msgspec.Struct, frozen=True):
    """What a whole class of flights spans, from its least to its greatest value.

    `is_bracket`: the published interval must hold all of it; otherwise the two must touch, because the source names one
    round figure for a class.
    """

    low: float
    high: float
    is_bracket: bool = True


Numbers = list[float] | list[float | None]  # None: this one is not computed


class Copied(msgspec.Struct, frozen=True):
    """A number (or several) read from the catalogue, in the unit of its name."""

    value: float | Numbers


Value = float | int | bool | Numbers | list[str] | NDArray[np.float64] | Span | Copied
Values = dict[str, Value]


class Context(msgspec.Struct, frozen=True):
    """What methods may look at beside the case: the catalogue, and places by name."""

    catalogue: Catalogue
    cities: Cities


class Method(msgspec.Struct, frozen=True, kw_only=True):
    """How one kind is computed.

    `takes` and `gives` are the keys with their usual units, those in brackets may be missing; `words` are input keys
    that speak to people and change nothing; `left_out` says of outputs of the shipped cases why they are not computed.
    """

    kind: str
    about: str
    compute: Callable[[Given, Context], Values]
    takes: tuple[str, ...]
    gives: tuple[str, ...]
    words: tuple[str, ...] = ()
    left_out: Mapping[str, str] = {}

    def __call__(self, given: Given, context: Context) -> Values:
        """Return the values of a case; CaseError for a key that is missing, unknown or unusable."""
        found = self.compute(given, context)
        given.finish(self.words, self.takes)
        return found


def plain(value: Value) -> object:
    """Return a value as JSON holds it."""
    if isinstance(value, Copied):
        return value.value
    if isinstance(value, Span):
        return [value.low, value.high]
    if isinstance(value, np.ndarray):
        return [float(x) for x in value]
    return value
