"""F14: a card pays a merchant whose side pays about as much back to the card's holder (DOMAIN 5)."""

from collections.abc import Mapping
from typing import Any

import polars as pl

from detect.facts import PROOF, Facts
from detect.hits import DetectorResult, Hit, graded, in_order, proof_rows
from detect.money import millionths
from graph.contract import Ref

_MILLION = 1_000_000
_TRIP = ["customer", "side", "day"]


def merchant_round_trip(facts: Facts, parameters: Mapping[str, Any]) -> DetectorResult:
    """Cards whose payments came back on their day, all round trips of a card in one hit; no rows give none.

    A payment to a merchant is a row with a merchant number. The merchant's side is every account of a holder
    that was paid under this number; the holder's side every account of the card's holder. The payment back
    follows on the same local day and differs by the share `apart` at most; a memo with one of `refund_words`
    makes it a refund. A trip counts from payments of `floor` on that day between both sides.
    subject: the card's account; others: accounts of the merchant's side, sorted.
    parameters: apart (share), floor (fen), refund_words (text, parted by spaces), strong (trips).
    """
    paid = _payments(facts)
    back = _returns(facts, paid, str(parameters["refund_words"]).split())
    sides = paid.select("merchant_no", pl.col("shop").alias("side")).unique()
    apart = (pl.col("back_fen") - pl.col("fen")).abs() * _MILLION
    pairs = (
        paid.join(sides, on="merchant_no")
        .join(back, on=_TRIP)
        .filter(pl.col("back_at") >= pl.col("at"))
        .filter(apart <= millionths(parameters["apart"]) * pl.col("fen"))
    )
    first_pay, first_back = pl.col("pay").is_first_distinct(), pl.col("back").is_first_distinct()
    enough = (
        pairs.group_by(_TRIP)
        .agg(pl.col("fen").filter(first_pay).sum().alias("sum"))
        .filter(pl.col("sum") >= parameters["floor"])
    )
    trips = (
        pairs.join(enough, on=_TRIP, how="semi")
        .group_by("card")
        .agg(
            pl.min_horizontal(pl.col("pay").n_unique(), pl.col("back").n_unique()).alias("trips"),
            pl.col("fen").filter(first_pay).sum().alias("sum_out"),
            pl.col("back_fen").filter(first_back).sum().alias("sum_back"),
            pl.col("at").min().alias("first_at"),
            pl.col("back_at").max().alias("last_at"),
            pl.col("shop_account").append(pl.col("back_account")).unique().sort().alias("shops"),
            pl.struct(PROOF).alias("proof"),
            pl.struct([f"back_{name}" for name in PROOF]).alias("back_proof"),
        )
    )
    strong = int(parameters["strong"])
    return DetectorResult(in_order([_hit(row, strong) for row in trips.iter_rows(named=True)]))


def _timed(facts: Facts) -> pl.LazyFrame:
    day = pl.col("at").dt.convert_time_zone("Asia/Shanghai").dt.date()
    rows = facts.tables.scan("TRANSFER").filter(pl.col("precision").ne_missing("day"))
    return rows.with_columns(day.alias("day"))


def _party(facts: Facts, rows: pl.LazyFrame, account: str, name: str) -> pl.LazyFrame:
    """The rows with the holder of an account as `name`, the account itself where nobody is registered."""
    holder = facts.holder_of.lazy().select(pl.col("account").alias(account), pl.col("holder").alias(name))
    return rows.join(holder, on=account, how="left").with_columns(pl.coalesce(name, account))


def _payments(facts: Facts) -> pl.DataFrame:
    rows = _timed(facts).filter(pl.col("merchant_no").is_not_null())
    parted = _party(facts, _party(facts, rows, "from_key", "customer"), "to_key", "shop")
    return (
        parted.filter(pl.col("customer") != pl.col("shop"))
        .select(
            pl.col("from_key").alias("card"),
            pl.col("to_key").alias("shop_account"),
            *("customer", "shop", "merchant_no", "day", "at"),
            pl.col("amount_fen").alias("fen"),
            *PROOF,
        )
        .with_row_index("pay")
        .collect()
    )


def _returns(facts: Facts, paid: pl.DataFrame, refund_words: list[str]) -> pl.DataFrame:
    """Payments from a merchant's side to anybody, refunds left out, with the columns that pairs join on."""
    shops = paid.lazy().select(pl.col("shop").alias("side")).unique()
    rows = _party(facts, _timed(facts), "from_key", "side").join(shops, on="side", how="semi")
    return (
        _party(facts, rows, "to_key", "customer")
        .filter(~pl.col("memo").fill_null("").str.contains_any(refund_words))
        .select(
            *_TRIP,
            pl.col("from_key").alias("back_account"),
            pl.col("at").alias("back_at"),
            pl.col("amount_fen").alias("back_fen"),
            *[pl.col(name).alias(f"back_{name}") for name in PROOF],
        )
        .with_row_index("back")
        .collect()
    )


def _hit(row: Mapping[str, Any], strong: int) -> Hit:
    proof = [tuple(one.values()) for name in ("proof", "back_proof") for one in row[name]]
    return Hit(
        subject=Ref("Account", row["card"]),
        score=graded(row["trips"], 1, strong),
        first_at=row["first_at"],
        last_at=row["last_at"],
        values={name: row[name] for name in ("trips", "sum_out", "sum_back")},
        rows=proof_rows(proof),
        others=tuple(Ref("Account", shop) for shop in row["shops"]),
    )
