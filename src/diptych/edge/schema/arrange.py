"""From a checked arrangement file to `Arrangement` records: references resolved, structure checked.

Needs the scenario's parties, the owners of its assets and the kinds of acts, since `each` and `members` mean those.
Every complaint is placed at the key it is about. Here: the whole, sharing, responsibility and partner tracks. The
complexes come from `unfold`, the consents with their paths and waits from `consents`.
"""

import math
from collections.abc import Mapping
from pathlib import Path

import msgspec

from diptych.edge.files import Step as Key
from diptych.edge.files import Tree
from diptych.edge.schema.arrangement import ArrangementFile
from diptych.edge.schema.base import check
from diptych.edge.schema.borders import Corners, corners_complaint, read_borders
from diptych.edge.schema.consents import ConsentReader
from diptych.edge.schema.deliberations import deliberations, legal, participation, stops
from diptych.edge.schema.rulebooks import with_rulebooks
from diptych.edge.schema.unfold import JOINT, Setting, Unfolded
from diptych.model import arrangement as records
from diptych.model.errors import Problem

__all__ = ["Read", "Setting", "read_arrangement"]


class Read(msgspec.Struct, frozen=True):
    """What one arrangement file gave: its records, the problems found, and what its author should know besides.

    `arrangements` is empty where there are problems; `remarks` carry the names of warnings and notes of `diptych lint`.
    """

    arrangements: tuple[records.Arrangement, ...]
    problems: tuple[Problem, ...] = ()
    remarks: tuple[Problem, ...] = ()


def read_arrangement(tree: Tree, setting: Setting) -> Read:
    """Read one arrangement file: one arrangement, or one per complex for a baseline."""
    file, problems = check(tree, ArrangementFile)
    if file is None:
        return Read((), problems)
    given = Unfolded(file, tree, setting)
    consents = ConsentReader(given)
    found = _Resolver(given, consents).resolve()
    found = msgspec.structs.replace(
        found,
        deliberations=deliberations(given, consents),
        stops=stops(given, consents),
        participation=participation(given),
        legal=legal(file.legal),
    )
    found = with_rulebooks(found, given)
    if given.problems:
        return Read((), tuple(dict.fromkeys(given.problems)))
    consents.remark_on_roles()
    made = tuple(_half(found, c) for c in found.complexes) if file.baseline else (found,)
    return Read(made, (), tuple(dict.fromkeys(given.remarks)))


def _half(whole: records.Arrangement, own: records.Complex) -> records.Arrangement:
    """Return the baseline of one complex."""
    return msgspec.structs.replace(
        whole,
        id=f"{whole.id}/{own.id}",
        title=f"{whole.title}: {own.title}",
        complexes=(own,),
        consents=tuple(c for c in whole.consents if c.complex_id == own.id),
        deliberations=tuple(d for d in whole.deliberations if d.complex_id == own.id),
        stops=tuple(s for s in whole.stops if s.complex_id == own.id),
    )


class _Resolver:
    """One pass over one file whose complexes are unfolded."""

    def __init__(self, given: Unfolded, consents: ConsentReader) -> None:
        self.given, self.consents = given, consents

    def resolve(self) -> records.Arrangement:
        file = self.given.file
        for centre_id, centre in file.centres.items():
            for i, party in enumerate(centre.staff):
                self.given.known(party, self.given.party, ("centres", centre_id, "staff", i), "a party of the scenario")
        for role_id, role in file.roles.items():
            self.given.known(
                role.party,
                [*self.given.party, "each", JOINT],
                ("roles", role_id, "party"),
                "a party, `each` or `joint`",
            )
        sharing = self.sharing()
        return records.Arrangement(
            id=file.id,
            title=file.title,
            treaty=file.treaty.says,
            treaty_source=file.treaty.source.to_record(),
            sources=tuple(s.to_record() for s in file.sources),
            claims=file.claims,
            complexes=tuple(self.given.complexes.values()),
            centres=tuple(records.Centre(i, c.title, c.kind, c.staff) for i, c in file.centres.items()),
            sharing=sharing,
            responsibility=self.responsibility(sharing),
            consents=self.consents.consents(),
            partner_tracks=self.partner_tracks(sharing),
            is_baseline=file.baseline,
            joined=file.joined,
            fusion=file.partner_tracks.fusion,
        )

    def sharing(self) -> tuple[records.Sharing, ...]:
        rules = []
        for i, rule in enumerate(self.given.file.sharing):
            here: tuple[Key, ...] = ("sharing", i)
            is_centre = rule.from_ in self.given.file.centres
            senders = (rule.from_,) if is_centre else self.given.expand(rule.from_, (*here, "from"))
            if self.given.known(rule.act, self.given.setting.acts, (*here, "act"), "an act of stages.yaml"):
                wanted = "centre" if is_centre else "link"
                if self.given.setting.acts[rule.act] != wanted:
                    fitting = [a for a, by in self.given.setting.acts.items() if by == wanted]
                    text = f"expected an act by a {wanted}, found {rule.act!r} by {self.given.setting.acts[rule.act]}"
                    self.given.complain((*here, "act"), f"{text}; use {' or '.join(fitting)}")
            for key in rule.agreed_by:
                known = [
                    *self.given.complexes,
                    *self.given.unfolded,
                    *self.given.party,
                    *self.given.file.centres,
                    "each",
                ]
                self.given.known(key, known, (*here, "agreed-by", key), "a sender of this rule")
            for sender in senders:
                agreed = self.agreed_by(rule.agreed_by, sender, here)
                for receiver in self.receivers(rule.to, sender, (*here, "to")):
                    rules.append(
                        records.Sharing(
                            product=rule.product,
                            sender=sender,
                            receiver=receiver,
                            position_m=rule.precision.position_km * 1e3,
                            velocity_mps=rule.precision.velocity_mps,
                            act=rule.act,
                            condition=rule.condition,
                            agreed_by=agreed,
                            period_s=rule.period_s,
                        )
                    )
        return tuple(rules)

    def agreed_by(self, agreed: Mapping[str, records.AgreedBy], sender: str, here: tuple[Key, ...]) -> records.AgreedBy:
        templates = [key for key, made in self.given.unfolded.items() if sender in made]
        parties = self.given.complexes[sender].parties if sender in self.given.complexes else ()
        for key in (sender, *templates, *parties, "each"):
            if key in agreed:
                return agreed[key]
        self.given.complain(
            (*here, "agreed-by"), f"expected who agrees for the sender {sender!r}, found none; add `{sender}: ...`"
        )
        return "owner"

    def receivers(self, to: str, sender: str, path: tuple[Key, ...]) -> tuple[str, ...]:
        if to in self.given.file.centres:
            return (to,)
        if to == "partner":
            own = set(self.given.complexes[sender].parties) if sender in self.given.complexes else set()
            return tuple(c.id for c in self.given.complexes.values() if not own & set(c.parties))
        found = self.given.expand(to, path)
        if to == "each" and sender in self.given.file.centres:
            staff = set(self.given.file.centres[sender].staff)
            return tuple(c for c in found if staff & set(self.given.complexes[c].parties))
        return tuple(c for c in found if c != sender)

    def responsibility(self, sharing: tuple[records.Sharing, ...]) -> records.Responsibility:
        given = self.given.file.responsibility
        sectors = []
        for i, sector in enumerate(given.sectors):
            self.given.known(
                sector.owner, self.given.complexes, ("responsibility", "sectors", i, "owner"), "a complex of this file"
            )
            corners_deg = self.borders(i, sector.borders) if sector.borders else sector.corners_deg
            corners = tuple((math.radians(lat), math.radians(lon)) for lat, lon in corners_deg)
            sectors.append(records.Sector(sector.owner, sector.title, corners))
        if given.overlap == "joint-plan" and not any(s.product == "engagement-intention" for s in sharing):
            text = "expected a sharing rule for engagement-intention with overlap joint-plan, found none"
            self.given.complain(("responsibility", "overlap"), f"{text}; share it or choose both-fire")
        elif given.overlap == "joint-plan" and not self.has_keeper(sharing):
            text = "expected a centre of kind planning-and-operations that passes engagement-intention on, found none"
            self.given.complain(
                ("responsibility", "overlap"), f"{text}; without its log nobody would ever hold: add one, or both-fire"
            )
        states = frozenset(s for p in self.given.setting.parties for s in p.states)
        for i, response in enumerate(given.responses):
            here: tuple[Key, ...] = ("responsibility", "responses", i)
            self.given.known(response.first, self.given.complexes, (*here, "first"), "a complex of this file")
            for k, state in enumerate(response.states):
                self.given.known(state, states, (*here, "states", k), "a state of a party")
        return records.Responsibility(
            rule=given.rule,
            overlap=given.overlap,
            goes_first=given.goes_first,
            responses=tuple(records.Response(r.states, r.first) for r in given.responses),
            sectors=tuple(sectors),
            sector_by=given.by or "impact",
            fire_outside=given.fire_outside,
        )

    def has_keeper(self, sharing: tuple[records.Sharing, ...]) -> bool:
        """Whether some planning centre keeps the log of a joint plan: takes intentions in and tells them on."""
        kept = [s for s in sharing if s.product == "engagement-intention"]
        centres = {i for i, c in self.given.file.centres.items() if c.kind == "planning-and-operations"}
        return any(c in {s.receiver for s in kept} and c in {s.sender for s in kept} for c in centres)

    def borders(self, i: int, name: str) -> Corners:
        """Return the corners in a file of borders, relative to the arrangement's own."""
        complaint = ""
        corners: Corners = ()
        try:
            corners = read_borders(Path(self.given.tree.spot.file).parent / Path(name).expanduser())
            complaint = corners_complaint(corners)
        except ValueError as error:
            complaint = str(error)
        if complaint:
            self.given.complain(("responsibility", "sectors", i, "borders"), complaint)
        return corners

    def partner_tracks(self, sharing: tuple[records.Sharing, ...]) -> str:
        use = self.given.file.partner_tracks.use
        useful = {"cue": ("track", "launch-detection", "impact-prediction"), "launch": ("track",)}.get(use, ())
        if useful and not any(s.product in useful for s in sharing):
            text = f"expected a sharing rule for {' or '.join(useful)} with `use: {use}`, found none"
            self.given.complain(("partner-tracks", "use"), f"{text}; share one or write `use: none`")
        return use
