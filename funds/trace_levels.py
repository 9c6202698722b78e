"""Card levels on a trace by any method (DOMAIN 7.2)."""

import numpy as np
import polars as pl

from funds.cells import FIRST_VICTIM
from funds.events import SINK
from funds.methods import Traced

STEP_COLUMNS: dict[str, pl.DataType] = {
    "owner": pl.Int64(),
    "event": pl.Int64(),
    "level": pl.Int64(),
    "fen": pl.Int64(),
}
_NO_MOVE = [SINK[name] for name in ("into_payment", "unrecorded", "overdraft")]


def counting_steps(traced: Traced, share: float = 0.01) -> pl.DataFrame:
    """Transfers that carry at least `share` of a victim's money: STEP_COLUMNS, by owner, as they left.

    A victim's payment has level 1; another has one more than the least level of those that arrived on its
    payer's account before it left. Parts below the share are followed, but don't count. No claims, no rows.
    """
    carried = (
        traced.told.filter((pl.col("owner") >= FIRST_VICTIM) & ~pl.col("sink").is_in(_NO_MOVE))
        .group_by("owner", "event")
        .agg(pl.col("fen").sum())
    )
    paid = np.array((0, 0, *traced.claims.paid_fen), dtype=np.int64)
    least = np.maximum(1, -(-paid * round(share * 1_000_000) // 1_000_000))
    owner, event = carried["owner"].to_numpy(), carried["event"].to_numpy()
    counts = carried["fen"].to_numpy() >= least[owner]
    counting = carried.filter(pl.Series(counts)).with_columns(
        leaves=pl.Series(traced.ledgers.first_entry[event[counts]]),
        arrives=pl.Series(traced.ledgers.book.arrival[event[counts]]),
    )
    rows = traced.ledgers.rows
    payer, payee = rows["payer_ledger"], rows["payee_ledger"]
    found: list[tuple[int, int, int, int]] = []
    reached: dict[tuple[int, int], int] = {}
    under_way: list[tuple[int, int, int]] = []
    last = -1
    for one, number, fen, leaves, arrives in counting.sort("owner", "leaves").iter_rows():
        if one != last:
            last, reached, under_way = one, {}, []
        for there, ledger, level in [way for way in under_way if way[0] < leaves]:
            reached[one, ledger] = min(level, reached.get((one, ledger), level))
            under_way.remove((there, ledger, level))
        own = traced.claims.of_event[number] == one
        level = 1 if own else 1 + reached.get((one, payer[number]), 0)
        found.append((one, number, level, fen))
        if arrives >= 0:
            under_way.append((arrives, payee[number], level))
    return pl.DataFrame(found, schema=STEP_COLUMNS, orient="row")


def account_levels(traced: Traced, share: float = 0.01) -> pl.DataFrame:
    """The least level of counting transfers into each account: owner, ledger, level; sorted."""
    steps = counting_steps(traced, share)
    payee = traced.ledgers.rows["payee_ledger"].gather(steps["event"])
    return (
        steps.with_columns(ledger=payee)
        .filter(pl.col("ledger") >= 0)
        .group_by("owner", "ledger")
        .agg(pl.col("level").min())
        .sort("owner", "level", "ledger")
    )
