"""A conduct as it is played in one run: what becomes of records and answers, and what is told that is not so.

`Acting.of` gives nothing where the conduct cannot matter, and such a run costs nothing. Draws are named after the
actor, what it tells or is asked, the object and the number of the time (docs/explanation/luck.md), so that one conduct
meets the same luck under every arrangement.
"""

import math
from collections.abc import Iterator
from typing import Any, Literal, NamedTuple

import msgspec
import numpy as np

from diptych.kernels.draws import name_hash
from diptych.model.arrangement import Arrangement, Sharing
from diptych.model.conduct import SHARING_KINDS, Change, Conduct
from diptych.model.messages import (
    Ask,
    ImpactPrediction,
    Input,
    Intention,
    OperatorAction,
    Received,
    Record,
    Share,
    SharedTrack,
)
from diptych.model.picture import Floats
from diptych.node.outlook import evaluation_row
from diptych.node.share import coarsened, is_wanted, rules_for
from diptych.node.state import Case, NodeState, Plan
from diptych.node.trust import is_admitted
from diptych.sensing.cue import Watch
from diptych.sim.conduct import (
    HOST,
    hosts_of,
    is_actor,
    is_asked_by_others,
    matters,
    may_answer,
    needs_actor,
    own_complexes,
    senders,
)
from diptych.sim.events import Entry
from diptych.sim.lies import FIRST_TOLD_S, INVENTED_OFF_M, TOLD_COUNT, TOLD_EVERY_S, invented, moved, turned
from diptych.sim.luck import conduct_chance, lie_azimuth_rad
from diptych.sim.world import World

CAPACITY = 4
"""Place of the track looks a second in the numbers of a radar (`kernels.pointing`)."""


class Told(NamedTuple):
    """A record as it leaves, how much later than it would, and whether it is a lie."""

    share: Share
    late_s: float = 0.0
    is_forged: bool = False


class Said(NamedTuple):
    """What becomes of a question: yes, no or no answer (None), how much later; `host`: one of several hosts, alone."""

    answer: Literal["yes", "no"] | None = "yes"
    late_s: float = 0.0
    host: str = ""


AS_ASKED = Said()


class Acting:
    """One conduct in one run; see the module."""

    def __init__(self, world: World, arrangement: Arrangement, conduct: Conduct) -> None:
        self.world = world
        self.conduct = conduct
        self.arrangement = arrangement
        self.own = own_complexes(conduct, arrangement)
        self.begins_s = math.inf if conduct.since.after else conduct.since.s
        prepared = world.prepared
        more = sum(c.count for c in conduct.changes if c.kind == "invent")
        names = (f"invented by {conduct.actor} {k}" for k in range(more))
        self.object_hash = (*prepared.object_hash, *(name_hash(name) for name in names))
        self._senders = senders(conduct, arrangement)
        self._centres = frozenset(c.id for c in arrangement.centres if is_actor(conduct, c))
        self._complexes = {c.id: c for c in arrangement.complexes}
        needing = (r for r in arrangement.sharing if needs_actor(conduct, arrangement, r))
        self._needing = {(r.sender, r.receiver, r.product): r.agreed_by for r in needing}
        self._is_known = False
        self._numbers: dict[tuple[str, str, int], int] = {}
        self._forged: dict[int, Received] = {}
        self._given: list[tuple[float, str, OperatorAction]] = []
        self._wasted_s: dict[str, float] = {}
        self._dropped: dict[str, int] = {}

    @classmethod
    def of(cls, world: World, arrangement: Arrangement, conduct: Conduct | None) -> "Acting | None":
        """Return a conduct ready to be played, None where it can change nothing."""
        if conduct is None or not conduct.changes:
            return None
        hosts = hosts_of(world.prepared.scenario.batteries, arrangement)
        return cls(world, arrangement, conduct) if matters(conduct, arrangement, hosts) else None

    # --- when -----------------------------------------------------------------------------------------------

    def happened(self, event: str, now_s: float) -> bool:
        """Take note of an event; true if from now on it is known when the conduct begins."""
        since = self.conduct.since
        if self._is_known or since.after not in ("", event):
            return False
        if since.after:
            self.begins_s = now_s + since.s
        self._is_known = True
        return True

    def is_on(self, now_s: float) -> bool:
        """Whether the conduct has begun."""
        return now_s >= self.begins_s

    def release_of(self, node: str, battery: int) -> str:
        """Return what a release is to the actor: its own, or a partner's."""
        if self.conduct.kind == "member":
            is_own = self.world.prepared.scenario.batteries[battery].owner == self.conduct.actor
        else:
            is_own = node in self.own
        return "first-own-release" if is_own else "first-partner-release"

    # --- chance ---------------------------------------------------------------------------------------------

    def _is_met(self, change: Change, what: str, i: int) -> bool:
        """Whether a change comes to pass for what is told or asked of an object, this time; counts the times."""
        if change.probability >= 1.0:
            return True
        key = (change.kind, what, i)
        number = self._numbers.get(key, 0)
        self._numbers[key] = number + 1
        return self._drawn(change, what, self.object_hash[i], number)

    def _drawn(self, change: Change, what: str, object_hash: int, number: int) -> bool:
        name = f"{self.conduct.actor}/{change.kind}/{what}"
        return conduct_chance(self.world.luck, name, object_hash, number) < change.probability

    # --- what is told ---------------------------------------------------------------------------------------

    def tell(self, node: str, share: Share, onward: Received | None, now_s: float) -> Told | None:
        """Return what becomes of a record that a node lets out; None: it does not leave."""
        is_forged = id(onward) in self._forged or share.record.object >= len(self.world.flights)
        told = Told(share, 0.0, is_forged)
        if not self.is_on(now_s):
            return told
        if self._is_objected(node, share):
            return None
        if node not in self._senders:
            return told
        for change in self.conduct.changes:
            if change.kind in ("invent", "claim", "flood") or not change.is_about(share.product):
                continue
            if not self._is_met(change, share.product, share.record.object):
                continue
            if change.kind == "stop":
                return None
            told = self._changed(told, change)
        return told

    def _is_objected(self, node: str, share: Share) -> bool:
        """Whether the actor objects to sharing that needs its agreement: once to a standing text, or each time."""
        agreed_by = self._needing.get((node, share.to, share.product))
        for change in self.conduct.changes if agreed_by is not None else ():
            if change.kind != "object":
                continue
            if agreed_by == "standing-consensus":
                is_met = self._drawn(change, share.product, 0, 0)
            else:
                is_met = self._is_met(change, share.product, share.record.object)
            if is_met:
                return True
        return False

    def _changed(self, told: Told, change: Change) -> Told:
        """Return a record delayed, made coarser, or moved."""
        share, record = told.share, told.share.record
        match change.kind:
            case "delay":
                return told._replace(late_s=told.late_s + change.delay_s)
            case "degrade":
                grid = Sharing("", "", "", change.position_m, change.velocity_mps, "", "always", "owner")
                return told._replace(share=_with(share, coarsened(record, grid)))
            case "falsify" if isinstance(record, SharedTrack | ImpactPrediction) and not told.is_forged:
                azimuth_rad = lie_azimuth_rad(self.world.luck, self.conduct.actor, self.object_hash[record.object])
                lie = moved(record, azimuth_rad, change.offset_m, self.world.prepared.territory)
                return told._replace(share=_with(share, lie), is_forged=True)
            case _:
                return told

    def note_forged(self, item: Received) -> None:
        """Remember that a record is a lie, whoever passes it on."""
        self._forged[id(item)] = item  # held, so that no other record gets its identity

    def is_stopped(self, entry: Entry) -> bool:
        """Whether a message does not get in: at a centre that is lost, or drowned in a flood of its own sender."""
        item = entry.item
        if not isinstance(item, Received) or not self.is_on(entry.time_s):
            return False
        if entry.node in self._centres and any(c.kind == "stop" for c in self.conduct.changes):
            return True
        hop = item.provenance.via[-1] if item.provenance.via else item.provenance.sender
        if hop not in self._senders:
            return False
        for change in self.conduct.changes:
            settings = self.world.prepared.scenario.trust
            if change.kind == "flood" and not is_admitted(change.per_minute, entry.time_s, self.begins_s, settings):
                self._dropped[entry.node] = self._dropped.get(entry.node, 0) + 1
                return True
        return False

    # --- what is not so -------------------------------------------------------------------------------------

    def claims(self, plan: Plan, case: Case, now_s: float) -> Iterator[Share]:
        """Yield announcements of engagements that nobody plans, when the actor can first say where an object goes."""
        row = evaluation_row(case, now_s)
        if plan.complex_id not in self._senders or not self.is_on(now_s) or case.own is None or row < 0:
            return
        impact_s = float(case.own.evaluation.impact_s[row])
        for change in self.conduct.changes:
            if change.kind == "claim" and self._is_met(change, "claim", case.object):
                record = Intention(case.object, plan.complex_id, max(now_s, impact_s - change.before_impact_s))
                for rule in rules_for(plan, "engagement-intention", case.states):
                    yield Share(record, rule.receiver, rule.act, rule.product)

    def inventions(self, plans: dict[str, Plan], now_s: float) -> Iterator[tuple[float, str, Share]]:
        """Yield (when, by whom, what) of tracks of objects that do not exist, from now on."""
        territory, flights = self.world.prepared.territory, self.world.flights
        for n in range(len(flights), len(self.object_hash)):
            flight = flights[(n - len(flights)) % len(flights)]
            azimuth_rad = lie_azimuth_rad(self.world.luck, self.conduct.actor, self.object_hash[n])
            for k in range(TOLD_COUNT):
                time_s = flight.burnout_s + FIRST_TOLD_S + k * TOLD_EVERY_S
                if not now_s <= time_s < flight.impact_s:
                    continue
                state = turned(flight.samples[int(time_s - flight.launch_s)], azimuth_rad, INVENTED_OFF_M)
                for node in sorted(self._senders & plans.keys()):
                    for rule in plans[node].sharing:
                        if rule.product != "track":
                            continue
                        record = invented(n, state, time_s, rule.position_m, rule.velocity_mps, territory)
                        if is_wanted(rule, record.states, plans[node].receiver_states):
                            yield time_s, node, Share(record, rule.receiver, rule.act, rule.product)

    # --- what is answered -----------------------------------------------------------------------------------

    def answers(
        self, plan: Plan, question: Ask, action: str, now_s: float, delay_s: float
    ) -> tuple[float, tuple[tuple[float, OperatorAction], ...]]:
        """Return how long the answer to a question takes (inf: there is none), and what arrives how much later.

        Where one of several hosts does otherwise than the rest, theirs comes as the role `host` and its own beside it.
        """
        said = self._said(plan, question, action, now_s)
        item = OperatorAction(question.object, question.act, question.role, question.ask, said.answer or "no")
        if said.host:
            alone = msgspec.structs.replace(item, role=said.host)
            yes = msgspec.structs.replace(item, answer="yes")
            if said.answer == "yes":
                no = msgspec.structs.replace(alone, answer="no")
                return delay_s, ((delay_s, no), (delay_s, yes), (delay_s + said.late_s, alone))
            return delay_s, ((delay_s, alone), (delay_s, yes))
        if said.answer is None:
            return math.inf, ()
        if said.answer == "yes" and self._takes_back(plan, question, action):
            self._given.append((now_s + delay_s + said.late_s, plan.complex_id, item))
        return delay_s + said.late_s, ((delay_s + said.late_s, item),)

    def _said(self, plan: Plan, question: Ask, action: str, now_s: float) -> Said:
        """Return what becomes of a question."""
        own = self._complexes[plan.complex_id]
        asked = is_asked_by_others(self.conduct, own, question.role, question.party, question.act, action)
        if not asked or not self.is_on(now_s):
            return AS_ASKED
        alone = ""
        if question.act == HOST and self.conduct.kind == "member":
            hosts = {host for host in plan.hosts if host}
            if self.conduct.actor not in hosts:
                return AS_ASKED
            alone = f"{self.conduct.actor.lower()}.host" if len(hosts) > 1 else ""
        late_s = 0.0
        for change in self.conduct.changes:
            if change.kind in (*SHARING_KINDS, "withdraw") or not may_answer(self.conduct, change, own, question.act):
                continue
            if not self._is_met(change, action, question.object):
                continue
            if change.kind == "silent":
                return Said(None, 0.0, alone)
            if change.kind != "slow":
                return Said("no", late_s, alone)
            late_s += change.delay_s
        return Said("yes", late_s, alone) if late_s > 0.0 else AS_ASKED

    def _takes_back(self, plan: Plan, question: Ask, action: str) -> bool:
        """Whether a yes is one that the actor takes back when its conduct begins."""
        own = self._complexes[plan.complex_id]
        return any(
            change.kind == "withdraw" and may_answer(self.conduct, change, own, question.act)
            for change in self.conduct.changes
        ) and is_asked_by_others(self.conduct, own, question.role, question.party, question.act, action)

    def taken_back(self, now_s: float) -> Iterator[tuple[float, str, OperatorAction]]:
        """Yield (when, where, what) of every consent that is taken back now, or as soon as it has arrived."""
        for time_s, node, item in self._given:
            yield max(now_s, time_s), node, msgspec.structs.replace(item, answer="no")

    # --- what it cost ---------------------------------------------------------------------------------------

    def busy(self, item: Input | None, watch: Watch) -> Floats | None:
        """Return what the radars are busy with before a lie points them, None where no lie does."""
        return watch.busy.copy() if id(item) in self._forged else None

    def waste(self, node: str, watch: Watch, before: Floats) -> None:
        """Count the looks that a lie has taken from radars."""
        is_new = (watch.busy != before).any(axis=2)
        looks = np.where(is_new, watch.busy[:, :, 2], 0.0).sum(axis=1)
        spent_s = float((looks / self.world.eyes.radars[watch.mine, CAPACITY]).sum())
        self._wasted_s[node] = self._wasted_s.get(node, 0.0) + spent_s

    def record(self) -> dict[str, Any]:
        """Return what a run record says of it."""
        return {
            "radar_wasted_s": tuple(sorted((n, s) for n, s in self._wasted_s.items() if s > 0.0)),
            "dropped": tuple(sorted(self._dropped.items())),
        }


def distrusted(nodes: dict[str, NodeState]) -> tuple[tuple[str, str], ...]:
    """Return (complex, sender) of everybody whose data a complex has set aside."""
    return tuple((n, s.sender) for n, state in nodes.items() for s in state.standings if not s.is_trusted)


def _with(share: Share, record: Record) -> Share:
    return msgspec.structs.replace(share, record=record)
