"""What a loaded file remembers of the layout that read it, so that each value leads back to its column."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from ingest.readers.grid import Grid
from ingest.recognise import Recognised


@dataclass(frozen=True, slots=True)
class SheetRecord:
    """One sheet: the template's content hash, the header as read, and which column fed which field.

    columns: field -> (column index from 0, header text). hidden: what of the sheet was hidden, by kind
    (`sheet`, `rows`, `columns`) and count.
    body: the template as canonical JSON, only where the ledger is to keep it and does not know it yet.
    """

    sheet: str
    template: str
    layout: str
    content: str
    header_line: int
    header: tuple[str, ...]
    columns: Mapping[str, tuple[int, str]]
    unmapped: tuple[str, ...]
    hidden: Mapping[str, int]
    body: str = ""


def sheet_record(grid: Grid, known: Recognised) -> SheetRecord:
    """The record of a sheet's first piece; header texts of vault templates are names only, never values."""
    columns = {field: (at, grid.header[at]) for field, at in known.positions.items()}
    return SheetRecord(
        grid.sheet,
        known.template.name,
        known.template.layout,
        known.template.content,
        grid.header_line,
        grid.header,
        columns,
        known.unmapped,
        dict(grid.hidden),
    )


def sheet_said(record: SheetRecord) -> str:
    """What the ledger keeps of a sheet beside its names, as JSON."""
    return json.dumps(
        {
            "header_line": record.header_line,
            "header": record.header,
            "columns": record.columns,
            "unmapped": record.unmapped,
            "hidden": record.hidden,
        },
        ensure_ascii=False,
        sort_keys=True,
    )


def sheet_from(sheet: str, template: str, layout: str, content: str, said: str) -> SheetRecord:
    """The record out of what the ledger keeps."""
    kept = json.loads(said)
    columns = {field: (int(at), str(text)) for field, (at, text) in kept["columns"].items()}
    return SheetRecord(
        sheet,
        template,
        layout,
        content,
        int(kept["header_line"]),
        tuple(kept["header"]),
        columns,
        tuple(kept["unmapped"]),
        kept["hidden"],
    )
