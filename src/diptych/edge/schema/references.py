"""References of a scenario file: every word that names something must name something that exists.

Works on the tree, so that it also runs where other keys of the file do not hold, and all problems come at once.
"""

from collections.abc import Iterator

from diptych.edge.files import Step, Tree
from diptych.edge.schema.base import did_you_mean, problem_at
from diptych.edge.schema.raid import find_city
from diptych.model.catalogue import Catalogue
from diptych.model.errors import Problem
from diptych.model.geography import Cities


class References:
    """Checks one file against the catalogue and the cities; `problems` collects what it finds."""

    def __init__(self, tree: Tree, catalogue: Catalogue, cities: Cities) -> None:
        self.tree, self.catalogue, self.cities = tree, catalogue, cities
        self.problems: list[Problem] = []
        self.states = {s.code: s for s in catalogue.states}

    def check(self) -> tuple[Problem, ...]:
        """Return every problem."""
        self._check_parties()
        self._check_assets()
        self._check_raid()
        for notice in self._keys("notices"):
            self._known(("notices", notice, "place"), self._keys("places"), "an id of `places`")
        self._check_sources()
        return tuple(self.problems)

    def _complain(self, path: tuple[Step, ...], text: str, check: str = "form") -> None:
        self.problems.append(problem_at(self.tree, path, text, check))

    def _word(self, *path: Step) -> str | None:
        found = self.tree.get(*path)
        return found.value if found is not None and isinstance(found.value, str) else None

    def _keys(self, *path: Step) -> tuple[str, ...]:
        found = self.tree.get(*path)
        return tuple(found.value) if found is not None and isinstance(found.value, dict) else ()

    def _words(self, *path: Step) -> Iterator[tuple[int, str]]:
        found = self.tree.get(*path)
        if found is not None and isinstance(found.value, list):
            for i, item in enumerate(found.value):
                if isinstance(item.value, str):
                    yield i, item.value

    def _known(self, path: tuple[Step, ...], names: tuple[str, ...], what: str) -> bool:
        word = self._word(*path)
        if word is None or word in names:
            return word is not None
        self._complain(path, f"expected {what}, found {word!r}; {did_you_mean(word, names, 'known')}")
        return False

    def _check_parties(self) -> None:
        date = self._word("date") or ""
        owner_of: dict[str, str] = {}
        for party in self._keys("parties"):
            listed: list[tuple[int | None, str]]
            if self._word("parties", party, "members") == "nato":
                if not self.catalogue.members_on(date) and len(date) == 10:
                    self._complain(
                        ("parties", party, "members"), f"expected members of NATO on {date}, found none; move `date`"
                    )
                listed = [(None, code) for code in self.catalogue.members_on(date)]
            else:
                listed = list(self._words("parties", party, "members"))
                self._check_accession(party, date)
            for i, code in listed:
                path: tuple[Step, ...] = ("parties", party, "members", *(() if i is None else (i,)))
                if i is not None and _is_like_a_code(code):
                    self._known(path, tuple(self.states), "the code of a state")
                if owner_of.get(code, party) != party:
                    self._complain(
                        path, f"expected each state in one party, found {code} in {owner_of[code]} too; remove one"
                    )
                owner_of[code] = party

    def _check_accession(self, party: str, date: str) -> None:
        if self._word("parties", party, "alliance") == "none":
            return
        listed = list(self._words("parties", party, "members"))
        members = set(self.catalogue.members_on(date))
        if not any(code in members for _, code in listed):
            return
        for i, code in listed:
            since = self.states[code].nato_since if code in self.states else None
            if since is not None and since.value > date:
                self._complain(
                    ("parties", party, "members", i),
                    f"expected members of NATO on {date}, found {code}, which joined on {since.value}; remove it, "
                    "move `date`, or say `alliance: none`",
                    "before-accession",
                )

    def _check_assets(self) -> None:
        sites = tuple(s.id for s in self.catalogue.sites)
        sensors = tuple(s.id for s in self.catalogue.sensors)
        interceptors = tuple(s.id for s in self.catalogue.interceptors)
        for key in ("sites", "leave-out"):
            for i, _ in self._words("assets", key):
                self._known(("assets", key, i), sites, "a site of the catalogue")
        for site in self._keys("assets", "change"):
            if site not in sites:
                hint = did_you_mean(site, sites, "known")
                text = f"expected a site of the catalogue, found {site!r}; {hint}"
                self._complain(("assets", "change", site), text)
        for asset in self._keys("assets", "add"):
            here: tuple[Step, ...] = ("assets", "add", asset)
            if asset in sites:
                self._complain(
                    here, f"expected a new id, found the catalogue site {asset!r}; rename it or use `change`"
                )
            self._known((*here, "sensor"), sensors, "a sensor class of the catalogue")
            self._known((*here, "interceptor"), interceptors, "an interceptor class of the catalogue")
            for key in ("owner", "host"):
                if _is_like_a_code(self._word(*here, key)):
                    self._known((*here, key), tuple(self.states), "the code of a state")

    def _check_raid(self) -> None:
        threats = tuple(t.id for t in self.catalogue.threats)
        places = self._keys("places")
        for group in self._keys("raid"):
            here: tuple[Step, ...] = ("raid", group)
            self._known((*here, "class"), threats, "a threat class of the catalogue")
            self._known((*here, "launch"), places, "an id of `places`")
            self._known((*here, "aim", "place"), places, "an id of `places`")
            city, state = self._word(*here, "aim", "city"), self._word(*here, "aim", "state")
            if (
                city is None
                or not _is_like_a_code(state)
                or not self._known((*here, "aim", "state"), tuple(self.states), "a state code")
            ):
                continue
            if find_city(self.cities, city, str(state)) is None:
                near = [n for n, c in zip(self.cities.name, self.cities.country, strict=True) if c == state]
                hint = did_you_mean(city, near, f"places of {state}")
                self._complain((*here, "aim", "city"), f"expected a place of {state}, found {city!r}; {hint}")

    def _check_sources(self) -> None:
        """Every `source` that is a word must be an id of `sources`."""
        known = self._keys("sources")

        def walk(tree: Tree, path: tuple[Step, ...]) -> None:
            if isinstance(tree.value, dict):
                for key, below in tree.value.items():
                    if key == "source" and isinstance(below.value, str):
                        self._known((*path, key), known, "an id of `sources`")
                    elif not (not path and key in ("sources", "arrangements")):
                        walk(below, (*path, key))

        walk(self.tree, ())


def _is_like_a_code(word: str | None) -> bool:
    """Whether a word has the form of a state code; the file class complains about any other form."""
    return word is not None and len(word) == 2 and word.isascii() and word.isupper()
