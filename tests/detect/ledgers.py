"""Small random ledgers and plain lists of payments, for kernels and their brute-force oracles."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import polars as pl
from hypothesis import strategies as st

from detect.facts import Facts
from graph.lake.tables import LakeTables, empty_tables
from graph.lake.watched import with_tables
from graph.schema.catalog import table_columns

START = datetime(2024, 3, 1, tzinfo=UTC)
SOURCE = "0" * 64


@dataclass(frozen=True, slots=True)
class Payment:
    """One transfer of a test: minutes after the start, fen, the payer's balance after it; row names it."""

    payer: str
    payee: str
    minute: int
    fen: int
    balance: int | None = None
    row: int = 0


def in_memory(frames: Mapping[str, pl.DataFrame]) -> LakeTables:
    """Tables of these frames, which never touch the disk, so that a property can try hundreds of them."""
    rows = {name: frame.height for name, frame in frames.items()}
    return with_tables(replace(empty_tables(), rows=rows), frames)


def facts_of(payments: list[Payment]) -> Facts:
    """Facts over a lake that holds just these transfers; nobody is known to hold an account."""
    columns = table_columns("TRANSFER")
    rows = [
        {
            **dict.fromkeys(columns),
            "event_key": f"t{payment.row:04d}",
            "from_type": "Account",
            "from_key": payment.payer,
            "to_type": "Account",
            "to_key": payment.payee,
            "at": START + timedelta(minutes=payment.minute),
            "region": "000000",
            "amount_fen": payment.fen,
            "from_balance_fen": payment.balance,
            "precision": "second",
            "source": SOURCE,
            "row": payment.row,
        }
        for payment in payments
    ]
    return Facts(in_memory({"TRANSFER": pl.DataFrame(rows, schema=columns)}))


@st.composite
def ledgers(draw: st.DrawFn, accounts: int = 6, payments: int = 14) -> list[Payment]:
    """Up to `payments` transfers among `accounts` accounts, with close and equal times, equal amounts."""
    count = draw(st.integers(0, payments))
    found = []
    for row in range(1, count + 1):
        payer, payee = draw(st.permutations(range(accounts)))[:2]
        found.append(
            Payment(
                f"K{payer}",
                f"K{payee}",
                draw(st.integers(0, 12)) * 10,
                draw(st.sampled_from([100, 90, 81, 80, 50, 10])) * 100,
                draw(st.sampled_from([None, 0, 50, 100, 5000])),
                row,
            )
        )
    return found
