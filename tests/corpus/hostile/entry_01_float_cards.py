"""Entry 1: cards stored as floats; every such row waits, raw digits beside them are exact."""

from pathlib import Path

from tests.corpus.hostile.case import Case
from tests.corpus.hostile.sheets import card_book

EXACT = [f"62220212345678901{i:02d}" for i in range(5)]


def floats(folder: Path) -> Path:
    return card_book(folder / "floats.xlsx", [("6.2220212345678899E+18", "n")] * 5)


def digits(folder: Path) -> Path:
    return card_book(folder / "digits.xlsx", [(text, "n") for text in EXACT])


CASES = (
    Case("a card that became a float never loads", floats, rejects={"PRECISION_LOST": 5}),
    Case(
        "its twin with raw digits is exact",
        digits,
        loaded=5,
        flags={"NUMERIC_CELL@own_card": 5, "CHECK_DIGIT@own_card": 4},
        values={"own_card": EXACT},
    ),
)
