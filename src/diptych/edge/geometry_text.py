"""The verb `geometry`: who can see and reach each missile, as text or JSON. What it means is in `sim.geometry`."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping

from diptych.edge.build import load
from diptych.edge.geography import load_cities, load_territory
from diptych.edge.lint import placed
from diptych.model.errors import ScenarioError
from diptych.model.scenario import Scenario
from diptych.sim.geometry import ModeTimes, ObjectGeometry, geometry
from diptych.sim.prepare import prepare
from diptych.sim.world import draw_world

HEADING = (
    "Seconds after each missile's own launch. Sees: in view from when to when (first uncued detection; -: none).\n"
    "Reach: launch times that meet the true path after burnout, with perfect knowledge: an upper bound. No window\n"
    'supports "cannot engage" for this launch point, aim point and shape; a window proves nothing about success.\n'
    "Modes: launch times once the data are there (commit), as the party's own radars see this draw, cued by its own\n"
    "space warning or its own track. In brackets the seconds by which a mode can launch earlier than the one before;\n"
    "a mode marked with * is not in service for the battery on the scenario's date.\n"
)


def geometry_verb(
    name: str, settings: Mapping[str, float | str], raid_size: int | None, seed: int, *, as_json: bool
) -> str:
    """Return what `diptych geometry` prints.

    Raises
    ------
    ScenarioError
        The scenario is wrong, or a missile cannot reach its aim point.
    """
    loaded = load(name, settings=settings, raid_size=raid_size)
    scenario = loaded.scenario
    try:
        prepared = prepare(scenario, load_territory(), load_cities())
    except ScenarioError as error:
        raise placed(error, loaded) from error
    found = geometry(draw_world(prepared, seed, 0))
    if as_json:
        rows = [_row(scenario, one) for one in found]
        about = {"scenario": scenario.id, "marking": scenario.marking, "seed": seed, "objects": rows}
        return json.dumps(about, indent=2) + "\n"
    return f"{scenario.title}  |  {scenario.marking}\n{HEADING}\n" + "\n".join(_text(scenario, one) for one in found)


def _row(scenario: Scenario, one: ObjectGeometry) -> dict[str, object]:
    missile = scenario.raid[one.object]
    start = missile.launch_s

    def after(time_s: float) -> float | None:
        return round(time_s - start, 1) if math.isfinite(time_s) else None

    return {
        "object": missile.id,
        "class": missile.class_id,
        "launch_s": start,
        "burnout_s": after(one.burnout_s),
        "impact_s": after(one.impact_s),
        "aim_state": missile.aim_state,
        "in_view": [
            {
                "radar": scenario.radars[s.radar].id,
                "party": scenario.party_of(scenario.radars[s.radar].owner),
                "from_s": after(s.from_s),
                "to_s": after(s.to_s),
                "detected_s": after(s.detected_s),
            }
            for s in one.sightings
        ],
        "reach": [
            {
                "battery": scenario.batteries[w.battery].id,
                "party": scenario.party_of(scenario.batteries[w.battery].owner),
                "open_s": after(w.open_s),
                "close_s": after(w.close_s),
            }
            for w in one.windows
        ],
        "modes": [
            {
                "battery": scenario.batteries[m.battery].id,
                "mode": m.mode,
                "in_service": m.is_in_service,
                "commit_s": after(m.commit_s),
                "open_s": after(m.open_s),
                "close_s": after(m.close_s),
            }
            for m in one.modes
        ],
    }


def _text(scenario: Scenario, one: ObjectGeometry) -> str:
    missile = scenario.raid[one.object]
    start = missile.launch_s
    way = f"{missile.launch.name} to {missile.aim.name}, {missile.aim_state}"
    times = f"burnout {one.burnout_s - start:.0f}, impact {one.impact_s - start:.0f}"
    lines = [f"{missile.id} ({missile.class_id}, {way}): {times}"]
    for party in scenario.parties:
        seen = [
            f"{radar.id} {s.from_s - start:.0f} to {s.to_s - start:.0f} ({_since(s.detected_s, start)})"
            for s in one.sightings
            if scenario.party_of((radar := scenario.radars[s.radar]).owner) == party.id
        ]
        reach = [
            f"{battery.id} {w.open_s - start:.0f} to {w.close_s - start:.0f}"
            for w in one.windows
            if scenario.party_of((battery := scenario.batteries[w.battery]).owner) == party.id
        ]
        lines.append(f"  {party.title:8} sees   {'; '.join(seen) or 'nothing'}")
        lines.append(f"  {'':8} reach  {'; '.join(reach) or 'nobody'}")
        for index in dict.fromkeys(m.battery for m in one.modes):
            if scenario.party_of(scenario.batteries[index].owner) == party.id:
                modes = tuple(m for m in one.modes if m.battery == index)
                lines.append(f"  {'':8} modes  {scenario.batteries[index].id}: {_modes(modes, start)}")
    return "\n".join(lines) + "\n"


def _modes(modes: tuple[ModeTimes, ...], start_s: float) -> str:
    """Return one battery's modes in words, from the narrowest to the widest."""
    parts = []
    before_s = math.nan
    for m in modes:
        mark = "" if m.is_in_service else "*"
        if math.isinf(m.open_s):
            when = "no launch"
        else:
            gain = f" [{before_s - m.open_s:.0f}]" if before_s - m.open_s >= 0.5 and math.isfinite(before_s) else ""
            when = f"launch {m.open_s - start_s:.0f} to {m.close_s - start_s:.0f}{gain}"
        parts.append(f"{m.mode}{mark} commit {_since(m.commit_s, start_s)}, {when}")
        before_s = m.open_s
    return "; ".join(parts)


def _since(time_s: float, start_s: float) -> str:
    return f"{time_s - start_s:.0f}" if math.isfinite(time_s) else "-"
