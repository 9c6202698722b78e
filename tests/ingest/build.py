"""Builders of small source files for the tests of ingest; every number is from an unassigned range."""

import zipfile
from collections.abc import Sequence
from pathlib import Path
from xml.sax.saxutils import escape

import polars as pl

from graph.lake.home import LakeHome, lake_home
from ingest.ledger import FileRecord
from ingest.load import LoadOptions, LoadResult, load_files
from ingest.settle import settle
from tests.ingest.parser import shared_parser

SHEET = (
    "交易卡号",
    "交易账号",
    "交易时间",
    "交易金额",
    "交易余额",
    "收付标志",
    "交易对手账卡号",
    "交易流水号",
    "摘要说明",
    "交易是否成功",
)
A, B, C = "88010001000000001", "88020001000000002", "88030001000000003"
CARD_A, CARD_B = "9990010100078924635", "9990010150334051970"


def sheet_row(
    own: str = A,
    peer: str = B,
    amount: str = "100.00",
    direction: str = "出",
    at: str = "2024-03-04 10:00:00",
    balance: str = "",
    serial: str = "",
    memo: str = "转账",
    card: str = "",
    success: str = "成功",
) -> tuple[str, ...]:
    """One row of a bank sheet in the order of SHEET."""
    return (card, own, at, amount, balance, direction, peer, serial, memo, success)


def write_text(
    path: Path,
    header: Sequence[str],
    rows: Sequence[Sequence[str]],
    delimiter: str = ",",
    encoding: str = "utf-8",
) -> Path:
    """A delimited file without any quoting: cells must not hold the delimiter."""
    lines = [delimiter.join(cells) for cells in (header, *rows)]
    path.write_bytes(("\n".join(lines) + "\n").encode(encoding))
    return path


def write_sheet(path: Path, rows: Sequence[Sequence[str]], encoding: str = "utf-8") -> Path:
    """A bank sheet as CSV."""
    return write_text(path, SHEET, rows, encoding=encoding)


def cell(reference: str, value: str | None, kind: str = "inline") -> str:
    """One cell element: kind inline (text), n (raw number text), e (error), f (formula without a result)."""
    if value is None:
        return ""
    if kind == "inline":
        return f'<c r="{reference}" t="inlineStr"><is><t>{escape(value)}</t></is></c>'
    if kind == "f":
        return f'<c r="{reference}"><f>{escape(value)}</f></c>'
    typed = "" if kind == "n" else f' t="{kind}"'
    return f'<c r="{reference}"{typed}><v>{escape(value)}</v></c>'


def sheet_xml(rows: Sequence[Sequence[tuple[str, str] | str]]) -> str:
    """A worksheet; a cell is a text, or (value, kind) as of `cell`."""
    body = []
    for number, cells in enumerate(rows, start=1):
        parts = []
        for index, value in enumerate(cells):
            reference = f"{chr(65 + index)}{number}"
            parts.append(cell(reference, value) if isinstance(value, str) else cell(reference, *value))
        body.append(f'<row r="{number}">{"".join(parts)}</row>')
    name = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    return (
        f'<?xml version="1.0"?><worksheet xmlns="{name}"><sheetData>{"".join(body)}</sheetData></worksheet>'
    )


def write_package(
    path: Path, sheets: dict[str, str], extra: dict[str, bytes] | None = None, workbook_pr: str = ""
) -> Path:
    """An XLSX package out of worksheet XML by sheet name; extra: further entries."""
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    rel = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    listed = "".join(f'<sheet name="{n}" sheetId="{i}" r:id="rId{i}"/>' for i, n in enumerate(sheets, 1))
    relations = "".join(
        f'<Relationship Id="rId{i}" Target="worksheets/sheet{i}.xml"/>' for i, _ in enumerate(sheets, 1)
    )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(
            "xl/workbook.xml",
            f'<workbook xmlns="{main}" xmlns:r="{rel}">{workbook_pr}<sheets>{listed}</sheets></workbook>',
        )
        archive.writestr("xl/_rels/workbook.xml.rels", f"<Relationships>{relations}</Relationships>")
        for index, xml in enumerate(sheets.values(), 1):
            archive.writestr(f"xl/worksheets/sheet{index}.xml", xml)
        for name, data in (extra or {}).items():
            archive.writestr(name, data)
    return path


def load(root: Path, *files: Path, template: str | None = None) -> LoadResult:
    """Load files into the home at `root` and settle."""
    home = lake_home(root)
    result = load_files(home, files, LoadOptions(template), parser=shared_parser())
    settle(home)
    return result


def only(result: LoadResult) -> FileRecord:
    """The record of a load of one file; its row account must add up."""
    (record,) = result.records
    assert record.rows_in == record.loaded + record.duplicates + record.rejected
    return record


def table(root: Path, name: str) -> pl.DataFrame:
    """A canonical table of the home at `root`."""
    from graph.lake.tables import open_tables

    return open_tables(LakeHome(root)).frame(name)


def digest(root: Path) -> str:
    """The graph digest of the home at `root`."""
    from graph.lake.tables import open_tables

    return open_tables(LakeHome(root)).digest.digest
