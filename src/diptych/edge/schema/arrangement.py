"""The language of arrangement files; `edge.schema.arrange` turns a checked file into records.

A file answers five questions: what is shared, who is responsible, who must consent, which acts stand on the path to
release, and what follows each wait. Keys of complexes may be templates: `party: each` makes one complex per party,
`operates: each-other-member` one per member state that owns anything and is not operated by another complex.
"""

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, model_validator

from diptych.edge.schema.base import Count, Id, Number, SourceFile, Strictly, Text
from diptych.edge.schema.borders import corners_complaint
from diptych.edge.schema.rules import RulesFile
from diptych.model.arrangement import AgreedBy, ConsentKind

Action = Literal["intercept-over-own", "intercept-over-partner", "intercept-over-third"]
Product = Literal[
    "launch-detection",
    "impact-prediction",
    "track",
    "engagement-intention",
    "kill-assessment",
    "debris-warning",
    "launch-notice",
]
REPEATED: tuple[Product, ...] = ("track", "impact-prediction")
Claim = Id
Rule = ConsentKind
Matter = Literal["set-rules", "defended-assets", "share-warning", "share-track", "change-plan"]
Level = Literal["none", "observer", "data-partner", "planner", "sector-owner", "co-operator"]


def _as_list(value: object) -> object:
    return [value] if isinstance(value, str) else value


def _for_each(value: object) -> object:
    return {"each": value} if isinstance(value, (list, tuple)) else value


Words = Annotated[
    tuple[str, ...], BeforeValidator(_as_list, json_schema_input_type=str | list[str]), Field(min_length=1)
]
Roles = Annotated[tuple[Id, ...], BeforeValidator(_as_list, json_schema_input_type=str | list[str])]
Acts = Annotated[
    dict[str, tuple[Id, ...]], BeforeValidator(_for_each, json_schema_input_type=list[str] | dict[str, list[str]])
]


class TreatyFile(Strictly):
    """What a treaty text would say, in two sentences, and who said so."""

    says: tuple[Text, ...] = Field(min_length=1, max_length=4)
    source: SourceFile


class ComplexFile(Strictly):
    """One complex: whom it serves and whose assets it operates."""

    title: Text = Field(description="May hold {party} or {state} where it is a template")
    party: Words = Field(description="A party, several, or `each` for one complex per party")
    operates: Words = Field(description="`members`, `each-other-member`, or state codes")


class CentreFile(Strictly):
    """A joint centre: it passes records on and has neither sensors nor interceptors."""

    title: Text
    kind: Literal["data-fusion", "planning-and-operations"]
    staff: tuple[Id, ...] = Field(min_length=1, description="Parties that staff it")


class PrecisionFile(Strictly):
    """How exactly a product leaves: grid steps; leave a key out to share it as held."""

    position_km: Number = Field(default=0.0, ge=0)
    velocity_mps: Number = Field(default=0.0, ge=0)


class SharingFile(Strictly):
    """One rule: product, from whom, to whom, how exactly, after which act, when."""

    product: Product
    from_: Text = Field(alias="from", description="A complex, a centre, or `each` complex")
    to: Text = Field(description="A complex, a centre, `partner` or `each`")
    precision: PrecisionFile = PrecisionFile()
    act: Id = Field(description="The act of stages.yaml that letting it out takes (performed by link or centre)")
    condition: Literal["always", "threatens-receiver"] = "always"
    agreed_by: dict[str, AgreedBy] = Field(alias="agreed-by", description="Per sender: who must agree that it leaves")
    period_s: Number | None = Field(
        None, ge=1, description="Tell a track or an impact prediction again this often; left out: on news only"
    )

    @model_validator(mode="after")
    def _repeats_what_changes(self) -> "SharingFile":
        if self.period_s is not None and self.product not in REPEATED:
            raise ValueError(
                f"expected `period_s` with {' or '.join(REPEATED)} only, found it with {self.product}; remove it"
            )
        return self


class SectorFile(Strictly):
    """An area of responsibility: corners, a file that holds them, or the rest of the region (last)."""

    owner: Id
    title: Text
    grade: Literal["published", "derived", "attributed", "assumed"] = "assumed"
    corners_deg: tuple[tuple[Number, Number], ...] = ()
    borders: Text | None = Field(None, description="Or: a GeoJSON file with one polygon, beside this file")
    rest: bool = False

    @model_validator(mode="after")
    def _has_an_area(self) -> "SectorFile":
        ways = [k for k in ("corners_deg", "borders", "rest") if getattr(self, k)]
        if len(ways) != 1:
            found = " and ".join(ways) or "neither"
            raise ValueError(f"expected one of corners_deg, borders and `rest: true`, found {found}; keep one")
        if self.corners_deg and (complaint := corners_complaint(self.corners_deg)):
            raise ValueError(complaint)
        return self


class ResponseFile(Strictly):
    """A pre-planned response of the joint plan: at what threatens none but these states this complex goes first."""

    states: tuple[Text, ...] = Field(min_length=1)
    first: Id = Field(description="A complex")


class ResponsibilityFile(Strictly):
    """Who engages what."""

    rule: Literal["own-territory", "sector", "any-able", "joint-plan"]
    overlap: Literal["both-fire", "joint-plan"] = "both-fire"
    by: Literal["impact", "intercept"] | None = Field(None, description="Which point must lie in the sector")
    fire_outside: bool = Field(default=True, alias="fire-outside", description="May a shot aim outside the own sector?")
    sectors: tuple[SectorFile, ...] = ()
    goes_first: tuple[Literal["responses", "territory"], ...] = Field(
        ("responses", "territory"),
        alias="goes-first",
        description="Grounds of the joint plan, in order; after them the first claim in the log",
    )
    responses: tuple[ResponseFile, ...] = Field((), description="Pre-planned responses of the joint plan")

    @model_validator(mode="after")
    def _plans_only_jointly(self) -> "ResponsibilityFile":
        if self.overlap != "joint-plan" and (self.responses or "goes_first" in self.model_fields_set):
            raise ValueError("expected `responses` and `goes-first` with `overlap: joint-plan`, found both-fire")
        return self

    @model_validator(mode="after")
    def _sectors_fit_the_rule(self) -> "ResponsibilityFile":
        if (self.rule == "sector") != bool(self.sectors) or (self.rule == "sector") != (self.by is not None):
            raise ValueError(
                f"expected `sectors` and `by` with rule sector and with no other, found rule {self.rule} with "
                f"{len(self.sectors)} sectors and by {self.by}; add or remove them"
            )
        if self.rule == "joint-plan" and self.overlap != "joint-plan":
            raise ValueError("expected `overlap: joint-plan` with rule joint-plan, found both-fire; write it")
        for sector in self.sectors[:-1]:
            if sector.rest:
                raise ValueError("expected the sector with `rest: true` last, found one before others; move it")
        return self


class RoleFile(Strictly):
    """A role that people play: whose people they are."""

    title: Text
    party: Id = Field(description="A party, `each`, or `joint` when both staff it")


class ConsentFile(Strictly):
    """The consent one complex needs for one action."""

    rule: Rule
    holder: Id | None = Field(
        None,
        description="Who decides; beside `keys` or `of`: who performs `rule-lookup` before they are asked",
    )
    keys: tuple[Id, ...] = ()
    of: tuple[Id, ...] = ()
    votes: dict[Id, Annotated[Count, Field(ge=1)]] = Field(default_factory=dict, description="Votes of each role")
    need: Count | None = Field(None, ge=1, description="Roles, or votes, that must say yes")
    under: Text | None = Field(None, description="Rules of engagement in which the case is looked up: a name or a file")
    outside_rules: Literal["consult", "hold"] | None = Field(
        None, alias="outside-rules", description="What follows for a case they do not cover"
    )

    @model_validator(mode="after")
    def _looks_up_in_rules(self) -> "ConsentFile":
        if (self.under is None) != (self.outside_rules is None):
            found = "under" if self.under is not None else "outside-rules"
            raise ValueError(f"expected `under` and `outside-rules` together, found {found} alone; add the other")
        if self.under is not None and self.holder is None:
            raise ValueError("expected a holder who looks the case up beside `under`, found none; name one")
        return self

    @model_validator(mode="after")
    def _names_who(self) -> "ConsentFile":
        wanted = {
            "unilateral": ("holder",),
            "delegated": ("holder",),
            "joint-commander": ("holder",),
            "dual-key": ("keys",),
            "k-of-n": ("need", "of"),
            "weighted": ("need", "votes"),
        }.get(self.rule, ())
        has = tuple(k for k in ("holder", "keys", "need", "of", "votes") if getattr(self, k))
        may_have_holder = self.rule in ("by-joint-plan", "dual-key", "k-of-n", "weighted")
        allowed = {*wanted, "holder"} if may_have_holder else set(wanted)
        if not set(wanted) <= set(has) <= allowed:
            needs = " and ".join(wanted) or "no other key"
            needs += " (and a holder, if you like)" if may_have_holder else ""
            raise ValueError(f"expected {needs} with rule {self.rule}, found {' and '.join(has) or 'none'}; correct it")
        if self.rule == "dual-key" and len(set(self.keys)) != 2:
            raise ValueError(f"expected two different keys, found {list(self.keys)}; name one role of each side")
        if self.rule == "k-of-n" and self.need is not None and self.need > len(self.of):
            raise ValueError(f"expected need at most {len(self.of)} (the roles in `of`), found {self.need}; lower it")
        votes = sum(self.votes.values())
        if self.rule == "weighted" and self.need is not None and self.need > votes:
            raise ValueError(f"expected need at most {votes} (all votes), found {self.need}; lower it")
        if len(set(self.of)) != len(self.of):
            raise ValueError(f"expected each role of `of` once, found {', '.join(self.of)}; a role has one voice")
        return self


class WaitFile(Strictly):
    """What follows silence on an act. Several waits on one act form a chain, in file order.

    A wait without `complex` holds for every complex that has no wait of its own on the act.
    """

    on: Id
    complex: Id | None = Field(None, description="The complex it holds for; left out: every one without its own")
    silent_after: Literal["window"] | None = Field(
        None, alias="silent-after", description="`window`: to the last moment at which a launch still helps"
    )
    after_s: Number | None = Field(None, gt=0, description="Or: this long after asking")
    then: Literal["hold", "engage", "pass-to"]
    to: Id | None = Field(None, description="With pass-to: the role that is asked next")

    @model_validator(mode="after")
    def _is_whole(self) -> "WaitFile":
        if (self.silent_after is None) == (self.after_s is None):
            raise ValueError("expected either `silent-after: window` or `after_s`, found both or neither; keep one")
        if (self.then == "pass-to") != (self.to is not None):
            raise ValueError(
                f"expected `to` with `then: pass-to` only, found then {self.then} and to {self.to}; correct it"
            )
        if self.then == "pass-to" and self.after_s is None:
            raise ValueError(
                "expected `after_s` with `then: pass-to`, found the whole window; nobody could answer after it"
            )
        if self.then == "engage" and self.after_s is None:
            raise ValueError(
                "expected `after_s` with `then: engage`, found the whole window; a shot after it would not help"
            )
        return self


class DeliberationFile(Strictly):
    """Who agrees beforehand on a matter, and how."""

    rule: Literal["unilateral", "k-of-n", "consensus"]
    holder: Id | None = None
    of: Roles = Field((), description="With k-of-n: roles; with consensus `members`: one voice per member state")
    need: Count | None = Field(None, ge=1)
    procedure: Literal["silence", "all-answer"] = "silence"
    deadline_h: Number = Field(48.0, gt=0, description="How long silence must last; assumed, no source gives a length")
    with_partner: bool = Field(
        default=False, alias="with-partner", description="The other complexes must agree too, each by its own rule"
    )

    @model_validator(mode="after")
    def _names_who(self) -> "DeliberationFile":
        wanted = {"unilateral": {"holder"}, "k-of-n": {"need", "of"}}.get(self.rule, set())
        has = {k for k in ("holder", "need", "of") if getattr(self, k)}
        if has != wanted and not (self.rule == "consensus" and has == {"of"}):
            needs = " and ".join(sorted(wanted)) or "no holder and no need"
            raise ValueError(f"expected {needs} with rule {self.rule}, found {' and '.join(sorted(has)) or 'none'}")
        if self.need is not None and self.need > len(self.of):
            raise ValueError(f"expected need at most {len(self.of)} (the roles in `of`), found {self.need}; lower it")
        return self


class LegalFile(Strictly):
    """On what legal basis it would stand."""

    form: Literal["treaty", "executive", "political", "none"]
    says: Text
    source: SourceFile | None = None


class PartnerTracksFile(Strictly):
    """What partner tracks are used for: nothing, to point own radars, or to launch on (engage-on-remote) as well."""

    use: Literal["none", "cue", "launch"]
    fusion: Literal["covariance-intersection", "disjoint-sensors"] = Field(
        "covariance-intersection",
        description="`disjoint-sensors` takes errors as independent where no radar is in common and the object coasts",
    )


class ArrangementFile(Strictly):
    """One way of commanding the complexes together."""

    schema_: Literal["diptych/arrangement/1"] = Field(alias="schema", description="Always the first line")
    id: Id
    title: Text
    joined: Count = Field(0, ge=0, description="Place in the order from apart to joined: 1 and up (0: the baseline)")
    baseline: bool = Field(default=False, description="A yardstick: run once per complex, with no partner in the world")
    treaty: TreatyFile
    sources: tuple[SourceFile, ...] = ()
    claims: tuple[Claim, ...] = Field(
        (), description="Properties the text promises; `diptych arrangement check` proves or refutes each"
    )
    complexes: dict[Id, ComplexFile] = Field(min_length=1)
    centres: dict[Id, CentreFile] = Field(default_factory=dict)
    sharing: tuple[SharingFile, ...] = ()
    responsibility: ResponsibilityFile
    roles: dict[Id, RoleFile] = Field(min_length=1)
    consent: dict[Action, dict[str, ConsentFile]]
    path: dict[Action, Acts]
    waits: tuple[WaitFile, ...] = ()
    partner_tracks: PartnerTracksFile = Field(alias="partner-tracks")
    participation: dict[Id, Level] = Field(default_factory=dict, description="Per party: how far it takes part")
    legal: LegalFile | None = None
    deliberate: dict[Matter, dict[str, DeliberationFile]] = Field(
        default_factory=dict, description="What is agreed beforehand, per matter, per complex or `each`"
    )
    stop: dict[str, Roles] = Field(
        default_factory=dict, description="Per complex: roles each of which may stop an engagement; else the holder"
    )
    rules: dict[Id, RulesFile] = Field(
        default_factory=dict, description="Rules of engagement written out here, which `under` may name by their id"
    )
