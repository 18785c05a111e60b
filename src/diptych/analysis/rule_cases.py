"""The cases a scenario can put to the rules of engagement, worked out from its raid without flying it.

What a plan fixes (launch place, range, notice) has one word for each missile. What depends on when a complex looks and
how well it sees (how exact, how many at a time, what is still under the path, whether the predicted area touches more
than the state aimed at) keeps every word it may have. The runs themselves tell how often each of them happens.
"""

import math

import msgspec

from diptych.command.rules_of_engagement import Box, Coverage, coverage
from diptych.evaluation.classify import LaunchEstimate
from diptych.model.geography import Territory, state_at
from diptych.model.rules import OVER, PREDICTION, Rulebook
from diptych.model.scenario import Missile, Scenario
from diptych.node import case_words as words

PARTS_FLOWN = (0.15, 0.3, 0.5)
"""Parts of the range flown when a case is looked up: from soon after burnout of a long flight to half of it."""


class RaidCases(msgspec.Struct, frozen=True):
    """The cases of the missiles that have the same ones: which missiles, whose territory they aim at, what rules say.

    `space` holds the words of every dimension; `found` is the coverage of their combinations.
    """

    missiles: tuple[str, ...]
    party: str
    space: Box
    found: Coverage


def raid_cases(scenario: Scenario, book: Rulebook, territory: Territory) -> tuple[RaidCases, ...]:
    """Return what the rules say about every missile of a raid, as the party it is aimed at will see it."""
    grouped: dict[tuple[str, tuple[tuple[str, tuple[str, ...]], ...]], list[str]] = {}
    for missile in scenario.raid:
        party = scenario.party_of(missile.aim_state)
        if party is not None:
            space = space_of_missile(scenario, missile, party, book, territory)
            grouped.setdefault((party, tuple(space.items())), []).append(missile.id)
    return tuple(
        RaidCases(tuple(missiles), party, dict(space), coverage(book, dict(space)))
        for (party, space), missiles in grouped.items()
    )


def space_of_missile(
    scenario: Scenario, missile: Missile, party: str, book: Rulebook, territory: Territory
) -> dict[str, tuple[str, ...]]:
    """Return the words that one missile's case may have in the eyes of the party it is aimed at."""
    own = frozenset(s for p in scenario.parties if p.id == party for s in p.states)
    partner = frozenset(s for p in scenario.parties if p.id != party for s in p.states)
    start, aim = missile.launch, missile.aim
    launch = LaunchEstimate(start.lat_rad, start.lon_rad, 0.0, missile.launch_s, 0.0)
    from_state = state_at(territory, start.lat_rad, start.lon_rad)
    far_m = words.distance_m(start.lat_rad, start.lon_rad, aim.lat_rad, aim.lon_rad)
    raid = {words.raid_word(n, book.many) for n in range(1, len(scenario.raid) + 1)}
    over = {over_after(part, missile, from_state, own, partner, territory) for part in PARTS_FLOWN}
    return {
        "territory": ("own", "own-and-other"),
        "launch": (words.launch_word(book, launch, from_state, own, partner),),
        "range": (words.range_word(far_m),),
        "prediction": PREDICTION,
        "notice": (words.notice_word(launch, (aim.lat_rad, aim.lon_rad), scenario.notices),),
        "over": tuple(word for word in OVER if word in over),
        "raid": tuple(word for word in book.words("raid") if word in raid),
        "flight": ("ballistic", "steep") if missile.shape == "lofted" else ("ballistic",),
    }


def over_after(
    part: float,
    missile: Missile,
    from_state: str | None,
    own: frozenset[str],
    partner: frozenset[str],
    territory: Territory,
) -> str:
    """Say whose land lies under what is left of a planned path when a part of it has been flown."""
    start, aim = missile.launch, missile.aim
    chord = [a + part * (b - a) for a, b in zip(start.ecef_m, aim.ecef_m, strict=True)]
    now = (math.atan2(chord[2], math.hypot(chord[0], chord[1])), math.atan2(chord[1], chord[0]))
    under = words.states_under(territory, now, (aim.lat_rad, aim.lon_rad))
    return words.over_word(under - {from_state or "", missile.aim_state}, own, partner)
