"""YAML with positions: YAML 1.2 scalars, where keys stand, what a path means."""

import pytest

from diptych.edge.files import data_names, data_path, dotted, parse, read_data, scalar_of
from diptych.model.errors import ScenarioError

TEXT = "schema: x\nraid:\n  ankara: {count: 2, aim: {city: Ankara}}\n  list:\n    - one\n    - {two: 2}\n"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("NO", "NO"), ("no", "no"), ("on", "on"), ("true", True), ("False", False), ("", None), ("~", None),
        ("12", 12), ("-3", -3), ("0o17", 15), ("0x1F", 31), ("010", 10), ("1e3", 1000.0), ("1.5", 1.5), (".5", 0.5),
        ("1_000", "1_000"), ("2012-05-20", "2012-05-20"), ("12:30", "12:30"), ("0b1", "0b1"), ("-.inf", float("-inf")),
    ],
)  # fmt: skip
def test_scalars_follow_the_core_schema_of_yaml_1_2(text, value):
    found = scalar_of(text)
    assert found == value
    assert type(found) is type(value)


def test_a_quoted_scalar_is_text():
    assert parse('a: "12"', "f").plain() == {"a": "12"}


def test_keys_and_items_know_their_line_and_column():
    tree = parse(TEXT, "f.yaml")
    spot = tree.spot_of("raid", "ankara", "aim", "city")
    assert (spot.line, spot.column) == (3, 28)
    item = tree.spot_of("raid", "list", 1)
    assert (item.line, item.column) == (6, 7)
    missing = tree.spot_of("raid", "ankara", "nothing", "there")
    assert (missing.line, missing.column) == (3, 3)


def test_a_path_reads_as_people_write_it():
    assert dotted(("raid", "list", 1, "two")) == "raid.list[1].two"


def test_every_duplicate_key_is_reported_at_once():
    with pytest.raises(ScenarioError) as caught:
        parse("a: 1\nb: {c: 1, c: 2}\na: 3\n", "f")
    assert [(p.line, p.check) for p in caught.value.problems] == [(2, "duplicate-id"), (3, "duplicate-id")]


def test_shipped_data_is_reached_by_name():
    assert "europe-2012" in data_names("scenarios")
    assert data_path("stages.yaml").is_file()
    assert read_data("stages.yaml") is read_data("stages.yaml")
