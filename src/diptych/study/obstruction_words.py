"""The three sentences a minister would read about obstruction, made from the numbers.

First the most that a partner's worst conduct costs each party, and where; then where nothing can be lost, and why; then
whether a party with an obstructing partner is worse off than with none. A cost is called shown only where the interval
excludes zero; where intervals are withheld the sentence says so.
"""

from collections.abc import Sequence

from diptych.model.conduct import COOPERATIVE
from diptych.model.result import Comparison, Loss, Obstruction
from diptych.model.scenario import Party, Scenario
from diptych.study.sentences import join, number

PARTNER = "partner"
SMALL_COST = 0.5
"""Missiles: what a partner costs on average below this may still be told as time that it takes."""

SMALL_SHARE = 0.05
"""Loss of freedom of action that is not told."""


def obstruction_sentences(scenario: Scenario, comparison: Comparison, found: Obstruction) -> tuple[str, ...]:
    """Return the sentences of a conduct matrix whose effects and losses are complete; at most three."""
    by = {party.id: [x for x in found.losses if (x.party, x.by) == (party.id, PARTNER)] for party in scenario.parties}
    parties = [party for party in scenario.parties if by[party.id]]
    if not parties:
        return ()
    said = (
        "; ".join(_worst(scenario, party, by[party.id]) for party in parties),
        "; ".join(
            part for part in (_nothing(parties, by, comparison.replicates), _time(scenario, comparison, found)) if part
        ),
        "; ".join(_beside_nobody(party, by[party.id]) for party in parties),
    )
    return tuple(f"{text[0].upper()}{text[1:]}." for text in said if text)


def conduct_words(scenario: Scenario, label: str) -> str:
    """Return a conduct by its title, in lower case, without whose it is: "claims engagements that never happen"."""
    title = next((b.title for b in scenario.behaviours if b.label == label), label)
    return title[:1].lower() + title[1:]


def bounds(lo: float | None, hi: float | None) -> str:
    """Return "(a to b)", or that the interval is withheld."""
    return "(interval withheld)" if lo is None or hi is None else f"({number(lo)} to {number(hi)})"


def _worst(scenario: Scenario, party: Party, losses: Sequence[Loss]) -> str:
    """Say what the worst conduct of a partner costs a party, under the arrangement where it costs most."""
    worst = max(losses, key=lambda loss: loss.value)
    if worst.worst == COOPERATIVE:
        return f"no conduct of a partner that was tried costs {party.title} anything under any arrangement compared"
    aimed = sum(scenario.party_of(missile.aim_state) == party.id for missile in scenario.raid)
    tail = "" if worst.tail is None else f", in its worst tenth of raids {number(worst.tail)}"
    open_ = " (not shown to be more than nothing)" if worst.lo is not None and worst.lo <= 0.0 else ""
    return (
        f"under {worst.arrangement} the worst a partner can do to {party.title} "
        f"({conduct_words(scenario, worst.worst)}) costs it {number(worst.value)} of {aimed} missiles "
        f"{bounds(worst.lo, worst.hi)}{open_}{tail}"
    )


def _nothing(parties: Sequence[Party], by: dict[str, list[Loss]], replicates: int) -> str:
    """Say under which arrangements a partner can cost nobody anything, and whether that must be so."""
    names = [loss.arrangement for loss in by[parties[0].id]]
    of = {name: [x for p in parties for x in by[p.id] if x.arrangement == name] for name in names}
    bound = [name for name in names if all(x.can_matter == 0 for x in of[name])]
    even = [name for name in names if name not in bound and all(x.is_exact_zero for x in of[name])]
    told = {max(by[p.id], key=lambda loss: loss.value).arrangement for p in parties}
    little = [name for name in names if name not in (*bound, *even, *told)]
    parts = []
    if bound:
        parts.append(
            f"under {join(bound)} nothing can be lost, because nothing that a partner tells or is asked stands in "
            f"{'it' if len(bound) == 1 else 'them'}"
        )
    if even:
        parts.append(f"under {join(even)} nothing was lost in any of {replicates} replicates, whatever a partner did")
    for name in little:
        most = max(of[name], key=lambda loss: loss.value)
        title = next(p.title for p in parties if p.id == most.party)
        parts.append(f"under {name} at most {number(most.value)} missiles, on {title} {bounds(most.lo, most.hi)}")
    return "; ".join(parts) or "under every arrangement compared there is something that a partner can do"


def _time(scenario: Scenario, comparison: Comparison, found: Obstruction) -> str:
    """Say where a partner can take freedom of action without costing a missile on average, and how much it leaves."""
    parts = []
    for name in dict.fromkeys(effect.arrangement for effect in found.effects):
        kept: list[str] = []
        for party in scenario.parties:
            usual = comparison.table[name][party.id]["freedom_of_action"].value
            mine = [e for e in found.effects if (e.arrangement, e.party, e.side) == (name, party.id, PARTNER)]
            left = [(e.freedom_of_action.value, e.conduct) for e in mine if e.freedom_of_action.value is not None]
            costs = max((e.against_cooperative.value or 0.0 for e in mine), default=0.0)
            if usual is None or not left or costs >= SMALL_COST or usual - min(left)[0] < SMALL_SHARE:
                continue
            least, conduct = min(left)
            words = conduct_words(scenario, conduct)
            kept.append(f"{party.title} {100 * least:.0f} % instead of {100 * usual:.0f} % ({words})")
        if kept:
            parts.append(f"under {name} it can still take time, and leave of freedom of action {join(kept)}")
    return "; ".join(parts)


def _beside_nobody(party: Party, losses: Sequence[Loss]) -> str:
    """Say where a party with the worst of partners is better, as well or worse off than with none at all."""
    groups: dict[str, list[str]] = {"more": [], "as many as": [], "fewer": [], "": []}
    for loss in losses:
        lo, hi = loss.against_alone_lo, loss.against_alone_hi
        if lo is None or hi is None:
            groups["as many as" if loss.against_alone == 0.0 else ""].append(loss.arrangement)
        elif lo > 0.0:
            by = f"{loss.arrangement} (by {number(loss.against_alone)}, {number(lo)} to {number(hi)})"
            groups["more"].append(by)
        else:
            groups["fewer" if hi < 0.0 else ""].append(loss.arrangement)
    rest = max((names for word, names in groups.items() if word != "more"), key=len)
    verbs = {
        "more": "lets more missiles through than with no partner at all",
        "as many as": "lets as many through as with none",
        "fewer": "lets fewer through than with none",
        "": "is not shown to be better or worse off than with none",
    }
    told = sorted(((word, names) for word, names in groups.items() if names), key=lambda item: item[1] is rest)
    parts = [f"{verbs[word]} under {_under(names, rest, losses)}" for word, names in told]
    return f"with the worst of partners {party.title} {join(parts)}"


def _under(names: Sequence[str], rest: Sequence[str], losses: Sequence[Loss]) -> str:
    """Return the names; the largest group, where it is large, as all the others."""
    if len(names) == len(losses):
        return "every arrangement compared"
    return "all the others" if names is rest and len(names) > 2 else join(names)
