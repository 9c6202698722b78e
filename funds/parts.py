"""Each traced part of a movement with both its ends, as the layered flow sums them, and when it was where."""

from typing import Any

import numpy as np
import polars as pl
from numba import njit

from funds.book import AMOUNT, AT, CROSSED, EVENT, LEDGER
from funds.cells import FIRST_VICTIM, MOVED
from funds.claims import Claims
from funds.events import FOLLOWED, SINK
from funds.ledgers import Ledgers
from funds.methods import Traced
from funds.tracing import Trace
from graph.contract import Ints

VICTIM = -1
"""The start of a victim's own payment; other starts and ends are ledgers, NOWHERE is none."""
NOWHERE = -2
_CROSSED = SINK["crossed"]

PART_COLUMNS: dict[str, pl.DataType] = {
    "owner": pl.Int64(),
    "event": pl.Int64(),
    "start": pl.Int64(),
    "end": pl.Int64(),
    "sink": pl.Int64(),
    "fen": pl.Int64(),
    "at": pl.Int64(),
    "leaves": pl.Int64(),
    "arrives": pl.Int64(),
}


def parts_of(traced: Traced) -> pl.DataFrame:
    """PART_COLUMNS, victims' money only, in the order of the trace; no claims give no rows.

    start: VICTIM, or the ledger it left. end: the payee's ledger, also one without a sheet, else NOWHERE.
    sink: FOLLOWED when it goes on, else a code of SINKS. at: the row's own time in us. leaves, arrives: the
    same moved on where a payee's clock is behind its payer's, so that at no instant money is in two places.
    """
    told, ledgers, claims = traced.told, traced.ledgers, traced.claims
    event, owner = told["event"].to_numpy(), told["owner"].to_numpy()
    own = claims.of_event[event] == owner
    settled = _settled(ledgers)
    if isinstance(traced, Trace):
        entry, what = traced.moves["entry"].to_numpy(), traced.moves["what"].to_numpy()
        start = np.where(
            own & ((what == MOVED) | (what == _CROSSED)), VICTIM, ledgers.book.entry[entry, LEDGER]
        )
        sink, place = told["sink"].to_numpy(), told["place"].to_numpy()
    else:
        entry = ledgers.first_entry[event]
        crossed = ledgers.book.end[event, CROSSED] != 0
        start = np.where(own, VICTIM, ledgers.rows["payer_ledger"].to_numpy()[event])
        sink = np.where(crossed, _CROSSED, told["sink"].to_numpy())
        place = np.where(crossed, -1, told["place"].to_numpy())
    leaves = settled[entry]
    goes_on = sink == FOLLOWED
    arrival = np.where(goes_on, ledgers.book.arrival[event], -1)
    arrives = np.where(arrival >= 0, settled[arrival], leaves)
    columns = (owner, event, start, np.where(place >= 0, place, NOWHERE), sink, told["fen"], told["at"])
    named = zip(PART_COLUMNS, (*columns, leaves, arrives), strict=True)
    frame = pl.DataFrame({name: pl.Series(values, dtype=PART_COLUMNS[name]) for name, values in named})
    return frame.filter(pl.col("owner") >= FIRST_VICTIM)


def of_currency(parts: pl.DataFrame, claims: Claims, currency: str) -> pl.DataFrame:
    """The parts of owners who paid in this currency: sums never mix two."""
    owners = [n + FIRST_VICTIM for n, name in enumerate(claims.currencies) if name == currency]
    return parts.filter(pl.col("owner").is_in(owners))


def lying_at(parts: pl.DataFrame, at: int) -> pl.DataFrame:
    """owner, ledger, fen (above 0): what of victims' money lay on accounts at an instant; conserving methods.

    Money on its way between two sheets' times lies nowhere; `under_way` sums it.
    """
    arrived = parts.filter((pl.col("sink") == FOLLOWED) & (pl.col("arrives") <= at))
    left = parts.filter((pl.col("start") >= 0) & (pl.col("leaves") <= at))
    return (
        pl.concat(
            [
                arrived.select("owner", "fen", ledger="end"),
                left.select("owner", -pl.col("fen"), ledger="start"),
            ]
        )
        .group_by("owner", "ledger")
        .agg(pl.col("fen").sum())
        .filter(pl.col("fen") != 0)
        .sort("owner", "ledger")
    )


def under_way(parts: pl.DataFrame, at: int) -> int:
    """Fen that had left one sheet and not reached the other at an instant."""
    return int(parts.filter((pl.col("leaves") <= at) & (pl.col("arrives") > at))["fen"].sum())


def _settled(ledgers: Ledgers) -> Ints:
    """Of each entry, its time, never before that of its ledger's last entry or of its own debit."""
    book = ledgers.book
    found = book.entry[:, AT].copy()
    _push_on(book, found)
    return found


@njit(cache=True, error_model="numpy")
def _push_on(book: Any, found: Any) -> None:
    for r in range(len(found)):
        event, later = book.entry[r, EVENT], book.following[r]
        if later >= 0 and found[later] < found[r]:
            found[later] = found[r]
        other = book.arrival[event]
        if (
            book.entry[r, AMOUNT] < 0
            and other >= 0
            and book.end[event, CROSSED] == 0
            and found[other] < found[r]
        ):
            found[other] = found[r]
