"""One run: the clock that wires nodes to a world, the people and the links between them, and writes the record.

`run` plays one arrangement and one conduct on one replicate. It is a queue of events (sim.events); nodes are woken only
for news, answers, results and alarms they asked for. Everything random is drawn by name (sim.luck), so two
arrangements on one replicate differ only in what the arrangement makes different.
"""

import math
from itertools import groupby

from diptych.evaluation.classify import LaunchEstimate
from diptych.model.arrangement import Arrangement
from diptych.model.conduct import Conduct
from diptych.model.messages import (
    Alert,
    Ask,
    Assessed,
    Input,
    LaunchSeen,
    OperatorAction,
    Order,
    Output,
    OwnTrack,
    Provenance,
    Received,
    Share,
    Task,
    Wake,
    WakeAt,
)
from diptych.model.record import RunRecord
from diptych.node.state import NodeState, Plan, initial_state
from diptych.node.step import step
from diptych.node.tell import touched
from diptych.sensing.cue import Watch, point, watch_of
from diptych.sim.acting import Acting, distrusted
from diptych.sim.conduct import behaviour_of
from diptych.sim.events import BEGINS, Entry, Queue
from diptych.sim.fates import Sky
from diptych.sim.journal import Journal
from diptych.sim.luck import link_time, stage_time
from diptych.sim.planning import Centres, UnderWay
from diptych.sim.plans import engagement_of, plan_of, receiver_states
from diptych.sim.world import World, until

IN_VIEW_S = 20.0
"""A complex sees for itself that an object is gone if its own track was updated within this time before."""


def run(world: World, arrangement: Arrangement, conduct: str | Conduct, keep_events: bool) -> RunRecord:
    """Play one arrangement and one conduct on one replicate and return its record.

    Parameters
    ----------
    conduct : str or Conduct
        A label of the scenario's `behaviours`, or "cooperative"; or a conduct itself.
    keep_events : bool
        Whether the record carries every event with its reason (for stories), or results only (for statistics).
    """
    behaviour = behaviour_of(world.prepared.scenario, conduct)
    game = _Run(world, arrangement, Acting.of(world, arrangement, behaviour), Journal(world.prepared, keep_events))
    game.play()
    return RunRecord(
        arrangement=arrangement.id,
        conduct=conduct if isinstance(conduct, str) else conduct.label,
        replicate=world.luck.replicate,
        truth_digest=world.digest,
        fates=game.sky.fates(),
        engagements=tuple(engagement_of(s, i) for s in game.nodes.values() for i in range(len(world.flights))),
        shots=tuple(game.sky.shots),
        magazines=game.magazines(),
        wakes=game.wakes,
        events=game.journal.events(),
        distrusted=distrusted(game.nodes),
        **({} if game.acting is None else game.acting.record()),
    )


class _Run:
    """The moving parts of one run; lives for one call of `run`."""

    def __init__(self, world: World, arrangement: Arrangement, acting: Acting | None, journal: Journal) -> None:
        self.world = world
        self.scenario = world.prepared.scenario
        self.luck = world.luck
        self.arrangement = arrangement
        self.acting = acting
        self.journal = journal
        self.hashes = world.prepared.object_hash if acting is None else acting.object_hash
        self.queue = Queue(world.luck, self.hashes)
        self.sky = Sky(world, journal)
        self.wakes = 0
        self.stages = {s.id: s for s in self.scenario.stages}
        self.parties = {c.id: c.parties for c in arrangement.complexes}
        self.passing = Centres(arrangement, receiver_states(world.prepared, arrangement, ""))
        self.under_way = UnderWay(journal)
        self.nodes: dict[str, NodeState] = {}
        for own in arrangement.complexes:
            plan = plan_of(world.prepared, arrangement, own, world.foresight)
            stock = tuple(world.ready_count(b) for b in plan.batteries)
            self.nodes[own.id] = initial_state(plan, len(world.flights), stock)
        self.centres = {c.id: c for c in arrangement.centres}
        self.tracks: dict[tuple[str, int], OwnTrack] = {}
        self.watched: dict[str, dict[int, tuple[float, ...]]] = {}
        self.warned: dict[tuple[str, int], LaunchEstimate] = {}
        self.watches: dict[str, Watch] = {}
        self.satellites: dict[str, tuple[str, ...]] = {}
        self.sent: dict[tuple[str, str, str, int], int] = {}

    # --- the clock ------------------------------------------------------------------------------------------

    def play(self) -> None:
        """Run to the end of the queue."""
        for i, flight in enumerate(self.world.flights):
            text = f"launched from {self.scenario.raid[i].launch.name}"
            self.journal.note(flight.launch_s, "launch", "", i, "", text)
            self.queue.push(flight.impact_s, "impact", "", i, None)
        for node, state in self.nodes.items():
            self.watch(node, state.plan)
        if self.acting is not None:
            self.happened("first-launch", min(flight.launch_s for flight in self.world.flights))
        while self.queue:
            self.take(self.queue.pop())

    def take(self, entry: Entry) -> None:
        """Let one event happen."""
        if self.acting is not None and self.acting.is_stopped(entry):
            return
        if entry.kind == BEGINS:
            self.begin(entry.time_s)
        elif entry.node in self.centres:
            assert isinstance(entry.item, Received)
            self.wakes += 1
            self.journal.received(entry.time_s, entry.node, entry.item)
            for output in self.passing.passed_on(entry.node, entry.item):
                self.send(entry.node, output, entry.time_s, entry.item)
        elif entry.node:
            self.wake(entry)
        elif entry.order is None:
            self.sky.come_down(entry.object, entry.time_s)
            if self.acting is not None and self.sky.end_s[entry.object] >= entry.time_s:
                self.happened("first-impact", entry.time_s)
        else:
            self.meet(entry.order)

    def wake(self, entry: Entry) -> None:
        """Step one node, first giving it its own newest track of the object."""
        state = self.nodes[entry.node]
        current = self.tracks.get((entry.node, entry.object))
        if isinstance(entry.item, OwnTrack) and entry.item is not current:
            return  # a cue has changed this track since: its own wakes are scheduled
        inbox: list[Input] = []
        if current is not None and current.track.confirmed_s <= entry.time_s:
            current = until(current, self.sky.end_s[entry.object])
            held = state.cases[entry.object].own
            if held is None or held.track.time_s.size != current.track.time_s.size or isinstance(entry.item, OwnTrack):
                inbox.append(current)
                if held is None and current.track.first_s <= self.sky.end_s[entry.object]:
                    text = "first detection by own radars"
                    self.journal.note(current.track.first_s, "detected", entry.node, entry.object, "", text)
        if not inbox and isinstance(entry.item, Wake) and state.cases[entry.object].is_closed:
            return  # an alarm set before the object was done with
        if entry.item is not None and not isinstance(entry.item, OwnTrack):
            inbox.append(entry.item)
            self.journal.arrived(entry.time_s, entry.node, entry.item)
        self.wakes += 1
        self.nodes[entry.node], outputs = step(state, tuple(inbox), entry.time_s)
        case = self.nodes[entry.node].cases[entry.object]
        if math.isfinite(case.evaluated_s) and math.isinf(state.cases[entry.object].evaluated_s):
            warned = self.warned.get((entry.node, entry.object))
            self.journal.classified(entry.time_s, entry.node, case, warned, self.nodes[entry.node].plan.notices)
            if self.acting is not None:
                for share in self.acting.claims(self.nodes[entry.node].plan, case, entry.time_s):
                    self.send(entry.node, share, entry.time_s, None)
        tasks = []
        for output in outputs:
            if isinstance(output, Task):
                tasks.append(output)
            else:
                self.act(entry.node, output, entry.time_s)
        busy = None if self.acting is None else self.acting.busy(entry.item, self.watches[entry.node])
        changed = self.cue(entry.node, tasks, entry.time_s) if tasks else set()
        if self.acting is not None and busy is not None:
            self.acting.waste(entry.node, self.watches[entry.node], busy)
        if entry.object not in self.watched.get(entry.node, {}) and entry.object < len(self.world.flights):
            changed.add(entry.object)  # also where no radar could use the cue: they search
        for i in sorted(changed):
            self.expect(entry.node, i, entry.time_s)

    # --- sensing --------------------------------------------------------------------------------------------

    def watch(self, node: str, plan: Plan) -> None:
        """Schedule what a complex's own sensors will tell it if nothing cues them, and its space warning."""
        owners = next(c.owners for c in self.arrangement.complexes if c.id == node)
        self.watches[node] = watch_of(plan.radars, len(self.world.flights))
        self.satellites[node] = tuple(s.id for s in self.scenario.infrareds if s.owner in owners)
        for i in range(len(self.world.flights)):
            warned_s = math.inf
            for k, satellite in enumerate(self.scenario.infrareds):
                if satellite.owner in owners:
                    seen = self.world.warnings[k][i]
                    if seen.time_s < self.world.flights[i].impact_s:
                        if seen.time_s < warned_s:
                            self.warned[node, i] = LaunchEstimate(
                                seen.lat_rad, seen.lon_rad, seen.error_m, seen.launch_s, seen.launch_sigma_s
                            )
                        warned_s = min(warned_s, seen.time_s)
                        item = LaunchSeen(
                            i, seen.launch_s, seen.lat_rad, seen.lon_rad, seen.error_m, seen.launch_sigma_s
                        )
                        self.queue.push(seen.time_s, "sensed", node, i, item)
            if warned_s > self.first_look_s(plan, i):
                self.expect(node, i, -math.inf)  # otherwise own warning comes before anything is seen: see `wake`

    def first_look_s(self, plan: Plan, i: int) -> float:
        """Return when the first own radar could see an object, inf if none ever can."""
        tables = (self.world.tables[r][i].time_s for r in plan.radars)
        return min((float(t[0]) for t in tables if t.size), default=math.inf)

    def expect(self, node: str, i: int, now_s: float) -> None:
        """Schedule the wakes of an object's own track, and of those that it could be mistaken for."""
        plan = self.nodes[node].plan
        known = self.watched.setdefault(node, {})
        known[i] = tuple(self.watches[node].start_s[:, i].tolist())
        for k, own in self.world.own_tracks(i, plan.radars, known, self.satellites[node]).items():
            self.expect_track(node, k, own, now_s)

    def expect_track(self, node: str, i: int, own: OwnTrack, now_s: float) -> None:
        """Schedule the wakes of an own track: firm, first evaluated, another complex touched."""
        plan = self.nodes[node].plan
        if own is self.tracks.get((node, i)):
            return
        self.tracks[node, i] = own
        if math.isinf(own.track.confirmed_s):
            return
        moments = {own.track.confirmed_s}
        before: tuple[str, ...] | None = None
        for time_s, states in zip(own.evaluation.time_s.tolist(), own.evaluation.states, strict=True):
            if states == before:
                continue
            if before is None or touched(plan, states) != touched(plan, before):
                moments.add(time_s)
            before = states
        for time_s in sorted(moments):
            if time_s >= now_s:
                self.queue.push(time_s, "sensed", node, i, own)

    # --- what nodes do --------------------------------------------------------------------------------------

    def act(self, node: str, output: Output, now_s: float) -> None:
        """Carry out one output of a node (a `Task` is `cue`'s)."""
        match output:
            case WakeAt():
                self.queue.push(max(output.time_s, now_s), "wake", node, output.object, Wake(output.object))
            case Share():
                self.send(node, output, now_s, None)
            case Ask():
                self.ask(node, output, now_s)
            case Order():
                self.fire(node, output, now_s)
            case Alert():
                self.journal.alert(now_s, node, output)

    def cue(self, node: str, tasks: list[Task], now_s: float) -> set[int]:
        """Point own radars; return the objects that they look at sooner, which truth decides and no number."""
        watch = self.watches[node]
        changed: set[int] = set()
        for _, group in groupby(tasks, key=lambda task: id(task.where)):
            same = list(group)
            before = watch.start_s.copy()
            radars = [task.radar for task in same]
            found = point(self.world.eyes, watch, radars, same[0].where, now_s, same[0].object)
            named = same[0].object
            for i in (named,) if named in found else found:  # what else crosses the volume is no news by itself
                for radar in radars:
                    start_s = float(watch.start_s[watch.row_of[radar], i])
                    if start_s < before[watch.row_of[radar], i]:
                        self.journal.cued(now_s if i == named else start_s, node, i, radar, same[0].reason, start_s)
            changed.update(found)
        return changed

    def happened(self, event: str, now_s: float) -> None:
        """Tell the conduct that something has happened, after which it may begin."""
        if self.acting is not None and self.acting.happened(event, now_s):
            self.queue.push(self.acting.begins_s, "conduct", "", 0, None)

    def begin(self, now_s: float) -> None:
        """Let a conduct begin: what was agreed to is taken back, what does not exist is told of."""
        assert self.acting is not None
        for time_s, node, item in self.acting.taken_back(now_s):
            self.queue.push(time_s, "answer", node, item.object, item)
        for time_s, node, share in self.acting.inventions({n: s.plan for n, s in self.nodes.items()}, now_s):
            self.send(node, share, time_s, None)

    def send(self, node: str, output: Share, now_s: float, onward: Received | None) -> None:
        """Put a record on the link to another node; the rule's act takes the time. `onward` is what a centre got."""
        late_s, is_forged = 0.0, False
        if self.acting is not None:
            told = self.acting.tell(node, output, onward, now_s)
            if told is None:
                return
            output, late_s, is_forged = told
        stage = self.stages[output.act]
        key = (node, output.to, output.product, output.record.object)
        number = self.sent.get(key, 0)
        self.sent[key] = number + 1
        delay = link_time(
            self.luck,
            stage.time_s,
            stage.spread,
            f"{self.kind_of(node)}>{self.kind_of(output.to)}",
            output.product,
            self.hashes[output.record.object],
            number,
        )
        sender = node if onward is None else onward.provenance.sender
        via = () if onward is None else (*onward.provenance.via, node)
        item = Received(output.record, Provenance(sender, via, now_s))
        if self.acting is not None and is_forged:
            self.acting.note_forged(item)
        self.journal.shared(now_s, node, output, delay + late_s)
        self.queue.push(now_s + delay + late_s, "message", output.to, output.record.object, item)

    def kind_of(self, node: str) -> str:
        """Return the parties of a complex, or the kind of a centre: what a link is called when draws are named."""
        centre = self.centres.get(node)
        return centre.kind if centre is not None else "+".join(self.parties[node])

    def ask(self, node: str, question: Ask, now_s: float) -> None:
        """Put a question to a role; people take the stage's time, or never answer."""
        stage = self.stages[question.act]
        delay = stage_time(
            self.luck,
            stage.time_s,
            stage.spread,
            question.ask,
            question.act,
            self.hashes[question.object],
        )
        if self.acting is not None:
            case = self.nodes[node].cases[question.object]
            delay, answered = self.acting.answers(self.nodes[node].plan, question, case.action, now_s, delay)
        else:
            answered = ((delay, OperatorAction(question.object, question.act, question.role, question.ask, "yes")),)
        self.journal.asked(now_s, node, question, delay)
        for later_s, item in answered:
            self.queue.push(now_s + later_s, "answer", node, question.object, item)

    # --- engagements ----------------------------------------------------------------------------------------

    def fire(self, node: str, order: Order, now_s: float) -> None:
        """Launch what was released; what comes of it is decided when it meets the predicted point."""
        self.journal.fired(now_s, node, order)
        self.under_way.fired(node, order, self.nodes[node].cases[order.object], now_s)
        if self.acting is not None:
            self.happened(self.acting.release_of(node, order.battery), now_s)
        self.queue.push(order.intercept_s, "meeting", "", order.object, None, order)

    def meet(self, order: Order) -> None:
        """Resolve an attempt in truth and tell those who can see the result."""
        node = order.decision.complex_id
        result = self.sky.meet(node, order, self.tracks.get((node, order.object)))
        kind = self.world.prepared.battery_class[order.battery]
        for other in self.nodes:
            is_shooter = other == node
            if not is_shooter and (not result.is_gone or not self.has_in_view(other, order.object, order.intercept_s)):
                continue
            is_killed = result.is_gone
            if result.ordinal >= 0 and self.sky.is_misjudged(
                order.object, result.ordinal, kind.assess_error, is_shooter=is_shooter
            ):
                is_killed = not is_killed
            self.queue.push(
                order.intercept_s + kind.assess_delay_s,
                "assessed",
                other,
                order.object,
                Assessed(order.object, order.intercept_s, is_killed),
            )

    def has_in_view(self, node: str, i: int, time_s: float) -> bool:
        """Whether a complex's own firm track of an object was being updated at a time."""
        own = self.tracks.get((node, i))
        if own is None or own.track.confirmed_s > time_s:
            return False
        own = until(own, self.sky.end_s[i])
        row = int(own.track.time_s.searchsorted(time_s, side="right")) - 1
        return row >= 0 and time_s - float(own.track.time_s[row]) <= IN_VIEW_S

    def magazines(self) -> tuple[int, ...]:
        """Return what every battery of the scenario has left, in service in this replicate or not."""
        left = [b.magazine for b in self.scenario.batteries]
        for state in self.nodes.values():
            for battery, stock in zip(state.plan.batteries, state.magazines, strict=True):
                left[battery] -= self.world.ready_count(battery) - stock
        return tuple(left)
