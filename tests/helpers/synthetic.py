"""A small made-up scenario and run records, for tests of what comes after a run (no physics behind the numbers).

Two parties: west (states AA, AB; batteries 0 and 1) and east (state EA; battery 2). Four missiles: 0 and 1 aimed at
AA, 2 at AB, 3 at EA.
"""

from __future__ import annotations

from math import inf, nan
from typing import Any

import msgspec

from diptych.model.arrangement import Arrangement, Complex, Consent, Responsibility, Sharing, Stage, Step
from diptych.model.record import Engagement, Event, ObjectFate, RunRecord, Shot
from diptych.model.scenario import Battery, InterceptorClass, Missile, Party, Place, Scenario
from diptych.model.sources import Assumption, Source

SOURCE = Source("made up for a test", grade="assumed")
HERE = Place("here", 0.0, 0.0, 0.0, (6378137.0, 0.0, 0.0))
AIMS = ("AA", "AA", "AB", "EA")


def arrangement(
    name: str,
    joined: int = 1,
    *,
    acts: tuple[str, ...] = ("classify",),
    is_shared: bool = False,
    is_joint: bool = False,
    only: str = "",
) -> Arrangement:
    """Return an arrangement: two complexes `west` and `east`, or one `joint`, or only one party's."""
    if is_joint:
        complexes = (Complex("joint", "Joint", ("west", "east"), ("AA", "AB", "EA")),)
    else:
        complexes = (
            Complex("west", "West", ("west",), ("AA", "AB")),
            Complex("east", "East", ("east",), ("EA",)),
        )
    if only:
        complexes = tuple(c for c in complexes if c.parties == (only,))
    consents = tuple(
        Consent(
            c.id,
            "intercept-over-own",
            "delegated",
            tuple(Step(act, (f"{c.id}-officer",), (c.parties[0],), 1, "rules") for act in acts),
            (),
        )
        for c in complexes
    )
    sharing = (
        tuple(
            Sharing("track", a, b, 2000.0, 50.0, "exchange", "always", "owner")
            for a, b in (("east", "west"), ("west", "east"))
        )
        if is_shared
        else ()
    )
    return Arrangement(
        id=name,
        title=name.capitalize(),
        treaty=("One.", "Two."),
        treaty_source=SOURCE,
        sources=(),
        claims=(),
        complexes=complexes,
        centres=(),
        sharing=sharing,
        responsibility=Responsibility("own-territory", "both-fire"),
        consents=consents,
        partner_tracks="cue" if is_shared else "none",
        is_baseline=bool(only),
        joined=joined,
    )


def scenario(*arrangements: Arrangement) -> Scenario:
    """Return the made-up scenario with these arrangements and both halves of the baseline."""
    baselines = (arrangement("alone/west", 0, only="west"), arrangement("alone/east", 0, only="east"))
    dome = InterceptorClass(
        "dome", "Dome", "dome", 0.0, 0.0, 5.0, 2e3, 3e4, 1e5, 1e3, 0.7, 1, 5.0, 0.05, 1e3,
    )  # fmt: skip
    return Scenario(
        id="made-up",
        title="Made up",
        marking="EXERCISE",
        date="2012-05-20",
        digest="d1",
        parties=(Party("west", "West", ("AA", "AB")), Party("east", "East", ("EA",))),
        radars=(),
        infrareds=(),
        batteries=tuple(Battery(f"b{i}", "dome", owner, owner, HERE, 4) for i, owner in enumerate(("AA", "AB", "EA"))),
        interceptor_classes=(dome,),
        threat_classes=(),
        raid=tuple(Missile(f"m{i}", "t", HERE, HERE, state, 0.0, "minimum-energy") for i, state in enumerate(AIMS)),
        stages=(
            Stage("classify", "Classify", 90.0, 0.2),
            Stage("second-key", "Turn a second key", 120.0, 0.3),
            Stage("exchange", "Exchange", 20.0, 0.2),
        ),
        arrangements=arrangements + baselines,
        conducts=("cooperative",),
        risk_radius_m=5e3,
        launch_error_mps=1.0,
        assumptions=(
            Assumption("stages.classify.time_s", "Classify", "s", 60.0, 90.0, 120.0, 90.0, SOURCE),
            Assumption("stages.second-key.time_s", "Second key", "s", 30.0, 120.0, 600.0, 120.0, SOURCE),
            Assumption("stages.exchange.time_s", "Exchange", "s", 5.0, 20.0, 60.0, 20.0, SOURCE),
            Assumption(
                "interceptor_classes.dome.kill_probability", "Kill probability", "1", 0.5, 0.7, 0.9, 0.7, SOURCE
            ),
        ),
        sources=(SOURCE,),
    )


def engagement(complex_id: str, index: int, **changes: Any) -> Engagement:
    """Return an engagement released at 100 s in a window from 50 to 200 s; permission comes with the release."""
    base = Engagement(
        complex_id=complex_id,
        object=index,
        warned_s=10.0,
        confirmed_s=30.0,
        evaluated_s=40.0,
        first_open_s=50.0,
        last_close_s=200.0,
        released_s=100.0,
        reason="released",
        rule="delegated",
        by_role=f"{complex_id}-officer",
        action="intercept-over-own",
        inputs=(),
    )
    return msgspec.structs.replace(base, **{"granted_s": changes.get("released_s", base.released_s), **changes})


def fate(index: int, state: str | None = None, **changes: Any) -> ObjectFate:
    """Return the fate of an object: killed at 150 s without `state`, else down at 400 s in that state."""
    base = ObjectFate(
        index, state is None, "" if state else "west", 400.0 if state else 150.0, state or AIMS[index], 0.0, 0.0, 0.0
    )
    return msgspec.structs.replace(base, **changes)


def shot(battery: int, index: int, outcome: str = "hit", complex_id: str = "west") -> Shot:
    return Shot(
        complex_id, battery, index, 100.0, 150.0, 0.0, 0.0, 1e5, outcome, -1 if outcome == "wasted" else 0, 10.0
    )


def record(name: str, **parts: Any) -> RunRecord:
    """Return a record under arrangement `name`; nothing happened and all four missiles came down unless changed."""
    base = RunRecord(
        arrangement=name,
        conduct="cooperative",
        replicate=0,
        truth_digest="t0",
        fates=tuple(fate(index, state) for index, state in enumerate(AIMS)),
        engagements=(),
        shots=(),
        magazines=(4, 4, 4),
        wakes=0,
        events=(),
    )
    return msgspec.structs.replace(base, **parts)


def event(time_s: float, kind: str, actor: str, index: int, text: str = "") -> Event:
    return Event(time_s, kind, actor, index, "", text, nan)


NEVER = inf
