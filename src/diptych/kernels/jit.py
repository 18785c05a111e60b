"""How every kernel is compiled: two decorators, so that one line decides for all.

`@kernel` is `numba.njit(cache=True, nogil=True, error_model="numpy")` with the function's type kept, so that type
checkers see through it.  No `fastmath`: the same source gives the same bytes on one CPU target.  With
`NUMBA_DISABLE_JIT=1` the function stays plain Python and must still run. `@inlined` is for small pieces of a kernel
that a vector loop can only take in whole; they are compiled as part of their caller and are not cached themselves.

Compilers use half of a processor's 512-bit vectors by default, which was right for the first that had them. Where
there are such vectors the whole width is asked for: flight in lanes gains 1.9 times. The arithmetic is the same.

A trap for people who edit kernels: numba's cache looks at the file of the function only, not at the files of the
kernels it calls. After a change in a callee delete `__pycache__` (or set `NUMBA_CACHE_DIR` to a fresh folder).
"""

from collections.abc import Callable
from typing import Any, TypeVar

from llvmlite import binding  # type: ignore[import-untyped]
from numba import config, njit

_Function = TypeVar("_Function", bound=Callable[..., Any])


def _use_whole_vectors() -> None:
    """Ask for 512-bit vectors where the processor has them, unless the user chose a target."""
    if config.CPU_NAME is not None or config.CPU_FEATURES is not None:
        return
    features = binding.get_host_cpu_features()
    if features.get("avx512f") and features.get("avx512dq"):
        config.CPU_NAME = binding.get_host_cpu_name()
        config.CPU_FEATURES = features.flatten() + ",-prefer-256-bit"


_use_whole_vectors()


def kernel(function: _Function) -> _Function:
    """Compile `function` on first call, the same way for every kernel."""
    compiled: _Function = njit(cache=True, nogil=True, error_model="numpy")(function)
    return compiled


def inlined(function: _Function) -> _Function:
    """Compile `function` into every kernel that calls it."""
    compiled: _Function = njit(forceinline=True, error_model="numpy")(function)
    return compiled
