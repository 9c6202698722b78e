"""The book of cards for the numbers that a few rows name, before and after new sheets."""

from dataclasses import dataclass

import polars as pl

from ingest.kept.keyed import Keyed
from ingest.settle.cards import CardBook, book_of


@dataclass(frozen=True, slots=True)
class Books:
    """before, after: books that are right for the numbers asked for. pairs: those stated, after.

    cards: the cards whose pairs are all known here.
    """

    before: CardBook
    after: CardBook
    pairs: pl.DataFrame
    cards: pl.Series


def books(kept: Keyed, new: pl.DataFrame, numbers: pl.Series) -> Books:
    """The books for `numbers` and for all that the new pairs name.

    kept: pairs of earlier rows by card. new: pairs that rows of the new sheets state (`cards.stated_pairs`).
    """
    named = _together(numbers, new["card"], new["account"])
    cards = _together(named, kept.keys_where("account", named), new["card"])
    # Whether a pair stands hangs on all pairs of the cards that name its card as their account, too.
    wide = _together(cards, kept.keys_where("account", cards))
    before = kept.rows(wide)
    after = one_a_pair(pl.concat([before, new.select(before.columns)]))
    return Books(book_of(before), book_of(after), after, cards)


def one_a_pair(pairs: pl.DataFrame) -> pl.DataFrame:
    """Of equal pairs of one rank the one whose row is first by key, as `stated_pairs` keeps them.

    A row that two files tell is cited from the first by (source, row).
    """
    ordered = pairs.sort("rank", "row_key", "card", "account", "source", "row")
    return ordered.unique(["rank", "card", "account"], keep="first", maintain_order=True)


def _together(*numbers: pl.Series) -> pl.Series:
    return pl.concat([some.drop_nulls().alias("number") for some in numbers]).unique()
