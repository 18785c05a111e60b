"""The run's journal: every event with its reason, in the words of people; kept only when a story is wanted."""

import math

from diptych.evaluation.classify import LaunchEstimate, classify, said
from diptych.model.messages import (
    Alert,
    Ask,
    Assessed,
    Input,
    LaunchSeen,
    OperatorAction,
    Order,
    Received,
    Share,
    Wake,
)
from diptych.model.record import Event
from diptych.model.scenario import Notice
from diptych.node.share import product_of
from diptych.node.state import Case
from diptych.sim.prepare import Prepared

_ALERT_KINDS = {
    "confirmed": "confirmed",
    "contradicted": "contradicted",
    "distrusted": "distrusted",
    "forgone": "forgone",
    "held": "held",
    "outside-rules": "outside-rules",
    "fires-by-silence": "answered",
}


class Journal:
    """Collects events in the order they happen; does nothing when `is_kept` is false."""

    def __init__(self, prepared: Prepared, is_kept: bool) -> None:
        self._scenario = prepared.scenario
        self._territory = prepared.territory
        self._is_kept = is_kept
        self._events: list[Event] = []

    def events(self) -> tuple[Event, ...]:
        """Return all events so far, in time order (equal times keep the order they happened in)."""
        return tuple(sorted(self._events, key=lambda e: e.time_s))

    def note(
        self, time_s: float, kind: str, actor: str, i: int, other: str, text: str, value: float = math.nan
    ) -> None:
        """Write one event."""
        if self._is_kept:
            known = i if i < len(self._scenario.raid) else -1  # an object that a partner has invented
            self._events.append(Event(time_s, kind, actor, known, other, text, value))

    def arrived(self, time_s: float, node: str, item: Input) -> None:
        """Write what a node was told by its sensors, people, partner or shots."""
        if not self._is_kept:
            return
        match item:
            case LaunchSeen():
                self.note(time_s, "warned", node, item.object, "", "own space warning saw the launch")
            case OperatorAction():
                self.note(time_s, "answered", node, item.object, item.role, f"{item.act}: {item.answer}")
            case Received():
                self.received(time_s, node, item)
            case Assessed():
                text = "assessed as killed" if item.is_killed else "assessed as missed"
                self.note(time_s, "assessed", node, item.object, "", text, item.attempt_s)
            case Wake():
                pass

    def received(self, time_s: float, node: str, item: Received) -> None:
        """Write what came from another node, with when it was sent as the value."""
        if self._is_kept:
            origin = item.provenance.via[-1] if item.provenance.via else item.provenance.sender
            text = f"{product_of(item.record)} from {item.provenance.sender}"
            self.note(time_s, "received", node, item.record.object, origin, text, item.provenance.sent_s)

    def shared(self, time_s: float, node: str, share: Share, delay_s: float) -> None:
        """Write what a node let out, with the time it takes as the value."""
        if self._is_kept:
            self.note(time_s, "shared", node, share.record.object, share.to, share.product, delay_s)

    def cued(self, time_s: float, node: str, i: int, radar: int, reason: str, start_s: float) -> None:
        """Write that a radar was pointed so that it finds an object, with its first look there as the value."""
        if self._is_kept:
            self.note(time_s, "cued", node, i, self._scenario.radars[radar].id, f"cued on {reason}", start_s)

    def asked(self, time_s: float, node: str, ask: Ask, delay_s: float) -> None:
        """Write a question, with the time the answer takes as the value (inf: never)."""
        if self._is_kept:
            self.note(time_s, "asked", node, ask.object, ask.role, ask.act, delay_s)

    def alert(self, time_s: float, node: str, alert: Alert) -> None:
        """Write what people of a complex should see; a decision carries rule, role and seconds left."""
        if not self._is_kept:
            return
        decision = alert.decision
        if decision is None:
            self.note(time_s, _ALERT_KINDS[alert.kind], node, alert.object, "", alert.text)
        else:
            text = f"{alert.text} [{decision.rule}; knew: {'; '.join(decision.inputs)}]"
            kind = _ALERT_KINDS[alert.kind]
            self.note(time_s, kind, node, alert.object, decision.by_role, text, decision.time_left_s)

    def classified(
        self, time_s: float, node: str, case: Case, warned: LaunchEstimate | None, notices: tuple[Notice, ...]
    ) -> None:
        """Write what a complex takes an object for when it can first say where it will come down."""
        if not self._is_kept or case.own is None or not case.own.evaluation.time_s.size:
            return
        held = case.own.evaluation
        lat, lon = held.impact_rad[0].tolist()
        major, minor, azimuth = held.ellipse_m[0].tolist()
        found = classify(
            held.state_ecef[0],
            held.cov_ecef[0],
            float(held.time_s[0]),
            (lat, lon),
            (major, minor, azimuth),
            held.states[0],
            self._territory,
            warned,
            notices,
        )
        if found is not None:
            self.note(time_s, "classified", node, case.object, "", said(found), found.range_m)

    def doubled(self, time_s: float, node: str, i: int, other: str, case: Case) -> None:
        """Write that a complex fires at an object while another one's shot is under way, and whether it knew."""
        is_known = any(claimant == other for claimant, _ in case.claims)
        known = f"word of it from {other} had come" if is_known else f"no word of it from {other} had come"
        self.note(time_s, "double-engagement", node, i, other, f"a shot of {other} is under way; {known}")

    def fired(self, time_s: float, node: str, order: Order) -> None:
        """Write a release with its decision, and the launch of the interceptors with the planned meeting time."""
        if not self._is_kept:
            return
        decision = order.decision
        text = f"released [{decision.rule}; knew: {'; '.join(decision.inputs)}]"
        self.note(time_s, "released", node, order.object, decision.by_role, text, decision.time_left_s)
        battery = self._scenario.batteries[order.battery].id
        text = f"{order.shots} from {battery}"
        self.note(time_s, "interceptor-launch", node, order.object, battery, text, order.intercept_s)
