"""From replicates to estimates: means with 95 % intervals, the tail, and paired differences.

Intervals describe chance only. Which interval stands where:

* a mean of shares that are all 0 or 1: Wilson's score interval (Wilson 1927; Brown, Cai, DasGupta 2001);
* any other mean: Student's t; withheld where all replicates gave the same value, since the spread is then unknown;
* no interval of a mean below `MIN_REPLICATES` replicates, where the spread itself is hardly known; and none reaches
  beyond values the metric can have: the part cut off cannot hold the mean, so that coverage stays what it was;
* the tail (mean of the worst tenth): percentile bootstrap, withheld below `TAIL_PAIRS` replicates;
* a paired difference: exactly zero, without an interval, where no replicate differs; withheld where fewer than
  `MIN_NON_ZERO` differ; else the expanded percentile bootstrap (Hesterberg 2015, section 5.3.2), and Student's t
  beyond `BOOTSTRAP_MOST` replicates, where the two agree.

The bootstrap takes one `Resampler`, built once from a generator that the edge seeds with the root seed: every
interval then rests on the same resamples, and the order of the questions changes nothing.
"""

from collections.abc import Sequence
from math import ceil, floor, sqrt

import msgspec
import numpy as np
import numpy.typing as npt

from diptych.model.result import Estimate

Floats = npt.NDArray[np.float64]

MIN_REPLICATES = 10
MIN_NON_ZERO = 20
BOOTSTRAP_MOST = 2000
RESAMPLES = 2000
TAIL_SHARE = 0.1
TAIL_PAIRS = 100
LEVEL = 0.95


class Paired(msgspec.Struct, frozen=True):
    """A paired difference of two series over the same replicates; see `model.result.Difference` for the fields."""

    value: float | None
    lo: float | None
    hi: float | None
    n: int
    non_zero: int
    is_exact_zero: bool
    variance_ratio: float | None
    note: str


class Resampler:
    """Bootstrap weights for `n` replicates: row b tells how often each replicate is in resample b.

    `weights` is (RESAMPLES, n) float64, or empty beyond `BOOTSTRAP_MOST` replicates.
    """

    def __init__(self, n: int, generator: np.random.Generator) -> None:
        rows = RESAMPLES if 0 < n <= BOOTSTRAP_MOST else 0
        self.n = n
        self.weights: Floats = np.zeros((rows, n))
        for row in self.weights:
            row[:] = np.bincount(generator.integers(0, n, n), minlength=n)

    def means(self, values: Floats) -> Floats:
        """Return the mean of each resample of `values` (n,), NaN ignored; resamples without a value are left out.

        Summed by einsum and not by BLAS, so that the bytes do not depend on the number of threads.
        """
        defined = np.isfinite(values)
        total = np.einsum("bn,n->b", self.weights, np.where(defined, values, 0.0))
        count = np.einsum("bn,n->b", self.weights, defined.astype(np.float64))
        means: Floats = total[count > 0] / count[count > 0]
        return means


def series(values: Sequence[float | None]) -> Floats:
    """Return values as (n,) float64 with NaN for None."""
    return np.array([np.nan if value is None else value for value in values], dtype=np.float64)


def estimate_mean(
    values: Floats, *, is_share: bool = False, least: float | None = None, most: float | None = None
) -> Estimate:
    """Estimate a mean over replicates with its 95 % interval; undefined replicates (NaN) are left out.

    `is_share` says that a value lies between 0 and 1 by its nature (a count that happens to be 0 or 1 does not);
    `least` and `most` are the bounds of what a value can be, None where there is none.

    Check: (1, 2, 3, 4) three times over gives 2.5 with 1.758 to 3.242; 8 ones of 10 as a share 0.8 with 0.490 to 0.943.
    """
    defined = values[np.isfinite(values)]
    n = int(defined.size)
    if n == 0:
        return Estimate(None, None, None, 0)
    mean = float(defined.mean())
    if n < MIN_REPLICATES:
        return Estimate(mean, None, None, n)
    if is_share and bool(np.isin(defined, (0.0, 1.0)).all()):
        lo, hi = wilson(int(defined.sum()), n)
        return Estimate(mean, lo, hi, n)
    half = _student(n) * float(defined.std(ddof=1)) / sqrt(n)
    if half == 0.0:
        return Estimate(mean, None, None, n)
    lo, hi = mean - half, mean + half
    return Estimate(mean, lo if least is None else max(lo, least), hi if most is None else min(hi, most), n)


def wilson(successes: int, n: int) -> tuple[float, float]:
    """Return Wilson's 95 % score interval for `successes` of `n`.

    Source: Wilson (1927), Journal of the American Statistical Association 22, 209-212.  Check: 8 of 10: 0.4902, 0.9433.
    """
    z = 1.959963984540054
    share = successes / n
    centre = (share + z * z / (2 * n)) / (1 + z * z / n)
    half = z * sqrt(share * (1 - share) / n + z * z / (4 * n * n)) / (1 + z * z / n)
    return max(0.0, centre - half), min(1.0, centre + half)


def tail_mean(values: Floats, share: float = TAIL_SHARE) -> float | None:
    """Return the mean of the largest `share` of the values (CVaR); None below 1 / share defined values.

    The last value counts in part where `share` of n is not whole.  Check: 1..20, a tenth: 19.5; 1..25: 24.2.

    Source: Rockafellar, Uryasev (2000), Journal of Risk 2, 21-41, for an empirical distribution.
    """
    defined = np.sort(values[np.isfinite(values)])[::-1]
    size = defined.size * share
    if size < 1.0 - 1e-12:
        return None
    whole = floor(size + 1e-12)
    part = max(0.0, size - whole)
    total = float(defined[:whole].sum())
    if part > 1e-12:
        total += part * float(defined[whole])
    return total / size


def estimate_tail(values: Floats, resampler: Resampler) -> Estimate:
    """Estimate the mean of the worst tenth with a percentile bootstrap interval, withheld below `TAIL_PAIRS`."""
    n = int(np.isfinite(values).sum())
    value = tail_mean(values)
    if value is None or n < TAIL_PAIRS or resampler.weights.shape[0] == 0:
        return Estimate(value, None, None, n)
    lo, hi = _quantiles(resampled_tails(values, resampler), (1 - LEVEL) / 2)
    return Estimate(value, lo, hi, n)


def resampled_tails(values: Floats, resampler: Resampler) -> Floats:
    """Return the mean of the worst tenth of each resample of `values` (n,), NaN left out; (RESAMPLES,)."""
    defined = np.isfinite(values)
    order = np.argsort(-np.where(defined, values, -np.inf), kind="stable")[: int(defined.sum())]
    counts = resampler.weights[:, order]
    size = counts.sum(axis=1, keepdims=True) * TAIL_SHARE
    upto = np.minimum(np.cumsum(counts, axis=1), size)
    taken = np.diff(upto, axis=1, prepend=0.0)
    means: Floats = np.einsum("bn,n->b", taken, values[order]) / size[:, 0]
    return means


def estimate_tail_difference(values: Floats, against: Floats, resampler: Resampler) -> Paired:
    """Estimate by how much the mean of the worst tenth of `values` is above that of `against`, on the same replicates.

    Each series has its own worst tenth. Percentile bootstrap of whole replicates, withheld below `TAIL_PAIRS`
    replicates and where fewer than `MIN_NON_ZERO` differ; exactly zero where none differs. Both must be defined in
    every replicate.

    Check: 1..100 against itself plus 3: the tails differ by 3, in every resample.
    """
    n = int(values.size)
    non_zero = int(np.count_nonzero(values - against))
    if non_zero == 0:
        note = f"equal in all {n} replicates"
        return Paired(0.0, None, None, n, 0, is_exact_zero=True, variance_ratio=None, note=note)
    first, second = tail_mean(values), tail_mean(against)
    value = None if first is None or second is None else first - second
    if value is None or n < TAIL_PAIRS or resampler.weights.shape[0] == 0:
        note = f"interval withheld: {n} replicates, {TAIL_PAIRS} are needed for a tail"
    elif non_zero < MIN_NON_ZERO:
        note = f"interval withheld: {non_zero} of {n} replicates differ, {MIN_NON_ZERO} are needed"
    else:
        tails = resampled_tails(values, resampler) - resampled_tails(against, resampler)
        lo, hi = _quantiles(tails, (1 - LEVEL) / 2)
        return Paired(value, lo, hi, n, non_zero, is_exact_zero=False, variance_ratio=None, note="")
    return Paired(value, None, None, n, non_zero, is_exact_zero=False, variance_ratio=None, note=note)


def estimate_worst(differences: Floats, resampler: Resampler) -> tuple[int, Paired]:
    """Return which of several paired differences has the highest mean, and that mean with an interval for the highest.

    Choosing the worst of many and giving its own interval would overstate it. The band here holds all k true means at
    once in 95 % of cases (largest deviation in units of the standard error, bootstrapped over whole replicates), so
    that the highest true mean lies between the highest lower and the highest upper end. Differences that are zero in
    every replicate are zero. Those that differ in fewer than `MIN_NON_ZERO` replicates have no interval of their own:
    they enter by their mean, and the interval is withheld where the worst is one of them.

    Parameters
    ----------
    differences : (k, n) float64
        Defined everywhere; k is 1 or more.
    """
    k, n = differences.shape
    means = differences.mean(axis=1)
    counts = np.count_nonzero(differences, axis=1)
    worst = int(np.argmax(means))
    value, non_zero = float(means[worst]), int(counts[worst])
    if not counts.any():
        note = f"equal in all {n} replicates"
        return worst, Paired(0.0, None, None, n, 0, is_exact_zero=True, variance_ratio=None, note=note)
    errors = differences.std(axis=1, ddof=1) / sqrt(n) if n > 1 else np.zeros(k)
    dense = (counts >= MIN_NON_ZERO) & (errors > 0.0)
    sparse = (counts > 0) & ~dense
    note = ""
    if sparse[worst] or not dense.any() or not resampler.weights.shape[0]:
        most = int(counts.max()) if non_zero == 0 else non_zero
        note = f"interval withheld: {most} of {n} replicates differ, {MIN_NON_ZERO} are needed"
        return worst, Paired(value, None, None, n, non_zero, is_exact_zero=False, variance_ratio=None, note=note)
    again = np.einsum("bn,kn->bk", resampler.weights, differences[dense]) / n
    furthest = np.max(np.abs(again - means[dense]) / errors[dense], axis=1) * sqrt(n / (n - 1))
    reach = max(float(np.sort(furthest)[min(furthest.size - 1, ceil(LEVEL * furthest.size))]), _student(n))
    low, high = means.copy(), means.copy()
    low[dense] -= reach * errors[dense]
    high[dense] += reach * errors[dense]
    if sparse.any():
        note = f"{int(sparse.sum())} conducts that differ in fewer than {MIN_NON_ZERO} replicates entered by their mean"
    return worst, Paired(
        value, float(low.max()), float(high.max()), n, non_zero, is_exact_zero=False, variance_ratio=None, note=note
    )


def estimate_difference(values: Floats, against: Floats, resampler: Resampler) -> Paired:
    """Estimate the mean of `values - against` over the replicates in which both are defined.

    `variance_ratio` is what the pairing is worth: (var(values) + var(against)) / var(values - against).

    Raises
    ------
    ValueError
        The two series are not of the same replicates.
    """
    if values.shape != against.shape or values.size != resampler.n:
        raise ValueError(
            f"paired difference: expected two series of {resampler.n} replicates, got {values.size} and {against.size}"
        )
    difference = values - against
    defined = np.isfinite(difference)
    n = int(defined.sum())
    if n == 0:
        return Paired(None, None, None, 0, 0, is_exact_zero=False, variance_ratio=None, note="undefined in every pair")
    kept = difference[defined]
    non_zero = int(np.count_nonzero(kept))
    if non_zero == 0:
        return Paired(
            0.0, None, None, n, 0, is_exact_zero=True, variance_ratio=None, note=f"equal in all {n} replicates"
        )
    value = float(kept.mean())
    ratio = _variance_ratio(values[defined], against[defined], kept)
    if non_zero < MIN_NON_ZERO:
        note = f"interval withheld: {non_zero} of {n} replicates differ, {MIN_NON_ZERO} are needed"
        return Paired(value, None, None, n, non_zero, is_exact_zero=False, variance_ratio=ratio, note=note)
    if float(kept.min()) == float(kept.max()):
        note = f"interval withheld: the same difference in all {n} replicates"
        return Paired(value, None, None, n, non_zero, is_exact_zero=False, variance_ratio=None, note=note)
    if resampler.weights.shape[0]:
        lo, hi = _quantiles(resampler.means(difference), _expanded(n))
    else:
        half = _student(n) * float(kept.std(ddof=1)) / sqrt(n)
        lo, hi = value - half, value + half
    return Paired(value, lo, hi, n, non_zero, is_exact_zero=False, variance_ratio=ratio, note="")


def _variance_ratio(values: Floats, against: Floats, difference: Floats) -> float | None:
    if difference.size < 2:
        return None
    paired = float(difference.var(ddof=1))
    if paired == 0.0:
        return None
    return (float(values.var(ddof=1)) + float(against.var(ddof=1))) / paired


def _student(n: int) -> float:
    """Return the 97.5 % quantile of Student's t with n - 1 degrees of freedom."""
    from scipy.special import stdtrit

    return float(stdtrit(n - 1, (1 + LEVEL) / 2))


def _expanded(n: int) -> float:
    """Return the lower tail that makes a percentile interval as wide as Student's t (Hesterberg 2015)."""
    from scipy.special import ndtr

    return float(ndtr(-sqrt(n / (n - 1)) * _student(n)))


def _quantiles(sample: Floats, tail: float) -> tuple[float, float]:
    """Return the `tail` and 1 - `tail` quantiles of a bootstrap sample, rounded outwards to a member of it."""
    ordered = np.sort(sample)
    size = ordered.size
    low = max(0, floor(tail * size) - 1)
    high = min(size - 1, ceil((1 - tail) * size))
    return float(ordered[low]), float(ordered[high])
