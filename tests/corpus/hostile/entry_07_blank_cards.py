"""Entry 7: one blank in a card column changes no other row."""

from pathlib import Path

from tests.corpus.hostile.case import Case
from tests.corpus.hostile.sheets import card_book, luhn
from tests.ingest.build import SHEET, sheet_row, write_text

CARDS = [luhn(f"62220212345678{i:04d}") for i in range(3)]


def text(folder: Path) -> Path:
    rows = [sheet_row(card=card, own="", serial=card or "S") for card in (CARDS[0], "", *CARDS[1:])]
    return write_text(folder / "blank.csv", SHEET, rows)


def workbook(folder: Path) -> Path:
    return card_book(folder / "blank.xlsx", [(CARDS[0], "n"), "", *((card, "n") for card in CARDS[1:])])


CASES = (
    Case(
        "a row without card and account waits, the others are exact",
        text,
        loaded=3,
        rejects={"MISSING_KEY": 1},
        values={"own_card": CARDS},
    ),
    Case(
        "a blank among number cells makes no float of the others",
        workbook,
        loaded=4,
        flags={"NUMERIC_CELL@own_card": 3},
        values={"own_card": [CARDS[0], None, *CARDS[1:]]},
    ),
)
