"""The language of scenario files, in people's units; `edge.build` turns a checked file into a `Scenario` record.

Things with an id are mappings keyed by it (`raid`, `places`, `assets.add`), so that ids are unique by form, errors
name them, and a file that `extends` another changes one by naming it and drops one with `null`.
"""

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Discriminator, Field, Tag, model_validator

from diptych.edge.schema.base import Code, Count, Id, IsoDate, NamedError, Number, SourceFile, Strictly, Text
from diptych.edge.schema.stages import TimeRange

Lat = Annotated[Number, Field(ge=-90, le=90)]
Lon = Annotated[Number, Field(ge=-180, le=180)]
Azimuth = Annotated[Number, Field(ge=0, le=360)]


class AmountFile(Strictly):
    """A number with its source: one value, or low, mid and high of what is not known."""

    value: Number | None = None
    low: Number | None = None
    mid: Number | None = None
    high: Number | None = None
    source: Id = Field(description="An id of `sources`")

    @model_validator(mode="before")
    @classmethod
    def _is_no_bare_number(cls, value: object) -> object:
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            raise ValueError(
                f"expected the number with its source, found {value:g} alone; write {{value: {value:g}, source: ID}}"
            )
        return value

    @model_validator(mode="after")
    def _has_one_form(self) -> "AmountFile":
        given = [x for x in (self.low, self.mid, self.high) if x is not None]
        if (self.value is None) != (len(given) == 3) or (self.value is not None and given):
            raise ValueError("expected either `value` or `low`, `mid` and `high`, found another mix; keep one form")
        if len(given) == 3 and given != sorted(given):
            shown = ", ".join(f"{x:g}" for x in given)
            raise NamedError("low-above-high", f"expected low <= mid <= high, found {shown}; put them in order")
        if min((x for x in (self.value, self.low) if x is not None), default=0.0) < 0:
            low = min(x for x in (self.value, self.low) if x is not None)
            raise NamedError("negative", f"expected a number of at least 0, found {low:g}; correct it")
        return self

    def bounds(self) -> tuple[float, float, float]:
        """Return low, mid, high (equal for one value)."""
        if self.value is not None:
            return (self.value, self.value, self.value)
        return (self.low or 0.0, self.mid or 0.0, self.high or 0.0)


class AmountRange(TimeRange):
    """Another range for a not-known quantity than the catalogue's, with its source."""

    source: Id


def _form(value: object) -> str:
    if isinstance(value, str):
        return "form:word"
    return "form:range" if isinstance(value, (dict, AmountRange)) else "form:number"


Assumed = Annotated[
    Annotated[Number, Tag("form:number")]
    | Annotated[
        Literal["low", "mid", "high", "shoot-look-shoot", "salvo", "ideal", "surface", "achieved"], Tag("form:word")
    ]
    | Annotated[AmountRange, Tag("form:range")],
    Discriminator(_form),
]


def _member_words(value: object) -> object:
    if isinstance(value, str):
        if value != "nato":
            raise ValueError(f"expected `nato` or a list of state codes, found {value!r}; put codes in brackets")
        return ()
    return value


class PartyFile(Strictly):
    """One side: its member states at the scenario's date."""

    title: Text
    members: Annotated[
        tuple[Code, ...], BeforeValidator(_member_words, json_schema_input_type=Literal["nato"] | list[str])
    ] = Field(description="`nato` (all members on the date) or state codes")
    alliance: Literal["nato", "none"] = Field(
        "nato", description="`none`: a list that holds NATO members may hold others too"
    )


class PlaceFile(Strictly):
    """A named point: launch areas, and aim points that are no city."""

    title: Text
    lat_deg: Lat
    lon_deg: Lon
    alt_m: Number = Field(0.0, ge=-500, le=9000)
    state: Code | None = Field(None, description="State it lies in; left out: looked up")
    source: Id


class AimFile(Strictly):
    """Where a missile is aimed: a city of the catalogue, or a place of this file."""

    city: Text | None = None
    state: Code | None = None
    place: Id | None = None

    @model_validator(mode="after")
    def _has_one_form(self) -> "AimFile":
        if (self.place is None) == (self.city is None) or (self.city is None) != (self.state is None):
            raise ValueError(
                "expected `city` and `state`, or `place`, found another mix; write {city: Ankara, state: TR}"
            )
        return self


class GroupFile(Strictly):
    """A line of the raid: missiles of one class from one place to one aim."""

    class_: Id = Field(alias="class", description="Threat class of the catalogue")
    launch: Id = Field(description="An id of `places`")
    aim: AimFile
    count: Count = Field(1, ge=1, le=50)
    start_s: Number = Field(ge=0, le=7200, description="Launch of the first, seconds after the scenario's start")
    spacing_s: Number = Field(30.0, ge=0, le=3600, description="Between launches of the group (and of --raid-size)")
    shape: Literal["minimum-energy", "lofted", "depressed"] = "minimum-energy"
    apogee_km: Number | None = Field(None, gt=0, le=5000, description="Height to rise to, where known; not the shape's")
    source: Id

    @model_validator(mode="after")
    def _rises_by_shape(self) -> "GroupFile":
        if self.apogee_km is not None and self.shape == "minimum-energy":
            raise ValueError(
                "expected shape `lofted` or `depressed` with apogee_km, found minimum-energy; add the shape"
            )
        return self


class NoticeFile(Strictly):
    """A launch announced beforehand; every complex holds it before the first launch."""

    place: Id = Field(description="An id of `places`: where it will be launched")
    within_km: Number = Field(50.0, gt=0, le=1000, description="The launch point lies within this distance")
    from_s: Number = Field(ge=-86400, le=86400, description="Earliest launch, seconds after the scenario's start")
    to_s: Number = Field(ge=-86400, le=86400, description="Latest launch")
    azimuth_deg: Azimuth = Field(description="Direction from launch to impact, from north")
    azimuth_within_deg: Number = Field(15.0, gt=0, le=180, description="Give or take")
    source: Id

    @model_validator(mode="after")
    def _runs_forward(self) -> "NoticeFile":
        if self.to_s < self.from_s:
            raise ValueError(f"expected from_s <= to_s, found {self.from_s:g} and {self.to_s:g}; exchange them")
        return self


class AddedFile(Strictly):
    """An asset that is in no catalogue: one sensor, one magazine, or both at one place."""

    title: Text
    kind: Literal["land", "sea", "space"]
    owner: Code
    host: Code | None = Field(None, description="State it stands in; land only")
    lat_deg: Lat | None = None
    lon_deg: Lon | None = None
    alt_m: Number = Field(0.0, ge=-500, le=9000)
    sensor: Id | None = Field(None, description="Sensor class of the catalogue")
    azimuth_deg: Azimuth | None = Field(None, description="Where a flat face looks; left out: all round")
    interceptor: Id | None = Field(None, description="Interceptor class of the catalogue")
    ready_count: AmountFile | None = None
    fire_control: tuple[Id, ...] = Field((), description="Other sites whose radars guide the interceptors here")
    source: Id

    @model_validator(mode="after")
    def _is_whole(self) -> "AddedFile":
        if self.sensor is None and self.interceptor is None:
            raise ValueError("expected `sensor`, `interceptor` or both, found neither; add one")
        if (self.interceptor is None) != (self.ready_count is None):
            raise ValueError(
                "expected `ready_count` with `interceptor` and only then, found one alone; add or remove it"
            )
        if (self.kind == "space") != (self.lat_deg is None) or (self.lat_deg is None) != (self.lon_deg is None):
            raise ValueError(
                "expected lat_deg and lon_deg on land and at sea (none in space), found other; correct them"
            )
        if (self.kind == "land") != (self.host is not None):
            found = "none" if self.host is None else self.host
            raise ValueError(
                f"expected `host` (the state it stands in) on land only, found {found} with {self.kind}; correct it"
            )
        return self


class ChangeFile(Strictly):
    """What a scenario changes at a catalogue site, with its source."""

    lat_deg: Lat | None = None
    lon_deg: Lon | None = None
    alt_m: Number | None = Field(None, ge=-500, le=9000)
    azimuth_deg: Azimuth | None = None
    ready_count: AmountFile | None = None
    source: Id


def _site_words(value: object) -> object:
    if isinstance(value, str):
        if value not in ("in-service", "none"):
            raise ValueError(
                f"expected `in-service`, `none` or a list of site ids, found {value!r}; put ids in brackets"
            )
        return ()
    return value


class AssetsFile(Strictly):
    """Sensors and interceptors: from the catalogue by date or by name, changed, and added."""

    sites: Annotated[
        tuple[Id, ...], BeforeValidator(_site_words, json_schema_input_type=Literal["in-service", "none"] | list[str])
    ] = Field((), description="`in-service` (all catalogue sites in service on the date), `none`, or site ids")
    leave_out: tuple[Id, ...] = Field((), alias="leave-out", description="Sites of those to leave out")
    change: dict[Id, ChangeFile] = Field(default_factory=dict)
    add: dict[Id, AddedFile] = Field(default_factory=dict)


def _arrangement_words(value: object) -> object:
    if isinstance(value, str):
        if value != "all":
            raise ValueError(
                f"expected `all` or a list of names, files or texts, found {value!r}; put names in brackets"
            )
        return ()
    if isinstance(value, (list, tuple)):
        for item in value:
            if not isinstance(item, (str, dict)):
                raise ValueError(f"expected names, files or whole arrangements, found {item!r}; write a name")
    return value


def _conduct_words(value: object) -> object:
    if isinstance(value, str):
        if value != "all":
            raise ValueError(f"expected `all` or a list of names or files, found {value!r}; put names in brackets")
        return ("all",)
    if isinstance(value, (list, tuple)):
        for item in value:
            if not isinstance(item, (str, dict)):
                raise ValueError(f"expected names, files or whole conducts, found {item!r}; write a name")
    return value


class ScenarioFile(Strictly):
    """A scenario: who, with what, against which raid, compared under which arrangements."""

    schema_: Literal["diptych/scenario/1"] = Field(alias="schema", description="Always the first line")
    id: Id
    title: Text
    marking: Text = Field(description="Appears on every output")
    date: IsoDate = Field(description="Decides memberships and which sites are in service")
    parties: dict[Id, PartyFile] = Field(min_length=1)
    assets: AssetsFile
    places: dict[Id, PlaceFile] = Field(default_factory=dict)
    notices: dict[Id, NoticeFile] = Field(default_factory=dict, description="Launches announced beforehand")
    raid: dict[Id, GroupFile] = Field(min_length=1)
    raid_size: Count | None = Field(None, ge=1, le=50, description="Trim or repeat the raid to this many missiles")
    arrangements: Annotated[
        tuple[Any, ...], BeforeValidator(_arrangement_words, json_schema_input_type=Literal["all"] | list[Any])
    ] = Field((), description="`all` shipped ones, or names, files, whole arrangements")
    conducts: Annotated[
        tuple[Any, ...], BeforeValidator(_conduct_words, json_schema_input_type=Literal["all"] | list[Any])
    ] = Field(
        ("cooperative",),
        min_length=1,
        description="`all` shipped ones, or names and files, with whose it is behind a colon (`silent:russia`)",
    )
    assumptions: dict[str, Assumed] = Field({}, description="Other values for not-known quantities, by key")
    launch_error_mps: AmountFile = Field(description="Error of the velocity at burnout, one sigma per axis")
    risk_radius_km: Number = Field(5.0, gt=0, le=100, description="People within this distance of an impact count")
    notes: tuple[Text, ...] = ()
    sources: dict[Id, SourceFile] = Field(default_factory=dict)
