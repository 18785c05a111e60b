"""From a checked arrangement file to `Arrangement` records: templates unfolded, references resolved, structure checked.

Needs the scenario's parties, the owners of its assets and the kinds of acts, since `each` and `members` mean those.
Every complaint is placed at the key it is about. Roles of templates and watches carry their complex in front
(`de.national-command`, `nato.watch`); the role `host` stands for the host state of whichever battery would fire.
"""

import math
from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from diptych.edge.files import Step as Key
from diptych.edge.files import Tree
from diptych.edge.schema.arrangement import ArrangementFile, ConsentFile, WaitFile
from diptych.edge.schema.base import check, did_you_mean, problem_at
from diptych.model import arrangement as records
from diptych.model.errors import Problem
from diptych.model.scenario import Party

JOINT = "joint"
LOOK_UP = "rule-lookup"
"""The act that the holder performs where a consent has keys or voices besides."""


class Setting(msgspec.Struct, frozen=True):
    """What a scenario gives an arrangement file to resolve against.

    `acts` maps a kind of act to who performs it (`by` of stages.yaml); `owners` are the states that own assets;
    `names` maps state codes to names.
    """

    parties: tuple[Party, ...]
    owners: frozenset[str]
    acts: Mapping[str, str]
    names: Mapping[str, str]


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
    resolver = _Resolver(file, tree, setting)
    found = resolver.resolve()
    if resolver.problems:
        return Read((), tuple(dict.fromkeys(resolver.problems)))
    resolver.remark_on_roles()
    made = tuple(_half(found, c) for c in found.complexes) if file.baseline else (found,)
    return Read(made, (), tuple(dict.fromkeys(resolver.remarks)))


def _half(whole: records.Arrangement, own: records.Complex) -> records.Arrangement:
    """Return the baseline of one complex."""
    return msgspec.structs.replace(
        whole,
        id=f"{whole.id}/{own.id}",
        title=f"{whole.title}: {own.title}",
        complexes=(own,),
        consents=tuple(c for c in whole.consents if c.complex_id == own.id),
    )


class _Resolver:
    """One pass over one file; collects problems as it goes."""

    def __init__(self, file: ArrangementFile, tree: Tree, setting: Setting) -> None:
        self.file, self.tree, self.setting = file, tree, setting
        self.problems: list[Problem] = []
        self.remarks: list[Problem] = []
        self.roles_used: set[str] = set()
        self.party = {p.id: p for p in setting.parties}
        self.complexes: dict[str, records.Complex] = {}
        self.unfolded: dict[str, tuple[str, ...]] = {}  # key in the file -> complexes it stands for
        self.templated: set[str] = set()

    def complain(self, path: tuple[Key, ...], text: str) -> None:
        self.problems.append(problem_at(self.tree, path, text))

    def remark(self, check: str, path: tuple[Key, ...], text: str) -> None:
        self.remarks.append(problem_at(self.tree, path, text, check))

    def known(self, word: str, words: Iterable[str], path: tuple[Key, ...], what: str) -> bool:
        names = list(words)
        if word in names:
            return True
        self.complain(path, f"expected {what}, found {word!r}; {did_you_mean(word, names, 'known')}")
        return False

    def resolve(self) -> records.Arrangement:
        file = self.file
        self.unfold_complexes()
        for centre_id, centre in file.centres.items():
            for i, party in enumerate(centre.staff):
                self.known(party, self.party, ("centres", centre_id, "staff", i), "a party of the scenario")
        for role_id, role in file.roles.items():
            self.known(
                role.party, [*self.party, "each", JOINT], ("roles", role_id, "party"), "a party, `each` or `joint`"
            )
        sharing = self.sharing()
        return records.Arrangement(
            id=file.id,
            title=file.title,
            treaty=file.treaty.says,
            treaty_source=file.treaty.source.to_record(),
            sources=tuple(s.to_record() for s in file.sources),
            claims=file.claims,
            complexes=tuple(self.complexes.values()),
            centres=tuple(records.Centre(i, c.title, c.kind, c.staff) for i, c in file.centres.items()),
            sharing=sharing,
            responsibility=self.responsibility(sharing),
            consents=self.consents(),
            partner_tracks=self.partner_tracks(sharing),
            is_baseline=file.baseline,
            joined=file.joined,
        )

    # --- complexes ------------------------------------------------------------------------------------------

    def unfold_complexes(self) -> None:
        listed = {code for c in self.file.complexes.values() for code in c.operates if len(code) == 2}
        for key, given in self.file.complexes.items():
            here = ("complexes", key)
            parties = tuple(self.party) if given.party == ("each",) else given.party
            what = "a party of the scenario or `each`"
            unknown = [p for p in parties if not self.known(p, self.party, (*here, "party"), what)]
            if unknown:
                continue
            if given.party == ("each",):
                made = [self.complex_of(p, given.title, (p,), given.operates, here) for p in parties]
                self.templated.update(parties)
            elif given.operates == ("each-other-member",):
                states = sorted({s for p in parties for s in self.party[p].states} & self.setting.owners - listed)
                made = [self.complex_of(s.lower(), given.title, parties, (s,), here) for s in states]
                self.templated.update(s.lower() for s in states)
            else:
                made = [self.complex_of(key, given.title, parties, given.operates, here)]
            self.unfolded[key] = tuple(made)
        self.check_owners()

    def complex_of(
        self, new_id: str, title: str, parties: tuple[str, ...], operates: tuple[str, ...], here: tuple[Key, ...]
    ) -> str:
        members = sorted({s for p in parties for s in self.party[p].states})
        owners = tuple(members) if operates == ("members",) else operates
        for code in owners:
            if code not in members:
                allowed = "`members`, `each-other-member` or member states"
                self.complain(
                    (*here, "operates"), f"expected {allowed}, found {code!r}; members now: {', '.join(members)}"
                )
        names = {
            "party": " and ".join(self.party[p].title for p in parties),
            "state": self.setting.names.get(owners[0], owners[0]) if owners else "",
        }
        if new_id in self.complexes:
            self.complain(here, f"expected each complex once, found {new_id!r} again after unfolding; rename one")
        for name, value in names.items():
            title = title.replace("{" + name + "}", value)
        self.complexes[new_id] = records.Complex(new_id, title, tuple(parties), owners)
        return new_id

    def check_owners(self) -> None:
        seen: dict[str, str] = {}
        for own in self.complexes.values():
            for state in own.owners:
                if state in seen:
                    text = f"expected one complex for the assets of {state}, found {seen[state]!r} and {own.id!r}"
                    self.complain(("complexes",), f"{text}; list other states in `operates`")
                seen[state] = own.id

    def expand(self, word: str, path: tuple[Key, ...]) -> tuple[str, ...]:
        """Return the complexes a key or id of the file stands for."""
        if word == "each":
            return tuple(self.complexes)
        if word in self.unfolded:
            return self.unfolded[word]
        if word in self.complexes:
            return (word,)
        if path[0] == "sharing":
            names = [*self.unfolded, *self.file.centres, "each", "partner"]
            self.known(word, names, path, "a complex or centre of this file, `each` or `partner`")
        else:
            self.known(word, [*self.unfolded, "each"], path, "a complex of this file or `each`")
        return ()

    # --- sharing and responsibility -------------------------------------------------------------------------

    def sharing(self) -> tuple[records.Sharing, ...]:
        rules = []
        for i, rule in enumerate(self.file.sharing):
            here: tuple[Key, ...] = ("sharing", i)
            is_centre = rule.from_ in self.file.centres
            senders = (rule.from_,) if is_centre else self.expand(rule.from_, (*here, "from"))
            if self.known(rule.act, self.setting.acts, (*here, "act"), "an act of stages.yaml"):
                wanted = "centre" if is_centre else "link"
                if self.setting.acts[rule.act] != wanted:
                    fitting = [a for a, by in self.setting.acts.items() if by == wanted]
                    text = f"expected an act by a {wanted}, found {rule.act!r} by {self.setting.acts[rule.act]}"
                    self.complain((*here, "act"), f"{text}; use {' or '.join(fitting)}")
            for key in rule.agreed_by:
                known = [*self.complexes, *self.unfolded, *self.party, *self.file.centres, "each"]
                self.known(key, known, (*here, "agreed-by", key), "a sender of this rule")
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
                        )
                    )
        return tuple(rules)

    def agreed_by(self, agreed: Mapping[str, str], sender: str, here: tuple[Key, ...]) -> str:
        templates = [key for key, made in self.unfolded.items() if sender in made]
        parties = self.complexes[sender].parties if sender in self.complexes else ()
        for key in (sender, *templates, *parties, "each"):
            if key in agreed:
                return agreed[key]
        self.complain(
            (*here, "agreed-by"), f"expected who agrees for the sender {sender!r}, found none; add `{sender}: ...`"
        )
        return ""

    def receivers(self, to: str, sender: str, path: tuple[Key, ...]) -> tuple[str, ...]:
        if to in self.file.centres:
            return (to,)
        if to == "partner":
            own = set(self.complexes[sender].parties) if sender in self.complexes else set()
            return tuple(c.id for c in self.complexes.values() if not own & set(c.parties))
        found = self.expand(to, path)
        if to == "each" and sender in self.file.centres:
            staff = set(self.file.centres[sender].staff)
            return tuple(c for c in found if staff & set(self.complexes[c].parties))
        return tuple(c for c in found if c != sender)

    def responsibility(self, sharing: tuple[records.Sharing, ...]) -> records.Responsibility:
        given = self.file.responsibility
        sectors = []
        for i, sector in enumerate(given.sectors):
            self.known(
                sector.owner, self.complexes, ("responsibility", "sectors", i, "owner"), "a complex of this file"
            )
            corners = tuple((math.radians(lat), math.radians(lon)) for lat, lon in sector.corners_deg)
            sectors.append(records.Sector(sector.owner, sector.title, corners))
        if given.overlap == "joint-plan" and not any(s.product == "engagement-intention" for s in sharing):
            text = "expected a sharing rule for engagement-intention with overlap joint-plan, found none"
            self.complain(("responsibility", "overlap"), f"{text}; share it or choose both-fire")
        return records.Responsibility(
            rule=given.rule,
            overlap=given.overlap,
            sectors=tuple(sectors),
            sector_by=given.by or "impact",
            fire_outside=given.fire_outside,
        )

    def partner_tracks(self, sharing: tuple[records.Sharing, ...]) -> str:
        use = self.file.partner_tracks.use
        if use == "cue" and not any(s.product in ("track", "launch-detection") for s in sharing):
            text = "expected a sharing rule for track or launch-detection with `use: cue`, found none"
            self.complain(("partner-tracks", "use"), f"{text}; share one or write `use: none`")
        return use

    # --- consent and paths ----------------------------------------------------------------------------------

    def consents(self) -> tuple[records.Consent, ...]:
        made: dict[tuple[str, str], tuple[ConsentFile, tuple[Key, ...]]] = {}
        acts: dict[tuple[str, str], tuple[tuple[str, ...], tuple[Key, ...]]] = {}
        for action in records.ACTIONS:
            self.collect(made, action, self.file.consent.get(action, {}), "consent")  # type: ignore[call-overload]
            self.collect(acts, action, self.file.path.get(action, {}), "path")  # type: ignore[call-overload]
        self.check_waits(made, {key: path for key, (path, _) in acts.items()})
        consents = []
        for own in self.complexes.values():
            for action in records.ACTIONS:
                if (action, own.id) not in made:
                    text = (
                        f"expected a consent of {own.id!r} for {action}, found none; add it (`rule: forbidden` is one)"
                    )
                    self.complain(("consent", action), text)
                    continue
                consent, here = made[action, own.id]
                steps: tuple[records.Step, ...] = ()
                if consent.rule != "forbidden":
                    path, where = acts.get((action, own.id), ((), ("path",)))
                    if not path:
                        text = f"expected the acts before {own.id!r} may {action}, found none; add `{action}: [...]`"
                        self.complain(("path",), text)
                        continue
                    steps = tuple(
                        s for i, act in enumerate(path) for s in self.step(act, own, consent, (*where, i), here)
                    )
                    self.check_consent_is_asked(path, own, consent, where)
                waits = tuple(w for s in steps for w in self.waits(s, own))
                consents.append(records.Consent(own.id, action, consent.rule, steps, waits))
        return tuple(consents)

    def collect(self, into: dict[tuple[str, str], Any], action: str, given: Mapping[str, Any], top: str) -> None:
        """Spread what stands under `each` and under a complex; the complex's own word wins."""
        for key in sorted(given, key=lambda k: k != "each"):
            in_file: tuple[Key, ...] = (top, action, key)
            where = in_file if self.tree.get(*in_file) is not None else (top, action)
            for complex_id in self.expand(key, where):
                into[action, complex_id] = (given[key], where)

    def role(self, role: str, own: records.Complex, path: tuple[Key, ...]) -> tuple[str, str]:
        """Return the role's full name and whose people they are."""
        if not self.known(role, self.file.roles, path, "a role of this file"):
            return role, ""
        self.roles_used.add(role)
        party = self.file.roles[role].party
        if party == "each" or own.id in self.templated:
            return f"{own.id}.{role}", own.parties[0]
        return role, party

    def step(
        self, act: str, own: records.Complex, consent: ConsentFile, path: tuple[Key, ...], here: tuple[Key, ...]
    ) -> tuple[records.Step, ...]:
        """Return the step that an act on a path means for this complex and consent (none after a problem)."""
        if not self.known(act, self.setting.acts, path, "an act of stages.yaml"):
            return ()
        by = self.setting.acts[act]
        people = own.parties[0] if len(own.parties) == 1 else JOINT
        if by == "watch":
            return (records.Step(act, (f"{own.id}.watch",), (people,), 1, f"watch:{act}"),)
        if by == "host":
            return (records.Step(act, ("host",), (people,), 1, "host-consent"),)
        if by == "council":
            members = [(s, p) for p in own.parties for s in self.party[p].states]
            roles = tuple(f"{s.lower()}.council" for s, _ in members)
            return (records.Step(act, roles, tuple(p for _, p in members), len(roles), f"{consent.rule}:council"),)
        if by == "holder":
            named, need = holders(consent, act)
        elif by == "second":
            named, need = consent.keys[1:], 1
        else:
            self.complain(path, f"expected an act of people, found {act!r} by a {by}; it belongs in `sharing`")
            return ()
        if not named:
            text = f"expected a consent with a {'second key' if by == 'second' else 'holder'} for {act!r}"
            self.complain(path, f"{text}, found rule {consent.rule} of {own.id!r}; change the path or the consent")
            return ()
        found = [self.role(r, own, here) for r in named]
        is_beside = by == "holder" and named == (consent.holder,) and bool(consent.of or consent.keys)
        rule = f"{'holder' if is_beside else consent.rule}:{'+'.join(r for r, _ in found)}"
        return (records.Step(act, tuple(r for r, _ in found), tuple(p for _, p in found), need, rule),)

    def check_consent_is_asked(
        self, path: tuple[str, ...], own: records.Complex, consent: ConsentFile, where: tuple[Key, ...]
    ) -> None:
        """Complain where a consent is required but no act on the path asks for it."""
        wanted = {
            "dual-key": ("holder", "second"),
            "consensus": ("council",),
            "by-joint-plan": (),
        }.get(consent.rule, ("holder",))
        present = {self.setting.acts.get(act, "") for act in path}
        for by in wanted:
            if by not in present:
                fitting = " or ".join(a for a, b in self.setting.acts.items() if b == by)
                text = f"expected an act by the {by} for rule {consent.rule} of {own.id!r}, found {', '.join(path)}"
                self.complain(where, f"{text}; add {fitting}")
        if consent.holder and (consent.of or consent.keys):
            voices = consent.of or consent.keys[:1]
            asked = [act for act in path if self.setting.acts.get(act) == "holder"]
            others = " or ".join(a for a, b in self.setting.acts.items() if b == "holder" and a != LOOK_UP)
            if LOOK_UP not in asked:
                text = f"expected {LOOK_UP} on the path, which the holder {consent.holder!r} performs"
                self.complain(where, f"{text}, found {', '.join(path)}; add it or remove the holder")
            if asked == [LOOK_UP]:
                text = f"expected {others} on the path too, which is asked of {', '.join(voices)}"
                self.complain(where, f"{text}, found {', '.join(path)}; add it or remove the holder")
        for i, act in enumerate(path):
            if act in path[:i]:
                text = f"expected each act once on a path, found {act!r} again for {own.id!r}"
                self.complain(where, f"{text}; remove one (an answer to an act holds for the object)")

    # --- waits ----------------------------------------------------------------------------------------------

    def check_waits(
        self,
        made: Mapping[tuple[str, str], tuple[ConsentFile, tuple[Key, ...]]],
        paths: Mapping[tuple[str, str], tuple[str, ...]],
    ) -> None:
        """Complain about words nobody knows, and about chains of waits that do not end or ask somebody twice."""
        acts_of: dict[str, set[str]] = {}
        for (_, complex_id), path in paths.items():
            acts_of.setdefault(complex_id, set()).update(path)
        every_act = set().union(*acts_of.values())
        for i, wait in enumerate(self.file.waits):
            is_known = self.known(wait.on, every_act, ("waits", i, "on"), "an act on a path of this file")
            if wait.to is not None:
                self.known(wait.to, self.file.roles, ("waits", i, "to"), "a role of this file")
            if wait.complex is not None and is_known:
                for complex_id in self.expand(wait.complex, ("waits", i, "complex")):
                    what = f"an act on a path of {complex_id!r}"
                    self.known(wait.on, acts_of.get(complex_id, ()), ("waits", i, "on"), what)
        for complex_id, acts in acts_of.items():
            for act in sorted(acts):
                consents = [c for (_, own), (c, _) in made.items() if own == complex_id]
                self.check_chain(act, self.chain_of(act, complex_id), self.asked_of(act, consents))

    def check_chain(self, act: str, chain: list[tuple[int, WaitFile]], holders_asked: set[str]) -> None:
        asked: set[str] = set()
        for place, (i, wait) in enumerate(chain):
            is_last = place == len(chain) - 1
            if wait.then == "pass-to" and wait.to in asked | holders_asked:
                text = f"expected each role asked once, found {wait.to!r} again; the wait would never end"
                self.complain(("waits", i, "to"), f"{text}: pass to another role, hold or engage")
            elif wait.then == "pass-to" and is_last:
                text = f"expected hold or engage at the end of the waits on {act!r}, found pass-to"
                self.complain(("waits", i, "then"), f"{text}; add a wait on {act!r} that ends it")
            elif wait.then != "pass-to" and not is_last:
                text = f"expected nothing after {wait.then}, found another wait on {act!r}; remove it"
                self.complain(("waits", chain[place + 1][0]), text)
            if wait.to is not None:
                asked.add(wait.to)

    def chain_of(self, act: str, complex_id: str) -> list[tuple[int, WaitFile]]:
        """Return the waits on an act that hold for a complex: those that name it, else those that name none."""
        on_act = [(i, w) for i, w in enumerate(self.file.waits) if w.on == act]
        own = [(i, w) for i, w in on_act if w.complex is not None and complex_id in self.members_of(w.complex)]
        return own or [(i, w) for i, w in on_act if w.complex is None]

    def members_of(self, word: str) -> tuple[str, ...]:
        """Return the complexes a word of a wait stands for; none for a word complained about elsewhere."""
        return tuple(self.complexes) if word == "each" else self.unfolded.get(word, (word,))

    def asked_of(self, act: str, consents: Iterable[ConsentFile]) -> set[str]:
        """Return every role an act is asked of by some of the consents."""
        by = self.setting.acts.get(act)
        if by == "second":
            return {k for c in consents for k in c.keys[1:]}
        return {r for c in consents for r in holders(c, act)[0]} if by == "holder" else set()

    def waits(self, step: records.Step, own: records.Complex) -> tuple[records.Wait, ...]:
        """Return the chain of waits on one step; without one in the file: hold to the end of the window."""
        chain = []
        for i, wait in self.chain_of(step.act, own.id):
            to_role, to_party = self.role(wait.to, own, ("waits", i, "to")) if wait.to else ("", "")
            chain.append(records.Wait(step.act, wait.after_s, wait.then, to_role, to_party))
            if to_party and to_party not in (*own.parties, JOINT):
                text = f"expected a deputy of {' or '.join(own.parties)}, whom {own.id!r} serves"
                text = f"{text}, found {wait.to!r} of {to_party}; meant? else write `complex:` on the wait"
                self.remark("deputy-of-other-party", ("waits", i, "to"), text)
            if wait.then == "engage":
                text = f"silence on {step.act} lets {own.id!r} fire; reports print the property fires-by-silence"
                self.remark("fires-by-silence", ("waits", i, "then"), text)
        return tuple(chain) or (records.Wait(step.act, None, "hold"),)

    def remark_on_roles(self) -> None:
        """Remark on every role that no path and no wait asks."""
        for role in self.file.roles:
            if role not in self.roles_used:
                text = f"expected a path or a wait that asks {role!r}, found none; use it or remove it"
                self.remark("role-unused", ("roles", role), text)


def holders(consent: ConsentFile, act: str) -> tuple[tuple[str, ...], int]:
    """Return the roles of a consent that an act by the holder is asked of, and how many of them must say yes.

    Where a holder stands beside keys or voices, he looks the case up and they are asked everything else.
    """
    alone = ((consent.holder,) if consent.holder else ()), 1
    if not (consent.keys or consent.of) or (consent.holder and act == LOOK_UP):
        return alone
    return (consent.keys[:1], 1) if consent.keys else (consent.of, consent.need or 1)
