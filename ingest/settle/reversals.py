"""Pairs reversals with the rows they undo; both leave the graph (DOMAIN 3.1)."""

from dataclasses import dataclass
from datetime import timedelta

import polars as pl

_WORDS = r"冲正|抹账|撤销|退汇"
_NO = ("否", "n", "no", "false", "0", "正常", "")
WITHIN = timedelta(days=3)


@dataclass(frozen=True, slots=True)
class Reversals:
    """rows: the ledger rows without reversals and what they undid; pairs, unpaired: how many of each."""

    rows: pl.DataFrame
    pairs: int
    unpaired: int


def set_reversals_apart(rows: pl.DataFrame) -> Reversals:
    """Take reversal pairs out of ordered ledger rows.

    A reversal has a mark, a memo word or a negative amount. It undoes an earlier row (at most 3 days) of the
    same ledger with the opposite effect on the balance, the one of equal serial, else the latest one.
    An unpaired reversal is left out too: its other half is unknown, and it is no payment of its own.
    """
    mark = pl.col("reversal_mark").str.to_lowercase()
    marked = mark.is_not_null() & ~mark.is_in(_NO)
    worded = (
        pl.col("memo").str.contains(_WORDS)
        | pl.col("remark").str.contains(_WORDS)
        | pl.col("kind").str.contains(_WORDS)
    )
    is_reversal = marked | worded.fill_null(False) | (pl.col("amount") < 0)
    mask = rows.select(is_reversal.fill_null(False)).to_series()
    if not mask.any():
        return Reversals(rows, 0, 0)
    back = rows.filter(mask)
    undone = _undone(back, rows.lazy().filter(~mask))
    kept = rows.filter(~mask & ~rows["row_key"].is_in(undone["row_key"].implode()))
    return Reversals(kept, undone.height, back.height - undone.height)


def _undone(back: pl.DataFrame, rows: pl.LazyFrame) -> pl.DataFrame:
    wanted = back.select(
        "ledger",
        signed_fen=-pl.col("signed_fen"),
        back_key="row_key",
        back_at="time",
        back_serial="serial",
        back_peer="peer",
    )
    pairs = (
        wanted.lazy()
        .join(
            rows.select("ledger", "signed_fen", "row_key", "time", "serial", "peer"),
            on=["ledger", "signed_fen"],
        )
        .with_columns(wait=pl.col("back_at") - pl.col("time"))
        .filter(pl.col("wait").is_between(timedelta(0), WITHIN))
        .filter((pl.col("peer") == pl.col("back_peer")).fill_null(True))
        .with_columns(same=(pl.col("serial") == pl.col("back_serial")).fill_null(False))
        .sort("same", "wait", "back_key", "row_key", descending=[True, False, False, False])
        .collect()
    )
    used: set[str] = set()
    taken: list[str] = []
    for back_key, row_key in pairs.select("back_key", "row_key").iter_rows():
        if back_key not in used and row_key not in used:
            used.update((back_key, row_key))
            taken.append(row_key)
    return pl.DataFrame({"row_key": taken}, schema={"row_key": pl.String()})
