"""The trees of shipped scenarios, arrangements, conducts and acts, parsed beforehand: `data/trees.json`.

Written by `python tools/build_trees.py`. A copy is used only for a text of the same SHA-256 under the same name, so
an edit of a YAML file takes effect at once, and an old, damaged or missing copy does no harm but time.
"""

import functools
import hashlib

import msgspec

from diptych.edge.files import Scalar, Spot, Tree, data_names, data_path, parse, read_text

TREES = "trees.json"


class Leaf(msgspec.Struct, frozen=True, array_like=True):
    """A tree without the file's name: value, line, column, and (line, column) of each key."""

    value: "Scalar | dict[str, Leaf] | list[Leaf]"
    line: int
    column: int
    keys: dict[str, tuple[int, int]] = {}

    def tree(self, file: str) -> Tree:
        """Return the tree, with the file's name at every place."""
        value = self.value
        below: Scalar | dict[str, Tree] | list[Tree]
        if isinstance(value, dict):
            below = {key: leaf.tree(file) for key, leaf in value.items()}
        elif isinstance(value, list):
            below = [leaf.tree(file) for leaf in value]
        else:
            below = value
        return Tree(below, Spot(file, self.line, self.column), {k: Spot(file, *at) for k, at in self.keys.items()})


class ParsedCopy(msgspec.Struct, frozen=True):
    """One parsed file and the SHA-256 of its text."""

    digest: str
    root: Leaf


def copy_of(name: str, text: str) -> Tree | None:
    """Return the tree of a shipped file whose text is unchanged, else None."""
    copy = _copies().get(name)
    return copy.root.tree(name) if copy is not None and copy.digest == _digest(text) else None


def parsed_copies() -> dict[str, ParsedCopy]:
    """Parse every shipped file that runs read, keyed by its name in messages."""
    names = ["stages.yaml", "debris.yaml", "deliberation.yaml"]
    names += [
        f"{kind}/{name}.yaml"
        for kind in ("arrangements", "conducts", "scenarios", "rules")
        for name in data_names(kind)
    ]
    texts = {name: read_text(data_path(*name.split("/")), name) for name in names}
    return {name: ParsedCopy(_digest(text), _leaf(parse(text, name))) for name, text in texts.items()}


def _leaf(tree: Tree) -> Leaf:
    value = tree.value
    below: Scalar | dict[str, Leaf] | list[Leaf]
    if isinstance(value, dict):
        below = {key: _leaf(child) for key, child in value.items()}
    elif isinstance(value, list):
        below = [_leaf(child) for child in value]
    else:
        below = value
    return Leaf(below, tree.spot.line, tree.spot.column, {k: (s.line, s.column) for k, s in tree.keys.items()})


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


@functools.cache
def _copies() -> dict[str, ParsedCopy]:
    try:
        return msgspec.json.decode(data_path(TREES).read_bytes(), type=dict[str, ParsedCopy])
    except (OSError, msgspec.MsgspecError):
        return {}
