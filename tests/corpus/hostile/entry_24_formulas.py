"""Entry 24: formulas with and without a result, error cells, and day numbers counted from 1904."""

from datetime import UTC, datetime
from pathlib import Path

from tests.corpus.hostile.case import Case
from tests.corpus.hostile.sheets import Cell, book
from tests.ingest.build import SHEET, sheet_row, sheet_xml, write_package


def amounts(folder: Path) -> Path:
    row = sheet_row()
    rows: list[list[Cell]] = [
        [*row[:3], ("#REF!", "e"), *row[4:]],
        [*row[:3], ("A1+1", "f"), *row[4:]],
        [*row[:3], ("12.5", "n"), *row[4:]],
    ]
    xml = sheet_xml([SHEET, *rows]).replace("<v>12.5</v>", "<f>A1*2</f><v>12.5</v>")
    return write_package(folder / "formulas.xlsx", {"s": xml})


def day(folder: Path, pr: str = "") -> Path:
    row = sheet_row()
    return book(folder / f"day{len(pr)}.xlsx", [[*row[:2], ("44356.5", "n"), *row[3:]]], workbook_pr=pr)


CASES = (
    Case(
        "a result counts, an error or no result does not",
        amounts,
        loaded=1,
        rejects={"CELL_ERROR": 2},
        values={"amount": [1250]},
    ),
    Case("a day number", day, loaded=1, values={"time": [datetime(2021, 6, 9, 4, tzinfo=UTC)]}),
    Case(
        "a day number of the 1904 calendar",
        lambda folder: day(folder, '<workbookPr date1904="1"/>'),
        loaded=1,
        values={"time": [datetime(2025, 6, 10, 4, tzinfo=UTC)]},
    ),
)
