"""Kernels for the common shape of lines, cells and keys; whatever is not surely of it is left alone."""

import os
from pathlib import Path

_MANY = 5_000
"""Rows from which loading the kernels pays."""


def kernels_help(rows: int) -> bool:
    """Whether so many rows are worth the kernels, and there is a folder with their machine code.

    Without one they would be compiled in every process, which takes longer than most files.
    """
    return rows >= _MANY and _has_machine_code()


def _has_machine_code() -> bool:
    folder = os.environ.get("NUMBA_CACHE_DIR")
    return folder is not None and Path(folder).is_dir()
