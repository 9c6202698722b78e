"""What the accounts a trace reached say about its sureness: gaps, missing balances, unseen sheets."""

import numpy as np
import polars as pl

from funds.book import AMOUNT, BALANCE, CROSSED, EVENT, GAP, LEDGER
from funds.ledgers import Ledgers
from funds.notices import Notice
from graph.contract import Ints


def reached_notices(ledgers: Ledgers, places: Ints, left: pl.DataFrame) -> list[Notice]:
    """Notices of the ledgers `places`; left: moves (place, fen) of victims' money that left the data."""
    book, found = ledgers.book, []
    on_way = np.zeros(len(ledgers.followed), dtype=np.bool_)
    on_way[places] = True
    on_way &= ledgers.followed
    entry = book.entry[on_way[book.entry[:, LEDGER]]]
    if left.height:
        found.append(Notice("LEFT_DATA", count=left["place"].n_unique(), fen=int(left["fen"].sum())))
    gaps = entry[entry[:, GAP] != 0, GAP]
    if len(gaps):
        found.append(Notice("GAPS", count=len(gaps), fen=int(np.abs(gaps).sum())))
    before = entry[:, BALANCE]
    negative = np.unique(entry[(before < 0) | (before + entry[:, AMOUNT] < 0), LEDGER])
    crossed = np.unique(entry[book.end[entry[:, EVENT], CROSSED] != 0, EVENT])
    for code, count in (
        ("UNDONE", int(ledgers.undone[on_way].sum())),
        ("NO_BALANCES", int((ledgers.blind & on_way).sum())),
        ("NEGATIVE_BALANCE", len(negative)),
        ("CROSSED", len(crossed)),
    ):
        if count:
            found.append(Notice(code, count=count))
    return found
