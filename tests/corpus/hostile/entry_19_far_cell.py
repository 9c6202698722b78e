"""Entry 19: a small workbook with one cell in the last row and column that a sheet can have."""

from pathlib import Path

from tests.corpus.hostile.case import Case
from tests.ingest.build import SHEET, sheet_row, sheet_xml, write_package


def far(folder: Path) -> Path:
    cell = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    path = write_package(
        folder / "far.xlsx", {"s": sheet_xml([SHEET, sheet_row()]).replace("</sheetData>", cell)}
    )
    assert path.stat().st_size < 5_000
    return path


CASES = (Case("a far cell is out of bounds", far, code="SHEET_BOUNDS"),)
