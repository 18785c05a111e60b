"""The complexes of an arrangement file: templates unfolded against the parties and owners of a scenario.

Also what every part of reading such a file needs: the file, its tree, the scenario's side of it (`Setting`), the
problems and remarks so far, each placed at the key it is about. Roles of templates and watches carry their complex in
front (`de.national-command`, `nato.watch`). Who may share what is read in `arrange`, who must consent in `consents`.
"""

from collections.abc import Iterable, Mapping

import msgspec

from diptych.edge.files import Step as Key
from diptych.edge.files import Tree
from diptych.edge.schema.arrangement import ArrangementFile
from diptych.edge.schema.base import did_you_mean, problem_at
from diptych.model import arrangement as records
from diptych.model.errors import Problem
from diptych.model.scenario import Party

JOINT = "joint"


class Setting(msgspec.Struct, frozen=True):
    """What a scenario gives an arrangement file to resolve against.

    `acts` maps a kind of act to who performs it (`by` of stages.yaml); `owners` are the states that own assets;
    `names` maps state codes to names.
    """

    parties: tuple[Party, ...]
    owners: frozenset[str]
    acts: Mapping[str, str]
    names: Mapping[str, str]


class Unfolded:
    """One file with its complexes unfolded; collects problems and remarks as it is read on."""

    def __init__(self, file: ArrangementFile, tree: Tree, setting: Setting) -> None:
        self.file, self.tree, self.setting = file, tree, setting
        self.problems: list[Problem] = []
        self.remarks: list[Problem] = []
        self.party = {p.id: p for p in setting.parties}
        self.complexes: dict[str, records.Complex] = {}
        self.unfolded: dict[str, tuple[str, ...]] = {}  # key in the file -> complexes it stands for
        self.templated: set[str] = set()
        self._unfold()

    def complain(self, path: tuple[Key, ...], text: str) -> None:
        """Note a problem at a key of the file."""
        self.problems.append(problem_at(self.tree, path, text))

    def remark(self, check: str, path: tuple[Key, ...], text: str) -> None:
        """Note what the author should know, under the name of a check of `diptych lint`."""
        self.remarks.append(problem_at(self.tree, path, text, check))

    def known(self, word: str, words: Iterable[str], path: tuple[Key, ...], what: str) -> bool:
        """Say whether a word is one of the words; complain if not."""
        names = list(words)
        if word in names:
            return True
        self.complain(path, f"expected {what}, found {word!r}; {did_you_mean(word, names, 'known')}")
        return False

    def _unfold(self) -> None:
        listed = {code for c in self.file.complexes.values() for code in c.operates if len(code) == 2}
        for key, given in self.file.complexes.items():
            here = ("complexes", key)
            parties = tuple(self.party) if given.party == ("each",) else given.party
            what = "a party of the scenario or `each`"
            unknown = [p for p in parties if not self.known(p, self.party, (*here, "party"), what)]
            if unknown:
                continue
            if given.party == ("each",):
                made = [self._complex_of(p, given.title, (p,), given.operates, here) for p in parties]
                self.templated.update(parties)
            elif given.operates == ("each-other-member",):
                states = sorted({s for p in parties for s in self.party[p].states} & self.setting.owners - listed)
                made = [self._complex_of(s.lower(), given.title, parties, (s,), here) for s in states]
                self.templated.update(s.lower() for s in states)
            else:
                made = [self._complex_of(key, given.title, parties, given.operates, here)]
            self.unfolded[key] = tuple(made)
        self._check_owners()

    def _complex_of(
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

    def _check_owners(self) -> None:
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

    def council(self, own: records.Complex) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Return one voice for each member state of the parties a complex serves, and whose people they are."""
        members = [(s, p) for p in own.parties for s in self.party[p].states]
        return tuple(f"{s.lower()}.council" for s, _ in members), tuple(p for _, p in members)

    def members_of(self, word: str) -> tuple[str, ...]:
        """Return the complexes a word of a wait stands for; none for a word complained about elsewhere."""
        return tuple(self.complexes) if word == "each" else self.unfolded.get(word, (word,))
