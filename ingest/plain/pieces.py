"""Whole pieces of text by kernels: GB18030 to UTF-8, and even lines to columns."""

from functools import cache

import numpy as np
import polars as pl

from ingest.plain.lines import BREAK, ODD, decode_pairs, has_lone_return, split_lines
from ingest.plain.views import Bytes, Points, Texts, column_of, read_only

_CONTROL = [*range(9), 11, 12, 13, *range(14, 32)]
_LINE_END, _QUOTE = 10, 34
_LEADS = range(0x81, 0xFF)
_FOLLOWERS = [*range(0x40, 0x7F), *range(0x80, 0xFF)]


def decode_gb18030(data: bytes) -> bytes | None:
    """The text as UTF-8, None unless it is GB18030 of one and two bytes a sign and no line may be UTF-8."""
    out = np.empty(len(data) * 3 // 2 + 3, dtype=np.uint8)
    size = decode_pairs(read_only(np.frombuffer(data, dtype=np.uint8)), _points(), out)
    return None if size < 0 else out[:size].tobytes()


def returns_end_lines(text: bytes) -> bool:
    """Whether carriage returns stand before line feeds only."""
    return not has_lone_return(read_only(np.frombuffer(text, dtype=np.uint8)))


def split_piece(piece: bytes, delimiter: str, names: list[str], longest: int) -> pl.DataFrame | None:
    """The text columns of an even piece (`readers.even`), empty fields null; None when it is uneven."""
    sign = delimiter.encode()
    if not piece or len(sign) > 1:
        return None
    body = read_only(np.frombuffer(piece if piece.endswith(b"\n") else piece + b"\n", dtype=np.uint8))
    filled = np.zeros((len(names), int(np.count_nonzero(body == _LINE_END))), dtype=np.bool_)
    views = np.zeros(4 * filled.size, dtype=np.uint32)
    if not split_lines(body, _signs(sign[0]), sign[0] <= 32, longest, views, filled):
        return None
    columns = zip(names, views.reshape(len(names), -1), filled, strict=True)
    return pl.DataFrame([column_of(Texts(view, body, there)).alias(name) for name, view, there in columns])


@cache
def _signs(delimiter: int) -> Bytes:
    signs = np.zeros(256, dtype=np.uint8)
    signs[[*_CONTROL, _QUOTE]] = ODD
    signs[[_LINE_END, delimiter]] = BREAK
    return read_only(signs)


@cache
def _points() -> Points:
    """By pair of bytes, the code point it stands for in GB18030; 0 for no pair."""
    points = np.zeros(1 << 16, dtype=np.uint16)
    pairs = [bytes((lead, follower)) for lead in _LEADS for follower in _FOLLOWERS]
    signs = b"".join(pairs).decode("gb18030")
    points[[int.from_bytes(pair, "big") for pair in pairs]] = [ord(sign) for sign in signs]
    return read_only(points)
