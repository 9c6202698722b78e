"""Entry 2: three different cards that share one float; as own card and as counterparty, none joins."""

from pathlib import Path

from tests.corpus.hostile.case import Case
from tests.corpus.hostile.sheets import book, card_book
from tests.ingest.build import sheet_row

CARDS = [6222021234567890123 + i for i in range(3)]
SHARED = {repr(float(card)) for card in CARDS}


def own(folder: Path) -> Path:
    assert len(SHARED) == 1
    return card_book(folder / "own.xlsx", [(repr(float(card)), "n") for card in CARDS])


def peers(folder: Path) -> Path:
    rows = [[*sheet_row(serial=f"S{i}")] for i in range(3)]
    return book(
        folder / "peers.xlsx",
        [[*row[:6], (repr(float(card)), "n"), *row[7:]] for row, card in zip(rows, CARDS, strict=True)],
    )


CASES = (
    Case("three own cards in one float are three rejected rows", own, rejects={"PRECISION_LOST": 3}),
    Case("three counterparties in one float are three rejected rows", peers, rejects={"PRECISION_LOST": 3}),
)
