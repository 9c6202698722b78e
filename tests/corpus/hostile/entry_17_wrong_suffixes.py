"""Entry 17: files whose names claim another format, and bytes of none."""

import random
from pathlib import Path

from tests.corpus.hostile.case import Case
from tests.corpus.hostile.sheets import PERSONS, book, raw
from tests.ingest.build import sheet_row, write_text

ROW = ("拟名甲", "", "", "样街一号")


def page(folder: Path) -> Path:
    rows = "".join(f"<tr>{''.join(f'<td>{text}</td>' for text in row)}</tr>" for row in (PERSONS, ROW))
    (folder / "page.xls").write_text(f"<html><body><table>{rows}</table></body></html>", encoding="utf-8")
    return folder / "page.xls"


def tabs(folder: Path) -> Path:
    return write_text(folder / "tabs.xls", PERSONS, [ROW], delimiter="\t")


def workbook(folder: Path) -> Path:
    return book(folder / "book.csv", [sheet_row()])


NAMED = {"loaded": 1, "file_flags": ["TYPE_MISMATCH"]}
CASES = (
    Case("a web page named .xls is read as a table", page, **NAMED),  # type: ignore[arg-type]  # fields out of one dict
    Case("tab text named .xls is read", tabs, **NAMED),  # type: ignore[arg-type]  # fields out of one dict
    Case("a workbook named .csv is read", workbook, **NAMED),  # type: ignore[arg-type]  # fields out of one dict
    Case(
        "unknown bytes are of no format",
        raw("noise.csv", random.Random(17).randbytes(4096).replace(b"\0", b"\x01")),
        code="UNKNOWN_FORMAT",
    ),
    Case(
        "a picture named .csv is of no format",
        raw("p.csv", b"\x89PNG\r\n\x1a\n" + bytes(99)),
        code="UNKNOWN_FORMAT",
    ),
)
