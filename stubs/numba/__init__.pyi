"""The part of numba that diptych.kernels uses, with the types that numba itself does not ship.

A compiled function keeps the signature it was written with, so that callers are checked against it.
"""

from collections.abc import Callable
from typing import Any, TypeVar, overload

_F = TypeVar("_F", bound=Callable[..., Any])

__version__: str

@overload
def njit(function: _F, /) -> _F: ...
@overload
def njit(*signatures: Any, **options: Any) -> Callable[[_F], _F]: ...
@overload
def jit(function: _F, /) -> _F: ...
@overload
def jit(*signatures: Any, **options: Any) -> Callable[[_F], _F]: ...
@overload
def vectorize(function: _F, /) -> _F: ...
@overload
def vectorize(*signatures: Any, **options: Any) -> Callable[[_F], _F]: ...

prange = range

def __getattr__(name: str) -> Any: ...
