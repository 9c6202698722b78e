"""Recognises text so regular that splitting it at the delimiter is exact, and splits it in one go."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from ingest.readers.records import empty_as_null

_CONTROL = bytes([*range(9), 11, 12, *range(14, 32)])
_LINE_END, _QUOTE, _SPACE = 10, 34, 32
_Bytes = npt.NDArray[np.uint8]
_Places = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Even:
    """Text of lines that all have the same fields; `quoted` when some of them stand in quotes."""

    body: bytes
    quoted: bool


def even_piece(piece: bytes, delimiter: str, width: int, longest: int) -> Even | None:
    """The piece if each of its lines has `width` fields, quotes only around whole fields; else None.

    A line that is blank, too long or holds a control character, a quote inside a field, or a field over
    several lines makes the piece uneven: the careful reader takes it.
    """
    sign = delimiter.encode()
    if not piece or len(sign) > 1 or len(piece.translate(None, _CONTROL)) != len(piece):
        return None
    body = piece if piece.endswith(b"\n") else piece + b"\n"
    signs = np.frombuffer(body, dtype=np.uint8)
    ends = np.flatnonzero(signs == _LINE_END)
    starts = np.concatenate(([0], ends[:-1] + 1))
    separators = np.add.reduceat(signs == sign[0], starts, dtype=np.int32)
    quoted = b'"' in body
    if quoted:
        inside = _separators_inside(signs, sign[0], ends)
        if inside is None:
            return None
        separators = separators - inside
    if (separators != width - 1).any() or (ends - starts).max() > longest:
        return None
    if sign[0] < _SPACE and (np.maximum.reduceat(signs, starts) <= _SPACE).any():
        return None  # a line of tabs only is a blank line
    return Even(body, quoted)


def _separators_inside(signs: _Bytes, sign: int, ends: _Places) -> _Places | None:
    """How many separators of each line stand inside quotes; None when a quote is not a field's first or last.

    The quotes are taken two by two: if every first one follows a separator or line end, every second one
    stands before one, and no line ends in between, then each pair holds one field.
    """
    quotes = np.flatnonzero(signs == _QUOTE)
    opening, closing = quotes[::2], quotes[1::2]
    if len(opening) != len(closing):
        return None
    before, after = signs[opening - 1], signs[closing + 1]  # before the first sign: the last, a line end
    for beside in (before, after):
        if not ((beside == sign) | (beside == _LINE_END)).all():
            return None
    wide = closing - opening > 1
    opening, closing = opening[wide], closing[wide]
    lines = np.searchsorted(ends, opening)
    if (lines != np.searchsorted(ends, closing)).any():
        return None
    if not len(lines):
        return np.zeros(len(ends), dtype=np.int64)
    separators = np.flatnonzero(signs == sign)
    held = np.searchsorted(separators, closing) - np.searchsorted(separators, opening)
    inside = np.zeros(len(ends), dtype=np.int64)
    np.add.at(inside, lines, held)
    return inside


def split_even(even: Even, delimiter: str, names: list[str], first_line: int) -> pl.DataFrame:
    """The rows of an even piece as `line` and text columns, empty fields null."""
    frame = pl.read_csv(
        even.body,
        has_header=False,
        new_columns=names,
        separator=delimiter,
        quote_char='"' if even.quoted else None,
        infer_schema=False,
    )
    lines = pl.int_range(first_line, first_line + frame.height, dtype=pl.Int64, eager=True)
    if frame.height != even.body.count(b"\n"):
        raise AssertionError("an even piece changed its number of rows while it was split")
    return empty_as_null(frame, names).insert_column(0, lines.alias("line"))
