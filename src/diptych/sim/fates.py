"""What becomes of the objects: attempts resolved in truth, impacts, and the fate of each.

**A hit is keyed by (object, ordinal of the attempt in time order), not by the shooter**: an attempt kills if u < pk of
whoever shot. Nodes never see u, so each arrangement's own leakage stays unbiased; at one pk and without a common cause
more attempts never leak more. An attempt whose handover failed uses up no ordinal; a shot at an object already gone
is wasted.

Until handover the aim point follows the shooter's own track, no farther than the class can divert. At handover the
object must lie in the seeker's basket about it, and where the mode asks for it an own fire-control radar must have it.
"""

import math

import msgspec
import numpy as np

from diptych.engagement import kill
from diptych.evaluation.impact import path_of
from diptych.kernels.earth import ecef_to_geodetic
from diptych.model.messages import Order, OwnTrack
from diptych.model.record import Debris, ObjectFate, Shot
from diptych.model.scenario import InterceptorClass, Vec3
from diptych.sim.falling import debris_of, said, states_under
from diptych.sim.journal import Journal
from diptych.sim.luck import assess_chance, common_cause_chance, hit_chance
from diptych.sim.prepare import ACQUIRE_LOOKS
from diptych.sim.world import World, true_position


class Meeting(msgspec.Struct, frozen=True):
    """What came of an order: whether the object is gone, and the ordinal of the last real attempt (-1: none)."""

    is_gone: bool
    ordinal: int


class Sky:
    """The objects of one run: when each ended, and every shot."""

    def __init__(self, world: World, journal: Journal) -> None:
        self._world = world
        self._journal = journal
        self._attempts = [0] * len(world.flights)
        self._killed_by = [""] * len(world.flights)
        self._debris: list[Debris | None] = [None] * len(world.flights)
        self.end_s = [flight.impact_s for flight in world.flights]
        self.shots: list[Shot] = []

    def come_down(self, i: int, time_s: float) -> None:
        """Let an object that was not killed reach the ground."""
        if not self._killed_by[i]:
            flight = self._world.flights[i]
            where = flight.impact_state or "the sea or outside the region"
            self._journal.note(time_s, "impact", "", i, where, f"came down in {where}")

    def meet(self, node: str, order: Order, own: OwnTrack | None) -> Meeting:
        """Resolve the shots of one order when they reach the predicted point; `own` is the shooter's own track."""
        world, i = self._world, order.object
        if i >= len(world.flights):
            return self._meet_nothing(node, order)
        kind = world.prepared.battery_class[order.battery]
        battery = world.prepared.scenario.batteries[order.battery]
        handover_s = max(order.launch_s, order.intercept_s - kind.handover_s)
        aim = updated_aim(order, own, handover_s, kind.divert_m)
        off_m = math.dist(true_position(world.flights[i], order.intercept_s), aim)
        lat, lon, alt = ecef_to_geodetic(*aim)
        needs_radar = order.mode != "engage-on-remote"
        is_lost = needs_radar and not has_acquired(own, battery.radars, handover_s)
        is_common = self._is_common(i, kind)
        chance = kill.one_of_independent(kind.kill_probability, kind.common_cause_fraction)
        last = -1
        for _ in range(order.shots):
            ordinal = -1
            if self.end_s[i] <= order.intercept_s:
                outcome, text = "wasted", "the object was already gone"
            elif is_lost:
                outcome, text = "miss", "own fire-control radar had not acquired the object by handover"
            elif off_m > kind.basket_m:
                outcome, text = "miss", f"predicted point {off_m / 1000.0:.0f} km off, outside the basket"
            else:
                ordinal = last = self._attempts[i]
                self._attempts[i] += 1
                u = hit_chance(world.luck, world.prepared.object_hash[i], ordinal, f"{node}/{battery.id}")
                outcome = "hit" if u < chance and not is_common else "miss"
                text = f"attempt {ordinal + 1} at this object"
                if is_common:
                    text += "; a common cause fails every shot of this class at it"
                if outcome == "hit":
                    self.end_s[i] = order.intercept_s
                    self._killed_by[i] = node
                    debris = self._debris[i] = debris_of(world, order)
                    text += f"; {said(debris)}" if debris is not None else ""
            self.shots.append(
                Shot(
                    complex_id=node,
                    battery=order.battery,
                    object=i,
                    launch_s=order.launch_s,
                    intercept_s=order.intercept_s,
                    lat_rad=lat,
                    lon_rad=lon,
                    alt_m=alt,
                    outcome=outcome,
                    ordinal=ordinal,
                    handover_m=off_m,
                    mode=order.mode,
                    over=states_under(world, order.battery, lat, lon),
                )
            )
            self._journal.note(order.intercept_s, outcome, node, i, battery.id, text, float(ordinal + 1))
        return Meeting(self.end_s[i] <= order.intercept_s, last)

    def _meet_nothing(self, node: str, order: Order) -> Meeting:
        """Let shots at an object that does not exist fly into empty space."""
        lat, lon, alt = ecef_to_geodetic(*order.intercept_ecef_m)
        battery = self._world.prepared.scenario.batteries[order.battery].id
        for _ in range(order.shots):
            self.shots.append(
                Shot(
                    complex_id=node,
                    battery=order.battery,
                    object=-1,
                    launch_s=order.launch_s,
                    intercept_s=order.intercept_s,
                    lat_rad=lat,
                    lon_rad=lon,
                    alt_m=alt,
                    outcome="wasted",
                    ordinal=-1,
                    handover_m=math.inf,
                    mode=order.mode,
                )
            )
            self._journal.note(order.intercept_s, "wasted", node, -1, battery, "there was nothing", 0.0)
        return Meeting(is_gone=False, ordinal=-1)

    def _is_common(self, i: int, kind: InterceptorClass) -> bool:
        """Whether a common cause makes every shot of a class at an object fail in this replicate."""
        share = kill.common_failure(kind.kill_probability, kind.common_cause_fraction)
        world = self._world
        return share > 0.0 and common_cause_chance(world.luck, world.prepared.object_hash[i], kind.id) < share

    def is_misjudged(self, i: int, ordinal: int, error: float, *, is_shooter: bool) -> bool:
        """Whether the shooter, or an onlooker, gets the result of an attempt wrong."""
        world = self._world
        return assess_chance(world.luck, is_shooter, world.prepared.object_hash[i], ordinal) < error

    def fates(self) -> tuple[ObjectFate, ...]:
        """Return what became of every object."""
        return tuple(self._fate(i) for i in range(len(self.end_s)))

    def _fate(self, i: int) -> ObjectFate:
        flight = self._world.flights[i]
        is_killed = bool(self._killed_by[i])
        lat, lon = flight.impact_rad
        return ObjectFate(
            object=i,
            is_killed=is_killed,
            killed_by=self._killed_by[i],
            end_s=self.end_s[i],
            impact_state=flight.impact_state,
            impact_lat_rad=lat,
            impact_lon_rad=lon,
            people_at_risk=0.0 if is_killed else flight.people_at_risk,
            debris=self._debris[i],
        )


def updated_aim(order: Order, own: OwnTrack | None, handover_s: float, divert_m: float) -> Vec3:
    """Return the point an interceptor flies to at handover, ECEF m: the planned one, moved after the own track.

    The newest ballistic row of the track between release and handover says where the object will be; the interceptor
    goes there, but no farther than `divert_m` from the point it was launched at.
    """
    planned = order.intercept_ecef_m
    if own is None or divert_m <= 0.0:
        return planned
    track = own.track
    row = int(track.time_s.searchsorted(handover_s, side="right")) - 1
    if row < 0 or track.time_s[row] <= order.decision.time_s or not track.is_ballistic[row]:
        return planned
    beta_kg_m2 = own.evaluation.beta_kg_m2
    at_s = np.array([order.intercept_s])
    there = path_of(track.state_ecef[row], float(track.time_s[row]), at_s, beta_kg_m2)[0].tolist()
    away_m = math.dist(there, planned)
    if not away_m > 0.0:  # NaN: the track says that the object is down by then
        return planned
    part = min(1.0, divert_m / away_m)
    x, y, z = (a + part * (b - a) for a, b in zip(planned, there, strict=True))
    return x, y, z


def has_acquired(own: OwnTrack | None, radars: tuple[int, ...], handover_s: float) -> bool:
    """Whether some fire-control radar of a battery had its looks at the object by handover."""
    if own is None:
        return False
    seen = own.track.sensor[: int(own.track.time_s.searchsorted(handover_s, side="right"))]
    return any(int((seen == radar).sum()) >= ACQUIRE_LOOKS for radar in radars)
