"""`diptych schema` and `diptych new`: the JSON Schema of each kind of file, and commented files to start from."""

from typing import Any

from pydantic import BaseModel

from diptych.edge.files import fail
from diptych.edge.schema.arrangement import ArrangementFile
from diptych.edge.schema.base import did_you_mean
from diptych.edge.schema.conduct import ConductFile
from diptych.edge.schema.rules import RulesFile
from diptych.edge.schema.scenario import ScenarioFile
from diptych.edge.schema.stages import StagesFile

KINDS: dict[str, type[BaseModel]] = {
    "scenario": ScenarioFile,
    "arrangement": ArrangementFile,
    "rules": RulesFile,
    "stages": StagesFile,
    "conduct": ConductFile,
}


def json_schema(kind: str) -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of a kind of file, for completion in editors.

    Raises
    ------
    ScenarioError
        The kind is not in `KINDS`.
    """
    if kind == "physics-cases":
        from diptych.analysis.cases import KINDS as CASE_KINDS  # brings in numpy and the kernels, which others need not
        from diptych.edge.schema.cases import cases_schema

        return cases_schema(sorted(CASE_KINDS))
    model = KINDS.get(kind)
    if model is None:
        known = [*KINDS, "physics-cases"]
        raise fail("schema", f"expected a kind of file, found {kind!r}; {did_you_mean(kind, known, 'kinds')}")
    schema = model.model_json_schema(by_alias=True, mode="validation")
    if kind == "scenario":
        # a file that extends another may leave out what the other says
        schema["properties"]["extends"] = {"type": "string", "description": "Shipped name or path of the file below"}
        schema["required"] = ["schema"]
        for name, part in [("", schema), *schema["$defs"].items()]:
            if name:
                part.pop("required", None)
            for field in part["properties"].values():
                entries = field.get("additionalProperties")
                if isinstance(entries, dict):  # entries keyed by id: null drops one of the file below
                    field["additionalProperties"] = {"anyOf": [entries, {"type": "null"}]}
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": f"diptych/{kind}/1", **schema}


def new_text(kind: str, new_id: str) -> str:
    """Return a commented file to start from; kind `scenario`, `arrangement` or `rules`.

    Raises
    ------
    ScenarioError
        The kind has no template, or the id is not one.
    """
    template = _TEMPLATES.get(kind)
    if template is None:
        raise fail("new", f"expected a kind of file, found {kind!r}; {did_you_mean(kind, _TEMPLATES, 'kinds')}")
    parts = new_id.split("-")
    if not all(p.isascii() and p.isalnum() and p == p.lower() for p in parts):
        raise fail("new", f"expected an id of small letters, digits and hyphens, found {new_id!r}; try another")
    return template.replace("NEW-ID", new_id)


_SCENARIO = """\
schema: diptych/scenario/1
# Check it with `diptych lint FILE`, run it with `diptych run FILE`. Every key: docs/reference/scenario-file.md.
extends: europe-2012            # everything not said here comes from there; lists replace, `null` drops an entry
id: NEW-ID
title: What this scenario is about
marking: "OPEN - notional raid, open-literature data"     # appears on every output
date: 2012-05-20                # decides memberships and which catalogue sites are in service

# assets:
#   sites: in-service           # or a list of site ids; `diptych catalogue` lists them
#   leave-out: [munich-lower]
#   change:
#     med-ship: {lat_deg: 35.0, lon_deg: 24.0, source: mine}
#   add:
#     my-radar: {title: A radar, kind: land, owner: TR, host: TR, lat_deg: 39.0, lon_deg: 35.0, alt_m: 900,
#                sensor: forward-x-band, azimuth_deg: 110, source: mine}

# places:
#   my-area: {title: My launch area, lat_deg: 35.0, lon_deg: 45.0, source: mine}

raid:
  ankara:                       # an entry of the file below, changed
    count: 2
    spacing_s: 20
  volgograd: null               # an entry of the file below, dropped
#  my-group: {class: mrbm-2200-solid, launch: my-area, aim: {city: Athens, state: GR}, start_s: 0, source: mine}

arrangements: all               # or a list of names and files: [separate, my-arrangement.yaml]
conducts: [cooperative]         # and for example "silent:russia"

# assumptions:                  # other values for what is not known; the report of a run lists every key
#   stages.second-key.time_s: {low: 20, mid: 60, high: 300, source: mine}
#   interceptors.midcourse-30.kill_probability: 0.5
#   infrareds.us.delay_s: high

sources:
  mine: {title: "Where my numbers come from", grade: assumed, note: "Say why, or give url and another grade."}
"""

_ARRANGEMENT = """\
schema: diptych/arrangement/1
# Check it with `diptych lint europe-2012 -a THIS-FILE.yaml`, run it with
# `diptych run europe-2012 -a separate,THIS-FILE.yaml --out runs/mine`. How to write one:
# docs/how-to/write-an-arrangement.md; every key: docs/reference/arrangement-file.md.
id: NEW-ID
title: What this arrangement is called
joined: 4                       # its place in tables; the shipped ones go from 1 (apart) to 8 (one system)

treaty:                         # what a text would say, and who said so
  says:
    - "Each side commands its own system; both report launches and tracks to one joint centre."
  source: {title: "My proposal", grade: assumed, note: "Say who proposes it, or give url and another grade."}
claims: [no-outside-veto]       # properties by name; `diptych arrangement check` judges each

complexes:                      # all of them, with whose assets they operate
  nato: {title: NATO complex, party: nato, operates: members}
  russia: {title: Russian complex, party: russia, operates: members}
centres:
  fusion: {title: Joint data centre, kind: data-fusion, staff: [nato, russia]}

# 1. What is shared: product x precision x condition; `act` is what takes the time.
sharing:
  - {product: launch-detection, from: each, to: fusion, precision: {position_km: 10},
     act: exchange, agreed-by: {each: treaty}}
  - {product: track, from: each, to: fusion, precision: {position_km: 2, velocity_mps: 50},
     act: exchange, agreed-by: {each: treaty}}
  - {product: launch-detection, from: fusion, to: each, act: correlate, agreed-by: {fusion: both-staffs}}
  - {product: track, from: fusion, to: each, act: correlate, agreed-by: {fusion: both-staffs}}

# 2. Who is responsible: own-territory, sector, any-able or joint-plan; where two are: both-fire or joint-plan.
responsibility: {rule: own-territory, overlap: both-fire}

# 3. Who must consent: forbidden, unilateral, delegated, k-of-n, dual-key, joint-commander, consensus, by-joint-plan.
#    For example {rule: k-of-n, need: 1, of: [a, b], holder: saceur} with the path [classify, rule-lookup, authority].
roles:
  saceur: {party: nato, title: Delegated commander}
  duty-general: {party: russia, title: Duty general}
consent:
  intercept-over-own:
    nato: {rule: delegated, holder: saceur}
    russia: {rule: delegated, holder: duty-general}
  intercept-over-partner: {each: {rule: forbidden}}
  intercept-over-third: {each: {rule: forbidden}}

# 4. Which acts stand on the path to release. `diptych catalogue stages` lists them with their times, which are the same
#    for every arrangement.
path:
  intercept-over-own: [classify, rule-lookup]

# 5. What follows silence: hold, engage or pass-to (`after_s: 60, then: pass-to, to: ROLE`). Without a line here: hold
#    to the end of the window. `complex: nato` makes a wait hold for one complex only.
waits:
  - {on: rule-lookup, silent-after: window, then: hold}

partner-tracks: {use: cue}      # none or cue
"""

_RULES = """\
schema: diptych/rules/1
# Check it with `diptych rules check THIS-FILE.yaml --scenario europe-2012`; an arrangement names it with
# `under: ./THIS-FILE.yaml`. Every key and word: docs/reference/rules-file.md.
id: NEW-ID
title: What these rules are called
argument: ["Why these rules and no others."]
sources:
  - {title: "My proposal", grade: assumed, note: "Say who proposes it, or give url and another grade."}
exact_km: 100                   # a predicted impact area is `exact` up to this half axis (two sigma), else `rough`
many_count: 20                  # from so many objects at a time a raid is `many`

# zones:                        # areas that launches may come from; their names are words of `launch`
#   my-zone: {title: A zone, corners_deg: [[30, 40], [30, 60], [40, 60], [40, 40]]}

# One word or several for each of territory, launch, range, prediction, notice, over, raid, flight; left out: any.
# Verdicts: engage, hold, consult. A case that no rule holds for is outside: `outside-rules` of the arrangement decides.
rules:
  - number: 1
    title: "Attack on own territory"
    when: {territory: [own, own-and-other], launch: elsewhere, range: [srbm, mrbm, irbm], notice: unannounced}
    then: engage
  - number: 2
    title: "Comes down on others' territory, or on nobody's"
    when: {territory: [partner, third, none]}
    then: hold
  - number: 3
    title: "Steep or nearly orbital: a probe or a launcher"
    when: {territory: [own, own-and-other], flight: [steep, near-orbital]}
    then: consult
    before: [1]                 # where both hold, this one counts

# What the text loses to objections, the first to go first: whole rules (drop), or words of their conditions (narrow).
dilution:
  - {title: "Only where the impact area is well known", why: "A member fears a misread test",
     narrow: [{rule: 1, to: {prediction: exact}}]}
"""

_CONDUCT = """\
schema: diptych/conduct/1
# Check it with `diptych conduct check THIS-FILE.yaml`, run it with `diptych run europe-2012 --conduct THIS-FILE.yaml`;
# of one party with `--conduct THIS-FILE.yaml:russia`. Every key: docs/reference/conduct-file.md.
id: NEW-ID
title: What this conduct is called
says: "One or two sentences: what it is and what it leaves alone."
who: partner                   # each party in turn, or {party: X}, {member: TR}, {centre: fusion}, {role: saceur}, link
from: {after: first-launch, after_s: 0}     # leave it out: from the start of the run

# stop, delay, degrade, falsify, invent, claim, flood (what is told); silent, slow, refuse, withdraw, hold-fire, object
# (what is answered). Each number with its range, and why.
changes:
  - do: delay
    product: track              # leave it out: everything
    delay_s: {low: 30, mid: 60, high: 120, reason: "Assumed: say why."}
  - do: refuse
    with_probability: {low: 0.1, mid: 0.5, high: 0.9, reason: "Assumed: say why."}
"""

_TEMPLATES = {"scenario": _SCENARIO, "arrangement": _ARRANGEMENT, "rules": _RULES, "conduct": _CONDUCT}
