"""Look a case up in the agreed rules of engagement; find what a table leaves out, says twice or contradicts.

`look_up` is what the commander does in a run. `coverage` goes through every case that the words can describe (or a part
of them) and gives those outside the rules, rules that overlap, and rules that contradict each other, all as boxes:
sets of words for every dimension, so that a person can read them. `diluted` is the text after some rounds of dilution.
"""

from collections.abc import Mapping

import msgspec
import numpy as np
import numpy.typing as npt

from diptych.model.errors import LocalError
from diptych.model.rules import DIMENSIONS, EngagementRule, Facts, Rulebook, Verdict

Box = dict[str, tuple[str, ...]]
"""For every dimension the words of the cases in a box; the box is every combination of them."""

Cells = npt.NDArray[np.bool_]


class Pair(msgspec.Struct, frozen=True):
    """Two rules that hold for the same cases: how many cases of the space, and an example."""

    first: int
    second: int
    cases: int
    example: Box


class Coverage(msgspec.Struct, frozen=True):
    """What a table says about a space of cases: counts of cases by verdict, and boxes of those that nobody decided.

    Cases are combinations of words, each counted once: a share of them is no likelihood. `unused` are rules that hold
    for no case of the space.
    """

    cases: int
    by_verdict: dict[str, int]
    outside: tuple[Box, ...]
    consult: tuple[Box, ...]
    overlaps: tuple[Pair, ...]
    contradictions: tuple[Pair, ...]
    unused: tuple[int, ...]


def look_up(book: Rulebook, facts: Facts) -> Verdict:
    """Return what the rules say about a case: one verdict, outside them, or a contradiction.

    Rules that another rule which holds too takes precedence over do not count.
    """
    said = {dimension: getattr(facts, dimension) for dimension in DIMENSIONS}
    found = [rule for rule in book.rules if _holds(rule, said)]
    beaten = {number for rule in found for number in rule.before}
    found = [rule for rule in found if rule.number not in beaten]
    kinds = {rule.then for rule in found}
    numbers = tuple(rule.number for rule in found)
    if not kinds:
        return Verdict("outside")
    return Verdict(kinds.pop() if len(kinds) == 1 else "contradiction", numbers)


def _holds(rule: EngagementRule, said: Mapping[str, str]) -> bool:
    return all(said[dimension] in words for dimension, words in rule.when.items())


def diluted(book: Rulebook, steps: int) -> Rulebook:
    """Return the text after the first so many steps of its dilution; no steps: the text itself.

    Raises
    ------
    LocalError
        The book states fewer steps.
    """
    if steps > len(book.dilution):
        raise LocalError(f"diluting {book.id}: expected at most {len(book.dilution)} steps, got {steps}")
    rules = book.rules
    for step in book.dilution[:steps]:
        kept = (rule for rule in rules if rule.number not in step.drop)
        rules = tuple(_narrowed(rule, step.narrow) for rule in kept)
    if not steps:
        return book
    return msgspec.structs.replace(
        book, rules=rules, dilution=book.dilution[steps:], diluted=book.diluted + steps, id=f"{book.id}-{steps}"
    )


def _narrowed(rule: EngagementRule, narrow: tuple[tuple[int, str, tuple[str, ...]], ...]) -> EngagementRule:
    mine = {dimension: words for number, dimension, words in narrow if number == rule.number}
    return msgspec.structs.replace(rule, when={**rule.when, **mine}) if mine else rule


# --- the whole space of cases -------------------------------------------------------------------------------


def space_of(book: Rulebook, within: Mapping[str, tuple[str, ...]] | None = None) -> Box:
    """Return the words of every dimension, those of `within` where it names some."""
    given = within or {}
    return {dimension: given.get(dimension, book.words(dimension)) for dimension in DIMENSIONS}


def coverage(book: Rulebook, within: Mapping[str, tuple[str, ...]] | None = None) -> Coverage:
    """Go through every case of a space and say what the rules make of it.

    Parameters
    ----------
    within : mapping, optional
        For some dimensions the words to look at; the others: all. Left out: everything the words can describe.
    """
    space = space_of(book, within)
    shape = tuple(len(words) for words in space.values())
    all_cells = {rule.number: _cells(rule, space, shape) for rule in book.rules}
    live = dict(all_cells)
    for rule in book.rules:
        for beaten in rule.before:
            live[beaten] = live[beaten] & ~all_cells[rule.number]
    said = {kind: np.zeros(shape, dtype=np.bool_) for kind in ("engage", "hold", "consult")}
    for rule in book.rules:
        said[rule.then] |= live[rule.number]
    times = np.stack(list(said.values())).sum(axis=0)
    outside: Cells = np.asarray(times == 0)
    torn: Cells = np.asarray(times > 1)
    counts = {kind: int((cells & ~torn).sum()) for kind, cells in said.items()}
    counts |= {"outside": int(outside.sum()), "contradiction": int(torn.sum())}
    overlaps: list[Pair] = []
    contradictions: list[Pair] = []
    for i, one in enumerate(book.rules):
        for other in book.rules[i + 1 :]:
            both = live[one.number] & live[other.number]
            if both.any():
                pair = Pair(one.number, other.number, int(both.sum()), _box(both, space))
                (overlaps if one.then == other.then else contradictions).append(pair)
    return Coverage(
        cases=int(np.prod(shape)),
        by_verdict=counts,
        outside=boxes(outside, space),
        consult=boxes(said["consult"] & ~torn, space),
        overlaps=tuple(overlaps),
        contradictions=tuple(contradictions),
        unused=tuple(rule.number for rule in book.rules if not live[rule.number].any()),
    )


def _cells(rule: EngagementRule, space: Box, shape: tuple[int, ...]) -> Cells:
    """Return the cases of a space that a rule holds for, one axis for each dimension."""
    cells = np.ones(shape, dtype=np.bool_)
    for axis, (dimension, words) in enumerate(space.items()):
        if dimension in rule.when:
            along = np.array([word in rule.when[dimension] for word in words])
            cells &= along.reshape([-1 if k == axis else 1 for k in range(len(shape))])
    return cells


def boxes(cells: Cells, space: Box) -> tuple[Box, ...]:
    """Return boxes that together hold exactly the cases that are true, each as large as it can be grown."""
    left = cells.copy()
    found = []
    while left.any():
        index = _grown(cells, _first(left))
        left[np.ix_(*index)] = False
        found.append({d: tuple(words[k] for k in index[a]) for a, (d, words) in enumerate(space.items())})
    return tuple(found)


def _box(cells: Cells, space: Box) -> Box:
    index = _grown(cells, _first(cells))
    return {d: tuple(words[k] for k in index[a]) for a, (d, words) in enumerate(space.items())}


def _first(cells: Cells) -> list[list[int]]:
    return [[int(k)] for k in np.unravel_index(int(cells.argmax()), cells.shape)]


def _grown(cells: Cells, index: list[list[int]]) -> list[list[int]]:
    """Grow a box from one case: in every dimension take in each further word as long as all its cases are true."""
    for axis, size in enumerate(cells.shape):
        for k in range(size):
            if k not in index[axis] and cells[np.ix_(*index[:axis], [k], *index[axis + 1 :])].all():
                index[axis] = sorted([*index[axis], k])
    return index


def said_of(box: Mapping[str, tuple[str, ...]], book: Rulebook) -> str:
    """Return a box in words, without the dimensions in which it holds for everything."""
    parts = [f"{d} {' or '.join(words)}" for d, words in box.items() if set(words) != set(book.words(d))]
    return "; ".join(parts) or "every case"
