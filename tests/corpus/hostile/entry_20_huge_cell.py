"""Entry 20: a small workbook with one cell of 200 MB, and one below the ratio that no zip bomb check sees."""

import random
import string
from dataclasses import replace
from pathlib import Path

from ingest.limits import DEFAULT_LIMITS
from tests.corpus.hostile.case import Case
from tests.ingest.build import SHEET, sheet_row, sheet_xml, write_package


def packed(folder: Path) -> Path:
    xml = sheet_xml([SHEET, sheet_row(memo="CELL")]).replace("CELL", "0" * 200_000_000)
    path = write_package(folder / "cell.xlsx", {"s": xml})
    assert path.stat().st_size < 250_000
    return path


def plain(folder: Path) -> Path:
    text = "".join(random.Random(20).choices(string.ascii_letters, k=1000)) * 40
    return write_package(folder / "long.xlsx", {"s": sheet_xml([SHEET, sheet_row(memo=text), sheet_row()])})


CASES = (
    Case("a cell of 200 MB in 200 KB is a bomb", packed, code="ARCHIVE_UNSAFE"),
    Case(
        "where the expansion limit lets it through the parser's limits end it",
        packed,
        code="PARSER_KILLED",
        limits=replace(
            DEFAULT_LIMITS, expansion=10**9, parser_memory_bytes=320 * 2**20, parser_memory_factor=0
        ),
    ),
    Case("a cell of 40,000 signs costs its row", plain, loaded=1, rejects={"TEXT_TOO_LONG": 1}),
)
