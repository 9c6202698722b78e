"""The table of a traced case: one line a victim and account, with level, interval, first arrival and ends."""

from collections import defaultdict
from dataclasses import dataclass, field

import polars as pl

from funds.cells import FIRST_VICTIM
from funds.comparison import Comparison
from funds.events import FOLLOWED, SINKS
from funds.parts import parts_of
from funds.trace_levels import account_levels


@dataclass(frozen=True, slots=True)
class AccountLine:
    """What one account had of one victim's money, in fen of one currency, by the method asked for.

    level: None where nothing that counts came. low, high: of received, as in `Comparison`. first_at: us.
    by_method: received by each method compared. ends: name of a sink -> what went there from here.
    """

    victim: str
    account: str
    currency: str
    level: int | None
    received_fen: int
    held_fen: int
    low_fen: int
    high_fen: int
    first_at: int
    transfers: int
    followed: bool
    by_method: dict[str, int]
    ends: dict[str, int] = field(default_factory=dict)


def account_lines(found: Comparison, method: str, share: float = 0.01) -> tuple[AccountLine, ...]:
    """Every victim and account that the method reaches, by victim, level (none last), sum, account.

    share: of `account_levels`. A comparison of narrowed traces gives their victims' lines.
    """
    traced = found.traced[method]
    ledgers, claims = traced.ledgers, traced.claims
    level = {(owner, at): one for owner, at, one in account_levels(traced, share).iter_rows()}
    held = {(owner, at): fen for owner, at, fen in traced.held.iter_rows()}
    first = {
        (owner, at): (when, count)
        for owner, at, when, count in traced.received.select(
            "owner", "ledger", "first_at", "transfers"
        ).iter_rows()
    }
    ends = _ends(parts_of(traced))
    lines = []
    for row in found.received.filter(pl.col(method) > 0).iter_rows(named=True):
        pair = row["owner"], row["ledger"]
        when, count = first[pair]
        lines.append(
            AccountLine(
                victim=claims.victims[row["owner"] - FIRST_VICTIM],
                account=str(ledgers.accounts[row["ledger"]]),
                currency=str(ledgers.currencies[row["ledger"]]),
                level=level.get(pair),
                received_fen=row[method],
                held_fen=held.get(pair, 0),
                low_fen=row["low"],
                high_fen=row["high"],
                first_at=when,
                transfers=count,
                followed=bool(ledgers.followed[row["ledger"]]),
                by_method={name: row[name] for name in found.traced},
                ends=ends.get(pair, {}),
            )
        )
    return tuple(
        sorted(
            lines,
            key=lambda one: (
                one.victim, one.currency, one.level is None, one.level or 0, -one.received_fen, one.account
            ),
        )
    )  # fmt: skip


def _ends(parts: pl.DataFrame) -> dict[tuple[int, int], dict[str, int]]:
    """(owner, ledger) -> sink -> fen: from the account itself, or in it where it has no sheet."""
    found: dict[tuple[int, int], dict[str, int]] = defaultdict(dict)
    ending = parts.filter(pl.col("sink") != FOLLOWED)
    place = pl.when(pl.col("end") >= 0).then(pl.col("end")).otherwise(pl.col("start"))
    sums = (
        ending.with_columns(ledger=place)
        .group_by("owner", "ledger", "sink")
        .agg(pl.col("fen").sum())
        .sort("owner", "ledger", "sink")
    )
    for owner, ledger, sink, fen in sums.iter_rows():
        found[owner, ledger][SINKS[sink]] = fen
    return found
