"""The catalogue files people write: threats, interceptors, sensors, sites, states and shared sources.

Sensors are in `edge.schema.sensors`. One class per kind of file: which keys it has and what must hold between them.
`to_record` gives the frozen records of `model.catalogue` in SI and radians, with the sources the entry names. How one
number or text is written, its unit and its source, is in `edge.schema.quantities`; finding and reading the files is
in `edge.catalogue`.
"""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field, model_validator

from diptych.edge.schema.base import Strictly
from diptych.edge.schema.quantities import (
    FactFile,
    IsoDate,
    QuantityFile,
    SourceFile,
    Sources,
    find_source,
    unit_of,
)
from diptych.model import catalogue as records

Id = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
Code = Annotated[str, Field(pattern=r"^[A-Z]{2}$")]


class Entry(Strictly):
    """What every entry has: its schema line, id, title, sources of its own and a note."""

    schema_: str = Field(alias="schema")
    id: Id
    title: str = Field(min_length=3)
    note: str = ""
    sources: dict[Id, SourceFile] = Field(default_factory=dict)

    def _known(self, shared: Sources) -> dict[str, SourceFile]:
        return {**shared, **self.sources}


def quantities_of(model: BaseModel, sources: Sources) -> dict[str, Any]:
    """Return record key -> quantity for every quantity field that is set."""
    found: dict[str, Any] = {}
    for key in type(model).model_fields:
        value = getattr(model, key)
        if isinstance(value, QuantityFile):
            found[unit_of(key)[2]] = value.to_record(key, sources)
    return found


def cited_in(used: object, sources: Sources) -> records.Cited:
    """Return (id, source) of every source the records in `used` name, in id order."""
    ids: set[str] = set()

    def walk(item: object) -> None:
        if isinstance(item, (list, tuple)):
            for x in item:
                walk(x)
        elif isinstance(item, dict):
            walk(list(item.values()))
        elif hasattr(item, "__struct_fields__"):
            source = getattr(item, "source", None)
            if isinstance(source, str):
                ids.add(source)
            walk([getattr(item, f) for f in item.__struct_fields__])

    walk(used)
    return tuple((i, find_source(sources, i, "sources").to_record()) for i in sorted(ids))


class StageFile(Strictly):
    """One powered stage of a threat class."""

    thrust_kn: QuantityFile
    isp_s: QuantityFile
    dry_mass_kg: QuantityFile
    propellant_mass_kg: QuantityFile
    diameter_m: QuantityFile
    drag_coefficient: QuantityFile


class ThreatFile(Entry):
    """`data/threats/<id>.yaml`."""

    schema_: Literal["diptych/threat/1"] = Field(alias="schema")
    kind: Literal["srbm", "mrbm", "irbm", "icbm", "sounding-rocket", "interceptor"]
    separates: bool
    stages: tuple[StageFile, ...] = Field(min_length=1)
    payload_mass_kg: QuantityFile
    ballistic_coefficient_kg_m2: QuantityFile
    rcs_m2: QuantityFile
    body_rcs_m2: QuantityFile
    broadside_rcs_m2: QuantityFile | None = None
    max_range_km: QuantityFile
    min_range_km: QuantityFile | None = None

    def to_record(self, shared: Sources) -> records.ThreatEntry:
        """Return the record in SI."""
        known = self._known(shared)
        stages = tuple(records.ThreatStage(**quantities_of(s, known)) for s in self.stages)
        quantities = quantities_of(self, known)
        return records.ThreatEntry(
            id=self.id,
            title=self.title,
            kind=self.kind,
            separates=self.separates,
            stages=stages,
            note=self.note,
            sources=cited_in([stages, quantities], known),
            **quantities,
        )


class TestFile(Strictly):
    """Intercept tests: so many successes of so many attempts."""

    label: str
    successes: int = Field(ge=0)
    attempts: int = Field(ge=1)
    source: str


class ModeFile(Strictly):
    """A way of using data, from a date on."""

    mode: Literal["organic", "launch-on-remote", "engage-on-remote"]
    source: str
    from_date: IsoDate | None = None
    note: str = ""


class InterceptorFile(Entry):
    """`data/interceptors/<id>.yaml`."""

    schema_: Literal["diptych/interceptor/1"] = Field(alias="schema")
    kind: Literal["midcourse", "dome"]
    burnout_speed_kmps: QuantityFile | None = None
    boost_s: QuantityFile | None = None
    mean_speed_kmps: QuantityFile | None = None
    dead_time_s: QuantityFile
    floor_km: QuantityFile
    ceiling_km: QuantityFile
    ground_range_km: QuantityFile
    kill_probability: QuantityFile
    common_cause_fraction: QuantityFile
    salvo: QuantityFile
    assess_delay_s: QuantityFile
    assess_error_probability: QuantityFile
    basket_km: QuantityFile
    divert_km: QuantityFile
    handover_s: QuantityFile
    max_shots_count: QuantityFile
    doctrine: Literal["shoot-look-shoot", "salvo"]
    modes: tuple[ModeFile, ...] = Field(min_length=1)
    test_records: tuple[TestFile, ...] = ()

    @model_validator(mode="after")
    def _speeds_fit_the_kind(self) -> "InterceptorFile":
        flown = self.burnout_speed_kmps is not None and self.boost_s is not None
        if self.kind == "midcourse" and not (flown and self.mean_speed_kmps is None):
            raise ValueError("kind midcourse: expected burnout_speed_kmps and boost_s, and no mean_speed_kmps")
        if self.kind == "dome" and (self.mean_speed_kmps is None or flown):
            raise ValueError("kind dome: expected mean_speed_kmps, and no burnout_speed_kmps or boost_s")
        return self

    def to_record(self, shared: Sources) -> records.InterceptorEntry:
        """Return the record in SI."""
        known = self._known(shared)
        modes = tuple(records.Mode(m.mode, m.source, m.from_date, m.note) for m in self.modes)
        tests = tuple(records.TestRecord(t.label, t.successes, t.attempts, t.source) for t in self.test_records)
        quantities = quantities_of(self, known)
        return records.InterceptorEntry(
            id=self.id,
            title=self.title,
            kind=self.kind,
            modes=modes,
            doctrine=self.doctrine,
            records=tests,
            note=self.note,
            sources=cited_in([modes, tests, quantities], known),
            **quantities,
        )


class SiteSensorFile(Strictly):
    """A sensor at a site: its class, and the direction a flat face looks (leave out: all round, or in space)."""

    sensor: Id
    azimuth_deg: QuantityFile | None = None

    def to_record(self, known: Sources) -> records.SiteSensor:
        """Return the record in SI."""
        azimuth = None if self.azimuth_deg is None else self.azimuth_deg.to_record("azimuth_deg", known)
        return records.SiteSensor(self.sensor, azimuth)


class MagazineFile(Strictly):
    """Interceptors at a site."""

    interceptor: Id
    ready_count: QuantityFile


class SiteFile(Entry):
    """`data/sites/<id>.yaml`."""

    schema_: Literal["diptych/site/1"] = Field(alias="schema")
    kind: Literal["radar", "battery", "ship", "land-interceptors", "space"]
    owner: Code
    host: Code | None
    ownership: str = Field(description="id of the source for owner and host")
    in_service_from: FactFile
    in_service_until: FactFile | None = None
    lat_deg: QuantityFile | None = None
    lon_deg: QuantityFile | None = None
    alt_m: QuantityFile | None = None
    availability: QuantityFile | None = None
    fire_control: tuple[Id, ...] = Field((), description="Other sites whose radars guide the interceptors here")
    sensors: tuple[SiteSensorFile, ...] = ()
    interceptors: tuple[MagazineFile, ...] = ()

    @model_validator(mode="after")
    def _is_somewhere(self) -> "SiteFile":
        placed = [x is not None for x in (self.lat_deg, self.lon_deg, self.alt_m)]
        if self.kind == "space":
            if any(placed) or self.host is not None:
                raise ValueError("kind space: expected no place and host: null")
        elif not all(placed):
            raise ValueError("expected lat_deg, lon_deg and alt_m")
        if (self.kind in ("ship", "space")) != (self.host is None):
            raise ValueError("expected host: null at sea and in space, and a state code on land")
        if not self.sensors and not self.interceptors:
            raise ValueError("expected at least one sensor or interceptor")
        return self

    def to_record(self, shared: Sources) -> records.SiteEntry:
        """Return the record in SI."""
        known = self._known(shared)
        sensors = tuple(
            records.SiteSensor(
                s.sensor, None if s.azimuth_deg is None else s.azimuth_deg.to_record("azimuth_deg", known)
            )
            for s in self.sensors
        )
        magazines = tuple(
            records.Magazine(m.interceptor, m.ready_count.to_record("ready_count", known)) for m in self.interceptors
        )
        start = self.in_service_from.to_record("in_service_from", known)
        end = None if self.in_service_until is None else self.in_service_until.to_record("in_service_until", known)
        ownership = FactFile(value=f"{self.owner}/{self.host or '-'}", source=self.ownership).to_record(
            "ownership", known
        )
        quantities = quantities_of(self, known)
        return records.SiteEntry(
            id=self.id,
            title=self.title,
            kind=self.kind,
            owner=self.owner,
            host=self.host,
            ownership=ownership,
            in_service_from=start,
            in_service_until=end,
            sensors=sensors,
            interceptors=magazines,
            fire_control=self.fire_control,
            note=self.note,
            sources=cited_in([sensors, magazines, start, end, ownership, quantities], known),
            **quantities,
        )


class StateFile(Strictly):
    """One state of `data/states.yaml`."""

    name: str
    numeric: str = Field(pattern=r"^\d{3}$|^$")
    nato_since: FactFile | None = None


class StatesFile(Strictly):
    """`data/states.yaml`: states by ISO 3166-1 alpha-2 code."""

    schema_: Literal["diptych/states/1"] = Field(alias="schema")
    sources: dict[Id, SourceFile] = Field(default_factory=dict)
    states: dict[Code, StateFile]

    def to_records(self, shared: Sources) -> tuple[tuple[records.State, ...], records.Cited]:
        """Return the states in code order and the sources they name."""
        known = {**shared, **self.sources}
        states = tuple(
            records.State(
                code=code,
                name=s.name,
                numeric=s.numeric,
                nato_since=None if s.nato_since is None else s.nato_since.to_record("nato_since", known),
            )
            for code, s in sorted(self.states.items())
        )
        return states, cited_in(states, known)


class SharedSourcesFile(Strictly):
    """`data/sources.yaml`: sources that several entries name."""

    schema_: Literal["diptych/sources/1"] = Field(alias="schema")
    sources: dict[Id, SourceFile]
