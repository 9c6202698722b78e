"""Reads an XLSX workbook sheet by sheet into grids."""

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO

import polars as pl

from ingest.limits import Limits
from ingest.readers.grid import Grid, HeaderTest, best_header, no_faults, refuse
from ingest.readers.package import Package, open_package, parse_xml, uses_1904
from ingest.readers.records import fault_rows
from ingest.readers.sheet_xml import (
    CELL_SCHEMA,
    UnusualSheet,
    cell_value,
    cells_of,
    column_number,
    row_pieces,
    unescape,
)
from ingest.reasons import Reason

_HIDDEN = re.compile(r"<(?:row|col)\b[^>]*\bhidden=\"(?:1|true)\"")
_CONTROL = r"[\x00-\x08\x0b\x0c\x0e-\x1f]"


def read_workbook(data: bytes, name: str, test: HeaderTest, limits: Limits) -> Iterator[Grid]:
    """One grid a sheet that has cells, hidden ones included; `line` is the sheet's own row number.

    UnreadableSource when the package is incomplete, unsafe or out of bounds. A sheet without a known header
    comes back with an empty header.
    """
    package = open_package(data, name, limits)
    shared, from_1904 = shared_strings(package), uses_1904(package)
    for sheet in package.sheets:
        flags: set[Reason] = set(package.flags)
        try:
            cells, counted = _fast_cells(package, sheet.part, shared, limits, flags)
        except UnusualSheet:
            cells, counted = _slow_cells(package, sheet.part, shared, limits)
        if cells.height:
            grid = _grid(sheet.name, cells, counted, test, limits, frozenset(flags))
            yield replace(grid, from_1904=from_1904)


def shared_strings(package: Package) -> pl.Series:
    """The workbook's shared strings in order; rich text is joined, phonetic guides are left out."""
    part = "xl/sharedStrings.xml"
    if part not in package.archive.namelist():
        return pl.Series("text", [], dtype=pl.String)
    data = package.read(part)
    root_end = data.find(b">", data.find(b"<sst")) + 1
    body = data[root_end:]
    items = body.count(b"<si>")
    plain = (
        items
        == body.count(b"<si><t>") + body.count(b'<si><t xml:space="preserve">')
        == body.count(b"</t></si>")
    )
    if plain and root_end and b"<!" not in body and body.count(b"<t") == items:
        inner = (
            pl.Series("text", [body], dtype=pl.Binary)
            .cast(pl.String, strict=False)
            .str.split("<si><t")
            .explode()
        )
        texts = (
            inner.slice(1)
            .str.splitn(">", 2)
            .struct.field("field_1")
            .str.splitn("</t>", 2)
            .struct.field("field_0")
        )
        if texts.str.contains("&", literal=True).any() or texts.str.contains("_x", literal=True).any():
            texts = pl.Series("text", [unescape(t) for t in texts.to_list()], dtype=pl.String)
        if not texts.has_nulls() and len(texts) == items:
            return texts.rename("text")
    return pl.Series("text", [_rich(item) for item in parse_xml(data, package.name)], dtype=pl.String)


def _rich(item: ET.Element) -> str:
    texts = []
    for child in item:
        tag = child.tag.rpartition("}")[2]
        if tag == "t":
            texts.append(child.text or "")
        elif tag == "r":
            texts.extend(t.text or "" for t in child if t.tag.rpartition("}")[2] == "t")
    return "".join(texts)


def _fast_cells(
    package: Package, part: str, shared: pl.Series, limits: Limits, flags: set[Reason]
) -> tuple[pl.DataFrame, int]:
    frames, filled = [], 0
    for xml in row_pieces(package, part):
        if _HIDDEN.search(xml):
            flags.add(Reason.HIDDEN_PART)
        # Independent count: rows that hold a value element, seen by cutting at row starts.
        filled += sum(1 for row in xml.split("<row")[1:] if "<v" in row or "<t" in row or "<f" in row)
        frame = cells_of(xml, shared)
        _check_bounds(frame, package.name, limits)
        frames.append(frame)
    return pl.concat(frames), filled


def _slow_cells(package: Package, part: str, shared: pl.Series, limits: Limits) -> tuple[pl.DataFrame, int]:
    """Element by element: for sheets without cell references, with comments or other rare forms."""
    rows: list[tuple[int, int, str]] = []
    filled = line = 0
    try:
        for _, element in ET.iterparse(BytesIO(package.read(part))):  # noqa: S314  declarations were refused
            if element.tag.rpartition("}")[2] != "row":
                continue
            line = int(element.get("r", line + 1))
            column, before = -1, len(rows)
            for cell in element:
                letters = "".join(c for c in cell.get("r", "") if c.isalpha())
                column = column_number(letters) if letters else column + 1
                value = cell_value(cell, shared)
                if value:
                    rows.append((line, column, value))
            filled += 1 if len(rows) > before else 0
            element.clear()
    except (ET.ParseError, UnusualSheet, ValueError, KeyError) as error:
        raise refuse(Reason.XML_UNSAFE, package.name) from error
    frame = pl.DataFrame(rows, schema=CELL_SCHEMA, orient="row")
    _check_bounds(frame, package.name, limits)
    return frame, filled


def _check_bounds(cells: pl.DataFrame, name: str, limits: Limits) -> None:
    if cells.is_empty():
        return
    last_column, last_line = cells.select(pl.max("column"), pl.max("line")).row(0)
    if last_column >= limits.columns or last_line > limits.rows:
        raise refuse(Reason.SHEET_BOUNDS, name, f"row {last_line}, column {last_column + 1}")


def _grid(
    sheet: str,
    cells: pl.DataFrame,
    counted: int,
    test: HeaderTest,
    limits: Limits,
    flags: frozenset[Reason],
) -> Grid:
    top = cells.filter(pl.col("line") <= limits.header_rows).sort("line", "column")
    rows: dict[int, dict[int, str]] = {}
    for line, column, value in top.iter_rows():
        rows.setdefault(line, {})[column] = value
    lines = sorted(rows)
    listed = [[rows[line].get(i, "") for i in range(max(rows[line]) + 1)] for line in lines]
    index = best_header(listed, test)
    if index is None:
        return Grid(
            sheet, (), 0, pl.DataFrame(schema={"line": pl.Int64()}), no_faults(), counted, True, flags
        )
    header, header_line = tuple(listed[index]), lines[index]
    body = cells.filter(pl.col("line") > header_line)
    faults = _faults(body, len(header), limits)
    kept = body.join(faults.select("line"), on="line", how="anti") if faults.height else body
    wide = spread(kept, len(header))
    return Grid(sheet, header, header_line, wide, faults, counted - index - 1, True, flags)


def _faults(body: pl.DataFrame, width: int, limits: Limits) -> pl.DataFrame:
    found = body.select(
        "line",
        text="value",
        code=pl.when(pl.col("value").str.strip_prefix("\x01").str.strip_prefix("\x02").str.contains(_CONTROL))
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
