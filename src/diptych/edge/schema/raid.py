"""The raid: from groups of a file to missiles in launch rounds, and the threat classes they use.

The missiles come in rounds: the first of every group in file order, then the second of every group that has one, and
so on. `raid_size` N takes the first N; where N is larger, further rounds over all groups follow, each launch
`spacing_s` after the group's last. So a raid of n is always the beginning of a raid of n + 1, with the same names and
times (ids are the group's, then `<group>-2`, ...).
"""

import math
import unicodedata
from collections.abc import Callable, Mapping

from diptych.edge.schema.assets import place_of
from diptych.edge.schema.knobs import Knobs
from diptych.edge.schema.scenario import GroupFile, PlaceFile, ScenarioFile
from diptych.model.catalogue import MISSILES, Catalogue, Quantity, ThreatEntry, ThreatStage
from diptych.model.geography import Cities
from diptych.model.scenario import Missile, Notice, Place, RocketStage, ThreatClass
from diptych.model.sources import Source

Value = Callable[[str, str, Quantity], float]
"""Gives the number used for a quantity, from the key's beginning, the title and the quantity."""


def launch_order(groups: Mapping[str, int], size: int | None) -> tuple[tuple[str, int], ...]:
    """Return (group, number from 0) in launch rounds; `groups` maps ids to counts in file order.

    Check
    -----
    a: 2, b: 1 gives a0 b0 a1; with size 5 a0 b0 a1 b1 a2 (the fourth and fifth follow in rounds over both).
    """
    rounds = max(groups.values())
    order = [(g, k) for k in range(rounds) for g, count in groups.items() if k < count]
    if size is None or size <= len(order):
        return tuple(order[:size])
    next_number = dict(groups)
    while len(order) < size:
        for group in groups:
            order.append((group, next_number[group]))
            next_number[group] += 1
    return tuple(order[:size])


def build_raid(
    file: ScenarioFile,
    size: int | None,
    cities: Cities,
    state_at: Callable[[float, float], str | None],
) -> tuple[Missile, ...]:
    """Return the missiles in launch rounds; references were checked before."""
    order = launch_order({i: g.count for i, g in file.raid.items()}, size)
    return tuple(_missile(group, number, file.raid[group], file, cities, state_at) for group, number in order)


def _missile(
    group_id: str,
    number: int,
    group: GroupFile,
    file: ScenarioFile,
    cities: Cities,
    state_at: Callable[[float, float], str | None],
) -> Missile:
    aim, aim_state = _aim(group, file.places, cities, state_at)
    return Missile(
        id=group_id if number == 0 else f"{group_id}-{number + 1}",
        class_id=group.class_,
        launch=_place(file.places[group.launch]),
        aim=aim,
        aim_state=aim_state,
        launch_s=group.start_s + number * group.spacing_s,
        shape=group.shape,
        group=group_id,
        apogee_m=None if group.apogee_km is None else group.apogee_km * 1e3,
    )


def build_notices(file: ScenarioFile) -> tuple[Notice, ...]:
    """Return the launches announced beforehand, in file order; references were checked before."""
    return tuple(
        Notice(
            id=notice_id,
            place=_place(file.places[given.place]),
            within_m=given.within_km * 1e3,
            from_s=given.from_s,
            to_s=given.to_s,
            azimuth_rad=math.radians(given.azimuth_deg),
            azimuth_within_rad=math.radians(given.azimuth_within_deg),
        )
        for notice_id, given in file.notices.items()
    )


def _place(given: PlaceFile) -> Place:
    return place_of(given.title, math.radians(given.lat_deg), math.radians(given.lon_deg), given.alt_m)


def _aim(
    group: GroupFile,
    places: Mapping[str, PlaceFile],
    cities: Cities,
    state_at: Callable[[float, float], str | None],
) -> tuple[Place, str]:
    if group.aim.place is not None:
        given = places[group.aim.place]
        place = _place(given)
        return place, given.state or state_at(place.lat_rad, place.lon_rad) or ""
    row = find_city(cities, group.aim.city or "", group.aim.state or "")
    assert row is not None  # checked before
    place = place_of(cities.name[row], float(cities.lat_rad[row]), float(cities.lon_rad[row]), 0.0)
    return place, cities.country[row]


def find_city(cities: Cities, name: str, state: str) -> int | None:
    """Return the row of a city (the largest of that name in the state, accents aside), or None."""
    asked = _bare(name)
    rows = [i for i, n in enumerate(cities.name) if cities.country[i] == state and _bare(n) == asked]
    return max(rows, key=lambda i: int(cities.population[i]), default=None)


def _bare(name: str) -> str:
    """Return a name in small letters without accents: İzmir and Izmir are one place."""
    parts = unicodedata.normalize("NFKD", name)
    return "".join(c for c in parts if not unicodedata.combining(c)).casefold()


def build_threats(
    missiles: tuple[Missile, ...], catalogue: Catalogue, knobs: Knobs
) -> tuple[tuple[ThreatClass, ...], tuple[Source, ...]]:
    """Return the classes in use in id order, and their sources."""
    used = {m.class_id for m in missiles}
    entries = [e for e in catalogue.threats if e.id in used]
    sources = {key: source for e in entries for key, source in e.sources}

    def known(entry: ThreatEntry) -> Value:
        return lambda prefix, title, given: knobs.quantity(prefix, title, given, entry.sources)

    return tuple(_threat(e, known(e)) for e in entries), tuple(sources[key] for key in sorted(sources))


def shipped_threats(catalogue: Catalogue) -> tuple[ThreatClass, ...]:
    """Return every missile class of the catalogue at its middle values, in id order, used by a scenario or not."""
    return tuple(_threat(e, lambda prefix, title, given: given.mid) for e in catalogue.threats if e.kind in MISSILES)


def _threat(entry: ThreatEntry, take: Value) -> ThreatClass:
    prefix = f"threats.{entry.id}"

    def value(given: Quantity) -> float:
        return take(prefix, entry.title, given)

    def stage(i: int, given: ThreatStage) -> RocketStage:
        def part(q: Quantity) -> float:
            return take(f"{prefix}.stage-{i + 1}", f"{entry.title}, stage {i + 1}", q)

        return RocketStage(
            thrust_n=part(given.thrust_n),
            isp_s=part(given.isp_s),
            dry_mass_kg=part(given.dry_mass_kg),
            propellant_mass_kg=part(given.propellant_mass_kg),
            diameter_m=part(given.diameter_m),
            drag_coefficient=part(given.drag_coefficient),
        )

    return ThreatClass(
        id=entry.id,
        title=entry.title,
        stages=tuple(stage(i, s) for i, s in enumerate(entry.stages)),
        payload_mass_kg=value(entry.payload_mass_kg),
        ballistic_coefficient_kg_m2=value(entry.ballistic_coefficient_kg_m2),
        rcs_m2=value(entry.rcs_m2),
        body_rcs_m2=value(entry.body_rcs_m2),
        broadside_rcs_m2=None if entry.broadside_rcs_m2 is None else value(entry.broadside_rcs_m2),
        separates=entry.separates,
    )
