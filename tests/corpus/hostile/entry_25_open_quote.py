"""Entry 25: a quote opened in row 2 and never closed; `bench/hostile.py` does it with a million rows."""

from pathlib import Path

from tests.corpus.hostile.case import Case
from tests.ingest.build import sheet_row, write_sheet

ROWS = 20_000


def opened(folder: Path) -> Path:
    rows = [sheet_row(serial=f"S{i}") for i in range(ROWS)]
    return write_sheet(folder / "quote.csv", [sheet_row(memo='"转账', serial="BAD"), *rows])


CASES = (Case("one open quote costs one row", opened, loaded=ROWS, rejects={"QUOTE_UNCLOSED": 1}),)
