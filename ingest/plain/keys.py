"""Row keys of many rows at once: their texts are written and hashed by kernels."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl

from graph.contract import Ints
from ingest.plain.blake2b import BLOCK, LANES, hash_texts
from ingest.plain.joined import add_numbers, add_texts
from ingest.plain.views import Bytes, Mask, Texts, column_of, read_only, texts_of

_ROWS = 8_192
"""Rows whose texts stand in one buffer, which stays in the processor's cache."""
_LONGEST_NUMBER = 20
_KEY = 32
_HEX = np.array(
    [ord(b) << 8 | ord(a) for a in "0123456789abcdef" for b in "0123456789abcdef"], dtype=np.uint16
)


@dataclass(frozen=True, slots=True)
class _Field:
    """A column as a kernel takes it; `room`: how many bytes each row needs at most."""

    label: Bytes
    values: Texts | Ints
    filled: Mask
    room: Ints

    def add(self, rows: slice, out: Bytes, start: Ints, end: Ints) -> None:
        """Write the field of these rows."""
        filled = self.filled[rows]
        if isinstance(self.values, Texts):
            views = self.values.views[4 * rows.start : 4 * rows.stop]
            add_texts(self.label, views, self.values.data, filled, out, start, end)
        else:
            add_numbers(self.label, self.values[rows], filled, out, start, end)


def many_keys(columns: Mapping[str, pl.Series], height: int) -> pl.Series:
    """The keys that `rows.row_keys` states, of columns of text or whole numbers that are `height` long."""
    digests = np.empty((height, 2), dtype=np.uint64)
    fields = [_field(name, column) for name, column in columns.items()]
    for first in range(0, height, _ROWS):
        rows = slice(first, min(first + _ROWS, height))
        digests[rows] = _digests(fields, rows)
    signs = _HEX[digests.view(np.uint8).reshape(-1)].view(np.uint8)
    views = np.zeros((height, 4), dtype=np.uint32)
    views[:, 0] = _KEY
    views[:, 1] = signs.view(np.uint32)[:: _KEY // 4]
    views[:, 3] = np.arange(height, dtype=np.uint32) * _KEY
    return column_of(Texts(views.reshape(-1), signs, np.ones(height, dtype=np.bool_))).alias("row_key")


def _field(name: str, column: pl.Series) -> _Field:
    label = read_only(np.frombuffer(f"\x1f{name}=".encode(), dtype=np.uint8))
    if column.dtype == pl.String:
        texts = texts_of(column)
        return _Field(label, texts, texts.filled, (texts.views[::4] + np.int64(len(label))) * texts.filled)
    filled = column.is_not_null().to_numpy()
    values: Ints = read_only(column.fill_null(0).to_numpy())
    room = filled * np.int64(len(label) + _LONGEST_NUMBER)
    return _Field(label, values, read_only(filled), room)


def _digests(fields: list[_Field], rows: slice) -> Ints:
    """Two words a row: the digest of what its fields say."""
    height = rows.stop - rows.start
    room = sum((field.room[rows] for field in fields), start=np.zeros(height, dtype=np.int64))
    blocks = np.maximum(1, -(-room // BLOCK))
    start = np.cumsum(blocks) - blocks
    words = np.zeros(int(blocks.sum()) * BLOCK // 8, dtype=np.uint64)
    end = start * BLOCK
    for field in fields:
        field.add(rows, words.view(np.uint8), start * BLOCK, end)
    out = np.empty((height, 2), dtype=np.uint64)
    state, chain, block = (np.empty((size, LANES), dtype=np.uint64) for size in (16, 8, 16))
    hash_texts(words, start * (BLOCK // 8), end - start * BLOCK, out, state, chain, block)
    return out
