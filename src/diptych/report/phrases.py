"""Say numbers and findings in words: times, differences, and the titles of figures, generated from the data.

A title states what was found, with the number, and never more than the intervals allow.  Counts are given of a known
whole ("of 7 missiles").  Nothing here knows HTML; what it returns is escaped where it is set.
"""

from collections.abc import Sequence
from math import isfinite
from unicodedata import combining, normalize

from diptych.model.result import Comparison, Difference, Estimate, Sweep

LEADING_METRIC = "leakage"
YARDSTICK = "separate"
_WORDS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")


def clock(seconds: float) -> str:
    """Return minutes and seconds.  *Check* 502.4 s is `8:22`, -5 s is `−0:05`, infinity is `never`."""
    if not isfinite(seconds):
        return "never"
    whole = round(abs(seconds))
    sign = "−" if seconds < 0 and whole else ""
    return f"{sign}{whole // 60}:{whole % 60:02d}"


def plain(value: float | None) -> str:
    """Return a number as people read it: about three significant digits, a true minus, `undefined` for None."""
    if value is None or not isfinite(value):
        return "undefined"
    if value == 0:
        return "0"
    size = abs(value)
    if size >= 10000:
        text = f"{float(f'{value:.3g}'):,.0f}".replace(",", "\u202f")
    elif size >= 100:
        text = f"{value:.0f}"
    elif size >= 10:
        text = f"{value:.1f}"
    elif size >= 0.01:
        text = f"{value:.2f}"
    else:
        text = f"{value:.1e}"
    return text.replace("-", "−")


def brief(value: float | None) -> str:
    """Return a number for a figure or a title: two significant digits.  *Check* 3.2 is `3.2`, 0.8 is `0.8`."""
    if value is None or not isfinite(value):
        return "undefined"
    if value == 0:
        return "0"
    if abs(value) >= 1e6:
        return f"{value / 1e6:.3g} million".replace("-", "−")
    if abs(value) >= 10:
        return plain(float(f"{value:.3g}")).replace(".0", "") if abs(value) < 100 else plain(value)
    text = f"{value:.1f}" if abs(value) >= 1 else f"{value:.2g}"
    return text.replace("-", "−") if "e" not in text else plain(value)


def signed(value: float | None) -> str:
    """Return a difference with its sign.  *Check* 1.5 is `+1.50`, -0.25 is `−0.25`."""
    if value is not None and isfinite(value) and value > 0:
        return f"+{plain(value)}"
    return plain(value)


def interval(low: float | None, high: float | None, *, with_sign: bool = False) -> str:
    """Return `low to high`, or `withheld` where there is none."""
    if low is None or high is None:
        return "withheld"
    show = signed if with_sign else plain
    return f"{show(low)} to {show(high)}"


def estimate(found: Estimate) -> str:
    """Return an estimate with its interval in brackets."""
    if found.value is None:
        return "undefined"
    return f"{plain(found.value)} ({interval(found.lo, found.hi)})"


def difference(found: Difference) -> str:
    """Return a paired difference; `0 exactly` where no replicate differs."""
    if found.is_exact_zero:
        return "0 exactly"
    if found.value is None:
        return "undefined"
    return f"{signed(found.value)} ({interval(found.lo, found.hi, with_sign=True)})"


def count(number: int, one: str, many: str | None = None) -> str:
    """Return a number with its noun.  *Check* (3, `missile`) is `three missiles`, (1, `raid`) is `one raid`."""
    word = _WORDS[number] if 0 <= number < len(_WORDS) else str(number)
    return f"{word} {one if number == 1 else many or one + 's'}"


def listed(words: Sequence[str]) -> str:
    """Return `a, b and c`."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} and {words[-1]}"


def capital(words: str) -> str:
    """Return the words with a capital first letter, the rest as it is."""
    return words[:1].upper() + words[1:]


def spoken(ident: str) -> str:
    """Return an id as words.  *Check* `dual-key` is `dual key`, `dual-key@silent` is `dual key (silent)`."""
    name, _, conduct = ident.partition("@")
    said = name.replace("-", " ").replace("_", " ")
    return f"{said} ({conduct.replace(':', ': ').replace('-', ' ')})" if conduct else said


def role(ident: str) -> str:
    """Return roles without the party before them.  *Check* `nato.watch` is `watch`, `us-command` is `us command`."""
    return ", ".join(spoken(one.rpartition(".")[2]) for one in ident.split(", "))


def rule(words: str, by_role: str) -> str:
    """Return rules as words, without holders that are in `by_role`.  *Check* `delegated:saceur` is `delegated`."""
    named = {one.rpartition(".")[2] for one in by_role.split(", ")}
    said = []
    for one in words.split(" + "):
        kind, _, holder = one.partition(":")
        is_known = not holder or holder.rpartition(".")[2] in named
        said.append(spoken(kind) if is_known else f"{spoken(kind)}: {spoken(holder)}")
    return " + ".join(dict.fromkeys(said))


def plain_letters(words: str) -> str:
    """Return words in lower case without accents, for comparing names.  *Check* `İzmir` is `izmir`."""
    apart = normalize("NFKD", words.casefold())
    return "".join(c for c in apart if not combining(c))


def quantity(value: float, unit: str) -> str:
    """Return a value with its unit as spoken.  *Check* (120, `s`) is `120 s`, (0.6, ``) is `0.60`."""
    shown = plain(value)
    if value == round(value) and abs(value) < 10000:
        shown = f"{value:.0f}".replace("-", "−")
    return f"{shown} {unit}".rstrip()


def yardstick(found: Comparison) -> str:
    """Return what arrangements are measured against: `separate`, or else what most differences are taken against."""
    seen = [d.against for d in found.differences if d.against in found.arrangements]
    if YARDSTICK in seen:
        return YARDSTICK
    if not seen:
        return YARDSTICK if YARDSTICK in found.arrangements else found.arrangements[0]
    return max(dict.fromkeys(seen), key=seen.count)


def difference_of(found: Comparison, arrangement: str, party: str, metric: str) -> Difference | None:
    """Return the paired difference of an arrangement against the yardstick, or None."""
    against = yardstick(found)
    for one in found.differences:
        if (one.arrangement, one.against, one.party, one.metric) == (arrangement, against, party, metric):
            return one
    return None


def flips_within_range(sweep: Sweep, arrangement: str, against: str, party: str, metric: str) -> bool:
    """Say whether the order of two arrangements changes over the points of a sweep inside its stated range."""
    signs = set()
    for point in sweep.points:
        if not sweep.low <= point.value <= sweep.high:
            continue
        ours = point.means.get(arrangement, {}).get(party, {}).get(metric)
        theirs = point.means.get(against, {}).get(party, {}).get(metric)
        if ours is not None and theirs is not None and ours != theirs:
            signs.add(ours > theirs)
    return len(signs) == 2


def standing(found: Comparison, arrangement: str, party: str, metric: str) -> str:
    """Say how an arrangement stands against the yardstick: `yardstick`, `same`, `decided`, `flips` or `undecided`.

    `same`: no replicate differs.  `flips`: the order changes with some delay inside its stated range.  `undecided`:
    the interval of the paired difference holds zero, or is withheld.
    """
    against = yardstick(found)
    if arrangement == against:
        return "yardstick"
    paired = difference_of(found, arrangement, party, metric)
    if any(flips_within_range(sweep, arrangement, against, party, metric) for sweep in found.sweeps):
        return "flips"
    if paired is not None and paired.is_exact_zero:
        return "same"
    if paired is None or paired.lo is None or paired.hi is None or paired.lo <= 0 <= paired.hi:
        return "undecided"
    return "decided"


def panel_title(found: Comparison, titles: dict[str, str], party_titles: dict[str, str], metric: str) -> str:
    """Return the finding of the comparison figure: for each party the lowest and the highest mean that are shown."""
    parts = []
    for party in found.parties:
        means = {
            a: found.table[a][party][metric].value
            for a in found.arrangements
            if party in found.table.get(a, {}) and metric in found.table[a][party]
        }
        known = {a: v for a, v in means.items() if v is not None}
        if not known:
            continue
        name = party_titles[party]
        shown = {
            a: v for a, v in known.items() if standing(found, a, party, metric) in ("yardstick", "same", "decided")
        }
        low, high = min(shown.values(), default=0.0), max(shown.values(), default=0.0)
        if not shown or brief(low) == brief(high):
            middle = shown or known
            about = "" if len(middle) == len(known) else "about "
            parts.append(f"{name} lets through {about}{brief(next(iter(middle.values())))} under every arrangement")
            continue
        known = shown
        best = [titles[a] for a in known if brief(known[a]) == brief(low)]
        worst = [titles[a] for a in known if brief(known[a]) == brief(high)]
        parts.append(f"{name} lets through {brief(low)} under {few(best)}, {brief(high)} under {few(worst)}")
    return "; ".join(parts) if parts else "Nothing was measured"


def few(names: Sequence[str]) -> str:
    """Return up to two names, otherwise the first and how many more."""
    if len(names) <= 2:
        return listed(list(names))
    return f"{names[0]} and {count(len(names) - 1, 'other')}"
