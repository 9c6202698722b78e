"""What is said of accounts and merchants after new sheets, and the nodes that follow from it."""

from dataclasses import dataclass

import polars as pl

from graph.lake.layers import Change
from graph.lake.tables import LakeTables
from graph.schema.catalog import node_columns
from ingest.kept.keyed import Keyed
from ingest.settle.collect import merge_nodes
from ingest.settle.increment.affected import Affected
from ingest.settle.increment.parts import Part

_OF_SHEETS = (1, 2)
"""Ranks of what the rows of an account's own sheets say of it: its last balance, its bank, name and grade."""


@dataclass(frozen=True, slots=True)
class Said:
    """keys: the nodes to be made anew. rows: all that is said of them now."""

    keys: pl.Series
    rows: pl.DataFrame
    lost: pl.Series | None = None
    """Of the keys those that no source names any more."""


def said_of_accounts(kept: Keyed, about: Affected, after: Part) -> Said:
    """What is said of the accounts with new rows, of new counterparties, and of cards with an account by now.

    What an account's own sheets say is taken from its rows, all of which are at hand; what others say of it
    stays, and moves with a number that is a card of an account now.
    """
    told = pl.concat([about.fresh["row_key"], about.recited])
    rows = after.bank.ledgers.rows
    peers = rows.filter(pl.col("row_key").is_in(told.implode()))["peer"].drop_nulls().alias("account")
    keys = pl.concat([about.changing, peers]).unique()
    before = kept.rows(keys)
    own = before["key"].is_in(about.changing.implode()) & before["rank"].is_in(_OF_SHEETS)
    stays = before.filter(~own)
    moved = stays.with_columns(key=_moved(stays["key"], about))
    new = after.found.statements("Account").filter(pl.col("key").is_in(keys.implode()))
    mine = pl.col("key").is_in(about.accounts.implode())
    fits = mine | ~pl.col("rank").is_in(_OF_SHEETS)
    return Said(keys, _different(moved, new.filter(fits)), about.renamed)


def said_of_merchants(kept: Keyed, about: Affected, after: Part) -> Said:
    """What is said of the merchants and counters that the accounts have rows at."""
    new = after.found.statements("Merchant")
    keys = new["key"].drop_nulls().unique()
    return Said(keys, _different(kept.rows(keys), new))


def node_change(tables: LakeTables, name: str, said: Said) -> Change:
    """The change of a node table by what is said of some keys now.

    A node that nothing is said of, because only relations name it, stays as it is.
    """
    told = said.rows["key"] if said.lost is None else pl.concat([said.rows["key"], said.lost.alias("key")])
    gone = tables.scan(name).filter(pl.col("key").is_in(told.unique().implode())).collect()
    fresh = merge_nodes(name, [said.rows]) if said.rows.height else gone.clear()
    return Change(gone, fresh.select(list(node_columns(name))))


def _moved(keys: pl.Series, about: Affected) -> pl.Series:
    now = about.books.after.resolve(keys)
    return now.zip_with(keys.is_in(about.renamed.implode()), keys)


def _different(before: pl.DataFrame, new: pl.DataFrame) -> pl.DataFrame:
    """All statements once; of a row that two files tell, merging takes the first by (source, row)."""
    return pl.concat([before, new.select(before.columns)]).unique(maintain_order=True)
