"""Makes a grid out of a sheet's cells, whichever format of workbook they came from."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import polars as pl

from ingest.limits import Limits
from ingest.readers.grid import Grid, HeaderTest, no_faults, refuse
from ingest.readers.header import Merge, find_header
from ingest.readers.records import fault_rows
from ingest.reasons import Reason

CELL_SCHEMA: dict[str, pl.DataType] = {"line": pl.Int64(), "column": pl.Int64(), "value": pl.String()}
_CONTROL = r"[\x00-\x08\x0b\x0c\x0e-\x1f]"


@dataclass(slots=True)
class SheetCells:
    """The filled cells of a sheet (CELL_SCHEMA, columns from 0) and what else its reader saw.

    counted: filled rows by an independent count. merges: merged cells near the top, with physical lines.
    hidden_rows, hidden_columns: how many are hidden.
    """

    name: str
    cells: pl.DataFrame
    counted: int
    merges: list[Merge] = field(default_factory=list)
    hidden_rows: int = 0
    hidden_columns: int = 0
    hidden: bool = False
    flags: set[Reason] = field(default_factory=set)
    from_1904: bool = False


def check_bounds(cells: pl.DataFrame, name: str, limits: Limits) -> None:
    """SHEET_BOUNDS when a cell stands beyond the rows or columns that are read."""
    if cells.is_empty():
        return
    last_column, last_line = cells.select(pl.max("column"), pl.max("line")).row(0)
    if last_column >= limits.columns or last_line > limits.rows:
        raise refuse(Reason.SHEET_BOUNDS, name, f"row {last_line}, column {last_column + 1}")


def sheet_grid(sheet: SheetCells, test: HeaderTest, limits: Limits) -> Grid:
    """The sheet as one grid; without a known header as one with an empty header, its rows only counted."""
    hidden = {"sheet": int(sheet.hidden), "rows": sheet.hidden_rows, "columns": sheet.hidden_columns}
    hidden = {what: count for what, count in hidden.items() if count}
    flags = frozenset(sheet.flags | ({Reason.HIDDEN_PART} if hidden else set()))
    lines, rows = _top(sheet.cells, limits)
    place = {line: index for index, line in enumerate(lines)}
    merges = [
        (place[top], left, max(place.get(line, 0) for line in range(top, min(bottom, lines[-1]) + 1)), right)
        for top, left, bottom, right in sheet.merges
        if top in place
    ]
    found = find_header(rows, test, merges)
    if found is None:
        empty = pl.DataFrame(schema={"line": pl.Int64()})
        return Grid(sheet.name, (), 0, empty, no_faults(), sheet.counted, True, flags, hidden=hidden)
    header, header_line = found.texts, lines[found.last]
    body = sheet.cells.filter(pl.col("line") > header_line)
    faults = _faults(body, len(header), limits)
    kept = body.join(faults.select("line"), on="line", how="anti") if faults.height else body
    return Grid(
        sheet.name,
        header,
        header_line,
        spread(kept, len(header)),
        faults,
        sheet.counted - found.last - 1,
        True,
        flags,
        from_1904=sheet.from_1904,
        header_rows=found.rows,
        hidden=hidden,
    )


def spread(cells: pl.DataFrame, width: int) -> pl.DataFrame:
    """Cells as rows: `line`, then c0..c(width-1), null where the sheet has no cell."""
    lines = cells.select(pl.col("line").unique().sort())
    place = cells.with_columns(at=cells["line"].rank("dense") - 1)
    columns = {}
    for index in range(width):
        one = place.filter(pl.col("column") == index)
        column = pl.repeat(None, lines.height, dtype=pl.String, eager=True)
        columns[f"c{index}"] = column.scatter(one["at"], one["value"]) if one.height else column
    return lines.with_columns(pl.Series(name, values) for name, values in columns.items())


def _top(cells: pl.DataFrame, limits: Limits) -> tuple[list[int], list[Sequence[str]]]:
    """The filled rows near the top, by physical line, each up to its last cell."""
    rows: dict[int, dict[int, str]] = {}
    top = cells.filter(pl.col("line") <= limits.header_rows).sort("line", "column")
    for line, column, value in top.iter_rows():
        rows.setdefault(line, {})[column] = value
    lines = sorted(rows)
    return lines, [[rows[line].get(i, "") for i in range(max(rows[line]) + 1)] for line in lines]


def _faults(body: pl.DataFrame, width: int, limits: Limits) -> pl.DataFrame:
    bare = pl.col("value").str.strip_prefix("\x01").str.strip_prefix("\x02")
    found = body.select(
        "line",
        text="value",
        code=pl.when(bare.str.contains(_CONTROL))
        .then(pl.lit(Reason.BAD_CHARACTER.value))
        .when(pl.col("value").str.len_chars() > limits.cell_characters)
        .then(pl.lit(Reason.TEXT_TOO_LONG.value))
        .when(pl.col("column") >= width)
        .then(pl.lit(Reason.FIELD_COUNT.value)),
    ).drop_nulls("code")
    first = found.unique("line", keep="first", maintain_order=True)
    parts = [
        fault_rows(first.filter(pl.col("code") == code), Reason(code), "utf-8")
        for code in first["code"].unique()
    ]
    return pl.concat([no_faults(), *parts]).sort("line")
