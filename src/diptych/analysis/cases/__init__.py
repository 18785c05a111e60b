"""Published cases of physics, each computed by the product's own code and judged under the case's own tolerance.

A case is a mapping with `id`, `kind`, `inputs`, `expected`, `tolerance`, `source` and `url`, as in
`data/physics_cases.json`; units stand in its keys. `KINDS` maps a kind to its `Method`; `judge_case` gives the verdict.
Files are read at the edge and passed in as data.

Read `units` (keys and their units), `given` (a case as a method sees it), `method`, then a subject: `earth`, `twobody`,
`history` (closed forms), `flights` (flown classes), `radar`, `interceptors`, `chances`, `anchors`; `verdicts` compares
and `notes` lists published figures that are known to be wrong.
"""

from diptych.analysis.cases import anchors, chances, earth, flights, history, interceptors, radar, twobody
from diptych.analysis.cases.given import Case, CaseError
from diptych.analysis.cases.method import Context, Method
from diptych.analysis.cases.verdicts import VERDICTS, Result, Row, Verdict, judge

__all__ = ["KINDS", "VERDICTS", "Case", "CaseError", "Context", "Method", "Result", "Row", "Verdict", "judge_case"]

KINDS: dict[str, Method] = {
    method.kind: method
    for subject in (earth, twobody, history, flights, radar, interceptors, chances, anchors)
    for method in subject.METHODS
}


def judge_case(case: Case, context: Context) -> Result:
    """Return the verdict on one case; a kind that is not in `KINDS` is `not run`.

    Raises
    ------
    CaseError
        A key of the case is missing, unknown or unusable.
    """
    return judge(case, KINDS, context)
