"""What happened to one missile under every arrangement, put in order for drawing and for words.

`tell` gathers, from the run records of one replicate, the story of one object: one band for each arrangement with its
lanes (complexes and centres), sightings, messages, acts, decisions, shots and end.  Nothing is drawn here (`strip`
does that) and nothing is computed beyond picking out, so the strip and the table behind it cannot disagree.
"""

from collections.abc import Sequence
from math import inf, isfinite

import msgspec

from diptych.model.arrangement import Arrangement
from diptych.model.record import Engagement, Event, ObjectFate, RunRecord, Shot
from diptych.model.scenario import Missile
from diptych.report.page import ComparisonPage
from diptych.report.phrases import plain_letters, spoken

LANES_AT_MOST = 5
FORBIDDEN = ("rule", "sector", "partner")
NOT_OURS = ("rule", "partner", "responsibility")


class Lane(msgspec.Struct, frozen=True):
    """One line of a band: a complex or a centre, the look of its marks, and when it came to know of the object."""

    id: str
    title: str
    look: str
    is_centre: bool
    warned_s: float = inf
    seen_s: float = inf
    firm_s: float = inf


class Message(msgspec.Struct, frozen=True):
    """The first message of its product between two lanes, and how many followed."""

    product: str
    sender: str
    receiver: str
    sent_s: float
    received_s: float
    more: int


class Act(msgspec.Struct, frozen=True):
    """An act on the path: whose lane, what was asked of which role, from when to when, and the answer."""

    lane: str
    role: str
    title: str
    start_s: float
    end_s: float
    answer: str


class Band(msgspec.Struct, frozen=True):
    """The story of one object under one arrangement."""

    arrangement: str
    title: str
    lanes: tuple[Lane, ...]
    left_out: int
    messages: tuple[Message, ...]
    acts: tuple[Act, ...]
    engagements: tuple[Engagement, ...]
    shots: tuple[Shot, ...]
    fate: ObjectFate
    given_up_s: float
    given_up_by: Engagement | None
    rows: tuple[Event, ...]


class Story(msgspec.Struct, frozen=True):
    """One object: its identity, the axis, the physical window over all arrangements, and a band for each."""

    object: int
    name: str
    aim: str
    aim_state: str
    party: str
    class_title: str
    launch_s: float
    burnout_s: float
    impact_s: float
    apogee_m: float
    open_s: float
    close_s: float
    bands: tuple[Band, ...]


def look_of(parties: tuple[str, ...], served: tuple[str, ...]) -> str:
    """Return the look of an actor: `p0`, `p1`, ... for the party it serves, `pj` for several."""
    if len(served) == 1 and served[0] in parties:
        return f"p{parties.index(served[0])}"
    return "pj"


def _lanes(
    arrangement: Arrangement, parties: tuple[str, ...], object_: int, record: RunRecord, end_s: float
) -> tuple[tuple[Lane, ...], int]:
    """Return the lanes that had to do with the object, first party's first and centres between, and how many more."""
    engaged = {e.complex_id: e for e in record.engagements if e.object == object_}
    events = [e for e in record.events if e.object == object_]
    speaking = {e.actor for e in events if e.kind in ("shared", "received")}
    speaking |= {e.other for e in events if e.kind in ("shared", "received")}
    rows: list[tuple[int, float, Lane]] = []
    for one in arrangement.complexes:
        found = engaged.get(one.id)
        seen = min((e.time_s for e in events if e.kind == "detected" and one.id in (e.other, e.actor)), default=inf)
        warned = found.warned_s if found is not None else inf
        firm = found.confirmed_s if found is not None else inf
        if not any(isfinite(t) and t <= end_s for t in (seen, warned, firm)) and one.id not in speaking:
            continue
        look = look_of(parties, one.parties)
        side = 0 if look == "p0" else 1 if look == "pj" else 3
        shots = sum(s.object == object_ and s.complex_id == one.id for s in record.shots)
        released = found.released_s if found is not None else inf
        rank = -shots * 1e6 + min(released, firm + 1e4, warned + 1e5, 1e6)
        lane = Lane(one.id, one.title, look, is_centre=False, warned_s=warned, seen_s=seen, firm_s=firm)
        rows.append((side, rank, lane))
    rows += [(2, 0.0, Lane(c.id, c.title, "pj", is_centre=True)) for c in arrangement.centres if c.id in speaking]
    kept = sorted(rows, key=lambda r: r[1])[:LANES_AT_MOST] if len(rows) > LANES_AT_MOST else rows
    if len(rows) > LANES_AT_MOST:  # no party may vanish because another has many complexes
        for side in (0, 3):
            of_side = [r for r in rows if r[0] == side]
            if of_side and not any(r[0] == side for r in kept):
                kept = [*kept[:-1], min(of_side, key=lambda r: r[1])]
    order = sorted(kept, key=lambda r: (r[0], r[1]))
    return tuple(lane for _, _, lane in order), len(rows) - len(order)


def _messages(events: list[Event], lanes: set[str]) -> tuple[Message, ...]:
    """Return the first message of every (product, sender, receiver) between lanes that are drawn."""
    first: dict[tuple[str, str, str], Message] = {}
    kinds = {e.kind for e in events}
    for event in events:
        if event.kind == "shared":
            sender, receiver, sent, got = event.actor, event.other, event.time_s, event.time_s + event.value
        elif event.kind == "received" and "shared" not in kinds:
            sender, receiver, sent, got = event.other, event.actor, event.time_s - event.value, event.time_s
        else:
            continue
        if sender not in lanes or receiver not in lanes or not isfinite(got):
            continue
        key = (event.text, sender, receiver)
        known = first.get(key)
        first[key] = (
            Message(event.text, sender, receiver, sent, got, 0)
            if known is None
            else msgspec.structs.replace(known, more=known.more + 1)
        )
    return tuple(sorted(first.values(), key=lambda m: (m.sent_s, m.sender, m.receiver, m.product)))


def _acts(events: list[Event], lanes: set[str]) -> tuple[Act, ...]:
    """Return the acts on the path: each ask with the answer that came to it, or without one (end at infinity)."""
    acts = []
    open_asks: dict[tuple[str, str, str], float] = {}
    for event in events:
        if event.actor not in lanes:
            continue
        if event.kind == "asked":
            open_asks[(event.actor, event.other, event.text)] = event.time_s
        elif event.kind == "answered":
            title, _, answer = event.text.partition(":")
            start_s = open_asks.pop((event.actor, event.other, title), None)
            if start_s is not None:
                acts.append(Act(event.actor, event.other, title, start_s, event.time_s, answer.strip()))
    acts += [Act(lane, role, title, start_s, inf, "no answer") for (lane, role, title), start_s in open_asks.items()]
    return tuple(sorted(acts, key=lambda a: (a.start_s, a.end_s, a.role)))


def _given_up(engagements: tuple[Engagement, ...], events: list[Event]) -> tuple[float, Engagement | None]:
    """Return when and by whom the shot was forgone, for an object that nobody fired at; infinity and None if never."""
    could = [e for e in engagements if not isfinite(e.released_s) and isfinite(e.confirmed_s)]
    could.sort(key=lambda e: (e.reason in NOT_OURS, not isfinite(e.last_close_s), e.complex_id))
    if not could:
        return inf, None
    who = could[0]
    said = [e.time_s for e in events if e.kind in ("held", "forgone") and e.actor == who.complex_id]
    times = [t for t in (said[-1] if said else inf, who.last_close_s, who.evaluated_s, who.confirmed_s) if isfinite(t)]
    return times[0], who


def _rows(events: list[Event]) -> tuple[Event, ...]:
    """Return the events for the table, in time order: one row for each kind of message, one for all cues of a moment.

    What was shared stands once, when it was sent; the text of a cue row counts the radars.
    """
    seen: set[tuple[str, str, str, str]] = set()
    cues: dict[tuple[float, str, str], list[str]] = {}
    rows: list[Event] = []
    has_shared = any(e.kind == "shared" for e in events)
    for event in events:
        if event.kind == "cued":
            key = (event.time_s, event.actor, event.text)
            if key not in cues:
                rows.append(event)
            cues.setdefault(key, []).append(event.other)
            continue
        if event.kind == "received" and has_shared:
            continue
        message = (event.kind, event.actor, event.other, event.text)
        if event.kind in ("shared", "received", "detected") and message in seen:
            continue
        seen.add(message)
        rows.append(event)
    return tuple(_with_cues(row, cues) if row.kind == "cued" else row for row in rows)


def _with_cues(row: Event, cues: dict[tuple[float, str, str], list[str]]) -> Event:
    """Return a cue row that names its radars."""
    return msgspec.structs.replace(row, other=", ".join(cues[(row.time_s, row.actor, row.text)]))


def _band(page: ComparisonPage, label: str, arrangement: Arrangement, record: RunRecord, object_: int) -> Band:
    """Gather one band; see `Band`."""
    parties = tuple(p.id for p in page.scenario.parties)
    fate = next(f for f in record.fates if f.object == object_)
    events = sorted((e for e in record.events if e.object == object_), key=lambda e: e.time_s)
    engagements = tuple(e for e in record.engagements if e.object == object_)
    shots = tuple(sorted((s for s in record.shots if s.object == object_), key=lambda s: (s.launch_s, s.intercept_s)))
    lanes, left_out = _lanes(arrangement, parties, object_, record, fate.end_s)
    drawn = {lane.id for lane in lanes}
    given_up_s, given_up_by = (inf, None) if shots or fate.is_killed else _given_up(engagements, events)
    return Band(
        arrangement=label,
        title=spoken(label),
        lanes=lanes,
        left_out=left_out,
        messages=_messages(events, drawn),
        acts=_acts(events, drawn),
        engagements=engagements,
        shots=shots,
        fate=fate,
        given_up_s=given_up_s,
        given_up_by=given_up_by,
        rows=_rows(events),
    )


def told(page: ComparisonPage) -> tuple[tuple[str, Arrangement], ...]:
    """Return (label, arrangement) of what there is a record to tell from, in report order; without the baseline.

    A label is an arrangement's id, with `@conduct` behind it where a partner does not cooperate.
    """
    known = {a.id: a for a in page.scenario.arrangements}
    pairs = ((label, known.get(label.partition("@")[0])) for label in page.comparison.arrangements)
    return tuple((label, a) for label, a in pairs if a is not None and label in page.story and not a.is_baseline)


def tell(page: ComparisonPage, object_: int) -> Story:
    """Return the story of one object of the raid under every arrangement that has a record.

    The window is the union over arrangements and complexes: launch times in which somebody's shot could physically
    work, as first evaluated; (inf, -inf) when nobody ever had one.
    """
    missile = page.scenario.raid[object_]
    flight = next(f for f in page.flights if f.object == object_)
    bands = tuple(_band(page, label, a, page.story[label], object_) for label, a in told(page))
    windows = [e for band in bands for e in band.engagements if isfinite(e.first_open_s) and isfinite(e.last_close_s)]
    classes = {c.id: c.title for c in page.scenario.threat_classes}
    return Story(
        object=object_,
        name=missile_name(missile),
        aim=missile.aim.name,
        aim_state=missile.aim_state,
        party=page.scenario.party_of(missile.aim_state) or "",
        class_title=classes.get(missile.class_id, missile.class_id),
        launch_s=flight.launch_s,
        burnout_s=flight.burnout_s,
        impact_s=flight.impact_s,
        apogee_m=flight.apogee_m,
        open_s=min((e.first_open_s for e in windows), default=inf),
        close_s=max((e.last_close_s for e in windows), default=-inf),
        bands=bands,
    )


def missile_name(missile: Missile) -> str:
    """Return what a missile is called: its aim point, and its id too where that says more."""
    ident, aim = plain_letters(missile.id), plain_letters(missile.aim.name)
    return missile.aim.name if aim.startswith(ident) else f"{missile.id} {missile.aim.name}"


def twin_of(band: Band, before: Sequence[Band]) -> Band | None:
    """Return the first of the bands before that tells the same events at the same times, or None."""
    for other in before:
        if _told_by(other) == _told_by(band):
            return other
    return None


def _told_by(band: Band) -> tuple[object, ...]:
    """Return what a band draws, without its name and the names of rules and roles."""
    times = tuple(
        (e.complex_id, e.warned_s, e.confirmed_s, e.released_s, e.granted_s, e.reason) for e in band.engagements
    )
    spans = tuple((a.lane, a.title, a.start_s, a.end_s) for a in band.acts)
    return band.lanes, band.messages, spans, times, band.shots, band.fate


def contrast(story: Story) -> tuple[float, float]:
    """Return how much arrangements differ over an object: how evenly they split on its fate, then spread of releases.

    The first figure is at most 1/4 (half stopped it, half did not); the second is in seconds.
    """
    if not story.bands:
        return 0.0, 0.0
    share = sum(b.fate.is_killed for b in story.bands) / len(story.bands)
    times = [e.released_s for b in story.bands for e in b.engagements if isfinite(e.released_s)]
    return share * (1.0 - share), max(times) - min(times) if times else 0.0


def most_telling(stories: tuple[Story, ...]) -> int:
    """Return the place in `stories` of the object over which the arrangements differ most; the first of equals."""
    return max(range(len(stories)), key=lambda i: (contrast(stories[i]), -i)) if stories else 0
