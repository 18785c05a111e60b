"""The consents of an arrangement: which steps come before an act of a complex, whom they ask, what follows silence.

Reads `consent`, `path` and `waits` of a checked file, for every complex that `unfold` made of it. Roles of templates
and watches carry their complex in front; the role `host` stands for the host state of whichever battery would fire.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from diptych.edge.files import Step as Key
from diptych.edge.schema.arrangement import ConsentFile, DeliberationFile, WaitFile
from diptych.edge.schema.unfold import JOINT, Unfolded
from diptych.model import arrangement as records

LOOK_UP = "rule-lookup"
"""The act that the holder performs where a consent has keys or voices besides."""

CONSULT = "council"
"""The act that stands in for agreed rules where a case lies outside them and members have set them."""

AUTHORITY = "authority"
"""The same where one authority has set them alone: it is asked."""


class ConsentReader:
    """One pass over the consents of one file; complains to the file it was given and notes the roles asked."""

    def __init__(self, given: Unfolded) -> None:
        self.given = given
        self.roles_used: set[str] = set()

    def consents(self) -> tuple[records.Consent, ...]:
        """Return the consent of every complex for every action, with its steps and waits."""
        made: dict[tuple[str, str], tuple[ConsentFile, tuple[Key, ...]]] = {}
        acts: dict[tuple[str, str], tuple[tuple[str, ...], tuple[Key, ...]]] = {}
        for action in records.ACTIONS:
            self.collect(made, action, self.given.file.consent.get(action, {}), "consent")  # type: ignore[call-overload]
            self.collect(acts, action, self.given.file.path.get(action, {}), "path")  # type: ignore[call-overload]
        self.check_waits(made, {key: path for key, (path, _) in acts.items()})
        consents = []
        for own in self.given.complexes.values():
            for action in records.ACTIONS:
                if (action, own.id) not in made:
                    text = (
                        f"expected a consent of {own.id!r} for {action}, found none; add it (`rule: forbidden` is one)"
                    )
                    self.given.complain(("consent", action), text)
                    continue
                consent, here = made[action, own.id]
                steps: tuple[records.Step, ...] = ()
                if consent.rule != "forbidden":
                    path, where = acts.get((action, own.id), ((), ("path",)))
                    if not path:
                        text = f"expected the acts before {own.id!r} may {action}, found none; add `{action}: [...]`"
                        self.given.complain(("path",), text)
                        continue
                    steps = tuple(
                        s for i, act in enumerate(path) for s in self.step(act, own, consent, (*where, i), here)
                    )
                    self.check_consent_is_asked(path, own, consent, where)
                outside: tuple[records.Step, ...] = ()
                if consent.outside_rules == "consult":
                    outside = self.consulted(own, consent, here)
                waits = tuple(w for s in (*steps, *outside) for w in self.waits(s, own))
                under, after = consent.under or "", consent.outside_rules or ""
                consents.append(records.Consent(own.id, action, consent.rule, steps, waits, under, after, outside))
        return tuple(consents)

    def consulted(self, own: records.Complex, consent: ConsentFile, here: tuple[Key, ...]) -> tuple[records.Step, ...]:
        """Return the step that asks those who set the rules: one authority alone, or one voice for each member."""
        setters: Mapping[str, DeliberationFile] = self.given.file.deliberate.get("set-rules", {})
        keys = (own.id, *(key for key, made in self.given.unfolded.items() if own.id in made), "each")
        found = next((setters[key] for key in keys if key in setters), None)
        if found is not None and found.rule == "unilateral" and found.holder is not None:
            role, party = self.role(found.holder, own, here)
            return (records.Step(AUTHORITY, (role,), (party,), 1, f"outside-rules:{role}"),)
        return self.step(CONSULT, own, consent, (*here, "outside-rules"), here)

    def collect(self, into: dict[tuple[str, str], Any], action: str, given: Mapping[str, Any], top: str) -> None:
        """Spread what stands under `each` and under a complex; the complex's own word wins."""
        for key in sorted(given, key=lambda k: k != "each"):
            in_file: tuple[Key, ...] = (top, action, key)
            where = in_file if self.given.tree.get(*in_file) is not None else (top, action)
            for complex_id in self.given.expand(key, where):
                into[action, complex_id] = (given[key], where)

    def role(self, role: str, own: records.Complex, path: tuple[Key, ...]) -> tuple[str, str]:
        """Return the role's full name and whose people they are."""
        if not self.given.known(role, self.given.file.roles, path, "a role of this file"):
            return role, ""
        self.roles_used.add(role)
        party = self.given.file.roles[role].party
        if party == "each" or own.id in self.given.templated:
            return f"{own.id}.{role}", own.parties[0]
        return role, party

    def step(
        self, act: str, own: records.Complex, consent: ConsentFile, path: tuple[Key, ...], here: tuple[Key, ...]
    ) -> tuple[records.Step, ...]:
        """Return the step that an act on a path means for this complex and consent (none after a problem)."""
        if not self.given.known(act, self.given.setting.acts, path, "an act of stages.yaml"):
            return ()
        by = self.given.setting.acts[act]
        people = own.parties[0] if len(own.parties) == 1 else JOINT
        if by == "watch":
            return (records.Step(act, (f"{own.id}.watch",), (people,), 1, f"watch:{act}"),)
        if by == "host":
            return (records.Step(act, ("host",), (people,), 1, "host-consent"),)
        if by == "council":
            roles, parties = self.given.council(own)
            return (records.Step(act, roles, parties, len(roles), "consensus:council"),)
        if by == "holder":
            named, need = holders(consent, act)
        elif by == "second":
            named, need = consent.keys[1:], 1
        else:
            self.given.complain(path, f"expected an act of people, found {act!r} by a {by}; it belongs in `sharing`")
            return ()
        if not named:
            text = f"expected a consent with a {'second key' if by == 'second' else 'holder'} for {act!r}"
            self.given.complain(
                path, f"{text}, found rule {consent.rule} of {own.id!r}; change the path or the consent"
            )
            return ()
        found = [self.role(r, own, here) for r in named]
        is_beside = by == "holder" and named == (consent.holder,) and bool(consent.of or consent.keys or consent.votes)
        rule = f"{'holder' if is_beside else consent.rule}:{'+'.join(r for r, _ in found)}"
        votes = tuple(consent.votes[r] for r in named) if consent.votes and not is_beside else ()
        return (records.Step(act, tuple(r for r, _ in found), tuple(p for _, p in found), need, rule, votes),)

    def check_consent_is_asked(
        self, path: tuple[str, ...], own: records.Complex, consent: ConsentFile, where: tuple[Key, ...]
    ) -> None:
        """Complain where a consent is required but no act on the path asks for it."""
        wanted = {
            "dual-key": ("holder", "second"),
            "consensus": ("council",),
            "by-joint-plan": (),
        }.get(consent.rule, ("holder",))
        present = {self.given.setting.acts.get(act, "") for act in path}
        for by in wanted:
            if by not in present:
                fitting = " or ".join(a for a, b in self.given.setting.acts.items() if b == by)
                text = f"expected an act by the {by} for rule {consent.rule} of {own.id!r}, found {', '.join(path)}"
                self.given.complain(where, f"{text}; add {fitting}")
        if consent.under is not None and LOOK_UP not in path:
            text = f"expected {LOOK_UP} on the path for a consent under {consent.under!r}, found {', '.join(path)}"
            self.given.complain(where, f"{text}; add it or remove `under`")
        if consent.holder and (consent.of or consent.keys or consent.votes):
            voices = consent.of or consent.keys[:1] or tuple(consent.votes)
            asked = [act for act in path if self.given.setting.acts.get(act) == "holder"]
            others = " or ".join(a for a, b in self.given.setting.acts.items() if b == "holder" and a != LOOK_UP)
            if LOOK_UP not in asked:
                text = f"expected {LOOK_UP} on the path, which the holder {consent.holder!r} performs"
                self.given.complain(where, f"{text}, found {', '.join(path)}; add it or remove the holder")
            if asked == [LOOK_UP]:
                text = f"expected {others} on the path too, which is asked of {', '.join(voices)}"
                self.given.complain(where, f"{text}, found {', '.join(path)}; add it or remove the holder")
        for i, act in enumerate(path):
            if act in path[:i]:
                text = f"expected each act once on a path, found {act!r} again for {own.id!r}"
                self.given.complain(where, f"{text}; remove one (an answer to an act holds for the object)")

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
        for i, wait in enumerate(self.given.file.waits):
            is_known = self.given.known(wait.on, every_act, ("waits", i, "on"), "an act on a path of this file")
            if wait.to is not None:
                self.given.known(wait.to, self.given.file.roles, ("waits", i, "to"), "a role of this file")
            if wait.complex is not None and is_known:
                for complex_id in self.given.expand(wait.complex, ("waits", i, "complex")):
                    what = f"an act on a path of {complex_id!r}"
                    self.given.known(wait.on, acts_of.get(complex_id, ()), ("waits", i, "on"), what)
        for complex_id, acts in acts_of.items():
            for act in sorted(acts):
                consents = [c for (_, own), (c, _) in made.items() if own == complex_id]
                self.check_chain(act, self.chain_of(act, complex_id), self.asked_of(act, consents))

    def check_chain(self, act: str, chain: list[tuple[int, WaitFile]], holders_asked: set[str]) -> None:
        """Complain where a chain of waits does not end, goes on after its end or asks somebody twice."""
        asked: set[str] = set()
        for place, (i, wait) in enumerate(chain):
            is_last = place == len(chain) - 1
            if wait.then == "pass-to" and wait.to in asked | holders_asked:
                text = f"expected each role asked once, found {wait.to!r} again; the wait would never end"
                self.given.complain(("waits", i, "to"), f"{text}: pass to another role, hold or engage")
            elif wait.then == "pass-to" and is_last:
                text = f"expected hold or engage at the end of the waits on {act!r}, found pass-to"
                self.given.complain(("waits", i, "then"), f"{text}; add a wait on {act!r} that ends it")
            elif wait.then != "pass-to" and not is_last:
                text = f"expected nothing after {wait.then}, found another wait on {act!r}; remove it"
                self.given.complain(("waits", chain[place + 1][0]), text)
            if wait.to is not None:
                asked.add(wait.to)

    def chain_of(self, act: str, complex_id: str) -> list[tuple[int, WaitFile]]:
        """Return the waits on an act that hold for a complex: those that name it, else those that name none."""
        on_act = [(i, w) for i, w in enumerate(self.given.file.waits) if w.on == act]
        own = [(i, w) for i, w in on_act if w.complex is not None and complex_id in self.given.members_of(w.complex)]
        return own or [(i, w) for i, w in on_act if w.complex is None]

    def asked_of(self, act: str, consents: Iterable[ConsentFile]) -> set[str]:
        """Return every role an act is asked of by some of the consents."""
        by = self.given.setting.acts.get(act)
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
                self.given.remark("deputy-of-other-party", ("waits", i, "to"), text)
            if wait.then == "engage":
                text = f"silence on {step.act} lets {own.id!r} fire; reports print the property fires-by-silence"
                self.given.remark("fires-by-silence", ("waits", i, "then"), text)
        return tuple(chain) or (records.Wait(step.act, None, "hold"),)

    def remark_on_roles(self) -> None:
        """Remark on every role that no path and no wait asks."""
        for role in self.given.file.roles:
            if role not in self.roles_used:
                text = f"expected a path or a wait that asks {role!r}, found none; use it or remove it"
                self.given.remark("role-unused", ("roles", role), text)


def holders(consent: ConsentFile, act: str) -> tuple[tuple[str, ...], int]:
    """Return the roles of a consent that an act by the holder is asked of, and how many of them must say yes.

    Where a holder stands beside keys or voices, he looks the case up and they are asked everything else.
    """
    alone = ((consent.holder,) if consent.holder else ()), 1
    if not (consent.keys or consent.of or consent.votes) or (consent.holder and act == LOOK_UP):
        return alone
    return (consent.keys[:1], 1) if consent.keys else (consent.of or tuple(consent.votes), consent.need or 1)
