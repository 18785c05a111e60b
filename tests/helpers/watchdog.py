"""Keeps an account of its own of a model run: who was asked and said what, who may be told what, what may be fired.

Nothing here calls the engine: votes, silence, territory, sectors, grids and ways of a record are worked out again from
the arrangement's text, plainly and slowly. What does not agree is noted as (property, what happened).
"""

import math
from collections import defaultdict
from itertools import pairwise
from typing import Any

from diptych.model.arrangement import Arrangement, Consent, Step
from diptych.model.decision import REASONS
from diptych.model.messages import (
    Assessed,
    ImpactPrediction,
    Intention,
    KillReport,
    LaunchDetection,
    OperatorAction,
    OwnTrack,
    Received,
    SharedTrack,
)
from diptych.sim.events import Entry
from tests.helpers.model_world import PLACES, World

PRODUCT_OF = {
    LaunchDetection: "launch-detection",
    SharedTrack: "track",
    ImpactPrediction: "impact-prediction",
    Intention: "engagement-intention",
    KillReport: "kill-assessment",
}
_EDGE_RAD = 0.4
"""Where the west ends, see `random_arrangements.WEST`."""


class Watchdog:
    """See the module; `found` are the violations, `leaks` records that reached somebody who has no part in a centre."""

    def __init__(self, world: World, arrangement: Arrangement) -> None:
        self.world = world
        self.arrangement = arrangement
        self.found: list[tuple[str, str]] = []
        self.leaks: list[str] = []
        self.said: dict[tuple[str, int], dict[tuple[str, str], str]] = defaultdict(dict)
        self.asked_s: dict[tuple[str, int, str, str], float] = {}
        self.killed: set[tuple[str, int]] = set()
        self.claimed: set[tuple[str, int]] = set()
        self.under_way: dict[tuple[str, int], str] = {}
        self.spent: dict[int, int] = defaultdict(int)
        self.parties = {c.id: set(c.parties) for c in arrangement.complexes}
        self.states = {c.id: set().union(*(world.party_states[p] for p in c.parties)) for c in arrangement.complexes}
        self.staff = {c.id: c.staff for c in arrangement.centres}

    def note(self, name: str, text: str) -> None:
        self.found.append((name, text))

    # --- what comes in ----------------------------------------------------------------------------------------

    def before(self, run: Any, entry: Entry) -> None:
        """See what is about to reach a node."""
        item = entry.item
        if isinstance(item, OperatorAction):
            self.said[entry.node, item.object][item.act, item.role] = item.answer
        elif isinstance(item, Assessed) and item.is_killed:
            self.killed.add((entry.node, item.object))
        elif isinstance(item, Received) and entry.node in self.parties:
            self._came(entry.node, item)

    def _came(self, node: str, item: Received) -> None:
        way = (item.provenance.sender, *item.provenance.via, node)
        product = PRODUCT_OF[type(item.record)]
        if isinstance(item.record, Intention) and not item.record.is_withdrawn:
            self.claimed.add((node, item.record.object))
        if way[0] not in self.parties or any(hop not in self.staff for hop in way[1:-1]):
            self.note("provenance-kept", f"{product} came to {node} by {way}")
        if way[0] == node and product not in ("engagement-intention", "kill-assessment"):
            self.note("provenance-kept", f"{product} of {node} came back to it by {way}")
        for sender, receiver in pairwise(way):
            if not any(
                (r.product, r.sender, r.receiver) == (product, sender, receiver) for r in self.arrangement.sharing
            ):
                self.note("provenance-kept", f"{product} came to {node} by {way}; no rule lets it from {sender}")
        for centre in way[1:-1]:
            if centre in self.staff and not set(self.staff[centre]) & self.parties[node]:
                self.leaks.append(f"{product} of {way[0]} reached {node} through {centre}")

    def asked(self, node: str, question: Any, now_s: float) -> None:
        """See a question."""
        key = (node, question.object, question.act, question.role)
        if key in self.asked_s:
            self.note("every-path-ends", f"{question.role} is asked {question.act} twice about {question.object}")
        self.asked_s[key] = now_s

    # --- what goes out ----------------------------------------------------------------------------------------

    def shared(self, run: Any, node: str, share: Any, now_s: float, onward: Received | None) -> None:
        """See a record that leaves a node."""
        record, to = share.record, share.to
        product = PRODUCT_OF.get(type(record), "")
        if not product or product != share.product:
            self.note("no-cross-command", f"{node} sends a {type(record).__name__} as {share.product}")
        rules = [r for r in self.arrangement.sharing if (r.product, r.sender, r.receiver) == (product, node, to)]
        if not rules:
            self.note("sharing", f"{node} tells {to} a {product} and no rule lets it")
        elif not any(self._is_let(rule, run, node, record, onward) for rule in rules):
            self.note("sharing", f"{node} tells {to} a {product} otherwise than its rule says")

    def _is_let(self, rule: Any, run: Any, node: str, record: Any, onward: Received | None) -> bool:
        if rule.condition != "always" and onward is None:
            staff = [c for c in self.staff.get(rule.receiver, (rule.receiver,)) if c != node]
            if not set().union(*(self.states[c] for c in staff)) & set(run.nodes[node].cases[record.object].states):
                return False
        if isinstance(record, SharedTrack):
            return _is_on_grid(record.state_ecef[:3], max(rule.position_m, record.position_grid_m)) and (
                record.position_grid_m >= rule.position_m
            )
        if isinstance(record, ImpactPrediction):
            return record.position_grid_m >= rule.position_m
        return not isinstance(record, LaunchDetection) or record.grid_m >= rule.position_m

    # --- what is fired ----------------------------------------------------------------------------------------

    def fired(self, run: Any, node: str, order: Any, now_s: float) -> None:
        """See a release."""
        i, state = order.object, run.nodes[node]
        if order.decision.complex_id != node or order.battery not in state.plan.batteries:
            self.note("no-cross-command", f"{node} fires battery {order.battery} for {order.decision.complex_id}")
        self.spent[order.battery] += order.shots
        if order.shots < 1 or self.spent[order.battery] > self.world.magazine or min(state.magazines) < 0:
            self.note("magazine", f"battery {order.battery} has spent {self.spent[order.battery]}")
        if (node, i) in self.killed:
            self.note("kill", f"{node} fires at {i}, which its own sensors saw killed")
        rows = [states for time_s, states in self.world.objects[i].seen[node].rows if time_s <= now_s]
        if not rows or self.world.objects[i].seen[node].confirmed_s > now_s:
            self.note("own-track", f"{node} fires at {i} without a track of its own")
            return
        action = self.action_of(node, set(rows[-1]))
        consent = next((c for c in self.arrangement.consents if (c.complex_id, c.action) == (node, action)), None)
        if consent is None or consent.kind == "forbidden":
            self.note("consent", f"{node} fires at {i} ({action}), which is forbidden")
            return
        if not self.is_responsible(node, i, action):
            self.note("responsibility", f"{node} fires at {i}, which is none of its")
        is_hosted = bool(self.world.hosts[node])
        steps = [s for s in consent.steps if s.act != "host-consent" or is_hosted]
        verdict = self.world.objects[i].verdict
        if consent.under and verdict != "engage":
            if verdict == "hold" or consent.outside != "consult":
                self.note("rules", f"{node} fires at {i} and the rules say {verdict}")
            steps += list(consent.outside_steps)
        is_under_way = self.under_way.get((node, i)) == action
        self.under_way[node, i] = action
        for step in () if is_under_way else steps:  # a no after the first shot at an object stops no second one
            if not self.is_voted(node, i, consent, step, now_s):
                said = {r: self.said[node, i].get((step.act, r), "") for r in step.roles}
                self.note("consent", f"{node} fires at {i} at {now_s:.0f} s without {step.act}: {said}")

    def action_of(self, node: str, touched: set[str]) -> str:
        """Name the action by whose land is touched."""
        if touched & self.states[node]:
            return "intercept-over-own"
        others = set().union(*(s for p, s in self.world.party_states.items() if p not in self.parties[node]), set())
        return "intercept-over-partner" if touched & others else "intercept-over-third"

    def is_responsible(self, node: str, i: int, action: str) -> bool:
        """Whether an object is a complex' to engage, by the text."""
        duty, what = self.arrangement.responsibility, self.world.objects[i]
        if duty.rule == "own-territory":
            return action == "intercept-over-own"
        if duty.rule != "sector":
            return True
        owner = {}
        for place, (_, lon) in enumerate(PLACES):
            owner[place] = duty.sectors[0].owner if lon < _EDGE_RAD else duty.sectors[1].owner
        if duty.sector_by == "impact" and owner[what.place] != node:
            return False
        return duty.fire_outside or owner[what.meets] == node

    def is_voted(self, node: str, i: int, consent: Consent, step: Step, now_s: float) -> bool:
        """Whether a step has its votes: a no is a no, silence a yes only where a wait has said so and run out."""
        votes = step.weights or (1,) * len(step.roles)
        yes = sum(v for role, v in zip(step.roles, votes, strict=True) if self._agrees(node, i, step.act, role, now_s))
        if yes >= step.need:
            return True
        said = self.said[node, i]
        left = sum(v for role, v in zip(step.roles, votes, strict=True) if said.get((step.act, role)) != "no")
        deputies = [w.to_role for w in consent.waits if w.act == step.act and w.then == "pass-to"]
        yes += sum(self._agrees(node, i, step.act, role, now_s) for role in deputies)
        return left >= step.need and yes >= step.need

    def _agrees(self, node: str, i: int, act: str, role: str, now_s: float) -> bool:
        said = self.said[node, i].get((act, role))
        return said == "yes" or (said is None and self._by_silence(node, i, act, now_s))

    def _by_silence(self, node: str, i: int, act: str, now_s: float) -> bool:
        first_s = min((t for (n, k, a, _), t in self.asked_s.items() if (n, k, a) == (node, i, act)), default=math.inf)
        for consent in self.arrangement.consents:
            after_s = first_s
            for wait in consent.waits if consent.complex_id == node else ():
                if wait.act != act or wait.after_s is None or wait.then == "hold":
                    break
                after_s += wait.after_s
                if wait.then == "engage" and now_s >= after_s - 1e-6:
                    return True
        return False

    # --- at the end -------------------------------------------------------------------------------------------

    def ended(self, run: Any) -> None:
        """See how a run was left."""
        if not run.has_ended:
            self.note("every-path-ends", "the run goes on and on")
            return
        if self.arrangement.responsibility.overlap != "joint-plan":
            for event in run.journal.events():
                if event.kind == "held" and event.text.startswith(REASONS["partner"]):
                    self.note("no-outside-veto", f"{event.actor} holds for a partner at {event.object} without a plan")
        for node, state in run.nodes.items():
            for battery, left in zip(state.plan.batteries, state.magazines, strict=True):
                if left != self.world.magazine - self.spent[battery]:
                    self.note("magazine", f"battery {battery} has {left} left after {self.spent[battery]} shots")
            for case in state.cases:
                if math.isfinite(case.first_open_s) and not case.is_closed and not isinstance(case.own, OwnTrack):
                    self.note("every-path-ends", f"{node} left {case.object} open")
                held = (
                    case.reason == "partner" and math.isinf(case.released_s) and case.object < len(self.world.objects)
                )
                is_gone = held and run.sky.end_s[case.object] < self.world.objects[case.object].seen[node].close_s
                if held and not is_gone and sum(state.magazines) > 0:
                    self.note("no-outside-veto", f"{node} held for a partner at {case.object} and never fired")


def _is_on_grid(values: tuple[float, ...], step: float) -> bool:
    return step <= 0.0 or all(abs((v / step) % 1.0 - 0.5) < 1e-6 for v in values)
