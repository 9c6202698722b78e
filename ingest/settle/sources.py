"""Reads the rows that batches in force hold, each different row once."""

from collections.abc import Sequence

import polars as pl

from graph.lake.home import LakeHome
from ingest.batch import read_batches, scan_batches
from ingest.ledger import BatchRecord

_ALWAYS = ("row", "row_key", "flags")
# Of a bank sheet's fields those that settling looks at.
SHEET_FIELDS = (
    "own_card", "own_account", "own_name", "own_bank", "time", "amount", "balance", "direction",
    "peer_account", "is_cash", "peer_name", "peer_bank", "memo", "currency", "branch_name", "branch_code",
    "place", "success", "terminal", "ip", "mac", "peer_balance", "serial", "merchant_name",
    "merchant_no", "remark", "kind", "reversal_mark", "region",
)  # fmt: skip

COLUMNS_OF_SHEETS = (*_ALWAYS, *SHEET_FIELDS)


class Sources:
    """Rows by template, read when asked for."""

    def __init__(self, home: LakeHome, records: Sequence[BatchRecord]) -> None:
        self._home, self._records = home, records

    def rows(self, name: str, wanted: Sequence[str] | None = None) -> pl.DataFrame:
        """The different rows of a template (identical rows are one event), in no particular order.

        wanted: the fields to read, all by default. Columns as of `rows.batch_columns`, then `source`; of
        identical rows the first by (source, row) stays.
        """
        columns = [*_ALWAYS, *wanted] if wanted is not None else None
        # One piece: picking rows by index out of many costs five times as much.
        return one_a_key(read_batches(self._home, self._records, name, columns)).rechunk()

    def stored(self, name: str) -> pl.LazyFrame:
        """All rows of a template, identical ones included: columns as of `rows`, each read when collected."""
        return scan_batches(self._home, self._records, name)

    def read_rows(self, name: str) -> int:
        """Rows that the batches of a template hold, repeated ones included."""
        return sum(record.rows for record in self._records if record.template == name)


def one_a_key(rows: pl.DataFrame) -> pl.DataFrame:
    """Each different row once: of identical rows the first by (source, row) stays."""
    repeated = rows["row_key"].is_duplicated()
    if not repeated.any():
        return rows
    some = rows.filter(repeated).sort("row_key", "source", "row")
    one = some.unique("row_key", keep="first", maintain_order=True)
    return pl.concat([rows.filter(~repeated), one])


def flagged(code: str, field: str) -> pl.Expr:
    """Whether a row carries a flag on a field."""
    return pl.col("flags").str.contains(f"{code}@{field}", literal=True).fill_null(False)
