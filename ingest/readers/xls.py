"""Reads the old binary XLS workbook; its cells hold floats, so long numbers are marked as damaged."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from io import BytesIO

import polars as pl

from ingest.limits import Limits
from ingest.readers.grid import NUMBER_MARK, Grid, HeaderTest, refuse
from ingest.readers.sheet_grid import CELL_SCHEMA, SheetCells, sheet_grid
from ingest.reasons import Reason

_Value = str | float | bool | date | datetime | time | timedelta


def read_xls(data: bytes, name: str, test: HeaderTest, limits: Limits) -> Iterator[Grid]:
    """One grid a sheet that has cells; `line` is the sheet's own row number."""
    import python_calamine  # here, because only this rare format needs it

    try:
        book = python_calamine.CalamineWorkbook.from_filelike(BytesIO(data))
        sheets = [(n, book.get_sheet_by_name(n)) for n in book.sheet_names]
    except Exception as error:  # the library has no error family of its own for damaged files
        raise refuse(Reason.ARCHIVE_UNSAFE, name, "the XLS file is damaged") from error
    if len(sheets) > limits.sheets:
        raise refuse(Reason.SHEET_BOUNDS, name, f"{len(sheets)} sheets")
    hidden = {meta.name for meta in book.sheets_metadata if str(meta.visible) != "SheetVisibleEnum.Visible"}
    for title, sheet in sheets:
        if sheet.width > limits.columns or sheet.height > limits.rows:
            raise refuse(Reason.SHEET_BOUNDS, name, f"row {sheet.height}, column {sheet.width}")
        found = SheetCells(title, *_cells(sheet.to_python(skip_empty_area=False)), hidden=title in hidden)
        for top, bottom in sheet.merged_cell_ranges or ():
            found.merges.append((top[0] + 1, top[1], bottom[0] + 1, bottom[1]))
        if found.cells.height:
            yield sheet_grid(found, test, limits)


def _cells(rows: list[list[_Value]]) -> tuple[pl.DataFrame, int]:
    """The filled cells, and how many rows have one."""
    cells = [
        (line, column, text)
        for line, row in enumerate(rows, start=1)
        for column, value in enumerate(row)
        if (text := _text(value))
    ]
    filled = sum(1 for row in rows if any(value not in ("", None) for value in row))
    return pl.DataFrame(cells, schema=CELL_SCHEMA, orient="row"), filled


def _text(value: _Value) -> str:
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float):
        # Whole numbers are exact below 2^53; beyond, repr shows it, and cleaners refuse the value.
        whole = float(value).is_integer() and abs(value) < 2**53
        return NUMBER_MARK + (str(int(value)) if whole else repr(float(value)))
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M:%S")
    return str(value) if value is not None else ""
