"""Whatever is done to the shipped scenario, an author gets a scenario or positioned problems, never another exception.

Hypothesis drops, renames, moves and replaces keys and values and throws in garbage; the specification is one sentence:
`load_scenario` returns a Scenario or raises ScenarioError whose problems all have a file, a line and a text.
"""

from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from diptych.edge.build import load_scenario
from diptych.edge.files import data_path, read_tree, scalar_of
from diptych.edge.schema.write import _mapping
from diptych.model.errors import Problem, ScenarioError
from diptych.model.scenario import Scenario

NO_SHRINKING = (
    Phase.explicit,
    Phase.reuse,
    Phase.generate,
)  # shrinking takes minutes
SHIPPED = data_path("scenarios", "europe-2012.yaml")
TREE = read_tree(SHIPPED).plain()
TEXT = SHIPPED.read_bytes()


def paths(value, here=()):
    found = [here] if here else []
    if isinstance(value, dict):
        for key, below in value.items():
            found += paths(below, (*here, key))
    elif isinstance(value, list):
        for i, below in enumerate(value):
            found += paths(below, (*here, i))
    return found


PATHS = [p for p in paths(TREE) if p != ("schema",)]

WORDS = st.sampled_from(
    ["nato", "all", "RU", "FI", "in-service", "mrbm-2200-solid", "area-a", "low", "null", "", "é\u0300", "x" * 300]
)
SCALARS = st.one_of(st.none(), st.booleans(), st.integers(-(10**20), 10**20), st.floats(), st.text(max_size=8), WORDS)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(st.one_of(st.text(min_size=1, max_size=6), WORDS), inner, max_size=3),
    ),
    max_leaves=5,
)


def outcome(raw: bytes) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "mutant.yaml"
        path.write_bytes(raw)
        problems: tuple[Problem, ...] | None = None
        try:
            result = load_scenario(str(path))
        except ScenarioError as error:
            problems = error.problems
        else:
            assert isinstance(result, Scenario)
    if problems is not None:
        assert problems
        for problem in problems:
            assert problem.file
            assert problem.line >= 1
            assert problem.column >= 1
            assert problem.text
            assert str(problem).isprintable()


def changed(value, path, change):
    """Return a copy of `value` with `change(container, key)` done at `path`."""
    if len(path) == 1:
        copy = dict(value) if isinstance(value, dict) else list(value)
        change(copy, path[0])
        return copy
    copy = dict(value) if isinstance(value, dict) else list(value)
    copy[path[0]] = changed(value[path[0]], path[1:], change)
    return copy


@settings(max_examples=40, deadline=None, phases=NO_SHRINKING, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(PATHS), VALUES)
def test_a_replaced_value_gives_a_scenario_or_positioned_problems(path, value):
    def replace(container, key):
        container[key] = value

    outcome("\n".join(_mapping(changed(TREE, path, replace), 0)).encode("utf-8", "surrogatepass"))


@settings(max_examples=20, deadline=None, phases=NO_SHRINKING, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.sampled_from(PATHS), min_size=1, max_size=3), st.booleans())
def test_dropped_and_renamed_keys_give_a_scenario_or_positioned_problems(chosen, is_renamed):
    def drop(container, key):
        if isinstance(container, dict) and key in container:
            value = container.pop(key)
            if is_renamed:
                container[key[::-1]] = value
        elif isinstance(container, list) and key < len(container):
            del container[key]

    tree = TREE
    for path in chosen:
        try:
            tree = changed(tree, path, drop)
        except (KeyError, IndexError, TypeError):  # an earlier change took the place away
            continue
    outcome("\n".join(_mapping(tree, 0)).encode())


@settings(max_examples=40, deadline=None, phases=NO_SHRINKING, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(0, len(TEXT) - 1), st.binary(min_size=1, max_size=6), st.integers(0, 20))
@example(0, b"\xff", 0)
@example(40, b"\x85", 0)
@example(30, b"%YAML 9.9\n", 0)
def test_garbage_bytes_give_a_scenario_or_positioned_problems(start, garbage, taken):
    outcome(TEXT[:start] + garbage + TEXT[start + taken :])


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=12))
def test_a_scalar_is_a_scalar(text):
    assert isinstance(scalar_of(text), (str, int, float, bool, type(None)))
