"""Draws by name: the generator against numpy's, uniforms, normals, names."""

import subprocess
import sys
from collections.abc import Iterable
from math import sqrt

import numpy as np
import pytest
from scipy import special, stats

from diptych.kernels.draws import draw4, draw4_many, name_hash, normal_quantile, normals_many

pytestmark = pytest.mark.filterwarnings("ignore:overflow encountered")  # plain-Python mode wraps uint64 on purpose

MASK = 2**64 - 1


def units(words: Iterable[int]) -> tuple[float, ...]:
    """Return the uniforms that the first 52 bits of words of Philox stand for."""
    return tuple(((int(w) >> 12) + 0.5) / 2**52 for w in words)


def test_draws_equal_numpys_philox_bit_for_bit() -> None:
    rng = np.random.default_rng(5)
    for _ in range(200):
        counter = rng.integers(0, 2**64, 4, dtype=np.uint64)
        key = rng.integers(0, 2**64, 2, dtype=np.uint64)
        wanted = np.random.Philox(counter=counter, key=key).random_raw(4)
        number = sum(int(c) << (64 * i) for i, c in enumerate(counter)) + 1  # numpy steps the counter before it draws
        stepped = np.array([(number >> (64 * i)) & MASK for i in range(4)], dtype=np.uint64)
        assert draw4(*key, *stepped) == units(wanted)


def test_philox_meets_the_known_answers_of_its_authors() -> None:
    # Random123 1.09, kat_vectors: philox4x64 10, all ones.
    words = [0x87B092C3013FE90B, 0x438C3C67BE8D0224, 0x9CC7D7C69CD777B6, 0xA09CAEBF594F0BA0]
    assert draw4(*np.full(6, MASK, np.uint64)) == units(words)


def test_a_draw_named_by_plain_integers_is_the_same() -> None:
    counter = np.array([6, 1, 2, 3], np.uint64)  # numpy steps it first
    words = np.random.Philox(counter=counter, key=np.array([11, 5], np.uint64)).random_raw(4)
    assert draw4(11, 5, 7, 1, 2, 3) == units(words)


@pytest.mark.parametrize("changed", range(6))
def test_changing_any_word_of_the_name_changes_all_four_draws(changed: int) -> None:
    name = [11, 5, 7, 1, 2, 3]
    other = [n + (i == changed) for i, n in enumerate(name)]
    assert not set(draw4(*name)) & set(draw4(*other))


def test_draws_in_bulk_equal_draws_one_by_one_in_any_order() -> None:
    a = np.array([3, 2**62, 1, 0], np.int64)
    rows = draw4_many(1, 2, name_hash("detection"), a, a[::-1].copy(), np.arange(4))
    for i in (2, 0, 3, 1):
        assert tuple(rows[i]) == draw4(1, 2, name_hash("detection"), int(a[i]), int(a[::-1][i]), i)


def test_uniforms_are_uniform_and_words_are_uncorrelated() -> None:
    n = np.arange(5000)
    rows = draw4_many(2024, 0, name_hash("uniformity"), n, n // 7, n * 0)
    assert rows.min() > 0.0
    assert rows.max() < 1.0
    assert stats.kstest(rows.ravel(), "uniform").pvalue > 1e-3
    correlation = np.corrcoef(rows.T) - np.eye(4)
    assert np.abs(correlation).max() < 4.0 / sqrt(5000)


def test_normals_are_the_quantiles_of_the_same_uniforms() -> None:
    n = np.arange(500)
    uniform = draw4_many(1, 3, 9, n, n, n)
    assert normals_many(1, 3, 9, n, n, n) == pytest.approx(special.ndtri(uniform), rel=1e-13, abs=1e-14)


def test_normal_quantile_is_good_far_into_the_tails() -> None:
    for p in (2.0**-53, 1e-12, 1e-5, 0.07, 0.0751, 0.3, 0.5, 0.925, 1 - 1e-9, 1 - 2.0**-53):
        assert normal_quantile(p) == pytest.approx(float(special.ndtri(p)), rel=1e-13, abs=1e-15)


def test_the_outermost_draws_stay_inside_the_open_interval() -> None:
    assert 0.0 < 0.5 / 2**52
    assert ((MASK >> 12) + 0.5) / 2**52 < 1.0
    assert np.isfinite(normal_quantile(((MASK >> 12) + 0.5) / 2**52))


def test_a_name_hashes_the_same_in_another_process() -> None:
    code = "from diptych.kernels.draws import name_hash; print(name_hash('launch error/µ'))"
    other = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert int(other) == name_hash("launch error/µ")
    assert 0 <= name_hash("") < 2**63
