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
    """Take reversal pairs out of ordered ledger rows (as of `ledgers.Ledgers.rows`).

    A reversal undoes an earlier row (at most 3 days) of the same ledger with the opposite effect on the
    balance, the one of equal serial, else the latest one. An unpaired reversal is left out too: its other
    half is unknown, and it is no payment of its own.
    """
    mask = rows["undoes"]
    if not mask.any():
        return Reversals(rows, 0, 0)
    back = rows.filter(mask)
    undone = _undone(back, rows.filter(~mask & rows["ledger"].is_in(back["ledger"].unique().implode())))
    kept = rows.filter(~mask & ~rows["rank"].is_in(undone.implode()))
    return Reversals(kept, len(undone), back.height - len(undone))


def undoes() -> pl.Expr:
    """Whether a `bank_sheet` row is a reversal: it has a mark, a memo word or a negative amount."""
    mark = pl.col("reversal_mark").str.to_lowercase()
    marked = mark.is_not_null() & ~mark.is_in(_NO)
    worded = (
        pl.col("memo").str.contains(_WORDS)
        | pl.col("remark").str.contains(_WORDS)
        | pl.col("kind").str.contains(_WORDS)
    )
    return (marked | worded.fill_null(False) | (pl.col("amount") < 0)).fill_null(False)


def _undone(back: pl.DataFrame, rows: pl.DataFrame) -> pl.Series:
    """The ranks of the rows that these reversals undo."""
    wanted = back.select(
        "ledger",
        signed_fen=-pl.col("signed_fen"),
        back_key="rank",
        back_at="time",
        back_serial="serial",
        back_peer="peer",
    )
    pairs = (
        wanted.lazy()
        .join(
            rows.lazy().select("ledger", "signed_fen", "rank", "time", "serial", "peer"),
            on=["ledger", "signed_fen"],
        )
        .with_columns(wait=pl.col("back_at") - pl.col("time"))
        .filter(pl.col("wait").is_between(timedelta(0), WITHIN))
        .filter((pl.col("peer") == pl.col("back_peer")).fill_null(True))
        .with_columns(same=(pl.col("serial") == pl.col("back_serial")).fill_null(False))
        .sort("same", "wait", "back_key", "rank", descending=[True, False, False, False])
        .collect()
    )
    used: set[int] = set()
    taken: list[int] = []
    for back_key, key in pairs.select("back_key", "rank").iter_rows():
        if back_key not in used and key not in used:
            used.update((back_key, key))
            taken.append(key)
    return pl.Series("rank", taken, dtype=pl.UInt32)
