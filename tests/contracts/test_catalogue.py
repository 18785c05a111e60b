"""What every catalogue entry owes: a source for each value, a grade, a unit, sane dates, a matching compiled copy."""

import math
import re

import msgspec
import pytest

from diptych.edge.catalogue import DATA, KINDS, compile_catalogue, load_catalogue
from diptych.edge.catalogue_text import catalogue_json, catalogue_text
from diptych.edge.schema.quantities import unit_of
from diptych.model.catalogue import Fact, Quantity

CATALOGUE = compile_catalogue()
ENTRIES = [(kind, e.id) for kind in KINDS for e in getattr(CATALOGUE, kind)]


def entry_of(kind, entry_id):
    return next(e for e in getattr(CATALOGUE, kind) if e.id == entry_id)


def inside(item):
    """Every record inside `item`, itself included."""
    if isinstance(item, tuple):
        for x in item:
            yield from inside(x)
    elif isinstance(item, msgspec.Struct):
        yield item
        for field in item.__struct_fields__:
            yield from inside(getattr(item, field))


def quantities(entry):
    return [x for x in inside(entry) if isinstance(x, Quantity)]


@pytest.mark.parametrize(("kind", "entry_id"), ENTRIES)
def test_every_value_leads_to_a_source_with_a_grade_and_an_address_or_a_reason(kind, entry_id):
    entry = entry_of(kind, entry_id)
    sources = dict(entry.sources)
    named = [x.source for x in inside(entry) if isinstance(getattr(x, "source", None), str)]
    assert named
    for source_id in named:
        source = sources[source_id]
        if source.grade == "assumed":
            assert source.note, f"{source_id}: assumed without a reason"
        else:
            assert re.match(r"https?://\S+$", source.url), f"{source_id}: no address"
    assert sorted(sources) == sorted(set(named)), "sources listed and not used, or the reverse"


@pytest.mark.parametrize(("kind", "entry_id"), ENTRIES)
def test_every_assumed_value_says_why_and_every_range_is_in_order(kind, entry_id):
    for q in quantities(entry_of(kind, entry_id)):
        if q.source == "assumed":
            assert len(q.note) >= 10, f"{q.key}: assumed without a reason"
        assert q.low <= q.mid <= q.high, q.key
        if q.is_range and not q.claims:
            assert q.grade == "assumed", f"{q.key}: a range that is not graded assumed"


@pytest.mark.parametrize(("kind", "entry_id"), ENTRIES)
def test_every_number_is_in_si_by_the_unit_at_the_end_of_its_key(kind, entry_id):
    for q in quantities(entry_of(kind, entry_id)):
        unit, factor, _ = unit_of(q.key)
        assert q.unit == unit
        assert math.isclose(q.mid, q.written[1] * factor, rel_tol=1e-12, abs_tol=0.0), q.key


@pytest.mark.parametrize(("kind", "entry_id"), ENTRIES)
def test_conflicting_values_are_all_listed_and_the_default_is_one_of_them(kind, entry_id):
    for q in quantities(entry_of(kind, entry_id)):
        if q.claims:
            values = [c.value for c in q.claims]
            assert q.mid in values
            assert (q.low, q.high) == (min(values), max(values))
            assert q.note, f"{q.key}: no word on why this default"


@pytest.mark.parametrize(("kind", "entry_id"), ENTRIES)
def test_the_text_and_the_json_of_an_entry_name_every_source_and_every_address(kind, entry_id):
    entry = entry_of(kind, entry_id)
    text = catalogue_text(CATALOGUE, entry_id)
    document = msgspec.json.decode(catalogue_json(CATALOGUE, entry_id))
    assert document["entry"]["id"] == entry_id
    for source_id, source in entry.sources:
        assert f"[{source_id}]" in text
        assert source.url in text
    for q in quantities(entry):
        assert q.key in text


def test_probabilities_and_fractions_lie_between_zero_and_one():
    for kind, entry_id in ENTRIES:
        for q in quantities(entry_of(kind, entry_id)):
            if q.key.endswith(("_probability", "_fraction", "search_range_factor", "availability")):
                assert q.low >= 0.0
                assert q.high <= 1.0


def test_every_date_is_a_calendar_day_in_the_years_the_catalogue_speaks_of():
    import datetime

    for state in CATALOGUE.states:
        if state.nato_since is not None:
            assert 1949 <= datetime.date.fromisoformat(state.nato_since.value).year <= 2024
    for site in CATALOGUE.sites:
        for fact in (x for x in inside(site) if isinstance(x, Fact) and x.key.startswith("in_service")):
            assert 1970 <= datetime.date.fromisoformat(fact.value).year <= 2025


def test_every_site_on_land_is_the_owner_s_or_has_a_host_and_lies_on_the_host_s_territory():
    from diptych.edge.geography import load_territory
    from diptych.model.geography import state_at

    territory = load_territory()
    for site in CATALOGUE.sites:
        if site.kind == "space":
            assert site.lat_rad is None
            continue
        here = state_at(territory, site.lat_rad.mid, site.lon_rad.mid)
        if site.kind == "ship" and not site.id.startswith("rota"):  # those stand at their home port
            assert here is None, f"{site.id}: a ship on land ({here})"
        elif site.kind != "ship":
            assert here == site.host, f"{site.id}: expected {site.host}, got {here}"


def test_nothing_said_to_be_recalled_from_memory_is_in_the_data():
    # Rows tagged K in the requirements sheet: known, not read. Each would need a source first.
    files = [
        DATA / "sources.yaml",
        DATA / "states.yaml",
        *(p for kind in KINDS for p in sorted((DATA / kind).iterdir())),
    ]
    text = "\n".join(path.read_text(encoding="utf-8") for path in files)
    for recalled in (
        "68 interceptors",
        "one site after the 1974 protocol",
        "generic missile class",
        "valid for four days",
        "26-30 March",
        "commonly known",
        "general knowledge",
        "recalled",
        "wikipedia.org",
    ):
        assert recalled not in text, recalled


def test_the_compiled_copy_is_the_yaml_files():
    compiled = (DATA / "catalogue.json").read_bytes()
    assert compiled == msgspec.json.encode(CATALOGUE) + b"\n", "run: python tools/build_catalogue.py"
    assert load_catalogue() == CATALOGUE


def test_nato_has_28_members_on_20_may_2012_and_croatia_is_not_one_a_day_too_early():
    assert len(CATALOGUE.members_on("2012-05-20")) == 28
    assert "HR" not in CATALOGUE.members_on("2009-03-31")
    assert "HR" in CATALOGUE.members_on("2009-04-01")


def test_both_sides_name_the_same_class_for_the_lower_tier():
    owners = {s.owner for s in CATALOGUE.sites for m in s.interceptors if m.interceptor_class == "lower-tier"}
    assert "RU" in owners
    assert owners & set(CATALOGUE.members_on("2012-05-20"))


def test_published_closed_form_reach_of_the_interceptor_classes_follows_from_their_speed():
    # Energy closed form on the sphere, as in the physics cases INT-01 and INT-02.
    mu, radius = 398600.4418e9, 6371008.8
    for entry in CATALOGUE.interceptors:
        if not entry.id.startswith("midcourse"):
            continue
        speed = entry.burnout_speed_mps.mid
        q = speed * speed * radius / mu
        assert abs(radius * q / (2 - q) - entry.ceiling_m.mid) < 2e3  # apogee: R q / (2 - q)
        assert abs(2 * math.asin(q / (2 - q)) * radius - entry.ground_range_m.mid) < 2e3
