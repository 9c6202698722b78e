"""Columns cleaned by kernels: the values of plain cells, and which cells are left to the cleaners."""

from collections.abc import Callable, Sequence
from functools import cache

import numpy as np
import polars as pl

from graph.contract import Ints
from ingest.plain import cells
from ingest.plain.same import number_texts
from ingest.plain.views import Bytes, Points, Texts, column_of, read_only

# Chinese signs that stand in ordinary text; not those that may stand around a value, such as the wide blank.
_COMMON = (*range(0x3001, 0x3012), *range(0x4E00, 0xA000), *range(0xFF01, 0xFF5F))
_NO_SIGNS = read_only(np.zeros(1, dtype=np.uint16))
_TEXT_KINDS = {
    **dict.fromkeys(("account", "peer", "login", "subject"), cells.NUMBER),
    **dict.fromkeys(("text", "name"), cells.WORDS),
    "code": cells.CODE,
    "id": cells.PERSON,
}
_AHEAD_US = {"Asia/Shanghai": 8 * 3_600_000_000, "UTC": 0}
"""How far zones are ahead of UTC that have changed no clock since 1992."""


def plain_cells(texts: Texts, kind: str, times: Sequence[str], zone: str) -> tuple[pl.Series, Ints] | None:
    """Values of the plain cells, null elsewhere, and the cells that only the kind's cleaner can judge.

    times, zone: of the template and column, for times. None for a kind without a plain shape.
    """
    if kind in _TEXT_KINDS:
        return _plain_texts(texts, _TEXT_KINDS[kind])
    if kind == "money":
        return _plain_numbers(texts, cells.plain_money, pl.Int64())
    if kind == "time" and "dash" in times and zone in _AHEAD_US:
        instants = lambda *rest: cells.plain_times(_AHEAD_US[zone], *rest)  # noqa: E731  a kernel with its zone
        return _plain_numbers(texts, instants, pl.Datetime("us", "UTC"))
    return None


def places_of(texts: Texts, most: int) -> tuple[Ints, Ints] | None:
    """By row the number of its text, and by number the row it stands in first; None beyond `most` texts."""
    place = np.empty(len(texts.filled), dtype=np.int64)
    first = np.empty(most, dtype=np.int64)
    table = np.full(1 << (2 * most).bit_length(), -1, dtype=np.int32)
    different = number_texts(*texts, table, place, first)
    return None if different < 0 else (place, first[:different])


def _plain_texts(texts: Texts, kind: int) -> tuple[pl.Series, Ints]:
    height = len(texts.filled)
    views, state = np.zeros(4 * height, dtype=np.uint32), np.empty(height, dtype=np.uint8)
    gb = _pairs() if kind == cells.WORDS else _NO_SIGNS
    others = cells.plain_texts(kind, *texts, gb, views, state)
    values = column_of(Texts(views, texts.data, state == cells.PLAIN))
    return values, _others(state, others)


def _plain_numbers(texts: Texts, kernel: Callable[..., int], dtype: pl.DataType) -> tuple[pl.Series, Ints]:
    height = len(texts.filled)
    numbers, state = np.zeros(height, dtype=np.int64), np.empty(height, dtype=np.uint8)
    others = kernel(*texts, numbers, state)
    values = pl.Series(numbers).cast(dtype)
    plain = state == cells.PLAIN
    if not plain.all():
        values = values.set(pl.Series(~plain), None)
    return values, _others(state, others)


def _others(state: Bytes, others: int) -> Ints:
    return np.flatnonzero(state == cells.OTHER) if others else np.empty(0, dtype=np.int64)


@cache
def _pairs() -> Points:
    """By code point, the two bytes in GB18030 of common Chinese signs; 0 for all others."""
    pairs = np.zeros(1 << 16, dtype=np.uint16)
    for point in _COMMON:
        written = chr(point).encode("gb18030")
        if len(written) == 2:
            pairs[point] = int.from_bytes(written, "big")
    return read_only(pairs)
