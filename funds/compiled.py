"""Compiles every kernel of the tracer by using each once: `python -m funds.compiled`; `make setup` starts it.

Numba keeps the machine code in NUMBA_CACHE_DIR, so that nobody waits for it at a first trace.
"""

import polars as pl

from funds.claims import claims_of
from funds.comparison import compare
from funds.events import EVENT_COLUMNS, SINK, Movements
from funds.flow import flow_of
from funds.ledgers import Ledgers, ledgers_of
from funds.methods import METHODS
from graph.compiled import forget_older

# key, payer, payee, fen, minute, both sides' balances behind it; two are of one minute, one has one side.
_ROWS = (
    ("v", "X", "A", 100_000, 1, None, 100_000),
    ("w", "Y", "A", 50_000, 2, None, 150_000),
    ("a", "A", "B", 120_000, 3, 30_000, 120_000),
    ("b", "A", "B", 10_000, 3, 20_000, 130_000),
    ("c", "B", "C", 60_000, 4, 69_000, None),
    ("d", "B", "A", 60_000, 5, 9_000, 80_000),
)
_MINUTE = 60_000_000


def main() -> None:
    """Use every kernel with the types of arrays that it is used with."""
    claims = claims_of(ledgers := _ledgers(), {"v": "V", "w": "W"})
    found = compare(ledgers, claims, METHODS)
    if any(flow_of(traced).paid_fen != 150_000 for traced in found.traced.values()):
        raise AssertionError("a trace of six rows lost money")
    forget_older()


def _ledgers() -> Ledgers:
    lines = [
        {
            "event_key": key,
            "payer": payer,
            "payee": payee,
            "currency": "CNY",
            "fen": fen,
            "at": minute * _MINUTE,
            "out_at": None if left is None else minute * _MINUTE,
            "in_at": None if arrived is None else minute * _MINUTE,
            "out_serial": None,
            "in_serial": None,
            "out_balance": left,
            "in_balance": arrived,
            "sink": SINK["left_data"],
        }
        for key, payer, payee, fen, minute, left, arrived in _ROWS
    ]
    rows = pl.DataFrame(
        [{name: line[name] for name in EVENT_COLUMNS} for line in lines], schema=EVENT_COLUMNS
    )
    return ledgers_of(Movements(rows, pl.Series(["A", "B"]), ()))


if __name__ == "__main__":
    main()
