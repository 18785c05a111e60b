"""An arrangement as data: who shares what, who is responsible, who must consent, which acts take time.

The files in `data/arrangements` say it in words people use; `edge.schema.arrangement` turns them into these
records. Nothing about a named arrangement stands in code. The engine in `command/` interprets the records;
renaming one changes nothing.

Actions are three: `intercept-over-own`, `intercept-over-partner`, `intercept-over-third`, by whose territory the
predicted impact area touches. A `Path` is the list of steps that stand between a firm track and permission to fire.
What is agreed before any missile flies (rules, standing permission to share, plans) are the `MATTERS` of a
`Deliberation`.
"""

from typing import Literal

import msgspec

from diptych.model.rules import Rulebook
from diptych.model.sources import Source

ACTIONS = ("intercept-over-own", "intercept-over-partner", "intercept-over-third")
PRODUCTS = (
    "launch-detection",
    "impact-prediction",
    "track",
    "engagement-intention",
    "kill-assessment",
    "debris-warning",
    "launch-notice",
)

MATTERS = ("set-rules", "defended-assets", "share-warning", "share-track", "change-plan")
PARTICIPATION = ("none", "observer", "data-partner", "planner", "sector-owner", "co-operator")

RuleKind = Literal["own-territory", "sector", "any-able", "joint-plan"]
OverlapKind = Literal["both-fire", "joint-plan"]
ConsentKind = Literal[
    "forbidden",
    "unilateral",
    "delegated",
    "k-of-n",
    "weighted",
    "dual-key",
    "joint-commander",
    "consensus",
    "by-joint-plan",
]
AgreedBy = Literal["owner", "standing-consensus", "standing-agreement", "treaty", "consensus", "both-staffs"]
DeliberationKind = Literal["unilateral", "k-of-n", "consensus"]
Procedure = Literal["silence", "all-answer"]
AfterWait = Literal["engage", "hold", "pass-to"]


class Stage(msgspec.Struct, frozen=True):
    """A kind of act and its time: middle used in this run (not known) and relative chance spread (lognormal sigma)."""

    id: str
    title: str
    time_s: float
    spread: float


class Complex(msgspec.Struct, frozen=True):
    """One complex of an arrangement: the parties it serves and the states whose assets it operates."""

    id: str
    title: str
    parties: tuple[str, ...]
    owners: tuple[str, ...]


class Centre(msgspec.Struct, frozen=True):
    """A joint node without sensors or interceptors. `kind`: `data-fusion` or `planning-and-operations`."""

    id: str
    title: str
    kind: str
    staff: tuple[str, ...]


class Sharing(msgspec.Struct, frozen=True):
    """One sharing rule: product, from whom, to whom, how exactly, after which act, under which condition.

    `position_m` and `velocity_mps` are grid steps (0: as held). `act` is the stage that takes the time of letting it
    out and passing it on. `condition` is `always` or `threatens-receiver`. `agreed_by` says who has to agree before it
    leaves: the sender's commander each time (`owner`), its members each time (`consensus`), nobody any more because
    they agreed beforehand (`standing-consensus`, `standing-agreement`, `treaty`), or each staff of a centre
    (`both-staffs`). `period_s` is how often a track or an
    impact prediction is told again; None: when it becomes firm and whenever it touches other complexes' states.
    """

    product: str
    sender: str
    receiver: str
    position_m: float
    velocity_mps: float
    act: str
    condition: str
    agreed_by: AgreedBy
    period_s: float | None = None


class Step(msgspec.Struct, frozen=True):
    """One step of a path: an act asked of roles, `need` of which must say yes.

    `parties` tells whose people the roles are, one for each role, so that conduct can act on them. `weights` are the
    votes of the roles, one each if empty; `need` is the sum wanted.
    """

    act: str
    roles: tuple[str, ...]
    parties: tuple[str, ...]
    need: int
    rule: str
    weights: tuple[int, ...] = ()


class Wait(msgspec.Struct, frozen=True):
    """What follows silence on an act: from when, how long (None: to the end of the physical window), and then.

    `then` is `hold`, `engage` or `pass-to`; `to_role` is who it passes to.
    """

    act: str
    after_s: float | None
    then: AfterWait
    to_role: str = ""
    to_party: str = ""


class Consent(msgspec.Struct, frozen=True):
    """For one complex and one action: the kind of consent and the path of steps to it, or forbidden.

    `under` names the rules of engagement in which `rule-lookup` looks the case up ("": the holder just decides).
    A case they do not cover is held (`outside` is `hold`) or needs `outside_steps` instead (`consult`).
    """

    complex_id: str
    action: str
    kind: ConsentKind
    steps: tuple[Step, ...]
    waits: tuple[Wait, ...]
    under: str = ""
    outside: Literal["", "consult", "hold"] = ""
    outside_steps: tuple[Step, ...] = ()


class Deliberation(msgspec.Struct, frozen=True):
    """Who agrees beforehand on a matter (one of `MATTERS`) for one complex, and how.

    `need` of `roles` must agree. `procedure` `silence`: a text is agreed if nobody objects within `deadline_s`;
    `all-answer`: everybody must say yes. `is_joint` says that the other complexes must agree by their own rule too.
    """

    matter: str
    complex_id: str
    rule: DeliberationKind
    roles: tuple[str, ...]
    parties: tuple[str, ...]
    need: int
    procedure: Procedure
    deadline_s: float
    is_joint: bool = False


class Stop(msgspec.Struct, frozen=True):
    """A role that may, alone, stop an engagement of a complex that is under way."""

    complex_id: str
    role: str
    party: str


class Legal(msgspec.Struct, frozen=True):
    """On what legal basis an arrangement would stand: its form, one sentence, and where that is said."""

    form: Literal["treaty", "executive", "political", "none"]
    says: str
    source: Source | None = None


class Sector(msgspec.Struct, frozen=True):
    """An area of responsibility: owner complex and a polygon of (lat_rad, lon_rad) corners, first not repeated."""

    owner: str
    title: str
    corners_rad: tuple[tuple[float, float], ...]


class Response(msgspec.Struct, frozen=True):
    """A pre-planned response of the joint plan: who goes first at what threatens none but these states."""

    states: tuple[str, ...]
    first: str


class Responsibility(msgspec.Struct, frozen=True):
    """Who engages what.

    `own-territory`: whoever's territory is touched. `any-able`: every complex, whatever is touched. `joint-plan`: the
    same, and the joint plan says who goes first.
    `sector`: with `sector_by = "impact"` the owner of the sector of the predicted impact point, with `"intercept"`
    the owner of the sector the intercept point lies in; `fire_outside` tells whether a shot may be
    aimed at a point outside the own sector. `overlap` says what happens when two are responsible; under a joint plan
    `goes_first` are the grounds on which one goes first, in their order: `responses`, `territory` (of the impact), and
    after them who claimed the object first.
    """

    rule: RuleKind
    overlap: OverlapKind
    sectors: tuple[Sector, ...] = ()
    sector_by: str = "impact"
    fire_outside: bool = True
    goes_first: tuple[str, ...] = ("responses", "territory")
    responses: tuple[Response, ...] = ()


class Arrangement(msgspec.Struct, frozen=True):
    """One way of commanding the complexes together; see the module docstring.

    `partner_tracks` is `none`, `cue` or `launch`; `fusion` is the rule by which they are fused with own ones.
    `treaty` are the two sentences a text of it would say. `participation` gives, for each party the file names, how far
    it takes part in the other side's defence, one of `PARTICIPATION`. `rulebooks` are the rules of engagement that
    consents name as `under`.
    """

    id: str
    title: str
    treaty: tuple[str, ...]
    treaty_source: Source
    sources: tuple[Source, ...]
    claims: tuple[str, ...]
    complexes: tuple[Complex, ...]
    centres: tuple[Centre, ...]
    sharing: tuple[Sharing, ...]
    responsibility: Responsibility
    consents: tuple[Consent, ...]
    partner_tracks: str
    is_baseline: bool = False
    joined: int = 0
    fusion: str = "covariance-intersection"
    participation: tuple[tuple[str, str], ...] = ()
    legal: Legal | None = None
    deliberations: tuple[Deliberation, ...] = ()
    stops: tuple[Stop, ...] = ()
    rulebooks: tuple[Rulebook, ...] = ()
