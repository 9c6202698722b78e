"""Entry 27: headers doubled, absent, renamed, reordered and repeated in the middle."""

from pathlib import Path

from tests.corpus.hostile.case import Case
from tests.corpus.hostile.sheets import raw, sheet
from tests.ingest.build import SHEET, sheet_row, write_text

GOOD = [sheet_row(serial=f"S{i}") for i in range(3)]
RENAMED = {"交易账号": "本方账号", "交易金额": "JYJE", "交易对手账卡号": "对方账号"}


def doubled(folder: Path) -> Path:
    return write_text(folder / "d.csv", (*SHEET, "交易金额"), [(*row, "1.00") for row in GOOD])


def reordered(folder: Path) -> Path:
    header = [RENAMED.get(text, text) for text in reversed(SHEET)]
    return write_text(folder / "r.csv", header, [tuple(reversed(row)) for row in GOOD])


CASES = (
    Case("a column twice", doubled, code="HEADER_AMBIGUOUS"),
    Case(
        "no header",
        raw("n.csv", "".join(",".join(row) + "\n" for row in GOOD).encode()),
        code="HEADER_UNKNOWN",
    ),
    Case(
        "renamed and reordered columns",
        reordered,
        loaded=3,
        values={"serial": ["S0", "S1", "S2"], "amount": [10_000] * 3},
    ),
    Case(
        "the header again in the middle", sheet("m.csv", GOOD[0], SHEET, *GOOD[1:]), loaded=3, layout_rows=1
    ),
)
