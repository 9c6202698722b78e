"""How kernels are compiled: without reference counts, kept on disk, and for arrays that are given to them.

Numba counts references to each array at every call between kernels, which took half the time; nothing is made
or kept in a kernel, so nothing needs to be counted (`_nrt`).
"""

from collections.abc import Callable
from typing import Any, TypeVar, cast

from numba import njit

_OPTIONS: dict[str, Any] = {"error_model": "numpy", "_nrt": False}

F = TypeVar("F", bound=Callable[..., Any])


def kernel(function: F) -> F:
    """A kernel that Python calls; its machine code is kept where `NUMBA_CACHE_DIR` says."""
    return cast(F, njit(cache=True, **_OPTIONS)(function))


def part(function: F) -> F:
    """A function that only kernels call."""
    return cast(F, njit(**_OPTIONS)(function))


def written_in(function: F) -> F:
    """A part that is written into whoever calls it, before anything is compiled."""
    return cast(F, njit(inline="always", **_OPTIONS)(function))
