"""Named bad files and the whole of what is said about each: position, name of the check, key, text.

Every file in `cases/` stands for one mistake an author can make; the table below is what the author reads. A file
without a row, or a row without a file, fails too.
"""

from pathlib import Path

import pytest

from diptych.edge.build import load
from diptych.edge.files import dotted
from diptych.edge.lint import lint
from diptych.model.errors import ScenarioError

CASES = Path(__file__).parent / "cases"
HELPERS = ("arrangement-", "cyclic-extends-2")
ONLY_LINT = ("raid-out-of-reach", "site-in-sea")  # the file holds; what it says cannot be

Row = tuple[str, str, str, str]  # file:line:column, check, key, text

EXPECTED: dict[str, tuple[Row, ...]] = {
    "alias-flood": (
        (
            "alias-flood.yaml:2:29",
            "form",
            "",
            "expected at most 50000 values, found more once aliases (`*name`) unfold; write fewer aliases",
        ),
    ),
    "alias-of-itself": (
        (
            "alias-of-itself.yaml:2:8",
            "form",
            "",
            "expected at most 32 levels, found more; flatten it",
        ),
    ),
    "another-kind": (
        (
            "another-kind.yaml:1:9",
            "form",
            "schema",
            (
                "expected diptych/scenario/1, found 'diptych/arrangement/1'; this is no scenario file that this "
                "version reads: it is an arrangement, `diptych lint europe-2012 -a another-kind.yaml` checks it"
            ),
        ),
    ),
    "apogee-without-shape": (
        (
            "apogee-without-shape.yaml:6:3",
            "form",
            "raid.ankara",
            "expected shape `lofted` or `depressed` with apogee_km, found minimum-energy; add the shape",
        ),
    ),
    "asset-named-like-a-site": (
        (
            "asset-named-like-a-site.yaml:7:5",
            "form",
            "assets.add.kurecik",
            "expected a new id, found the catalogue site 'kurecik'; rename it or use `change`",
        ),
    ),
    "bad-date": (
        (
            "bad-date.yaml:5:1",
            "form",
            "date",
            "expected a day of the calendar, found 2012-02-30; correct it",
        ),
    ),
    "bare-ready-count": (
        (
            "bare-ready-count.yaml:7:27",
            "form",
            "assets.change.kurecik.ready_count",
            "expected the number with its source, found 12 alone; write {value: 12, source: ID}",
        ),
    ),
    "before-accession": (
        (
            "before-accession.yaml:6:36",
            "before-accession",
            "parties.nato.members[4]",
            (
                "expected members of NATO on 2012-05-20, found FI, which joined on 2023-12-31; remove it, "
                "move `date`, or say `alliance: none`"
            ),
        ),
    ),
    "conduct-after-the-raid": (
        (
            "conduct-after-the-raid.yaml:11:12",
            "form",
            "from.after_s",
            "expected a time of the raid, found 90000 s: all is down by 3630 s; begin after first-launch",
        ),
    ),
    "conduct-centre-that-lies": (
        (
            "conduct-centre-that-lies.yaml:12:9",
            "form",
            "changes[0].do",
            "expected of a centre one of stop, delay, degrade, found falsify; a party may do it",
        ),
    ),
    "conduct-number-without-reason": (
        (
            "conduct-number-without-reason.yaml:13:9",
            "form",
            "changes[0].delay_s.reason",
            "expected this key, found none; add `reason: ...`",
        ),
    ),
    "conduct-of-nobody": (
        (
            "conduct-of-nobody.yaml:5:25",
            "form",
            "conducts[1]",
            "expected a party of the scenario, found 'mars'; there are: nato, russia",
        ),
    ),
    "conduct-of-two": (
        (
            "conduct-of-two.yaml:10:5",
            "form",
            "who",
            "expected one of party, member, centre, role, link, found party and member; keep one",
        ),
    ),
    "conduct-of-unknown-role": (
        (
            "conduct-of-unknown-role.yaml:10:5",
            "form",
            "who",
            "expected a role of the arrangements to compare, found 'saceurr'; did you mean 'saceur'?",
        ),
    ),
    "conduct-probability-above-one": (
        (
            "conduct-probability-above-one.yaml:13:9",
            "form",
            "changes[0].with_probability",
            "expected a probability from 0 to 1, found 50; write 0.3 for 30 %",
        ),
    ),
    "conduct-range-turned-round": (
        (
            "conduct-range-turned-round.yaml:13:9",
            "low-above-high",
            "changes[0].delay_s",
            "expected low <= mid <= high, found 60, 30, 120; put them in order",
        ),
    ),
    "conduct-that-never-begins": (
        (
            "conduct-that-never-begins.yaml:11:12",
            "form",
            "from.after",
            (
                "expected an event that can happen, found first-own-release: FR has no interceptors; begin after "
                "first-launch"
            ),
        ),
    ),
    "conduct-unknown-act": (
        (
            "conduct-unknown-act.yaml:12:22",
            "form",
            "changes[0].act",
            "expected an act of stages.yaml, found 'authorty'; did you mean 'authority'?",
        ),
    ),
    "conduct-unknown-event": (
        (
            "conduct-unknown-event.yaml:11:12",
            "form",
            "from.after",
            (
                "expected first-launch, first-own-release, first-partner-release or first-impact, found 'first-"
                "lunch'; did you mean 'first-launch'?"
            ),
        ),
    ),
    "conduct-unknown-product": (
        (
            "conduct-unknown-product.yaml:12:20",
            "form",
            "changes[0].product",
            (
                "expected launch-detection, impact-prediction, track, engagement-intention, kill-assessment, "
                "debris-warning or launch-notice, found 'trak'; did you mean 'track'?"
            ),
        ),
    ),
    "conduct-with-product-and-answer": (
        (
            "conduct-with-product-and-answer.yaml:12:9",
            "form",
            "changes[0]",
            "expected `act` with `do: silent`, found `product`; what is told is another change",
        ),
    ),
    "conduct-without-its-number": (
        (
            "conduct-without-its-number.yaml:12:9",
            "form",
            "changes[0]",
            "expected delay_s with `do: delay`, found none; correct it",
        ),
    ),
    "count-is-half": (
        (
            "count-is-half.yaml:6:12",
            "form",
            "raid.ankara.count",
            "expected a whole number, found 1.5; correct it",
        ),
    ),
    "count-zero": (
        (
            "count-zero.yaml:6:12",
            "form",
            "raid.ankara.count",
            "expected at least 1, found 0; correct it",
        ),
    ),
    "cyclic-extends": (
        (
            "cyclic-extends-2.yaml:2:1",
            "form",
            "extends",
            (
                "expected a chain of files that ends, found a cycle: cyclic-extends.yaml -> "
                "cyclic-extends-2.yaml -> cyclic-extends.yaml; remove one `extends`"
            ),
        ),
    ),
    "drops-nothing": (
        (
            "drops-nothing.yaml:6:3",
            "form",
            "raid.ankra",
            "expected an entry of the file below to drop, found none called 'ankra'; did you mean 'ankara'?",
        ),
    ),
    "duplicate-id": (
        (
            "duplicate-id.yaml:8:3",
            "duplicate-id",
            "raid.ankara",
            "expected each id or key once, found 'ankara' again (first on line 6); rename or remove one",
        ),
    ),
    "empty-raid": (
        (
            "empty-raid.yaml:5:1",
            "form",
            "raid",
            "expected at least 1 in it, found nothing between braces; correct it",
        ),
    ),
    "empty": (
        (
            "empty.yaml:1:1",
            "form",
            "",
            "expected YAML, found an empty file; `diptych new scenario NAME` writes one to start from",
        ),
    ),
    "extends-missing-file": (
        (
            "extends-missing-file.yaml:2:1",
            "form",
            "extends",
            "expected a file at 'no-such-file.yaml', found none; check the path (it counts from this file)",
        ),
    ),
    "extends-nothing": (
        (
            "extends-nothing.yaml:2:1",
            "form",
            "extends",
            (
                "expected a shipped name or a path, found 'europe-2013'; did you mean 'europe-2012' or "
                "'europe-2012-four'? (a path ends in .yaml)"
            ),
        ),
    ),
    "land-without-host": (
        (
            "land-without-host.yaml:7:5",
            "form",
            "assets.add.radar",
            "expected `host` (the state it stands in) on land only, found none with land; correct it",
        ),
    ),
    "later-version": (
        (
            "later-version.yaml:1:9",
            "form",
            "schema",
            "expected diptych/scenario/1, found 'diptych/scenario/2'; this is no scenario file that this version reads",
        ),
    ),
    "latitude-out-of-range": (
        (
            "latitude-out-of-range.yaml:6:12",
            "form",
            "places.area-a.lat_deg",
            "expected at most 90, found 138.08; correct it",
        ),
    ),
    "low-above-high": (
        (
            "low-above-high.yaml:6:3",
            "low-above-high",
            "assumptions.stages.second-key.time_s",
            "expected low <= mid <= high, found 600, 120, 30; put them in order",
        ),
    ),
    "members-word": (
        (
            "members-word.yaml:6:12",
            "form",
            "parties.russia.members",
            "expected `nato` or a list of state codes, found 'russia'; put codes in brackets",
        ),
    ),
    "merge-key": (
        (
            "merge-key.yaml:6:12",
            "form",
            "raid.ankara.<<",
            "expected plain keys, found a merge key; write the keys out or use `extends`",
        ),
    ),
    "missing-keys": (
        (
            "missing-keys.yaml:1:1",
            "form",
            "marking",
            "expected this key, found none; add `marking: ...`",
        ),
        (
            "missing-keys.yaml:1:1",
            "form",
            "assets",
            "expected this key, found none; add `assets: ...`",
        ),
        (
            "missing-keys.yaml:1:1",
            "form",
            "launch_error_mps",
            "expected this key, found none; add `launch_error_mps: ...`",
        ),
    ),
    "missing-source": (
        (
            "missing-source.yaml:6:3",
            "no-source",
            "raid.new.source",
            "expected this key, found none; add `source: ...`",
        ),
    ),
    "name-instead-of-path": (
        (
            "name-instead-of-path.yaml:5:16",
            "form",
            "arrangements[0]",
            (
                "expected a shipped arrangement or the path of a file, found 'arrangement-unknown-role'; did you mean "
                "the file arrangement-unknown-role.yaml?"
            ),
        ),
    ),
    "negative-magazine": (
        (
            "negative-magazine.yaml:7:16",
            "negative",
            "assets.change.med-ship.ready_count",
            "expected a number of at least 0, found -4; correct it",
        ),
    ),
    "no-second-key": (
        (
            "arrangement-no-second-key.yaml:25:3",
            "form",
            "path.intercept-over-own",
            "expected an act by the second for rule dual-key of 'joint', found classify, authority; add second-key",
        ),
    ),
    "not-a-number": (
        (
            "not-a-number.yaml:5:1",
            "form",
            "risk_radius_km",
            "expected a finite number, found inf; correct it",
        ),
    ),
    "number-in-quotes": (
        (
            "number-in-quotes.yaml:6:12",
            "form",
            "raid.ankara.start_s",
            "expected a number, found '10'; write the number alone, without quotes or unit (the unit is in the key)",
        ),
    ),
    "owner-without-party": (
        (
            "owner-without-party.yaml:7:41",
            "form",
            "assets.add.radar.owner",
            "expected a state of a party on 2012-05-20, found SE; add it to a party or move `date`",
        ),
    ),
    "probability-above-one": (
        (
            "probability-above-one.yaml:6:3",
            "form",
            "assumptions.interceptors.midcourse-30.kill_probability",
            "expected a number from 0 to 1, found 1.5; correct it",
        ),
    ),
    "python-tag": (
        (
            "python-tag.yaml:5:8",
            "form",
            "notes",
            "expected a plain value, found the tag tag:yaml.org,2002:python/object/apply:os.system; remove the tag",
        ),
    ),
    "raid-out-of-reach": (
        (
            "raid-out-of-reach.yaml:6:3",
            "raid-out-of-reach",
            "raid.athens",
            (
                "expected mrbm-1300-liquid to reach Athens (1976 km, minimum-energy), found it falls 630 "
                "km short; mrbm-2200-solid or irbm-4500 would reach, or move the launch or the aim to within 1346 km"
            ),
        ),
    ),
    "sector-of-nobody": (
        (
            "arrangement-sector-of-nobody.yaml:16:75",
            "form",
            "responsibility.sectors[0].owner",
            "expected a complex of this file, found 'east'; known: joint",
        ),
    ),
    "several-at-once": (
        (
            "several-at-once.yaml:5:1",
            "form",
            "marknig",
            "expected a known key, found 'marknig'; did you mean 'marking'?",
        ),
        (
            "several-at-once.yaml:6:1",
            "form",
            "date",
            "expected a date as YYYY-MM-DD, found 'yesterday'; correct it",
        ),
        (
            "several-at-once.yaml:7:1",
            "form",
            "risk_radius_km",
            "expected more than 0, found -5; correct it",
        ),
        (
            "several-at-once.yaml:9:12",
            "form",
            "raid.ankara.class",
            (
                "expected a threat class of the catalogue, found 'mrbm-1300'; did you mean "
                "'mrbm-1300-liquid' or 'srbm-300' or 'srbm-600'?"
            ),
        ),
        (
            "several-at-once.yaml:9:30",
            "form",
            "raid.ankara.count",
            "expected at most 50, found 99; correct it",
        ),
        (
            "several-at-once.yaml:10:12",
            "form",
            "raid.athens.shape",
            "expected minimum-energy, lofted or depressed, found 'loftd'; did you mean 'lofted'?",
        ),
    ),
    "site-in-sea": (
        (
            "site-in-sea.yaml:7:5",
            "site-in-sea",
            "assets.add.islet",
            "expected islet on land (its host is TR), found the sea at 43.50, 34.00; correct the place",
        ),
    ),
    "small-owner-code": (
        (
            "small-owner-code.yaml:7:41",
            "form",
            "assets.add.radar.owner",
            "expected a state code of two capitals (ISO 3166-1 alpha-2), found 'tr'; correct it",
        ),
    ),
    "state-in-two-parties": (
        (
            "state-in-two-parties.yaml:6:26",
            "form",
            "parties.russia.members[1]",
            "expected each state in one party, found TR in nato too; remove one",
        ),
    ),
    "state-in-words": (
        (
            "state-in-words.yaml:6:32",
            "form",
            "raid.ankara.aim.state",
            "expected a state code of two capitals (ISO 3166-1 alpha-2), found 'Turkey'; correct it",
        ),
    ),
    "tab-indentation": (
        (
            "tab-indentation.yaml:6:1",
            "form",
            "",
            "expected spaces for indentation, found a tab; replace tabs by spaces",
        ),
    ),
    "top-level-list": (
        (
            "top-level-list.yaml:1:1",
            "form",
            "",
            "expected keys and values (`key: value`), found a list; start with the `schema:` line",
        ),
    ),
    "two-documents": (
        (
            "two-documents.yaml:1:1",
            "form",
            "",
            "expected one YAML document, found 2; keep one, without `---` between",
        ),
    ),
    "unclosed-bracket": (
        (
            "unclosed-bracket.yaml:6:9",
            "form",
            "",
            "expected YAML, found: expected ',' or ']', but got ':'; check indentation, colons and quotes",
        ),
    ),
    "unknown-arrangement": (
        (
            "unknown-arrangement.yaml:5:26",
            "form",
            "arrangements[1]",
            "expected a shipped arrangement or the path of a file, found 'coordinate'; did you mean 'coordinated'?",
        ),
    ),
    "unknown-assumption": (
        (
            "unknown-assumption.yaml:6:3",
            "form",
            "assumptions.interceptors.midcourse-30.kill_probabilty",
            (
                "expected a key that this scenario uses, found "
                "'interceptors.midcourse-30.kill_probabilty'; did you mean "
                "'interceptors.midcourse-30.kill_probability' or "
                "'interceptors.midcourse-30.assess_error_probability' or "
                "'interceptors.lower-tier.kill_probability'?"
            ),
        ),
    ),
    "unknown-city": (
        (
            "unknown-city.yaml:6:18",
            "form",
            "raid.ankara.aim.city",
            "expected a place of TR, found 'Ankarra'; did you mean 'Ankara' or 'Aksaray' or 'Anamur'?",
        ),
    ),
    "unknown-class": (
        (
            "unknown-class.yaml:6:12",
            "form",
            "raid.ankara.class",
            (
                "expected a threat class of the catalogue, found 'mrbm-1300'; did you mean "
                "'mrbm-1300-liquid' or 'srbm-300' or 'srbm-600'?"
            ),
        ),
    ),
    "unknown-conduct": (
        (
            "unknown-conduct.yaml:5:12",
            "form",
            "conducts[0]",
            "expected a shipped conduct or the path of a file, found 'silnt'; did you mean 'silent'?",
        ),
    ),
    "unknown-key-inside": (
        (
            "unknown-key-inside.yaml:6:12",
            "form",
            "raid.ankara.cuont",
            "expected a known key, found 'cuont'; did you mean 'count'?",
        ),
    ),
    "unknown-key": (
        (
            "unknown-key.yaml:5:1",
            "form",
            "marknig",
            "expected a known key, found 'marknig'; did you mean 'marking'?",
        ),
    ),
    "unknown-place": (
        (
            "unknown-place.yaml:6:12",
            "form",
            "raid.ankara.launch",
            "expected an id of `places`, found 'area-d'; did you mean 'area-c' or 'area-b' or 'area-a'?",
        ),
    ),
    "unknown-role": (
        (
            "arrangement-unknown-role.yaml:21:24",
            "form",
            "consent.intercept-over-own.joint",
            "expected a role of this file, found 'rusia-key'; did you mean 'russia-key'?",
        ),
    ),
    "unknown-site": (
        (
            "unknown-site.yaml:6:20",
            "form",
            "assets.sites[1]",
            "expected a site of the catalogue, found 'kurechik'; did you mean 'kurecik'?",
        ),
    ),
    "unknown-source": (
        (
            "unknown-source.yaml:6:12",
            "form",
            "raid.ankara.source",
            "expected an id of `sources`, found 'notional'; did you mean 'notional-raid'?",
        ),
    ),
    "unknown-state": (
        (
            "unknown-state.yaml:6:26",
            "form",
            "parties.russia.members[1]",
            (
                "expected the code of a state, found 'SU'; known: AD, AE, AF, AL, AM, AT, AX, AZ, BA, BE, "
                "BF, BG and 103 more"
            ),
        ),
    ),
    "unknown-words": (
        (
            "arrangement-unknown-words.yaml:16:6",
            "form",
            "sharing[0].product",
            (
                "expected launch-detection, impact-prediction, track, engagement-intention, kill-assessment, "
                "debris-warning or launch-notice, found 'tracks'; did you mean 'track'?"
            ),
        ),
    ),
    "waits-in-a-circle": (
        (
            "arrangement-waits-in-a-circle.yaml:28:49",
            "form",
            "waits[1].to",
            (
                "expected each role asked once, found 'nato-key' again; the wait would never end: pass to "
                "another role, hold or engage"
            ),
        ),
    ),
    "wrong-first-line": (
        (
            "wrong-first-line.yaml:1:1",
            "form",
            "schema",
            "expected `schema: diptych/scenario/1` as the first line, found `schema` on line 2; put it there",
        ),
    ),
    "wrong-type": (
        (
            "wrong-type.yaml:5:1",
            "form",
            "risk_radius_km",
            "expected a number, found 'five'; write the number alone, without quotes or unit (the unit is in the key)",
        ),
    ),
}


def test_every_bad_file_has_its_expected_messages():
    files = {p.stem for p in CASES.glob("*.yaml") if not p.stem.startswith(HELPERS)}
    assert files == set(EXPECTED)


@pytest.mark.parametrize("name", EXPECTED)
def test_a_bad_file_says_what_was_expected_what_was_found_and_where(name, monkeypatch):
    monkeypatch.chdir(CASES)
    found = [f for f in lint(f"{name}.yaml") if f.severity == "error"]
    said = tuple((f"{f.file}:{f.line}:{f.column}", f.check, dotted(f.path), f.text) for f in found)
    assert said == EXPECTED[name]


@pytest.mark.parametrize("name", EXPECTED)
def test_a_bad_file_raises_the_error_that_its_author_must_act_on(name, monkeypatch):
    monkeypatch.chdir(CASES)
    if name in ONLY_LINT:
        load(f"{name}.yaml")
        return
    with pytest.raises(ScenarioError) as caught:
        load(f"{name}.yaml")
    lines = str(caught.value).splitlines()
    assert lines == [f"{place}:{' ' + key + ':' if key else ''} {text}" for place, _, key, text in EXPECTED[name]]


@pytest.mark.parametrize("name", EXPECTED)
def test_every_message_says_expected_and_found_and_ends_in_a_next_step(name):
    for _, _, _, text in EXPECTED[name]:
        assert text.startswith("expected ")
        assert ", found" in text
        assert text.split(", found", 1)[1].count(";") + text.split(", found", 1)[1].count(": ") >= 1
