"""The parsed copies of shipped files: the same trees as the texts, and never a tree of another text."""

import msgspec
import pytest

from diptych.edge import parsed_copies
from diptych.edge.files import data_path, parse, read_text

NAMES = sorted(parsed_copies.parsed_copies())


def test_the_shipped_copy_is_the_yaml_files():
    shipped = data_path(parsed_copies.TREES).read_bytes()
    assert shipped == msgspec.json.encode(parsed_copies.parsed_copies()) + b"\n", "run: python tools/build_trees.py"


@pytest.mark.parametrize("name", NAMES)
def test_a_copy_has_the_values_and_the_places_of_its_text(name):
    text = read_text(data_path(*name.split("/")), name)
    assert parsed_copies.copy_of(name, text) == parse(text, name)


def test_a_changed_text_and_another_name_have_no_copy():
    text = read_text(data_path("stages.yaml"), "stages.yaml")
    assert parsed_copies.copy_of("stages.yaml", text) is not None
    assert parsed_copies.copy_of("stages.yaml", text.replace("mid: 30", "mid: 31")) is None
    assert parsed_copies.copy_of("mine.yaml", text) is None


@pytest.mark.parametrize("raw", [b"", b"{", b'{"stages.yaml": 3}'])
def test_a_damaged_copy_is_ignored(raw, tmp_path, monkeypatch):
    (tmp_path / "trees.json").write_bytes(raw)
    monkeypatch.setattr(parsed_copies, "data_path", lambda name: tmp_path / name)
    assert parsed_copies._copies.__wrapped__() == {}
