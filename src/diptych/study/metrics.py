"""What is measured on one replicate, for each party: the table `METRICS` and the function `measure`.

A measure reads run records only, never the world. A value that does not exist (a mean over no releases, a share of
nothing) is None and stays None; it is never 0. Whatever compares a party with "no partner in the world" reads the
run of that party's half of the baseline `alone` on the same luck. Formulas in full: docs/reference/metrics.md, which
a test holds against `METRICS`.

Read `METRICS`, then `measure`; the rest says what a party's complex, battery and territory are.
"""

from collections.abc import Mapping
from math import inf, isfinite

from diptych.model.arrangement import Arrangement
from diptych.model.decision import REASONS
from diptych.model.errors import LocalError
from diptych.model.record import Engagement, RunRecord
from diptych.model.result import Metric
from diptych.model.scenario import Scenario

Values = dict[str, float | None]

LATE_S = 1.0  # design.md section 5: a release more than 1 s later than alone counts as delayed

# Reasons for which an engagement can be forgone, from the one that got furthest on its way to a shot to the one
# that got least far; where several complexes of a party forgo an object, the furthest is counted.
FORGONE_REASONS = (
    "magazine",
    "late",
    "withheld",
    "outside-rules",
    "consent",
    "partner",
    "sector",
    "responsibility",
    "rule",
    "no-window",
    "no-track",
)

METRICS: tuple[Metric, ...] = (
    Metric("leakage", "Leakage", "missiles", "lower", "Missiles that come down on the party's territory."),
    Metric(
        "leakage_tail",
        "Leakage, worst tenth",
        "missiles",
        "lower",
        "Mean leakage over the worst tenth of the replicates.",
    ),
    Metric(
        "leakage_share",
        "Leakage share",
        "1",
        "lower",
        "Share of the missiles aimed at the party's territory that come down on it.",
    ),
    Metric(
        "people_at_risk",
        "People at risk",
        "people",
        "lower",
        "People living within the scenario's risk radius of impacts on the party's territory; never casualties.",
    ),
    Metric(
        "debris",
        "Debris",
        "intercepts",
        "lower",
        "Intercepts, whoever made them, whose debris may come down on the party's territory.",
    ),
    Metric(
        "needed",
        "Needed engagements",
        "engagements",
        "none",
        "Missiles that would come down on the party's territory and for which it had a window alone, on the same luck.",
    ),
    Metric(
        "freedom_of_action",
        "Freedom of action",
        "1",
        "higher",
        "1 minus the share of needed engagements blocked, or fired over 1 s later than alone for want of permission.",
    ),
    Metric(
        "say",
        "Say",
        "1",
        "higher",
        "Share of the partner's releases it could have a part in that cite its data or an answer of its people.",
    ),
    Metric(
        "decision_time",
        "Decision time",
        "s",
        "lower",
        "Mean time from the first opportunity to permission (0 when it was there before), over released engagements.",
    ),
    Metric(
        "margin",
        "Margin",
        "s",
        "higher",
        "Mean time from the first release to the last launch time of the window, over released engagements.",
    ),
    Metric(
        "debris_third",
        "Debris on third states",
        "intercepts",
        "lower",
        "Intercepts made by interceptors of the party whose debris may come down on states of no party.",
    ),
    Metric(
        "over_third",
        "Shots over third states",
        "interceptors",
        "lower",
        "Interceptors of the party whose way to the meeting point passes over states of no party.",
    ),
    Metric("shots_fired", "Shots fired", "interceptors", "none", "Interceptors launched from the party's batteries."),
    Metric(
        "shots_wasted",
        "Shots wasted",
        "interceptors",
        "lower",
        "Interceptors of the party that arrived at a missile already destroyed.",
    ),
    Metric(
        "shots_saved",
        "Shots saved",
        "interceptors",
        "higher",
        "Interceptors the party fired alone, minus those it fired here, on the same luck.",
    ),
    Metric(
        "magazine_left",
        "Magazine left",
        "interceptors",
        "higher",
        "Interceptors left in the party's batteries at the end.",
    ),
    Metric(
        "forgone",
        "Engagements forgone",
        "engagements",
        "lower",
        "Missiles that threaten the party at which none of its complexes released, whatever the reason.",
    ),
    *(
        Metric(
            f"forgone_{reason.replace('-', '_')}",
            f"Forgone: {reason}",
            "engagements",
            "lower",
            f"Of the engagements forgone, those whose furthest reason is: {REASONS[reason]}.",
        )
        for reason in FORGONE_REASONS
    ),
    Metric(
        "holds",
        "Shots held",
        "engagements",
        "lower",
        "Engagements of the party's complexes in which a partner's announcement held a shot back.",
    ),
    Metric(
        "hold_time",
        "Time held",
        "s",
        "lower",
        "Mean time from the first hold to the release, or to the end of the window, over those engagements.",
    ),
    Metric(
        "double_engagements",
        "Double engagements",
        "missiles",
        "lower",
        "Missiles at which a complex of the party and another complex had shots under way at once.",
    ),
    Metric(
        "shots_on_nothing",
        "Shots at nothing",
        "interceptors",
        "lower",
        "Interceptors of the party launched at an object that exists only in a partner's words.",
    ),
    Metric(
        "radar_time_wasted",
        "Radar time wasted",
        "s",
        "lower",
        "Time of track looks that radars of the party's complexes spent where a partner had lied.",
    ),
    Metric(
        "set_aside",
        "Partners set aside",
        "senders",
        "none",
        "Senders whose data a complex of the party no longer used at the end, because they contradicted its sensors.",
    ),
)

METRIC_IDS = tuple(metric.id for metric in METRICS)
MAY_BE_NEGATIVE = frozenset({"margin", "shots_saved"})  # every other metric is 0 or more by its nature
TAIL_OF = {"leakage_tail": "leakage"}  # metrics of the distribution over replicates, and what they are the tail of


def measure(scenario: Scenario, record: RunRecord, alone: Mapping[str, RunRecord]) -> dict[str, Values]:
    """Measure one replicate for every party: party id -> metric id -> value, None where undefined.

    Metrics of a distribution (`TAIL_OF`) exist only over replicates and are absent here.

    Parameters
    ----------
    scenario : Scenario
        Holds the parties, batteries and the arrangement that `record` names.
    record : RunRecord
        One replicate under one arrangement and conduct.
    alone : mapping of party id to RunRecord
        The same replicate under each party's half of the baseline.

    Raises
    ------
    LocalError
        A party has no baseline record, the records are of different luck, or the arrangement is unknown.
    """
    for party in scenario.parties:
        if party.id not in alone:
            raise LocalError(
                f"measuring {record.arrangement}: expected a baseline record `alone` for {party.id}, "
                f"got {', '.join(sorted(alone)) or 'none'}; run every baseline of the scenario first"
            )
        if alone[party.id].truth_digest != record.truth_digest:
            raise LocalError(
                f"measuring {record.arrangement}, replicate {record.replicate}: its truth is {record.truth_digest}, "
                f"that of {alone[party.id].arrangement} is {alone[party.id].truth_digest}; "
                "compare runs of the same luck"
            )
    return {party.id: _measure_party(scenario, record, alone, party.id) for party in scenario.parties}


def arrangement_of(scenario: Scenario, record: RunRecord) -> Arrangement:
    """Return the arrangement a record was run under."""
    for arrangement in scenario.arrangements:
        if arrangement.id == record.arrangement:
            return arrangement
    known = ", ".join(arrangement.id for arrangement in scenario.arrangements)
    raise LocalError(f"measuring: expected a record under one of {known}, got {record.arrangement}")


def threatened_parties(scenario: Scenario, record: RunRecord) -> tuple[str | None, ...]:
    """Return, per object of the raid, the party on whose territory it comes down when nobody stops it; None: nobody's.

    A fate holds where the true flight ends, whether the object was stopped on it or not.
    """
    where = {fate.object: scenario.party_of(fate.impact_state) for fate in record.fates}
    return tuple(where.get(index) for index in range(len(scenario.raid)))


def _measure_party(scenario: Scenario, record: RunRecord, alone: Mapping[str, RunRecord], party: str) -> Values:
    arrangement = arrangement_of(scenario, record)
    baseline = alone[party]
    threatened = threatened_parties(scenario, record)
    here = _by_object(_engagements_of(arrangement, record, party))
    before = _by_object(_engagements_of(arrangement_of(scenario, baseline), baseline, party))
    values: Values = {}
    values.update(_outcome(scenario, record, party))
    values.update(_freedom(record, party, threatened, here, before))
    values["say"] = _say(arrangement, record, party, threatened)
    values.update(_times(here))
    values.update(_shots(scenario, record, baseline, party))
    values.update(_forgone(party, threatened, here))
    values.update(_obstruction(scenario, arrangement, record, party))
    return values


def _outcome(scenario: Scenario, record: RunRecord, party: str) -> Values:
    landed = [fate for fate in record.fates if not fate.is_killed and scenario.party_of(fate.impact_state) == party]
    aimed = {index for index, missile in enumerate(scenario.raid) if scenario.party_of(missile.aim_state) == party}
    return {
        "leakage": float(len(landed)),
        "leakage_share": _ratio(sum(fate.object in aimed for fate in landed), len(aimed)),
        "people_at_risk": float(sum(fate.people_at_risk for fate in landed)),
        "debris": float(
            sum(
                fate.debris is not None and party in map(scenario.party_of, fate.debris.states) for fate in record.fates
            )
        ),
    }


def _freedom(
    record: RunRecord,
    party: str,
    threatened: tuple[str | None, ...],
    here: Mapping[int, tuple[Engagement, ...]],
    before: Mapping[int, tuple[Engagement, ...]],
) -> Values:
    """Count needed engagements, and those that were neither blocked nor delayed.

    A missile destroyed by somebody else before the party's own last launch time needs no engagement any more: that is
    not a block. A party that would not have released alone loses nothing when it does not release here.
    """
    needed = [
        index
        for index, engagements in sorted(before.items())
        if threatened[index] == party and any(isfinite(engagement.first_open_s) for engagement in engagements)
    ]
    ends = {fate.object: fate.end_s for fate in record.fates if fate.is_killed}
    free = 0
    for index in needed:
        alone_s = _first_release(before[index])
        here_s = _first_release(here.get(index, ()))
        last_s = max(e.last_close_s for e in before[index] if isfinite(e.first_open_s))
        is_gone = not isfinite(here_s) and ends.get(index, inf) <= last_s
        is_permitted = isfinite(here_s) and _first(here[index]).granted_s <= alone_s
        free += not isfinite(alone_s) or here_s <= alone_s + LATE_S or is_permitted or is_gone
    return {"needed": float(len(needed)), "freedom_of_action": _ratio(free, len(needed))}


def _say(arrangement: Arrangement, record: RunRecord, party: str, threatened: tuple[str | None, ...]) -> float | None:
    """Return the share of the others' releases `party` could have a part in that cite an input of `party`.

    Of a complex that does not serve `party`: its releases at objects `party` had itself seen, and those whose path
    asks one of its people. Of a complex that serves `party` together with others: its releases at objects that
    threaten another party. An input counts when it is "from NAME: ..." or "answer ACT by NAME" and NAME is `party`,
    a complex that serves it alone or a role of its people; what a joint officer answers is nobody's.
    """
    names = _names_of(arrangement, party)
    serves = {complex_.id: complex_.parties for complex_ in arrangement.complexes}
    asked = {(c.complex_id, c.action) for c in arrangement.consents for step in c.steps if party in step.parties}
    seen = {
        engagement.object
        for engagement in _engagements_of(arrangement, record, party)
        if isfinite(engagement.warned_s) or isfinite(engagement.confirmed_s)
    }

    def could_have_a_part(engagement: Engagement) -> bool:
        parties = serves[engagement.complex_id]
        if party in parties:
            return len(parties) > 1 and threatened[engagement.object] not in (party, None)
        return engagement.object in seen or (engagement.complex_id, engagement.action) in asked

    releases = [e for e in record.engagements if isfinite(e.released_s) and could_have_a_part(e)]
    cited = sum(any(_giver(text) in names for text in engagement.inputs) for engagement in releases)
    return _ratio(cited, len(releases))


def _names_of(arrangement: Arrangement, party: str) -> frozenset[str]:
    names = {party}
    names.update(complex_.id for complex_ in arrangement.complexes if complex_.parties == (party,))
    for consent in arrangement.consents:
        for step in consent.steps:
            names.update(role for role, owner in zip(step.roles, step.parties, strict=True) if owner == party)
        names.update(wait.to_role for wait in consent.waits if wait.to_role and wait.to_party == party)
    return frozenset(names)


def _giver(text: str) -> str:
    """Return who gave an input: NAME of "from NAME: what" and of "answer ACT by NAME"; "" of any other."""
    if text.startswith("from ") and ":" in text:
        return text[len("from ") : text.index(":")].strip()
    if text.startswith("answer ") and " by " in text:
        return text.rpartition(" by ")[2].strip()
    return ""


def _times(here: Mapping[int, tuple[Engagement, ...]]) -> Values:
    """Return the mean times over objects released at; with several complexes, of the one that released first."""
    decided, margins = [], []
    for _, engagements in sorted(here.items()):
        first = _first(engagements)
        opportunity_s = max(first.first_open_s, first.evaluated_s)
        if not isfinite(first.released_s):
            continue
        if isfinite(opportunity_s):
            decided.append(max(0.0, first.granted_s - opportunity_s))
        if isfinite(first.last_close_s):
            margins.append(first.last_close_s - first.released_s)
    return {"decision_time": _mean(decided), "margin": _mean(margins)}


def _shots(scenario: Scenario, record: RunRecord, baseline: RunRecord, party: str) -> Values:
    own = {index for index, battery in enumerate(scenario.batteries) if scenario.party_of(battery.owner) == party}
    fired = [shot for shot in record.shots if shot.battery in own]
    alone = sum(shot.battery in own for shot in baseline.shots)
    hit = {shot.object for shot in fired if shot.outcome == "hit"}

    def is_third(states: tuple[str, ...]) -> bool:
        return any(scenario.party_of(state) is None for state in states)

    return {
        "debris_third": float(
            sum(f.object in hit and f.debris is not None and is_third(f.debris.states) for f in record.fates)
        ),
        "over_third": float(sum(is_third(shot.over) for shot in fired)),
        "shots_fired": float(len(fired)),
        "shots_wasted": float(sum(shot.outcome == "wasted" and shot.object >= 0 for shot in fired)),
        "shots_saved": float(alone - len(fired)),
        "magazine_left": float(sum(record.magazines[index] for index in sorted(own))),
    }


def _forgone(party: str, threatened: tuple[str | None, ...], here: Mapping[int, tuple[Engagement, ...]]) -> Values:
    """Count, by reason, the threatening objects no complex of `party` released at and nobody had killed before."""
    counts = dict.fromkeys(FORGONE_REASONS, 0)
    for index, engagements in sorted(here.items()):
        if threatened[index] != party or isfinite(_first_release(engagements)):
            continue
        reasons = {engagement.reason for engagement in engagements}
        furthest = next((reason for reason in FORGONE_REASONS if reason in reasons), None)
        if furthest is not None and "done" not in reasons:
            counts[furthest] += 1
    values: Values = {"forgone": float(sum(counts.values()))}
    values.update({f"forgone_{reason.replace('-', '_')}": float(count) for reason, count in counts.items()})
    return values


def _obstruction(scenario: Scenario, arrangement: Arrangement, record: RunRecord, party: str) -> Values:
    """Return what a partner's words have cost: holds, shots and looks spent on nothing, and who is no longer heard."""
    own = {c.id for c in arrangement.complexes if party in c.parties}
    held = [e.held_s for e in record.engagements if e.complex_id in own and e.held_s > 0.0]
    batteries = {i for i, b in enumerate(scenario.batteries) if scenario.party_of(b.owner) == party}
    return {
        "holds": float(len(held)),
        "hold_time": _mean(held),
        "double_engagements": float(_doubles(record, own)),
        "shots_on_nothing": float(sum(s.object < 0 and s.battery in batteries for s in record.shots)),
        "radar_time_wasted": float(sum(spent_s for node, spent_s in record.radar_wasted_s if node in own)),
        "set_aside": float(len({sender for node, sender in record.distrusted if node in own})),
    }


def _doubles(record: RunRecord, own: set[str]) -> int:
    """Count the objects at which one of these complexes and another one had shots under way at once."""
    found = set()
    for a in record.shots:
        for b in record.shots if a.complex_id in own and a.object >= 0 else ():
            is_pair = b.object == a.object and b.complex_id != a.complex_id
            if is_pair and a.launch_s < b.intercept_s and b.launch_s < a.intercept_s:
                found.add(a.object)
    return len(found)


def _engagements_of(arrangement: Arrangement, record: RunRecord, party: str) -> tuple[Engagement, ...]:
    """Return the engagements of every complex that serves `party` (under one operator: of the joint complex)."""
    own = {complex_.id for complex_ in arrangement.complexes if party in complex_.parties}
    return tuple(engagement for engagement in record.engagements if engagement.complex_id in own)


def _by_object(engagements: tuple[Engagement, ...]) -> dict[int, tuple[Engagement, ...]]:
    found: dict[int, list[Engagement]] = {}
    for engagement in engagements:
        found.setdefault(engagement.object, []).append(engagement)
    return {index: tuple(found[index]) for index in sorted(found)}


def _first_release(engagements: tuple[Engagement, ...]) -> float:
    return min((engagement.released_s for engagement in engagements), default=inf)


def _first(engagements: tuple[Engagement, ...]) -> Engagement:
    """Return the engagement that released first."""
    return min(engagements, key=lambda engagement: engagement.released_s)


def _mean(values: list[float]) -> float | None:
    return sum(values) / len(values) if values else None


def _ratio(count: int, total: int) -> float | None:
    return count / total if total else None
