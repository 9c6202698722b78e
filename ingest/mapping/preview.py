"""Shows what a mapping would make of a table: ten cleaned rows, and how many of the first would pass."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from ingest.clean.sides import AMOUNT, DIRECTION
from ingest.recognise import Recognised
from ingest.rows import clean_rows
from ingest.shown import shown_cell
from ingest.unknown import UnknownTable

SHOWN = 10
_SAMPLES = 3


@dataclass(frozen=True, slots=True)
class Preview:
    """fields: what loading would store. rows: field -> text, at most ten. passed and rejected: rows of the
    sample, rejected by reason code."""

    fields: tuple[str, ...]
    rows: tuple[Mapping[str, str], ...]
    passed: int
    rejected: Mapping[str, int]


def preview(table: UnknownTable, known: Recognised, *, full: bool = False) -> Preview:
    """The first rows as loading would store them, masked by their columns' meaning unless `full`."""
    cleaned = clean_rows(table.grid, known, 0)
    fields = _fields(known)
    rows = [
        {field: _text(row[field], field, known, full) for field in fields}
        for row in cleaned.frame.head(SHOWN).iter_rows(named=True)
    ]
    counts = cleaned.rejects["code"].value_counts().sort("code")
    return Preview(fields, tuple(rows), cleaned.frame.height, dict(counts.iter_rows()))


def _fields(known: Recognised) -> tuple[str, ...]:
    """The stored fields in the columns' order; two columns of sides give amount and direction."""
    fields: list[str] = []
    for field in known.positions:
        column = known.template.columns[field]
        if column.side:
            fields += [AMOUNT, DIRECTION]
        elif column.stored:
            fields.append(field)
    return tuple(dict.fromkeys(fields))


def samples(
    table: UnknownTable, index: int, field: str | None, kind: str, *, full: bool = False
) -> list[str]:
    """Three different cells of a column, masked by what the column is taken for unless `full`."""
    return [shown_cell(text, field, kind, full) for text in dict.fromkeys(table.texts(index))][:_SAMPLES]


def _text(value: Any, field: str, known: Recognised, full: bool) -> str:
    if value is None:
        return ""
    kind = known.template.columns[field].kind
    if kind == "money":
        return f"{'-' if value < 0 else ''}{abs(value) // 100}.{abs(value) % 100:02d}"
    if kind == "time":
        return str(
            pl.Series([value]).dt.convert_time_zone("Asia/Shanghai").dt.strftime("%Y-%m-%d %H:%M:%S")[0]
        )
    return shown_cell(str(value), field, kind, full)
