"""Reading catalogue files: forms of a value, messages for bad ones, and the compiled copy."""

import shutil
import sys

import pytest

from diptych.edge.catalogue import DATA, KINDS, SHARED, compile_catalogue, find_entry, load_catalogue
from diptych.edge.catalogue_text import catalogue_text
from diptych.model.errors import ScenarioError

KEPT = {"threats": ["srbm-300"], "sites": ["kurecik", "gabala"], "interceptors": ["midcourse-30", "terminal-upper"]}


@pytest.fixture
def folder(tmp_path):
    """A copy of some shipped files that a test may spoil."""
    for kind in KINDS:
        (tmp_path / kind).mkdir()
        for path in sorted((DATA / kind).glob("*.yaml")):
            if path.stem in KEPT.get(kind, [path.stem]):
                shutil.copy(path, tmp_path / kind)
    for name in (*SHARED, "catalogue.json"):
        shutil.copy(DATA / name, tmp_path / name)
    return tmp_path


def spoil(folder, name, old, new):
    path = folder / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def complaint(folder):
    with pytest.raises(ScenarioError) as caught:
        compile_catalogue(folder)
    return str(caught.value)


def test_a_conflict_keeps_every_value_and_spans_them():
    entry = find_entry(load_catalogue(), "sensors", "early-warning-vhf")
    assert entry.reference_range_m.mid == 4_000_000.0
    assert [c.written for c in entry.reference_range_m.claims] == [4000.0, 6000.0, 6000.0, 7200.0]
    assert entry.reference_range_m.claims[3].weak


def test_degrees_become_radians_exactly():
    import math

    assert find_entry(load_catalogue(), "sensors", "naval-s-band").az_half_width_rad.mid == math.pi


def test_an_edited_file_takes_effect_although_the_compiled_copy_is_old(folder):
    before = find_entry(load_catalogue(folder), "interceptors", "midcourse-30").dead_time_s.mid
    spoil(folder, "interceptors/midcourse-30.yaml", "dead_time_s: {low: 20, mid: 35", "dead_time_s: {low: 20, mid: 41")
    assert (before, find_entry(load_catalogue(folder), "interceptors", "midcourse-30").dead_time_s.mid) == (35.0, 41.0)


def test_a_damaged_compiled_copy_is_ignored(folder):
    (folder / "catalogue.json").write_bytes(b'{"digest": 7}')
    assert find_entry(load_catalogue(folder), "sites", "gabala") == find_entry(load_catalogue(), "sites", "gabala")


def test_a_value_without_a_source_is_refused_with_its_place(folder):
    spoil(folder, "interceptors/midcourse-30.yaml", "{value: 494, source: closed-form", "{value: 494")
    text = complaint(folder)
    line = next(
        n for n, t in enumerate((folder / "interceptors/midcourse-30.yaml").read_text().splitlines(), 1) if "494" in t
    )
    assert text.startswith(f"interceptors/midcourse-30.yaml:{line}:1: ceiling_km: expected a source, got none")


def test_an_unknown_key_is_refused_by_name(folder):
    spoil(folder, "sensors/naval-s-band.yaml", "kind: radar", "kind: radar\nrange_miles: {value: 1, source: assumed}")
    assert "range_miles: Extra inputs are not permitted" in complaint(folder)


def test_a_range_out_of_order_is_refused_with_the_numbers(folder):
    spoil(folder, "sensors/space-infrared.yaml", "{low: 0, mid: 7, high: 12", "{low: 70, mid: 7, high: 12")
    assert "cloud_top_km: expected low <= mid <= high, got 70.0, 7.0, 12.0" in complaint(folder)


def test_a_source_without_an_address_is_refused_unless_assumed(folder):
    spoil(folder, "sources.yaml", "    url: https://www.mda.mil/news/11news0016.html\n", "")
    assert "expected an address for grade attributed, got ''" in complaint(folder)


def test_an_unknown_source_id_and_an_unknown_class_are_both_reported_at_once(folder):
    spoil(folder, "interceptors/terminal-upper.yaml", "source: thaad-fact-box", "source: thaad-fact-bocks")
    spoil(folder, "sites/kurecik.yaml", "sensor: forward-x-band", "sensor: forward-y-band")
    text = complaint(folder)
    assert "ceiling_km: expected a source id of this entry or of sources.yaml, got 'thaad-fact-bocks'" in text
    assert "sites/kurecik.yaml: sensors: expected one of" in text
    assert "got 'forward-y-band'" in text


def test_a_default_that_no_source_gives_is_refused(folder):
    spoil(folder, "sensors/forward-x-band.yaml", "default: 1500", "default: 1700")
    assert "expected default to be one of values" in complaint(folder)


def test_service_that_ends_before_it_begins_is_refused(folder):
    spoil(folder, "sites/gabala.yaml", "2012-12-24", "1980-12-24")
    assert "in_service_until: expected a day after 1985-12-31, got 1980-12-24" in complaint(folder)


def test_broken_yaml_gives_line_and_column(folder):
    (folder / "sensors" / "naval-s-band.yaml").write_text("schema: [diptych/sensor/1\nid: x\n", encoding="utf-8")
    assert complaint(folder).startswith("sensors/naval-s-band.yaml:2:")


def test_a_file_that_is_not_utf_8_is_reported(folder):
    (folder / "sensors" / "naval-s-band.yaml").write_bytes(b"\xff\xfe\x00")
    assert "expected a readable UTF-8 YAML file" in complaint(folder)


def test_norway_is_a_state_and_not_false():
    assert "NO" in load_catalogue().members_on("2012-05-20")


def test_gabala_serves_until_its_lease_ends():
    site = find_entry(load_catalogue(), "sites", "gabala")
    assert (site.owner, site.host) == ("RU", "AZ")
    assert [site.in_service_on(d) for d in ("1985-12-30", "1985-12-31", "2012-12-24", "2012-12-25")] == [
        False,
        True,
        True,
        False,
    ]


def test_an_unknown_name_suggests_near_ones():
    with pytest.raises(ScenarioError, match=r"got 'kurecyk'; did you mean kurecik\?"):
        catalogue_text(load_catalogue(), "kurecyk")
    with pytest.raises(ScenarioError, match=r"got 'midcourse-31'; did you mean .*midcourse-30"):
        find_entry(load_catalogue(), "interceptors", "midcourse-31")


def test_the_list_names_every_entry_and_the_grades():
    text = catalogue_text(load_catalogue())
    catalogue = load_catalogue()
    for kind in KINDS:
        for entry in getattr(catalogue, kind):
            assert f"\n  {entry.id} " in text
    assert "assumed: ours, with the reason" in text


def test_reading_the_compiled_copy_needs_neither_pydantic_nor_a_yaml_reader():
    import subprocess

    code = (
        "import sys; from diptych.edge.catalogue import load_catalogue; load_catalogue();"
        "print([m for m in ('pydantic', 'ruamel.yaml', 'numpy') if m in sys.modules])"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert out.strip() == "[]"
