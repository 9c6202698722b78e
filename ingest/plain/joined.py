"""Kernels that write a row's fields one behind the other, which is the text its key is the hash of."""

from typing import Any

import numpy as np

from ingest.plain.kernel import kernel, written_in
from ingest.plain.signs import SHORT, copy_bytes


@written_in
def _labelled(label: Any, out: Any, start: Any, at: Any) -> Any:
    """Write `label`, which begins with a separator that the row's first field goes without; where it ends."""
    first = at == start
    size = len(label) - first
    copy_bytes(out, at, label, np.int64(first), size)
    return at + size


@kernel
def add_texts(label: Any, views: Any, data: Any, filled: Any, out: Any, start: Any, end: Any) -> None:
    """Write `label` and the text of each filled row at `end`, and move `end` behind them."""
    short = views.view(data.dtype)
    for i in range(len(filled)):
        if filled[i]:
            at = _labelled(label, out, start[i], end[i])
            size = np.int64(views[4 * i])
            if size <= SHORT:
                copy_bytes(out, at, short, 16 * i + 4, size)
            else:
                copy_bytes(out, at, data, np.int64(views[4 * i + 3]), size)
            end[i] = at + size


@kernel
def add_numbers(label: Any, values: Any, filled: Any, out: Any, start: Any, end: Any) -> None:
    """The same for whole numbers, in decimal."""
    for i in range(len(filled)):
        if filled[i]:
            at = _labelled(label, out, start[i], end[i])
            left = np.uint64(values[i])
            if values[i] < 0:
                out[at] = 45
                at += 1
                left = np.uint64(0) - left
            digits = 1
            bound = np.uint64(10)
            while digits < 19 and left >= bound:
                digits += 1
                bound *= np.uint64(10)
            for k in range(digits - 1, -1, -1):
                out[at + k] = 48 + left % np.uint64(10)
                left //= np.uint64(10)
            end[i] = at + digits
