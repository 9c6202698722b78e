"""Parses, cleans and keys with kernels and without, for tests that compare the two."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar
from unittest.mock import patch

import ingest.plain
from ingest.plain import kernels_help

T = TypeVar("T")


def without_kernels(job: Callable[[], T]) -> T:
    """What `job` gives when nothing is long enough for the kernels."""
    with patch.object(ingest.plain, "_MANY", 1 << 60):
        assert not kernels_help(1 << 50)
        return job()


def with_kernels(job: Callable[[], T]) -> T:
    """What it gives when they are used for a single row too."""
    with kernels():
        return job()


@contextmanager
def kernels() -> Iterator[None]:
    """While it lasts, kernels are used for a single row too; their machine code goes where numba keeps it."""
    with (
        patch.object(ingest.plain, "_MANY", 0),
        patch.object(ingest.plain, "_has_machine_code", lambda: True),
    ):
        assert kernels_help(1)
        yield
