"""Decides the text encoding by strict rules only; where they leave a doubt nothing is guessed."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import polars as pl

from ingest.plain import kernels_help
from ingest.readers.grid import refuse
from ingest.reasons import Reason

_LINE = 256  # bytes of a line, roughly
_BOM8 = b"\xef\xbb\xbf"
_BOM16 = {b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}
_THREE_BYTE = re.compile(r"[\u0800-\uffff]")
_LEAD_OF_THREE = re.compile(rb"[\xe0-\xef]")
# What GB18030 text of the trade consists of: ASCII, common ideographs, Chinese punctuation, full-width forms.
_CHINESE_ONLY = re.compile(r"[\x00-\x7f\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]*")

# What a byte adds to its line's balance: following bytes +1, a leading byte minus those it announces.
_WEIGHTS = bytes(
    [0] * 0x80 + [1] * 0x40 + [156] * 2 + [255] * 30 + [254] * 16 + [253] * 5 + [156] * 11
)  # as signed bytes: 156 is -100, 255 is -1, 254 is -2, 253 is -3


@dataclass(frozen=True, slots=True)
class Decoded:
    """A file's text as UTF-8 bytes without its mark, and the encoding it came in."""

    utf8: bytes
    encoding: str


def decode(data: bytes, name: str) -> Decoded:
    """BOM, strict UTF-8, strict GB18030, else UnreadableSource.

    UNDECODABLE (no BOM16, NUL bytes, neither encoding, or both fit), MIXED_ENCODING, TRUNCATED.
    """
    if data[:2] in _BOM16:
        return _utf16(data, name)
    if data.startswith(_BOM8):
        return Decoded(_strict_utf8(data[3:], name), "utf-8-sig")
    if data.count(b"\0") * 100 > len(data):
        raise refuse(Reason.UNDECODABLE, name)
    if data.isascii():
        return Decoded(data, "utf-8")
    try:
        _check_utf8(data)
    except UnicodeDecodeError as error:
        return _not_utf8(data, error, name)
    if not _has_three_byte(data) and _reads_as_chinese(data):
        raise refuse(Reason.UNDECODABLE, name, "it reads both as UTF-8 and as GB18030")
    return Decoded(data, "utf-8")


def _utf16(data: bytes, name: str) -> Decoded:
    codec = _BOM16[data[:2]]
    try:
        return Decoded(data[2:].decode(codec).encode("utf-8"), codec)
    except UnicodeDecodeError as error:
        reason = Reason.TRUNCATED if error.end >= len(data) - 2 else Reason.UNDECODABLE
        raise refuse(reason, name) from error
    except UnicodeEncodeError as error:
        raise refuse(Reason.UNDECODABLE, name) from error


def _strict_utf8(data: bytes, name: str) -> bytes:
    try:
        _check_utf8(data)
    except UnicodeDecodeError as error:
        at_end = error.reason == "unexpected end of data"
        raise refuse(Reason.TRUNCATED if at_end else Reason.UNDECODABLE, name) from error
    return data


def _check_utf8(data: bytes) -> None:
    """UnicodeDecodeError unless `data` is UTF-8; the quick test (a third of the time) says only yes or no."""
    try:
        pl.Series([data], dtype=pl.Binary).cast(pl.String)
    except pl.exceptions.ComputeError:
        data.decode("utf-8")


def _has_three_byte(utf8: bytes) -> bool:
    """Whether UTF-8 text holds a character of three bytes: only those start with 0xE0 to 0xEF."""
    return _LEAD_OF_THREE.search(utf8) is not None


def _not_utf8(data: bytes, error: UnicodeDecodeError, name: str) -> Decoded:
    if error.reason == "unexpected end of data" and _THREE_BYTE.search(data[: error.start].decode("utf-8")):
        raise refuse(Reason.TRUNCATED, name) from error
    if kernels_help(len(data) // _LINE):
        from ingest.plain.pieces import decode_gb18030

        plain = decode_gb18030(data)
        if plain is not None:
            return Decoded(plain, "gb18030")
    try:
        text = data.decode("gb18030")
    except UnicodeDecodeError as second:
        reason = Reason.UNDECODABLE if next(utf8_lines(data), None) is None else Reason.MIXED_ENCODING
        raise refuse(reason, name) from second
    if next(utf8_lines(data), None) is not None:
        raise refuse(Reason.MIXED_ENCODING, name) from error
    return Decoded(text.encode("utf-8"), "gb18030")


def _reads_as_chinese(data: bytes) -> bool:
    try:
        text = data.decode("gb18030")
    except UnicodeDecodeError:
        return False
    return _CHINESE_ONLY.fullmatch(text) is not None


def utf8_lines(data: bytes) -> Iterator[int]:
    """Which lines, counted from 0, are valid UTF-8 with three-byte characters; no data gives none.

    Leading bytes announce as many following bytes as come: only lines where the sum is even are tried.
    """
    if not data:
        return
    breaks = np.flatnonzero(np.frombuffer(data, dtype=np.uint8) == 10) + 1
    starts = np.concatenate(([0], breaks[breaks < len(data)]))
    weights = np.frombuffer(data.translate(_WEIGHTS), dtype=np.int8)
    sums = np.add.reduceat(weights, starts, dtype=np.int32)
    ends = np.append(starts[1:], len(data))
    for line in np.flatnonzero(sums == 0).tolist():
        if _is_utf8(data[starts[line] : ends[line]]):
            yield line


def _is_utf8(line: bytes) -> bool:
    if line.isascii():
        return False
    try:
        return _THREE_BYTE.search(line.decode("utf-8")) is not None
    except UnicodeDecodeError:
        return False
