"""What a comparison says in plain words: the headline first, then who gains what, what is tied, what is assumed.

A sentence claims a difference only where the paired interval excludes zero. With too few replicates for an interval
it says what happened in these replicates and no more.
"""

from collections.abc import Sequence

from diptych.command.properties import fires_by_silence
from diptych.model.result import Comparison, Difference, Estimate
from diptych.model.scenario import Scenario
from diptych.sim.checks import nameless
from diptych.study.design import COOPERATIVE, Row

DELAYS = (
    "No public source gives numeric decision delays: the times of acts are assumed, and the sweeps show where, within "
    "the stated ranges, an ordering changes."
)


def sentences(
    scenario: Scenario, rows: Sequence[Row], comparison: Comparison, identical: Sequence[tuple[str, ...]]
) -> tuple[str, ...]:
    """Return the sentences of a comparison whose table and differences are complete."""
    plain = [row for row in rows if not row.is_baseline and row.conduct == COOPERATIVE]
    found = []
    if len(plain) > 1:
        found.append(_headline(scenario, plain, comparison))
        found += [_leakage(party.id, party.title, plain, comparison) for party in scenario.parties]
    else:
        found.append(_plain_leakage(scenario, [r for r in rows if r.conduct == COOPERATIVE] or rows, comparison))
    found += comparison.obstruction.sentences if comparison.obstruction is not None else ()
    found += [_freedom(party.id, party.title, plain, comparison) for party in scenario.parties]
    found += _identical(scenario, identical, comparison.replicates)
    found += _silence(scenario, plain)
    if comparison.replicates == 1:
        found.append("One replicate is one draw of luck: it tells a story and supports no comparison.")
    found.append(_flips(comparison))
    found.append(DELAYS)
    return tuple(sentence for sentence in found if sentence)


def join(names: Sequence[str]) -> str:
    """Return "a", "a and b" or "a, b and c"."""
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _differences(comparison: Comparison, party: str, metric: str, plain: Sequence[Row]) -> dict[str, Difference]:
    """Return label -> difference of `metric` against the yardstick arrangement (not the baseline)."""
    labels = {row.label for row in plain}
    return {
        d.arrangement: d
        for d in comparison.differences
        if d.party == party and d.metric == metric and d.arrangement in labels and d.against in labels
    }


def _mean(comparison: Comparison, label: str, party: str, metric: str) -> float | None:
    return comparison.table[label][party][metric].value


def _headline(scenario: Scenario, plain: Sequence[Row], comparison: Comparison) -> str:
    """Say in one sentence what the arrangement changes for each party, as far as it is shown."""
    parts = []
    for party in scenario.parties:
        differences = _differences(comparison, party.id, "leakage", plain)
        if not differences:
            continue
        against = next(iter(differences.values())).against
        aimed = sum(scenario.party_of(missile.aim_state) == party.id for missile in scenario.raid)
        usual = number(_mean(comparison, against, party.id, "leakage"))
        better = {d.arrangement: d.value or 0.0 for d in differences.values() if d.hi is not None and d.hi < 0}
        worse = {d.arrangement: d.value or 0.0 for d in differences.values() if d.lo is not None and d.lo > 0}
        if better:
            best = min(better, key=lambda label: better[label])
            value = number(_mean(comparison, best, party.id, "leakage"))
            parts.append(f"{party.title} gains most under {best} ({value} of {aimed} get through, {usual} {against})")
        elif worse:
            worst = max(worse, key=lambda label: worse[label])
            value = number(_mean(comparison, worst, party.id, "leakage"))
            parts.append(
                f"{party.title} loses most under {worst} ({value} of {aimed} get through, {usual} {against}) "
                "and gains under none"
            )
        else:
            is_same = all(d.is_exact_zero for d in differences.values())
            matter = "makes no difference" if is_same else "is not shown to matter"
            parts.append(f"for {party.title} the arrangement {matter} ({usual} of {aimed} get through)")
    text = "; ".join(parts) + "."
    return text[0].upper() + text[1:] if parts else ""


def _plain_leakage(scenario: Scenario, rows: Sequence[Row], comparison: Comparison) -> str:
    parts = []
    for row in rows:
        counts = [
            f"{number(value)} on {party.title}"
            for party in scenario.parties
            if (value := _mean(comparison, row.label, party.id, "leakage")) is not None
        ]
        parts.append(f"under {row.label} {' and '.join(counts)}")
    return f"Missiles that come down, mean of {comparison.replicates}: {'; '.join(parts)}."


def _leakage(party: str, title: str, plain: Sequence[Row], comparison: Comparison) -> str:
    differences = _differences(comparison, party, "leakage", plain)
    if not differences:
        return ""
    against = next(iter(differences.values())).against
    fewer = [d for d in differences.values() if d.hi is not None and d.hi < 0]
    more = [d for d in differences.values() if d.lo is not None and d.lo > 0]
    zero = [d.arrangement for d in differences.values() if d.is_exact_zero]
    told = {d.arrangement for d in (*fewer, *more)} | set(zero)
    open_ = [d.arrangement for d in differences.values() if d.arrangement not in told]
    parts = []
    if fewer:
        parts.append(f"fewer come down under {join([_with_interval(d) for d in fewer])}")
    if more:
        parts.append(f"more come down under {join([_with_interval(d) for d in more])}")
    if zero:
        parts.append(f"exactly as many in every replicate under {join(zero)}")
    if open_:
        parts.append(f"no difference is shown for {join(open_)}")
    return f"{title}, against {against}: {'; '.join(parts)}."


def _with_interval(difference: Difference) -> str:
    assert difference.value is not None
    assert difference.lo is not None
    assert difference.hi is not None
    bounds = sorted((abs(difference.lo), abs(difference.hi)))
    return f"{difference.arrangement} (by {number(abs(difference.value))}, {number(bounds[0])} to {number(bounds[1])})"


def _freedom(party: str, title: str, plain: Sequence[Row], comparison: Comparison) -> str:
    cells: dict[str, Estimate] = {row.label: comparison.table[row.label][party]["freedom_of_action"] for row in plain}
    values = {label: cell.value for label, cell in cells.items() if cell.value is not None}
    if not values:
        return f"{title} needed no engagement of its own: its freedom of action is undefined on this raid."
    less = sorted((value, label) for label, value in values.items() if value < 1.0)
    if not less:
        return f"{title} keeps its full freedom of action under every arrangement compared."
    return (
        f"{title} can make fewer of its needed engagements in time than alone under "
        f"{join([f'{label} ({_kept(value)} kept)' for value, label in less])}."
    )


def _identical(scenario: Scenario, groups: Sequence[tuple[str, ...]], replicates: int) -> list[str]:
    """Say which rows came out the same, and that they cannot differ where their rules are the same but for names."""
    where = "in this replicate" if replicates == 1 else f"in all {replicates} replicates"
    known = {a.id: nameless(a) for a in scenario.arrangements}
    found = []
    for group in groups:
        rules = [known.get(label) for label in group]
        is_bound = rules[0] is not None and all(rule == rules[0] for rule in rules)
        word = "cannot differ: their rules are the same but for names and notices;" if is_bound else "did not differ:"
        found.append(f"On this scenario {join(group)} {word} every release, shot and fate is identical {where}.")
    return found


def _silence(scenario: Scenario, plain: Sequence[Row]) -> list[str]:
    """Print the property fires-by-silence of every arrangement that has it."""
    known = {a.id: a for a in scenario.arrangements}
    acts = {row.arrangement: fires_by_silence(known[row.arrangement]) for row in plain}
    return [f"{name} has the property fires-by-silence: on {join(found)}." for name, found in acts.items() if found]


def _flips(comparison: Comparison) -> str:
    """Say over which assumptions an ordering turns round; the sweeps themselves say where."""
    titles = [sweep.title for sweep in comparison.sweeps if sweep.flips]
    if titles:
        return f"Within its stated range each of these turns an ordering by leakage round: {'; '.join(titles)}."
    if comparison.sweeps:
        return f"No ordering by leakage turns round within the range of any of {len(comparison.sweeps)} assumptions."
    return ""


def number(value: float | None) -> str:
    """Return a number with three significant digits at most, a dash where undefined."""
    if value is None:
        return "-"
    text = f"{value:.2f}" if abs(value) < 10 else f"{value:.1f}" if abs(value) < 100 else f"{value:.0f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _kept(share: float) -> str:
    """Return a share below 1 in per cent, never rounded up to all of it.  *Check* 0.9987 is `over 99 %`."""
    return "over 99 %" if round(100.0 * share) == 100 else f"{100.0 * share:.0f} %"
