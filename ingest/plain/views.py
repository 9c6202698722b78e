"""Texts as the kernels see them: 16 bytes each that hold it, or say where it stands in a buffer of bytes.

The layout is Arrow's string view: length, then up to 12 bytes of text, or its first 4 bytes, the number of
the buffer and its place there.
"""

from typing import NamedTuple, TypeVar

import numpy as np
import numpy.typing as npt
import polars as pl
import pyarrow as pa

from graph.contract import Ints

Bytes = npt.NDArray[np.uint8]
Words = npt.NDArray[np.uint32]
Mask = npt.NDArray[np.bool_]
Points = npt.NDArray[np.uint16]

A = TypeVar("A", Words, Points, Bytes, Mask, Ints)
_NOTHING = np.zeros(1, dtype=np.uint8)


class Texts(NamedTuple):
    """A column of texts: `views`, four words each; `data` they point into; `filled`, false where null."""

    views: Words
    data: Bytes
    filled: Mask


def texts_of(series: pl.Series) -> Texts:
    """The texts of a column, without copying where they stand in one buffer."""
    column = series.rechunk().to_arrow(compat_level=pl.CompatLevel.newest())
    buffers = column.buffers()
    if len(buffers) > 3:
        return _compact(series)
    words = np.frombuffer(buffers[1], dtype=np.uint32)
    data = np.frombuffer(buffers[2], dtype=np.uint8) if len(buffers) == 3 and buffers[2].size else _NOTHING
    views = words[4 * column.offset : 4 * (column.offset + len(column))]
    return _fixed(views, data, series.is_not_null().to_numpy())


def column_of(texts: Texts) -> pl.Series:
    """The column of these texts, without copying; they must be UTF-8."""
    gaps = int(len(texts.filled) - texts.filled.sum())
    valid = pa.py_buffer(np.packbits(texts.filled, bitorder="little")) if gaps else None
    buffers = [valid, pa.py_buffer(texts.views), pa.py_buffer(texts.data)]
    array = pa.Array.from_buffers(pa.string_view(), len(texts.filled), buffers, gaps)
    return pl.Series(pl.from_arrow(array), dtype=pl.String)


def _compact(series: pl.Series) -> Texts:
    """The texts of several buffers in one."""
    packed = series.to_arrow().cast(pa.large_string())
    _, offsets, buffer = packed.buffers()
    ends = np.frombuffer(offsets, dtype=np.int64)[packed.offset : packed.offset + len(packed) + 1]
    data = np.frombuffer(buffer, dtype=np.uint8) if buffer is not None and buffer.size else _NOTHING
    from ingest.plain.cells import views_at

    views = np.zeros(4 * len(packed), dtype=np.uint32)
    views_at(data, ends, views)
    return _fixed(views, data, series.is_not_null().to_numpy())


def _fixed(views: Words, data: Bytes, filled: Mask) -> Texts:
    """All arrays read-only, because kernels are compiled for one kind of array."""
    return Texts(read_only(views), read_only(data), read_only(filled))


def read_only(array: A) -> A:
    """The same array, read-only and in one piece."""
    fixed = np.ascontiguousarray(array).view()
    fixed.flags.writeable = False
    return fixed
