"""Settles bank sheets: ledgers, reversals, transfers and cash, what they say of accounts; and counts it."""

from dataclasses import asdict, dataclass
from typing import Any

import polars as pl

from ingest.settle.accounts import add_ledgers
from ingest.settle.cards import CardBook
from ingest.settle.collect import Collector
from ingest.settle.grades import by_file, links_by_file
from ingest.settle.ledgers import Ledgers, order_ledgers
from ingest.settle.money import add_money
from ingest.settle.reversals import set_reversals_apart
from ingest.settle.sheets import Sheets


@dataclass(frozen=True, slots=True)
class Bank:
    """Rows in ledger order, and the part of the report that they account for."""

    ledgers: Ledgers
    report: dict[str, Any]

    @property
    def rows_by_file(self) -> dict[str, int]:
        """sha256 -> rows that stand in ledgers."""
        return dict(by_file(self.ledgers).agg(pl.len()).sort("source").iter_rows())


def settle_bank(
    sheets: pl.DataFrame | Sheets,
    registers: pl.DataFrame,
    book: CardBook,
    found: Collector,
    others: pl.DataFrame | None = None,
) -> Bank:
    """Add what `bank_sheet` rows tell.

    sheets: all rows of some accounts (of all, as a rule). registers: the `account_register` rows of these
    accounts at least. others: as of `add_money`, the other halves of transfers with accounts that are not
    settled here. Counts of a report add up over parts that share no account and no transfer.
    """
    ledgers = order_ledgers(sheets, book)
    clean = set_reversals_apart(ledgers.rows)
    money = add_money(clean.rows, found, others, ledgers.carried)
    add_ledgers(ledgers, registers, book, found)
    report = {
        "money": asdict(money),
        "reversals": {"pairs": clean.pairs, "unpaired": clean.unpaired},
        "failed_rows": ledgers.failed,
        "direction_unclear": ledgers.unclear,
        "card_conflicts": book.conflicts,
        "grades": dict(sorted(ledgers.grades["grade"].value_counts().iter_rows())),
        "gaps": ledgers.gaps.height,
        "links": links_by_file(ledgers),
    }
    return Bank(ledgers, report)
