"""Radars, space warning, batteries and their classes: from catalogue sites and what a scenario changes or adds.

Ids: a site with one radar gives a radar of the site's id, with several `<site>-1`, `<site>-2`; its interceptors are
`<site>-battery` where the site has radars too, else the site's id. Classes are those in use only. A battery is guided
by the radars of its own site and of those its file names.
"""

import math
from collections.abc import Mapping
from typing import Any

import msgspec

from diptych.edge.schema.knobs import Knobs
from diptych.edge.schema.scenario import AddedFile, AmountFile, ChangeFile, ScenarioFile
from diptych.edge.schema.sensors import build_infrared, build_radar
from diptych.kernels.earth import geodetic_to_ecef
from diptych.model.catalogue import (
    Catalogue,
    Cited,
    Fact,
    InterceptorEntry,
    Magazine,
    Mode,
    Quantity,
    SiteEntry,
    SiteSensor,
)
from diptych.model.scenario import MODES, Battery, Infrared, InterceptorClass, Party, Place, Radar
from diptych.model.sources import Source

READING = Source(
    "Kernel of the fly-out (kernels/flyout.py), page on interceptors",
    grade="assumed",
    note="Sources do not say what a published burnout speed is the speed of. Surface: what the same energy would give "
    "on the ground, as closed forms take it; achieved: over the ground at burnout; ideal: before gravity and drag.",
)


class Assets(msgspec.Struct, frozen=True):
    """What a scenario's files give: records in id order."""

    radars: tuple[Radar, ...]
    infrareds: tuple[Infrared, ...]
    batteries: tuple[Battery, ...]
    interceptor_classes: tuple[InterceptorClass, ...]
    sources: tuple[Source, ...]


def place_of(name: str, lat_rad: float, lon_rad: float, alt_m: float) -> Place:
    """Return a place with its ECEF position."""
    x, y, z = geodetic_to_ecef(lat_rad, lon_rad, alt_m)
    return Place(name, lat_rad, lon_rad, alt_m, (float(x), float(y), float(z)))


def chosen_sites(file: ScenarioFile, word: object, catalogue: Catalogue, parties: tuple[Party, ...]) -> list[SiteEntry]:
    """Return the catalogue sites of a scenario in id order; `word` is what stands at `assets.sites` in the file."""
    states = {s for p in parties for s in p.states}
    if word == "in-service":
        found = [s for s in catalogue.sites if s.in_service_on(file.date) and s.owner in states]
    else:
        found = [s for s in catalogue.sites if s.id in file.assets.sites]
    return [s for s in found if s.id not in file.assets.leave_out]


def build_assets(
    file: ScenarioFile,
    sites: list[SiteEntry],
    catalogue: Catalogue,
    sources: Mapping[str, Source],
    knobs: Knobs,
) -> Assets:
    """Return the records of all assets; every value in use passes through `knobs`."""
    sites = [_changed(s, file.assets.change.get(s.id), sources) for s in sites]
    sites += [_entry_of(i, a, sources) for i, a in sorted(file.assets.add.items())]
    radars: list[Radar] = []
    infrareds: list[Infrared] = []
    batteries: list[Battery] = []
    guides: dict[str, frozenset[str]] = {}
    sensors = {e.id: e for e in catalogue.sensors}
    interceptors = {e.id: e for e in catalogue.interceptors}
    cited: dict[str, Source] = {}
    for site in sorted(sites, key=lambda s: s.id):
        if not _is_available(site, knobs):
            continue
        cited.update(site.sources)
        faces = [s for s in site.sensors if sensors[s.sensor_class].kind == "radar"]
        for face in site.sensors:
            entry = sensors[face.sensor_class]
            cited.update(entry.sources)
            if entry.kind == "infrared":
                infrareds.append(build_infrared(site, entry, _availability(site, knobs), knobs))
            else:
                number = f"-{faces.index(face) + 1}" if len(faces) > 1 else ""
                radars.append(
                    build_radar(
                        f"{site.id}{number}", site, face, entry, _place(site, knobs), _availability(site, knobs), knobs
                    )
                )
        for i, magazine in enumerate(site.interceptors):
            number = f"-{i + 1}" if len(site.interceptors) > 1 else ""
            suffix = "-battery" if faces else ""
            batteries.append(_battery(f"{site.id}{suffix}{number}", site, magazine, knobs))
            guides[batteries[-1].id] = frozenset({site.id, *site.fire_control})
            cited.update(interceptors[magazine.interceptor_class].sources)
    used = sorted({b.class_id for b in batteries})
    radars.sort(key=lambda r: r.id)
    guided = (
        msgspec.structs.replace(b, radars=tuple(i for i, r in enumerate(radars) if r.site in guides[b.id]))
        for b in batteries
    )
    return Assets(
        radars=tuple(radars),
        infrareds=tuple(sorted(infrareds, key=lambda r: r.id)),
        batteries=tuple(sorted(guided, key=lambda b: b.id)),
        interceptor_classes=tuple(_interceptor(interceptors[i], file.date, knobs) for i in used),
        sources=tuple(cited[i] for i in sorted(cited)),
    )


def _is_available(site: SiteEntry, knobs: Knobs) -> bool:
    """Whether a site counts: one whose availability in use is 0 is left out."""
    return _availability(site, knobs) > 0.0


def _availability(site: SiteEntry, knobs: Knobs) -> float:
    """Return the chance that a site works in a replicate; 1 where its file says nothing."""
    return 1.0 if site.availability is None else _value(site, site.availability, knobs)


def _value(site: SiteEntry, given: Quantity | None, knobs: Knobs) -> float:
    return 0.0 if given is None else knobs.quantity(f"sites.{site.id}", site.title, given, site.sources)


def _place(site: SiteEntry, knobs: Knobs) -> Place:
    lat, lon, alt = (_value(site, q, knobs) for q in (site.lat_rad, site.lon_rad, site.alt_m))
    return place_of(site.title, lat, lon, alt)


def _battery(battery_id: str, site: SiteEntry, magazine: Magazine, knobs: Knobs) -> Battery:
    return Battery(
        id=battery_id,
        class_id=magazine.interceptor_class,
        owner=site.owner,
        host=site.host,
        place=_place(site, knobs),
        magazine=round(_value(site, magazine.ready_count, knobs)),
        site=site.id,
        availability=_availability(site, knobs),
    )


def _interceptor(entry: InterceptorEntry, date: str, knobs: Knobs) -> InterceptorClass:
    def value(name: str) -> float:
        given = getattr(entry, name)
        if given is None:
            return 0.0  # not of this kind: a dome has no boost, a flown-out one no mean speed
        assert isinstance(given, Quantity)
        if name == "kill_probability" and entry.records:
            said = given.note or dict(entry.sources)[given.source].note
            given = msgspec.structs.replace(given, note=f"{said} {_tests(entry)}".strip())
        return knobs.quantity(f"interceptors.{entry.id}", entry.title, given, entry.sources)

    key = f"interceptors.{entry.id}"
    told = entry.salvo  # the source that states how many are fired at once states the doctrine too
    stated = msgspec.structs.replace(dict(entry.sources)[told.source], grade=told.grade, weak=told.weak, note=told.note)
    doctrine = knobs.choose(f"{key}.doctrine", f"{entry.title}: shot doctrine", entry.doctrine, stated, is_known=True)
    reading = "surface"
    if entry.kind == "midcourse":
        title = f"{entry.title}: what the published burnout speed is the speed of"
        reading = knobs.choose(f"{key}.burnout_speed_reading", title, reading, READING, is_known=False)
    return InterceptorClass(
        id=entry.id,
        title=entry.title,
        kind=entry.kind,
        burnout_speed_mps=value("burnout_speed_mps"),
        boost_s=value("boost_s"),
        dead_time_s=value("dead_time_s"),
        floor_m=value("floor_m"),
        ceiling_m=value("ceiling_m"),
        ground_range_m=value("ground_range_m"),
        mean_speed_mps=value("mean_speed_mps"),
        kill_probability=value("kill_probability"),
        salvo=round(value("salvo")),
        assess_delay_s=value("assess_delay_s"),
        assess_error=value("assess_error_probability"),
        basket_m=value("basket_m"),
        common_cause_fraction=value("common_cause_fraction"),
        divert_m=value("divert_m"),
        handover_s=value("handover_s"),
        doctrine="salvo" if doctrine == "salvo" else "shoot-look-shoot",
        burnout_speed_reading=reading,
        max_shots=round(value("max_shots_count")),
        modes=tuple(m for m in MODES if any(m == given.mode and _is_in_use(given, date) for given in entry.modes)),
        records=entry.records,
    )


def _is_in_use(mode: Mode, date: str) -> bool:
    """Whether a mode was in service on a date (YYYY-MM-DD)."""
    return mode.from_date is None or mode.from_date <= date


def _tests(entry: InterceptorEntry) -> str:
    """Return the test record of a class in words, for the note beside its kill probability."""
    told = "; ".join(f"{r.label} {r.successes} of {r.attempts}" for r in entry.records)
    return f"Tests: {told}. Scripted tests are no single-shot probability."


# --- changes and additions, in the catalogue's own form ------------------------------------------------------


def _quantity(key: str, unit: str, bounds: tuple[float, float, float], source_id: str, source: Source) -> Quantity:
    low, mid, high = (math.radians(b) if unit == "deg" else float(b) for b in bounds)
    return Quantity(key, unit, mid, low, high, bounds, source_id, source.grade, source.weak, source.note)


def _amount(key: str, given: AmountFile, sources: Mapping[str, Source]) -> Quantity:
    return _quantity(key, "", given.bounds(), given.source, sources[given.source])


def _changed(site: SiteEntry, change: ChangeFile | None, sources: Mapping[str, Source]) -> SiteEntry:
    """Return a site with what the scenario says in place of what the catalogue says."""
    if change is None:
        return site
    source = sources[change.source]
    cited = {**dict(site.sources), change.source: source}
    fields: dict[str, Any] = {}
    for key, unit, field in (("lat_deg", "deg", "lat_rad"), ("lon_deg", "deg", "lon_rad"), ("alt_m", "m", "alt_m")):
        given = getattr(change, key)
        if given is not None:
            fields[field] = _quantity(key, unit, (given, given, given), change.source, source)
    if change.azimuth_deg is not None:
        turned = _quantity("azimuth_deg", "deg", (change.azimuth_deg,) * 3, change.source, source)
        fields["sensors"] = tuple(SiteSensor(s.sensor_class, turned) for s in site.sensors)
    if change.ready_count is not None:
        cited[change.ready_count.source] = sources[change.ready_count.source]
        count = _amount("ready_count", change.ready_count, sources)
        fields["interceptors"] = tuple(Magazine(m.interceptor_class, count) for m in site.interceptors)
    return msgspec.structs.replace(site, sources=tuple(sorted(cited.items())), **fields)


def _entry_of(asset_id: str, given: AddedFile, sources: Mapping[str, Source]) -> SiteEntry:
    """Return an added asset as a site entry, so that it is built like any other."""
    source = sources[given.source]

    def one(key: str, unit: str, value: float | None) -> Quantity | None:
        return None if value is None else _quantity(key, unit, (value, value, value), given.source, source)

    cited: Cited = ((given.source, source),)
    magazines: tuple[Magazine, ...] = ()
    sensors: tuple[SiteSensor, ...] = ()
    if given.sensor is not None:
        sensors = (SiteSensor(given.sensor, one("azimuth_deg", "deg", given.azimuth_deg)),)
    if given.interceptor is not None and given.ready_count is not None:
        magazines = (Magazine(given.interceptor, _amount("ready_count", given.ready_count, sources)),)
        cited = (*cited, (given.ready_count.source, sources[given.ready_count.source]))
    return SiteEntry(
        id=asset_id,
        title=given.title,
        kind="space" if given.kind == "space" else "ship" if given.kind == "sea" else "radar",
        owner=given.owner,
        host=given.host,
        ownership=Fact("ownership", given.owner, given.source, source.grade),
        in_service_from=Fact("in_service_from", "0000-00-00", given.source, source.grade),
        in_service_until=None,
        sensors=sensors,
        interceptors=magazines,
        sources=cited,
        lat_rad=one("lat_deg", "deg", given.lat_deg),
        lon_rad=one("lon_deg", "deg", given.lon_deg),
        alt_m=one("alt_m", "m", given.alt_m),
        fire_control=given.fire_control,
    )
