"""The option `--set KEY=VALUE`: other values for assumptions, as typed."""

from __future__ import annotations

from collections.abc import Sequence

from diptych.edge.schema.knobs import CHOICES, WORDS, form_problem
from diptych.model.errors import ScenarioError


def settings_of(texts: Sequence[str]) -> dict[str, float | str]:
    """Return the settings of `--set KEY=VALUE`, given many times; the last one of a key wins.

    Raises
    ------
    ScenarioError
        A text has no equals sign, or its value is neither a number nor a word of its key; all such texts are named.
    """
    found: dict[str, float | str] = {}
    wrong = []
    for text in texts:
        key, equals, value = (part.strip() for part in text.partition("="))
        if value in WORDS:
            found[key] = value
            continue
        if key.rsplit(".", 1)[-1] in CHOICES:
            if problem := form_problem(key, value):
                wrong.append(f"--set {text}: {problem}")
            found[key] = value
            continue
        try:
            found[key] = float(value)
        except ValueError:
            wrong.append(f"--set {text}: expected KEY=VALUE with a number, low, mid or high, got {value!r}")
        else:
            if not key or not equals:
                wrong.append(f"--set {text}: expected KEY=VALUE, got no key")
    if wrong:
        raise ScenarioError("\n".join(wrong))
    return found


def numbers_of(option: str, text: str) -> tuple[float, ...]:
    """Return the numbers of an option that takes several, with commas.

    Raises
    ------
    ScenarioError
        A part is no number, or there is none.
    """
    found = []
    for part in text.split(","):
        try:
            found.append(float(part))
        except ValueError:
            raise ScenarioError(f"{option}: expected numbers with commas, got {part.strip()!r}") from None
    return tuple(found)
