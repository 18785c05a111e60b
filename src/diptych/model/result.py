"""What many runs add up to: estimates with intervals, paired differences, and how an answer bends with a delay.

Intervals describe chance only (design.md idea 4): they never cover the not-known, which is swept outside.
"""

import msgspec


class Metric(msgspec.Struct, frozen=True):
    """One metric: id, title, unit, which way is better (`lower`, `higher`, `none`), one-line definition."""

    id: str
    title: str
    unit: str
    better: str
    definition: str


class Estimate(msgspec.Struct, frozen=True):
    """Mean over replicates with a 95 % interval; `lo`/`hi` are None when withheld, `value` None when undefined."""

    value: float | None
    lo: float | None
    hi: float | None
    n: int


class Difference(msgspec.Struct, frozen=True):
    """Paired difference, arrangement minus `against`, on the same replicates.

    `non_zero` counts replicates in which the two differ; `is_exact_zero` is true when none does. `note` says in words
    why an interval is withheld or why the two cannot differ. `variance_ratio` is the variance of an unpaired
    difference over that of the paired one (None when the paired one is zero).
    """

    arrangement: str
    against: str
    party: str
    metric: str
    value: float | None
    lo: float | None
    hi: float | None
    n: int
    non_zero: int
    is_exact_zero: bool
    variance_ratio: float | None
    note: str


class SweepPoint(msgspec.Struct, frozen=True):
    """Results at one value of one not-known number: (arrangement, party, metric) -> mean."""

    value: float
    means: dict[str, dict[str, dict[str, float | None]]]


class Sweep(msgspec.Struct, frozen=True):
    """A precomputed sweep over one not-known number, same replicates at each point.

    `key` is the assumption's key; `flips` says in words where within the stated range an ordering changes. Where one of
    several `words` is chosen instead of a number, values are places in that list.
    """

    key: str
    title: str
    unit: str
    low: float
    mid: float
    high: float
    replicates: int
    points: tuple[SweepPoint, ...]
    flips: tuple[str, ...]
    words: tuple[str, ...] = ()


class Effect(msgspec.Struct, frozen=True):
    """What one conduct does to one party under one arrangement: leakage beside cooperation and beside no partner.

    `side` is whose conduct it is, seen from the party: `partner`, `inside` (a member or role of the party itself),
    `between` (a centre, the links) or `own`. `can_matter` is false where nothing that the conduct changes stands
    anywhere in the arrangement: its run is then the cooperative one. Tail: mean over the worst tenth of the replicates.
    """

    arrangement: str
    conduct: str
    party: str
    side: str
    can_matter: bool
    leakage: Estimate
    tail: Estimate
    freedom_of_action: Estimate
    say: Estimate
    against_cooperative: Difference
    against_alone: Difference
    tail_against_cooperative: Difference
    tail_against_alone: Difference


class Loss(msgspec.Struct, frozen=True):
    """Obstruction loss: outcome under the worst conduct minus that under cooperation, and minus that with no partner.

    `by` says whose conducts were tried: `partner`, or `anybody` but the party itself. `worst` is the conduct with the
    highest mean, `cooperative` where none is worse than cooperation. The intervals allow for the choice of the worst
    among all tried (simultaneous 95 %); None where withheld, see `note`.
    """

    arrangement: str
    party: str
    by: str
    worst: str
    value: float
    lo: float | None
    hi: float | None
    is_exact_zero: bool
    against_alone: float
    against_alone_lo: float | None
    against_alone_hi: float | None
    tail_worst: str
    tail: float | None
    tail_lo: float | None
    tail_hi: float | None
    tried: int
    can_matter: int
    note: str


class Obstruction(msgspec.Struct, frozen=True):
    """The conduct matrix: an effect for every arrangement, conduct and party, and the losses under the worst of them.

    `sentences` are the three a minister would read.
    """

    effects: tuple[Effect, ...]
    losses: tuple[Loss, ...]
    sentences: tuple[str, ...]


class Comparison(msgspec.Struct, frozen=True):
    """The outcome of a run over arrangements: table[arrangement][party][metric], differences and sweeps.

    `obstruction` is there where some row is of another conduct than cooperation.
    """

    scenario_id: str
    seed: int
    replicates: int
    truth_digest: str
    arrangements: tuple[str, ...]
    parties: tuple[str, ...]
    metrics: tuple[Metric, ...]
    table: dict[str, dict[str, dict[str, Estimate]]]
    differences: tuple[Difference, ...]
    sweeps: tuple[Sweep, ...]
    sentences: tuple[str, ...]
    obstruction: Obstruction | None = None
