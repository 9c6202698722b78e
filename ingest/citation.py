"""Finds the original text of a cited row: what the source file says there, cell by cell."""

import hashlib
from collections.abc import Mapping

import polars as pl

from graph.errors import EvidenceBroken
from graph.lake.home import LakeHome
from graph.schema.kinds import Mask
from graph.schema.masks import mask_value
from ingest.batch import read_batches
from ingest.ledger import LOADED, FileRecord, Ledger
from ingest.limits import Limits
from ingest.readers.grid import NUMBER_MARK
from ingest.readers.source import read_source
from ingest.recognise import header_score, recognise

# How a column's text is shown to a reader without the right to see it whole, by the template's kind.
_MASKS: Mapping[str, Mask] = {
    "account": Mask.CARD,
    "peer": Mask.CARD,
    "subject": Mask.CARD,
    "id": Mask.ID_NUMBER,
    "phone": Mask.PHONE,
    "name": Mask.NAME,
    "address": Mask.ADDRESS,
    "imei": Mask.HANDLE,
    "mac": Mask.HANDLE,
    "device": Mask.HANDLE,
    "login": Mask.HANDLE,
    "digits": Mask.HANDLE,
    "node": Mask.HANDLE,
    "numbers": Mask.HANDLE,
}
_OPEN_KINDS = frozenset(
    {"money", "time", "day", "direction", "success", "flag", "count", "real", "seconds", "weight"}
)
_OPEN_FIELDS = frozenset({"currency", "kind", "peer_bank", "own_bank", "bank", "branch_name", "platform"})


def original_row(home: LakeHome, sha256: str, row: int, *, full: bool = False) -> dict[str, str]:
    """Header text -> cell text of one data row as received, in file order, empty cells left out.

    full: personal values whole; else masked by the column's kind, and free text and columns that no field
    claims are shown by their first character. EvidenceBroken when file, row or the file's bytes are not what
    was loaded; vault files (tips) are never opened here.
    """
    record = _record(home, sha256)
    sheet, line = _place(home, record, row)
    path = home.originals / sha256
    if not path.is_file():
        raise EvidenceBroken(
            f"The original of {record.file} is not kept in the open store; ask for a reveal from the vault.",
            source=sha256,
        )
    content = path.read_bytes()
    if hashlib.sha256(content).hexdigest() != sha256:
        raise EvidenceBroken(f"The stored original of {record.file} was changed; restore it.", source=sha256)
    for grid in read_source(content, record.file, header_score, Limits()):
        found = grid.cells.filter(pl.col("line") == line) if grid.sheet == sheet else grid.cells.clear()
        if found.height:
            cells = {c: found[c][0] for c in found.columns if c != "line"}
            return _said(grid.header, [cells.get(f"c{i}") for i in range(len(grid.header))], record, full)
    raise EvidenceBroken(f"{record.file} has no data row {row}; load the file again.", source=sha256, row=row)


def _record(home: LakeHome, sha256: str) -> FileRecord:
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


def _said(header: tuple[str, ...], cells: list[str | None], record: FileRecord, full: bool) -> dict[str, str]:
    recognised = recognise(header, record.file)
    fields = {position: field for field, position in recognised.positions.items()}
    said: dict[str, str] = {}
    for position, (title, cell) in enumerate(zip(header, cells, strict=True)):
        text = (cell or "").removeprefix(NUMBER_MARK).strip()
        if not text:
            continue
        field = fields.get(position)
        kind = recognised.template.columns[field].kind if field else ""
        open_to_all = kind in _OPEN_KINDS or field in _OPEN_FIELDS
        shown = text if full or open_to_all else mask_value(text, _MASKS.get(kind, Mask.NAME))
        said[title.strip() or f"column {position + 1}"] = shown or ""
    return said
