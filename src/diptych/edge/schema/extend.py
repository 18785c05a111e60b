"""Finding files by name or path, and laying a file over the one it extends.

A mapping is merged key by key; any other value (a list too) replaces what the base says; `null` drops a key of the
base. Positions stay with the file each value came from. Chains are followed to the end; a cycle is an error.
"""

from pathlib import Path

from diptych.edge.files import Tree, data_names, data_path, fail, read_tree
from diptych.edge.schema.base import did_you_mean, problem_at
from diptych.model.errors import Problem, ScenarioError

DEEPEST_CHAIN = 8


def find_file(name: str, folder: str, beside: Path | None = None) -> Path | None:
    """Return the path a word stands for: a shipped name of `folder`, or a file (from `beside`, else from here)."""
    if is_path(name):
        path = Path(name).expanduser()
        return beside.parent / path if beside is not None and not path.is_absolute() else path
    return data_path(folder, f"{name}.yaml") if name in data_names(folder) else None


def near_file(name: str, beside: Path | None = None) -> str:
    """Return the next step where a word is no shipped name but a file of that name lies at hand, else nothing."""
    folder = beside.parent if beside is not None else Path()
    is_there = not is_path(name) and (folder / f"{name}.yaml").is_file()
    return f"did you mean the file {name}.yaml?" if is_there else ""


def is_path(name: str) -> bool:
    """Whether a word is meant as a path and not as the name of a shipped file."""
    return name.endswith((".yaml", ".yml")) or "/" in name or "\\" in name


def shown_name(path: Path) -> str:
    """Return how messages call a file: shipped ones from the data folder on, others as given."""
    root = data_path()
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else str(path)


_OTHER_KIND = {
    "diptych/arrangement/1": ": it is an arrangement, `diptych lint europe-2012 -a {}` checks it",
    "diptych/scenario/1": ": it is a scenario, `diptych lint {}` checks it",
}


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
            f"expected {schema}, found {said.value!r}; this is no {kind} file that this version reads"
            + _OTHER_KIND.get(str(said.value), "").format(path),
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
    below = read_extended(found, schema, folder, chain)
    if problems := drops_of_nothing(tree, below):
        raise ScenarioError(problems=problems)
    return without(laid_over(tree, below), "extends")


ENTRIES = (
    ("parties",),
    ("assets", "change"),
    ("assets", "add"),
    ("places",),
    ("raid",),
    ("assumptions",),
    ("sources",),
)


def drops_of_nothing(top: Tree, base: Tree) -> tuple[Problem, ...]:
    """Return a problem for every entry that a file drops with `null` and the file below does not have."""
    found = []
    for path in ENTRIES:
        above, below = top.get(*path), base.get(*path)
        names = [key for key, _ in below.items()] if below is not None else []
        for key, value in above.items() if above is not None else ():
            if value.value is None and key not in names:
                text = f"expected an entry of the file below to drop, found none called {key!r}"
                found.append(problem_at(top, (*path, key), f"{text}; {did_you_mean(key, names, 'there are')}"))
    return tuple(found)


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
