"""The data doctor: how far what is loaded can be trusted, file by file and account by account."""

from dataclasses import dataclass
from typing import Any

import polars as pl

from graph.lake.home import LakeHome
from ingest.ledger import FileRecord, Ledger
from ingest.settle.cards import card_book
from ingest.settle.ledgers import Ledgers, order_ledgers
from ingest.settle.run import REPORT, SHEET_FIELDS
from ingest.settle.sources import Sources

_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Examination:
    """What was found.

    report: counts of the last settling. grades, gaps: as of `ledgers.Ledgers`. untold: repeated rows that
    nothing tells apart. shared: kind, value, accounts.
    """

    files: list[FileRecord]
    rejects: dict[str, dict[str, int]]
    report: dict[str, Any]
    grades: pl.DataFrame
    gaps: pl.DataFrame
    untold: int
    shared: pl.DataFrame

    @property
    def healthy(self) -> bool:
        """Whether nothing needs a look: no refused file or row, no gap, no open question."""
        refused = any(record.rejected or record.code for record in self.files)
        return not refused and self.gaps.is_empty() and not self.untold


def examine(home: LakeHome) -> Examination:
    """Check everything in force; an empty lake is healthy. Nothing is changed."""
    ledger = Ledger(home)
    try:
        records = ledger.batches()
        sources = Sources(home, records)
        sheets = sources.rows("bank_sheet", SHEET_FIELDS)
        checked: Ledgers = order_ledgers(sheets, card_book(sources.rows("account_register"), sheets))
        return Examination(
            ledger.files(),
            ledger.rejects(),
            ledger.report(REPORT),
            checked.grades,
            checked.gaps,
            _repeats_nothing_tells_apart(home, ledger),
            _widely_shared(sources),
        )
    finally:
        ledger.close()


def _repeats_nothing_tells_apart(home: LakeHome, ledger: Ledger) -> int:
    """Rows equal to another of the same file, with neither serial nor balance: one event or two."""
    total = 0
    for record in ledger.batches():
        if record.template == "bank_sheet":
            rows = pl.read_parquet(home.batches / record.path, columns=["row_key", "serial", "balance"])
            bare = rows.filter(pl.col("serial").is_null() & pl.col("balance").is_null())
            total += bare.height - bare["row_key"].n_unique()
    return total


def _widely_shared(sources: Sources) -> pl.DataFrame:
    """Devices and addresses used by the most accounts, most first."""
    log = sources.rows("login_log")
    parts = [
        log.filter(pl.col(column).is_not_null())
        .group_by(value=pl.col(column))
        .agg(accounts=pl.col("account").n_unique().cast(pl.Int64))
        .select(kind=pl.lit(kind), value="value", accounts="accounts")
        for kind, column in (("device", "device"), ("ip", "ip"), ("mac", "mac"))
    ]
    both = pl.concat(parts).filter(pl.col("accounts") > 1)
    return both.sort("accounts", "kind", "value", descending=[True, False, False]).head(_SHOWN)
