"""Fused multiply-add, a * b + c with one rounding, for kernels that must be fast and give the same bytes anywhere.

Compilers may fuse on their own (`fastmath`), but then they choose where, and the same line can round differently in a
vector and in a scalar loop. Written out, each line means one thing: lanes of any width agree to the last bit. Where
kernels run as plain Python (`NUMBA_DISABLE_JIT=1`) the product is rounded before the sum.
"""

from collections.abc import Callable
from typing import Any, cast

from numba import config, float64
from numba.extending import intrinsic


def _rounded_twice(a: float, b: float, c: float) -> float:
    """Return a * b + c for kernels that run as plain Python."""
    return a * b + c


@intrinsic
def _fused(_typing: Any, _a: Any, _b: Any, _c: Any) -> Any:  # noqa: ANN401  # numba's own objects
    """LLVM's fma, for compiled code only."""

    def generate(_context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:  # noqa: ANN401
        return builder.fma(*arguments)

    return float64(float64, float64, float64), generate


# fma(a, b, c) is a * b + c.  Check: (1 + 2^-30)^2 - (1 + 2^-29) is 2^-60 with one rounding and 0 with two.
fma = cast("Callable[[float, float, float], float]", _rounded_twice if config.DISABLE_JIT else _fused)
