"""Entry 26: too many or too few fields, other delimiters and line ends, NUL, and one very long line."""

from collections.abc import Callable
from pathlib import Path

from tests.corpus.hostile.case import Case
from tests.corpus.hostile.sheets import raw, sheet
from tests.ingest.build import SHEET, sheet_row, write_text

GOOD = [sheet_row(serial=f"S{i}") for i in range(3)]
TEXT = "".join(",".join(row) + "\n" for row in (SHEET, *GOOD))


def separated(sign: str) -> Callable[[Path], Path]:
    return lambda folder: write_text(folder / "s.csv", SHEET, GOOD, delimiter=sign)


def long_line(folder: Path) -> Path:
    path = folder / "long.csv"
    path.write_text(TEXT + ",".join(sheet_row(memo="长" * 35_000_000)) + "\n", encoding="utf-8")
    return path


CASES = (
    Case(
        "a field more or less",
        sheet("f.csv", *GOOD, sheet_row()[:-1], (*sheet_row(), "x")),
        loaded=3,
        rejects={"FIELD_COUNT": 2},
    ),
    *(Case(f"fields parted by {sign!r}", separated(sign), loaded=3) for sign in (";", "\t", "|", "，")),
    Case(
        "a line break inside quotes",
        raw("q.csv", TEXT.replace("转账", '"转\n账"').encode()),
        loaded=3,
        values={"memo": ["转\n账"] * 3},
    ),
    Case("bare CR at the line ends", raw("cr.csv", TEXT.replace("\n", "\r").encode()), loaded=3),
    Case(
        "a NUL in a row",
        raw("nul.csv", TEXT.encode() * 1 + ",".join(sheet_row(memo="a\0b")).encode()),
        loaded=3,
        rejects={"BAD_CHARACTER": 1},
    ),
    Case("a line of 100 MB", long_line, loaded=3, rejects={"TEXT_TOO_LONG": 1}),
)
