"""The methods side by side, and the interval of what each account may have received or held of a victim's."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import polars as pl

from funds.cells import FIRST_VICTIM, UNKNOWN
from funds.claims import Claims
from funds.ledgers import Ledgers
from funds.methods import METHODS, Traced, trace_by
from funds.tracing import CONSERVING

_KEYS = ["owner", "ledger"]


@dataclass(frozen=True)
class Comparison:
    """traced: one trace a method over the same ledgers and claims, all conserving ones among them."""

    traced: Mapping[str, Traced]

    @cached_property
    def received(self) -> pl.DataFrame:
        """owner, ledger, a column of fen a method, low, high; by owner, ledger."""
        return _intervals({name: one.received for name, one in self.traced.items()})

    @cached_property
    def held(self) -> pl.DataFrame:
        """The same of what lies there at the end of the data."""
        return _intervals({name: one.held for name, one in self.traced.items()})

    @cached_property
    def unknown(self) -> dict[int, int]:
        """Ledger -> most unknown fen it received by any method: a victim not named there had at most that."""
        every = [
            one.received.filter(pl.col("owner") == UNKNOWN).select("ledger", "fen")
            for name, one in self.traced.items()
            if name in CONSERVING
        ]
        return dict(pl.concat(every).group_by("ledger").agg(pl.col("fen").max()).iter_rows())


def compare(ledgers: Ledgers, claims: Claims, methods: Sequence[str] = METHODS) -> Comparison:
    """Trace by all conserving methods, and by poison if it is among `methods`. Source: DOMAIN.md 7.1."""
    wanted = [name for name in METHODS if name in CONSERVING or name in methods]
    return Comparison({name: trace_by(ledgers, claims, name) for name in wanted})


def _intervals(sums: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """low, high: least and greatest over the conserving methods, with and without the unknown money there.

    Unknown money came through a gap: it may all have been this victim's, or none. A gap is taken for one
    missing row; where rows in and out are missing at one place, only their difference shows.
    """
    named = pl.concat([one.select(_KEYS) for one in sums.values()])
    keys = named.filter(pl.col("owner") >= FIRST_VICTIM).unique()
    table = keys
    highs = []
    for name, one in sums.items():
        fen = one.select(*_KEYS, pl.col("fen").alias(name))
        table = table.join(fen, on=_KEYS, how="left").with_columns(pl.col(name).fill_null(0))
        if name in CONSERVING:
            unknown = fen.filter(pl.col("owner") == UNKNOWN).select("ledger", pl.col(name).alias(f"{name}+"))
            table = table.join(unknown, on="ledger", how="left")
            highs.append(pl.col(name) + pl.col(f"{name}+").fill_null(0))
    return (
        table.with_columns(low=pl.min_horizontal(CONSERVING), high=pl.max_horizontal(highs))
        .select(*_KEYS, *sums, "low", "high")
        .sort(_KEYS)
    )
