"""Arrangements as a check reads them: with a scenario's parties, its stage times and their ranges, and its land.

What `arrangement check`, `compare` and `show` share: load, work out who can block what, and judge the properties.
"""

from __future__ import annotations

import msgspec

from diptych.command.blockers import Blockers, BlockingSet
from diptych.command.power import Power, powers
from diptych.command.properties import Finding, check_in, context_of
from diptych.command.structure import TooManyError
from diptych.command.verdict import Context, seconds
from diptych.edge.build import load_scenario
from diptych.edge.ground import load_ground
from diptych.model.arrangement import Arrangement
from diptych.model.errors import ScenarioError
from diptych.model.scenario import Scenario

WINDOW_S = 400.0
"""The physical window taken unless another is given: 702 s of flight of a minimum-energy arc over 2 000 km, less 90 s
to a firm track, 180 s of the interceptor's flight and 30 s of reserve, rounded. Assumed; `--window-s` gives another."""


class Checked(msgspec.Struct, frozen=True):
    """One arrangement with everything a check found."""

    scenario: Scenario
    arrangement: Arrangement
    context: Context
    findings: tuple[Finding, ...]

    @property
    def blockers(self) -> tuple[Blockers, ...]:
        """Return who can block what."""
        return self.context.blockers


def checked(
    names: tuple[str, ...], scenario_name: str, window_s: float, conducts: tuple[str, ...] | None = None
) -> tuple[Checked, ...]:
    """Return the named arrangements (`all`: the shipped ones), checked; the baseline only if it is named.

    `conducts` are words of `--conduct` for runs; None leaves those of the scenario.
    """
    wanted = ("all",) if "alone" in names else names
    scenario = load_scenario(scenario_name, arrangements=wanted, conducts=conducts)
    chosen = [a for a in scenario.arrangements if a.is_baseline == ("alone" in names)]
    if not chosen:
        raise ScenarioError(f"arrangement check: expected arrangements, got {', '.join(names)}")
    return tuple(checked_one(scenario, a, window_s) for a in chosen)


def checked_one(scenario: Scenario, arrangement: Arrangement, window_s: float) -> Checked:
    """Return one arrangement, checked with the parties, times and ranges of a scenario."""
    party_states = {p.id: frozenset(p.states) for p in scenario.parties}
    has_sectors = bool(arrangement.responsibility.sectors)
    ground = load_ground(frozenset().union(*party_states.values())) if has_sectors else None
    ranges = ranges_of(scenario)
    context = context_of(arrangement, scenario.stages, party_states, window_s, ground=ground, ranges=ranges)
    return Checked(scenario, arrangement, context, check_in(context))


def ranges_of(scenario: Scenario) -> dict[str, tuple[float, float]]:
    """Return the lowest and the highest stated time of each act."""
    return {
        a.key.removeprefix("stages.").removesuffix(".time_s"): (a.low, a.high)
        for a in scenario.assumptions
        if a.key.startswith("stages.") and a.key.endswith(".time_s")
    }


def powers_of(found: Blockers) -> tuple[Power, ...]:
    """Return Coleman's powers over a case; empty where nobody may act or there are too many coalitions to count."""
    if found.status != "open":
        return ()
    try:
        return powers(found.structure)
    except TooManyError:
        return ()


def blockers_json(found: Blockers) -> dict[str, object]:
    """Return one case for JSON: the sets at both deadlines, how, default, path times, powers."""
    low, high = found.path_s[1], found.path_s[2]
    is_open = found.status == "open"
    return {
        "complex": found.complex_id,
        "action": found.action,
        "case": found.case,
        "status": found.status,
        "never": [_set_json(s) for s in found.never],
        "window": "clock" if found.is_by_clock else [_set_json(s) for s in found.window],
        "by_silence_alone": [s.name for s in found.by_silence],
        "hangs_on_assumed_times": found.hangs_on_times,
        "path_s": {"used": found.path_s[0], "low": low, "high": high} if is_open else None,
        "power": [
            {"roles": list(p.roles), "party": p.party, "prevent": p.prevent, "initiate": p.initiate}
            for p in powers_of(found)
        ],
    }


def _set_json(item: BlockingSet) -> dict[str, object]:
    who = [{"any": p.count, "of": list(p.roles), "party": p.party} for p in item.parts]
    return {"who": who, "how": list(item.how), "then": item.then, "name": item.name}


def answer_text(found: Blockers, *, is_window: bool) -> str:
    """Return who blocks a case at one deadline, in words."""
    if found.status == "nobody-may":
        return "nobody may"
    if found.status == "not-foreseen":
        return "not foreseen"
    if found.status == "too-many":
        return "too many sets to list"
    if is_window and found.is_by_clock:
        return f"the clock: {seconds(found.path_s[0])}"
    sets = found.window if is_window else found.never
    return "; ".join(s.name for s in sets) or "nobody can"
