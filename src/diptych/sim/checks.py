"""Lint rules that need physics or geography: what a scenario says against what can happen. Pure.

Each rule is a function of the scenario and the world it stands in, and yields findings; `CHECKS` is the table of all
names, severities and meanings, those of the file rules (checked while loading) too. An *error* means the scenario
cannot be run as written, a *warning* that a result would mislead, a *note* something to know.
"""

import math
from collections.abc import Callable, Iterator
from typing import Literal

import msgspec

from diptych.kernels.earth import ecef_to_aer, geodetic_to_ecef
from diptych.kernels.status import OK
from diptych.model.arrangement import Arrangement
from diptych.model.geography import Territory, state_at, states_in_ellipse
from diptych.model.scenario import Battery, Missile, Radar, Scenario, ThreatClass
from diptych.sim.prepare import spent_of
from diptych.truth.reach import steer, unreached

Severity = Literal["error", "warning", "note"]
SHORE_M = 15_000.0  # the raster's cells are some 10 km wide; a land site nearer to land than this is on land
LARGEST_LOOK_M = 100_000.0  # a battery counts as covered when a radar sees a point above it, at most this high

CHECKS: dict[str, tuple[Severity, str]] = {
    "form": ("error", "A file or key does not hold: unknown key, wrong type, missing reference"),
    "duplicate-id": ("error", "An id or key stands twice"),
    "before-accession": ("error", "A state is listed as a member before its accession"),
    "negative": ("error", "A number that cannot be negative is (a magazine, a delay)"),
    "low-above-high": ("error", "A range runs backwards"),
    "no-source": ("error", "A number that an analyst could question names no source"),
    "raid-out-of-reach": ("error", "A missile cannot reach its aim point, or flies past it"),
    "site-in-sea": ("error", "A land site stands in the sea"),
    "site-outside-host": ("warning", "A land site stands in another state than its host"),
    "sensor-not-in-service": ("warning", "A site chosen by name is not in service on the scenario's date"),
    "stage-on-party": ("note", "A spent stage comes down on a party's land that is not aimed at"),
    "aim-outside-parties": ("warning", "A missile is aimed at a state of no party; nobody is responsible for it"),
    "battery-uncovered": ("warning", "No radar of the battery's own party sees the air above it"),
    "battery-empty": ("warning", "A battery has no interceptors"),
    "battery-unguided": ("warning", "A battery has no fire-control radar and no mode on that date that does without"),
    "member-undefended": ("warning", "A state that is aimed at has no battery of its party in reach"),
    "members-undefended": ("note", "States of a party without a battery in reach, aimed at by nobody"),
    "delay-without-range": ("warning", "A delay that nobody knows has one value and no range"),
    "value-outside-range": ("warning", "A value in use lies outside the range its source states"),
    "role-unused": ("warning", "An arrangement names a role that no path and no wait asks"),
    "deputy-of-other-party": ("warning", "A wait passes a complex's case to somebody of a party it does not serve"),
    "fires-by-silence": ("note", "An arrangement lets a complex fire because somebody stayed silent"),
    "arrangement-identical": ("note", "Two arrangements cannot differ on any scenario: the same rules under two names"),
}


class Finding(msgspec.Struct, frozen=True):
    """One thing a check found: its name, severity, where in the file (`path` of keys) and what.

    `file`, `line` and `column` are filled in at the edge, which knows where keys stand.
    """

    check: str
    severity: Severity
    path: tuple[str | int, ...]
    text: str
    file: str = ""
    line: int = 0
    column: int = 0


class Surroundings(msgspec.Struct, frozen=True, eq=False):
    """What checks know beside the scenario: the map of states, and every threat class that could be named instead."""

    territory: Territory
    threats: tuple[ThreatClass, ...]


Rule = Callable[[Scenario, Surroundings], Iterator[Finding]]


def check_scenario(scenario: Scenario, around: Surroundings) -> tuple[Finding, ...]:
    """Return what every rule finds, in the order of `RULES`."""
    return tuple(finding for rule in RULES for finding in rule(scenario, around))


def _finding(check: str, path: tuple[str | int, ...], text: str) -> Finding:
    return Finding(check, CHECKS[check][0], path, text)


# --- the raid -----------------------------------------------------------------------------------------------


def raid_in_reach(scenario: Scenario, around: Surroundings) -> Iterator[Finding]:
    """Steer each different flight of the raid as a run would, and say by how far it fails."""
    threats = {t.id: t for t in scenario.threat_classes}
    seen = set()
    for missile in scenario.raid:
        key = (missile.class_id, missile.launch, missile.aim, missile.shape)
        if key in seen:
            continue
        seen.add(key)
        steering = steer(missile, threats[missile.class_id])
        if steering.status != OK:
            text = unreached(missile, steering, around.threats)
            yield _finding("raid-out-of-reach", ("raid", missile.group), text)


def stages_come_down(scenario: Scenario, around: Surroundings) -> Iterator[Finding]:
    """Name the parties on whose land a spent stage is planned to fall, other than the state that is aimed at."""
    threats = {t.id: t for t in scenario.threat_classes}
    for missile in _first_of_groups(scenario):
        for spent in spent_of(missile, threats[missile.class_id], scenario.debris):
            state = state_at(around.territory, spent.lat_rad, spent.lon_rad)
            party = scenario.party_of(state)
            if party is not None and state != missile.aim_state:
                text = f"stage {spent.stage} of {missile.id} comes down in {state} ({party}); no sensor sees stages"
                yield _finding("stage-on-party", ("raid", missile.group), text)


def aims_inside_parties(scenario: Scenario, around: Surroundings) -> Iterator[Finding]:
    """Every aim point should be somebody's."""
    for missile in _first_of_groups(scenario):
        if scenario.party_of(missile.aim_state) is None:
            where = missile.aim_state or "no state"
            text = f"expected an aim in a state of a party, found {missile.aim.name} ({where}); nobody answers for it"
            yield _finding("aim-outside-parties", ("raid", missile.group, "aim"), text)


def _first_of_groups(scenario: Scenario) -> tuple[Missile, ...]:
    return tuple({m.group: m for m in reversed(scenario.raid)}.values())[::-1]


# --- sites --------------------------------------------------------------------------------------------------


def sites_on_land(scenario: Scenario, around: Surroundings) -> Iterator[Finding]:
    """A site with a host stands on land, and in that state."""
    seen = set()
    assets: tuple[Radar | Battery, ...] = (*scenario.radars, *scenario.batteries)
    for asset in assets:
        if asset.host is None or asset.place in seen:
            continue
        seen.add(asset.place)
        place = asset.place
        near = states_in_ellipse(around.territory, place.lat_rad, place.lon_rad, SHORE_M, SHORE_M, 0.0)
        at = f"{math.degrees(place.lat_rad):.2f}, {math.degrees(place.lon_rad):.2f}"
        if not near:
            text = f"expected {asset.id} on land (its host is {asset.host}), found the sea at {at}; correct the place"
            yield _finding("site-in-sea", _asset_path(asset), text)
        elif asset.host not in near:
            text = (
                f"expected {asset.id} in its host {asset.host}, found {', '.join(near)} at {at}; correct host or place"
            )
            yield _finding("site-outside-host", _asset_path(asset), text)


def _asset_path(asset: Radar | Battery) -> tuple[str | int, ...]:
    return ("assets", "add", asset.id.removesuffix("-battery"))


def batteries_covered(scenario: Scenario, around: Surroundings) -> Iterator[Finding]:
    """Some radar of the same party should see the air above each battery."""
    classes = {c.id: c for c in scenario.interceptor_classes}
    for battery in scenario.batteries:
        if battery.magazine == 0:
            yield _finding("battery-empty", _asset_path(battery), f"expected interceptors at {battery.id}, found none")
        kind = classes[battery.class_id]
        height_m = 0.5 * (kind.floor_m + min(kind.ceiling_m, LARGEST_LOOK_M))
        above = geodetic_to_ecef(battery.place.lat_rad, battery.place.lon_rad, battery.place.alt_m + height_m)
        own = [r for r in scenario.radars if scenario.party_of(r.owner) == scenario.party_of(battery.owner)]
        if not any(_is_seen(radar, above) or radar.place == battery.place for radar in own):
            text = (
                f"expected a radar of its party to see {height_m / 1e3:.0f} km above {battery.id}, found none; add one"
            )
            yield _finding("battery-uncovered", _asset_path(battery), text)


def _is_seen(radar: Radar, point_ecef_m: tuple[float, float, float]) -> bool:
    """Whether a point lies in a radar's field of view and reference range."""
    place = radar.place
    azimuth, elevation, range_m = ecef_to_aer(*point_ecef_m, place.lat_rad, place.lon_rad, place.alt_m)
    off = abs((azimuth - radar.boresight_az_rad + math.pi) % (2.0 * math.pi) - math.pi)
    in_view = off <= radar.az_half_width_rad and radar.el_min_rad <= elevation <= radar.el_max_rad
    return in_view and range_m <= radar.reference_range_m


def batteries_guided(scenario: Scenario, around: Surroundings) -> Iterator[Finding]:
    """A battery without a fire-control radar of its own can fire only if its class engages on remote by that date."""
    modes = {c.id: c.modes for c in scenario.interceptor_classes}
    for battery in scenario.batteries:
        if not battery.radars and "engage-on-remote" not in modes[battery.class_id]:
            has = ", ".join(modes[battery.class_id]) or "no mode"
            text = (
                f"expected a fire-control radar for {battery.id}: {battery.class_id} on {scenario.date} knows {has}, "
                "and each needs one; it cannot fire. Add a sensor at its site, or name one in `fire_control`"
            )
            yield _finding("battery-unguided", _asset_path(battery), text)


def members_defended(scenario: Scenario, around: Surroundings) -> Iterator[Finding]:
    """Every state that is aimed at should have a battery of its party in reach of some of its territory."""
    reach = {c.id: c.ground_range_m for c in scenario.interceptor_classes}
    aimed = {m.aim_state: m for m in reversed(scenario.raid)}
    for party in scenario.parties:
        defended: set[str] = set()
        for battery in scenario.batteries:
            if scenario.party_of(battery.owner) == party.id and battery.magazine > 0:
                place, range_m = battery.place, reach[battery.class_id]
                defended.update(
                    states_in_ellipse(around.territory, place.lat_rad, place.lon_rad, range_m, range_m, 0.0)
                )
        bare = [s for s in party.states if s not in defended]
        for state in bare:
            if state in aimed:
                text = f"expected a battery of {party.id} in reach of {state} (aim of {aimed[state].id}), found none"
                yield _finding("member-undefended", ("raid", aimed[state].group), text)
        others = [s for s in bare if s not in aimed]
        if others:
            text = f"no battery of {party.id} reaches {', '.join(others)}; nothing is aimed there"
            yield _finding("members-undefended", ("parties", party.id), text)


# --- numbers and arrangements -------------------------------------------------------------------------------


def delays_have_ranges(scenario: Scenario, around: Surroundings) -> Iterator[Finding]:
    """No public source gives delays, so each must be a range; and values in use should lie inside their ranges."""
    known = {a.key: a for a in scenario.assumptions}
    acts = {s.act for a in scenario.arrangements for c in a.consents for s in c.steps}
    keys = [f"stages.{act}.time_s" for act in sorted(acts)]
    keys += [f"infrareds.{infrared.owner.lower()}.delay_s" for infrared in scenario.infrareds]
    for key in keys:
        if key not in known or known[key].low == known[key].high:
            text = f"expected low < high for {key}, found one value; state how far off it may be"
            yield _finding("delay-without-range", ("assumptions", key), text)
    for item in scenario.assumptions:
        if item.low < item.high and not item.low <= item.used <= item.high:
            text = f"expected {item.key} from {item.low:g} to {item.high:g}, found {item.used:g}; say why in `notes`"
            yield _finding("value-outside-range", ("assumptions", item.key), text)


def arrangements_differ(scenario: Scenario, around: Surroundings) -> Iterator[Finding]:
    """Two arrangements with the same rules give the same results on the same luck."""
    first: dict[bytes, str] = {}  # a rule of engagement holds a dictionary, so records are told apart by their text
    for arrangement in scenario.arrangements:
        bare = msgspec.json.encode(nameless(arrangement), order="deterministic")
        if bare in first:
            text = f"{arrangement.id} and {first[bare]} have the same rules; their results are the same by construction"
            yield _finding("arrangement-identical", ("arrangements",), text)
        first.setdefault(bare, arrangement.id)


def nameless(arrangement: Arrangement) -> Arrangement:
    """Return an arrangement without what cannot change a run on its own: names, texts, sources, standing notices.

    Launch notices are ahead-of-time notices of own launches; a raid that nobody announces is unchanged by them.
    """
    holders: dict[str, str] = {}

    def role(name: str) -> str:
        return holders.setdefault(name, f"role-{len(holders)}")

    consents = []
    for consent in arrangement.consents:
        steps = tuple(
            msgspec.structs.replace(s, roles=tuple(role(r) for r in s.roles), rule=consent.kind) for s in consent.steps
        )
        waits = tuple(msgspec.structs.replace(w, to_role=role(w.to_role) if w.to_role else "") for w in consent.waits)
        consents.append(msgspec.structs.replace(consent, steps=steps, waits=waits))
    return msgspec.structs.replace(
        arrangement,
        id="",
        title="",
        treaty=(),
        treaty_source=None,
        sources=(),
        claims=(),
        joined=0,
        complexes=tuple(msgspec.structs.replace(c, title="") for c in arrangement.complexes),
        centres=tuple(msgspec.structs.replace(c, title="") for c in arrangement.centres),
        sharing=tuple(
            msgspec.structs.replace(s, agreed_by="owner") for s in arrangement.sharing if s.product != "launch-notice"
        ),
        consents=tuple(consents),
        participation=(),
        legal=None,
        deliberations=(),
        stops=(),
    )


RULES: tuple[Rule, ...] = (
    raid_in_reach,
    stages_come_down,
    aims_inside_parties,
    sites_on_land,
    batteries_covered,
    batteries_guided,
    members_defended,
    delays_have_ranges,
    arrangements_differ,
)
