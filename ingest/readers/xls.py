"""Reads the old binary XLS workbook; its cells hold floats, so long numbers are marked as damaged."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from io import BytesIO

import polars as pl

from ingest.limits import Limits
from ingest.readers.grid import NUMBER_MARK, Grid, HeaderTest, best_header, no_faults, refuse
from ingest.reasons import Reason


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
    for title, sheet in sheets:
        if sheet.width > limits.columns or sheet.height > limits.rows:
            raise refuse(Reason.SHEET_BOUNDS, name, f"row {sheet.height}, column {sheet.width}")
        rows = [[_text(value) for value in row] for row in sheet.to_python(skip_empty_area=False)]
        if any(any(row) for row in rows):
            yield _grid(title, rows, test, limits)


def _grid(title: str, rows: list[list[str]], test: HeaderTest, limits: Limits) -> Grid:
    filled = [any(row) for row in rows]
    index = best_header(rows[: limits.header_rows], test)
    if index is None:
        return Grid(title, (), 0, pl.DataFrame(schema={"line": pl.Int64()}), no_faults(), sum(filled))
    header = rows[index]
    while header and not header[-1]:
        header = header[:-1]
    body = [(i + 1, row) for i, row in enumerate(rows) if i > index and filled[i]]
    columns = {f"c{c}": [row[c] or None for _, row in body] for c in range(len(header))}
    schema: dict[str, pl.DataType] = {"line": pl.Int64(), **dict.fromkeys(columns, pl.String())}
    cells = pl.DataFrame({"line": [line for line, _ in body], **columns}, schema=schema)
    return Grid(title, tuple(header), index + 1, cells, no_faults(), sum(filled[index + 1 :]))


def _text(value: str | float | bool | date | datetime | time | timedelta) -> str:
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float):
        # Whole numbers are exact below 2^53; beyond, repr shows it, and cleaners refuse the value.
        whole = float(value).is_integer() and abs(value) < 2**53
        return NUMBER_MARK + (str(int(value)) if whole else repr(float(value)))
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M:%S")
    return str(value) if value is not None else ""
