"""A case as a method sees it: asked for by stem and dimension, answered in SI, every key accounted for.

`Given` finds `ground_range` whether the file says `ground_range_km` or `ground_range_mi`. What a method did not ask
for and did not declare as words is an unknown key: a synonym is never guessed. All complaints are `CaseError`s with
the case, the key and what was expected.
"""

from collections.abc import Mapping, Sequence
from math import radians
from typing import Any

import numpy as np
from numpy.typing import NDArray

from diptych.analysis.cases.units import take_apart, units_of

Case = Mapping[str, Any]
_MOST = 1e300  # beyond, squares overflow and whole numbers do not become floats


class CaseError(Exception):
    """A case that cannot be read: its id, the path of the key, and what was expected."""

    def __init__(self, case_id: str, path: tuple[str, ...], text: str) -> None:
        super().__init__(f"case {case_id}: {'.'.join(path)}: {text}")
        self.case_id = case_id
        self.path = path
        self.text = text


class NotRun(Exception):  # noqa: N818  # an answer, not an error
    """The case states too little, or the catalogue lacks what it speaks of: nothing is computed, and why."""


class Impossible(Exception):  # noqa: N818  # an answer, not an error
    """What the case asks has no solution (a speed that does not reach, a look that misses), and why."""


class Given:
    """The inputs of one case, with a tally of the keys that were read."""

    def __init__(self, case: Case) -> None:
        self.id = str(case["id"])
        self.expected: Mapping[str, Any] = case["expected"]
        self._inputs: Mapping[str, Any] = case["inputs"]
        self._tolerance: Mapping[str, Any] = case["tolerance"]
        self._read: set[str] = set()
        self.used_tolerances: set[str] = set()

    def fail(self, path: tuple[str, ...], text: str) -> CaseError:
        """Return the complaint about one key."""
        return CaseError(self.id, path, text)

    def _key(self, stem: str, dimension: str) -> str | None:
        parts = {key: take_apart(key) for key in self._inputs}
        found = [k for k, p in parts.items() if (p.stem, p.dimension) == (stem, dimension)]
        if len(found) > 1:
            raise self.fail(("inputs", found[1]), f"expected {stem} once, found {', '.join(sorted(found))}")
        return found[0] if found else None

    def has(self, stem: str, dimension: str = "") -> bool:
        """Say whether the case states this quantity."""
        return self._key(stem, dimension) is not None

    def number(
        self,
        stem: str,
        dimension: str = "",
        *,
        above: float | None = None,
        least: float | None = None,
        most: float | None = None,
        default: float | None = None,
    ) -> float:
        """Return one number in SI; `above`, `least` and `most` bound it (in SI); `default` is for a missing key."""
        key = self._key(stem, dimension)
        if key is None:
            if default is not None:
                return default
            raise self.fail(("inputs",), f"expected {self._spelled(stem, dimension)}, found {self._found()}")
        self._read.add(key)
        return self._bounded(key, self._inputs[key], above, least, most)

    def numbers(self, stem: str, dimension: str = "", *, above: float | None = None) -> list[float]:
        """Return a list of numbers in SI; one number alone is a list of one."""
        key = self._key(stem, dimension)
        if key is None:
            raise self.fail(("inputs",), f"expected {self._spelled(stem, dimension)}, found {self._found()}")
        self._read.add(key)
        value = self._inputs[key]
        many = list(value) if isinstance(value, Sequence) and not isinstance(value, str) else [value]
        if not many:
            raise self.fail(("inputs", key), "expected at least one number, found an empty list")
        return [self._bounded(key, item, above, None, None) for item in many]

    def vector(self, stem: str, dimension: str = "") -> NDArray[np.float64]:
        """Return three numbers in SI as (3,)."""
        found = self.numbers(stem, dimension)
        if len(found) != 3:
            key = str(self._key(stem, dimension))
            raise self.fail(("inputs", key), f"expected three numbers, found {len(found)}")
        return np.array(found)

    def word(self, key: str, allowed: Sequence[str], default: str | None = None) -> str:
        """Return one of the allowed words."""
        if key not in self._inputs and default is not None:
            return default
        value = self._inputs.get(key)
        self._read.add(key)
        if value not in allowed:
            raise self.fail(("inputs", key), f"expected one of {', '.join(allowed)}, found {value!r}")
        return str(value)

    def words(self, key: str) -> list[str]:
        """Return a text, or a list of texts, as a list."""
        value = self._inputs.get(key)
        self._read.add(key)
        many = [value] if isinstance(value, str) else value
        if not isinstance(many, list) or not many or not all(isinstance(item, str) for item in many):
            raise self.fail(("inputs", key), f"expected a text or a list of texts, found {value!r}")
        return [str(item) for item in many]

    def names(self) -> tuple[str, ...]:
        """Return the keys of all inputs."""
        return tuple(self._inputs)

    def latitude(self, stem: str) -> float:
        """Return a latitude, rad."""
        return self.number(stem, "angle", least=-radians(90.0), most=radians(90.0))

    def longitude(self, stem: str) -> float:
        """Return a longitude, rad."""
        return self.number(stem, "angle", least=-radians(180.0), most=radians(360.0))

    def point(self, key: str) -> tuple[float, float]:
        """Return one place, written [latitude, longitude] in degrees, as rad."""
        self._read.add(key)
        return self._point((key,), self._inputs.get(key))

    def points(self, key: str) -> dict[str, tuple[float, float]]:
        """Return named places, each written [latitude, longitude] in degrees, as rad."""
        self._read.add(key)
        value = self._inputs.get(key)
        if not isinstance(value, Mapping) or not value:
            raise self.fail(("inputs", key), f"expected places as name: [lat, lon] in degrees, found {value!r}")
        return {str(name): self._point((key, str(name)), item) for name, item in value.items()}

    def asked(self, key: str) -> list[str]:
        """Return names that the expected side lists."""
        value = self.expected.get(key, [])
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise self.fail(("expected", key), f"expected a list of names, found {value!r}")
        return [str(item) for item in value]

    def allowance(self, key: str, default: float | None = None) -> float:
        """Return a tolerance that the method itself applies, as written."""
        self.used_tolerances.add(key)
        if key not in self._tolerance:
            if default is not None:
                return default
            raise self.fail(("tolerance",), f"expected {key}, found {', '.join(sorted(self._tolerance)) or 'nothing'}")
        return self._bounded(key, self._tolerance[key], None, 0.0, None, side="tolerance")

    def finish(self, words: Sequence[str], takes: Sequence[str]) -> None:
        """Refuse inputs nobody read; `words` are keys that speak to people only."""
        for key in self._inputs:
            if key not in self._read and key not in words:
                raise self.fail(("inputs", key), f"expected no such key; this kind takes {', '.join(takes)}")

    def _point(self, path: tuple[str, ...], value: object) -> tuple[float, float]:
        is_pair = isinstance(value, Sequence) and not isinstance(value, str) and len(value) == 2
        if not is_pair:
            raise self.fail(("inputs", *path), f"expected [latitude, longitude] in degrees, found {value!r}")
        lat, lon = (self._bounded(path[-1] + "_deg", item, None, None, None, path=path) for item in value)  # type: ignore[attr-defined]
        if not (abs(lat) <= radians(90.0) and abs(lon) <= radians(360.0)):
            raise self.fail(("inputs", *path), f"expected a latitude within 90 degrees, found {value!r}")
        return lat, lon

    def _bounded(
        self,
        key: str,
        value: object,
        above: float | None,
        least: float | None,
        most: float | None,
        *,
        side: str = "inputs",
        path: tuple[str, ...] = (),
    ) -> float:
        """Return a checked number in SI."""
        place = (side, *(path or (key,)))
        is_number = isinstance(value, (int, float)) and not isinstance(value, bool) and abs(value) < _MOST
        if not is_number or not isinstance(value, (int, float)):
            raise self.fail(place, f"expected a finite number, found {value!r}")
        factor = take_apart(key).factor if side == "inputs" else 1.0  # tolerances are read as written
        number = float(value) * factor
        for is_out, words, bound in (
            (above is not None and not number > above, "more than", above),
            (least is not None and number < least - 1e-12, "at least", least),
            (most is not None and number > most + 1e-12, "at most", most),
        ):
            if is_out and bound is not None:
                raise self.fail(place, f"expected {words} {bound / factor:.6g}, found {value!r}")
        return number

    def _spelled(self, stem: str, dimension: str) -> str:
        if not dimension:
            return stem
        return f"{stem} with one of the endings {', '.join(units_of(dimension))}"

    def _found(self) -> str:
        return ", ".join(self._inputs) or "nothing"
