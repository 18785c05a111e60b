"""Where a number comes from: source, grade, and the range of what is not known."""

from typing import Literal

import msgspec

Grade = Literal["published", "derived", "attributed", "assumed"]


class Source(msgspec.Struct, frozen=True):
    """One source of one or more values.

    `weak` marks a repost, a machine translation or a partisan outlet; `note` says what was taken or why assumed.
    """

    title: str
    url: str = ""
    grade: Grade = "published"
    weak: bool = False
    note: str = ""


class Assumption(msgspec.Struct, frozen=True):
    """A not-known quantity of a scenario: its stated range, the value used in this run, and its source.

    `key` is the path an analyst types after `--set`; `low`, `mid`, `high` and `used` are in `unit`; `mid` is the
    shipped default. A range is not a distribution: results over it are never pooled. Where one of several `words` is
    chosen instead of a number, the four are their places in that list.
    """

    key: str
    title: str
    unit: str
    low: float
    mid: float
    high: float
    used: float
    source: Source
    words: tuple[str, ...] = ()

    def said(self, value: float) -> float | str:
        """Return one of its values as somebody would type it: the number, or the word at that place."""
        return self.words[round(value)] if self.words else value

    @property
    def is_changed(self) -> bool:
        """Whether this run used another value than the shipped one."""
        return self.used != self.mid
