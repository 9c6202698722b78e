"""One examination of all that is in force: grades, gaps, repeats, overlaps, times, shared values."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from graph.lake.home import LakeHome
from ingest.batch import read_batches
from ingest.doctor.overlaps import overlaps
from ingest.doctor.sharing import widely_shared
from ingest.doctor.times import impossible_times
from ingest.ledger import BatchRecord, FileRecord, Ledger
from ingest.settle.cards import card_book
from ingest.settle.grades import file_grades, links_by_file
from ingest.settle.ledgers import Ledgers, order_ledgers
from ingest.settle.outcome import REPORT
from ingest.settle.sources import SHEET_FIELDS, Sources


@dataclass(frozen=True, slots=True)
class Examination:
    """What was found.

    report: counts of the last settling (mirror rows, reversals, failed rows). grades: ledger, grade, links,
    broken. gaps: ledger, from_at, to_at, missing_fen. file_grades, overlaps, times, shared: as of the SCHEMA
    of their modules (grades in settle). untold: repeated rows of one file with nothing to tell them apart.
    """

    files: list[FileRecord]
    rejects: dict[str, dict[str, int]]
    report: dict[str, Any]
    file_grades: pl.DataFrame
    grades: pl.DataFrame
    gaps: pl.DataFrame
    overlaps: pl.DataFrame
    times: pl.DataFrame
    shared: pl.DataFrame
    untold: int

    @property
    def healthy(self) -> bool:
        """Whether nothing needs a look: no refused file or row, no gap, no impossible time, no doubt."""
        refused = any(record.rejected or record.code for record in self.files)
        return not refused and self.gaps.is_empty() and self.times.is_empty() and not self.untold


def examine(home: LakeHome) -> Examination:
    """Check everything in force; an empty lake is healthy. Nothing is changed."""
    ledger = Ledger(home)
    try:
        records, files = ledger.batches(), ledger.files()
        sources = Sources(home, records)
        sheets, registers = sources.rows("bank_sheet", SHEET_FIELDS), sources.rows("account_register")
        checked: Ledgers = order_ledgers(sheets, card_book(registers, sheets))
        return Examination(
            files,
            ledger.rejects(),
            ledger.report(REPORT),
            file_grades(files, links_by_file(checked)),
            checked.grades,
            checked.gaps,
            overlaps(home, records),
            impossible_times(sources, checked, registers, ledger.loaded_at()),
            widely_shared(sources),
            _repeats_nothing_tells_apart(home, records),
        )
    finally:
        ledger.close()


def _repeats_nothing_tells_apart(home: LakeHome, records: Sequence[BatchRecord]) -> int:
    """Rows equal to another of the same file, with neither serial nor balance: one event or two."""
    rows = read_batches(home, records, "bank_sheet", ["row_key", "serial", "balance"])
    bare = rows.filter(pl.col("serial").is_null() & pl.col("balance").is_null()).select("source", "row_key")
    return bare.height - bare.unique().height
