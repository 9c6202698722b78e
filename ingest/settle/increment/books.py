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


def books(kept: Keyed, new: pl.DataFrame, numbers: pl.Series, recited: pl.DataFrame) -> Books:
    """The books for `numbers` and for all that the new pairs name.

    kept: pairs of earlier rows by card. new: pairs that rows of the new sheets state (`cards.stated_pairs`).
    recited: row_key, source, row of earlier rows that are now told by another file.
    """
    named = _together(numbers, new["card"], new["account"])
    cards = _together(named, kept.keys_where("account", named), new["card"])
    # Whether a pair stands hangs on all pairs of the cards that name its card as their account, too.
    wide = _together(cards, kept.keys_where("account", cards))
    before = kept.rows(wide)
    after = one_a_pair(pl.concat([cited_anew(before, recited), new.select(before.columns)]))
    return Books(book_of(before), book_of(after), after, cards)


def one_a_pair(pairs: pl.DataFrame) -> pl.DataFrame:
    """Of equal pairs of one rank the one whose row is first by key, as `stated_pairs` keeps them."""
    ordered = pairs.sort("rank", "row_key", "card", "account")
    return ordered.unique(["rank", "card", "account"], keep="first", maintain_order=True)


def cited_anew(said: pl.DataFrame, recited: pl.DataFrame) -> pl.DataFrame:
    """Rows with `row_key`, with the source and row that tell of it now."""
    if recited.is_empty():
        return said
    now = recited.select("row_key", new_source="source", new_row="row")
    joined = said.join(now, on="row_key", how="left", maintain_order="left")
    told = joined.with_columns(source=pl.coalesce("new_source", "source"), row=pl.coalesce("new_row", "row"))
    return told.select(said.columns)


def _together(*numbers: pl.Series) -> pl.Series:
    return pl.concat([some.drop_nulls().alias("number") for some in numbers]).unique()
