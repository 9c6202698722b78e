"""Entry 4: a card written out in E-notation as text."""

from pathlib import Path

from tests.corpus.hostile.case import Case
from tests.corpus.hostile.sheets import card_book
from tests.ingest.build import sheet_row, write_sheet


def workbook(folder: Path) -> Path:
    return card_book(folder / "e.xlsx", ["6.22202E+18", "6222021234567890123"])


def text(folder: Path) -> Path:
    cards = ("6.22202E+18", "6.22202e18", "622202E13")
    return write_sheet(folder / "e.csv", [sheet_row(card=card, serial=card) for card in cards])


CASES = (
    Case(
        "E-notation as text in a workbook waits",
        workbook,
        loaded=1,
        rejects={"SCIENTIFIC_TEXT": 1},
        flags={"CHECK_DIGIT@own_card": 1},
    ),
    Case("E-notation in a CSV waits in every spelling", text, rejects={"SCIENTIFIC_TEXT": 3}),
)
