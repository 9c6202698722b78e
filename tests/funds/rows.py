"""Money rows of tests as plain records, and the movements of the product made of them."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass

import polars as pl

from funds.events import EVENT_COLUMNS, SINK, Movements

MINUTE = 60_000_000


@dataclass(frozen=True, slots=True)
class Row:
    """One movement; payer or payee None is a cash counter. Times in minutes, None: not in that sheet."""

    key: str
    payer: str | None
    payee: str | None
    fen: int
    out_at: int | None = None
    in_at: int | None = None
    out_balance: int | None = None
    in_balance: int | None = None
    out_serial: str | None = None
    in_serial: str | None = None
    currency: str = "CNY"
    sink: str = "left_data"

    @property
    def at(self) -> int:
        """The time the lake has: the payer's, else the payee's."""
        told = self.out_at if self.out_at is not None else self.in_at
        assert told is not None
        return told


def pay(
    key: str,
    payer: str,
    payee: str,
    fen: int,
    minute: int,
    out_balance: int | None = None,
    in_balance: int | None = None,
) -> Row:
    """A transfer that both sides' sheets have, at one minute."""
    return Row(key, payer, payee, fen, minute, minute, out_balance, in_balance)


def draw(key: str, payer: str, fen: int, minute: int, balance: int | None = None) -> Row:
    """Cash taken out."""
    return Row(key, payer, None, fen, minute, None, balance, sink="cash_out")


def with_sheets(rows: Iterable[Row]) -> set[str]:
    """Accounts with a row of their own."""
    found = {row.payer for row in rows if row.payer and row.out_at is not None}
    return found | {row.payee for row in rows if row.payee and row.in_at is not None}


def moved(rows: Sequence[Row], sheets: set[str] | None = None) -> Movements:
    """The movements of these rows, in this order; sheets: accounts with one, by default who has a row."""
    lines = [
        asdict(row)
        | {
            "event_key": row.key,
            "at": row.at * MINUTE,
            "out_at": None if row.out_at is None else row.out_at * MINUTE,
            "in_at": None if row.in_at is None else row.in_at * MINUTE,
            "sink": SINK[row.sink],
        }
        for row in rows
    ]
    frame = pl.DataFrame(
        [{name: line[name] for name in EVENT_COLUMNS} for line in lines], schema=EVENT_COLUMNS
    )
    known = with_sheets(rows) if sheets is None else sheets
    return Movements(frame, pl.Series(sorted(known), dtype=pl.String), ())
