"""A made-up comparison for the tests of the report: structurally honest, numerically meaningless, never shipped."""

from __future__ import annotations

from math import inf, nan, radians

import numpy as np
from msgspec.structs import replace

from diptych.model.arrangement import Arrangement, Centre, Complex, Responsibility
from diptych.model.geography import DisputedLine, Outline
from diptych.model.record import Engagement, Event, Flight, ObjectFate, RunRecord, Shot
from diptych.model.result import (
    Comparison,
    Difference,
    Effect,
    Estimate,
    Loss,
    Metric,
    Obstruction,
    Sweep,
    SweepPoint,
)
from diptych.model.scenario import (
    Battery,
    InterceptorClass,
    Missile,
    Party,
    Place,
    Radar,
    RocketStage,
    Scenario,
    ThreatClass,
)
from diptych.model.sources import Assumption, Source
from diptych.report.page import ComparisonPage

SOURCE = Source(title="Made up for a test", grade="assumed")
PUBLISHED = Source(title="A page of 2012", url="https://example.org/2012", grade="published", weak=True, note="sample")
SHARE = Estimate(0.9, None, None, 200)
AIMS = (
    ("Bucharest", 44.43, 26.10, "RO"),
    ("Athens", 37.98, 23.73, "GR"),
    ("Volgograd", 48.71, 44.51, "RU"),
    ("Ankara", 39.93, 32.86, "TR"),
    ("Stavropol", 45.04, 41.97, "RU"),
    ("Warsaw", 52.23, 21.01, "PL"),
)


def place(name: str, lat: float, lon: float) -> Place:
    return Place(name=name, lat_rad=radians(lat), lon_rad=radians(lon), alt_m=0.0, ecef_m=(0.0, 0.0, 0.0))


def radar(ident: str, owner: str, name: str, lat: float, lon: float, azimuth: float, half: float) -> Radar:
    return Radar(
        id=ident,
        class_id="forward",
        owner=owner,
        host=owner,
        place=place(name, lat, lon),
        boresight_az_rad=radians(azimuth),
        az_half_width_rad=radians(half),
        el_min_rad=radians(2.0),
        el_max_rad=radians(85.0),
        reference_range_m=1_600_000.0,
        reference_rcs_m2=0.1,
        search_range_factor=0.8,
        search_revisit_s=5.0,
        track_revisit_s=1.0,
        range_error_m=20.0,
        angle_error_rad=0.001,
        cue_latency_s=3.0,
        beamwidth_rad=0.01,
        range_resolution_m=30.0,
        track_capacity_hz=20.0,
    )


def battery(ident: str, owner: str, name: str, lat: float, lon: float) -> Battery:
    return Battery(id=ident, class_id="m", owner=owner, host=owner, place=place(name, lat, lon), magazine=8)


def arrangement(ident: str, title: str, *, joint: bool = False, centres: tuple[str, ...] = ()) -> Arrangement:
    complexes = (
        (Complex("joint", "Unified complex", ("nato", "russia"), ()),)
        if joint
        else (Complex("nato", "NATO complex", ("nato",), ()), Complex("russia", "Russian complex", ("russia",), ()))
    )
    return Arrangement(
        id=ident,
        title=title,
        treaty=("Each defends itself.", "Nobody orders anybody."),
        treaty_source=PUBLISHED,
        sources=(),
        claims=(),
        complexes=complexes,
        centres=tuple(Centre(c, f"{c.capitalize()} centre", "data-fusion", ("nato", "russia")) for c in centres),
        sharing=(),
        responsibility=Responsibility(rule="own-territory", overlap="both-fire"),
        consents=(),
        partner_tracks="none",
    )


ARRANGEMENTS = (
    arrangement("alliance", "Alliance of its members, Russia alone"),
    arrangement("separate", "Separate, with the standing notices"),
    arrangement("coordinated", "Separate but coordinated, through two joint centres", centres=("fusion",)),
    arrangement("dual-key", "Unified, with two keys", joint=True),
    arrangement("single-operator", "Unified, one operator", joint=True),
)


def scenario(title: str = "Six missiles from the south", missiles: int = 6) -> Scenario:
    raid = tuple(
        Missile(
            id=f"M{i + 1:02d}",
            class_id="mrbm",
            launch=place("Area A" if i % 2 else "Area B", 33.0 + (i % 2), 48.0 + 3.0 * (i % 2)),
            aim=place(AIMS[i % 6][0], AIMS[i % 6][1], AIMS[i % 6][2]),
            aim_state=AIMS[i % 6][3],
            launch_s=20.0 * i,
            shape="minimum-energy",
        )
        for i in range(missiles)
    )
    return Scenario(
        id="sample",
        title=title,
        marking="EXERCISE · NOTIONAL DATA",
        date="2012-05-20",
        digest="sha256:0123456789abcdef",
        parties=(Party("nato", "NATO", ("GR", "PL", "RO", "TR")), Party("russia", "Russia", ("RU",))),
        radars=(
            radar("kurecik", "TR", "Kürecik", 38.3, 38.0, 120.0, 60.0),
            radar("armavir", "RU", "Armavir", 44.9, 41.0, 180.0, 60.0),
            radar("athens", "GR", "Attica", 38.1, 23.8, 0.0, 180.0),
        ),
        infrareds=(),
        batteries=(
            battery("ship", "GR", "Aegean ship", 38.5, 25.5),
            battery("deveselu", "RO", "Lower Danube", 43.8, 24.4),
            battery("rostov", "RU", "Rostov", 47.2, 39.7),
            battery("krasnodar", "RU", "Krasnodar", 45.0, 39.0),
        ),
        interceptor_classes=(
            InterceptorClass(
                "m", "Midcourse", "midcourse", 3000.0, 60.0, 10.0, 8e4, 6e5, 1e6, 0.0, 0.6, 1, 20.0, 0.1, 5000.0
            ),
        ),
        threat_classes=(
            ThreatClass("mrbm", "Medium range", (RocketStage(3e5, 230.0, 1e3, 1e4, 1.2, 0.3),), 750.0, 3000.0, 0.05),
        ),
        raid=raid,
        stages=(),
        arrangements=ARRANGEMENTS,
        conducts=("cooperative",),
        risk_radius_m=5000.0,
        launch_error_mps=1.0,
        assumptions=(
            Assumption("stages.second-key.time_s", "Turn a second key", "s", 30.0, 120.0, 600.0, 180.0, SOURCE),
            Assumption("stages.exchange.time_s", "Let a record out", "s", 5.0, 20.0, 60.0, 20.0, SOURCE),
            Assumption("interceptors.m.kill_probability", "Kill probability", "", 0.3, 0.6, 0.9, 0.6, PUBLISHED),
        ),
        sources=(PUBLISHED,),
    )


def flight(index: int, missile: Missile) -> Flight:
    share = np.linspace(0.0, 1.0, 60)
    lat = missile.launch.lat_rad + share * (missile.aim.lat_rad - missile.launch.lat_rad)
    lon = missile.launch.lon_rad + share * (missile.aim.lon_rad - missile.launch.lon_rad)
    height = 4 * 400e3 * share * (1 - share)
    return Flight(
        object=index,
        time_s=missile.launch_s + 840.0 * share,
        rad_m=np.column_stack((lat, lon, height)),
        launch_s=missile.launch_s,
        burnout_s=missile.launch_s + 110.0,
        apogee_m=400e3,
        impact_s=missile.launch_s + 840.0,
    )


def _event(
    time_s: float, kind: str, actor: str, index: int, other: str = "", text: str = "", value: float = nan
) -> Event:
    return Event(time_s, kind, actor, index, other, text, value)


def record(page_scenario: Scenario, one: Arrangement, replicate: int = 3) -> RunRecord:
    events: list[Event] = []
    engagements: list[Engagement] = []
    shots: list[Shot] = []
    fates: list[ObjectFate] = []
    is_joint = len(one.complexes) == 1
    for index, missile in enumerate(page_scenario.raid):
        t0 = missile.launch_s
        party = page_scenario.party_of(missile.aim_state) or "nato"
        owner = "joint" if is_joint else party
        firm = {"coordinated": 205.0, "dual-key": 200.0, "single-operator": 195.0}.get(one.id, 290.0)
        path = {"dual-key": 90.0 + 30.0 + 260.0, "alliance": 160.0}.get(one.id, 120.0)
        opens, closes = t0 + 240.0, t0 + 520.0
        released = t0 + firm + path
        reachable = index != 5
        events.append(_event(t0, "launch", "", index, "", "launch"))
        for complex_ in one.complexes:
            mine = complex_.id == owner
            delay = 0.0 if mine else 30.0
            warned, seen, confirmed = t0 + 65.0, t0 + firm - 40 - delay, t0 + firm - delay
            events.append(_event(warned, "warned", complex_.id, index, "", "space infrared"))
            events.append(_event(seen, "detected", "kurecik", index, complex_.id, "first detection"))
            events.append(_event(confirmed, "confirmed", complex_.id, index, "", "firm track"))
            fired = mine and reachable and released < closes
            engagements.append(
                Engagement(
                    complex_id=complex_.id,
                    object=index,
                    warned_s=warned,
                    confirmed_s=confirmed,
                    evaluated_s=confirmed,
                    first_open_s=opens if mine and reachable else inf,
                    last_close_s=closes if mine and reachable else -inf,
                    released_s=released if fired else inf,
                    reason="released"
                    if fired
                    else "responsibility"
                    if not mine
                    else "consent"
                    if reachable
                    else "no-window",
                    rule="delegated:saceur" if mine else "watch:classify",
                    by_role="saceur" if party == "nato" else "duty-general",
                    action="intercept-over-own" if mine else "intercept-over-partner",
                    inputs=("own track",),
                    granted_s=released if mine else inf,
                )
            )
            if mine:
                begun = t0 + firm
                acts = [(f"{complex_.id}.watch", "classify", 90.0)]
                if one.id == "dual-key":
                    acts += [("nato-key", "authority", 30.0), ("russia-key", "second-key", 260.0)]
                else:
                    acts += [("saceur", "rule-lookup", path - 90.0)]
                for role, act, took in acts:
                    events.append(_event(begun, "asked", complex_.id, index, role, act, took))
                    begun += took
                    events.append(_event(begun, "answered", complex_.id, index, role, f"{act}: yes"))
        if one.centres:
            for sender, receiver, sent in (
                ("russia", "fusion", 135.0),
                ("fusion", "nato", 160.0),
                ("nato", "fusion", 210.0),
            ):
                events.append(
                    _event(t0 + sent, "shared", sender, index, receiver, "track", 22.0 if receiver == "fusion" else 6.0)
                )
                events.append(_event(t0 + sent + 30, "shared", sender, index, receiver, "track", 22.0))
        end, killed = t0 + 840.0, ""
        if reachable and released < closes:
            start = max(released + 8.0, opens)
            hit_on = index % 3
            for attempt in range(3):
                if start > closes:
                    break
                meets = start + 130.0
                outcome = "hit" if attempt == hit_on else "miss"
                fraction = (meets - t0) / 840.0
                lat = missile.launch.lat_rad + fraction * (missile.aim.lat_rad - missile.launch.lat_rad)
                lon = missile.launch.lon_rad + fraction * (missile.aim.lon_rad - missile.launch.lon_rad)
                shots.append(
                    Shot(
                        owner, 0 if party == "nato" else 2, index, start, meets, lat, lon, 2e5, outcome, attempt, 900.0
                    )
                )
                if outcome == "hit":
                    end, killed = meets, owner
                    break
                start = meets + 20.0
        fates.append(
            ObjectFate(
                index,
                bool(killed),
                killed,
                end,
                "" if killed else missile.aim_state,
                missile.aim.lat_rad,
                missile.aim.lon_rad,
                0.0,
            )
        )
    events.sort(key=lambda e: e.time_s)
    return RunRecord(
        one.id,
        "cooperative",
        replicate,
        "truth",
        tuple(fates),
        tuple(engagements),
        tuple(shots),
        (8, 8, 8, 8),
        90,
        tuple(events),
    )


METRICS = (
    Metric("leakage", "Let through", "missiles", "lower", "objects that impact, by territory"),
    Metric("margin", "Time to spare", "s", "higher", "last launch time minus release"),
    Metric("wasted", "Shots wasted", "per raid", "lower", "on an object already gone"),
    Metric("freedom", "Freedom of action", "share", "higher", "of needed engagements"),
)


def comparison(replicates: int = 200) -> Comparison:
    names = tuple(a.id for a in ARRANGEMENTS)
    parties = ("nato", "russia")
    means = {
        "alliance": (3.2, 1.5),
        "separate": (2.9, 1.5),
        "coordinated": (1.4, 0.9),
        "dual-key": (3.4, 1.9),
        "single-operator": (1.2, 0.8),
    }
    others = {"margin": (120.0, 90.0), "wasted": (0.4, 0.2), "freedom": (0.9, 0.8)}
    has = replicates > 1
    table = {
        a: {
            p: {
                "leakage": Estimate(
                    means[a][i], means[a][i] - 0.12 if has else None, means[a][i] + 0.12 if has else None, replicates
                ),
                **{m: Estimate(v[i] / (1 + 0.2 * k), None, None, replicates) for m, v in others.items()},
            }
            for i, p in enumerate(parties)
        }
        for k, a in enumerate(names)
    }
    differences = tuple(
        Difference(
            arrangement=a,
            against="separate",
            party=p,
            metric="leakage",
            value=means[a][i] - means["separate"][i],
            lo=means[a][i] - means["separate"][i] - 0.08 if has else None,
            hi=means[a][i] - means["separate"][i] + 0.08 if has else None,
            n=replicates,
            non_zero=0 if a == "alliance" and p == "russia" else replicates // 2,
            is_exact_zero=a == "alliance" and p == "russia",
            variance_ratio=3.0,
            note="cannot differ: no partner data" if a == "alliance" and p == "russia" else "",
        )
        for a in names
        if a != "separate"
        for i, p in enumerate(parties)
    )
    points = tuple(
        SweepPoint(
            value,
            {
                a: {
                    p: {"leakage": means[a][i] + (0.9 * (value / 120.0) ** 0.5 - 0.9 if a == "dual-key" else 0.0)}
                    for i, p in enumerate(parties)
                }
                for a in names
            },
        )
        for value in (30.0, 60.0, 120.0, 240.0, 420.0, 600.0)
    )
    sweep = Sweep(
        "stages.second-key.time_s",
        "the second key",
        "s",
        30.0,
        120.0,
        600.0,
        60,
        points,
        ("NATO: dual key lets fewer through than separate below 60 s, more above.",),
    )
    return Comparison(
        "sample",
        1,
        replicates,
        "abcdef",
        names,
        parties,
        METRICS,
        table,
        differences,
        (sweep,),
        (
            "Coordinating through two centres lets fewer missiles through for both sides than working separately.",
            "NATO loses 1.4 instead of 2.9, Russia 0.9 instead of 1.5.",
        ),
    )


def box(code: str, south: float, west: float, north: float, east: float) -> Outline:
    side = np.linspace(0.0, 1.0, 30)
    ring = np.concatenate(
        [
            np.column_stack((south + 0 * side, west + side * (east - west))),
            np.column_stack((south + side * (north - south), east + 0 * side)),
            np.column_stack((north + 0 * side, east - side * (east - west))),
            np.column_stack((north - side * (north - south), west + 0 * side)),
        ]
    )
    return Outline(code, code, (np.radians(ring),))


def sample_page(
    *, title: str = "Six missiles from the south", missiles: int = 6, replicates: int = 200
) -> ComparisonPage:
    made = scenario(title, missiles)
    return ComparisonPage(
        scenario=made,
        comparison=comparison(replicates),
        replicate=3,
        story={a.id: record(made, a) for a in ARRANGEMENTS},
        flights=tuple(flight(i, m) for i, m in enumerate(made.raid)),
        countries=(
            box("TR", 36.0, 26.5, 41.5, 44.5),
            box("GR", 36.5, 20.0, 41.0, 26.0),
            box("RO", 43.8, 21.0, 48.0, 29.5),
            box("PL", 49.2, 14.2, 54.6, 24.0),
            box("RU", 43.0, 37.0, 60.0, 60.0),
            box("UA", 46.0, 30.0, 51.5, 36.9),
        ),
        boundary_policy="Sample borders; no line implies recognition.",
        attributions=("Made up for a test.",),
        disputed=(DisputedLine("Line", "a made-up dispute", (np.radians(np.array([[46.0, 34.0], [46.5, 36.0]])),)),),
        version="0.0.0",
        command="diptych run sample",
    )


def obstructed_page() -> ComparisonPage:
    """Return the sample page with a conduct matrix: 13 conducts of the partner, a member's, a link's; made up."""
    page = sample_page()
    found = page.comparison
    conducts = [(f"conduct-{i}", "partner") for i in range(13)] + [("link-lost", "between"), ("objects:TR", "inside")]

    def difference(a: str, p: str, value: float, place: int) -> Difference:
        width = 0.9 if place % 3 == 2 else 0.05
        zero = value == 0.0
        lo, hi = (None, None) if zero else (value - width, value + width)
        return Difference(f"{a}@x", a, p, "leakage", value, lo, hi, 200, 0 if zero else 90, zero, None, "")

    def effect(a: str, p: str, conduct: str, side: str, place: int) -> Effect:
        matters = a in ("coordinated", "dual-key") and conduct != "conduct-12"
        value = 0.0 if not matters or place == 3 else 0.21 * (place - 2)
        d = difference(a, p, value, place)
        cell = Estimate(1.0 + value, None, None, 200)
        return Effect(a, conduct, p, side, matters, cell, cell, SHARE, SHARE, d, d, d, d)

    effects = tuple(
        effect(a, p, conduct, side, place)
        for a in found.arrangements
        for place, (conduct, side) in enumerate(conducts)
        for p in found.parties
    )
    losses = tuple(
        Loss(a, p, by, "conduct-11", 1.89, 1.7, 2.1, False, 0.3, -0.1, 0.7, "conduct-11", 2.5, 2.0, 3.0, 15, 14, "")
        for a in ("coordinated", "dual-key")
        for p in found.parties
        for by in ("partner", "anybody")
    )
    said = ("Under coordinated the worst a partner can do costs a made-up number.", "Nothing can be lost alone.")
    matrix = Obstruction(effects, losses, said)
    labels = (*found.arrangements, *(f"{a}@{conduct}" for a in found.arrangements for conduct, _ in conducts))
    table = {label: found.table[label.partition("@")[0]] for label in labels}
    table = {
        label: {p: cells | {"freedom_of_action": SHARE, "say": SHARE} for p, cells in parties.items()}
        for label, parties in table.items()
    }
    return replace(page, comparison=replace(found, arrangements=labels, table=table, obstruction=matrix))
