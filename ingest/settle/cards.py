"""Ties cards to their accounts by the pairs that registers and sheets state (DOMAIN 3.1)."""

from dataclasses import dataclass

import polars as pl

from ingest.clean.check_digits import luhn_ok
from ingest.settle.carried import first_spots
from ingest.settle.sheets import Sheets, sheets_of

_PAIR: dict[str, pl.DataType] = {
    "card": pl.String(),
    "account": pl.String(),
    "row_key": pl.String(),
    "source": pl.String(),
    "row": pl.Int64(),
    "bank": pl.String(),
}


@dataclass(frozen=True, slots=True)
class CardBook:
    """Which account each card belongs to.

    pairs: card, account, bank, row_key, source, row, one row a pair. conflicts: cards that sources tie to
    several accounts; such a card stands for itself, because a guess would merge two accounts.
    """

    pairs: pl.DataFrame
    conflicts: int

    def resolve(self, numbers: pl.Series) -> pl.Series:
        """The account of each number that is a known card; other numbers stay as they are."""
        if self.pairs.is_empty():
            return numbers
        cards, accounts = self.pairs["card"], self.pairs["account"]
        return numbers.replace_strict(cards, accounts, default=numbers, return_dtype=pl.String)


def card_book(registers: pl.DataFrame, sheets: pl.DataFrame | Sheets) -> CardBook:
    """Pairs of `account_register` rows first, then of `bank_sheet` rows that state both numbers."""
    return book_of(stated_pairs(registers, sheets))


def stated_pairs(registers: pl.DataFrame, sheets: pl.DataFrame | Sheets) -> pl.DataFrame:
    """Every pair that sources state: columns of `CardBook.pairs` and rank, 0 for registers, 1 for sheets."""
    told = sheets_of(sheets.lazy()) if isinstance(sheets, pl.DataFrame) else sheets
    stated = _upright(_stated(registers)).with_columns(rank=pl.lit(0))
    seen = _upright(_seen(told)).with_columns(rank=pl.lit(1))
    return pl.concat([stated, seen])


def book_of(pairs: pl.DataFrame) -> CardBook:
    """The book of pairs as of `stated_pairs`.

    Whether a card is in it depends on the pairs that name it or its account, and on those of the cards that
    name it as their account, so a book of some numbers needs no other pairs.
    """
    swapped = pairs.filter(pl.col("rank") == 0).select(card="account", account="card", rank=pl.lit(1))
    both = pairs.join(swapped, on=["card", "account", "rank"], how="anti")
    best = both.filter(pl.col("rank") == pl.col("rank").min().over("card"))
    counted = best.with_columns(accounts=pl.col("account").n_unique().over("card"))
    single = counted.filter(pl.col("accounts") == 1)
    # A number that is a card here and an account there would chain; the account side wins.
    single = single.join(single.select(card="account"), on="card", how="anti")
    conflicts = counted.filter(pl.col("accounts") > 1)["card"].n_unique()
    pairs = single.sort("card", "account", "row_key", "source", "row").unique(
        "card", keep="first", maintain_order=True
    )
    return CardBook(pairs.select(list(_PAIR)), conflicts)


def cited(first: pl.DataFrame, rows: pl.DataFrame, **more: str) -> pl.DataFrame:
    """`first` (one row_key each) with source and row of these rows, and `more` of their columns."""
    # The few rows asked for are picked out before they are joined: a join would index all rows.
    asked = rows.lazy().filter(pl.col("row_key").is_in(first["row_key"].unique().implode()))
    told = asked.select("row_key", "source", "row", **more).collect()
    return first.join(told, on="row_key", how="left")


def _two() -> pl.Expr:
    card, account = pl.col("card"), pl.col("account")
    return card.is_not_null() & account.is_not_null() & (card != account)


def _stated(registers: pl.DataFrame) -> pl.DataFrame:
    first = registers.filter(_two()).group_by("card", "account").agg(pl.min("row_key"))
    return cited(first, registers, bank="bank").select(list(_PAIR))


def _seen(sheets: Sheets) -> pl.DataFrame:
    first = first_spots(sheets.rows.filter(_two()), ["card", "account"])
    numbers = pl.DataFrame({c: sheets.numbers.gather(first[c]) for c in ("card", "account")})
    (told,) = sheets.carried.take((first["spot"], ["row_key", "source", "row", "own_bank"]))
    return numbers.hstack(told.rename({"own_bank": "bank"})).select(list(_PAIR))


def _upright(pairs: pl.DataFrame) -> pl.DataFrame:
    """Each pair once, the card in the card's place."""
    one = pairs.sort("row_key")
    if one.is_empty():
        return one
    # Sheets may hold the two in each other's column: only a card passes Luhn with 16 or more digits.
    looks = {name: luhn_ok(one[name]) & (one[name].str.len_chars() >= 16) for name in ("card", "account")}
    turn = ~looks["card"] & looks["account"]
    left, right = one["card"].zip_with(~turn, one["account"]), one["account"].zip_with(~turn, one["card"])
    return one.with_columns(card=left, account=right).unique(
        ["card", "account"], keep="first", maintain_order=True
    )
