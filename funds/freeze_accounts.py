"""What is known of the accounts that victims' money lies on, as plain facts for the freeze queue."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np
import polars as pl

from funds.book import AT, LEDGER
from funds.cells import FIRST_VICTIM
from funds.comparison import Comparison
from funds.controls.account import Order, OrderState
from funds.controls.earlier import earlier_fen
from funds.controls.events import Measure, Mode
from funds.controls.reading import Reading
from funds.freeze_score import Hold
from funds.ledgers import Ledgers
from funds.trace_levels import account_levels
from graph.lake.tables import LakeTables

_CLOSED = re.compile(r"销户|注销|closed", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Share:
    """Money of one case on one account: held_fen by the method asked for, low and high over all methods."""

    case: str
    held_fen: int
    low_fen: int
    high_fen: int
    level: int | None


@dataclass(frozen=True, slots=True)
class Balance:
    """The latest balance of an account, below zero where overdrawn; None: not known. at: when it was so."""

    fen: int | None
    at: datetime | None


def shares_of(
    found: Comparison, method: str, currency: str, cases: Sequence[str] | None = None
) -> dict[int, tuple[Share, ...]]:
    """Ledger of this currency -> the cases (of `cases` alone) whose money may lie there, by case.

    Only ledgers where some of it lies by `method`; a case whose money lies there by another method alone has
    held_fen 0 and its interval.
    """
    traced = found.traced[method]
    level = {(owner, ledger): one for owner, ledger, one in account_levels(traced).iter_rows()}
    shares: dict[int, list[Share]] = {}
    for line in found.held.iter_rows(named=True):
        owner, ledger = line["owner"], line["ledger"]
        case = traced.claims.victims[owner - FIRST_VICTIM]
        if traced.ledgers.currencies[ledger] == currency and (cases is None or case in cases):
            share = Share(case, line[method], line["low"], line["high"], level.get((owner, ledger)))
            shares.setdefault(ledger, []).append(share)
    return {
        ledger: tuple(sorted(own, key=lambda one: one.case))
        for ledger, own in sorted(shares.items())
        if any(one.held_fen for one in own)
    }


def last_rows(ledgers: Ledgers) -> dict[int, datetime]:
    """Ledger -> the instant of its last row of any kind, of either side's sheet."""
    last = np.full(len(ledgers.followed), np.iinfo(np.int64).min, dtype=np.int64)
    np.maximum.at(last, ledgers.book.entry[:, LEDGER], ledgers.book.entry[:, AT])
    seen = np.unique(ledgers.book.entry[:, LEDGER])
    return {int(one): _instant(int(last[one])) for one in seen}


def balance_of(
    ledgers: Ledgers, ledger: int, last: datetime | None, account: Mapping[str, object]
) -> Balance:
    """The balance by the sheet's rows, or by the register where that tells of a later instant.

    An account whose sheet states no balance at all is known by the register alone, and only if nothing moved
    since; else it is not known. Registers state yuan. Balances count what any hold holds: our own takes
    nothing off them.
    """
    stated, at = account.get("balance_fen"), account.get("balance_at")
    latest = isinstance(at, datetime) and (last is None or at >= last)
    if latest and isinstance(stated, int) and isinstance(at, datetime):
        return Balance(stated, at)
    return Balance(None if ledgers.blind[ledger] else int(ledgers.closing[ledger]), last)


def account_facts(tables: LakeTables, accounts: Sequence[str]) -> dict[str, dict[str, object]]:
    """Account key -> the columns of its node that the queue reads."""
    columns = [
        "key",
        "account_class",
        "corporate",
        "status",
        "closed_at",
        "balance_fen",
        "balance_at",
        "grade",
    ]
    found = tables.scan("Account").select(columns).filter(pl.col("key").is_in(list(accounts))).collect()
    return {line["key"]: line for line in found.iter_rows(named=True)}


def kind_of(account: Mapping[str, object]) -> str:
    """`corporate`, else the class of the account as its register states it; empty: not known."""
    return "corporate" if account.get("corporate") else str(account.get("account_class") or "")


def closed(account: Mapping[str, object], now: datetime) -> bool:
    """Whether the register says that the account was closed by `now`."""
    at = account.get("closed_at")
    if isinstance(at, datetime):
        return at <= now
    return bool(_CLOSED.search(str(account.get("status") or "")))


def hold_of(reading: Reading) -> Hold | None:
    """Our own hold: of the sure ones that hold everything the one that ends last, else the greatest in part.

    A freeze up to an amount that states none holds nothing for sure.
    """
    sure = [(order.ends_at, _up_to(order)) for order in reading.sure_holds]
    whole = [end for end, up_to in sure if end is not None and up_to is None]
    if whole:
        return Hold(max(whole))
    part = [(up_to, end) for end, up_to in sure if end is not None and up_to]
    return Hold(max(part)[1], max(part)[0]) if part else None


def _up_to(order: Order) -> int | None:
    if order.measure is Measure.STOP or order.mode is Mode.RECEIVE_ONLY:
        return None
    return order.limit_fen if order.limit_fen is not None else order.executed_fen or 0


def freeze_document(reading: Reading) -> str:
    """The document of a freeze that is asked for, waits or runs; empty without."""
    open_states = (OrderState.REQUESTED, OrderState.WAITING, OrderState.RUNNING)
    freezes = reading.controls.those(Measure.FREEZE, *open_states)
    return next((order.document for order in freezes if order.document), "")


def held_before_us(reading: Reading | None, now: datetime) -> int:
    """What earlier freezers in force hold."""
    return 0 if reading is None else earlier_fen(reading.earlier, now)


def _instant(us: int) -> datetime:
    return datetime.fromtimestamp(us // 1_000_000, UTC).replace(microsecond=us % 1_000_000)
