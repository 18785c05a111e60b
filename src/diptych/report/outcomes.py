"""Say in a sentence or two why one arrangement stopped a missile and another did not.

The words come from the story's times and reasons: `headline` is what happened, `because` is why, measured against
the yardstick where that explains more.  Times are minutes and seconds after the object's launch.
"""

from math import inf, isfinite

from diptych.model.decision import REASONS
from diptych.model.record import Engagement, Shot
from diptych.report.phrases import capital, clock, count, listed, rule
from diptych.report.story import FORBIDDEN, NOT_OURS, Band, Story

_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")


def ordinal(index: int) -> str:
    """Return `first` for 0 and so on."""
    return _ORDINALS[index] if 0 <= index < len(_ORDINALS) else f"{index + 1}th"


def headline(band: Band, story: Story) -> str:
    """Return the outcome in a few words."""
    if band.fate.is_killed:
        hits = [s for s in band.shots if s.outcome == "hit"]
        return f"Hit on the {ordinal(hits[0].ordinal)} shot" if hits else "Stopped"
    place = story.aim if band.fate.impact_state == story.aim_state else band.fate.impact_state or "the sea"
    if band.shots:
        return f"Impact: {place}"
    return f"Impact, no shot: {place}"


def first_firm(band: Band) -> float:
    """Return when the first complex of a band had a firm track; infinity if none had."""
    return min((lane.firm_s for lane in band.lanes), default=inf)


def first_release(band: Band) -> float:
    """Return when the first shot of a band was released; infinity if none was."""
    return min((e.released_s for e in band.engagements), default=inf)


def _title(band: Band, complex_id: str) -> str:
    """Return the title of a complex of this band, or its id."""
    return next((lane.title for lane in band.lanes if lane.id == complex_id), complex_id)


def _against_yardstick(band: Band, other: Band | None) -> str:
    """Return how much earlier or later the first release came than under the yardstick, empty below five seconds."""
    if other is None or other.arrangement == band.arrangement:
        return ""
    ours, theirs = first_release(band), first_release(other)
    if not isfinite(ours) or not isfinite(theirs) or abs(ours - theirs) < 5.0:
        return ""
    way = "earlier" if ours < theirs else "later"
    said = f"Released {clock(abs(ours - theirs))} {way} than under {other.title}"
    firm, theirs_firm = first_firm(band), first_firm(other)
    if isfinite(firm) and isfinite(theirs_firm) and abs(firm - theirs_firm) >= 5.0:
        cued = any(e.kind == "cued" and "from " in e.text for e in band.rows)
        track_way = "earlier" if firm < theirs_firm else "later"
        after = " after a cue from the partner" if cued else ""
        said += f"; the track was firm {clock(abs(firm - theirs_firm))} {track_way}{after}"
    return f"{said}."


def _release_sentence(band: Band, story: Story) -> str:
    """Return who released the first shot, when, and how much of the window was left."""
    released = [e for e in band.engagements if isfinite(e.released_s)]
    if not released:
        return ""
    first = min(released, key=lambda e: e.released_s)
    said = f"{_title(band, first.complex_id)} released at {clock(first.released_s - story.launch_s)}"
    left = first.last_close_s - first.released_s
    if isfinite(left):
        said += (
            f", {clock(left)} before its window closed" if left >= 0 else f", {clock(-left)} after its window closed"
        )
    return f"{said}."


def _shots_sentence(band: Band, story: Story) -> str:
    """Return what became of the attempts, in order, and how many shots were wasted."""
    tried = sorted((s for s in band.shots if s.ordinal >= 0), key=lambda s: s.ordinal)
    wasted = sum(s.outcome == "wasted" for s in band.shots)
    said = ""
    if tried:
        misses = sum(s.outcome == "miss" for s in tried)
        if not misses:
            said = "The first shot hit."
        elif misses == len(tried):
            said = "The only shot missed." if misses == 1 else f"All {count(misses, 'shot')} missed."
            said += _why_no_more(band, tried[-1], story.launch_s)
        else:
            said = f"{capital(count(misses, 'miss', 'misses'))}, then a hit."
    if wasted:
        said = f"{said} {capital(count(wasted, 'shot'))} wasted on it after it was gone.".strip()
    return said


def _why_no_more(band: Band, last: Shot, launch_s: float) -> str:
    """Return why no shot followed the last miss: it was taken for a kill, or the window had closed; else empty."""
    believed = [e for e in band.rows if e.kind == "assessed" and "killed" in e.text]
    fooled = [e.time_s for e in believed if e.time_s >= last.intercept_s]
    if fooled:
        return f" The miss was taken for a kill at {clock(fooled[0] - launch_s)}, so nobody fired again."
    closes = [e.last_close_s for e in band.engagements if e.complex_id == last.complex_id and isfinite(e.last_close_s)]
    if not closes or last.intercept_s <= closes[0]:
        return ""
    return f" By then its window had been closed for {clock(last.intercept_s - closes[0])}: no time for another."


def reason_sentence(engagement: Engagement, band: Band, story: Story) -> str:
    """Return why a complex that had a firm track did not fire, with the time that decided it."""
    who = _title(band, engagement.complex_id)
    why = REASONS.get(engagement.reason, engagement.reason)
    said = f"{who}: {why}"
    if engagement.reason in ("consent", "late", "withheld", "outside-rules") and isfinite(engagement.last_close_s):
        said += (
            f" at {clock(engagement.last_close_s - story.launch_s)}"
            if engagement.reason == "late"
            else (f"; the window closed at {clock(engagement.last_close_s - story.launch_s)}")
        )
    elif engagement.reason == "no-track" and isfinite(engagement.confirmed_s):
        said += f" (firm at {clock(engagement.confirmed_s - story.launch_s)})"
    if engagement.rule and engagement.reason in FORBIDDEN:
        said += f" ({rule(engagement.rule, engagement.by_role)})"
    return f"{said}."


def _why_not(band: Band, story: Story) -> list[str]:
    """Return the reasons of the complexes that did not fire, the one that mattered most first, at most two."""
    silent = [e for e in band.engagements if not isfinite(e.released_s) and e.reason not in ("released", "done", "")]
    drawn = {lane.id for lane in band.lanes}
    silent = [e for e in silent if e.complex_id in drawn] or silent
    silent.sort(key=lambda e: (e.reason in NOT_OURS, e.reason == "no-track", e.complex_id))
    said: list[str] = []
    for engagement in silent:
        sentence = reason_sentence(engagement, band, story)
        if sentence not in said:
            said.append(sentence)
    return said[:2]


def because(band: Band, story: Story, against: Band | None) -> str:
    """Return one to three sentences on what decided the outcome of a band."""
    parts = [_release_sentence(band, story), _shots_sentence(band, story), _against_yardstick(band, against)]
    if not band.shots:
        parts += _why_not(band, story)
    if not any(parts):
        seen = any(isfinite(lane.firm_s) for lane in band.lanes)
        parts = ["Seen, but nobody could act." if seen else "Nobody had a firm track of it."]
    return " ".join(part for part in parts if part)


def story_title(story: Story) -> str:
    """Return the finding of a strip: where it was stopped and where not."""
    name = f"The missile to {story.aim}" if story.name == story.aim else f"{story.name}"
    stopped = [b.title for b in story.bands if b.fate.is_killed]
    total = len(story.bands)
    if not stopped:
        return f"{name}: let through under {'every' if total > 1 else 'the'} arrangement"
    if len(stopped) == total:
        return f"{name}: stopped under {'every' if total > 1 else 'the'} arrangement"
    if len(stopped) <= 3:
        return f"{name}: stopped under {listed(stopped)}, let through under the other {total - len(stopped)}"
    through = [b.title for b in story.bands if not b.fate.is_killed]
    if len(through) <= 3:
        return f"{name}: let through under {listed(through)}, stopped under the other {len(stopped)}"
    return f"{name}: stopped under {len(stopped)} of {total} arrangements"


def luck(story: Story) -> str:
    """Return what chance held for each attempt, over all arrangements that made it."""
    by_ordinal: dict[int, list[str]] = {}
    for band in story.bands:
        for shot in band.shots:
            if shot.ordinal >= 0:
                by_ordinal.setdefault(shot.ordinal, []).append(shot.outcome)
    parts = []
    for index in sorted(by_ordinal):
        results = by_ordinal[index]
        hits = results.count("hit")
        where = f"{len(results)} arrangement{'s' if len(results) != 1 else ''}"
        if hits in (0, len(results)):
            parts.append(f"{ordinal(index)} attempt {'hits' if hits else 'misses'} ({where})")
        else:
            parts.append(f"{ordinal(index)} attempt hits in {hits} of {where}, as its interceptor or track was better")
    if not parts:
        return "Nobody fired at it under any arrangement."
    return f"{capital('; '.join(parts))}. Luck belongs to the attempt, not to the shooter."
