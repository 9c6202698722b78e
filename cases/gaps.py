"""Where the balances of the shown accounts say that rows are missing: marks on the time axis."""

from dataclasses import dataclass
from datetime import datetime

import numpy as np

from cases.streams import Asked, instant, read_rows_of_accounts
from funds.book import AT, GAP, LEDGER
from funds.ledgers import load_ledgers
from graph.contract import Ref
from graph.lake.tables import LakeTables
from graph.lake.watched import with_tables


@dataclass(frozen=True, slots=True)
class Missing:
    """Between the row at `since` and the next one at `until` (UTC) the balance jumps by `fen`."""

    account: Ref
    since: datetime
    until: datetime
    fen: int
    currency: str


def missing_rows(tables: LakeTables, asked: Asked) -> tuple[Missing, ...]:
    """Gaps in the balances of the shown accounts that have a sheet of their own, by time, then account.

    Only the movements of these accounts are read; their ledgers are whole, so the gaps are those of a trace.
    A gap before the first row is none: nothing is known there.
    """
    accounts = sorted({ref.key for ref in asked.refs if ref.type == "Account"})
    if not accounts:
        return ()
    books = load_ledgers(with_tables(tables, read_rows_of_accounts(tables, accounts)))
    wanted = books.followed & books.accounts.is_in(accounts).to_numpy().astype(np.bool_)
    entry = books.book.entry
    order = np.argsort(entry[:, LEDGER], kind="stable")
    rows = entry[order]
    same = np.r_[False, rows[1:, LEDGER] == rows[:-1, LEDGER]]
    found = [
        Missing(
            Ref("Account", str(books.accounts[int(rows[k, LEDGER])])),
            instant(int(rows[k - 1, AT])),
            instant(int(rows[k, AT])),
            int(rows[k, GAP]),
            str(books.currencies[int(rows[k, LEDGER])]),
        )
        for k in np.flatnonzero(same & (rows[:, GAP] != 0) & wanted[rows[:, LEDGER]]).tolist()
    ]
    return tuple(sorted(found, key=lambda gap: (gap.since, gap.until, gap.account, gap.currency)))
