"""Transfers and cash as time-sorted integer arrays, the one input of all money kernels."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

import numpy as np
import polars as pl

from detect.results import Row
from graph.contract import Ints, Ref
from graph.lake.tables import LakeTables

UNKNOWN = -(2**62)
"""Balance of an entry whose sheet states none."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_NO_ACCOUNT = {"payer": "CASH_IN", "payee": "CASH_OUT"}
"""End of an event -> the kind of event that has a cash counter there."""
_MOVED, _DRAWN, _PAID_IN = (pl.col("kind") == kind for kind in ("TRANSFER", "CASH_OUT", "CASH_IN"))


class Side(NamedTuple):
    """One side of all ledgers, a named tuple because compiled loops take no other record.

    Entries of account i are start[i]:start[i+1], by own time, then event.
    at: microseconds since 1970 UTC. amount: fen. peer: dense id of the other account (the account count and
    up for a cash counter). party: dense id of the other account's holder, so that payers are persons.
    balance: after the entry, UNKNOWN where not stated. event: column of `Money.proof`.
    """

    start: Ints
    at: Ints
    amount: Ints
    peer: Ints
    party: Ints
    balance: Ints
    event: Ints

    def owners(self) -> Ints:
        """The account of each entry, as a dense id."""
        return np.repeat(np.arange(len(self.start) - 1, dtype=np.int64), np.diff(self.start))


@dataclass(frozen=True, slots=True)
class Money:
    """All transfers and cash whose times order them, without moves between one holder's accounts.

    accounts: keys, sorted; the index is the dense id. ins holds transfers only, fed transfers and cash paid
    in; outs holds transfers and withdrawals. sources: sha256 texts, sorted. proof: (2, events), the own and
    the mirror row of each event as place in `sources` << 40 | row, -1 where there is no mirror row: sorted
    numbers are sorted rows.
    left_out_days: events known only by day, kept out of order-sensitive rules (DOMAIN 3).
    """

    accounts: pl.Series
    ins: Side
    fed: Side
    outs: Side
    sources: tuple[str, ...]
    proof: Ints
    party_count: int
    left_out_days: int

    def ref(self, account: int) -> Ref:
        """The account of a dense id."""
        return Ref("Account", str(self.accounts[int(account)]))

    def rows(self, events: Iterable[int]) -> tuple[Row, ...]:
        """Source rows of events, mirror rows included, sorted, each once."""
        found = np.unique(self.proof[:, list(events)])
        found = found[found >= 0]
        places, rows = (found >> _ROW_BITS).tolist(), (found & ((1 << _ROW_BITS) - 1)).tolist()
        return tuple((self.sources[place], row) for place, row in zip(places, rows, strict=True))


_ROW_BITS = 40
_PROOF = ["source", "row", "other_source", "other_row"]


def instant(us: int) -> datetime:
    """The UTC instant of microseconds since 1970."""
    return _EPOCH + timedelta(microseconds=int(us))


def microseconds(span: timedelta) -> int:
    """A duration in whole microseconds."""
    return span // timedelta(microseconds=1)


def millionths(share: float) -> int:
    """A share as an integer of millionths, so that bounds compare exactly in fen."""
    return round(share * 1_000_000)


def load_money(tables: LakeTables, holder_of: pl.DataFrame) -> Money:
    """Money of a lake; holder_of: account, holder (text, one row an account).

    An empty lake gives empty arrays.
    """
    every = pl.concat([_transfers(tables), _cash(tables, "CASH_OUT"), _cash(tables, "CASH_IN")])
    timed = every.filter(~pl.col("by_day"))
    registered = tables.scan("Account").select("key").collect()["key"]
    ends = [timed.filter(pl.col("kind") != _NO_ACCOUNT[end])[end] for end in ("payer", "payee")]
    accounts = pl.concat([registered, *(end.alias("key") for end in ends)]).unique().sort()
    parties, party_count = _parties(accounts, holder_of)
    events = (
        _coded(timed, parties, accounts.len(), party_count)
        .filter(pl.col("payer_party") != pl.col("payee_party"))
        .sort("at", "event_key")
        .with_row_index("event")
        .with_columns(pl.col("event").cast(pl.Int64))
    )
    sources = pl.concat([events["source"], events["other_source"]]).drop_nulls().unique().sort()
    ins, fed, outs = (events.filter(chosen) for chosen in (_MOVED, ~_DRAWN, ~_PAID_IN))
    payer, payee = ("payer_code", "payer_party"), ("payee_code", "payee_party")
    return Money(
        accounts=accounts,
        ins=_side(ins, accounts.len(), payee[0], payer, "to_at", "to_balance_fen"),
        fed=_side(fed, accounts.len(), payee[0], payer, "to_at", "to_balance_fen"),
        outs=_side(outs, accounts.len(), payer[0], payee, "from_at", "from_balance_fen"),
        sources=tuple(sources.to_list()),
        proof=_proof(events, sources),
        party_count=party_count + 1,
        left_out_days=every.height - timed.height,
    )


def _transfers(tables: LakeTables) -> pl.DataFrame:
    return _selected(
        tables.scan("TRANSFER"), "TRANSFER", ("from_at", "to_at"), ("from_balance_fen", "to_balance_fen")
    )


def _cash(tables: LakeTables, kind: str) -> pl.DataFrame:
    own = ("balance_fen", None) if kind == "CASH_OUT" else (None, "balance_fen")
    return _selected(tables.scan(kind), kind, ("at", "at"), own)


def _selected(
    rows: pl.LazyFrame, kind: str, times: tuple[str, str], balances: tuple[str | None, str | None]
) -> pl.DataFrame:
    def balance(column: str | None) -> pl.Expr:
        return pl.lit(UNKNOWN) if column is None else pl.col(column).fill_null(UNKNOWN)

    def moment(column: str) -> pl.Expr:
        return pl.col(column).fill_null(pl.col("at")).dt.timestamp("us")

    return rows.select(
        "event_key",
        pl.col("from_key").alias("payer"),
        pl.col("to_key").alias("payee"),
        moment("at").alias("at"),
        moment(times[0]).alias("from_at"),
        moment(times[1]).alias("to_at"),
        "amount_fen",
        balance(balances[0]).cast(pl.Int64).alias("from_balance_fen"),
        balance(balances[1]).cast(pl.Int64).alias("to_balance_fen"),
        *_PROOF,
        pl.col("precision").eq_missing("day").alias("by_day"),
        pl.lit(kind).alias("kind"),
    ).collect()


def _parties(accounts: pl.Series, holder_of: pl.DataFrame) -> tuple[pl.DataFrame, int]:
    """key, code, party of each account: accounts of one holder share a party, others are their own."""
    frame = (
        pl.DataFrame({"key": accounts.cast(pl.String)})
        .join(holder_of.select(pl.col("account").alias("key"), "holder"), on="key", how="left")
        .with_columns(
            pl.when(pl.col("holder").is_null())
            .then(pl.lit("a:") + pl.col("key"))
            .otherwise(pl.lit("h:") + pl.col("holder"))
            .alias("holder")
        )
        .sort("key")
        .with_row_index("code")
        .with_columns(
            pl.col("code").cast(pl.Int64), (pl.col("holder").rank("dense").cast(pl.Int64) - 1).alias("party")
        )
    )
    return frame.select("key", "code", "party"), frame["party"].n_unique()


def _coded(every: pl.DataFrame, parties: pl.DataFrame, account_count: int, party_count: int) -> pl.DataFrame:
    """Rows with dense ids; all cash counters are one payee or payer with an id behind the accounts'."""
    account = pl.Enum(parties["key"])
    for end in ("payer", "payee"):
        code = every[end].cast(account, strict=False).to_physical().cast(pl.Int64)
        every = every.with_columns(
            code.alias(f"{end}_code"), parties["party"].gather(code).alias(f"{end}_party")
        )
    counters = [
        pl.when(pl.col("kind") == kind).then(behind).otherwise(pl.col(f"{end}_{name}")).alias(f"{end}_{name}")
        for end, kind in _NO_ACCOUNT.items()
        for name, behind in (("code", account_count), ("party", party_count))
    ]
    return every.with_columns(counters)


def _side(
    events: pl.DataFrame, count: int, account: str, other: tuple[str, str], at: str, balance: str
) -> Side:
    wanted = [account, at, "amount_fen", *other, balance, "event"]
    ordered = events.select(wanted).sort(account, at, "event")
    start = np.searchsorted(ordered[account].to_numpy(), np.arange(count + 1)).astype(np.int64)
    columns = (
        ordered[name].to_numpy().astype(np.int64) for name in (at, "amount_fen", *other, balance, "event")
    )
    return Side(start, *columns)


def _proof(events: pl.DataFrame, sources: pl.Series) -> Ints:
    """See `Money.proof`."""
    place = pl.Enum(sources)
    own, mirror = (
        events.select(
            pl.col(source).cast(place).to_physical().cast(pl.Int64) * (1 << _ROW_BITS) + pl.col(row)
        )
        .to_series()
        .fill_null(-1)
        for source, row in (("source", "row"), ("other_source", "other_row"))
    )
    return np.stack([own.to_numpy(), mirror.to_numpy()]).astype(np.int64)
