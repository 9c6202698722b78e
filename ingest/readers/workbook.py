"""Reads an XLSX workbook sheet by sheet into grids."""

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from io import BytesIO

import polars as pl

from ingest.limits import Limits
from ingest.readers.grid import Grid, HeaderTest, refuse
from ingest.readers.header import Merge
from ingest.readers.package import Package, SheetPart, open_package, parse_xml, uses_1904
from ingest.readers.sheet_grid import CELL_SCHEMA, SheetCells, check_bounds, sheet_grid
from ingest.readers.sheet_xml import (
    UnusualSheet,
    cell_value,
    cells_of,
    column_number,
    row_pieces,
    unescape,
)
from ingest.reasons import Reason

_HIDDEN_ROW = re.compile(r"<row\b[^>]*\bhidden=\"(?:1|true)\"")
_HIDDEN_COLUMN = re.compile(r"<col\b[^>]*\bhidden=\"(?:1|true)\"[^>]*>")
_SPAN = re.compile(r"\b(min|max)=\"([0-9]{1,5})\"")
_MERGE = re.compile(r"<mergeCell\b[^>]*\bref=\"([A-Z]{1,3})([0-9]{1,7}):([A-Z]{1,3})([0-9]{1,7})\"")


def read_workbook(data: bytes, name: str, test: HeaderTest, limits: Limits) -> Iterator[Grid]:
    """One grid a sheet that has cells, hidden ones included; `line` is the sheet's own row number.

    UnreadableSource when the package is incomplete, unsafe or out of bounds. A sheet without a known header
    comes back with an empty header.
    """
    package = open_package(data, name, limits)
    shared, from_1904 = shared_strings(package), uses_1904(package)
    for part in package.sheets:
        try:
            sheet = _fast_cells(package, part, shared, limits)
        except UnusualSheet:
            sheet = _slow_cells(package, part, shared, limits)
        sheet.flags |= package.flags
        sheet.from_1904, sheet.hidden = from_1904, part.hidden
        if sheet.cells.height:
            yield sheet_grid(sheet, test, limits)


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


def _fast_cells(package: Package, part: SheetPart, shared: pl.Series, limits: Limits) -> SheetCells:
    sheet = SheetCells(part.name, pl.DataFrame(schema=CELL_SCHEMA), 0)
    frames = []
    for xml in row_pieces(package, part.part):
        sheet.hidden_rows += len(_HIDDEN_ROW.findall(xml))
        sheet.hidden_columns += _hidden_columns(xml)
        sheet.merges += _merges(xml, limits)
        # Independent count: rows that hold a value element, seen by cutting at row starts.
        sheet.counted += sum(1 for row in xml.split("<row")[1:] if "<v" in row or "<t" in row or "<f" in row)
        frame = cells_of(xml, shared)
        check_bounds(frame, package.name, limits)
        frames.append(frame)
    sheet.cells = pl.concat(frames)
    return sheet


def _hidden_columns(xml: str) -> int:
    """How many columns `<col>` elements hide; a range to the sheet's end counts as one."""
    hidden = 0
    for element in _HIDDEN_COLUMN.findall(xml):
        span = {word: int(number) for word, number in _SPAN.findall(element)}
        last = span.get("max", 1)
        hidden += 1 if last >= 16_384 else max(last - span.get("min", last) + 1, 1)
    return hidden


def _merges(xml: str, limits: Limits) -> list[Merge]:
    """Merged cells whose first row may be part of a header."""
    if "<mergeCell" not in xml:
        return []
    found = []
    for left, top, right, bottom in _MERGE.findall(xml):
        if int(top) <= limits.header_rows:
            found.append((int(top), column_number(left), int(bottom), column_number(right)))
    return found


def _slow_cells(package: Package, part: SheetPart, shared: pl.Series, limits: Limits) -> SheetCells:
    """Element by element: for sheets without cell references, with comments or other rare forms."""
    sheet = SheetCells(part.name, pl.DataFrame(schema=CELL_SCHEMA), 0)
    rows: list[tuple[int, int, str]] = []
    line = 0
    try:
        for _, element in ET.iterparse(BytesIO(package.read(part.part))):  # noqa: S314  declarations were refused
            tag = element.tag.rpartition("}")[2]
            if tag in ("col", "mergeCell"):
                words = " ".join(f'{key}="{value}"' for key, value in element.attrib.items())
                sheet.hidden_columns += _hidden_columns(f"<{tag} {words}/>")
                sheet.merges += _merges(f"<{tag} {words}/>", limits)
            if tag != "row":
                continue
            sheet.hidden_rows += element.get("hidden") in ("1", "true")
            line = int(element.get("r", line + 1))
            column, before = -1, len(rows)
            for cell in element:
                letters = "".join(c for c in cell.get("r", "") if c.isalpha())
                column = column_number(letters) if letters else column + 1
                value = cell_value(cell, shared)
                if value:
                    rows.append((line, column, value))
            sheet.counted += 1 if len(rows) > before else 0
            element.clear()
    except (ET.ParseError, UnusualSheet, ValueError, KeyError) as error:
        raise refuse(Reason.XML_UNSAFE, package.name) from error
    sheet.cells = pl.DataFrame(rows, schema=CELL_SCHEMA, orient="row")
    check_bounds(sheet.cells, package.name, limits)
    return sheet
