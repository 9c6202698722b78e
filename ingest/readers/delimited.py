"""Reads CSV and other delimited text strictly: every row has the header's fields or goes to quarantine."""

import io
import re
from collections.abc import Iterator

import polars as pl

from ingest.limits import Limits
from ingest.plain import kernels_help
from ingest.readers.encoding import decode
from ingest.readers.even import even_piece, split_even
from ingest.readers.grid import Grid, HeaderTest, no_faults
from ingest.readers.header import FoundHeader, find_header
from ingest.readers.records import Records, fault_rows, quoted_records, split_lines, split_record
from ingest.reasons import Reason

DELIMITERS = (",", "\t", ";", "|", "，")
_PIECE = 32 * 1024 * 1024
_LINE = 256
"""Bytes of a line, roughly."""
_CONTROL = r"[\x00-\x08\x0b\x0c\x0e-\x1f]"


def read_delimited(data: bytes, name: str, test: HeaderTest, limits: Limits) -> Iterator[Grid]:
    """The rows below the header, in pieces of about 32 MiB of text; at least one piece, perhaps empty.

    `line` counts physical lines from 1. UnreadableSource when the encoding is in doubt; a file without a
    known header comes back as one piece with an empty header.
    """
    decoded = decode(data, name)
    text = decoded.utf8
    if b"\r" in text and not _may_keep_returns(text):
        text = _one_line_end(text)
    found = _find_header(text, test, limits)
    if found is None:
        rows = count_filled_lines(text)
        yield Grid("", (), 0, pl.DataFrame(schema={"line": pl.Int64()}), no_faults(), rows)
        return
    delimiter, top, body_at = found
    header, header_line = top.texts, top.last + 1
    first, line = True, header_line + 1
    for piece in _pieces(text, body_at):
        records = _read_piece(piece, delimiter, len(header), line, decoded.encoding, limits)
        counted = count_filled_lines(piece) - records.continuation_lines
        yield Grid(
            "",
            header,
            header_line,
            records.cells,
            records.faults,
            counted,
            first,
            encoding=decoded.encoding,
            header_rows=top.rows,
        )
        first, line = False, line + piece.count(b"\n")
    if first:
        empty = pl.DataFrame(
            schema={"line": pl.Int64(), **{f"c{i}": pl.String() for i in range(len(header))}}
        )
        yield Grid("", header, header_line, empty, no_faults(), 0, header_rows=top.rows)


def _may_keep_returns(text: bytes) -> bool:
    """Whether pieces may be split with their carriage returns: each of them is part of a line's end."""
    if not kernels_help(len(text) // _LINE):
        return False
    from ingest.plain.pieces import returns_end_lines

    return returns_end_lines(text)


def _one_line_end(text: bytes) -> bytes:
    return text.replace(b"\r\n", b"\n").replace(b"\r", b"\n") if b"\r" in text else text


def count_filled_lines(text: bytes) -> int:
    """Lines that are not blank, counted by iterating over bytes: independent of the parser (G1)."""
    return sum(1 for line in io.BytesIO(text) if line.strip())


def _find_header(text: bytes, test: HeaderTest, limits: Limits) -> tuple[str, FoundHeader, int] | None:
    """Delimiter, header and the byte where the body starts."""
    lines: list[str] = []
    ends: list[int] = []
    at = 0
    while len(lines) < limits.header_rows and at < len(text):
        end = text.find(b"\n", at)
        end = len(text) if end < 0 else end
        line = text[at : min(end, at + limits.line_characters)].removesuffix(b"\r")
        lines.append(line.decode("utf-8", errors="ignore"))
        ends.append(min(end + 1, len(text)))
        at = end + 1
    best: tuple[str, FoundHeader] | None = None
    for delimiter in DELIMITERS:
        rows = [split_record(line, delimiter) or [] for line in lines]
        found = find_header(rows, test)
        if found is not None and (best is None or found.score > best[1].score):
            best = (delimiter, found)
    if best is None:
        return None
    return best[0], best[1], ends[best[1].last]


def _pieces(text: bytes, at: int) -> Iterator[bytes]:
    """Cuts after a line end; a quoted record is never cut because a piece ends where quotes are balanced."""
    while at < len(text):
        end = text.find(b"\n", at + _PIECE)
        end = len(text) if end < 0 else end + 1
        while end < len(text) and text.count(b'"', at, end) % 2 and end - at < 2 * _PIECE:
            end = text.find(b"\n", end)
            end = len(text) if end < 0 else end + 1
        yield text[at:end]
        at = end


def _read_piece(
    piece: bytes, delimiter: str, width: int, first_line: int, encoding: str, limits: Limits
) -> Records:
    names = [f"c{i}" for i in range(width)]
    even = _split_even_piece(piece, delimiter, names, first_line, limits)
    if even is not None:
        return Records(even, no_faults(), 0, ())
    piece = _one_line_end(piece)
    text = piece.removesuffix(b"\n")
    lines = (
        pl.Series("text", [text], dtype=pl.Binary)
        .cast(pl.String)
        .str.split("\n")
        .explode()
        .to_frame()
        .with_row_index("line", offset=first_line)
        .with_columns(pl.col("line").cast(pl.Int64))
    )
    if b'"' in text:
        lines = _without_empty_quotes(lines, delimiter)
        quotes = pl.col("text").str.count_matches('"', literal=True)
    else:
        quotes = pl.lit(0, pl.UInt32)
    marked = lines.with_columns(
        quotes=quotes,
        delimiters=pl.col("text").str.count_matches(delimiter, literal=True),
        # ASCII white space only, as the independent counter sees it
        blank=pl.col("text").str.strip_chars(" \t\x0b\x0c") == "",
        control=pl.col("text").str.contains(_CONTROL),
        long=pl.col("text").str.len_bytes() > limits.line_characters,
    )
    bad = pl.col("control") | pl.col("long")
    plain = ~pl.col("blank") & ~bad & (pl.col("quotes") == 0)
    good = marked.filter(plain & (pl.col("delimiters") == width - 1))
    parts = [split_lines(good, delimiter, names, quoted=False)]
    faults = [
        fault_rows(marked.filter(~pl.col("blank") & pl.col("control")), Reason.BAD_CHARACTER, encoding),
        fault_rows(
            marked.filter(~pl.col("blank") & ~pl.col("control") & pl.col("long")),
            Reason.TEXT_TOO_LONG,
            encoding,
        ),
        fault_rows(marked.filter(plain & (pl.col("delimiters") != width - 1)), Reason.FIELD_COUNT, encoding),
    ]
    continuation = 0
    if b'"' in text:
        quoted = quoted_records(marked, delimiter, width, encoding, limits)
        taken = quoted.taken_lines
        if taken:
            parts[0] = parts[0].filter(~pl.col("line").is_in(taken))
            faults = [rows.filter(~pl.col("line").is_in(taken)) for rows in faults]
        parts.append(quoted.cells)
        faults.append(quoted.faults)
        continuation = quoted.continuation_lines
    cells = pl.concat(parts).sort("line") if len(parts) > 1 else parts[0]
    return Records(cells, pl.concat(faults).sort("line"), continuation, ())


def _split_even_piece(
    piece: bytes, delimiter: str, names: list[str], first_line: int, limits: Limits
) -> pl.DataFrame | None:
    """`line` and the text columns of a piece in which every line has them all; None for any other."""
    if kernels_help(piece.count(b"\n")):
        from ingest.plain.pieces import split_piece

        cells = split_piece(piece, delimiter, names, limits.line_characters)
        if cells is None:
            return None
        lines = pl.int_range(first_line, first_line + cells.height, dtype=pl.Int64, eager=True)
        return cells.insert_column(0, lines.alias("line"))
    piece = _one_line_end(piece)
    even = even_piece(piece, delimiter, len(names), limits.line_characters)
    return None if even is None else split_even(even, delimiter, names, first_line)


def _without_empty_quotes(lines: pl.DataFrame, delimiter: str) -> pl.DataFrame:
    """Write `""` fields as empty ones in lines that hold no other quote: many writers quote empty text."""
    text = pl.col("text")
    bare = text.str.replace_all(f'{delimiter}""', delimiter, literal=True).str.strip_prefix('""')
    inside = text.str.contains(rf'""[^{re.escape(delimiter)}]')
    return lines.with_columns(
        text=pl.when(bare.str.contains('"', literal=True) | inside).then(text).otherwise(bare)
    )
