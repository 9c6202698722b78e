"""Follows victims' money through all accounts by a chosen method, and tells where every fen of it is."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import polars as pl

from funds.book import AT, EVENT, SINK_CODE
from funds.cells import FIRST_VICTIM, LENGTH, LOGGED, MOVED, Cells, empty_cells, larger, lying
from funds.claims import Claims
from funds.events import FOLLOWED, SINKS
from funds.ledgers import Ledgers
from funds.notices import Notice
from funds.passes import follow
from funds.reached import reached_notices
from graph.errors import InputError

CONSERVING = ("fifo", "lifo", "pro_rata", "libr")
_ROOM, _LOG = 1 << 16, 1 << 18

MOVE_COLUMNS: dict[str, pl.DataType] = {
    "owner": pl.Int64(),
    "entry": pl.Int64(),
    "what": pl.Int64(),
    "fen": pl.Int64(),
}
HELD_COLUMNS: dict[str, pl.DataType] = {"owner": pl.Int64(), "ledger": pl.Int64(), "fen": pl.Int64()}


@dataclass(frozen=True)
class Trace:
    """moves: MOVE_COLUMNS in order of the trace, `own` left out. held: HELD_COLUMNS at the end of the data.

    owner: 1 is unknown money, 2 and up the claims'. what: -1 went to the event's payee, else a code of SINKS.
    """

    method: str
    ledgers: Ledgers
    claims: Claims
    moves: pl.DataFrame
    held: pl.DataFrame

    @cached_property
    def told(self) -> pl.DataFrame:
        """Each move with its event, place (ledger of the payee, -1 none), at and sink (FOLLOWED: goes on)."""
        book, rows = self.ledgers.book, self.ledgers.rows
        entry, what = self.moves["entry"].to_numpy(), self.moves["what"].to_numpy()
        event = book.entry[entry, EVENT]
        direct = what == MOVED
        sink = np.where(direct, book.end[event, SINK_CODE], what)
        place = np.where(direct, rows["payee_ledger"].to_numpy()[event], -1)
        return self.moves.select("owner", "fen").with_columns(
            event=pl.Series(event),
            place=pl.Series(place),
            at=pl.Series(book.entry[entry, AT]),
            sink=pl.Series(sink),
        )

    @cached_property
    def received(self) -> pl.DataFrame:
        """What came to each account: owner, ledger, fen, transfers, first_at (us); by owner, ledger."""
        return (
            self.told.filter(pl.col("place") >= 0)
            .group_by("owner", ledger="place")
            .agg(
                pl.col("fen").sum(),
                transfers=pl.col("event").n_unique().cast(pl.Int64),
                first_at=pl.col("at").min(),
            )
            .sort("owner", "ledger")
        )

    @cached_property
    def sinks(self) -> pl.DataFrame:
        """What left for good: owner, sink (text), fen; by owner, in order of SINKS."""
        return (
            self.told.filter(pl.col("sink") != FOLLOWED)
            .group_by("owner", "sink")
            .agg(pl.col("fen").sum())
            .sort("owner", "sink")
            .with_columns(
                pl.col("sink").replace_strict(list(range(len(SINKS))), list(SINKS), return_dtype=pl.String)
            )
        )

    @cached_property
    def notices(self) -> tuple[Notice, ...]:
        """What limits this trace: of the data, of the claims, of the accounts it reached."""
        places = np.unique(np.r_[self.received["ledger"].to_numpy(), self.held["ledger"].to_numpy()])
        left = self.told.filter(
            (pl.col("sink") == SINKS.index("left_data")) & (pl.col("owner") >= FIRST_VICTIM)
        )
        return (
            *self.ledgers.notices,
            *self.claims.notices,
            *reached_notices(self.ledgers, places, left),
        )

    def unaccounted(self) -> dict[int, int]:
        """Owner -> fen paid less fen held and ended; empty as it must be."""
        ends = pl.concat([self.sinks.select("owner", "fen"), self.held.select("owner", "fen")])
        sums = dict(ends.group_by("owner").agg(pl.col("fen").sum()).iter_rows())
        paid = enumerate(self.claims.paid_fen, start=FIRST_VICTIM)
        return {owner: fen - sums.get(owner, 0) for owner, fen in paid if fen != sums.get(owner, 0)}


def trace(ledgers: Ledgers, claims: Claims, method: str = "fifo") -> Trace:
    """Follow all claims' money by a conserving method; no claims give no moves. Source: DOMAIN.md 7.1.

    InputError for another method.
    """
    if method not in CONSERVING:
        raise InputError(f"There is no conserving method {method!r}; choose one of {', '.join(CONSERVING)}.")
    count = len(ledgers.followed)
    cells = empty_cells(count, ledgers.rows.height, len(claims.victims) + FIRST_VICTIM, _ROOM, _LOG)
    logs: list[pl.DataFrame] = []
    due = np.zeros(len(ledgers.book.entry), dtype=np.bool_)
    due[ledgers.first_entry[claims.of_event >= 0]] = True
    done, code = 0, CONSERVING.index(method)
    while done < len(due):
        done = int(follow(cells, ledgers.book, claims.of_event, code, due, done))
        logs.append(_log(cells))
        if done < len(due):
            cells = larger(cells)
    moves = pl.concat([pl.DataFrame(schema=MOVE_COLUMNS), *logs])
    return Trace(method, ledgers, claims, moves, _held(cells, count))


def _log(cells: Cells) -> pl.DataFrame:
    """The log so far as a frame of its own; the log is empty afterwards."""
    count = int(cells.used[LOGGED])
    cells.used[LOGGED] = 0
    return pl.from_numpy(cells.log[:count].copy(), schema=MOVE_COLUMNS)


def _held(cells: Cells, ledgers: int) -> pl.DataFrame:
    """What lies on the accounts; layers of one owner added up."""
    lines = np.zeros((int(cells.chain[:ledgers, LENGTH].sum()), 3), dtype=np.int64)
    lying(cells, ledgers, lines)
    found = pl.from_numpy(lines, schema=HELD_COLUMNS)
    return found.group_by("owner", "ledger").agg(pl.col("fen").sum()).sort("owner", "ledger")
