"""How far a party takes part in the other side's defence: what each level means, and what a file really gives.

A level is not a title: it follows from what reaches the party, what it gives, whether it plans, owns a sector or is
asked. `level_of` works it out; the property `participation-fits` holds where the file says the same.
"""

from diptych.command.verdict import Context, Verdict
from diptych.model.arrangement import PARTICIPATION, Arrangement, Complex

WORD = ("launch-notice", "debris-warning")
DATA = ("launch-detection", "impact-prediction", "track")
PLANS = ("engagement-intention", "kill-assessment")
PLANNING = "planning-and-operations"

MEANS = {
    "none": "is told nothing and asked nothing",
    "observer": "is told of launches beforehand or of debris, and gives and gets no data",
    "data-partner": "gives or gets warnings, predictions or tracks",
    "planner": "is told of engagements, or staffs a planning centre",
    "sector-owner": "is responsible for a sector",
    "co-operator": "is asked before somebody else may fire, or has its complex together with others",
}
"""What makes a party what it is; each level may include those before it and nothing of those after it."""


def grounds_of(arrangement: Arrangement, party: str) -> dict[str, str]:
    """Return for each level beyond `none` what in the file gives it to a party; levels it lacks are absent."""
    own = {c.id for c in arrangement.complexes if party in c.parties}
    found: dict[str, str] = {}
    words = [p for p in WORD if _reached(arrangement, own, p)]
    if words:
        found["observer"] = f"gets {' and '.join(words)}"
    data = [p for p in DATA if _reached(arrangement, own, p) or _given(arrangement, own, p)]
    if data:
        verb = "gets" if any(_reached(arrangement, own, p) for p in data) else "gives"
        found["data-partner"] = f"{verb} {' and '.join(data)}"
    plans = [p for p in PLANS if _reached(arrangement, own, p)]
    centres = [c.id for c in arrangement.centres if c.kind == PLANNING and party in c.staff]
    if plans or centres:
        found["planner"] = f"staffs {centres[0]}" if centres else f"gets {' and '.join(plans)}"
    sectors = [s.title for s in arrangement.responsibility.sectors if s.owner in own]
    if sectors:
        found["sector-owner"] = f"owns the sector {sectors[0]!r}"
    key = _key(arrangement, party)
    if key:
        found["co-operator"] = key
    return found


def level_of(arrangement: Arrangement, party: str) -> str:
    """Return the level that a file gives a party: the highest for which there is a ground."""
    found = grounds_of(arrangement, party)
    return next((level for level in reversed(PARTICIPATION) if level in found), "none")


def participation_fits(context: Context) -> Verdict:
    """Each party takes part as far as the file says it does, no further and no less."""
    arrangement = context.arrangement
    said = dict(arrangement.participation)
    derived = {party: level_of(arrangement, party) for party in context.parties}
    for party, level in derived.items():
        wanted = said.get(party, level)
        if wanted == level:
            continue
        first = f"The file says that {party} is {_a(wanted)}: it {MEANS[wanted]}."
        if PARTICIPATION.index(level) > PARTICIPATION.index(wanted):
            then = f"Yet {party} {grounds_of(arrangement, party)[level]}: that makes it {_a(level)}."
        else:
            then = f"Nothing in its sharing, sectors or consents gives it that; by them {party} is {_a(level)}."
        return Verdict(holds=False, story=(first, then))
    left = [party for party in derived if party not in said]
    note = f"Not said of all; by the data: {', '.join(f'{p} {derived[p]}' for p in left)}." if left else ""
    return Verdict(holds=True, note=note)


def _a(level: str) -> str:
    if level == "none":
        return "no part of it"
    return f"an {level}" if level[0] in "aeiou" else f"a {level}"


def _reached(arrangement: Arrangement, own: set[str], product: str) -> bool:
    """Whether a product of complexes that do not serve a party reaches one that does, directly or through a centre."""
    rules = [r for r in arrangement.sharing if r.product == product]
    complexes = {c.id for c in arrangement.complexes}
    others = complexes - own
    fed = {r.receiver for r in rules if r.sender in others}
    return any(r.receiver in own and (r.sender in others or r.sender in fed) for r in rules)


def _given(arrangement: Arrangement, own: set[str], product: str) -> bool:
    return any(r.product == product and r.sender in own and r.receiver not in own for r in arrangement.sharing)


def _key(arrangement: Arrangement, party: str) -> str:
    """Return how a party has a say in what others fire: its people are asked elsewhere, or it has a joint complex."""
    joint: list[Complex] = [c for c in arrangement.complexes if party in c.parties and len(c.parties) > 1]
    if joint:
        return f"has its complex {joint[0].id} together with {', '.join(p for p in joint[0].parties if p != party)}"
    foreign = {c.id for c in arrangement.complexes if party not in c.parties}
    for consent in arrangement.consents:
        if consent.complex_id not in foreign:
            continue
        asked = [
            (role, whose)
            for step in (*consent.steps, *consent.outside_steps)
            for role, whose in zip(step.roles, step.parties, strict=True)
        ]
        asked += [(wait.to_role, wait.to_party) for wait in consent.waits if wait.to_role]
        for role, whose in asked:
            if whose == party:
                return f"is asked through {role} before {consent.complex_id} may fire"
    return ""
