"""The other halves of transfers: told by rows of accounts that new sheets say nothing about."""

import polars as pl

from graph.lake.home import LakeHome
from graph.lake.tables import LakeTables
from ingest.ledger import BatchRecord
from ingest.picked import picked_rows
from ingest.settle.cards import CardBook
from ingest.settle.collect import UNKNOWN_REGION
from ingest.settle.money import SIDE, halves
from ingest.settle.sources import flagged

_NONE = pl.lit(None)


def stored_transfers(tables: LakeTables, accounts: pl.Series) -> pl.DataFrame:
    """The TRANSFER events with one of these accounts at an end, each once."""
    some = accounts.drop_nulls().unique().implode()
    out = tables.scan("TRANSFER").filter(pl.col("from_key").is_in(some)).collect()
    into = tables.scan("TRANSFER", by_to=True).filter(pl.col("to_key").is_in(some)).collect()
    return pl.concat([out, into.filter(~pl.col("from_key").is_in(some))])


def other_halves(
    home: LakeHome, sheets: list[BatchRecord], stored: pl.DataFrame, rows: pl.DataFrame
) -> pl.DataFrame:
    """Of stored transfers the halves (money.SIDE) that none of `rows` tells of.

    rows: source, row of all rows of the accounts that the transfers were asked for. A transfer told by one
    row shows that row whole; of one told by two, the row of the other account is read back from its batch.
    """
    mine = rows.select("source", "row", known=pl.lit(True))
    first = stored.join(mine, on=["source", "row"], how="left", maintain_order="left")
    second = mine.rename({"source": "other_source", "row": "other_row", "known": "other_known"})
    told = first.join(
        second, on=["other_source", "other_row"], how="left", maintain_order="left"
    ).with_columns(pl.col("known", "other_known").fill_null(False))
    alone = pl.col("other_source").is_null()
    shown = _shown(told.filter(alone & ~pl.col("known")))
    payer = told.filter(~alone & ~pl.col("known")).select(
        "source", "row", ledger="from_key", peer="to_key", direction=pl.lit("out")
    )
    payee = told.filter(~alone & ~pl.col("other_known")).select(
        source="other_source", row="other_row", ledger="to_key", peer="from_key", direction=pl.lit("in")
    )
    return pl.concat([shown, _read_back(home, sheets, pl.concat([payer, payee]))])


def renamed(others: pl.DataFrame, book: CardBook) -> pl.DataFrame:
    """The same halves with counterparties as a newer book resolves them."""
    return others.with_columns(peer=book.resolve(others["peer"]))


def _shown(events: pl.DataFrame) -> pl.DataFrame:
    """The halves of transfers that one row tells of: of the payer's if the event has the payer's time."""
    paid = pl.col("from_at").is_not_null()
    sides = {
        "ledger": ("from_key", "to_key"), "peer": ("to_key", "from_key"),
        "balance": ("from_balance_fen", "to_balance_fen"),
        "peer_balance": ("to_balance_fen", "from_balance_fen"), "serial": ("serial", "to_serial"),
    }  # fmt: skip
    region = pl.when(pl.col("region") != UNKNOWN_REGION).then(pl.col("region"))
    return events.select(
        "currency", "at", "memo", "ip", "mac", "terminal", "merchant_no", "source", "row",
        *(pl.when(paid).then(pl.col(a)).otherwise(pl.col(b)).alias(name) for name, (a, b) in sides.items()),
        row_key="event_key", amount="amount_fen", region=region, day_only=pl.col("precision") == "day",
        direction=pl.when(paid).then(pl.lit("out")).otherwise(pl.lit("in")),
    ).select(list(SIDE))  # fmt: skip


def _read_back(home: LakeHome, sheets: list[BatchRecord], wanted: pl.DataFrame) -> pl.DataFrame:
    by_source = {record.sha256: record for record in sheets}
    places = {
        by_source[str(source)]: part["row"]
        for (source,), part in wanted.partition_by("source", as_dict=True).items()
    }
    rows = picked_rows(home, "bank_sheet", places).drop("direction")
    whole = rows.join(wanted, on=["source", "row"]).with_columns(day_only=flagged("DAY_ONLY", "time"))
    return halves(whole).select(list(SIDE))
