"""From a case to a verdict: compute, convert to the published unit, compare under the case's own tolerance.

Verdicts: `computed-pass`; `computed-fail`; `known-wrong source` (the published figure contradicts physics or a better
source, is listed in `notes`, and is not met); `catalogue-equal` (a number copied into the catalogue, compared with
itself, which proves nothing but the copying); `not run` (no method, or too little in the case). A kind without a method
is not run, never a pass.
"""

from collections.abc import Mapping
from math import inf, pi, sqrt
from typing import Any, Literal

import msgspec
import numpy as np

from diptych.analysis.cases.given import Case, CaseError, Given, Impossible, NotRun
from diptych.analysis.cases.method import Context, Copied, Method, Span, Value, Values, plain
from diptych.analysis.cases.notes import known_wrong
from diptych.analysis.cases.units import Name, take_apart, take_apart_tolerance

Verdict = Literal["computed-pass", "computed-fail", "known-wrong source", "catalogue-equal", "not run"]
VERDICTS: tuple[Verdict, ...] = (
    "computed-pass",
    "computed-fail",
    "known-wrong source",
    "catalogue-equal",
    "not run",
)


class Row(msgspec.Struct, frozen=True):
    """One output: published and ours in the published unit, error (ours - published) and the allowed one.

    `error` is None for words and for values inside a published interval's bounds it is 0; of a list it is that of the
    component nearest to its limit. `why_wrong` is set where the published figure is known to be wrong.
    """

    output: str
    published: Any
    ours: Any
    error: float | None
    allowed: float | None
    is_met: bool
    is_copied: bool = False
    why_wrong: str = ""


class Result(msgspec.Struct, frozen=True):
    """What became of one case: `stated` outputs it states; `left_out` maps those not compared to the reason.

    Of a list that is compared in part `left_out` names the places that are not, such as `range_km[0]`.
    """

    id: str
    kind: str
    verdict: Verdict
    rows: tuple[Row, ...]
    left_out: Mapping[str, str]
    remark: str
    source: str
    url: str
    stated: int

    def compared(self) -> int:
        """Return how many of the stated outputs were compared in full."""
        return sum(not any(key.startswith(f"{row.output}[") for key in self.left_out) for row in self.rows)


def judge(case: Case, methods: Mapping[str, Method], context: Context) -> Result:
    """Return the verdict on one case.

    Raises
    ------
    CaseError
        A key is missing, unknown or unusable.
    """
    kind = str(case["kind"])

    def result(verdict: Verdict, rows: tuple[Row, ...], left_out: Mapping[str, str], remark: str) -> Result:
        source, url = str(case["source"]), str(case.get("url", ""))
        return Result(str(case["id"]), kind, verdict, rows, left_out, remark, source, url, len(case["expected"]))

    method = methods.get(kind)
    if method is None:
        return result("not run", (), {}, f"no method for the kind {kind!r}")
    given = Given(case)
    for key, published in case["expected"].items():
        _check_published(given, key, published)
    try:
        values = method(given, context)
    except NotRun as stop:
        return result("not run", (), {}, str(stop))
    except (Impossible, ValueError, ArithmeticError) as stop:  # inputs out of all bounds end in one of the latter two
        return result("computed-fail", (), {}, f"not computable: {stop}")
    rows, left_out = _rows(case, method, values, given)
    return result(_verdict(rows), rows, left_out, "")


def _verdict(rows: tuple[Row, ...]) -> Verdict:
    if not rows:
        return "not run"
    if any(not r.is_met and not r.why_wrong for r in rows):
        return "computed-fail"
    if any(not r.is_met for r in rows):
        return "known-wrong source"
    return "catalogue-equal" if all(r.is_copied for r in rows) else "computed-pass"


def _rows(case: Case, method: Method, values: Values, given: Given) -> tuple[tuple[Row, ...], dict[str, str]]:
    """Return the compared outputs, and the others with the reason; refuses unknown outputs and idle tolerances."""
    found = {(n.stem, n.dimension): (n, v) for key, v in values.items() for n in (take_apart(key),)}
    rows: list[Row] = []
    left_out: dict[str, str] = {}
    used = set(given.used_tolerances)
    for key, published in case["expected"].items():
        name = take_apart(key)
        if (name.stem, name.dimension) not in found:
            if key not in method.left_out:
                raise CaseError(given.id, ("expected", key), f"this kind gives {', '.join(method.gives)}")
            left_out[key] = method.left_out[key]
            used |= {t for t in case["tolerance"] if _speaks_of(t, name)}  # a tolerance for it is no mistake
            continue
        own, value = found[name.stem, name.dimension]
        why_wrong = known_wrong(given.id, key, published)
        tolerance = _tolerance(case["tolerance"], name, value)
        if tolerance is not None:
            used.add(tolerance)
        elif not why_wrong and _is_numeric(value) and not _is_counted(value):
            left_out[key] = "the case states no tolerance for it"
            continue
        limit = None if tolerance is None else (tolerance, given.allowance(tolerance))
        rows.append(_compare(given, key, name, own, value, published, limit, why_wrong))
        left_out |= {f"{key}[{i}]": "nothing in the catalogue to compute it with" for i in _gaps(value)}
    idle = sorted(set(case["tolerance"]) - used)
    if idle:
        outputs = ", ".join(case["expected"])
        raise CaseError(given.id, ("tolerance", idle[0]), f"expected a tolerance of one of {outputs}; it fits none")
    if not rows and not left_out:
        raise CaseError(given.id, ("expected",), f"expected at least one of {', '.join(method.gives)}, found nothing")
    return tuple(rows), left_out


def _is_numeric(value: Value) -> bool:
    value = value.value if isinstance(value, Copied) else value
    if isinstance(value, list):
        return bool(value) and not isinstance(value[0], str)
    return not isinstance(value, bool)


def _is_counted(value: Value) -> bool:
    """Say whether a value needs no tolerance: a count, or a copied number."""
    return isinstance(value, (int, Copied))


def _gaps(value: Value) -> list[int]:
    value = value.value if isinstance(value, Copied) else value
    return [i for i, x in enumerate(value) if x is None] if isinstance(value, list) else []


def _check_published(given: Given, key: str, published: object) -> None:
    """Refuse what is neither a finite number, true or false, a word, a list of numbers, nor a list of words."""
    if isinstance(published, list):
        is_fine = all(_is_finite(x) for x in published) or all(isinstance(x, str) for x in published)
    else:
        is_fine = isinstance(published, (bool, str)) or _is_finite(published)
    if not is_fine:
        shown = str(published)
        shown = shown if len(shown) <= 60 else shown[:57] + "..."
        raise CaseError(
            given.id, ("expected", key), f"expected a finite number, a word or a list of one kind, found {shown}"
        )


def _is_finite(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and -1e300 < value < 1e300


# --- which tolerance speaks of which output -----------------------------------------------------------------


def _plain_words(stem: str) -> list[str]:
    return ["".join(c for c in word if not c.isdigit()) for word in stem.split("_")]


def _speaks_of(key: str, name: Name) -> bool:
    """Say whether a tolerance key names this output: `rel_T`, `speed_rel`, `azi_deg`, `s12_m`, or its unit alone."""
    words = [*_plain_words(name.stem), *name.stem.split("_")]
    if key in ("rel", "abs"):
        return True
    if key.startswith("rel_"):
        return key.removeprefix("rel_") in words
    if key.endswith("_rel"):
        return key.removesuffix("_rel") in words
    own = take_apart_tolerance(key)
    return own.dimension == name.dimension != "" and own.stem in ("", *words, name.stem)


def _tolerance(tolerance: Mapping[str, Any], name: Name, value: Value) -> str | None:
    """Return the key of the tolerance for an output: one that names it, then `rel`, then its unit alone, then `abs`."""

    def rank(key: str) -> int:
        if key == "abs":
            return 3
        if key == "rel":
            return 1
        return 2 if take_apart_tolerance(key).dimension and not take_apart_tolerance(key).stem else 0

    fitting = sorted((k for k in tolerance if _speaks_of(k, name)), key=lambda k: (rank(k), k))
    return fitting[0] if fitting and _is_numeric(value) else None


def _allowed(limit: tuple[str, float], factor: float, scale: float) -> float:
    """Return the allowed deviation in the published unit (`factor` is that unit in SI)."""
    key, amount = limit
    if key == "rel" or key.startswith("rel_") or key.endswith("_rel"):
        return amount * abs(scale)
    if key == "abs":
        return amount
    return amount * take_apart_tolerance(key).factor / factor


# --- comparing ----------------------------------------------------------------------------------------------


def _compare(
    given: Given,
    key: str,
    name: Name,
    own: Name,
    value: Value,
    published: Any,  # noqa: ANN401  # as the file has it
    limit: tuple[str, float] | None,
    why_wrong: str,
) -> Row:
    """Return the row of one output."""
    is_copied = isinstance(value, Copied)
    if isinstance(value, Copied):
        value = value.value
    if not _is_numeric(value):
        same = sorted(map(str, value)) == sorted(published) if isinstance(value, list) else value == published
        return Row(key, published, plain(value), None, None, bool(same), is_copied, why_wrong)
    ratio = own.factor / name.factor
    is_many = isinstance(published, list)
    if isinstance(value, (list, np.ndarray)):
        if not is_many or len(published) != len(value) or not all(map(_is_finite, published)):
            raise CaseError(given.id, ("expected", key), f"expected {len(value)} numbers, found {published!r}")
        ours = [None if x is None else float(x) * ratio for x in value]
        length = sqrt(sum(float(p) ** 2 for p in published))
        scales = [length if isinstance(value, np.ndarray) else float(p) for p in published]
        parts = [
            (_deviation(o, float(p), name), _limit(limit, name, s))
            for o, p, s in zip(ours, published, scales, strict=True)
            if o is not None
        ]
        error, allowed = max(parts, key=_share)
        is_met = all(abs(e) <= a for e, a in parts)
        return Row(key, published, ours, error, None if limit is None else allowed, is_met, is_copied, why_wrong)
    if not (len(published) == 2 and _is_finite(published[0]) if is_many else _is_finite(published)):
        raise CaseError(given.id, ("expected", key), f"expected a number or two bounds, found {published!r}")
    low, high = (float(p) for p in published) if is_many else (float(published), float(published))
    low, high = (low, inf) if name.bound == "least" else (-inf, high) if name.bound == "most" else (low, high)
    if isinstance(value, Span):
        span = (value.low * ratio, value.high * ratio)
        # a class that the source gives one round figure has only to touch it: its nearest end counts
        ends = span if value.is_bracket else (min(max(low, span[0]), span[1]), max(min(high, span[1]), span[0]))
    else:
        span = ends = (float(value) * ratio,) * 2
    under, over = ends[0] - low, ends[1] - high
    error, bound = (under, low) if under < 0.0 else (over, high) if over > 0.0 else (0.0, high if low == -inf else low)
    if name.dimension == "angle" and low == high:
        under = over = _deviation(ends[0], low, name)
    if low == high:
        error = under if abs(under) >= abs(over) else over
    allowed = _limit(limit, name, bound)
    is_met = -under <= _limit(limit, name, low) and over <= _limit(limit, name, high)
    shown = list(span) if isinstance(value, Span) else span[0]
    return Row(key, published, shown, error, None if limit is None else allowed, is_met, is_copied, why_wrong)


def _deviation(ours: float, published: float, name: Name) -> float:
    """Return ours - published; of angles the way round that is shorter."""
    if name.dimension != "angle":
        return ours - published
    turn = 2.0 * pi / name.factor
    return (ours - published + 0.5 * turn) % turn - 0.5 * turn


def _limit(limit: tuple[str, float] | None, name: Name, scale: float) -> float:
    if limit is None or scale in (inf, -inf):
        return 0.0
    return _allowed(limit, name.factor, scale)


def _share(part: tuple[float, float]) -> float:
    error, allowed = part
    return abs(error) / allowed if allowed > 0.0 else (inf if error else 0.0)
