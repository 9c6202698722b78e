"""Finds the original text of a cited row: what the source file says there, cell by cell."""

import hashlib
from collections.abc import Sequence

import polars as pl

from graph.errors import EvidenceBroken
from graph.lake.home import LakeHome
from ingest.batch import read_batches
from ingest.ledger import LOADED, FileRecord, Ledger
from ingest.limits import Limits
from ingest.mapped import SheetRecord, sheet_record
from ingest.readers.grid import NUMBER_MARK, Grid, HeaderTest
from ingest.readers.source import read_source
from ingest.recognise import header_score, recognise
from ingest.shown import shown_cell
from ingest.template import template


def original_row(home: LakeHome, sha256: str, row: int, *, full: bool = False) -> dict[str, str]:
    """Header text -> cell text of one data row as received, in file order, empty cells left out.

    full: personal values whole; else masked by the column's kind, and free text and columns that no field
    claims are shown by their first character. EvidenceBroken when file, row or the file's bytes are not what
    was loaded; vault files (tips) are never opened here.
    """
    record = loaded_record(home, sha256)
    sheet, line = _place(home, record, row)
    content = kept_content(home, record)
    sheets = sheets_of(home, sha256)
    for grid in read_source(content, record.file, header_test(sheets), Limits()):
        found = grid.cells.filter(pl.col("line") == line) if grid.sheet == sheet else grid.cells.clear()
        if found.height:
            cells = {c: found[c][0] for c in found.columns if c != "line"}
            read_by = sheet_read_by(sheets, grid, record)
            return _said(read_by, [cells.get(f"c{i}") for i in range(len(grid.header))], full)
    raise EvidenceBroken(f"{record.file} has no data row {row}; load the file again.", source=sha256, row=row)


def kept_content(home: LakeHome, record: FileRecord) -> bytes:
    """A file's bytes as received; EvidenceBroken when they lie in the vault or are not what was loaded."""
    path = home.originals / record.sha256
    if not path.is_file():
        raise EvidenceBroken(
            f"The original of {record.file} is not kept in the open store; ask for a reveal from the vault.",
            source=record.sha256,
        )
    content = path.read_bytes()
    if hashlib.sha256(content).hexdigest() != record.sha256:
        raise EvidenceBroken(
            f"The stored original of {record.file} was changed; restore it.", source=record.sha256
        )
    return content


def loaded_record(home: LakeHome, sha256: str) -> FileRecord:
    """The record of a file in force; EvidenceBroken when there is none."""
    ledger = Ledger(home)
    try:
        record = ledger.file(sha256)
    finally:
        ledger.close()
    if record is None or record.state != LOADED:
        raise EvidenceBroken(f"No loaded file has the sha256 {sha256[:12]}…; load it again.", source=sha256)
    return record


def _place(home: LakeHome, record: FileRecord, row: int) -> tuple[str, int]:
    ledger = Ledger(home)
    try:
        batches = [batch for batch in ledger.batches() if batch.sha256 == record.sha256]
    finally:
        ledger.close()
    for batch in batches:
        frame = read_batches(home, [batch], batch.template).filter(pl.col("row") == row)
        if frame.height:
            return str(frame["sheet"][0] or ""), int(frame["line"][0])
    raise EvidenceBroken(f"{record.file} has no loaded row {row}; see `ingest status`.", source=record.sha256)


def sheets_of(home: LakeHome, sha256: str) -> list[SheetRecord]:
    """How each sheet of a file was read."""
    ledger = Ledger(home)
    try:
        return ledger.sheets(sha256)
    finally:
        ledger.close()


def header_test(sheets: Sequence[SheetRecord]) -> HeaderTest:
    """Finds the headers by which the file was read, whatever templates and aliases say today."""
    headers = {sheet.header for sheet in sheets}
    names = {text for header in headers for text in header if text}
    if not headers:
        return header_score

    def test(texts: Sequence[str]) -> int:
        known = sum(1 for text in texts if text in names)
        return known + len(names) if tuple(texts) in headers else known

    return test


def sheet_read_by(sheets: Sequence[SheetRecord], grid: Grid, record: FileRecord) -> SheetRecord:
    """The sheet's record; ledgers older than such records are asked through today's built-in templates."""
    for sheet in sheets:
        if (sheet.sheet, sheet.header) == (grid.sheet, grid.header):
            return sheet
    return sheet_record(grid, recognise(grid.header, record.file))


def _said(sheet: SheetRecord, cells: list[str | None], full: bool) -> dict[str, str]:
    fields = {position: field for field, (position, _) in sheet.columns.items()}
    columns = template(sheet.template).columns
    said: dict[str, str] = {}
    for position, (title, cell) in enumerate(zip(sheet.header, cells, strict=True)):
        text = (cell or "").removeprefix(NUMBER_MARK).strip()
        if not text:
            continue
        field = fields.get(position)
        kind = columns[field].kind if field else ""
        said[title.strip() or f"column {position + 1}"] = shown_cell(text, field, kind, full)
    return said
