"""How long each part of victims' money lay on an account of a trace, and what of it still lies there."""

from datetime import timedelta

import numpy as np
import polars as pl

from funds.book import AMOUNT, AT, EVENT, LEDGER
from funds.cells import FIRST_VICTIM, MOVED
from funds.events import SINK
from funds.rest_times import Exit
from funds.trace_levels import account_levels
from funds.tracing import Trace

REST_COLUMNS: dict[str, pl.DataType] = {
    "owner": pl.Int64(),
    "ledger": pl.Int64(),
    "fen": pl.Int64(),
    "came": pl.Int64(),
    "left": pl.Int64(),
}
STEP_COLUMNS: dict[str, pl.DataType] = {
    "owner": pl.Int64(),
    "ledger": pl.Int64(),
    "event": pl.Int64(),
    "at": pl.Int64(),
    "fen": pl.Int64(),
    "into": pl.Boolean(),
}
_KEYS = ["owner", "ledger"]
_GONE_HERE = [SINK["unrecorded"], SINK["overdraft"]]


def steps_of(traced: Trace) -> pl.DataFrame:
    """Victims' money onto (`into`) and off accounts with a sheet: STEP_COLUMNS, in order of the trace.

    at: microseconds, of arrivals those of the payer's entry. A victim's own payment is no step off the
    victim's account: it was the holder's until then. What came less what went off is what is held.
    """
    moves, book = traced.moves.filter(pl.col("owner") >= FIRST_VICTIM), traced.ledgers.book
    entry, what = moves["entry"].to_numpy(), moves["what"].to_numpy()
    rows, owner = book.entry[entry], moves["owner"].to_numpy()
    event = rows[:, EVENT]
    payee = traced.ledgers.rows["payee_ledger"].to_numpy()[event]
    followed = np.append(traced.ledgers.followed, False)  # the last one answers for -1, no ledger
    into = (what == MOVED) & followed[payee]
    own = (traced.claims.of_event[event] == owner) & (what != SINK["into_payment"])
    off = ((rows[:, AMOUNT] < 0) & ~own) | np.isin(what, _GONE_HERE)
    found = moves.select("owner", "fen").with_columns(
        event=pl.Series(event),
        at=pl.Series(rows[:, AT]),
        place=pl.Series(payee),
        here=pl.Series(rows[:, LEDGER]),
    )
    came = found.filter(pl.Series(into)).with_columns(ledger="place", into=True)
    went = found.filter(pl.Series(off)).with_columns(ledger="here", into=False)
    return pl.concat([pl.DataFrame(schema=STEP_COLUMNS), *(_steps(one) for one in (came, went))])


def _steps(found: pl.DataFrame) -> pl.DataFrame:
    return found.select(pl.col(name).cast(dtype) for name, dtype in STEP_COLUMNS.items())


def rests_of(traced: Trace) -> pl.DataFrame:
    """Each part of a victim's money on an account: REST_COLUMNS; left is null for what still lies there.

    Which fen of one victim leave first no method says: inside a victim's own money on an account the oldest
    leave first, whatever the method; under fifo that is what the trace itself does.
    """
    steps = steps_of(traced).with_row_index("place").sort(*_KEYS, "at", "place")
    ends = steps.with_columns(until=pl.col("fen").cum_sum().over(*_KEYS, "into"))
    came = ends.filter("into").select(*_KEYS, "until", came="at")
    went = ends.filter(~pl.col("into")).select(*_KEYS, "until", left="at")
    cuts = pl.concat([came.select(*_KEYS, "until"), went.select(*_KEYS, "until")]).unique().sort("until")
    for side in (came, went):
        cuts = cuts.join_asof(
            side.sort("until"), on="until", by=_KEYS, strategy="forward", check_sortedness=False
        )
    return (
        cuts.filter(pl.col("came").is_not_null())
        .sort(*_KEYS, "until")
        .with_columns(fen=pl.col("until") - pl.col("until").shift(1, fill_value=0).over(*_KEYS))
        .select(list(REST_COLUMNS))
    )


def exits_of(rests: pl.DataFrame, traced: Trace) -> list[Exit]:
    """The parts that left, as exits of `rest_times`; all victims of an account together."""
    levels = account_levels(traced)
    parts = rests.filter(pl.col("left").is_not_null()).join(levels, on=_KEYS, how="left")
    accounts, victims = traced.ledgers.accounts, traced.claims.victims
    return [
        Exit(
            victims[owner - FIRST_VICTIM],
            accounts[ledger],
            level,
            timedelta(microseconds=max(0, left - came)),
        )
        for owner, ledger, level, came, left in parts.select(*_KEYS, "level", "came", "left").iter_rows()
    ]
