"""The rules of engagement that an arrangement file names as `under`: shipped, in a file, or written out in it.

Every named text is read and must not contradict itself. `written_out` writes texts of other files into an arrangement,
so that a resolved scenario stands alone.
"""

from pathlib import Path
from typing import Any

import msgspec

from diptych.edge.files import Step, Tree
from diptych.edge.schema.base import problem_at
from diptych.edge.schema.borders import with_corners
from diptych.edge.schema.extend import is_path
from diptych.edge.schema.rules import NO_SUCH_RULES, contradictions, load_rulebook, read_rules
from diptych.edge.schema.unfold import Unfolded
from diptych.model.arrangement import Arrangement
from diptych.model.errors import ScenarioError
from diptych.model.rules import Rulebook


def with_rulebooks(found: Arrangement, given: Unfolded) -> Arrangement:
    """Return an arrangement with the rules its consents name; consents then name them by id. Complains to `given`."""
    places: dict[str, tuple[Step, ...]] = {}
    for action, by_complex in given.file.consent.items():
        for key, consent in by_complex.items():
            if consent.under is not None:
                places.setdefault(consent.under, ("consent", action, key, "under"))
    books: dict[str, Rulebook] = {}
    for name, place in places.items():
        book = _read(name, place, given)
        if book is not None and any(other.id == book.id and other != book for other in books.values()):
            given.complain(place, f"expected one text with the id {book.id!r}, found two; give one another id")
        elif book is not None:
            books[name] = book
    ids = {name: book.id for name, book in books.items()}
    consents = tuple(msgspec.structs.replace(c, under=ids.get(c.under, c.under)) for c in found.consents)
    return msgspec.structs.replace(
        found, consents=consents, rulebooks=tuple({b.id: b for b in books.values()}.values())
    )


def _read(name: str, place: tuple[Step, ...], given: Unfolded) -> Rulebook | None:
    written = given.tree.get("rules", name)
    try:
        if written is not None:
            book, problems = read_rules(written)
            tree = written
            if book is None:
                given.problems.extend(problems)
                return None
        else:
            book, tree = load_rulebook(name, Path(given.tree.spot.file))
    except ScenarioError as error:
        is_missing = [p.text for p in error.problems if p.check == NO_SUCH_RULES]
        given.problems.extend([problem_at(given.tree, place, text) for text in is_missing] or error.problems)
        return None
    torn = contradictions(tree, book)
    given.problems.extend(torn)
    return None if torn else book


def written_out(tree: Tree) -> object:
    """Return the plain text of a checked arrangement file with the rules and borders of other files written into it."""
    plain: Any = tree.plain()
    values = with_corners(plain, Path(tree.spot.file))
    consents = values["consent"]
    texts: dict[str, Any] = {}
    changed = {action: dict(by_complex) for action, by_complex in consents.items()}
    for by_complex in changed.values():
        for key, consent in by_complex.items():
            under = consent.get("under") if isinstance(consent, dict) else None
            if isinstance(under, str) and is_path(under):
                book, text = load_rulebook(under, Path(tree.spot.file))
                texts[book.id] = text.plain()
                by_complex[key] = {**consent, "under": book.id}
    if not texts:
        return values
    return {**values, "consent": changed, "rules": {**values.get("rules", {}), **texts}}
