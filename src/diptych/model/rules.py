"""Rules of engagement as data: a readable table, agreed beforehand, that a commander looks a case up in.

A case is described by `Facts`, one word for each of `DIMENSIONS`. A rule names the words it holds for; what it does not
name is any. Its verdict is to engage, to hold, or to consult. A case that no rule holds for is outside the rules. The
file is `data/rules/NAME.yaml`; `command.rules_of_engagement` interprets it.
"""

from typing import Literal

import msgspec

from diptych.model.sources import Source

TERRITORY = ("own", "own-and-other", "partner", "third", "none")
RANGE = ("srbm", "mrbm", "irbm", "icbm")
PREDICTION = ("exact", "rough")
NOTICE = ("unannounced", "announced")
OVER = ("clear", "third", "partner")
RAID = ("single", "several", "many")
FLIGHT = ("ballistic", "steep", "near-orbital")
LAUNCH = ("own", "partner", "elsewhere")
"""The words of a launch place that every file knows; the zones of a file stand between `partner` and `elsewhere`."""

DIMENSIONS: dict[str, tuple[str, ...]] = {
    "territory": TERRITORY,
    "launch": LAUNCH,
    "range": RANGE,
    "prediction": PREDICTION,
    "notice": NOTICE,
    "over": OVER,
    "raid": RAID,
    "flight": FLIGHT,
}
"""What a rule may ask about a case, with the words of each; see `docs/reference/rules-file.md`."""

RuleVerdict = Literal["engage", "hold", "consult"]
VerdictKind = Literal["engage", "hold", "consult", "outside", "contradiction"]


class Zone(msgspec.Struct, frozen=True):
    """An area that launches may come from: corners (lat_rad, lon_rad), first not repeated."""

    id: str
    title: str
    corners_rad: tuple[tuple[float, float], ...]


class EngagementRule(msgspec.Struct, frozen=True):
    """One row of the table: for cases with one of the words of each dimension of `when`, the verdict `then`.

    `before` are the numbers of rules that this one takes precedence over where both hold.
    """

    number: int
    title: str
    when: dict[str, tuple[str, ...]]
    then: RuleVerdict
    before: tuple[int, ...] = ()


class Dilution(msgspec.Struct, frozen=True):
    """What one round of dilution takes out of the text: whole rules, or words out of the conditions of some.

    `narrow` holds (rule, dimension, words left).
    """

    title: str
    why: str
    drop: tuple[int, ...] = ()
    narrow: tuple[tuple[int, str, tuple[str, ...]], ...] = ()


class Rulebook(msgspec.Struct, frozen=True):
    """Rules of engagement as agreed; `dilution` lists what the text loses, the first to go first.

    A predicted impact area is `exact` up to a half axis (two sigma) of `exact_m`; a raid is `many` from `many` objects
    on. `diluted` counts the steps of dilution that have been taken.
    """

    id: str
    title: str
    argument: tuple[str, ...]
    sources: tuple[Source, ...]
    exact_m: float
    many: int
    zones: tuple[Zone, ...]
    rules: tuple[EngagementRule, ...]
    dilution: tuple[Dilution, ...] = ()
    diluted: int = 0

    def words(self, dimension: str) -> tuple[str, ...]:
        """Return the words of a dimension; the zones of this book are words of `launch`."""
        if dimension != "launch":
            return DIMENSIONS[dimension]
        own, partner, elsewhere = LAUNCH
        return (own, partner, *(zone.id for zone in self.zones), elsewhere)

    @property
    def asked(self) -> frozenset[str]:
        """The dimensions that some rule depends on."""
        return frozenset(dimension for rule in self.rules for dimension in rule.when)


class Facts(msgspec.Struct, frozen=True):
    """What a complex holds about a case, in the words of the rules, from its own picture alone.

    territory : what the predicted impact area (two sigma) touches.
    launch : the territory or zone of the estimated launch point.
    range : class by the estimated range.
    prediction : how well the impact area is known.
    notice : whether the launch agrees with one announced beforehand.
    over : whose land lies under the rest of the path, beside that of launch, of impact and one's own.
    raid : how many objects the complex holds at the time.
    flight : what kind of path it is.
    """

    territory: str
    launch: str
    range: str
    prediction: str
    notice: str
    over: str
    raid: str
    flight: str


class Verdict(msgspec.Struct, frozen=True):
    """What the rules say about a case, and the numbers of the rules that say it."""

    kind: VerdictKind
    numbers: tuple[int, ...] = ()
