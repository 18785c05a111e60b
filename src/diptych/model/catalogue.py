"""The catalogue: classes of threats, interceptors and sensors, dated sites, states, each number with its source.

Values are in SI units and radians; `Quantity.key` keeps the key and unit people wrote. A class is generic: both
sides draw from one table, and a side differs by its sites and their dates only. Files and checks live in
`edge.catalogue` and `edge.schema.entries`; nothing is computed here beyond looking things up.

Read `Source`, then `Quantity`, then the classes, then `Site`, `State` and `Catalogue`.
"""

from typing import Literal

import msgspec

from diptych.model.sources import Grade, Source

ThreatKind = Literal["srbm", "mrbm", "irbm", "icbm", "sounding-rocket", "interceptor"]
MISSILES: tuple[ThreatKind, ...] = ("srbm", "mrbm", "irbm", "icbm")
"""The kinds that are weapons against the ground; the others fly in scenarios of benign launches."""
Cited = tuple[tuple[str, Source], ...]


class Claim(msgspec.Struct, frozen=True):
    """One of several values that sources give for the same thing: `value` in SI, `written` in the file's unit."""

    value: float
    written: float
    source: str
    grade: Grade
    weak: bool = False
    note: str = ""


class Quantity(msgspec.Struct, frozen=True):
    """One number of the catalogue in SI units and radians.

    `mid` is the shipped default. `low` and `high` bound what is not known (not a distribution) and equal `mid` where
    the file gives one value. `key` and `unit` are those of the file, `written` is (low, mid, high) in that unit.
    `source` is an id in the entry's `sources`; `claims` lists every value where sources disagree, else it is empty.
    """

    key: str
    unit: str
    mid: float
    low: float
    high: float
    written: tuple[float, float, float]
    source: str
    grade: Grade
    weak: bool = False
    note: str = ""
    claims: tuple[Claim, ...] = ()

    @property
    def is_range(self) -> bool:
        """Whether the value is not known exactly."""
        return self.low != self.high


class Fact(msgspec.Struct, frozen=True):
    """A text value (a date as YYYY-MM-DD, a code) with its source; dates compare as text."""

    key: str
    value: str
    source: str
    grade: Grade
    weak: bool = False
    note: str = ""
    claims: tuple[str, ...] = ()


class TestRecord(msgspec.Struct, frozen=True):
    """Intercept tests of a class: `successes` of `attempts`. A record is not a single-shot probability."""

    __test__ = False  # keeps pytest from collecting the class

    label: str
    successes: int
    attempts: int
    source: str


class Mode(msgspec.Struct, frozen=True):
    """A way of using data: `organic`, `launch-on-remote` or `engage-on-remote`, from a date on (None = always)."""

    mode: str
    source: str
    from_date: str | None = None
    note: str = ""


class ThreatStage(msgspec.Struct, frozen=True):
    """One powered stage: thrust (N), specific impulse (s), masses (kg), diameter (m), drag coefficient (1)."""

    thrust_n: Quantity
    isp_s: Quantity
    dry_mass_kg: Quantity
    propellant_mass_kg: Quantity
    diameter_m: Quantity
    drag_coefficient: Quantity


class ThreatEntry(msgspec.Struct, frozen=True):
    """A generic missile class; `separates` says whether the payload leaves the last stage."""

    id: str
    title: str
    kind: ThreatKind
    separates: bool
    stages: tuple[ThreatStage, ...]
    payload_mass_kg: Quantity
    ballistic_coefficient_kg_m2: Quantity
    rcs_m2: Quantity
    body_rcs_m2: Quantity
    max_range_m: Quantity
    sources: Cited
    min_range_m: Quantity | None = None
    broadside_rcs_m2: Quantity | None = None
    note: str = ""


class InterceptorEntry(msgspec.Struct, frozen=True):
    """A generic interceptor class.

    `kind` is `dome` (straight flight at `mean_speed_mps` inside ground range, floor and ceiling) or `midcourse`
    (flown out: `boost_s` to `burnout_speed_mps`, then free flight; ground range and ceiling cap the reach table).
    """

    id: str
    title: str
    kind: Literal["midcourse", "dome"]
    dead_time_s: Quantity
    floor_m: Quantity
    ceiling_m: Quantity
    ground_range_m: Quantity
    kill_probability: Quantity
    common_cause_fraction: Quantity
    salvo: Quantity
    assess_delay_s: Quantity
    assess_error_probability: Quantity
    basket_m: Quantity
    divert_m: Quantity
    handover_s: Quantity
    max_shots_count: Quantity
    doctrine: Literal["shoot-look-shoot", "salvo"]
    modes: tuple[Mode, ...]
    sources: Cited
    burnout_speed_mps: Quantity | None = None
    boost_s: Quantity | None = None
    mean_speed_mps: Quantity | None = None
    records: tuple[TestRecord, ...] = ()
    note: str = ""


class SensorEntry(msgspec.Struct, frozen=True):
    """A generic sensor class.

    `kind` `radar`: at `reference_range_m` one track look at `reference_rcs_m2` gives 13.18 dB (detection 0.9 at false
    alarm 1e-6 on a steady echo); in search that range is `search_range_factor` times as long (<= 1). Instead of these
    three the entry may state the parts of the radar equation (`average_power_w` to `search_dwell_s`), and instead of
    `search_revisit_s` how long a search dwells on a beam and its share of the time. Errors are one sigma at that ratio
    and scale with 1/sqrt(SNR) down to `error_floor_fraction` of it.

    `kind` `infrared`: `delay_s` from launch to the first report (or, with `cloud_top_m`, from the last scan needed),
    `delay_spread` its chance spread (lognormal sigma), `launch_point_error_m` one sigma beside the line of sight's.
    """

    id: str
    title: str
    kind: Literal["radar", "infrared"]
    cue_latency_s: Quantity
    sources: Cited
    reference_range_m: Quantity | None = None
    reference_rcs_m2: Quantity | None = None
    search_range_factor: Quantity | None = None
    az_half_width_rad: Quantity | None = None
    el_min_rad: Quantity | None = None
    el_max_rad: Quantity | None = None
    search_revisit_s: Quantity | None = None
    track_revisit_s: Quantity | None = None
    range_error_m: Quantity | None = None
    angle_error_rad: Quantity | None = None
    beamwidth_rad: Quantity | None = None
    range_resolution_m: Quantity | None = None
    track_capacity_hz: Quantity | None = None
    error_floor_fraction: Quantity | None = None
    swerling_case: Quantity | None = None
    false_alarm_probability: Quantity | None = None
    pulses_count: Quantity | None = None
    faces_count: Quantity | None = None
    tilt_rad: Quantity | None = None
    scan_limit_rad: Quantity | None = None
    scan_loss_exponent: Quantity | None = None
    search_el_max_rad: Quantity | None = None
    search_share_fraction: Quantity | None = None
    range_rate_error_mps: Quantity | None = None
    average_power_w: Quantity | None = None
    aperture_m2: Quantity | None = None
    efficiency_fraction: Quantity | None = None
    frequency_hz: Quantity | None = None
    noise_temperature_k: Quantity | None = None
    loss_db: Quantity | None = None
    dwell_s: Quantity | None = None
    search_dwell_s: Quantity | None = None
    cloud_top_m: Quantity | None = None
    scan_period_s: Quantity | None = None
    scans_count: Quantity | None = None
    line_of_sight_error_rad: Quantity | None = None
    satellite_lon_rad: Quantity | None = None
    delay_s: Quantity | None = None
    delay_spread: Quantity | None = None
    launch_point_error_m: Quantity | None = None
    note: str = ""


class SiteSensor(msgspec.Struct, frozen=True):
    """A sensor at a site: its class and where it looks (None: all round, or a satellite)."""

    sensor_class: str
    azimuth_rad: Quantity | None = None


class Magazine(msgspec.Struct, frozen=True):
    """Interceptors at a site: their class and how many are ready."""

    interceptor_class: str
    ready_count: Quantity


class SiteEntry(msgspec.Struct, frozen=True):
    """A dated deployment. `host` is None at sea and in space; `until` None means no end is known.

    `fire_control` names other sites whose radars guide the interceptors here, beside radars of the site itself;
    `availability` is the chance that the site works at a given time.
    """

    id: str
    title: str
    kind: Literal["radar", "battery", "ship", "land-interceptors", "space"]
    owner: str
    host: str | None
    ownership: Fact
    in_service_from: Fact
    in_service_until: Fact | None
    sensors: tuple[SiteSensor, ...]
    interceptors: tuple[Magazine, ...]
    sources: Cited
    lat_rad: Quantity | None = None
    lon_rad: Quantity | None = None
    alt_m: Quantity | None = None
    availability: Quantity | None = None
    fire_control: tuple[str, ...] = ()
    note: str = ""

    def in_service_on(self, date: str) -> bool:
        """Say whether the site works on `date` (YYYY-MM-DD, both ends included)."""
        until = self.in_service_until
        return self.in_service_from.value <= date and (until is None or date <= until.value)


class State(msgspec.Struct, frozen=True):
    """A state: ISO 3166-1 alpha-2 `code` (XK for Kosovo), numeric code of the border data, NATO accession date."""

    code: str
    name: str
    numeric: str
    nato_since: Fact | None = None


class Catalogue(msgspec.Struct, frozen=True):
    """Everything, each tuple in id order; `digest` is the SHA-256 of the files it was read from."""

    digest: str
    threats: tuple[ThreatEntry, ...]
    interceptors: tuple[InterceptorEntry, ...]
    sensors: tuple[SensorEntry, ...]
    sites: tuple[SiteEntry, ...]
    states: tuple[State, ...]
    state_sources: Cited

    def members_on(self, date: str) -> tuple[str, ...]:
        """Return the codes of the NATO members on `date` (YYYY-MM-DD), in code order."""
        return tuple(s.code for s in self.states if s.nato_since is not None and s.nato_since.value <= date)
