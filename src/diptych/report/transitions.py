"""The path to release as a transition diagram, drawn from an arrangement's data: for a terminal and as one SVG file.

A state for each step that is asked; down goes a yes, to the right what else can happen: a no, silence and what the
waits say follows it, a case that the agreed rules do not cover. Complexes whose paths are alike share a diagram.
"""

import math
from collections.abc import Mapping, Sequence

import msgspec
from markupsafe import Markup

from diptych.command.actions import HOST
from diptych.command.path import waits_for
from diptych.model.arrangement import Arrangement, Consent, Stage, Step
from diptych.report.page import Assets
from diptych.report.pictures import file_of, wrapped
from diptych.report.svg import described, element, join, text

Ranges = Mapping[str, tuple[float, float]]
_WIDTH, _BOX, _GAP, _LINE = 720.0, 250.0, 26.0, 15.0


class Exit(msgspec.Struct, frozen=True):
    """What else can happen at a state: on what, and where it leads."""

    on: str
    to: str


class State(msgspec.Struct, frozen=True):
    """One step that is asked: the act, who is asked, the time it takes, and the ways out beside a yes."""

    act: str
    who: str
    time_s: float
    range_s: tuple[float, float]
    exits: tuple[Exit, ...]


class Flow(msgspec.Struct, frozen=True):
    """The path of some complexes to one action; `states` is empty where it is forbidden to them."""

    complexes: tuple[str, ...]
    action: str
    kind: str
    states: tuple[State, ...]

    @property
    def total_s(self) -> float:
        """Return how long the path takes if everybody says yes at once."""
        return math.fsum(state.time_s for state in self.states)

    @property
    def total_range_s(self) -> tuple[float, float]:
        """Return the same with all stages at the low and all at the high end of their range."""
        low, high = zip(*(state.range_s for state in self.states), strict=True) if self.states else ((), ())
        return math.fsum(low), math.fsum(high)

    @property
    def name(self) -> str:
        """Return complexes and action in words."""
        ids = self.complexes
        who = ", ".join(ids) if len(ids) <= 3 else f"{', '.join(ids[:2])} and {len(ids) - 2} more"
        return f"{who}: {self.action.replace('-', ' ')} territory"


def flows_of(arrangement: Arrangement, stages: Sequence[Stage], ranges: Ranges) -> tuple[Flow, ...]:
    """Return the paths of an arrangement, complexes that are alike together; what is forbidden is left out."""
    times = {stage.id: stage.time_s for stage in stages}
    same: dict[tuple[str, str, tuple[State, ...]], list[str]] = {}
    for consent in arrangement.consents:
        if consent.kind == "forbidden":
            continue
        own = f"{consent.complex_id}."
        states = tuple(_state(consent, step, times, ranges, own) for step in consent.steps)
        same.setdefault((consent.action, consent.kind, states), []).append(consent.complex_id)
    return tuple(Flow(tuple(ids), action, kind, states) for (action, kind, states), ids in same.items())


def _state(consent: Consent, step: Step, times: Mapping[str, float], ranges: Ranges, own: str) -> State:
    time_s = times.get(step.act, 0.0)
    exits = [Exit("a no" if step.need == sum(_votes(step)) else "too many noes", "hold")]
    exits += _silences(consent, step, own)
    if consent.outside and step.act == "rule-lookup":
        to = "hold"
        if consent.outside == "consult" and consent.outside_steps:
            council = consent.outside_steps[0]
            to = f"{council.act}: {_who(council, own)}, {_seconds(times.get(council.act, 0.0))}"
        exits.append(Exit("a case outside the rules", to))
    return State(step.act, _who(step, own), time_s, ranges.get(step.act, (time_s, time_s)), tuple(exits))


def _votes(step: Step) -> tuple[int, ...]:
    return step.weights or (1,) * len(step.roles)


def _who(step: Step, own: str) -> str:
    if step.act == HOST:
        return "the host, if the battery stands on one's soil"
    roles = [role.removeprefix(own) for role in step.roles]
    if len(roles) == 1:
        return roles[0]
    names = ", ".join(roles) if len(roles) <= 4 else f"{len(roles)} voices"
    votes = sum(_votes(step))
    return f"all of {names}" if step.need == votes else f"{step.need} of {votes} votes of {names}"


def _silences(consent: Consent, step: Step, own: str) -> list[Exit]:
    """Return what follows silence on a step, wait by wait."""
    exits = []
    for place, wait in enumerate(waits_for(consent, step.act)):
        again = "silence" if place == 0 else "still silence"
        length = "to the end of the window" if wait.after_s is None else f"for {wait.after_s:g} s"
        to = f"ask {wait.to_role.removeprefix(own)}" if wait.then == "pass-to" else wait.then
        exits.append(Exit(f"{again} {length}", to))
    return exits


def _seconds(time_s: float) -> str:
    return f"{time_s:.0f} s" if time_s < 7200.0 else f"{time_s / 3600.0:.0f} h"


def _range(state_s: float, range_s: tuple[float, float]) -> str:
    low, high = range_s
    spread = f" ({low:.0f} to {high:.0f})" if low < high else ""
    return f"{_seconds(state_s)}{spread}"


# --- terminal -----------------------------------------------------------------------------------------------


def flow_lines(flow: Flow) -> list[str]:
    """Return one path as lines of plain text: a yes goes down, everything else to the right."""
    lines = [f"{flow.name} ({flow.kind})", "  o  an object is known"]
    for state in flow.states:
        lines.append("  |")
        lines.append(f"  +- {state.act:<16} {state.who:<28} {_range(state.time_s, state.range_s)}")
        lines += [f"  |     {exit_.on} -> {exit_.to}" for exit_ in state.exits]
    return [*lines, "  |", f"  =  permission to fire, after {_range(flow.total_s, flow.total_range_s)}"]


# --- picture ------------------------------------------------------------------------------------------------


def transitions_picture(title: str, flows: Sequence[Flow], notes: Sequence[str], assets: Assets) -> str:
    """Return the paths of an arrangement as the text of an SVG file, one diagram below the other."""
    inner, attributes = described(title, " ".join(["; ".join(flow.name for flow in flows), *notes]), "picture")
    parts = [inner]
    y = 8.0
    for line in wrapped(title, 0.85 * _WIDTH, 19.0):  # bold letters, and fonts that are wider than the estimate
        y += 26.0
        parts.append(text(line, 12.0, y, "title"))
    for flow in flows:
        y += 34.0
        parts.append(text(f"{flow.name} ({flow.kind})", 12.0, y, "strong"))
        y = _draw(flow, y + 14.0, parts)
    y += 10.0
    for note in notes:
        for line in wrapped(note, _WIDTH - 24.0):
            y += 17.0
            parts.append(text(line, 12.0, y, "dim"))
    style = Markup(
        "<style>svg{color:var(--ink)}svg .title{font-size:18px;font-weight:650}"
        "svg .arrow{stroke:currentColor;stroke-width:1.5;fill:none}"
        "svg .box{fill:none;stroke:currentColor;stroke-width:1.4}svg .out{stroke-dasharray:4 3}"
        "svg .head{fill:currentColor}</style>"
    )
    return file_of(style + join(parts), _WIDTH, y + 16.0, assets, attributes)


def _draw(flow: Flow, top: float, parts: list[Markup]) -> float:
    """Draw one path from its start to permission; return where it ends."""
    x, middle = 24.0, 24.0 + _BOX / 2.0
    y = _box(parts, x, top, ("an object is known",), is_round=True)
    for state in flow.states:
        parts.append(_down(middle, y, y + _GAP, "" if state is flow.states[0] else "yes"))
        start = y + _GAP
        who = wrapped(state.who, _BOX - 20.0)
        end = _box(parts, x, start, (state.act, *who, _range(state.time_s, state.range_s)))
        lines = [wrapped(f"{exit_.on}: {exit_.to}", _WIDTH - x - _BOX - 84.0) for exit_ in state.exits]
        out = start + 17.0
        for said in lines:
            parts.append(_right(x + _BOX, x + _BOX + 46.0, out - 4.0))
            parts += [text(line, x + _BOX + 56.0, out + _LINE * i, "t") for i, line in enumerate(said)]
            out += _LINE * len(said) + 4.0
        y = max(end, out - 8.0)
        if y > end:
            parts.append(element("path", class_="arrow", d=f"M{middle:g} {end:g}V{y:g}"))
    parts.append(_down(middle, y, y + _GAP, "yes"))
    total = f"after {_range(flow.total_s, flow.total_range_s)}"
    return _box(parts, x, y + _GAP, ("permission to fire", total), is_round=True)


def _box(parts: list[Markup], x: float, y: float, lines: Sequence[str], *, is_round: bool = False) -> float:
    """Draw a box with centred lines, the first one strong; return its lower edge."""
    height = 14.0 + _LINE * len(lines)
    corner = height / 2.0 if is_round else 4.0
    parts.append(element("rect", class_="box", x=x, y=y, width=_BOX, height=height, rx=corner))
    for i, line in enumerate(lines):
        class_ = "strong" if i == 0 else "t"
        parts.append(text(line, x + _BOX / 2.0, y + 18.0 + _LINE * i, class_, text_anchor="middle"))
    return y + height


def _down(x: float, start: float, end: float, word: str) -> Markup:
    line = element("path", class_="arrow", d=f"M{x:g} {start:g}V{end - 5.0:g}")
    head = element("path", class_="head", d=f"M{x:g} {end:g}l-4-8h8z")
    said = [text(word, x + 8.0, (start + end) / 2.0 + 4.0, "dim")] if word else []
    return join([line, head, *said])


def _right(start: float, end: float, y: float) -> Markup:
    line = element("path", class_="arrow out", d=f"M{start:g} {y:g}H{end - 5.0:g}")
    return join([line, element("path", class_="head", d=f"M{end:g} {y:g}l-8-4v8z")])
