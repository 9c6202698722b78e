"""Where a cited row stands: the source file's name, the sheet and the line, for people who look it up."""

import sqlite3
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass

import polars as pl

from graph.lake.home import LakeHome

Row = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Cited:
    """file: its name, the start of its sha256 where none is on record. sheet: empty but in workbooks.

    line: of the sheet, counted from 1 with its heading; None where no batch tells.
    """

    file: str
    sheet: str
    line: int | None


def cited(home: LakeHome, rows: Iterable[Row]) -> dict[Row, Cited]:
    """(source sha256, row) -> its place; every row asked for has one. Nothing is created or written."""
    wanted: dict[str, set[int]] = {}
    for source, row in rows:
        wanted.setdefault(source, set()).add(row)
    names, batches = _on_record(home, sorted(wanted))
    found: dict[Row, Cited] = {}
    for source, numbers in wanted.items():
        places: dict[int, tuple[str, int]] = {}
        for path in batches.get(source, ()):
            places |= _places(home, path, numbers)
        for number in numbers:
            sheet, line = places.get(number, ("", None))
            found[source, number] = Cited(names.get(source, f"{source[:12]}…"), sheet, line)
    return found


def _on_record(home: LakeHome, sources: list[str]) -> tuple[dict[str, str], dict[str, list[str]]]:
    """Names and batch paths of source files; empty without a ledger (a lake that no load has made)."""
    names: dict[str, str] = {}
    batches: dict[str, list[str]] = {}
    if not home.ledger.exists():
        return names, batches
    with closing(sqlite3.connect(f"{home.ledger.as_uri()}?mode=ro", uri=True)) as ledger:
        for source in sources:
            for (name,) in ledger.execute("SELECT file FROM files WHERE sha256 = ?", (source,)):
                names[source] = name
            paths = ledger.execute("SELECT path FROM batches WHERE sha256 = ? ORDER BY path", (source,))
            batches[source] = [path for (path,) in paths]
    return names, batches


def _places(home: LakeHome, path: str, numbers: set[int]) -> dict[int, tuple[str, int]]:
    batch = home.batches / path
    if not batch.is_file():
        return {}
    rows = pl.scan_parquet(batch).filter(pl.col("row").is_in(list(numbers))).select("row", "sheet", "line")
    return {row: (sheet or "", line) for row, sheet, line in rows.collect().iter_rows()}
