"""From files to a `Scenario`: the one way in, for the command line, studies and tests.

`load` reads a scenario (a shipped name or a path), lays it over what it extends, checks everything, resolves names
against the catalogue, and builds frozen records in SI. It gives back the scenario and the resolved text: one file
without `extends`, with settings and raid size written in, which loads to the same digest. The digest is a hash of the
finished record, so it covers the file, the catalogue entries used, the times of acts and the arrangements, and
nothing that makes no difference.
"""

import functools
import hashlib
from collections.abc import Mapping
from pathlib import Path

import msgspec

from diptych.edge.catalogue import load_catalogue
from diptych.edge.conducts import Chosen, cast_of, choose
from diptych.edge.files import Tree, data_names, fail, read_data
from diptych.edge.geography import load_cities, load_territory
from diptych.edge.schema import write
from diptych.edge.schema.arrange import Setting as ArrangementSetting
from diptych.edge.schema.arrange import read_arrangement
from diptych.edge.schema.assets import build_assets, chosen_sites
from diptych.edge.schema.base import check, did_you_mean, problem_at
from diptych.edge.schema.debris import DebrisFile
from diptych.edge.schema.extend import find_file, is_path, near_file, read_checked, read_extended
from diptych.edge.schema.knobs import Knobs, Setting, settings_from
from diptych.edge.schema.raid import build_notices, build_raid, build_threats
from diptych.edge.schema.references import References
from diptych.edge.schema.rulebooks import written_out
from diptych.edge.schema.scenario import AmountRange, ScenarioFile
from diptych.edge.schema.stages import StagesFile
from diptych.edge.schema.tracker import tracker_settings
from diptych.edge.schema.trust import trust_settings
from diptych.model.arrangement import Arrangement, Stage
from diptych.model.catalogue import Catalogue, SiteEntry
from diptych.model.errors import Problem, ScenarioError
from diptych.model.geography import Cities, state_at
from diptych.model.scenario import Battery, Infrared, Party, Radar, Scenario
from diptych.model.sources import Assumption, Source

SCENARIO = "diptych/scenario/1"
ARRANGEMENT = "diptych/arrangement/1"


class Loaded(msgspec.Struct, frozen=True):
    """A scenario and what it came from: checked file, tree with positions, sites chosen, resolved text.

    `remarks` are warnings and notes on arrangement files, under names of `diptych lint`.
    """

    scenario: Scenario
    file: ScenarioFile
    tree: Tree
    sites: tuple[SiteEntry, ...]
    resolved_yaml: str
    remarks: tuple[Problem, ...] = ()


def load_scenario(
    name_or_path: str,
    *,
    arrangements: tuple[str, ...] | None = None,
    settings: Mapping[str, float | str] | None = None,
    raid_size: int | None = None,
    conducts: tuple[str, ...] | None = None,
) -> Scenario:
    """Return a scenario by shipped name or path.

    Parameters
    ----------
    arrangements : tuple of str, optional
        Names or paths instead of those of the file (`("all",)` for all shipped ones). The baseline is
        always there, first.
    settings : mapping, optional
        `--set KEY=VALUE`: keys of assumptions; values are numbers or low, mid, high. A word may also stand at the
        beginning of a key (`stages`) or at `all`.
    raid_size : int, optional
        1 to 50: trims the raid or repeats its groups in launch rounds (`edge.schema.raid`).
    conducts : tuple of str, optional
        Words as `--conduct` takes them, instead of those of the file; cooperative is always there, first.

    Raises
    ------
    ScenarioError
        With every problem found and where it stands.
    """
    return load(
        name_or_path, arrangements=arrangements, settings=settings, raid_size=raid_size, conducts=conducts
    ).scenario


def load(
    name_or_path: str,
    *,
    arrangements: tuple[str, ...] | None = None,
    settings: Mapping[str, float | str] | None = None,
    raid_size: int | None = None,
    conducts: tuple[str, ...] | None = None,
) -> Loaded:
    """Return a scenario with its file and resolved text; parameters and errors as `load_scenario`."""
    path = _scenario_path(name_or_path)
    tree = read_extended(path, SCENARIO, "scenarios")
    catalogue, cities = load_catalogue(), _cities()
    file, problems = check(tree, ScenarioFile)
    problems = (*problems, *References(tree, catalogue, cities).check())
    if raid_size is not None and not 1 <= raid_size <= 50:
        problems = (*problems, *fail("--raid-size", f"expected 1 to 50, found {raid_size}; choose another").problems)
    if file is None or problems:
        raise ScenarioError(problems=_in_order(problems))

    stages_file, stage_problems = check(read_data("stages.yaml"), StagesFile)
    debris_file, debris_problems = check(read_data("debris.yaml"), DebrisFile)
    if stages_file is None or debris_file is None:
        raise ScenarioError(problems=(*stage_problems, *debris_problems))
    sources = {key: s.to_record() for key, s in file.sources.items()}
    given = (*_file_settings(file, sources), *settings_from(settings or {}))
    knobs = Knobs(tree, given)
    parties = _parties(file, tree, catalogue)
    sites_word = tree.get("assets", "sites")
    sites = chosen_sites(file, sites_word.value if sites_word else None, catalogue, parties)
    assets = build_assets(file, sites, catalogue, sources, knobs)
    territory = load_territory()
    size = raid_size if raid_size is not None else file.raid_size
    raid = build_raid(file, size, cities, lambda lat, lon: state_at(territory, lat, lon))
    threats, threat_sources = build_threats(raid, catalogue, knobs)
    stages = _stages(stages_file, knobs)
    tracker = tracker_settings(knobs)
    debris = debris_file.to_record(knobs)
    launch_error = knobs.take(
        "launch_error_mps",
        "Error of the velocity at burnout",
        "m/s",
        file.launch_error_mps.bounds(),
        sources[file.launch_error_mps.source],
    )
    owned: tuple[Radar | Infrared | Battery, ...] = (*assets.radars, *assets.infrareds, *assets.batteries)
    owners = frozenset(asset.owner for asset in owned)
    setting = ArrangementSetting(
        parties, owners, {i: s.by for i, s in stages_file.stages.items()}, {s.code: s.name for s in catalogue.states}
    )
    chosen, inlined, arrangement_problems, remarks = _arrangements(tree, path, arrangements, setting)
    acting = Chosen((), (), ())
    if not arrangement_problems:
        cast = cast_of(parties, assets.batteries, chosen, stages_file.stages, raid)
        acting = choose(tree, path, conducts, cast, knobs)
    trust = trust_settings(knobs)
    all_problems = (
        *knobs.unused(), *_asset_problems(file, tree, parties), *arrangement_problems, *acting.problems
    )  # fmt: skip
    if all_problems:
        raise ScenarioError(problems=_in_order(all_problems))
    scenario = Scenario(
        id=file.id,
        title=file.title,
        marking=file.marking,
        date=file.date,
        digest="",
        parties=parties,
        radars=assets.radars,
        infrareds=assets.infrareds,
        batteries=assets.batteries,
        interceptor_classes=assets.interceptor_classes,
        threat_classes=threats,
        raid=raid,
        stages=stages,
        arrangements=chosen,
        conducts=tuple(c.label for c in acting.conducts),
        risk_radius_m=file.risk_radius_km * 1e3,
        launch_error_mps=launch_error,
        assumptions=_assumptions(knobs, chosen),
        sources=tuple(dict.fromkeys((*sources.values(), *assets.sources, *threat_sources))),
        notes=file.notes,
        notices=build_notices(file),
        debris=debris,
        tracker=tracker,
        behaviours=acting.conducts,
        trust=trust,
    )
    digest = hashlib.sha256(msgspec.json.encode(scenario, order="deterministic")).hexdigest()
    resolved = write.resolved(tree, inlined, given, size, acting.shown)
    return Loaded(msgspec.structs.replace(scenario, digest=digest), file, tree, tuple(sites), resolved, remarks)


def resolved_yaml(
    name_or_path: str,
    *,
    arrangements: tuple[str, ...] | None = None,
    settings: Mapping[str, float | str] | None = None,
    raid_size: int | None = None,
) -> str:
    """Return the one-file form of a scenario as loaded; loading it gives the same digest."""
    return load(name_or_path, arrangements=arrangements, settings=settings, raid_size=raid_size).resolved_yaml


def scenario_names() -> tuple[str, ...]:
    """Return the names of the shipped scenarios."""
    return data_names("scenarios")


def arrangement_names() -> tuple[str, ...]:
    """Return the names of the shipped arrangements, baseline too, from apart to joined."""
    found = [(read_data("arrangements", f"{n}.yaml"), n) for n in data_names("arrangements")]

    def place(item: tuple[Tree, str]) -> tuple[float, str]:
        joined = item[0].get("joined")
        return (joined.value if joined and isinstance(joined.value, int) else 0, item[1])

    return tuple(n for _, n in sorted(found, key=place))


@functools.cache
def _cities() -> Cities:
    """Return the cities, read once per process."""
    return load_cities()


def _in_order(problems: tuple[Problem, ...]) -> tuple[Problem, ...]:
    """Return the problems of each file in line order, files as first met, each once."""
    files = list(dict.fromkeys(p.file for p in problems))
    unique = dict.fromkeys(problems)
    return tuple(sorted(unique, key=lambda p: (files.index(p.file), p.line, p.column)))


def _scenario_path(name: str) -> Path:
    path = find_file(name, "scenarios")
    if path is None and Path(name).is_file():
        path = Path(name)
    if path is None:
        hint = near_file(name) or did_you_mean(name, scenario_names(), "shipped")
        raise fail(
            name, f"expected a shipped scenario or the path of a file, found neither; {hint} (a path ends in .yaml)"
        )
    return path


def _parties(file: ScenarioFile, tree: Tree, catalogue: Catalogue) -> tuple[Party, ...]:
    parties = []
    for party_id, given in file.parties.items():
        word = tree.get("parties", party_id, "members")
        states = catalogue.members_on(file.date) if word is not None and word.value == "nato" else given.members
        parties.append(Party(party_id, given.title, tuple(sorted(set(states)))))
    return tuple(parties)


def _file_settings(file: ScenarioFile, sources: Mapping[str, Source]) -> tuple[Setting, ...]:
    found = []
    for key, value in file.assumptions.items():
        path = ("assumptions", key)
        if isinstance(value, AmountRange):
            found.append(Setting(key, (value.low, value.mid, value.high), sources[value.source], path))
        else:
            found.append(Setting(key, value, None, path))
    return tuple(found)


def _stages(file: StagesFile, knobs: Knobs) -> tuple[Stage, ...]:
    stages = []
    for stage_id, given in file.stages.items():
        bounds = (given.time_s.low, given.time_s.mid, given.time_s.high)
        time_s = knobs.take(f"stages.{stage_id}.time_s", given.title, "s", bounds, given.source.to_record())
        stages.append(Stage(stage_id, given.title, time_s, given.spread))
    return tuple(stages)


def _assumptions(knobs: Knobs, arrangements: tuple[Arrangement, ...]) -> tuple[Assumption, ...]:
    """Return the assumptions in key order, without the times of acts that no arrangement to compare asks for."""
    acts = {step.act for a in arrangements for c in a.consents for step in (*c.steps, *c.outside_steps)}
    acts |= {rule.act for a in arrangements for rule in a.sharing}
    idle = {f"stages.{act}.time_s" for act in _stage_ids(knobs) - acts}
    return tuple(knobs.assumptions[key] for key in sorted(knobs.assumptions) if key not in idle)


def _stage_ids(knobs: Knobs) -> set[str]:
    return {key.split(".")[1] for key in knobs.keys if key.startswith("stages.")}


def _asset_problems(file: ScenarioFile, tree: Tree, parties: tuple[Party, ...]) -> list[Problem]:
    """Complain about added assets whose owner is in no party: nobody would operate them."""
    states = {s for p in parties for s in p.states}
    return [
        problem_at(
            tree,
            ("assets", "add", asset_id, "owner"),
            f"expected a state of a party on {file.date}, found {given.owner}; add it to a party or move `date`",
        )
        for asset_id, given in file.assets.add.items()
        if given.owner not in states
    ]


def _arrangements(
    tree: Tree, path: Path, asked: tuple[str, ...] | None, setting: ArrangementSetting
) -> tuple[tuple[Arrangement, ...], list[object], tuple[Problem, ...], tuple[Problem, ...]]:
    """Return the arrangements to compare (baseline first), what stands for them in a resolved file, problems,
    and remarks.
    """
    listed = tree.get("arrangements")
    problems: list[Problem] = []
    trees: dict[str, tuple[Tree, object]] = {}

    def add(name: str, found: Tree, shown: object) -> None:
        word = found.get("id")
        key = str(word.value) if word is not None else name
        if key in trees and trees[key][0] is not found:
            spot = found.spot_of("id")
            text = f"expected each arrangement id once, found {key!r} again; give this one another id"
            problems.append(Problem(spot.file, spot.line, spot.column, "id", text))
        trees.setdefault(key, (found, shown))

    def shipped(name: str) -> None:
        add(name, read_data("arrangements", f"{name}.yaml"), name)

    for name in arrangement_names():
        baseline = read_data("arrangements", f"{name}.yaml").get("baseline")
        if baseline is not None and baseline.value is True:
            shipped(name)
    if asked is not None:
        items: list[tuple[object, Tree | None, int]] = [(name, None, i) for i, name in enumerate(asked)]
    elif listed is None or listed.value == "all":
        items = [("all", None, 0)]
    else:
        assert isinstance(listed.value, list)  # checked by the file class
        items = [(item.value, item, i) for i, item in enumerate(listed.value)]
    for value, item, i in items:
        if value == "all":
            for name in arrangement_names():
                shipped(name)
            continue
        if isinstance(value, str):
            found = find_file(value, "arrangements", path if asked is None else None)
            if found is None or not found.is_file():
                hint = near_file(value, path if asked is None else None)
                hint = hint or did_you_mean(value, data_names("arrangements"), "shipped")
                text = f"expected a shipped arrangement or the path of a file, found {value!r}; {hint}"
                problems += (
                    (problem_at(tree, ("arrangements", i), text),) if item else fail("--arrangement", text).problems
                )
            elif is_path(value):
                try:
                    own = read_checked(found, ARRANGEMENT)
                except ScenarioError as error:
                    problems += error.problems
                else:
                    add(value, own, own.plain())
            else:
                shipped(value)
        elif item is not None:
            add(str(i), item, item.plain())
    chosen: list[Arrangement] = []
    remarks: list[Problem] = []
    resolved: list[object] = []
    for found_tree, shown in trees.values():
        read = read_arrangement(found_tree, setting)
        chosen += read.arrangements
        problems += read.problems
        remarks += read.remarks
        resolved.append(shown if isinstance(shown, str) or read.problems else written_out(found_tree))
    return tuple(chosen), resolved, tuple(problems), tuple(remarks)
