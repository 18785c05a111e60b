"""A small world for tests of nodes: one object on a ballistic path, one battery, one arrangement, no files.

The numbers are round and mean nothing; they are chosen so that the window is easy to work out.
"""

import math

import numpy as np
from msgspec.structs import replace

from diptych.command.path import rules_of
from diptych.command.plan import agreed_plan
from diptych.engagement.windows import Armoury
from diptych.kernels.earth import geodetic_to_ecef
from diptych.kernels.guidance import ENGAGE_ON_REMOTE
from diptych.model.arrangement import Arrangement, Complex, Consent, Responsibility, Sharing, Step, Wait
from diptych.model.messages import OwnTrack
from diptych.model.picture import EvaluationHistory, TrackHistory
from diptych.model.scenario import InterceptorClass
from diptych.model.sources import Source
from diptych.node.state import NodeState, Plan, initial_state
from tests.helpers.flown import impact_of
from tests.helpers.seen import checker

ALL_TURKEY = replace(checker(), index=np.ones_like(checker().index), codes=("", "TR"))
NOWHERE = Source(title="test", grade="assumed", note="a test's own number")
STATES = {"nato": frozenset({"TR", "GR"}), "russia": frozenset({"RU"})}

CLASS = InterceptorClass(
    id="quick",
    title="test interceptor",
    kind="dome",
    burnout_speed_mps=0.0,
    boost_s=0.0,
    dead_time_s=0.0,
    floor_m=0.0,
    ceiling_m=400e3,
    ground_range_m=600e3,
    mean_speed_mps=2500.0,
    kill_probability=0.5,
    salvo=1,
    assess_delay_s=5.0,
    assess_error=0.0,
    basket_m=50e3,
)


def path_to(steps: tuple[Step, ...], waits: tuple[Wait, ...] = ()) -> Consent:
    """Return a consent for NATO over its own territory."""
    return Consent("nato", "intercept-over-own", "delegated", steps, waits)


CLASSIFY = Step("classify", ("nato.watch",), ("nato",), 1, "watch:classify")
LOOK_UP = Step("rule-lookup", ("saceur",), ("nato",), 1, "delegated:saceur")


def small_arrangement(
    consent: Consent | None = None, sharing: tuple[Sharing, ...] = (), overlap: str = "both-fire", tracks: str = "none"
) -> Arrangement:
    """Return two complexes that defend their own territory, with NATO's path as given."""
    return Arrangement(
        id="small",
        title="small",
        treaty=("One.", "Two."),
        treaty_source=NOWHERE,
        sources=(),
        claims=(),
        complexes=(Complex("nato", "NATO", ("nato",), ("TR",)), Complex("russia", "Russia", ("russia",), ("RU",))),
        centres=(),
        sharing=sharing,
        responsibility=Responsibility("own-territory", overlap),  # type: ignore[arg-type]
        consents=(consent or path_to((CLASSIFY, LOOK_UP)),),
        partner_tracks=tracks,
    )


def dome_table(speed_mps: float, reach_m: float, ceiling_m: float) -> np.ndarray:
    """Return straight-line flight times on a 33 by 33 grid from the ground to the ceiling."""
    x = np.linspace(0.0, reach_m, 33)[:, None]
    y = np.linspace(0.0, ceiling_m, 33)[None, :]
    return np.hypot(x, y) / speed_mps


def armoury_at(lat_deg: float, lon_deg: float, batteries: int = 1) -> Armoury:
    """Return batteries of the test class, all at one place."""
    site = np.array(geodetic_to_ecef(math.radians(lat_deg), math.radians(lon_deg), 0.0))
    return Armoury(
        site_unit=np.tile(site / np.linalg.norm(site), (batteries, 1)),
        class_of=np.zeros(batteries, dtype=np.int64),
        tables=dome_table(CLASS.mean_speed_mps, CLASS.ground_range_m, CLASS.ceiling_m)[None],
        range_step_m=np.array([CLASS.ground_range_m / 32.0]),
        floor_m=np.array([0.0]),
        alt_step_m=np.array([CLASS.ceiling_m / 32.0]),
        slack_m=np.array([CLASS.divert_m + CLASS.basket_m]),
        handover_s=np.array([CLASS.handover_s]),
        mode=np.full(batteries, ENGAGE_ON_REMOTE),
        guides=((),) * batteries,
    )


def falling_object(states: tuple[str, ...] = ("TR",), from_s: float = 100.0) -> OwnTrack:
    """Return a firm own track of an object over 38 N 36 E at 300 km, moving west at 2.5 km/s, evaluated every 10 s."""
    lat, lon = math.radians(38.0), math.radians(36.0)
    position = np.array(geodetic_to_ecef(lat, lon, 300e3))
    west = np.array((math.sin(lon), -math.cos(lon), 0.0))
    first = np.concatenate((position, 2500.0 * west))
    impact_s, impact_lat, impact_lon = impact_of(first, from_s)
    rows = 1
    return OwnTrack(
        object=0,
        track=TrackHistory(
            time_s=np.array([from_s - 5.0, from_s]),
            state_ecef=np.tile(first, (2, 1)),
            cov_ecef=np.tile(np.eye(6), (2, 1, 1)),
            sensor=np.zeros(2, dtype=np.int64),
            is_ballistic=np.array([False, True]),
            confirmed_s=from_s - 5.0,
            first_s=from_s - 20.0,
        ),
        evaluation=EvaluationHistory(
            time_s=np.array([from_s]),
            state_ecef=np.tile(first, (rows, 1)),
            impact_s=np.array([impact_s]),
            impact_rad=np.array([[impact_lat, impact_lon]]),
            ellipse_m=np.array([[10e3, 5e3, 0.0]]),
            states=(states,),
            radars=((0,),),
            cov_ecef=np.tile(np.eye(6), (rows, 1, 1)),
        ),
    )


def small_node(arrangement: Arrangement, batteries: int = 1, magazine: int = 4, reach: float = 36.0) -> NodeState:
    """Return NATO's node: batteries of the test class near the object's path, one radar."""
    duty = arrangement.responsibility
    plan = Plan(
        complex_id="nato",
        rules=rules_of(arrangement, "nato", STATES),
        responsibility=arrangement.responsibility,
        sharing=tuple(r for r in arrangement.sharing if r.sender == "nato"),
        uses_partner_tracks=arrangement.partner_tracks != "none",
        launches_on_partner=arrangement.partner_tracks == "launch",
        territory=ALL_TURKEY,
        batteries=tuple(range(batteries)),
        classes=(CLASS,) * batteries,
        hosts=("",) * batteries,
        radars=(0,),
        armoury=armoury_at(38.0, reach - 4.0, batteries),
        complex_states=STATES,
        receiver_states=STATES,
        agreed=agreed_plan(duty, STATES, "planning") if duty.overlap == "joint-plan" else None,
    )
    return initial_state(plan, 1, (magazine,) * batteries)


def hosted(state: NodeState, host: str) -> NodeState:
    """Return the same node with every battery on a host's soil."""
    return replace(state, plan=replace(state.plan, hosts=(host,) * len(state.plan.batteries)))
