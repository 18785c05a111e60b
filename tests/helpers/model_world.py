"""A model world for searching the command layer: the real nodes, queue, links and centres, and no physics.

What sensors, flight and interceptors would give is written down beforehand: when a complex holds which track, whom it
touches, from when to when a launch helps, which attempt kills. The rest is the engine itself: `node.step` decides,
`sim.run` carries messages and questions. A `Watchdog` stands beside every run with an account of its own and compares.
"""

import math
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import msgspec
import numpy as np

from diptych.command.path import rules_of
from diptych.command.plan import agreed_plan
from diptych.engagement.windows import PATH_STEP_S, Options
from diptych.kernels.earth import geodetic_to_ecef
from diptych.kernels.guidance import ENGAGE_ON_REMOTE
from diptych.model.arrangement import Arrangement, Stage
from diptych.model.decision import Window
from diptych.model.messages import Ask, Intention, LaunchSeen, OperatorAction, OwnTrack, Received, Share
from diptych.model.picture import EvaluationHistory, TrackHistory
from diptych.model.record import ObjectFate, RunRecord, Shot
from diptych.model.rules import Verdict
from diptych.node import step as step_module
from diptych.node.foresight import Chance, Prediction, Reach
from diptych.node.joint import Heard
from diptych.node.share import rules_for
from diptych.node.state import Case, Plan, initial_state
from diptych.sim.acting import Said, Told
from diptych.sim.events import Entry, Queue
from diptych.sim.fates import Meeting
from diptych.sim.journal import Journal
from diptych.sim.luck import luck_of
from diptych.sim.planning import Centres, UnderWay, keeper_of
from diptych.sim.plans import engagement_of
from diptych.sim.run import _Run
from tests.helpers.small import ALL_TURKEY, CLASS

PLACES = ((0.9, 0.2), (0.9, 0.6))
"""Two places, (lat, lon) rad: 0 in the west, 1 in the east."""

FLIGHT_S = 100.0
"""From a launch to its intercept, always."""

MOST_EVENTS = 3000
"""A run of so many events does not end; those of two objects and three complexes have a few hundred."""

_AT = tuple(np.array(geodetic_to_ecef(lat, lon, 100e3)) for lat, lon in PLACES)
_KIND = msgspec.structs.replace(CLASS, assess_delay_s=5.0)


class Seen(msgspec.Struct, frozen=True):
    """What one complex holds of one object: warned, firm, then what each row says; its window (open > close: none)."""

    warned_s: float
    confirmed_s: float
    rows: tuple[tuple[float, tuple[str, ...]], ...]
    open_s: float
    close_s: float


class Object(msgspec.Struct, frozen=True):
    """One object: where it goes (index of `PLACES`), when it lands, which attempts kill, how each complex sees it."""

    place: int
    meets: int
    impact_s: float
    kills: tuple[bool, ...]
    seen: dict[str, Seen]
    verdict: str = "engage"


class World(msgspec.Struct, frozen=True):
    """Everything but the arrangement: objects, people's times, whose batteries stand on a host's soil, stock, luck."""

    objects: tuple[Object, ...]
    stages: tuple[Stage, ...]
    party_states: dict[str, frozenset[str]]
    batteries: dict[str, int]
    hosts: dict[str, str]
    magazine: int
    seed: int


class Behaviour(msgspec.Struct, frozen=True):
    """What people and links do otherwise than well: role -> no, silent or back (a yes taken back after 20 s).

    `dropped` are products that never arrive, by sender ("" for all); `lost` nodes that hear nothing; `claimants`
    announce engagements that they do not plan.
    """

    says: dict[str, str] = {}
    dropped: tuple[tuple[str, str], ...] = ()
    lost: tuple[str, ...] = ()
    claimants: tuple[str, ...] = ()


class _Acting:
    """A behaviour, where `sim.run` expects a conduct."""

    def __init__(self, behaviour: Behaviour, begins_s: float) -> None:
        self.behaviour = behaviour
        self.begins_s = begins_s

    def is_stopped(self, entry: Entry) -> bool:
        item = entry.item
        if not isinstance(item, Received):
            return False
        here = (entry.node, *item.provenance.via, item.provenance.sender)
        return any(node in self.behaviour.lost for node in here)

    def tell(self, node: str, share: Share, onward: Received | None, now_s: float) -> Told | None:
        is_dropped = any(node == who and share.product == what for who, what in self.behaviour.dropped)
        return None if is_dropped else Told(share)

    def claims(self, plan: Plan, case: Case, now_s: float) -> Iterator[Share]:
        if plan.complex_id in self.behaviour.claimants:
            record = Intention(case.object, plan.complex_id, now_s + 1000.0, states=case.states)
            for rule in rules_for(plan, "engagement-intention", case.states):
                yield Share(record, rule.receiver, rule.act, rule.product)

    def answers(
        self, plan: Plan, question: Ask, action: str, now_s: float, delay_s: float
    ) -> tuple[float, tuple[tuple[float, OperatorAction], ...]]:
        said = Said(None) if (how := self.behaviour.says.get(question.role)) == "silent" else Said()
        if said.answer is None:
            return math.inf, ()
        yes = OperatorAction(question.object, question.act, question.role, question.ask, "yes")
        no = msgspec.structs.replace(yes, answer="no")
        if how == "no":
            return delay_s, ((delay_s, no),)
        return delay_s, ((delay_s, yes), (delay_s + 20.0, no)) if how == "back" else ((delay_s, yes),)

    def happened(self, event: str, now_s: float) -> bool:
        return False

    def release_of(self, node: str, battery: int) -> str:
        return ""

    def busy(self, item: object, watch: object) -> None:
        return None


class _Sky:
    """Objects that are killed by the attempts written down beforehand."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.end_s = [o.impact_s for o in world.objects]
        self.killed_by = [""] * len(world.objects)
        self.attempts = [0] * len(world.objects)
        self.shots: list[Shot] = []

    def come_down(self, i: int, time_s: float) -> None:
        pass

    def meet(self, node: str, order: Any, own: OwnTrack | None) -> Meeting:
        i, outcome, ordinal = order.object, "wasted", -1
        for _ in range(order.shots):
            if not self.killed_by[i]:
                ordinal = self.attempts[i]
                self.attempts[i] += 1
                kills = self.world.objects[i].kills
                is_hit = kills[ordinal] if ordinal < len(kills) else False
                outcome = "hit" if is_hit else "miss"
                if is_hit:
                    self.killed_by[i], self.end_s[i] = node, order.intercept_s
            self.shots.append(
                Shot(node, order.battery, i, order.launch_s, order.intercept_s, 0, 0, 0, outcome, ordinal, 0)
            )
        return Meeting(bool(self.killed_by[i]), ordinal)

    def is_misjudged(self, i: int, ordinal: int, error: float, *, is_shooter: bool) -> bool:
        return False

    def fates(self) -> tuple[ObjectFate, ...]:
        return tuple(
            ObjectFate(i, bool(self.killed_by[i]), self.killed_by[i], self.end_s[i], "", 0.0, 0.0, 0.0)
            for i in range(len(self.end_s))
        )


class _Verdicts(dict[Any, Verdict]):
    """What the agreed rules say, written down beforehand: the object is told from its place in the picture."""

    def __init__(self, world: World) -> None:
        super().__init__()
        self.world = world

    def get(self, key: Any, default: Any = None) -> Verdict:
        kind = self.world.objects[_index_of(key[6][0])].verdict
        return Verdict(kind, (1,) if kind in ("engage", "hold") else ())  # type: ignore[arg-type]


class ModelForesight:
    """The windows of one complex, written down beforehand."""

    def __init__(self, world: World, complex_id: str) -> None:
        self.world = world
        self.complex_id = complex_id
        self.verdicts = _Verdicts(world)
        self._made: dict[tuple[int, tuple[int, ...]], Options] = {}

    def _options(self, i: int, batteries: tuple[int, ...]) -> Options:
        made = self._made.get((i, batteries))
        if made is None:
            seen, kind = self.world.objects[i].seen[self.complex_id], self.world.objects[i]
            points = [*np.arange(seen.open_s, seen.close_s, PATH_STEP_S).tolist(), seen.close_s]
            if seen.open_s > seen.close_s:
                points = []
            launch = np.array(points)
            path = np.tile(_AT[kind.meets], (len(points), 1))
            made = Options(batteries, path, launch + FLIGHT_S, np.tile(launch, (len(batteries), 1)))
            self._made[i, batteries] = made
        return made

    def reach(self, armoury: object, batteries: tuple[int, ...], held: Prediction) -> Reach:
        found = self._options(_index_of(held.state_ecef), batteries)
        return Reach(found, float(found.launch_s[0, -1]) if found.time_s.size and batteries else -math.inf)

    def chance(
        self, armoury: object, batteries: tuple[int, ...], held: Prediction, now_s: float, tracked: tuple[int, ...]
    ) -> Chance:
        found = self._options(_index_of(held.state_ecef), batteries)
        if not found.time_s.size or not batteries or now_s > found.launch_s[0, -1]:
            return Chance(found, ())
        first = float(found.launch_s[0, int(found.launch_s[0].searchsorted(now_s))])
        return Chance(found, tuple(Window(b, first, float(found.launch_s[0, -1])) for b in batteries))


def _index_of(state: bytes) -> int:
    """Return the object that a picture is of: its speed along the first axis, in m/s, is its number."""
    return int(np.frombuffer(state)[3])


def own_track(world: World, i: int, complex_id: str) -> OwnTrack:
    """Return what a complex' own sensors give of an object."""
    what, seen = world.objects[i], world.objects[i].seen[complex_id]
    rows = seen.rows
    state = np.concatenate((_AT[what.place], (float(i), 0.0, 0.0)))
    times = np.array((seen.confirmed_s, *(t for t, _ in rows if t > seen.confirmed_s)))
    n, m = times.size, len(rows)
    return OwnTrack(
        i,
        TrackHistory(times, np.tile(state, (n, 1)), np.tile(np.eye(6), (n, 1, 1)), np.zeros(n, dtype=np.int64),
                     np.ones(n, dtype=np.bool_), seen.confirmed_s, seen.confirmed_s),
        EvaluationHistory(
            np.array([t for t, _ in rows]), np.tile(state, (m, 1)), np.full(m, what.impact_s),
            np.tile(np.array(PLACES[what.place]), (m, 1)), np.tile(np.array((1e4, 5e3, 0.0)), (m, 1)),
            tuple(states for _, states in rows), ((0,),) * m, np.tile(np.eye(6), (m, 1, 1)),
        ),
    )  # fmt: skip


class ModelRun(_Run):
    """One run of an arrangement in a model world; `play`, then `record`."""

    def __init__(self, world: World, arrangement: Arrangement, behaviour: Behaviour, watchdog: Any = None) -> None:
        self.model = world
        self.watchdog = watchdog
        luck = luck_of(world.seed, 0)
        names = [f"{c.id}-{k}" for c in arrangement.complexes for k in range(world.batteries[c.id])]
        scenario = SimpleNamespace(raid=world.objects, batteries=[SimpleNamespace(id=name) for name in names])
        prepared = SimpleNamespace(
            scenario=scenario, territory=ALL_TURKEY, battery_class=[_KIND] * len(names), object_hash=()
        )
        self.world = SimpleNamespace(luck=luck, prepared=prepared, flights=world.objects)  # type: ignore[assignment]
        self.luck = luck
        self.arrangement = arrangement
        self.acting = _Acting(behaviour, 0.0)  # type: ignore[assignment]
        self.journal = Journal(prepared, is_kept=True)  # type: ignore[arg-type]
        self.journal.classified = lambda *_: None  # type: ignore[assignment,method-assign]
        self.hashes = tuple(range(11, 11 + len(world.objects)))
        self.queue = Queue(luck, self.hashes)
        self.sky = _Sky(world)  # type: ignore[assignment]
        self.wakes = 0
        self.stages = {s.id: s for s in world.stages}
        self.parties = {c.id: c.parties for c in arrangement.complexes}
        defended = {c.id: frozenset().union(*(world.party_states[p] for p in c.parties)) for c in arrangement.complexes}
        self.cared_for = dict(defended)
        for centre in arrangement.centres:
            self.cared_for[centre.id] = frozenset().union(*(defended[c] for c in centre.staff))
        self.passing = Centres(arrangement, self.cared_for)
        self.under_way = UnderWay(self.journal)
        self.centres = {c.id: c for c in arrangement.centres}
        self.tracks, self.warned, self.satellites, self.sent = {}, {}, {}, {}
        self.watches = dict.fromkeys(c.id for c in arrangement.complexes)  # type: ignore[arg-type]
        self.watched = {c.id: dict.fromkeys(range(len(world.objects)), ()) for c in arrangement.complexes}
        duty = arrangement.responsibility
        is_planned = duty.overlap == "joint-plan"
        agreed = agreed_plan(duty, defended, keeper_of(arrangement)) if is_planned else None
        armoury = SimpleNamespace(mode=[ENGAGE_ON_REMOTE] * len(names), guides=((),) * len(names))
        self.nodes, first = {}, 0
        for own in arrangement.complexes:
            count = world.batteries[own.id]
            staffed = dict(self.cared_for)
            for centre in arrangement.centres:
                staffed[centre.id] = frozenset().union(*(defended[c] for c in centre.staff if c != own.id))
            plan = Plan(
                complex_id=own.id, rules=rules_of(arrangement, own.id, world.party_states), responsibility=duty,
                sharing=tuple(r for r in arrangement.sharing if r.sender == own.id),
                uses_partner_tracks=arrangement.partner_tracks != "none",
                batteries=tuple(range(first, first + count)), classes=(_KIND,) * count,
                hosts=(world.hosts[own.id],) * count, radars=(), armoury=armoury,  # type: ignore[arg-type]
                complex_states=defended, receiver_states=staffed, territory=ALL_TURKEY,
                rulebooks={book.id: book for book in arrangement.rulebooks}, agreed=agreed,
                foresight=ModelForesight(world, own.id),  # type: ignore[arg-type]
            )  # fmt: skip
            first += count
            self.nodes[own.id] = initial_state(plan, len(world.objects), (world.magazine,) * count)
            for i, what in enumerate(world.objects):
                seen = what.seen[own.id]
                launch = LaunchSeen(i, 0.0, *PLACES[what.place], 1000.0)
                self.queue.push(seen.warned_s, "sensed", own.id, i, launch)
                track = self.tracks[own.id, i] = own_track(world, i, own.id)
                for time_s in sorted({seen.confirmed_s, *(t for t, _ in seen.rows)}):
                    self.queue.push(time_s, "sensed", own.id, i, track)
        for i, what in enumerate(world.objects):
            self.queue.push(what.impact_s, "impact", "", i, None)

    @property
    def has_ended(self) -> bool:
        return not self.queue

    def play(self) -> None:
        """Play to the end, or to `MOST_EVENTS`; which object a partner's track is about, its number says."""
        real, step_module.hear = (
            step_module.hear,
            lambda plan, cases, record, *_: Heard(record.object, None, None, None),
        )
        try:
            for _ in range(MOST_EVENTS):
                if not self.queue:
                    break
                self.take(self.queue.pop())
        finally:
            step_module.hear = real

    def take(self, entry: Entry) -> None:
        if self.watchdog is not None and not self.acting.is_stopped(entry):  # type: ignore[union-attr]
            self.watchdog.before(self, entry)
        super().take(entry)

    def send(self, node: str, output: Share, now_s: float, onward: Received | None) -> None:
        if self.watchdog is not None:
            self.watchdog.shared(self, node, output, now_s, onward)
        super().send(node, output, now_s, onward)

    def ask(self, node: str, question: Ask, now_s: float) -> None:
        if self.watchdog is not None:
            self.watchdog.asked(node, question, now_s)
        super().ask(node, question, now_s)

    def fire(self, node: str, order: Any, now_s: float) -> None:
        if self.watchdog is not None:
            self.watchdog.fired(self, node, order, now_s)
        super().fire(node, order, now_s)

    def has_in_view(self, node: str, i: int, time_s: float) -> bool:
        return False

    def record(self) -> RunRecord:
        return RunRecord(
            self.arrangement.id, "", 0, "", self.sky.fates(),
            tuple(engagement_of(s, i) for s in self.nodes.values() for i in range(len(self.model.objects))),
            tuple(self.sky.shots), (), self.wakes, self.journal.events(),
        )  # fmt: skip
