"""Finding files by name or path, and laying a file over the one it extends.

A mapping is merged key by key; any other value (a list too) replaces what the base says; `null` drops a key of the
base. Positions stay with the file each value came from. Chains are followed to the end; a cycle is an error.
"""

from pathlib import Path

from diptych.edge.files import Tree, data_names, data_path, fail, read_tree
from diptych.edge.schema.base import did_you_mean, problem_at
from diptych.model.errors import ScenarioError

DEEPEST_CHAIN = 8


def find_file(name: str, folder: str, beside: Path | None = None) -> Path | None:
    """Return the path a word stands for: a shipped name of `folder`, or a file (from `beside`, else from here)."""
    if is_path(name):
        path = Path(name).expanduser()
        return beside.parent / path if beside is not None and not path.is_absolute() else path
    return data_path(folder, f"{name}.yaml") if name in data_names(folder) else None


def is_path(name: str) -> bool:
    """Whether a word is meant as a path and not as the name of a shipped file."""
    return name.endswith((".yaml", ".yml")) or "/" in name or "\\" in name


def shown_name(path: Path) -> str:
    """Return how messages call a file: shipped ones from the data folder on, others as given."""
    root = data_path()
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else str(path)


def read_checked(path: Path, schema: str) -> Tree:
    """Read a file whose first line must be `schema: <schema>`."""
    shown = shown_name(path)
    tree = read_tree(path, shown)
    said = tree.get("schema")
    if said is None or tree.keys["schema"].line != 1:
        first = "another key" if said is None else f"`schema` on line {tree.keys['schema'].line}"
        raise fail(
            shown, f"expected `schema: {schema}` as the first line, found {first}; put it there", key_path="schema"
        )
    if said.value != schema:
        spot, kind = said.spot, schema.split("/")[1]
        raise fail(
            shown,
            f"expected {schema}, found {said.value!r}; this is no {kind} file that this version reads",
            spot.line,
            spot.column,
            "schema",
        )
    return tree


def read_extended(path: Path, schema: str, folder: str, chain: tuple[Path, ...] = ()) -> Tree:
    """Read a file and lay it over the file it extends, to the end of the chain. Raises ScenarioError."""
    tree = read_checked(path, schema)
    base = tree.get("extends")
    if base is None:
        return tree
    chain = (*chain, path.resolve())
    if not isinstance(base.value, str):
        text = "expected the name or path of a file, found something else; write one name"
        raise ScenarioError(problems=(problem_at(tree, ("extends",), text),))
    found = find_file(base.value, folder, path)
    if found is None:
        hint = did_you_mean(base.value, data_names(folder), "shipped")
        text = f"expected a shipped name or a path, found {base.value!r}; {hint} (a path ends in .yaml)"
        raise ScenarioError(problems=(problem_at(tree, ("extends",), text),))
    if found.resolve() in chain or len(chain) > DEEPEST_CHAIN:
        names = " -> ".join(p.name for p in (*chain, found))
        text = f"expected a chain of files that ends, found a cycle: {names}; remove one `extends`"
        raise ScenarioError(problems=(problem_at(tree, ("extends",), text),))
    if not found.is_file():
        text = f"expected a file at {base.value!r}, found none; check the path (it counts from this file)"
        raise ScenarioError(problems=(problem_at(tree, ("extends",), text),))
    return without(laid_over(tree, read_extended(found, schema, folder, chain)), "extends")


def laid_over(top: Tree, base: Tree) -> Tree:
    """Return `base` with `top` laid over it."""
    if not (isinstance(top.value, dict) and isinstance(base.value, dict)):
        return top
    values, keys = dict(base.value), dict(base.keys)
    for key, value in top.value.items():
        if value.value is None and key in values:
            del values[key], keys[key]
            continue
        values[key] = laid_over(value, values[key]) if key in values else value
        keys[key] = top.keys[key]
    return Tree(values, top.spot, keys)


def without(tree: Tree, key: str) -> Tree:
    """Return a mapping without one key."""
    if not isinstance(tree.value, dict):
        return tree
    return Tree({k: v for k, v in tree.value.items() if k != key}, tree.spot, tree.keys)
