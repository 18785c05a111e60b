"""What one complex knows and has done: the plan it works by, one case for each object, its magazines.

`Plan` is fixed for a run: the arrangement as this complex sees it, its own assets, nothing about anybody's truth.
`Case` is the whole memory about one object. Both are values: `step` returns new ones.
"""

import math

import msgspec

from diptych.command.path import Answers, CommandRules
from diptych.command.plan import AgreedPlan, LogEntry
from diptych.engagement.windows import Armoury
from diptych.evaluation.classify import LaunchEstimate
from diptych.model.arrangement import Responsibility, Sharing
from diptych.model.geography import Territory
from diptych.model.messages import ImpactPrediction, OwnTrack, SharedTrack
from diptych.model.picture import EvaluationHistory
from diptych.model.rules import Rulebook
from diptych.model.scenario import DebrisModel, InterceptorClass, Notice
from diptych.model.tracker import SHIPPED as SHIPPED_TRACKER
from diptych.model.tracker import TrackerSettings
from diptych.model.trust import SHIPPED as SHIPPED_TRUST
from diptych.model.trust import TrustSettings
from diptych.node.foresight import Foresight


class Plan(msgspec.Struct, frozen=True, eq=False):
    """What a complex works by for a whole run.

    `batteries` and `radars` are indices into the scenario; `classes[i]` and `hosts[i]` belong to `batteries[i]`
    (host is the state whose consent a launch needs, "" if none). `complex_states` gives every complex's states,
    `receiver_states` the states a record's receiver cares for: a complex's own, for a centre those of its other staff.
    `launches_on_partner` lets it fire on a partner's track, `fusion` is the rule by which it fuses one.
    `trust` is how it judges a partner's word, `tracker` what it takes for granted of objects it does not know.
    `rulebooks` are the rules of engagement by id, `notices` the launches announced beforehand to this complex.
    `agreed` is the joint plan, None where there is none; `debris` what falls after a hit (None: no warnings of it).
    `foresight` answers which launch times a track allows; it may be shared with others and changes no answer.
    """

    complex_id: str
    rules: CommandRules
    responsibility: Responsibility
    sharing: tuple[Sharing, ...]
    uses_partner_tracks: bool
    batteries: tuple[int, ...]
    classes: tuple[InterceptorClass, ...]
    hosts: tuple[str, ...]
    radars: tuple[int, ...]
    armoury: Armoury
    complex_states: dict[str, frozenset[str]]
    receiver_states: dict[str, frozenset[str]]
    territory: Territory
    launches_on_partner: bool = False
    fusion: str = "covariance-intersection"
    rulebooks: dict[str, Rulebook] = {}
    notices: tuple[Notice, ...] = ()
    trust: TrustSettings = SHIPPED_TRUST
    tracker: TrackerSettings = SHIPPED_TRACKER
    agreed: AgreedPlan | None = None
    debris: DebrisModel | None = None
    foresight: Foresight = msgspec.field(default_factory=Foresight)


class Pending(msgspec.Struct, frozen=True):
    """Shots on their way: battery, planned intercept, when the result will be known."""

    battery: int
    intercept_s: float
    known_s: float


class Case(msgspec.Struct, frozen=True, eq=False):
    """All a complex knows and has done about one object; inf: has not happened.

    `states` are the states the predicted impact touches as last held, from the own track or, where the arrangement
    uses them, a partner's; `joint` is the newest joint picture, made by `joint_rule` (see `node.joint`); `cue_error_m`
    the error of the best cue taken so far from each source; `told_s` when each sharing rule with a period (by its place
    in the plan) last told the track; `asked` holds (act, role, when) asked so far; `claims` the partner's announced
    attempts; `seen_row` is the newest row of the own evaluation taken in;
    until `look_again_s` no engagement is looked for unless own news comes; `reason` is a key of `decision.REASONS`;
    `held_from_s` when a partner's announcement first held a shot; `log` are the entries of the joint log that came, by
    number; `announced` is "claimed" or "withdrawn" where the object was claimed before permission to fire;
    `inputs` what a decision would cite; `options` the own batteries with a window when last
    looked at; `fired` the shots at it by interceptor class; `has_shared` the complexes touched when last told, worked
    out for `judged_states`; `launch` what own space warning saw of the launch; `verdict` what the agreed rules said
    when the case was last looked up (`first_verdict`: at first), looked at again from `relook_s` on, outside since
    `outside_s`.
    """

    object: int
    warned_s: float = math.inf
    own: OwnTrack | None = None
    partner: SharedTrack | ImpactPrediction | None = None
    partner_from: str = ""
    joint: EvaluationHistory | None = None
    joint_rule: str = ""
    is_joint_new: bool = False
    states: tuple[str, ...] = ()
    action: str = ""
    is_responsible: bool = False
    answers: Answers = Answers()
    asked: tuple[tuple[str, str, float], ...] = ()
    claims: tuple[tuple[str, float], ...] = ()
    confirmed_s: float = math.inf
    evaluated_s: float = math.inf
    first_open_s: float = math.inf
    last_close_s: float = -math.inf
    granted_s: float = math.inf
    permitted_s: float = math.inf
    released_s: float = math.inf
    pending: tuple[Pending, ...] = ()
    look_again_s: float = -math.inf
    seen_row: int = -1
    shots: int = 0
    fired: tuple[tuple[str, int], ...] = ()
    options: tuple[int, ...] = ()
    is_closed: bool = False
    is_looked_at: bool = False
    is_looked_at_late: bool = False
    cue_error_m: dict[str, float] = {}
    has_shared: tuple[str, ...] = ()
    judged_states: tuple[str, ...] | None = None
    told_s: dict[int, float] = {}
    reason: str = "no-track"
    rule: str = ""
    by_role: str = ""
    inputs: tuple[str, ...] = ()
    launch: LaunchEstimate | None = None
    verdict: str = ""
    first_verdict: str = ""
    relook_s: float = -math.inf
    outside_s: float = math.inf
    held_from_s: float = math.inf
    log: tuple[LogEntry, ...] = ()
    announced: str = ""


class Standing(msgspec.Struct, frozen=True):
    """What a complex holds of one sender: its score (1: as honest errors give), and whether its data are used."""

    sender: str
    score: float = 1.0
    is_trusted: bool = True


class NodeState(msgspec.Struct, frozen=True, eq=False):
    """The state of one complex. `cases[i]` is about object i; `magazines[i]` belongs to `plan.batteries[i]`.

    Cases beyond those of the raid are of objects that only a partner has spoken of; `standings` hold what its word is
    worth, for every sender that could be judged.
    """

    plan: Plan
    cases: tuple[Case, ...]
    magazines: tuple[int, ...]
    standings: tuple[Standing, ...] = ()


def initial_state(plan: Plan, objects: int, magazines: tuple[int, ...]) -> NodeState:
    """Return the state before anything is known."""
    return NodeState(plan, tuple(Case(object=i) for i in range(objects)), magazines)
