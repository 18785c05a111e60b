"""The catalogue files of sensors, and the records a scenario makes of them.

A radar states its reach in one of two forms, loop gain or the parts of the radar equation, and its search in one of
two, the revisit or the time budget it follows from; a mixture is refused. `build_radar` and `build_infrared` turn an
entry at a site into the records of `model.scenario`, every number through `Knobs`.
"""

import math
from typing import Literal

from pydantic import Field, model_validator

from diptych.edge.schema.entries import Entry, cited_in, quantities_of
from diptych.edge.schema.knobs import Knobs, setting_problem
from diptych.edge.schema.quantities import QuantityFile, Sources
from diptych.kernels.looks import REFERENCE_SNR
from diptych.model import catalogue as records
from diptych.model.catalogue import Quantity, SensorEntry, SiteEntry, SiteSensor
from diptych.model.scenario import Infrared, Place, Radar
from diptych.sensing import equation

LOOP_GAIN = ("reference_range_km", "reference_rcs_m2", "search_range_factor")
PARTS = (
    "average_power_kw",
    "aperture_m2",
    "efficiency_fraction",
    "frequency_mhz",
    "noise_temperature_k",
    "loss_db",
    "dwell_s",
)
BUDGET = ("search_dwell_s", "search_share_fraction")
RADAR_NEEDS = (
    "az_half_width_deg",
    "el_min_deg",
    "el_max_deg",
    "track_revisit_s",
    "range_error_m",
    "angle_error_mrad",
    "error_floor_fraction",
    "beamwidth_mrad",
    "range_resolution_m",
    "track_capacity_hz",
    "swerling_case",
    "false_alarm_probability",
)
RADAR_MAY = (
    "search_revisit_s",
    "search_el_max_deg",
    "pulses_count",
    "faces_count",
    "tilt_deg",
    "scan_limit_deg",
    "scan_loss_exponent",
    "range_rate_error_mps",
)
RADAR_KEYS = (*RADAR_NEEDS, *LOOP_GAIN, *PARTS, *BUDGET, *RADAR_MAY)
INFRARED_NEEDS = ("delay_s", "delay_spread", "launch_point_error_km")
CLOUDS = ("cloud_top_km", "scan_period_s", "scans_count")
SIGHT = ("line_of_sight_error_mrad", "satellite_lon_deg")
INFRARED_KEYS = (*INFRARED_NEEDS, *CLOUDS, *SIGHT)


class SensorFile(Entry):
    """`data/sensors/<id>.yaml`."""

    schema_: Literal["diptych/sensor/1"] = Field(alias="schema")
    kind: Literal["radar", "infrared"]
    cue_latency_s: QuantityFile
    reference_range_km: QuantityFile | None = None
    reference_rcs_m2: QuantityFile | None = None
    search_range_factor: QuantityFile | None = None
    average_power_kw: QuantityFile | None = None
    aperture_m2: QuantityFile | None = None
    efficiency_fraction: QuantityFile | None = None
    frequency_mhz: QuantityFile | None = None
    noise_temperature_k: QuantityFile | None = None
    loss_db: QuantityFile | None = None
    dwell_s: QuantityFile | None = None
    az_half_width_deg: QuantityFile | None = None
    el_min_deg: QuantityFile | None = None
    el_max_deg: QuantityFile | None = None
    faces_count: QuantityFile | None = None
    tilt_deg: QuantityFile | None = None
    scan_limit_deg: QuantityFile | None = None
    scan_loss_exponent: QuantityFile | None = None
    search_el_max_deg: QuantityFile | None = None
    search_revisit_s: QuantityFile | None = None
    search_dwell_s: QuantityFile | None = None
    search_share_fraction: QuantityFile | None = None
    track_revisit_s: QuantityFile | None = None
    track_capacity_hz: QuantityFile | None = None
    beamwidth_mrad: QuantityFile | None = None
    range_resolution_m: QuantityFile | None = None
    range_error_m: QuantityFile | None = None
    angle_error_mrad: QuantityFile | None = None
    range_rate_error_mps: QuantityFile | None = None
    error_floor_fraction: QuantityFile | None = None
    swerling_case: QuantityFile | None = None
    false_alarm_probability: QuantityFile | None = None
    pulses_count: QuantityFile | None = None
    delay_s: QuantityFile | None = None
    delay_spread: QuantityFile | None = None
    cloud_top_km: QuantityFile | None = None
    scan_period_s: QuantityFile | None = None
    scans_count: QuantityFile | None = None
    launch_point_error_km: QuantityFile | None = None
    line_of_sight_error_mrad: QuantityFile | None = None
    satellite_lon_deg: QuantityFile | None = None

    @model_validator(mode="after")
    def _keys_fit_the_kind(self) -> "SensorFile":
        given = {k for k in (*RADAR_KEYS, *INFRARED_KEYS) if getattr(self, k) is not None}
        wanted, allowed = (RADAR_NEEDS, RADAR_KEYS) if self.kind == "radar" else (INFRARED_NEEDS, INFRARED_KEYS)
        missing = [k for k in wanted if k not in given]
        extra = sorted(given - set(allowed))
        if missing or extra:
            raise ValueError(
                f"kind {self.kind}: missing {', '.join(missing) or '-'}; not for it {', '.join(extra) or '-'}"
            )
        if self.kind == "radar":
            _check_forms(given)
        else:
            for group in (CLOUDS, SIGHT):
                if given & set(group) and not given >= set(group):
                    raise ValueError(f"expected all of {', '.join(group)}, or none of them")
        return self

    @model_validator(mode="after")
    def _numbers_make_sense(self) -> "SensorFile":
        for key in (*RADAR_KEYS, *INFRARED_KEYS, "cue_latency_s"):
            given = getattr(self, key)
            if isinstance(given, QuantityFile):
                for number in _numbers(given):
                    if text := setting_problem(key, number):
                        raise ValueError(f"{key}: {text}")
        if self.el_min_deg and self.el_max_deg and _mid(self.el_min_deg) >= _mid(self.el_max_deg):
            raise ValueError("expected el_min_deg below el_max_deg")
        if self.el_min_deg and self.search_el_max_deg and _mid(self.el_min_deg) >= _mid(self.search_el_max_deg):
            raise ValueError("expected el_min_deg below search_el_max_deg")
        return self

    def to_record(self, shared: Sources) -> records.SensorEntry:
        """Return the record in SI."""
        known = self._known(shared)
        quantities = quantities_of(self, known)
        return records.SensorEntry(
            id=self.id,
            title=self.title,
            kind=self.kind,
            note=self.note,
            sources=cited_in(quantities, known),
            **quantities,
        )


def _check_forms(given: set[str]) -> None:
    """Complain about a radar that mixes the two forms of its reach or of its search."""
    gain, parts = given & set(LOOP_GAIN), given & set(PARTS)
    if gain and parts:
        raise ValueError(
            f"expected either a loop gain ({', '.join(LOOP_GAIN)}) or the parts it follows from ({', '.join(PARTS)}, "
            f"search_dwell_s), found {', '.join(sorted(gain))} beside {', '.join(sorted(parts))}; leave one form out"
        )
    wanted = LOOP_GAIN if not parts else (*PARTS, "search_dwell_s")
    if missing := [k for k in wanted if k not in given]:
        raise ValueError(f"expected {', '.join(wanted)}, missing {', '.join(missing)}")
    is_budget = "search_share_fraction" in given
    if is_budget == ("search_revisit_s" in given):
        raise ValueError(
            "expected either search_revisit_s or the budget it follows from (search_dwell_s, search_share_fraction)"
        )
    if not parts and is_budget != ("search_dwell_s" in given):
        raise ValueError("expected search_dwell_s and search_share_fraction together")


def _numbers(given: QuantityFile) -> list[float]:
    """Return every number a quantity states."""
    plain = (given.value, given.low, given.mid, given.high)
    return [x for x in plain if x is not None] + [c.value for c in given.values]


def _mid(given: QuantityFile) -> float:
    """Return the shipped default of a quantity."""
    for number in (given.value, given.mid, given.default):
        if number is not None:
            return number
    raise AssertionError("a quantity has one of three forms")


# --- from an entry at a site to the records of a scenario ------------------------------------------------------


def build_radar(
    radar_id: str,
    site: SiteEntry,
    face: SiteSensor,
    entry: SensorEntry,
    place: Place,
    availability: float,
    knobs: Knobs,
) -> Radar:
    """Return a radar; one without a direction looks all round."""

    def given(name: str) -> float | None:
        quantity = getattr(entry, name)
        if not isinstance(quantity, Quantity):
            return None
        return knobs.quantity(f"sensors.{entry.id}", entry.title, quantity, entry.sources)

    def value(name: str, otherwise: float | None = None) -> float:
        found = given(name)
        found = otherwise if found is None else found
        assert found is not None  # a radar entry has what it needs: SensorFile
        return found

    is_all_round = face.azimuth_rad is None
    boresight = 0.0
    if face.azimuth_rad is not None:
        boresight = knobs.quantity(f"sites.{radar_id}", site.title, face.azimuth_rad, site.sources)
    half_width = value("az_half_width_rad")
    half_width = math.pi if is_all_round else half_width
    faces = round(value("faces_count", 1.0))
    el_min, el_max = value("el_min_rad"), value("el_max_rad")
    search_el_max = min(el_max, value("search_el_max_rad", el_max))
    beamwidth = value("beamwidth_rad")
    search_dwell = given("search_dwell_s")
    if entry.average_power_w is None:
        reference_range = value("reference_range_m")
        reference_rcs = value("reference_rcs_m2")
        search_factor = value("search_range_factor")
    else:
        dwell = value("dwell_s")
        reference_range = equation.reference_range_m(
            value("average_power_w"),
            value("aperture_m2"),
            value("efficiency_fraction"),
            value("frequency_hz"),
            value("noise_temperature_k"),
            value("loss_db"),
            dwell,
            REFERENCE_SNR,
        )
        reference_rcs = equation.REFERENCE_RCS_M2
        search_factor = min(1.0, math.sqrt(math.sqrt(value("search_dwell_s") / dwell)))
    revisit = given("search_revisit_s")
    if revisit is None:
        assert search_dwell is not None  # the other form: SensorFile
        beams = equation.search_beams(equation.solid_angle_sr(2.0 * half_width, el_min, search_el_max), beamwidth)
        revisit = equation.search_revisit_s(beams, search_dwell, value("search_share_fraction"))
    return Radar(
        id=radar_id,
        class_id=entry.id,
        owner=site.owner,
        host=site.host,
        place=place,
        boresight_az_rad=boresight,
        az_half_width_rad=half_width,
        el_min_rad=el_min,
        el_max_rad=el_max,
        reference_range_m=reference_range,
        reference_rcs_m2=reference_rcs,
        search_range_factor=search_factor,
        search_revisit_s=revisit,
        track_revisit_s=value("track_revisit_s"),
        range_error_m=value("range_error_m"),
        angle_error_rad=value("angle_error_rad"),
        cue_latency_s=value("cue_latency_s"),
        beamwidth_rad=beamwidth,
        range_resolution_m=value("range_resolution_m"),
        track_capacity_hz=value("track_capacity_hz"),
        site=site.id,
        availability=availability,
        false_alarm=value("false_alarm_probability"),
        swerling=round(value("swerling_case")),
        pulses=round(value("pulses_count", 1.0)),
        error_floor=value("error_floor_fraction"),
        faces=0 if is_all_round and faces == 1 else faces,
        tilt_rad=value("tilt_rad", 0.0),
        scan_limit_rad=value("scan_limit_rad", math.pi),
        scan_loss_exponent=value("scan_loss_exponent", 0.0),
        search_el_max_rad=search_el_max,
        range_rate_error_mps=given("range_rate_error_mps"),
    )


def build_infrared(site: SiteEntry, entry: SensorEntry, availability: float, knobs: Knobs) -> Infrared:
    """Return the space warning of one owner; keys are those of the side, so that each side can be set by itself."""

    def given(name: str) -> float | None:
        quantity = getattr(entry, name)
        if not isinstance(quantity, Quantity):
            return None
        return knobs.quantity(f"infrareds.{site.owner.lower()}", site.title, quantity, entry.sources)

    def value(name: str) -> float:
        found = given(name)
        assert found is not None  # an infrared entry has what it needs: SensorFile
        return found

    return Infrared(
        id=site.id,
        class_id=entry.id,
        owner=site.owner,
        delay_s=value("delay_s"),
        delay_spread=value("delay_spread"),
        launch_point_error_m=value("launch_point_error_m"),
        site=site.id,
        availability=availability,
        cue_latency_s=value("cue_latency_s"),
        cloud_top_m=given("cloud_top_m"),
        scan_s=given("scan_period_s") or 0.0,
        scans=round(given("scans_count") or 0.0),
        line_of_sight_error_rad=given("line_of_sight_error_rad") or 0.0,
        satellite_lon_rad=given("satellite_lon_rad"),
    )
