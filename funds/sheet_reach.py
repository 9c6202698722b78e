"""Until when an account's sheet tells all, as far as the lake shows it."""

from collections.abc import Sequence
from datetime import datetime

import polars as pl

from graph.lake.tables import LakeTables


def sheet_reach(tables: LakeTables, accounts: Sequence[str]) -> dict[str, datetime]:
    """Account key -> the last instant of any row in a file that holds rows of the account itself.

    A file is one answer of a bank, made at one time (D): it was made no earlier than its last row, whoever's
    that is, so an account in it without later rows had none until then. Accounts without a row of their own
    are left out. The lake keeps no time of the answer itself; the true reach may be later, never earlier.
    """
    rows = pl.concat([*_transfers(tables), _cash(tables, "CASH_OUT"), _cash(tables, "CASH_IN")])
    until = rows.group_by("source").agg(until=pl.col("at").max())
    mine = rows.filter(pl.col("account").is_in(list(accounts))).select("account", "source").unique()
    reach = mine.join(until, on="source").group_by("account").agg(pl.col("until").max())
    return dict(reach.collect().iter_rows())


def _transfers(tables: LakeTables) -> list[pl.LazyFrame]:
    """Each side's rows: the first source of a transfer that both sides report is the payer's."""
    rows = tables.scan("TRANSFER").filter(~pl.col("precision").eq_missing("day"))
    both = pl.col("from_at").is_not_null()
    out = rows.filter(both).select("source", account="from_key", at="from_at")
    into = rows.filter(pl.col("to_at").is_not_null()).select(
        source=pl.when(both).then("other_source").otherwise("source"), account="to_key", at="to_at"
    )
    return [out, into.filter(pl.col("source").is_not_null())]


def _cash(tables: LakeTables, name: str) -> pl.LazyFrame:
    end = "from_key" if name == "CASH_OUT" else "to_key"
    rows = tables.scan(name).filter(~pl.col("precision").eq_missing("day"))
    return rows.select("source", account=end, at="at")
