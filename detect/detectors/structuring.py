"""F13: several amounts just below a reporting threshold inside a window (DOMAIN 5)."""

from collections.abc import Mapping
from typing import Any

import polars as pl

from detect.facts import PROOF, Facts
from detect.hits import DetectorResult, Hit, graded, in_order, proof_rows
from detect.money import millionths
from graph.contract import Ref

_MILLION = 1_000_000
_RENMINBI = ("CNY", "RMB", "人民币")


def structuring(facts: Facts, parameters: Mapping[str, Any]) -> DetectorResult:
    """Of each account, threshold and direction the window with most such amounts, the earliest of equals.

    Thresholds: cash over the counter or machine; transfers of a person's account; transfers of a unit's;
    transfers whose memo says that they cross the border, for persons' accounts in place of the personal one.
    An account not known as a person's or a unit's is held against no threshold of either. Moves between
    accounts of one holder, other currencies and rows known only by day do not count; no rows give nothing.
    parameters: cash, personal, unit, cross_border (fen), below (share), min_amounts, window (timedelta),
    border_words (text, parted by spaces).
    """
    least = int(parameters["min_amounts"])
    near = pl.concat([_transfers(facts, parameters), _cash(facts, parameters)])
    window = (
        near.sort("account", "kind", "direction", "at", "source", "row")
        .rolling(
            "at",
            period=parameters["window"],
            offset="0us",
            closed="both",
            group_by=["account", "kind", "direction"],
        )
        .agg(
            pl.len().alias("amounts"),
            pl.col("fen").sum().alias("sum"),
            pl.col("at").max().alias("last_at"),
            pl.struct(PROOF).alias("proof"),
        )
        .filter(pl.col("amounts") >= least)
        .sort("account", "kind", "direction", "amounts", "at", descending=[False, False, False, True, False])
        .unique(["account", "kind", "direction"], keep="first", maintain_order=True)
    )
    return DetectorResult(in_order([_hit(row, parameters, least) for row in window.iter_rows(named=True)]))


def _just_below(fen: pl.Expr, threshold: int, parameters: Mapping[str, Any]) -> pl.Expr:
    least = (_MILLION - millionths(parameters["below"])) * threshold
    return (fen < threshold) & (fen * _MILLION >= least)


def _transfers(facts: Facts, parameters: Mapping[str, Any]) -> pl.DataFrame:
    """Transfers just below the threshold that their account is held against, a row for each such end."""
    fen, kinds = pl.col("amount_fen"), ("personal", "unit", "cross_border")
    lowest = min(int(parameters[kind]) for kind in kinds) * (1 - float(parameters["below"]))
    rows = (
        facts.tables.scan("TRANSFER")
        .filter(fen >= int(lowest), fen < max(int(parameters[kind]) for kind in kinds))
        .filter(pl.col("precision").ne_missing("day"))
        .filter(pl.col("currency").is_null() | pl.col("currency").is_in(_RENMINBI))
    )
    for end in ("from", "to"):
        holder = facts.holder_of.lazy().rename({"account": f"{end}_key", "holder": f"{end}_holder"})
        unit = facts.tables.scan("Account").select(
            pl.col("key").alias(f"{end}_key"), pl.col("corporate").alias(f"{end}_unit")
        )
        rows = rows.join(holder, on=f"{end}_key", how="left").join(unit, on=f"{end}_key", how="left")
    own = (pl.col("from_holder") == pl.col("to_holder")).fill_null(False)
    abroad = pl.col("memo").fill_null("").str.contains_any(str(parameters["border_words"]).split())
    sides = [
        rows.filter(~own).select(
            pl.col(f"{end}_key").alias("account"),
            pl.when(pl.col(f"{end}_unit"))
            .then(pl.lit("unit"))
            .when(~pl.col(f"{end}_unit") & abroad)
            .then(pl.lit("cross_border"))
            .when(~pl.col(f"{end}_unit"))
            .then(pl.lit("personal"))
            .alias("kind"),
            pl.lit(direction).alias("direction"),
            "at",
            fen.alias("fen"),
            *PROOF,
        )
        for end, direction in (("from", "out"), ("to", "in"))
    ]
    fits = pl.any_horizontal(
        [
            (pl.col("kind") == kind) & _just_below(pl.col("fen"), int(parameters[kind]), parameters)
            for kind in kinds
        ]
    )
    return pl.concat(sides).filter(fits).collect()


def _cash(facts: Facts, parameters: Mapping[str, Any]) -> pl.DataFrame:
    sides = [
        facts.tables.scan(name)
        .filter(pl.col("precision").ne_missing("day"))
        .filter(_just_below(pl.col("amount_fen"), int(parameters["cash"]), parameters))
        .select(
            pl.col(key).alias("account"),
            pl.lit("cash").alias("kind"),
            pl.lit(direction).alias("direction"),
            "at",
            pl.col("amount_fen").alias("fen"),
            *PROOF,
        )
        for name, key, direction in (("CASH_OUT", "from_key", "out"), ("CASH_IN", "to_key", "in"))
    ]
    return pl.concat(sides).collect()


def _hit(row: Mapping[str, Any], parameters: Mapping[str, Any], least: int) -> Hit:
    return Hit(
        subject=Ref("Account", row["account"]),
        score=graded(row["amounts"], least, 3 * least),
        first_at=row["at"],
        last_at=row["last_at"],
        values={
            "kind": row["kind"],
            "direction": row["direction"],
            "amounts": row["amounts"],
            "sum": row["sum"],
            "threshold": int(parameters[row["kind"]]),
        },
        rows=proof_rows(tuple(one.values()) for one in row["proof"]),
    )
