"""The nouns of a scenario, as frozen values in SI units and radians.

Built only by `edge.schema`, which checks the files people write; nothing here validates again. Positions are
Earth-centred, Earth-fixed (ECEF, WGS-84), metres; angles radians; times seconds after the scenario's start.
Read `Scenario` at the bottom first.
"""

from typing import Literal

import msgspec

from diptych.model.arrangement import Arrangement, Stage
from diptych.model.catalogue import TestRecord
from diptych.model.conduct import Conduct
from diptych.model.sources import Assumption, Source
from diptych.model.tracker import SHIPPED, TrackerSettings
from diptych.model.trust import SHIPPED as SHIPPED_TRUST
from diptych.model.trust import TrustSettings

Vec3 = tuple[float, float, float]
Doctrine = Literal["shoot-look-shoot", "salvo"]
MODES = ("organic", "launch-on-remote", "engage-on-remote")
"""Ways of using data, from the narrowest to the widest: each may do what those before it may."""


class Place(msgspec.Struct, frozen=True):
    """A named point: geodetic latitude and longitude, height above the ellipsoid, and the same as ECEF."""

    name: str
    lat_rad: float
    lon_rad: float
    alt_m: float
    ecef_m: Vec3


class Party(msgspec.Struct, frozen=True):
    """One side: its states at the scenario's date. `states` are ISO 3166 alpha-2 codes, sorted."""

    id: str
    title: str
    states: tuple[str, ...]


class Radar(msgspec.Struct, frozen=True):
    """A radar by loop gain: at `reference_range_m` a target of `reference_rcs_m2` gives 13.18 dB in one track dwell.

    Energy in a search dwell is smaller: its reference range is `search_range_factor` times as long (<= 1).
    `range_error_m` and `angle_error_rad` are standard deviations at that reference signal-to-noise ratio; no strength
    makes them smaller than `error_floor` times these. `owner` and `host` are state codes (`host` is None at sea and in
    space).

    The field of view reaches `az_half_width_rad` to either side of `boresight_az_rad` and is shared evenly by `faces`
    flat faces tilted back by `tilt_rad`; 0 faces: the antenna turns with its beam. A beam goes no further than
    `scan_limit_rad` off its face and loses cos(angle)^`scan_loss_exponent` there. Search covers elevations up to
    `search_el_max_rad`. `track_capacity_hz` is how many track looks a second all objects share. `range_rate_error_mps`
    is one sigma at the reference ratio, or None where no range rate is measured. `swerling` 0 to 4, `false_alarm` for
    each resolution cell and dwell, `pulses` added without phase.
    """

    id: str
    class_id: str
    owner: str
    host: str | None
    place: Place
    boresight_az_rad: float
    az_half_width_rad: float
    el_min_rad: float
    el_max_rad: float
    reference_range_m: float
    reference_rcs_m2: float
    search_range_factor: float
    search_revisit_s: float
    track_revisit_s: float
    range_error_m: float
    angle_error_rad: float
    cue_latency_s: float
    beamwidth_rad: float
    range_resolution_m: float
    track_capacity_hz: float
    site: str = ""
    availability: float = 1.0
    false_alarm: float = 1e-6
    swerling: int = 1
    pulses: int = 1
    error_floor: float = 0.3
    faces: int = 0
    tilt_rad: float = 0.0
    scan_limit_rad: float = 3.141592653589793
    scan_loss_exponent: float = 0.0
    search_el_max_rad: float = 1.5707963267948966
    range_rate_error_mps: float | None = None


class Infrared(msgspec.Struct, frozen=True):
    """Space warning of one owner: sees each launch after a delay, with an error of the launch point.

    `delay_s` is the not-known middle, `delay_spread` the relative chance spread (lognormal sigma). It counts from the
    launch, or, where `cloud_top_m` is given, from the last of the `scans` (one each `scan_s`) that a report needs with
    the object above the cloud tops. `cue_latency_s` passes from the report until the complex has it.
    `launch_point_error_m` (one sigma, each way) adds to what `line_of_sight_error_rad` makes on the ground seen from
    geostationary height over `satellite_lon_rad` (None: no line of sight is modelled).
    """

    id: str
    class_id: str
    owner: str
    delay_s: float
    delay_spread: float
    launch_point_error_m: float
    site: str = ""
    availability: float = 1.0
    cue_latency_s: float = 0.0
    cloud_top_m: float | None = None
    scan_s: float = 0.0
    scans: int = 0
    line_of_sight_error_rad: float = 0.0
    satellite_lon_rad: float | None = None


class InterceptorClass(msgspec.Struct, frozen=True):
    """A class of interceptors; both sides draw from one table.

    `kind` is `midcourse` (boosted fly-out) or `dome` (lower tier: ground range, floor, ceiling, mean speed).
    `kill_probability` is the not-known value used in this run, `records` its tests beside it, and
    `common_cause_fraction` the share of failures that hit every shot of the class at an object alike.
    `handover_s` before the intercept the seeker takes over: until then the aim point may be moved by `divert_m`,
    and then the object may lie `basket_m` from it. `modes` are those of `MODES` in service on the scenario's date.
    `doctrine`: `shoot-look-shoot` fires `salvo` at a time and looks, up to `max_shots` at one object; `salvo` fires
    once and never again. `burnout_speed_reading` is one of `kernels.flyout.READINGS`.
    """

    id: str
    title: str
    kind: str
    burnout_speed_mps: float
    boost_s: float
    dead_time_s: float
    floor_m: float
    ceiling_m: float
    ground_range_m: float
    mean_speed_mps: float
    kill_probability: float
    salvo: int
    assess_delay_s: float
    assess_error: float
    basket_m: float
    common_cause_fraction: float = 0.0
    divert_m: float = 0.0
    handover_s: float = 0.0
    doctrine: Doctrine = "shoot-look-shoot"
    max_shots: int = 99
    modes: tuple[str, ...] = ("engage-on-remote",)
    records: tuple[TestRecord, ...] = ()
    burnout_speed_reading: str = "surface"


class Battery(msgspec.Struct, frozen=True):
    """A firing unit: interceptors of one class at one place.

    `radars` are the places in the scenario of the fire-control radars that guide it; `site` is the site it belongs to,
    in service in a replicate with the chance `availability` (drawn once for everything of the site).
    """

    id: str
    class_id: str
    owner: str
    host: str | None
    place: Place
    magazine: int
    radars: tuple[int, ...] = ()
    site: str = ""
    availability: float = 1.0


class RocketStage(msgspec.Struct, frozen=True):
    """One stage of a threat class: thrust N, specific impulse s, masses kg, diameter m, drag coefficient."""

    thrust_n: float
    isp_s: float
    dry_mass_kg: float
    propellant_mass_kg: float
    diameter_m: float
    drag_coefficient: float


class ThreatClass(msgspec.Struct, frozen=True):
    """A generic missile class by range.

    `rcs_m2` is the payload's cross-section nose-on, `broadside_rcs_m2` from the side (None: the same). Until burnout,
    and for good where the payload does not separate, radars see the whole missile: `body_rcs_m2` (None: as `rcs_m2`).
    """

    id: str
    title: str
    stages: tuple[RocketStage, ...]
    payload_mass_kg: float
    ballistic_coefficient_kg_m2: float
    rcs_m2: float
    body_rcs_m2: float | None = None
    broadside_rcs_m2: float | None = None
    separates: bool = True


class Missile(msgspec.Struct, frozen=True):
    """One object of the raid: class, launch point, aim point, time, trajectory shape.

    `aim_state` is the state the aim point lies in; `group` the line of the raid it came from. `apogee_m` is the height
    a lofted or depressed flight rises to where that is known (None: the shape's own).
    """

    id: str
    class_id: str
    launch: Place
    aim: Place
    aim_state: str
    launch_s: float
    shape: str
    group: str = ""
    apogee_m: float | None = None


class Notice(msgspec.Struct, frozen=True):
    """A launch announced beforehand: within a distance of a place, between two times, in a direction give or take.

    The direction is that from launch to impact, from north; a launch agrees with a notice when all three do.
    """

    id: str
    place: Place
    within_m: float
    from_s: float
    to_s: float
    azimuth_rad: float
    azimuth_within_rad: float


class DebrisModel(msgspec.Struct, frozen=True):
    """What falls besides the payloads: ballistic coefficients, and the mass that meets the object.

    Fragments of an intercept scatter about `fragment_beta_kg_m2` by a factor (one sigma of the logarithm); a spent
    stage tumbles with `spent_stage_beta_kg_m2`.
    """

    fragment_beta_kg_m2: float
    fragment_beta_spread: float
    kill_vehicle_kg: float
    spent_stage_beta_kg_m2: float


class Scenario(msgspec.Struct, frozen=True):
    """Everything a run needs, complete and resolved.

    `state_party` maps a state code to its party; `assumptions` lists every not-known number with the value used;
    `digest` is a hash of the resolved file. `arrangements` are the ones to compare, in report order. `notices` are
    public: every complex holds them before the first launch. Without `debris` nothing but payloads is flown.
    `conducts` are the labels of those to run, `behaviours` what they are; `trust` is how a complex judges a partner.
    """

    id: str
    title: str
    marking: str
    date: str
    digest: str
    parties: tuple[Party, ...]
    radars: tuple[Radar, ...]
    infrareds: tuple[Infrared, ...]
    batteries: tuple[Battery, ...]
    interceptor_classes: tuple[InterceptorClass, ...]
    threat_classes: tuple[ThreatClass, ...]
    raid: tuple[Missile, ...]
    stages: tuple[Stage, ...]
    arrangements: tuple[Arrangement, ...]
    conducts: tuple[str, ...]
    risk_radius_m: float
    launch_error_mps: float
    assumptions: tuple[Assumption, ...]
    sources: tuple[Source, ...]
    notes: tuple[str, ...] = ()
    tracker: TrackerSettings = SHIPPED
    notices: tuple[Notice, ...] = ()
    debris: DebrisModel | None = None
    behaviours: tuple[Conduct, ...] = ()
    trust: TrustSettings = SHIPPED_TRUST

    def party_of(self, state: str | None) -> str | None:
        """Return the party a state belongs to at the scenario's date, or None."""
        for party in self.parties:
            if state in party.states:
                return party.id
        return None
