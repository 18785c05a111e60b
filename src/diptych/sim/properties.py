"""Properties that only behaviour in time can show, checked on runs: what the records must never contain.

*No outside veto*, clause ii: with a party's own inputs held fixed and partner data excluded from its picture, its
releases and their times are the same under every conduct of the partner as with no link at all, except for holds of a
joint plan. Clause iii: such a hold ends before the own last safe launch. The own inputs are held fixed by letting only
the party's own complexes fire: what a partner shoots down is gone for everybody's sensors, and that is no veto.

Also: no message is an order, nothing is fired without a yes, what came names its sender, losing the link leaves each
side its own system, and two engagements of one object are known to the second shooter unless the news was under way.
The static side of each stands in `command.properties`.
"""

import math
from collections.abc import Callable, Iterable, Mapping
from itertools import pairwise
from typing import get_args

import msgspec

from diptych.model.arrangement import Arrangement, Consent
from diptych.model.conduct import COOPERATIVE, Conduct
from diptych.model.decision import REASONS
from diptych.model.messages import Ask, OperatorAction, Order, Record, Task
from diptych.model.record import Engagement, Event, RunRecord

Play = Callable[[Arrangement, str], RunRecord]
"""Plays an arrangement under a conduct on one and the same world, keeping events."""

LOSSES = ("centre", "link")
"""Kinds of actors whose conduct is the loss of a centre or of the links."""

SAME_S = 1e-6
"""Two releases at times closer than this are the same."""

HOLD_SLACK_S = 15.0
"""A held shot is looked at again this often, so a release may come that much after the hold was to end."""


class Violation(msgspec.Struct, frozen=True):
    """A property that a run breaks: which, in which run, whose engagement of which object, when, and in words."""

    property: str
    arrangement: str
    conduct: str
    complex_id: str
    object: int
    time_s: float
    text: str


def check_runs(
    play: Play,
    arrangement: Arrangement,
    conducts: Iterable[Conduct],
    party_states: Mapping[str, frozenset[str]],
) -> tuple[Violation, ...]:
    """Return every violation in the runs of an arrangement under some conducts on one world; none is what one wants.

    For the veto a party's complexes are tried under the conducts of everybody but its own people.
    """
    conducts = tuple(conducts)
    found: list[Violation] = []
    for label in dict.fromkeys((COOPERATIVE, *(c.label for c in conducts))):
        record = play(arrangement, label)
        found += [
            *orders_from_outside(record, arrangement),
            *fired_without_a_yes(record, arrangement),
            *untraced(record),
            *holds_past_the_last_launch(record),
            *undetected_pairs(record, arrangement),
        ]
    linked = play(arrangement, COOPERATIVE)
    lost = [play(arrangement, c.label) for c in conducts if c.kind in LOSSES]
    for cut in (play(cut_off(arrangement), COOPERATIVE), *lost):
        found += lost_with_the_link(linked, cut)
    for own in arrangement.complexes:
        alone = disarmed(own_picture(arrangement), own.id)
        outside = [c.label for c in conducts if any(not is_of(c, p, party_states, arrangement) for p in own.parties)]
        if outside:
            apart = play(cut_off(alone), COOPERATIVE)
            for label in dict.fromkeys((COOPERATIVE, *outside)):
                found += moved_releases(apart, play(alone, label), own.id)
    return tuple(found)


def is_of(conduct: Conduct, party: str, party_states: Mapping[str, frozenset[str]], arrangement: Arrangement) -> bool:
    """Whether a conduct is that of a party's own people: the party, one of its members, one of its roles."""
    match conduct.kind:
        case "party":
            return conduct.actor == party
        case "member":
            return conduct.actor in party_states[party]
        case "role":
            steps = (s for c in arrangement.consents for s in (*c.steps, *c.outside_steps))
            return any((conduct.actor, party) in zip(s.roles, s.parties, strict=True) for s in steps)
        case _:
            return False


# --- other versions of an arrangement -------------------------------------------------------------------------


def cut_off(arrangement: Arrangement) -> Arrangement:
    """Return an arrangement with every link cut and both centres lost: nobody tells anybody anything."""
    return msgspec.structs.replace(arrangement, sharing=(), partner_tracks="none")


def own_picture(arrangement: Arrangement) -> Arrangement:
    """Return an arrangement in which partner tracks are used for nothing; intentions and plans stay."""
    return msgspec.structs.replace(arrangement, partner_tracks="none")


def disarmed(arrangement: Arrangement, complex_id: str) -> Arrangement:
    """Return an arrangement in which only one complex may fire, so that nobody changes what its sensors see."""
    consents = tuple(
        c if c.complex_id == complex_id else Consent(c.complex_id, c.action, "forbidden", (), ())
        for c in arrangement.consents
    )
    return msgspec.structs.replace(arrangement, consents=consents)


# --- no outside veto ------------------------------------------------------------------------------------------


def releases(record: RunRecord, complex_id: str) -> dict[int, tuple[tuple[float, int], ...]]:
    """Return the launches of one complex: by object, in time order, (time, battery)."""
    found: dict[int, list[tuple[float, int]]] = {}
    for shot in record.shots:
        if shot.complex_id == complex_id:
            found.setdefault(shot.object, []).append((shot.launch_s, shot.battery))
    return {i: tuple(sorted(shots)) for i, shots in found.items()}


def moved_releases(apart: RunRecord, together: RunRecord, complex_id: str) -> tuple[Violation, ...]:
    """Return objects at which a complex fires otherwise than with no link at all, though no plan made it hold (ii)."""
    held = {e.object for e in together.events if is_plan_hold(e) and e.actor == complex_id}
    mine, theirs = releases(apart, complex_id), releases(together, complex_id)
    found = []
    for i in sorted({*mine, *theirs} - held):
        before, after = mine.get(i, ()), theirs.get(i, ())
        is_same = len(before) == len(after) and all(
            a[1] == b[1] and abs(a[0] - b[0]) <= SAME_S for a, b in zip(before, after, strict=True)
        )
        if not is_same:
            text = f"fires {_times(after)} instead of {_times(before)} with no link, and no plan held it"
            first = (*before, *after)[0][0]
            found.append(_violation("no-outside-veto", together, complex_id, i, first, text))
    return tuple(found)


def holds_past_the_last_launch(record: RunRecord) -> tuple[Violation, ...]:
    """Return objects a complex held its fire at and never fired at in time, though no own kill was seen (iii).

    The value of the event `held` is how long the plan lets it hold, which is to its own last safe launch; whatever that
    says, a hold that outlasts the complex' own window is one too long.
    """
    closes_s = {(e.complex_id, e.object): e.last_close_s for e in record.engagements}
    found = []
    for event in record.events:
        if not is_plan_hold(event):
            continue
        ends_s = min(event.time_s + event.value, closes_s.get((event.actor, event.object), math.inf))
        last_s = ends_s + HOLD_SLACK_S
        fired = [s.launch_s for s in record.shots if (s.complex_id, s.object) == (event.actor, event.object)]
        if any(event.time_s <= t <= last_s for t in fired) or _is_over(record, event, last_s):
            continue
        text = f"held for the partner and did not fire by its own last safe launch at {last_s:.0f} s"
        found.append(_violation("no-outside-veto", record, event.actor, event.object, event.time_s, text))
    return tuple(found)


def is_plan_hold(event: Event) -> bool:
    """Whether an event is a hold for the partner under the joint plan, and not one that the own rules ask for."""
    return event.kind == "held" and event.text.startswith(REASONS["partner"])


def _is_over(record: RunRecord, held: Event, last_s: float) -> bool:
    """Whether by a time the object was gone, or the holder's own sensors had said so."""
    if any(fate.object == held.object and fate.end_s <= last_s for fate in record.fates):
        return True
    said = (e for e in record.events if (e.kind, e.actor, e.object) == ("assessed", held.actor, held.object))
    return any(e.time_s <= last_s and e.text == "assessed as killed" for e in said)


# --- orders and consent ---------------------------------------------------------------------------------------


def record_types_that_order() -> tuple[str, ...]:
    """Return the types of record that may pass between nodes and would be an order, a question or a task; none."""
    commands = (Order, Ask, Task, OperatorAction)
    return tuple(t.__name__ for t in get_args(Record) if issubclass(t, commands))


def people_of(arrangement: Arrangement, complex_id: str) -> frozenset[str]:
    """Return everybody whom a complex' own rules ask: roles of its steps, their deputies, the host."""
    names: set[str] = set()
    for consent in arrangement.consents:
        if consent.complex_id == complex_id:
            for step in (*consent.steps, *consent.outside_steps):
                names.update(step.roles)
            names.update(wait.to_role for wait in consent.waits if wait.to_role)
    return frozenset(names)


def orders_from_outside(record: RunRecord, arrangement: Arrangement) -> tuple[Violation, ...]:
    """Return releases on the word of somebody whom the complex' own rules do not ask, and types that are orders."""
    types = record_types_that_order()
    found = [_violation("no-cross-command", record, "", -1, 0.0, f"{t} passes between nodes") for t in types]
    for item in _released(record):
        strangers = _names(item.by_role) - people_of(arrangement, item.complex_id)
        if strangers:
            text = f"released on the word of {', '.join(sorted(strangers))}, whom no rule of {item.complex_id} asks"
            found.append(_violation("no-cross-command", record, item.complex_id, item.object, item.released_s, text))
    return tuple(found)


def fired_without_a_yes(record: RunRecord, arrangement: Arrangement) -> tuple[Violation, ...]:
    """Return releases for which nobody said yes, unless a wait that engages let silence fire."""
    by_silence = {
        consent.complex_id for consent in arrangement.consents if any(wait.then == "engage" for wait in consent.waits)
    }
    said = {(e.actor, e.object, e.other) for e in record.events if e.kind == "answered" and e.text.endswith("yes")}
    found = []
    for item in _released(record):
        silent = {r for r in _names(item.by_role) if (item.complex_id, item.object, r) not in said}
        if (silent or not item.by_role) and item.complex_id not in by_silence:
            text = f"released, and {', '.join(sorted(silent)) or 'nobody'} had said yes"
            found.append(
                _violation(
                    "nothing-by-silence-unless-said", record, item.complex_id, item.object, item.released_s, text
                )
            )
    return tuple(found)


def _released(record: RunRecord) -> list[Engagement]:
    return [item for item in record.engagements if math.isfinite(item.released_s)]


def _names(by_role: str) -> frozenset[str]:
    return frozenset(name.strip() for name in by_role.split(",") if name.strip())


# --- loss, provenance, two shooters ---------------------------------------------------------------------------


def lost_with_the_link(linked: RunRecord, cut: RunRecord) -> tuple[Violation, ...]:
    """Return engagements that wait for a consent once the link is cut and did not before."""
    had = {(e.complex_id, e.object) for e in _released(linked)}
    found = []
    for item in cut.engagements:
        if (item.complex_id, item.object) in had and item.reason in ("consent", "withheld"):
            text = "was released with the link and waits for a consent without it"
            found.append(_violation("centre-loss-safe", cut, item.complex_id, item.object, item.last_close_s, text))
    return tuple(found)


def untraced(record: RunRecord) -> tuple[Violation, ...]:
    """Return records that came without a sender."""
    return tuple(
        _violation("provenance-kept", record, e.actor, e.object, e.time_s, "came from nobody")
        for e in record.events
        if e.kind == "received" and (not e.other or e.text.rstrip().endswith("from"))
    )


def undetected_pairs(record: RunRecord, arrangement: Arrangement) -> tuple[Violation, ...]:
    """Return objects at which a complex fired not knowing that another had, although rules have it told of that.

    News still under way when the second one fires is no violation: both proceed then.
    """
    told = {r.receiver for r in arrangement.sharing if r.product == "engagement-intention"}
    found = []
    for i in sorted({shot.object for shot in record.shots}):
        first: dict[str, float] = {}
        for shot in record.shots:
            if shot.object == i:
                first[shot.complex_id] = min(first.get(shot.complex_id, math.inf), shot.launch_s)
        in_order = sorted(first, key=lambda c: (first[c], c))
        for earlier, later in pairwise(in_order):
            if later in told and _should_know(record, i, earlier, later, first[later]):
                text = f"fired without a word of {earlier}'s shot, which had been told of and never came"
                found.append(_violation("double-engagement-detected", record, later, i, first[later], text))
    return tuple(found)


def _should_know(record: RunRecord, i: int, earlier: str, later: str, at_s: float) -> bool:
    """Whether an intention of one complex was let out long enough before and yet never came."""
    word = f"engagement-intention from {earlier}"
    sent = [
        e.time_s + e.value
        for e in record.events
        if (e.kind, e.actor, e.object, e.text) == ("shared", earlier, i, "engagement-intention")
    ]
    came = any(e.kind == "received" and e.actor == later and e.object == i and e.text == word for e in record.events)
    return any(t + 60.0 < at_s for t in sent) and not came


def _violation(name: str, record: RunRecord, complex_id: str, i: int, time_s: float, text: str) -> Violation:
    return Violation(name, record.arrangement, record.conduct, complex_id, i, time_s, text)


def _times(shots: tuple[tuple[float, int], ...]) -> str:
    return ", ".join(f"at {launch_s:.1f} s" for launch_s, _ in shots) or "nothing"
