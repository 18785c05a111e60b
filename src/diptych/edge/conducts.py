"""Conducts by name or file: found, checked against a scenario, and made into one record for each actor.

A word is `NAME`, `NAME:WHO` or a path with `:WHO` behind it. Without WHO the file says whose conduct it is, and
`partner`, `each` and `each-host` stand for everybody they can mean in turn. `all` is every shipped conduct. What a
conduct needs and a scenario lacks (a party, a centre, an event that can happen) is a problem with its place.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import msgspec

from diptych.edge.files import Step, Tree, data_names, fail, read_data
from diptych.edge.schema.base import check, did_you_mean, problem_at
from diptych.edge.schema.conduct import EACH, EACH_HOST, MAY, SCHEMA, ConductFile, plain_who
from diptych.edge.schema.extend import find_file, is_path, near_file, read_checked
from diptych.edge.schema.knobs import Knobs
from diptych.model.arrangement import Arrangement
from diptych.model.conduct import COOPERATIVE, Conduct
from diptych.model.errors import Problem, ScenarioError
from diptych.model.scenario import Battery, Missile, Party

ALL = "all"
LONGEST_FLIGHT_S = 3600.0
"""No missile of the regional classes, nor an intercontinental one, flies longer."""


class Cast(msgspec.Struct, frozen=True):
    """Whom conducts may name in a scenario, and what they can do there.

    `hosts` are states with a battery of another state on their soil; `shooters` parties and states with interceptors;
    `centres` ids and kinds, `roles` as the arrangements to compare name them; `acts` are those of stages.yaml; nothing
    happens after `end_s`.
    """

    parties: tuple[str, ...]
    members: tuple[str, ...]
    hosts: tuple[str, ...]
    shooters: frozenset[str]
    centres: tuple[str, ...]
    centre_kinds: tuple[str, ...]
    roles: tuple[str, ...]
    acts: tuple[str, ...]
    end_s: float

    def names(self, kind: str) -> tuple[str, ...]:
        """Return whom a conduct of a kind may name."""
        return {
            "party": self.parties,
            "member": self.members,
            "centre": (*self.centres, *self.centre_kinds),
            "role": self.roles,
        }.get(kind, ())


def cast_of(
    parties: Iterable[Party],
    batteries: Iterable[Battery],
    arrangements: Iterable[Arrangement],
    acts: Iterable[str],
    raid: Iterable[Missile],
) -> Cast:
    """Return whom conducts may name."""
    parties, batteries, arrangements = tuple(parties), tuple(batteries), tuple(arrangements)
    party_of = {state: party.id for party in parties for state in party.states}
    armed = {b.owner for b in batteries if b.magazine > 0}
    steps = [step for a in arrangements for c in a.consents for step in c.steps]
    centres = [centre for a in arrangements for centre in a.centres]
    return Cast(
        parties=tuple(p.id for p in parties),
        members=tuple(sorted(party_of)),
        hosts=tuple(sorted({b.host for b in batteries if b.host and b.host != b.owner and b.host in party_of})),
        shooters=frozenset(armed | {party_of[s] for s in armed if s in party_of}),
        centres=tuple(dict.fromkeys(c.id for c in centres)),
        centre_kinds=tuple(dict.fromkeys(c.kind for c in centres)),
        roles=tuple(sorted({role for step in steps for role in step.roles if role != "host"})),
        acts=tuple(acts),
        end_s=max((m.launch_s for m in raid), default=0.0) + LONGEST_FLIGHT_S,
    )


class Chosen(msgspec.Struct, frozen=True):
    """The conducts to run, `cooperative` first, and what stands for each in a resolved file."""

    conducts: tuple[Conduct, ...]
    shown: tuple[object, ...]
    problems: tuple[Problem, ...]


def conduct_names() -> tuple[str, ...]:
    """Return the names of the shipped conducts, `cooperative` first, then in alphabetical order."""
    names = data_names("conducts")
    return (COOPERATIVE, *(n for n in names if n != COOPERATIVE))


def split_word(word: str) -> tuple[str, str]:
    """Return (name or path, whose) of a word; whose is "" where it says nothing.

    *Check* `silent:russia`, `mine.yaml:TR`, `C:/mine.yaml` (a path and no more).
    """
    name, colon, who = word.rpartition(":")
    if not colon or is_path(who):
        return word, ""
    return name, who


def choose(tree: Tree, path: Path, asked: tuple[str, ...] | None, cast: Cast, knobs: Knobs) -> Chosen:
    """Return the conducts of a scenario file (`conducts`), or those asked for instead.

    Parameters
    ----------
    tree : Tree
        The scenario's.
    path : Path
        Its file: conducts named by path count from there, those asked for from here.
    asked : tuple of str, optional
        Words as on the command line.
    """
    return _Chooser(tree, path, asked, cast, knobs).choose()


class _Chooser:
    """One pass over the words."""

    def __init__(self, tree: Tree, path: Path, asked: tuple[str, ...] | None, cast: Cast, knobs: Knobs) -> None:
        self.tree, self.path, self.asked, self.cast, self.knobs = tree, path, asked, cast, knobs
        self.problems: list[Problem] = []
        self.made: dict[str, tuple[Conduct, object]] = {}
        self.files: dict[str, tuple[ConductFile, Tree]] = {}

    def choose(self) -> Chosen:
        self.word(COOPERATIVE, ())
        for item, place in self.items():
            if isinstance(item, Tree):
                self.one(item, "", item.plain(), place, is_of_all=False)
            elif item == ALL:
                for name in conduct_names():
                    self.one(read_data("conducts", f"{name}.yaml"), "", None, place, is_of_all=True)
            else:
                self.word(item, place)
        made = tuple(conduct for conduct, _ in self.made.values())
        return Chosen(made, tuple(shown for _, shown in self.made.values()), tuple(dict.fromkeys(self.problems)))

    def items(self) -> list[tuple[str | Tree, tuple[Step, ...]]]:
        """Return words and whole conducts with their places in the scenario file, () for the command line."""
        if self.asked is not None:
            return [(word, ()) for word in self.asked]
        listed = self.tree.get("conducts")
        if listed is None:
            return []
        if not isinstance(listed.value, list):
            return [(str(listed.value), ("conducts",))]
        return [
            (item if isinstance(item.value, dict) else str(item.value), ("conducts", i))
            for i, item in enumerate(listed.value)
        ]

    def complain(self, place: tuple[Step, ...], word: str, text: str) -> None:
        """Note a problem with a word, at its place in the scenario or on the command line."""
        if place:
            self.problems.append(problem_at(self.tree, place, text))
        else:
            self.problems += fail("--conduct", text, key_path=word).problems

    def word(self, word: str, place: tuple[Step, ...]) -> None:
        """Take a name or a path, with whose conduct it is or without."""
        name, who = split_word(word)
        beside = self.path if self.asked is None else None
        found = find_file(name, "conducts", beside)
        if found is None or not found.is_file():
            hint = near_file(name, beside) or did_you_mean(name, conduct_names(), "shipped")
            self.complain(place, word, f"expected a shipped conduct or the path of a file, found {name!r}; {hint}")
            return
        if not is_path(name):
            self.one(read_data("conducts", f"{name}.yaml"), who, None, place, is_of_all=False)
            return
        try:
            own = read_checked(found, SCHEMA)
        except ScenarioError as error:
            self.problems += error.problems
        else:
            self.one(own, who, own.plain(), place, is_of_all=False)

    def one(self, tree: Tree, who: str, plain: object, place: tuple[Step, ...], *, is_of_all: bool) -> None:
        """Make the records of one conduct file, one for each actor; `plain` None: a shipped one."""
        file, problems = check(tree, ConductFile)
        if file is None:
            self.problems += problems
            return
        kind, name = file.who.kind(), who or file.who.name()
        actors = self.actors(file, tree, kind, name, place if who else (), who, is_of_all=is_of_all)
        if not actors:
            return
        before = len(self.problems)
        self.check_changes(file, tree, kind)
        actors = tuple(a for a in actors if self.can_begin(file, tree, kind, a, is_asked=not is_of_all))
        if len(self.problems) > before:
            return
        changes = file.to_changes(self.knobs)
        for actor in actors:
            label = file.id if not changes or not actor else f"{file.id}:{actor}"
            conduct = Conduct(label, file.title, file.says, kind, actor, file.from_.to_record(), changes)
            if label in self.made and self.made[label][0] != conduct:
                text = f"expected each conduct once, found another {label!r}; give this one another id"
                self.problems.append(problem_at(tree, ("id",), text))
            shown: Any = label if plain is None else {**_mapping(plain), "who": plain_who(kind, actor)}
            self.made.setdefault(label, (conduct, shown))
            if not changes:
                return

    def actors(
        self, file: ConductFile, tree: Tree, kind: str, name: str, place: tuple[Step, ...], who: str, *, is_of_all: bool
    ) -> tuple[str, ...]:
        """Return whose conduct it is, () after a problem or where `all` finds nobody it could be."""
        if kind == "link":
            if who:
                self.complain(place, f"{file.id}:{who}", f"expected no name behind {file.id}, found {who!r}; remove it")
                return ()
            return ("",)
        if not file.changes and not who:
            return ("",)
        known = self.cast.names(kind)
        some = {EACH: self.cast.centre_kinds if kind == "centre" else known, EACH_HOST: self.cast.hosts}
        if name in some and kind in ("party", "member", "centre"):
            if not some[name] and not is_of_all:
                what = "a battery on another state's soil" if name == EACH_HOST else f"a {kind}"
                text = f"expected {what} for {file.id}, found none in this scenario and its arrangements"
                self.complain(place, file.id, f"{text}; leave it out or name another arrangement")
            return some[name]
        if name in known:
            return (name,)
        if is_of_all:
            return ()
        text = f"expected {_WHAT[kind]}, found {name!r}; {did_you_mean(name, known, 'there are')}"
        if who:
            self.complain(place, f"{file.id}:{who}", text)
        else:
            self.problems.append(problem_at(tree, ("who",), text))
        return ()

    def check_changes(self, file: ConductFile, tree: Tree, kind: str) -> None:
        """Complain about what such an actor cannot do, and about acts that nobody knows."""
        may = MAY.get(kind)
        for i, change in enumerate(file.changes):
            if may is not None and change.do not in may:
                text = f"expected of a {kind} one of {', '.join(may)}, found {change.do}; a party may do it"
                self.problems.append(problem_at(tree, ("changes", i, "do"), text))
            if change.act is not None and change.act not in self.cast.acts:
                hint = did_you_mean(change.act, self.cast.acts, "acts")
                text = f"expected an act of stages.yaml, found {change.act!r}; {hint}"
                self.problems.append(problem_at(tree, ("changes", i, "act"), text))

    def can_begin(self, file: ConductFile, tree: Tree, kind: str, actor: str, *, is_asked: bool) -> bool:
        """Whether the beginning of a conduct can come for an actor; complains if it was asked for."""
        since, text = file.from_, ""
        if since.after_s > self.cast.end_s:
            text = f"expected a time of the raid, found {since.after_s:g} s: all is down by {self.cast.end_s:g} s"
            place: tuple[Step, ...] = ("from", "after_s")
        elif since.after in ("first-own-release", "first-partner-release") and kind in ("link", "centre"):
            text = f"expected an event that can happen, found {since.after}: a {kind} fires nothing"
            place = ("from", "after")
        elif kind in ("party", "member") and since.after == "first-own-release" and actor not in self.cast.shooters:
            text = f"expected an event that can happen, found first-own-release: {actor} has no interceptors"
            place = ("from", "after")
        elif since.after == "first-partner-release" and not self.cast.shooters - {actor}:
            text = f"expected an event that can happen, found first-partner-release: only {actor} has interceptors"
            place = ("from", "after")
        if text and is_asked:
            self.problems.append(problem_at(tree, place, f"{text}; begin after first-launch"))
        return not text


_WHAT = {
    "party": "a party of the scenario",
    "member": "the code of a member state of a party",
    "centre": "a centre (id or kind) of the arrangements to compare",
    "role": "a role of the arrangements to compare",
}


def _mapping(plain: object) -> dict[str, Any]:
    assert isinstance(plain, dict)  # a checked file
    return plain
