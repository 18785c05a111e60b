"""Files that are no scenario at all, made on the spot: too large, binary, another encoding, a folder, deep nesting."""

import time

import pytest

from diptych.edge import files
from diptych.edge.build import load_scenario
from diptych.model.errors import ScenarioError


def said(path) -> str:
    with pytest.raises(ScenarioError) as caught:
        load_scenario(str(path))
    (problem,) = caught.value.problems
    return str(problem).removeprefix(f"{path}:")


def test_a_file_of_50_mb_is_refused_without_being_read(tmp_path, monkeypatch):
    path = tmp_path / "large.yaml"
    with path.open("wb") as out:
        out.write(b"schema: diptych/scenario/1\n")
        out.truncate(50_000_000)

    def never(*_: object) -> bytes:
        raise AssertionError("the file was read")

    monkeypatch.setattr(files.Path, "read_bytes", never)
    assert said(path) == "1:1: expected at most 1 MB, found 50.0 MB and did not read it; is this the right file?"


def test_a_binary_file_is_called_binary(tmp_path):
    path = tmp_path / "picture.yaml"
    path.write_bytes(b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR")
    assert said(path) == "1:1: expected a text file, found binary data (a NUL byte); is this the right file?"


def test_a_file_in_another_encoding_is_refused_at_the_first_odd_byte(tmp_path):
    path = tmp_path / "latin.yaml"
    path.write_bytes("schema: diptych/scenario/1\ntitle: Kürecik\n".encode("latin-1"))
    assert said(path) == "2:9: expected UTF-8, found byte 0xfc; save the file as UTF-8"


def test_a_byte_order_mark_is_no_problem(tmp_path):
    path = tmp_path / "windows.yaml"
    path.write_bytes(b"\xef\xbb\xbfschema: diptych/scenario/1\r\nextends: europe-2012-four\r\nid: windows\r\n")
    assert load_scenario(str(path)).id == "windows"


def test_a_folder_and_a_missing_file_say_so(tmp_path):
    folder = tmp_path / "folder.yaml"
    folder.mkdir()
    assert said(folder) == "1:1: expected a file, found a folder; name the YAML file inside it"
    missing = tmp_path / "missing.yaml"
    assert said(missing) == "1:1: expected a readable file, found: no such file or directory; check the path"


def test_an_unknown_name_offers_the_shipped_ones():
    with pytest.raises(ScenarioError, match="did you mean 'europe-2012'"):
        load_scenario("europe-2021")


@pytest.mark.parametrize("opening", ["[", "{a: ", "- "])
def test_deep_nesting_is_refused_soon(tmp_path, opening):
    path = tmp_path / "deep.yaml"
    path.write_text("schema: diptych/scenario/1\nnotes: " + ("\n" if opening == "- " else "") + opening * 3000)
    start = time.perf_counter()
    assert "expected" in said(path)
    assert time.perf_counter() - start < 10.0


def test_norway_stays_norway(tmp_path):
    path = tmp_path / "north.yaml"
    path.write_text(
        "schema: diptych/scenario/1\nextends: europe-2012-four\nid: north\nparties:\n  nato: {members: [NO, US, TR]}\n"
    )
    assert load_scenario(str(path)).parties[0].states == ("NO", "TR", "US")
