"""What a report is made from: one record that the edge fills, and the three texts a page is set with.

Nothing here is computed.  `ComparisonPage` gathers a finished comparison, one replicate told in full, and the ground
of the map; `Assets` carries the template, the style and the script, which the edge reads from the package.
"""

import msgspec

from diptych.command.blockers import Blockers
from diptych.command.properties import Finding
from diptych.model.geography import DisputedLine, Outline
from diptych.model.record import FallenStage, Flight, RunRecord
from diptych.model.result import Comparison
from diptych.model.scenario import Scenario


class Assets(msgspec.Struct, frozen=True):
    """The texts of the page that are not data: Jinja2 template, style sheet, script."""

    template: str
    style: str
    script: str


class Command(msgspec.Struct, frozen=True, eq=False):
    """Who can block what under an arrangement, and its properties, as a check found them with a physical window."""

    arrangement: str
    findings: tuple[Finding, ...]
    blockers: tuple[Blockers, ...]
    window_s: float


class ComparisonPage(msgspec.Struct, frozen=True):
    """Everything the report of a comparison shows.

    Attributes
    ----------
    scenario, comparison : what was run and what came out.
    replicate : the replicate whose story is told.
    is_chosen : it was chosen as the one in which the arrangements differ most (not a typical one).
    story : arrangement id to the record of that replicate, with its events; an arrangement may be missing.
    flights : the true flights of that replicate, for the map.
    countries : the ground of the map; empty leaves it bare.
    boundary_policy : one sentence on borders, printed on the map.
    attributions : what the data's owners ask to be said.
    version, command : the program's version and the command line that made the run.
    disputed : the lines a map draws dashed.
    warnings : what the scenario's checks said and the run went on in spite of.
    fallen : where the spent stages of that replicate came down.
    commands : what a check of each arrangement compared found; empty leaves the section out.
    """

    scenario: Scenario
    comparison: Comparison
    replicate: int
    story: dict[str, RunRecord]
    flights: tuple[Flight, ...]
    countries: tuple[Outline, ...]
    boundary_policy: str
    attributions: tuple[str, ...]
    version: str
    command: str
    disputed: tuple[DisputedLine, ...] = ()
    warnings: tuple[str, ...] = ()
    is_chosen: bool = False
    fallen: tuple[FallenStage, ...] = ()
    commands: tuple[Command, ...] = ()
