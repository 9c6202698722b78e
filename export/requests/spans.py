"""Which rows of an account are missing: gaps in its balances, no sheet at all, what came since."""

from datetime import UTC, datetime, timedelta

import numpy as np

from export.requests.items import Span
from funds.book import AT, GAP, LEDGER
from funds.refund.ground import RefundGround

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
WHY: dict[str, tuple[str, str]] = {
    "GAP": ("余额不连续，缺行，差额 {yuan} 元", "balances do not follow, rows are missing: {yuan} yuan"),
    "NO_SHEET": ("没有该账户自己的明细", "there is no sheet of the account's own"),
    "SINCE": ("现有明细之后", "since the last row known"),
    "ASKED": ("办案单位指定", "asked for by the officer"),
}


def missing_spans(ground: RefundGround, account: str, now: datetime) -> tuple[Span, ...]:
    """The spans to ask for, by time; an account that no movement names is asked for from its beginning."""
    ledger = ground.ledger(account)
    if ledger is None:
        return (Span(None, now, "NO_SHEET"),)
    first = ground.first_at(account)
    if not ground.ledgers.followed[ledger]:
        return (Span(first, now, "NO_SHEET"),)
    book = ground.ledgers.book
    entry = book.entry[book.entry[:, LEDGER] == ledger]
    spans = [
        Span(
            _instant(entry[place - 1, AT]) if place else None,
            _instant(entry[place, AT]),
            "GAP",
            int(entry[place, GAP]),
        )
        for place in np.flatnonzero(entry[:, GAP])
    ]
    last = ground.last_at(account)
    if last is not None and last < now:
        spans.append(Span(last, now, "SINCE"))
    return tuple(spans)


def _instant(us: int) -> datetime:
    return _EPOCH + timedelta(microseconds=int(us))
