"""What becomes of the objects: attempts resolved in truth, impacts, and the fate of each.

**A hit is keyed by (object, ordinal of the attempt in time order), not by the shooter**: an attempt kills if u < pk of
whoever shot. Nodes never see u, so each arrangement's own leakage stays unbiased and more attempts never leak more.
An attempt whose handover missed the basket uses up no ordinal; a shot at an object already gone is wasted.
"""

import math

import msgspec

from diptych.kernels.earth import ecef_to_geodetic
from diptych.model.messages import Order
from diptych.model.record import ObjectFate, Shot
from diptych.sim.journal import Journal
from diptych.sim.luck import assess_chance, hit_chance
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
        self.end_s = [flight.impact_s for flight in world.flights]
        self.shots: list[Shot] = []

    def come_down(self, i: int, time_s: float) -> None:
        """Let an object that was not killed reach the ground."""
        if not self._killed_by[i]:
            flight = self._world.flights[i]
            where = flight.impact_state or "the sea or outside the region"
            self._journal.note(time_s, "impact", "", i, where, f"came down in {where}")

    def meet(self, node: str, order: Order) -> Meeting:
        """Resolve the shots of one order when they reach the predicted point."""
        world, i = self._world, order.object
        kind = world.prepared.battery_class[order.battery]
        battery = world.prepared.scenario.batteries[order.battery].id
        off_m = math.dist(true_position(world.flights[i], order.intercept_s), order.intercept_ecef_m)
        lat, lon, alt = ecef_to_geodetic(*order.intercept_ecef_m)
        last = -1
        for _ in range(order.shots):
            ordinal = -1
            if self.end_s[i] <= order.intercept_s:
                outcome, text = "wasted", "the object was already gone"
            elif off_m > kind.basket_m:
                outcome, text = "miss", f"predicted point {off_m / 1000.0:.0f} km off, outside the basket"
            else:
                ordinal = last = self._attempts[i]
                self._attempts[i] += 1
                u = hit_chance(world.luck, world.prepared.object_hash[i], ordinal, f"{node}/{battery}")
                outcome = "hit" if u < kind.kill_probability else "miss"
                text = f"attempt {ordinal + 1} at this object"
                if outcome == "hit":
                    self.end_s[i] = order.intercept_s
                    self._killed_by[i] = node
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
                )
            )
            self._journal.note(order.intercept_s, outcome, node, i, battery, text, float(ordinal + 1))
        return Meeting(self.end_s[i] <= order.intercept_s, last)

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
        )
