"""What the rows of a few accounts tell, before and after new sheets."""

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from ingest.settle.accounts import add_cards
from ingest.settle.bank import Bank, settle_bank
from ingest.settle.cards import CardBook
from ingest.settle.collect import Collector
from ingest.settle.increment.affected import Affected
from ingest.settle.increment.partners import renamed


@dataclass(frozen=True, slots=True)
class Part:
    """bank: rows in order and counts. found: cards, and statements about accounts. relations: by type."""

    bank: Bank
    found: Collector
    relations: Mapping[str, pl.DataFrame]


def parts(about: Affected, others: pl.DataFrame) -> tuple[Part, Part]:
    """The part before, and the part after. others: halves (money.SIDE) with counterparties as before."""
    after = about.books.after
    return (
        _part(about, about.before, about.books.before, others),
        _part(about, about.after, after, renamed(others, after)),
    )


def _part(about: Affected, rows: pl.DataFrame, book: CardBook, others: pl.DataFrame) -> Part:
    found = Collector()
    bank = settle_bank(rows, about.registers, book, found, others)
    known = book.pairs.filter(pl.col("card").is_in(about.books.cards.implode()))
    add_cards(CardBook(known, book.conflicts), found)
    return Part(bank, found, found.relations())
