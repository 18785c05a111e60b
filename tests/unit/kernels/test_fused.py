"""One rounding where compiled, two as plain Python."""

from __future__ import annotations

from numba import config

from diptych.kernels.fused import fma
from diptych.kernels.jit import kernel


@kernel
def _through_a_kernel(a, b, c):
    return fma(a, b, c)


def test_product_and_sum_are_rounded_once_where_compiled():
    a = 1.0 + 2.0**-30
    left = 0.0 if config.DISABLE_JIT else 2.0**-60
    assert _through_a_kernel(a, a, -(1.0 + 2.0**-29)) == left


def test_it_is_a_product_and_a_sum():
    assert _through_a_kernel(3.0, -4.0, 5.0) == -7.0
