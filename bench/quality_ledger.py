"""The lake's money rows as plain records, for checking by hand what a planted pattern's rows amount to."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import polars as pl

from detect.facts import Facts
from graph.lake.tables import LakeTables

CASH = "cash"
"""Stands for every cash counter, as an account and as a party."""


@dataclass(frozen=True, slots=True)
class Move:
    """One transfer or cash row: accounts, their holders (the account where unknown), times, fen, balances."""

    event: str
    payer: str
    payee: str
    payer_party: str
    payee_party: str
    at: datetime
    out_at: datetime
    in_at: datetime
    fen: int
    payer_balance: int | None
    payee_balance: int | None
    by_day: bool

    @property
    def counts(self) -> bool:
        """Whether rules about the order of money take it: a time of day, two holders."""
        return not self.by_day and self.payer_party != self.payee_party


@dataclass(frozen=True, slots=True)
class Ledger:
    """Moves by event (`event KEY`), the events of each account, and when accounts were opened."""

    moves: Mapping[str, Move]
    of_account: Mapping[str, Sequence[str]]
    opened: Mapping[str, datetime]

    def all_of(self, account: str) -> list[Move]:
        """Every row of an account, by time, then event."""
        return sorted(
            (self.moves[event] for event in self.of_account.get(account, ())),
            key=lambda m: (m.at, m.event),
        )

    def without_parties(self) -> "Ledger":
        """The same with every account as a holder of its own."""
        own = {e: replace(m, payer_party=m.payer, payee_party=m.payee) for e, m in self.moves.items()}
        return Ledger(own, self.of_account, self.opened)

    def opened_at_first_row(self) -> "Ledger":
        """The same with each account opened no later than its first row."""
        first: dict[str, datetime] = {}
        for account, events in self.of_account.items():
            at = min(self.moves[event].at for event in events)
            first[account] = min(at, self.opened.get(account, at))
        return Ledger(self.moves, self.of_account, first)


def read_ledger(tables: LakeTables, events: Iterable[str]) -> Ledger:
    """The moves of these events and all moves of the accounts they touch; unknown events are left out."""
    holder = dict(Facts(tables).holder_of.iter_rows())
    wanted = frozenset(events)
    every = pl.concat(_frame(tables, kind) for kind in ("TRANSFER", "CASH_OUT", "CASH_IN"))
    named = every.filter(pl.col("event").is_in(sorted(wanted)))
    touched = sorted((set(named["payer"]) | set(named["payee"])) - {CASH})
    near = every.filter(pl.col("payer").is_in(touched) | pl.col("payee").is_in(touched))
    moves = {row["event"]: _move(row, holder) for row in near.sort("event").iter_rows(named=True)}
    of_account: dict[str, list[str]] = {account: [] for account in touched}
    for event, move in moves.items():
        for account in {move.payer, move.payee} & set(of_account):
            of_account[account].append(event)
    opened = tables.scan("Account").select("key", "opened_at").drop_nulls().collect()
    return Ledger(moves, of_account, dict(opened.filter(pl.col("key").is_in(touched)).iter_rows()))


def _frame(tables: LakeTables, kind: str) -> pl.DataFrame:
    moved = kind == "TRANSFER"
    cash, none = pl.lit(CASH), pl.lit(None, dtype=pl.Int64)
    balances = {"TRANSFER": ("from_balance_fen", "to_balance_fen"), "CASH_OUT": ("balance_fen", None)}
    payer, payee = balances.get(kind, (None, "balance_fen"))
    return (
        tables.scan(kind)
        .select(
            ("event " + pl.col("event_key")).alias("event"),
            (cash if kind == "CASH_IN" else pl.col("from_key")).alias("payer"),
            (cash if kind == "CASH_OUT" else pl.col("to_key")).alias("payee"),
            "at",
            (pl.col("from_at").fill_null(pl.col("at")) if moved else pl.col("at")).alias("out_at"),
            (pl.col("to_at").fill_null(pl.col("at")) if moved else pl.col("at")).alias("in_at"),
            pl.col("amount_fen").alias("fen"),
            (none if payer is None else pl.col(payer)).alias("payer_balance"),
            (none if payee is None else pl.col(payee)).alias("payee_balance"),
            pl.col("precision").eq_missing("day").alias("by_day"),
        )
        .collect()
    )


def _move(row: Mapping[str, Any], holder: Mapping[str, str]) -> Move:
    payer, payee = row["payer"], row["payee"]
    return Move(**row, payer_party=holder.get(payer, payer), payee_party=holder.get(payee, payee))
