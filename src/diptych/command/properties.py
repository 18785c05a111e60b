"""Properties of an arrangement, computed from its data and never typed in: what it claims is checked, not believed.

`check` gives a finding for every property of `PROPERTIES`: whether the arrangement claims it, whether it holds, and if
it does not, the shortest counterexample as a story. The properties themselves stand in `command.vetoes` (about the
other side) and `command.soundness` (about the text). What only behaviour in time can show is checked on runs by
`sim.properties`.
"""

from collections.abc import Callable, Mapping

import msgspec

from diptych.command.blockers import Ranges, blockers_of
from diptych.command.participation import participation_fits
from diptych.command.sectors import Ground
from diptych.command.soundness import (
    double_engagement_detected,
    every_path_ends,
    every_territory_has_an_owner,
    nothing_by_silence_unless_said,
    one_owner_per_sector,
    provenance_kept,
    silences_that_fire,
)
from diptych.command.soundness import (
    fires_by_silence as _fires_by_silence,
)
from diptych.command.verdict import Context, Verdict
from diptych.command.vetoes import centre_loss_safe, no_cross_command, no_outside_veto
from diptych.model.arrangement import Arrangement, Stage

__all__ = [
    "NOT_WANTED",
    "PROPERTIES",
    "SOUND",
    "Finding",
    "check",
    "check_in",
    "context_of",
    "fires_by_silence",
    "is_broken",
]

PROPERTIES: dict[str, Callable[[Context], Verdict]] = {
    "no-outside-veto": no_outside_veto,
    "no-cross-command": no_cross_command,
    "centre-loss-safe": centre_loss_safe,
    "double-engagement-detected": double_engagement_detected,
    "provenance-kept": provenance_kept,
    "nothing-by-silence-unless-said": nothing_by_silence_unless_said,
    "fires-by-silence": _fires_by_silence,
    "every-path-ends": every_path_ends,
    "every-territory-has-an-owner": every_territory_has_an_owner,
    "one-owner-per-sector": one_owner_per_sector,
    "participation-fits": participation_fits,
}

SOUND = ("every-path-ends", "every-territory-has-an-owner", "one-owner-per-sector")
"""An arrangement that lacks one of these is broken, whatever it claims."""

NOT_WANTED = ("fires-by-silence",)
"""Properties that are printed where they hold, not where they fail."""


class Finding(msgspec.Struct, frozen=True):
    """What the check of one property found; `counterexample` are the lines of the shortest story, empty if it holds."""

    arrangement: str
    property: str
    claimed: bool
    holds: bool
    counterexample: tuple[str, ...]
    note: str = ""


def check(
    arrangement: Arrangement,
    stages: tuple[Stage, ...],
    party_states: Mapping[str, frozenset[str]],
    window_s: float,
    *,
    ground: Ground | None = None,
    ranges: Ranges | None = None,
) -> tuple[Finding, ...]:
    """Return a finding for every property, and one for each claim that is no property.

    Parameters
    ----------
    window_s : float
        The physical window: seconds from the first warning to the last launch that still helps.
    ground : points of land by state, optional
        Tells whose territory lies in whose sector; left out, every owner is taken to hold a part of everybody's.
    ranges : lowest and highest time by act, optional
        Left out, the times in use are taken as certain.
    """
    return check_in(context_of(arrangement, stages, party_states, window_s, ground=ground, ranges=ranges))


def check_in(context: Context) -> tuple[Finding, ...]:
    """Return the findings about the arrangement of a context."""
    arrangement = context.arrangement
    found = []
    for name, judge in PROPERTIES.items():
        verdict = judge(context)
        claimed = name in arrangement.claims
        found.append(Finding(arrangement.id, name, claimed, verdict.holds, verdict.story, verdict.note))
    for claim in arrangement.claims:
        if claim not in PROPERTIES:
            story = (f"claims {claim!r}; there is no such property. Known: {', '.join(PROPERTIES)}.",)
            found.append(Finding(arrangement.id, claim, claimed=True, holds=False, counterexample=story))
    return tuple(found)


def context_of(
    arrangement: Arrangement,
    stages: tuple[Stage, ...],
    party_states: Mapping[str, frozenset[str]],
    window_s: float,
    *,
    ground: Ground | None = None,
    ranges: Ranges | None = None,
) -> Context:
    """Return everything a check reads, with who can block what already worked out."""
    blockers = blockers_of(arrangement, stages, party_states, window_s, ground=ground, ranges=ranges)
    return Context(arrangement, party_states, window_s, blockers, ground, ranges)


def is_broken(finding: Finding) -> bool:
    """Whether a finding makes an arrangement unfit: a claim that fails, or a text that is not sound."""
    return not finding.holds and (finding.claimed or finding.property in SOUND)


def fires_by_silence(arrangement: Arrangement) -> tuple[str, ...]:
    """Return the acts on which silence leads to a shot, with territory and complex; none if it cannot."""
    return silences_that_fire(arrangement)
