"""Entry 37: a file over the maximum is never read; too many columns or sheets."""

from dataclasses import replace
from pathlib import Path

from ingest.limits import DEFAULT_LIMITS
from tests.corpus.hostile.case import Case
from tests.corpus.hostile.sheets import sheet
from tests.ingest.build import SHEET, sheet_row, sheet_xml, write_package


def wide(folder: Path) -> Path:
    cells = "".join(f'<c r="{name}1"><v>1</v></c>' for name in ("XFC", "XFD"))
    xml = sheet_xml([SHEET, sheet_row()]).replace("</row>", f"{cells}</row>", 1)
    return write_package(folder / "wide.xlsx", {"s": xml})


def many(folder: Path, sheets: int = 300) -> Path:
    return write_package(folder / "many.xlsx", {f"s{i}": sheet_xml([["a"]]) for i in range(1, sheets + 1)})


def thousands(folder: Path) -> Path:
    return many(folder, 5_000)


CASES = (
    Case(
        "a file over the maximum is not read",
        sheet("large.csv", sheet_row()),
        code="TOO_LARGE",
        limits=replace(DEFAULT_LIMITS, file_bytes=100),
    ),
    Case("16,384 columns", wide, code="SHEET_BOUNDS"),
    Case("more sheets than anybody fills", many, code="SHEET_BOUNDS"),
    Case("5,000 sheets are more parts than a workbook may have", thousands, code="ARCHIVE_UNSAFE"),
)
