"""Reads XML Spreadsheet 2003, which older systems save under the name .xls; cells stay raw text."""

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from io import BytesIO

import polars as pl

from ingest.limits import Limits
from ingest.readers.grid import ERROR_MARK, NUMBER_MARK, Grid, HeaderTest, refuse
from ingest.readers.sheet_grid import CELL_SCHEMA, SheetCells, sheet_grid
from ingest.reasons import Reason

_NAMESPACE = "urn:schemas-microsoft-com:office:spreadsheet"
_SS = f"{{{_NAMESPACE}}}"
_BOOK, _SHEET, _ROW, _CELL = (f"{_SS}{tag}" for tag in ("Workbook", "Worksheet", "Row", "Cell"))
_HEAD = 4096
_DATE = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})T([0-9]{2}:[0-9]{2}:[0-9]{2})(?:\.0+)?")
_FORBIDDEN = re.compile(rb"<!\s*(?:DOCTYPE|ENTITY)", re.IGNORECASE)
# Counts rows by their text, apart from the parser (G1).
_ROWS = re.compile(rb"<(?:\w+:)?Row\b[^>]*?(?:/>|>(.*?)</(?:\w+:)?Row\s*>)", re.DOTALL)
_FILLED = re.compile(rb"<(?:\w+:)?Data\b[^>]*>(?!\s*</)")
_SHEETS = re.compile(rb"<(?:\w+:)?Worksheet\b.*?</(?:\w+:)?Worksheet\s*>", re.DOTALL)


def looks_like_xml_book(head: str) -> bool:
    """Whether a text begins like an XML Spreadsheet 2003."""
    return head.lstrip().startswith("<?xml") and _NAMESPACE in head and "Workbook" in head


def read_xml_book(data: bytes, name: str, test: HeaderTest, limits: Limits) -> Iterator[Grid]:
    """One grid a sheet that has cells; `line` is the sheet's own row number.

    XML_UNSAFE for a declaration of type or entity, for another encoding than UTF-8, and for broken XML;
    SHEET_BOUNDS beyond the limits. Numbers stay the text that the file holds; formulas give their value.
    """
    if not _is_utf8(data):
        raise refuse(Reason.XML_UNSAFE, name, "it is not written in UTF-8")
    if _FORBIDDEN.search(data):
        raise refuse(Reason.XML_UNSAFE, name)
    sheets, counts = _sheets(data, name, limits), _counts(data)
    if len(sheets) != len(counts):
        raise refuse(Reason.COUNT_DIFFERS, name, f"{len(counts)} and {len(sheets)} sheets")
    for sheet, counted in zip(sheets, counts, strict=True):
        sheet.counted = counted
        if sheet.cells.height:
            yield sheet_grid(sheet, test, limits)


def _sheets(data: bytes, name: str, limits: Limits) -> list[SheetCells]:
    found: list[SheetCells] = []
    try:
        for _, element in ET.iterparse(BytesIO(data), events=("end",)):  # noqa: S314  no declarations
            if element.tag == _SHEET:
                if len(found) == limits.sheets:
                    raise refuse(Reason.SHEET_BOUNDS, name, f"more than {limits.sheets} sheets")
                found.append(_sheet(element, name, limits))
                element.clear()
    except ET.ParseError as error:
        raise refuse(Reason.XML_UNSAFE, name) from error
    return found


def _sheet(element: ET.Element, name: str, limits: Limits) -> SheetCells:
    sheet = SheetCells(element.get(f"{_SS}Name", ""), pl.DataFrame(schema=CELL_SCHEMA), 0)
    sheet.hidden = any(one.text != "SheetVisible" for one in element.iter() if one.tag.endswith("}Visible"))
    cells: list[tuple[int, int, str]] = []
    line = 0
    for row in element.iter(_ROW):
        line = _place(row, line, name)
        sheet.hidden_rows += row.get(f"{_SS}Hidden") == "1"
        column = 0
        for cell in row.iter(_CELL):
            column = _place(cell, column, name)
            if line > limits.rows or column > limits.columns:
                raise refuse(Reason.SHEET_BOUNDS, name, f"row {line}, column {column}")
            across, down = (_count(cell, word, name) for word in ("MergeAcross", "MergeDown"))
            if across or down:
                sheet.merges.append((line, column - 1, line + down, column - 1 + across))
            if text := _value(cell):
                cells.append((line, column - 1, text))
            column += across
        line += _count(row, "Span", name)
    columns = (one for one in element.iter(f"{_SS}Column") if one.get(f"{_SS}Hidden") == "1")
    sheet.hidden_columns = sum(1 + _count(one, "Span", name) for one in columns)
    sheet.cells = pl.DataFrame(cells, schema=CELL_SCHEMA, orient="row")
    return sheet


def _place(element: ET.Element, before: int, name: str) -> int:
    """A row's or cell's number from 1; one that goes back would put values over others."""
    given = _count(element, "Index", name)
    if given and given <= before:
        raise refuse(Reason.XML_UNSAFE, name, "rows or cells go back")
    return given or before + 1


def _count(element: ET.Element, word: str, name: str) -> int:
    text = element.get(f"{_SS}{word}", "0")
    if not re.fullmatch(r"[0-9]{1,7}", text):
        raise refuse(Reason.XML_UNSAFE, name, f"{word} is no number")
    return int(text)


def _value(cell: ET.Element) -> str:
    """A cell's text: numbers and errors marked, times as written in plain text, empty when it has none."""
    data = next((child for child in cell if child.tag.endswith("}Data")), None)
    text = "" if data is None else "".join(data.itertext())
    if data is None or not text.strip(" \t\r\n"):
        return ERROR_MARK if cell.get(f"{_SS}Formula") else ""
    kind = data.get(f"{_SS}Type")
    if kind == "DateTime":
        return _DATE.sub(r"\1 \2", text)
    if kind == "Boolean":
        return "TRUE" if text == "1" else "FALSE"
    return {"Number": NUMBER_MARK, "Error": ERROR_MARK}.get(str(kind), "") + text


def _counts(data: bytes) -> list[int]:
    """Filled rows of each sheet."""
    return [
        sum(1 for row in _ROWS.finditer(sheet.group()) if row.group(1) and _FILLED.search(row.group(1)))
        for sheet in _SHEETS.finditer(data)
    ]


def _is_utf8(data: bytes) -> bool:
    """Whether the bytes say so: in another encoding a declaration could not be looked for."""
    head = re.match(rb"(?:\xef\xbb\xbf)?\s*<\?xml([^>]*)\?>", data[:_HEAD].lower())
    said = None if head is None else re.search(rb"""encoding\s*=\s*["']([\w.-]+)""", head.group(1))
    return head is not None and (said is None or said.group(1) in (b"utf-8", b"utf8", b"us-ascii"))
