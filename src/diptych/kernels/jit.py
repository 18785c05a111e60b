"""How every kernel is compiled: one decorator, so that one line decides for all.

`@kernel` is `numba.njit(cache=True, nogil=True, error_model="numpy")` with the function's type kept, so that type
checkers see through it.  No `fastmath`: the same source gives the same bytes on one CPU target.  With
`NUMBA_DISABLE_JIT=1` the function stays plain Python and must still run.

A trap for people who edit kernels: numba's cache looks at the file of the function only, not at the files of the
kernels it calls. After a change in a callee delete `__pycache__` (or set `NUMBA_CACHE_DIR` to a fresh folder).
"""

from collections.abc import Callable
from typing import Any, TypeVar

from numba import njit

_Function = TypeVar("_Function", bound=Callable[..., Any])


def kernel(function: _Function) -> _Function:
    """Compile `function` on first call, the same way for every kernel."""
    compiled: _Function = njit(cache=True, nogil=True, error_model="numpy")(function)
    return compiled
