"""YAML files with positions: read once, at the edge, into a tree that remembers where every key and value stands.

`read_tree` is the way in. It refuses what cannot be a file of ours before it parses (too large, binary, not UTF-8,
empty), parses YAML 1.2 (so `NO` is Norway), and gives a `Tree`: plain values, each with its file, line and column.
Nothing is evaluated: tags, merge keys and non-text keys are refused, aliases may not unfold into a flood. Every
refusal is a `ScenarioError` whose problems carry positions. Package data is reached by `data_path` and `data_names`.

Of shipped files `edge.parsed_copies` keeps the trees, so that a run need not parse them.
"""

import functools
import re
from collections.abc import Iterator
from importlib.resources import files as package_files
from pathlib import Path

import msgspec
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from diptych.model.errors import LocalError, Problem, ScenarioError

SIZE_CAP_BYTES = 1_000_000  # the pure parser reads about 100 kB a second; a written scenario has a few kB
DEPTH_CAP = 32
NODE_CAP = 50_000

Scalar = str | int | float | bool | None
Step = str | int


class Spot(msgspec.Struct, frozen=True):
    """A place in a file; line and column count from 1."""

    file: str
    line: int
    column: int


class Tree(msgspec.Struct, frozen=True):
    """A value and where it stands; `keys` tells where the keys of a mapping stand."""

    value: "Scalar | dict[str, Tree] | list[Tree]"
    spot: Spot
    keys: dict[str, Spot] = {}

    def plain(self) -> object:
        """Return the value without positions: dicts, lists and scalars."""
        if isinstance(self.value, dict):
            return {k: v.plain() for k, v in self.value.items()}
        if isinstance(self.value, list):
            return [v.plain() for v in self.value]
        return self.value

    def get(self, *path: Step) -> "Tree | None":
        """Return the tree at a path of keys and indices, or None where the file has nothing there."""
        here: Tree = self
        for step in path:
            value = here.value
            below: Tree | None = None
            if isinstance(value, dict) and isinstance(step, str):
                below = value.get(step)
            elif isinstance(value, list) and isinstance(step, int) and 0 <= step < len(value):
                below = value[step]
            if below is None:
                return None
            here = below
        return here

    def spot_of(self, *path: Step) -> Spot:
        """Return where a path stands: its key where it has one, else the nearest enclosing key."""
        here, spot = self, self.spot
        for step in path:
            spot = here.keys.get(step, spot) if isinstance(step, str) else spot
            below = here.get(step)
            if below is None:
                break
            here = below
            if isinstance(step, int):
                spot = here.spot
        return spot

    def items(self) -> Iterator[tuple[str, "Tree"]]:
        """Walk the keys of a mapping in file order; nothing for other values."""
        if isinstance(self.value, dict):
            yield from self.value.items()


def dotted(path: tuple[Step, ...]) -> str:
    """Return a key path as people read it: `raid.ankara.aim.lat_deg`, `sources[2].title`."""
    text = ""
    for step in path:
        text += f"[{step}]" if isinstance(step, int) else f".{step}" if text else step
    return text


def fail(
    file: str, text: str, line: int = 1, column: int = 1, key_path: str = "", check: str = "form"
) -> ScenarioError:
    """Return the error for one problem."""
    return ScenarioError(problems=(Problem(file, line, column, key_path, text, check),))


# --- from a file to text ------------------------------------------------------------------------------------


def read_text(path: Path, shown: str | None = None) -> str:
    """Return the text of a file of ours; `shown` is the name for messages. Raises ScenarioError."""
    name = shown or str(path)
    try:
        size = path.stat().st_size
        if path.is_dir():
            raise fail(name, "expected a file, found a folder; name the YAML file inside it")
        if size > SIZE_CAP_BYTES:
            raise fail(
                name,
                f"expected at most {SIZE_CAP_BYTES / 1e6:g} MB, found {size / 1e6:.1f} MB and did not read it; "
                "is this the right file?",
            )
        raw = path.read_bytes()
    except OSError as problem:
        reason = (problem.strerror or str(problem)).lower()
        raise fail(name, f"expected a readable file, found: {reason}; check the path") from problem
    return decode(raw, name)


def write_text(path: Path, text: str) -> None:
    """Write a file that somebody asked for by name, over one that is there. Raises LocalError."""
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise LocalError(f"writing {path}: {reason}; choose an --out in a folder that you may write to") from error


def decode(raw: bytes, name: str) -> str:
    """Return the text of bytes, which must be UTF-8 text with something in it."""
    if b"\x00" in raw[:4096]:
        raise fail(name, "expected a text file, found binary data (a NUL byte); is this the right file?")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        before = raw[: problem.start]
        line = before.count(b"\n") + 1
        column = problem.start - (before.rfind(b"\n") + 1) + 1
        raise fail(
            name, f"expected UTF-8, found byte 0x{raw[problem.start]:02x}; save the file as UTF-8", line, column
        ) from problem
    if not text.strip():
        raise fail(name, "expected YAML, found an empty file; `diptych new scenario NAME` writes one to start from")
    return text


# --- from text to a tree ------------------------------------------------------------------------------------

_NULL = re.compile(r"~|null|Null|NULL|")
_BOOL = re.compile(r"true|True|TRUE|false|False|FALSE")
_INT = re.compile(r"[-+]?[0-9]{1,18}|0o[0-7]{1,16}|0x[0-9a-fA-F]{1,15}")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_SPECIAL = re.compile(r"([-+]?)\.(inf|Inf|INF)|\.(nan|NaN|NAN)")


def scalar_of(text: str) -> Scalar:
    """Return the value of an unquoted scalar by the core schema of YAML 1.2.2 (section 10.3.2): `NO` stays text."""
    if _NULL.fullmatch(text):
        return None
    if _BOOL.fullmatch(text):
        return text.lower() == "true"
    if _INT.fullmatch(text):
        return int(text, {"0o": 8, "0x": 16}.get(text[:2], 10))
    if _FLOAT.fullmatch(text):
        return float(text)
    if special := _SPECIAL.fullmatch(text):
        return float("nan") if special[3] else float((special[1] or "") + "inf")
    return text


class _Builder:
    """Turns composed nodes into a tree and collects every problem on the way."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.problems: list[Problem] = []
        self.count = 0

    def spot(self, node: Node) -> Spot:
        return Spot(self.file, node.start_mark.line + 1, node.start_mark.column + 1)

    def complain(self, node: Node, path: tuple[Step, ...], text: str, check: str = "form") -> None:
        spot = self.spot(node)
        self.problems.append(Problem(self.file, spot.line, spot.column, dotted(path), text, check))

    def tree(self, node: Node, path: tuple[Step, ...]) -> Tree:
        self.count += 1
        spot = self.spot(node)
        if self.count > NODE_CAP:
            raise fail(
                self.file,
                f"expected at most {NODE_CAP} values, found more once aliases (`*name`) unfold; write fewer aliases",
                spot.line,
                spot.column,
            )
        if len(path) > DEPTH_CAP:
            raise fail(
                self.file, f"expected at most {DEPTH_CAP} levels, found more; flatten it", spot.line, spot.column
            )
        if _has_own_tag(node):
            self.complain(node, path, f"expected a plain value, found the tag {node.tag!s}; remove the tag")
        if isinstance(node, ScalarNode):
            return Tree(scalar_of(node.value) if not node.style else node.value, spot)
        if isinstance(node, SequenceNode):
            return Tree([self.tree(child, (*path, i)) for i, child in enumerate(node.value)], spot)
        return self.mapping(node, path, spot)

    def mapping(self, node: Node, path: tuple[Step, ...], spot: Spot) -> Tree:
        values: dict[str, Tree] = {}
        keys: dict[str, Spot] = {}
        for key_node, value_node in node.value:
            key = key_node.value if isinstance(key_node, ScalarNode) else None
            if not isinstance(key, str) or not key:
                self.complain(
                    key_node, path, "expected a word as key, found a list, a mapping or nothing; name the key"
                )
                continue
            here = self.spot(key_node)
            if key == "<<":
                self.complain(
                    key_node,
                    (*path, key),
                    "expected plain keys, found a merge key; write the keys out or use `extends`",
                )
            elif key in values:
                again = f"found {key!r} again (first on line {keys[key].line})"
                self.complain(
                    key_node,
                    (*path, key),
                    f"expected each id or key once, {again}; rename or remove one",
                    "duplicate-id",
                )
            else:
                keys[key] = here
                values[key] = self.tree(value_node, (*path, key))
        return Tree(values, spot, keys)


_PLAIN_TAGS = ("", "str", "int", "float", "bool", "null", "seq", "map", "timestamp", "merge", "value")


def _has_own_tag(node: Node) -> bool:
    return str(node.tag or "").removeprefix("tag:yaml.org,2002:") not in _PLAIN_TAGS


def parse(text: str, file: str) -> Tree:
    """Return the tree of YAML text; raises ScenarioError with every problem found."""
    _refuse_deep_brackets(text, file)
    reader = YAML(typ="rt", pure=True)
    try:
        nodes = list(reader.compose_all(text))
    except MarkedYAMLError as problem:
        raise _syntax_error(problem, text, file) from problem
    except RecursionError as problem:
        raise fail(file, f"expected at most {DEPTH_CAP} levels, found far more; flatten it") from problem
    except (YAMLError, ValueError, AttributeError, TypeError, IndexError, KeyError, AssertionError) as problem:
        # the parser itself fails in many ways on garbage; whatever it says, the file is not YAML we can read
        line, column = _first_odd_character(text)
        raise fail(
            file, "expected YAML, found characters it does not allow; write plain text", line, column
        ) from problem
    if len(nodes) != 1 or nodes[0] is None:
        raise fail(file, f"expected one YAML document, found {len(nodes)}; keep one, without `---` between")
    root = nodes[0]
    if not isinstance(root, MappingNode):
        what = "a list" if isinstance(root, SequenceNode) else "one value"
        raise fail(file, f"expected keys and values (`key: value`), found {what}; start with the `schema:` line")
    builder = _Builder(file)
    try:
        tree = builder.tree(root, ())
    except RecursionError as problem:
        raise fail(file, f"expected at most {DEPTH_CAP} levels, found far more; flatten it") from problem
    if builder.problems:
        raise ScenarioError(problems=tuple(builder.problems))
    return tree


def _refuse_deep_brackets(text: str, file: str) -> None:
    """Refuse brackets opened and never closed by the hundred before the parser, which slows with the square of them."""
    depth = 0
    for found in re.finditer(r"[\[\]{}]", text):
        depth = depth + 1 if found[0] in "[{" else max(0, depth - 1)
        if depth > 8 * DEPTH_CAP:
            line = text.count("\n", 0, found.start()) + 1
            column = found.start() - text.rfind("\n", 0, found.start())
            raise fail(file, f"expected at most {DEPTH_CAP} levels, found far more; flatten it", line, column)


def _syntax_error(problem: MarkedYAMLError, text: str, file: str) -> ScenarioError:
    mark = problem.problem_mark or problem.context_mark
    line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
    for number, content in enumerate(text.splitlines()[: line + 1], start=1):
        indent = content[: len(content) - len(content.lstrip())]
        if "\t" in indent:
            column = indent.index("\t") + 1
            return fail(file, "expected spaces for indentation, found a tab; replace tabs by spaces", number, column)
    said = str(problem.problem or "it cannot be read").split("\n")[0]
    return fail(file, f"expected YAML, found: {said}; check indentation, colons and quotes", line, column)


def _first_odd_character(text: str) -> tuple[int, int]:
    for number, content in enumerate(text.split("\n"), start=1):
        for column, character in enumerate(content, start=1):
            if not character.isprintable() and character not in "\t\r":
                return number, column
    return 1, 1


def read_tree(path: Path, shown: str | None = None) -> Tree:
    """Read one file into a tree; `shown` is the name that messages carry. Raises ScenarioError."""
    from diptych.edge.parsed_copies import copy_of  # it needs what stands here

    name, text = shown or str(path), read_text(path, shown)
    return copy_of(name, text) or parse(text, name)


# --- what travels with the package --------------------------------------------------------------------------


def data_path(*parts: str) -> Path:
    """Return the path of a shipped data file or folder, from a checkout or an installed wheel."""
    return Path(str(package_files("diptych"))).joinpath("data", *parts)


def data_names(folder: str) -> tuple[str, ...]:
    """Return the names (without `.yaml`) of the shipped files of a folder, in order."""
    return tuple(sorted(p.stem for p in data_path(folder).glob("*.yaml")))


@functools.cache
def read_data(*parts: str) -> Tree:
    """Return the tree of a shipped data file, read once per process."""
    return read_tree(data_path(*parts), "/".join(parts))
