"""What a reader hands on: a piece of one sheet as text cells, with the rows it could not read."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import polars as pl

from graph.errors import UnreadableSource
from ingest.reasons import Reason

# A cell that a workbook stored as a number, or as an error, carries a mark in front of its raw text.
# No source text can forge one: control characters are rejected by every reader.
NUMBER_MARK = "\x01"
ERROR_MARK = "\x02"

FAULT_SCHEMA: dict[str, pl.DataType] = {
    "line": pl.Int64(),
    "column": pl.String(),
    "code": pl.String(),
    "raw": pl.String(),
}

HeaderTest = Callable[[Sequence[str]], int]
"""How many names of a row are column names that some template knows; 0 when the row can be no header."""


@dataclass(frozen=True, slots=True)
class Grid:
    """A run of data rows of one sheet, in file order.

    cells: `line` (physical row, 1-based), then c0..cn, text or null for an empty cell.
    faults: rows that can't be read (FAULT_SCHEMA; raw is hexadecimal).
    counted: rows with content that an independent counter saw after the header, this piece only.
    header: the header's texts as written, those of a header over several rows joined by column; empty when
    the sheet has none. header_line: its last row. header_rows: its rows as they stand, the joined text's
    parts. hidden: how much of the sheet was hidden (`sheet`, `rows`, `columns`).
    """

    sheet: str
    header: tuple[str, ...]
    header_line: int
    cells: pl.DataFrame
    faults: pl.DataFrame
    counted: int
    first: bool = True
    flags: frozenset[Reason] = field(default_factory=frozenset)
    encoding: str = "utf-8"
    from_1904: bool = False
    header_rows: tuple[tuple[str, ...], ...] = ()
    hidden: Mapping[str, int] = field(default_factory=dict)


def no_faults() -> pl.DataFrame:
    """An empty table of faults."""
    return pl.DataFrame(schema=FAULT_SCHEMA)


def refuse(reason: Reason, name: str, detail: str = "", **facts: object) -> UnreadableSource:
    """The error that sends a whole file to quarantine; `name` is the file's name without its folder."""
    middle = f" ({detail})" if detail else ""
    return UnreadableSource(
        f"{name}{middle}: {reason.en}", code=reason.value, file=name, zh=reason.zh, **facts
    )
